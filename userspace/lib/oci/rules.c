// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A policy as OCI rules, for runtimes that take nothing but JSON.
 *
 * Rules go by name and reach every architecture of the profile at once; a
 * policy goes by number, architecture by architecture. Where the two do not
 * fit, the profile's own answer stays and the number is noted: a denial is
 * never traded for an ALLOW.
 *
 * What is known of libseccomp, and shown by tests/seccomp/test-libseccomp.c: of the
 * rules of one number the first without arguments decides alone, wherever it
 * stands; a name has one number for each architecture and a number one name,
 * but for the calls that socketcall(2) and ipc(2) multiplex, whose rules reach
 * the multiplexer too.
 */
#define _GNU_SOURCE		/* reallocarray(), asprintf() */
#include <errno.h>
#include <linux/audit.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complement.h"
#include "rules.h"

/* Numbers relative to a base that libseccomp or a tree may have a name for. */
#define NUMBERS		1024
/* libseccomp may know so many syscalls that came after the last one that we know. */
#define NEWER		64

/* Entries of the new profile beyond those that the original has. */
#define ENTRY_ADDED	0x10000000u

#define NR_SKIP		0xffffffffu

/* Where an architecture has numbers; most have one base, which is 0. */
static const struct span {
	uint32_t token, base, last;
} spans[] = {
	{ SCMP_ARCH_X86_64,		0,		0x3fffffff },
	{ SCMP_ARCH_X32,		0x40000000,	0xfffffffe },
	{ SCMP_ARCH_MIPS,		4000,		0xfffffffe },
	{ SCMP_ARCH_MIPSEL,		4000,		0xfffffffe },
	{ SCMP_ARCH_MIPS64,		5000,		0xfffffffe },
	{ SCMP_ARCH_MIPSEL64,		5000,		0xfffffffe },
	{ SCMP_ARCH_MIPS64N32,		6000,		0xfffffffe },
	{ SCMP_ARCH_MIPSEL64N32,	6000,		0xfffffffe },
	{ SCMP_ARCH_ARM,		0,		0xeffff },
	{ SCMP_ARCH_ARM,		0xf0000,	0xfffffffe },
};

/* One number of one architecture that libseccomp has a name for. */
struct cell {
	const char *name;
	char *owned;		/* the name, if nobody else owns it */
	uint64_t start;		/* of the name, as a number that sorts as it does */
	uint32_t token, nr;
	uint32_t want;		/* the policy's answer; 0: as the profile has it */
	bool native;
	bool absent;		/* past an ALLOW, the kernel answers ENOSYS itself */
};

/* A call that an architecture's socketcall or ipc multiplexes, by its first argument. */
struct muxed {
	uint32_t token, mux, call;
};

typedef const struct ksc_profile_rule *const *rule_list;

struct work {
	const struct ksc_policy *policy;
	const struct ksc_profile *p;
	uint32_t def_action;		/* of the new profile */

	struct cell *cells;		/* by name */
	size_t nr_cells;
	const struct ksc_profile_rule **by_name;	/* the profile's, that count */
	size_t nr_by_name;

	struct rules_note row;		/* the numbers without a name before the next one */
	uint32_t row_wants;
	bool in_row;

	struct rule *out;
	size_t nr_out;
	struct arg_rule **owned;
	size_t nr_owned;
	struct scmp_arg_cmp told;
	unsigned int next_entry;
	struct rules_notes *notes;
};

/* ---- notes ------------------------------------------------------------ */

__attribute__((format(printf, 3, 4)))
static int note(struct work *w, struct rules_note n, const char *fmt, ...)
{
	struct rules_notes *notes = w->notes;
	struct rules_note *v;
	va_list ap;
	int ret;

	v = reallocarray(notes->v, notes->n + 1, sizeof(*v));
	if (!v)
		return -ENOMEM;
	notes->v = v;
	if (n.name) {
		n.name = strdup(n.name);
		if (!n.name)
			return -ENOMEM;
	}
	va_start(ap, fmt);
	ret = vasprintf(&n.text, fmt, ap);
	va_end(ap);
	if (ret < 0) {
		free(n.name);
		return -ENOMEM;
	}
	v[notes->n++] = n;
	return 0;
}

void rules_notes_free(struct rules_notes *notes)
{
	size_t i;

	for (i = 0; i < notes->n; i++) {
		free(notes->v[i].name);
		free(notes->v[i].text);
	}
	free(notes->v);
	*notes = (struct rules_notes){};
}

/* ---- what the policy says of each number ------------------------------ */

static uint32_t audit_arch_of(uint32_t token)
{
	return token == SCMP_ARCH_X32 ? AUDIT_ARCH_X86_64 : token;
}

/* Numbers that no rule can name get the default. */
static int end_row(struct work *w)
{
	struct rules_note n = w->row;
	bool ends = w->in_row && w->row_wants != w->def_action;

	w->in_row = false;
	if (!ends)
		return 0;
	if (n.nr != n.last)
		return note(w, n, "%u to %u: no rule reaches them", n.nr, n.last);
	return note(w, n, "%u%s%s: libseccomp has no name for it", n.nr, n.name ? " " : "",
		    n.name ? n.name : "");
}

/* Those that nobody names and that should get one answer are told in a row. */
static int collect_nameless(struct work *w, uint32_t token, uint32_t nr, uint32_t last,
			    uint32_t action, const char *name)
{
	uint32_t wants = action ? action : w->p->def_action;
	int ret;

	if (w->in_row && w->row.token == token && w->row.last + 1 == nr && !w->row.name && !name &&
	    w->row_wants == wants) {
		w->row.last = last;
		return 0;
	}
	ret = end_row(w);
	w->row = (struct rules_note){ .kind = RULES_NO_NAME, .token = token, .nr = nr, .last = last,
				      .name = (char *)name };
	w->row_wants = wants;
	w->in_row = true;
	return ret;
}

static uint64_t start_of(const char *name)
{
	uint64_t start = 0;
	int i;

	for (i = 0; i < 8; i++) {
		start = start << 8 | (uint8_t)*name;
		name += !!*name;
	}
	return start;
}

static int collect_number(struct work *w, uint32_t token, uint32_t nr, const char *known, bool ask)
{
	struct cell *c = &w->cells[w->nr_cells];
	uint32_t arch = audit_arch_of(token);
	uint32_t action = ksc_verdict(w->policy, arch, nr);

	*c = (struct cell){
		.name = known, .token = token, .nr = nr, .want = action,
		.native = token == w->p->native, .absent = ksc_verdict_row(w->policy, arch, nr) == KSC_ROW_ABSENT,
	};
	if (ask)
		c->name = c->owned = seccomp_syscall_resolve_num_arch(token, (int)nr);
	if (!c->name)
		return collect_nameless(w, token, nr, nr, action,
					ksc_verdict_name(w->policy, arch, nr));
	c->start = start_of(c->name);
	w->nr_cells++;
	return 0;
}

/* All of them are alike, so one is asked. */
static int collect_rest(struct work *w, uint32_t token, uint32_t first, uint32_t last)
{
	uint32_t action = ksc_verdict(w->policy, audit_arch_of(token), first);

	return collect_nameless(w, token, first, last, action, NULL);
}

/*
 * libseccomp goes through all of its names to find a number's, but finds a name's
 * number at once. So it is asked for the numbers of all names that we know, and for
 * the names of what is left of the numbers. Returns where they end.
 */
static uint32_t find_names(uint32_t token, uint32_t base, const char *names[NUMBERS])
{
	unsigned int release;
	const char *name;
	uint32_t nr, end = 0;
	size_t i;

	for (i = 0; !ksc_release_next(i, &name, &release); i++) {
		nr = (uint32_t)seccomp_syscall_resolve_name_arch(token, name) - base;
		if (nr >= NUMBERS)
			continue;
		/* Of two names for one number libseccomp shall tell which is its own. */
		names[nr] = names[nr] ? NULL : name;
		end = nr >= end ? nr + 1 : end;
	}
	return end;
}

static int collect_span(struct work *w, uint32_t token, uint32_t base, uint32_t last)
{
	const char *names[NUMBERS] = { NULL };
	uint32_t nr, end = find_names(token, base, names);
	struct cell *more;
	int ret = 0;

	more = reallocarray(w->cells, w->nr_cells + NUMBERS, sizeof(*more));
	if (!more)
		return -ENOMEM;
	w->cells = more;
	for (nr = 0; !ret && nr < NUMBERS; nr++)
		ret = collect_number(w, token, base + nr, names[nr],
				     !names[nr] && nr < end + NEWER);
	return ret ? ret : collect_rest(w, token, base + NUMBERS, last);
}

static int collect_arch(struct work *w, uint32_t token)
{
	uint32_t next = 0;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < ARRAY_SIZE(spans); i++) {
		if (spans[i].token != token)
			continue;
		/* Below the base of MIPS there are numbers, too. */
		if (token != SCMP_ARCH_X32 && spans[i].base > next)
			ret = collect_rest(w, token, next, spans[i].base - 1);
		if (!ret)
			ret = collect_span(w, token, spans[i].base, spans[i].last);
		next = spans[i].last + 1;
	}
	if (!ret && !next)
		ret = collect_span(w, token, 0, NR_SKIP - 1);
	/* Not a syscall, but by which tracers skip one. */
	if (!ret && token != SCMP_ARCH_X32)
		ret = collect_rest(w, token, NR_SKIP, NR_SKIP);
	return ret ? ret : end_row(w);
}

static int compare_cells(const void *a, const void *b)
{
	const struct cell *c = a, *d = b;

	return c->start != d->start ? (c->start > d->start) - (c->start < d->start) :
				      strcmp(c->name, d->name);
}

/* ELF machines whose programs run under one kernel. */
static const struct {
	uint16_t narrow, wide;
} widths[] = {
	{ EM_386,	EM_X86_64 },
	{ EM_ARM,	EM_AARCH64 },
	{ EM_PPC,	EM_PPC64 },
};

static uint32_t machine_of(uint32_t token)
{
	uint32_t order = token & __AUDIT_ARCH_LE, machine = token & 0xffff;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(widths); i++) {
		if (machine == widths[i].narrow)
			return order | widths[i].wide;
	}
	return order | machine;
}

static int collect(struct work *w)
{
	uint32_t token;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && (token = ksc_profile_arch(w->p, i)); i++) {
		/* Other machines' calls cannot come here, so no rule has to suit them. */
		if (machine_of(token) == machine_of(w->p->native))
			ret = collect_arch(w, token);
	}
	if (!ret && w->nr_cells)
		qsort(w->cells, w->nr_cells, sizeof(*w->cells), compare_cells);
	return ret;
}

/* ---- the profile's rules by name -------------------------------------- */

static int compare_rules(const void *a, const void *b)
{
	const struct ksc_profile_rule *r = *(const struct ksc_profile_rule *const *)a;
	const struct ksc_profile_rule *s = *(const struct ksc_profile_rule *const *)b;
	int ret = strcmp(r->name, s->name);

	/* In the profile's order, for the first of two rules may win. */
	return ret ? ret : (r > s) - (r < s);
}

static int sort_rules(struct work *w)
{
	size_t i;

	w->by_name = calloc(w->p->nr_rules + 1, sizeof(*w->by_name));
	if (!w->by_name)
		return -ENOMEM;
	for (i = 0; i < w->p->nr_rules; i++) {
		/* Runtimes skip a rule that equals the default, and so it does not count. */
		if (w->p->rules[i].pub.action != w->p->def_action)
			w->by_name[w->nr_by_name++] = &w->p->rules[i].pub;
	}
	qsort(w->by_name, w->nr_by_name, sizeof(*w->by_name), compare_rules);
	return 0;
}

static rule_list find_rules(const struct work *w, const char *name, size_t *n)
{
	size_t low = 0, high = w->nr_by_name, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (strcmp(w->by_name[mid]->name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (*n = 0; low + *n < w->nr_by_name && !strcmp(w->by_name[low + *n]->name, name); ++*n)
		;
	return w->by_name + low;
}

/* A mask without a bit is no condition to libseccomp. */
static bool is_plain(const struct ksc_profile_rule *r)
{
	unsigned int i, empty = 0;

	for (i = 0; i < r->nr_args; i++)
		empty += r->args[i].op == SCMP_CMP_MASKED_EQ && !r->args[i].datum_a;
	return empty == r->nr_args || (empty && args_are_alternatives(r));
}

static const struct ksc_profile_rule *plain_rule(rule_list rules, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (is_plain(rules[i]))
			return rules[i];
	}
	return NULL;
}

static bool is_answer(uint32_t action, uint32_t want, const struct cell *c)
{
	return action == want ||
	       (c->absent && action == SCMP_ACT_ALLOW && want == ksc_ret_enosys(c->token));
}

/* Do the profile's own rules answer @want, whatever the arguments? */
static bool always_answer(const struct work *w, rule_list rules, size_t n, uint32_t want,
			  const struct cell *c)
{
	const struct ksc_profile_rule *plain = plain_rule(rules, n);
	size_t i;

	if (plain)
		return is_answer(plain->action, want, c);
	for (i = 0; i < n; i++) {
		if (!is_answer(rules[i]->action, want, c))
			return false;
	}
	return is_answer(w->p->def_action, want, c);
}

/* ---- multiplexers ----------------------------------------------------- */

static bool find_muxed(uint32_t token, const char *name, struct muxed *m)
{
	int nr = seccomp_syscall_resolve_name_arch(token, name);
	int mux;

	if (!is_muxed_nr(nr))
		return false;
	mux = seccomp_syscall_resolve_name_rewrite(token, name);
	if (mux < 0)
		return false;
	*m = (struct muxed){ .token = token, .mux = (uint32_t)mux, .call = (uint32_t)(-nr % 100) };
	return true;
}

static bool is_muxed(const struct work *w, const char *name)
{
	uint32_t token;
	struct muxed m;
	size_t i;

	for (i = 0; (token = ksc_profile_arch(w->p, i)); i++) {
		if (find_muxed(token, name, &m))
			return true;
	}
	return false;
}

static const struct cell *find_cell(const struct work *w, uint32_t token, uint32_t nr)
{
	size_t i;

	for (i = 0; i < w->nr_cells; i++) {
		if (w->cells[i].token == token && w->cells[i].nr == nr)
			return &w->cells[i];
	}
	return NULL;
}

/*
 * Does a rule of this name decide about some of a multiplexer's calls? Not if a
 * rule of the multiplexer's own decides about all of them. @kept: of one that the
 * policy leaves to the profile; @contested: of one with rules of its own, which
 * may take what this name's took.
 */
static bool reaches_mux(const struct work *w, const char *name, bool kept, bool contested)
{
	const struct cell *mux;
	uint32_t token;
	struct muxed m;
	rule_list rules;
	size_t i, n;

	for (i = 0; (token = ksc_profile_arch(w->p, i)); i++) {
		if (!find_muxed(token, name, &m))
			continue;
		mux = find_cell(w, token, m.mux);
		if (!mux || (kept && mux->want))
			continue;
		rules = find_rules(w, mux->name, &n);
		if (!plain_rule(rules, n) && (n || !contested))
			return true;
	}
	return false;
}

/* ---- the new rules ---------------------------------------------------- */

static int emit(struct work *w, const struct ksc_profile_rule *r, unsigned int entry,
		uint32_t action)
{
	struct rule *out;

	/* Runtimes skip a rule that equals the default, and runc before 1.1 refused it. */
	if (action == w->def_action)
		return 0;
	out = reallocarray(w->out, w->nr_out + 1, sizeof(*out));
	if (!out)
		return -ENOMEM;
	w->out = out;
	out[w->nr_out] = (struct rule){ .pub = *r };
	out[w->nr_out].pub.entry = entry;
	out[w->nr_out++].pub.action = action;
	return 0;
}

static int emit_plain(struct work *w, const char *name, uint32_t action)
{
	struct ksc_profile_rule r = { .name = name };
	uint32_t enosys = ksc_ret_enosys(w->p->native);
	uint32_t usual = w->def_action == enosys ? w->p->def_action : enosys;

	/* One entry has one action. */
	return emit(w, &r, action == usual ? ENTRY_ADDED : ++w->next_entry, action);
}

/* ---- arguments -------------------------------------------------------- */

struct taken {
	struct arg_rule *v;
	size_t n;
};

static int take(struct taken *t, const struct arg_rule *r)
{
	struct arg_rule *v = reallocarray(t->v, t->n + 1, sizeof(*v));

	if (!v)
		return -ENOMEM;
	t->v = v;
	v[t->n++] = *r;
	return 0;
}

/* The conditions of a rule; @m: as the multiplexer sees them, or NULL. */
static int take_conditions(struct taken *t, const struct scmp_arg_cmp *args, unsigned int n,
			   const struct muxed *m)
{
	struct arg_rule r = {};
	unsigned int i;

	if (m)
		r.args[r.nr_args++] = (struct scmp_arg_cmp){ .op = SCMP_CMP_EQ,
							      .datum_a = m->call };
	for (i = 0; i < n; i++) {
		if (!m || args[i].arg)
			r.args[r.nr_args++] = args[i];
	}
	return take(t, &r);
}

static int take_rule(struct taken *t, const struct ksc_profile_rule *r, const struct muxed *m)
{
	unsigned int i;
	int ret = 0;

	if (!args_are_alternatives(r))
		return take_conditions(t, r->args, r->nr_args, m);
	for (i = 0; !ret && i < r->nr_args; i++)
		ret = take_conditions(t, &r->args[i], 1, m);
	return ret;
}

static int take_muxed(struct work *w, struct taken *t, const struct cell *mux)
{
	struct muxed m;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < w->nr_by_name; i++) {
		if (find_muxed(mux->token, w->by_name[i]->name, &m) && m.mux == mux->nr)
			ret = take_rule(t, w->by_name[i], &m);
	}
	return ret;
}

/* Everything that the profile's rules take of a name's calls. */
static int take_all(struct work *w, struct taken *t, const struct cell *v, size_t n,
		    rule_list rules, size_t nr_rules)
{
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < nr_rules; i++)
		ret = take_rule(t, rules[i], NULL);
	for (i = 0; !ret && i < n && is_mux(v[i].name); i++)
		ret = take_muxed(w, t, &v[i]);
	return ret;
}

static bool looks_at_first(const struct taken *t)
{
	size_t i, j;

	for (i = 0; i < t->n; i++) {
		for (j = 0; j < t->v[i].nr_args; j++) {
			if (!t->v[i].args[j].arg)
				return true;
		}
	}
	return false;
}

static int note_lost(struct work *w, const char *name, const char *why)
{
	struct rules_note n = { .kind = RULES_ARGS, .name = (char *)name };

	return note(w, n, "%s: %s; what no rule takes of it gets the new default", name, why);
}

/* What the profile denies of a name by default. */
static int emit_complement(struct work *w, const char *name, const struct taken *t)
{
	struct ksc_profile_rule r = { .name = name };
	struct arg_rule *args, **owned;
	size_t i, nr_args;
	int ret;

	/* The multiplexer has its call's number where the call has its first argument. */
	if (reaches_mux(w, name, false, !looks_at_first(t)))
		return note_lost(w, name, "a rule for it would contradict its multiplexer's");
	if (!t->n)
		return emit_plain(w, name, w->p->def_action);
	ret = complement(t->v, t->n, &args, &nr_args);
	if (ret == -EOPNOTSUPP)
		return note_lost(w, name, "its arguments' complement is no list of rules");
	if (ret)
		return ret;
	owned = reallocarray(w->owned, w->nr_owned + 1, sizeof(*owned));
	if (!owned) {
		free(args);
		return -ENOMEM;
	}
	w->owned = owned;
	owned[w->nr_owned++] = args;
	for (i = 0; !ret && i < nr_args; i++) {
		r.args = args[i].args;
		r.nr_args = args[i].nr_args;
		ret = emit(w, &r, ++w->next_entry, w->p->def_action);
	}
	return ret;
}

/* ---- names ------------------------------------------------------------ */

/* Of an answer that became the default, none of the other rules may take what it took. */
static uint32_t stand_in(const struct work *w)
{
	uint32_t def = w->p->def_action;

	return (def & SECCOMP_RET_ACTION_FULL) == SCMP_ACT_ERRNO(0) && def != w->def_action ?
	       def : SCMP_ACT_ERRNO(EPERM);
}

/* For rules that no call matches: any but the default, which would be no rule. */
static uint32_t another_errno(const struct work *w)
{
	uint32_t enosys = ksc_ret_enosys(w->p->native);

	return enosys != w->def_action ? enosys : stand_in(w);
}

static int note_given(struct work *w, const char *name)
{
	static const char why[] =
		"what its own rules answer as the new default does is denied otherwise";
	struct rules_note n = { .kind = RULES_ARGS, .name = (char *)name };
	uint32_t token;
	struct muxed m;
	size_t i;
	int ret;

	ret = note(w, n, "%s: %s", name, why);
	for (i = 0; !ret && (token = ksc_profile_arch(w->p, i)); i++) {
		if (!find_muxed(token, name, &m))
			continue;
		n.token = token;
		n.nr = n.last = m.mux;
		ret = note(w, n, "%u, which multiplexes %s: %s", m.mux, name, why);
	}
	return ret;
}

static bool has_muxed_rules(const struct work *w, const struct cell *mux)
{
	struct muxed m;
	size_t i;

	for (i = 0; is_mux(mux->name) && i < w->nr_by_name; i++) {
		if (find_muxed(mux->token, w->by_name[i]->name, &m) && m.mux == mux->nr)
			return true;
	}
	return false;
}

/* Were it not for a rule that decides about all of them, rules of the calls would. */
static bool covers_calls(const struct work *w, const struct cell *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (has_muxed_rules(w, &v[i]))
			return true;
	}
	return false;
}

/* @others: rules of other names may take what these take. */
static int emit_own(struct work *w, rule_list rules, size_t n, bool others)
{
	const struct ksc_profile_rule *plain = plain_rule(rules, n);
	bool given = false;
	size_t i;
	int ret = 0;

	others = others || (n && reaches_mux(w, rules[0]->name, false, true));
	if (plain && plain->action == w->def_action && !others)
		return 0;
	for (i = 0; i < n; i++)
		others |= rules[i]->action != w->def_action;
	for (i = 0; !ret && i < n; i++) {
		if (rules[i]->action != w->def_action) {
			ret = emit(w, rules[i], rules[i]->entry, rules[i]->action);
		} else if (others) {
			/* Also where one that is plain decides: on 32-bit ABIs others may be. */
			ret = emit(w, rules[i], rules[i]->entry, stand_in(w));
			given |= !plain || rules[i] == plain;
		}
	}
	return ret || !given ? ret : note_given(w, rules[0]->name);
}

/* The policy leaves the name to the profile. */
static int emit_kept(struct work *w, const struct cell *v, size_t n, rule_list rules,
		     size_t nr_rules)
{
	struct taken t = {};
	int ret;

	ret = emit_own(w, rules, nr_rules, covers_calls(w, v, n));
	if (ret || w->def_action == w->p->def_action || plain_rule(rules, nr_rules))
		return ret;
	ret = take_all(w, &t, v, n, rules, nr_rules);
	if (!ret)
		ret = emit_complement(w, v[0].name, &t);
	free(t.v);
	return ret;
}

/* What all numbers of one name are to get; 0: what the profile says. */
static uint32_t choose(const struct work *w, const struct cell *v, size_t n, bool rules)
{
	uint32_t want = v[0].want;
	bool mixed = false;
	size_t i;

	for (i = 0; i < n; i++) {
		mixed |= v[i].want != v[0].want;
		rules = rules || has_muxed_rules(w, &v[i]);
		if (v[i].native)
			want = v[i].want;
	}
	/* A rule stays if any architecture needs it; otherwise the native one decides. */
	if (mixed && (rules || want != ksc_ret_enosys(w->p->native)))
		return 0;
	if (want && (rules || want != w->def_action) && reaches_mux(w, v[0].name, true, false))
		return 0;
	return want;
}

static int note_misfits(struct work *w, const struct cell *v, size_t n, uint32_t given,
			rule_list rules, size_t nr_rules)
{
	struct rules_note k = { .kind = RULES_ABIS_DIFFER, .name = (char *)v[0].name };
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < n; i++) {
		if (given && v[i].want ? is_answer(given, v[i].want, &v[i]) :
		    given == v[i].want ||
		    always_answer(w, rules, nr_rules, given | v[i].want, &v[i]))
			continue;
		k.token = v[i].token;
		k.nr = k.last = v[i].nr;
		ret = note(w, k, "%u %s: should be %s, but a rule by name reaches every "
			   "architecture", v[i].nr, v[i].name,
			   v[i].want ? "ENOSYS" : "the profile's answer");
	}
	return ret;
}

/* @v: the numbers of one name on all architectures. */
static int emit_name(struct work *w, const struct cell *v, size_t n, rule_list rules,
		     size_t nr_rules)
{
	uint32_t given = choose(w, v, n, nr_rules);
	int ret;

	ret = note_misfits(w, v, n, given, rules, nr_rules);
	if (ret)
		return ret;
	return given ? emit_plain(w, v[0].name, given) : emit_kept(w, v, n, rules, nr_rules);
}

/* Names that libseccomp knows on none of these architectures stay as they are. */
static int emit_between(struct work *w, size_t *at, rule_list end)
{
	rule_list rules;
	size_t n;
	int ret = 0;

	for (; !ret && w->by_name + *at < end; *at += n) {
		rules = find_rules(w, w->by_name[*at]->name, &n);
		ret = emit_own(w, rules, n, false);
	}
	return ret;
}

static int emit_names(struct work *w)
{
	size_t i, j, r = 0, n;
	rule_list rules;
	int ret = 0;

	for (i = 0; !ret && i < w->nr_cells; i = j) {
		for (j = i + 1; j < w->nr_cells &&
		     !strcmp(w->cells[i].name, w->cells[j].name); j++)
			;
		rules = find_rules(w, w->cells[i].name, &n);
		ret = emit_between(w, &r, rules);
		if (!ret)
			ret = emit_name(w, &w->cells[i], j - i, rules, n);
		r += n;
	}
	return ret ? ret : emit_between(w, &r, w->by_name + w->nr_by_name);
}

static int largest_named(const struct rule *rules, size_t n, uint32_t token)
{
	int nr, max = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		nr = seccomp_syscall_resolve_name_arch(token, rules[i].pub.name);
		max = nr > max ? nr : max;
	}
	return max;
}

/* The largest number that the profile's rules reach, multiplexed calls' own included. */
static int largest_reached(const struct work *w, uint32_t token)
{
	int max = largest_named(w->p->rules, w->p->nr_rules, token);
	size_t i, n;

	for (i = 0; i < w->nr_cells; i++) {
		if (w->cells[i].token != token || (int)w->cells[i].nr <= max)
			continue;
		find_rules(w, w->cells[i].name, &n);
		if (n)
			max = (int)w->cells[i].nr;
	}
	return max;
}

/* A name for @nr or a larger number, and for nothing that is multiplexed anywhere. */
static const char *name_from(const struct work *w, uint32_t token, int nr)
{
	const struct cell *c, *found = NULL;
	size_t i;

	for (i = 0; i < w->nr_cells; i++) {
		c = &w->cells[i];
		if (c->token == token && (int)c->nr >= nr && (!found || c->nr < found->nr) &&
		    !is_muxed(w, c->name))
			found = c;
	}
	return found ? found->name : NULL;
}

/*
 * runc answers ENOSYS above the largest number that the rules name, and libseccomp
 * hides from it the numbers of multiplexed calls: an allowed one must not end up
 * there because the largest was dropped, or because now there is one. So a name
 * comes in, in a rule that no call matches.
 */
static int keep_largest(struct work *w)
{
	static const struct scmp_arg_cmp never = { .arg = 5, .op = SCMP_CMP_LT };
	struct ksc_profile_rule r = { .args = &never, .nr_args = 1 };
	int before, after, reached, ret = 0;
	uint32_t token;
	size_t i;

	for (i = 0; !ret && (token = ksc_profile_arch(w->p, i)); i++) {
		before = largest_named(w->p->rules, w->p->nr_rules, token);
		after = largest_named(w->out, w->nr_out, token);
		reached = largest_reached(w, token);
		if (after >= reached || (!after && !before))
			continue;
		r.name = name_from(w, token, reached);
		if (r.name)
			ret = emit(w, &r, ++w->next_entry, another_errno(w));
	}
	return ret;
}

static int compare_entries(const void *a, const void *b)
{
	const struct ksc_profile_rule *r = &((const struct rule *)a)->pub;
	const struct ksc_profile_rule *s = &((const struct rule *)b)->pub;

	if (r->entry != s->entry)
		return r->entry < s->entry ? -1 : 1;
	return strcmp(r->name, s->name);
}

/* A rule beside which one with arguments has nothing to say; else any name's. */
static struct ksc_profile_rule deciding_rule(const struct work *w)
{
	struct ksc_profile_rule r = { .action = another_errno(w) };
	const struct ksc_profile_rule *out;
	size_t i;

	for (i = 0; i < w->nr_out; i++) {
		out = &w->out[i].pub;
		if (!out->nr_args && !is_muxed(w, out->name) &&
		    seccomp_syscall_resolve_name(out->name) != __NR_SCMP_ERROR)
			return *out;
	}
	for (i = 0; i < w->nr_cells && is_muxed(w, w->cells[i].name); i++)
		;
	r.name = i < w->nr_cells ? w->cells[i].name : NULL;
	return r;
}

/*
 * Since 1.7 crun keeps programs, by all that the profile says but the errnos of
 * rules and, before 1.14, of the default. Profiles that differ in nothing else would
 * get one program, and errnos are what we change. So they are told once more, in a
 * value that its operator has no use for, of a rule that no call matches.
 */
static int tell_errnos(struct work *w)
{
	struct ksc_profile_rule r = deciding_rule(w);
	uint64_t told = w->def_action;
	size_t i;

	for (i = 0; i < w->nr_out; i++)
		told = told * 0x100000001b3u ^ w->out[i].pub.action;
	/* Not all readers take the whole of 64 bits for a number. */
	w->told = (struct scmp_arg_cmp){ .arg = 5, .op = SCMP_CMP_LT, .datum_b = told >> 1 };
	r.args = &w->told;
	r.nr_args = 1;
	return r.name ? emit(w, &r, ++w->next_entry, r.action) : 0;
}

/* A multiplexer that is to answer ENOSYS, while rules of its calls reach it. */
static int note_multiplexers(struct work *w)
{
	struct rules_note k = { .kind = RULES_ABIS_DIFFER };
	const struct ksc_profile_rule *r;
	const struct cell *c;
	struct muxed m;
	size_t i, j;
	int ret = 0;

	for (i = 0; !ret && i < w->nr_cells; i++) {
		c = &w->cells[i];
		if (!c->want || !is_mux(c->name))
			continue;
		for (j = 0; j < w->nr_out; j++) {
			r = &w->out[j].pub;
			if (find_muxed(c->token, r->name, &m) && m.mux == c->nr &&
			    !is_answer(r->action, c->want, c))
				break;
		}
		if (j == w->nr_out)
			continue;
		k.token = c->token;
		k.nr = k.last = c->nr;
		k.name = (char *)c->name;
		ret = note(w, k, "%u %s: should be ENOSYS, but the rule for %s reaches it",
			   c->nr, c->name, w->out[j].pub.name);
	}
	return ret;
}

int rules_from_policy(const struct ksc_policy *policy, const struct ksc_profile *p,
		      uint32_t def_action, struct json_object **obj, struct rules_notes *notes)
{
	struct work w = {
		.policy = policy, .p = p, .notes = notes, .def_action = def_action,
		.next_entry = ENTRY_ADDED,
	};
	struct ksc_profile result = *p;
	size_t i;
	int ret;

	ret = collect(&w);
	if (!ret)
		ret = sort_rules(&w);
	if (!ret)
		ret = emit_names(&w);
	if (!ret)
		ret = keep_largest(&w);
	if (!ret)
		ret = note_multiplexers(&w);
	if (ret)
		goto free_work;
	if (w.nr_out)
		qsort(w.out, w.nr_out, sizeof(*w.out), compare_entries);
	ret = tell_errnos(&w);
	if (ret)
		goto free_work;
	result.def_action = w.def_action;
	result.rules = w.out;
	result.nr_rules = w.nr_out;
	ret = profile_to_json(&result, obj);
	notes->rules_before = p->nr_rules;
	notes->rules_after = w.nr_out;

free_work:
	for (i = 0; i < w.nr_cells; i++)
		free(w.cells[i].owned);
	for (i = 0; i < w.nr_owned; i++)
		free(w.owned[i]);
	free(w.owned);
	free(w.cells);
	free(w.by_name);
	free(w.out);
	return ret;
}
