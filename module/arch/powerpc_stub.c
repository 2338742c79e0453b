// SPDX-License-Identifier: GPL-2.0-only
/*
 * How Power ISA code reads. The value is in r3. There are two kinds of tracer's
 * sites. One of two instructions is "mflr r0; bl", either of them possibly a
 * nop. One of a single instruction is a branch to a stub elsewhere that looks
 * like the other kind and branches back, so that it needs nothing of its own.
 * Encodings: Power ISA, book I.
 */
#include "../stub.h"

enum operand {
	NONE,
	IMM16,
	TOC,		/* r2 at the global entry point, before the tracer's site */
	SAVE_LR,	/* lr to r0: the tracer's call follows, if it is on */
	STORE_LR,	/* between the two, by some compilers */
	CALL,
};

static const struct ksc_pattern patterns[] __initconst = {
	{ 0x60000000, 0xffffffff, KSC_NOP },		/* nop */
	{ 0x3c4c0000, 0xffff0000, KSC_OTHER, TOC },	/* addis r2,r12,imm */
	{ 0x3c400000, 0xffff0000, KSC_OTHER, TOC },	/* lis r2,imm */
	{ 0x38420000, 0xffff0000, KSC_OTHER, TOC },	/* addi r2,r2,imm */
	{ 0x7c0802a6, 0xffffffff, KSC_NOP, SAVE_LR },	/* mflr r0 */
	{ 0x7c0803a6, 0xffffffff, KSC_NOP },		/* mtlr r0 */
	{ 0xf8010010, 0xffffffff, KSC_NOP, STORE_LR },	/* std r0,16(r1) */
	{ 0x90010004, 0xffffffff, KSC_NOP, STORE_LR },	/* stw r0,4(r1) */
	{ 0x38600000, 0xffff0000, KSC_NOP, IMM16 },	/* li r3,imm */
	/* A function that calls has a frame, which no stub has. */
	{ 0x48000001, 0xfc000003, KSC_OTHER, CALL },	/* bl */
	{ 0x48000000, 0xfc000003, KSC_JUMP },	/* b */
	{ 0x4e800020, 0xffffffff, KSC_RETURN },		/* blr */
	{ 0x7fe00008, 0xffffffff, KSC_NO_CODE },	/* trap */
	{ 0x00000000, 0xffffffff, KSC_NO_CODE },	/* never written */
};

struct ksc_insn __init ksc_arch_decode(const struct ksc_text *t, size_t at,
				       struct ksc_frame *frame)
{
	struct ksc_insn insn = { .kind = KSC_NO_CODE, .len = 4 };
	const struct ksc_pattern *p;
	u32 code;

	if (!ksc_load(t, at, 4, KSC_BIG_ENDIAN, &code))
		return insn;

	p = ksc_match(patterns, ARRAY_SIZE(patterns), code);
	insn.kind = p->kind;
	insn.sets = p->operand == IMM16;
	insn.value = (s16)code;
	insn.target = t->addr + at + ksc_sign_extend(code & 0x03fffffc, 26);
	return insn;
}

static enum operand __init operand_at(const struct ksc_text *t, size_t at)
{
	u32 code;

	if (!ksc_load(t, at, 4, KSC_BIG_ENDIAN, &code))
		return NONE;
	return ksc_match(patterns, ARRAY_SIZE(patterns), code)->operand;
}

size_t __init ksc_arch_entry(const struct ksc_text *t)
{
	size_t site = 0, at;

	while (operand_at(t, site) == TOC)
		site += 4;
	if (!t->r->ftrace || operand_at(t, site) != SAVE_LR)
		return site;

	at = site + 4;
	if (operand_at(t, at) == STORE_LR)
		at += 4;
	return operand_at(t, at) == CALL ? at + 4 : site;
}

const struct ksc_named ksc_arch_targets[] __initconst = {
	/* Where optimised kprobes have their code: no kernel function either. */
	{ "optinsn_slot", KSC_TARGET_PATCH },
};

const size_t ksc_arch_nr_targets __initconst = ARRAY_SIZE(ksc_arch_targets);
