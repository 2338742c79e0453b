// SPDX-License-Identifier: GPL-2.0-only
/*
 * A policy in the words of systemd.exec(5): the calls that a unit's own list denies and
 * that are to be ENOSYS, for a drop-in behind that list.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ksyscalls-oci.h>
#include <ksyscalls-seccomp.h>

#include "../../lib/shared.h"
#include "tool.h"

#define LINE_START	"SystemCallFilter=~"
#define LINE_WIDTH	90

struct dropin {
	const struct ksc *k;
	const struct ksc_policy *policy;
	struct tool_prog own;		/* the profile's filter without the policy */
};

/* The number by which both libseccomp and the kernel know the call, or -1. */
static int number_of(const struct ksc_abi *abi, const char *name)
{
	int nr = ksc_abi_nr(abi, name);

	if (nr >= 0 || ksc_abi_known(abi, name) & KSC_KNOWN_MUX)
		return nr;
	return ksc_abi_scmp_nr(abi, name);
}

/*
 * systemd takes a name for all architectures, so none may have another answer. What the
 * list allows is left out: the kernel's own answer is right after its next update, too.
 */
static bool is_enosys(const struct dropin *d, const char *name)
{
	const struct ksc_abi *abi;
	bool found = false;
	uint32_t arch, nr;
	int known;

	/* Nor does systemd know what libseccomp does not. */
	if (seccomp_syscall_resolve_name(name) == __NR_SCMP_ERROR)
		return false;
	ksc_abi_foreach(abi, d->k) {
		known = number_of(abi, name);
		if (known < 0)
			continue;
		arch = ksc_abi_audit_arch(abi);
		nr = ksc_abi_base(abi) + (uint32_t)known;
		if (ksc_verdict_row(d->policy, arch, nr) == KSC_ROW_UNCOVERED ||
		    tool_bpf_answer(&d->own, arch, nr) == SECCOMP_RET_ALLOW)
			continue;
		if (ksc_verdict(d->policy, arch, nr) != ksc_ret_enosys(arch))
			return false;
		found = true;
	}
	return found;
}

static void print_lines(FILE *f, const struct dropin *d)
{
	size_t i, width = 0;
	unsigned int release;
	const char *name;

	for (i = 0; !ksc_release_next(i, &name, &release); i++) {
		if (!is_enosys(d, name))
			continue;
		if (width + strlen(name) > LINE_WIDTH) {
			fputc('\n', f);
			width = 0;
		}
		width += (size_t)fprintf(f, "%s%s:ENOSYS", width ? " " : LINE_START, name);
	}
	if (width)
		fputc('\n', f);
}

/**
 * tool_dropin() - what is ENOSYS, as lines for a unit
 * @t: the run
 * @k: the tree
 * @filter: the policy and the profile, which stands for the unit's own list
 * @text: receives the lines; free() releases them
 *
 * Return: TOOL_OK, or TOOL_USAGE with the reason told.
 */
int tool_dropin(const struct tool *t, const struct ksc *k, const struct tool_filter *filter,
		char **text)
{
	struct dropin d = { .k = k, .policy = filter->policy };
	size_t len;
	FILE *f;
	int ret;

	*text = NULL;
	ret = ksc_profile_program(filter->profile, KSC_RUNTIME_CRUN, &d.own.insns, &d.own.len);
	if (ret) {
		tool_error(t, "%s", *ksc_profile_error(filter->profile) ?
			   ksc_profile_error(filter->profile) : strerror(-ret));
		return TOOL_USAGE;
	}
	f = open_memstream(text, &len);
	if (f) {
		fputs("[Service]\n", f);
		print_lines(f, &d);
	}
	free(d.own.insns);
	if (f && !fclose(f))
		return TOOL_OK;
	tool_error(t, "out of memory");
	return TOOL_USAGE;
}
