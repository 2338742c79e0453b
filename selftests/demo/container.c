// SPDX-License-Identifier: GPL-2.0-only
/*
 * container FILTER: what a container's libc would get to see under a filter.
 *
 * Loads a raw seccomp program, as a runtime would, and makes two system calls
 * that the profile does not allow: one that this kernel lacks, one that it has.
 */
#define _GNU_SOURCE	/* strerrorname_np() */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* New in Linux 6.10, and the same on every architecture. */
#ifndef SYS_mseal
#define SYS_mseal	462
#endif

static void report(const char *name, long ret)
{
	printf("%s: %s\n", name, ret < 0 ? strerrorname_np(errno) : "allowed");
}

int main(int argc, char **argv)
{
	static struct sock_filter insns[BPF_MAXINSNS];
	struct sock_fprog prog = { .filter = insns };
	int fd = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
	ssize_t len = read(fd, insns, sizeof(insns));

	if (len <= 0) {
		perror("container");
		return 1;
	}
	prog.len = len / sizeof(*insns);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog)) {
		perror("container: seccomp");
		return 1;
	}
	report("mseal", syscall(SYS_mseal, 0, 0, 0));
	report("swapoff", syscall(SYS_swapoff, "/tmp"));
	return 0;
}
