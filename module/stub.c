// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recognises code whose whole effect is to return -ENOSYS.
 *
 * It follows the code in a straight line, past the tracer's call site, and has
 * the architecture's decoder know just the instructions that compilers put into
 * such a function; at the return, the value decides. Whatever is in doubt is
 * unknown. Plain C, as are the decoders; see stub.h.
 */
#include "stub.h"

#define MAX_DEPTH	4	/* wrapper, inner function, sys_ni_syscall and one more */
#define MAX_READINGS	8

enum branch {
	BRANCH_NOP,	/* nothing, the function goes on */
	BRANCH_RETURN,	/* it returns */
	BRANCH_ENOSYS,	/* a result of -ENOSYS, its whole effect */
	BRANCH_BODY,	/* something else */
	BRANCH_UNKNOWN,	/* that cannot be told */
};

const struct ksc_pattern * __init ksc_match(const struct ksc_pattern *patterns, size_t n, u32 code)
{
	static const struct ksc_pattern other __initconst = { .kind = KSC_OTHER };
	size_t i;

	for (i = 0; i < n; i++)
		if ((code & patterns[i].mask) == patterns[i].value)
			return &patterns[i];
	return &other;
}

bool __init ksc_load(const struct ksc_text *t, size_t at, size_t len, bool big, u32 *code)
{
	size_t i;

	if (at + len > t->len)
		return false;
	*code = 0;
	for (i = 0; i < len; i++)
		*code |= (u32)t->code[at + i] << 8 * (big ? len - 1 - i : i);
	return true;
}

/* As much as is readable: the last stub of the text may end with its page. */
static size_t __init read_code(const struct ksc_reader *r, unsigned long addr, u8 *code)
{
	size_t len = 0;

	if (!r->read(addr, code, KSC_TEXT))
		return KSC_TEXT;
	while (len < KSC_TEXT && !r->read(addr + len, code + len, 1))
		len++;
	return len;
}

/*
 * Code that is being patched while it is read may read as none that ever was.
 * So it is read until it stays the same.
 */
static bool __init read_text(struct ksc_text *t)
{
	u8 code[KSC_TEXT];
	int i;

	t->len = read_code(t->r, t->addr, t->code);
	for (i = 1; i < MAX_READINGS; i++) {
		size_t len = read_code(t->r, t->addr, code);

		if (len == t->len && !memcmp(code, t->code, len))
			return true;
		memcpy(t->code, code, len);
		t->len = len;
	}
	return false;
}

static enum ksc_code walk(const struct ksc_reader *r, unsigned long addr, unsigned int depth);

/* Where a branch goes. */
static enum branch __init follow(const struct ksc_reader *r, const struct ksc_insn *insn,
				 unsigned int depth)
{
	bool call = insn->kind == KSC_CALL;

	switch (r->target(insn->target)) {
	case KSC_TARGET_NI:
		return BRANCH_ENOSYS;
	case KSC_TARGET_RETURN:
		return call ? BRANCH_BODY : BRANCH_RETURN;
	case KSC_TARGET_TRACER:
		return call ? BRANCH_NOP : BRANCH_BODY;
	case KSC_TARGET_PATCH:
		return BRANCH_UNKNOWN;
	case KSC_TARGET_OTHER:
		break;
	}

	/* So far the function has done nothing, and may well go on like that. */
	if (depth == MAX_DEPTH)
		return BRANCH_UNKNOWN;

	switch (walk(r, insn->target, depth + 1)) {
	case KSC_CODE_STUB:
		return BRANCH_ENOSYS;
	case KSC_CODE_BODY:
		return BRANCH_BODY;
	case KSC_CODE_UNKNOWN:
		break;
	}
	return BRANCH_UNKNOWN;
}

static enum ksc_code __init walk(const struct ksc_reader *r, unsigned long addr,
				 unsigned int depth)
{
	struct ksc_text text = { .r = r, .addr = addr };
	struct ksc_frame frame = { 0 };
	struct ksc_insn insn;
	s64 value = 0;	/* or whatever else, if it is not known */
	size_t at;

	if (!read_text(&text))
		return KSC_CODE_UNKNOWN;

	for (at = ksc_arch_entry(&text); at < text.len; at += insn.len) {
		insn = ksc_arch_decode(&text, at, &frame);
		if (insn.sets)
			value = insn.value;

		switch (insn.kind) {
		case KSC_NOP:
			break;
		case KSC_RETURN:
			goto returned;
		case KSC_CALL:
		case KSC_JUMP:
			switch (follow(r, &insn, depth)) {
			case BRANCH_NOP:
				break;
			case BRANCH_RETURN:
				goto returned;
			case BRANCH_ENOSYS:
				value = -r->no_syscall;
				if (insn.kind == KSC_JUMP)
					goto returned;
				break;
			case BRANCH_BODY:
				return KSC_CODE_BODY;
			case BRANCH_UNKNOWN:
				return KSC_CODE_UNKNOWN;
			}
			break;
		case KSC_NO_CODE:
			return KSC_CODE_UNKNOWN;
		case KSC_OTHER:
			return KSC_CODE_BODY;
		}
	}
	/* Perhaps memory that was never written: on MIPS that reads as nops. */
	return KSC_CODE_UNKNOWN;

returned:
	/* Nobody returns like that: this is no code. */
	if (frame.pending)
		return KSC_CODE_UNKNOWN;
	return value == -r->no_syscall ? KSC_CODE_STUB : KSC_CODE_BODY;
}

enum ksc_code __init ksc_classify(const struct ksc_reader *r, unsigned long addr)
{
	return walk(r, addr, 0);
}

/* What all architectures have. */
static const struct ksc_named common_targets[] __initconst = {
	/* With the prefixes that syscall wrappers give it. */
	{ "*sys_ni_syscall", KSC_TARGET_NI },
	{ "__sanitizer_cov_trace_pc", KSC_TARGET_TRACER },
};

static const struct ksc_named * __init find_name(const struct ksc_named *list, size_t n,
						 const char *symbol, size_t len)
{
	size_t i;

	for (i = 0; i < n; i++) {
		bool end = list[i].name[0] == '*';
		const char *name = list[i].name + end;
		size_t name_len = strlen(name);

		if ((end ? len >= name_len : len == name_len) &&
		    !memcmp(symbol + len - name_len, name, name_len))
			return &list[i];
	}
	return NULL;
}

/* Where fentry, fexit and fmod_ret programs run; the kernel has functions called alike. */
static bool __init is_bpf_trampoline(const char *symbol)
{
	static const char name[] __initconst = "bpf_trampoline_";
	size_t len = sizeof(name) - 1;

	return !strncmp(symbol, name, len) && symbol[len] >= '0' && symbol[len] <= '9';
}

enum ksc_target __init ksc_name_target(const char *symbol)
{
	size_t len = strcspn(symbol, "+");
	const struct ksc_named *known;

	if (is_bpf_trampoline(symbol))
		return KSC_TARGET_TRACER;
	/* A bare address, or something of a module. */
	if (!symbol[len] || strchr(symbol, '['))
		return KSC_TARGET_PATCH;
	known = find_name(common_targets, ARRAY_SIZE(common_targets), symbol, len);
	if (!known)
		known = find_name(ksc_arch_targets, ksc_arch_nr_targets, symbol, len);
	return known ? known->target : KSC_TARGET_OTHER;
}
