// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recognises A32 and T32 code whose whole effect is to return -ENOSYS.
 *
 * It follows the code in a straight line and knows just the instructions that
 * compilers put into such a function; at the return, the value in r0 decides.
 * Encodings: Arm ARM (DDI 0487), chapter F5. What the kernel patches in at run
 * time: the tracer's call site and the breakpoint of a kprobe.
 *
 * As everywhere on arm, bit 0 of an address says that T32 code is there.
 */
#include "../stub.h"

#define REG_R0		0x0001	/* in the register list of a pop */
#define REG_LR		0x4000
#define REG_PC		0x8000

enum insn_kind {
	INSN_OTHER,	/* anything else: the function does something */
	INSN_NOP,	/* no effect that outlives the function */
	INSN_SET_R0,	/* r0 becomes a constant */
	INSN_POP,	/* registers come off the stack, a return if pc is one */
	INSN_CALL,
	INSN_JMP,
	INSN_RET,
	INSN_PROBE,	/* a kprobe's breakpoint hides the instruction */
	INSN_BAD,	/* no code at all: padding, a trap */
};

struct insn {
	enum insn_kind kind;
	u8 len;
	s32 value;	/* of r0, the branch offset, or the list of registers */
};

struct pattern {
	u32 value;
	u32 mask;
	enum insn_kind kind;
};

/* Unconditional ones only; the first match counts. */
static const struct pattern a32[] = {
	{ 0xe320f000, 0xffffff00, INSN_NOP },	/* hints: nop, csdb */
	{ 0xe1a00000, 0xffffffff, INSN_NOP },	/* nop before ARMv6K */
	{ 0xe52de004, 0xffffffff, INSN_NOP },	/* push {lr} */
	{ 0xe92d0000, 0xffff0000, INSN_NOP },	/* push {...} */
	{ 0xe49de004, 0xffffffff, INSN_NOP },	/* pop {lr} */
	{ 0xe49df004, 0xffffffff, INSN_RET },	/* pop {pc} */
	{ 0xe8bd0000, 0xffff0000, INSN_POP },	/* pop {...} */
	{ 0xe89d0000, 0xffff0000, INSN_POP },	/* ldm sp, {...} */
	{ 0xe91b0000, 0xffff0000, INSN_POP },	/* ldmdb fp, {...} */
	{ 0xe1a0c00d, 0xffffffff, INSN_NOP },	/* mov ip, sp */
	{ 0xe24cb000, 0xfffff000, INSN_NOP },	/* sub fp, ip, #imm */
	{ 0xe28db000, 0xfffff000, INSN_NOP },	/* add fp, sp, #imm */
	{ 0xe24bd000, 0xfffff000, INSN_NOP },	/* sub sp, fp, #imm */
	{ 0xe24dd000, 0xfffff000, INSN_NOP },	/* sub sp, sp, #imm */
	{ 0xe28dd000, 0xfffff000, INSN_NOP },	/* add sp, sp, #imm */
	{ 0xe3a00000, 0xfffff000, INSN_SET_R0 },	/* mov r0, #imm */
	{ 0xe3e00000, 0xfffff000, INSN_SET_R0 },	/* mvn r0, #imm */
	{ 0xeb000000, 0xff000000, INSN_CALL },	/* bl */
	{ 0xea000000, 0xff000000, INSN_JMP },	/* b */
	{ 0xe12fff1e, 0xffffffff, INSN_RET },	/* bx lr */
	{ 0xe1a0f00e, 0xffffffff, INSN_RET },	/* mov pc, lr */
	{ 0xe7f001f8, 0xffffffff, INSN_PROBE },	/* udf #24 */
	{ 0xe7f000f0, 0xfff000f0, INSN_BAD },	/* udf */
	{ 0x00000000, 0xffffffff, INSN_BAD },	/* never written */
};

/* Of 16 bits. */
static const struct pattern t16[] = {
	{ 0xbf00, 0xff0f, INSN_NOP },		/* hints: nop */
	{ 0xb400, 0xfe00, INSN_NOP },		/* push {...} */
	{ 0xbc00, 0xfe00, INSN_POP },		/* pop {...} */
	{ 0x466f, 0xffff, INSN_NOP },		/* mov r7, sp */
	{ 0xaf00, 0xff00, INSN_NOP },		/* add r7, sp, #imm */
	{ 0x46bd, 0xffff, INSN_NOP },		/* mov sp, r7 */
	{ 0xb000, 0xff00, INSN_NOP },		/* add, sub sp, #imm */
	{ 0x2000, 0xff00, INSN_SET_R0 },	/* movs r0, #imm */
	{ 0xe000, 0xf800, INSN_JMP },		/* b.n */
	{ 0x4770, 0xffff, INSN_RET },		/* bx lr */
	{ 0xde18, 0xffff, INSN_PROBE },		/* udf #24 */
	{ 0xde00, 0xff00, INSN_BAD },		/* udf */
	{ 0x0000, 0xffff, INSN_BAD },		/* never written */
};

/* Of 32 bits, the first halfword high. */
static const struct pattern t32[] = {
	{ 0xf3af8000, 0xffffff00, INSN_NOP },	/* hints: nop.w */
	{ 0xf84ded04, 0xffffffff, INSN_NOP },	/* push.w {lr} */
	{ 0xf85deb04, 0xffffffff, INSN_NOP },	/* pop.w {lr} */
	{ 0xf85dfb04, 0xffffffff, INSN_RET },	/* pop.w {pc} */
	{ 0xe92d0000, 0xffff0000, INSN_NOP },	/* push.w {...} */
	{ 0xe8bd0000, 0xffff0000, INSN_POP },	/* pop.w {...} */
	{ 0xf04f0000, 0xffffff00, INSN_SET_R0 },	/* mov.w r0, #imm8 */
	{ 0xf06f0000, 0xffffff00, INSN_SET_R0 },	/* mvn.w r0, #imm8 */
	{ 0xf000d000, 0xf800d000, INSN_CALL },	/* bl */
	{ 0xf0009000, 0xf800d000, INSN_JMP },	/* b.w */
	{ 0xf7f0a018, 0xffffffff, INSN_PROBE },	/* udf.w #24 */
	{ 0xf7f0a000, 0xfff0f000, INSN_BAD },	/* udf.w */
};

static enum insn_kind look_up(const struct pattern *patterns, size_t n, u32 insn)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((insn & patterns[i].mask) == patterns[i].value)
			return patterns[i].kind;
	return INSN_OTHER;
}

static s32 sign_extend(u32 value, unsigned int bits)
{
	return (s32)(value << (32 - bits)) >> (32 - bits);
}

static struct insn decode_a32(u32 code)
{
	unsigned int rotate = (code >> 8 & 15) * 2;
	u32 imm = code & 0xff;
	struct insn insn = { .kind = look_up(a32, ARRAY_SIZE(a32), code), .len = 4 };

	switch (insn.kind) {
	case INSN_SET_R0:
		if (rotate)
			imm = imm >> rotate | imm << (32 - rotate);
		insn.value = code & 1 << 22 ? ~imm : imm;
		break;
	case INSN_CALL:
	case INSN_JMP:
		/* pc is two instructions ahead. */
		insn.value = sign_extend(code, 24) * 4 + 8;
		break;
	default:
		insn.value = code & 0xffff;
	}
	return insn;
}

static struct insn decode_t16(u32 code)
{
	struct insn insn = { .kind = look_up(t16, ARRAY_SIZE(t16), code), .len = 2 };

	switch (insn.kind) {
	case INSN_JMP:
		insn.value = sign_extend(code, 11) * 2 + 4;
		break;
	case INSN_POP:
		insn.value = (code & 0xff) | (code & 0x100 ? REG_PC : 0);
		break;
	default:
		insn.value = code & 0xff;
	}
	return insn;
}

static struct insn decode_t32(u32 code)
{
	struct insn insn = { .kind = look_up(t32, ARRAY_SIZE(t32), code), .len = 4 };
	u32 s = code >> 26 & 1, i1 = !((code >> 13 & 1) ^ s), i2 = !((code >> 11 & 1) ^ s);

	switch (insn.kind) {
	case INSN_SET_R0:
		insn.value = code & 1 << 21 ? ~(code & 0xff) : code & 0xff;
		break;
	case INSN_CALL:
	case INSN_JMP:
		insn.value = sign_extend(s << 23 | i1 << 22 | i2 << 21 |
					 (code >> 16 & 0x3ff) << 11 | (code & 0x7ff), 24) * 2 + 4;
		break;
	default:
		insn.value = code & 0xffff;
	}
	return insn;
}

/* Code is little-endian whatever the data are, since ARMv6. */
static int fetch(const struct ksc_reader *r, unsigned long addr, struct insn *insn)
{
	bool thumb = addr & 1;
	u8 b[4];
	u32 first;

	addr &= ~1UL;
	if (r->read(addr, b, 2))
		return -EFAULT;
	first = b[0] | b[1] << 8;
	if (thumb && first < 0xe800) {
		*insn = decode_t16(first);
		return 0;
	}

	if (r->read(addr + 2, b + 2, 2))
		return -EFAULT;
	if (thumb)
		*insn = decode_t32(first << 16 | b[2] | b[3] << 8);
	else
		*insn = decode_a32(first | (u32)b[2] << 16 | (u32)b[3] << 24);
	return 0;
}

/*
 * A kprobe on the first half of the tracer's site, "push {lr}". What follows is
 * the call or, while nobody traces, "pop {lr}".
 */
static bool hides_site(const struct ksc_reader *r, unsigned long addr)
{
	struct insn insn;

	if (!r->ftrace || fetch(r, addr, &insn))
		return false;
	return insn.kind == INSN_POP ? insn.value == REG_LR : insn.kind == INSN_CALL;
}

static enum ksc_code walk(const struct ksc_reader *r, unsigned long addr, unsigned int depth)
{
	struct insn insn;
	s32 r0 = 0;	/* or whatever else, if it is not known */
	int i;

	for (i = 0; i < KSC_MAX_INSNS; i++, addr += insn.len) {
		if (fetch(r, addr, &insn))
			return KSC_CODE_UNKNOWN;

		switch (insn.kind) {
		case INSN_NOP:
			break;
		case INSN_SET_R0:
			r0 = insn.value;
			break;
		case INSN_POP:
			if (insn.value & REG_R0)
				r0 = 0;
			if (insn.value & REG_PC)
				goto returned;
			break;
		case INSN_RET:
			goto returned;
		case INSN_CALL:
		case INSN_JMP:
			switch (ksc_follow(r, addr + insn.value, insn.kind == INSN_CALL, depth,
					   walk)) {
			case KSC_BRANCH_NOP:
				break;
			case KSC_BRANCH_RETURN:
				goto returned;
			case KSC_BRANCH_ENOSYS:
				r0 = -ENOSYS;
				if (insn.kind == INSN_JMP)
					goto returned;
				break;
			case KSC_BRANCH_BODY:
				return KSC_CODE_BODY;
			case KSC_BRANCH_UNKNOWN:
				return KSC_CODE_UNKNOWN;
			}
			break;
		case INSN_PROBE:
			if (i || !hides_site(r, addr + insn.len))
				return KSC_CODE_UNKNOWN;
			break;
		case INSN_BAD:
			return KSC_CODE_UNKNOWN;
		case INSN_OTHER:
			return KSC_CODE_BODY;
		}
	}
	return KSC_CODE_UNKNOWN;

returned:
	return r0 == -ENOSYS ? KSC_CODE_STUB : KSC_CODE_BODY;
}

enum ksc_code ksc_classify(const struct ksc_reader *r, unsigned long addr)
{
#ifdef CONFIG_THUMB2_KERNEL
	/* kallsyms has the addresses without the bit. */
	addr |= 1;
#endif
	return walk(r, addr, 0);
}

enum ksc_target ksc_arch_target(const char *name)
{
	/* With the tracer on, every function calls one of these first. */
	if (!strcmp(name, "__gnu_mcount_nc") || !strcmp(name, "ftrace_caller") ||
	    !strcmp(name, "ftrace_regs_caller"))
		return KSC_TARGET_NOP;
	return KSC_TARGET_OTHER;
}
