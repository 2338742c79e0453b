// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * When Linux got which syscall. The table is data/releases.csv, sorted by name
 * and made into C at build time.
 */
#include <errno.h>
#include <string.h>

#include "private.h"

static const struct ksc_release releases[] = {
#define NAME(name, release)
#define RELEASE(major, minor, common)	{ KSC_RELEASE(major, minor), common },
#include "release-table.h"
#undef NAME
#undef RELEASE
};

static const struct line {
	const char *name;
	uint8_t release;	/* its place in releases[] */
} table[] = {
#define NAME(name, release)		{ name, release },
#define RELEASE(major, minor, common)
#include "release-table.h"
};

_Static_assert(ARRAY_SIZE(table) <= KSC_NAMES_MAX &&
	       ARRAY_SIZE(releases) <= KSC_RELEASES_MAX,
	       "struct ksc_names has too little room");

/* The name's line, or -1. */
static int find_line(const char *name)
{
	size_t low = 0, high = name ? ARRAY_SIZE(table) : 0;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		/* Most lines differ in their first letter. */
		int cmp = (unsigned char)*name - (unsigned char)*table[mid].name;

		if (!cmp)
			cmp = strcmp(name, table[mid].name);
		if (!cmp)
			return (int)mid;
		if (cmp < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return -1;
}

KSC_PUBLIC unsigned int ksc_release_of(const char *name)
{
	int line = find_line(name);

	return line < 0 ? KSC_RELEASE_UNKNOWN : releases[table[line].release].release;
}

const struct ksc_release *ksc_release_nth(size_t i)
{
	return i < ARRAY_SIZE(releases) ? &releases[i] : NULL;
}

bool ksc_names_add(struct ksc_names *names, const char *name)
{
	int line = find_line(name);

	if (line < 0 || ksc_bit(names->lines, (uint32_t)line))
		return false;
	names->lines[line / 32] |= 1u << line % 32;
	names->releases[table[line].release / 32] |= 1u << table[line].release % 32;
	names->count++;
	return true;
}

bool ksc_names_have(const struct ksc_names *names, const char *name)
{
	int line = find_line(name);

	return line >= 0 && ksc_bit(names->lines, (uint32_t)line);
}

KSC_PUBLIC int ksc_release_next(size_t i, const char **name, unsigned int *release)
{
	*name = NULL;
	*release = KSC_RELEASE_UNKNOWN;
	if (i >= ARRAY_SIZE(table))
		return -ENOENT;
	*name = table[i].name;
	*release = releases[table[i].release].release;
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

	*release = KSC_RELEASE_UNKNOWN;
	text = parse_part(text, &major);
	if (!text || !major || *text != '.')
		return -EINVAL;
	text = parse_part(text + 1, &minor);
	if (!text || *text)
		return -EINVAL;
	*release = KSC_RELEASE(major, minor);
	return 0;
}
