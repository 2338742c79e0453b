/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The knobs of the policy, in one table: each is an option of every command that
 * makes a policy, and a key of runtime.conf.
 */
#ifndef KSYSCALLS_KNOBS_H
#define KSYSCALLS_KNOBS_H

#include <limits.h>
#include <stdbool.h>

#include <ksyscalls.h>

#define KNOBS_SITES	8192

struct knobs {
	unsigned int baseline;		/* KSC_RELEASE_INFER until set */
	unsigned int flags;		/* KSC_EXPLICIT_RESPECT and its kin */
	unsigned int successors;	/* KSC_SUCCESSORS_* */
	unsigned int sites_len;
	/* Strings "ANSWER LINE NAME,..." in a row: what sites decide, and where that is said. */
	char sites[KNOBS_SITES];

	/* What follows is for messages, and changes no policy. */
	const char *file;		/* that is being read; NULL: the command line */
	unsigned int line;
	char error[PATH_MAX + 160];
};

#define KNOBS_INIT	{ .baseline = KSC_RELEASE_INFER }

struct knob {
	const char *name;
	/* What it takes: words apart by '|', in capitals what the user says; NULL: a switch. */
	const char *arg;
	const char *help;
	/* @value of a switch is NULL. Returns what is wrong with it, or NULL. */
	const char *(*set)(struct knobs *k, const char *value);
};

/* The table's next line, NULL after the last; the first after NULL. */
const struct knob *knob_next(const struct knob *prev);

/*
 * Tell @policy, which may be the one that ksc_oci_knobs() returns. Returns NULL, or what
 * is wrong with a knob's value, in words that are @k's.
 */
const char *knobs_set(struct knobs *k, struct ksc_policy *policy);

/*
 * Is the baseline newer than all that is known? No error, since the profile may be younger than
 * our table; but @text has what to tell of it, and nothing otherwise.
 */
#define KNOBS_LATE	112
bool knobs_late(const struct knobs *k, char text[KNOBS_LATE]);

#endif
