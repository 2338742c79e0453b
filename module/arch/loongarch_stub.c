// SPDX-License-Identifier: GPL-2.0-only
/*
 * How LoongArch code reads. The value is in a0. The tracer's site is two nops,
 * which become "move t0,ra; bl".
 * Encodings: LoongArch reference manual, volume 1.
 */
#include "../stub.h"

#define SAVE_RA	0x0015002c	/* move t0,ra */
#define BL	0x54000000

#define ALL	0xffffffff
#define OPCODE	0xfc000000

static const struct ksc_operand imm12 __initconst = { { { 10, 12, 0, KSC_SIGNED } } };
static const struct ksc_operand offs26 __initconst = {
	{ { 10, 16, 2 }, { 0, 10, 18, KSC_SIGNED } }
};

static const struct ksc_pattern patterns[] __initconst = {
	{ 8, KSC_PAIR(SAVE_RA, BL), KSC_PAIR(ALL, OPCODE), KSC_SITE },
	{ 4, 0x03400000, ALL, KSC_NOP },			/* nop */
	{ 4, SAVE_RA, ALL, KSC_NOP },
	{ 4, 0x00150024, ALL, KSC_NOP, KSC_SET },		/* move a0,ra: for _mcount */
	{ 4, 0x02c00063, 0xffc003ff, KSC_NOP },			/* addi.d sp,sp,imm */
	{ 4, 0x02c00076, 0xffc003ff, KSC_NOP },			/* addi.d fp,sp,imm */
	{ 4, 0x29c00061, 0xffc003ff, KSC_NOP },			/* st.d ra,sp,imm */
	{ 4, 0x29c00076, 0xffc003ff, KSC_NOP },			/* st.d fp,sp,imm */
	{ 4, 0x28c00061, 0xffc003ff, KSC_NOP },			/* ld.d ra,sp,imm */
	{ 4, 0x28c00076, 0xffc003ff, KSC_NOP },			/* ld.d fp,sp,imm */
	{ 4, 0x27000076, 0xff0003ff, KSC_NOP },			/* stptr.d fp,sp,imm */
	{ 4, 0x26000076, 0xff0003ff, KSC_NOP },			/* ldptr.d fp,sp,imm */
	{ 4, 0x02800004, 0xffc003ff, KSC_NOP, KSC_SET, &imm12 },	/* li.w a0,imm */
	{ 4, 0x02c00004, 0xffc003ff, KSC_NOP, KSC_SET, &imm12 },	/* li.d a0,imm */
	{ 4, BL, OPCODE, KSC_CALL, KSC_NONE, &offs26 },
	{ 4, 0x50000000, OPCODE, KSC_JUMP, KSC_NONE, &offs26 },	/* b */
	{ 4, 0x4c000020, ALL, KSC_RETURN },
	{ 4, 0x002a0000, 0xffff8000, KSC_NO_CODE },		/* break */
	{ 4, 0x00000000, ALL, KSC_NO_CODE },			/* never written */
	{ }
};

const struct ksc_arch ksc_arch __initconst = { .patterns = patterns, .longest = 4 };
