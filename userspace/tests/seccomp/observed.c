// SPDX-License-Identifier: GPL-2.0-only
/*
 * What real runtimes did, weighed against the policy.
 *
 * observed program TREE PROFILE DUMP [MODEL]: how many numbers of each ABI the
 * program that dump-filter read from a container answers wrongly; with MODEL
 * (crun, crun-old, runc or runc-old), how many answers of our model of that runtime differ.
 *
 * observed called TREE PROFILE LETTERS FREE: the same for what a container got to
 * see, N for ENOSYS, P for EPERM, I for the rest, as selftests/guest/invoke prints it.
 * FREE has the letters of a container without a filter, which tell what the kernel
 * itself answers. Numbers whose answer depends on arguments are left out.
 *
 * With "-b OWN" before all that, what the policy leaves to the profile's own filter is
 * answered by the program OWN, which dump-filter read from a container that the same
 * runtime started without us, instead of by crun's of our model.
 *
 * Lines of tab-separated figures: ABI, numbers, wrong, differences or left out. Those
 * that begin with "# " name what is wrong: ABI, number as seccomp has it, name.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/filter.h>

#include "../bpfsim.h"
#include "judge.h"

#define NUMBERS		512
#define LETTERS		1200

static void die(const char *what, const char *why)
{
	fprintf(stderr, "observed: %s: %s\n", what, why);
	exit(2);
}

static FILE *open_file(const char *path)
{
	FILE *f = fopen(path, "re");

	if (!f)
		die(path, strerror(errno));
	return f;
}

/* ---- programs ----------------------------------------------------------- */

static struct sock_filter *read_model(struct judge *j, const char *name)
{
	enum ksc_runtime runtime;
	size_t len;

	if (judge_runtime(name, &runtime))
		die(name, "is no runtime with a model");
	return judge_model(j, runtime, &len);
}

static void print_wrong(const struct judge *j, const struct ref_abi *a, unsigned int rel,
			const struct sock_filter *prog)
{
	unsigned int i;

	for (i = 0; i < JUDGE_SAMPLES; i++) {
		uint32_t is = judge_answer(a, rel, i, prog), should = judge_expected(j, a, rel, i);

		if (is == should)
			continue;
		printf("# %s %u %s: %#x, should be %#x (sample %u)\n", a->name, a->base + rel,
		       rel < REF_NUMBERS ? a->names[rel] : "", is, should, i);
		return;
	}
}

static void judge_program(struct judge *j, const char *dump, const char *model_name)
{
	static struct sock_filter prog[BPF_MAXINSNS];
	struct sock_filter *model = model_name ? read_model(j, model_name) : NULL;
	unsigned int i, s, rel, n, wrong, differ;
	const struct ref_abi *a;

	if (!bpfsim_read(dump, prog))
		die(dump, strerror(errno));
	for (i = 0; i < j->ref.nr_abis; i++) {
		a = &j->ref.abis[i];
		if (!a->covered)
			continue;
		n = judge_numbers(a, NUMBERS);
		for (rel = 0, wrong = 0, differ = 0; rel < n; rel++) {
			wrong += judge_wrong(j, a, rel, prog);
			for (s = 0; model && s < JUDGE_SAMPLES; s++)
				differ += judge_answer(a, rel, s, prog) !=
					  judge_answer(a, rel, s, model);
		}
		printf("%s\t%u\t%u\t%u\n", a->name, n, wrong, differ);
		for (rel = 0; rel < n; rel++) {
			if (judge_wrong(j, a, rel, prog))
				print_wrong(j, a, rel, prog);
		}
	}
	free(model);
}

/* ---- letters ------------------------------------------------------------ */

/* False if the ABI cannot be entered. */
static bool read_letters(const char *path, const char *abi, char letters[LETTERS])
{
	FILE *f = open_file(path);
	char name[32], format[32];
	bool found = false;

	snprintf(format, sizeof(format), "%%31s %%%us", LETTERS - 1);
	while (!found && fscanf(f, format, name, letters) == 2)
		found = !strcmp(name, abi);
	fclose(f);
	return found && *letters != '-';
}

/* The letter of a number, or 0 where that depends on its arguments. */
static char expected_letter(const struct judge *j, const struct ref_abi *a, unsigned int rel,
			    char free_letter)
{
	uint32_t answer = judge_expected(j, a, rel, 0);
	unsigned int i;

	for (i = 1; i < JUDGE_SAMPLES; i++) {
		if (judge_expected(j, a, rel, i) != answer)
			return 0;
	}
	if ((answer & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_ERRNO)
		return free_letter;
	switch (answer & SECCOMP_RET_DATA) {
	case ENOSYS:
		return 'N';
	case EPERM:
		return 'P';
	default:
		return 'I';
	}
}

static void judge_letters(const struct judge *j, const char *path, const char *free_path)
{
	unsigned int i, rel, n, wrong, left_out;
	char is[LETTERS], free_letters[LETTERS];
	const struct ref_abi *a;
	char should;

	for (i = 0; i < j->ref.nr_abis; i++) {
		a = &j->ref.abis[i];
		if (!a->covered || !read_letters(free_path, a->name, free_letters))
			continue;
		if (!read_letters(path, a->name, is))
			die(path, "lacks an ABI that can be entered without a filter");
		n = judge_numbers(a, NUMBERS);
		if (strlen(is) < n || strlen(free_letters) < n)
			die(path, "has too few letters");
		for (rel = 0, wrong = 0, left_out = 0; rel < n; rel++) {
			should = expected_letter(j, a, rel, free_letters[rel]);
			left_out += !should;
			if (!should || should == is[rel])
				continue;
			/* Since 6.14 no filter sees these. */
			if (is[rel] == free_letters[rel] && ref_called_by_the_kernel(a->names[rel]))
				continue;
			wrong++;
			printf("# %s %u %s: %c, should be %c\n", a->name, a->base + rel,
			       a->names[rel], is[rel], should);
		}
		printf("%s\t%u\t%u\t%u\n", a->name, n, wrong, left_out);
	}
}

static void take_own(struct judge *j, const char *dump)
{
	struct sock_filter *prog = calloc(BPF_MAXINSNS, sizeof(*prog));

	if (!prog || !bpfsim_read(dump, prog))
		die(dump, strerror(errno));
	free(j->original);
	j->original = prog;
}

int main(int argc, char **argv)
{
	const char *own = argc > 2 && !strcmp(argv[1], "-b") ? argv[2] : NULL;
	static struct judge j;
	bool program, called;

	argc -= own ? 2 : 0;
	argv += own ? 2 : 0;
	program = argc > 4 && !strcmp(argv[1], "program");
	called = argc == 6 && !strcmp(argv[1], "called");
	if (argc > 6 || (!program && !called)) {
		fputs("usage: observed [-b OWN] program TREE PROFILE DUMP [MODEL] |\n"
		      "       observed [-b OWN] called TREE PROFILE LETTERS FREE\n", stderr);
		return 2;
	}
	judge_open(&j, argv[2], argv[3], KSC_RELEASE_INFER);
	if (own)
		take_own(&j, own);
	if (program)
		judge_program(&j, argv[4], argv[5]);
	else
		judge_letters(&j, argv[4], argv[5]);
	judge_close(&j);
	return 0;
}
