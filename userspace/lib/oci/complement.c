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
 *
 * Cubes may overlap, for all become rules of one action; what counts is how few
 * they are, because libseccomp's time grows with the square of them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "complement.h"

#define LOW_MAX		0xffffffffu
/* libseccomp takes seconds over a thousand rules of one syscall, and the container waits. */
#define MAX_CUBES	128
/* A negated comparison: the high half, one cube per bit, and the end point. */
#define MAX_ATOMS	34
/* What a cube can say of an argument: one thing per bit, and of the high half. */
#define LITERALS	33

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

/* ---- one comparison, negated ------------------------------------------ */

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
	a->n = 0;
	switch (c->op) {
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

static bool meet_cubes(struct cube *a, const struct cube *b)
{
	int i;

	for (i = 0; i < NR_ARGS; i++) {
		if (!meet(&a->arg[i], &b->arg[i]))
			return false;
	}
	return true;
}

static bool are_disjoint(const struct cube *a, const struct cube *b)
{
	struct cube c = *a;

	return !meet_cubes(&c, b);
}

static int add_cube(struct cubes *s, const struct cube *c)
{
	struct cube *v;
	size_t i, n = 0;

	for (i = 0; i < s->n; i++) {
		if (contains(&s->v[i], c))
			return 0;
	}
	for (i = 0; i < s->n; i++) {
		if (!contains(c, &s->v[i]))
			s->v[n++] = s->v[i];
	}
	s->n = n;
	if (s->n == MAX_CUBES)
		return -EOPNOTSUPP;
	v = reallocarray(s->v, s->n + 1, sizeof(*v));
	if (!v)
		return -ENOMEM;
	s->v = v;
	v[s->n++] = *c;
	return 0;
}

/* One thing that a cube says of an argument, negated; false if it does not say it. */
static bool negate_literal(const struct half *h, unsigned int literal, struct half *not)
{
	uint32_t bit = literal < 32 ? 1u << (31 - literal) : 0;

	*not = (struct half){ .mask = bit, .value = ~h->value & bit };
	if (bit)
		return h->mask & bit;
	not->high = h->high == HIGH_ZERO ? HIGH_NOT_ZERO : HIGH_ZERO;
	return h->high != HIGH_ANY;
}

/* What @c has outside of @b; no piece where @said already keeps to what @b says. */
static int add_outside(struct cubes *s, const struct cube *c, const struct cube *b,
		       const struct cube *said)
{
	unsigned int arg, i;
	struct half not, is;
	struct cube part;
	int ret = 0;

	for (arg = 0; !ret && arg < NR_ARGS; arg++) {
		for (i = 0; !ret && i < LITERALS; i++) {
			is = said->arg[arg];
			part = *c;
			if (negate_literal(&b->arg[arg], i, &not) && meet(&is, &not) &&
			    meet(&part.arg[arg], &not))
				ret = add_cube(s, &part);
		}
	}
	return ret;
}

/* The next cube after @i, in a circle, that contains @b. */
static size_t next_around(const struct cubes *s, size_t i, const struct cube *b)
{
	do {
		i = (i + 1) % s->n;
	} while (!contains(&s->v[i], b));
	return i;
}

/*
 * Take @b out of the cubes around it: where not all of them meet, some cube has
 * what its successor in a circle has not, and that is outside of @b. So each has
 * to be cut along the next one only, and one along @b for where all meet.
 */
static int add_around(struct cubes *left, const struct cubes *s, const struct cube *b)
{
	struct cube common = {};
	const struct cube *last = NULL;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < s->n; i++) {
		if (!contains(&s->v[i], b))
			continue;
		last = &s->v[i];
		meet_cubes(&common, last);
		ret = add_outside(left, last, &s->v[next_around(s, i, b)], last);
	}
	return ret || !last ? ret : add_outside(left, last, b, &common);
}

static int add_atoms(struct cubes *left, const struct cubes *s, unsigned int arg,
		     const struct atoms *atoms)
{
	struct cube c;
	size_t i, k;
	int ret = 0;

	for (i = 0; i < s->n; i++) {
		for (k = 0; !ret && k < atoms->n; k++) {
			c = s->v[i];
			if (meet(&c.arg[arg], &atoms->v[k]))
				ret = add_cube(left, &c);
		}
	}
	return ret;
}

static bool has_equalities_alone(const struct arg_rule *r)
{
	unsigned int i;

	for (i = 0; i < r->nr_args && is_equality(&r->args[i]); i++)
		;
	return i == r->nr_args;
}

/* The equalities among a rule's conditions, which make one cube. */
static int to_cube(const struct arg_rule *r, struct cube *b)
{
	const struct scmp_arg_cmp *c;
	struct half *h;
	unsigned int i;

	*b = (struct cube){};
	for (i = 0; i < r->nr_args; i++) {
		c = &r->args[i];
		h = &b->arg[c->arg];
		/* A 32-bit ABI compares with the low half alone, and so with another value. */
		if (c->datum_a > LOW_MAX)
			return -EOPNOTSUPP;
		if (c->op == SCMP_CMP_EQ)
			*h = (struct half){ HIGH_ZERO, LOW_MAX, (uint32_t)c->datum_a };
		if (c->op != SCMP_CMP_MASKED_EQ)
			continue;
		if (c->datum_b > LOW_MAX)
			return -EOPNOTSUPP;
		/* libseccomp masks the value too, whatever the manual makes one expect. */
		*h = (struct half){ HIGH_ANY, (uint32_t)c->datum_a,
				    (uint32_t)(c->datum_a & c->datum_b) };
	}
	return 0;
}

/* Keep of @s what fails at least one of the rule's conditions. */
static int subtract(struct cubes *s, const struct arg_rule *r)
{
	struct cubes left = {};
	struct atoms atoms;
	struct cube b;
	unsigned int j;
	size_t i;
	int ret;

	ret = to_cube(r, &b);
	for (i = 0; !ret && i < s->n; i++) {
		if (are_disjoint(&s->v[i], &b))
			ret = add_cube(&left, &s->v[i]);
	}
	/* The inequalities first, for they may leave a cube as it is. */
	for (j = 0; !ret && j < r->nr_args; j++) {
		if (is_equality(&r->args[j]))
			continue;
		ret = negate(&r->args[j], &atoms);
		if (!ret)
			ret = add_atoms(&left, s, r->args[j].arg, &atoms);
	}
	if (!ret)
		ret = add_around(&left, s, &b);
	for (i = 0; !ret && i < s->n; i++) {
		if (!are_disjoint(&s->v[i], &b) && !contains(&s->v[i], &b))
			ret = add_outside(&left, &s->v[i], &b, &s->v[i]);
	}
	if (ret) {
		free(left.v);
		return ret;
	}
	free(s->v);
	*s = left;
	return 0;
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
		} else {
			/*
			 * With every bit, too: on 32-bit ABIs libseccomp loses an equality
			 * among other conditions where a rule has its inequality alone.
			 */
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

/* In which order: of few conditions first, and inequalities before equalities alone. */
static unsigned int turn(const struct arg_rule *r)
{
	return 2 * r->nr_args + has_equalities_alone(r);
}

int complement(const struct arg_rule *taken, size_t nr_taken, struct arg_rule **out,
	       size_t *nr_out)
{
	struct cubes s = {};
	struct cube all = {};
	unsigned int now;
	size_t i;
	int ret;

	ret = add_cube(&s, &all);
	for (now = 0; now < 2 * NR_ARGS + 2; now++) {
		for (i = 0; !ret && i < nr_taken; i++) {
			if (turn(&taken[i]) == now)
				ret = subtract(&s, &taken[i]);
		}
	}
	if (!ret)
		ret = to_rules(&s, out);
	if (!ret)
		*nr_out = s.n;
	free(s.v);
	return ret;
}
