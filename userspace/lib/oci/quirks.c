// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What runtimes make of rules, and what libseccomp gets wrong, known from the rules before
 * anything is built. Shown by tests/seccomp/test-rewrite-answers.c and test-oracle.c, of 2.5.4
 * and 2.6.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "complement.h"

bool args_are_alternatives(const struct ksc_profile_rule *r)
{
	unsigned int i, seen = 0;

	for (i = 0; i < r->nr_args; i++) {
		if (seen & 1u << r->args[i].arg)
			return true;
		seen |= 1u << r->args[i].arg;
	}
	return false;
}

/* ---- cost ------------------------------------------------------------- */

/*
 * A comparison of 64 bits that is no equality has two exits to what is compared next,
 * and libseccomp links both to the same nodes. Where a second rule of the syscall
 * comes the same way, its nodes go into that list twice: what was a list becomes a
 * ring, and adding a rule or exporting the filter never ends. Short of that its time
 * grows with the square of the rules that one syscall has: 0.13 s for 3000.
 */

/* Pairs of rules of one syscall, on each architecture. */
#define PAIRS_MAX	(4u << 20)

/* The arguments, one bit each, behind whose two exits a rule compares another. */
static unsigned int forks(const struct ksc_profile_rule *r)
{
	unsigned int i, bits = 0, last = 0;

	if (args_are_alternatives(r))
		return 0;
	for (i = 0; i < r->nr_args; i++)
		last = r->args[i].arg > last ? r->args[i].arg : last;
	for (i = 0; i < r->nr_args; i++) {
		if (!is_equality(&r->args[i]) && r->args[i].arg < last)
			bits |= 1u << r->args[i].arg;
	}
	return bits;
}

static int compare_names(const void *a, const void *b)
{
	const struct ksc_profile_rule *r = *(const struct ksc_profile_rule *const *)a;
	const struct ksc_profile_rule *s = *(const struct ksc_profile_rule *const *)b;

	return strcmp(r->name, s->name);
}

/* The rules of one name, from @*i on. */
static bool is_cheap(const struct ksc_profile_rule *const *rules, size_t n, size_t *i,
		     uint64_t *pairs)
{
	const char *name = rules[*i]->name;
	unsigned int seen = 0, bits;
	size_t first = *i;

	for (; *i < n && !strcmp(rules[*i]->name, name); ++*i) {
		bits = forks(rules[*i]);
		if (seen & bits)
			return false;
		seen |= bits;
	}
	*pairs += (uint64_t)(*i - first) * (*i - first);
	return *pairs <= PAIRS_MAX;
}

/* -E2BIG with the name that is too much for libseccomp in @*name; -ENOMEM. */
int profile_check_cost(const struct ksc_profile *p, const char **name)
{
	const struct ksc_profile_rule **rules = calloc(p->nr_rules + 1, sizeof(*rules));
	uint64_t pairs = 0;
	size_t i, n = 0;
	bool cheap = true;

	if (!rules)
		return -ENOMEM;
	for (i = 0; i < p->nr_rules; i++) {
		if (p->rules[i].pub.nr_args)
			rules[n++] = &p->rules[i].pub;
	}
	if (n)
		qsort(rules, n, sizeof(*rules), compare_names);
	for (i = 0; cheap && i < n; ) {
		*name = rules[i]->name;
		cheap = is_cheap(rules, n, &i, &pairs);
	}
	free(rules);
	return cheap ? 0 : -E2BIG;
}

/* ---- the load of the number ------------------------------------------- */

/* Where calls that socketcall(2) and ipc(2) multiplex have numbers of their own, too. */
#define DIRECT_MIN	102
#define DIRECT_MAX	402

/* libseccomp has a number for it beside the multiplexer's, but tells by the number alone. */
int profile_direct_nr(uint32_t token, const char *wanted)
{
	bool found = false;
	char *name;
	int nr;

	for (nr = DIRECT_MIN; nr <= DIRECT_MAX; nr++) {
		name = seccomp_syscall_resolve_num_arch(token, nr);
		found = name && !strcmp(name, wanted);
		free(name);
		if (found)
			return nr;
	}
	return -1;
}

/* A number that no call of the architecture has, by which libseccomp keeps a rule all the same. */
static bool is_pseudo(uint32_t token, const char *name)
{
	int nr = seccomp_syscall_resolve_name_arch(token, name);

	return nr < 0 && nr != __NR_SCMP_ERROR &&
	       !(ksc_is_muxed(nr) && profile_direct_nr(token, name) >= 0);
}

/* Is there a call that an architecture does not have, and no rule to come before it? */
static bool loses_load(const struct ksc_profile *p, uint32_t def, uint32_t token)
{
	const struct ksc_profile_rule *r;
	bool pseudo = false;

	/* Hardly any profile gets further than this, and the rest takes its time. */
	ksc_profile_rule_foreach(r, p) {
		if (r->action != def && !r->nr_args &&
		    seccomp_syscall_resolve_name_arch(token, r->name) >= 0)
			return false;
	}
	ksc_profile_rule_foreach(r, p) {
		if (r->action == def)
			continue;
		if (is_pseudo(token, r->name))
			pseudo = true;
		else if (!r->nr_args &&
			 seccomp_syscall_resolve_name_arch(token, r->name) != __NR_SCMP_ERROR)
			return false;
	}
	return pseudo;
}

/*
 * The first rule of an architecture loads the number, and is skipped if it is one for
 * a call that the architecture does not have; what follows compares the architecture
 * with numbers. Rules without arguments come first, the largest number before others.
 */
bool profile_loses_load(const struct ksc_profile *p, uint32_t def)
{
	uint32_t token;
	size_t i;

	for (i = 0; (token = ksc_profile_arch(p, i)); i++) {
		if (loses_load(p, def, token))
			return true;
	}
	return false;
}
