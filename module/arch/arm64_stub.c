// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recognises A64 code whose whole effect is to return -ENOSYS.
 *
 * It follows the code in a straight line and knows just the instructions that
 * compilers put into such a function; at the return, the value in x0 decides.
 * Encodings: Arm ARM (DDI 0487), section C4.1. What the kernel patches in at
 * run time: the tracer's call site, a shadow call stack in the place of
 * pointer authentication, the breakpoint of a kprobe.
 */
#include "../stub.h"

enum insn_kind {
	INSN_OTHER,	/* anything else: the function does something */
	INSN_NOP,	/* no effect that outlives the function */
	INSN_PUSH,	/* lr is saved or signed, */
	INSN_PULL,	/* and that undone */
	INSN_SAVE_LR,	/* lr to x9: the tracer's call follows, if it is on */
	INSN_MOVN,	/* x0 becomes a constant */
	INSN_MOVZ,
	INSN_LOSE_X0,	/* x0 becomes something that is not a constant */
	INSN_CALL,
	INSN_JMP,
	INSN_RET,
	INSN_PULL_RET,
	INSN_PROBE,	/* a kprobe's breakpoint hides the instruction */
	INSN_BAD,	/* no code at all: padding, a trap */
};

static const struct pattern {
	u32 value;
	u32 mask;
	enum insn_kind kind;
} patterns[] = {
	{ 0xd503233f, 0xffffffbf, INSN_PUSH },		/* paciasp, pacibsp */
	{ 0xd50323bf, 0xffffffbf, INSN_PULL },		/* autiasp, autibsp */
	{ 0xd503201f, 0xfffff01f, INSN_NOP },		/* the other hints: nop, bti */
	{ 0xaa1e03e9, 0xffffffff, INSN_SAVE_LR },	/* mov x9, x30 */
	{ 0xaa1e03e0, 0xffffffff, INSN_LOSE_X0 },	/* mov x0, x30: argument of _mcount */
	{ 0xa9807bfd, 0xffc07fff, INSN_PUSH },		/* stp x29, x30, [sp, #imm]! */
	{ 0xa8c07bfd, 0xffc07fff, INSN_PULL },		/* ldp x29, x30, [sp], #imm */
	{ 0x910003fd, 0xffffffff, INSN_NOP },		/* mov x29, sp */
	{ 0xf800865e, 0xffffffff, INSN_PUSH },		/* str x30, [x18], #8 */
	{ 0xf85f8e5e, 0xffffffff, INSN_PULL },		/* ldr x30, [x18, #-8]! */
	{ 0x92800000, 0xff80001f, INSN_MOVN },		/* movn x0, #imm, lsl #n */
	{ 0xd2800000, 0xff80001f, INSN_MOVZ },		/* movz x0, #imm, lsl #n */
	{ 0x94000000, 0xfc000000, INSN_CALL },		/* bl */
	{ 0x14000000, 0xfc000000, INSN_JMP },		/* b */
	{ 0xd65f03c0, 0xffffffff, INSN_RET },		/* ret */
	{ 0xd65f0bff, 0xfffffbff, INSN_PULL_RET },	/* retaa, retab */
	{ 0xd4200080, 0xffffffff, INSN_PROBE },		/* brk #4 */
	{ 0xd4200000, 0xffe0001f, INSN_BAD },		/* brk */
	{ 0x00000000, 0xffff0000, INSN_BAD },		/* udf: never written */
};

static enum insn_kind decode(u32 insn)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(patterns); i++)
		if ((insn & patterns[i].mask) == patterns[i].value)
			return patterns[i].kind;
	return INSN_OTHER;
}

static u64 wide_immediate(u32 insn)
{
	return (u64)(insn >> 5 & 0xffff) << (insn >> 21 & 3) * 16;
}

static s64 branch_offset(u32 insn)
{
	return (s64)((s32)(insn << 6) >> 6) * 4;
}

static bool is_bti(u32 insn)
{
	return (insn & 0xffffff3f) == 0xd503241f;
}

/* Code is little-endian whatever the data are. */
static int fetch(const struct ksc_reader *r, unsigned long addr, u32 *insn)
{
	u8 b[4];

	if (r->read(addr, b, sizeof(b)))
		return -EFAULT;
	*insn = b[0] | b[1] << 8 | b[2] << 16 | (u32)b[3] << 24;
	return 0;
}

/* A kprobe on the first half of the tracer's site, whose second half follows. */
static bool hides_site(const struct ksc_reader *r, unsigned long addr)
{
	enum insn_kind kind;
	u32 insn;

	if (!r->ftrace || fetch(r, addr + 4, &insn))
		return false;
	kind = decode(insn);
	return kind == INSN_NOP || kind == INSN_SAVE_LR || kind == INSN_CALL;
}

static enum ksc_code walk(const struct ksc_reader *r, unsigned long addr, unsigned int depth)
{
	bool first = true, saved_lr = false;
	int i, pushed = 0;
	u64 x0 = 0;	/* or whatever else, if it is not known */

	for (i = 0; i < KSC_MAX_INSNS; i++, addr += 4) {
		bool at_site = first, traced = saved_lr;
		enum insn_kind kind;
		u32 insn;

		if (fetch(r, addr, &insn))
			return KSC_CODE_UNKNOWN;

		kind = decode(insn);
		saved_lr = kind == INSN_SAVE_LR;
		if (!is_bti(insn))
			first = false;

		switch (kind) {
		case INSN_NOP:
		case INSN_SAVE_LR:
			break;
		case INSN_PUSH:
			pushed++;
			break;
		case INSN_PULL:
			pushed--;
			break;
		case INSN_MOVN:
			x0 = ~wide_immediate(insn);
			break;
		case INSN_MOVZ:
			x0 = wide_immediate(insn);
			break;
		case INSN_LOSE_X0:
			x0 = 0;
			break;
		case INSN_PULL_RET:
			pushed--;
			goto returned;
		case INSN_RET:
			goto returned;
		case INSN_CALL:
		case INSN_JMP:
			/* The tracer's call, which may go anywhere. */
			if (kind == INSN_CALL && traced && r->ftrace)
				break;
			switch (ksc_follow(r, addr + branch_offset(insn), kind == INSN_CALL, depth,
					   walk)) {
			case KSC_BRANCH_NOP:
				break;
			case KSC_BRANCH_RETURN:
				goto returned;
			case KSC_BRANCH_ENOSYS:
				x0 = -ENOSYS;
				if (kind == INSN_JMP)
					goto returned;
				break;
			case KSC_BRANCH_BODY:
				return KSC_CODE_BODY;
			case KSC_BRANCH_UNKNOWN:
				return KSC_CODE_UNKNOWN;
			}
			break;
		case INSN_PROBE:
			if (!at_site || !hides_site(r, addr))
				return KSC_CODE_UNKNOWN;
			saved_lr = true;
			break;
		case INSN_BAD:
			return KSC_CODE_UNKNOWN;
		case INSN_OTHER:
			return KSC_CODE_BODY;
		}
	}
	return KSC_CODE_UNKNOWN;

returned:
	/* Nobody returns with an lr that is still signed: this is no code. */
	if (pushed)
		return KSC_CODE_UNKNOWN;
	return x0 == (u64)-ENOSYS ? KSC_CODE_STUB : KSC_CODE_BODY;
}

enum ksc_code ksc_classify(const struct ksc_reader *r, unsigned long addr)
{
	return walk(r, addr, 0);
}

enum ksc_target ksc_arch_target(const char *name)
{
	/* Called like any function where the compiler cannot leave room for it. */
	if (!strcmp(name, "_mcount") || !strcmp(name, "ftrace_caller"))
		return KSC_TARGET_NOP;
	return KSC_TARGET_OTHER;
}
