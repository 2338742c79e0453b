// SPDX-License-Identifier: GPL-2.0-only
/*
 * load - how long the module takes to load, against one pass of /proc/kallsyms
 *
 * Both go over the same symbols of the same kernel, so their ratio says
 * something on any machine. They are measured in turn, and medians compared.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS	9

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static double load(const char *module)
{
	double start = now(), seconds;
	int fd = open(module, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0)) {
		perror(module);
		exit(1);
	}
	seconds = now() - start;
	close(fd);
	if (syscall(SYS_delete_module, "ksyscalls", O_NONBLOCK)) {
		perror("delete_module");
		exit(1);
	}
	return seconds;
}

static double read_all(const char *path)
{
	static char buf[128 * 1024];
	double start = now();
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	do {
		len = read(fd, buf, sizeof(buf));
	} while (len > 0);
	if (len < 0) {
		perror(path);
		exit(1);
	}
	close(fd);
	return now() - start;
}

static int cmp(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	const char *module = argc > 1 ? argv[1] : getenv("KSC_MODULE");
	double loads[ROUNDS], reads[ROUNDS];
	int i;

	/* One of each that does not count. */
	load(module);
	read_all("/proc/kallsyms");
	for (i = 0; i < ROUNDS; i++) {
		loads[i] = load(module);
		reads[i] = read_all("/proc/kallsyms");
	}
	qsort(loads, ROUNDS, sizeof(*loads), cmp);
	qsort(reads, ROUNDS, sizeof(*reads), cmp);

	printf("bench: loading against reading /proc/kallsyms: %.3f (median of %d)\n",
	       loads[ROUNDS / 2] / reads[ROUNDS / 2], ROUNDS);
	return 0;
}
