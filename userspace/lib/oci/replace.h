/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file replaced at once. */
#ifndef KSC_OCI_REPLACE_H
#define KSC_OCI_REPLACE_H

#include <limits.h>
#include <stddef.h>
#include <sys/stat.h>

/* @name in @dir, open as @old, which @st is of; a negative errno leaves it as it was. */
int oci_replace_file(int dir, const char *name, int old, const struct stat *st, const char *text,
		     size_t len);

/*
 * The same in two steps: with all that can go wrong the first, after which @tmp is the other's
 * name in @dir. Either of the rest ends it.
 */
int oci_replace_prepare(int dir, const char *name, int old, const struct stat *st,
			const char *text, size_t len, char tmp[NAME_MAX + 1]);
int oci_replace_commit(int dir, const char *name, const char *tmp);
void oci_replace_drop(int dir, const char *tmp);

#endif /* KSC_OCI_REPLACE_H */
