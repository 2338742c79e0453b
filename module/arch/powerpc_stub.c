// SPDX-License-Identifier: GPL-2.0-only
/*
 * How Power ISA code reads. The value is in r3. There are two kinds of tracer's
 * sites. One of two instructions is "mflr r0; bl", either of them possibly a
 * nop. One of a single instruction is a branch to a stub elsewhere that looks
 * like the other kind and branches back, so that it needs nothing of its own.
 * Encodings: Power ISA, book I.
 */
#include "../stub.h"

#define MFLR	0x7c0802a6	/* mflr r0 */
#define STD_LR	0xf8010010	/* std r0,16(r1) */
#define STW_LR	0x90010004	/* stw r0,4(r1) */
#define BL	0x48000001

#define ALL	0xffffffff
#define BRANCH	0xfc000003

static const struct ksc_operand imm16 __initconst = { { { 0, 16, 0, KSC_SIGNED } } };
static const struct ksc_operand offs24 __initconst = { { { 2, 24, 2, KSC_SIGNED } } };

static const struct ksc_pattern patterns[] __initconst = {
	/* r2 at the global entry point. */
	{ 4, 0x3c4c0000, 0xffff0000, KSC_PAD },			/* addis r2,r12,imm */
	{ 4, 0x3c400000, 0xffff0000, KSC_PAD },			/* lis r2,imm */
	{ 4, 0x38420000, 0xffff0000, KSC_PAD },			/* addi r2,r2,imm */
	/* A function that calls otherwise has a frame, which no stub has. */
	{ 8, KSC_PAIR(MFLR, BL), KSC_PAIR(ALL, BRANCH), KSC_SITE },
	/* Some compilers store lr between the two. */
	{ 4, MFLR, ALL, KSC_PAD },
	{ 8, KSC_PAIR(STD_LR, BL), KSC_PAIR(ALL, BRANCH), KSC_SITE },
	{ 8, KSC_PAIR(STW_LR, BL), KSC_PAIR(ALL, BRANCH), KSC_SITE },
	{ 4, STD_LR, ALL, KSC_NOP },
	{ 4, STW_LR, ALL, KSC_NOP },
	{ 4, MFLR, ALL, KSC_NOP },
	{ 4, 0x7c0803a6, ALL, KSC_NOP },			/* mtlr r0 */
	{ 4, 0x60000000, ALL, KSC_NOP },			/* nop */
	{ 4, 0x38600000, 0xffff0000, KSC_NOP, KSC_SET, &imm16 },	/* li r3,imm */
	{ 4, 0x48000000, BRANCH, KSC_JUMP, KSC_NONE, &offs24 },	/* b */
	{ 4, 0x4e800020, ALL, KSC_RETURN },			/* blr */
	{ 4, 0x7fe00008, ALL, KSC_NO_CODE },			/* trap */
	{ 4, 0x00000000, ALL, KSC_NO_CODE },			/* never written */
	{ }
};

static const struct ksc_named names[] __initconst = {
	/* Where optimised kprobes have their code: no kernel function either. */
	{ "optinsn_slot", KSC_TARGET_PATCH },
	{ }
};

const struct ksc_arch ksc_arch __initconst = {
	.patterns = patterns,
	.longest = 4,
	.swap = KSC_SWAP_WORDS,
	.names = names,
};
