// SPDX-License-Identifier: GPL-2.0-only
/*
 * dump-filter PID: the newest seccomp filter of a running process, as a raw
 * struct sock_filter array on stdout. Needs CAP_SYS_ADMIN. What is being started may have
 * its filter to install yet, for which it waits ten seconds.
 */
#include <errno.h>
#include <linux/filter.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef PTRACE_SECCOMP_GET_FILTER
#define PTRACE_SECCOMP_GET_FILTER	0x420c
#endif

#define WAIT_TENTHS	100

static int fail(const char *what)
{
	fprintf(stderr, "dump-filter: %s: %s\n", what, strerror(errno));
	return 1;
}

static bool is_filtered(pid_t pid)
{
	char path[32], line[128];
	bool found = false;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	f = fopen(path, "re");
	while (f && !found && fgets(line, sizeof(line), f))
		found = !strcmp(line, "Seccomp:\t2\n");
	if (f)
		fclose(f);
	return found;
}

int main(int argc, char **argv)
{
	struct sock_filter prog[BPF_MAXINSNS];
	pid_t pid = argc == 2 ? atoi(argv[1]) : 0;
	int tenths;
	long len;

	if (pid <= 0) {
		fputs("usage: dump-filter PID\n", stderr);
		return 2;
	}
	for (tenths = 0; tenths < WAIT_TENTHS && !is_filtered(pid); tenths++)
		usleep(100000);
	if (ptrace(PTRACE_SEIZE, pid, 0, 0))
		return fail("cannot trace the process");
	if (ptrace(PTRACE_INTERRUPT, pid, 0, 0) || waitpid(pid, NULL, __WALL) != pid)
		return fail("cannot stop the process");
	/* 0 is the filter that was loaded last. */
	len = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, 0, prog);
	if (len < 0)
		return fail("cannot read its filter");
	if (fwrite(prog, sizeof(*prog), (size_t)len, stdout) != (size_t)len || fflush(stdout))
		return fail("cannot write");
	return 0;
}
