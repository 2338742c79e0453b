// SPDX-License-Identifier: GPL-2.0-only
/*
 * The complement of argument rules: every vector of arguments is taken by some of
 * the rules or by some of the complement's, never by both, as 64-bit ABIs see the
 * arguments and as 32-bit ones do. And the complements of the field profiles are of
 * as many rules as they need and no more.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../lib/oci/complement.h"
#include "fixtures.h"

#define MAX_RULES	6
#define SETS		3000	/* of rules, made up */
#define VECTORS		200	/* for each set */

static bool holds(const struct scmp_arg_cmp *c, const uint64_t *args, uint64_t width)
{
	uint64_t v = args[c->arg] & width, a = c->datum_a & width, b = c->datum_b & width;

	switch (c->op) {
	case SCMP_CMP_NE:
		return v != a;
	case SCMP_CMP_LT:
		return v < a;
	case SCMP_CMP_LE:
		return v <= a;
	case SCMP_CMP_EQ:
		return v == a;
	case SCMP_CMP_GE:
		return v >= a;
	case SCMP_CMP_GT:
		return v > a;
	case SCMP_CMP_MASKED_EQ:
		return (v & a) == (b & a);
	default:
		fail_msg("%d is no operator", c->op);
		return false;
	}
}

static bool takes(const struct arg_rule *rules, size_t n, const uint64_t *args, uint64_t width)
{
	unsigned int j;
	size_t i;

	for (i = 0; i < n; i++) {
		for (j = 0; j < rules[i].nr_args; j++) {
			if (!holds(&rules[i].args[j], args, width))
				break;
		}
		if (j == rules[i].nr_args)
			return true;
	}
	return false;
}

/* Where comparisons change their mind: at a value, beside it, one bit away from it. */
static uint64_t interesting(const struct arg_rule *rules, size_t n, uint32_t *seed)
{
	const struct arg_rule *r = &rules[fixture_random(seed) % n];
	const struct scmp_arg_cmp *c = &r->args[fixture_random(seed) % r->nr_args];
	uint64_t v = c->op == SCMP_CMP_MASKED_EQ ? c->datum_a & c->datum_b : c->datum_a;

	switch (fixture_random(seed) % 8) {
	case 0:
		return v + 1;
	case 1:
		return v - 1;
	case 2:
		return v | 1ULL << fixture_random(seed) % 64;
	case 3:
		return v ^ 1ULL << fixture_random(seed) % 32;
	case 4:
		return ~v & 0xffffffff;
	case 5:
		return v ^ (1ULL << fixture_random(seed) % 32 |
			    1ULL << fixture_random(seed) % 32);
	case 6:
		return fixture_random(seed);
	default:
		return v;
	}
}

static void check_vector(const struct arg_rule *rules, size_t n, const struct arg_rule *rest,
			 size_t nr_rest, const uint64_t *args)
{
	static const uint64_t widths[] = { UINT64_MAX, UINT32_MAX };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(widths); i++) {
		if (takes(rules, n, args, widths[i]) == takes(rest, nr_rest, args, widths[i]))
			fail_msg("%#llx, %#llx, %#llx: %s taken twice",
				 (unsigned long long)args[0], (unsigned long long)args[1],
				 (unsigned long long)args[2],
				 takes(rules, n, args, widths[i]) ? "is" :
				 "not even once, let alone");
	}
}

static void check_rules(const struct arg_rule *rules, size_t n, const struct arg_rule *rest,
			size_t nr_rest, uint32_t *seed)
{
	uint64_t args[NR_ARGS] = { 0 };
	unsigned int i, j;

	for (i = 0; i < VECTORS; i++) {
		for (j = 0; j < 3; j++)
			args[j] = interesting(rules, n, seed);
		check_vector(rules, n, rest, nr_rest, args);
	}
}

/* ---- made-up rules ----------------------------------------------------- */

static void make_rule(struct arg_rule *r, uint32_t *seed)
{
	static const enum scmp_compare ops[] = {
		SCMP_CMP_EQ, SCMP_CMP_EQ, SCMP_CMP_EQ, SCMP_CMP_MASKED_EQ, SCMP_CMP_MASKED_EQ,
		SCMP_CMP_NE, SCMP_CMP_LT, SCMP_CMP_LE, SCMP_CMP_GE, SCMP_CMP_GT,
	};
	static const uint32_t values[] = {
		0, 1, 8, 38, 40, 0x20000, 0x20008, 0x7e020000, 0xffffffff,
	};
	unsigned int arg, pick;

	r->nr_args = 0;
	for (arg = 0; arg < 3; arg++) {
		if (r->nr_args && fixture_random(seed) % 3)
			continue;
		pick = fixture_random(seed);
		r->args[r->nr_args++] = (struct scmp_arg_cmp){
			.arg = arg, .op = ops[pick % ARRAY_SIZE(ops)],
			.datum_a = values[fixture_random(seed) % ARRAY_SIZE(values)],
			.datum_b = values[fixture_random(seed) % ARRAY_SIZE(values)],
		};
	}
}

static void test_made_up(void **state)
{
	struct arg_rule rules[MAX_RULES], *rest;
	size_t n, i, nr_rest, sets, said = 0, most = 0;
	uint32_t seed = 0x5eed, vectors = 0x5eed;
	int ret;

	for (sets = 0; sets < SETS; sets++) {
		n = 1 + fixture_random(&seed) % MAX_RULES;
		for (i = 0; i < n; i++)
			make_rule(&rules[i], &seed);
		ret = complement(rules, n, &rest, &nr_rest);
		/* Too many for libseccomp. */
		if (ret == -EOPNOTSUPP)
			continue;
		assert_int_equal(ret, 0);
		check_rules(rules, n, rest, nr_rest, &vectors);
		free(rest);
		said++;
		most = nr_rest > most ? nr_rest : most;
	}
	print_message("# %zu of %d sets have a complement, of at most %zu rules\n", said, SETS,
		      most);
	assert_true(said > SETS / 2);
}

/* ---- the field's rules ------------------------------------------------- */

#define RULE(compare, a, b) \
	{ .args = { { .op = SCMP_CMP_##compare, .datum_a = (a), .datum_b = (b) } }, .nr_args = 1 }

static void test_sizes(void **state)
{
	static const struct {
		struct arg_rule rules[MAX_RULES];
		size_t n, most;
	} rows[] = {
		/* One bit each, and the high half. */
		{ { RULE(EQ, 40, 0) }, 1, 33 },
		{ { RULE(EQ, 0, 0), RULE(EQ, 8, 0) }, 2, 32 },
		/* personality: only a single bit that is not set tells from the last value. */
		{ { RULE(EQ, 0, 0), RULE(EQ, 8, 0), RULE(EQ, 0x20000, 0), RULE(EQ, 0x20008, 0),
		    RULE(EQ, 0xffffffff, 0) }, 5, 33 },
		/* clone: the namespaces. */
		{ { RULE(MASKED_EQ, 0x7e020000, 0) }, 1, 7 },
		/* socket: all but AF_ALG and AF_VSOCK, or but AF_VSOCK. */
		{ { RULE(LT, 38, 0), RULE(EQ, 39, 0), RULE(GT, 40, 0) }, 3, 2 },
		{ { RULE(NE, 40, 0) }, 1, 1 },
	};
	struct arg_rule *rest;
	uint32_t seed = 0x5eed;
	size_t i, n;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(complement(rows[i].rules, rows[i].n, &rest, &n), 0);
		assert_int_equal(n, rows[i].most);
		check_rules(rows[i].rules, rows[i].n, rest, n, &seed);
		free(rest);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_made_up),
		cmocka_unit_test(test_sizes),
	};

	return cmocka_run_group_tests_name("complement", tests, NULL, NULL);
}
