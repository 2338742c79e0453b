// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench-prefix [ROOT]: what reading a tree and compiling a policy costs, against
 * what libseccomp takes to build and export the same profile, in one process and
 * by turns; and how large and how deep the program is. The profile is moby's
 * default, without capabilities, on x86_64, i386 and x32.
 *
 * The tree is ROOT's, else the first that is recorded, else this machine's. Exit
 * status 1 if a figure misses its target, 77 if there is no x86 tree.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <glob.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <linux/audit.h>

#include <ksyscalls-seccomp.h>

#include "bpfsim.h"

#define TURNS		101
#define MAX_SIZE	90
#define MAX_WORST	14
#define MAX_MEAN	9.0
#define MIN_RATIO	50.0

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(double *times)
{
	qsort(times, TURNS, sizeof(*times), compare);
	return times[TURNS / 2];
}

static void die(const char *what)
{
	fprintf(stderr, "bench-prefix: %s\n", what);
	exit(1);
}

static void build_libseccomp(struct ksc_profile *profile, int fd)
{
	scmp_filter_ctx ctx;

	if (ksc_profile_filter(profile, KSC_RUNTIME_CRUN, &ctx))
		die(ksc_profile_error(profile));
	if (ftruncate(fd, 0) || seccomp_export_bpf(ctx, fd))
		die("libseccomp cannot export the profile");
	seccomp_release(ctx);
}

/* All numbers of the ABI's table, weighed alike. Returns how many were executed. */
static size_t count_executed(const struct ksc_abi *abi, const struct sock_filter *prog,
			     size_t *worst)
{
	struct seccomp_data sd = { .arch = ksc_abi_audit_arch(abi) };
	unsigned int nr, n = ksc_abi_nr_syscalls(abi);
	size_t executed, sum = 0;

	*worst = 0;
	for (nr = 0; nr < n; nr++) {
		sd.nr = (int)(ksc_abi_base(abi) + nr);
		/* The last instruction is not the prefix's. */
		if (bpfsim_run(prog, &sd, false, &executed) == SECCOMP_RET_TRACE)
			executed--;
		sum += executed;
		if (executed > *worst)
			*worst = executed;
	}
	return sum;
}

/* How many ranges of one answer the verdicts have, which bounds any search. */
static unsigned int count_ranges(const struct ksc_policy *policy, const struct ksc_abi *abi)
{
	unsigned int nr, ranges = 0;
	uint32_t last = 1;
	struct ksc_verdict v;

	for (nr = 0; nr < ksc_abi_nr_syscalls(abi); nr++) {
		ksc_verdict(policy, ksc_abi_audit_arch(abi), ksc_abi_base(abi) + nr, &v);
		ranges += v.action != last;
		last = v.action;
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

int main(int argc, char **argv)
{
	static const char path[] = "tests/profiles/moby-default.json";
	const char *source = getenv("KSC_SOURCE"), *root = argc > 1 ? argv[1] : "";
	double ours[TURNS], theirs[TURNS], a, b;
	struct sock_filter prog[BPF_MAXINSNS];
	struct ksc_profile *profile;
	struct ksc_policy *policy;
	const struct ksc_abi *abi;
	int fd, i, missed;
	char full[4096];
	size_t len, worst, all_worst = 0, numbers = 0, executed = 0;
	struct ksc *k;
	glob_t found;

	snprintf(full, sizeof(full), "%s/tests/trees/*/sys/kernel/syscalls/x86_64",
		 source ? source : ".");
	if (argc < 2 && !glob(full, 0, NULL, &found)) {
		root = found.gl_pathv[0];
		*strstr(found.gl_pathv[0], "/sys/kernel/syscalls") = '\0';
	}
	if (ksc_open(&k, root) || !ksc_abi_by_name(k, "x86_64")) {
		printf("# no x86 tree to measure with: %s\n", ksc_error(k));
		return 77;
	}
	ksc_close(k);
	snprintf(full, sizeof(full), "%s/%s", source ? source : ".", path);
	if (ksc_profile_new(&profile) || ksc_profile_set_arch(profile, SCMP_ARCH_X86_64) ||
	    ksc_profile_load_file(profile, full))
		die(ksc_profile_error(profile));
	fd = memfd_create("program", MFD_CLOEXEC);
	if (fd < 0)
		die("memfd_create fails");

	for (i = 0; i < TURNS; i++) {
		double start = now();

		build_libseccomp(profile, fd);
		theirs[i] = now() - start;

		start = now();
		if (ksc_open(&k, root))
			die(ksc_error(k));
		ours[i] = now() - start;
		if (ksc_policy_from_profile(&policy, k, profile, KSC_RELEASE(6, 10)))
			die(ksc_profile_error(profile));
		len = BPF_MAXINSNS;
		start = now();
		if (ksc_bpf_prefix(policy, prog, &len))
			die("the policy does not compile");
		ours[i] += now() - start;
		if (i == TURNS - 1)
			break;
		ksc_policy_free(policy);
		ksc_close(k);
	}
	a = median(ours);
	b = median(theirs);
	missed = b / a < MIN_RATIO;
	printf("tree %s\n", root);
	printf("ksc_open + ksc_bpf_prefix %.3f ms, libseccomp build + export %.3f ms, ratio 1/%.0f "
	       "(target 1/%.0f)\n", a * 1e3, b * 1e3, b / a, MIN_RATIO);
	missed |= len > MAX_SIZE;
	printf("%zu instructions (target %d)\n", len, MAX_SIZE);
	prog[len] = (struct sock_filter) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
	ksc_abi_foreach(abi, k) {
		unsigned int n = ksc_abi_nr_syscalls(abi), ranges = count_ranges(policy, abi);
		size_t sum = count_executed(abi, prog, &worst);

		printf("%-8s mean %.2f, worst %zu executed; %u ranges, ceil(log2) %u\n",
		       ksc_abi_name(abi), (double)sum / n, worst, ranges, ceil_log2(ranges));
		executed += sum;
		numbers += n;
		if (worst > all_worst)
			all_worst = worst;
	}
	printf("together mean %.2f, worst %zu executed (targets %.0f, %d)\n",
	       (double)executed / (double)numbers, all_worst, MAX_MEAN, MAX_WORST);
	missed |= all_worst > MAX_WORST || (double)executed / (double)numbers > MAX_MEAN;
	ksc_policy_free(policy);
	ksc_close(k);
	ksc_profile_free(profile);
	close(fd);
	return missed;
}
