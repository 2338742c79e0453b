/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where ksyscalls-runtime says what fails, and what it has to do without.
 */
#ifndef KSYSCALLS_TELL_H
#define KSYSCALLS_TELL_H

#include <stdbool.h>

struct request;

enum tell {
	TELL_NOT_RUN,		/* the other runtime is not started */
	TELL_REFUSED,		/* the container is not started */
	TELL_KEPT,		/* the container keeps its profile */
	TELL_NO_VIEW,		/* it is rewritten without a view */
	TELL_STORE,		/* what was kept is not used */
};

/* The log of the command line, written as that runtime does; @r has to live on. */
void tell_log(const struct request *r, bool crun);

/* To stderr, to that log, and the first time since boot to syslog or the journal. */
void tell(enum tell what, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
