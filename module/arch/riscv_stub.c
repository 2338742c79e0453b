// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recognises RISC-V code whose whole effect is to return -ENOSYS.
 *
 * It follows the code in a straight line and knows just the instructions that
 * compilers put into such a function; at the return, the value in a0 decides.
 * Debian's kernels keep frame pointers, so even a stub has a frame, which must
 * be set up and taken down in order.
 * Encodings: RISC-V unprivileged ISA, chapters "RV32/64G instruction set
 * listings" and "C" extension. What the kernel patches in at run time: the
 * tracer's call site, "auipc t0; jalr t0", either of them possibly a nop; the
 * breakpoint of a kprobe.
 */
#include "../stub.h"

#define REG_ZERO	0
#define REG_RA		1
#define REG_T0		5
#define REG_T1		6
#define REG_S0		8
#define NR_KEPT		9	/* registers up to s0: of these, ra and s0 are kept */

enum insn_kind {
	INSN_OTHER,	/* anything else: the function does something */
	INSN_NOP,	/* no effect that outlives the function */
	INSN_SET_A0,	/* a0 becomes a constant */
	INSN_ADD_SP,
	INSN_SET_S0,	/* s0 becomes the frame pointer */
	INSN_SAVE_S0,	/* to the frame */
	INSN_SAVE_RA,
	INSN_LOAD_S0,	/* from there */
	INSN_LOAD_RA,
	INSN_AUIPC,	/* the first half of a far branch */
	INSN_JALR,	/* the second half of one */
	INSN_JAL,
	INSN_CJ,	/* a jump, compressed */
	INSN_RET,
	INSN_BAD,	/* no code at all, or a kprobe's breakpoint hides it */
};

struct pattern {
	u32 value;
	u32 mask;
	enum insn_kind kind;
};

static const struct pattern patterns[] = {
	{ 0x00000013, 0xffffffff, INSN_NOP },		/* nop */
	{ 0x00000017, 0x00000fff, INSN_NOP },		/* lpad: auipc zero */
	{ 0x00010113, 0x000fffff, INSN_ADD_SP },		/* addi sp,sp,imm */
	{ 0x00010413, 0x000fffff, INSN_SET_S0 },		/* addi s0,sp,imm */
	{ 0x00813023, 0x01fff07f, INSN_SAVE_S0 },		/* sd s0,imm(sp) */
	{ 0x00113023, 0x01fff07f, INSN_SAVE_RA },		/* sd ra,imm(sp) */
	{ 0x00013403, 0x000fffff, INSN_LOAD_S0 },		/* ld s0,imm(sp) */
	{ 0x00013083, 0x000fffff, INSN_LOAD_RA },		/* ld ra,imm(sp) */
	{ 0x00000513, 0x000fffff, INSN_SET_A0 },	/* li a0,imm */
	{ 0x00008067, 0xffffffff, INSN_RET },		/* ret */
	{ 0x00000017, 0x0000007f, INSN_AUIPC },
	{ 0x00000067, 0x0000707f, INSN_JALR },
	{ 0x0000006f, 0x0000007f, INSN_JAL },
	{ 0x00100073, 0xffffffff, INSN_BAD },		/* ebreak */
	{ 0xffffffff, 0xffffffff, INSN_BAD },		/* never written */
};

static const struct pattern compressed[] = {
	{ 0x0000, 0xffff, INSN_BAD },			/* never written */
	{ 0x0001, 0xef83, INSN_NOP },			/* c.nop, whatever its hint */
	{ 0x0101, 0xef83, INSN_ADD_SP },			/* c.addi sp,imm */
	{ 0x0000, 0xe01f, INSN_SET_S0 },			/* c.addi4spn s0,imm */
	{ 0xe022, 0xe07f, INSN_SAVE_S0 },			/* c.sdsp s0,imm */
	{ 0xe006, 0xe07f, INSN_SAVE_RA },			/* c.sdsp ra,imm */
	{ 0x6402, 0xef83, INSN_LOAD_S0 },			/* c.ldsp s0,imm */
	{ 0x6082, 0xef83, INSN_LOAD_RA },			/* c.ldsp ra,imm */
	{ 0x8082, 0xffff, INSN_RET },			/* c.jr ra */
	{ 0xa001, 0xe003, INSN_CJ },
	{ 0x9002, 0xffff, INSN_BAD },			/* c.ebreak */
};

struct insn {
	enum insn_kind kind;
	unsigned int len;
	u32 code;
	s64 imm;	/* of those that have to do with the stack pointer */
};

/* Offsets count from the stack pointer's value at the entry. */
struct frame {
	s64 sp;
	s64 at[NR_KEPT];	/* where a register is saved; 0: nowhere */
	bool lost[NR_KEPT];	/* it has another value now */
};

static enum insn_kind decode(const struct pattern *list, size_t n, u32 code)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((code & list[i].mask) == list[i].value)
			return list[i].kind;
	return INSN_OTHER;
}

static s64 imm_i(u32 code)
{
	return (s32)code >> 20;
}

static s64 imm_u(u32 code)
{
	return (s32)(code & 0xfffff000);
}

static s64 imm_j(u32 code)
{
	return (s64)((s32)code >> 31) * (1 << 20) + (code & 0xff000) + (code >> 9 & 0x800) +
	       (code >> 20 & 0x7fe);
}

static s64 imm_cj(u32 code)
{
	return (code & 0x1000 ? -0x800LL : 0) + (code >> 7 & 0x10) + (code >> 1 & 0x300) +
	       (code << 2 & 0x400) + (code >> 1 & 0x40) + (code << 1 & 0x80) +
	       (code >> 2 & 0xe) + (code << 3 & 0x20);
}

static s64 imm_s(u32 code)
{
	return (s64)((s32)code >> 25) * 32 + (code >> 7 & 0x1f);
}

static s64 stack_imm(enum insn_kind kind, u32 code)
{
	switch (kind) {
	case INSN_ADD_SP:
	case INSN_SET_S0:
	case INSN_LOAD_S0:
	case INSN_LOAD_RA:
		return imm_i(code);
	case INSN_SAVE_S0:
	case INSN_SAVE_RA:
		return imm_s(code);
	default:
		return 0;
	}
}

static s64 stack_imm_compressed(enum insn_kind kind, u32 code)
{
	switch (kind) {
	case INSN_ADD_SP:
		return (code & 0x1000 ? -0x20LL : 0) + (code >> 2 & 0x1f);
	case INSN_LOAD_S0:
	case INSN_LOAD_RA:
		return (code >> 7 & 0x20) + (code >> 2 & 0x18) + (code << 4 & 0x1c0);
	case INSN_SAVE_S0:
	case INSN_SAVE_RA:
		return (code >> 7 & 0x38) + (code >> 1 & 0x1c0);
	default:
		return 0;
	}
}

static unsigned int rd(u32 code)
{
	return code >> 7 & 31;
}

static unsigned int rs1(u32 code)
{
	return code >> 15 & 31;
}

/* Read by halfwords: the last compressed instruction may end the text. */
static int fetch(const struct ksc_reader *r, unsigned long addr, struct insn *insn)
{
	u8 b[4];

	if (r->read(addr, b, 2))
		return -EFAULT;
	insn->code = b[0] | b[1] << 8;
	insn->len = 2;
	if ((insn->code & 3) != 3) {
		insn->kind = decode(compressed, ARRAY_SIZE(compressed), insn->code);
		insn->imm = stack_imm_compressed(insn->kind, insn->code);
		return 0;
	}

	if (r->read(addr + 2, b + 2, 2))
		return -EFAULT;
	insn->code |= b[2] << 16 | (u32)b[3] << 24;
	insn->len = 4;
	insn->kind = decode(patterns, ARRAY_SIZE(patterns), insn->code);
	insn->imm = stack_imm(insn->kind, insn->code);
	return 0;
}

/* Whether a load or store of a register is in order. */
static bool keep(struct frame *f, unsigned int reg, s64 offset, bool save)
{
	s64 at = f->sp + offset;

	if (save) {
		if (offset < 0 || at >= 0 || f->lost[reg])
			return false;
		f->at[reg] = at;
		return true;
	}
	f->lost[reg] = false;
	return at && f->at[reg] == at;
}

static bool step(struct frame *f, const struct insn *insn)
{
	switch (insn->kind) {
	case INSN_ADD_SP:
		f->sp += insn->imm;
		return f->sp <= 0;
	case INSN_SET_S0:
		f->lost[REG_S0] = true;
		return f->at[REG_S0];
	case INSN_SAVE_S0:
		return keep(f, REG_S0, insn->imm, true);
	case INSN_SAVE_RA:
		return keep(f, REG_RA, insn->imm, true);
	case INSN_LOAD_S0:
		return keep(f, REG_S0, insn->imm, false);
	case INSN_LOAD_RA:
		return keep(f, REG_RA, insn->imm, false);
	default:
		return false;
	}
}

static enum ksc_code walk(const struct ksc_reader *r, unsigned long addr, unsigned int depth)
{
	bool at_site = r->ftrace;
	struct frame frame = { 0 };
	unsigned int far_reg = REG_ZERO;
	unsigned long far = 0;
	struct insn insn;
	s64 a0 = 0;	/* or whatever else, if it is not known */
	int i;

	for (i = 0; i < KSC_MAX_INSNS; i++, addr += insn.len) {
		unsigned long target;
		unsigned int link;

		if (fetch(r, addr, &insn))
			return KSC_CODE_UNKNOWN;

		switch (insn.kind) {
		case INSN_NOP:
			continue;
		case INSN_SET_A0:
			a0 = imm_i(insn.code);
			at_site = false;
			continue;
		case INSN_ADD_SP:
		case INSN_SET_S0:
		case INSN_SAVE_S0:
		case INSN_SAVE_RA:
		case INSN_LOAD_S0:
		case INSN_LOAD_RA:
			if (!step(&frame, &insn))
				return KSC_CODE_BODY;
			at_site = false;
			continue;
		case INSN_RET:
			goto returned;
		case INSN_AUIPC:
			far_reg = rd(insn.code);
			far = addr + imm_u(insn.code);
			/* For calls, tail calls and the tracer; else it may well matter. */
			if (far_reg != REG_RA && far_reg != REG_T0 && far_reg != REG_T1)
				return KSC_CODE_BODY;
			continue;
		case INSN_JALR:
			if (rs1(insn.code) != far_reg)
				return KSC_CODE_BODY;
			target = far + imm_i(insn.code);
			link = rd(insn.code);
			/* The tracer's call, which may go anywhere. */
			if (link == REG_T0 && far_reg == REG_T0 && at_site) {
				at_site = false;
				continue;
			}
			break;
		case INSN_JAL:
			target = addr + imm_j(insn.code);
			link = rd(insn.code);
			break;
		case INSN_CJ:
			target = addr + imm_cj(insn.code);
			link = REG_ZERO;
			break;
		case INSN_BAD:
			return KSC_CODE_UNKNOWN;
		case INSN_OTHER:
		default:
			return KSC_CODE_BODY;
		}

		if (link != REG_ZERO && link != REG_RA)
			return KSC_CODE_BODY;
		at_site = false;
		if (link == REG_RA)
			frame.lost[REG_RA] = true;

		switch (ksc_follow(r, target, link == REG_RA, depth, walk)) {
		case KSC_BRANCH_NOP:
			break;
		case KSC_BRANCH_RETURN:
			goto returned;
		case KSC_BRANCH_ENOSYS:
			a0 = -ENOSYS;
			if (link == REG_ZERO)
				goto returned;
			break;
		case KSC_BRANCH_BODY:
			return KSC_CODE_BODY;
		case KSC_BRANCH_UNKNOWN:
			return KSC_CODE_UNKNOWN;
		}
	}
	return KSC_CODE_UNKNOWN;

returned:
	if (frame.sp || frame.lost[REG_RA] || frame.lost[REG_S0])
		return KSC_CODE_BODY;
	return a0 == -ENOSYS ? KSC_CODE_STUB : KSC_CODE_BODY;
}

enum ksc_code ksc_classify(const struct ksc_reader *r, unsigned long addr)
{
	return walk(r, addr, 0);
}

enum ksc_target ksc_arch_target(const char *name)
{
	if (!strcmp(name, "_mcount") || !strcmp(name, "ftrace_caller"))
		return KSC_TARGET_NOP;
	return KSC_TARGET_OTHER;
}
