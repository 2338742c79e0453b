// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policy's knobs. To add one, give it a line in the table, and its effect to
 * both functions at the end; manual pages and runtime.conf tell of it, too.
 */
#include <stdio.h>
#include <string.h>

#include <ksyscalls-oci.h>

#include "knobs.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static const char *wrong(struct knobs *k, const char *wanted, const char *value)
{
	snprintf(k->error, sizeof(k->error), "takes %s, not '%.64s'", wanted, value);
	return k->error;
}

static const char *set_baseline(struct knobs *k, const char *value)
{
	if (!strcmp(value, "none"))
		k->baseline = KSC_RELEASE_NONE;
	else if (ksc_release_parse(value, &k->baseline))
		return wrong(k, "a release such as 6.10, or none", value);
	return NULL;
}

static const char *set_explicit(struct knobs *k, const char *value)
{
	if (strcmp(value, "respect"))
		return wrong(k, "'respect'", value);
	k->flags |= KSC_EXPLICIT_RESPECT;
	return NULL;
}

static const char *set_allow_unknown(struct knobs *k, const char *value)
{
	k->flags |= KSC_ALLOW_UNKNOWN;
	return NULL;
}

static const char *set_keep_fatal(struct knobs *k, const char *value)
{
	k->flags |= KSC_KEEP_FATAL;
	return NULL;
}

static const struct knob knobs[] = {
	{ "baseline", "X.Y|none", "newest release the profile knows; default: inferred",
	  set_baseline },
	{ "explicit", "respect", "an errno the profile names outranks an absent syscall",
	  set_explicit },
	{ "allow-unknown-to-libseccomp", NULL,
	  "allow what the profile allows and libseccomp cannot name", set_allow_unknown },
	{ "keep-fatal", NULL, "default KILL or TRAP: new syscalls stay fatal", set_keep_fatal },
};

const struct knob *knob_next(const struct knob *prev)
{
	const struct knob *next = prev ? prev + 1 : knobs;

	return next < knobs + ARRAY_SIZE(knobs) ? next : NULL;
}

int knobs_set_policy(const struct knobs *k, struct ksc_policy *policy)
{
	return ksc_policy_set_flags(policy, k->flags);
}

int knobs_set_oci(const struct knobs *k, struct ksc_oci *o)
{
	ksc_oci_set_baseline(o, k->baseline);
	ksc_oci_set_flags(o, k->flags);
	return 0;
}
