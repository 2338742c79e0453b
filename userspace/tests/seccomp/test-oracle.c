// SPDX-License-Identifier: GPL-2.0-only
/*
 * Profiles that nobody wrote, on kernels that nobody has, for every reader: rewritten,
 * built by libseccomp before and after, and both run against the policy's text.
 *
 * KSC_SECONDS of CPU, 30 if it is not set, from the seed KSC_SEED on. A failure names
 * the seed, by which it is found again: KSC_SECONDS=0 tries that one alone.
 */
#include <json-c/json.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include <ksyscalls-oci.h>

#include "fixtures.h"
#include "grammar.h"
#include "text.h"
#include "trial.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* Nothing of libseccomp's takes that long, unless it never ends. */
#define PATIENCE	60
/* Profiles for each tree, which takes longer to make than they do. */
#define PROFILES	16

/* Every reader in every mode that is for it, told to the library or not. */
static const struct way ways[] = {
	{ "auto, crun",		KSC_OCI_AUTO,		KSC_RUNTIME_CRUN,	"crun" },
	{ "bpf, crun",		KSC_OCI_BPF,		KSC_RUNTIME_CRUN,	NULL },
	{ "flip, crun",		KSC_OCI_FLIP,		KSC_RUNTIME_CRUN,	NULL },
	{ "explicit, crun",	KSC_OCI_EXPLICIT,	KSC_RUNTIME_CRUN,	"crun" },
	{ "explicit, any crun",	KSC_OCI_EXPLICIT,	KSC_RUNTIME_CRUN,	NULL },
	{ "auto, old crun",	KSC_OCI_AUTO,		KSC_RUNTIME_CRUN_OLD,	fixture_old_crun },
	{ "auto, runc",		KSC_OCI_AUTO,		KSC_RUNTIME_RUNC,	fixture_runc },
	{ "flip, runc",		KSC_OCI_FLIP,		KSC_RUNTIME_RUNC,	NULL },
	{ "explicit, runc",	KSC_OCI_EXPLICIT,	KSC_RUNTIME_RUNC,	fixture_runc },
	{ "auto, old runc",	KSC_OCI_AUTO,		KSC_RUNTIME_RUNC_OLD,	"runc" },
	{ "explicit, old runc",	KSC_OCI_EXPLICIT,	KSC_RUNTIME_RUNC_OLD,	NULL },
};

static const unsigned int baselines[] = {
	KSC_RELEASE_INFER, KSC_RELEASE_NONE, KSC_RELEASE(3, 0), KSC_RELEASE(5, 6),
	KSC_RELEASE(6, 10),
};

/* In turn, and with flags by chance. */
static const struct ref_knobs knobs[] = {
	{ },
	{ .successors = KSC_SUCCESSORS_ALLOW },
	{ .successors = KSC_SUCCESSORS_EPERM, .enosys = { "mount", "clone3", "read" } },
	{ .enosys = { "statx", "keyctl" }, .eperm = { "openat2", "futex_time64", "bpf" } },
	{ .successors = KSC_SUCCESSORS_ALLOW, .eperm = { "faccessat2", "write" } },
};

static struct count counts[ARRAY_SIZE(ways)];
static char what[128];

/* Of CPU, because others may want it, too. */
static void be_patient(time_t seconds)
{
	setitimer(ITIMER_PROF, &(struct itimerval){ .it_value.tv_sec = seconds }, NULL);
}

static void out_of_patience(int sig)
{
	(void)sig;
	fail_msg("%s: it does not come to an end", what);
}

static unsigned long from_environment(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 0) : otherwise;
}

static void try_profile(const char *root, const struct fixture_machine *m, unsigned long number)
{
	/* Numbers beside each other are to make profiles that have nothing in common. */
	uint32_t seed = (uint32_t)number * 2654435761u | 1;
	unsigned int flags = fixture_random(&seed) % 8;
	struct trial t = { .brief = true, .knobs = knobs[number % ARRAY_SIZE(knobs)] };
	struct json_object *json = grammar_profile(m, &seed);
	size_t i;

	t.knobs.flags = flags;
	be_patient(PATIENCE);
	if (trial_open(&t, root, NULL, json)) {
		t.root = what;
		for (i = 0; i < ARRAY_SIZE(ways); i++) {
			snprintf(what, sizeof(what), "seed %lu, %s", number, ways[i].name);
			trial_run(&t, &ways[i], baselines[fixture_random(&seed) %
							  ARRAY_SIZE(baselines)], &counts[i]);
		}
	}
	be_patient(0);
	trial_close(&t);
	json_object_put(json);
}

static void print_counts(unsigned long tried)
{
	const struct scmp_version *v = seccomp_version();
	const struct count *c;
	size_t i;

	print_message("libseccomp %u.%u.%u\n%lu profiles\n", v->major, v->minor, v->micro, tried);
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		c = &counts[i];
		print_message("%s: %zu rewritten, %zu refused, %zu answers; wrong, and told: %zu "
			      "without a name, %zu as architectures differ, %zu by arguments; "
			      "%zu that libseccomp itself gets wrong\n",
			      ways[i].name, c->trials, c->refused, c->answers, c->no_name,
			      c->abis_differ, c->args, c->misbuilt);
	}
}

/* Half of them on the machine that has the most ABIs. */
static char *make_tree(unsigned long number, const struct fixture_machine **m)
{
	unsigned long turn = number / PROFILES;
	uint32_t seed = (uint32_t)turn * 2246822519u | 1;
	char *root = fixture_mkdir();

	*m = turn % 2 ? fixture_machine_in_turn((unsigned int)turn / 2) : fixture_machine(0);
	fixture_tree(root, *m, &seed);
	return root;
}

static void test_oracle(void **state)
{
	clock_t end = (clock_t)from_environment("KSC_SECONDS", 30) * CLOCKS_PER_SEC;
	unsigned long first = from_environment("KSC_SEED", PROFILES), number = first;
	const struct fixture_machine *m;
	char *root;
	size_t i;

	(void)state;
	signal(SIGPROF, out_of_patience);
	do {
		root = make_tree(number, &m);
		do
			try_profile(root, m, number++);
		while (number % PROFILES && clock() < end);
		fixture_rmdir(root);
	} while (clock() < end);
	print_counts(number - first);
	for (i = 0; number - first > 64 * PROFILES && i < ARRAY_SIZE(ways); i++)
		assert_true(counts[i].trials);
}

/* Each was wrong before it was mended. Another grammar makes others of them. */
static void test_once_red(void **state)
{
	static const unsigned long numbers[] = {
		903817, 5002883, 77000232, 77000431, 91004301, 1795719451,
		1795719857, 1796222251,
	};
	const struct fixture_machine *m;
	char *root;
	size_t i;

	(void)state;
	signal(SIGPROF, out_of_patience);
	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		root = make_tree(numbers[i], &m);
		try_profile(root, m, numbers[i]);
		fixture_rmdir(root);
	}
}

/* ---- what rules say ---------------------------------------------------- */

static void check_text(const struct ksc_profile *p, uint32_t arch, uint64_t arg, bool taken)
{
	uint32_t def = SECCOMP_RET_ERRNO | 1;
	uint64_t args[6] = { 0, arg };

	assert_int_equal(text_allows(p, "read", arch, def, args, SECCOMP_RET_ALLOW), taken);
	assert_int_equal(text_allows(p, "read", arch, def, args, def), !taken);
	assert_false(text_allows(p, "read", arch, def, args, SECCOMP_RET_LOG));
	assert_true(text_allows(p, "write", arch, def, args, def));
}

static void test_text(void **state)
{
	static const struct {
		const char *op;
		unsigned int value, two;
		uint64_t taken, left;
	} cases[] = {
		{ "NE", 5, 0, 6, 5 }, { "EQ", 5, 0, 5, 6 }, { "LT", 5, 0, 4, 5 },
		{ "LE", 5, 0, 5, 6 }, { "GE", 5, 0, 5, 4 }, { "GT", 5, 0, 6, 5 },
		{ "MASKED_EQ", 0xf0, 0x50, 0x5a, 0x6a },
	};
	struct ksc_profile *p;
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(text, sizeof(text),
			 "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
			 "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\","
			 "\"args\":[{\"index\":1,\"op\":\"SCMP_CMP_%s\","
			 "\"value\":%u,\"valueTwo\":%u}]}]}", cases[i].op, cases[i].value,
			 cases[i].two);
		assert_int_equal(ksc_profile_new(&p), 0);
		assert_int_equal(ksc_profile_load_mem(p, text, strlen(text)), 0);
		check_text(p, AUDIT_ARCH_X86_64, cases[i].taken, true);
		check_text(p, AUDIT_ARCH_X86_64, cases[i].left, false);
		/* Half of a register is all that 32 bits have. */
		check_text(p, AUDIT_ARCH_I386, cases[i].taken | 1ULL << 40, true);
		check_text(p, AUDIT_ARCH_I386, cases[i].left | 1ULL << 40, false);
		ksc_profile_free(p);
	}
}

/* Of rules that it refuses libseccomp 2.5.4 forgets nodes, and many are refused here. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libseccomp.so";
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_once_red),
		cmocka_unit_test(test_oracle),
	};

	return cmocka_run_group_tests(tests, fixture_make_runtimes, fixture_remove_runtimes);
}
