// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recognises x86 code whose whole effect is to return -ENOSYS.
 *
 * It follows the code in a straight line and knows just the instructions that
 * compilers put into such a function; at the return, the value in rax decides.
 * Encodings: Intel SDM volume 2. What the kernel patches in at run time: the
 * tracer's call site, a poisoned ENDBR, FineIBT, return thunks.
 */
#include "../stub.h"

#define WINDOW		16	/* no instruction is longer than 15 bytes */
#define SITE_LEN	5	/* the tracer's call, or a nop */

enum insn_kind {
	INSN_OTHER,	/* anything else: the function does something */
	INSN_NOP,	/* no effect that outlives the function */
	INSN_SET_RAX,	/* rax becomes a constant */
	INSN_CALL,
	INSN_JMP,
	INSN_RET,
	INSN_BAD,	/* no code at all: padding, a trap */
};

struct insn {
	enum insn_kind kind;
	u8 len;
	s64 value;	/* of rax, or the branch displacement */
};

/* Instructions without operands to look at; mask and match in order. */
static const struct pattern {
	u8 len;
	u8 bytes[8];
	u8 mask[8];
	enum insn_kind kind;
} patterns[] = {
#define FULL(n) { [0 ... (n) - 1] = 0xff }
	{ 4, { 0xf3, 0x0f, 0x1e, 0xfa }, FULL(4), INSN_NOP },		/* endbr64 */
	{ 4, { 0xf3, 0x0f, 0x1e, 0xfb }, FULL(4), INSN_NOP },		/* endbr32 */
	{ 4, { 0x66, 0x0f, 0x1f, 0x00 }, FULL(4), INSN_NOP },		/* poisoned endbr */
	{ 4, { 0x0f, 0x1f, 0x40, 0x00 }, { 0xff, 0xff, 0xff, 0x00 }, INSN_NOP },
	{ 3, { 0x0f, 0x1f, 0x00 }, FULL(3), INSN_NOP },
	{ 5, { 0x0f, 0x1f, 0x44, 0x00, 0x00 }, FULL(5), INSN_NOP },	/* idle tracer site */
	{ 6, { 0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00 }, FULL(6), INSN_NOP },
	{ 7, { 0x0f, 0x1f, 0x80 }, { 0xff, 0xff, 0xff }, INSN_NOP },
	{ 8, { 0x0f, 0x1f, 0x84, 0x00 }, { 0xff, 0xff, 0xff, 0xff }, INSN_NOP },
	{ 5, { 0x66, 0x66, 0x66, 0x66, 0x90 }, FULL(5), INSN_NOP },
	{ 5, { 0x3e, 0x8d, 0x74, 0x26, 0x00 }, FULL(5), INSN_NOP },	/* 32-bit tracer site */
	{ 5, { 0x3e, 0x8d, 0x44, 0x20, 0x00 }, FULL(5), INSN_NOP },	/* until 5.12, by CPU */
	{ 2, { 0x66, 0x90 }, FULL(2), INSN_NOP },
	{ 1, { 0x90 }, FULL(1), INSN_NOP },
	{ 1, { 0x55 }, FULL(1), INSN_NOP },				/* push %rbp */
	{ 1, { 0x5d }, FULL(1), INSN_NOP },				/* pop %rbp */
	{ 3, { 0x48, 0x89, 0xe5 }, FULL(3), INSN_NOP },			/* mov %rsp,%rbp */
	{ 2, { 0x89, 0xe5 }, FULL(2), INSN_NOP },			/* mov %esp,%ebp */
	{ 1, { 0xc9 }, FULL(1), INSN_NOP },				/* leave */
	/* Clearing registers that a caller finds undefined on return. */
	{ 2, { 0x31, 0xd2 }, FULL(2), INSN_NOP },			/* xor %edx,%edx */
	{ 2, { 0x31, 0xc9 }, FULL(2), INSN_NOP },
	{ 2, { 0x31, 0xf6 }, FULL(2), INSN_NOP },
	{ 2, { 0x31, 0xff }, FULL(2), INSN_NOP },
	{ 3, { 0x45, 0x31, 0xc0 }, { 0xff, 0xff, 0xc0 }, INSN_NOP },	/* xor %r8..%r11 */
	{ 1, { 0xc3 }, FULL(1), INSN_RET },
	{ 2, { 0xf3, 0xc3 }, FULL(2), INSN_RET },
	{ 1, { 0xcc }, FULL(1), INSN_BAD },				/* int3 */
	{ 2, { 0x0f, 0x0b }, FULL(2), INSN_BAD },			/* ud2 */
	{ 2, { 0x00, 0x00 }, FULL(2), INSN_BAD },			/* never written */
#undef FULL
};

static s32 load_s32(const u8 *p)
{
	return (s32)((u32)p[0] | (u32)p[1] << 8 | (u32)p[2] << 16 | (u32)p[3] << 24);
}

static bool matches(const struct pattern *p, const u8 *code)
{
	size_t i;

	for (i = 0; i < p->len; i++)
		if ((code[i] & p->mask[i]) != (p->bytes[i] & p->mask[i]))
			return false;
	return true;
}

static struct insn decode(const u8 *code)
{
	struct insn insn = { .kind = INSN_OTHER };
	unsigned int skip = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(patterns); i++)
		if (matches(&patterns[i], code))
			return (struct insn){ patterns[i].kind, patterns[i].len, 0 };

	/* mov $imm32,%rax, sign-extended */
	if (code[0] == 0x48 && code[1] == 0xc7 && code[2] == 0xc0)
		return (struct insn){ INSN_SET_RAX, 7, load_s32(code + 3) };
	/* mov $imm32,%eax: zero-extended, but 32-bit kernels use it */
	if (code[0] == 0xb8)
		return (struct insn){ INSN_SET_RAX, 5, (s64)(u32)load_s32(code + 1) };
	/* push $imm8; pop %rax: the same, smaller */
	if (code[0] == 0x6a && code[2] == 0x58)
		return (struct insn){ INSN_SET_RAX, 3, (s8)code[1] };
	if (code[0] == 0x31 && code[1] == 0xc0)
		return (struct insn){ INSN_SET_RAX, 2, 0 };

	/* A segment prefix pads the branches to some thunks. */
	while (skip < 2 && (code[skip] == 0x2e || code[skip] == 0x3e))
		skip++;
	if (code[skip] == 0xe8 || code[skip] == 0xe9) {
		insn.kind = code[skip] == 0xe8 ? INSN_CALL : INSN_JMP;
		insn.value = load_s32(code + skip + 1);
		insn.len = skip + 5;
	} else if (code[skip] == 0xeb) {
		insn.kind = INSN_JMP;
		insn.value = (s8)code[skip + 1];
		insn.len = skip + 2;
	}
	return insn;
}

/* -ENOSYS as this kernel's functions return it. */
static bool is_enosys(const struct ksc_reader *r, s64 rax)
{
	return r->bits == 64 ? rax == -ENOSYS : (s32)rax == -ENOSYS;
}

/*
 * The tracer's site comes first or after ENDBR. It is a call while tracing and
 * starts with a breakpoint while it is being changed. Other breakpoints are a
 * kprobe's.
 */
static bool is_site(const struct ksc_reader *r, const u8 *code, unsigned long addr)
{
	enum ksc_target target;
	size_t i;

	if (!r->ftrace)
		return false;
	if (code[0] == 0xe8)
		return true;
	if (code[0] != 0xcc)
		return false;

	for (i = 0; i < ARRAY_SIZE(patterns); i++)
		if (patterns[i].len == SITE_LEN &&
		    !memcmp(code + 1, patterns[i].bytes + 1, SITE_LEN - 1))
			return true;
	target = r->target(addr + SITE_LEN + load_s32(code + 1));
	return target == KSC_TARGET_NOP || target == KSC_TARGET_PATCH;
}

/* Read up to WINDOW bytes; the last stub of the text may end with its page. */
static size_t fetch(const struct ksc_reader *r, unsigned long addr, u8 *code)
{
	size_t len;

	for (len = WINDOW; len; len--) {
		memset(code, 0xcc, WINDOW);
		if (!r->read(addr, code, len))
			break;
	}
	return len;
}

static enum ksc_code walk(const struct ksc_reader *r, unsigned long addr, unsigned int depth)
{
	bool first = true;
	u8 code[WINDOW];
	s64 rax = 0;	/* or whatever else, if it is not known */
	int i;

	for (i = 0; i < KSC_MAX_INSNS; i++) {
		size_t readable = fetch(r, addr, code);
		struct insn insn = decode(code);
		unsigned long next;

		/* One cut short is none that we know, nor any other. */
		if (readable < (insn.kind == INSN_OTHER ? WINDOW - 1 : insn.len))
			return KSC_CODE_UNKNOWN;

		if (first && is_site(r, code, addr)) {
			addr += SITE_LEN;
			first = false;
			continue;
		}
		if (insn.kind != INSN_NOP)
			first = false;

		next = addr + insn.len;
		switch (insn.kind) {
		case INSN_NOP:
			break;
		case INSN_SET_RAX:
			rax = insn.value;
			break;
		case INSN_RET:
			goto returned;
		case INSN_CALL:
		case INSN_JMP:
			switch (ksc_follow(r, next + insn.value, insn.kind == INSN_CALL, depth,
					   walk)) {
			case KSC_BRANCH_NOP:
				break;
			case KSC_BRANCH_RETURN:
				goto returned;
			case KSC_BRANCH_ENOSYS:
				rax = -ENOSYS;
				if (insn.kind == INSN_JMP)
					goto returned;
				break;
			case KSC_BRANCH_BODY:
				return KSC_CODE_BODY;
			case KSC_BRANCH_UNKNOWN:
				return KSC_CODE_UNKNOWN;
			}
			break;
		case INSN_BAD:
			return KSC_CODE_UNKNOWN;
		case INSN_OTHER:
			return KSC_CODE_BODY;
		}
		addr = next;
	}
	return KSC_CODE_UNKNOWN;

returned:
	return is_enosys(r, rax) ? KSC_CODE_STUB : KSC_CODE_BODY;
}

enum ksc_code ksc_classify(const struct ksc_reader *r, unsigned long addr)
{
	return walk(r, addr, 0);
}

enum ksc_target ksc_arch_target(const char *name)
{
	const char *thunk = strstr(name, "return_thunk");

	/* __x86_return_thunk and what the CPU's mitigations put in its place. */
	if (thunk && !strcmp(thunk, "return_thunk"))
		return KSC_TARGET_RETURN;
	/* Called first thing by every function, or in the place of that call. */
	if (!strcmp(name, "__fentry__") || !strcmp(name, "ftrace_caller") ||
	    !strcmp(name, "ftrace_regs_caller"))
		return KSC_TARGET_NOP;
	return KSC_TARGET_OTHER;
}
