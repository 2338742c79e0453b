// SPDX-License-Identifier: GPL-2.0-only
/*
 * What explain knows of one number: the verdict, what plain runtimes answer, and what
 * a program sees of either.
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ksyscalls-seccomp.h>

#include "../../lib/shared.h"
#include "explain.h"
#include "survey.h"

const struct explain_column explain_columns[EXPLAIN_COLUMNS] = {
	{ KSC_ROW_UNCOVERED,	"uncovered",	"UNCOVERED" },
	{ KSC_ROW_SPECIAL,	"special",	"SPECIAL" },
	{ KSC_ROW_ABSENT,	"absent",	"ABSENT" },
	{ KSC_ROW_NAMED,	"named",	"NAMED" },
	{ KSC_ROW_UNRESOLVED,	"unresolved",	"UNRESOLVED" },
	{ KSC_ROW_SITE,		"site",		"SITE" },
	{ KSC_ROW_NEWER,	"newer",	"NEWER" },
	{ KSC_ROW_SUCCESSOR,	"successor",	"SUCCESSOR" },
	{ KSC_ROW_DENIED,	"denied",	"DENIED" },
	{ KSC_ROW_DEFAULT,	"unchanged",	"UNCHANGED" },
};

const struct explain_runtime explain_runtimes[EXPLAIN_RUNTIMES] = {
	{ KSC_RUNTIME_RUNC,	"runc" },
	{ KSC_RUNTIME_CRUN,	"crun" },
};

static int load_programs(struct question *q)
{
	const struct explain_runtime *rt;
	struct tool_prog *prog;
	size_t i;
	int ret;

	for (i = 0; q->filter.profile && i < EXPLAIN_RUNTIMES; i++) {
		rt = &explain_runtimes[i];
		prog = &q->progs[i];
		ret = ksc_profile_program(q->filter.profile, rt->runtime, &prog->insns, &prog->len);
		if (ret) {
			tool_error(q->t, "%s would not start a container: %s", rt->name,
				   ksc_profile_error(q->filter.profile));
			return TOOL_USAGE;
		}
	}
	return TOOL_OK;
}

/**
 * explain_load() - make ready for questions
 * @q: the question, with nothing but the run; end it with explain_free(), after failure too
 * @k: the tree; has to live as long as the question
 * @args: profile and policy
 *
 * Return: TOOL_OK, or another exit status with the reason told.
 */
int explain_load(struct question *q, const struct ksc *k, const struct tool_filter_args *args)
{
	int ret = tool_filter_new(q->t, k, args, &q->filter);

	if (ret)
		return ret;
	q->k = ksc_policy_view(q->filter.policy);
	return load_programs(q);
}

/**
 * explain_free() - end what explain_load() made
 * @q: the question
 */
void explain_free(struct question *q)
{
	size_t i;

	for (i = 0; i < EXPLAIN_RUNTIMES; i++)
		free(q->progs[i].insns);
	tool_filter_free(&q->filter);
}

/**
 * explain_action() - an answer in a word
 * @arch: AUDIT_ARCH_* of the caller, whose ENOSYS may be another number than ours
 * @action: SECCOMP_RET_* with its data
 * @buf: room for what has no name
 * @room: its size
 */
const char *explain_action(uint32_t arch, uint32_t action, char *buf, size_t room)
{
	const struct ksc_action *kind = ksc_find_action(action);

	if (action == ksc_ret_enosys(arch))
		return "ENOSYS";
	if (action == (SECCOMP_RET_ERRNO | EPERM))
		return "EPERM";
	if (kind && kind->action != SECCOMP_RET_ERRNO)
		return kind->name;
	snprintf(buf, room, "errno %u", action & SECCOMP_RET_DATA);
	return buf;
}

/* What the caller sees: past ALLOW the kernel answers for itself, if it is known. */
static uint32_t seen(const struct ksc_abi *abi, uint32_t nr, uint32_t answer)
{
	if (answer == SECCOMP_RET_ALLOW && !ksc_abi_implemented(abi, nr))
		return ksc_ret_enosys(ksc_abi_audit_arch(abi));
	return answer;
}

uint32_t explain_verdict(const struct question *q, const struct ksc_abi *abi, uint32_t nr)
{
	return ksc_verdict(q->filter.policy, ksc_abi_audit_arch(abi), ksc_abi_base(abi) + nr);
}

enum ksc_row explain_row(const struct question *q, const struct ksc_abi *abi, uint32_t nr)
{
	return ksc_verdict_row(q->filter.policy, ksc_abi_audit_arch(abi), ksc_abi_base(abi) + nr);
}

const char *explain_name(const struct question *q, const struct ksc_abi *abi, uint32_t nr)
{
	return ksc_verdict_name(q->filter.policy, ksc_abi_audit_arch(abi), ksc_abi_base(abi) + nr);
}

const char *explain_reason(const struct question *q, const struct ksc_abi *abi, uint32_t nr,
			   char buf[KSC_EXPLAIN_MAX])
{
	ksc_explain(q->filter.policy, ksc_abi_audit_arch(abi), ksc_abi_base(abi) + nr, buf,
		    KSC_EXPLAIN_MAX);
	return buf;
}

/* What falls through meets libseccomp's program, which is crun's. */
static uint32_t own(const struct question *q, const struct ksc_abi *abi, uint32_t nr, bool *by_args)
{
	return tool_bpf_answer(&q->progs[EXPLAIN_RUNTIMES - 1], ksc_abi_audit_arch(abi),
			       ksc_abi_base(abi) + nr, by_args);
}

/* The verdict or, where it leaves that to the profile, what that has. */
uint32_t explain_answer(const struct question *q, const struct ksc_abi *abi, uint32_t nr)
{
	uint32_t action = explain_verdict(q, abi, nr);

	return action ? action : own(q, abi, nr, NULL);
}

/* What the profile has, in a word; @buf is room for it. */
const char *explain_own_text(const struct question *q, const struct ksc_abi *abi, uint32_t nr,
			     char *buf, size_t room)
{
	bool by_args;
	uint32_t answer = own(q, abi, nr, &by_args);

	return by_args ? "by arguments" :
			 explain_action(ksc_abi_audit_arch(abi), answer, buf, room);
}

/* @from and @to as the caller sees them; false if they are the same. */
bool explain_change(const struct question *q, size_t runtime, const struct ksc_abi *abi,
		    uint32_t nr, uint32_t *from, uint32_t *to)
{
	*from = seen(abi, nr, tool_bpf_answer(&q->progs[runtime], ksc_abi_audit_arch(abi),
					      ksc_abi_base(abi) + nr, NULL));
	*to = seen(abi, nr, explain_answer(q, abi, nr));
	return *from != *to;
}

/* The tree's name, or the profile's, or of those who know more; NULL: nobody has one. free() it. */
char *explain_any_name(const struct question *q, const struct ksc_abi *abi, uint32_t nr)
{
	const char *name = explain_name(q, abi, nr);

	return name ? strdup(name) : tool_absent_name(abi, nr);
}

/*
 * @calls has room for one more of each ABI. If none of the tree has the word, whose mistake
 * that is, is another matter.
 */
int explain_find(const struct question *q, const char *word, struct explain_call *calls,
		 size_t *n)
{
	const struct ksc_abi *abi;
	unsigned int known;
	size_t before = *n;
	uint32_t nr;
	int found;

	ksc_abi_foreach(abi, q->k) {
		found = explain_number(q, abi, word, &known);
		if (found >= 0)
			calls[(*n)++] = (struct explain_call){ word, abi, (uint32_t)found, known };
	}
	if (*n > before)
		return TOOL_OK;
	abi = ksc_abi_next(q->k, NULL);
	if (!tool_parse_nr(word, &nr)) {
		tool_error(q->t, "%s: a number of an ABI that the tree does not publish", word);
		return TOOL_USAGE;
	}
	if (!abi || tool_known_name(abi, word, &nr) == TOOL_KNOWN_NOWHERE) {
		tool_error(q->t, "%s: no syscall of that name is known: misspelt, or very new",
			   word);
		return TOOL_USAGE;
	}
	tool_error(q->t, "%s: no ABI of this tree has it", word);
	return TOOL_NO;
}

/* This kernel's, and what Linux has assigned since, which newer programs call first. */
uint32_t explain_numbers(const struct ksc_abi *abi)
{
	uint32_t own = ksc_abi_nr_syscalls(abi), all = survey_numbers(ksc_abi_id(abi));

	return own > all ? own : all;
}

void explain_rows(const struct question *q, const struct ksc_abi *abi,
		  unsigned int counts[EXPLAIN_COLUMNS])
{
	uint32_t end = explain_numbers(abi), nr;
	enum ksc_row row;
	size_t i;

	memset(counts, 0, EXPLAIN_COLUMNS * sizeof(counts[0]));
	for (nr = 0; nr < end; nr++) {
		row = explain_row(q, abi, nr);
		for (i = 0; i < EXPLAIN_COLUMNS; i++)
			counts[i] += explain_columns[i].row == row;
	}
}

/* A number with the base of an ABI is no question about another one. */
static bool is_meant(const struct ksc *k, const struct ksc_abi *abi, uint32_t *nr)
{
	const struct ksc_abi *other;
	uint32_t given = *nr, base;

	if (tool_nr_owner(k, abi, nr) != abi)
		return false;
	if (*nr < ksc_abi_nr_syscalls(abi))
		return true;
	ksc_abi_foreach(other, k) {
		base = ksc_abi_base(other);
		if (base && given >= base && given - base < ksc_abi_nr_syscalls(other))
			return false;
	}
	return true;
}

/* The tree's number for a name, else libseccomp's, relative to the base; negative: none. */
int explain_number(const struct question *q, const struct ksc_abi *abi, const char *word,
		   unsigned int *known)
{
	uint32_t nr;
	int found;

	*known = 0;
	if (!tool_parse_nr(word, &nr))
		return is_meant(q->k, abi, &nr) ? (int)nr : -1;
	*known = ksc_abi_known(abi, word);
	found = ksc_abi_nr(abi, word);
	if (found >= 0 || *known & KSC_KNOWN_MUX)
		return found;
	return tool_known_name(abi, word, &nr) == TOOL_KNOWN_HERE ? (int)nr : -1;
}

/**
 * explain_count() - how much changes against a runtime
 * @q: the question
 * @runtime: which one
 * @abi: the ABI
 * @n: receives the counts
 *
 * A number that no kernel has assigned is none that a program could mean, and where
 * this boot does not offer the ABI there is no program.
 */
void explain_count(const struct question *q, size_t runtime, const struct ksc_abi *abi,
		   struct explain_count *n)
{
	uint32_t nr, from, to;
	bool off = !ksc_abi_nr_implemented(abi), changes;
	char *name;

	*n = (struct explain_count){ .all_of = explain_numbers(abi) };
	for (nr = 0; nr < n->all_of; nr++) {
		changes = explain_change(q, runtime, abi, nr, &from, &to);
		name = off ? NULL : explain_any_name(q, abi, nr);
		n->all += changes;
		n->reachable += changes && name;
		n->reachable_of += !!name;
		free(name);
	}
}
