// SPDX-License-Identifier: GPL-2.0-only
/*
 * How A64 code reads. The value is in x0. The tracer's site is two nops, which
 * become "mov x9, x30; bl"; pointer authentication may have been
 * replaced by a shadow call stack. Code is little-endian whatever the data are.
 * Encodings: Arm ARM (DDI 0487), section C4.1.
 */
#include "../stub.h"

#define NOP	0xd503201f
#define SAVE_LR	0xaa1e03e9	/* mov x9, x30 */
#define BL	0x94000000
#define PROBE	0xd4200080	/* brk #4, a kprobe's */

#define ALL	0xffffffff
#define OPCODE	0xfc000000

static const struct ksc_operand offs26 __initconst = { { { 0, 26, 2, KSC_SIGNED } } };
static const struct ksc_operand not_imm16 __initconst = { { { 5, 16, 0, KSC_NEGATED } }, -1 };

static const struct ksc_pattern patterns[] __initconst = {
	{ 4, 0xd503241f, 0xffffff3f, KSC_PAD },			/* bti */
	{ 8, KSC_PAIR(SAVE_LR, BL), KSC_PAIR(ALL, OPCODE), KSC_SITE },
	/* With a kprobe on its first half. */
	{ 8, KSC_PAIR(PROBE, BL), KSC_PAIR(ALL, OPCODE), KSC_SITE },
	{ 8, KSC_PAIR(PROBE, NOP), KSC_PAIR(ALL, ALL), KSC_SITE },
	{ 4, 0xd503233f, 0xffffffbf, KSC_NOP, KSC_PUSH },	/* paciasp, pacibsp */
	{ 4, 0xd50323bf, 0xffffffbf, KSC_NOP, KSC_PULL },	/* autiasp, autibsp */
	{ 4, NOP, 0xfffff01f, KSC_NOP },			/* and the other hints */
	{ 4, SAVE_LR, ALL, KSC_NOP },
	{ 4, 0xaa1e03e0, ALL, KSC_NOP, KSC_SET },		/* mov x0, x30: for _mcount */
	{ 4, 0xa9807bfd, 0xffc07fff, KSC_NOP, KSC_PUSH },	/* stp x29, x30, [sp, #imm]! */
	{ 4, 0xa8c07bfd, 0xffc07fff, KSC_NOP, KSC_PULL },	/* ldp x29, x30, [sp], #imm */
	{ 4, 0x910003fd, ALL, KSC_NOP },			/* mov x29, sp */
	{ 4, 0xf800865e, ALL, KSC_NOP, KSC_PUSH },		/* str x30, [x18], #8 */
	{ 4, 0xf85f8e5e, ALL, KSC_NOP, KSC_PULL },		/* ldr x30, [x18, #-8]! */
	{ 4, 0x92800000, 0xffe0001f, KSC_NOP, KSC_SET, &not_imm16 },	/* movn x0, #imm */
	{ 4, 0x92800000, 0xff80001f, KSC_NOP, KSC_SET },	/* movn x0, #imm, lsl #n */
	{ 4, 0xd2800000, 0xff80001f, KSC_NOP, KSC_SET },	/* movz x0, #imm, lsl #n */
	{ 4, BL, OPCODE, KSC_CALL, KSC_NONE, &offs26 },
	{ 4, 0x14000000, OPCODE, KSC_JUMP, KSC_NONE, &offs26 },	/* b */
	{ 4, 0xd65f03c0, ALL, KSC_RETURN },			/* ret */
	{ 4, 0xd65f0bff, 0xfffffbff, KSC_RETURN, KSC_PULL },	/* retaa, retab */
	{ 4, 0xd4200000, 0xffe0001f, KSC_NO_CODE },		/* brk */
	{ 4, 0x00000000, 0xffff0000, KSC_NO_CODE },		/* udf: never written */
	{ }
};

const struct ksc_arch ksc_arch __initconst = { .patterns = patterns, .longest = 4 };
