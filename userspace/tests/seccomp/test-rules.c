// SPDX-License-Identifier: GPL-2.0-only
/*
 * libksyscalls-seccomp for a program that never had a profile: it tells rules by
 * libseccomp's names and architectures, with a kernel's tree and without one.
 */
#include <errno.h>
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <linux/audit.h>
#include <linux/filter.h>

#include <ksyscalls-oci.h>
#include <ksyscalls-seccomp.h>

#include "../../lib/shared.h"
#include "../bpfsim.h"
#include "fixtures.h"

static const char wrong_default[] =
	"{ \"defaultAction\": \"SCMP_ACT_KILL\", \"defaultErrnoRet\": 1 }";

static struct ksc_profile *load(uint32_t scmp_arch)
{
	char *path = fixture_profile_path("moby-trixie");
	struct ksc_profile *profile;

	assert_int_equal(ksc_profile_new(&profile), 0);
	if (ksc_profile_set_arch(profile, scmp_arch)) {
		ksc_profile_free(profile);
		profile = NULL;
	}
	if (profile)
		assert_int_equal(ksc_profile_load_file(profile, path), 0);
	free(path);
	return profile;
}

/* By libseccomp's number for this machine, where it has one, or by name. */
static int tell_rule(struct ksc_policy *policy, const struct ksc_profile_rule *r, bool by_number)
{
	const char *name = ksc_profile_rule_name(r);
	int nr = seccomp_syscall_resolve_name(name);
	uint32_t action = ksc_profile_rule_action(r);
	unsigned int args, flags;

	ksc_profile_rule_args(r, &args);
	flags = args ? KSC_RULE_ARGS : 0;
	if (by_number && nr != __NR_SCMP_ERROR)
		return ksc_seccomp_rule_added(policy, KSC_SCMP_ARCH_ALL, nr, action, flags);
	return ksc_seccomp_rule(policy, KSC_SCMP_ARCH_ALL, name, action, flags);
}

/* As a runtime that tells us what it tells libseccomp. */
static struct ksc_policy *tell_by(const struct ksc *k, struct ksc_profile *profile, bool by_number)
{
	const struct ksc_profile_rule *r;
	struct ksc_policy *policy;
	scmp_filter_ctx ctx;

	assert_int_equal(ksc_profile_filter(profile, KSC_RUNTIME_CRUN, &ctx), 0);
	assert_int_equal(ksc_seccomp_policy(&policy, k, ctx), 0);
	seccomp_release(ctx);
	ksc_profile_rule_foreach(r, profile)
		assert_int_equal(tell_rule(policy, r, by_number), 0);
	return policy;
}

static struct ksc_policy *tell(const struct ksc *k, struct ksc_profile *profile)
{
	return tell_by(k, profile, false);
}

static size_t compile(const struct ksc_policy *policy, struct sock_filter *prog)
{
	size_t len = BPF_MAXINSNS;

	memset(prog, 0, BPF_MAXINSNS * sizeof(*prog));
	assert_int_equal(ksc_bpf_prefix(policy, prog, &len), 0);
	return len;
}

/* The program is the one that the profile itself makes. */
static void check_same(const struct ksc *k, struct ksc_profile *profile)
{
	static struct sock_filter a[BPF_MAXINSNS], b[BPF_MAXINSNS];
	struct ksc_policy *policy = tell(k, profile), *other;
	size_t len;

	assert_int_equal(ksc_policy_from_profile(&other, k, profile, KSC_RELEASE_UNKNOWN), -EINVAL);
	assert_null(other);
	assert_non_null(strstr(ksc_profile_error(profile), "baseline"));
	assert_int_equal(ksc_policy_from_profile(&other, k, profile, KSC_RELEASE_INFER), 0);
	/* A condition that does not hold here is nothing that a runtime could tell. */
	assert_int_equal(ksc_policy_set_baseline(policy, ksc_policy_baseline(other)), 0);
	len = compile(policy, a);
	assert_true(len > 10);
	assert_int_equal(compile(other, b), len);
	assert_memory_equal(a, b, sizeof(a));
	ksc_policy_free(other);
	ksc_policy_free(policy);
}

static void test_recorded(void **state)
{
	const char *source = getenv("KSC_SOURCE");
	struct ksc_profile *profile;
	size_t i, compared = 0;
	char pattern[512];
	struct ksc *k;
	glob_t g;

	snprintf(pattern, sizeof(pattern), "%s/tests/trees/*", source ? source : ".");
	assert_int_equal(glob(pattern, GLOB_ONLYDIR, NULL, &g), 0);
	for (i = 0; i < g.gl_pathc; i++) {
		assert_int_equal(ksc_open(&k, g.gl_pathv[i]), 0);
		profile = load(ksc_abi_scmp_arch(ksc_abi_native(k)));
		if (profile) {
			check_same(k, profile);
			compared++;
		} else {
			print_message("# %s: not an architecture of this libseccomp\n",
				      strrchr(g.gl_pathv[i], '/') + 1);
		}
		ksc_profile_free(profile);
		ksc_close(k);
	}
	globfree(&g);
	assert_true(compared > 10);
}

static bool is_named(const struct ksc_profile *profile, const char *name)
{
	const struct ksc_profile_rule *r;

	ksc_profile_rule_foreach(r, profile)
		if (name && !strcmp(ksc_profile_rule_name(r), name))
			return true;
	return false;
}

/* Without a kernel's tree: by what libseccomp names and the table of releases has. */
static void test_without_tree(void **state)
{
	static const struct { uint32_t token, arch, base; } abis[] = {
		{ SCMP_ARCH_X86_64, AUDIT_ARCH_X86_64, 0 },
		{ SCMP_ARCH_X86, AUDIT_ARCH_I386, 0 },
		{ SCMP_ARCH_X32, AUDIT_ARCH_X86_64, 0x40000000 },
	};
	struct ksc_profile *profile = load(SCMP_ARCH_X86_64);
	struct ksc_policy *policy = tell(NULL, profile);
	unsigned int denied = 0, newer = 0, nr;
	enum ksc_row row;
	char *name;
	size_t i;

	assert_string_equal(ksc_source(ksc_policy_view(policy)), "names");
	assert_int_equal(ksc_policy_set_baseline(policy, KSC_RELEASE(5, 3)), 0);
	for (i = 0; i < 3; i++) {
		for (nr = 0; nr < 1100; nr++) {
			row = ksc_verdict_row(policy, abis[i].arch, abis[i].base + nr);
			name = seccomp_syscall_resolve_num_arch(abis[i].token,
								(int)(abis[i].base + nr));
			if (is_named(profile, name))
				assert_int_equal(row, KSC_ROW_NAMED);
			else if (ksc_release_of(name) > KSC_RELEASE(5, 3))
				newer += row == KSC_ROW_NEWER;
			/* Some are successors of what the profile allows. */
			else
				denied += row != KSC_ROW_NEWER && row != KSC_ROW_ABSENT;
			free(name);
			assert_int_not_equal(row, KSC_ROW_ABSENT);
			assert_int_not_equal(row, KSC_ROW_UNCOVERED);
		}
	}
	assert_true(denied > 50);
	assert_true(newer > 1500);
	assert_int_equal(ksc_verdict(policy, AUDIT_ARCH_X86_64, 1100), SCMP_ACT_ERRNO(ENOSYS));
	ksc_policy_free(policy);

	/* The profile's own reader gives the same. */
	check_same(NULL, profile);
	ksc_profile_free(profile);
}

/* What a function gives out is set when it fails, too. */
static void test_outputs(void **state)
{
	static const char nothing[] = "{ \"linux\": ";
	enum ksc_oci_mode mode = KSC_OCI_FLIP;
	struct ksc_profile *profile;
	scmp_filter_ctx ctx = (void *)1;
	struct sock_filter *prog = (void *)1;
	char *out = (void *)1;
	struct ksc_oci *o;
	struct ksc *k;
	size_t len = 1;

	assert_int_equal(ksc_oci_mode_parse("flap", &mode), -EINVAL);
	assert_int_equal(mode, KSC_OCI_AUTO);
	assert_int_equal(ksc_open_at(&k, -1), -EBADF);
	assert_int_equal(ksc_oci_new(&o, k), 0);
	assert_true(ksc_oci_rewrite(o, nothing, strlen(nothing), &out, &len) < 0);
	assert_null(out);
	assert_int_equal(len, 0);
	ksc_oci_free(o);
	ksc_close(k);

	/* crun takes no defaultErrnoRet for an action that has no use for it. */
	assert_int_equal(ksc_profile_new(&profile), 0);
	assert_int_equal(ksc_profile_load_mem(profile, wrong_default, strlen(wrong_default)), 0);
	assert_true(ksc_profile_filter(profile, KSC_RUNTIME_CRUN, &ctx) < 0);
	assert_null(ctx);
	len = 1;
	assert_true(ksc_profile_program(profile, KSC_RUNTIME_CRUN, &prog, &len) < 0);
	assert_null(prog);
	assert_int_equal(len, 0);
	ksc_profile_free(profile);
}

static void test_refusals(void **state)
{
	const uint32_t none = 0xdeadbeef, native = SCMP_ARCH_NATIVE;
	const struct ksc_abi *abi;
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	struct ksc_policy *policy;
	struct ksc *k = (void *)1;

	assert_int_equal(ksc_seccomp_names(&k, &none, 1), -EINVAL);
	assert_null(k);
	assert_int_equal(ksc_seccomp_names(&k, &native, 1), 0);
	assert_int_equal(ksc_seccomp_policy(&policy, k, ctx), 0);
	assert_int_equal(ksc_seccomp_rule(policy, none, "read", SCMP_ACT_ALLOW, 0), -ENOENT);
	assert_int_equal(ksc_seccomp_rule(policy, SCMP_ARCH_NATIVE, "read", 0x20000, 0), -EINVAL);
	assert_int_equal(ksc_seccomp_rule(policy, SCMP_ARCH_NATIVE, "nobodys", 0x20000, 0),
			 -EINVAL);
	assert_int_equal(ksc_seccomp_rule(policy, SCMP_ARCH_NATIVE, "read", SCMP_ACT_ALLOW,
					  KSC_RULE_UNRESOLVED), -EINVAL);
	abi = ksc_abi_next(ksc_policy_view(policy), NULL);
	assert_int_equal(ksc_seccomp_rule_nr(policy, abi, "read", 0, SCMP_ACT_ALLOW,
					     KSC_RULE_UNRESOLVED), -EINVAL);
	assert_int_equal(ksc_seccomp_rule_nr(policy, NULL, "read", 0, SCMP_ACT_ALLOW, 0), -EINVAL);
	assert_int_equal(ksc_seccomp_rule(policy, SCMP_ARCH_NATIVE, "nobodys", SCMP_ACT_ALLOW, 0),
			 0);
	assert_int_equal(ksc_seccomp_cover(policy, none), -ENOENT);
	assert_int_equal(ksc_seccomp_cover(policy, KSC_SCMP_ARCH_ALL), -EINVAL);
	ksc_policy_free(policy);
	ksc_close(k);

	/* A tree that has nothing of what the filter is for. */
	assert_int_equal(ksc_new(&k), 0);
	assert_int_equal(ksc_add_abi(k, "vax", 0x4b, 0, "0 read\n"), 0);
	policy = (void *)1;
	assert_int_equal(ksc_seccomp_policy(&policy, k, ctx), -ENOENT);
	assert_null(policy);
	policy = (void *)1;
	assert_int_equal(ksc_seccomp_policy(&policy, k, NULL), -EINVAL);
	assert_null(policy);
	ksc_close(k);
	seccomp_release(ctx);
}

/* Whatever libseccomp's age, a site can name what any release has; uretprobe falls through. */
static void test_newer_names(void **state)
{
	static const uint32_t archs[] = {
		SCMP_ARCH_X86_64, SCMP_ARCH_X32, SCMP_ARCH_MIPS, SCMP_ARCH_ARM,
		SCMP_ARCH_S390, SCMP_ARCH_PPC,
	};
	struct ksc_policy *policy;
	const struct ksc_abi *abi;
	struct ksc *k;

	assert_int_equal(ksc_seccomp_names(&k, archs, sizeof(archs) / sizeof(archs[0])), 0);
	ksc_abi_foreach(abi, k) {
		assert_int_equal(ksc_abi_nr(abi, "openat2"),
				 !strcmp(ksc_abi_id(abi), "arm_private") ? -ENOENT : 437);
		assert_int_equal(ksc_abi_nr(abi, "mseal"),
				 !strcmp(ksc_abi_id(abi), "arm_private") ? -ENOENT : 462);
	}
	abi = ksc_abi_by_name(k, "x86_64");
	assert_int_equal(ksc_abi_nr(abi, "uretprobe"), 335);
	assert_int_equal(ksc_abi_nr(ksc_abi_by_name(k, "mips"), "uretprobe"), -ENOENT);
	assert_int_equal(ksc_policy_new(&policy, k), 0);
	assert_int_equal(ksc_policy_set_default(policy, SECCOMP_RET_ERRNO | EPERM), 0);
	assert_int_equal(ksc_policy_set_baseline(policy, KSC_RELEASE(5, 0)), 0);
	assert_int_equal(ksc_seccomp_cover(policy, SCMP_ARCH_X86_64), 0);
	assert_int_equal(ksc_verdict(policy, AUDIT_ARCH_X86_64, 462), SECCOMP_RET_ERRNO | ENOSYS);
	assert_int_equal(ksc_verdict(policy, AUDIT_ARCH_X86_64, 335), 0);
	assert_int_equal(ksc_policy_set_site(policy, "mseal", KSC_SITE_EPERM), 0);
	assert_int_equal(ksc_verdict(policy, AUDIT_ARCH_X86_64, 462), 0);
	ksc_policy_free(policy);
	ksc_close(k);
}

/*
 * A rule for a multiplexed call reaches the number that libseccomp keeps to itself, too,
 * although no kernel tells of it here.
 */
static void test_direct(void **state)
{
	static const struct {
		const char *id;
		uint32_t token, base;
	} abis[] = {
		{ "i386", SCMP_ARCH_X86, 0 }, { "s390x", SCMP_ARCH_S390X, 0 },
		{ "s390", SCMP_ARCH_S390, 0 }, { "ppc64", SCMP_ARCH_PPC64LE, 0 },
		{ "ppc", SCMP_ARCH_PPC, 0 }, { "mips", SCMP_ARCH_MIPSEL, 4000 },
	};
	struct ksc_policy *policy;
	size_t i, direct = 0;
	struct ksc *k;
	uint32_t nr;
	char *name;
	int told;

	(void)state;
	for (i = 0; i < sizeof(abis) / sizeof(abis[0]); i++) {
		assert_int_equal(ksc_new(&k), 0);
		assert_int_equal(ksc_add_abi(k, abis[i].id, abis[i].token, abis[i].base,
					     "1 exit\n"), 0);
		for (nr = abis[i].base; nr < abis[i].base + 1024; nr++) {
			name = seccomp_syscall_resolve_num_arch(abis[i].token, (int)nr);
			told = name ? seccomp_syscall_resolve_name_arch(abis[i].token, name) : 0;
			if (name && told != (int)nr) {
				assert_int_equal(ksc_policy_new(&policy, k), 0);
				ksc_policy_set_default(policy, SCMP_ACT_ERRNO(1));
				assert_int_equal(ksc_seccomp_rule(policy, abis[i].token, name,
								  SCMP_ACT_KILL, 0), 0);
				if (ksc_verdict_row(policy, abis[i].token, nr) != KSC_ROW_SPECIAL)
					fail_msg("%s: %s is not told of %u", abis[i].id, name, nr);
				ksc_policy_free(policy);
				direct++;
			}
			free(name);
		}
		ksc_close(k);
	}
	assert_true(direct > 100);
}

/* By numbers, pseudo numbers too, it is what it is by names, on every architecture. */
static void test_added(void **state)
{
	static struct sock_filter named[BPF_MAXINSNS], added[BPF_MAXINSNS];
	struct ksc_profile *profile = load(SCMP_ARCH_X86_64);
	struct ksc_policy *policy = tell_by(NULL, profile, false);
	size_t len = compile(policy, named);

	assert_true(len > 10);
	ksc_policy_free(policy);
	policy = tell_by(NULL, profile, true);
	assert_int_equal(compile(policy, added), len);
	assert_memory_equal(named, added, sizeof(named));
	ksc_policy_free(policy);
	ksc_profile_free(profile);
}

/* A number without a name is this machine's own. */
static void test_added_nameless(void **state)
{
	const uint32_t native = seccomp_arch_native(), none = 0xdeadbeef;
	const uint32_t other = native == SCMP_ARCH_AARCH64 ? SCMP_ARCH_X86_64 : SCMP_ARCH_AARCH64;
	const uint32_t archs[] = { native, other };
	struct ksc_policy *policy;
	struct ksc *k;
	int nr;

	assert_int_equal(ksc_seccomp_names(&k, archs, 2), 0);
	nr = (int)ksc_abi_base(ksc_abi_native(k)) + 1100;
	assert_int_equal(ksc_policy_new(&policy, k), 0);
	assert_int_equal(ksc_policy_set_default(policy, SCMP_ACT_ERRNO(EPERM)), 0);
	assert_int_equal(ksc_policy_set_baseline(policy, KSC_RELEASE(5, 3)), 0);
	assert_int_equal(ksc_seccomp_rule_added(policy, other, nr, SCMP_ACT_ALLOW, 0), 0);
	assert_int_equal(ksc_verdict_row(policy, native, (uint32_t)nr), KSC_ROW_NEWER);
	assert_int_equal(ksc_seccomp_rule_added(policy, KSC_SCMP_ARCH_ALL, nr, SCMP_ACT_ALLOW, 0),
			 0);
	assert_int_equal(ksc_verdict_row(policy, native, (uint32_t)nr), KSC_ROW_NAMED);
	assert_int_equal(ksc_verdict_row(policy, other, (uint32_t)nr), KSC_ROW_NEWER);
	/* What a tracer skips, of which the policy says nothing. */
	assert_int_equal(ksc_seccomp_rule_added(policy, native, -1, SCMP_ACT_ALLOW, 0), 0);
	assert_int_equal(ksc_seccomp_rule_added(policy, none, nr, SCMP_ACT_ALLOW, 0), -ENOENT);
	assert_int_equal(ksc_seccomp_rule_added(policy, none, 0, SCMP_ACT_ALLOW, 0), -ENOENT);
	assert_int_equal(ksc_seccomp_rule_added(policy, native, nr, 0x20000, 0), -EINVAL);
	assert_int_equal(ksc_seccomp_rule_added(policy, native, nr, SCMP_ACT_ALLOW,
						KSC_RULE_UNRESOLVED), -EINVAL);
	ksc_policy_free(policy);
	ksc_close(k);
}

/* ---- without x32's rules ------------------------------------------------- */

static const uint32_t x86_archs[] = { SCMP_ARCH_X86_64, SCMP_ARCH_X86, SCMP_ARCH_X32 };

/* For x86, whatever this machine is. */
static scmp_filter_ctx x86_filter(uint32_t def)
{
	scmp_filter_ctx ctx = seccomp_init(def);
	size_t i;

	assert_non_null(ctx);
	for (i = 0; i < ARRAY_SIZE(x86_archs); i++) {
		if (seccomp_arch_exist(ctx, x86_archs[i]))
			assert_int_equal(seccomp_arch_add(ctx, x86_archs[i]), 0);
	}
	return ctx;
}

struct some_rule {
	const char *name;
	uint32_t action;
	bool args;
};

static void add_rules(struct ksc_policy *policy, scmp_filter_ctx ctx, const struct some_rule *r)
{
	const struct scmp_arg_cmp cmp = SCMP_A1(SCMP_CMP_LT, 5);

	for (; r->name; r++) {
		if (policy)
			assert_int_equal(ksc_seccomp_rule(policy, KSC_SCMP_ARCH_ALL, r->name,
							  r->action, r->args ? KSC_RULE_ARGS : 0),
					 0);
		if (ctx)
			assert_int_equal(seccomp_rule_add_array(ctx, r->action,
					 seccomp_syscall_resolve_name(r->name), r->args, &cmp), 0);
	}
}

static void check_same_answers(const struct sock_filter *a, const struct sock_filter *b)
{
	static const uint32_t bases[] = { 0, 0x40000000, 0xfffffc00 };
	struct seccomp_data sd = {};
	size_t i, j;
	uint32_t nr;

	for (i = 0; i < 2; i++) {
		sd.arch = ksc_audit_arch_of(x86_archs[i]);
		for (j = 0; j < ARRAY_SIZE(bases); j++) {
			for (nr = 0; nr < 1024; nr++) {
				sd.nr = (int)(bases[j] + nr);
				for (sd.args[1] = 4; sd.args[1] < 6; sd.args[1]++)
					assert_int_equal(bpfsim_run(a, &sd, false, NULL),
							 bpfsim_run(b, &sd, false, NULL));
			}
		}
	}
}

static struct ksc *open_recorded(void)
{
	char path[512];
	struct ksc *k;

	snprintf(path, sizeof(path), "%s/tests/trees/amd64-6.12", getenv("KSC_SOURCE") ?: ".");
	assert_int_equal(ksc_open(&k, path), 0);
	return k;
}

/* What needs it has other answers without it, so that only what does not is compared. */
static void test_needs(void **state)
{
	static const struct {
		uint32_t def;
		unsigned int flags;
		struct some_rule rules[4];
		int needs;
	} cases[] = {
		{ SCMP_ACT_ERRNO(EPERM), 0, { { "read", SCMP_ACT_ALLOW, false },
		  { "openat", SCMP_ACT_ALLOW, true }, { "mount", SCMP_ACT_ERRNO(5), false } }, 0 },
		{ SCMP_ACT_KILL_PROCESS, 0, { { "read", SCMP_ACT_ALLOW, false } }, 0 },
		/* The prefix leaves to the filter what is its default. */
		{ SCMP_ACT_ERRNO(ENOSYS), 0, { { "read", SCMP_ACT_ALLOW, false } }, 1 },
		{ SCMP_ACT_ALLOW, 0, { { "mount", SCMP_ACT_ERRNO(EPERM), false } }, 1 },
		/* And what somebody else is to see, or the profile denies by name. */
		{ SCMP_ACT_ERRNO(EPERM), 0, { { "read", SCMP_ACT_ALLOW, false },
		  { "mount", SCMP_ACT_KILL_PROCESS, false } }, 1 },
		{ SCMP_ACT_ERRNO(EPERM), KSC_EXPLICIT_RESPECT, { { "read", SCMP_ACT_ALLOW, false },
		  { "mount", SCMP_ACT_ERRNO(5), false } }, 1 },
		/* libseccomp would go wrong. */
		{ SCMP_ACT_ERRNO(EPERM), 0, { { "openat", SCMP_ACT_ALLOW, true } }, 1 },
		{ SCMP_ACT_ERRNO(EPERM), 0, {}, 1 },
	};
	struct sock_filter *with, *without;
	struct ksc_policy *policy;
	scmp_filter_ctx ctx;
	size_t i, len;
	struct ksc *k = open_recorded();

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ctx = x86_filter(cases[i].def);
		assert_int_equal(ksc_seccomp_policy(&policy, k, ctx), 0);
		assert_int_equal(ksc_policy_set_flags(policy, cases[i].flags), 0);
		add_rules(policy, NULL, cases[i].rules);
		assert_int_equal(ksc_seccomp_needs(policy, SCMP_ARCH_X86_64), 1);
		assert_int_equal(ksc_seccomp_needs(policy, SCMP_ARCH_X86), 1);
		assert_int_equal(ksc_seccomp_needs(policy, SCMP_ARCH_X32), cases[i].needs);
		if (!cases[i].needs) {
			add_rules(NULL, ctx, cases[i].rules);
			assert_int_equal(ksc_seccomp_program(policy, ctx, &with, &len), 0);
			seccomp_release(ctx);
			ctx = x86_filter(cases[i].def);
			assert_int_equal(seccomp_arch_remove(ctx, SCMP_ARCH_X32), 0);
			add_rules(NULL, ctx, cases[i].rules);
			assert_int_equal(ksc_seccomp_program(policy, ctx, &without, &len), 0);
			check_same_answers(with, without);
			free(without);
			free(with);
		}
		seccomp_release(ctx);
		ksc_policy_free(policy);
	}
	ksc_close(k);
}

/*
 * Without x86_64 beside it nobody answers what a tracer skips, and of one architecture alone
 * libseccomp takes what it refuses of two: seccomp_rule_add_exact() of a call that x32 has
 * another number for, and numbers without a name. And who has no plain rule loses the load.
 */
static void test_needs_beside(void **state)
{
	static const struct some_rule plain[] = { { "read", SCMP_ACT_ALLOW, false }, { NULL } };
	struct ksc_policy *policy;
	scmp_filter_ctx ctx;
	size_t i, j;
	struct ksc *k = open_recorded();

	for (i = 0; i < 2; i++) {
		ctx = x86_filter(SCMP_ACT_ERRNO(EPERM));
		assert_int_equal(seccomp_arch_remove(ctx, x86_archs[i]), 0);
		assert_int_equal(ksc_seccomp_policy(&policy, k, ctx), 0);
		add_rules(policy, NULL, plain);
		assert_int_equal(ksc_seccomp_needs(policy, SCMP_ARCH_X32), 1);
		seccomp_release(ctx);
		ksc_policy_free(policy);
	}
	ctx = x86_filter(SCMP_ACT_ERRNO(EPERM));
	for (i = 0; i <= ARRAY_SIZE(x86_archs); i++) {
		assert_int_equal(ksc_seccomp_policy(&policy, k, ctx), 0);
		for (j = 0; j < ARRAY_SIZE(x86_archs); j++)
			assert_int_equal(ksc_seccomp_rule(policy, x86_archs[j],
					 i == j ? "openat" : "read", SCMP_ACT_ALLOW,
					 i == j ? KSC_RULE_ARGS : 0), 0);
		assert_int_equal(ksc_seccomp_needs(policy, SCMP_ARCH_X32),
				 i < ARRAY_SIZE(x86_archs));
		ksc_policy_free(policy);
	}
	seccomp_release(ctx);
	ksc_close(k);
	assert_int_equal(ksc_seccomp_needs(NULL, SCMP_ARCH_X32), 1);
}

/* A boot that has x32, a filter that is not for x86_64, and a tree without x32. */
static void test_needs_of_trees(void **state)
{
	static const struct {
		const char *x32;
		uint32_t covered;
	} cases[] = {
		{ "0 read\n", SCMP_ARCH_X86_64 }, { "", SCMP_ARCH_X32 }, { NULL, SCMP_ARCH_X86_64 },
		{ "", SCMP_ARCH_X86_64 },
	};
	struct ksc_policy *policy;
	struct ksc *k;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(ksc_new(&k), 0);
		assert_int_equal(ksc_add_abi(k, "x86_64", AUDIT_ARCH_X86_64, 0, "0 read\n"), 0);
		assert_int_equal(ksc_add_abi(k, "i386", AUDIT_ARCH_I386, 0, "3 read\n"), 0);
		if (cases[i].x32)
			assert_int_equal(ksc_add_abi(k, "x32", AUDIT_ARCH_X86_64, 0x40000000,
						     cases[i].x32), 0);
		assert_int_equal(ksc_policy_new(&policy, k), 0);
		assert_int_equal(ksc_policy_set_default(policy, SCMP_ACT_ERRNO(EPERM)), 0);
		assert_int_equal(ksc_seccomp_cover(policy, SCMP_ARCH_X86), 0);
		assert_int_equal(ksc_seccomp_cover(policy, cases[i].covered), 0);
		assert_int_equal(ksc_seccomp_rule(policy, KSC_SCMP_ARCH_ALL, "read",
						  SCMP_ACT_ALLOW, 0), 0);
		/* Of names that nobody has measured it is not known. */
		assert_int_equal(ksc_seccomp_needs(policy, SCMP_ARCH_X32), 1);
		ksc_policy_free(policy);
		ksc_close(k);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recorded),
		cmocka_unit_test(test_without_tree),
		cmocka_unit_test(test_outputs),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_newer_names),
		cmocka_unit_test(test_direct),
		cmocka_unit_test(test_added),
		cmocka_unit_test(test_added_nameless),
		cmocka_unit_test(test_needs),
		cmocka_unit_test(test_needs_beside),
		cmocka_unit_test(test_needs_of_trees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
