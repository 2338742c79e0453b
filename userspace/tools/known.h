/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A configuration that may be like one that was rewritten before.
 */
#ifndef KSYSCALLS_KNOWN_H
#define KSYSCALLS_KNOWN_H

#include "basis.h"
#include "place.h"
#include "store.h"

struct known {
	int store;			/* a directory, of store_open(); -1: none */
	int lock;			/* of store_lock(); -1: none */
	const char *text;		/* ends with a NUL */
	size_t len;
	struct basis basis;		/* but for the profile */

	struct place place;
	uint8_t key[STORE_KEY_LEN];
};

#define KNOWN_CLOSED	{ .store = -1, .lock = -1 }

/* Fills in the rest. False: it is none that would be in the store. */
bool known_find(struct known *k);

/*
 * What becomes of the text, and in *@said what there is to tell of that; free() both. NULL:
 * nobody has kept it, and whoever asks next waits a while for us to do so; what somebody has to
 * mend is told in @why, which else is "".
 */
char *known_result(struct known *k, size_t *len, char **said, char *why, size_t size);

/* Keeps what was made of the text by libraries that this process still has. */
void known_keep(const struct known *k, const char *out, size_t out_len, const char *said);

void known_close(struct known *k);

#endif
