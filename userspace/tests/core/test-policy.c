// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policy's knobs one by one with their reasons, and wrong uses of the library.
 * test-prefix.c has the exhaustive proof.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

#include "../../lib/core/private.h"
#include "bpfsim.h"
#include "model.h"

#define X86_64	0xc000003e
#define ERRNO(n)	(SECCOMP_RET_ERRNO | (n))

static char *root;
static struct ksc *k;
static const struct ksc_abi *x86_64;
static struct ksc_policy *p;

static int setup(void **state)
{
	struct model m = { 0 };
	struct model_abi *abi = model_add(&m, "x86_64", X86_64, 0, 400);

	model_set(abi, 0, "read");
	model_set(abi, 1, "clone3");
	model_set(abi, 2, "openat2");
	model_set(abi, 3, "from_the_future");
	model_set(abi, 4, "uretprobe");
	model_set(abi, 5, "mount");
	model_set(abi, 6, "fchmodat2");
	model_set(abi, 7, "pidfd_getfd");
	model_set(abi, 8, "sync_file_range");
	model_set(abi, 9, "pidfd_send_signal");
	model_add(&m, "i386", 0x40000003, 0, 400);
	root = make_root();
	model_write(&m, root);
	model_free(&m);
	if (ksc_open(&k, root) || ksc_policy_new(&p, k))
		return -1;
	x86_64 = ksc_abi_by_name(k, "x86_64");
	return 0;
}

static int teardown(void **state)
{
	ksc_policy_free(p);
	ksc_close(k);
	remove_tree(root);
	free(root);
	return 0;
}

static void expect(uint32_t nr, enum ksc_row row, uint32_t action, const char *reason)
{
	enum ksc_row got_row = ksc_verdict_row(p, X86_64, nr);
	uint32_t got = ksc_verdict(p, X86_64, nr);
	char text[KSC_EXPLAIN_MAX], cut[8];
	int len = ksc_explain(p, X86_64, nr, text, sizeof(text));

	assert_int_equal(len, strlen(text));
	assert_int_equal(ksc_explain(p, X86_64, nr, NULL, 0), len);
	assert_int_equal(ksc_explain(p, X86_64, nr, cut, sizeof(cut)), len);
	assert_memory_equal(cut, text, sizeof(cut) - 1);
	assert_int_equal(cut[sizeof(cut) - 1], '\0');
	if (got_row != row || got != action || strcmp(text, reason))
		fail_msg("%u: wanted row %d, 0x%x, \"%s\"; got row %d, 0x%x, \"%s\"", nr, row,
			 action, reason, got_row, got, text);
}

static void rule(const char *name, uint32_t action, unsigned int flags)
{
	assert_int_equal(ksc_policy_rule(p, x86_64, name, action, flags), 0);
}

/* The program answers as the verdicts do, over the tree's numbers and around their ends. */
static void check_program(void)
{
	static const uint32_t ends[] = { 0, 0x3ffffc00, 0x40000000, 0xfffffc00 };
	struct sock_filter prog[BPF_MAXINSNS + 1];
	size_t len = BPF_MAXINSNS, i;
	uint32_t answer, want, n;

	assert_int_equal(ksc_bpf_prefix(p, prog, &len), 0);
	prog[len] = (struct sock_filter) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
	assert_int_equal(bpfsim_check(prog, len + 1), 0);
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		for (n = 0; n < 0x400; n++) {
			struct seccomp_data sd = { .nr = (int)(ends[i] + n), .arch = X86_64 };

			answer = bpfsim_run(prog, &sd, false, NULL);
			want = ksc_verdict(p, X86_64, ends[i] + n);
			if (answer != (want ? want : SECCOMP_RET_TRACE))
				fail_msg("%#x: %#x instead of %#x", ends[i] + n, answer, want);
		}
	}
}

static void test_rows(void **state)
{
	ksc_policy_set_default(p, ERRNO(1));
	ksc_policy_set_baseline(p, KSC_RELEASE(5, 3));
	rule("read", SECCOMP_RET_ALLOW, 0);
	rule("mount", SECCOMP_RET_LOG, 0);
	rule("fchmodat2", SECCOMP_RET_ALLOW, KSC_RULE_UNRESOLVED);
	expect(0xffffffff, KSC_ROW_UNCOVERED, 0, "-1: a tracer's skip, not a syscall");
	expect(0x40000000, KSC_ROW_UNCOVERED, 0,
	       "1073741824: audit arch 0xc000003e has no published ABI for it");
	expect(5, KSC_ROW_SPECIAL, 0,
	       "mount: the profile has a rule that kills, traps, traces, notifies or logs");
	expect(10, KSC_ROW_ABSENT, ERRNO(38), "10: this kernel's x86_64 does not implement it");
	expect(0, KSC_ROW_NAMED, 0, "read: the profile names it");
	expect(6, KSC_ROW_UNRESOLVED, ERRNO(38),
	       "fchmodat2: libseccomp does not know it, and allowing it was not asked for");
	expect(2, KSC_ROW_NEWER, ERRNO(38), "openat2: 5.6 > baseline 5.3");
	expect(3, KSC_ROW_NEWER, ERRNO(38), "from_the_future: unknown release > baseline 5.3");
	expect(4, KSC_ROW_NEWER, 0,
	       "uretprobe: 6.11 > baseline 5.3, but the kernel itself calls it");
	expect(1, KSC_ROW_DENIED, 0, "clone3: 5.3 <= baseline 5.3, the author left it out");
}

static void test_no_default(void **state)
{
	expect(10, KSC_ROW_ABSENT, ERRNO(38), "10: this kernel's x86_64 does not implement it");
	expect(0, KSC_ROW_DEFAULT, 0, "read: no default action is known");
}

static void test_lenient_defaults(void **state)
{
	static const uint32_t lenient[] = {
		SECCOMP_RET_ALLOW, SECCOMP_RET_LOG, SECCOMP_RET_TRACE, 0x7fc00000,
	};
	size_t i, len;

	for (i = 0; i < 4; i++) {
		ksc_policy_set_default(p, lenient[i]);
		len = 99;
		assert_int_equal(ksc_bpf_prefix(p, NULL, &len), 0);
		assert_int_equal(len, 0);
	}
	expect(10, KSC_ROW_DEFAULT, 0, "10: nothing to do where the default is NOTIFY");
}

static void test_unresolved(void **state)
{
	ksc_policy_set_default(p, ERRNO(1));
	rule("fchmodat2", SECCOMP_RET_ALLOW, KSC_RULE_UNRESOLVED);
	rule("openat2", ERRNO(13), KSC_RULE_UNRESOLVED);
	rule("clone3", SECCOMP_RET_ALLOW, KSC_RULE_UNRESOLVED | KSC_RULE_ARGS);
	rule("uretprobe", SECCOMP_RET_ALLOW, KSC_RULE_UNRESOLVED);
	expect(2, KSC_ROW_UNRESOLVED, ERRNO(13),
	       "openat2: libseccomp does not know it, but the kernel does");
	expect(1, KSC_ROW_UNRESOLVED, ERRNO(38),
	       "clone3: libseccomp does not know it, its rules look at arguments or differ");
	expect(4, KSC_ROW_UNRESOLVED, 0,
	       "uretprobe: libseccomp does not know it, the kernel itself calls it");
	assert_int_equal(ksc_policy_set_flags(p, KSC_ALLOW_UNKNOWN), 0);
	expect(6, KSC_ROW_UNRESOLVED, SECCOMP_RET_ALLOW,
	       "fchmodat2: libseccomp does not know it, but the kernel does");
	expect(1, KSC_ROW_UNRESOLVED, ERRNO(38),
	       "clone3: libseccomp does not know it, its rules look at arguments or differ");
}

static void test_explicit(void **state)
{
	ksc_policy_set_default(p, ERRNO(1));
	assert_int_equal(ksc_policy_rule_nr(p, x86_64, 300, "absent", ERRNO(13), 0), 0);
	expect(300, KSC_ROW_ABSENT, ERRNO(38),
	       "absent: this kernel's x86_64 does not implement it");
	ksc_policy_set_flags(p, KSC_EXPLICIT_RESPECT);
	expect(300, KSC_ROW_NAMED, 0, "absent: absent, but the profile's own errno is respected");
}

static void test_fatal(void **state)
{
	ksc_policy_set_default(p, SECCOMP_RET_KILL_PROCESS);
	ksc_policy_set_baseline(p, KSC_RELEASE(5, 3));
	assert_int_equal(ksc_policy_rule_nr(p, x86_64, 56, "clone", SECCOMP_RET_ALLOW, 0), 0);
	expect(2, KSC_ROW_NEWER, ERRNO(38), "openat2: 5.6 > baseline 5.3");
	expect(1, KSC_ROW_SUCCESSOR, ERRNO(38),
	       "clone3: successor of clone, which the profile allows");
	ksc_policy_set_flags(p, KSC_KEEP_FATAL);
	expect(2, KSC_ROW_NEWER, 0, "openat2: 5.6 > baseline 5.3, but new syscalls stay fatal");
	expect(1, KSC_ROW_SUCCESSOR, 0, "clone3: successor of clone, which the profile allows, "
	       "but new syscalls stay fatal");
	expect(10, KSC_ROW_ABSENT, ERRNO(38), "10: this kernel's x86_64 does not implement it");
}

static void test_baseline(void **state)
{
	assert_int_equal(ksc_policy_baseline(p), KSC_RELEASE_NONE);
	assert_null(ksc_policy_witness(p, 0));
	assert_null(ksc_policy_outlier(p, 0));
	assert_int_equal(ksc_policy_rule(p, x86_64, "from_the_future", SECCOMP_RET_ALLOW, 0), 0);
	assert_int_equal(ksc_policy_baseline(p), KSC_RELEASE_NONE);
	rule("read", SECCOMP_RET_ALLOW, 0);
	rule("clone3", SECCOMP_RET_ALLOW, 0);
	ksc_policy_note(p, (const char *const []){ "clone4", "pidfd_open" }, 2);
	/* A name that this kernel does not have tells of its author all the same. */
	assert_int_equal(ksc_policy_rule(p, x86_64, "faccessat2", SECCOMP_RET_ALLOW, 0), -ENOENT);
	assert_int_equal(ksc_policy_baseline(p), KSC_RELEASE(5, 4));
	assert_string_equal(ksc_policy_witness(p, 0), "clone3");
	assert_string_equal(ksc_policy_witness(p, 1), "pidfd_open");
	assert_null(ksc_policy_witness(p, 2));
	assert_string_equal(ksc_policy_outlier(p, 0), "faccessat2");
	assert_null(ksc_policy_outlier(p, 1));
	ksc_policy_set_baseline(p, KSC_RELEASE(4, 4));
	assert_int_equal(ksc_policy_baseline(p), KSC_RELEASE(4, 4));
	assert_null(ksc_policy_witness(p, 0));
	assert_null(ksc_policy_outlier(p, 0));
	ksc_policy_set_baseline(p, KSC_RELEASE_NONE);
	ksc_policy_set_default(p, ERRNO(1));
	expect(2, KSC_ROW_DENIED, 0, "openat2: not in the profile, whose default is ERRNO(1)");
	ksc_policy_set_baseline(p, KSC_RELEASE_INFER);
	assert_int_equal(ksc_policy_baseline(p), KSC_RELEASE(5, 4));
	expect(2, KSC_ROW_NEWER, ERRNO(38), "openat2: 5.6 > baseline 5.4");
	/* What the author has in a rule that does not apply was left out on purpose. */
	ksc_policy_note(p, (const char *const []){ "fchmodat2" }, 1);
	expect(6, KSC_ROW_DENIED, 0, "fchmodat2: not in the profile, whose default is ERRNO(1)");
	ksc_policy_set_baseline(p, KSC_RELEASE(5, 4));
	expect(6, KSC_ROW_NEWER, ERRNO(38), "fchmodat2: 6.6 > baseline 5.4");
}

static void test_successors(void **state)
{
	ksc_policy_set_default(p, ERRNO(1));
	ksc_policy_set_baseline(p, KSC_RELEASE(6, 6));
	expect(1, KSC_ROW_DENIED, 0, "clone3: 5.3 <= baseline 6.6, the author left it out");
	assert_int_equal(ksc_policy_rule_nr(p, x86_64, 56, "clone", SECCOMP_RET_ALLOW,
					    KSC_RULE_ARGS), 0);
	expect(1, KSC_ROW_SUCCESSOR, ERRNO(38),
	       "clone3: successor of clone, which the profile allows");
	/* Denied with what it would fall back to. */
	assert_int_equal(ksc_policy_rule_nr(p, x86_64, 91, "fchmod", SECCOMP_RET_ALLOW, 0), 0);
	expect(6, KSC_ROW_DENIED, 0, "fchmodat2: 6.6 <= baseline 6.6, the author left it out");
	assert_int_equal(ksc_policy_rule_nr(p, x86_64, 268, "fchmodat", SECCOMP_RET_LOG, 0), 0);
	expect(6, KSC_ROW_SUCCESSOR, ERRNO(38),
	       "fchmodat2: successor of fchmodat, which the profile allows");
	/* Family and no predecessor at all. */
	expect(7, KSC_ROW_DENIED, 0, "pidfd_getfd: 5.6 <= baseline 6.6, the author left it out");
	expect(8, KSC_ROW_SUCCESSOR, ERRNO(38),
	       "sync_file_range: programs go on where it is missing, not where it is refused");
	assert_int_equal(ksc_policy_rule_nr(p, x86_64, 61, "wait4", SECCOMP_RET_ALLOW, 0), 0);
	expect(9, KSC_ROW_SUCCESSOR, ERRNO(38), "pidfd_send_signal: answered as pidfd_open, "
	       "successor of wait4, which the profile allows");
	/* A rule of its own beats all of that. */
	rule("clone3", ERRNO(13), 0);
	expect(1, KSC_ROW_NAMED, 0, "clone3: the profile names it");

	assert_int_equal(ksc_policy_set_successors(p, KSC_SUCCESSORS_EPERM), 0);
	expect(6, KSC_ROW_DENIED, 0, "fchmodat2: 6.6 <= baseline 6.6, the author left it out");
	assert_int_equal(ksc_policy_set_successors(p, 3), -EINVAL);
}

static void test_allow(void **state)
{
	ksc_policy_set_default(p, ERRNO(1));
	ksc_policy_set_baseline(p, KSC_RELEASE(6, 6));
	ksc_policy_set_successors(p, KSC_SUCCESSORS_ALLOW);
	assert_int_equal(ksc_policy_rule_nr(p, x86_64, 56, "clone", SECCOMP_RET_ALLOW, 0), 0);
	expect(1, KSC_ROW_SUCCESSOR, ERRNO(38),
	       "clone3: successor of clone, which the profile allows");
	/* open would be enough for ENOSYS, not to be allowed in its place. */
	assert_int_equal(ksc_policy_rule_nr(p, x86_64, 20, "open", SECCOMP_RET_ALLOW, 0), 0);
	expect(2, KSC_ROW_SUCCESSOR, ERRNO(38),
	       "openat2: successor of open, which the profile allows");
	assert_int_equal(ksc_policy_rule_nr(p, x86_64, 257, "openat", SECCOMP_RET_ALLOW, 0), 0);
	expect(2, KSC_ROW_SUCCESSOR, SECCOMP_RET_ALLOW,
	       "openat2: successor of openat, which the profile allows for all arguments");
	/* Also where its author cannot have known it. */
	ksc_policy_set_baseline(p, KSC_RELEASE(4, 4));
	expect(2, KSC_ROW_SUCCESSOR, SECCOMP_RET_ALLOW,
	       "openat2: successor of openat, which the profile allows for all arguments");
	expect(1, KSC_ROW_NEWER, ERRNO(38), "clone3: 5.3 > baseline 4.4");
	assert_int_equal(ksc_policy_rule_nr(p, x86_64, 257, "openat", SECCOMP_RET_ALLOW,
					    KSC_RULE_ARGS), 0);
	expect(2, KSC_ROW_NEWER, ERRNO(38), "openat2: 5.6 > baseline 4.4");
	/* Default ENOSYS: rows 0 to 3' alone. */
	ksc_policy_set_default(p, ERRNO(38));
	expect(2, KSC_ROW_DENIED, 0, "openat2: not in the profile, whose default is ERRNO(38)");
}

static void test_sites(void **state)
{
	ksc_policy_set_default(p, ERRNO(13));
	ksc_policy_set_baseline(p, KSC_RELEASE(5, 3));
	assert_int_equal(ksc_policy_rule_nr(p, x86_64, 56, "clone", SECCOMP_RET_ALLOW, 0), 0);
	assert_int_equal(ksc_policy_set_site(p, "clone3", KSC_SITE_EPERM), 0);
	assert_int_equal(ksc_policy_set_site(p, "openat2", KSC_SITE_EPERM), 0);
	assert_int_equal(ksc_policy_set_site(p, "mount", KSC_SITE_ENOSYS), 0);
	expect(1, KSC_ROW_SITE, ERRNO(1), "clone3: this site has decided on EPERM");
	expect(2, KSC_ROW_SITE, ERRNO(1), "openat2: this site has decided on EPERM");
	expect(5, KSC_ROW_SITE, ERRNO(38), "mount: this site has decided on ENOSYS");
	/* Which is what falling through ends in. */
	ksc_policy_set_default(p, ERRNO(1));
	expect(1, KSC_ROW_SITE, 0, "clone3: this site has decided on EPERM");
	ksc_policy_set_default(p, ERRNO(38));
	expect(1, KSC_ROW_SITE, ERRNO(1), "clone3: this site has decided on EPERM");
	ksc_policy_set_default(p, SECCOMP_RET_KILL_PROCESS);
	ksc_policy_set_flags(p, KSC_KEEP_FATAL);
	expect(5, KSC_ROW_SITE, ERRNO(38), "mount: this site has decided on ENOSYS");
	rule("mount", SECCOMP_RET_ALLOW, 0);
	expect(5, KSC_ROW_NAMED, 0, "mount: the profile names it");

	assert_int_equal(ksc_policy_set_site(p, "mount", KSC_SITE_ENOSYS), 0);
	assert_int_equal(ksc_policy_set_site(p, "mount", KSC_SITE_EPERM), -EEXIST);
	assert_int_equal(ksc_policy_set_site(p, "mont", KSC_SITE_EPERM), -ENOENT);
	assert_int_equal(ksc_policy_set_site(p, "from_the_future", KSC_SITE_EPERM), 0);
	assert_int_equal(ksc_policy_set_site(p, "uretprobe", KSC_SITE_ENOSYS), -EINVAL);
	assert_int_equal(ksc_policy_set_site(p, "read", 0), -EINVAL);
}

static void test_cover(void **state)
{
	ksc_policy_set_default(p, ERRNO(1));
	assert_int_equal(ksc_policy_cover(p, ksc_abi_by_name(k, "i386")), 0);
	expect(10, KSC_ROW_UNCOVERED, 0, "10: the profile does not cover x86_64");
}

/* What has been told can be asked back. */
static void test_asked_back(void **state)
{
	static const struct {
		unsigned int nr;
		const char *name;
		uint32_t action;
		unsigned int flags;
		int allows;
	} cases[] = {
		{ 0, "read", SECCOMP_RET_ALLOW, 0, 1 },
		{ 0, "read", SECCOMP_RET_ALLOW, KSC_RULE_ARGS, 0 },
		{ 0, "read", ERRNO(5), 0, 0 },
		{ 0, "read", ERRNO(38), 0, 0 },
		{ 0, "read", SECCOMP_RET_LOG, 0, 0 },
		{ 0, "read", SECCOMP_RET_ALLOW, KSC_RULE_UNRESOLVED, 0 },
		{ 5000, "beyond", SECCOMP_RET_ALLOW, 0, 1 },
	};
	struct ksc_policy *one;
	uint32_t action = 1;
	size_t i;

	assert_int_equal(ksc_policy_default(p, &action), -ENOENT);
	assert_int_equal(action, 0);
	ksc_policy_set_default(p, ERRNO(1));
	assert_int_equal(ksc_policy_default(p, &action), 0);
	assert_int_equal(action, ERRNO(1));
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(ksc_policy_new(&one, k), 0);
		assert_int_equal(ksc_policy_allows(one, x86_64, cases[i].nr), 0);
		assert_int_equal(ksc_policy_rule_nr(one, x86_64, cases[i].nr, cases[i].name,
						    cases[i].action, cases[i].flags), 0);
		assert_int_equal(ksc_policy_allows(one, x86_64, cases[i].nr), cases[i].allows);
		/* That of the next number is not this one's. */
		assert_int_equal(ksc_policy_allows(one, x86_64, cases[i].nr ^ 1), 0);
		assert_int_equal(ksc_policy_allows(one, NULL, cases[i].nr), 0);
		/* One that denies may come first. */
		assert_int_equal(ksc_policy_rule_nr(one, x86_64, cases[i].nr, cases[i].name,
						    ERRNO(38), 0), 0);
		assert_int_equal(ksc_policy_allows(one, x86_64, cases[i].nr), 0);
		ksc_policy_free(one);
	}
}

static void test_refusals(void **state)
{
	struct ksc_policy *other_policy;
	struct ksc *other;
	size_t len = 0;

	assert_int_equal(ksc_policy_set_default(p, 0x12340000), -EINVAL);
	assert_int_equal(ksc_policy_set_baseline(p, KSC_RELEASE_UNKNOWN), -EINVAL);
	assert_int_equal(ksc_policy_set_flags(p, 8), -EINVAL);
	assert_int_equal(ksc_policy_cover(p, NULL), -EINVAL);
	assert_int_equal(ksc_policy_rule(p, NULL, "read", SECCOMP_RET_ALLOW, 0), -EINVAL);
	assert_int_equal(ksc_policy_rule(p, x86_64, NULL, SECCOMP_RET_ALLOW, 0), -EINVAL);
	assert_int_equal(ksc_policy_rule_nr(p, x86_64, 0, NULL, SECCOMP_RET_ALLOW, 0), -EINVAL);
	assert_int_equal(ksc_policy_set_site(p, NULL, KSC_SITE_EPERM), -ENOENT);
	assert_int_equal(ksc_policy_rule(p, x86_64, "read", 0x12340000, 0), -EINVAL);
	assert_int_equal(ksc_policy_rule(p, x86_64, "read", SECCOMP_RET_ALLOW, 4), -EINVAL);
	assert_int_equal(ksc_policy_rule_nr(p, x86_64, 0x40000000, "x", SECCOMP_RET_ALLOW, 0),
			 -ERANGE);
	assert_int_equal(ksc_open(&other, root), 0);
	assert_int_equal(ksc_policy_new(&other_policy, other), 0);
	assert_int_equal(ksc_policy_cover(other_policy, x86_64), -EINVAL);
	ksc_policy_free(other_policy);
	ksc_policy_free(NULL);
	ksc_close(other);
	assert_int_equal(ksc_bpf_prefix(p, NULL, &len), 0);
	assert_true(len > 0);
}

static void test_closed_first(void **state)
{
	rule("read", SECCOMP_RET_ALLOW, 0);
	ksc_policy_set_default(p, ERRNO(1));
	ksc_policy_set_baseline(p, KSC_RELEASE(5, 3));
	ksc_close(k);
	k = NULL;
	expect(0, KSC_ROW_NAMED, 0, "read: the profile names it");
	expect(2, KSC_ROW_NEWER, ERRNO(38), "openat2: 5.6 > baseline 5.3");
	assert_string_equal(ksc_abi_id(ksc_abi_next(ksc_policy_view(p), NULL)), "x86_64");
}

/* Without a kernel's word: what nobody knows is newer than anything, the rest as ever. */
static void test_names_only(void **state)
{
	static const struct {
		int err;
		const char *id;
		uint32_t arch;
		const char *names;
		const char *error;
	} wrong[] = {
		{ -EINVAL, "x86 64", X86_64, "", "is not the name of an ABI" },
		{ -EBADMSG, "other", X86_64, "0 read\n", "overlaps with x86_64" },
		{ -EBADMSG, "vax", 0x4b, "1 b\n0 a\n", "0 after 1" },
		{ -EBADMSG, "vax", 0x4b, "0 a\n1 a\n", "have one name" },
		{ -EBADMSG, "vax", 0x4b, "65536 a\n", "greater than 65535" },
		{ -EBADMSG, "vax", 0x4b, "0 a", "newline" },
		{ -EBADMSG, "vax", 0x4b, "a\n", "decimal digit" },
	};
	struct ksc *names;
	size_t i;

	assert_int_equal(ksc_add_abi(k, "vax", 0x4b, 0, "0 read\n"), -EBUSY);
	ksc_policy_free(p);
	assert_int_equal(ksc_policy_new(&p, NULL), -EINVAL);
	assert_null(p);
	assert_int_equal(ksc_new(&names), 0);
	assert_int_equal(ksc_add_abi(names, "x86_64", X86_64, 0,
				     "0 read\n1 clone3\n4 uretprobe\n437 openat2\n"), 0);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		int err = ksc_add_abi(names, wrong[i].id, wrong[i].arch, 0, wrong[i].names);

		if (err != wrong[i].err || !strstr(ksc_error(names), wrong[i].error))
			fail_msg("%s %s: %s", wrong[i].id, wrong[i].names, ksc_error(names));
	}
	assert_int_equal(ksc_add_abi(names, "vax", 0x4b, 0, ""), 0);
	assert_string_equal(ksc_source(names), "names");
	x86_64 = ksc_abi_by_name(names, "x86_64");
	assert_int_equal(ksc_abi_implemented(x86_64, 0), -ENOENT);
	assert_int_equal(ksc_abi_nr(x86_64, "openat2"), 437);

	assert_int_equal(ksc_policy_new(&p, names), 0);
	assert_int_equal(ksc_add_abi(names, "i386", 0x40000003, 0, ""), -EBUSY);
	ksc_close(names);
	ksc_policy_set_default(p, ERRNO(1));
	ksc_policy_set_baseline(p, KSC_RELEASE(5, 3));
	rule("read", SECCOMP_RET_ALLOW, 0);
	assert_int_equal(ksc_policy_rule_nr(p, x86_64, 999, "reboot", SECCOMP_RET_KILL_PROCESS, 0),
			 0);
	expect(0, KSC_ROW_NAMED, 0, "read: the profile names it");
	expect(1, KSC_ROW_DENIED, 0, "clone3: 5.3 <= baseline 5.3, the author left it out");
	expect(4, KSC_ROW_NEWER, 0,
	       "uretprobe: 6.11 > baseline 5.3, but the kernel itself calls it");
	expect(437, KSC_ROW_NEWER, ERRNO(38), "openat2: 5.6 > baseline 5.3");
	expect(3, KSC_ROW_NEWER, ERRNO(38), "3: unknown release > baseline 5.3");
	expect(0x3fffffff, KSC_ROW_NEWER, ERRNO(38), "1073741823: unknown release > baseline 5.3");
	expect(999, KSC_ROW_SPECIAL, 0,
	       "reboot: the profile has a rule that kills, traps, traces, notifies or logs");
	expect(0x40000000, KSC_ROW_UNCOVERED, 0,
	       "1073741824: audit arch 0xc000003e has no published ABI for it");
	check_program();
}

/*
 * runtime-spec #1266, to the letter: what is newer than Linux 6.10 is ENOSYS, what is
 * older and not in the profile is the default's, EPERM.
 */
static void test_spec_1266(void **state)
{
	const char *name;
	uint32_t nr;

	ksc_policy_set_default(p, ERRNO(1));
	ksc_policy_set_baseline(p, KSC_RELEASE(6, 10));
	ksc_policy_set_successors(p, KSC_SUCCESSORS_EPERM);
	for (nr = 56; nr < 60; nr++)
		assert_int_equal(ksc_policy_rule_nr(p, x86_64, nr, nr == 56 ? "clone" : "openat",
						    SECCOMP_RET_ALLOW, 0), 0);
	for (nr = 0; nr < 400; nr++) {
		name = ksc_abi_name(x86_64, nr);
		if (!name || !strcmp(name, "uretprobe"))
			continue;
		assert_int_equal(ksc_verdict(p, X86_64, nr),
				 ksc_release_of(name) > KSC_RELEASE(6, 10) ? ERRNO(38) : 0);
	}
}

static void test_take_knobs(void **state)
{
	struct ksc_policy *from;

	assert_int_equal(ksc_policy_new(&from, k), 0);
	ksc_policy_set_baseline(from, KSC_RELEASE(4, 4));
	ksc_policy_set_flags(from, KSC_KEEP_FATAL);
	ksc_policy_set_successors(from, KSC_SUCCESSORS_ALLOW);
	assert_int_equal(ksc_policy_set_site(from, "mount", KSC_SITE_ENOSYS), 0);
	assert_int_equal(ksc_policy_set_site(p, "clone3", KSC_SITE_ENOSYS), 0);
	ksc_policy_set_default(p, ERRNO(1));
	assert_int_equal(ksc_policy_take_knobs(p, from), 0);
	ksc_policy_free(from);
	assert_int_equal(ksc_policy_baseline(p), KSC_RELEASE(4, 4));
	expect(5, KSC_ROW_SITE, ERRNO(38), "mount: this site has decided on ENOSYS");
	expect(1, KSC_ROW_NEWER, ERRNO(38), "clone3: 5.3 > baseline 4.4");
	assert_int_equal(ksc_policy_rule_nr(p, x86_64, 257, "openat", SECCOMP_RET_ALLOW, 0), 0);
	assert_int_equal(ksc_verdict(p, X86_64, 2), SECCOMP_RET_ALLOW);
	ksc_policy_set_default(p, SECCOMP_RET_KILL_PROCESS);
	assert_int_equal(ksc_verdict(p, X86_64, 1), 0);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rows),
		TEST(test_no_default),
		TEST(test_lenient_defaults),
		TEST(test_unresolved),
		TEST(test_explicit),
		TEST(test_fatal),
		TEST(test_baseline),
		TEST(test_successors),
		TEST(test_allow),
		TEST(test_sites),
		TEST(test_spec_1266),
		TEST(test_take_knobs),
		TEST(test_cover),
		TEST(test_asked_back),
		TEST(test_refusals),
		TEST(test_closed_first),
		TEST(test_names_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
