// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * When Linux got which syscall. The table is data/releases.csv, sorted by name
 * and made into C at build time.
 */
#include <errno.h>
#include <string.h>

#include "private.h"

static const struct release_line {
	const char *name;
	unsigned int release;
} table[] = {
#include "release-table.h"
};

KSC_PUBLIC unsigned int ksc_release_of(const char *name)
{
	size_t low = 0, high = name ? KSC_ARRAY_SIZE(table) : 0;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		/* Most lines differ in their first letter. */
		int cmp = (unsigned char)*name - (unsigned char)*table[mid].name;

		if (!cmp)
			cmp = strcmp(name, table[mid].name);
		if (!cmp)
			return table[mid].release;
		if (cmp < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return KSC_RELEASE_UNKNOWN;
}

KSC_PUBLIC int ksc_release_next(size_t i, const char **name, unsigned int *release)
{
	if (i >= KSC_ARRAY_SIZE(table))
		return -ENOENT;
	*name = table[i].name;
	*release = table[i].release;
	return 0;
}

static const char *parse_part(const char *text, unsigned int *part)
{
	const char *start = text;

	*part = 0;
	while (*text >= '0' && *text <= '9') {
		*part = *part * 10 + (unsigned int)(*text++ - '0');
		/* Sixteen bits each in KSC_RELEASE(); no release is near that. */
		if (*part > 0xfff)
			return NULL;
	}
	return text > start ? text : NULL;
}

KSC_PUBLIC int ksc_release_parse(const char *text, unsigned int *release)
{
	unsigned int major, minor;

	text = parse_part(text, &major);
	if (!text || !major || *text != '.')
		return -EINVAL;
	text = parse_part(text + 1, &minor);
	if (!text || *text)
		return -EINVAL;
	*release = KSC_RELEASE(major, minor);
	return 0;
}
