// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench-cache: what a getppid() costs in this machine's kernel under moby's default
 * profile alone, behind the prefix, and behind an instruction that the kernel's cache
 * of allowed numbers (since 5.11) does not follow, which shows that the bench would
 * notice the loss. Children that take turns, medians.
 *
 * Takes the first recorded tree of this architecture. A time is no reason to fail;
 * exit status 77 if there is no such tree, or no seccomp.
 */
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

#include <ksyscalls-oci.h>
#include <ksyscalls-seccomp.h>

#include "bench.h"

#define TURNS	51
#define CALLS	50000

enum filter { NONE, PROFILE, PREFIX, UNCACHED, FILTERS };

static struct sock_filter progs[FILTERS][BPF_MAXINSNS];
static size_t lens[FILTERS];
static double *shared, times[FILTERS][TURNS];

static void die(const char *what)
{
	fprintf(stderr, "bench-cache: %s\n", what);
	exit(1);
}

/* False if the kernel does not take the filter. */
static bool run(enum filter f, double *ns)
{
	struct sock_fprog fprog = { .len = (unsigned short)lens[f], .filter = progs[f] };
	int i, status;
	double start;
	pid_t pid = fork();

	if (pid < 0)
		die("fork fails");
	if (!pid) {
		if (lens[f] && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
				prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &fprog)))
			_exit(1);
		start = now();
		for (i = 0; i < CALLS; i++)
			syscall(SYS_getppid);
		*shared = (now() - start) / CALLS * 1e9;
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		die("a child dies");
	*ns = *shared;
	return !WEXITSTATUS(status);
}

static struct ksc *open_tree(const char *source)
{
	char path[4096], *end;
	struct ksc *k;
	glob_t found;
	size_t i;

	snprintf(path, sizeof(path), "%s/tests/trees/*/sys/kernel/syscalls", source);
	if (glob(path, 0, NULL, &found))
		return NULL;
	for (i = 0; i < found.gl_pathc; i++) {
		end = strstr(found.gl_pathv[i], "/sys/kernel/syscalls");
		*end = '\0';
		if (!ksc_open(&k, found.gl_pathv[i]) &&
		    ksc_abi_scmp_arch(ksc_abi_native(k)) == seccomp_arch_native())
			break;
		ksc_close(k);
		k = NULL;
	}
	globfree(&found);
	return k;
}

static void make_programs(struct ksc *k, const char *source)
{
	/* An argument: what depends on it is not remembered. */
	static const struct sock_filter look = BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
							offsetof(struct seccomp_data, args));
	struct ksc_profile *profile;
	struct ksc_policy *policy;
	struct sock_filter *prog;
	size_t len, prefix = BPF_MAXINSNS;
	char path[4096];

	snprintf(path, sizeof(path), "%s/moby-trixie.json", getenv("KSC_PROFILES") ?: ".");
	if (ksc_profile_new(&profile) || ksc_profile_load_file(profile, path) ||
	    ksc_profile_program(profile, KSC_RUNTIME_CRUN, &prog, &len) ||
	    ksc_policy_from_profile(&policy, k, profile, KSC_RELEASE_INFER))
		die(ksc_profile_error(profile));
	if (ksc_bpf_prefix(policy, progs[PREFIX], &prefix) || prefix + len > BPF_MAXINSNS)
		die("the policy does not compile");
	memcpy(progs[PROFILE], prog, len * sizeof(*prog));
	memcpy(progs[PREFIX] + prefix, prog, len * sizeof(*prog));
	progs[UNCACHED][0] = look;
	memcpy(progs[UNCACHED] + 1, progs[PREFIX], (prefix + len) * sizeof(*prog));
	lens[PROFILE] = len;
	lens[PREFIX] = prefix + len;
	lens[UNCACHED] = prefix + len + 1;
	free(prog);
	ksc_policy_free(policy);
	ksc_profile_free(profile);
}

int main(void)
{
	static const char *const names[FILTERS] = {
		"without a filter", "profile alone", "prefix and profile",
		"the same, out of the cache",
	};
	const char *source = getenv("KSC_SOURCE");
	struct ksc *k = open_tree(source ? source : ".");
	double each[FILTERS];
	int f, i;

	if (!k) {
		puts("# no tree of this architecture to measure with");
		return 77;
	}
	make_programs(k, source ? source : ".");
	ksc_close(k);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	if (shared == MAP_FAILED)
		die("mmap fails");
	for (i = 0; i < TURNS; i++) {
		for (f = 0; f < FILTERS; f++) {
			if (!run(f, &times[f][i])) {
				puts("# this kernel takes no filters");
				return 77;
			}
		}
	}
	for (f = 0; f < FILTERS; f++)
		each[f] = median(times[f], TURNS);
	puts("getppid()");
	for (f = 0; f < FILTERS; f++)
		printf("  %-30s %6.1f ns, %.2f of the profile alone\n", names[f], each[f],
		       each[f] / each[PROFILE]);
	return 0;
}
