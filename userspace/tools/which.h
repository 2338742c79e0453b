/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a program is that is only known by its name, and which runtime is none.
 */
#ifndef KSYSCALLS_WHICH_H
#define KSYSCALLS_WHICH_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

/* By this ELF note ksyscalls-runtime knows another file of its own kind, of any version. */
struct wrapper_note {
	uint32_t name_len, len, type;
	char name[20];
};

#define WRAPPER_NOTE	{ sizeof("ksyscalls-runtime"), 0, 1, "ksyscalls-runtime" }

/* Is it ksyscalls-runtime, a link to it or a copy, whatever it is called? */
bool tool_is_wrapper(const char *path);

/*
 * Looks in the absolute directories of PATH, then where programs usually are.
 * Returns 0 or -ENOENT.
 */
int tool_which(const char *name, char path[PATH_MAX]);

/* The same for what the wrapper may be in front of, under the same name. */
int tool_which_runtime(const char *name, char path[PATH_MAX]);

#endif
