// SPDX-License-Identifier: GPL-2.0-only
/*
 * How MIPS code reads. The value is in v0. The instruction after a branch, in
 * its delay slot, takes effect before the branch does. The tracer's call is
 * "jal", a nop while nobody traces; its callees are known by name.
 * Encodings: MIPS64 volume II.
 */
#include "../stub.h"

enum operand {
	NONE,
	IMM16,
	REGION,		/* a jump stays within the 256 MiB of its delay slot */
	OFFS16,
};

static const struct ksc_pattern patterns[] __initconst = {
	{ 0x00000000, 0xffffffff, KSC_NOP },		/* nop */
	{ 0x03e00825, 0xffffffff, KSC_NOP },		/* move at,ra: for the tracer */
	{ 0x03e0082d, 0xffffffff, KSC_NOP },
	{ 0x00006025, 0xffffffff, KSC_NOP },		/* move t0,zero: likewise */
	{ 0x0000602d, 0xffffffff, KSC_NOP },
	{ 0x27bd0000, 0xffff0000, KSC_NOP },		/* addiu sp,sp,imm */
	{ 0x67bd0000, 0xffff0000, KSC_NOP },		/* daddiu sp,sp,imm */
	{ 0xafbf0000, 0xffff0000, KSC_NOP },		/* sw ra,imm(sp) */
	{ 0xffbf0000, 0xffff0000, KSC_NOP },		/* sd ra,imm(sp) */
	{ 0x8fbf0000, 0xffff0000, KSC_NOP },		/* lw ra,imm(sp) */
	{ 0xdfbf0000, 0xffff0000, KSC_NOP },		/* ld ra,imm(sp) */
	{ 0xafbe0000, 0xffff0000, KSC_NOP },		/* sw s8,imm(sp) */
	{ 0xffbe0000, 0xffff0000, KSC_NOP },		/* sd s8,imm(sp) */
	{ 0x8fbe0000, 0xffff0000, KSC_NOP },		/* lw s8,imm(sp) */
	{ 0xdfbe0000, 0xffff0000, KSC_NOP },		/* ld s8,imm(sp) */
	{ 0x03a0f025, 0xffffffff, KSC_NOP },		/* move s8,sp */
	{ 0x03a0f02d, 0xffffffff, KSC_NOP },
	{ 0x03c0e825, 0xffffffff, KSC_NOP },		/* move sp,s8 */
	{ 0x03c0e82d, 0xffffffff, KSC_NOP },
	{ 0x24020000, 0xffff0000, KSC_NOP, IMM16 },	/* li v0,imm */
	{ 0x64020000, 0xffff0000, KSC_NOP, IMM16 },	/* daddiu v0,zero,imm */
	{ 0x0c000000, 0xfc000000, KSC_CALL, REGION },	/* jal */
	{ 0x08000000, 0xfc000000, KSC_JUMP, REGION },	/* j */
	{ 0x10000000, 0xffff0000, KSC_JUMP, OFFS16 },	/* b */
	{ 0x03e00008, 0xffffffff, KSC_RETURN },	/* jr ra */
	{ 0x03e00009, 0xffffffff, KSC_RETURN },	/* jr ra, release 6 */
	{ 0x0000000d, 0xfc00003f, KSC_NO_CODE },	/* break */
	{ 0x00000034, 0xfc00003f, KSC_NO_CODE },	/* teq */
};

static struct ksc_insn __init decode(const struct ksc_text *t, size_t at)
{
	struct ksc_insn insn = { .kind = KSC_NO_CODE, .len = 4 };
	unsigned long slot = t->addr + at + 4;
	const struct ksc_pattern *p;
	u32 code;

	if (!ksc_load(t, at, 4, KSC_BIG_ENDIAN, &code))
		return insn;

	p = ksc_match(patterns, ARRAY_SIZE(patterns), code);
	insn.kind = p->kind;
	switch (p->operand) {
	case IMM16:
		insn.sets = true;
		insn.value = (s16)code;
		break;
	case REGION:
		insn.target = (slot & ~0xffffffful) | (code & 0x03ffffff) << 2;
		break;
	case OFFS16:
		insn.target = slot + (s16)code * 4;
		break;
	}
	return insn;
}

struct ksc_insn __init ksc_arch_decode(const struct ksc_text *t, size_t at,
				       struct ksc_frame *frame)
{
	struct ksc_insn insn = decode(t, at), slot;

	if (insn.kind != KSC_CALL && insn.kind != KSC_JUMP && insn.kind != KSC_RETURN)
		return insn;

	slot = decode(t, at + insn.len);
	if (slot.kind == KSC_NO_CODE)
		return slot;
	if (slot.kind != KSC_NOP)
		insn.kind = KSC_OTHER;
	insn.len += slot.len;
	insn.sets = slot.sets;
	insn.value = slot.value;
	return insn;
}

size_t __init ksc_arch_entry(const struct ksc_text *t)
{
	return 0;
}

/* The tracer keeps the registers that hold arguments and results. */
const struct ksc_named ksc_arch_targets[] __initconst = {
	{ "_mcount", KSC_TARGET_TRACER },
	{ "ftrace_caller", KSC_TARGET_TRACER },
};

const size_t ksc_arch_nr_targets __initconst = ARRAY_SIZE(ksc_arch_targets);
