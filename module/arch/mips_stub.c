// SPDX-License-Identifier: GPL-2.0-only
/*
 * How MIPS code reads. The value is in v0. The instruction after a branch, in
 * its delay slot, takes effect before the branch does. The tracer's call is
 * "jal", a nop while nobody traces; its callees are known by name and keep the
 * registers that hold arguments and results.
 * Encodings: MIPS64 volume II.
 */
#include "../stub.h"

static const struct ksc_operand imm16 __initconst = { { { 0, 16, 0, KSC_SIGNED } } };
/* Counted from the delay slot, or from the start of the 256 MiB that it is in. */
static const struct ksc_operand offs16 __initconst = { { { 0, 16, 2, KSC_SIGNED } }, 4 };
static const struct ksc_operand offs26 __initconst = { { { 0, 26, 2 } }, 4, 28 };

static const struct ksc_pattern patterns[] __initconst = {
	{ 4, 0x00000000, 0xffffffff, KSC_NOP },			/* nop */
	{ 4, 0x03e00825, 0xffffffff, KSC_NOP },			/* move at,ra: for the tracer */
	{ 4, 0x03e0082d, 0xffffffff, KSC_NOP },
	{ 4, 0x00006025, 0xffffffff, KSC_NOP },			/* move t0,zero: likewise */
	{ 4, 0x0000602d, 0xffffffff, KSC_NOP },
	{ 4, 0x27bd0000, 0xffff0000, KSC_NOP },			/* addiu sp,sp,imm */
	{ 4, 0x67bd0000, 0xffff0000, KSC_NOP },			/* daddiu sp,sp,imm */
	{ 4, 0xafbf0000, 0xffff0000, KSC_NOP },			/* sw ra,imm(sp) */
	{ 4, 0xffbf0000, 0xffff0000, KSC_NOP },			/* sd ra,imm(sp) */
	{ 4, 0x8fbf0000, 0xffff0000, KSC_NOP },			/* lw ra,imm(sp) */
	{ 4, 0xdfbf0000, 0xffff0000, KSC_NOP },			/* ld ra,imm(sp) */
	{ 4, 0xafbe0000, 0xffff0000, KSC_NOP },			/* sw s8,imm(sp) */
	{ 4, 0xffbe0000, 0xffff0000, KSC_NOP },			/* sd s8,imm(sp) */
	{ 4, 0x8fbe0000, 0xffff0000, KSC_NOP },			/* lw s8,imm(sp) */
	{ 4, 0xdfbe0000, 0xffff0000, KSC_NOP },			/* ld s8,imm(sp) */
	{ 4, 0x03a0f025, 0xffffffff, KSC_NOP },			/* move s8,sp */
	{ 4, 0x03a0f02d, 0xffffffff, KSC_NOP },
	{ 4, 0x03c0e825, 0xffffffff, KSC_NOP },			/* move sp,s8 */
	{ 4, 0x03c0e82d, 0xffffffff, KSC_NOP },
	{ 4, 0x24020000, 0xffff0000, KSC_NOP, KSC_SET, &imm16 },	/* li v0,imm */
	{ 4, 0x64020000, 0xffff0000, KSC_NOP, KSC_SET, &imm16 },	/* daddiu v0,zero,imm */
	{ 4, 0x0c000000, 0xfc000000, KSC_CALL, KSC_NONE, &offs26 },	/* jal */
	{ 4, 0x08000000, 0xfc000000, KSC_JUMP, KSC_NONE, &offs26 },	/* j */
	{ 4, 0x10000000, 0xffff0000, KSC_JUMP, KSC_NONE, &offs16 },	/* b */
	{ 4, 0x03e00008, 0xfffffffe, KSC_RETURN },		/* jr ra; release 6's */
	{ 4, 0x0000000d, 0xfc00003f, KSC_NO_CODE },		/* break */
	{ 4, 0x00000034, 0xfc00003f, KSC_NO_CODE },		/* teq */
	{ }
};

const struct ksc_arch ksc_arch __initconst = {
	.patterns = patterns,
	.longest = 4,
	.swap = KSC_SWAP_WORDS,
	.delay_slot = true,
};
