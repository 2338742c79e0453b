// SPDX-License-Identifier: GPL-2.0-only
/*
 * What libseccomp and the runtimes make of what a rewriting gave them: the answers that the
 * profile asked for, also where readers differ or libseccomp builds something else, and all
 * of it in time. Each is shown by the smallest configuration that shows it.
 */
#include <errno.h>
#include <json-c/json.h>
#include <linux/audit.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include <cmocka.h>

#include <ksyscalls-oci.h>

#include "../bpfsim.h"
#include "fixtures.h"
#include "json.h"
#include "rewriting.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#define IF(i, op, v)	",\"args\":[{\"index\":" #i ",\"op\":\"SCMP_CMP_" op "\",\"value\":" #v "}]"
#define ALSO(i, op, v)	"{\"index\":" #i ",\"op\":\"SCMP_CMP_" op "\",\"value\":" #v "}"

#define NR_READ		0
#define NR_CLONE	56
#define NR_PRCTL	157
#define NR_CLONE3	435

static const uint64_t nothing[6];

/* The answer to a call with @args of what @runtime builds from the seccomp of @config. */
static uint32_t answer(const char *config, enum ksc_runtime runtime, int nr,
		       const uint64_t args[6])
{
	struct seccomp_data sd = { .nr = nr, .arch = AUDIT_ARCH_X86_64 };
	struct sock_filter *prog;
	struct ksc_profile *p;
	uint32_t ret;
	size_t len;

	memcpy(sd.args, args, sizeof(sd.args));
	assert_int_equal(ksc_profile_new(&p), 0);
	assert_int_equal(ksc_profile_set_arch(p, SCMP_ARCH_X86_64), 0);
	if (ksc_profile_load_mem(p, config, strlen(config)) ||
	    ksc_profile_program(p, runtime, &prog, &len))
		fail_msg("%s\n%s", ksc_profile_error(p), config);
	ret = bpfsim_run(prog, &sd, false, NULL);
	free(prog);
	ksc_profile_free(p);
	return ret;
}

/* ---- what readers do not agree on --------------------------------------- */

/* Two readers, two answers: the one skips what equals its default, the other has another. */
static void test_rules_like_the_default(void **state)
{
	static const char seccomp[] = "{\"defaultAction\":\"SCMP_ACT_ERRNO\","
		"\"defaultErrnoRet\":38,\"architectures\":[\"SCMP_ARCH_X86_64\"],\"syscalls\":["
		RULE("read", "ALLOW", "") "," RULE("clone3", "ERRNO", ",\"errnoRet\":38") ","
		RULE("clone3", "ALLOW", "") "]}";
	static const enum ksc_runtime readers[] = {
		KSC_RUNTIME_CRUN, KSC_RUNTIME_CRUN_OLD, KSC_RUNTIME_RUNC, KSC_RUNTIME_RUNC_OLD,
	};
	struct ksc_oci *o = in_mode(KSC_OCI_EXPLICIT);
	char *config, *out[2];
	struct ksc_profile *p;
	size_t i, j;

	(void)state;
	assert_true(asprintf(&config, CONFIG("%s"), seccomp) > 0);
	assert_int_equal(answer(config, KSC_RUNTIME_CRUN, NR_CLONE3, nothing), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(config, KSC_RUNTIME_CRUN_OLD, NR_CLONE3, nothing),
			 SECCOMP_RET_ERRNO | ENOSYS);

	/* Nobody told who will read it. */
	assert_int_equal(ksc_profile_new(&p), 0);
	assert_int_equal(ksc_oci_profile(o, p, &out[0]), -EINVAL);
	assert_null(out[0]);
	assert_non_null(strstr(ksc_oci_error(o), "no profile is loaded"));
	assert_int_equal(ksc_profile_load_mem(p, seccomp, strlen(seccomp)), 0);
	assert_int_equal(ksc_oci_profile(o, p, &out[0]), 0);
	out[1] = rewrite(o, config);
	for (i = 0; i < ARRAY_SIZE(out); i++) {
		for (j = 0; j < ARRAY_SIZE(readers); j++)
			assert_int_equal(answer(out[i], readers[j], NR_CLONE3, nothing),
					 answer(config, readers[j], NR_CLONE3, nothing));
		free(out[i]);
	}
	/* One that was told. */
	assert_int_equal(ksc_oci_set_runtime(o, fixture_old_crun), 0);
	out[0] = rewrite(o, config);
	assert_int_equal(answer(out[0], KSC_RUNTIME_CRUN_OLD, NR_CLONE3, nothing),
			 SECCOMP_RET_ERRNO | ENOSYS);
	free(out[0]);
	ksc_profile_free(p);
	ksc_oci_free(o);
	free(config);
}

/* A default of ENOSYS is one for who does not heed it, too. */
static void test_default_restated(void **state)
{
	static const char config[] = CONFIG("{\"defaultAction\":\"SCMP_ACT_ERRNO\","
		"\"defaultErrnoRet\":38,\"architectures\":[\"SCMP_ARCH_X86_64\"],\"syscalls\":["
		RULE("read", "ALLOW", "") "," RULE("prctl", "ALLOW", IF(0, "LE", 7)) ","
		RULE("clone", "ERRNO", ",\"errnoRet\":1") "]}");
	static const uint64_t eights[6] = { 8, 8, 8, 8, 8, 8 };
	struct ksc_oci *o = in_mode(KSC_OCI_AUTO);
	char *out;

	(void)state;
	assert_int_equal(ksc_oci_set_runtime(o, fixture_old_crun), 0);
	out = rewrite(o, config);
	assert_non_null(out);
	assert_int_equal(answer(config, KSC_RUNTIME_CRUN_OLD, NR_CLONE3, nothing),
			 SECCOMP_RET_ERRNO | EPERM);
	assert_int_equal(answer(out, KSC_RUNTIME_CRUN_OLD, NR_CLONE3, nothing),
			 SECCOMP_RET_ERRNO | ENOSYS);
	assert_int_equal(answer(out, KSC_RUNTIME_CRUN_OLD, NR_PRCTL, eights),
			 SECCOMP_RET_ERRNO | ENOSYS);
	assert_int_equal(answer(out, KSC_RUNTIME_CRUN_OLD, NR_PRCTL, nothing), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(out, KSC_RUNTIME_CRUN_OLD, NR_CLONE, nothing),
			 SECCOMP_RET_ERRNO | EPERM);
	assert_int_equal(answer(out, KSC_RUNTIME_CRUN_OLD, NR_READ, nothing), SECCOMP_RET_ALLOW);
	free(out);
	ksc_oci_free(o);
}

/*
 * What is denied above the largest number named is answered ENOSYS by runc itself: a
 * name comes in, or, if there is none, the report has the number and strict refuses.
 */
static void test_runcs_own(void **state)
{
	static const char config[] = PROFILE("\"architectures\":[\"SCMP_ARCH_X86_64\"],"
		"\"syscalls\":[" RULE("read", "ALLOW", "") "," RULE("prctl", "ALLOW", "") "]");
	const struct ksc_abi *abi = ksc_abi_by_name(rewriting_tree, "x86_64");
	const int mseal = ksc_abi_nr(abi, "mseal");
	bool named = seccomp_syscall_resolve_name("mseal") >= 0;
	struct json_object *report;
	struct ksc_oci *o;
	char *out;

	(void)state;
	assert_int_equal(answer(config, KSC_RUNTIME_RUNC, NR_CLONE3, nothing),
			 SECCOMP_RET_ERRNO | ENOSYS);
	o = in_mode(KSC_OCI_EXPLICIT);
	assert_int_equal(ksc_oci_set_runtime(o, "runc"), 0);
	/* So that nothing is named above clone3 in order to be ENOSYS. */
	assert_int_equal(ksc_oci_set_baseline(o, KSC_RELEASE(6, 12)), 0);
	assert_int_equal(ksc_policy_set_successors(ksc_oci_knobs(o), KSC_SUCCESSORS_EPERM), 0);
	assert_int_equal(ksc_policy_set_site(ksc_oci_knobs(o), "mseal", KSC_SITE_EPERM), 0);
	out = rewrite(o, config);
	assert_non_null(out);
	assert_int_equal(answer(out, KSC_RUNTIME_RUNC, NR_CLONE3, nothing),
			 SECCOMP_RET_ERRNO | EPERM);
	report = json_report(o);
	assert_int_equal(answer(out, KSC_RUNTIME_RUNC, mseal, nothing),
			 SECCOMP_RET_ERRNO | (named ? EPERM : ENOSYS));
	assert_int_equal(!!strstr(json_object_to_json_string(report), "\"mseal\""), !named);
	json_object_put(report);
	free(out);
	ksc_oci_set_strict(o, true);
	out = rewrite(o, config);
	assert_int_equal(!!out, named);
	if (!named)
		assert_non_null(strstr(ksc_oci_error(o), "runc itself"));
	free(out);
	ksc_oci_free(o);
}

/* Given a program crun does not look for what it was told to refuse. */
static void test_fail_unknown(void **state)
{
	static const struct {
		const char *asked, *name;
		bool refused;
	} cases[] = {
		{ "1", "no_such_call", true }, { "", "no_such_call", true },
		{ "0", "no_such_call", false }, { "1", "write", false },
	};
	struct ksc_oci *o;
	char *config, *out;
	size_t i, m;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_true(asprintf(&config, "{\"annotations\":{"
				     "\"run.oci.seccomp_fail_unknown_syscall\":\"%s\"},\"linux\":{"
				     "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ERRNO\","
				     "\"syscalls\":["
				     "{\"names\":[\"read\",\"%s\"],"
				     "\"action\":\"SCMP_ACT_ALLOW\"}]}}}",
				     cases[i].asked, cases[i].name) > 0);
		for (m = 0; m < ARRAY_SIZE(rewriting_modes); m++) {
			o = in_mode(rewriting_modes[m]);
			out = rewrite(o, config);
			assert_int_equal(!out, rewriting_modes[m] == KSC_OCI_BPF &&
					 cases[i].refused);
			/* Elsewhere crun still finds it. */
			if (rewriting_modes[m] != KSC_OCI_BPF)
				assert_non_null(strstr(out, cases[i].name));
			free(out);
			ksc_oci_free(o);
		}
		free(config);
	}
}

/* ---- what libseccomp gets wrong ----------------------------------------- */

static const char *text_of(struct json_object *obj, const char *a, const char *b)
{
	struct json_object *v = obj;

	if (!json_object_object_get_ex(v, a, &v) || (b && !json_object_object_get_ex(v, b, &v)))
		return "";
	return json_object_get_string(v);
}

/* In @mode it has to be refused; left to choose, it comes out in mode explicit. */
static void check_passed_over(const char *config, enum ksc_oci_mode mode, const char *runtime,
			      const char *why)
{
	struct ksc_oci *o = in_mode(mode);
	struct json_object *report;
	char *out;

	assert_null(rewrite(o, config));
	if (!strstr(ksc_oci_error(o), why))
		fail_msg("\"%s\" does not say %s", ksc_oci_error(o), why);
	ksc_oci_free(o);
	o = in_mode(KSC_OCI_AUTO);
	assert_int_equal(ksc_oci_set_runtime(o, runtime), 0);
	out = rewrite(o, config);
	if (!out)
		fail_msg("%s", ksc_oci_error(o));
	report = json_report(o);
	assert_string_equal(text_of(report, "mode", NULL), "explicit");
	assert_non_null(strstr(text_of(report, "passedOver", "why"), why));
	json_object_put(report);
	free(out);
	ksc_oci_free(o);
}

static const uint64_t nines[6] = { 9, 9 };

static void test_fatal_default(void **state)
{
	static const char *const defaults[] = { "KILL_PROCESS", "KILL", "TRAP" };
	struct ksc_oci *o;
	char *config, *out;
	uint32_t own;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(defaults); i++) {
		assert_true(asprintf(&config, CONFIG("{\"defaultAction\":\"SCMP_ACT_%s\","
			"\"architectures\":[\"SCMP_ARCH_X86_64\"],\"syscalls\":["
			RULE("read", "ALLOW", "") "," RULE("prctl", "ALLOW", IF(0, "LE", 7)) ","
			RULE("prctl", "ALLOW", IF(1, "LE", 7)) "]}"), defaults[i]) > 0);
		check_passed_over(config, KSC_OCI_FLIP, "youki", "kills");
		own = answer(config, KSC_RUNTIME_CRUN, NR_PRCTL, nines);
		assert_int_not_equal(own & SECCOMP_RET_ACTION_FULL, SECCOMP_RET_ERRNO);
		o = in_mode(KSC_OCI_AUTO);
		out = rewrite(o, config);
		assert_int_equal(answer(out, KSC_RUNTIME_CRUN, NR_PRCTL, nines), own);
		assert_int_equal(answer(out, KSC_RUNTIME_RUNC, NR_PRCTL, nines), own);
		assert_int_equal(answer(out, KSC_RUNTIME_RUNC, -1, nothing), own);
		assert_int_equal(answer(out, KSC_RUNTIME_CRUN, NR_READ, nothing),
				 SECCOMP_RET_ALLOW);
		ksc_oci_free(o);
		free(config);
		free(out);
	}
}

/* What is allowed stays so, and denials that get another errno are told of. */
static void test_wide_values(void **state)
{
	static const char *const ops[] = { "NE", "LT", "LE", "GE", "GT", "EQ" };
	static const uint64_t values[] = {
		0, 5, 0xffffffff, 0x100000000, 0x100000005, 0x7fffffffffffffff, UINT64_MAX,
	};
	struct json_object *report;
	uint64_t args[6] = { 0 };
	struct ksc_oci *o;
	bool told;
	char *config, *out;
	uint32_t before, after;
	size_t i, j, k;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(ops) * ARRAY_SIZE(values); i++) {
		assert_true(asprintf(&config, PROFILE("\"architectures\":[\"SCMP_ARCH_X86_64\"],"
			"\"syscalls\":[" RULE("read", "ALLOW", "") ",{\"names\":[\"prctl\"],"
			"\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"op\":"
			"\"SCMP_CMP_%s\",\"value\":%llu}]}]"), ops[i % ARRAY_SIZE(ops)],
			(unsigned long long)values[i / ARRAY_SIZE(ops)]) > 0);
		o = in_mode(KSC_OCI_FLIP);
		out = rewrite(o, config);
		assert_non_null(out);
		report = json_report(o);
		for (j = 0; j < 3 * ARRAY_SIZE(values); j++) {
			k = j / 3;
			args[0] = values[k] + j % 3 - 1;
			before = answer(config, KSC_RUNTIME_CRUN, NR_PRCTL, args);
			after = answer(out, KSC_RUNTIME_CRUN, NR_PRCTL, args);
			told = strstr(json_object_to_json_string(report), "\"name\": \"prctl\"");
			if ((before == SECCOMP_RET_ALLOW) != (after == SECCOMP_RET_ALLOW) ||
			    (before != after && !told))
				fail_msg("%s %#llx: prctl(%#llx) was %#x and is %#x",
					 ops[i % ARRAY_SIZE(ops)],
					 (unsigned long long)values[i / ARRAY_SIZE(ops)],
					 (unsigned long long)args[0], before, after);
		}
		json_object_put(report);
		ksc_oci_free(o);
		free(config);
		free(out);
	}
}

/*
 * libseccomp 2.5 loses one of the conditions on x32, and lets through what no rule
 * allows; with the rules of flip it does not. The profile as it was built is what the
 * container has, so the mode is not for it.
 */
static void test_misbuilt(void **state)
{
	static const char config[] = PROFILE("\"architectures\":[\"SCMP_ARCH_X86_64\","
		"\"SCMP_ARCH_X32\"],\"syscalls\":[" RULE("read", "ALLOW", "") ","
		"{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":["
		ALSO(2, "NE", 2147483648) ",{\"index\":0,\"op\":\"SCMP_CMP_MASKED_EQ\","
		"\"value\":8,\"valueTwo\":0}]},"
		"{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_LOG\",\"args\":["
		ALSO(0, "NE", 7) "," ALSO(1, "NE", 2114060288) "]}]");
	static const uint64_t args[6] = { UINT64_MAX, 0x7e020000, 0x80100000 };
	static const int nr = 0x40000000 | NR_CLONE;
	struct ksc_oci *o;
	char *out;

	(void)state;
	if (answer(config, KSC_RUNTIME_CRUN, nr, args) == SECCOMP_RET_ALLOW) {
		check_passed_over(config, KSC_OCI_FLIP, "youki", "rules for clone");
		return;
	}
	o = in_mode(KSC_OCI_FLIP);
	out = rewrite(o, config);
	assert_non_null(out);
	assert_int_equal(answer(out, KSC_RUNTIME_CRUN, nr, args),
			 answer(config, KSC_RUNTIME_CRUN, nr, args));
	free(out);
	ksc_oci_free(o);
}

/* ---- what takes it long ------------------------------------------------- */

/* Nothing here may take long, so whoever hangs is brought back by a signal. */
#define PATIENCE	30

/* Of CPU, because others may want it, too. */
static void be_patient(time_t seconds)
{
	setitimer(ITIMER_PROF, &(struct itimerval){ .it_value.tv_sec = seconds }, NULL);
}

static void out_of_patience(int sig)
{
	(void)sig;
	fail_msg("it does not come to an end");
}

/* What denies the rest of these has rules in which libseccomp loses itself. */
static void test_endless(void **state)
{
	static const char *const flips[] = {
		PROFILE("\"syscalls\":[" RULE("read", "ALLOW", "") ","
			RULE("prctl", "ALLOW", IF(1, "LE", 0)) ","
			RULE("prctl", "ALLOW", IF(0, "LT", 2147483647)) "]"),
		PROFILE("\"syscalls\":[" RULE("cachestat", "LOG", IF(3, "LE", 0)) ","
			RULE("cachestat", "KILL_THREAD", IF(2, "LT", 2147483647)) "]"),
	};
	/* These do it unaided; mode bpf would have to build them. */
	static const char own[] = PROFILE("\"syscalls\":["
		"{\"names\":[\"prctl\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":["
		ALSO(0, "GT", 7) "," ALSO(1, "GT", 7) "]},"
		"{\"names\":[\"prctl\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":["
		ALSO(0, "GT", 7) "," ALSO(1, "EQ", 3) "]}]");
	size_t i;

	(void)state;
	signal(SIGPROF, out_of_patience);
	be_patient(PATIENCE);
	for (i = 0; i < ARRAY_SIZE(flips); i++)
		check_passed_over(flips[i], KSC_OCI_FLIP, "runc", "too much for libseccomp");
	check_passed_over(own, KSC_OCI_BPF, "crun", "too much for libseccomp");
	be_patient(0);
}

/* Many names take time in proportion, and no more. */
static void test_many_names(void **state)
{
	size_t i, m, room = 1 << 20, len;
	char *config = malloc(room), *out;
	struct ksc_oci *o;

	(void)state;
	assert_non_null(config);
	len = (size_t)sprintf(config, "{\"linux\":{\"seccomp\":{\"defaultAction\":"
			      "\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"");
	for (i = 0; i < 32000; i++)
		len += (size_t)sprintf(config + len, ",\"name_%zu\"", i);
	sprintf(config + len, "],\"action\":\"SCMP_ACT_ALLOW\",\"args\":["
		ALSO(0, "EQ", 1) "]}]}}}");
	signal(SIGPROF, out_of_patience);
	be_patient(PATIENCE);
	for (m = 0; m < ARRAY_SIZE(rewriting_modes); m++) {
		o = in_mode(rewriting_modes[m]);
		out = rewrite(o, config);
		free(out);
		ksc_oci_free(o);
	}
	be_patient(0);
	free(config);
}

/* What libseccomp has to walk the least for. */
static void test_highest_first(void **state)
{
	static const char config[] = PROFILE("\"syscalls\":[" RULE("read\",\"openat\",\"close"
		"\",\"break\",\"fork", "ALLOW", "") "]");
	struct ksc_oci *o;
	char *out;
	size_t m;

	(void)state;
	for (m = 0; m < ARRAY_SIZE(rewriting_modes); m++) {
		if (rewriting_modes[m] == KSC_OCI_BPF)
			continue;
		o = in_mode(rewriting_modes[m]);
		out = rewrite(o, config);
		assert_non_null(out);
		assert_non_null(strstr(out, "[\"openat\",\"fork\",\"close\",\"read\",\"break\"]"));
		free(out);
		ksc_oci_free(o);
	}
}

/* Behind it libseccomp would refuse its call, which another rule has named before. */
static void test_multiplexer_first(void **state)
{
	static const char config[] = PROFILE("\"architectures\":[\"SCMP_ARCH_X86_64\","
		"\"SCMP_ARCH_X86\"],\"syscalls\":[" RULE("semget", "ALLOW", "") ","
		RULE("ipc\",\"semget", "KILL_PROCESS", "") "]");
	struct ksc_oci *o = in_mode(KSC_OCI_EXPLICIT);
	char *out = rewrite(o, config);

	(void)state;
	assert_non_null(out);
	assert_non_null(strstr(out, "[\"ipc\",\"semget\"]"));
	free(out);
	ksc_oci_free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules_like_the_default),
		cmocka_unit_test(test_default_restated),
		cmocka_unit_test(test_endless),
		cmocka_unit_test(test_many_names),
		cmocka_unit_test(test_highest_first),
		cmocka_unit_test(test_multiplexer_first),
		cmocka_unit_test(test_fatal_default),
		cmocka_unit_test(test_wide_values),
		cmocka_unit_test(test_misbuilt),
		cmocka_unit_test(test_runcs_own),
		cmocka_unit_test(test_fail_unknown),
	};

	return cmocka_run_group_tests(tests, rewriting_setup, rewriting_teardown);
}
