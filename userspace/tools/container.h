/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The configuration of a container where it lies.
 */
#ifndef KSYSCALLS_CONTAINER_H
#define KSYSCALLS_CONTAINER_H

#include <stddef.h>
#include <sys/stat.h>

#include "../lib/oci/replace.h"

struct container {
	const char *path;
	int dir, fd;			/* where it is, and itself; -1: it is not open */
	struct stat st;
	char *text;			/* ends with a NUL; NULL: it is not open */
	size_t len;
	struct oci_next next;
};

#define CONTAINER_CLOSED	{ .dir = -1, .fd = -1, .next.fd = -1 }

/*
 * Reads a regular file of at most @max bytes. Waits for nobody and follows no link. Returns 0,
 * -EINVAL for what is no regular file, -EFBIG, -ELOOP, or what open(2) and read(2) say, and
 * has nothing open then.
 */
int container_open(struct container *c, const char *path, size_t max);

/*
 * Puts another text beside it, whole, then into its place. A negative errno leaves it as it
 * was; the second step has no more need of room. The same text changes nothing.
 */
int container_prepare(struct container *c, const char *text, size_t len);
int container_commit(struct container *c);

/* What was only prepared goes. Nothing is done to one that is closed. */
void container_close(struct container *c);

#endif
