// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The complement of argument rules.
 *
 * A set of argument values is kept as a union of cubes. A cube fixes some bits
 * of the low half of an argument, and says of the high half that it is zero,
 * not zero, or anything. More about the high half cannot be said in rules that
 * libseccomp also compiles for 32-bit ABIs: it cuts every mask and value there
 * to the low half, and a rule on high bits alone would become one on nothing,
 * which matches always.
 */
#define _GNU_SOURCE		/* reallocarray() */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "complement.h"

#define LOW_MAX		0xffffffffu
/* libseccomp takes seconds over a thousand rules of one syscall, and the container waits. */
#define MAX_CUBES	128
/* A negated comparison: the high half, one cube per bit, and the end point. */
#define MAX_ATOMS	34

enum high { HIGH_ANY, HIGH_ZERO, HIGH_NOT_ZERO };

struct half {
	enum high high;
	uint32_t mask, value;
};

struct cube {
	struct half arg[NR_ARGS];
};

struct cubes {
	struct cube *v;
	size_t n;
};

/* ---- one condition, negated ------------------------------------------- */

struct atoms {
	struct half v[MAX_ATOMS];
	size_t n;
};

static void add_atom(struct atoms *a, enum high high, uint32_t mask, uint32_t value)
{
	a->v[a->n++] = (struct half){ high, mask, value & mask };
}

/* Bit @bit and all above it. */
static uint32_t from_bit(int bit)
{
	return LOW_MAX << bit;
}

static void low_not_equal(struct atoms *a, uint32_t v)
{
	int bit;

	for (bit = 31; bit >= 0; bit--)
		add_atom(a, HIGH_ZERO, from_bit(bit), v ^ 1u << bit);
}

static void low_at_least(struct atoms *a, uint32_t v)
{
	int bit;

	for (bit = 31; bit >= 0; bit--) {
		if (!(v & 1u << bit))
			add_atom(a, HIGH_ZERO, from_bit(bit), v | 1u << bit);
	}
	add_atom(a, HIGH_ZERO, LOW_MAX, v);
}

static void low_below(struct atoms *a, uint32_t v)
{
	int bit;

	for (bit = 31; bit >= 0; bit--) {
		if (v & 1u << bit)
			add_atom(a, HIGH_ZERO, from_bit(bit), v & ~(1u << bit));
	}
}

static void at_least(struct atoms *a, uint64_t v)
{
	add_atom(a, HIGH_NOT_ZERO, 0, 0);
	if (v <= LOW_MAX)
		low_at_least(a, (uint32_t)v);
}

static void below(struct atoms *a, uint64_t v)
{
	if (v <= LOW_MAX)
		low_below(a, (uint32_t)v);
	else
		add_atom(a, HIGH_ZERO, 0, 0);
}

static int negate(const struct scmp_arg_cmp *c, struct atoms *a)
{
	uint32_t mask;
	int bit;

	a->n = 0;
	if (c->datum_a > LOW_MAX || (c->op == SCMP_CMP_MASKED_EQ && c->datum_b > LOW_MAX))
		return -EOPNOTSUPP;
	switch (c->op) {
	case SCMP_CMP_EQ:
		add_atom(a, HIGH_NOT_ZERO, 0, 0);
		low_not_equal(a, (uint32_t)c->datum_a);
		return 0;
	case SCMP_CMP_NE:
		add_atom(a, HIGH_ZERO, LOW_MAX, (uint32_t)c->datum_a);
		return 0;
	case SCMP_CMP_LT:
		at_least(a, c->datum_a);
		return 0;
	case SCMP_CMP_LE:
		at_least(a, c->datum_a + 1);
		return 0;
	case SCMP_CMP_GE:
		below(a, c->datum_a);
		return 0;
	case SCMP_CMP_GT:
		below(a, c->datum_a + 1);
		return 0;
	case SCMP_CMP_MASKED_EQ:
		/* libseccomp masks the value too, whatever the manual makes one expect. */
		mask = (uint32_t)c->datum_a;
		for (bit = 31; bit >= 0; bit--) {
			if (mask & 1u << bit)
				add_atom(a, HIGH_ANY, 1u << bit, ~(uint32_t)c->datum_b);
		}
		return 0;
	default:
		return -EOPNOTSUPP;
	}
}

/* ---- unions of cubes -------------------------------------------------- */

static bool meet(struct half *a, const struct half *b)
{
	if (a->high != HIGH_ANY && b->high != HIGH_ANY && a->high != b->high)
		return false;
	if ((a->value ^ b->value) & a->mask & b->mask)
		return false;
	if (a->high == HIGH_ANY)
		a->high = b->high;
	a->mask |= b->mask;
	a->value |= b->value;
	return true;
}

static bool half_contains(const struct half *outer, const struct half *inner)
{
	if (outer->high != HIGH_ANY && outer->high != inner->high)
		return false;
	return !(outer->mask & ~inner->mask) && !((outer->value ^ inner->value) & outer->mask);
}

static bool contains(const struct cube *outer, const struct cube *inner)
{
	int i;

	for (i = 0; i < NR_ARGS; i++) {
		if (!half_contains(&outer->arg[i], &inner->arg[i]))
			return false;
	}
	return true;
}

static int add_cube(struct cubes *s, const struct cube *c)
{
	struct cube *v;
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (contains(&s->v[i], c))
			return 0;
	}
	if (s->n == MAX_CUBES)
		return -EOPNOTSUPP;
	v = reallocarray(s->v, s->n + 1, sizeof(*v));
	if (!v)
		return -ENOMEM;
	s->v = v;
	v[s->n++] = *c;
	return 0;
}

/* Keep of @s what fails at least one of the rule's conditions. */
static int subtract(struct cubes *s, const struct scmp_arg_cmp *args, unsigned int nr_args)
{
	struct cubes left = {};
	struct atoms atoms;
	struct cube c;
	size_t i, k;
	unsigned int j;
	int ret = 0;

	for (j = 0; j < nr_args; j++) {
		ret = negate(&args[j], &atoms);
		if (ret)
			goto free_left;
		for (i = 0; i < s->n; i++) {
			for (k = 0; k < atoms.n; k++) {
				c = s->v[i];
				if (!meet(&c.arg[args[j].arg], &atoms.v[k]))
					continue;
				ret = add_cube(&left, &c);
				if (ret)
					goto free_left;
			}
		}
	}
	free(s->v);
	*s = left;
	return 0;

free_left:
	free(left.v);
	return ret;
}

/* ---- back to conditions ----------------------------------------------- */

static int to_condition(unsigned int arg, const struct half *h, struct arg_rule *r)
{
	struct scmp_arg_cmp c = { .arg = arg };

	switch (h->high) {
	case HIGH_ANY:
		if (!h->mask)
			return 0;
		c.op = SCMP_CMP_MASKED_EQ;
		c.datum_a = h->mask;
		c.datum_b = h->value;
		break;
	case HIGH_NOT_ZERO:
		if (h->mask)
			return -EOPNOTSUPP;
		c.op = SCMP_CMP_GT;
		c.datum_a = LOW_MAX;
		break;
	case HIGH_ZERO:
		if (!h->mask) {
			c.op = SCMP_CMP_LE;
			c.datum_a = LOW_MAX;
		} else if (h->mask == LOW_MAX) {
			c.op = SCMP_CMP_EQ;
			c.datum_a = h->value;
		} else {
			c.op = SCMP_CMP_MASKED_EQ;
			c.datum_a = ~(uint64_t)LOW_MAX | h->mask;
			c.datum_b = h->value;
		}
		break;
	}
	r->args[r->nr_args++] = c;
	return 0;
}

static int to_rules(const struct cubes *s, struct arg_rule **out)
{
	struct arg_rule *rules;
	unsigned int arg;
	size_t i;
	int ret;

	rules = calloc(s->n + 1, sizeof(*rules));
	if (!rules)
		return -ENOMEM;
	for (i = 0; i < s->n; i++) {
		for (arg = 0; arg < NR_ARGS; arg++) {
			ret = to_condition(arg, &s->v[i].arg[arg], &rules[i]);
			if (ret) {
				free(rules);
				return ret;
			}
		}
	}
	*out = rules;
	return 0;
}

int complement(const struct arg_rule *taken, size_t nr_taken, struct arg_rule **out,
	       size_t *nr_out)
{
	struct cubes s = {};
	struct cube all = {};
	size_t i;
	int ret;

	ret = add_cube(&s, &all);
	for (i = 0; !ret && i < nr_taken; i++)
		ret = subtract(&s, taken[i].args, taken[i].nr_args);
	if (!ret)
		ret = to_rules(&s, out);
	if (!ret)
		*nr_out = s.n;
	free(s.v);
	return ret;
}
