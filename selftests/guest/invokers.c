// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest.h"
#include "invokers.h"

#define MAX_NUMBERS 4096

/* The invokers that may lie here, and what a kernel that cannot execute one of
 * them therefore cannot do.
 */
static const struct {
	const char *file;
	const char *abis[3];
} invokers[] = {
	{ "./invoke", { NULL } },
	{ "./invoke-arm", { "arm", "arm_private" } },
	{ "./invoke-s390", { "s390" } },
	{ "./invoke-ppc", { "ppc" } },
	{ "./invoke-riscv32", { "riscv32" } },
	{ "./invoke-mipsn32", { "mipsn32" } },
	{ "./invoke-mips", { "mips" } },
};

static void put(struct invoked *f, const char *abi, const char *letters)
{
	snprintf(f->abi, sizeof(f->abi), "%s", abi);
	f->letters = letters ? strdup(letters) : NULL;
}

static int install(const struct sock_fprog *filter)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter);
}

struct running {
	pid_t pid;
	int out, err;
};

static struct running start(const char *path, const struct sock_fprog *filter)
{
	int out[2], err[2], error;
	struct running r;

	if (pipe(out) || pipe(err))
		ksft_exit_fail_msg("pipe: %s\n", strerror(errno));
	fflush(stdout);
	r.pid = fork();
	if (r.pid < 0)
		ksft_exit_fail_msg("fork: %s\n", strerror(errno));
	if (!r.pid) {
		dup2(out[1], 1);
		close(out[0]);
		close(out[1]);
		close(err[0]);
		if (!filter || !install(filter))
			execl(path, path, NULL);
		error = errno;
		_exit(write(err[1], &error, sizeof(error)) != sizeof(error));
	}
	close(out[1]);
	close(err[1]);
	r.out = out[0];
	r.err = err[0];
	return r;
}

static unsigned int finish(struct running r, const char *path, const char *const *abis,
			   struct invoked *found, unsigned int room)
{
	char abi[32], letters[MAX_NUMBERS + 1];
	int status, error = 0;
	unsigned int n = 0;
	FILE *f;

	f = fdopen(r.out, "r");
	while (fscanf(f, "%31s %4096s", abi, letters) == 2) {
		if (n == room)
			ksft_exit_fail_msg("%s knows too many ABIs\n", path);
		put(&found[n++], abi, strcmp(letters, "-") ? letters : NULL);
	}
	fclose(f);
	waitpid(r.pid, &status, 0);
	/* The write end of err is inherited over exec, so read only once nobody has it. */
	if (read(r.err, &error, sizeof(error)) != sizeof(error))
		error = 0;
	close(r.err);
	if (error == ENOEXEC) {
		for (; *abis && n < room; abis++)
			put(&found[n++], *abis, NULL);
		return n;
	}
	if (error || status)
		ksft_exit_fail_msg("%s: %s, wait status %#x\n", path, strerror(error), status);
	return n;
}

unsigned int run_invokers(struct invoked *found, unsigned int room, const struct sock_fprog *filter)
{
	struct running running[ARRAY_SIZE(invokers)];
	unsigned int i, n = 0;

	/* All at once: an invoker mostly waits for what does not return. */
	for (i = 0; i < ARRAY_SIZE(invokers); i++)
		if (!access(invokers[i].file, X_OK))
			running[i] = start(invokers[i].file, filter);
		else
			running[i].pid = 0;
	for (i = 0; i < ARRAY_SIZE(invokers); i++)
		if (running[i].pid)
			n += finish(running[i], invokers[i].file, invokers[i].abis, found + n,
				    room - n);
	return n;
}
