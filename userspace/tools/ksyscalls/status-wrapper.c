// SPDX-License-Identifier: GPL-2.0-only
/*
 * What runtime.conf says to the wrapper, and where it is mistaken.
 */
#include <string.h>

#include "status.h"

/**
 * status_wrapper() - read runtime.conf as the wrapper does
 * @w: receives it
 */
void status_wrapper(struct status_wrapper *w)
{
	memset(w, 0, sizeof(*w));
	w->conf.knobs = (struct knobs)KNOBS_INIT;
	conf_read(&w->conf, conf_keys);
}

/**
 * status_wrapper_names() - look up the names in it
 * @w: what was read
 * @k: the view, which knows the kernel's names; NULL: there is none
 */
void status_wrapper_names(struct status_wrapper *w, const struct ksc *k)
{
	struct ksc_policy *policy;
	const char *error;

	if (*w->conf.error)
		return;
	knobs_late(&w->conf.knobs, w->note);
	if (!k || ksc_policy_new(&policy, k))
		return;
	error = knobs_set(&w->conf.knobs, policy);
	if (error)
		conf_error(&w->conf, "%s", error);
	ksc_policy_free(policy);
}
