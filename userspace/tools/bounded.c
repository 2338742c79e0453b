// SPDX-License-Identifier: GPL-2.0-only
/*
 * What reads text of others, with libraries of others, may take too long, too much
 * memory, or fall over. In a child it takes nothing with it.
 */
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/shared.h"
#include "bounded.h"
#include "file.h"

/* RLIM_INFINITY is the largest value. */
static void limit(int resource, rlim_t to)
{
	struct rlimit r;

	if (getrlimit(resource, &r))
		return;
	if (r.rlim_cur > to)
		r.rlim_cur = to;
	setrlimit(resource, &r);
}

/* Whoever started us may have had these signals blocked, or ignored. */
static void restore_signals(void)
{
	static const int ours[] = { SIGALRM, SIGXCPU };
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < ARRAY_SIZE(ours); i++) {
		signal(ours[i], SIG_DFL);
		sigaddset(&set, ours[i]);
	}
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void bind_child(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	file_guard_streams();
	restore_signals();
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_CPU, BOUNDED_CPU_SECONDS);
#ifndef __SANITIZE_ADDRESS__		/* whose shadow is larger than any limit */
	limit(RLIMIT_AS, BOUNDED_MEMORY);
#endif
	alarm(BOUNDED_WALL_SECONDS);
}

static int end_of(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	switch (WTERMSIG(status)) {
	case SIGALRM:
	case SIGXCPU:
		return -ETIMEDOUT;
	}
	return -ECHILD;
}

int bounded(int (*work)(void *arg), void *arg)
{
	struct sigaction old, dfl = { .sa_handler = SIG_DFL };
	pid_t parent = getpid(), child;
	int ret;

	/* Where SIGCHLD is ignored, nobody can be waited for. */
	sigaction(SIGCHLD, &dfl, &old);
	child = fork();
	if (!child) {
		bind_child(parent);
		_exit(work(arg));
	}
	ret = child < 0 ? -errno : end_of(child);
	sigaction(SIGCHLD, &old, NULL);
	return ret;
}
