/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words of cmocka that the core's tests use, for where there is no cmocka:
 * other architectures and other C libraries. Speaks TAP.
 */
#ifndef CMOCKA_H
#define CMOCKA_H

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct CMUnitTest {
	const char *name;
	void (*test)(void **state);
	int (*setup)(void **state);
	int (*teardown)(void **state);
};

#define cmocka_unit_test(f)			{ #f, f, NULL, NULL }
#define cmocka_unit_test_setup_teardown(f, s, t) { #f, f, s, t }

/* One, whichever of a test's files it is that gives up. */
__attribute__((weak)) jmp_buf cmocka_out;
enum { CMOCKA_RUNS, CMOCKA_FAILED, CMOCKA_SKIPPED };

#define fail_msg(...) do { \
	printf("# %s:%d: ", __FILE__, __LINE__); \
	printf(__VA_ARGS__); \
	putchar('\n'); \
	longjmp(cmocka_out, CMOCKA_FAILED); \
} while (0)

#define skip()			longjmp(cmocka_out, CMOCKA_SKIPPED)
#define assert_true(c)		do { if (!(c)) fail_msg("%s", #c); } while (0)
#define assert_false(c)		assert_true(!(c))
#define assert_in_range(v, low, high) do { \
	unsigned long long v_ = (unsigned long long)(v); \
	if (v_ < (unsigned long long)(low) || v_ > (unsigned long long)(high)) \
		fail_msg("%s is %llu", #v, v_); \
} while (0)
#define assert_null(p)		assert_true((p) == NULL)
#define assert_non_null(p)	assert_true((p) != NULL)
#define assert_ptr_equal(a, b)	assert_true((const void *)(a) == (const void *)(b))
#define assert_int_equal(a, b) do { \
	long long a_ = (long long)(a), b_ = (long long)(b); \
	if (a_ != b_) \
		fail_msg("%s is %lld, not %lld", #a, a_, b_); \
} while (0)
#define assert_string_equal(a, b) do { \
	const char *a_ = (a), *b_ = (b); \
	if (strcmp(a_, b_)) \
		fail_msg("%s is \"%s\", not \"%s\"", #a, a_, b_); \
} while (0)
#define assert_memory_equal(a, b, n)		assert_true(!memcmp(a, b, n))
#define assert_memory_not_equal(a, b, n)	assert_true(memcmp(a, b, n))

static inline int cmocka_run(const struct CMUnitTest *tests, size_t n)
{
	static size_t i;
	static int failed, result;
	void *state = NULL;

	printf("1..%zu\n", n);
	for (i = 0; i < n; i++) {
		const struct CMUnitTest *t = &tests[i];

		result = setjmp(cmocka_out);
		if (result == CMOCKA_RUNS) {
			if (t->setup && t->setup(&state))
				fail_msg("the setup fails");
			t->test(&state);
		}
		if (t->teardown)
			t->teardown(&state);
		printf("%sok %zu - %s%s\n", result == CMOCKA_FAILED ? "not " : "", i + 1, t->name,
		       result == CMOCKA_SKIPPED ? " # SKIP" : "");
		failed += result == CMOCKA_FAILED;
	}
	return failed;
}

#define cmocka_run_group_tests(tests, setup, teardown) \
	cmocka_run(tests, sizeof(tests) / sizeof((tests)[0]))

#endif /* CMOCKA_H */
