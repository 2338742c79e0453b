// SPDX-License-Identifier: GPL-2.0-only
/* The pairs of data/successors.csv, as they are built in. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../lib/core/private.h"

static bool has_word(const char *list, const char *word)
{
	char text[256], *one, *rest = text;

	snprintf(text, sizeof(text), "%s", list);
	while ((one = strsep(&rest, " ")))
		if (!strcmp(one, word))
			return true;
	return false;
}

/* Every pair of the file in data/ is built in, and nothing else. */
static void test_successor_table(void **state)
{
	const char *source = getenv("KSC_SOURCE");
	char path[4096], line[1024], names[256], before[128], abis[64], equal[8], family[16];
	char *name, *older, *rest, *older_rest, names_left[256], before_left[128];
	const struct ksc_successor *s;
	size_t pairs = 0, built_in = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/data/successors.csv", source ? source : ".");
	f = fopen(path, "re");
	if (!f)
		fail_msg("cannot read %s", path);
	while (fgets(line, sizeof(line), f)) {
		if (*line == '#' || sscanf(line, "%255[^,],%127[^,],%63[^,],%7[^,],%15[^,],", names,
					   before, abis, equal, family) != 5 ||
		    !strcmp(names, "successors"))
			continue;
		strcpy(names_left, names);
		for (rest = names_left; (name = strsep(&rest, " ")); )
			for (strcpy(before_left, before), older_rest = before_left;
			     (older = strsep(&older_rest, " ")); pairs++) {
				s = NULL;
				while ((s = ksc_successor_next(s)))
					if (!strcmp(ksc_successor_name(s), name) &&
					    !strcmp(ksc_successor_predecessor(s) ?: "-", older))
						break;
				if (!s)
					fail_msg("%s after %s is not built in", name, older);
				assert_int_equal(ksc_successor_equal(s), !strcmp(equal, "yes"));
				assert_string_equal(ksc_successor_family(s) ?: "-", family);
				assert_int_equal(s->predecessor_line < 0 ? -ENOENT :
						 s->predecessor_line,
						 ksc_release_line(s->predecessor));
				assert_int_equal(ksc_successor_on(s, "mips"),
						 !strcmp(abis, "all") || has_word(abis, "mips"));
				assert_int_equal(ksc_successor_on(s, "s390x"),
						 !strcmp(abis, "all") || has_word(abis, "s390x"));
				assert_int_equal(ksc_successor_on(s, "s390"),
						 !strcmp(abis, "all") || has_word(abis, "s390"));
				/* No ABI's name. */
				assert_int_equal(ksc_successor_on(s, ""), !strcmp(abis, "all"));
			}
	}
	fclose(f);
	for (s = NULL; (s = ksc_successor_next(s)); built_in++)
		;
	assert_int_equal(pairs, built_in);
	assert_true(pairs > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_successor_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
