/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a config.json has what a rewriting reads and changes, found without json-c.
 */
#ifndef KSYSCALLS_PLACE_H
#define KSYSCALLS_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "../lib/oci/scan.h"

/* A span that is empty is not there; a null is. */
struct place {
	size_t root;			/* the brace that everything is in */
	struct span seccomp, annotations;
	bool claimed;			/* an annotation has a say in how it is rewritten */
};

/*
 * False for what is not JSON beyond doubt, and for what some reader may understand otherwise
 * than another: the library then says what there is to say. @text ends with a NUL.
 */
bool place_find(const char *text, struct place *p);

/* What a rewriting changes: two texts that replace and that come in front; "": nothing. */
struct edits {
	const char *seccomp;		/* the value of linux.seccomp */
	const char *annotations;	/* members, with a comma between */
};

/* Returns the new text, or NULL without memory; free() it. */
char *place_edit(const char *text, size_t len, const struct place *p, const struct edits *e,
		 size_t *out_len);

/*
 * The edits that make @out of @text, byte for byte; free() both of their texts. False: there
 * are none, or no memory.
 */
bool place_compare(const char *text, size_t len, const struct place *p, const char *out,
		   size_t out_len, char **seccomp, char **annotations);

#endif
