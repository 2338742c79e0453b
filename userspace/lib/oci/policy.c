// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * From a profile and a tree to a policy.
 */
#include <errno.h>

#include "profile.h"

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
	const struct ksc_profile_rule *r;
	size_t i;
	int ret;

	ret = ksc_policy_cover(policy, abi);
	for (i = 0; !ret && i < p->nr_rules; i++) {
		r = &p->rules[i].pub;
		ret = ksc_seccomp_rule(policy, abi, r->name, r->action,
				       r->nr_args ? KSC_RULE_ARGS : 0);
	}
	return ret;
}

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
