// SPDX-License-Identifier: GPL-2.0-only
/*
 * How A64 code reads. The value is in x0. The tracer's site is two nops, which
 * become "mov x9, x30; bl"; pointer authentication may have been
 * replaced by a shadow call stack.
 * Encodings: Arm ARM (DDI 0487), section C4.1.
 */
#include "../stub.h"

enum operand {
	NONE,
	BTI,
	PUSH,		/* lr is saved or signed, */
	PULL,		/* and that undone */
	SAVE_LR,	/* lr to x9: the tracer's call follows, if it is on */
	CALL,
	MOVN,		/* x0 becomes a constant */
	MOVZ,
	LOSE_X0,	/* x0 becomes something that is not a constant */
	PROBE,		/* a kprobe's breakpoint hides the instruction */
};

static const struct ksc_pattern patterns[] __initconst = {
	{ 0xd503233f, 0xffffffbf, KSC_NOP, PUSH },	/* paciasp, pacibsp */
	{ 0xd50323bf, 0xffffffbf, KSC_NOP, PULL },	/* autiasp, autibsp */
	{ 0xd503241f, 0xffffff3f, KSC_NOP, BTI },
	{ 0xd503201f, 0xfffff01f, KSC_NOP },		/* the other hints: nop */
	{ 0xaa1e03e9, 0xffffffff, KSC_NOP, SAVE_LR },	/* mov x9, x30 */
	{ 0xaa1e03e0, 0xffffffff, KSC_NOP, LOSE_X0 },	/* mov x0, x30: argument of _mcount */
	{ 0xa9807bfd, 0xffc07fff, KSC_NOP, PUSH },	/* stp x29, x30, [sp, #imm]! */
	{ 0xa8c07bfd, 0xffc07fff, KSC_NOP, PULL },	/* ldp x29, x30, [sp], #imm */
	{ 0x910003fd, 0xffffffff, KSC_NOP },		/* mov x29, sp */
	{ 0xf800865e, 0xffffffff, KSC_NOP, PUSH },	/* str x30, [x18], #8 */
	{ 0xf85f8e5e, 0xffffffff, KSC_NOP, PULL },	/* ldr x30, [x18, #-8]! */
	{ 0x92800000, 0xff80001f, KSC_NOP, MOVN },	/* movn x0, #imm, lsl #n */
	{ 0xd2800000, 0xff80001f, KSC_NOP, MOVZ },	/* movz x0, #imm, lsl #n */
	{ 0x94000000, 0xfc000000, KSC_CALL, CALL },	/* bl */
	{ 0x14000000, 0xfc000000, KSC_JUMP },		/* b */
	{ 0xd65f03c0, 0xffffffff, KSC_RETURN },		/* ret */
	{ 0xd65f0bff, 0xfffffbff, KSC_RETURN, PULL },	/* retaa, retab */
	{ 0xd4200080, 0xffffffff, KSC_NO_CODE, PROBE },	/* brk #4 */
	{ 0xd4200000, 0xffe0001f, KSC_NO_CODE },	/* brk */
	{ 0x00000000, 0xffff0000, KSC_NO_CODE },	/* udf: never written */
};

/* Code is little-endian whatever the data are. */
static const struct ksc_pattern * __init pattern_at(const struct ksc_text *t, size_t at, u32 *code)
{
	if (!ksc_load(t, at, 4, false, code))
		*code = 0;
	return ksc_match(patterns, ARRAY_SIZE(patterns), *code);
}

struct ksc_insn __init ksc_arch_decode(const struct ksc_text *t, size_t at,
				       struct ksc_frame *frame)
{
	struct ksc_insn insn = { .len = 4 };
	const struct ksc_pattern *p;
	u64 immediate;
	u32 code;

	p = pattern_at(t, at, &code);
	immediate = (u64)(code >> 5 & 0xffff) << (code >> 21 & 3) * 16;
	insn.kind = p->kind;
	insn.target = t->addr + at + ksc_sign_extend(code, 26) * 4;
	switch (p->operand) {
	case PUSH:
		frame->pending++;
		break;
	case PULL:
		frame->pending--;
		break;
	case MOVN:
		insn.sets = true;
		insn.value = ~immediate;
		break;
	case MOVZ:
		insn.sets = true;
		insn.value = immediate;
		break;
	case LOSE_X0:
		insn.sets = true;
		break;
	}
	return insn;
}

/* A kprobe may be on the first half of the site. */
size_t __init ksc_arch_entry(const struct ksc_text *t)
{
	const struct ksc_pattern *p;
	bool probed;
	size_t at = 0;
	u32 code;

	if (!t->r->ftrace)
		return 0;
	if (pattern_at(t, at, &code)->operand == BTI)
		at += 4;
	p = pattern_at(t, at, &code);
	probed = p->operand == PROBE;
	if (!probed && p->operand != SAVE_LR)
		return 0;
	p = pattern_at(t, at + 4, &code);
	if (p->operand == CALL || (probed && p->kind == KSC_NOP && p->operand == NONE))
		return at + 8;
	return 0;
}

/* Called like any function where the compiler cannot leave room for it. */
const struct ksc_named ksc_arch_targets[] __initconst = {
	{ "_mcount", KSC_TARGET_TRACER },
	{ "ftrace_caller", KSC_TARGET_TRACER },
};

const size_t ksc_arch_nr_targets __initconst = ARRAY_SIZE(ksc_arch_targets);
