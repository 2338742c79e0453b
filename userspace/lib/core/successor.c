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
 * @line: of the name, by ksc_release_line(); may be negative
 *
 * Return: NULL if the table does not have it. The others follow, by
 * ksc_successor_next().
 */
const struct ksc_successor *ksc_successor_first(int line)
{
	size_t low = 0, high = ARRAY_SIZE(table);

	/* Names are in the order of their lines. */
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (table[mid].line < line)
			low = mid + 1;
		else
			high = mid;
	}
	return low < ARRAY_SIZE(table) && table[low].line == line ? &table[low] : NULL;
}
