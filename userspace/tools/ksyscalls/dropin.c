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

/*
 * systemd adds them to any list of what is allowed: its group @default, with what that
 * includes, in 247, 252, 257 and 262 together. A drop-in may be read by a newer one than
 * that of the host where it was made.
 */
static const char *const added_by_systemd[] = {
	"arch_prctl", "brk", "cacheflush", "clock_getres", "clock_getres_time64",
	"clock_gettime", "clock_gettime64", "clock_nanosleep", "clock_nanosleep_time64",
	"execve", "exit", "exit_group", "futex", "futex_time64", "futex_waitv",
	"get_robust_list", "get_thread_area", "getegid", "getegid32", "geteuid",
	"geteuid32", "getgid", "getgid32", "getgroups", "getgroups32", "getpgid", "getpgrp",
	"getpid", "getppid", "getrandom", "getresgid", "getresgid32", "getresuid",
	"getresuid32", "getrlimit", "getsid", "gettid", "gettimeofday", "getuid",
	"getuid32", "landlock_add_rule", "landlock_create_ruleset",
	"landlock_restrict_self", "lsm_get_self_attr", "lsm_list_modules", "membarrier",
	"mmap", "mmap2", "mprotect", "mseal", "munmap", "nanosleep", "pause", "prlimit64",
	"restart_syscall", "riscv_flush_icache", "riscv_hwprobe", "rseq", "rt_sigreturn",
	"sched_getaffinity", "sched_yield", "seccomp", "set_robust_list", "set_thread_area",
	"set_tid_address", "set_tls", "sigreturn", "time", "ugetrlimit", "uretprobe",
};

/*
 * Since 257 systemd itself needs it in what it starts, adds it last of all, and starts
 * nothing if it has an errno by then.
 */
#define NEEDED_BY_SYSTEMD	"write"

/* Of which other names are parts, where they are. */
static const char *const multiplexers[] = { "ipc", "socketcall" };

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

static bool is_in(const char *const *names, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

/* Whether a rule of the profile's has the name and denies it, or does not, if only sometimes. */
static bool is_named(const struct dropin *d, const char *name, bool denied)
{
	const struct ksc_profile_rule *rule;

	ksc_profile_rule_foreach(rule, d->profile)
		if (denies(ksc_profile_rule_action(rule)) == denied &&
		    !strcmp(ksc_profile_rule_name(rule), name))
			return true;
	return false;
}

/* A rule for all of a multiplexer goes before those for its parts. */
static bool has_listed_part(const struct dropin *d, const char *name)
{
	const struct ksc_profile_rule *rule;
	const struct ksc_abi *abi;
	int nr;

	if (!is_in(multiplexers, ARRAY_SIZE(multiplexers), name))
		return false;
	ksc_abi_foreach(abi, d->k) {
		nr = ksc_abi_scmp_nr(abi, name);
		ksc_profile_rule_foreach(rule, d->profile)
			if (nr >= 0 && !denies(ksc_profile_rule_action(rule)) &&
			    ksc_abi_scmp_nr(abi, ksc_profile_rule_name(rule)) == nr)
				return true;
	}
	return false;
}

/* Allowed by the unit's list, or by systemd unless the profile denies it by name. */
static bool is_listed(const struct dropin *d, const char *name)
{
	if (is_named(d, name, false) || !strcmp(name, NEEDED_BY_SYSTEMD))
		return true;
	if (is_named(d, name, true))
		return false;
	return is_in(added_by_systemd, ARRAY_SIZE(added_by_systemd), name) ||
	       has_listed_part(d, name);
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
			*action = tool_bpf_answer(&d->own, arch, nr, NULL);
		if (*action != ksc_ret_enosys(arch) && denies(*action))
			return true;
	}
	return false;
}

/*
 * systemd has words for these alone; a trap becomes what is stricter. A name without one
 * is as if the unit's list never had it, with an errno or without.
 */
static void print_word(FILE *f, const char *name, bool denied, uint32_t action)
{
	unsigned int error = action & SECCOMP_RET_DATA;

	if (!denied)
		fputs(name, f);
	else if ((action & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_ERRNO)
		fprintf(f, "%s:kill", name);
	else if (error == EPERM)
		fprintf(f, "%s:EPERM", name);
	else
		fprintf(f, "%s:%u", name, error);
}

/* By its first line it is a list of what is allowed, even if read before the unit's own. */
static void print_lines(FILE *f, const struct dropin *d)
{
	unsigned int release;
	uint32_t action = 0;
	const char *name;
	long start = 0;
	bool denied;
	size_t i;

	fputs("[Service]\nSystemCallErrorNumber=ENOSYS\nSystemCallFilter=execve", f);
	for (i = 0; !ksc_release_next(i, &name, &release); i++) {
		/* Nor does systemd know what libseccomp does not. */
		if (seccomp_syscall_resolve_name(name) == __NR_SCMP_ERROR || is_listed(d, name))
			continue;
		denied = is_denied(d, name, &action);
		if (!denied && !is_named(d, name, true))
			continue;
		if (!start || ftell(f) - start > LINE_WIDTH) {
			fputc('\n', f);
			start = ftell(f);
			fputs(LINE_START, f);
		} else {
			fputc(' ', f);
		}
		print_word(f, name, denied, action);
	}
	fputc('\n', f);
}

/* For the policy they are allowed, too; what the author can have known stays as it is. */
static int add_systemds(const struct dropin *d, struct ksc_policy *policy)
{
	const char *name;
	int ret;
	size_t i;

	ret = ksc_policy_set_baseline(policy, ksc_policy_baseline(policy));
	for (i = 0; !ret && i < ARRAY_SIZE(added_by_systemd); i++) {
		name = added_by_systemd[i];
		if (!is_named(d, name, true))
			ret = ksc_seccomp_rule(policy, KSC_SCMP_ARCH_ALL, name, SCMP_ACT_ALLOW, 0);
	}
	return ret;
}

/**
 * tool_dropin() - what is ENOSYS and what is not, as lines for a unit
 * @t: the run
 * @k: the tree
 * @filter: the policy and the profile, which stands for the unit's own list; the policy
 *	learns what systemd adds to that
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
	ret = add_systemds(&d, filter->policy);
	f = ret ? NULL : open_memstream(text, &len);
	if (f)
		print_lines(f, &d);
	free(d.own.insns);
	if (f && !fclose(f))
		return TOOL_OK;
	tool_error(t, "out of memory");
	return TOOL_USAGE;
}
