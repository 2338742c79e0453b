// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Whether two programs answer a call alike, whatever its arguments.
 *
 * Every way through the one is followed, and with what it took for granted every way
 * through the other. A way is what was compared with the halves of the arguments: of
 * each half some bits are known, it lies between two values, and is none of others.
 */
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "../shared.h"
#include "compare.h"

#define HALVES		12	/* of six arguments */
#define NOT_MAX		512	/* what one way may have excluded of a half */
#define TRIES		4096	/* to find values that fit */

#define OFFSET_NR	offsetof(struct seccomp_data, nr)
#define OFFSET_ARCH	offsetof(struct seccomp_data, arch)
#define OFFSET_ARGS	offsetof(struct seccomp_data, args)

/* What is known; what it is not stays in its place when the way is left. */
struct known {
	uint32_t mask, value;		/* of bits */
	uint32_t low, high;		/* both included */
	size_t nr_not;
};

struct half {
	struct known is;
	struct {
		uint32_t mask, value;
	} not[NOT_MAX];
};

struct comparison {
	const struct program *programs[2];
	uint32_t answers[2];
	uint32_t arch, nr;
	struct half half[HALVES];
	bool weaker;			/* only what is less strict counts */
	size_t *left;			/* ways until there have been too many */
	struct difference *worst;
};

/* The instruction that comes next, and what the accumulator holds. */
struct place {
	unsigned int program;
	const struct sock_filter *at;
	uint32_t offset, mask;		/* what was loaded from there, masked */
};

/* ---- what a way takes for granted ------------------------------------- */

static bool know_bits(struct half *h, uint32_t mask, uint32_t value)
{
	struct known *is = &h->is;

	if ((is->value ^ value) & is->mask & mask)
		return false;
	is->mask |= mask;
	is->value |= value & mask;
	return true;
}

/* Bits that all values from the lowest to the highest have in common. */
static bool know_range(struct half *h)
{
	uint32_t differ = h->is.low ^ h->is.high;

	if (h->is.low > h->is.high)
		return false;
	/* From the first that differs on. */
	differ = differ ? UINT32_MAX >> __builtin_clz(differ) : 0;
	return know_bits(h, ~differ, h->is.low) && h->is.value <= h->is.high &&
	       (h->is.value | ~h->is.mask) >= h->is.low;
}

/* The last bit that is left to be another one. */
static bool know_others(struct half *h, bool *more)
{
	uint32_t unknown;
	size_t i;

	*more = false;
	for (i = 0; i < h->is.nr_not; i++) {
		if ((h->is.value ^ h->not[i].value) & h->is.mask & h->not[i].mask)
			continue;
		unknown = h->not[i].mask & ~h->is.mask;
		if (!unknown)
			return false;
		if (unknown & (unknown - 1))
			continue;
		know_bits(h, unknown, ~h->not[i].value);
		*more = true;
	}
	return true;
}

/* False if no value is left, as far as can be seen at once. */
static bool settle(struct half *h)
{
	bool more = true;

	while (more) {
		if (!know_range(h) || !know_others(h, &more))
			return false;
	}
	return true;
}

/* -E2BIG, or whether there may be such values. */
static int assume_not(struct half *h, uint32_t mask, uint32_t value)
{
	/* No bits make the value always so. */
	if (value & ~mask)
		return settle(h);
	if (h->is.nr_not == NOT_MAX)
		return -E2BIG;
	h->not[h->is.nr_not].mask = mask;
	h->not[h->is.nr_not++].value = value;
	return settle(h);
}

static int assume_equal(struct half *h, uint32_t mask, uint32_t value)
{
	return !(value & ~mask) && know_bits(h, mask, value) && settle(h);
}

static int assume_more(struct half *h, uint32_t k, bool taken)
{
	if (taken && k == UINT32_MAX)
		return false;
	if (taken && h->is.low <= k)
		h->is.low = k + 1;
	if (!taken && h->is.high > k)
		h->is.high = k;
	return settle(h);
}

static int assume(struct half *h, const struct sock_filter *f, uint32_t mask, bool taken)
{
	switch (BPF_OP(f->code)) {
	case BPF_JEQ:
		return taken ? assume_equal(h, mask, f->k) : assume_not(h, mask, f->k);
	case BPF_JSET:
		return taken ? assume_not(h, mask & f->k, 0) : assume_equal(h, mask & f->k, 0);
	case BPF_JGT:
		return mask == UINT32_MAX ? assume_more(h, f->k, taken) : -EOPNOTSUPP;
	case BPF_JGE:
		if (mask != UINT32_MAX)
			return -EOPNOTSUPP;
		return f->k ? assume_more(h, f->k - 1, taken) : taken && settle(h);
	default:
		return -EOPNOTSUPP;
	}
}

static bool is_within(const struct half *h, uint32_t v)
{
	return v >= h->is.low && v <= h->is.high;
}

/* A bit whose value matters, 0 if none does. */
static uint32_t open_bit(const struct half *h)
{
	uint32_t unknown = ~h->is.mask;
	size_t i;

	for (i = 0; i < h->is.nr_not; i++) {
		if (!((h->is.value ^ h->not[i].value) & h->is.mask & h->not[i].mask))
			return h->not[i].mask & unknown & -(h->not[i].mask & unknown);
	}
	if (is_within(h, h->is.value) || is_within(h, h->is.value | unknown))
		return 0;
	return unknown ? 1u << (31 - __builtin_clz(unknown)) : 0;
}

/* Is there a value? One bit after the other, -E2BIG after too many. */
static int fits(struct half *h, unsigned int *tries)
{
	struct known was = h->is;
	uint32_t bit;
	int ret;

	if (!settle(h)) {
		h->is = was;
		return false;
	}
	if (!--*tries)
		return -E2BIG;
	bit = open_bit(h);
	ret = bit ? 0 : is_within(h, h->is.value) || is_within(h, h->is.value | ~h->is.mask);
	if (bit) {
		know_bits(h, bit, bit);
		ret = fits(h, tries);
	}
	if (bit && !ret) {
		h->is.value &= ~bit;
		ret = fits(h, tries);
	}
	h->is = was;
	return ret;
}

/* ---- answers ------------------------------------------------------------ */

static unsigned int strength(uint32_t answer)
{
	const struct ksc_action *a = ksc_find_action(answer);

	/* By what it does not know the kernel kills. */
	return a ? a->strength : UINT_MAX;
}

bool difference_is_grave(uint32_t before, uint32_t after)
{
	return strength(before) != strength(after);
}

/* ---- the ways --------------------------------------------------------- */

static int walk(struct comparison *c, struct place p);

static int walk_branch(struct comparison *c, struct place p, struct half *h, bool taken)
{
	struct known was = h->is;
	int ret = assume(h, p.at, p.mask, taken);

	p.at += 1 + (taken ? p.at->jt : p.at->jf);
	if (ret > 0)
		ret = walk(c, p);
	h->is = was;
	return ret;
}

static bool jumps(uint16_t op, uint32_t a, uint32_t k)
{
	switch (op) {
	case BPF_JEQ:
		return a == k;
	case BPF_JGT:
		return a > k;
	case BPF_JGE:
		return a >= k;
	default:
		return a & k;
	}
}

static int arrive(struct comparison *c, struct place p)
{
	unsigned int tries = TRIES;
	size_t i;
	int ret;

	c->answers[p.program] = p.at->k;
	if (!p.program) {
		p = (struct place){ .program = 1, .at = c->programs[1]->insns };
		return walk(c, p);
	}
	if (!*c->left)
		return -E2BIG;
	--*c->left;
	if (c->answers[0] == c->answers[1] ||
	    (c->weaker && strength(c->answers[0]) <= strength(c->answers[1])) ||
	    (c->worst->before != c->worst->after &&
	     !difference_is_grave(c->answers[0], c->answers[1])))
		return 0;
	for (i = 0, ret = true; ret > 0 && i < HALVES; i++)
		ret = fits(&c->half[i], &tries);
	if (ret <= 0)
		return ret;
	*c->worst = (struct difference){ c->answers[0], c->answers[1] };
	return 0;
}

static int walk(struct comparison *c, struct place p)
{
	struct half *h;
	uint32_t a;
	int ret;

	for (; p.at->code != (BPF_RET | BPF_K); p.at++) {
		if (p.at->code == (BPF_LD | BPF_W | BPF_ABS) &&
		    (p.at->k <= OFFSET_ARCH || p.at->k >= OFFSET_ARGS)) {
			p.offset = p.at->k;
			p.mask = UINT32_MAX;
		} else if (p.at->code == (BPF_ALU | BPF_AND | BPF_K)) {
			p.mask &= p.at->k;
		} else if (p.at->code == (BPF_JMP | BPF_JA)) {
			p.at += p.at->k;
		} else if (BPF_CLASS(p.at->code) != BPF_JMP) {
			return -EOPNOTSUPP;
		} else if (p.offset < OFFSET_ARGS) {
			a = (p.offset == OFFSET_NR ? c->nr : c->arch) & p.mask;
			p.at += jumps(BPF_OP(p.at->code), a, p.at->k) ? p.at->jt : p.at->jf;
		} else {
			h = &c->half[(p.offset - OFFSET_ARGS) / 4];
			ret = walk_branch(c, p, h, true);
			return ret ? ret : walk_branch(c, p, h, false);
		}
	}
	return arrive(c, p);
}

int compare_programs(const struct program *before, const struct program *after, uint32_t arch,
		     uint32_t nr, bool weaker, size_t *left, struct difference *worst)
{
	struct comparison *c = calloc(1, sizeof(*c));
	size_t i;
	int ret;

	*worst = (struct difference){ 0 };
	if (!c)
		return -ENOMEM;
	c->programs[0] = before;
	c->programs[1] = after;
	c->arch = arch;
	c->nr = nr;
	c->weaker = weaker;
	c->left = left;
	c->worst = worst;
	for (i = 0; i < HALVES; i++)
		c->half[i].is.high = UINT32_MAX;
	ret = walk(c, (struct place){ .at = before->insns });
	free(c);
	return ret;
}
