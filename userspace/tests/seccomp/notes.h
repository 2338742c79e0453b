/* SPDX-License-Identifier: GPL-2.0-only */
/* What the report of a rewriting says that its mode could not express. */
#ifndef NOTES_H
#define NOTES_H

#include <stddef.h>
#include <stdint.h>

struct json_object;

struct note {
	const char *why, *name;
	uint32_t token;				/* 0: wherever it has that name */
	uint32_t first, last;
};

struct notes {
	struct note *list;			/* free() it; its words are the report's */
	size_t count;
};

void notes_read(struct notes *notes, struct json_object *report);
/* Why the report says that this number is not as it should be, or NULL. */
const char *notes_excuse(const struct notes *notes, uint32_t token, uint32_t nr, const char *name);
/* The OCI's name of an architecture, without its prefix. */
const char *notes_arch_name(uint32_t token);

#endif /* NOTES_H */
