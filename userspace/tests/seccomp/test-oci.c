// SPDX-License-Identifier: GPL-2.0-only
/*
 * The proof of rewritten configurations: what runc and crun build from them
 * answers as the policy's text says, but for the numbers that the report names;
 * and nothing that was denied is allowed, whatever the mode.
 *
 * Every tree below tests/trees under both field profiles, and made-up trees and
 * profiles. Each of them gets one baseline and one of the two generations of runc,
 * in turn; all of them if KSC_PROOF is set, which takes minutes (`make proof`).
 */
#include <errno.h>
#include <glob.h>
#include <json-c/json.h>
#include <linux/audit.h>
#include <linux/elf-em.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <ksyscalls-oci.h>

#include "fixtures.h"
#include "json.h"
#include "trial.h"

#define TREES		18	/* made-up ones, a third of them if KSC_PROOF is not set, */
#define PROFILES	8	/* and made-up profiles for each */

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
static const unsigned int baselines[] = {
	KSC_RELEASE_INFER, KSC_RELEASE_NONE, KSC_RELEASE(3, 0), KSC_RELEASE(6, 10),
};

/* In turn for made-up profiles; the others are tried without. */
static const unsigned int knobs[] = {
	0, KSC_EXPLICIT_RESPECT, KSC_ALLOW_UNKNOWN, KSC_KEEP_FATAL,
};

/* Where no annotation's name can be found, crun is too old to know it. */
static const struct way ways[] = {
	{ "bpf, crun",		KSC_OCI_BPF,		KSC_RUNTIME_CRUN, NULL },
	{ "flip, crun",		KSC_OCI_FLIP,		KSC_RUNTIME_CRUN, NULL },
	{ "flip, runc",		KSC_OCI_FLIP,		KSC_RUNTIME_RUNC, NULL },
	{ "flip, old runc",	KSC_OCI_FLIP,		KSC_RUNTIME_RUNC_OLD, NULL },
	{ "explicit, crun",	KSC_OCI_EXPLICIT,	KSC_RUNTIME_CRUN, NULL },
	{ "explicit, runc",	KSC_OCI_EXPLICIT,	KSC_RUNTIME_RUNC, NULL },
	{ "explicit, old runc",	KSC_OCI_EXPLICIT,	KSC_RUNTIME_RUNC_OLD, NULL },
	{ "auto, old crun",	KSC_OCI_AUTO,		KSC_RUNTIME_CRUN_OLD, fixture_old_crun },
	{ "auto, runc",		KSC_OCI_AUTO,		KSC_RUNTIME_RUNC, fixture_runc },
	{ "auto, old runc",	KSC_OCI_AUTO,		KSC_RUNTIME_RUNC_OLD, "runc" },
};

static struct count counts[ARRAY_SIZE(ways)];
static size_t turn;

/* ---- numbers that some kernel has --------------------------------------- */

#define ABIS	16
#define NUMBERS	1100

static struct in_use {
	char abi[32];
	bool has[NUMBERS];
} in_use[ABIS];

static struct in_use *find_in_use(const char *abi)
{
	struct in_use *u;

	for (u = in_use; *u->abi && strcmp(u->abi, abi); u++)
		assert_true(u + 1 < in_use + ABIS);
	snprintf(u->abi, sizeof(u->abi), "%s", abi);
	return u;
}

static bool is_in_use(const struct ksc_abi *abi, uint32_t nr)
{
	const char *id = ksc_abi_id(abi);

	/* What s390's kernel does not know arrives as 0. */
	if (!nr && !strncmp(id, "s390", 4))
		return true;
	return ksc_abi_implemented(abi, nr) == 1 || (nr < NUMBERS && find_in_use(id)->has[nr]);
}

/* The recorded kernels' numbers; but only they themselves call uretprobe and uprobe. */
static void collect_in_use(const char *root)
{
	const struct ksc_abi *abi;
	struct in_use *u;
	const char *name;
	struct ksc *k;
	uint32_t nr;

	assert_int_equal(ksc_open(&k, root), 0);
	ksc_abi_foreach(abi, k) {
		u = find_in_use(ksc_abi_id(abi));
		for (nr = 0; nr < NUMBERS; nr++) {
			name = ksc_abi_name(abi, nr);
			if (ksc_abi_implemented(abi, nr) == 1 &&
			    !(name && (!strcmp(name, "uretprobe") || !strcmp(name, "uprobe"))))
				u->has[nr] = true;
		}
	}
	ksc_close(k);
}

static bool is_thorough(void)
{
	return getenv("KSC_PROOF");
}

static void try_profile(const char *root, const char *path, struct json_object *json,
			unsigned int flags)
{
	/* Baselines are even in number, so what they alternate with changes with each round. */
	enum ksc_runtime other_runc = (turn + turn / ARRAY_SIZE(baselines)) % 2 ?
					      KSC_RUNTIME_RUNC : KSC_RUNTIME_RUNC_OLD;
	struct trial t = { .knobs.flags = flags, .is_in_use = is_in_use };
	size_t i, j, n = ARRAY_SIZE(baselines);

	if (!trial_open(&t, root, path, json))
		goto out;
	for (i = turn % n; i < turn % n + (is_thorough() ? n : 1); i++) {
		for (j = 0; j < ARRAY_SIZE(ways); j++) {
			if (is_thorough() || ways[j].runtime != other_runc)
				trial_run(&t, &ways[j], baselines[i % n], &counts[j]);
		}
	}
	turn++;
out:
	trial_close(&t);
}

/* ---- what is tried ------------------------------------------------------ */

static void print_counts(void)
{
	const struct count *c;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		c = &counts[i];
		print_message("%s: %zu configurations, %zu refused, %zu numbers, %zu answers; "
			      "wrong, and told by the report: %zu "
			      "without a name, %zu as architectures differ, %zu by arguments; "
			      "%zu guessed by the runtime; %zu told and right; of numbers "
			      "that kernels have %zu wrong, %zu of them untold\n",
			      ways[i].name, c->trials, c->refused, c->numbers, c->answers,
			      c->no_name, c->abis_differ, c->args, c->guessed, c->over,
			      c->in_use, c->untold);
	}
}

static void start_counting(void)
{
	memset(counts, 0, sizeof(counts));
	turn = 0;
}

static char *source(const char *path)
{
	const char *top = getenv("KSC_SOURCE");
	char *full;

	assert_true(asprintf(&full, "%s/%s", top ? top : ".", path) > 0);
	return full;
}

static void try_field_profiles(const char *root)
{
	static const char *const files[] = { "moby-trixie", "containers-trixie" };
	char *path;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		path = fixture_profile_path(files[i]);
		try_profile(root, path, NULL, 0);
		free(path);
	}
}

static void check_counts(void)
{
	size_t i;

	print_counts();
	/* Mode bpf is exact, and needs no excuse. */
	assert_int_equal(counts[0].no_name + counts[0].abis_differ + counts[0].args, 0);
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		assert_true(counts[i].answers);
		/*
		 * The report speaks of libseccomp's program alone. Where that comes behind
		 * no stub, it says hardly more than is so: arguments beyond 32 bits are weighed
		 * roughly, and so is what a call behind socketcall(2) becomes by name where its
		 * successor's answer is one ABI's alone.
		 */
		if (way_is_crun(&ways[i]))
			assert_true(50 * counts[i].over <= counts[i].no_name +
				    counts[i].abis_differ + counts[i].args);
	}
}

/* Left to choose, it is right wherever flip or explicit is. */
static void check_choice(void)
{
	const struct count *c;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		c = &counts[i];
		if (ways[i].mode != KSC_OCI_AUTO || way_is_crun(&ways[i]))
			continue;
		assert_int_equal(c->untold, 0);
		for (j = 0; j < ARRAY_SIZE(ways); j++)
			assert_true(ways[j].runtime != ways[i].runtime ||
				    c->in_use <= counts[j].in_use);
	}
}

static void test_recorded(void **state)
{
	char *pattern = source("tests/trees/*");
	glob_t g;
	size_t i;

	(void)state;
	start_counting();
	if (glob(pattern, GLOB_ONLYDIR, NULL, &g)) {
		print_message("no recorded tree in tests/trees\n");
		skip();
	}
	for (i = 0; i < g.gl_pathc; i++)
		collect_in_use(g.gl_pathv[i]);
	for (i = 0; i < g.gl_pathc; i++)
		try_field_profiles(g.gl_pathv[i]);
	globfree(&g);
	free(pattern);
	check_counts();
	check_choice();
	for (i = 0; i < ARRAY_SIZE(ways); i++)
		assert_int_equal(counts[i].refused, 0);
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		if (ways[i].mode == KSC_OCI_FLIP)
			assert_int_equal(counts[i].guessed + counts[i].args + counts[i].over, 0);
	}
}

/* Why it is flip where it is: numbers without a name below runc's largest, or no stub. */
static void test_choice(void **state)
{
	static const struct {
		const char *tree, *runtime, *mode;
	} cases[] = {
		{ "amd64-6.1",		"runc",		"explicit" },
		{ "amd64-7.3",		fixture_runc,	"explicit" },
		{ "amd64-6.1",		"youki",	"flip" },
		{ "arm64-6.12",		fixture_runc,	"flip" },
		{ "armhf-6.12",		fixture_runc,	"flip" },
		{ "ppc64el-6.12",	"runc",		"flip" },
		{ "ppc64el-6.12",	fixture_runc,	"explicit" },
		{ "s390x-6.12",		"runc",		"flip" },
		{ "s390x-6.12",		fixture_runc,	"explicit" },
	};
	char tree[64], *root, *path = fixture_profile_path("moby-trixie"), *out;
	struct json_object *report, *v;
	struct ksc_oci *o;
	struct trial t;
	size_t i, len;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(tree, sizeof(tree), "tests/trees/%s", cases[i].tree);
		root = source(tree);
		t = (struct trial){};
		assert_true(trial_open(&t, root, path, NULL));
		assert_int_equal(ksc_oci_new(&o, t.k), 0);
		assert_int_equal(ksc_oci_set_runtime(o, cases[i].runtime), 0);
		assert_int_equal(ksc_oci_rewrite(o, t.config, strlen(t.config), &out, &len), 0);
		report = json_report(o);
		assert_true(json_object_object_get_ex(report, "mode", &v));
		if (strcmp(json_object_get_string(v), cases[i].mode))
			fail_msg("%s, %s: %s", tree, cases[i].runtime,
				 json_object_to_json_string(report));
		/* Nothing was passed over, or explicit for numbers that it does not reach. */
		assert_int_equal(json_object_object_get_ex(report, "passedOver", &v),
				 !strcmp(cases[i].mode, "flip") &&
				 strcmp(cases[i].runtime, "youki"));
		json_object_put(report);
		free(out);
		ksc_oci_free(o);
		trial_close(&t);
		free(root);
	}
	free(path);
}

/* runc's stub is there if the profile names something that libseccomp knows, but for number 0. */
static void name_close(struct json_object *profile)
{
	struct json_object *syscalls;

	assert_true(json_object_object_get_ex(profile, "syscalls", &syscalls));
	json_object_array_add(syscalls, json_tokener_parse(
		"{\"names\":[\"close\"],\"action\":\"SCMP_ACT_ALLOW\"}"));
}

static void test_generated(void **state)
{
	const struct fixture_machine *m;
	struct json_object *json;
	uint32_t seed = 0x1c5eed;
	unsigned int i, j;
	char *dir;

	(void)state;
	start_counting();
	for (i = 0; i < (is_thorough() ? TREES : TREES / 3); i++) {
		m = fixture_machine_in_turn(i);
		dir = fixture_mkdir();
		fixture_tree(dir, m, &seed);
		for (j = 0; j < PROFILES; j++) {
			json = fixture_profile(m, 1 + fixture_random(&seed) % 60, &seed);
			name_close(json);
			try_profile(dir, NULL, json, knobs[turn / ARRAY_SIZE(baselines) %
							   ARRAY_SIZE(knobs)]);
			json_object_put(json);
		}
		fixture_rmdir(dir);
	}
	check_counts();
}

/* All that the tree has. */
static void add_arches(const char *root, struct json_object *profile)
{
	struct json_object *array = json_object_new_array();
	const struct ksc_abi *abi;
	char name[40];
	struct ksc *k;

	assert_int_equal(ksc_open(&k, root), 0);
	ksc_abi_foreach(abi, k) {
		snprintf(name, sizeof(name), "SCMP_ARCH_%s",
			 notes_arch_name(ksc_abi_scmp_arch(abi)));
		json_object_array_add(array, json_object_new_string(name));
	}
	json_object_object_add(profile, "architectures", array);
	ksc_close(k);
}

/* What made-up profiles hardly ever have. */
static void test_special(void **state)
{
	static const char *const profiles[] = {
#define DEFAULT(action)	"{\"defaultAction\":\"SCMP_ACT_" action "\","
#define RULE(name, action, rest)	\
	"{\"names\":[\"" name "\"],\"action\":\"SCMP_ACT_" action "\"" rest "}"
#define ERRNO(e)	",\"errnoRet\":" #e
#define ARGS(args)	",\"args\":[" args "]"
#define MASK(i, m, v)	"{\"index\":" #i ",\"op\":\"SCMP_CMP_MASKED_EQ\",\"value\":" #m \
	",\"valueTwo\":" #v "}"
#define ARG(i, op, v)	"{\"index\":" #i ",\"op\":\"SCMP_CMP_" op "\",\"value\":" #v "}"
		/* What became the default, beside what is wider. */
		DEFAULT("ERRNO") "\"syscalls\":["
			RULE("ioctl", "ERRNO", ERRNO(38) ARGS(ARG(0, "EQ", 5))) ","
			RULE("ioctl", "ALLOW", ARGS(ARG(0, "LT", 100))) "]}",
		DEFAULT("ERRNO") "\"syscalls\":["
			RULE("ioctl", "ERRNO", ERRNO(89) ARGS(ARG(0, "EQ", 5))) ","
			RULE("ioctl", "ALLOW", ARGS(ARG(0, "LT", 100))) "]}",
		/* The first of two decides, also if it is the one that goes. */
		DEFAULT("ERRNO") "\"syscalls\":[" RULE("mount", "ERRNO", ERRNO(38)) ","
			RULE("mount", "ALLOW", "") "," RULE("ptrace", "ALLOW", "") ","
			RULE("ptrace", "ERRNO", ERRNO(38)) "]}",
		/* Equal to the default, and so no rule at all. */
		DEFAULT("ERRNO") "\"defaultErrnoRet\":13,\"syscalls\":["
			RULE("mount", "ERRNO", ERRNO(13)) "," RULE("mount", "ALLOW", "") ","
			RULE("keyctl", "ERRNO", "") "," RULE("close", "ALLOW", "") "]}",
		/* The multiplexer by its calls, by itself, and both. */
		DEFAULT("ERRNO") "\"syscalls\":[" RULE("socket", "ALLOW", "") ","
			RULE("bind", "ALLOW", ARGS(ARG(1, "EQ", 7))) ","
			RULE("semop", "ALLOW", "") "," RULE("accept", "ERRNO", ERRNO(38)) "]}",
		DEFAULT("ERRNO") "\"syscalls\":["
			RULE("socketcall", "ALLOW", ARGS(ARG(0, "LE", 3))) ","
			RULE("listen", "ERRNO", ERRNO(38)) ","
			RULE("accept", "ERRNO", ERRNO(13)) "," RULE("ipc", "ALLOW", "") ","
			RULE("semop", "KILL", "") "]}",
		DEFAULT("ERRNO") "\"syscalls\":["
			RULE("socket", "ALLOW", ARGS(ARG(0, "NE", 40))) ","
			RULE("close", "ALLOW", "") "]}",
		/* A denial of the multiplexer's that became the default, over its calls. */
		DEFAULT("ERRNO") "\"syscalls\":["
			RULE("socketcall", "ERRNO", ERRNO(38)) ","
			RULE("bind", "ALLOW", "") "," RULE("ipc", "ERRNO", ERRNO(38)) ","
			RULE("ipc", "ALLOW", "") "," RULE("semop", "ALLOW", "") "]}",
		/* A rule without arguments after all, which decides. */
		DEFAULT("ERRNO") "\"syscalls\":["
			RULE("ioctl", "ERRNO", ERRNO(38) ARGS(MASK(0, 0, 8))) ","
			RULE("ioctl", "ALLOW", "") "]}",
		/* An inequality beside the equality that denials need. */
		DEFAULT("ERRNO") "\"syscalls\":["
			RULE("socket", "ALLOW", ARGS(ARG(2, "NE", 9))) ","
			RULE("socket", "ALLOW", ARGS(ARG(0, "NE", 16))) ","
			RULE("ioctl", "ALLOW", ARGS(ARG(2, "NE", 9))) ","
			RULE("ioctl", "ALLOW", ARGS(ARG(0, "NE", 16))) "]}",
		/* Fatal defaults, with arguments and without. */
		DEFAULT("KILL_PROCESS") "\"syscalls\":["
			RULE("personality", "ALLOW", ARGS(ARG(0, "EQ", 8))) ","
			RULE("clone", "ALLOW", ARGS(ARG(0, "MASKED_EQ", 2114060288))) ","
			RULE("close", "LOG", "") "," RULE("read", "TRACE", ERRNO(3)) "]}",
		DEFAULT("TRAP") "\"syscalls\":[" RULE("close", "ALLOW", "") ","
			RULE("read", "NOTIFY", "") ","
			RULE("ioctl", "ERRNO", ARGS(ARG(1, "GE", 4294967296))) "]}",
		/* ENOSYS as it is. */
		DEFAULT("ERRNO") "\"defaultErrnoRet\":38,\"syscalls\":["
			RULE("close", "ALLOW", "") ","
			RULE("mount", "ERRNO", ERRNO(1)) ","
			RULE("clone3", "ERRNO", ERRNO(38)) "]}",
		DEFAULT("ERRNO") "\"defaultErrnoRet\":89,\"syscalls\":["
			RULE("close", "ALLOW", "") ","
			RULE("mount", "ERRNO", ERRNO(1)) "]}",
	};
	static const char *const trees[] = {
		"tests/trees/amd64-6.1", "tests/trees/i386-6.1", "tests/trees/arm64-6.1",
		"tests/trees/s390x-6.1", "tests/trees/mips64el-6.1", "tests/trees/ppc64el-6.1",
	};
	struct json_object *json;
	size_t i, j;
	char *root;

	(void)state;
	start_counting();
	for (i = 0; i < ARRAY_SIZE(trees); i++) {
		root = source(trees[i]);
		for (j = 0; j < ARRAY_SIZE(profiles); j++) {
			json = json_tokener_parse(profiles[j]);
			assert_non_null(json);
			add_arches(root, json);
			try_profile(root, NULL, json, 0);
			json_object_put(json);
		}
		free(root);
	}
	check_counts();
	for (i = 0; i < ARRAY_SIZE(ways); i++)
		assert_int_equal(counts[i].refused, 0);
}

/* The rules and their report for the containers' profile on the machine of @arches. */
static char *rules_for(const struct ksc *k, const char *arches_listed, enum ksc_oci_mode mode)
{
	char *path = fixture_profile_path("containers-trixie"), *text;
	struct json_object *json = json_object_from_file(path), *obj, *report;
	struct ksc_profile *p;
	struct ksc_oci *o;

	assert_non_null(json);
	json_object_object_del(json, "archMap");
	json_object_object_add(json, "architectures", json_tokener_parse(arches_listed));
	assert_int_equal(ksc_profile_new(&p), 0);
	assert_int_equal(ksc_profile_set_arch(p, SCMP_ARCH_X86_64), 0);
	assert_int_equal(json_load(p, json), 0);
	assert_int_equal(ksc_oci_new(&o, k), 0);
	ksc_oci_set_mode(o, mode);
	obj = json_compiled(o, p);
	assert_non_null(obj);
	report = json_report(o);
	assert_non_null(report);
	json_object_object_del(obj, "architectures");
	assert_true(asprintf(&text, "%s%s", json_object_to_json_string(obj),
			     json_object_to_json_string(report)) > 0);
	json_object_put(report);
	json_object_put(obj);
	json_object_put(json);
	ksc_oci_free(o);
	ksc_profile_free(p);
	free(path);
	return text;
}

/* One profile for all machines: what another one's kernel would need is no concern here. */
static void test_other_machines(void **state)
{
	static const char here[] = "[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\"]";
	static const char all[] = "[\"SCMP_ARCH_AARCH64\",\"SCMP_ARCH_ARM\",\"SCMP_ARCH_PPC64LE\","
		"\"SCMP_ARCH_X86\",\"SCMP_ARCH_RISCV64\",\"SCMP_ARCH_MIPSEL\"]";
	static const enum ksc_oci_mode modes[] = { KSC_OCI_FLIP, KSC_OCI_EXPLICIT };
	char *root = source("tests/trees/amd64-5.10"), *mine, *both;
	struct ksc *k;
	size_t i;

	(void)state;
	assert_int_equal(ksc_open(&k, root), 0);
	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		mine = rules_for(k, here, modes[i]);
		both = rules_for(k, all, modes[i]);
		if (strcmp(mine, both))
			fail_msg("%s\n%s", mine, both);
		free(mine);
		free(both);
	}
	ksc_close(k);
	free(root);
}

/*
 * libseccomp 2.5.4 forgets nodes of a rule that it refuses, and profiles whose
 * rules contradict each other are what is tried here. What of its own this hides
 * the other tests, which have no such exception, see.
 */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libseccomp.so";
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recorded),
		cmocka_unit_test(test_choice),
		cmocka_unit_test(test_generated),
		cmocka_unit_test(test_special),
		cmocka_unit_test(test_other_machines),
	};

	return cmocka_run_group_tests(tests, fixture_make_runtimes, fixture_remove_runtimes);
}
