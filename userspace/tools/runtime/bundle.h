/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The configuration of one container on its way through this program.
 */
#ifndef KSYSCALLS_BUNDLE_H
#define KSYSCALLS_BUNDLE_H

#include "../conf.h"
#include "../container.h"
#include "../known.h"

struct bundle {
	struct conf *conf;
	char path[PATH_MAX];		/* of the configuration */
	struct container config;	/* not open: what is read of it is for the library to say */
	struct known known;		/* of that text */
};

#define BUNDLE_CLOSED	{ .config = CONTAINER_CLOSED, .known = KNOWN_CLOSED }

/* Reads what there is at @b->path, which with @b->conf is set, and looks for a store. */
void bundle_open(struct bundle *b);
/* Rewrites it as one like it was. False: nobody has kept that, or it cannot be. */
bool bundle_use_kept(struct bundle *b);
/* Puts a new text in its place. Returns 0 or a negative errno. */
int bundle_replace(struct bundle *b, const char *out, size_t out_len);
void bundle_close(struct bundle *b);

#endif
