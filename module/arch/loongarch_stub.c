// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recognises LoongArch code whose whole effect is to return -ENOSYS.
 *
 * It follows the code in a straight line and knows just the instructions that
 * compilers put into such a function; at the return, the value in a0 decides.
 * Encodings: LoongArch reference manual, volume 1. What the kernel patches in
 * at run time: the tracer's site, two nops that become "move t0,ra; bl".
 */
#include "../stub.h"

enum insn_kind {
	INSN_OTHER,	/* anything else: the function does something */
	INSN_NOP,	/* no effect that outlives the function */
	INSN_SAVE_RA,	/* ra to t0: the tracer's call follows, if it is on */
	INSN_SET_A0,	/* a0 becomes a constant */
	INSN_CALL,
	INSN_JMP,
	INSN_RET,
	INSN_BAD,	/* no code at all: a trap, never written */
};

static const struct pattern {
	u32 value;
	u32 mask;
	enum insn_kind kind;
} patterns[] = {
	{ 0x03400000, 0xffffffff, INSN_NOP },		/* nop */
	{ 0x0015002c, 0xffffffff, INSN_SAVE_RA },	/* move t0,ra */
	{ 0x02c00063, 0xffc003ff, INSN_NOP },		/* addi.d sp,sp,imm */
	{ 0x02c00076, 0xffc003ff, INSN_NOP },		/* addi.d fp,sp,imm */
	{ 0x29c00061, 0xffc003ff, INSN_NOP },		/* st.d ra,sp,imm */
	{ 0x29c00076, 0xffc003ff, INSN_NOP },		/* st.d fp,sp,imm */
	{ 0x28c00061, 0xffc003ff, INSN_NOP },		/* ld.d ra,sp,imm */
	{ 0x28c00076, 0xffc003ff, INSN_NOP },		/* ld.d fp,sp,imm */
	{ 0x02800004, 0xffc003ff, INSN_SET_A0 },	/* li.w a0,imm */
	{ 0x02c00004, 0xffc003ff, INSN_SET_A0 },	/* li.d a0,imm */
	{ 0x54000000, 0xfc000000, INSN_CALL },		/* bl */
	{ 0x50000000, 0xfc000000, INSN_JMP },		/* b */
	{ 0x4c000020, 0xffffffff, INSN_RET },		/* ret */
	{ 0x002a0000, 0xffff8000, INSN_BAD },		/* break */
	{ 0x00000000, 0xffffffff, INSN_BAD },		/* never written */
};

static enum insn_kind decode(u32 insn)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(patterns); i++)
		if ((insn & patterns[i].mask) == patterns[i].value)
			return patterns[i].kind;
	return INSN_OTHER;
}

static int fetch(const struct ksc_reader *r, unsigned long addr, u32 *insn)
{
	u8 b[4];

	if (r->read(addr, b, sizeof(b)))
		return -EFAULT;
	*insn = b[0] | b[1] << 8 | b[2] << 16 | (u32)b[3] << 24;
	return 0;
}

/* The upper ten bits of a branch's 26 stand below the lower sixteen. */
static s64 branch_offset(u32 insn)
{
	u32 words = (insn & 0x3ff) << 16 | (insn >> 10 & 0xffff);

	return (s64)((s32)(words << 6) >> 6) * 4;
}

static s64 immediate(u32 insn)
{
	return (s32)(insn << 10) >> 20;
}

static enum ksc_code walk(const struct ksc_reader *r, unsigned long addr, unsigned int depth)
{
	bool saved_ra = false;
	s64 a0 = 0;	/* or whatever else, if it is not known */
	int i;

	for (i = 0; i < KSC_MAX_INSNS; i++, addr += 4) {
		bool traced = saved_ra;
		enum insn_kind kind;
		u32 insn;

		if (fetch(r, addr, &insn))
			return KSC_CODE_UNKNOWN;

		kind = decode(insn);
		saved_ra = !i && kind == INSN_SAVE_RA;
		switch (kind) {
		case INSN_NOP:
		case INSN_SAVE_RA:
			break;
		case INSN_SET_A0:
			a0 = immediate(insn);
			break;
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
				a0 = -ENOSYS;
				if (kind == INSN_JMP)
					goto returned;
				break;
			case KSC_BRANCH_BODY:
				return KSC_CODE_BODY;
			case KSC_BRANCH_UNKNOWN:
				return KSC_CODE_UNKNOWN;
			}
			break;
		case INSN_BAD:
			return KSC_CODE_UNKNOWN;
		case INSN_OTHER:
			return KSC_CODE_BODY;
		}
	}
	return KSC_CODE_UNKNOWN;

returned:
	return a0 == -ENOSYS ? KSC_CODE_STUB : KSC_CODE_BODY;
}

enum ksc_code ksc_classify(const struct ksc_reader *r, unsigned long addr)
{
	return walk(r, addr, 0);
}

enum ksc_target ksc_arch_target(const char *name)
{
	/* They keep the registers that hold arguments and results. */
	if (!strcmp(name, "ftrace_caller") || !strcmp(name, "ftrace_regs_caller"))
		return KSC_TARGET_NOP;
	return KSC_TARGET_OTHER;
}
