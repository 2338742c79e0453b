// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * From a profile and a tree to a policy.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "profile.h"

/*
 * Where, from the base, what is behind socketcall and ipc also has numbers of its
 * own: MIPS's accept is the first, elsewhere it is POWER's socket. The last came in
 * 5.1, which gave ipc's the numbers 393 to 402 on every architecture.
 */
#define DIRECT_MIN_MIPS	168
#define DIRECT_MIN	326
#define DIRECT_MAX	402

static int direct_min(const struct ksc_abi *abi)
{
	uint32_t token = ksc_abi_scmp_arch(abi);

	return token == SCMP_ARCH_MIPS || token == SCMP_ARCH_MIPSEL ? DIRECT_MIN_MIPS : DIRECT_MIN;
}

/*
 * What libseccomp calls the numbers that it does not call as the kernel does, which
 * has nothing that is asked for. To be asked once, for it searches each.
 */
struct direct {
	bool asked;
	char *names[DIRECT_MAX + 1];	/* from direct_min() on */
};

static void ask_direct(struct direct *d, const struct ksc_abi *abi)
{
	uint32_t token = ksc_abi_scmp_arch(abi);
	int base = (int)ksc_abi_base(abi), nr;
	const char *name;

	for (nr = direct_min(abi); nr <= DIRECT_MAX; nr++) {
		name = ksc_name(abi, (uint32_t)nr);
		if (!name || seccomp_syscall_resolve_name_arch(token, name) != base + nr)
			d->names[nr] = seccomp_syscall_resolve_num_arch(token, base + nr);
	}
	d->asked = true;
}

/*
 * libseccomp tells the multiplexer's number for a multiplexed call and keeps
 * the direct one to itself, but its filters have both. Wanted only where the
 * kernel has no such call, else the tree has told already.
 */
static int direct_nr(struct direct *d, const struct ksc_abi *abi, const char *wanted)
{
	int nr;

	if (!d->asked)
		ask_direct(d, abi);
	for (nr = direct_min(abi); nr <= DIRECT_MAX; nr++) {
		if (d->names[nr] && !strcmp(d->names[nr], wanted))
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
		    const struct ksc_profile_rule *r, struct direct *direct)
{
	unsigned int flags = r->nr_args ? KSC_RULE_ARGS : 0;
	struct ksc_resolution res;
	int ret = 0;

	resolve_numbers(abi, r->name, &res);
	if (res.scmp_nr >= 0)
		/* The multiplexer's rule looks at the call's number, an argument. */
		ret = ksc_policy_rule_nr(policy, abi, (uint32_t)res.scmp_nr, r->name, r->action,
					 res.known & KSC_KNOWN_MUX ? KSC_RULE_ARGS : flags);
	if (res.kernel_nr < 0 && res.known & KSC_KNOWN_MUX)
		res.kernel_nr = direct_nr(direct, abi, r->name);
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
	struct direct direct = { .asked = false };
	size_t i;
	int ret;

	ret = ksc_policy_cover(policy, abi);
	for (i = 0; !ret && i < p->nr_rules; i++)
		ret = add_rule(policy, abi, &p->rules[i].pub, &direct);
	for (i = (size_t)direct_min(abi); i <= DIRECT_MAX; i++)
		free(direct.names[i]);
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
