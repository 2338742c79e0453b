/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Work that may take too long, in a process of its own.
 */
#ifndef KSYSCALLS_BOUNDED_H
#define KSYSCALLS_BOUNDED_H

/* A container's start waits for no more than this; tests for less. */
#ifndef BOUNDED_CPU_SECONDS
#define BOUNDED_CPU_SECONDS	10
#define BOUNDED_WALL_SECONDS	60
#endif
#define BOUNDED_MEMORY		(1ul << 30)

/*
 * Runs @work in a child with these limits, which ends with this process. Returns
 * what @work returned, 0 to 255; -ETIMEDOUT if a limit of time ended it,
 * -ECHILD if something else did, or the negative errno of fork(2).
 */
int bounded(int (*work)(void *arg), void *arg);

#endif
