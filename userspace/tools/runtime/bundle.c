// SPDX-License-Identifier: GPL-2.0-only
/*
 * A configuration like one that was rewritten before is rewritten as that one was, without a
 * library that reads JSON or makes filters.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../lib/oci/replace.h"
#include "../../lib/shared.h"
#include "../file.h"
#include "bundle.h"
#include "tell.h"

#define CONFIG_MAX	(1u << 20)

static bool read_bundle(struct bundle *b)
{
	const struct conf *c = b->conf;

	b->dir = file_open_parent(b->path);
	if (b->dir < 0)
		return false;
	b->fd = openat(b->dir, ksc_base_name(b->path),
		       O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (b->fd < 0 || fstat(b->fd, &b->st) || !S_ISREG(b->st.st_mode) ||
	    b->st.st_size > CONFIG_MAX)
		return false;
	/* Neither shorter than it was a moment ago, nor longer. */
	b->text = file_read_open(b->fd, (size_t)b->st.st_size);
	b->known.text = b->text;
	b->known.len = (size_t)b->st.st_size;
	b->known.basis = (struct basis){
		.maker = "/proc/self/exe", .runtimes = { c->runtime, "" },
		.sysroot = c->sysroot, .mode = c->mode, .strict = c->strict, .knobs = &c->knobs,
	};
	return b->text && known_find(&b->known);
}

void bundle_open(struct bundle *b)
{
	char why[STORE_WHY];

	b->dir = b->fd = -1;
	b->text = NULL;
	b->known.store = store_open(b->conf->store, why, sizeof(why));
	if (*why)
		tell(TELL_STORE, "%s", why);
	if (b->known.store >= 0 && read_bundle(b))
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
	if (b->known.store >= 0)
		close(b->known.store);
}

int bundle_replace(struct bundle *b, const char *out, size_t out_len)
{
	if (out_len == b->known.len && !memcmp(out, b->text, out_len))
		return 0;
	return oci_replace_file(b->dir, ksc_base_name(b->path), b->fd, &b->st, out, out_len);
}

bool bundle_use_kept(struct bundle *b)
{
	char why[STORE_WHY], *said, *out;
	size_t out_len;
	bool used;

	if (!b->text)
		return false;
	out = known_result(&b->known, &out_len, &said, why, sizeof(why));
	if (*why)
		tell(TELL_STORE, "%s", why);
	used = out && !bundle_replace(b, out, out_len);
	if (used && *said)
		tell(TELL_NO_VIEW, "%s", said);
	free(said);
	free(out);
	return used;
}
