// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * From a profile and a tree to a policy.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "profile.h"

/* No ABI numbers its calls, from its base, further than this. */
#define NUMBERS_MAX	1024

/*
 * libseccomp tells the multiplexer's number for a multiplexed call and keeps
 * the direct one to itself, but its filters have both. Wanted only where the
 * kernel has no such call, else the tree has told already.
 */
static int direct_nr(const struct ksc_abi *abi, const char *wanted)
{
	uint32_t token = ksc_abi_scmp_arch(abi);
	bool found;
	char *name;
	int nr;

	for (nr = 0; nr < NUMBERS_MAX; nr++) {
		name = seccomp_syscall_resolve_num_arch(token, (int)ksc_abi_base(abi) + nr);
		found = name && !strcmp(name, wanted);
		free(name);
		if (found)
			return nr;
	}
	return -1;
}

/*
 * A rule reaches the number that libseccomp has for the name, and the number
 * that the kernel has for it. They are the same, or one of them is missing:
 * a tree does not name what is absent, an old libseccomp not what is new.
 */
static int add_rule(struct ksc_policy *policy, const struct ksc_abi *abi,
		    const struct ksc_profile_rule *r)
{
	unsigned int flags = r->nr_args ? KSC_RULE_ARGS : 0;
	struct ksc_resolution res;
	int ret = 0;

	ksc_resolve(abi, r->name, &res);
	if (res.scmp_nr >= 0)
		/* The multiplexer's rule looks at the call's number, an argument. */
		ret = ksc_policy_rule_nr(policy, abi, (uint32_t)res.scmp_nr, r->name, r->action,
					 res.known & KSC_KNOWN_MUX ? KSC_RULE_ARGS : flags);
	if (res.kernel_nr < 0 && res.known & KSC_KNOWN_MUX)
		res.kernel_nr = direct_nr(abi, r->name);
	if (ret || res.kernel_nr < 0 || res.kernel_nr == res.scmp_nr)
		return ret;
	if (!(res.known & KSC_KNOWN_MUX))
		flags |= KSC_RULE_UNRESOLVED;
	return ksc_policy_rule_nr(policy, abi, (uint32_t)res.kernel_nr, r->name, r->action, flags);
}

static bool covers(const struct ksc_profile *p, uint32_t token)
{
	uint32_t arch;
	size_t i;

	for (i = 0; (arch = ksc_profile_arch(p, i)); i++) {
		if (arch == token)
			return true;
	}
	return false;
}

static int cover_abi(struct ksc_policy *policy, const struct ksc_abi *abi,
		     const struct ksc_profile *p)
{
	size_t i;
	int ret;

	ret = ksc_policy_cover(policy, abi);
	for (i = 0; !ret && i < p->nr_rules; i++)
		ret = add_rule(policy, abi, &p->rules[i].pub);
	return ret;
}

/**
 * ksc_policy_from_profile() - weigh a profile against a tree
 * @pp: receives the policy; ksc_policy_free() releases it
 * @k: the tree, which must outlive the policy
 * @p: a loaded profile, not needed afterwards
 * @baseline: newest release the author knew: KSC_RELEASE(x, y); KSC_RELEASE_INFER
 *	for the newest of any name in the profile; KSC_RELEASE_NONE for no baseline
 *
 * ksc_policy_baseline() tells which release was taken.
 *
 * Return: 0; -ENOENT if the profile covers none of the tree's ABIs, with
 * ksc_profile_error() set; -ENOMEM.
 * Since: 0.1
 */
KSC_EXPORT int ksc_policy_from_profile(struct ksc_policy **pp, const struct ksc *k,
				       struct ksc_profile *p, unsigned int baseline)
{
	struct ksc_policy *policy;
	const struct ksc_abi *abi;
	size_t covered = 0;
	int ret;

	ret = ksc_policy_new(&policy, k);
	if (ret)
		return ret;
	ret = ksc_policy_set_default(policy, p->def_action);
	if (!ret)
		ret = ksc_policy_set_baseline(policy, baseline == KSC_RELEASE_INFER ?
					      p->newest : baseline);
	if (ret)
		goto free_policy;
	ksc_abi_foreach(abi, k) {
		if (!covers(p, ksc_abi_scmp_arch(abi)))
			continue;
		ret = cover_abi(policy, abi, p);
		if (ret)
			goto free_policy;
		covered++;
	}
	if (!covered) {
		ret = profile_fail(p, -ENOENT, "the profile covers none of the tree's ABIs; "
				   "its first architecture is SCMP_ARCH_%s",
				   arch_to_oci(p->native));
		goto free_policy;
	}
	*pp = policy;
	return 0;

free_policy:
	ksc_policy_free(policy);
	return ret;
}
