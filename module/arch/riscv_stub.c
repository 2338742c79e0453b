// SPDX-License-Identifier: GPL-2.0-only
/*
 * How RISC-V code reads. The value is in a0. Debian's kernels keep frame
 * pointers, so even a stub has a frame, which must be set up and taken down in
 * order. The tracer's site is "auipc t0; jalr t0", either of them possibly a nop.
 * Encodings: RISC-V unprivileged ISA, chapters "RV32/64G instruction set
 * listings" and "C" extension.
 */
#include "../stub.h"

#define REG_ZERO	0
#define REG_RA		1
#define REG_T0		5
#define REG_T1		6

/* In struct ksc_frame. */
#define RA	0
#define S0	1

#define NOP	0x00000013

/* The site of Linux 5.12 to 6.2 while it is traced: sd ra,-8(sp); call; ld ra,-8(sp). */
#define OLD_SITE	0xfe113c23
#define OLD_SITE_LEN	16

enum operand {
	NONE,
	SET_A0,
	LOSE_A0,	/* a0 becomes something that is not a constant */
	ADD_SP,
	SET_S0,		/* s0 becomes the frame pointer */
	SAVE_S0,	/* to the frame */
	SAVE_RA,
	LOAD_S0,	/* from there */
	LOAD_RA,
	AUIPC,		/* the first half of a far branch */
	JALR,		/* the second half of one */
	JAL,
	LPAD,		/* before the tracer's site */
};

static const struct ksc_pattern patterns[] __initconst = {
	{ NOP,        0xffffffff, KSC_NOP },
	{ 0x00000017, 0x00000fff, KSC_NOP, LPAD },	/* auipc zero */
	{ 0x00010113, 0x000fffff, KSC_NOP, ADD_SP },	/* addi sp,sp,imm */
	{ 0x00010413, 0x000fffff, KSC_NOP, SET_S0 },	/* addi s0,sp,imm */
	{ 0x00813023, 0x01fff07f, KSC_NOP, SAVE_S0 },	/* sd s0,imm(sp) */
	{ 0x00113023, 0x01fff07f, KSC_NOP, SAVE_RA },	/* sd ra,imm(sp) */
	{ 0x00013403, 0x000fffff, KSC_NOP, LOAD_S0 },	/* ld s0,imm(sp) */
	{ 0x00013083, 0x000fffff, KSC_NOP, LOAD_RA },	/* ld ra,imm(sp) */
	{ 0x00000513, 0x000fffff, KSC_NOP, SET_A0 },	/* li a0,imm */
	{ 0x00008513, 0xffffffff, KSC_NOP, LOSE_A0 },	/* mv a0,ra: argument of _mcount */
	{ 0x00008067, 0xffffffff, KSC_RETURN },		/* ret */
	{ 0x00000017, 0x0000007f, KSC_OTHER, AUIPC },
	{ 0x00000067, 0x0000707f, KSC_OTHER, JALR },
	{ 0x0000006f, 0x0000007f, KSC_JUMP, JAL },
	{ 0x00100073, 0xffffffff, KSC_NO_CODE },	/* ebreak */
	{ 0xffffffff, 0xffffffff, KSC_NO_CODE },	/* never written */
};

static const struct ksc_pattern compressed[] __initconst = {
	{ 0x0000, 0xffff, KSC_NO_CODE },		/* never written */
	{ 0x0001, 0xef83, KSC_NOP },			/* c.nop, whatever its hint */
	{ 0x0101, 0xef83, KSC_NOP, ADD_SP },		/* c.addi sp,imm */
	{ 0x0000, 0xe01f, KSC_NOP, SET_S0 },		/* c.addi4spn s0,imm */
	{ 0xe022, 0xe07f, KSC_NOP, SAVE_S0 },		/* c.sdsp s0,imm */
	{ 0xe006, 0xe07f, KSC_NOP, SAVE_RA },		/* c.sdsp ra,imm */
	{ 0x6402, 0xef83, KSC_NOP, LOAD_S0 },		/* c.ldsp s0,imm */
	{ 0x6082, 0xef83, KSC_NOP, LOAD_RA },		/* c.ldsp ra,imm */
	{ 0x8506, 0xffff, KSC_NOP, LOSE_A0 },		/* c.mv a0,ra */
	{ 0x8082, 0xffff, KSC_RETURN },			/* c.jr ra */
	{ 0xa001, 0xe003, KSC_JUMP, JAL },		/* c.j */
	{ 0x9002, 0xffff, KSC_NO_CODE },		/* c.ebreak */
};

/* The bits of an immediate, from where in the instruction to where in the value. */
struct field {
	u8 from;
	u8 bits;
	u8 to;
};

static const struct field i_type[] __initconst = {
	{ 20, 12, 0 }, { }
};

static const struct field s_type[] __initconst = {
	{ 7, 5, 0 }, { 25, 7, 5 }, { }
};

static const struct field j_type[] __initconst = {
	{ 21, 10, 1 }, { 20, 1, 11 }, { 12, 8, 12 }, { 31, 1, 20 }, { }
};

static const struct field c_addi[] __initconst = {
	{ 2, 5, 0 }, { 12, 1, 5 }, { }
};

static const struct field c_ldsp[] __initconst = {
	{ 5, 2, 3 }, { 12, 1, 5 }, { 2, 3, 6 }, { }
};

static const struct field c_sdsp[] __initconst = {
	{ 10, 3, 3 }, { 7, 3, 6 }, { }
};

static const struct field c_j[] __initconst = {
	{ 3, 3, 1 }, { 11, 1, 4 }, { 2, 1, 5 }, { 7, 1, 6 }, { 6, 1, 7 }, { 9, 2, 8 },
	{ 8, 1, 10 }, { 12, 1, 11 }, { }
};

/* Of instructions of four bytes and of two; @width if it is signed. */
struct immediate {
	const struct field *fields[2];
	u8 width[2];
};

static const struct immediate immediates[] __initconst = {
	[SET_A0] = { { i_type, NULL }, { 12, 0 } },
	[ADD_SP] = { { i_type, c_addi }, { 12, 6 } },
	[SAVE_S0] = { { s_type, c_sdsp }, { 12, 0 } },
	[SAVE_RA] = { { s_type, c_sdsp }, { 12, 0 } },
	[LOAD_S0] = { { i_type, c_ldsp }, { 12, 0 } },
	[LOAD_RA] = { { i_type, c_ldsp }, { 12, 0 } },
	[JALR] = { { i_type, NULL }, { 12, 0 } },
	[JAL] = { { j_type, c_j }, { 21, 12 } },
};

/* An instruction's bits, its length and what it is. */
struct raw {
	u32 code;
	size_t len;
	const struct ksc_pattern *p;
	s64 immediate;
};

static s64 __init immediate_of(const struct raw *raw)
{
	bool small = raw->len == 2;
	const struct field *f;
	unsigned int width;
	u32 value = 0;

	if (raw->p->operand >= ARRAY_SIZE(immediates))
		return 0;
	f = immediates[raw->p->operand].fields[small];
	width = immediates[raw->p->operand].width[small];
	for (; f && f->bits; f++)
		value |= (raw->code >> f->from & ((1u << f->bits) - 1)) << f->to;
	return width ? ksc_sign_extend(value, width) : value;
}

/* The last compressed instruction may end the text. */
static bool __init raw_at(const struct ksc_text *t, size_t at, struct raw *raw)
{
	if (!ksc_load(t, at, 2, false, &raw->code))
		return false;
	if ((raw->code & 3) != 3) {
		raw->len = 2;
		raw->p = ksc_match(compressed, ARRAY_SIZE(compressed), raw->code);
	} else {
		if (!ksc_load(t, at, 4, false, &raw->code))
			return false;
		raw->len = 4;
		raw->p = ksc_match(patterns, ARRAY_SIZE(patterns), raw->code);
	}
	raw->immediate = immediate_of(raw);
	return true;
}

static unsigned int __init rd(u32 code)
{
	return code >> 7 & 31;
}

static unsigned int __init rs1(u32 code)
{
	return code >> 15 & 31;
}

/* Whether a store or load of a register is in order. */
static bool __init save(struct ksc_frame *f, unsigned int reg, s64 offset)
{
	f->at[reg] = f->sp + offset;
	return offset >= 0 && f->at[reg] < 0 && !f->lost[reg];
}

static bool __init load(struct ksc_frame *f, unsigned int reg, s64 offset)
{
	f->lost[reg] = false;
	return f->at[reg] && f->at[reg] == f->sp + offset;
}

/* Whether what an instruction does to the frame is in order. */
static bool __init step(struct ksc_frame *f, const struct raw *raw)
{
	switch (raw->p->operand) {
	case ADD_SP:
		f->sp += raw->immediate;
		return f->sp <= 0;
	case SET_S0:
		f->lost[S0] = true;
		return f->at[S0];
	case SAVE_S0:
		return save(f, S0, raw->immediate);
	case SAVE_RA:
		return save(f, RA, raw->immediate);
	case LOAD_S0:
		return load(f, S0, raw->immediate);
	case LOAD_RA:
		return load(f, RA, raw->immediate);
	}
	return true;
}

/* The instruction that uses the address of an AUIPC follows; then they are a branch. */
static struct ksc_insn __init far_branch(const struct ksc_text *t, size_t at, u32 auipc)
{
	struct ksc_insn insn = { .kind = KSC_NO_CODE };
	unsigned int reg = rd(auipc), link;
	struct raw next;

	if (!raw_at(t, at + 4, &next) || next.p->kind == KSC_NO_CODE)
		return insn;

	link = rd(next.code);
	insn.kind = KSC_OTHER;
	insn.len = 4 + next.len;
	insn.target = t->addr + at + (s32)(auipc & 0xfffff000) + next.immediate;
	if (next.p->operand != JALR || rs1(next.code) != reg)
		return insn;
	if (link == REG_ZERO && (reg == REG_T0 || reg == REG_T1))
		insn.kind = KSC_JUMP;
	if (link == REG_RA && reg == REG_RA)
		insn.kind = KSC_CALL;
	return insn;
}

struct ksc_insn __init ksc_arch_decode(const struct ksc_text *t, size_t at,
				       struct ksc_frame *frame)
{
	struct ksc_insn insn = { .kind = KSC_NO_CODE };
	struct raw raw;

	if (!raw_at(t, at, &raw))
		return insn;

	insn.kind = raw.p->kind;
	insn.len = raw.len;
	insn.sets = raw.p->operand == SET_A0 || raw.p->operand == LOSE_A0;
	insn.value = raw.immediate;
	insn.target = t->addr + at + raw.immediate;
	if (raw.p->operand == AUIPC)
		insn = far_branch(t, at, raw.code);
	else if (raw.p->operand == JAL && raw.len == 4 && rd(raw.code) != REG_ZERO)
		insn.kind = rd(raw.code) == REG_RA ? KSC_CALL : KSC_OTHER;
	else if (!step(frame, &raw))
		insn.kind = KSC_OTHER;

	if (insn.kind == KSC_CALL)
		frame->lost[RA] = true;
	frame->pending = frame->sp || frame->lost[RA] || frame->lost[S0];
	return insn;
}

size_t __init ksc_arch_entry(const struct ksc_text *t)
{
	struct raw first, second;
	size_t at = 0;
	u32 code;

	if (!t->r->ftrace)
		return 0;
	/* No compiler saves anything below the stack. */
	if (ksc_load(t, 0, 4, false, &code) && code == OLD_SITE)
		return OLD_SITE_LEN;
	if (raw_at(t, at, &first) && first.p->operand == LPAD)
		at += first.len;
	if (!raw_at(t, at, &first) || first.p->operand != AUIPC || rd(first.code) != REG_T0)
		return 0;
	at += first.len;
	if (!raw_at(t, at, &second))
		return 0;
	if (second.code == NOP || (second.p->operand == JALR && rs1(second.code) == REG_T0 &&
				   rd(second.code) == REG_T0))
		return at + second.len;
	return 0;
}

const struct ksc_named ksc_arch_targets[] __initconst = {
	{ "_mcount", KSC_TARGET_TRACER },
	{ "ftrace_caller", KSC_TARGET_TRACER },
};

const size_t ksc_arch_nr_targets __initconst = ARRAY_SIZE(ksc_arch_targets);
