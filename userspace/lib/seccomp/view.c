// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What libseccomp itself knows: a tree of its names, for where there is none of a
 * kernel, and a policy of what a filter already has.
 */
#include <errno.h>
#include <linux/audit.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ksyscalls-seccomp.h>

#include "../shared.h"

/* No architecture has a number as far as this from its base. */
#define NUMBERS		1024

/* One line per numbering; arm has two. */
static const struct numbering {
	uint32_t scmp_arch;
	uint32_t base;
	const char *id;
} numberings[] = {
	{ SCMP_ARCH_X86_64,		0,		"x86_64" },
	{ SCMP_ARCH_X86,		0,		"i386" },
	{ SCMP_ARCH_X32,		0x40000000,	"x32" },
	{ SCMP_ARCH_AARCH64,		0,		"arm64" },
	{ SCMP_ARCH_ARM,		0,		"arm" },
	{ SCMP_ARCH_ARM,		0xf0000,	"arm_private" },
	{ SCMP_ARCH_PPC64LE,		0,		"ppc64" },
	{ SCMP_ARCH_PPC64,		0,		"ppc64" },
	{ SCMP_ARCH_PPC,		0,		"ppc" },
	{ SCMP_ARCH_S390X,		0,		"s390x" },
	{ SCMP_ARCH_S390,		0,		"s390" },
	{ SCMP_ARCH_RISCV64,		0,		"riscv64" },
	{ SCMP_ARCH_MIPSEL64,		5000,		"mips64" },
	{ SCMP_ARCH_MIPSEL64N32,	6000,		"mipsn32" },
	{ SCMP_ARCH_MIPSEL,		4000,		"mips" },
	{ SCMP_ARCH_MIPS64,		5000,		"mips64" },
	{ SCMP_ARCH_MIPS64N32,		6000,		"mipsn32" },
	{ SCMP_ARCH_MIPS,		4000,		"mips" },
	{ SCMP_ARCH_PARISC64,		0,		"parisc64" },
	{ SCMP_ARCH_PARISC,		0,		"parisc" },
	{ AUDIT_ARCH_LOONGARCH64,	0,		"loong64" },
};

/* Calls that libseccomp may be too old for. */
static const struct newer {
	uint32_t nr;
	const char *name;
	const char *ids;
} newer[] = {
#include "newer-table.h"
};

static const char *newer_name(const char *id, uint32_t nr)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(newer); i++) {
		if (newer[i].nr == nr && ksc_has_word(newer[i].ids, id) &&
		    ksc_release_of(newer[i].name) != KSC_RELEASE_UNKNOWN)
			return newer[i].name;
	}
	return NULL;
}

static int print_names(FILE *f, const struct numbering *n)
{
	const char *name;
	uint32_t nr;
	char *own;

	for (nr = 0; nr < NUMBERS; nr++) {
		own = seccomp_syscall_resolve_num_arch(n->scmp_arch, (int)(n->base + nr));
		name = own ? own : newer_name(n->id, nr);
		if (name)
			fprintf(f, "%u %s\n", nr, name);
		free(own);
	}
	return ferror(f) ? -ENOMEM : 0;
}

static int add_numbering(struct ksc *k, const struct numbering *n)
{
	char *text = NULL;
	size_t len;
	FILE *f;
	int ret;

	f = open_memstream(&text, &len);
	if (!f)
		return -ENOMEM;
	ret = print_names(f, n);
	if (fclose(f))
		ret = -ENOMEM;
	if (!ret)
		ret = ksc_add_abi(k, n->id, ksc_audit_arch_of(n->scmp_arch), n->base, text);
	free(text);
	return ret;
}

static bool is_listed(uint32_t scmp_arch, const uint32_t *archs, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((archs[i] == SCMP_ARCH_NATIVE ? seccomp_arch_native() : archs[i]) == scmp_arch)
			return true;
	return false;
}

KSC_PUBLIC int ksc_seccomp_complete(struct ksc *k, const uint32_t *scmp_archs, size_t n)
{
	int ret = 0, added = 0;
	size_t i;

	for (i = 0; !ret && i < ARRAY_SIZE(numberings); i++) {
		if (!is_listed(numberings[i].scmp_arch, scmp_archs, n) ||
		    ksc_abi_by_name(k, numberings[i].id))
			continue;
		ret = add_numbering(k, &numberings[i]);
		added += !ret;
	}
	return ret ? ret : added;
}

KSC_PUBLIC int ksc_seccomp_names(struct ksc **kp, const uint32_t *scmp_archs, size_t n)
{
	struct ksc *k;
	int ret;

	*kp = NULL;
	ret = ksc_new(&k);
	if (ret)
		return ret;
	ret = ksc_seccomp_complete(k, scmp_archs, n);
	if (!ret)
		ret = -EINVAL;
	if (ret < 0) {
		ksc_close(k);
		return ret;
	}
	*kp = k;
	return 0;
}

/* Those that the filter has; @archs has room for all. */
static size_t archs_of(const scmp_filter_ctx ctx, uint32_t archs[ARRAY_SIZE(numberings)])
{
	size_t i, n = 0;

	for (i = 0; i < ARRAY_SIZE(numberings); i++)
		if (!seccomp_arch_exist(ctx, numberings[i].scmp_arch) &&
		    !is_listed(numberings[i].scmp_arch, archs, n))
			archs[n++] = numberings[i].scmp_arch;
	return n;
}

KSC_PUBLIC int ksc_seccomp_policy(struct ksc_policy **pp, const struct ksc *k,
				  const scmp_filter_ctx ctx)
{
	uint32_t archs[ARRAY_SIZE(numberings)], action;
	struct ksc_policy *policy;
	struct ksc *names = NULL;
	bool covered = false;
	size_t n, i;
	int ret;

	*pp = NULL;
	ret = seccomp_attr_get(ctx, SCMP_FLTATR_ACT_DEFAULT, &action);
	if (ret)
		return ret;
	n = archs_of(ctx, archs);
	if (!k)
		ret = ksc_seccomp_names(&names, archs, n);
	if (!ret)
		ret = ksc_policy_new(&policy, k ? k : names);
	ksc_close(names);
	if (ret)
		return ret;
	ret = ksc_policy_set_default(policy, action);
	for (i = 0; !ret && i < n; i++) {
		ret = ksc_seccomp_cover(policy, archs[i]);
		covered |= !ret;
		if (ret == -ENOENT)
			ret = 0;
	}
	if (!ret && !covered)
		ret = -ENOENT;
	if (ret) {
		ksc_policy_free(policy);
		return ret;
	}
	*pp = policy;
	return 0;
}

static bool is_covered(const struct ksc_policy *policy, const struct ksc_abi *abi)
{
	return ksc_verdict_row(policy, ksc_abi_audit_arch(abi), ksc_abi_base(abi)) !=
	       KSC_ROW_UNCOVERED;
}

/*
 * Rules without arguments, of another action than the default, keep libseccomp from going
 * wrong: of an architecture that has none it can lose the load of the number, which spoils
 * what it has for the next one, too; tests/seccomp/test-oracle.c met that.
 */
static bool has_plain_rule(const struct ksc_policy *policy, const struct ksc_abi *abi)
{
	uint32_t nr = 0;

	while (nr < NUMBERS && !ksc_policy_allows(policy, abi, nr))
		nr++;
	return nr < NUMBERS;
}

/*
 * What the prefix leaves of x32, a tracer's skip, gets x86_64's answer, which is the same.
 * With i386 there are still two: of one architecture libseccomp takes rules that it refuses
 * of more.
 */
static bool is_without_x32_the_same(const struct ksc_policy *policy)
{
	static const char *const ids[] = { "x86_64", "i386", "x32" };
	const struct ksc_abi *abi;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		abi = ksc_abi_by_name(ksc_policy_view(policy), ids[i]);
		if (!abi || !is_covered(policy, abi) || !has_plain_rule(policy, abi))
			return false;
	}
	return true;
}

KSC_PUBLIC int ksc_seccomp_needs(const struct ksc_policy *policy, uint32_t scmp_arch)
{
	uint32_t enosys = ksc_ret_enosys(AUDIT_ARCH_X86_64), def, nr;
	const struct ksc_abi *x32;

	if (!policy || scmp_arch != SCMP_ARCH_X32 || !is_without_x32_the_same(policy))
		return 1;
	/* Where the default is ENOSYS, the prefix leaves it to the filter. */
	if (ksc_policy_default(policy, &def) || def == enosys)
		return 1;
	x32 = ksc_abi_by_name(ksc_policy_view(policy), "x32");
	if (ksc_abi_nr_implemented(x32))
		return 1;
	for (nr = 0; nr < NUMBERS; nr++) {
		if (ksc_verdict(policy, AUDIT_ARCH_X86_64, ksc_abi_base(x32) + nr) != enosys)
			return 1;
	}
	return 0;
}
