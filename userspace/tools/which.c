// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a runtime is that is only known by its name: an engine may start us with
 * any PATH, or none, and what is looked for is not us.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "which.h"

#define DEFAULT_PATH	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

bool tool_is_self(const struct stat *st)
{
	struct stat self;

	return !stat("/proc/self/exe", &self) && self.st_dev == st->st_dev &&
	       self.st_ino == st->st_ino;
}

/* Relative directories are left out: the working one is a bundle, of anybody's making. */
static int search(const char *name, const char *dirs, char path[PATH_MAX])
{
	struct stat st;
	size_t len;

	for (; dirs; dirs = dirs[len] ? dirs + len + 1 : NULL) {
		len = strcspn(dirs, ":");
		if (*dirs != '/' ||
		    snprintf(path, PATH_MAX, "%.*s/%s", (int)len, dirs, name) >= PATH_MAX)
			continue;
		if (!stat(path, &st) && S_ISREG(st.st_mode) && !access(path, X_OK) &&
		    !tool_is_self(&st))
			return 0;
	}
	return -ENOENT;
}

int tool_which(const char *name, char path[PATH_MAX])
{
	const char *dirs = getenv("PATH");

	return dirs && !search(name, dirs, path) ? 0 : search(name, DEFAULT_PATH, path);
}
