// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe [i386:]NR...: make each syscall with arguments of -1, in a child, and
 * print "NR ERRNO", ERRNO being 0 for success and "signal" for an early end.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static long call_i386(long nr)
{
#ifdef __x86_64__
	long ret;

	__asm__ volatile("int $0x80" : "=a"(ret)
			 : "a"(nr), "b"(-1), "c"(-1), "d"(-1), "S"(-1), "D"(-1)
			 : "memory", "r8", "r9", "r10", "r11");
	ret = (int)ret;
	return ret;
#else
	(void)nr;
	return -ENOTSUP;
#endif
}

/* The child's exit status: errno, which fits. */
static int probe(const char *word)
{
	long nr, ret;

	if (!strncmp(word, "i386:", 5)) {
		ret = call_i386(strtol(word + 5, NULL, 0));
		return ret < 0 && ret > -256 ? (int)-ret : 0;
	}
	nr = strtol(word, NULL, 0);
	ret = syscall(nr, -1L, -1L, -1L, -1L, -1L, -1L);
	return ret < 0 ? errno & 0xff : 0;
}

int main(int argc, char **argv)
{
	int i, status;
	pid_t pid;

	for (i = 1; i < argc; i++) {
		pid = fork();
		if (pid < 0)
			return 1;
		if (!pid)
			_exit(probe(argv[i]));
		if (waitpid(pid, &status, 0) != pid)
			return 1;
		if (WIFEXITED(status))
			printf("%s %d\n", argv[i], WEXITSTATUS(status));
		else
			printf("%s signal\n", argv[i]);
	}
	return 0;
}
