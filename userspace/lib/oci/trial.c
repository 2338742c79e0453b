// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Rules are built once before a container is started with them.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "oci.h"

/* So often both programs are run, whose time that is: a few ms. */
#define RUNS_MAX	(1u << 17)

/* What a rule without arguments, and its share of a search tree, can take. */
#define PLAIN_RULE_LEN	2
/* What runc puts before an architecture's. */
#define STUB_LEN	9

static bool is_muxed(const struct ksc_profile *p, const struct ksc_profile_rule *r)
{
	size_t i;

	for (i = 0; ksc_profile_arch(p, i); i++) {
		if (is_mux(r->name) || ksc_is_muxed(profile_rule_nr(p, r, i)))
			return true;
	}
	return false;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of rules with arguments. */
struct argued {
	const char **v;
	size_t n;
};

static void add_argued(struct argued *names, const struct ksc_profile *p)
{
	size_t i;

	for (i = 0; i < p->nr_rules; i++) {
		if (p->rules[i].pub.nr_args)
			names->v[names->n++] = p->rules[i].pub.name;
	}
}

static int find_argued(const struct ksc_profile *p, const struct ksc_profile *q,
		       struct argued *names)
{
	size_t i, n = 0;

	*names = (struct argued){ .v = calloc(p->nr_rules + q->nr_rules + 1, sizeof(*names->v)) };
	if (!names->v)
		return -ENOMEM;
	add_argued(names, p);
	add_argued(names, q);
	if (names->n)
		qsort(names->v, names->n, sizeof(*names->v), compare_names);
	for (i = 0; i < names->n; i++) {
		if (!n || strcmp(names->v[i], names->v[n - 1]))
			names->v[n++] = names->v[i];
	}
	names->n = n;
	return 0;
}

/* The rules that can contradict each other, as libseccomp takes them, or all. */
static int take_rules(const struct ksc_profile *p, const struct argued *names, bool all,
		      struct ksc_profile *some)
{
	struct rule *rules = calloc(p->nr_rules + 1, sizeof(*rules));
	size_t i, kept = 0;
	const char *name;

	if (!rules)
		return -ENOMEM;
	for (i = 0; i < p->nr_rules; i++) {
		name = p->rules[i].pub.name;
		if (!all && !is_muxed(p, &p->rules[i].pub) &&
		    !(names->n && bsearch(&name, names->v, names->n, sizeof(*names->v),
					  compare_names)))
			continue;
		rules[kept] = p->rules[i];
		rules[kept++].pub.native_nr = seccomp_syscall_resolve_name(name);
	}
	*some = *p;
	some->rules = rules;
	some->nr_rules = kept;
	*some->error = '\0';
	return 0;
}

static enum ksc_runtime reader(const struct ksc_oci *o)
{
	return o->keeps_default ? KSC_RUNTIME_CRUN_OLD : KSC_RUNTIME_RUNC;
}

static int fail_build(struct ksc_oci *o, const struct ksc_profile *p, int err)
{
	return oci_fail(o, err, "the rules for this kernel do not work: %s",
			*p->error ? p->error : strerror(-err));
}

static bool loses_load(const struct ksc_oci *o, const struct ksc_profile *p)
{
	return profile_loses_load(p, o->keeps_default ? without_errno(p->def_action) :
							p->def_action);
}

/*
 * Without what a runtime puts before it; as runc lets it be built, a search tree, or as
 * all others do. The rules that were built are @nr_rules.
 */
static int build(struct ksc_oci *o, const struct ksc_profile *p, const struct argued *names,
		 bool tree, struct program *prog, size_t *nr_rules)
{
	struct ksc_profile some;
	scmp_filter_ctx ctx;
	int ret;

	*prog = (struct program){};
	ret = take_rules(p, names, false, &some);
	if (!ret && loses_load(o, &some)) {
		free(some.rules);
		ret = take_rules(p, names, true, &some);
	}
	if (ret)
		return ret;
	ret = ksc_profile_filter(&some, reader(o), &ctx);
	if (ret) {
		fail_build(o, &some, ret);
		goto free_rules;
	}
	seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, tree ? 2 : 1);
	ret = ksc_seccomp_program(NULL, ctx, &prog->insns, &prog->len);
	if (ret)
		fail_build(o, &some, ret);
	*nr_rules = some.nr_rules;
	seccomp_release(ctx);
free_rules:
	free(some.rules);
	return ret;
}

static int build_all(struct ksc_oci *o, const struct ksc_profile *p)
{
	struct ksc_profile whole;
	struct sock_filter *prog;
	size_t len;
	int ret;

	ret = take_rules(p, NULL, true, &whole);
	if (ret)
		return ret;
	ret = ksc_profile_program(&whole, reader(o), &prog, &len);
	if (ret)
		fail_build(o, &whole, ret);
	free(prog);
	free(whole.rules);
	if (!ret && len > BPF_MAXINSNS)
		ret = oci_fail(o, -E2BIG, "the rules for this kernel would make a filter of %zu "
			       "instructions, the kernel takes %d", len, BPF_MAXINSNS);
	return ret;
}

/* ---- before and after ------------------------------------------------- */

struct pair {
	struct ksc_oci *o;
	const struct ksc_policy *policy;
	const struct ksc_profile *original;
	struct program before, after;
	size_t left;		/* RUNS_MAX, and less */
};

static bool is_noted(const struct ksc_oci *o, uint32_t token, uint32_t nr, const char *name)
{
	const struct rules_note *n;

	for (n = o->notes.v; n < o->notes.v + o->notes.n; n++) {
		if (n->token ? n->token == token && nr >= n->nr && nr <= n->last :
			       !strcmp(n->name, name))
			return true;
	}
	return false;
}

static const char *print_answer(uint32_t answer, char text[32])
{
	const struct ksc_action *a = ksc_find_action(answer);

	snprintf(text, 32, a && a->data ? "%s(%u)" : "%s", a ? a->name : "nothing known",
		 answer & SECCOMP_RET_DATA);
	return text;
}

static int compare_number(struct pair *p, uint32_t token, int nr, const char *name)
{
	struct rules_note n = {
		.kind = RULES_ARGS, .token = token, .nr = (uint32_t)nr, .last = (uint32_t)nr,
		.name = (char *)name,
	};
	uint32_t arch = ksc_audit_arch_of(token);
	bool ours = nr >= 0 && ksc_verdict(p->policy, arch, (uint32_t)nr);
	char before[32], after[32];
	struct difference d;
	int ret;

	if (nr < 0)
		return 0;
	/* What the policy answers itself may be as strict as it likes. */
	ret = compare_programs(&p->before, &p->after, arch, (uint32_t)nr, ours, &p->left, &d);
	if (ret && ret != -E2BIG)
		return ret;
	if (difference_is_grave(d.before, d.after))
		return oci_fail(p->o, -EOPNOTSUPP, "mode %s: of the rules for %s libseccomp would "
				"make other answers than of the profile's own",
				oci_mode_names[p->o->used], name);
	if ((!ret && d.before == d.after) || is_noted(p->o, token, (uint32_t)nr, name))
		return 0;
	if (ret)
		return rules_note(&p->o->notes, n, "%u %s: its arguments' rules are too many to be "
				  "compared with the profile's", n.nr, name);
	return rules_note(&p->o->notes, n, "%u %s: libseccomp makes %s of its rules, where it "
			  "makes %s of the profile's", n.nr, name, print_answer(d.after, after),
			  print_answer(d.before, before));
}

static int compare_name(struct pair *p, const char *name)
{
	uint32_t token;
	size_t i;
	int ret = 0, nr;

	for (i = 0; !ret && (token = ksc_profile_arch(p->original, i)); i++) {
		if (!arch_is_related(token, p->original->native))
			continue;
		nr = seccomp_syscall_resolve_name_arch(token, name);
		if (ksc_is_muxed(nr))
			nr = profile_direct_nr(token, name);
		ret = compare_number(p, token, nr, name);
	}
	return ret;
}

/*
 * libseccomp does not always build what the rules say (GHSA-4q85-33p6-j5g6), and then
 * other rules that say the same become something else.
 */
static int compare(struct pair *p, const struct argued *names)
{
	static const char *const muxes[] = { "socketcall", "ipc" };
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < names->n; i++) {
		if (!is_mux(names->v[i]))
			ret = compare_name(p, names->v[i]);
	}
	for (i = 0; !ret && i < ARRAY_SIZE(muxes); i++)
		ret = compare_name(p, muxes[i]);
	return ret;
}

/* As runc has them built. */
static int compare_trees(struct pair *p, const struct ksc_profile *result,
			 const struct argued *names)
{
	struct pair trees = *p;
	size_t nr_rules;
	int ret;

	trees.before.insns = trees.after.insns = NULL;
	ret = build(p->o, p->original, names, p->original->nr_rules > RUNC_TREE_RULES,
		    &trees.before, &nr_rules);
	if (!ret)
		ret = build(p->o, result, names, true, &trees.after, &nr_rules);
	if (!ret)
		ret = compare(&trees, names);
	free(trees.before.insns);
	free(trees.after.insns);
	p->left = trees.left;
	return ret;
}

/*
 * Where the default stays, so do the rules that look at arguments, but that runc may
 * have a search tree built of what was none before.
 */
static int try_rules(struct ksc_oci *o, const struct ksc_policy *policy,
		     const struct ksc_profile *original, const struct ksc_profile *result)
{
	struct pair p = { .o = o, .policy = policy, .original = original, .left = RUNS_MAX };
	bool flip = o->used == KSC_OCI_FLIP, tree = result->nr_rules > RUNC_TREE_RULES;
	size_t arches, len, nr_rules = 0;
	struct argued names;
	int ret;

	ret = find_argued(original, result, &names);
	if (ret)
		return ret;
	ret = build(o, result, &names, false, &p.after, &nr_rules);
	if (ret)
		goto free_names;
	for (arches = 0; ksc_profile_arch(result, arches); arches++)
		;
	len = p.after.len + (result->nr_rules - nr_rules) * arches * PLAIN_RULE_LEN +
	      arches * STUB_LEN;
	if (len > BPF_MAXINSNS)
		ret = build_all(o, result);
	if (!ret && flip)
		ret = build(o, original, &names, false, &p.before, &nr_rules);
	if (!ret && flip)
		ret = compare(&p, &names);
	if (!ret && tree && (flip || original->nr_rules <= RUNC_TREE_RULES))
		ret = compare_trees(&p, result, &names);
	free(p.before.insns);
	free(p.after.insns);
free_names:
	free(names.v);
	return ret;
}

/*
 * No container starts with rules that libseccomp refuses, or with too many of
 * them. Rules without arguments contradict none, and building them would cost
 * each container as much as its runtime's own building, so they are estimated
 * first. What would be too much for libseccomp is not tried: if the profile's own
 * rules are, the runtime has to know, else the mode is not for this profile.
 */
static int check_rules(struct ksc_oci *o, const struct ksc_policy *policy,
		       const struct ksc_profile *original, const struct ksc_profile *result)
{
	bool flip = o->used == KSC_OCI_FLIP;
	const char *name;
	int ret;

	ret = o->weighed && !flip ? oci_weigh_rules(o, policy, original, result) : 0;
	if (ret)
		return ret;
	if (loses_load(o, result) || loses_load(o, original))
		return oci_fail(o, -EOPNOTSUPP, "an architecture has no rule without arguments, "
				"and libseccomp would not look at the number of its calls");
	ret = profile_check_cost(result, &name);
	if (ret == -E2BIG && !flip &&
	    profile_check_cost(original, &name) == -E2BIG)
		return 0;
	if (ret == -E2BIG)
		return oci_fail(o, ret, "the rules for this kernel: those for %s are too much for "
				"libseccomp", name);
	if (ret)
		return ret;
	ret = try_rules(o, policy, original, result);
	return ret || !o->weighed || !flip ? ret : oci_weigh_rules(o, policy, original, result);
}

int oci_check_rules(void *arg, const struct ksc_policy *policy,
		    const struct ksc_profile *original, const struct ksc_profile *result)
{
	int ret = check_rules(arg, policy, original, result);

	return ret ? ret : oci_tell_guesses(arg, policy, original, result);
}
