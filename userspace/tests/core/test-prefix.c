// SPDX-License-Identifier: GPL-2.0-only
/*
 * The compiled prefix and ksc_verdict() against the policy a second time
 * (model-policy.c), for every number, on kernels and profiles of all kinds.
 *
 * KSC_SEED and KSC_ROUNDS in the environment choose other profiles and more.
 */
#include <dirent.h>
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

#define FOREIGN_ARCH	0xdeadbeefu
/* What follows the prefix: tells falling through from everything it may answer. */
#define FELL_THROUGH	(SECCOMP_RET_TRACE | 0xfefe)

static struct sock_filter prog[BPF_MAXINSNS + 1];
static size_t prog_len;
static size_t worst, total_runs, total_executed;

static int compile(const struct ksc_policy *policy)
{
	size_t len = 0, again;
	int err;

	err = ksc_bpf_prefix(policy, NULL, &len);
	if (err)
		return err;
	again = len;
	assert_int_equal(ksc_bpf_prefix(policy, prog, &again), 0);
	assert_int_equal(again, len);
	if (len) {
		again = len - 1;
		assert_int_equal(ksc_bpf_prefix(policy, prog, &again), -ENOSPC);
	}
	prog[len] = (struct sock_filter) BPF_STMT(BPF_RET | BPF_K, FELL_THROUGH);
	prog_len = len;
	assert_int_equal(bpfsim_check(prog, len + 1), 0);
	return 0;
}

/* The kernel's cache of constant answers gives up on any other instruction. */
static void check_instructions(void)
{
	size_t i;

	for (i = 0; i < prog_len; i++)
		switch (prog[i].code) {
		case BPF_LD | BPF_W | BPF_ABS:
			assert_true(prog[i].k == 0 || prog[i].k == 4);
			break;
		case BPF_JMP | BPF_JA:
		case BPF_JMP | BPF_JEQ | BPF_K:
		case BPF_JMP | BPF_JGE | BPF_K:
		case BPF_RET | BPF_K:
			break;
		default:
			fail_msg("instruction %zu has code 0x%x", i, prog[i].code);
		}
}

static uint32_t run(uint32_t audit_arch, uint32_t nr)
{
	struct seccomp_data sd = { .arch = audit_arch, .nr = (int)nr };
	size_t executed;
	uint32_t answer = bpfsim_run(prog, &sd, false, &executed);

	total_runs++;
	total_executed += executed;
	if (executed > worst)
		worst = executed;
	return answer == FELL_THROUGH ? 0 : answer;
}

static bool denies(uint32_t answer)
{
	return answer != SECCOMP_RET_ALLOW &&
	       (answer & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_LOG;
}

static bool unchangeable(const char *row)
{
	return !strcmp(row, "0") || !strcmp(row, "1") || !strcmp(row, "default");
}

static bool is_of_empty_abi(const struct model *m, uint32_t audit_arch, uint32_t nr)
{
	int abi = model_abi_of(m, audit_arch, nr);
	unsigned int i;

	for (i = 0; abi >= 0 && i < m->abis[abi].nr_syscalls; i++) {
		if (m->abis[abi].implemented[i])
			return false;
	}
	return abi >= 0;
}

static void check_number(const struct model *m, const struct model_profile *p,
			 const struct ksc_policy *policy, uint32_t audit_arch, uint32_t nr)
{
	uint32_t expected, answer = run(audit_arch, nr);
	const char *row = model_verdict(p, m, audit_arch, nr, &expected);
	uint32_t verdict = ksc_verdict(policy, audit_arch, nr);
	char reason[KSC_EXPLAIN_MAX];
	unsigned int sample;

	assert_in_range(ksc_explain(policy, audit_arch, nr, reason, sizeof(reason)), 1,
			sizeof(reason) - 1);
	if (verdict != expected)
		fail_msg("arch 0x%x nr 0x%x: row %s wants 0x%x, verdict 0x%x (%s)", audit_arch, nr,
			 row, expected, verdict, reason);
	if (unchangeable(row) && answer)
		fail_msg("arch 0x%x nr 0x%x: row %s answers 0x%x", audit_arch, nr, row, answer);

	/* Whoever has no rules made for an ABI that has nothing relies on the prefix alone. */
	if (answer != expected && expected != p->default_action &&
	    is_of_empty_abi(m, audit_arch, nr))
		fail_msg("arch 0x%x nr 0x%x of nothing: row %s wants 0x%x, got 0x%x", audit_arch,
			 nr, row, expected, answer);

	for (sample = 0; sample < 3; sample++) {
		uint32_t own = model_own_filter(p, m, audit_arch, nr, sample);
		uint32_t wanted = model_outcome(m, audit_arch, nr, expected ? expected : own);
		uint32_t got = model_outcome(m, audit_arch, nr, answer ? answer : own);

		if (got != wanted)
			fail_msg("arch 0x%x nr 0x%x sample %u: row %s wants 0x%x, got 0x%x",
				 audit_arch, nr, sample, row, wanted, got);
		/* The safety theorem. */
		if (denies(own) && !denies(got) &&
		    !(p->flags & KSC_ALLOW_UNKNOWN && !strcmp(row, "3'")) &&
		    !(p->successors == KSC_SUCCESSORS_ALLOW && !strcmp(row, "4'")))
			fail_msg("arch 0x%x nr 0x%x: 0x%x became 0x%x", audit_arch, nr, own, got);
	}
}

static void check_profile(const struct model *m, struct model_profile *p,
			  const struct ksc *k)
{
	static const uint32_t edges[] = {
		0, 1, 63, 64, 0xeffff, 0xf0000, 0xf07ff, 0xf0800, 0x3fffffff, 0x40000000,
		0x400003ff, 0x7fffffff, 0x80000000, 0xc0000000, 0xfffffffe, 0xffffffff,
	};
	struct ksc_policy *policy = model_policy(p, k);
	unsigned int i, j;
	uint32_t nr;

	assert_int_equal(compile(policy), 0);
	check_instructions();
	for (i = 0; i <= m->nr_abis; i++) {
		uint32_t arch = i < m->nr_abis ? m->abis[i].audit_arch : FOREIGN_ARCH;
		uint32_t base = i < m->nr_abis ? m->abis[i].base : 0;

		for (nr = 0; nr <= 1100; nr++)
			check_number(m, p, policy, arch, base + nr);
		for (j = 0; j < sizeof(edges) / sizeof(edges[0]); j++)
			check_number(m, p, policy, arch, edges[j]);
		for (j = 0; j < m->nr_abis; j++) {
			check_number(m, p, policy, arch, m->abis[j].base - 1);
			check_number(m, p, policy, arch, m->abis[j].base);
			check_number(m, p, policy, arch,
				     m->abis[j].base + m->abis[j].nr_syscalls);
		}
	}
	ksc_policy_free(policy);
}

static void check_tree(const char *root, unsigned int rounds)
{
	static struct model_profile p;
	struct model m = { 0 };
	struct ksc *k;

	model_read(&m, root);
	if (ksc_open(&k, root))
		fail_msg("%s", ksc_error(k));
	while (rounds--) {
		model_random_profile(&p, &m);
		check_profile(&m, &p, k);
	}
	ksc_close(k);
	model_free(&m);
}

static unsigned int rounds(unsigned int usual)
{
	const char *text = getenv("KSC_ROUNDS");

	return text ? (unsigned int)atoi(text) : usual;
}

/* ---- kernels that are made up ----------------------------------------- */

static void check_model(struct model *m, unsigned int n)
{
	char *root = make_root();

	model_write(m, root);
	check_tree(root, n);
	remove_tree(root);
	free(root);
	model_free(m);
}

static void test_x86(void **state)
{
	struct model m = { 0 };

	model_fill(model_add(&m, "x86_64", 0xc000003e, 0, 451), 80);
	model_fill(model_add(&m, "i386", 0x40000003, 0, 450), 90);
	model_fill(model_add(&m, "x32", 0xc000003e, 0x40000000, 548), 70);
	check_model(&m, rounds(60));
}

static void test_x86_without_x32(void **state)
{
	struct model m = { 0 };

	model_fill(model_add(&m, "x86_64", 0xc000003e, 0, 470), 95);
	model_add(&m, "i386", 0x40000003, 0, 450);
	check_model(&m, rounds(40));
}

/* A survey by an older table: holes, and what is beyond, that nobody knows. */
static void test_unknown(void **state)
{
	struct model m = { 0 };
	struct model_abi *abi;

	abi = model_add(&m, "x86_64", 0xc000003e, 0, 451);
	model_fill(abi, 80);
	/* Beside those that are known to be absent. */
	model_clear(abi, 330, 340);
	model_set_unknown(abi, 335, 423);
	model_set_unknown(abi, 448, 451);
	abi = model_add(&m, "i386", 0x40000003, 0, 450);
	model_fill(abi, 60);
	model_set_unknown(abi, 450, 450);
	abi = model_add(&m, "x32", 0xc000003e, 0x40000000, 548);
	model_fill(abi, 50);
	model_set_unknown(abi, 0, 200);
	check_model(&m, rounds(60));
}

/* What is beyond x86_64's falls through, and what x32 lets through comes next. */
static void test_nothing_beside_unknown(void **state)
{
	struct model m = { 0 };
	struct model_abi *abi;

	abi = model_add(&m, "x86_64", 0xc000003e, 0, 451);
	model_fill(abi, 80);
	model_set_unknown(abi, 448, 451);
	model_add(&m, "x32", 0xc000003e, 0x40000000, 548);
	check_model(&m, rounds(40));
}

static void test_x32_alone(void **state)
{
	struct model m = { 0 };

	model_fill(model_add(&m, "x32", 0xc000003e, 0x40000000, 548), 50);
	check_model(&m, rounds(20));
}

static void test_arm64(void **state)
{
	struct model m = { 0 };

	model_fill(model_add(&m, "arm64", 0xc00000b7, 0, 461), 85);
	model_fill(model_add(&m, "arm", 0x40000028, 0, 450), 85);
	model_fill(model_add(&m, "arm_private", 0x40000028, 0xf0000, 7), 60);
	check_model(&m, rounds(40));
}

static void test_arm_without_private(void **state)
{
	struct model m = { 0 };

	model_fill(model_add(&m, "arm", 0x40000028, 0, 450), 85);
	check_model(&m, rounds(20));
}

static void test_mips(void **state)
{
	struct model m = { 0 };

	model_fill(model_add(&m, "mips64", 0x80000008, 5000, 450), 85);
	model_fill(model_add(&m, "mipsn32", 0xa0000008, 6000, 460), 85);
	model_fill(model_add(&m, "mips", 0x00000008, 4000, 461), 85);
	check_model(&m, rounds(40));
}

static void test_odd_sizes(void **state)
{
	static const unsigned int sizes[] = { 1, 2, 31, 32, 33, 63, 64, 65, 1023, 1024 };
	unsigned int i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct model m = { 0 };

		model_fill(model_add(&m, "riscv64", 0xc00000f3, 0, sizes[i]), 50);
		model_fill(model_add(&m, "s390", 0x16, 0, sizes[i]), 100);
		check_model(&m, rounds(6));
	}
}

static void test_nothing_published(void **state)
{
	struct model m = { 0 };

	check_model(&m, rounds(5));
}

/* ---- kernels that are real -------------------------------------------- */

static void test_recorded(void **state)
{
	const char *source = getenv("KSC_SOURCE");
	unsigned int trees = 0;
	char path[4096];
	struct dirent *d;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/tests/trees", source ? source : ".");
	dir = opendir(path);
	while (dir && (d = readdir(dir))) {
		if (d->d_name[0] == '.' || strchr(d->d_name, '.') == d->d_name ||
		    !strcmp(d->d_name, "README"))
			continue;
		snprintf(path, sizeof(path), "%s/tests/trees/%s", source ? source : ".", d->d_name);
		printf("# %s\n", d->d_name);
		check_tree(path, rounds(3));
		trees++;
	}
	if (dir)
		closedir(dir);
	if (!trees)
		fail_msg("no tree is recorded below tests/trees");
}

/* ---- growth ----------------------------------------------------------- */

/*
 * Every second number implemented, from none to more than a program can hold:
 * right as long as it fits, then an error that says so.
 */
static void test_alternating(void **state)
{
	static struct model_profile p;
	unsigned int n, fits = 0, too_big = 0;

	p = (struct model_profile) { .has_default = true, .baseline = KSC_RELEASE_NONE,
				     .default_action = SECCOMP_RET_ERRNO | 1 };
	for (n = 1; n <= 16384; n = n < 1024 ? n + 61 : n * 2) {
		struct model m = { 0 };
		struct model_abi *abi = model_add(&m, "x86_64", 0xc000003e, 0, n);
		char *root = make_root(), name[64];
		struct ksc_policy *policy;
		uint32_t nr, expected;
		struct ksc *k;
		int err;

		for (nr = 0; nr < n; nr += 2) {
			snprintf(name, sizeof(name), "call_%u", nr);
			model_set(abi, nr, name);
		}
		model_write(&m, root);
		assert_int_equal(ksc_open(&k, root), 0);
		policy = model_policy(&p, k);
		worst = 0;
		err = compile(policy);
		if (err) {
			assert_int_equal(err, -E2BIG);
			too_big++;
		} else {
			fits++;
			assert_int_equal(too_big, 0);
			check_instructions();
			for (nr = 0; nr < n + 100; nr++) {
				model_verdict(&p, &m, 0xc000003e, nr, &expected);
				assert_int_equal(run(0xc000003e, nr), expected);
			}
			printf("# %u alternating: %zu instructions, at most %zu executed\n", n,
			       prog_len, worst - 1);
		}
		ksc_policy_free(policy);
		ksc_close(k);
		remove_tree(root);
		free(root);
		model_free(&m);
	}
	assert_true(fits && too_big);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_x86),
		cmocka_unit_test(test_x86_without_x32),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_nothing_beside_unknown),
		cmocka_unit_test(test_x32_alone),
		cmocka_unit_test(test_arm64),
		cmocka_unit_test(test_arm_without_private),
		cmocka_unit_test(test_mips),
		cmocka_unit_test(test_odd_sizes),
		cmocka_unit_test(test_nothing_published),
		cmocka_unit_test(test_recorded),
		cmocka_unit_test(test_alternating),
	};
	const char *seed = getenv("KSC_SEED");

	model_seed(seed ? strtoull(seed, NULL, 0) : 20240607);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
