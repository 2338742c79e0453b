// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recognises Power ISA code whose whole effect is to return -ENOSYS.
 *
 * It follows the code in a straight line and knows just the instructions that
 * compilers put into such a function; at the return, the value in r3 decides.
 * Encodings: Power ISA, book I. What the kernel patches in at run time: the
 * tracer's call site, of which there are two kinds. Where the site holds two
 * instructions it is "mflr r0; bl", either of them possibly a nop. Where it
 * holds one it is a branch to a stub elsewhere that looks like the other kind
 * and branches back, so that it needs nothing of its own here.
 */
#include "../stub.h"

enum insn_kind {
	INSN_OTHER,	/* anything else: the function does something */
	INSN_NOP,	/* no effect that outlives the function */
	INSN_TOC,	/* r2 at the global entry point, before the tracer's site */
	INSN_SAVE_LR,	/* lr to r0: the tracer's call follows, if it is on */
	INSN_STORE_LR,	/* between the two, by some compilers */
	INSN_SET_R3,	/* r3 becomes a constant */
	INSN_CALL,
	INSN_JMP,
	INSN_RET,
	INSN_BAD,	/* no code at all: padding, a trap */
};

static const struct pattern {
	u32 value;
	u32 mask;
	enum insn_kind kind;
} patterns[] = {
	{ 0x60000000, 0xffffffff, INSN_NOP },		/* nop */
	{ 0x3c4c0000, 0xffff0000, INSN_TOC },		/* addis r2,r12,imm */
	{ 0x3c400000, 0xffff0000, INSN_TOC },		/* lis r2,imm */
	{ 0x38420000, 0xffff0000, INSN_TOC },		/* addi r2,r2,imm */
	{ 0x7c0802a6, 0xffffffff, INSN_SAVE_LR },	/* mflr r0 */
	{ 0x7c0803a6, 0xffffffff, INSN_NOP },		/* mtlr r0 */
	{ 0xf8010010, 0xffffffff, INSN_STORE_LR },	/* std r0,16(r1) */
	{ 0x90010004, 0xffffffff, INSN_STORE_LR },	/* stw r0,4(r1) */
	{ 0x38600000, 0xffff0000, INSN_SET_R3 },	/* li r3,imm */
	{ 0x48000001, 0xfc000003, INSN_CALL },		/* bl */
	{ 0x48000000, 0xfc000003, INSN_JMP },		/* b */
	{ 0x4e800020, 0xffffffff, INSN_RET },		/* blr */
	{ 0x7fe00008, 0xffffffff, INSN_BAD },		/* trap */
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

static s64 branch_offset(u32 insn)
{
	return (s32)((insn & 0x03fffffc) << 6) >> 6;
}

/* Code has the byte order of the kernel. Recorded code is little-endian. */
static int fetch(const struct ksc_reader *r, unsigned long addr, u32 *insn)
{
	u8 b[4];

	if (r->read(addr, b, sizeof(b)))
		return -EFAULT;
#if defined(__KERNEL__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	*insn = (u32)b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3];
#else
	*insn = b[0] | b[1] << 8 | b[2] << 16 | (u32)b[3] << 24;
#endif
	return 0;
}

static enum ksc_code walk(const struct ksc_reader *r, unsigned long addr, unsigned int depth)
{
	bool first = true, saved_lr = false;
	s64 r3 = 0;	/* or whatever else, if it is not known */
	int i;

	for (i = 0; i < KSC_MAX_INSNS; i++, addr += 4) {
		bool at_site = first, traced = saved_lr;
		enum insn_kind kind;
		u32 insn;

		if (fetch(r, addr, &insn))
			return KSC_CODE_UNKNOWN;

		kind = decode(insn);
		saved_lr = at_site ? kind == INSN_SAVE_LR : traced && kind == INSN_STORE_LR;
		if (kind != INSN_TOC)
			first = false;

		switch (kind) {
		case INSN_TOC:
			if (at_site)
				break;
			return KSC_CODE_BODY;
		case INSN_NOP:
		case INSN_SAVE_LR:
		case INSN_STORE_LR:
			break;
		case INSN_SET_R3:
			r3 = (s16)insn;
			break;
		case INSN_RET:
			return r3 == -ENOSYS ? KSC_CODE_STUB : KSC_CODE_BODY;
		case INSN_CALL:
			/* The tracer's call, which may go anywhere; others need a frame. */
			if (!traced || !r->ftrace)
				return KSC_CODE_BODY;
			break;
		case INSN_JMP:
			switch (ksc_follow(r, addr + branch_offset(insn), false, depth, walk)) {
			case KSC_BRANCH_ENOSYS:
				return KSC_CODE_STUB;
			case KSC_BRANCH_UNKNOWN:
				return KSC_CODE_UNKNOWN;
			default:
				return KSC_CODE_BODY;
			}
		case INSN_BAD:
			return KSC_CODE_UNKNOWN;
		case INSN_OTHER:
			return KSC_CODE_BODY;
		}
	}
	return KSC_CODE_UNKNOWN;
}

enum ksc_code ksc_classify(const struct ksc_reader *r, unsigned long addr)
{
	return walk(r, addr, 0);
}

enum ksc_target ksc_arch_target(const char *name)
{
	/* Where optimised kprobes have their code: no kernel function either. */
	if (!strcmp(name, "optinsn_slot"))
		return KSC_TARGET_PATCH;
	return KSC_TARGET_OTHER;
}
