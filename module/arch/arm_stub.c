// SPDX-License-Identifier: GPL-2.0-only
/*
 * How A32 and T32 code reads. The value is in r0. The tracer's site is
 * "push {lr}" and a call of something that is known by name or, while nobody
 * traces, "pop {lr}"; only a kprobe's breakpoint on its first half hides that.
 * Code is little-endian whatever the data are, since ARMv6.
 * Encodings: Arm ARM (DDI 0487), chapter F5.
 */
#include "../stub.h"

#define ALL	0xffffffff

/* pc is two instructions ahead. A rotated constant is none that matters. */
static const struct ksc_operand offs24 __initconst = { { { 0, 24, 2, KSC_SIGNED } }, 8 };
static const struct ksc_operand not_imm8 __initconst = { { { 0, 8, 0, KSC_NEGATED } }, -1 };

/* Unconditional ones only. */
#define PROBE	0xe7f001f8	/* udf #24, a kprobe's */
#define POP_LR	0xe49de004
#define BL	0xeb000000
#define OPCODE	0xff000000

static const struct ksc_pattern a32[] __initconst = {
	{ 4, KSC_PAIR(PROBE, BL), KSC_PAIR(ALL, OPCODE), KSC_SITE },
	{ 4, KSC_PAIR(PROBE, POP_LR), KSC_PAIR(ALL, ALL), KSC_SITE },
	{ 4, KSC_PAIR(PROBE, 0xe8bd4000), KSC_PAIR(ALL, ALL), KSC_SITE },	/* pop {lr} */
	{ 4, 0xe320f000, 0xffffff00, KSC_NOP },		/* hints: nop, csdb */
	{ 4, 0xe1a00000, ALL, KSC_NOP },		/* nop before ARMv6K */
	{ 4, 0xe52de004, ALL, KSC_NOP },		/* push {lr} */
	{ 4, 0xe92d0000, 0xffff0000, KSC_NOP },		/* push {...} */
	{ 4, POP_LR, ALL, KSC_NOP },
	{ 4, 0xe49df004, ALL, KSC_RETURN },		/* pop {pc} */
	/* Lists of registers without r0; with pc. */
	{ 4, 0xe89d0000, 0xffdf8001, KSC_NOP },		/* pop, ldm sp, {...} */
	{ 4, 0xe89d8000, 0xffdf8001, KSC_RETURN },
	{ 4, 0xe91b0000, 0xffff8001, KSC_NOP },		/* ldmdb fp, {...} */
	{ 4, 0xe91b8000, 0xffff8001, KSC_RETURN },
	{ 4, 0xe1a0c00d, ALL, KSC_NOP },		/* mov ip, sp */
	{ 4, 0xe24cb000, 0xfffff000, KSC_NOP },		/* sub fp, ip, #imm */
	{ 4, 0xe28db000, 0xfffff000, KSC_NOP },		/* add fp, sp, #imm */
	{ 4, 0xe1a0b00d, ALL, KSC_NOP },		/* mov fp, sp */
	{ 4, 0xe24bd000, 0xfffff000, KSC_NOP },		/* sub sp, fp, #imm */
	{ 4, 0xe24dd000, 0xfffff000, KSC_NOP },		/* sub sp, sp, #imm */
	{ 4, 0xe28dd000, 0xfffff000, KSC_NOP },		/* add sp, sp, #imm */
	{ 4, 0xe3a00000, 0xfffff000, KSC_NOP, KSC_SET },	/* mov r0, #imm */
	{ 4, 0xe3e00000, 0xffffff00, KSC_NOP, KSC_SET, &not_imm8 },	/* mvn r0, #imm */
	{ 4, 0xe3e00000, 0xfffff000, KSC_NOP, KSC_SET },	/* mvn r0, #imm, rotated */
	{ 4, BL, OPCODE, KSC_CALL, KSC_NONE, &offs24 },
	{ 4, 0xea000000, OPCODE, KSC_JUMP, KSC_NONE, &offs24 },	/* b */
	{ 4, 0xe12fff1e, ALL, KSC_RETURN },		/* bx lr */
	{ 4, 0xe1a0f00e, ALL, KSC_RETURN },		/* mov pc, lr */
	{ 4, 0xe7f000f0, 0xfff000f0, KSC_NO_CODE },	/* udf */
	{ 4, 0x00000000, ALL, KSC_NO_CODE },		/* never written */
	{ }
};

/* Of 32 bits, by halfwords. */
#define T32(first, second)	((first) | (u64)(second) << 16)
#define T32_PROBE	T32(0xf7f0, 0xa018)
#define T32_POP_LR	T32(0xf85d, 0xeb04)
#define T32_BL	T32(0xf000, 0xd000)
#define T32_BRANCH	T32(0xf800, 0xd000)
#define T32_SIGN	T32(0x0400, 0)
#define T16_PROBE	0xde18

static const struct ksc_operand not_imm8_t32 __initconst = { { { 16, 8, 0, KSC_NEGATED } }, -1 };
static const struct ksc_operand offs11 __initconst = { { { 0, 11, 1, KSC_SIGNED } }, 4 };

/* The two bits below the sign are inverted where that is 0. */
static const struct ksc_operand forth __initconst = {
	{ { 16, 11, 1 }, { 0, 10, 12 }, { 27, 1, 22, KSC_NEGATED }, { 29, 1, 23, KSC_NEGATED } },
	0xc00004
};

static const struct ksc_operand back __initconst = {
	{ { 16, 11, 1 }, { 0, 10, 12 }, { 27, 1, 22 }, { 29, 1, 23 }, { 10, 1, 24, KSC_SIGNED } }, 4
};

static const struct ksc_pattern t32[] __initconst = {
	{ 2, T16_PROBE | T32_BL << 16, 0xffff | T32_BRANCH << 16, KSC_SITE },
	{ 2, T16_PROBE | T32_POP_LR << 16, 0xffffffffffff, KSC_SITE },
	{ 4, KSC_PAIR(T32_PROBE, T32_BL), KSC_PAIR(ALL, T32_BRANCH), KSC_SITE },
	{ 4, KSC_PAIR(T32_PROBE, T32_POP_LR), KSC_PAIR(ALL, ALL), KSC_SITE },
	{ 2, 0xbf00, 0xff0f, KSC_NOP },			/* hints: nop */
	{ 2, 0xb400, 0xfe00, KSC_NOP },			/* push {...} */
	{ 2, 0xbc00, 0xff01, KSC_NOP },			/* pop {...} without r0 */
	{ 2, 0xbd00, 0xff01, KSC_RETURN },		/* with pc */
	{ 2, 0xbc00, 0xfe00, KSC_OTHER },		/* with r0 */
	{ 2, 0x466f, 0xffff, KSC_NOP },			/* mov r7, sp */
	{ 2, 0xaf00, 0xff00, KSC_NOP },			/* add r7, sp, #imm */
	{ 2, 0x46bd, 0xffff, KSC_NOP },			/* mov sp, r7 */
	{ 2, 0xb000, 0xff00, KSC_NOP },			/* add, sub sp, #imm */
	{ 2, 0x2000, 0xff00, KSC_NOP, KSC_SET },	/* movs r0, #imm */
	{ 2, 0xe000, 0xf800, KSC_JUMP, KSC_NONE, &offs11 },	/* b.n */
	{ 2, 0x4770, 0xffff, KSC_RETURN },		/* bx lr */
	{ 2, 0xde00, 0xff00, KSC_NO_CODE },		/* udf */
	{ 2, 0x0000, 0xffff, KSC_NO_CODE },		/* never written */
	{ 4, T32(0xf3af, 0x8000), T32(0xffff, 0xff00), KSC_NOP },	/* hints: nop.w */
	{ 4, T32(0xf84d, 0xed04), ALL, KSC_NOP },	/* push.w {lr} */
	{ 4, T32_POP_LR, ALL, KSC_NOP },
	{ 4, T32(0xf85d, 0xfb04), ALL, KSC_RETURN },	/* pop.w {pc} */
	{ 4, T32(0xe92d, 0), 0xffff, KSC_NOP },		/* push.w {...} */
	{ 4, T32(0xe8bd, 0), T32(0xffff, 0x8001), KSC_NOP },	/* pop.w {...} without r0 */
	{ 4, T32(0xe8bd, 0x8000), T32(0xffff, 0x8001), KSC_RETURN },	/* with pc */
	{ 4, T32(0xf04f, 0), T32(0xffff, 0xff00), KSC_NOP, KSC_SET },	/* mov.w r0, #imm8 */
	{ 4, T32(0xf06f, 0), T32(0xffff, 0xff00), KSC_NOP, KSC_SET, &not_imm8_t32 },	/* mvn.w */
	{ 4, T32_BL, T32_BRANCH | T32_SIGN, KSC_CALL, KSC_NONE, &forth },
	{ 4, T32_BL | T32_SIGN, T32_BRANCH | T32_SIGN, KSC_CALL, KSC_NONE, &back },
	{ 4, T32(0xf000, 0x9000), T32_BRANCH | T32_SIGN, KSC_JUMP, KSC_NONE, &forth },	/* b.w */
	{ 4, T32(0xf400, 0x9000), T32_BRANCH | T32_SIGN, KSC_JUMP, KSC_NONE, &back },
	{ 4, T32(0xf7f0, 0xa000), T32(0xfff0, 0xf000), KSC_NO_CODE },	/* udf.w */
	{ }
};

/* With the tracer on, every function calls this one or ftrace_caller first. */
static const struct ksc_named names[] __initconst = {
	{ "__gnu_mcount_nc", KSC_TARGET_TRACER },
	{ }
};

const struct ksc_arch ksc_arch __initconst = {
	.patterns = a32,
	.t32 = t32,
	.longest = 4,
	.names = names,
};
