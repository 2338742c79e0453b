// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A policy as a classic BPF program, to be put before the profile's own.
 *
 * For each architecture the numbers fall into ranges that get one answer each.
 * A binary search finds the range; a number that stands alone between equal
 * neighbours is cheaper as an equality test, which saves a boundary. Numbers
 * whose answer is the same either way belong to whichever range is convenient.
 *
 * The program is written from its end. Jumps only go forward, so when an
 * instruction is written its targets have their places; one that is farther
 * than the eight bits of a conditional jump gets a stepping stone.
 *
 * Only instructions are used that the kernel follows when it computes for which
 * numbers a filter always allows, so that it need not be run for them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

#include "private.h"

#define OFF_NR		((uint32_t)offsetof(struct seccomp_data, nr))
#define OFF_ARCH	((uint32_t)offsetof(struct seccomp_data, arch))

#define MAX_JUMP	255
/* Equality tests in a row that are never slower than the search they replace. */
#define MAX_SINGLES	2

/* Numbers with one answer. Between last and the next range nobody cares. */
struct range {
	uint32_t first;
	uint32_t last;
	uint32_t action;	/* 0: fall through */
	bool either_way;	/* until settle(): @action or 0, as is convenient */
};

/* Ranges that one search leads to: all have the answer @action, but @singles. */
struct group {
	size_t from;		/* first range */
	size_t to;		/* one after the last */
	uint32_t action;
	unsigned int singles;
	uint64_t weight;	/* of this and all groups before */
};

/* Where the answer @action was last put; see target(). */
struct stone {
	uint32_t action;
	size_t at;
};

/* Places count from the end, which is 0: the instruction at place 1 is the last. */
struct program {
	struct sock_filter insn[BPF_MAXINSNS];	/* insn[BPF_MAXINSNS - place] */
	size_t len;
	bool full;

	struct range *ranges;
	size_t nr_ranges;
	size_t room;
	struct group *groups;
	size_t nr_groups;

	struct stone *stones;
	size_t nr_stones;
	size_t stone_room;
	bool no_memory;
};

/* ---- ranges ----------------------------------------------------------- */

static void add_range(struct program *prog, uint32_t first, uint32_t last,
		      struct ksc_decision d)
{
	struct range *r = prog->nr_ranges ? &prog->ranges[prog->nr_ranges - 1] : NULL;
	size_t room;

	/* What is settled either way has one action in all of an architecture. */
	if (d.either_way)
		d.action = 0;
	if (r && r->action == d.action && r->either_way == d.either_way) {
		r->last = last;
		return;
	}
	if (prog->nr_ranges == prog->room) {
		room = prog->room ? prog->room * 2 : 128;
		r = realloc(prog->ranges, room * sizeof(*r));
		if (!r) {
			prog->no_memory = true;
			return;
		}
		prog->ranges = r;
		prog->room = room;
	}
	prog->ranges[prog->nr_ranges++] = (struct range) { first, last, d.action, d.either_way };
}

static void add_abi(struct program *prog, const struct ksc_policy *p, const struct ksc_abi *abi)
{
	size_t nr_rules, i = 0;
	const struct ksc_nr_rule *rules = ksc_policy_rules(p, abi, &nr_rules);
	uint32_t end = abi->last - abi->base;
	uint32_t nr = 0;

	while (nr < abi->nr_syscalls || i < nr_rules) {
		const struct ksc_nr_rule *rule = i < nr_rules ? &rules[i] : NULL;

		if (nr >= abi->nr_syscalls && rule->nr > nr) {
			/* Between rules for numbers that only newer kernels have. */
			add_range(prog, abi->base + nr, abi->base + rule->nr - 1,
				  ksc_decide(p, abi, nr, NULL));
			nr = rule->nr;
		}
		if (rule && rule->nr == nr)
			i++;
		else
			rule = NULL;
		add_range(prog, abi->base + nr, abi->base + nr, ksc_decide(p, abi, nr, rule));
		nr++;
	}
	if (nr <= end)
		add_range(prog, abi->base + nr, abi->last, ksc_decide(p, abi, nr, NULL));
}

/*
 * Let the numbers that may go either way go with a neighbour. As long as nothing
 * but falling through and ENOSYS occurs, they become gaps, of which each search
 * makes what it likes. An ERRNO or ALLOW of row 3' must not swallow them, so
 * where there is one they are given away for good.
 */
static void settle(struct program *prog, uint32_t enosys)
{
	struct range *r = prog->ranges;
	size_t n = prog->nr_ranges, i, to = 0;
	bool others = false;

	for (i = 0; i < n; i++)
		others |= r[i].action && r[i].action != enosys;
	for (i = 0; i < n; i++) {
		struct range *last = to ? &r[to - 1] : NULL;

		if (r[i].either_way && !others)
			continue;
		if (r[i].either_way && last && (!last->action || last->action == enosys)) {
			last->last = r[i].last;
			continue;
		}
		if (r[i].either_way && i + 1 < n && r[i + 1].action == enosys) {
			r[i + 1].first = r[i].first;
			continue;
		}
		if (last && last->action == r[i].action) {
			last->last = r[i].last;
			continue;
		}
		r[to++] = r[i];
	}
	prog->nr_ranges = to;
}

/* All numbers of one architecture, whose ABIs are neighbours in the tree's order. */
static void add_arch(struct program *prog, const struct ksc_policy *p, const struct ksc_abi *abi)
{
	static const struct ksc_decision fall_through = { .row = KSC_ROW_UNCOVERED };
	const struct ksc *k = ksc_policy_tree(p);
	uint32_t arch = abi->audit_arch;
	uint32_t next = 0;

	prog->nr_ranges = 0;
	for (; abi && abi->audit_arch == arch; abi = ksc_abi_next(k, abi)) {
		if (!ksc_policy_covers(p, abi))
			continue;
		if (abi->base > next)
			add_range(prog, next, abi->base - 1, fall_through);
		add_abi(prog, p, abi);
		next = abi->last + 1;
	}
	add_range(prog, next, KSC_NR_SKIP, fall_through);
	settle(prog, ksc_ret_enosys(arch));
}

/* ---- groups ----------------------------------------------------------- */

static bool is_single(const struct range *r)
{
	return r->first == r->last;
}

/*
 * Split the ranges into groups so that boundaries and equality tests together
 * are fewest, shallowest first among equals. A group's ranges alternate between
 * its action and singles, so how long it can be is bounded, and how short is
 * all that must be remembered.
 */
static int make_groups(struct program *prog)
{
	const struct range *r = prog->ranges;
	size_t n = prog->nr_ranges, i, j, g;
	struct plan {
		size_t cost;
		size_t from;
		uint32_t action;
		unsigned int singles;
	} *plan;
	uint64_t weight = 0;

	if (prog->no_memory)
		return -ENOMEM;
	plan = calloc(n + 1, sizeof(*plan));
	if (!plan)
		return -ENOMEM;
	for (i = 1; i <= n; i++) {
		plan[i].cost = SIZE_MAX;
		for (j = i; j-- > 0 && i - j <= 2 * MAX_SINGLES + 1; ) {
			uint32_t action = r[j].action;
			unsigned int singles = 0;
			size_t at;

			for (at = j; at < i && singles <= MAX_SINGLES; at++)
				if (r[at].action != action)
					singles += is_single(&r[at]) ? 1 : MAX_SINGLES + 1;
			if (singles > MAX_SINGLES)
				continue;
			if (plan[j].cost + 1 + singles < plan[i].cost)
				plan[i] = (struct plan) { plan[j].cost + 1 + singles, j, action,
							  singles };
		}
	}
	for (g = 0, i = n; i; i = plan[i].from)
		g++;
	free(prog->groups);
	prog->groups = calloc(g, sizeof(*prog->groups));
	if (!prog->groups) {
		free(plan);
		return -ENOMEM;
	}
	prog->nr_groups = g;
	for (i = n; i; i = plan[i].from)
		prog->groups[--g] = (struct group) { .from = plan[i].from, .to = i,
						     .action = plan[i].action,
						     .singles = plan[i].singles };
	for (g = 0; g < prog->nr_groups; g++) {
		weight += 1u << prog->groups[g].singles;
		prog->groups[g].weight = weight;
	}
	free(plan);
	return 0;
}

/* ---- instructions ----------------------------------------------------- */

static size_t emit(struct program *prog, struct sock_filter insn)
{
	if (prog->len == BPF_MAXINSNS) {
		prog->full = true;
		return prog->len;
	}
	prog->len++;
	prog->insn[BPF_MAXINSNS - prog->len] = insn;
	return prog->len;
}

/* How far an instruction written after @more others has to jump to @place. */
static size_t distance(const struct program *prog, size_t place, size_t more)
{
	return prog->len + more - place;
}

static size_t jump_always(struct program *prog, size_t place)
{
	return emit(prog, (struct sock_filter) {
		BPF_JMP | BPF_JA, 0, 0, (uint32_t)distance(prog, place, 0) });
}

/*
 * A place that answers @action, in reach of the next three instructions. Two
 * jumps may each need a stone between here and the instruction that jumps.
 */
static size_t target(struct program *prog, uint32_t action)
{
	struct stone *s;
	size_t i, room;

	if (!action && distance(prog, 0, 2) <= MAX_JUMP)
		return 0;
	for (i = 0; i < prog->nr_stones; i++)
		if (prog->stones[i].action == action)
			break;
	if (i == prog->nr_stones) {
		if (i == prog->stone_room) {
			room = i ? i * 2 : 8;
			s = realloc(prog->stones, room * sizeof(*s));
			if (!s) {
				prog->no_memory = true;
				return prog->len;
			}
			prog->stones = s;
			prog->stone_room = room;
		}
		prog->stones[prog->nr_stones++] = (struct stone) { action, 0 };
	}
	s = &prog->stones[i];
	if (!s->at || distance(prog, s->at, 2) > MAX_JUMP)
		s->at = action ? emit(prog, (struct sock_filter) BPF_STMT(BPF_RET | BPF_K, action)) :
				 jump_always(prog, 0);
	return s->at;
}

static size_t in_reach(struct program *prog, size_t place)
{
	return distance(prog, place, 1) <= MAX_JUMP ? place : jump_always(prog, place);
}

static size_t jump_if(struct program *prog, uint16_t test, uint32_t k, size_t yes, size_t no)
{
	yes = in_reach(prog, yes);
	no = in_reach(prog, no);
	return emit(prog, (struct sock_filter) {
		(uint16_t)(BPF_JMP | test | BPF_K), (uint8_t)distance(prog, yes, 0),
		(uint8_t)distance(prog, no, 0), k });
}

/* ---- the search ------------------------------------------------------- */

static size_t emit_group(struct program *prog, const struct group *g)
{
	size_t no = target(prog, g->action), yes, i;

	for (i = g->to; i-- > g->from; ) {
		const struct range *r = &prog->ranges[i];

		if (r->action == g->action)
			continue;
		yes = target(prog, r->action);
		no = jump_if(prog, BPF_JEQ, r->first, yes, no);
	}
	return no;
}

static size_t emit_search(struct program *prog, size_t from, size_t to)
{
	uint64_t before = from ? prog->groups[from - 1].weight : 0;
	uint64_t half = before + (prog->groups[to - 1].weight - before) / 2;
	size_t mid = from + 1, yes, no;

	if (to - from == 1)
		return emit_group(prog, &prog->groups[from]);
	/* The boundary nearest to half of the weight. */
	while (mid < to - 1 && prog->groups[mid - 1].weight < half)
		mid++;
	if (mid > from + 1 && prog->groups[mid - 1].weight - half > half - prog->groups[mid - 2].weight)
		mid--;
	yes = emit_search(prog, mid, to);
	no = emit_search(prog, from, mid);
	return jump_if(prog, BPF_JGE, prog->ranges[prog->groups[mid].from].first, yes, no);
}

/* Where to go for a number of the architecture whose ranges are prepared. */
static size_t emit_arch(struct program *prog)
{
	size_t place;

	if (prog->nr_ranges == 1)
		return target(prog, prog->ranges[0].action);
	place = emit_search(prog, 0, prog->nr_groups);
	/* The load runs into what follows it. */
	if (place != prog->len)
		jump_always(prog, place);
	return emit(prog, (struct sock_filter) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, OFF_NR));
}

struct arch_start {
	uint32_t audit_arch;
	const struct ksc_abi *first;
	size_t place;
};

static int compile(struct program *prog, const struct ksc_policy *p)
{
	const struct ksc *k = ksc_policy_tree(p);
	const struct ksc_abi *abi = ksc_abi_next(k, NULL);
	struct arch_start *arch;
	size_t nr_archs = 0, i, next;
	int err;

	arch = calloc(k->nr_abis + 1, sizeof(*arch));
	if (!arch)
		return -ENOMEM;
	for (; abi; abi = ksc_abi_next(k, abi))
		if (!nr_archs || arch[nr_archs - 1].audit_arch != abi->audit_arch)
			arch[nr_archs++] = (struct arch_start) { abi->audit_arch, abi, 0 };

	/* The kernel's own first, so last here: nearest to the dispatch. */
	for (i = nr_archs; i-- > 0; ) {
		add_arch(prog, p, arch[i].first);
		err = make_groups(prog);
		if (err)
			goto free_arch;
		arch[i].place = emit_arch(prog);
	}
	next = target(prog, 0);
	for (i = nr_archs; i-- > 0; )
		if (arch[i].place)
			next = jump_if(prog, BPF_JEQ, arch[i].audit_arch, arch[i].place, next);
	/* No architecture has anything to say: an empty prefix says the same. */
	if (next)
		emit(prog, (struct sock_filter) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, OFF_ARCH));
	err = prog->no_memory ? -ENOMEM : prog->full ? -E2BIG : 0;
free_arch:
	free(arch);
	return err;
}

KSC_PUBLIC int ksc_bpf_prefix(const struct ksc_policy *p, struct sock_filter *out, size_t *len)
{
	struct program *prog;
	size_t room = *len;
	int err;

	prog = malloc(sizeof(*prog));
	if (!prog)
		return -ENOMEM;
	/* Not the instructions, which are many and all written before they are read. */
	memset((char *)prog + offsetof(struct program, len), 0,
	       sizeof(*prog) - offsetof(struct program, len));
	err = compile(prog, p);
	if (err)
		goto free_prog;
	*len = prog->len;
	if (!out)
		goto free_prog;
	if (room < prog->len)
		err = -ENOSPC;
	else
		memcpy(out, prog->insn + BPF_MAXINSNS - prog->len, prog->len * sizeof(*out));
free_prog:
	free(prog->ranges);
	free(prog->groups);
	free(prog->stones);
	free(prog);
	return err;
}
