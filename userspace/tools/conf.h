/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * runtime.conf, as the programs read it that work without a command line of their own.
 */
#ifndef KSYSCALLS_CONF_H
#define KSYSCALLS_CONF_H

#include <limits.h>
#include <stdbool.h>

#include <ksyscalls-oci.h>

#include "knobs.h"
/* Of this build: where make install puts what belongs to the administrator. */
#include "paths.h"

#define CONF_PATH	SYSCONFDIR "/ksyscalls/runtime.conf"

struct conf {
	char runtime[PATH_MAX];
	char sysroot[PATH_MAX];		/* "": this machine */
	char store[PATH_MAX];		/* "": where it is by default; "no": nothing is kept */
	enum ksc_oci_mode mode;
	struct knobs knobs;
	bool strict;
	char error[PATH_MAX + 160];	/* the first; "": none */
};

/* A key that is no knob of the policy's; a table of them ends with {}. */
struct conf_key {
	const char *key, *wanted;
	/* NULL: not for this program. Returns 0, or -EINVAL for what is not wanted. */
	int (*set)(struct conf *c, const char *value);
};

/* Never fails: what is wrong is in error, and in strict if nobody can say "no" any more. */
void conf_read(struct conf *c, const struct conf_key *keys);
/* The same of a text, which ends with a NUL and is taken apart; @path is for messages. */
void conf_parse(struct conf *c, const struct conf_key *keys, char *text, size_t len,
		const char *path);

/* Later mistakes are mostly a consequence of the first, and not kept. */
__attribute__((format(printf, 2, 3)))
void conf_error(struct conf *c, const char *fmt, ...);

/* For tables of keys: @to has room for PATH_MAX. */
int conf_set_text(char *to, const char *value);
int conf_set_sysroot(struct conf *c, const char *value);
int conf_set_runtime(struct conf *c, const char *value);

/* The runtime that a link named ksyscalls-NAME stands for, whatever the file says; or NULL. */
const char *conf_linked_runtime(const char *link);

/* conf-keys.c: all that there are. */
extern const struct conf_key conf_keys[];

#endif
