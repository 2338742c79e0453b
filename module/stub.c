// SPDX-License-Identifier: GPL-2.0-only
/* What the recognisers of all architectures share; plain C like them. */
#include "stub.h"

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && !strcmp(text + len - end_len, end);
}

enum ksc_target ksc_name_target(const char *name)
{
	/* With the prefixes that syscall wrappers give it. */
	if (ends_with(name, "sys_ni_syscall"))
		return KSC_TARGET_NI;
	/* kcov */
	if (!strcmp(name, "__sanitizer_cov_trace_pc"))
		return KSC_TARGET_NOP;
	return ksc_arch_target(name);
}
