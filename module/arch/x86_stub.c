// SPDX-License-Identifier: GPL-2.0-only
/*
 * How x86 code reads. The value is in rax. What the kernel patches in at run
 * time: the tracer's call site, a poisoned ENDBR, FineIBT, return thunks.
 * Encodings: Intel SDM volume 2.
 */
#include "../stub.h"

#define CALL		0xe8
#define JMP		0xe9
#define INT3		0xcc
#define ENDBR		0xfa1e0ff3	/* endbr64; endbr32 with another bit */
#define POISON		0x001f0f66	/* what the kernel makes of it, where no one needs it */

static const struct ksc_operand imm8 __initconst = { { { 8, 8, 0, KSC_SIGNED } } };
static const struct ksc_operand imm32 __initconst = { { { 8, 32, 0, KSC_SIGNED } } };
static const struct ksc_operand imm32_rax __initconst = { { { 24, 32, 0, KSC_SIGNED } } };
/* Counted from the instruction's end. */
static const struct ksc_operand rel8 __initconst = { { { 8, 8, 0, KSC_SIGNED } }, 2 };
static const struct ksc_operand rel32 __initconst = { { { 8, 32, 0, KSC_SIGNED } }, 5 };
static const struct ksc_operand rel32_6 __initconst = { { { 16, 32, 0, KSC_SIGNED } }, 6 };
static const struct ksc_operand rel32_7 __initconst = { { { 24, 32, 0, KSC_SIGNED } }, 7 };

/* The first byte is the lowest. */
static const struct ksc_pattern patterns[] __initconst = {
	{ 4, ENDBR, 0xfeffffff, KSC_PAD },
	{ 4, POISON, 0xffffffff, KSC_PAD },
	{ 4, 0xd6401f0f, 0xffffffff, KSC_PAD },				/* likewise, newer */
	/* A nop of the site, see below, that is being changed. */
	{ 5, 0x0000441f00 | INT3, 0xffffffffff, KSC_SITE },
	{ 5, 0x9066666600 | INT3, 0xffffffffff, KSC_SITE },
	{ 5, 0x0026748d00 | INT3, 0xffffffffff, KSC_SITE },
	{ 5, 0x0020448d00 | INT3, 0xffffffffff, KSC_SITE },
	{ 5, CALL, 0xff, KSC_SITE, KSC_NONE, &rel32 },
	{ 5, JMP, 0xff, KSC_SITE, KSC_NONE, &rel32 },
	{ 5, INT3, 0xff, KSC_SITE, KSC_NONE, &rel32 },
	{ 5, 0x0000441f0f, 0xffffffffff, KSC_NOP },
	{ 5, 0x9066666666, 0xffffffffff, KSC_NOP },
	{ 5, 0x0026748d3e, 0xffffffffff, KSC_NOP },			/* 32-bit */
	{ 5, 0x0020448d3e, 0xffffffffff, KSC_NOP },			/* until 5.12, by CPU */
	{ 4, ENDBR, 0xfeffffff, KSC_NOP },
	{ 4, POISON, 0xffffffff, KSC_NOP },
	{ 1, 0x90, 0xff, KSC_NOP },
	{ 2, 0x9066, 0xffff, KSC_NOP },
	{ 3, 0x001f0f, 0xffffff, KSC_NOP },
	{ 4, 0x401f0f, 0xffffff, KSC_NOP },
	{ 6, 0x0000441f0f66, 0xffffffffffff, KSC_NOP },
	{ 7, 0x801f0f, 0xffffff, KSC_NOP },
	{ 8, 0x00841f0f, 0xffffffff, KSC_NOP },
	{ 1, 0x55, 0xff, KSC_NOP },					/* push %rbp */
	{ 1, 0x5d, 0xff, KSC_NOP },					/* pop %rbp */
	{ 3, 0xe58948, 0xffffff, KSC_NOP },				/* mov %rsp,%rbp */
	{ 2, 0xe589, 0xffff, KSC_NOP },					/* mov %esp,%ebp */
	{ 1, 0xc9, 0xff, KSC_NOP },					/* leave */
	/* Clearing registers that a caller finds undefined on return. */
	{ 2, 0xd231, 0xffff, KSC_NOP },					/* xor %edx,%edx */
	{ 2, 0xc931, 0xffff, KSC_NOP },
	{ 2, 0xf631, 0xffff, KSC_NOP },
	{ 2, 0xff31, 0xffff, KSC_NOP },
	{ 3, 0xc03145, 0xffffff, KSC_NOP },				/* xor %r8d,%r8d */
	{ 3, 0xc93145, 0xffffff, KSC_NOP },
	{ 3, 0xd23145, 0xffffff, KSC_NOP },
	{ 3, 0xdb3145, 0xffffff, KSC_NOP },
	{ 2, 0xc031, 0xffff, KSC_NOP, KSC_SET },			/* xor %eax,%eax */
	{ 7, 0xc0c748, 0xffffff, KSC_NOP, KSC_SET, &imm32_rax },	/* mov $imm,%rax */
	{ 5, 0xb8, 0xff, KSC_NOP, KSC_SET_LOW, &imm32 },		/* mov $imm,%eax */
	{ 3, 0x58006a, 0xff00ff, KSC_NOP, KSC_SET, &imm8 },		/* push $imm; pop %rax */
	{ 5, CALL, 0xff, KSC_CALL, KSC_NONE, &rel32 },
	{ 5, JMP, 0xff, KSC_JUMP, KSC_NONE, &rel32 },
	{ 2, 0xeb, 0xff, KSC_JUMP, KSC_NONE, &rel8 },
	/* A segment prefix, 2e or 3e, pads the branches to some thunks. */
	{ 6, 0x2e | CALL << 8, 0xffef, KSC_CALL, KSC_NONE, &rel32_6 },
	{ 6, 0x2e | JMP << 8, 0xffef, KSC_JUMP, KSC_NONE, &rel32_6 },
	{ 7, 0x2e2e | CALL << 16, 0xffefef, KSC_CALL, KSC_NONE, &rel32_7 },
	{ 7, 0x2e2e | JMP << 16, 0xffefef, KSC_JUMP, KSC_NONE, &rel32_7 },
	{ 1, 0xc3, 0xff, KSC_RETURN },
	{ 2, 0xc3f3, 0xffff, KSC_RETURN },
	{ 1, INT3, 0xff, KSC_NO_CODE },
	{ 2, 0x0b0f, 0xffff, KSC_NO_CODE },				/* ud2 */
	{ 2, 0x0000, 0xffff, KSC_NO_CODE },				/* never written */
	{ }
};

/*
 * The site is a call while tracing, a jump to BPF where a program wants to see
 * the function return, and starts with a breakpoint while it is being changed.
 * Other breakpoints are a kprobe's.
 */
static bool __init is_tracers(const struct ksc_reader *r, u64 code, unsigned long target,
			      unsigned long back)
{
	enum ksc_target known = r->target(target);

	switch (code & 0xff) {
	case CALL:
		/* Without a site a function may call this one first. */
		return known != KSC_TARGET_NI;
	case JMP:
		return known == KSC_TARGET_TRACER;
	default:
		return known == KSC_TARGET_TRACER || known == KSC_TARGET_PATCH;
	}
}

static const struct ksc_named names[] __initconst = {
	/* __x86_return_thunk and what the CPU's mitigations put in its place. */
	{ "*return_thunk", KSC_TARGET_RETURN },
	/* What call_depth_return_thunk was called first. */
	{ "__x86_return_skl", KSC_TARGET_RETURN },
	/* Called first thing by every function, or in the place of that call. */
	{ "__fentry__", KSC_TARGET_TRACER },
	{ }
};

const struct ksc_arch ksc_arch __initconst = {
	.patterns = patterns,
	.longest = 15,
	.is_tracers = is_tracers,
	.names = names,
};
