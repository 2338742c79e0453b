// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policy's knobs one by one with their reasons, wrong uses of the library,
 * and the release table. test-prefix.c has the exhaustive proof.
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
	expect(9, KSC_ROW_ABSENT, ERRNO(38), "9: this kernel's x86_64 does not implement it");
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
	expect(9, KSC_ROW_ABSENT, ERRNO(38), "9: this kernel's x86_64 does not implement it");
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
	expect(9, KSC_ROW_DEFAULT, 0, "9: nothing to do where the default is NOTIFY");
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
	ksc_policy_set_baseline(p, KSC_RELEASE(5, 0));
	expect(2, KSC_ROW_NEWER, ERRNO(38), "openat2: 5.6 > baseline 5.0");
	ksc_policy_set_flags(p, KSC_KEEP_FATAL);
	expect(2, KSC_ROW_NEWER, 0, "openat2: 5.6 > baseline 5.0, but new syscalls stay fatal");
	expect(9, KSC_ROW_ABSENT, ERRNO(38), "9: this kernel's x86_64 does not implement it");
}

static void test_baseline(void **state)
{
	assert_int_equal(ksc_policy_baseline(p), KSC_RELEASE_NONE);
	assert_int_equal(ksc_policy_rule(p, x86_64, "from_the_future", SECCOMP_RET_ALLOW, 0), 0);
	assert_int_equal(ksc_policy_baseline(p), KSC_RELEASE_NONE);
	rule("clone3", SECCOMP_RET_ALLOW, 0);
	rule("read", SECCOMP_RET_ALLOW, 0);
	assert_int_equal(ksc_policy_baseline(p), KSC_RELEASE(5, 3));
	/* A name that this kernel does not have tells of its author all the same. */
	assert_int_equal(ksc_policy_rule(p, x86_64, "mseal", SECCOMP_RET_ALLOW, 0), -ENOENT);
	assert_int_equal(ksc_policy_baseline(p), KSC_RELEASE(6, 10));
	ksc_policy_set_baseline(p, KSC_RELEASE(4, 4));
	assert_int_equal(ksc_policy_baseline(p), KSC_RELEASE(4, 4));
	ksc_policy_set_baseline(p, KSC_RELEASE_NONE);
	ksc_policy_set_default(p, ERRNO(1));
	expect(2, KSC_ROW_DENIED, 0, "openat2: not in the profile, whose default is ERRNO(1)");
	/* Nobody asks for a release that may not be wanted. */
	assert_int_equal(ksc_policy_rule(p, x86_64, "setxattrat", SECCOMP_RET_ALLOW, 0), -ENOENT);
	ksc_policy_set_baseline(p, KSC_RELEASE_INFER);
	assert_int_equal(ksc_policy_baseline(p), KSC_RELEASE(6, 10));
}

static void test_cover(void **state)
{
	ksc_policy_set_default(p, ERRNO(1));
	assert_int_equal(ksc_policy_cover(p, ksc_abi_by_name(k, "i386")), 0);
	expect(9, KSC_ROW_UNCOVERED, 0, "9: the profile does not cover x86_64");
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
		if (ksc_add_abi(names, wrong[i].id, wrong[i].arch, 0, wrong[i].names) != wrong[i].err ||
		    !strstr(ksc_error(names), wrong[i].error))
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

static void test_release_parse(void **state)
{
	static const char *const wrong[] = {
		"", "5", "5.", ".5", "5.1.2", "5.1-rc1", "v5.1", "-5.1", "5.-1", " 5.1", "5.1 ",
		"5.99999", "99999.1", "0.5", "none", "infer",
	};
	unsigned int release, i;

	assert_int_equal(ksc_release_parse("5.10", &release), 0);
	assert_int_equal(release, KSC_RELEASE(5, 10));
	assert_true(KSC_RELEASE(5, 10) > KSC_RELEASE(5, 9));
	assert_true(KSC_RELEASE(6, 0) > KSC_RELEASE(5, 19));
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (ksc_release_parse(wrong[i], &release) != -EINVAL)
			fail_msg("\"%s\" is taken for a release", wrong[i]);
}

/* The table that is built in is the file in data/, and a search finds each line. */
static void test_release_table(void **state)
{
	const char *source = getenv("KSC_SOURCE"), *name;
	unsigned int major, minor, release;
	char path[4096], line[256], text[64];
	size_t i = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/data/releases.csv", source ? source : ".");
	f = fopen(path, "re");
	if (!f)
		fail_msg("cannot read %s", path);
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%63[a-z0-9_],%u.%u", text, &major, &minor) != 3)
			continue;
		assert_int_equal(ksc_release_next(i++, &name, &release), 0);
		assert_string_equal(name, text);
		assert_int_equal(release, KSC_RELEASE(major, minor));
		assert_int_equal(ksc_release_of(text), release);
	}
	fclose(f);
	assert_true(i > 400);
	assert_int_equal(ksc_release_next(i, &name, &release), -ENOENT);
	assert_int_equal(ksc_release_of("clone4"), KSC_RELEASE_UNKNOWN);
	assert_int_equal(ksc_release_of(""), KSC_RELEASE_UNKNOWN);
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
		TEST(test_cover),
		TEST(test_refusals),
		TEST(test_closed_first),
		TEST(test_names_only),
		cmocka_unit_test(test_release_parse),
		cmocka_unit_test(test_release_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
