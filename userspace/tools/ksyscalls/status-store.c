// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the wrapper has kept, for the user who asks, by runtime.conf as it is.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../conf.h"
#include "status.h"

static const struct conf_key keys[] = {
	{ "runtime",	NULL,						NULL },
	{ "mode",	NULL,						NULL },
	{ "strict",	NULL,						NULL },
	{ "store",	"yes, no or the absolute path of a directory",	store_conf },
	{ "sysroot",	NULL,						NULL },
	{}
};

void status_store(struct status_store *s)
{
	struct conf c = { .knobs = KNOBS_INIT };
	int dir;

	memset(s, 0, sizeof(*s));
	conf_read(&c, keys);
	if (*c.error) {
		snprintf(s->mend, sizeof(s->mend), "%s", c.error);
		return;
	}
	dir = store_find(c.store, s->path, s->mend, sizeof(s->mend));
	if (!*s->path)
		s->why = *c.store ? "store = no in runtime.conf" :
			 "neither /run nor XDG_RUNTIME_DIR is this user's own";
	if (dir < 0)
		return;
	store_count(dir, &s->files, &s->bytes);
	close(dir);
}
