// SPDX-License-Identifier: GPL-2.0-only
/*
 * How z/Architecture code reads. The value is in r2. The tracer's site is a
 * branch whose mask or target is changed. Return thunks (expolines) may have
 * been replaced by "br %r14".
 * Encodings: z/Architecture Principles of Operation, appendix B.
 */
#include "../stub.h"

enum operand {
	NONE,
	IMM16,
	OFFS16,
	OFFS32,
};

/* The first halfword tells. */
static const struct ksc_pattern patterns[] __initconst = {
	{ 0x0000, 0xff00, KSC_NO_CODE },	/* 0x0002 is a kprobe's */
	{ 0x07fe, 0xffff, KSC_RETURN },		/* br %r14 */
	{ 0x0700, 0xfff0, KSC_NOP },		/* bcr 0,x */
	{ 0x4700, 0xfff0, KSC_NOP },		/* bc 0,x */
	{ 0xa704, 0xffff, KSC_NOP },		/* brc 0,x */
	{ 0xc004, 0xffff, KSC_NOP },		/* brcl 0,x: idle tracer site */
	{ 0xa7f4, 0xffff, KSC_JUMP, OFFS16 },	/* j */
	{ 0xc0f4, 0xffff, KSC_JUMP, OFFS32 },	/* jg */
	{ 0xa729, 0xffff, KSC_NOP, IMM16 },	/* lghi %r2,imm */
};

struct ksc_insn __init ksc_arch_decode(const struct ksc_text *t, size_t at,
				       struct ksc_frame *frame)
{
	/* By the first two bits of an instruction. */
	static const u8 lengths[] __initconst = { 2, 4, 4, 6 };
	struct ksc_insn insn = { .kind = KSC_NO_CODE };
	const struct ksc_pattern *p;
	u32 code, rest = 0;

	if (!ksc_load(t, at, 2, true, &code))
		return insn;
	insn.len = lengths[code >> 14];
	if (insn.len > 2 && !ksc_load(t, at + 2, insn.len - 2, true, &rest))
		return insn;

	p = ksc_match(patterns, ARRAY_SIZE(patterns), code);
	insn.kind = p->kind;
	switch (p->operand) {
	case IMM16:
		insn.sets = true;
		insn.value = (s16)rest;
		break;
	case OFFS16:
		insn.target = t->addr + at + (s64)(s16)rest * 2;
		break;
	case OFFS32:
		insn.target = t->addr + at + (s64)(s32)rest * 2;
		break;
	}
	return insn;
}

/*
 * Where the tracer is out of reach of the site, the site jumps to a trampoline:
 * brasl %r1 and, eight bytes after its start, the address behind the site.
 */
static bool __init is_trampoline(const struct ksc_reader *r, unsigned long addr,
				 unsigned long back)
{
	struct ksc_text t = { .r = r, .addr = addr, .len = 16 };
	u32 op, high, low;

	return !r->read(addr, t.code, t.len) && ksc_load(&t, 0, 2, true, &op) && op == 0xc015 &&
	       ksc_load(&t, 8, 4, true, &high) && ksc_load(&t, 12, 4, true, &low) &&
	       ((u64)high << 32 | low) == back;
}

size_t __init ksc_arch_entry(const struct ksc_text *t)
{
	u32 op, offset;

	if (!t->r->ftrace || !ksc_load(t, 0, 2, true, &op) || !ksc_load(t, 2, 4, true, &offset))
		return 0;
	/* brasl %r0: only the tracer is called like that. */
	if (op == 0xc005)
		return 6;
	if (op == 0xc0f4 && is_trampoline(t->r, t->addr + (s64)(s32)offset * 2, t->addr + 6))
		return 6;
	return 0;
}

/* "br %r14" by way of an expoline, of which there are two flavours. */
const struct ksc_named ksc_arch_targets[] __initconst = {
	{ "__s390_indirect_jump_r14", KSC_TARGET_RETURN },
	{ "__s390_indirect_jump_r14use_r1", KSC_TARGET_RETURN },
};

const size_t ksc_arch_nr_targets __initconst = ARRAY_SIZE(ksc_arch_targets);
