/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of the kernel's kselftest.h that these tests use, for a build
 * outside a kernel tree. Same names, same output.
 */
#ifndef KSC_KSELFTEST_H
#define KSC_KSELFTEST_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define KSFT_PASS 0
#define KSFT_FAIL 1
#define KSFT_SKIP 4

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#endif

static unsigned int ksft_plan, ksft_pass, ksft_fail, ksft_xskip;

static inline void ksft_print_header(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("TAP version 13");
}

static inline void ksft_set_plan(unsigned int plan)
{
	ksft_plan = plan;
	printf("1..%u\n", plan);
}

static inline __attribute__((format(printf, 1, 2))) void ksft_print_msg(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	printf("# ");
	vprintf(fmt, ap);
	va_end(ap);
}

static inline __attribute__((format(printf, 2, 3))) void ksft_test_result(int ok,
									   const char *fmt, ...)
{
	va_list ap;

	if (ok)
		ksft_pass++;
	else
		ksft_fail++;
	va_start(ap, fmt);
	printf("%sok %u ", ok ? "" : "not ", ksft_pass + ksft_fail + ksft_xskip);
	vprintf(fmt, ap);
	va_end(ap);
}

static inline __attribute__((format(printf, 1, 2))) void ksft_test_result_skip(const char *fmt,
										...)
{
	va_list ap;

	ksft_xskip++;
	va_start(ap, fmt);
	printf("ok %u # SKIP ", ksft_pass + ksft_fail + ksft_xskip);
	vprintf(fmt, ap);
	va_end(ap);
}

static inline __attribute__((noreturn)) void ksft_finished(void)
{
	unsigned int done = ksft_pass + ksft_fail + ksft_xskip;

	printf("# Totals: pass:%u fail:%u xfail:0 xpass:0 skip:%u error:0\n", ksft_pass,
	       ksft_fail, ksft_xskip);
	exit(!ksft_fail && done == ksft_plan ? KSFT_PASS : KSFT_FAIL);
}

static inline __attribute__((format(printf, 1, 2), noreturn)) void
ksft_exit_fail_msg(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	printf("Bail out! ");
	vprintf(fmt, ap);
	va_end(ap);
	exit(KSFT_FAIL);
}

static inline __attribute__((format(printf, 1, 2), noreturn)) void
ksft_exit_skip(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	printf("1..0 # SKIP ");
	vprintf(fmt, ap);
	va_end(ap);
	exit(KSFT_SKIP);
}

#endif /* KSC_KSELFTEST_H */
