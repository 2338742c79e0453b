// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a rewriting must not do to a text, each shown by the smallest configuration that
 * shows it: take what a runtime would refuse, or drop what it does not know. And who else is
 * not believed: a tree with wrong names, and a caller with wrong knobs.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ksyscalls-oci.h>

#include "fixtures.h"
#include "rewriting.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#define ARG(rest)	READ(",\"args\":[{\"index\":2,\"op\":\"SCMP_CMP_EQ\"," rest "}]")

/* ---- numbers and types -------------------------------------------------- */

static void test_unreadable(void **state)
{
	static const struct {
		const char *config, *says;
	} cases[] = {
		{ PROFILE(ARG("\"value\":18446744073709551616")), "18446744073709551616" },
		{ PROFILE(ARG("\"value\":99999999999999999999999")), "99999999999999999999999" },
		{ PROFILE(ARG("\"value\":00")), "00" },
		{ PROFILE(ARG("\"value\":-0")), "-0" },
		{ PROFILE(ARG("\"value\":-1")), "negative" },
		{ PROFILE(ARG("\"value\":1.0")), "1.0" },
		{ PROFILE(ARG("\"value\":1e3")), "1e3" },
		{ PROFILE(ARG("\"value\":\"1\"")), "string" },
		{ PROFILE(ARG("\"value\":true")), "boolean" },
		{ PROFILE(ARG("\"valueTwo\":18446744073709551616")), "18446744073709551616" },
		{ PROFILE(READ(",\"errnoRet\":4294967296")), "4294967296" },
		{ PROFILE("\"defaultErrnoRet\":01"), "number" },
		{ PROFILE("\"listenerMetadata\":1"), "listenerMetadata" },
		{ "{\"process\":{\"user\":{\"uid\":00}},\"linux\":{\"seccomp\":{\"defaultAction\":"
		  "\"SCMP_ACT_ERRNO\"," READ("") "}}}", "00" },
		{ "{\"annotations\":{\"a\":1},\"linux\":{\"seccomp\":{\"defaultAction\":"
		  "\"SCMP_ACT_ERRNO\"," READ("") "}}}", "annotations" },
	};
	struct ksc_oci *o;
	char *out;
	size_t i, m;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		for (m = 0; m < ARRAY_SIZE(rewriting_modes); m++) {
			o = in_mode(rewriting_modes[m]);
			out = rewrite(o, cases[i].config);
			if (out)
				fail_msg("%s became %s", cases[i].config, out);
			if (!strstr(ksc_oci_error(o), cases[i].says))
				fail_msg("%s: \"%s\"", cases[i].config, ksc_oci_error(o));
			ksc_oci_free(o);
		}
	}
}

/* The largest that there is stays the largest; what is no number of a profile stays, too. */
static void test_readable(void **state)
{
	static const struct {
		const char *config, *keeps;
	} cases[] = {
		{ PROFILE(ARG("\"value\":18446744073709551615")), "18446744073709551615" },
		{ "{\"annotations\":null,\"x\":-1.5e-3,\"linux\":{\"seccomp\":{\"defaultAction\":"
		  "\"SCMP_ACT_ERRNO\"," READ("") "}}}", "-1.5e-3" },
		{ "{\"x\":[0,-7,36893488147419103232],\"linux\":{\"seccomp\":{\"defaultAction\":"
		  "\"SCMP_ACT_ERRNO\"," READ("") "}}}", "[0,-7,36893488147419103232]" },
	};
	struct ksc_oci *o;
	char *out;
	size_t i, m;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		for (m = 0; m < ARRAY_SIZE(rewriting_modes); m++) {
			o = in_mode(rewriting_modes[m]);
			out = rewrite(o, cases[i].config);
			if (!out)
				fail_msg("%s: %s", cases[i].config, ksc_oci_error(o));
			assert_non_null(strstr(out, cases[i].keeps));
			free(out);
			ksc_oci_free(o);
		}
	}
}

/* ---- what we do not know ------------------------------------------------ */

static void test_unknown_keys(void **state)
{
	static const char config[] = PROFILE(
		"\"futureKey\":{\"a\":[1,null]},\"futureNull\":null,\"syscalls\":["
		"{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\",\"comment\":\"kept\","
		"\"args\":[{\"index\":0,\"value\":1,\"op\":\"SCMP_CMP_EQ\",\"note\":\"too\"}]}]");
	static const char *const kept[] = {
		"\"futureKey\":{\"a\":[1,null]}", "\"futureNull\":null", "\"comment\":\"kept\"",
		"\"note\":\"too\"",
	};
	struct ksc_oci *o;
	char *out;
	size_t i, m;

	(void)state;
	for (m = 0; m < ARRAY_SIZE(rewriting_modes); m++) {
		o = in_mode(rewriting_modes[m]);
		out = rewrite(o, config);
		if (!out)
			fail_msg("%s", ksc_oci_error(o));
		for (i = 0; i < ARRAY_SIZE(kept); i++) {
			if (!strstr(out, kept[i]))
				fail_msg("%s is gone", kept[i]);
		}
		free(out);
		ksc_oci_free(o);
	}
}

/* ---- a tree's names ----------------------------------------------------- */

static void write_file(const char *dir, const char *name, const char *text)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

/* A tree that calls another number "read" must not open it, whatever is believed of it. */
static void test_misnamed(void **state)
{
	static const char seccomp[] = "{\"defaultAction\":\"SCMP_ACT_ERRNO\","
		"\"architectures\":[\"SCMP_ARCH_X86_64\"],\"syscalls\":["
		RULE("read", "ALLOW", "") "," RULE("no_such_call", "ALLOW", "") "]}";
	char *root = fixture_mkdir(), dir[4096], *command;
	struct ksc_policy *policy;
	struct ksc_profile *p;
	struct ksc *k;

	(void)state;
	snprintf(dir, sizeof(dir), "%s/sys/kernel/syscalls/x86_64", root);
	assert_true(asprintf(&command, "mkdir -p %s && echo 1 > %s/../version", dir, dir) > 0);
	assert_int_equal(system(command), 0);
	free(command);
	write_file(dir, "audit_arch", "0xc000003e\n");
	write_file(dir, "base", "0x0\n");
	write_file(dir, "nr_syscalls", "64\n");
	write_file(dir, "bitmap", "0c000000,00000000\n");
	write_file(dir, "list", "58-59\n");
	write_file(dir, "names", "58 no_such_call\n59 read\n");
	if (ksc_open(&k, root))
		fail_msg("%s", ksc_error(k));
	assert_int_equal(ksc_profile_new(&p), 0);
	assert_int_equal(ksc_profile_set_arch(p, SCMP_ARCH_X86_64), 0);
	assert_int_equal(ksc_profile_load_mem(p, seccomp, strlen(seccomp)), 0);
	assert_int_equal(ksc_policy_from_profile(&policy, k, p, KSC_RELEASE(6, 10)), 0);
	assert_int_equal(ksc_policy_set_flags(policy, KSC_ALLOW_UNKNOWN), 0);
	assert_int_equal(ksc_verdict(policy, AUDIT_ARCH_X86_64, 58), SECCOMP_RET_ALLOW);
	assert_int_equal(ksc_verdict(policy, AUDIT_ARCH_X86_64, 59), 0);
	ksc_policy_free(policy);
	ksc_profile_free(p);
	ksc_close(k);
	fixture_rmdir(root);
}

/* ---- setters ------------------------------------------------------------ */

static void test_setters(void **state)
{
	struct ksc_oci *o = in_mode(KSC_OCI_FLIP);

	(void)state;
	assert_int_equal(ksc_oci_set_mode(o, (enum ksc_oci_mode)99), -EINVAL);
	assert_true(*ksc_oci_error(o));
	assert_int_equal(ksc_oci_set_mode(o, (enum ksc_oci_mode)-1), -EINVAL);
	assert_int_equal(ksc_oci_set_flags(o, 0x80000000u), -EINVAL);
	assert_int_equal(ksc_oci_set_flags(o, KSC_EXPLICIT_RESPECT), 0);
	assert_int_equal(ksc_oci_set_baseline(o, KSC_RELEASE_UNKNOWN), -EINVAL);
	assert_int_equal(ksc_oci_set_baseline(o, KSC_RELEASE(6, 10)), 0);
	ksc_oci_free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_readable),
		cmocka_unit_test(test_unknown_keys),
		cmocka_unit_test(test_misnamed),
		cmocka_unit_test(test_setters),
	};

	return cmocka_run_group_tests(tests, rewriting_setup, rewriting_teardown);
}
