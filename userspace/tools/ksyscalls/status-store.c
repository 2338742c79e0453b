// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the wrapper has kept, for the user who asks.
 */
#include <string.h>
#include <unistd.h>

#include "status.h"

void status_store(struct status_store *s, const char *where)
{
	int dir;

	memset(s, 0, sizeof(*s));
	dir = store_find(where, s->path, s->mend, sizeof(s->mend));
	if (!*s->path)
		s->why = *where ? "store = no in runtime.conf" :
			 "neither /run nor XDG_RUNTIME_DIR is this user's own";
	if (dir < 0)
		return;
	store_count(dir, &s->files, &s->bytes);
	close(dir);
}
