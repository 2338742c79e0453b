// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A policy as a classic BPF program, to be put before the profile's own.
 *
 * For each architecture the numbers fall into ranges that get one answer each.
 * A search finds the range, the sooner the more numbers the range has; a number
 * that stands alone between equal neighbours is cheaper as an equality test.
 * Numbers whose answer is the same either way belong to whichever range is
 * convenient.
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

#include "policy.h"

#define OFF_NR		((uint32_t)offsetof(struct seccomp_data, nr))
#define OFF_ARCH	((uint32_t)offsetof(struct seccomp_data, arch))

#define MAX_JUMP	255
/* Equality tests in a row that are never slower than the search they replace. */
#define MAX_SINGLES	2
/* A row of ranges alternates between one answer and singles. */
#define MAX_LEAF	(2 * MAX_SINGLES + 1)
/* So many ranges are searched in the best order, more are halved first. */
#define MAX_PLANNED	128

/* What a number counts when the search is planned; a range counts one more. */
#define WEIGHT_USED	4	/* of an ABI that this boot offers */
#define WEIGHT_UNUSED	1

/* Numbers with one answer. Between last and the next range nobody cares. */
struct range {
	uint32_t first;
	uint32_t last;
	uint32_t action;	/* 0: fall through */
	uint32_t weight;
	bool either_way;	/* until settle(): @action or 0, as is convenient */
};

/* How to search some ranges in a row. */
struct plan {
	uint32_t cost;		/* tests, by weight */
	uint16_t split;		/* the first range of the upper part */
	bool leaf;		/* don't split: test for the singles */
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

	/* For the ranges from planned on: plans[from * nr_planned + to - 1] */
	struct plan *plans;
	size_t planned;
	size_t nr_planned;
	size_t plan_room;

	struct stone *stones;
	size_t nr_stones;
	size_t stone_room;
	bool no_memory;
};

/* ---- ranges ----------------------------------------------------------- */

static void add_range(struct program *prog, uint32_t first, uint32_t last, uint32_t weight,
		      struct ksc_decision d)
{
	struct range *r = prog->nr_ranges ? &prog->ranges[prog->nr_ranges - 1] : NULL;
	size_t room;

	/* What is settled either way has one action in all of an architecture. */
	if (d.either_way)
		d.action = 0;
	if (r && r->action == d.action && r->either_way == d.either_way) {
		r->last = last;
		r->weight += weight;
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
	prog->ranges[prog->nr_ranges++] = (struct range) {
		first, last, d.action, weight + WEIGHT_USED, d.either_way };
}

/* Of numbers that are not implemented: how far those go of which as much is known. */
static uint32_t alike_until(const struct ksc_abi *abi, uint32_t nr, uint32_t until)
{
	bool unknown = ksc_abi_unknown(abi, nr);

	for (; nr < until && nr < abi->nr_syscalls; nr++)
		if (ksc_abi_unknown(abi, nr + 1) != unknown)
			return nr;
	return until;
}

static void add_abi(struct program *prog, const struct ksc_policy *p, const struct ksc_abi *abi)
{
	const struct ksc_nr_rule *next = ksc_policy_next_rule(p, abi, 0), *rule;
	uint32_t each = abi->nr_implemented ? WEIGHT_USED : WEIGHT_UNUSED;
	uint32_t end = abi->last - abi->base, nr, until, known;

	for (nr = 0; nr <= end; nr = until + 1) {
		rule = next && next->nr == nr ? next : NULL;
		if (rule)
			next = ksc_policy_next_rule(p, abi, nr + 1);
		until = nr;
		/* Numbers that the tree does not have and nobody names are all alike. */
		if (!rule && ksc_abi_next_bit(abi, nr, true) != nr) {
			until = ksc_abi_next_bit(abi, nr, true) - 1;
			if (until >= abi->nr_syscalls - 1)
				until = end;
			if (next && next->nr <= until)
				until = next->nr - 1;
			until = alike_until(abi, nr, until);
		}
		known = nr >= abi->nr_syscalls ? 0 :
			(until < abi->nr_syscalls ? until + 1 : abi->nr_syscalls) - nr;
		add_range(prog, abi->base + nr, abi->base + until, known * each,
			  ksc_decide(p, abi, nr, rule));
	}
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

		if (r[i].either_way && !others) {
			if (last)
				last->weight += r[i].weight - WEIGHT_USED;
			continue;
		}
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
	const struct ksc *k = p->k;
	uint32_t arch = abi->audit_arch, enosys = abi->enosys;
	uint32_t next = 0;

	prog->nr_ranges = 0;
	for (; abi && abi->audit_arch == arch; abi = ksc_abi_next(k, abi)) {
		if (!ksc_policy_covers(p, abi))
			continue;
		if (abi->base > next)
			add_range(prog, next, abi->base - 1, 0, fall_through);
		add_abi(prog, p, abi);
		next = abi->last + 1;
	}
	add_range(prog, next, KSC_NR_SKIP, 0, fall_through);
	settle(prog, enosys);
}

/* ---- the plan --------------------------------------------------------- */

/*
 * Can the ranges, MAX_LEAF at most, be told apart by equality tests, so that one answer
 * is left in the end? If so, @action is that answer and @cost the tests, by weight.
 */
static bool is_leaf(const struct program *prog, size_t from, size_t to, uint32_t *action,
		    uint32_t *cost)
{
	const struct range *r = prog->ranges;
	unsigned int rest, singles;
	size_t i;

	for (rest = 0; rest < 2 && from + rest < to; rest++) {
		*action = r[from + rest].action;
		singles = 0;
		*cost = 0;
		for (i = from; i < to && singles <= MAX_SINGLES; i++) {
			if (r[i].action != *action)
				singles += r[i].first == r[i].last ? 1 : MAX_SINGLES + 1;
			if (r[i].action != *action)
				*cost += singles * r[i].weight;
		}
		if (singles > MAX_SINGLES)
			continue;
		for (i = from; i < to; i++)
			if (r[i].action == *action)
				*cost += singles * r[i].weight;
		return true;
	}
	return false;
}

static struct plan *plan_of(const struct program *prog, size_t from, size_t to)
{
	return &prog->plans[(from - prog->planned) * prog->nr_planned + to - 1 - prog->planned];
}

/* Where halves of [@from, @to) are best split lies between where their parts are. */
static void plan_split(struct program *prog, size_t from, size_t to, uint32_t weight)
{
	size_t low = plan_of(prog, from, to - 1)->split;
	size_t high = plan_of(prog, from + 1, to)->split;
	struct plan best = { UINT32_MAX, 0, false };
	uint32_t cost, action;
	size_t i;

	for (i = low > from ? low : from + 1; i <= high; i++) {
		cost = plan_of(prog, from, i)->cost + plan_of(prog, i, to)->cost + weight;
		if (cost < best.cost)
			best = (struct plan) { cost, (uint16_t)i, false };
	}
	if (to - from <= MAX_LEAF && is_leaf(prog, from, to, &action, &cost) &&
	    cost <= best.cost) {
		best.cost = cost;
		best.leaf = true;
	}
	*plan_of(prog, from, to) = best;
}

static bool make_plan(struct program *prog, size_t from, size_t to)
{
	size_t n = to - from, len, i;
	struct plan *plans;
	uint32_t weight;

	if (n * n > prog->plan_room) {
		plans = realloc(prog->plans, n * n * sizeof(*plans));
		if (!plans) {
			prog->no_memory = true;
			return false;
		}
		prog->plans = plans;
		prog->plan_room = n * n;
	}
	prog->planned = from;
	prog->nr_planned = n;
	for (i = from; i < to; i++)
		*plan_of(prog, i, i + 1) = (struct plan) { 0, (uint16_t)i, true };
	for (len = 2; len <= n; len++) {
		weight = 0;
		for (i = from; i < to; i++) {
			weight += prog->ranges[i].weight;
			if (i - from + 1 < len)
				continue;
			plan_split(prog, i + 1 - len, i + 1, weight);
			weight -= prog->ranges[i + 1 - len].weight;
		}
	}
	return true;
}

/* The boundary nearest to half of the weight. */
static size_t halve(const struct program *prog, size_t from, size_t to)
{
	uint64_t all = 0, before = 0;
	size_t i;

	for (i = from; i < to; i++)
		all += prog->ranges[i].weight;
	for (i = from; i < to - 1; i++) {
		before += prog->ranges[i].weight;
		if (2 * before >= all)
			return i + 1;
	}
	return to - 1;
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
		s->at = action ? emit(prog, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action)) :
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

static size_t emit_leaf(struct program *prog, size_t from, size_t to)
{
	uint32_t action, cost;
	size_t no, yes, i;

	is_leaf(prog, from, to, &action, &cost);
	no = target(prog, action);
	for (i = to; i-- > from; ) {
		const struct range *r = &prog->ranges[i];

		if (r->action == action)
			continue;
		yes = target(prog, r->action);
		no = jump_if(prog, BPF_JEQ, r->first, yes, no);
	}
	return no;
}

static size_t emit_search(struct program *prog, size_t from, size_t to)
{
	bool planned = from >= prog->planned && to <= prog->planned + prog->nr_planned;
	size_t mid, yes, no;

	if (!planned && to - from <= MAX_PLANNED)
		planned = make_plan(prog, from, to);
	if (prog->full || prog->no_memory)
		return prog->len;
	if (planned && plan_of(prog, from, to)->leaf)
		return emit_leaf(prog, from, to);
	mid = planned ? plan_of(prog, from, to)->split : halve(prog, from, to);
	yes = emit_search(prog, mid, to);
	no = emit_search(prog, from, mid);
	return jump_if(prog, BPF_JGE, prog->ranges[mid].first, yes, no);
}

/* Where to go for a number of the architecture whose ranges are prepared. */
static size_t emit_arch(struct program *prog)
{
	size_t place;

	if (prog->nr_ranges == 1)
		return target(prog, prog->ranges[0].action);
	prog->nr_planned = 0;
	place = emit_search(prog, 0, prog->nr_ranges);
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
	const struct ksc *k = p->k;
	const struct ksc_abi *abi = ksc_abi_next(k, NULL);
	struct arch_start *arch;
	size_t nr_archs = 0, i, next;

	arch = calloc(k->nr_abis + 1, sizeof(*arch));
	if (!arch)
		return -ENOMEM;
	for (; abi; abi = ksc_abi_next(k, abi))
		if (!nr_archs || arch[nr_archs - 1].audit_arch != abi->audit_arch)
			arch[nr_archs++] = (struct arch_start) { abi->audit_arch, abi, 0 };

	/* The kernel's own first, so last here: nearest to the dispatch. */
	for (i = nr_archs; i-- > 0; ) {
		add_arch(prog, p, arch[i].first);
		if (prog->no_memory)
			break;
		arch[i].place = emit_arch(prog);
	}
	next = target(prog, 0);
	for (i = nr_archs; i-- > 0; )
		if (arch[i].place)
			next = jump_if(prog, BPF_JEQ, arch[i].audit_arch, arch[i].place, next);
	/* No architecture has anything to say: an empty prefix says the same. */
	if (next)
		emit(prog, (struct sock_filter) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, OFF_ARCH));
	free(arch);
	return prog->no_memory ? -ENOMEM : prog->full ? -E2BIG : 0;
}

KSC_PUBLIC int ksc_bpf_prefix(const struct ksc_policy *p, struct sock_filter *out, size_t *len)
{
	struct program *prog;
	size_t room = *len;
	int err;

	*len = 0;
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
	free(prog->plans);
	free(prog->stones);
	free(prog);
	return err;
}
