// SPDX-License-Identifier: GPL-2.0-only
/*
 * How x86 code reads. The value is in rax. What the kernel patches in at run
 * time: the tracer's call site, a poisoned ENDBR, FineIBT, return thunks.
 * Encodings: Intel SDM volume 2.
 */
#include "../stub.h"

#define WINDOW		15	/* no instruction is longer */
#define SITE_LEN	5	/* the tracer's call, or a nop */

#define CALL		0xe8
#define JMP		0xe9
#define INT3		0xcc

enum operand {
	NONE,
	VALUE,
	ENDBR,
	SITE,		/* a nop of the length of the tracer's call */
};

/* What is behind the first @fixed bytes is a signed immediate or does not matter. */
struct pattern {
	u8 len;
	u8 fixed;
	u8 bytes[8];
	u8 kind;
	u8 operand;
};

static const struct pattern patterns[] __initconst = {
	{ 4, 4, { 0xf3, 0x0f, 0x1e, 0xfa }, KSC_NOP, ENDBR },		/* endbr64 */
	{ 4, 4, { 0xf3, 0x0f, 0x1e, 0xfb }, KSC_NOP, ENDBR },		/* endbr32 */
	{ 4, 4, { 0x66, 0x0f, 0x1f, 0x00 }, KSC_NOP, ENDBR },		/* poisoned endbr */
	{ 4, 4, { 0x0f, 0x1f, 0x40, 0xd6 }, KSC_NOP, ENDBR },		/* likewise, newer */
	{ 4, 3, { 0x0f, 0x1f, 0x40 }, KSC_NOP },
	{ 3, 3, { 0x0f, 0x1f, 0x00 }, KSC_NOP },
	{ 5, 5, { 0x0f, 0x1f, 0x44, 0x00, 0x00 }, KSC_NOP, SITE },
	{ 5, 5, { 0x66, 0x66, 0x66, 0x66, 0x90 }, KSC_NOP, SITE },
	{ 5, 5, { 0x3e, 0x8d, 0x74, 0x26, 0x00 }, KSC_NOP, SITE },	/* 32-bit */
	{ 5, 5, { 0x3e, 0x8d, 0x44, 0x20, 0x00 }, KSC_NOP, SITE },	/* until 5.12, by CPU */
	{ 6, 6, { 0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00 }, KSC_NOP },
	{ 7, 3, { 0x0f, 0x1f, 0x80 }, KSC_NOP },
	{ 8, 4, { 0x0f, 0x1f, 0x84, 0x00 }, KSC_NOP },
	{ 2, 2, { 0x66, 0x90 }, KSC_NOP },
	{ 1, 1, { 0x90 }, KSC_NOP },
	{ 1, 1, { 0x55 }, KSC_NOP },					/* push %rbp */
	{ 1, 1, { 0x5d }, KSC_NOP },					/* pop %rbp */
	{ 3, 3, { 0x48, 0x89, 0xe5 }, KSC_NOP },			/* mov %rsp,%rbp */
	{ 2, 2, { 0x89, 0xe5 }, KSC_NOP },				/* mov %esp,%ebp */
	{ 1, 1, { 0xc9 }, KSC_NOP },					/* leave */
	/* Clearing registers that a caller finds undefined on return. */
	{ 2, 2, { 0x31, 0xd2 }, KSC_NOP },				/* xor %edx,%edx */
	{ 2, 2, { 0x31, 0xc9 }, KSC_NOP },
	{ 2, 2, { 0x31, 0xf6 }, KSC_NOP },
	{ 2, 2, { 0x31, 0xff }, KSC_NOP },
	{ 3, 3, { 0x45, 0x31, 0xc0 }, KSC_NOP },			/* xor %r8d,%r8d */
	{ 3, 3, { 0x45, 0x31, 0xc9 }, KSC_NOP },
	{ 3, 3, { 0x45, 0x31, 0xd2 }, KSC_NOP },
	{ 3, 3, { 0x45, 0x31, 0xdb }, KSC_NOP },
	{ 2, 2, { 0x31, 0xc0 }, KSC_NOP, VALUE },			/* xor %eax,%eax */
	{ 7, 3, { 0x48, 0xc7, 0xc0 }, KSC_NOP, VALUE },			/* mov $imm,%rax */
	{ 5, 1, { 0xb8 }, KSC_NOP, VALUE },				/* mov $imm,%eax */
	{ 5, 1, { CALL }, KSC_CALL },
	{ 5, 1, { JMP }, KSC_JUMP },
	{ 2, 1, { 0xeb }, KSC_JUMP },
	{ 1, 1, { 0xc3 }, KSC_RETURN },
	{ 2, 2, { 0xf3, 0xc3 }, KSC_RETURN },
	{ 1, 1, { INT3 }, KSC_NO_CODE },
	{ 2, 2, { 0x0f, 0x0b }, KSC_NO_CODE },				/* ud2 */
	{ 2, 2, { 0x00, 0x00 }, KSC_NO_CODE },				/* never written */
};

static s64 __init load_signed(const u8 *p, size_t len)
{
	u32 value = 0;
	size_t i;

	for (i = 0; i < len && i < 4; i++)
		value |= (u32)p[i] << 8 * i;
	return len == 1 ? (s8)value : (s32)value;
}

static const struct pattern * __init match(const u8 *code, size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(patterns); i++)
		if (patterns[i].len <= len && !memcmp(code, patterns[i].bytes, patterns[i].fixed))
			return &patterns[i];
	return NULL;
}

struct ksc_insn __init ksc_arch_decode(const struct ksc_text *t, size_t at,
				       struct ksc_frame *frame)
{
	struct ksc_insn insn = { .kind = KSC_OTHER };
	const u8 *code = t->code + at;
	size_t len = t->len - at, skip = 0;
	const struct pattern *p;

	/* push $imm8; pop %rax: shorter than a mov */
	if (len >= 3 && code[0] == 0x6a && code[2] == 0x58)
		return (struct ksc_insn){ KSC_NOP, 3, true, (s8)code[1] };
	/* A segment prefix pads the branches to some thunks. */
	while (skip < 2 && skip < len && (code[skip] == 0x2e || code[skip] == 0x3e))
		skip++;
	p = match(code, len);
	if (!p && skip) {
		p = match(code + skip, len - skip);
		if (p && p->kind != KSC_CALL && p->kind != KSC_JUMP)
			p = NULL;
		code += skip;
		insn.len = skip;
	}
	/* One cut short is none that we know, nor any other. */
	if (!p && len < WINDOW)
		insn.kind = KSC_NO_CODE;
	if (!p)
		return insn;

	insn.kind = p->kind;
	insn.len += p->len;
	insn.sets = p->operand == VALUE;
	insn.value = load_signed(code + p->fixed, p->len - p->fixed);
	insn.target = t->addr + at + insn.len + insn.value;
	/* Zero-extended, but 32-bit kernels use it. */
	if (code[0] == 0xb8 && t->r->bits == 64)
		insn.value = (u32)insn.value;
	return insn;
}

/*
 * The tracer's site comes first or after ENDBR. It is a call while tracing, a
 * jump to BPF where a program wants to see the function return, and starts with
 * a breakpoint while it is being changed. Other breakpoints are a kprobe's.
 */
static bool __init is_site(const struct ksc_text *t, size_t at)
{
	const u8 *code = t->code + at;
	enum ksc_target target;
	size_t i;

	if (t->len < at + SITE_LEN)
		return false;
	for (i = 0; i < ARRAY_SIZE(patterns); i++)
		if (patterns[i].operand == SITE &&
		    (code[0] == INT3 || code[0] == patterns[i].bytes[0]) &&
		    !memcmp(code + 1, patterns[i].bytes + 1, SITE_LEN - 1))
			return true;
	if (code[0] != CALL && code[0] != JMP && code[0] != INT3)
		return false;

	target = t->r->target(t->addr + at + SITE_LEN + load_signed(code + 1, 4));
	switch (code[0]) {
	case CALL:
		/* Without a site a function may call this one first. */
		return target != KSC_TARGET_NI;
	case JMP:
		return target == KSC_TARGET_TRACER;
	default:
		return target == KSC_TARGET_TRACER || target == KSC_TARGET_PATCH;
	}
}

size_t __init ksc_arch_entry(const struct ksc_text *t)
{
	const struct pattern *p = match(t->code, t->len);
	size_t at = p && p->operand == ENDBR ? p->len : 0;

	return t->r->ftrace && is_site(t, at) ? at + SITE_LEN : at;
}

const struct ksc_named ksc_arch_targets[] __initconst = {
	/* __x86_return_thunk and what the CPU's mitigations put in its place. */
	{ "*return_thunk", KSC_TARGET_RETURN },
	/* What call_depth_return_thunk was called first. */
	{ "__x86_return_skl", KSC_TARGET_RETURN },
	/* Called first thing by every function, or in the place of that call. */
	{ "__fentry__", KSC_TARGET_TRACER },
	{ "ftrace_caller", KSC_TARGET_TRACER },
	{ "ftrace_regs_caller", KSC_TARGET_TRACER },
};

const size_t ksc_arch_nr_targets __initconst = ARRAY_SIZE(ksc_arch_targets);
