// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The profile's rules by name, and the calls that socketcall(2) and ipc(2) multiplex.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "work.h"

/* ---- the profile's rules by name -------------------------------------- */

uint32_t rules_default(unsigned int reader, uint32_t def_action)
{
	return reader == RULES_FOR_OTHERS ? without_errno(def_action) : def_action;
}

uint32_t rules_rest(const struct work *w, unsigned int reader)
{
	return w->restates ? w->p->def_action : rules_default(reader, w->p->def_action);
}

bool rules_skip(unsigned int readers, uint32_t def_action, uint32_t action)
{
	unsigned int reader;

	for (reader = RULES_FOR_HEEDING; reader <= RULES_FOR_OTHERS; reader <<= 1) {
		if (readers & reader && action != rules_default(reader, def_action))
			return false;
	}
	return readers;
}

static int compare_rules(const void *a, const void *b)
{
	const struct ksc_profile_rule *r = *(const struct ksc_profile_rule *const *)a;
	const struct ksc_profile_rule *s = *(const struct ksc_profile_rule *const *)b;
	int ret = strcmp(r->name, s->name);

	/* In the profile's order, for the first of two rules may win. */
	return ret ? ret : (r > s) - (r < s);
}

int rules_sort(struct work *w)
{
	/* What every reader skips does not count, unless what it names would get a rule. */
	bool all = w->restates && w->def_action == w->p->def_action;
	size_t i;

	w->by_name = calloc(w->p->nr_rules + 1, sizeof(*w->by_name));
	if (!w->by_name)
		return -ENOMEM;
	for (i = 0; i < w->p->nr_rules; i++) {
		if (all || !rules_skip(w->possible, w->p->def_action, w->p->rules[i].pub.action))
			w->by_name[w->nr_by_name++] = &w->p->rules[i].pub;
	}
	qsort(w->by_name, w->nr_by_name, sizeof(*w->by_name), compare_rules);
	return 0;
}

rule_list rules_find(const struct work *w, const char *name, size_t *n)
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

/* A mask without a bit in @width is no condition to libseccomp. */
static bool is_plain(const struct ksc_profile_rule *r, uint64_t width)
{
	unsigned int i, empty = 0;

	for (i = 0; i < r->nr_args; i++)
		empty += r->args[i].op == SCMP_CMP_MASKED_EQ && !(r->args[i].datum_a & width);
	return empty == r->nr_args || (empty && args_are_alternatives(r));
}

/* One that decides alone, whoever reads it. */
const struct ksc_profile_rule *rules_plain(const struct work *w, rule_list rules, size_t n)
{
	unsigned int reader;
	bool skipped;
	size_t i;

	for (i = 0; i < n; i++) {
		for (reader = RULES_FOR_HEEDING, skipped = false; reader <= RULES_FOR_OTHERS;
		     reader <<= 1)
			skipped |= w->possible & reader &&
				   rules_skip(reader, w->p->def_action, rules[i]->action);
		if (!skipped && is_plain(rules[i], UINT64_MAX))
			return rules[i];
	}
	return NULL;
}

bool rules_is_answer(uint32_t action, uint32_t want, const struct cell *c)
{
	return action == want ||
	       (c->absent && action == SCMP_ACT_ALLOW && want == ksc_ret_enosys(c->token));
}

/* @rest: what none of them takes gets that; @skipped: what is no rule. */
static bool always_answers(rule_list rules, size_t n, uint32_t rest, uint32_t skipped,
			   uint32_t want, const struct cell *c)
{
	uint64_t width = arch_is_wide(c->token) ? UINT64_MAX : UINT32_MAX;
	size_t i;

	for (i = 0; i < n; i++) {
		if (rules[i]->action != skipped && is_plain(rules[i], width))
			return rules_is_answer(rules[i]->action, want, c);
	}
	for (i = 0; i < n; i++) {
		if (!rules_is_answer(rules[i]->action, want, c))
			return false;
	}
	return rules_is_answer(rest, want, c);
}

/* Do the profile's own rules answer @want, whatever the arguments and whoever reads them? */
bool rules_always_answer(const struct work *w, rule_list rules, size_t n, uint32_t want,
			 const struct cell *c)
{
	unsigned int reader;

	for (reader = RULES_FOR_HEEDING; reader <= RULES_FOR_OTHERS; reader <<= 1) {
		if (w->readers & reader &&
		    !always_answers(rules, n, rules_rest(w, reader),
				    rules_default(reader, w->p->def_action), want, c))
			return false;
	}
	return true;
}

/* ---- multiplexers ----------------------------------------------------- */

bool rules_find_muxed(uint32_t token, const char *name, struct muxed *m)
{
	int nr = seccomp_syscall_resolve_name_arch(token, name);
	int mux;

	if (!ksc_is_muxed(nr))
		return false;
	mux = seccomp_syscall_resolve_name_rewrite(token, name);
	if (mux < 0)
		return false;
	*m = (struct muxed){ .token = token, .mux = (uint32_t)mux, .call = (uint32_t)(-nr % 100) };
	return true;
}

bool rules_is_muxed(const struct work *w, const char *name)
{
	uint32_t token;
	struct muxed m;
	size_t i;

	for (i = 0; (token = ksc_profile_arch(w->p, i)); i++) {
		if (rules_find_muxed(token, name, &m))
			return true;
	}
	return false;
}

const struct cell *rules_find_cell(const struct work *w, uint32_t token, uint32_t nr)
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
bool rules_reach_mux(const struct work *w, const char *name, bool kept, bool contested)
{
	const struct cell *mux;
	uint32_t token;
	struct muxed m;
	rule_list rules;
	size_t i, n;

	for (i = 0; (token = ksc_profile_arch(w->p, i)); i++) {
		if (!rules_find_muxed(token, name, &m))
			continue;
		mux = rules_find_cell(w, token, m.mux);
		if (!mux || (kept && mux->want))
			continue;
		rules = rules_find(w, mux->name, &n);
		if (!rules_plain(w, rules, n) && (n || !contested))
			return true;
	}
	return false;
}

/* Were it not for a rule that decides about all of them, rules of the calls would. */
bool rules_have_muxed(const struct work *w, const struct cell *mux)
{
	struct muxed m;
	size_t i;

	for (i = 0; is_mux(mux->name) && i < w->nr_by_name; i++) {
		if (rules_find_muxed(mux->token, w->by_name[i]->name, &m) && m.mux == mux->nr)
			return true;
	}
	return false;
}
