// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench-prefix [TREE...]: what reading a tree and compiling a policy costs, against
 * what libseccomp takes to build and export the same profile, in one process and
 * by turns, medians. The profile is moby's default, without capabilities.
 *
 * libseccomp runs long enough to be alone in the CPU's caches. What is short has to
 * be measured twice to be on a par: after libseccomp, and after itself.
 *
 * The trees are x86's of those that are recorded, if none is given. A time is no
 * reason to fail; exit status 77 if there is no tree.
 */
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/filter.h>

#include <ksyscalls-oci.h>
#include <ksyscalls-seccomp.h>

#include "bench.h"

#define TURNS	51

enum stage { OPEN, POLICY, PREFIX, STAGES };
static const char *const stages[STAGES] = {
	"ksc_open, all files of the tree", "ksc_policy_from_profile", "ksc_bpf_prefix",
};
enum caches { COLD, WARM, CACHES };

static double libseccomp[TURNS], ours[CACHES][STAGES][TURNS];

static void die(const char *what)
{
	fprintf(stderr, "bench-prefix: %s\n", what);
	exit(1);
}

static struct ksc_profile *load(const char *tree, const char *path)
{
	struct ksc_profile *profile;
	struct ksc *k;

	if (ksc_open(&k, tree))
		die(ksc_error(k));
	if (ksc_profile_new(&profile) ||
	    ksc_profile_set_arch(profile, ksc_abi_scmp_arch(ksc_abi_native(k))) ||
	    ksc_profile_load_file(profile, path))
		die(ksc_profile_error(profile));
	ksc_close(k);
	return profile;
}

static void run_libseccomp(struct ksc_profile *profile, int fd)
{
	scmp_filter_ctx ctx;

	if (ksc_profile_filter(profile, KSC_RUNTIME_CRUN, &ctx))
		die(ksc_profile_error(profile));
	if (ftruncate(fd, 0) || seccomp_export_bpf(ctx, fd))
		die("libseccomp cannot export the profile");
	seccomp_release(ctx);
}

static void run_ours(const char *tree, struct ksc_profile *profile, double times[STAGES][TURNS],
		     unsigned int turn)
{
	static struct sock_filter prog[BPF_MAXINSNS];
	size_t len = BPF_MAXINSNS;
	struct ksc_policy *policy;
	struct ksc *k;
	double start = now();

	if (ksc_open(&k, tree))
		die(ksc_error(k));
	times[OPEN][turn] = now() - start;
	start = now();
	if (ksc_policy_from_profile(&policy, k, profile, KSC_RELEASE_INFER))
		die(ksc_profile_error(profile));
	times[POLICY][turn] = now() - start;
	start = now();
	if (ksc_bpf_prefix(policy, prog, &len))
		die("the policy does not compile");
	times[PREFIX][turn] = now() - start;
	ksc_policy_free(policy);
	ksc_close(k);
}

/* One part in @bar of what libseccomp takes is what is aimed at. */
static void print_ratio(const char *what, enum stage stage, double theirs, double bar)
{
	double seconds[CACHES];
	int i;

	for (i = 0; i < CACHES; i++)
		seconds[i] = median(ours[i][stage], TURNS) + median(ours[i][PREFIX], TURNS);
	printf("  %-42s %7.3f ms, 1/%.0f of libseccomp (bar 1/%.0f%s); after it, %.3f ms, 1/%.0f\n",
	       what, seconds[WARM] * 1e3, theirs / seconds[WARM], bar,
	       theirs / seconds[WARM] < bar ? ", missed" : "", seconds[COLD] * 1e3,
	       theirs / seconds[COLD]);
}

static void bench(const char *tree, const char *path, int fd)
{
	struct ksc_profile *profile = load(tree, path);
	unsigned int i, c, stage;
	double theirs;

	for (i = 0; i < TURNS; i++) {
		double start = now();

		run_libseccomp(profile, fd);
		libseccomp[i] = now() - start;
		for (c = COLD; c < CACHES; c++)
			run_ours(tree, profile, ours[c], i);
	}
	theirs = median(libseccomp, TURNS);
	printf("%s\n", strrchr(tree, '/') ? strrchr(tree, '/') + 1 : tree);
	printf("  %-42s %7.3f ms\n", "libseccomp, build + export", theirs * 1e3);
	for (stage = OPEN; stage < STAGES; stage++)
		printf("  %-42s %7.3f ms\n", stages[stage],
		       median(ours[WARM][stage], TURNS) * 1e3);
	print_ratio("ksc_open + ksc_bpf_prefix", OPEN, theirs, 50.0);
	print_ratio("ksc_policy_from_profile + ksc_bpf_prefix", POLICY, theirs, 100.0);
	ksc_profile_free(profile);
}

int main(int argc, char **argv)
{
	const char *source = getenv("KSC_SOURCE");
	char path[4096], *end;
	glob_t found;
	size_t i;
	int fd;

	if (!source)
		source = ".";
	fd = memfd_create("program", MFD_CLOEXEC);
	if (fd < 0)
		die("memfd_create fails");
	if (argc < 2) {
		snprintf(path, sizeof(path), "%s/tests/trees/*/sys/kernel/syscalls/x86_64", source);
		if (glob(path, 0, NULL, &found)) {
			puts("# no x86 tree to measure with");
			return 77;
		}
	}
	snprintf(path, sizeof(path), "%s/moby-trixie.json", getenv("KSC_PROFILES") ?: ".");
	for (i = 1; i < (size_t)argc; i++)
		bench(argv[i], path, fd);
	for (i = 0; argc < 2 && i < found.gl_pathc; i++) {
		end = strstr(found.gl_pathv[i], "/sys/kernel/syscalls");
		*end = '\0';
		bench(found.gl_pathv[i], path, fd);
	}
	return 0;
}
