// SPDX-License-Identifier: GPL-2.0-only
/*
 * Releases: how one is written, with which one a call came, and which one the names that a
 * profile has tell of.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../lib/core/private.h"

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
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		release = 0;
		if (ksc_release_parse(wrong[i], &release) != -EINVAL)
			fail_msg("\"%s\" is taken for a release", wrong[i]);
		assert_int_equal(release, KSC_RELEASE_UNKNOWN);
	}
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
		assert_int_equal(ksc_release_line(text), i);
		assert_int_equal(ksc_release_next(i++, &name, &release), 0);
		assert_string_equal(name, text);
		assert_int_equal(ksc_release_line(name), i - 1);
		/* Its end is another name, or none. */
		assert_int_equal(ksc_release_line(name + 1), ksc_release_line(text + 1));
		assert_int_equal(release, KSC_RELEASE(major, minor));
		assert_int_equal(ksc_release_of(text), release);
		/* Its first bytes are another's, too. */
		strcat(text, "_");
		assert_int_equal(ksc_release_line(text), -ENOENT);
	}
	fclose(f);
	assert_true(i > 400);
	assert_int_equal(ksc_release_next(i, &name, &release), -ENOENT);
	assert_null(name);
	assert_int_equal(release, KSC_RELEASE_UNKNOWN);
	assert_int_equal(ksc_release_of("clone4"), KSC_RELEASE_UNKNOWN);
	assert_int_equal(ksc_release_of(""), KSC_RELEASE_UNKNOWN);
	assert_int_equal(ksc_release_line("\xff"), -ENOENT);
	assert_int_equal(ksc_release_line(NULL), -ENOENT);
}

/* What names alone tell; every one of them is noted on a policy of its own. */
static unsigned int baseline_of(const char *names, bool old_ones)
{
	char text[1024], *one, *rest = text;
	struct ksc_policy *policy;
	unsigned int release;
	const char *name;
	struct ksc *k;
	size_t i;

	assert_int_equal(ksc_new(&k), 0);
	assert_int_equal(ksc_policy_new(&policy, k), 0);
	ksc_close(k);
	snprintf(text, sizeof(text), "%s", names);
	while ((one = strsep(&rest, " ")))
		ksc_policy_note(policy, (const char *const []){ one }, 1);
	/* Last, for these tell by their number alone. */
	for (i = 0; old_ones && !ksc_release_next(i, &name, &release); i++)
		if (release == KSC_RELEASE(2, 6))
			ksc_policy_note(policy, &name, 1);
	release = ksc_policy_baseline(policy);
	ksc_policy_free(policy);
	return release;
}

static void expect_baseline(unsigned int release, const char *names)
{
	assert_int_equal(baseline_of(names, false), release);
}

/* A profile of ordinary size: all that is as old as the table tells, and these. */
static void expect_of_many(unsigned int release, const char *names)
{
	assert_int_equal(baseline_of(names, true), release);
}

static void test_inference(void **state)
{
	static const char up_to_5_11[] =
		"setns kcmp finit_module sched_getattr renameat2 getrandom bpf execveat membarrier "
		"mlock2 copy_file_range preadv2 pkey_alloc statx rseq pidfd_send_signal fsopen "
		"pidfd_open openat2 faccessat2 close_range process_madvise epoll_pwait2";
	unsigned int release;
	const char *name;
	char text[1024];
	size_t i;

	expect_baseline(KSC_RELEASE_NONE, "");
	expect_baseline(KSC_RELEASE_NONE, "from_the_future");
	expect_baseline(KSC_RELEASE(2, 6), "read");
	/* One name more or less is one release more or less. */
	expect_of_many(KSC_RELEASE(5, 10), up_to_5_11);
	/* Whatever single name is added, it is not believed. */
	for (i = 0; !ksc_release_next(i, &name, &release); i++) {
		snprintf(text, sizeof(text), "%s %s", up_to_5_11, name);
		release = baseline_of(text, true);
		if (release != KSC_RELEASE(5, 10) && release != KSC_RELEASE(5, 11))
			fail_msg("%s alone makes it %u.%u", name, release >> 16, release & 0xffff);
	}
	/* Many of one release are one, as when time64 came by a back-port. */
	expect_of_many(KSC_RELEASE(4, 18), "getrandom bpf execveat membarrier mlock2 "
		       "copy_file_range preadv2 statx io_pgetevents clock_gettime64 futex_time64 "
		       "ppoll_time64 timer_settime64 utimensat_time64");
	/* 2020, with one of 2023 in it. */
	expect_of_many(KSC_RELEASE(5, 6), "getrandom bpf execveat mlock2 copy_file_range preadv2 "
		       "statx openat2 faccessat2 fchmodat2");
	/* Docker's first, which left bpf out on purpose, and a copy with some added. */
	expect_of_many(KSC_RELEASE(3, 19), "setns sched_getattr renameat2 getrandom execveat");
	expect_of_many(KSC_RELEASE(3, 19), "setns sched_getattr renameat2 getrandom execveat statx "
		       "openat2");
	/* A year later it may have been ahead. */
	expect_of_many(KSC_RELEASE(4, 4), "setns sched_getattr renameat2 getrandom execveat "
		       "membarrier mlock2 copy_file_range");
	/* Of a short list much is missing for no reason. */
	expect_baseline(KSC_RELEASE(4, 20), "read write openat close getrandom rseq clone3");
	expect_baseline(KSC_RELEASE(5, 3), "read write close getrandom rseq clone3 fchmodat2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_release_parse),
		cmocka_unit_test(test_release_table),
		cmocka_unit_test(test_inference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
