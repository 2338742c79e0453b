// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a program says of itself, when it is somebody else's and may do anything.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tool.h"

#define ANSWER_MS	10000
#define POLL_MS		5

static void exec_version(const char *path, int out)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	setpgid(0, 0);
	if (dup2(null, STDIN_FILENO) >= 0 && dup2(null, STDERR_FILENO) >= 0 &&
	    dup2(out, STDOUT_FILENO) >= 0)
		execl(path, path, "--version", NULL);
	_exit(127);
}

/* A Go program takes no notice of SIGALRM, so its time is kept here. */
static int end_in_time(pid_t child)
{
	const struct timespec nap = { .tv_nsec = POLL_MS * 1000000 };
	int status, ms;
	pid_t ended;

	for (ms = 0; ms < ANSWER_MS; ms += POLL_MS) {
		ended = waitpid(child, &status, WNOHANG);
		if (ended == child)
			return status ? -EINVAL : 0;
		if (ended < 0 && errno != EINTR)
			return -errno;
		nanosleep(&nap, NULL);
	}
	kill(-child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return -ETIMEDOUT;
}

/**
 * tool_version() - ask a program for its version
 * @path: the program; it is started with --version, and ended after ten seconds
 * @line: receives the first line that it prints
 * @size: room there
 *
 * Return: 0; -ETIMEDOUT; -EINVAL if it fails or prints nothing, or another negative errno.
 */
int tool_version(const char *path, char *line, size_t size)
{
	ssize_t len = -1;
	pid_t child;
	int out, ret;

	*line = '\0';
	out = memfd_create("version", MFD_CLOEXEC);
	if (out < 0)
		return -errno;
	child = fork();
	if (!child)
		exec_version(path, out);
	ret = child < 0 ? -errno : end_in_time(child);
	if (!ret)
		len = pread(out, line, size - 1, 0);
	if (!ret && len <= 0)
		ret = -EINVAL;
	line[len > 0 ? len : 0] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
	close(out);
	return ret;
}
