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
#include <linux/audit.h>
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

static bool is_default(const struct work *w, uint32_t action)
{
	return rules_skip(w->readers & RULES_FOR_HEEDING, w->def_action, action) ||
	       rules_skip(w->readers & RULES_FOR_OTHERS, w->def_action, action);
}

/* For rules that no call matches: any but a default, which would be no rule. */
static uint32_t another_errno(const struct work *w)
{
	const uint32_t errnos[] = {
		ksc_ret_enosys(w->p->native), SCMP_ACT_ERRNO(EPERM), SCMP_ACT_ERRNO(EINVAL),
	};
	size_t i;

	for (i = 0; i + 1 < ARRAY_SIZE(errnos) && is_default(w, errnos[i]); i++)
		;
	return errnos[i];
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
		mixed |= !rules_is_answer(want, v[i].want, &v[i]);
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
				 "every architecture", v[i].nr, v[i].name,
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

/* The largest number that the profile's rules reach, multiplexed calls' own included. */
static int largest_reached(const struct work *w, uint32_t token)
{
	int max = profile_largest(w->p, w->p->rules, w->p->nr_rules, token);
	size_t i, n;

	for (i = 0; i < w->nr_cells; i++) {
		if (w->cells[i].token != token || (int)w->cells[i].nr <= max)
			continue;
		rules_find(w, w->cells[i].name, &n);
		if (n || rules_have_muxed(w, &w->cells[i]))
			max = (int)w->cells[i].nr;
	}
	return max;
}

static int largest_known(const struct work *w, uint32_t token)
{
	int max = 0;
	size_t i;

	for (i = 0; i < w->nr_cells; i++) {
		if (w->cells[i].token == token && (int)w->cells[i].nr > max)
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
		    !rules_is_muxed(w, c->name))
			found = c;
	}
	return found ? found->name : NULL;
}

/* The first number above @after that no rule can name and that is to be ENOSYS. */
static uint32_t first_nameless(const struct work *w, uint32_t token, uint32_t after)
{
	uint32_t arch = ksc_audit_arch_of(token), nr, base;
	const struct ksc_abi *abi = ksc_abi_by_arch(ksc_policy_view(w->policy), arch, after);

	if (!abi)
		return 0;
	base = ksc_abi_base(abi);
	for (nr = after - base; (nr = rules_next_assigned(abi, nr + 1)) != UINT32_MAX; ) {
		if (!rules_find_cell(w, token, base + nr) &&
		    ksc_verdict(w->policy, arch, base + nr) == ksc_ret_enosys(token))
			return base + nr;
	}
	return UINT32_MAX;
}

/*
 * The largest number that is to get the default, which runc's ENOSYS would keep from it.
 * A profile that kills is not asked to kill more, and what no rule can name keeps ENOSYS.
 */
static int largest_denied(const struct work *w, uint32_t token, int after)
{
	uint32_t def = w->p->def_action, end;
	const struct cell *c;
	int max = after;
	size_t i;

	if (w->def_action != def || def == ksc_ret_enosys(w->p->native) ||
	    (def & SECCOMP_RET_ACTION_FULL) != SCMP_ACT_ERRNO(0))
		return after;
	end = first_nameless(w, token, (uint32_t)after);
	for (i = 0; i < w->nr_cells; i++) {
		c = &w->cells[i];
		if (c->token == token && !c->want && !c->absent && c->nr < end && (int)c->nr > max)
			max = (int)c->nr;
	}
	return max;
}

/* For the first architecture that lacks it; the name may have a number on others, too. */
static int keep_one_largest(struct work *w, bool *more)
{
	static const struct scmp_arg_cmp never = { .arg = 5, .op = SCMP_CMP_LT };
	struct ksc_profile_rule r = { .args = &never, .nr_args = 1 };
	int before, after, reached;
	uint32_t token;
	size_t i;

	*more = false;
	for (i = 0; (token = ksc_profile_arch(w->p, i)); i++) {
		before = profile_largest(w->p, w->p->rules, w->p->nr_rules, token);
		after = profile_largest(w->p, w->out, w->nr_out, token);
		/* No name, no stub; with the first that comes there is one, for all above it. */
		reached = before ? largest_reached(w, token) : largest_known(w, token);
		if (!after && !before)
			continue;
		reached = largest_denied(w, token, after > reached ? after : reached);
		if (after >= reached)
			continue;
		r.name = name_from(w, token, reached);
		if (!r.name)
			continue;
		*more = true;
		return rules_append(w, &r, ++w->next_entry, another_errno(w));
	}
	return 0;
}

/*
 * runc answers ENOSYS above the largest number that the rules name, and libseccomp
 * hides from it the numbers of multiplexed calls: an allowed one must not end up
 * there because the largest was dropped, or because now there is one. So a name
 * comes in, in a rule that no call matches.
 */
static int keep_largest(struct work *w)
{
	bool more = true;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && more && ksc_profile_arch(w->p, i); i++)
		ret = keep_one_largest(w, &more);
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
		if (!out->nr_args && !rules_is_muxed(w, out->name) &&
		    seccomp_syscall_resolve_name(out->name) != __NR_SCMP_ERROR)
			return *out;
	}
	for (i = 0; i < w->nr_cells && rules_is_muxed(w, w->cells[i].name); i++)
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
	return r.name ? rules_emit(w, &r, ++w->next_entry, r.action) : 0;
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
		qsort(w.out, w.nr_out, sizeof(*w.out), compare_entries);
	told = w.nr_out;
	ret = tell_errnos(&w);
	/* After whatever names a call, yet that stays the last. */
	if (!ret)
		ret = keep_largest(&w);
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
