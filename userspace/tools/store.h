/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was made of configurations, kept for the next container: a file for each, in a
 * directory that nobody but the owner of this process writes to.
 */
#ifndef KSYSCALLS_STORE_H
#define KSYSCALLS_STORE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORE_KEY_LEN	32
/* Room for what there is to say of it. */
#define STORE_WHY	(4096 + 160)

struct conf;

/* Texts; none of them is NULL. */
struct kept {
	const char *files;		/* what else has to be as it was */
	const char *said;		/* what the user was told; "": nothing */
	const char *seccomp, *annotations;	/* as in struct edits */
};

/* Is it "yes", "no" or a path that a directory can be made by? */
bool store_is_name(const char *where);
/* For tables of keys. */
int store_conf(struct conf *c, const char *value);

/*
 * Returns the directory, made if need be, or -1. @where: its path; "": in /run, or where a
 * user's is; "no". What somebody has to mend is told in @why, which else is "".
 */
int store_open(const char *where, char *why, size_t size);
/* As it is: nothing is made. @path is where it would be; "": nowhere. */
int store_find(const char *where, char path[PATH_MAX], char *why, size_t size);
/* What is kept there. */
void store_count(int dir, size_t *files, unsigned long long *bytes);

/* Returns the memory that @kept is in, to be freed, or NULL; @why as above. */
char *store_get(int dir, const uint8_t key[STORE_KEY_LEN], struct kept *kept, char *why,
		size_t size);

/*
 * Asks whether somebody makes the same, and if so waits until that is done, @ms milliseconds at
 * most. The descriptor that is returned has those wait that come next; -1: there is no telling.
 */
int store_lock(int dir, const uint8_t key[STORE_KEY_LEN], unsigned int ms);

/* Best effort: a store that is full, or cannot be written, is none. */
void store_put(int dir, const uint8_t key[STORE_KEY_LEN], const struct kept *kept);

#endif
