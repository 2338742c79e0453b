// SPDX-License-Identifier: GPL-2.0-only
/*
 * How A32 and T32 code reads. The value is in r0. The tracer's site is
 * "push {lr}" and a call of something that is known by name or, while nobody
 * traces, "pop {lr}".
 * Encodings: Arm ARM (DDI 0487), chapter F5.
 */
#include "../stub.h"

#define REG_R0		0x0001	/* in the register list of a pop */
#define REG_LR		0x4000
#define REG_PC		0x8000

enum operand {
	NONE,
	IMM,		/* for r0 */
	NOT_IMM,	/* its complement */
	OFFSET,
	LIST,		/* registers come off the stack: a return if pc is one */
	POP_LR,
	PROBE,		/* a kprobe's breakpoint hides the instruction */
};

/* Unconditional ones only. */
static const struct ksc_pattern a32[] __initconst = {
	{ 0xe320f000, 0xffffff00, KSC_NOP },		/* hints: nop, csdb */
	{ 0xe1a00000, 0xffffffff, KSC_NOP },		/* nop before ARMv6K */
	{ 0xe52de004, 0xffffffff, KSC_NOP },		/* push {lr} */
	{ 0xe92d0000, 0xffff0000, KSC_NOP },		/* push {...} */
	{ 0xe49de004, 0xffffffff, KSC_NOP, POP_LR },	/* pop {lr} */
	{ 0xe49df004, 0xffffffff, KSC_RETURN },		/* pop {pc} */
	{ 0xe8bd0000, 0xffff0000, KSC_NOP, LIST },	/* pop {...} */
	{ 0xe89d0000, 0xffff0000, KSC_NOP, LIST },	/* ldm sp, {...} */
	{ 0xe91b0000, 0xffff0000, KSC_NOP, LIST },	/* ldmdb fp, {...} */
	{ 0xe1a0c00d, 0xffffffff, KSC_NOP },		/* mov ip, sp */
	{ 0xe24cb000, 0xfffff000, KSC_NOP },		/* sub fp, ip, #imm */
	{ 0xe28db000, 0xfffff000, KSC_NOP },		/* add fp, sp, #imm */
	{ 0xe1a0b00d, 0xffffffff, KSC_NOP },		/* mov fp, sp */
	{ 0xe24bd000, 0xfffff000, KSC_NOP },		/* sub sp, fp, #imm */
	{ 0xe24dd000, 0xfffff000, KSC_NOP },		/* sub sp, sp, #imm */
	{ 0xe28dd000, 0xfffff000, KSC_NOP },		/* add sp, sp, #imm */
	{ 0xe3a00000, 0xfffff000, KSC_NOP, IMM },	/* mov r0, #imm */
	{ 0xe3e00000, 0xfffff000, KSC_NOP, NOT_IMM },	/* mvn r0, #imm */
	{ 0xeb000000, 0xff000000, KSC_CALL, OFFSET },	/* bl */
	{ 0xea000000, 0xff000000, KSC_JUMP, OFFSET },	/* b */
	{ 0xe12fff1e, 0xffffffff, KSC_RETURN },		/* bx lr */
	{ 0xe1a0f00e, 0xffffffff, KSC_RETURN },		/* mov pc, lr */
	{ 0xe7f001f8, 0xffffffff, KSC_NO_CODE, PROBE },	/* udf #24 */
	{ 0xe7f000f0, 0xfff000f0, KSC_NO_CODE },	/* udf */
	{ 0x00000000, 0xffffffff, KSC_NO_CODE },	/* never written */
};

/* Of 16 bits. */
static const struct ksc_pattern t16[] __initconst = {
	{ 0xbf00, 0xff0f, KSC_NOP },			/* hints: nop */
	{ 0xb400, 0xfe00, KSC_NOP },			/* push {...} */
	{ 0xbc00, 0xfe00, KSC_NOP, LIST },		/* pop {...} */
	{ 0x466f, 0xffff, KSC_NOP },			/* mov r7, sp */
	{ 0xaf00, 0xff00, KSC_NOP },			/* add r7, sp, #imm */
	{ 0x46bd, 0xffff, KSC_NOP },			/* mov sp, r7 */
	{ 0xb000, 0xff00, KSC_NOP },			/* add, sub sp, #imm */
	{ 0x2000, 0xff00, KSC_NOP, IMM },		/* movs r0, #imm */
	{ 0xe000, 0xf800, KSC_JUMP, OFFSET },		/* b.n */
	{ 0x4770, 0xffff, KSC_RETURN },			/* bx lr */
	{ 0xde18, 0xffff, KSC_NO_CODE, PROBE },		/* udf #24 */
	{ 0xde00, 0xff00, KSC_NO_CODE },		/* udf */
	{ 0x0000, 0xffff, KSC_NO_CODE },		/* never written */
};

/* Of 32 bits, the first halfword high. */
static const struct ksc_pattern t32[] __initconst = {
	{ 0xf3af8000, 0xffffff00, KSC_NOP },		/* hints: nop.w */
	{ 0xf84ded04, 0xffffffff, KSC_NOP },		/* push.w {lr} */
	{ 0xf85deb04, 0xffffffff, KSC_NOP, POP_LR },	/* pop.w {lr} */
	{ 0xf85dfb04, 0xffffffff, KSC_RETURN },		/* pop.w {pc} */
	{ 0xe92d0000, 0xffff0000, KSC_NOP },		/* push.w {...} */
	{ 0xe8bd0000, 0xffff0000, KSC_NOP, LIST },	/* pop.w {...} */
	{ 0xf04f0000, 0xffffff00, KSC_NOP, IMM },	/* mov.w r0, #imm8 */
	{ 0xf06f0000, 0xffffff00, KSC_NOP, NOT_IMM },	/* mvn.w r0, #imm8 */
	{ 0xf000d000, 0xf800d000, KSC_CALL, OFFSET },	/* bl */
	{ 0xf0009000, 0xf800d000, KSC_JUMP, OFFSET },	/* b.w */
	{ 0xf7f0a018, 0xffffffff, KSC_NO_CODE, PROBE },	/* udf.w #24 */
	{ 0xf7f0a000, 0xfff0f000, KSC_NO_CODE },	/* udf.w */
};

static const struct ksc_pattern nothing __initconst = { .kind = KSC_NO_CODE };

/* An instruction, and what it may have of each kind of operand. */
struct raw {
	const struct ksc_pattern *p;
	size_t len;
	u32 immediate;
	s32 offset;
	u32 list;
};

static struct raw __init raw_a32(u32 code)
{
	unsigned int rotate = (code >> 8 & 15) * 2;
	u32 imm = code & 0xff;

	return (struct raw){
		.p = ksc_match(a32, ARRAY_SIZE(a32), code),
		.len = 4,
		.immediate = rotate ? imm >> rotate | imm << (32 - rotate) : imm,
		/* pc is two instructions ahead. */
		.offset = ksc_sign_extend(code, 24) * 4 + 8,
		.list = code & 0xffff,
	};
}

static struct raw __init raw_t16(u32 code)
{
	return (struct raw){
		.p = ksc_match(t16, ARRAY_SIZE(t16), code),
		.len = 2,
		.immediate = code & 0xff,
		.offset = ksc_sign_extend(code, 11) * 2 + 4,
		.list = (code & 0xff) | (code & 0x100 ? REG_PC : 0),
	};
}

static struct raw __init raw_t32(u32 code)
{
	u32 s = code >> 26 & 1, i1 = !((code >> 13 & 1) ^ s), i2 = !((code >> 11 & 1) ^ s);

	return (struct raw){
		.p = ksc_match(t32, ARRAY_SIZE(t32), code),
		.len = 4,
		.immediate = code & 0xff,
		.offset = ksc_sign_extend(s << 23 | i1 << 22 | i2 << 21 |
					  (code >> 16 & 0x3ff) << 11 | (code & 0x7ff), 24) * 2 + 4,
		.list = code & 0xffff,
	};
}

/* Code is little-endian whatever the data are, since ARMv6. */
static struct raw __init raw_at(const struct ksc_text *t, size_t at)
{
	u32 first, second;

	if (!ksc_load(t, at, 2, false, &first))
		return (struct raw){ .p = &nothing };
	if (t->r->thumb && first < 0xe800)
		return raw_t16(first);
	if (!ksc_load(t, at + 2, 2, false, &second))
		return (struct raw){ .p = &nothing };
	return t->r->thumb ? raw_t32(first << 16 | second) : raw_a32(second << 16 | first);
}

struct ksc_insn __init ksc_arch_decode(const struct ksc_text *t, size_t at,
				       struct ksc_frame *frame)
{
	struct raw raw = raw_at(t, at);
	struct ksc_insn insn = {
		.kind = raw.p->kind,
		.len = raw.len,
		.target = t->addr + at + raw.offset,
	};

	switch (raw.p->operand) {
	case IMM:
		insn.sets = true;
		insn.value = (s32)raw.immediate;
		break;
	case NOT_IMM:
		insn.sets = true;
		insn.value = (s32)~raw.immediate;
		break;
	case LIST:
		insn.sets = raw.list & REG_R0;
		if (raw.list & REG_PC)
			insn.kind = KSC_RETURN;
		break;
	}
	return insn;
}

/* A kprobe on the first half of the site; the second half needs nothing of its own. */
size_t __init ksc_arch_entry(const struct ksc_text *t)
{
	struct raw first = raw_at(t, 0), second;

	if (!t->r->ftrace || first.p->operand != PROBE)
		return 0;
	second = raw_at(t, first.len);
	if (second.p->kind == KSC_CALL || second.p->operand == POP_LR ||
	    (second.p->operand == LIST && second.list == REG_LR))
		return first.len;
	return 0;
}

/* With the tracer on, every function calls one of these first. */
const struct ksc_named ksc_arch_targets[] __initconst = {
	{ "__gnu_mcount_nc", KSC_TARGET_TRACER },
	{ "ftrace_caller", KSC_TARGET_TRACER },
	{ "ftrace_regs_caller", KSC_TARGET_TRACER },
};

const size_t ksc_arch_nr_targets __initconst = ARRAY_SIZE(ksc_arch_targets);
