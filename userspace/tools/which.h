/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a runtime is that is only known by its name.
 */
#ifndef KSYSCALLS_WHICH_H
#define KSYSCALLS_WHICH_H

#include <limits.h>
#include <stdbool.h>

struct stat;

/* Is it the program that runs? */
bool tool_is_self(const struct stat *st);

/*
 * Looks in the absolute directories of PATH, then where programs usually are.
 * Returns 0 or -ENOENT.
 */
int tool_which(const char *name, char path[PATH_MAX]);

#endif
