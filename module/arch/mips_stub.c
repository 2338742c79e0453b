// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recognises MIPS code whose whole effect is to return -ENOSYS.
 *
 * It follows the code in a straight line and knows just the instructions that
 * compilers put into such a function; at the return, the value in v0 decides.
 * The instruction after a branch, in its delay slot, takes effect before the
 * branch does. Encodings: MIPS64 volume II. What the kernel patches in at run
 * time: the tracer's call, "jal", which is a nop while nobody traces.
 */
#include "../stub.h"

/* Not the ENOSYS of the machine on which a test may run this. */
#define MIPS_ENOSYS	89

enum insn_kind {
	INSN_OTHER,	/* anything else: the function does something */
	INSN_NOP,	/* no effect that outlives the function */
	INSN_SET_V0,	/* v0 becomes a constant */
	INSN_CALL,
	INSN_JMP,
	INSN_BRANCH,	/* like INSN_JMP, relative */
	INSN_RET,
	INSN_BAD,	/* no code at all: a trap */
};

static const struct pattern {
	u32 value;
	u32 mask;
	enum insn_kind kind;
} patterns[] = {
	{ 0x00000000, 0xffffffff, INSN_NOP },		/* nop */
	{ 0x03e00825, 0xffffffff, INSN_NOP },		/* move at,ra: for the tracer */
	{ 0x03e0082d, 0xffffffff, INSN_NOP },
	{ 0x00006025, 0xffffffff, INSN_NOP },		/* move t0,zero: likewise */
	{ 0x0000602d, 0xffffffff, INSN_NOP },
	{ 0x27bd0000, 0xffff0000, INSN_NOP },		/* addiu sp,sp,imm */
	{ 0x67bd0000, 0xffff0000, INSN_NOP },		/* daddiu sp,sp,imm */
	{ 0xafbf0000, 0xffff0000, INSN_NOP },		/* sw ra,imm(sp) */
	{ 0xffbf0000, 0xffff0000, INSN_NOP },		/* sd ra,imm(sp) */
	{ 0x8fbf0000, 0xffff0000, INSN_NOP },		/* lw ra,imm(sp) */
	{ 0xdfbf0000, 0xffff0000, INSN_NOP },		/* ld ra,imm(sp) */
	{ 0xafbe0000, 0xffff0000, INSN_NOP },		/* sw s8,imm(sp) */
	{ 0xffbe0000, 0xffff0000, INSN_NOP },		/* sd s8,imm(sp) */
	{ 0x8fbe0000, 0xffff0000, INSN_NOP },		/* lw s8,imm(sp) */
	{ 0xdfbe0000, 0xffff0000, INSN_NOP },		/* ld s8,imm(sp) */
	{ 0x03a0f025, 0xffffffff, INSN_NOP },		/* move s8,sp */
	{ 0x03a0f02d, 0xffffffff, INSN_NOP },
	{ 0x03c0e825, 0xffffffff, INSN_NOP },		/* move sp,s8 */
	{ 0x03c0e82d, 0xffffffff, INSN_NOP },
	{ 0x24020000, 0xffff0000, INSN_SET_V0 },	/* li v0,imm */
	{ 0x64020000, 0xffff0000, INSN_SET_V0 },	/* daddiu v0,zero,imm */
	{ 0x0c000000, 0xfc000000, INSN_CALL },		/* jal */
	{ 0x08000000, 0xfc000000, INSN_JMP },		/* j */
	{ 0x10000000, 0xffff0000, INSN_BRANCH },	/* b */
	{ 0x03e00008, 0xffffffff, INSN_RET },		/* jr ra */
	{ 0x03e00009, 0xffffffff, INSN_RET },		/* jr ra, release 6 */
	{ 0x0000000d, 0xfc00003f, INSN_BAD },		/* break */
	{ 0x00000034, 0xfc00003f, INSN_BAD },		/* teq */
};

static enum insn_kind decode(u32 insn)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(patterns); i++)
		if ((insn & patterns[i].mask) == patterns[i].value)
			return patterns[i].kind;
	return INSN_OTHER;
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

/* A jump stays within the 256 MiB of its delay slot, a branch is relative to it. */
static unsigned long target_of(u32 insn, enum insn_kind kind, unsigned long addr)
{
	unsigned long slot = addr + 4;

	if (kind == INSN_BRANCH)
		return slot + (s16)insn * 4;
	return (slot & ~0xffffffful) | (insn & 0x03ffffff) << 2;
}

/* What is left for the instruction in a delay slot to do. */
static enum insn_kind do_slot(const struct ksc_reader *r, unsigned long addr, s64 *v0)
{
	enum insn_kind kind;
	u32 insn;

	if (fetch(r, addr, &insn))
		return INSN_BAD;

	kind = decode(insn);
	if (kind == INSN_SET_V0)
		*v0 = (s16)insn;
	return kind;
}

static enum ksc_code walk(const struct ksc_reader *r, unsigned long addr, unsigned int depth)
{
	s64 v0 = 0;	/* or whatever else, if it is not known */
	int i;

	for (i = 0; i < KSC_MAX_INSNS; i++, addr += 4) {
		enum insn_kind kind, slot = INSN_NOP;
		unsigned long target;
		u32 insn;

		if (fetch(r, addr, &insn))
			return KSC_CODE_UNKNOWN;

		kind = decode(insn);
		switch (kind) {
		case INSN_CALL:
		case INSN_JMP:
		case INSN_BRANCH:
		case INSN_RET:
			slot = do_slot(r, addr + 4, &v0);
			break;
		default:
			break;
		}
		if (kind == INSN_BAD || slot == INSN_BAD)
			return KSC_CODE_UNKNOWN;
		if (slot != INSN_NOP && slot != INSN_SET_V0)
			return KSC_CODE_BODY;

		target = target_of(insn, kind, addr);
		switch (kind) {
		case INSN_NOP:
			break;
		case INSN_SET_V0:
			v0 = (s16)insn;
			break;
		case INSN_RET:
			goto returned;
		case INSN_CALL:
		case INSN_JMP:
		case INSN_BRANCH:
			switch (ksc_follow(r, target, kind == INSN_CALL, depth, walk)) {
			case KSC_BRANCH_NOP:
				break;
			case KSC_BRANCH_RETURN:
				goto returned;
			case KSC_BRANCH_ENOSYS:
				v0 = -MIPS_ENOSYS;
				if (kind != INSN_CALL)
					goto returned;
				break;
			case KSC_BRANCH_BODY:
				return KSC_CODE_BODY;
			case KSC_BRANCH_UNKNOWN:
				return KSC_CODE_UNKNOWN;
			}
			/* Behind the delay slot. */
			addr += 4;
			break;
		default:
			return KSC_CODE_BODY;
		}
	}
	/* Perhaps memory that was never written: that reads as nops. */
	return KSC_CODE_UNKNOWN;

returned:
	return v0 == -MIPS_ENOSYS ? KSC_CODE_STUB : KSC_CODE_BODY;
}

enum ksc_code ksc_classify(const struct ksc_reader *r, unsigned long addr)
{
	return walk(r, addr, 0);
}

enum ksc_target ksc_arch_target(const char *name)
{
	/* The tracer keeps the registers that hold arguments and results. */
	if (!strcmp(name, "_mcount") || !strcmp(name, "ftrace_caller"))
		return KSC_TARGET_NOP;
	return KSC_TARGET_OTHER;
}
