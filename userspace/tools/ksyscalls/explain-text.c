// SPDX-License-Identifier: GPL-2.0-only
/*
 * explain for people: a table, lists of what changes, a line for one syscall.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ksyscalls-seccomp.h>

#include "../../lib/shared.h"
#include "../text.h"
#include "../view.h"
#include "explain.h"

static void print_table(const struct question *q)
{
	unsigned int counts[EXPLAIN_COLUMNS];
	const struct ksc_abi *abi;
	size_t i;

	printf("%-12s %8s", "ABI", "NUMBERS");
	for (i = 0; i < EXPLAIN_COLUMNS; i++)
		printf(" %10s", explain_columns[i].title);
	putchar('\n');
	ksc_abi_foreach(abi, q->k) {
		explain_rows(q, abi, counts);
		printf("%-12s %8u", ksc_abi_id(abi), explain_numbers(abi));
		for (i = 0; i < EXPLAIN_COLUMNS; i++)
			printf(" %10u", counts[i]);
		putchar('\n');
	}
	puts("Where no option says otherwise ABSENT, NEWER and SUCCESSOR answer ENOSYS, and\n"
	     "UNRESOLVED that or the errno of its rule; SITE answers what an option says. The\n"
	     "others leave the answer to the profile's own filter.");
}

/* A list of words, wrapped and indented. */
struct wrap {
	int column;
};

static void wrap_word(struct wrap *w, const char *word)
{
	int len = (int)strlen(word);

	if (!w->column || w->column + len + 1 > 80)
		w->column = printf("%s    ", w->column ? "\n" : "") - !!w->column;
	/* Names in a profile are anybody's text. */
	putchar(' ');
	text_print(stdout, word);
	w->column += 1 + len;
}

static void wrap_end(struct wrap *w)
{
	if (w->column)
		putchar('\n');
	w->column = 0;
}

/* Numbers without a name come in long runs. */
struct run {
	uint32_t first, end;	/* empty if equal */
};

static void run_flush(struct run *r, struct wrap *w)
{
	char text[32];

	if (r->first == r->end)
		return;
	if (r->first + 1 == r->end)
		snprintf(text, sizeof(text), "%u", r->first);
	else
		snprintf(text, sizeof(text), "%u-%u", r->first, r->end - 1);
	wrap_word(w, text);
	r->first = r->end = 0;
}

static void run_add(struct run *r, struct wrap *w, uint32_t nr)
{
	if (r->first == r->end || r->end != nr) {
		run_flush(r, w);
		r->first = nr;
	}
	r->end = nr + 1;
}

static void print_changes_between(const struct question *q, size_t runtime,
				  const struct ksc_abi *abi, uint32_t from, uint32_t to)
{
	struct wrap w = { 0 };
	struct run run = { 0 };
	uint32_t arch = ksc_abi_audit_arch(abi), end = explain_numbers(abi), nr, f, t;
	char a[24], b[24];
	char *name;

	printf("  %s: %s becomes %s:\n", explain_runtimes[runtime].name,
	       explain_action(arch, from, a, sizeof(a)),
	       explain_action(arch, to, b, sizeof(b)));
	for (nr = 0; nr < end; nr++) {
		if (!explain_change(q, runtime, abi, nr, &f, &t) || f != from || t != to)
			continue;
		name = explain_any_name(q, abi, nr);
		if (!name) {
			run_add(&run, &w, nr);
			continue;
		}
		run_flush(&run, &w);
		wrap_word(&w, name);
		free(name);
	}
	run_flush(&run, &w);
	wrap_end(&w);
}

/* Each pair of answers once, at the first number that has it. */
static void print_changes(const struct question *q, size_t runtime, const struct ksc_abi *abi)
{
	uint32_t pairs[32][2], end = explain_numbers(abi), from, to, nr;
	size_t n = 0, i;

	for (nr = 0; nr < end; nr++) {
		if (!explain_change(q, runtime, abi, nr, &from, &to))
			continue;
		for (i = 0; i < n && (pairs[i][0] != from || pairs[i][1] != to); i++)
			;
		if (i < n || n == ARRAY_SIZE(pairs))
			continue;
		pairs[n][0] = from;
		pairs[n++][1] = to;
		print_changes_between(q, runtime, abi, from, to);
	}
}

static void print_unknown(const struct question *q)
{
	const struct ksc_profile_rule *r;
	struct wrap w = { 0 };

	ksc_profile_rule_foreach(r, q->filter.profile) {
		if (ksc_profile_rule_nr(r) != __NR_SCMP_ERROR)
			continue;
		if (!w.column)
			puts("\nnames that libseccomp does not know:");
		wrap_word(&w, ksc_profile_rule_name(r));
	}
	wrap_end(&w);
}

static void print_runtime(const struct question *q, size_t runtime, const struct ksc_abi *abi)
{
	struct explain_count n;

	explain_count(q, runtime, abi, &n);
	printf("  %s: reachable: %u of %u numbers that Linux has assigned; of all numbers: "
	       "%u of %u\n", explain_runtimes[runtime].name, n.reachable, n.reachable_of, n.all,
	       n.all_of);
	/* Nobody reaches what this boot does not offer. */
	if (n.reachable_of)
		print_changes(q, runtime, abi);
}

int explain_text(const struct question *q)
{
	const struct ksc_abi *abi;
	size_t i;

	print_table(q);
	if (!q->filter.profile)
		return TOOL_OK;
	ksc_abi_foreach(abi, q->k) {
		printf("\n%s, changes against the runtimes as they are:\n", ksc_abi_id(abi));
		for (i = 0; i < EXPLAIN_RUNTIMES; i++)
			print_runtime(q, i, abi);
	}
	print_unknown(q);
	return TOOL_OK;
}

/* ---- one syscall ------------------------------------------------------- */

static const char *known_text(const struct ksc_abi *abi, unsigned int known)
{
	static const char *const texts[2][2] = {
		{ "", "; known to libseccomp, not to the kernel" },
		{ "; known to the kernel, not to libseccomp", "; known to kernel and libseccomp" },
	};

	if (view_has_names_alone(abi))
		return known & KSC_KNOWN_LIBSECCOMP ? "; known to libseccomp" :
						      "; not known to libseccomp";
	return texts[!!(known & KSC_KNOWN_KERNEL)][!!(known & KSC_KNOWN_LIBSECCOMP)];
}

/* Neither the view nor the profile has a word to say of it. */
static bool is_nobodys(const struct question *q, const struct ksc_abi *abi, uint32_t nr)
{
	return q->filter.profile && view_has_names_alone(abi) &&
	       explain_row(q, abi, nr) == KSC_ROW_UNCOVERED;
}

/* Reasons go by the view's names: who asks by name sees it where the view has none, too. */
static void print_name(const struct question *q, const struct ksc_abi *abi, uint32_t nr)
{
	char *name = explain_name(q, abi, nr) ? NULL : explain_any_name(q, abi, nr);

	if (name) {
		text_print(stdout, name);
		fputs(", ", stdout);
	}
	free(name);
}

/* @action: the verdict; 0 leaves it to the profile, if there is one. */
static void print_answer(const struct question *q, const struct ksc_abi *abi, uint32_t nr,
			 uint32_t action)
{
	char buf[24];

	if (action)
		printf("%-28s", explain_action(ksc_abi_audit_arch(abi), action, buf, sizeof(buf)));
	else if (q->filter.profile)
		printf("the profile's answer: %-6s",
		       explain_own_text(q, abi, nr, buf, sizeof(buf)));
	else
		printf("%-28s", "allowed");
}

static void print_call(const struct question *q, const struct explain_call *call)
{
	const struct ksc_abi *abi = call->abi;
	uint32_t action = explain_verdict(q, abi, call->nr);
	char why[KSC_EXPLAIN_MAX];

	printf("%-12s %4u  ", ksc_abi_id(abi), call->nr);
	print_answer(q, abi, call->nr, action);
	fputs("  ", stdout);
	print_name(q, abi, call->nr);
	text_print(stdout, action || q->filter.profile ? explain_reason(q, abi, call->nr, why) :
		   ksc_abi_implemented(abi, call->nr) == 1 ? "implemented; no profile was given" :
		   "perhaps implemented; no profile was given");
	printf("%s\n", known_text(abi, call->known));
}

int explain_text_some(const struct question *q, const struct explain_call *calls, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!is_nobodys(q, calls[i].abi, calls[i].nr))
			print_call(q, &calls[i]);
	}
	return TOOL_OK;
}
