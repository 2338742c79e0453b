// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * When Linux got which syscall. The table is data/releases.csv, sorted by name
 * and made into C at build time.
 */
#include <errno.h>
#include <string.h>

#include "private.h"

const struct ksc_release_info ksc_releases[] = {
#define NAME(name, release)
#define SLOT(slot, line)
#define RELEASE(major, minor, common)	{ KSC_RELEASE(major, minor), common },
#include "release-table.h"
#undef NAME
#undef RELEASE
};

const size_t ksc_nr_releases = ARRAY_SIZE(ksc_releases);

/* Without pointers, which would have to be relocated in every program that starts. */
static const struct line {
	char name[31];
	uint8_t release;	/* its place in ksc_releases[] */
} table[] = {
#define NAME(name, release)		{ name, release },
#define RELEASE(major, minor, common)
#include "release-table.h"
#undef NAME
#undef RELEASE
};

/* Open addressing, by release-table.awk; 1 more than the line, 0 for an empty slot. */
#define SLOTS	2048
static const uint16_t slots[SLOTS] = {
#undef SLOT
#define NAME(name, release)
#define RELEASE(major, minor, common)
#define SLOT(slot, line)		[slot] = line + 1,
#include "release-table.h"
};

_Static_assert(ARRAY_SIZE(table) <= KSC_NAMES_MAX &&
	       ARRAY_SIZE(ksc_releases) <= KSC_RELEASES_MAX,
	       "struct ksc_names has too little room");

KSC_PUBLIC int ksc_release_line(const char *name)
{
	size_t at = (size_t)((uintptr_t)name - (uintptr_t)table);
	const char *c;
	uint32_t slot = 0;

	if (!name)
		return -ENOENT;
	/* Whoever has it from here need not look for it. */
	if (at < sizeof(table) && at % sizeof(*table) == offsetof(struct line, name))
		return (int)(at / sizeof(*table));
	for (c = name; *c; c++)
		slot = slot * 31 + (unsigned char)*c;
	for (slot %= SLOTS; slots[slot]; slot = (slot + 1) % SLOTS)
		if (!strcmp(table[slots[slot] - 1].name, name))
			return slots[slot] - 1;
	return -ENOENT;
}

const char *ksc_line_name(int line)
{
	return table[line].name;
}

unsigned int ksc_line_release(int line)
{
	return line < 0 ? KSC_RELEASE_UNKNOWN : ksc_releases[table[line].release].release;
}

KSC_PUBLIC unsigned int ksc_release_of(const char *name)
{
	return ksc_line_release(ksc_release_line(name));
}

bool ksc_names_add(struct ksc_names *names, int line)
{
	if (line < 0 || ksc_names_have(names, line))
		return false;
	names->lines[line / 32] |= 1u << line % 32;
	names->releases[table[line].release / 32] |= 1u << table[line].release % 32;
	names->count++;
	return true;
}

KSC_PUBLIC int ksc_release_next(size_t i, const char **name, unsigned int *release)
{
	*name = NULL;
	*release = KSC_RELEASE_UNKNOWN;
	if (i >= ARRAY_SIZE(table))
		return -ENOENT;
	*name = table[i].name;
	*release = ksc_releases[table[i].release].release;
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
