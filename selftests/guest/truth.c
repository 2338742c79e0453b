// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compares what /sys/kernel/syscalls publishes with what the invokers found by
 * invoking every number, bit by bit.
 *
 * KSC_ABIS, if set, is the comma-separated list of ABIs that must be published.
 * Without it an ABI that is not published is skipped: absent means unknown.
 */
#include <errno.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kselftest.h"
#include "invokers.h"

#define SYSFS "/sys/kernel/syscalls"
#define MAX_ABIS 8
#define MAX_NUMBERS 4096

static struct invoked found[MAX_ABIS];
static unsigned int nr_found;

static bool read_file(const char *abi, const char *file, char *buf, size_t size)
{
	char path[128];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), SYSFS "/%s/%s", abi, file);
	f = fopen(path, "r");
	if (!f)
		return false;
	n = fread(buf, 1, size - 1, f);
	buf[n] = '\0';
	fclose(f);
	return n > 0;
}

/* Bits of a "%*pb" text: groups of 8 hex digits, the highest first. */
static void parse_bitmap(const char *text, bool *bits)
{
	unsigned int bit = 0, i;
	const char *p = text + strcspn(text, "\n");

	while (p > text) {
		char c = *--p;

		if (c == ',')
			continue;
		for (i = 0; i < 4 && bit < MAX_NUMBERS; i++, bit++)
			bits[bit] = strtol((char[]){ c, '\0' }, NULL, 16) >> i & 1;
	}
}

/* The "nr name" line of @nr, or "-". */
static void name_of(const char *names, unsigned int nr, char *name, size_t size)
{
	unsigned int n;
	char word[64];
	int used;

	snprintf(name, size, "-");
	for (; sscanf(names, "%u %63s%n", &n, word, &used) == 2; names += used)
		if (n == nr) {
			snprintf(name, size, "%s", word);
			return;
		}
}

static void compare(const struct invoked *f)
{
	static char text[1 << 16], names[1 << 16];
	bool bits[MAX_NUMBERS] = { false };
	unsigned int nr, differ = 0, count = 0;
	unsigned int last = f->letters ? strlen(f->letters) : 0;
	char name[64];

	if (!read_file(f->abi, "bitmap", text, sizeof(text))) {
		if (getenv("KSC_ABIS"))
			ksft_print_msg("%s is not among the ABIs to expect\n", f->abi);
		ksft_test_result_skip("%s is not published\n", f->abi);
		return;
	}
	if (!read_file(f->abi, "names", names, sizeof(names)))
		names[0] = '\0';
	parse_bitmap(text, bits);
	for (nr = 0; nr < MAX_NUMBERS; nr++) {
		bool invoked = nr < last && f->letters[nr] != 'N';

		count += invoked;
		if (bits[nr] == invoked)
			continue;
		name_of(names, nr, name, sizeof(name));
		ksft_print_msg("%s %u %s: published %d, invoked %s\n", f->abi, nr, name,
			       bits[nr], invoked ? "1" : "0 (ENOSYS)");
		differ++;
	}
	if (f->letters)
		ksft_test_result(!differ, "%s: %u of %u implemented, %u differences\n", f->abi,
				 count, last, differ);
	else
		ksft_test_result(!differ, "%s: cannot be entered, %u differences\n", f->abi,
				 differ);
}

static bool is_found(const char *abi)
{
	for (unsigned int i = 0; i < nr_found; i++)
		if (!strcmp(found[i].abi, abi))
			return true;
	return false;
}

int main(int argc, char **argv)
{
	char path[4096], abis[256], *abi, *save = NULL;
	const char *expected = getenv("KSC_ABIS");
	unsigned int i, nr_expected = 0;

	(void)argc;
	ksft_print_header();
	if (access(SYSFS "/version", R_OK))
		ksft_exit_skip("no " SYSFS ", is ksyscalls loaded?\n");

	snprintf(abis, sizeof(abis), "%s", argv[0]);
	if (chdir(dirname(abis)))
		ksft_exit_fail_msg("%s: %s\n", argv[0], strerror(errno));
	nr_found = run_invokers(found, MAX_ABIS, NULL);
	if (!nr_found)
		ksft_exit_fail_msg("no invoker ran\n");

	for (const char *p = expected; p && *p; p += strcspn(p, ","), p += *p == ',')
		nr_expected++;
	ksft_set_plan(nr_found + nr_expected);
	for (i = 0; i < nr_found; i++)
		compare(&found[i]);
	snprintf(abis, sizeof(abis), "%s", expected ? expected : "");
	for (abi = strtok_r(abis, ",", &save); abi; abi = strtok_r(NULL, ",", &save)) {
		snprintf(path, sizeof(path), SYSFS "/%s/bitmap", abi);
		ksft_test_result(!access(path, R_OK) && is_found(abi),
				 "%s is published and was invoked\n", abi);
	}
	ksft_finished();
}
