// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recognises code whose whole effect is to return -ENOSYS.
 *
 * It follows the code in a straight line, past the tracer's call site, and knows
 * by the architecture's patterns just the instructions that compilers put into
 * such a function; at the return, the value decides. Whatever is in doubt is
 * unknown. Plain C, as are the patterns; see stub.h.
 */
#include "stub.h"

#define MAX_DEPTH	4	/* wrapper, inner function, sys_ni_syscall and one more */
#define MAX_READINGS	8
#define MAX_CODE	96	/* of a function: several times the longest stub */

/* The code of a function, as it was at one time, from @addr as far as it is readable. */
struct text {
	const struct ksc_reader *r;
	unsigned long addr;
	size_t len;
	u8 code[MAX_CODE];
};

struct insn {
	enum ksc_kind kind;
	enum ksc_effect effect;
	size_t len;
	s64 value;
	unsigned long target;
};

/* A register that a function owes its caller. */
struct owed {
	s64 at;		/* saved there, counted as struct state.sp is; 0: nowhere */
	bool lost;	/* has another value now */
};

/* What a function has done so far. */
struct state {
	s64 value;	/* to be returned; whatever else, if it is not known */
	int pushed;	/* saved or moved and not brought back */
	s64 sp;		/* counted from the stack pointer's value at the entry */
	struct owed ra;
	struct owed fp;
};

/* As much as is readable: the last stub of the text may end with its page. */
static size_t __init read_code(const struct ksc_reader *r, unsigned long addr, u8 *code)
{
	size_t len = 0;

	if (!r->read(addr, code, MAX_CODE))
		return MAX_CODE;
	while (len < MAX_CODE && !r->read(addr + len, code + len, 1))
		len++;
	return len;
}

/*
 * Code that is being patched while it is read may read as none that ever was.
 * So it is read until it stays the same.
 */
static bool __init read_text(struct text *t)
{
	u8 code[MAX_CODE];
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

/* What patterns are matched against; what is not there reads as zero. */
static u64 __init code_at(const struct text *t, size_t at)
{
	u64 code = 0;
	size_t i;

	for (i = 0; i < sizeof(code) && at + i < t->len; i++)
		code |= (u64)t->code[at + i] << 8 * (i ^ ksc_arch.swap);
	return code;
}

static s64 __init sum_of_fields(const struct ksc_operand *operand, u64 code)
{
	const struct ksc_field *f;
	s64 sum = 0;

	for (f = operand->fields; f->bits; f++) {
		u64 top = code << (64 - f->from - f->bits);
		u64 bits = top >> (64 - f->bits);

		if (f->sign == KSC_SIGNED)
			bits = (s64)top >> (64 - f->bits);
		bits <<= f->to;
		sum += f->sign == KSC_NEGATED ? -bits : bits;
	}
	return sum;
}

static unsigned long __init place(const struct text *t, size_t at,
				  const struct ksc_operand *operand, u64 code)
{
	unsigned long base = t->addr + at + operand->bias;

	return (base >> operand->region << operand->region) + sum_of_fields(operand, code);
}

/* @entry: nothing but pads stands in front of it. */
static bool __init fits(const struct ksc_pattern *p, const struct text *t, size_t at, u64 code,
			bool entry)
{
	if ((code & p->mask) != p->value)
		return false;
	if (p->kind == KSC_PAD)
		return entry;
	if (p->kind != KSC_SITE)
		return true;
	if (!t->r->ftrace || !entry)
		return false;
	return !p->operand || ksc_arch.is_tracers(t->r, code, place(t, at, p->operand, code),
						  t->addr + at + p->len);
}

static struct insn __init decode_one(const struct text *t, size_t at, bool entry)
{
	bool t32 = t->r->thumb && ksc_arch.t32;
	const struct ksc_pattern *p = t32 ? ksc_arch.t32 : ksc_arch.patterns;
	struct insn insn = { .kind = KSC_OTHER };
	u64 code = code_at(t, at);

	while (p->len && !fits(p, t, at, code, entry))
		p++;
	/* One cut short is none that we know, nor any other. */
	if (t->len < at + (p->len ?: ksc_arch.longest))
		insn.kind = KSC_NO_CODE;
	if (!p->len || insn.kind == KSC_NO_CODE)
		return insn;

	insn.kind = p->kind;
	insn.effect = p->effect;
	insn.len = p->len;
	if (p->operand) {
		insn.value = p->operand->bias + sum_of_fields(p->operand, code);
		insn.target = place(t, at, p->operand, code);
	}
	return insn;
}

static struct insn __init decode(const struct text *t, size_t at, bool entry)
{
	struct insn insn = decode_one(t, at, entry), slot;

	if (!ksc_arch.delay_slot ||
	    (insn.kind != KSC_CALL && insn.kind != KSC_JUMP && insn.kind != KSC_RETURN))
		return insn;

	slot = decode_one(t, at + insn.len, false);
	if (slot.kind == KSC_NO_CODE)
		return slot;
	if (slot.kind != KSC_NOP)
		insn.kind = KSC_OTHER;
	insn.len += slot.len;
	insn.effect = slot.effect;
	insn.value = slot.value;
	return insn;
}

static bool __init save(struct owed *reg, s64 sp, s64 offset)
{
	reg->at = sp + offset;
	return offset >= 0 && reg->at < 0 && !reg->lost;
}

static bool __init load(struct owed *reg, s64 sp, s64 offset)
{
	reg->lost = false;
	return reg->at && reg->at == sp + offset;
}

/* What an instruction changes; whether that is in order. */
static bool __init step(struct state *s, const struct insn *insn, unsigned int bits)
{
	switch (insn->effect) {
	case KSC_NONE:
		break;
	case KSC_SET:
		s->value = insn->value;
		break;
	case KSC_SET_LOW:
		s->value = bits > 32 ? (u32)insn->value : insn->value;
		break;
	case KSC_PUSH:
		s->pushed++;
		break;
	case KSC_PULL:
		s->pushed--;
		break;
	case KSC_STACK:
		s->sp += insn->value;
		return s->sp <= 0;
	case KSC_SAVE_RA:
		return save(&s->ra, s->sp, insn->value);
	case KSC_SAVE_FP:
		return save(&s->fp, s->sp, insn->value);
	case KSC_LOAD_RA:
		return load(&s->ra, s->sp, insn->value);
	case KSC_LOAD_FP:
		return load(&s->fp, s->sp, insn->value);
	case KSC_LOSE_RA:
		s->ra.lost = true;
		break;
	case KSC_LOSE_FP:
		s->fp.lost = true;
		break;
	}
	return true;
}

static enum ksc_code __init returned(const struct state *s, int no_syscall)
{
	/* Nobody returns like that: this is no code. */
	if (s->pushed || s->sp || s->ra.lost || s->fp.lost)
		return KSC_CODE_UNKNOWN;
	return s->value == -no_syscall ? KSC_CODE_STUB : KSC_CODE_BODY;
}

static enum ksc_code walk(const struct ksc_reader *r, unsigned long addr, unsigned int depth);

/* What a call or jump amounts to: nothing, a return, anything else or what is no code. */
static enum ksc_kind __init follow(const struct ksc_reader *r, const struct insn *insn,
				   unsigned int depth, s64 *value)
{
	bool call = insn->kind == KSC_CALL;
	enum ksc_code code = KSC_CODE_UNKNOWN;

	switch (r->target(insn->target)) {
	case KSC_TARGET_NI:
		code = KSC_CODE_STUB;
		break;
	case KSC_TARGET_RETURN:
		return call ? KSC_OTHER : KSC_RETURN;
	case KSC_TARGET_TRACER:
		return call ? KSC_NOP : KSC_OTHER;
	case KSC_TARGET_PATCH:
		return KSC_NO_CODE;
	case KSC_TARGET_OTHER:
		/* So far the function has done nothing, and may well go on like that. */
		if (depth < MAX_DEPTH)
			code = walk(r, insn->target, depth + 1);
		break;
	}
	if (code == KSC_CODE_BODY)
		return KSC_OTHER;
	if (code == KSC_CODE_UNKNOWN)
		return KSC_NO_CODE;
	*value = -r->no_syscall;
	return call ? KSC_NOP : KSC_RETURN;
}

static enum ksc_code __init walk(const struct ksc_reader *r, unsigned long addr,
				 unsigned int depth)
{
	struct text text = { .r = r, .addr = addr };
	struct state state = { 0 };
	struct insn insn;
	bool entry = true;
	size_t at;

	if (!read_text(&text))
		return KSC_CODE_UNKNOWN;

	for (at = 0; at < text.len; at += insn.len) {
		insn = decode(&text, at, entry);
		entry = insn.kind == KSC_PAD;
		if (!step(&state, &insn, r->bits))
			return KSC_CODE_BODY;
		if (insn.kind == KSC_CALL || insn.kind == KSC_JUMP)
			insn.kind = follow(r, &insn, depth, &state.value);
		if (insn.kind == KSC_OTHER)
			return KSC_CODE_BODY;
		if (insn.kind == KSC_NO_CODE)
			return KSC_CODE_UNKNOWN;
		if (insn.kind == KSC_RETURN)
			return returned(&state, r->no_syscall);
	}
	/* Perhaps memory that was never written: on MIPS that reads as nops. */
	return KSC_CODE_UNKNOWN;
}

enum ksc_code __init ksc_classify(const struct ksc_reader *r, unsigned long addr)
{
	return walk(r, addr, 0);
}

/* What all architectures have. */
static const struct ksc_named common_names[] __initconst = {
	/* With the prefixes that syscall wrappers give it. */
	{ "*sys_ni_syscall", KSC_TARGET_NI },
	{ "__sanitizer_cov_trace_pc", KSC_TARGET_TRACER },
	/* They keep the registers that hold arguments and results. */
	{ "_mcount", KSC_TARGET_TRACER },
	{ "ftrace_caller", KSC_TARGET_TRACER },
	{ "ftrace_regs_caller", KSC_TARGET_TRACER },
	{ }
};

static enum ksc_target __init find_name(const struct ksc_named *known, const char *symbol,
					size_t len)
{
	for (; known && known->name[0]; known++) {
		bool end = known->name[0] == '*';
		const char *name = known->name + end;
		size_t name_len = strlen(name);

		if ((end ? len >= name_len : len == name_len) &&
		    !memcmp(symbol + len - name_len, name, name_len))
			return known->target;
	}
	return KSC_TARGET_OTHER;
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
	enum ksc_target known;

	if (is_bpf_trampoline(symbol))
		return KSC_TARGET_TRACER;
	/* A bare address, or something of a module. */
	if (!symbol[len] || strchr(symbol, '['))
		return KSC_TARGET_PATCH;
	known = find_name(common_names, symbol, len);
	return known != KSC_TARGET_OTHER ? known : find_name(ksc_arch.names, symbol, len);
}
