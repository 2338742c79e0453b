// SPDX-License-Identifier: GPL-2.0-only
/*
 * Configurations with the same linux.seccomp, for which all is the same that a rewriting
 * depends on, are rewritten in the same way.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "known.h"

/* Engines write some 20 KiB. What is larger is left to a process with limits. */
#define TEXT_MAX	(1u << 20)

/* Longer than it takes, and less than what a container's start may take besides. */
#define WAIT_MS		10000

static bool make_key(const struct known *k, uint8_t key[STORE_KEY_LEN])
{
	const struct span *s = &k->place.seccomp;
	struct basis b = k->basis;

	b.profile = k->text + s->start;
	b.len = s->end - s->start;
	return basis_key(&b, key);
}

bool known_find(struct known *k)
{
	return k->len <= TEXT_MAX && strlen(k->text) == k->len && place_find(k->text, &k->place) &&
	       !k->place.claimed && make_key(k, k->key);
}

static char *look_up(const struct known *k, size_t *len, char **said, char *why, size_t size)
{
	struct kept kept;
	char *memory = store_get(k->store, k->key, &kept, why, size), *out = NULL;
	struct edits e;

	*said = NULL;
	if (!memory)
		return NULL;
	e = (struct edits){ kept.seccomp, kept.annotations };
	if (basis_files_same(kept.files))
		*said = strdup(kept.said);
	if (*said)
		out = place_edit(k->text, k->len, &k->place, &e, len);
	free(memory);
	return out;
}

char *known_result(struct known *k, size_t *len, char **said, char *why, size_t size)
{
	char *out = look_up(k, len, said, why, size);

	if (out)
		return out;
	k->lock = store_lock(k->store, k->key, WAIT_MS);
	if (k->lock < 0)
		return NULL;
	/* Between the two somebody may have been done with it. */
	free(*said);
	return look_up(k, len, said, why, size);
}

/* Only what would come out the same if it were made now. */
void known_keep(const struct known *k, const char *out, size_t out_len, const char *said)
{
	char *seccomp = NULL, *annotations = NULL, *files = basis_files();
	uint8_t key[STORE_KEY_LEN];

	if (files && place_compare(k->text, k->len, &k->place, out, out_len, &seccomp,
				   &annotations) &&
	    make_key(k, key) && !memcmp(key, k->key, sizeof(key))) {
		struct kept kept = { files, said, seccomp, annotations };

		store_put(k->store, k->key, &kept);
	}
	free(annotations);
	free(seccomp);
	free(files);
}

void known_close(struct known *k)
{
	if (k->lock >= 0)
		close(k->lock);
	if (k->store >= 0)
		close(k->store);
	k->lock = k->store = -1;
}
