// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What programs do without a syscall. The table is data/successors.csv, sorted by
 * the newer call and made into C at build time.
 */
#include <string.h>

#include "private.h"

static const struct ksc_successor table[] = {
#include "successor-table.h"
};

KSC_PUBLIC const struct ksc_successor *ksc_successor_next(const struct ksc_successor *prev)
{
	if (!prev)
		return table;
	return prev + 1 < table + ARRAY_SIZE(table) ? prev + 1 : NULL;
}

KSC_PUBLIC const char *ksc_successor_name(const struct ksc_successor *s)
{
	return s->name;
}

KSC_PUBLIC const char *ksc_successor_predecessor(const struct ksc_successor *s)
{
	return s->predecessor;
}

KSC_PUBLIC const char *ksc_successor_family(const struct ksc_successor *s)
{
	return s->family;
}

KSC_PUBLIC int ksc_successor_equal(const struct ksc_successor *s)
{
	return s->equal;
}

KSC_PUBLIC int ksc_successor_on(const struct ksc_successor *s, const char *abi)
{
	return !s->abis || ksc_has_word(s->abis, abi);
}

/**
 * ksc_successor_first() - the first line of a name
 * @name: UAPI name; may be NULL, which no table has
 *
 * Return: NULL if the table does not have it. The others follow, by
 * ksc_successor_next().
 */
const struct ksc_successor *ksc_successor_first(const char *name)
{
	size_t low = 0, high = name ? ARRAY_SIZE(table) : 0;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(table[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (!name || low == ARRAY_SIZE(table) || strcmp(table[low].name, name))
		return NULL;
	return &table[low];
}
