// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Rules are built once before a container is started with them.
 */
#include <errno.h>
#include <linux/filter.h>
#include <stdlib.h>
#include <string.h>

#include "oci.h"

/* What a rule without arguments, and its share of a search tree, can take. */
#define PLAIN_RULE_LEN	2

static bool is_muxed(const struct ksc_profile *p, const char *name)
{
	uint32_t token;
	size_t i;

	for (i = 0; (token = ksc_profile_arch(p, i)); i++) {
		if (is_mux(name) || is_muxed_nr(seccomp_syscall_resolve_name_arch(token, name)))
			return true;
	}
	return false;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of rules with arguments, sorted. */
static const char **find_argued(const struct ksc_profile *p, size_t *n)
{
	const char **names = calloc(p->nr_rules + 1, sizeof(*names));
	size_t i;

	*n = 0;
	for (i = 0; names && i < p->nr_rules; i++) {
		if (p->rules[i].pub.nr_args)
			names[(*n)++] = p->rules[i].pub.name;
	}
	if (*n)
		qsort(names, *n, sizeof(*names), compare_names);
	return names;
}

/* The rules that can contradict each other, as libseccomp takes them. */
static int take_argued(const struct ksc_profile *p, struct ksc_profile *some)
{
	struct rule *rules = calloc(p->nr_rules + 1, sizeof(*rules));
	size_t i, n, kept = 0;
	const char **names = find_argued(p, &n);
	const char *name;

	if (!rules || !names) {
		free(rules);
		free(names);
		return -ENOMEM;
	}
	for (i = 0; i < p->nr_rules; i++) {
		name = p->rules[i].pub.name;
		if (!is_muxed(p, name) &&
		    !(n && bsearch(&name, names, n, sizeof(*names), compare_names)))
			continue;
		rules[kept] = p->rules[i];
		rules[kept++].pub.native_nr = seccomp_syscall_resolve_name(name);
	}
	free(names);
	*some = *p;
	some->rules = rules;
	some->nr_rules = kept;
	return 0;
}

static int build(struct ksc_oci *o, struct ksc_profile *p, size_t *len)
{
	struct sock_filter *prog;
	int ret = ksc_profile_program(p, o->keeps_default ? KSC_RUNTIME_CRUN_OLD : KSC_RUNTIME_RUNC,
				      &prog, len);

	if (ret)
		return oci_fail(o, ret, "the rules for this kernel do not work: %s",
				*p->error ? p->error : strerror(-ret));
	free(prog);
	return 0;
}

static int build_all(struct ksc_oci *o, const struct ksc_profile *p)
{
	struct ksc_profile whole = *p;
	size_t len, i;
	int ret;

	for (i = 0; i < p->nr_rules; i++)
		p->rules[i].pub.native_nr = seccomp_syscall_resolve_name(p->rules[i].pub.name);
	ret = build(o, &whole, &len);
	if (!ret && len > BPF_MAXINSNS)
		ret = oci_fail(o, -E2BIG, "the rules for this kernel would make a filter of %zu "
			       "instructions, the kernel takes %d", len, BPF_MAXINSNS);
	return ret;
}

static bool loses_load(const struct ksc_oci *o, const struct ksc_profile *p)
{
	return profile_loses_load(p, o->keeps_default ? without_errno(p->def_action) :
							p->def_action);
}

/*
 * No container starts with rules that libseccomp refuses, or with too many of
 * them. Rules without arguments contradict none, and building them would cost
 * each container as much as its runtime's own building, so they are estimated
 * first. What would be too much for libseccomp is not tried: if the profile's own
 * rules are, the runtime has to know, else the mode is not for this profile.
 */
int oci_check_rules(void *arg, const struct ksc_policy *policy,
		    const struct ksc_profile *original, const struct ksc_profile *result)
{
	struct ksc_oci *o = arg;
	struct ksc_profile some;
	const char *name;
	size_t len, arches;
	int ret;

	ret = o->weighed ? oci_weigh_rules(o, policy, original, result) : 0;
	if (ret)
		return ret;
	if (loses_load(o, result) || loses_load(o, original))
		return oci_fail(o, -EOPNOTSUPP, "an architecture has no rule without arguments, "
				"and libseccomp would not look at the number of its calls");
	ret = profile_check_cost(result, &name);
	if (ret == -E2BIG && o->used != KSC_OCI_FLIP &&
	    profile_check_cost(original, &name) == -E2BIG)
		return 0;
	if (ret == -E2BIG)
		return oci_fail(o, ret, "the rules for this kernel: those for %s are too much for "
				"libseccomp", name);
	if (ret)
		return ret;
	for (arches = 0; ksc_profile_arch(result, arches); arches++)
		;
	ret = take_argued(result, &some);
	if (ret)
		return ret;
	*some.error = '\0';
	ret = build(o, &some, &len);
	len += (result->nr_rules - some.nr_rules) * arches * PLAIN_RULE_LEN;
	if (!ret && len > BPF_MAXINSNS)
		ret = build_all(o, result);
	free(some.rules);
	return ret;
}
