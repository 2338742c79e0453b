// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What rules cannot say, kept for the report.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules.h"

int rules_note(struct rules_notes *notes, struct rules_note n, const char *fmt, ...)
{
	struct rules_note *v;
	va_list ap;
	int ret;

	v = reallocarray(notes->v, notes->n + 1, sizeof(*v));
	if (!v)
		return -ENOMEM;
	notes->v = v;
	if (n.name) {
		n.name = strdup(n.name);
		if (!n.name)
			return -ENOMEM;
	}
	va_start(ap, fmt);
	ret = vasprintf(&n.text, fmt, ap);
	va_end(ap);
	if (ret < 0) {
		free(n.name);
		return -ENOMEM;
	}
	v[notes->n++] = n;
	return 0;
}

void rules_notes_free(struct rules_notes *notes)
{
	size_t i;

	for (i = 0; i < notes->n; i++) {
		free(notes->v[i].name);
		free(notes->v[i].text);
	}
	free(notes->v);
	*notes = (struct rules_notes){};
}
