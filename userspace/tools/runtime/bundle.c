// SPDX-License-Identifier: GPL-2.0-only
/*
 * A configuration like one that was rewritten before is rewritten as that one was, without a
 * library that reads JSON or makes filters.
 */
#include <stdlib.h>

#include "bundle.h"
#include "tell.h"

#define CONFIG_MAX	(1u << 20)

static bool read_bundle(struct bundle *b)
{
	const struct conf *c = b->conf;

	if (container_open(&b->config, b->path, CONFIG_MAX))
		return false;
	b->known.text = b->config.text;
	b->known.len = b->config.len;
	b->known.basis = (struct basis){
		.maker = "/proc/self/exe", .runtimes = { c->runtime, "" },
		.sysroot = c->sysroot, .mode = c->mode, .strict = c->strict, .knobs = &c->knobs,
	};
	return known_find(&b->known);
}

void bundle_open(struct bundle *b)
{
	char why[STORE_WHY];

	b->known.store = store_open(b->conf->store, why, sizeof(why));
	if (*why)
		tell(TELL_STORE, "%s", why);
	if (b->known.store < 0 || !read_bundle(b))
		container_close(&b->config);
}

void bundle_close(struct bundle *b)
{
	container_close(&b->config);
	known_close(&b->known);
}

int bundle_replace(struct bundle *b, const char *out, size_t out_len)
{
	int ret = container_prepare(&b->config, out, out_len);

	return ret ? ret : container_commit(&b->config);
}

bool bundle_use_kept(struct bundle *b)
{
	char why[STORE_WHY], *said, *out;
	size_t out_len;
	bool used;

	if (!b->config.text)
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
