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
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "work.h"

/* ---- names ------------------------------------------------------------ */

/* Of an answer that became the default, none of the other rules may take what it took. */
static uint32_t stand_in(const struct work *w)
{
	uint32_t def = w->p->def_action;

	return (def & SECCOMP_RET_ACTION_FULL) == SCMP_ACT_ERRNO(0) && def != w->def_action ?
	       def : SCMP_ACT_ERRNO(EPERM);
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

	ret = rules_note(w->notes, n, "%s: %s", name, why);
	for (i = 0; !ret && (token = ksc_profile_arch(w->p, i)); i++) {
		if (!rules_find_muxed(token, name, &m))
			continue;
		n.token = token;
		n.nr = n.last = m.mux;
		ret = rules_note(w->notes, n, "%u, which multiplexes %s: %s", m.mux, name, why);
	}
	return ret;
}

/* Where the default stays, so does the meaning of what they are. */
static int emit_unchanged(struct work *w, rule_list rules, size_t n)
{
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < n; i++) {
		if (!rules_skip(w->possible, w->p->def_action, rules[i]->action))
			ret = rules_append(w, rules[i], rules[i]->entry, rules[i]->action);
	}
	return ret;
}

/* @others: rules of other names, such as a multiplexer's calls, may take what these take. */
static int emit_own(struct work *w, rule_list rules, size_t n, bool others)
{
	const struct ksc_profile_rule *plain = rules_plain(w, rules, n);
	bool given = false;
	size_t i;
	int ret = 0;

	if (w->def_action == w->p->def_action)
		return emit_unchanged(w, rules, n);
	others = others || (n && rules_reach_mux(w, rules[0]->name, false, true));
	if (plain && plain->action == w->def_action && !others)
		return 0;
	for (i = 0; i < n; i++)
		others |= rules[i]->action != w->def_action;
	for (i = 0; !ret && i < n; i++) {
		if (rules[i]->action != w->def_action) {
			ret = rules_emit(w, rules[i], rules[i]->entry, rules[i]->action);
		} else if (others) {
			/*
			 * Also where one that is plain decides: on 32-bit ABIs one that
			 * looks at high halves is, too.
			 */
			ret = rules_emit(w, rules[i], rules[i]->entry, stand_in(w));
			given |= !plain || rules[i] == plain || rules[i]->nr_args;
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

	ret = emit_own(w, rules, nr_rules, is_mux(v[0].name));
	if (ret || !w->restates || rules_plain(w, rules, nr_rules))
		return ret;
	ret = rules_take(w, &t, v, n, rules, nr_rules);
	if (!ret)
		ret = rules_emit_complement(w, v[0].name, &t);
	free(t.v);
	return ret;
}

/*
 * An ALLOW that is not the profile's is for the numbers alone that are to have it, and for
 * those of which no call can be made.
 */
static bool suits(const struct work *w, uint32_t given, const struct cell *c)
{
	const struct ksc_abi *abi;

	if (given != SCMP_ACT_ALLOW || given == c->want)
		return rules_is_answer(given, c->want, c);
	abi = ksc_abi_by_arch(ksc_policy_view(w->policy), ksc_audit_arch_of(c->token), c->nr);
	return c->absent && !ksc_abi_nr_implemented(abi);
}

/* What all numbers of one name are to get; 0: what the profile says. */
static uint32_t choose(const struct work *w, const struct cell *v, size_t n, bool rules)
{
	uint32_t want = v[0].want;
	bool mixed = false;
	size_t i;

	for (i = 0; i < n; i++) {
		rules = rules || rules_have_muxed(w, &v[i]);
		if (v[i].native)
			want = v[i].want;
	}
	for (i = 0; i < n; i++)
		mixed |= !suits(w, want, &v[i]);
	/*
	 * A rule stays if any architecture needs it, and so does what kills; otherwise the
	 * native one decides.
	 */
	if (mixed && (rules || action_is_fatal(w->p->def_action) ||
		      want != ksc_ret_enosys(w->p->native)))
		return 0;
	if (want && (rules || !rules_skip(w->readers, w->def_action, want)) &&
	    rules_reach_mux(w, v[0].name, true, false))
		return 0;
	return want;
}

static const char *wanted(const struct cell *c)
{
	if (!c->want)
		return "the profile's answer";
	if (c->want == SCMP_ACT_ALLOW)
		return "allowed";
	return c->want == ksc_ret_enosys(c->token) ? "ENOSYS" : "denied";
}

static int note_misfits(struct work *w, const struct cell *v, size_t n, uint32_t given,
			rule_list rules, size_t nr_rules)
{
	struct rules_note k = { .kind = RULES_ABIS_DIFFER, .name = (char *)v[0].name };
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < n; i++) {
		if (given && v[i].want ? rules_is_answer(given, v[i].want, &v[i]) :
		    given == v[i].want ||
		    rules_always_answer(w, rules, nr_rules, given | v[i].want, &v[i]))
			continue;
		k.token = v[i].token;
		k.nr = k.last = v[i].nr;
		ret = rules_note(w->notes, k, "%u %s: should be %s, but a rule by name reaches "
				 "every architecture", v[i].nr, v[i].name, wanted(&v[i]));
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
	return given ? rules_emit_plain(w, v[0].name, given) : emit_kept(w, v, n, rules, nr_rules);
}

/* Names that libseccomp knows on none of these architectures stay as they are. */
static int emit_between(struct work *w, size_t *at, rule_list end)
{
	rule_list rules;
	size_t n;
	int ret = 0;

	for (; !ret && w->by_name + *at < end; *at += n) {
		rules = rules_find(w, w->by_name[*at]->name, &n);
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
		rules = rules_find(w, w->cells[i].name, &n);
		ret = emit_between(w, &r, rules);
		if (!ret)
			ret = emit_name(w, &w->cells[i], j - i, rules, n);
		r += n;
	}
	return ret ? ret : emit_between(w, &r, w->by_name + w->nr_by_name);
}

/*
 * libseccomp walks its calls from the lowest number on to find a rule's place among them.
 * With the highest first there is little to walk, and runc starts 6 % earlier. Yet first of
 * all come multiplexers, whose plain rule makes those of their calls needless: the other way
 * round libseccomp refuses what differs from an earlier rule.
 */
static int compare_entries(const void *a, const void *b, void *arg)
{
	const struct ksc_profile_rule *r = &((const struct rule *)a)->pub;
	const struct ksc_profile_rule *s = &((const struct rule *)b)->pub;
	const struct ksc_profile *p = arg;
	int nr, other;

	if (r->entry != s->entry)
		return r->entry < s->entry ? -1 : 1;
	if (is_mux(r->name) != is_mux(s->name))
		return is_mux(r->name) ? -1 : 1;
	nr = profile_rule_nr(p, r, 0);
	other = profile_rule_nr(p, s, 0);
	return nr != other ? (nr > other ? -1 : 1) : strcmp(r->name, s->name);
}

static void move_to_end(struct rule *rules, size_t i, size_t n)
{
	struct rule r;

	if (i + 1 >= n)
		return;
	r = rules[i];
	memmove(&rules[i], &rules[i + 1], (n - i - 1) * sizeof(*rules));
	rules[n - 1] = r;
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
			if (rules_find_muxed(c->token, r->name, &m) && m.mux == c->nr &&
			    !rules_is_answer(r->action, c->want, c))
				break;
		}
		if (j == w->nr_out)
			continue;
		k.token = c->token;
		k.nr = k.last = c->nr;
		k.name = (char *)c->name;
		ret = rules_note(w->notes, k, "%u %s: should be ENOSYS, but the rule for %s "
				 "reaches it", c->nr, c->name, w->out[j].pub.name);
	}
	return ret;
}

/*
 * Where the default changes, and for who takes EPERM for a default of ENOSYS, by which
 * programs go on: any other errno is a denial as good.
 */
static bool restates_default(const struct work *w)
{
	uint32_t def = w->p->def_action;

	return w->def_action != def ||
	       (w->readers & RULES_FOR_OTHERS && def == ksc_ret_enosys(w->p->native) &&
		rules_default(RULES_FOR_OTHERS, def) != def);
}

int rules_from_policy(const struct ksc_policy *policy, const struct ksc_profile *p,
		      const struct rules_aim *aim, rules_check *check, void *arg,
		      struct json_object **obj, struct rules_notes *notes)
{
	struct work w = {
		.policy = policy, .p = p, .notes = notes, .def_action = aim->def_action,
		.readers = aim->readers, .possible = aim->possible, .next_entry = ENTRY_ADDED,
	};
	struct ksc_profile result = *p;
	size_t i, told;
	int ret;

	w.restates = restates_default(&w);
	ret = rules_collect(&w);
	if (!ret)
		ret = rules_sort(&w);
	if (!ret)
		ret = emit_names(&w);
	if (!ret)
		ret = note_multiplexers(&w);
	if (ret)
		goto free_work;
	if (w.nr_out)
		qsort_r(w.out, w.nr_out, sizeof(*w.out), compare_entries, (void *)p);
	told = w.nr_out;
	ret = rules_tell_errnos(&w);
	/* After whatever names a call, yet that stays the last. */
	if (!ret)
		ret = rules_keep_largest(&w);
	if (ret)
		goto free_work;
	move_to_end(w.out, told, w.nr_out);
	result.def_action = w.def_action;
	result.rules = w.out;
	result.nr_rules = w.nr_out;
	ret = check(arg, policy, p, &result);
	if (!ret)
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
