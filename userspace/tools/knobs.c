// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policy's knobs. To add one, give it a line in the table, and its effect to
 * the function at the end; manual pages and runtime.conf tell of it, too.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/shared.h"
#include "knobs.h"

static const char *wrong(struct knobs *k, const char *wanted, const char *value)
{
	snprintf(k->error, sizeof(k->error), "takes %s, not '%.64s'", wanted, value);
	return k->error;
}

static const char *set_baseline(struct knobs *k, const char *value)
{
	unsigned int release = KSC_RELEASE_NONE;

	if (strcmp(value, "none") && ksc_release_parse(value, &release))
		return wrong(k, "a release such as 6.10, or none", value);
	k->baseline = release;
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

static const char *set_successors(struct knobs *k, const char *value)
{
	static const char *const words[] = {
		[KSC_SUCCESSORS_ENOSYS] = "enosys",
		[KSC_SUCCESSORS_EPERM] = "eperm",
		[KSC_SUCCESSORS_ALLOW] = "allow",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(words[i], value))
			continue;
		k->successors = (unsigned int)i;
		return NULL;
	}
	return wrong(k, "enosys, eperm or allow", value);
}

/* Repeatable; that names are names is seen where they are looked up. */
static const char *add_names(struct knobs *k, unsigned int answer, const char *value)
{
	size_t room = sizeof(k->sites) - k->sites_len;
	int n = snprintf(k->sites + k->sites_len, room, "%u %u %s", answer, k->line, value);

	if (n < 0 || (size_t)n >= room)
		return "has more names than it can take";
	k->sites_len += (unsigned int)n + 1;
	return *value ? NULL : wrong(k, "names with a comma between", value);
}

static const char *add_enosys(struct knobs *k, const char *value)
{
	return add_names(k, KSC_SITE_ENOSYS, value);
}

static const char *add_eperm(struct knobs *k, const char *value)
{
	return add_names(k, KSC_SITE_EPERM, value);
}

static const struct knob knobs[] = {
	{ "baseline", "X.Y|none", "newest release the profile knows; default: inferred",
	  set_baseline },
	{ "explicit", "respect", "an errno the profile names outranks an absent syscall",
	  set_explicit },
	{ "allow-unknown-to-libseccomp", NULL,
	  "allow what the profile allows and libseccomp cannot name", set_allow_unknown },
	{ "keep-fatal", NULL, "default KILL or TRAP: new syscalls stay fatal", set_keep_fatal },
	{ "successors", "enosys|eperm|allow",
	  "what a denied syscall is answered whose predecessor is allowed", set_successors },
	{ "enosys", "NAME,...", "answer these ENOSYS if the profile denies them", add_enosys },
	{ "eperm", "NAME,...", "answer these EPERM if the profile denies them", add_eperm },
};

const struct knob *knob_next(const struct knob *prev)
{
	const struct knob *next = prev ? prev + 1 : knobs;

	return next < knobs + ARRAY_SIZE(knobs) ? next : NULL;
}

/* Names are checked here alone, where the kernel's are known, too. */
static const char *set_site(struct knobs *k, struct ksc_policy *policy, const char *site)
{
	char text[KNOBS_SITES], where[PATH_MAX + 16] = "", *rest, *name;
	unsigned long answer, line;
	int ret;

	snprintf(text, sizeof(text), "%s", site);
	answer = strtoul(text, &rest, 10);
	line = strtoul(rest, &rest, 10);
	rest++;
	while ((name = strsep(&rest, ","))) {
		ret = ksc_policy_set_site(policy, name, (unsigned int)answer);
		if (!ret)
			continue;
		if (k->file)
			snprintf(where, sizeof(where), "%s:%lu: ", k->file, line);
		snprintf(k->error, sizeof(k->error), "%s%s: '%.64s': %s", where,
			 answer == KSC_SITE_ENOSYS ? "enosys" : "eperm", name,
			 ret == -ENOENT ? "no kernel known here has such a syscall" :
			 ret == -EEXIST ? "it is among those of the other answer, too" :
			 ret == -EINVAL ? "the kernel itself issues it, so it cannot be answered" :
			 strerror(-ret));
		return k->error;
	}
	return NULL;
}

const char *knobs_set(struct knobs *k, struct ksc_policy *policy)
{
	const char *error = NULL;
	size_t at;

	if (ksc_policy_set_baseline(policy, k->baseline) ||
	    ksc_policy_set_flags(policy, k->flags) ||
	    ksc_policy_set_successors(policy, k->successors))
		return "the library does not know one of the knobs";
	for (at = 0; !error && at < k->sites_len; at += strlen(k->sites + at) + 1)
		error = set_site(k, policy, k->sites + at);
	return error;
}

bool knobs_late(const struct knobs *k, char text[KNOBS_LATE])
{
	unsigned int newest = KSC_RELEASE_NONE, release;
	const char *name;
	size_t i;

	*text = '\0';
	for (i = 0; !ksc_release_next(i, &name, &release); i++) {
		if (release > newest)
			newest = release;
	}
	if (k->baseline <= newest)
		return false;
	snprintf(text, KNOBS_LATE, "baseline=%u.%u counts as %u.%u, the newest release that any "
		 "syscall is known to be of", k->baseline >> 16, k->baseline & 0xffff,
		 newest >> 16, newest & 0xffff);
	return true;
}
