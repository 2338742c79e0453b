// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe [i386:]NR[/FIRST]...: make each syscall with arguments of -1, or FIRST and -1,
 * in a child, and print "NR ERRNO", with NR as it was given, ERRNO being 0 for success and
 * "signal" for an early end.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static long call_i386(long nr, long first)
{
#ifdef __x86_64__
	long ret;

	__asm__ volatile("int $0x80" : "=a"(ret)
			 : "a"(nr), "b"(first), "c"(-1), "d"(-1), "S"(-1), "D"(-1)
			 : "memory", "r8", "r9", "r10", "r11");
	ret = (int)ret;
	return ret;
#else
	(void)nr;
	(void)first;
	return -ENOTSUP;
#endif
}

/* The child's exit status: errno, which fits. */
static int probe(const char *word)
{
	bool i386 = !strncmp(word, "i386:", 5);
	long nr, first = -1, ret;
	char *end;

	nr = strtol(i386 ? word + 5 : word, &end, 0);
	if (*end == '/')
		first = strtol(end + 1, NULL, 0);
	if (i386) {
		ret = call_i386(nr, first);
		return ret < 0 && ret > -256 ? (int)-ret : 0;
	}
	ret = syscall(nr, first, -1L, -1L, -1L, -1L, -1L);
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
