// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the wrapper has kept, for the user who asks, by runtime.conf as it is.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../conf.h"
#include "status.h"

/* That names are names is seen where the kernel's are known, too. */
static void check_names(struct conf *c, const struct ksc *k)
{
	struct ksc_policy *policy;
	const char *error;

	if (ksc_policy_new(&policy, k))
		return;
	error = knobs_set(&c->knobs, policy);
	if (error)
		conf_error(c, "%s", error);
	ksc_policy_free(policy);
}

void status_store(struct status_store *s, const struct ksc *k)
{
	struct conf c = { .knobs = KNOBS_INIT };
	int dir;

	memset(s, 0, sizeof(*s));
	conf_read(&c, conf_keys);
	if (k)
		check_names(&c, k);
	if (*c.error) {
		snprintf(s->mend, sizeof(s->mend), "%s", c.error);
		return;
	}
	knobs_late(&c.knobs, s->note);
	dir = store_find(c.store, s->path, s->mend, sizeof(s->mend));
	if (!*s->path)
		s->why = *c.store ? "store = no in runtime.conf" :
			 "neither /run nor XDG_RUNTIME_DIR is this user's own";
	if (dir < 0)
		return;
	store_count(dir, &s->files, &s->bytes);
	close(dir);
}
