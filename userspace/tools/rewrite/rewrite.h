/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ksyscalls-rewrite.so: what of ksyscalls-runtime needs json-c and libseccomp. It is loaded
 * for a configuration that is not in the store, and for no other.
 */
#ifndef KSYSCALLS_REWRITE_H
#define KSYSCALLS_REWRITE_H

#include "../conf.h"

#define REWRITE_FILE		"ksyscalls-rewrite.so"
#define REWRITE_FUNCTION	"ksyscalls_rewrite"
/* Both are of one build: what they pass each other is no ABI. */
#define REWRITE_VERSION		"ksyscalls_rewrite_version"

struct rewriting {
	struct conf *conf;
	const char *path;		/* the file, for who did not read it */
	const char *text;		/* NULL: the file is read, and replaced */
	size_t len;

	char *out;			/* of @text; free() it */
	size_t out_len;
	char said[PATH_MAX + 320];	/* what it does without; "": nothing */
	char why[PATH_MAX + 320];	/* it failed; "": it did not */
};

void ksyscalls_rewrite(struct rewriting *r);
extern const char ksyscalls_rewrite_version[];

#endif
