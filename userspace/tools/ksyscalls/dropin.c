// SPDX-License-Identifier: GPL-2.0-only
/*
 * A policy in the words of systemd.exec(5), for a drop-in behind a unit's own list of what
 * is allowed: ENOSYS for whatever the list lacks, but for what is denied on purpose.
 * The other way round a service would not start: for names that it does not know systemd
 * makes ENOSYS the filter's default, and libseccomp refuses rules equal to that (257).
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ksyscalls-oci.h>
#include <ksyscalls-seccomp.h>

#include "../../lib/shared.h"
#include "tool.h"

#define LINE_START	"SystemCallFilter=~"
#define LINE_WIDTH	80

struct dropin {
	const struct ksc *k;
	const struct ksc_policy *policy;
	const struct ksc_profile *profile;	/* stands for the unit's own list */
	struct tool_prog own;			/* its filter, without the policy */
};

/* The number by which both libseccomp and the kernel know the call, or -1. */
static int number_of(const struct ksc_abi *abi, const char *name)
{
	int nr = ksc_abi_nr(abi, name);

	if (nr >= 0 || ksc_abi_known(abi, name) & KSC_KNOWN_MUX)
		return nr;
	return ksc_abi_scmp_nr(abi, name);
}

static bool denies(uint32_t action)
{
	const struct ksc_action *a = ksc_find_action(action);

	return a && !a->silent;
}

/* The unit's list may have it, if only for some arguments. */
static bool is_listed(const struct dropin *d, const char *name)
{
	const struct ksc_profile_rule *rule;

	ksc_profile_rule_foreach(rule, d->profile)
		if (!denies(ksc_profile_rule_action(rule)) &&
		    !strcmp(ksc_profile_rule_name(rule), name))
			return true;
	return false;
}

/*
 * Whether a call is denied otherwise than by ENOSYS, and how. systemd takes a name for all
 * architectures, so one that denies it decides.
 */
static bool is_denied(const struct dropin *d, const char *name, uint32_t *action)
{
	const struct ksc_abi *abi;
	uint32_t arch, nr;
	int known;

	/* Nor does systemd know what libseccomp does not. */
	if (seccomp_syscall_resolve_name(name) == __NR_SCMP_ERROR || is_listed(d, name))
		return false;
	ksc_abi_foreach(abi, d->k) {
		known = number_of(abi, name);
		if (known < 0)
			continue;
		arch = ksc_abi_audit_arch(abi);
		nr = ksc_abi_base(abi) + (uint32_t)known;
		if (ksc_verdict_row(d->policy, arch, nr) == KSC_ROW_UNCOVERED)
			continue;
		*action = ksc_verdict(d->policy, arch, nr);
		if (!*action)
			*action = tool_bpf_answer(&d->own, arch, nr);
		if (*action != ksc_ret_enosys(arch) && denies(*action))
			return true;
	}
	return false;
}

/* systemd has words for these alone; a trap becomes what is stricter. */
static void print_word(FILE *f, const char *name, uint32_t action)
{
	unsigned int error = action & SECCOMP_RET_DATA;

	if ((action & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_ERRNO)
		fprintf(f, "%s:kill", name);
	else if (error == EPERM)
		fprintf(f, "%s:EPERM", name);
	else
		fprintf(f, "%s:%u", name, error);
}

static void print_lines(FILE *f, const struct dropin *d)
{
	unsigned int release;
	const char *name;
	uint32_t action;
	long start = 0;
	size_t i;

	fputs("[Service]\nSystemCallErrorNumber=ENOSYS", f);
	for (i = 0; !ksc_release_next(i, &name, &release); i++) {
		if (!is_denied(d, name, &action))
			continue;
		if (!start || ftell(f) - start > LINE_WIDTH) {
			fputc('\n', f);
			start = ftell(f);
			fputs(LINE_START, f);
		} else {
			fputc(' ', f);
		}
		print_word(f, name, action);
	}
	fputc('\n', f);
}

/**
 * tool_dropin() - what is ENOSYS and what is not, as lines for a unit
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
	struct dropin d = { .k = k, .policy = filter->policy, .profile = filter->profile };
	size_t len;
	FILE *f;
	int ret;

	*text = NULL;
	if (!denies(ksc_profile_default(filter->profile))) {
		tool_error(t, "a drop-in is for a list of what is allowed, but the default of the "
			   "profile denies nothing");
		return TOOL_USAGE;
	}
	ret = ksc_profile_program(filter->profile, KSC_RUNTIME_CRUN, &d.own.insns, &d.own.len);
	if (ret) {
		tool_error(t, "%s", *ksc_profile_error(filter->profile) ?
			   ksc_profile_error(filter->profile) : strerror(-ret));
		return TOOL_USAGE;
	}
	f = open_memstream(text, &len);
	if (f)
		print_lines(f, &d);
	free(d.own.insns);
	if (f && !fclose(f))
		return TOOL_OK;
	tool_error(t, "out of memory");
	return TOOL_USAGE;
}
