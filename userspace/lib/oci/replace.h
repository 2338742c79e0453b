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

/* What is to take its place. */
struct oci_next {
	int fd;				/* with the lock by which its name is its own; -1: none */
	char name[NAME_MAX + 1];	/* "": it has none */
};

/* It is called .config.json.ksyscalls0, or one that is not taken. */
#define OCI_NEXT	".ksyscalls"
#define OCI_NEXT_NAMES	8

/* The same in two steps: with all that can go wrong the first. Either of the rest ends it. */
int oci_replace_prepare(int dir, const char *name, int old, const struct stat *st,
			const char *text, size_t len, struct oci_next *n);
int oci_replace_commit(int dir, const char *name, struct oci_next *n);
/* Nothing is done to one that is ended. */
void oci_replace_drop(int dir, struct oci_next *n);

#endif /* KSC_OCI_REPLACE_H */
