// SPDX-License-Identifier: GPL-2.0-only
/*
 * How large the prefix is under moby's default profile, and how many of its
 * instructions a syscall executes, for every recorded tree: counted by a
 * simulator, so exact. The means weigh all numbers of an ABI's table alike. A
 * search among N ranges of one answer cannot do with fewer than ceil(log2(N))
 * tests at worst.
 */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ksyscalls-oci.h>
#include <ksyscalls-seccomp.h>

#include "../bpfsim.h"

/* What x86-64 with both of its other ABIs may take. */
#define MAX_SIZE	90
#define MAX_MEAN	9.5
#define MAX_WORST	14

struct figures {
	size_t numbers, executed, worst;
};

static struct figures count(const struct ksc_abi *abi, const struct sock_filter *prog)
{
	struct seccomp_data sd = { .arch = ksc_abi_audit_arch(abi) };
	bool big = !(sd.arch & 0x40000000);
	struct figures f = { .numbers = ksc_abi_nr_syscalls(abi) };
	size_t executed, nr;

	for (nr = 0; nr < f.numbers; nr++) {
		sd.nr = (int)(ksc_abi_base(abi) + nr);
		/* The last instruction is not the prefix's. */
		if (bpfsim_run(prog, &sd, big, &executed) == SECCOMP_RET_TRACE)
			executed--;
		f.executed += executed;
		if (executed > f.worst)
			f.worst = executed;
	}
	return f;
}

static unsigned int count_ranges(const struct ksc_policy *policy, const struct ksc_abi *abi)
{
	unsigned int nr, ranges = 0;
	uint32_t last = 1, action;

	for (nr = 0; nr < ksc_abi_nr_syscalls(abi); nr++) {
		action = ksc_verdict(policy, ksc_abi_audit_arch(abi), ksc_abi_base(abi) + nr);
		ranges += action != last;
		last = action;
	}
	return ranges;
}

static unsigned int ceil_log2(unsigned int n)
{
	unsigned int bits = 0;

	while (1u << bits < n)
		bits++;
	return bits;
}

static double mean(const struct figures *f)
{
	return (double)f->executed / (double)f->numbers;
}

/* libseccomp may lack an architecture, which then no container has a filter on. */
static void measure(const char *tree, const char *profile_path)
{
	static struct sock_filter prog[BPF_MAXINSNS + 1];
	struct figures f, all = { 0 };
	size_t len = BPF_MAXINSNS;
	struct ksc_profile *profile;
	struct ksc_policy *policy;
	const struct ksc_abi *abi;
	unsigned int ranges;
	struct ksc *k;

	assert_int_equal(ksc_open(&k, tree), 0);
	assert_int_equal(ksc_profile_new(&profile), 0);
	if (ksc_profile_set_arch(profile, ksc_abi_scmp_arch(ksc_abi_native(k)))) {
		print_message("# %s: %s\n", tree, ksc_profile_error(profile));
		goto out;
	}
	assert_int_equal(ksc_profile_load_file(profile, profile_path), 0);
	assert_int_equal(ksc_policy_from_profile(&policy, k, profile, KSC_RELEASE_INFER), 0);
	assert_int_equal(ksc_bpf_prefix(policy, prog, &len), 0);
	prog[len] = (struct sock_filter) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
	print_message("# %s: %zu instructions\n", strrchr(tree, '/') + 1, len);
	ksc_abi_foreach(abi, k) {
		f = count(abi, prog);
		ranges = count_ranges(policy, abi);
		print_message("#   %-11s mean %5.2f, worst %2zu executed; %2u ranges, "
			      "ceil(log2) %u\n", ksc_abi_id(abi), mean(&f), f.worst, ranges,
			      ceil_log2(ranges));
		/* A worst case that beats the bound is a mistake in counting. */
		assert_true(f.worst >= ceil_log2(ranges));
		all.numbers += f.numbers;
		all.executed += f.executed;
		if (f.worst > all.worst)
			all.worst = f.worst;
		if (ksc_abi_by_name(k, "x86_64"))
			assert_true(mean(&f) <= MAX_MEAN);
	}
	print_message("#   together    mean %5.2f, worst %2zu\n", mean(&all), all.worst);
	if (ksc_abi_by_name(k, "x86_64")) {
		assert_true(len <= MAX_SIZE);
		assert_true(mean(&all) <= MAX_MEAN);
		assert_true(all.worst <= MAX_WORST);
	}
	ksc_policy_free(policy);
out:
	ksc_profile_free(profile);
	ksc_close(k);
}

static void test_figures(void **state)
{
	const char *source = getenv("KSC_SOURCE");
	char pattern[4096], profile[4096];
	glob_t found;
	size_t i;

	(void)state;
	if (!source)
		source = ".";
	snprintf(profile, sizeof(profile), "%s/moby-trixie.json", getenv("KSC_PROFILES") ?: ".");
	snprintf(pattern, sizeof(pattern), "%s/tests/trees/*/sys/kernel/syscalls", source);
	if (glob(pattern, 0, NULL, &found))
		fail_msg("no recorded tree in tests/trees");
	for (i = 0; i < found.gl_pathc; i++) {
		*strstr(found.gl_pathv[i], "/sys/kernel/syscalls") = '\0';
		measure(found.gl_pathv[i], profile);
	}
	globfree(&found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_figures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
