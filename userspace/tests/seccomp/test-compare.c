// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which answer may stand for which other: none that takes a decision from whoever had it.
 */
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../lib/oci/compare.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* What an answer leaves of the call: all, a tracer's word, a supervisor's, an errno, nothing. */
static const struct {
	uint32_t answer;
	char left;
} answers[] = {
	{ SECCOMP_RET_ALLOW,		'a' },
	{ SECCOMP_RET_LOG,		'a' },
	{ SECCOMP_RET_TRACE,		'b' },
	{ SECCOMP_RET_TRACE | 7,	'b' },
	{ SECCOMP_RET_USER_NOTIF,	'c' },
	{ SECCOMP_RET_ERRNO | 1,	'd' },
	{ SECCOMP_RET_ERRNO | 38,	'd' },
	{ SECCOMP_RET_TRAP,		'e' },
	{ SECCOMP_RET_KILL_THREAD,	'e' },
	{ SECCOMP_RET_KILL_PROCESS,	'e' },
	/* No action: Linux kills by it. */
	{ 0x12340000,			'f' },
};

/* Both programs answer so to every call; is it a difference? */
static bool differ(uint32_t before, uint32_t after, bool weaker)
{
	struct sock_filter a = BPF_STMT(BPF_RET | BPF_K, before);
	struct sock_filter b = BPF_STMT(BPF_RET | BPF_K, after);
	struct program programs[] = { { &a, 1 }, { &b, 1 } };
	struct difference d;
	size_t left = 10;

	assert_int_equal(compare_programs(&programs[0], &programs[1], AUDIT_ARCH_X86_64, 0, weaker,
					  &left, &d), 0);
	assert_true(d.before == d.after || (d.before == before && d.after == after));
	return d.before != d.after;
}

static void test_every_pair(void **state)
{
	uint32_t before, after;
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(answers); i++) {
		for (j = 0; j < ARRAY_SIZE(answers); j++) {
			before = answers[i].answer;
			after = answers[j].answer;
			if (difference_is_grave(before, after) !=
			    (answers[i].left != answers[j].left))
				fail_msg("%#x for %#x is %s", after, before,
					 answers[i].left == answers[j].left ? "grave" : "nothing");
			assert_int_equal(differ(before, after, false), before != after);
			assert_int_equal(differ(before, after, true),
					 answers[j].left < answers[i].left);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_pair),
	};

	return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
