// SPDX-License-Identifier: GPL-2.0-only
/*
 * libseccomp's filters, counted. Of rules that compare arguments by masks libseccomp 2.5.4
 * loses some nodes itself when a filter is released, which LeakSanitizer takes for ours:
 * five rules of sendto(2) and nothing else show it. So its leaks are not looked at, and
 * instead of that no more filters may be there at once than a rewriting needs.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <seccomp.h>

#define AT_ONCE		4

scmp_filter_ctx __real_seccomp_init(uint32_t action);
scmp_filter_ctx __wrap_seccomp_init(uint32_t action);
void __real_seccomp_release(scmp_filter_ctx ctx);
void __wrap_seccomp_release(scmp_filter_ctx ctx);
const char *__lsan_default_suppressions(void);
const char *__lsan_default_options(void);

static int filters;

scmp_filter_ctx __wrap_seccomp_init(uint32_t action)
{
	scmp_filter_ctx ctx = __real_seccomp_init(action);

	filters += !!ctx;
	if (filters > AT_ONCE) {
		fprintf(stderr, "%d filters at once: some are not released\n", filters);
		abort();
	}
	return ctx;
}

void __wrap_seccomp_release(scmp_filter_ctx ctx)
{
	filters -= !!ctx;
	__real_seccomp_release(ctx);
}

const char *__lsan_default_suppressions(void)
{
	return "leak:libseccomp.so";
}

/* Or each run would end with a list of them. */
const char *__lsan_default_options(void)
{
	return "print_suppressions=0";
}
