/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file replaced at once. */
#ifndef KSC_OCI_REPLACE_H
#define KSC_OCI_REPLACE_H

#include <stddef.h>
#include <sys/stat.h>

/* @name in @dir, open as @old, which @st is of; a negative errno leaves it as it was. */
int oci_replace_file(int dir, const char *name, int old, const struct stat *st, const char *text,
		     size_t len);

#endif /* KSC_OCI_REPLACE_H */
