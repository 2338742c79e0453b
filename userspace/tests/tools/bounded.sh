#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Work in a child with limits: what spins, waits, eats memory or falls over ends, and
# the parent knows how. Compiled with limits of one second, whatever signals the
# caller has blocked or ignored.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

tools=$here/../../tools
# bounded KIND exits with what became of its work: its own value, or 100 and errno.
cat >"$tmp/bounded.c" <<-'C'
	#include <signal.h>
	#include <stdlib.h>
	#include <string.h>
	#include <sys/mman.h>
	#include <unistd.h>

	#include "bounded.h"

	static int do_spin(void *arg)
	{
		alarm(0);	/* so that nothing but the limit of CPU ends it */
		for (volatile int i = 0;; i = !i)
			;
		return 0;
	}

	static int do_sleep(void *arg)
	{
		sigset_t all;

		/* As from an engine that blocks what it does not want to hear. */
		sigfillset(&all);
		sigdelset(&all, SIGALRM);
		sigsuspend(&all);
		return 0;
	}

	static int do_eat(void *arg)
	{
		size_t i;

		for (i = 0; i < 64; i++) {
			if (mmap(NULL, BOUNDED_MEMORY / 16, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) == MAP_FAILED)
				return 7;
		}
		return 0;
	}

	static int do_crash(void *arg)
	{
		abort();
	}

	static int do_work(void *arg)
	{
		return 42;
	}

	int main(int argc, char **argv)
	{
		static const struct {
			const char *name;
			int (*work)(void *arg);
		} kinds[] = {
			{ "spin", do_spin }, { "sleep", do_sleep }, { "eat", do_eat },
			{ "crash", do_crash }, { "work", do_work },
		};
		sigset_t blocked;
		size_t i;
		int ret;

		sigfillset(&blocked);
		sigprocmask(SIG_BLOCK, &blocked, NULL);
		signal(SIGALRM, SIG_IGN);
		signal(SIGXCPU, SIG_IGN);
		signal(SIGCHLD, SIG_IGN);
		for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
			if (argc == 2 && !strcmp(kinds[i].name, argv[1])) {
				ret = bounded(kinds[i].work, NULL);
				return ret < 0 ? 100 - ret : ret;
			}
		}
		return 1;
	}
C
if ! "${CC:-cc}" -D_GNU_SOURCE -DBOUNDED_CPU_SECONDS=1 -DBOUNDED_WALL_SECONDS=2 -I"$tools" \
	-o "$tmp/bounded" "$tmp/bounded.c" "$tools/bounded.c" "$tools/file.c" 2>"$tmp/err"; then
	ok "it compiles" false
	done_testing
	exit 1
fi

# ends KIND STATUS: within a few seconds
ends()
{
	# All other signals are blocked there.
	run timeout -s KILL 20 "$tmp/bounded" "$1"
	ok "$1 ends with $2" [ "$status" = "$2" ]
}

ends work 42
ends spin 210	# 100 + ETIMEDOUT
ends sleep 210
ends eat 7
ends crash 110	# 100 + ECHILD
done_testing
