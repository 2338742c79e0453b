// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Names, as libseccomp and a kernel number them.
 */
#include <errno.h>
#include <linux/audit.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <ksyscalls-seccomp.h>

#include "../shared.h"

/* Numbers of one ABI lie within this of its base; the next base is further off. */
#define ABI_SPAN	0x1000

KSC_PUBLIC uint32_t ksc_abi_scmp_arch(const struct ksc_abi *abi)
{
	if (ksc_abi_audit_arch(abi) == AUDIT_ARCH_X86_64 && ksc_abi_base(abi))
		return SCMP_ARCH_X32;
	return ksc_abi_audit_arch(abi);
}

/* libseccomp's @nr relative to @abi's base; -1 if it belongs to another ABI. */
static int relative(const struct ksc_abi *abi, int nr)
{
	uint32_t base = ksc_abi_base(abi);

	if (nr < 0 || (uint32_t)nr < base || (uint32_t)nr - base >= ABI_SPAN)
		return -1;
	return (int)((uint32_t)nr - base);
}

/* From what libseccomp tells of a name its number, relative to the base; -1. */
static int number_of(const struct ksc_abi *abi, const char *name, int told, bool *mux)
{
	*mux = false;
	if (ksc_is_muxed(told)) {
		told = seccomp_syscall_resolve_name_rewrite(ksc_abi_scmp_arch(abi), name);
		*mux = told >= 0;
	}
	return relative(abi, told);
}

/* @nr receives libseccomp's number, relative to the base; -1 */
static unsigned int resolve(const struct ksc_abi *abi, const char *name, int *nr)
{
	int told = seccomp_syscall_resolve_name_arch(ksc_abi_scmp_arch(abi), name);
	unsigned int known = KSC_KNOWN_NAME;
	bool mux;

	*nr = number_of(abi, name, told, &mux);
	if (told == __NR_SCMP_ERROR && seccomp_syscall_resolve_name(name) == __NR_SCMP_ERROR)
		return 0;
	if (mux)
		known |= KSC_KNOWN_MUX;
	if (*nr >= 0)
		known |= KSC_KNOWN_LIBSECCOMP;
	return known;
}

KSC_PUBLIC unsigned int ksc_abi_known(const struct ksc_abi *abi, const char *name)
{
	int nr, own = ksc_abi_nr(abi, name);
	unsigned int known = resolve(abi, name, &nr);

	if (own >= 0 && ksc_abi_implemented(abi, (uint32_t)own) == 1)
		known |= KSC_KNOWN_KERNEL;
	if (ksc_release_of(name) != KSC_RELEASE_UNKNOWN)
		known |= KSC_KNOWN_TABLE;
	return known;
}

KSC_PUBLIC int ksc_abi_scmp_nr(const struct ksc_abi *abi, const char *name)
{
	int nr;

	resolve(abi, name, &nr);
	return nr >= 0 ? nr : -ENOENT;
}

/* Numbers beside the multiplexer's. */
static const struct direct {
	const char *name;
	int nr;
	const char *ids;
} direct[] = {
#include "direct-table.h"
};

/* Does libseccomp call @nr so? */
static bool is_called(uint32_t token, int nr, const char *wanted)
{
	char *name = seccomp_syscall_resolve_num_arch(token, nr);
	bool same = name && !strcmp(name, wanted);

	free(name);
	return same;
}

/*
 * libseccomp tells the multiplexer's number for a multiplexed call and keeps
 * the direct one to itself, but its filters have both. Wanted only where the
 * kernel has no such call, else the tree has told already.
 */
static int direct_nr(const struct ksc_abi *abi, const char *wanted)
{
	uint32_t token = ksc_abi_scmp_arch(abi);
	const struct direct *d;

	for (d = direct; d < direct + ARRAY_SIZE(direct); d++) {
		if (!strcmp(d->name, wanted) && ksc_has_word(d->ids, ksc_abi_id(abi)) &&
		    is_called(token, (int)ksc_abi_base(abi) + d->nr, wanted))
			return d->nr;
	}
	return -1;
}

/*
 * A rule reaches the number that libseccomp has for the name and, where it has none,
 * the number that the kernel has: a tree does not name what is absent, an old
 * libseccomp not what is new.
 */
static int add_rule(struct ksc_policy *policy, const struct ksc_abi *abi, const char *name,
		    int told, uint32_t action, unsigned int flags)
{
	int scmp_nr, nr, ret = 0;
	bool mux;

	scmp_nr = number_of(abi, name, told, &mux);
	if (scmp_nr >= 0)
		/* The multiplexer's rule looks at the call's number, an argument. */
		ret = ksc_policy_rule_nr(policy, abi, (uint32_t)scmp_nr, name, action,
					 mux ? KSC_RULE_ARGS : flags);
	/* Its filters have one number for a name, and what a tree says makes it no other. */
	if (ret || (!mux && scmp_nr >= 0))
		return ret;
	if (!mux) {
		ret = ksc_policy_rule(policy, abi, name, action, flags | KSC_RULE_UNRESOLVED);
		/* Nobody's number, but a name that the profile's author knew. */
		return ret == -ENOENT ? 0 : ret;
	}
	nr = ksc_abi_nr(abi, name);
	if (nr < 0)
		nr = direct_nr(abi, name);
	if (nr < 0 || nr == scmp_nr)
		return 0;
	return ksc_policy_rule_nr(policy, abi, (uint32_t)nr, name, action, flags);
}

KSC_PUBLIC int ksc_seccomp_rule_nr(struct ksc_policy *policy, const struct ksc_abi *abi,
				   const char *name, int nr, uint32_t action, unsigned int flags)
{
	if (!abi || flags & ~KSC_RULE_ARGS)
		return -EINVAL;
	return add_rule(policy, abi, name, nr, action, flags);
}

static bool is_of(const struct ksc_abi *abi, uint32_t scmp_arch)
{
	if (scmp_arch == SCMP_ARCH_NATIVE)
		scmp_arch = seccomp_arch_native();
	return scmp_arch == KSC_SCMP_ARCH_ALL || ksc_abi_scmp_arch(abi) == scmp_arch;
}

KSC_PUBLIC int ksc_seccomp_rule(struct ksc_policy *policy, uint32_t scmp_arch, const char *name,
				uint32_t action, unsigned int flags)
{
	const struct ksc *k = ksc_policy_view(policy);
	const struct ksc_abi *abi;
	bool found = false;
	int ret = 0;

	if (flags & ~KSC_RULE_ARGS)
		return -EINVAL;
	ksc_abi_foreach(abi, k) {
		if (ret || !is_of(abi, scmp_arch))
			continue;
		ret = add_rule(policy, abi, name,
			       seccomp_syscall_resolve_name_arch(ksc_abi_scmp_arch(abi), name),
			       action, flags);
		found = true;
	}
	return ret || found ? ret : -ENOENT;
}

/* Where libseccomp has no name it takes the number for this machine's own alone. */
static int add_number(struct ksc_policy *policy, uint32_t scmp_arch, int nr, uint32_t action,
		      unsigned int flags)
{
	const struct ksc_abi *abi;
	bool found = false;
	const char *name;
	uint32_t rel;
	int ret = 0;

	ksc_abi_foreach(abi, ksc_policy_view(policy)) {
		if (ret || !is_of(abi, scmp_arch))
			continue;
		found = true;
		rel = (uint32_t)nr - ksc_abi_base(abi);
		if (!is_of(abi, SCMP_ARCH_NATIVE) || nr < 0 || rel > (uint32_t)nr)
			continue;
		name = ksc_abi_name(abi, rel);
		ret = ksc_policy_rule_nr(policy, abi, rel, name ?: "?", action, flags);
		/* Among the ABIs of one architecture it is one's. */
		if (ret == -ERANGE)
			ret = 0;
	}
	return ret || found ? ret : -ENOENT;
}

KSC_PUBLIC int ksc_seccomp_rule_added(struct ksc_policy *policy, uint32_t scmp_arch, int nr,
				      uint32_t action, unsigned int flags)
{
	char *name;
	int ret;

	if (flags & ~KSC_RULE_ARGS)
		return -EINVAL;
	name = seccomp_syscall_resolve_num_arch(seccomp_arch_native(), nr);
	ret = name ? ksc_seccomp_rule(policy, scmp_arch, name, action, flags) :
		     add_number(policy, scmp_arch, nr, action, flags);
	free(name);
	return ret;
}

KSC_PUBLIC int ksc_seccomp_cover(struct ksc_policy *policy, uint32_t scmp_arch)
{
	const struct ksc *k = ksc_policy_view(policy);
	const struct ksc_abi *abi;
	bool found = false;
	int ret = 0;

	if (scmp_arch == KSC_SCMP_ARCH_ALL)
		return -EINVAL;
	ksc_abi_foreach(abi, k) {
		if (ret || !is_of(abi, scmp_arch))
			continue;
		ret = ksc_policy_cover(policy, abi);
		found = true;
	}
	return ret || found ? ret : -ENOENT;
}
