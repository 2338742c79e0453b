// SPDX-License-Identifier: GPL-2.0-only
/* Reading profiles: the dialects, the conditions, and where an error lies. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <linux/seccomp.h>

#include <ksyscalls-oci.h>

#include "../bpfsim.h"
#include "fixtures.h"

static struct ksc_profile *fresh(void)
{
	struct ksc_profile *p;

	assert_int_equal(ksc_profile_new(&p), 0);
	assert_int_equal(ksc_profile_set_arch(p, SCMP_ARCH_X86_64), 0);
	assert_int_equal(ksc_profile_set_kernel(p, KSC_RELEASE(5, 10)), 0);
	return p;
}

static int load(struct ksc_profile *p, const char *text)
{
	return ksc_profile_load_mem(p, text, strlen(text));
}

static size_t rules(const struct ksc_profile *p)
{
	const struct ksc_profile_rule *r;
	size_t n = 0;

	ksc_profile_rule_foreach(r, p)
		n++;
	return n;
}

#define DEFAULT		"{\"defaultAction\":\"SCMP_ACT_ERRNO\","
#define RULE(rest)						\
	DEFAULT "\"syscalls\":["					\
	"{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"},"	\
	"{\"names\":[\"mount\",\"umount2\"],\"action\":\"SCMP_ACT_ALLOW\"," rest "}]}"

/* Every error says where, and leaves nothing behind. */
static void test_errors(void **state)
{
	static const struct {
		const char *text;
		int err;
		const char *says;
	} cases[] = {
		{ "", -EINVAL, "not JSON: it ends too early" },
		{ "{", -EINVAL, "not JSON: it ends too early" },
		{ "{} x", -EINVAL, "not JSON" },
		/* No UTF-8, and short. */
		{ "\xff", -EINVAL, "not JSON" },
		{ "\"\xff", -EINVAL, "not JSON" },
		{ "\"\xc3\xa9\xff", -EINVAL, "not JSON" },
		{ "{}x", -EINVAL, "not JSON: unexpected character at byte 2" },
		{ "nul", -EINVAL, "not JSON: " },
		{ "-", -EINVAL, "not JSON: " },
		{ "\xe2\x82", -EINVAL, "not JSON: " },
		/* An escape of no such letter, which must not become one of a backslash. */
		{ "{\"a\":\"\\\xc3\xa9\"}", -EINVAL, "not JSON: " },
		{ "{\"a\":\"\\\\\\\xc3\xa9\"}", -EINVAL, "not JSON: " },
		{ "{\"a\":\"\\\\\xc3\xa9\"}", -ENODATA, "no seccomp at all" },
		{ "[]", -EINVAL, "it is JSON, but not an object" },
		{ "null", -EINVAL, "it is JSON, but not an object" },
		{ "1", -EINVAL, "it is JSON, but not an object" },
		{ "-1.5e3\n", -EINVAL, "it is JSON, but not an object" },
		{ "\"\xc3\xbc\"", -EINVAL, "it is JSON, but not an object" },
		{ "{}", -ENODATA, "no seccomp at all" },
		{ "{\"linux\":{}}", -ENODATA, "linux.seccomp: is absent" },
		{ "{\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_X\"}}}", -EINVAL,
		  "linux.seccomp.defaultAction: \"SCMP_ACT_X\"" },
		{ "{\"syscalls\":[]}", -EINVAL, "defaultAction: is missing" },
		{ "{\"defaultAction\":3}", -EINVAL, "defaultAction: is of type int" },
		{ DEFAULT "\"defaultErrnoRet\":-1}", -EINVAL, "defaultErrnoRet: is negative" },
		{ DEFAULT "\"defaultErrnoRet\":65536}", -EINVAL, "defaultErrnoRet: 65536" },
		{ DEFAULT "\"defaultErrno\":\"EWHAT\"}", -EINVAL, "defaultErrno: \"EWHAT\"" },
		{ DEFAULT "\"architectures\":[\"SCMP_ARCH_VAX\"]}", -EINVAL, "architectures[0]:" },
		{ DEFAULT "\"architectures\":[\"SCMP_ARCH_X86\"],\"archMap\":[{\"architecture\":"
		  "\"SCMP_ARCH_X86_64\"}]}", -EINVAL, "archMap: stands beside" },
		{ DEFAULT "\"archMap\":[{}]}", -EINVAL, "archMap[0].architecture: is missing" },
		{ DEFAULT "\"flags\":[\"SECCOMP_FILTER_FLAG_X\"]}", -EINVAL, "flags[0]:" },
		{ DEFAULT "\"syscalls\":[7]}", -EINVAL, "syscalls[0]: is of type int" },
		{ DEFAULT "\"syscalls\":[{\"names\":[\"read\"]}]}", -EINVAL,
		  "syscalls[0].action: is missing" },
		{ DEFAULT "\"syscalls\":[{\"names\":[\"\"],\"action\":\"SCMP_ACT_LOG\"}]}", -EINVAL,
		  "syscalls[0].names[0]: an empty string" },
		{ RULE("\"name\":\"read\""), -EINVAL, "syscalls[1].name: stands beside" },
		{ RULE("\"args\":[{\"index\":6,\"op\":\"SCMP_CMP_EQ\"}]"), -EINVAL,
		  "syscalls[1].args[0].index: 6" },
		{ RULE("\"args\":[{\"index\":0,\"op\":\"SCMP_CMP_EQ\"},{\"index\":0}]"), -EINVAL,
		  "syscalls[1].args[1].op: is missing" },
		{ RULE("\"args\":[{\"value\":\"1\",\"op\":\"SCMP_CMP_EQ\"}]"), -EINVAL,
		  "syscalls[1].args[0].value: is of type string" },
		{ RULE("\"includes\":{\"minKernel\":\"five\"}"), -EINVAL,
		  "syscalls[1].includes.minKernel: \"five\"" },
		{ RULE("\"excludes\":{\"caps\":[1]}"), -EINVAL,
		  "syscalls[1].excludes.caps[0]: is of" },
		/* Go, and with it every engine, heeds these, crun does not. */
		{ RULE("\"Args\":[{\"op\":\"SCMP_CMP_EQ\"}]"), -EINVAL,
		  "syscalls[1].args: is spelled \"Args\"" },
		{ RULE("\"args\":[{\"op\":\"SCMP_CMP_EQ\",\"valuetwo\":1}]"), -EINVAL,
		  "syscalls[1].args[0].valueTwo: is spelled \"valuetwo\"" },
		{ "{\"DefaultAction\":\"SCMP_ACT_ERRNO\"}", -EINVAL,
		  "defaultAction: is spelled \"DefaultAction\"" },
		{ DEFAULT "\"Syscalls\":[]}", -EINVAL, "syscalls: is spelled \"Syscalls\"" },
	};
	struct ksc_profile *p = fresh();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(load(p, RULE("\"errnoRet\":1")), 0);
		assert_int_equal(load(p, cases[i].text), cases[i].err);
		if (!strstr(ksc_profile_error(p), cases[i].says))
			fail_msg("%s: \"%s\" does not say \"%s\"", cases[i].text,
				 ksc_profile_error(p), cases[i].says);
		assert_int_equal(rules(p), 0);
	}
	assert_int_equal(ksc_profile_load_mem(p, "{}\0{}", 5), -EINVAL);
	assert_int_equal(ksc_profile_load_file(p, "/nonexistent"), -ENOENT);
	assert_int_equal(ksc_profile_add_cap(p, "SYS_ADMIN"), -EINVAL);
	assert_int_equal(ksc_profile_set_arch(p, 0x1234), -EINVAL);
	assert_int_equal(ksc_profile_set_kernel(p, KSC_RELEASE_INFER), -EINVAL);
	ksc_profile_free(p);
}

/* How many of RULE()'s three names stay under a condition. */
static void test_conditions(void **state)
{
	static const struct {
		const char *text;
		const char *caps[3];
		size_t rules;
	} cases[] = {
		{ RULE("\"includes\":{},\"excludes\":null"), { NULL }, 3 },
		{ RULE("\"includes\":{\"caps\":[\"CAP_A\"]}"), { NULL }, 1 },
		{ RULE("\"includes\":{\"caps\":[\"CAP_A\"]}"), { "CAP_A" }, 3 },
		{ RULE("\"includes\":{\"caps\":[\"CAP_A\",\"CAP_B\"]}"), { "CAP_A" }, 1 },
		{ RULE("\"includes\":{\"caps\":[\"CAP_A\",\"CAP_B\"]}"), { "CAP_A", "CAP_B" }, 3 },
		{ RULE("\"excludes\":{\"caps\":[\"CAP_A\",\"CAP_B\"]}"), { NULL }, 3 },
		{ RULE("\"excludes\":{\"caps\":[\"CAP_A\",\"CAP_B\"]}"), { "CAP_B" }, 1 },
		{ RULE("\"includes\":{\"arches\":[\"arm64\",\"amd64\"]}"), { NULL }, 3 },
		{ RULE("\"includes\":{\"arches\":[\"arm64\",\"x86\"]}"), { NULL }, 1 },
		{ RULE("\"excludes\":{\"arches\":[\"amd64\"]}"), { NULL }, 1 },
		{ RULE("\"includes\":{\"minKernel\":\"5.10\"}"), { NULL }, 3 },
		{ RULE("\"includes\":{\"minKernel\":\"5.11\"}"), { NULL }, 1 },
		{ RULE("\"excludes\":{\"minKernel\":\"5.10\"}"), { NULL }, 1 },
		{ RULE("\"excludes\":{\"minKernel\":\"5.11\"}"), { NULL }, 3 },
		{ RULE("\"includes\":{\"minKernel\":\"\"}"), { NULL }, 3 },
		{ RULE("\"excludes\":{\"minKernel\":\"\"}"), { NULL }, 1 },
		{ RULE("\"excludes\":{\"minKernel\":null}"), { NULL }, 3 },
		{ RULE("\"includes\":{\"minKernel\":\"4.8\",\"caps\":[\"CAP_A\"]}"), { NULL }, 1 },
	};
	struct ksc_profile *p;
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		p = fresh();
		for (j = 0; cases[i].caps[j]; j++)
			assert_int_equal(ksc_profile_add_cap(p, cases[i].caps[j]), 0);
		assert_int_equal(load(p, cases[i].text), 0);
		if (rules(p) != cases[i].rules)
			fail_msg("%s: %zu rules", cases[i].text, rules(p));
		ksc_profile_free(p);
	}
}

static void test_actions(void **state)
{
	static const struct {
		const char *text;
		uint32_t def, rule;
	} cases[] = {
		{ RULE("\"x\":1"), SCMP_ACT_ERRNO(1), SCMP_ACT_ALLOW },
		{ "{\"defaultAction\":\"SCMP_ACT_TRACE\",\"defaultErrnoRet\":7,\"syscalls\":["
		  "{\"name\":\"a\",\"action\":\"SCMP_ACT_KILL\"}]}",
		  SCMP_ACT_TRACE(7), SCMP_ACT_KILL_THREAD },
		{ "{\"defaultAction\":\"SCMP_ACT_KILL_PROCESS\",\"defaultErrnoRet\":7,"
		  "\"syscalls\":[{\"name\":\"a\",\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":0}]}",
		  SCMP_ACT_KILL_PROCESS, SCMP_ACT_ERRNO(0) },
		/* containers: the word wins over the number */
		{ DEFAULT "\"defaultErrnoRet\":1,\"defaultErrno\":\"ENOSYS\","
		  "\"syscalls\":[{\"name\":\"a\",\"action\":\"SCMP_ACT_ERRNO\",\"errno\":\"17\"}]}",
		  SCMP_ACT_ERRNO(38), SCMP_ACT_ERRNO(17) },
	};
	struct ksc_profile *p = fresh();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(load(p, cases[i].text), 0);
		assert_int_equal(ksc_profile_default(p), cases[i].def);
		assert_int_equal(ksc_profile_rule_action(ksc_profile_rule_next(p, NULL)),
				 cases[i].rule);
	}
	/* The word means what it means on the machine of the profile. */
	ksc_profile_free(p);
	p = fresh();
	assert_int_equal(ksc_profile_set_arch(p, SCMP_ARCH_MIPSEL64), 0);
	assert_int_equal(load(p, DEFAULT "\"defaultErrnoRet\":38,\"defaultErrno\":\"ENOSYS\"}"), 0);
	assert_int_equal(ksc_profile_default(p), SCMP_ACT_ERRNO(89));
	ksc_profile_free(p);
}

static void test_arches(void **state)
{
	static const char map[] = DEFAULT "\"archMap\":["
		"{\"architecture\":\"SCMP_ARCH_AARCH64\",\"subArchitectures\":[\"SCMP_ARCH_ARM\"]},"
		"{\"architecture\":\"SCMP_ARCH_X86_64\",\"subArchitectures\":[\"SCMP_ARCH_X86\","
		"\"SCMP_ARCH_X86\"]}]}";
	struct ksc_profile *p = fresh();

	(void)state;
	assert_int_equal(load(p, map), 0);
	assert_int_equal(ksc_profile_arch(p, 0), SCMP_ARCH_X86_64);
	assert_int_equal(ksc_profile_arch(p, 1), SCMP_ARCH_X86);
	assert_int_equal(ksc_profile_arch(p, 2), 0);
	/* libseccomp covers the native architecture whether it is listed or not */
	assert_int_equal(load(p, DEFAULT "\"architectures\":[\"SCMP_ARCH_X32\"]}"), 0);
	assert_int_equal(ksc_profile_arch(p, 0), SCMP_ARCH_X86_64);
	assert_int_equal(ksc_profile_arch(p, 1), SCMP_ARCH_X32);
	ksc_profile_free(p);
	p = fresh();
	assert_int_equal(ksc_profile_set_arch(p, SCMP_ARCH_AARCH64), 0);
	assert_int_equal(load(p, map), 0);
	assert_int_equal(ksc_profile_arch(p, 0), SCMP_ARCH_AARCH64);
	assert_int_equal(ksc_profile_arch(p, 1), SCMP_ARCH_ARM);
	ksc_profile_free(p);
}

/* A profile was read by conditions, and those that come later are for another. */
static void test_loaded(void **state)
{
	struct ksc_profile *p = fresh();

	(void)state;
	assert_int_equal(load(p, DEFAULT "\"syscalls\":[]}"), 0);
	assert_int_equal(ksc_profile_set_arch(p, SCMP_ARCH_AARCH64), -EBUSY);
	assert_int_equal(ksc_profile_arch(p, 0), SCMP_ARCH_X86_64);
	assert_int_equal(ksc_profile_add_cap(p, "CAP_SYS_ADMIN"), -EBUSY);
	assert_int_equal(ksc_profile_set_kernel(p, KSC_RELEASE(6, 1)), -EBUSY);
	assert_non_null(strstr(ksc_profile_error(p), "loaded"));
	ksc_profile_free(p);
}

/* What held before a failure holds no more, whatever failed. */
static void test_emptied(void **state)
{
	struct ksc_profile *p = fresh();
	char *text = (void *)1;

	(void)state;
	assert_int_equal(load(p, DEFAULT "\"syscalls\":[{\"names\":[\"read\"],"
			      "\"action\":\"SCMP_ACT_ALLOW\"}]}"), 0);
	assert_int_equal(ksc_profile_load_file(p, "/nonexistent"), -ENOENT);
	assert_non_null(strstr(ksc_profile_error(p), "/nonexistent"));
	assert_null(ksc_profile_rule_next(p, NULL));
	assert_int_equal(ksc_profile_to_oci(p, &text), -EINVAL);
	assert_null(text);
	assert_int_equal(ksc_profile_load_file(p, "/"), -EISDIR);
	assert_non_null(strstr(ksc_profile_error(p), strerror(EISDIR)));
	ksc_profile_free(p);
}

/* An engine asks the kernel that runs there; which one a tree is of, the tree says. */
static void test_view(void **state)
{
	static const char asks[] = DEFAULT "\"syscalls\":[{\"names\":[\"ptrace\"],"
		"\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"minKernel\":\"5.15\"}}]}";
	static const struct {
		const char *release;
		bool applies, fails;
	} cases[] = {
		{ "5.10.0-28-amd64\n", false, false },
		{ "5.15.0\n", true, false },
		{ NULL, false, true },
	};
	const struct fixture_machine *m = fixture_machine(0);
	char *root = fixture_mkdir(), path[4096], command[4096];
	struct ksc_profile *p;
	uint32_t seed = 1;
	struct ksc *k;
	size_t i;
	FILE *f;

	(void)state;
	fixture_tree(root, m, &seed);
	snprintf(path, sizeof(path), "%s/proc/sys/kernel/osrelease", root);
	snprintf(command, sizeof(command), "mkdir -p %s/proc/sys/kernel", root);
	assert_int_equal(system(command), 0);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unlink(path);
		if (cases[i].release) {
			f = fopen(path, "w");
			assert_non_null(f);
			fputs(cases[i].release, f);
			fclose(f);
		}
		assert_int_equal(ksc_open(&k, root), 0);
		p = fresh();
		assert_int_equal(ksc_profile_set_view(p, k), 0);
		assert_int_equal(load(p, asks), cases[i].fails ? -EINVAL : 0);
		assert_int_equal(!!ksc_profile_rule_next(p, NULL), cases[i].applies);
		if (cases[i].fails)
			assert_non_null(strstr(ksc_profile_error(p), "--kernel"));
		/* Who asks nothing needs no answer, and an answer may be given. */
		ksc_profile_free(p);
		p = fresh();
		assert_int_equal(ksc_profile_set_view(p, k), 0);
		assert_int_equal(load(p, DEFAULT "\"syscalls\":[]}"), 0);
		ksc_profile_free(p);
		p = fresh();
		assert_int_equal(ksc_profile_set_view(p, k), 0);
		assert_int_equal(ksc_profile_set_kernel(p, KSC_RELEASE(6, 1)), 0);
		assert_int_equal(load(p, asks), 0);
		assert_non_null(ksc_profile_rule_next(p, NULL));
		ksc_profile_free(p);
		ksc_close(k);
	}
	fixture_rmdir(root);
}

/* A runtime, which reads config.json, knows none of the engines' own keys. */
static void test_runtime(void **state)
{
	static const char seccomp[] = DEFAULT "\"defaultErrno\":\"ENOSYS\",\"archMap\":["
		"{\"architecture\":\"SCMP_ARCH_X86_64\",\"subArchitectures\":["
		"\"SCMP_ARCH_X86\"]}],\"syscalls\":["
		"{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ERRNO\",\"errno\":\"ENOENT\","
		"\"includes\":{\"caps\":[\"CAP_A\"]},\"excludes\":{\"arches\":[\"amd64\"]}},"
		"{\"name\":\"clone3\",\"action\":\"SCMP_ACT_ALLOW\"}]}";
	struct ksc_profile *p = fresh();
	char *config;

	(void)state;
	assert_int_equal(load(p, seccomp), 0);
	assert_int_equal(ksc_profile_default(p), SCMP_ACT_ERRNO(38));
	assert_int_equal(ksc_profile_arch(p, 1), SCMP_ARCH_X86);
	assert_int_equal(rules(p), 1);
	assert_string_equal(ksc_profile_rule_name(ksc_profile_rule_next(p, NULL)), "clone3");

	assert_true(asprintf(&config, "{\"linux\":{\"seccomp\":%s}}", seccomp) > 0);
	assert_int_equal(load(p, config), 0);
	free(config);
	assert_int_equal(ksc_profile_default(p), SCMP_ACT_ERRNO(1));
	assert_int_equal(ksc_profile_arch(p, 1), 0);
	assert_int_equal(rules(p), 1);
	assert_string_equal(ksc_profile_rule_name(ksc_profile_rule_next(p, NULL)), "read");
	assert_int_equal(ksc_profile_rule_action(ksc_profile_rule_next(p, NULL)),
			 SCMP_ACT_ERRNO(1));
	assert_string_equal(ksc_profile_name(p, 0), "read");
	ksc_profile_free(p);
}

/* Names under a condition that does not hold show what the author knew, too. */
static void test_names(void **state)
{
	struct ksc_profile *p = fresh();

	(void)state;
	assert_int_equal(load(p, DEFAULT "\"syscalls\":[{\"names\":[\"openat2\",\"clone3\"],"
			      "\"action\":\"SCMP_ACT_ALLOW\"},{\"names\":[\"faccessat2\"],"
			      "\"action\":\"SCMP_ACT_ALLOW\","
			      "\"includes\":{\"caps\":[\"CAP_A\"]}}]}"), 0);
	assert_string_equal(ksc_profile_name(p, 0), "openat2");
	assert_string_equal(ksc_profile_name(p, 1), "clone3");
	assert_string_equal(ksc_profile_name(p, 2), "faccessat2");
	assert_null(ksc_profile_name(p, 3));
	assert_int_equal(load(p, DEFAULT "\"syscalls\":[{\"name\":\"no_such\",\"action\":"
			      "\"SCMP_ACT_ALLOW\"}]}"), 0);
	assert_string_equal(ksc_profile_name(p, 0), "no_such");
	assert_null(ksc_profile_name(p, 1));
	ksc_profile_free(p);
}

/* What one runtime refuses and the other takes. */
static void test_refusals(void **state)
{
	struct ksc_profile *p = fresh();
	struct sock_filter *prog;
	size_t len;

	(void)state;
	assert_int_equal(load(p, DEFAULT "\"syscalls\":[{\"name\":\"read\","
			      "\"action\":\"SCMP_ACT_KILL\",\"errnoRet\":1}]}"), 0);
	assert_int_equal(ksc_profile_program(p, KSC_RUNTIME_CRUN, &prog, &len), -EINVAL);
	assert_non_null(strstr(ksc_profile_error(p), "syscalls[0].errnoRet: crun refuses"));
	assert_int_equal(ksc_profile_program(p, KSC_RUNTIME_RUNC, &prog, &len), 0);
	free(prog);
	ksc_profile_free(p);
}

static uint32_t ask(struct ksc_profile *p, enum ksc_runtime rt, uint64_t arg0, uint64_t arg1)
{
	struct seccomp_data sd = { .nr = 135, .arch = SCMP_ARCH_X86_64, .args = { arg0, arg1 } };
	struct sock_filter *prog;
	uint32_t answer;
	size_t len;

	assert_int_equal(ksc_profile_program(p, rt, &prog, &len), 0);
	answer = bpfsim_run(prog, &sd, false, NULL);
	free(prog);
	return answer;
}

/* Two conditions on one argument are alternatives, of which crun sees the first six. */
static void test_many_conditions(void **state)
{
#define EQ(i, v)	"{\"index\":" #i ",\"op\":\"SCMP_CMP_EQ\",\"value\":" #v "}"
#define PERSONALITY(args)	DEFAULT "\"syscalls\":[{\"names\":[\"personality\"]," \
	"\"action\":\"SCMP_ACT_ALLOW\",\"args\":[" args "]}]}"
	struct ksc_profile *p = fresh();

	(void)state;
	assert_int_equal(load(p, PERSONALITY(EQ(0, 1) "," EQ(0, 2) "," EQ(0, 3) "," EQ(0, 4) ","
					     EQ(0, 5) "," EQ(0, 6) "," EQ(0, 7))), 0);
	assert_int_equal(ask(p, KSC_RUNTIME_CRUN, 6, 0), SCMP_ACT_ALLOW);
	assert_int_equal(ask(p, KSC_RUNTIME_CRUN, 7, 0), SCMP_ACT_ERRNO(1));
	assert_int_equal(ask(p, KSC_RUNTIME_RUNC, 7, 0), SCMP_ACT_ALLOW);
	/* To crun these six go together. */
	assert_int_equal(load(p, PERSONALITY(EQ(0, 1) "," EQ(1, 1) "," EQ(2, 0) "," EQ(3, 0) ","
					     EQ(4, 0) "," EQ(5, 0) "," EQ(0, 7))), 0);
	assert_int_equal(ask(p, KSC_RUNTIME_CRUN, 1, 1), SCMP_ACT_ALLOW);
	assert_int_equal(ask(p, KSC_RUNTIME_CRUN, 7, 0), SCMP_ACT_ERRNO(1));
	assert_int_equal(ask(p, KSC_RUNTIME_CRUN, 1, 0), SCMP_ACT_ERRNO(1));
	assert_int_equal(ask(p, KSC_RUNTIME_RUNC, 1, 0), SCMP_ACT_ALLOW);
	ksc_profile_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_actions),
		cmocka_unit_test(test_arches),
		cmocka_unit_test(test_loaded),
		cmocka_unit_test(test_emptied),
		cmocka_unit_test(test_view),
		cmocka_unit_test(test_runtime),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_many_conditions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
