// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * From a profile and a tree to a policy.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "profile.h"

static int add_rules(struct ksc_policy *policy, const struct ksc_abi *abi,
		     const struct ksc_profile *p, size_t arch)
{
	const struct ksc_profile_rule *r;
	int ret = 0;
	size_t i;

	for (i = 0; !ret && i < p->nr_rules; i++) {
		r = &p->rules[i].pub;
		ret = ksc_seccomp_rule_nr(policy, abi, r->name, profile_rule_nr(p, r, arch),
					  r->action, r->nr_args ? KSC_RULE_ARGS : 0);
	}
	return ret;
}

/* All ABIs of one of the profile's architectures. */
static int cover(struct ksc_policy *policy, const struct ksc_profile *p, size_t arch,
		 bool *covered)
{
	uint32_t token = ksc_profile_arch(p, arch);
	const struct ksc_abi *abi;
	int ret = 0;

	ksc_abi_foreach(abi, ksc_policy_view(policy)) {
		if (ret || ksc_abi_scmp_arch(abi) != token)
			continue;
		ret = ksc_policy_cover(policy, abi);
		if (!ret)
			ret = add_rules(policy, abi, p, arch);
		*covered = true;
	}
	return ret;
}

/* Libseccomp's names stand in for a tree. */
static int new_policy(struct ksc_policy **pp, const struct ksc *k, const struct ksc_profile *p)
{
	uint32_t *archs;
	struct ksc *names;
	size_t n;
	int ret;

	if (k)
		return ksc_policy_new(pp, k);
	archs = calloc(p->nr_arches + 1, sizeof(*archs));
	if (!archs)
		return -ENOMEM;
	for (n = 0; ksc_profile_arch(p, n); n++)
		archs[n] = ksc_profile_arch(p, n);
	ret = ksc_seccomp_names(&names, archs, n);
	free(archs);
	if (ret)
		return ret;
	ret = ksc_policy_new(pp, names);
	ksc_close(names);
	return ret;
}

KSC_PUBLIC int ksc_policy_from_profile(struct ksc_policy **pp, const struct ksc *k,
				       struct ksc_profile *p, unsigned int baseline)
{
	struct ksc_policy *policy;
	bool covered = false;
	size_t i;
	int ret;

	*pp = NULL;
	ret = new_policy(&policy, k, p);
	if (ret)
		return profile_fail(p, ret, "%s", strerror(-ret));
	ret = ksc_policy_set_default(policy, p->def_action);
	if (!ret)
		ret = ksc_policy_set_baseline(policy, baseline);
	if (ret) {
		profile_fail(p, ret, "0x%x is no baseline", baseline);
		goto free_policy;
	}
	ksc_policy_note(policy, p->names, p->nr_names);
	for (i = 0; ksc_profile_arch(p, i); i++) {
		ret = cover(policy, p, i, &covered);
		if (ret)
			goto free_policy;
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
