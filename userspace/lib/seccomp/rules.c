// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A policy as OCI rules, for runtimes that take nothing but JSON.
 *
 * Rules go by name and reach every architecture of the profile at once; a
 * policy goes by number, architecture by architecture. Where the two do not
 * fit, the profile's own answer stays and the number is noted: a denial is
 * never traded for an ALLOW.
 */
#define _GNU_SOURCE		/* reallocarray(), asprintf() */
#include <errno.h>
#include <linux/audit.h>
#include <linux/elf-em.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complement.h"
#include "rules.h"

/* Numbers relative to a base that libseccomp or a tree may have a name for. */
#define NUMBERS		1024

/* Entries of the new profile beyond those that the original has. */
#define ENTRY_ADDED	0x10000000u

/* A number base of an architecture; most have one, which is 0. */
static const struct base {
	uint32_t token, base;
} bases[] = {
	{ SCMP_ARCH_X32,		0x40000000 },
	{ SCMP_ARCH_MIPS,		4000 },
	{ SCMP_ARCH_MIPSEL,		4000 },
	{ SCMP_ARCH_MIPS64,		5000 },
	{ SCMP_ARCH_MIPSEL64,		5000 },
	{ SCMP_ARCH_MIPS64N32,		6000 },
	{ SCMP_ARCH_MIPSEL64N32,	6000 },
	{ SCMP_ARCH_ARM,		0 },
	{ SCMP_ARCH_ARM,		0xf0000 },
};

/* One number of one architecture that libseccomp has a name for. */
struct number {
	char *name;
	uint32_t token, nr;
	bool native, enosys;
	enum ksc_row row;
};

struct work {
	const struct ksc_policy *policy;
	const struct ksc_profile *p;
	bool flip;
	uint32_t def_action;		/* of the new profile */

	struct number *numbers;
	size_t nr_numbers;
	const struct ksc_profile_rule **by_name;	/* the profile's, that count */
	size_t nr_by_name;

	struct rule *out;
	size_t nr_out;
	struct arg_rule **owned;
	size_t nr_owned;
	unsigned int next_entry;
	struct rules_notes *notes;
};

/* ---- notes ------------------------------------------------------------ */

__attribute__((format(printf, 4, 5)))
static int note(struct work *w, enum rules_note_kind kind, uint32_t token, const char *fmt, ...)
{
	struct rules_notes *notes = w->notes;
	struct rules_note *v;
	va_list ap;
	int ret;

	v = reallocarray(notes->v, notes->n + 1, sizeof(*v));
	if (!v)
		return -ENOMEM;
	notes->v = v;
	v[notes->n].kind = kind;
	v[notes->n].token = token;
	va_start(ap, fmt);
	ret = vasprintf(&v[notes->n].text, fmt, ap);
	va_end(ap);
	if (ret < 0)
		return -ENOMEM;
	notes->n++;
	return 0;
}

void rules_notes_free(struct rules_notes *notes)
{
	size_t i;

	for (i = 0; i < notes->n; i++)
		free(notes->v[i].text);
	free(notes->v);
	*notes = (struct rules_notes){};
}

/* ---- what the policy says of each number ------------------------------ */

/* ENOSYS by the number that it has on an architecture. */
static uint32_t ret_enosys(uint32_t token)
{
	return SCMP_ACT_ERRNO((token & 0xffff) == EM_MIPS ? 89 : 38);
}

static uint32_t audit_arch_of(uint32_t token)
{
	return token == SCMP_ARCH_X32 ? AUDIT_ARCH_X86_64 : token;
}

/* A number that no rule can name: is the new profile's answer another than the policy's? */
static int weigh_nameless(struct work *w, uint32_t token, uint32_t nr, const struct ksc_verdict *v)
{
	uint32_t want = v->action ? v->action : w->p->def_action;

	if (want == w->def_action)
		return 0;
	return note(w, RULES_NO_NAME, token, "%u%s%s: libseccomp has no name for it", nr,
		    v->name ? " " : "", v->name ? v->name : "");
}

static int collect_number(struct work *w, uint32_t token, bool native, uint32_t nr)
{
	struct ksc_verdict v;
	struct number *n;
	char *name;
	int ret;

	ret = ksc_verdict(w->policy, audit_arch_of(token), nr, &v);
	if (ret)
		return ret;
	name = seccomp_syscall_resolve_num_arch(token, (int)nr);
	if (!name)
		return weigh_nameless(w, token, nr, &v);
	n = &w->numbers[w->nr_numbers++];
	*n = (struct number){
		.name = name, .token = token, .nr = nr, .native = native,
		.enosys = v.action == ret_enosys(token), .row = v.row,
	};
	return 0;
}

static int collect_range(struct work *w, uint32_t token, bool native, uint32_t base)
{
	struct number *more;
	uint32_t nr;
	int ret = 0;

	more = reallocarray(w->numbers, w->nr_numbers + NUMBERS, sizeof(*more));
	if (!more)
		return -ENOMEM;
	w->numbers = more;
	for (nr = 0; !ret && nr < NUMBERS; nr++)
		ret = collect_number(w, token, native, base + nr);
	return ret;
}

static int compare_numbers(const void *a, const void *b)
{
	return strcmp(((const struct number *)a)->name, ((const struct number *)b)->name);
}

static int collect(struct work *w)
{
	uint32_t token;
	bool based;
	size_t i, j;
	int ret = 0;

	for (i = 0; !ret && (token = ksc_profile_arch(w->p, i)); i++) {
		based = false;
		for (j = 0; !ret && j < ARRAY_SIZE(bases); j++) {
			if (bases[j].token != token)
				continue;
			based = true;
			ret = collect_range(w, token, !i, bases[j].base);
		}
		if (!ret && !based)
			ret = collect_range(w, token, !i, 0);
	}
	if (!ret && w->nr_numbers)
		qsort(w->numbers, w->nr_numbers, sizeof(*w->numbers), compare_numbers);
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

/* ---- the new rules ---------------------------------------------------- */

static int emit(struct work *w, const struct ksc_profile_rule *r, unsigned int entry,
		uint32_t action)
{
	struct rule *out;

	/* runc refuses a rule that equals the default, libseccomp gains nothing by it. */
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

static int emit_all(struct work *w, const struct ksc_profile_rule *const *rules, size_t n)
{
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < n; i++)
		ret = emit(w, rules[i], rules[i]->entry, rules[i]->action);
	return ret;
}

static int emit_plain(struct work *w, const char *name, uint32_t action)
{
	struct ksc_profile_rule r = { .name = name };

	return emit(w, &r, ENTRY_ADDED, action);
}

static int emit_complement(struct work *w, const struct ksc_profile_rule *const *rules, size_t n)
{
	struct ksc_profile_rule r = { .name = rules[0]->name };
	struct arg_rule *args, **owned;
	size_t i, nr_args;
	int ret;

	if (w->p->def_action == w->def_action)
		return 0;
	ret = complement(rules, n, &args, &nr_args);
	if (ret == -EOPNOTSUPP)
		return note(w, RULES_ARGS, 0, "%s: its arguments' complement is no list of rules; "
			    "arguments that no rule takes get ENOSYS", r.name);
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

static const struct ksc_profile_rule *plain_rule(const struct ksc_profile_rule *const *rules,
						 size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!rules[i]->nr_args)
			return rules[i];
	}
	return NULL;
}

/* The policy leaves the name to the profile. */
static int emit_kept(struct work *w, const char *name,
		     const struct ksc_profile_rule *const *rules, size_t n)
{
	const struct ksc_profile_rule *plain = plain_rule(rules, n);
	int ret;

	if (!w->flip)
		return emit_all(w, rules, n);
	if (!n)
		return emit_plain(w, name, w->p->def_action);
	/* For libseccomp a rule without arguments swallows those with. */
	if (plain && plain->action == w->def_action)
		return 0;
	ret = emit_all(w, rules, n);
	if (ret || plain)
		return ret;
	return emit_complement(w, rules, n);
}

/* Does the name's own answer differ from the verdict on this number? */
static bool is_harmless(const struct number *n, const struct ksc_profile_rule *const *rules,
			size_t nr)
{
	const struct ksc_profile_rule *plain = plain_rule(rules, nr);

	/* Past an ALLOW, the kernel that lacks the call answers ENOSYS itself. */
	return n->row == KSC_ROW_ABSENT && plain && plain->action == SCMP_ACT_ALLOW;
}

static int note_misfits(struct work *w, const struct number *v, size_t n, bool enosys,
			const struct ksc_profile_rule *const *rules, size_t nr_rules)
{
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < n; i++) {
		if (v[i].enosys == enosys || is_harmless(&v[i], rules, nr_rules))
			continue;
		ret = note(w, RULES_ABIS_DIFFER, v[i].token, "%u %s: should be %s, but a rule "
			   "by name reaches every architecture", v[i].nr, v[i].name,
			   v[i].enosys ? "ENOSYS" : "the profile's answer");
	}
	return ret;
}

/* @v: the numbers of one name on all architectures. */
static int emit_name(struct work *w, const struct number *v, size_t n,
		     const struct ksc_profile_rule *const *rules, size_t nr_rules)
{
	bool enosys = v[0].enosys, mixed = false;
	size_t i;
	int ret;

	for (i = 0; i < n; i++) {
		mixed |= v[i].enosys != v[0].enosys;
		if (v[i].native)
			enosys = v[i].enosys;
	}
	/* A rule stays if any architecture needs it; otherwise the native one decides. */
	if (mixed && nr_rules)
		enosys = false;
	if (mixed) {
		ret = note_misfits(w, v, n, enosys, rules, nr_rules);
		if (ret)
			return ret;
	}
	return enosys ? emit_plain(w, v[0].name, ret_enosys(v[0].token)) :
			emit_kept(w, v[0].name, rules, nr_rules);
}

static int emit_names(struct work *w)
{
	size_t i, j, r = 0, s;
	int cmp, ret = 0;

	for (i = 0; !ret && i < w->nr_numbers; i = j) {
		for (j = i + 1; j < w->nr_numbers &&
		     !strcmp(w->numbers[i].name, w->numbers[j].name); j++)
			;
		/* Names that libseccomp knows on none of these architectures stay as they are. */
		for (cmp = -1; r < w->nr_by_name; r++) {
			cmp = strcmp(w->by_name[r]->name, w->numbers[i].name);
			if (cmp >= 0)
				break;
			ret = emit_all(w, &w->by_name[r], 1);
			if (ret)
				return ret;
		}
		for (s = r; !cmp && s < w->nr_by_name &&
		     !strcmp(w->by_name[s]->name, w->numbers[i].name); s++)
			;
		ret = emit_name(w, &w->numbers[i], j - i, w->by_name + r, s - r);
		r = s;
	}
	for (; !ret && r < w->nr_by_name; r++)
		ret = emit_all(w, &w->by_name[r], 1);
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

int rules_from_policy(const struct ksc_policy *policy, const struct ksc_profile *p, bool flip,
		      struct json_object **obj, struct rules_notes *notes)
{
	struct work w = {
		.policy = policy, .p = p, .flip = flip, .notes = notes,
		.def_action = flip ? ret_enosys(p->native) : p->def_action,
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
	if (ret)
		goto free_work;
	if (w.nr_out)
		qsort(w.out, w.nr_out, sizeof(*w.out), compare_entries);
	result.def_action = w.def_action;
	result.rules = w.out;
	result.nr_rules = w.nr_out;
	ret = ksc_profile_to_oci(&result, obj);
	notes->rules_before = p->nr_rules;
	notes->rules_after = w.nr_out;

free_work:
	for (i = 0; i < w.nr_numbers; i++)
		free(w.numbers[i].name);
	for (i = 0; i < w.nr_owned; i++)
		free(w.owned[i]);
	free(w.owned);
	free(w.numbers);
	free(w.by_name);
	free(w.out);
	return ret;
}
