// SPDX-License-Identifier: GPL-2.0-only
/*
 * A runtime makes calls of its own behind the filter that it has installed, until the
 * container's program takes its place. A profile that denies one of them keeps the
 * container from starting, and the message names neither profile nor seccomp.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/seccomp.h>

#include "../../lib/shared.h"
#include "../file.h"
#include "../which.h"
#include "explain.h"

#define VERSION(major, minor, patch)	((major) << 20 | (minor) << 10 | (patch))

/*
 * Traced, of runc 1.1.5 and crun 1.8.1 without noNewPrivileges, which is when they
 * install the filter early; what they go on without on ENOSYS and EPERM is left out.
 * Since 1.2.8, 1.3.3 and 1.4.0 runc looks below /proc with openat2 and statx.
 */
static const struct {
	const char *runtime;
	unsigned int since, until;	/* VERSION(); until is the first that does not */
	const char *names;
} calls[] = {
	{ "runc", 0, ~0u, "capget capset chdir close epoll_ctl execve fcntl fstat fstatfs futex "
			  "getcwd getdents64 getpid getppid newfstatat openat prctl read setgid "
			  "setgroups setuid write" },
	{ "runc", VERSION(1, 2, 8), VERSION(1, 3, 0), "openat2 statx" },
	{ "runc", VERSION(1, 3, 3), ~0u, "openat2 statx" },
	{ "crun", 0, ~0u, "capset close execve prctl rt_sigaction rt_sigprocmask setresgid "
			  "setresuid write" },
};

struct found {
	char name[16];
	unsigned int version;
	char text[64];			/* the version as the runtime says it */
};

/* Its first line: "runc version 1.1.5+ds1". */
static int ask_version(const char *path, struct found *f)
{
	unsigned int major = 0, minor = 0, patch = 0;
	char line[128];

	tool_version(path, line, sizeof(line));
	if (sscanf(line, "%15s version %63s", f->name, f->text) != 2 ||
	    sscanf(f->text, "%u.%u.%u", &major, &minor, &patch) < 2)
		return -EINVAL;
	f->version = VERSION(major, minor, patch);
	return 0;
}

static int find_runtime(const struct tool *t, const char *word, struct found *f)
{
	char path[PATH_MAX];

	if (strchr(word, '/'))
		snprintf(path, sizeof(path), "%s", word);
	else if (tool_which(word, path)) {
		tool_error(t, "no runtime '%s' in PATH; name its path", word);
		return TOOL_USAGE;
	}
	if (!access(path, X_OK) && !ask_version(path, f))
		return TOOL_OK;
	tool_error(t, "%s: %s", path, access(path, X_OK) ? strerror(errno) :
		   "it does not say which runtime it is, with --version");
	return TOOL_USAGE;
}

/* Returns whether it is denied, by either. */
static bool print_call(const struct question *q, const struct ksc_abi *abi, size_t runtime,
		       const char *name)
{
	uint32_t arch = ksc_abi_audit_arch(abi), plain, ours;
	unsigned int known;
	char a[24], b[24];
	int nr = explain_number(q, abi, name, &known);

	if (nr < 0)
		return false;
	plain = tool_bpf_answer(&q->progs[runtime], arch, ksc_abi_base(abi) + (uint32_t)nr, NULL);
	ours = explain_answer(q, abi, (uint32_t)nr);
	if (plain == SECCOMP_RET_ALLOW && ours == SECCOMP_RET_ALLOW)
		return false;
	printf("  %-16s %s; with ksyscalls %s\n", name,
	       explain_action(arch, plain, a, sizeof(a)), explain_action(arch, ours, b, sizeof(b)));
	return true;
}

static bool print_calls(const struct question *q, const struct ksc_abi *abi, size_t runtime,
			const char *names)
{
	char *words = strdup(names), *rest = words, *name;
	bool denied = false;

	while (words && (name = strsep(&rest, " ")))
		denied |= print_call(q, abi, runtime, name);
	free(words);
	return denied;
}

/**
 * explain_runtime_calls() - tell which of its own calls a runtime is denied
 * @q: the question
 * @path: the runtime, or its name; it is started with --version
 *
 * Return: TOOL_OK, TOOL_NO if one is denied, or another status with the reason told.
 */
int explain_runtime_calls(const struct question *q, const char *path)
{
	const struct ksc_abi *abi = ksc_abi_native(q->k);
	struct found f = {};
	bool known = false, denied = false;
	size_t i, runtime;
	int ret;

	ret = find_runtime(q->t, path, &f);
	if (ret)
		return ret;
	for (runtime = 0; runtime < EXPLAIN_RUNTIMES - 1; runtime++) {
		if (!strcmp(explain_runtimes[runtime].name, f.name))
			break;
	}
	printf("%s %s, calls of its own behind the filter that the profile denies:\n", f.name,
	       f.text);
	for (i = 0; abi && i < ARRAY_SIZE(calls); i++) {
		if (strcmp(calls[i].runtime, f.name) || f.version < calls[i].since ||
		    f.version >= calls[i].until)
			continue;
		known = true;
		denied |= print_calls(q, abi, runtime, calls[i].names);
	}
	if (!known)
		puts("  what this runtime calls is not known");
	else if (!denied)
		puts("  none");
	return denied ? TOOL_NO : TOOL_OK;
}
