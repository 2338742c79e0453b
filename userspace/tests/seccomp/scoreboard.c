// SPDX-License-Identifier: GPL-2.0-only
/*
 * scoreboard [--numbers N] [--baseline X.Y|none] [--each] PROFILE TREE...: how many
 * numbers of each ABI of each tree crun, runc (both generations) and the prefix
 * answer wrongly, judged by the reference. One line of tab-separated figures each:
 * row, ABI, numbers, and the wrong ones of runc to 1.1.14, runc, crun and ours.
 *
 * --each also prints each number that is answered wrongly, its name if the kernel
 * has it, and for the four the first argument sample that is, -1 for none; sample 0
 * is all zeros.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/filter.h>

#include "judge.h"

enum contender { CRUN, RUNC, RUNC_OLD, OURS, CONTENDERS };

struct game {
	struct judge judge;
	struct sock_filter *progs[CONTENDERS];
};

static void die(const char *what, const char *why)
{
	fprintf(stderr, "scoreboard: %s: %s\n", what, why);
	exit(1);
}

static struct sock_filter *make_ours(struct judge *j)
{
	struct sock_filter *tail, *prog;
	size_t prefix, len;

	tail = judge_model(j, KSC_RUNTIME_CRUN, &len);
	if (ksc_bpf_prefix(j->policy, NULL, &prefix))
		die("prefix", "cannot be made");
	prog = calloc(prefix + len, sizeof(*prog));
	if (!prog || ksc_bpf_prefix(j->policy, prog, &prefix))
		die("prefix", "cannot be made");
	memcpy(prog + prefix, tail, len * sizeof(*prog));
	free(tail);
	return prog;
}

static void load(struct game *g, const char *tree, const char *profile, unsigned int baseline)
{
	static const enum ksc_runtime runtimes[] = {
		[CRUN] = KSC_RUNTIME_CRUN, [RUNC] = KSC_RUNTIME_RUNC,
		[RUNC_OLD] = KSC_RUNTIME_RUNC_OLD,
	};
	size_t len;
	int i;

	judge_open(&g->judge, tree, profile, baseline);
	for (i = 0; i < OURS; i++)
		g->progs[i] = judge_model(&g->judge, runtimes[i], &len);
	g->progs[OURS] = make_ours(&g->judge);
}

/* The first sample that is answered wrongly; -1 for none. */
static int first_wrong(const struct game *g, const struct ref_abi *a, unsigned int rel, int who)
{
	unsigned int i;

	for (i = 0; i < JUDGE_SAMPLES; i++) {
		if (judge_answer(a, rel, i, g->progs[who]) != judge_expected(&g->judge, a, rel, i))
			return (int)i;
	}
	return -1;
}

static void print_number(const struct game *g, const struct ref_abi *a, unsigned int rel)
{
	int i, wrong[CONTENDERS];
	bool any = false;

	for (i = 0; i < CONTENDERS; i++) {
		wrong[i] = first_wrong(g, a, rel, i);
		any |= wrong[i] >= 0;
	}
	if (any)
		printf("#\t%s\t%u\t%s\t%d\t%d\t%d\t%d\n", a->name, rel,
		       rel < REF_NUMBERS && *a->names[rel] ? a->names[rel] : "-",
		       wrong[RUNC_OLD], wrong[RUNC], wrong[CRUN], wrong[OURS]);
}

static void print_scores(const struct game *g, const char *tree, unsigned int numbers, bool each)
{
	const char *row = strrchr(tree, '/') ? strrchr(tree, '/') + 1 : tree;
	const struct ref_abi *a;
	unsigned int i, rel, n, wrong[CONTENDERS];
	int who;

	for (i = 0; i < g->judge.ref.nr_abis; i++) {
		a = &g->judge.ref.abis[i];
		if (!a->covered)
			continue;
		n = judge_numbers(a, numbers);
		memset(wrong, 0, sizeof(wrong));
		for (rel = 0; rel < n; rel++) {
			for (who = 0; who < CONTENDERS; who++)
				wrong[who] += judge_wrong(&g->judge, a, rel, g->progs[who]);
			if (each)
				print_number(g, a, rel);
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
		{ "each", no_argument, NULL, 'e' },
		{ NULL, 0, NULL, 0 },
	};
	unsigned int numbers = 512, baseline = KSC_RELEASE_INFER;
	static struct game g;
	bool each = false;
	int c, i;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'n')
			numbers = (unsigned int)strtoul(optarg, NULL, 10);
		else if (c == 'e')
			each = true;
		else if (c == 'b' && !strcmp(optarg, "none"))
			baseline = KSC_RELEASE_NONE;
		else if (c != 'b' || ksc_release_parse(optarg, &baseline))
			return 2;
	}
	if (argc - optind < 2) {
		fputs("usage: scoreboard [--numbers N] [--baseline X.Y|none] [--each] "
		      "PROFILE TREE...\n", stderr);
		return 2;
	}
	for (i = optind + 1; i < argc; i++) {
		load(&g, argv[i], argv[optind], baseline);
		print_scores(&g, argv[i], numbers, each);
		for (c = 0; c < CONTENDERS; c++)
			free(g.progs[c]);
		judge_close(&g.judge);
	}
	return 0;
}
