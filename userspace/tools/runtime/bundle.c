// SPDX-License-Identifier: GPL-2.0-only
/*
 * A configuration like one that was rewritten before, for all that the rewriting depends on,
 * is rewritten as that one was, without a library that reads JSON or filters.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../lib/oci/replace.h"
#include "../../lib/shared.h"
#include "../rewrite/rewrite.h"
#include "basis.h"
#include "bundle.h"
#include "tell.h"

/* Engines write some 20 KiB. What is larger is left to a process with limits. */
#define CONFIG_MAX	(1u << 20)

static int open_parent(const char *path)
{
	char parent[PATH_MAX];
	const char *name = ksc_base_name(path);

	snprintf(parent, sizeof(parent), "%.*s.", (int)(name - path), path);
	return open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static char *read_text(int fd, size_t size, size_t *len)
{
	char *text = malloc(size + 1);
	ssize_t n = text ? pread(fd, text, size + 1, 0) : -1;

	/* Neither shorter than it was a moment ago, nor longer. */
	if (n < 0 || (size_t)n != size || memchr(text, '\0', size)) {
		free(text);
		return NULL;
	}
	text[size] = '\0';
	*len = size;
	return text;
}

static bool make_key(const struct bundle *b, uint8_t key[STORE_KEY_LEN])
{
	const struct span *s = &b->place.seccomp;

	return basis_key(b->conf, b->text + s->start, s->end - s->start, key);
}

static bool read_bundle(struct bundle *b)
{
	b->dir = open_parent(b->path);
	if (b->dir < 0)
		return false;
	b->fd = openat(b->dir, ksc_base_name(b->path),
		       O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (b->fd < 0 || fstat(b->fd, &b->st) || !S_ISREG(b->st.st_mode) ||
	    b->st.st_size > CONFIG_MAX)
		return false;
	b->text = read_text(b->fd, (size_t)b->st.st_size, &b->len);
	return b->text && place_find(b->text, &b->place) && !b->place.claimed &&
	       make_key(b, b->key);
}

void bundle_open(struct bundle *b)
{
	char why[PATH_MAX + 128];

	b->dir = b->fd = -1;
	b->text = NULL;
	b->store = store_open(b->conf->store, why, sizeof(why));
	if (*why)
		tell(TELL_STORE, "%s", why);
	if (b->store >= 0 && read_bundle(b))
		return;
	free(b->text);
	b->text = NULL;
}

void bundle_close(struct bundle *b)
{
	free(b->text);
	if (b->fd >= 0)
		close(b->fd);
	if (b->dir >= 0)
		close(b->dir);
	if (b->store >= 0)
		close(b->store);
}

int bundle_replace(struct bundle *b, const char *out, size_t out_len)
{
	if (out_len == b->len && !memcmp(out, b->text, out_len))
		return 0;
	return oci_replace_file(b->dir, ksc_base_name(b->path), b->fd, &b->st, out, out_len);
}

bool bundle_use_kept(struct bundle *b)
{
	char why[PATH_MAX + 128], *memory, *out = NULL;
	struct edits e;
	struct kept kept;
	size_t out_len;
	bool used = false;

	if (!b->text)
		return false;
	memory = store_get(b->store, b->key, &kept, why, sizeof(why));
	if (*why)
		tell(TELL_STORE, "%s", why);
	if (!memory)
		return false;
	e = (struct edits){ kept.seccomp, kept.annotations };
	if (basis_files_same(kept.files))
		out = place_edit(b->text, b->len, &b->place, &e, &out_len);
	if (out)
		used = !bundle_replace(b, out, out_len);
	if (used && *kept.said)
		tell(TELL_NO_VIEW, "%s", kept.said);
	free(out);
	free(memory);
	return used;
}

/* Only what would come out the same if it were made now. */
void bundle_keep(struct bundle *b, const struct rewriting *r)
{
	char *seccomp = NULL, *annotations = NULL, *files = basis_files();
	uint8_t key[STORE_KEY_LEN];

	if (files && place_compare(b->text, b->len, &b->place, r->out, r->out_len, &seccomp,
				   &annotations) &&
	    make_key(b, key) && !memcmp(key, b->key, sizeof(key))) {
		struct kept kept = { files, r->said, seccomp, annotations };

		store_put(b->store, b->key, &kept);
	}
	free(annotations);
	free(seccomp);
	free(files);
}
