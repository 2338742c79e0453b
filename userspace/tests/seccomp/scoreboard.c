// SPDX-License-Identifier: GPL-2.0-only
/*
 * scoreboard [--numbers N] [--baseline X.Y] PROFILE TREE...: how many numbers of
 * each ABI of each tree crun, runc (both generations) and the prefix answer
 * wrongly, judged by the reference. One line of tab-separated figures each.
 */
#include <getopt.h>
#include <linux/audit.h>
#include <linux/elf-em.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../bpfsim.h"
#include "reference.h"

enum contender { CRUN, RUNC, RUNC_OLD, OURS, CONTENDERS };

struct game {
	struct ksc *k;
	struct ref ref;
	struct ksc_profile *profile;
	struct sock_filter *progs[CONTENDERS];
};

static void die(const char *what, const char *why)
{
	fprintf(stderr, "scoreboard: %s: %s\n", what, why);
	exit(1);
}

static void load_ours(struct game *g, unsigned int baseline)
{
	struct sock_filter *tail, *prog;
	struct ksc_policy *policy;
	size_t prefix, len;

	if (ksc_policy_from_profile(&policy, g->k, g->profile, baseline))
		die("profile", ksc_profile_error(g->profile));
	if (ksc_profile_program(g->profile, KSC_RUNTIME_CRUN, &tail, &len) ||
	    ksc_bpf_prefix(policy, NULL, &prefix))
		die("prefix", ksc_profile_error(g->profile));
	prog = calloc(prefix + len, sizeof(*prog));
	if (!prog || ksc_bpf_prefix(policy, prog, &prefix))
		die("prefix", "cannot be made");
	memcpy(prog + prefix, tail, len * sizeof(*prog));
	free(tail);
	g->progs[OURS] = prog;
	ref_paint(&g->ref, g->profile, ksc_policy_baseline(policy), 0);
	ksc_policy_free(policy);
}

static void load(struct game *g, const char *tree, const char *profile, unsigned int baseline)
{
	static const enum ksc_runtime runtimes[] = {
		[CRUN] = KSC_RUNTIME_CRUN, [RUNC] = KSC_RUNTIME_RUNC,
		[RUNC_OLD] = KSC_RUNTIME_RUNC_OLD,
	};
	const struct ksc_abi *native;
	size_t len;
	int i;

	if (ksc_open(&g->k, tree))
		die(tree, ksc_error(g->k));
	ref_read(&g->ref, tree);
	native = ksc_abi_native(g->k);
	if (!native)
		die(tree, "has no native ABI");
	if (ksc_profile_new(&g->profile) ||
	    ksc_profile_set_arch(g->profile, ksc_abi_scmp_arch(native)) ||
	    ksc_profile_load_file(g->profile, profile))
		die(tree, g->profile ? ksc_profile_error(g->profile) : "out of memory");
	for (i = 0; i < OURS; i++) {
		if (ksc_profile_program(g->profile, runtimes[i], &g->progs[i], &len))
			die(profile, ksc_profile_error(g->profile));
	}
	load_ours(g, baseline);
}

/* Past ALLOW the kernel answers, with ENOSYS for what it does not have. */
static uint32_t seen(const struct ref_abi *a, unsigned int rel, uint32_t ret)
{
	if (ret == SECCOMP_RET_ALLOW && (rel >= REF_NUMBERS || !a->implemented[rel]))
		return SECCOMP_RET_ERRNO | ((a->audit_arch & 0xffff) == EM_MIPS ? 89 : 38);
	return ret;
}

static bool is_wrong(const struct game *g, const struct ref_abi *a, unsigned int rel, int who)
{
	/* Values that tell apart the argument rules of the field profiles. */
	static const uint64_t values[] = { 0, 8, 16, 39, 40, 0x20000, 0x10000000, UINT64_MAX };
	struct ref_cell cell = ref_verdict(&g->ref, a->audit_arch, a->base + rel);
	bool big = !(a->audit_arch & __AUDIT_ARCH_LE);
	uint32_t expected;
	size_t i, j;

	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct seccomp_data sd = { .nr = (int)(a->base + rel), .arch = a->audit_arch };

		for (j = 0; j < 6; j++)
			sd.args[j] = values[i];
		expected = cell.action ? cell.action :
			   bpfsim_run(g->progs[CRUN], &sd, big, NULL);
		if (seen(a, rel, bpfsim_run(g->progs[who], &sd, big, NULL)) !=
		    seen(a, rel, expected))
			return true;
	}
	return false;
}

/*
 * Below an ABI's end every number counts, and as many above it up to @numbers:
 * that is where the next releases' syscalls will be.
 */
static void print_scores(const struct game *g, const char *tree, unsigned int numbers)
{
	const char *row = strrchr(tree, '/') ? strrchr(tree, '/') + 1 : tree;
	const struct ref_abi *a;
	unsigned int i, rel, n, wrong[CONTENDERS];
	int who;

	for (i = 0; i < g->ref.nr_abis; i++) {
		a = &g->ref.abis[i];
		if (!a->covered)
			continue;
		/* arm_private is a handful of calls beside arm, without a future. */
		n = a->nr_syscalls > numbers || a->base == 0xf0000 ? a->nr_syscalls : numbers;
		memset(wrong, 0, sizeof(wrong));
		for (rel = 0; rel < n; rel++) {
			for (who = 0; who < CONTENDERS; who++)
				wrong[who] += is_wrong(g, a, rel, who);
		}
		printf("%s\t%s\t%u\t%u\t%u\t%u\t%u\n", row, a->name, n, wrong[RUNC_OLD],
		       wrong[RUNC], wrong[CRUN], wrong[OURS]);
	}
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "numbers", required_argument, NULL, 'n' },
		{ "baseline", required_argument, NULL, 'b' },
		{ NULL, 0, NULL, 0 },
	};
	unsigned int numbers = 512, baseline = KSC_RELEASE_INFER;
	static struct game g;
	int c, i;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'n')
			numbers = (unsigned int)strtoul(optarg, NULL, 10);
		else if (c != 'b' || ksc_release_parse(optarg, &baseline))
			return 2;
	}
	if (argc - optind < 2) {
		fputs("usage: scoreboard [--numbers N] [--baseline X.Y] PROFILE TREE...\n", stderr);
		return 2;
	}
	for (i = optind + 1; i < argc; i++) {
		load(&g, argv[i], argv[optind], baseline);
		print_scores(&g, argv[i], numbers);
		for (c = 0; c < CONTENDERS; c++)
			free(g.progs[c]);
		ksc_profile_free(g.profile);
		ksc_close(g.k);
		memset(&g, 0, sizeof(g));
	}
	return 0;
}
