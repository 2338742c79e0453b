// SPDX-License-Identifier: GPL-2.0-only
/*
 * How RISC-V code reads. The value is in a0. Debian's kernels keep frame
 * pointers, so even a stub has a frame, which must be set up and taken down in
 * order. The tracer's site is "auipc t0; jalr t0", either of them possibly a nop.
 * Encodings: RISC-V unprivileged ISA, chapters "RV32/64G instruction set
 * listings" and "C" extension.
 */
#include "../stub.h"

#define NOP	0x00000013
#define EBREAK	0x00100073
#define C_EBREAK	0x9002
#define AUIPC	0x00000017
#define AUIPC_RA	0x00000097
#define AUIPC_T0	0x00000297
#define AUIPC_T1	0x00000317

#define ALL	0xffffffff
#define OPCODE	0x0000007f
#define OPCODE_RD	0x00000fff
#define BUT_IMM	0x000fffff

static const struct ksc_operand i_type __initconst = { { { 20, 12, 0, KSC_SIGNED } } };
static const struct ksc_operand s_type __initconst = { { { 7, 5, 0 }, { 25, 7, 5, KSC_SIGNED } } };
static const struct ksc_operand j_type __initconst = {
	{ { 21, 10, 1 }, { 20, 1, 11 }, { 12, 8, 12 }, { 31, 1, 20, KSC_SIGNED } }
};

static const struct ksc_operand c_addi __initconst = { { { 2, 5, 0 }, { 12, 1, 5, KSC_SIGNED } } };
static const struct ksc_operand c_ldsp __initconst = { { { 5, 2, 3 }, { 12, 1, 5 }, { 2, 3, 6 } } };
static const struct ksc_operand c_sdsp __initconst = { { { 10, 3, 3 }, { 7, 3, 6 } } };
static const struct ksc_operand c_j __initconst = {
	{ { 3, 3, 1 }, { 11, 1, 4 }, { 2, 1, 5 }, { 7, 1, 6 }, { 6, 1, 7 }, { 9, 2, 8 },
	  { 8, 1, 10 }, { 12, 1, 11, KSC_SIGNED } }
};

/* Of an auipc and of what uses its address. */
static const struct ksc_operand far __initconst = {
	{ { 12, 20, 12, KSC_SIGNED }, { 52, 12, 0, KSC_SIGNED } }
};

static const struct ksc_pattern patterns[] __initconst = {
	{ 4, AUIPC, OPCODE_RD, KSC_PAD },			/* lpad */
	{ 8, KSC_PAIR(AUIPC_T0, 0x000282e7), KSC_PAIR(OPCODE_RD, BUT_IMM), KSC_SITE },
	{ 8, KSC_PAIR(AUIPC_T0, NOP), KSC_PAIR(OPCODE_RD, ALL), KSC_SITE },
	/* Of Linux 5.12 to 6.2 while it is traced: sd ra,-8(sp); call; ld ra,-8(sp). */
	{ 16, 0xfe113c23, ALL, KSC_SITE },
	/* call; tail by t0, by t1 */
	{ 8, KSC_PAIR(AUIPC_RA, 0x000080e7), KSC_PAIR(OPCODE_RD, BUT_IMM),
	  KSC_CALL, KSC_LOSE_RA, &far },
	{ 8, KSC_PAIR(AUIPC_T0, 0x00028067), KSC_PAIR(OPCODE_RD, BUT_IMM),
	  KSC_JUMP, KSC_NONE, &far },
	{ 8, KSC_PAIR(AUIPC_T1, 0x00030067), KSC_PAIR(OPCODE_RD, BUT_IMM),
	  KSC_JUMP, KSC_NONE, &far },
	{ 4, AUIPC, OPCODE_RD, KSC_NOP },
	/* What uses the address tells, if it is there and no probe hides it. */
	{ 8, KSC_PAIR(AUIPC, EBREAK), KSC_PAIR(OPCODE, ALL), KSC_NO_CODE },
	{ 6, KSC_PAIR(AUIPC, C_EBREAK), KSC_PAIR(OPCODE, 0xffff), KSC_NO_CODE },
	{ 6, KSC_PAIR(AUIPC, 0x0000), KSC_PAIR(OPCODE, 0xffff), KSC_NO_CODE },
	{ 8, AUIPC, OPCODE, KSC_OTHER },

	{ 4, NOP, ALL, KSC_NOP },
	{ 4, 0x00010113, BUT_IMM, KSC_NOP, KSC_STACK, &i_type },	/* addi sp,sp,imm */
	{ 4, 0x00010413, BUT_IMM, KSC_NOP, KSC_LOSE_FP },	/* addi s0,sp,imm */
	{ 4, 0x00813023, 0x01fff07f, KSC_NOP, KSC_SAVE_FP, &s_type },	/* sd s0,imm(sp) */
	{ 4, 0x00113023, 0x01fff07f, KSC_NOP, KSC_SAVE_RA, &s_type },	/* sd ra,imm(sp) */
	{ 4, 0x00013403, BUT_IMM, KSC_NOP, KSC_LOAD_FP, &i_type },	/* ld s0,imm(sp) */
	{ 4, 0x00013083, BUT_IMM, KSC_NOP, KSC_LOAD_RA, &i_type },	/* ld ra,imm(sp) */
	{ 4, 0x00000513, BUT_IMM, KSC_NOP, KSC_SET, &i_type },	/* li a0,imm */
	{ 4, 0x00008513, ALL, KSC_NOP, KSC_SET },		/* mv a0,ra: for _mcount */
	{ 4, 0x00008067, ALL, KSC_RETURN },			/* ret */
	{ 4, 0x000000ef, OPCODE_RD, KSC_CALL, KSC_LOSE_RA, &j_type },	/* jal */
	{ 4, 0x0000006f, OPCODE_RD, KSC_JUMP, KSC_NONE, &j_type },	/* j */
	{ 4, EBREAK, ALL, KSC_NO_CODE },
	{ 4, 0xffffffff, ALL, KSC_NO_CODE },			/* never written */

	{ 2, 0x0000, 0xffff, KSC_NO_CODE },			/* likewise */
	{ 2, 0x0001, 0xef83, KSC_NOP },				/* c.nop, whatever its hint */
	{ 2, 0x0101, 0xef83, KSC_NOP, KSC_STACK, &c_addi },	/* c.addi sp,imm */
	{ 2, 0x0000, 0xe01f, KSC_NOP, KSC_LOSE_FP },		/* c.addi4spn s0,imm */
	{ 2, 0xe022, 0xe07f, KSC_NOP, KSC_SAVE_FP, &c_sdsp },	/* c.sdsp s0,imm */
	{ 2, 0xe006, 0xe07f, KSC_NOP, KSC_SAVE_RA, &c_sdsp },	/* c.sdsp ra,imm */
	{ 2, 0x6402, 0xef83, KSC_NOP, KSC_LOAD_FP, &c_ldsp },	/* c.ldsp s0,imm */
	{ 2, 0x6082, 0xef83, KSC_NOP, KSC_LOAD_RA, &c_ldsp },	/* c.ldsp ra,imm */
	{ 2, 0x8506, 0xffff, KSC_NOP, KSC_SET },		/* c.mv a0,ra */
	{ 2, 0x8082, 0xffff, KSC_RETURN },			/* c.jr ra */
	{ 2, 0xa001, 0xe003, KSC_JUMP, KSC_NONE, &c_j },	/* c.j */
	{ 2, C_EBREAK, 0xffff, KSC_NO_CODE },
	{ }
};

const struct ksc_arch ksc_arch __initconst = { .patterns = patterns, .longest = 4 };
