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

enum ksc_branch ksc_follow(const struct ksc_reader *r, unsigned long addr, bool call,
			   unsigned int depth, ksc_walk *walk)
{
	switch (r->target(addr)) {
	case KSC_TARGET_NI:
		return KSC_BRANCH_ENOSYS;
	case KSC_TARGET_RETURN:
		return call ? KSC_BRANCH_BODY : KSC_BRANCH_RETURN;
	case KSC_TARGET_NOP:
		return call ? KSC_BRANCH_NOP : KSC_BRANCH_BODY;
	case KSC_TARGET_PATCH:
		return KSC_BRANCH_UNKNOWN;
	case KSC_TARGET_OTHER:
		break;
	}

	/* So far the function has done nothing, and may well go on like that. */
	if (depth == KSC_MAX_DEPTH)
		return KSC_BRANCH_UNKNOWN;

	switch (walk(r, addr, depth + 1)) {
	case KSC_CODE_STUB:
		return KSC_BRANCH_ENOSYS;
	case KSC_CODE_BODY:
		return KSC_BRANCH_BODY;
	case KSC_CODE_UNKNOWN:
		break;
	}
	return KSC_BRANCH_UNKNOWN;
}
