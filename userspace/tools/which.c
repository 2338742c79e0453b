// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a program is that is only known by its name: an engine may start us with
 * any PATH, or none.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "which.h"

#define DEFAULT_PATH	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* Linkers put notes in a file's first page, of which there is something in every core dump. */
#define NOTES_END	4096

static bool has_note(int fd)
{
	static const struct wrapper_note note = WRAPPER_NOTE;
	char head[NOTES_END];
	ssize_t len = pread(fd, head, sizeof(head), 0);

	return len > 0 && memmem(head, (size_t)len, &note, sizeof(note));
}

/* Whom a user may start, and not read. */
static bool is_self(int fd)
{
	struct stat st, self;

	return !fstat(fd, &st) && !stat("/proc/self/exe", &self) && self.st_dev == st.st_dev &&
	       self.st_ino == st.st_ino;
}

bool tool_is_wrapper(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	bool is;

	if (fd < 0)
		fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return false;
	is = has_note(fd) || is_self(fd);
	close(fd);
	return is;
}

/* Relative directories are left out: the working one is a bundle, of anybody's making. */
static int search(const char *name, const char *dirs, bool wrapper, char path[PATH_MAX])
{
	struct stat st;
	size_t len;

	for (; dirs; dirs = dirs[len] ? dirs + len + 1 : NULL) {
		len = strcspn(dirs, ":");
		if (*dirs != '/' ||
		    snprintf(path, PATH_MAX, "%.*s/%s", (int)len, dirs, name) >= PATH_MAX)
			continue;
		if (!stat(path, &st) && S_ISREG(st.st_mode) && !access(path, X_OK) &&
		    (wrapper || !tool_is_wrapper(path)))
			return 0;
	}
	return -ENOENT;
}

static int find(const char *name, bool wrapper, char path[PATH_MAX])
{
	const char *dirs = getenv("PATH");

	return dirs && !search(name, dirs, wrapper, path) ? 0 :
	       search(name, DEFAULT_PATH, wrapper, path);
}

int tool_which(const char *name, char path[PATH_MAX])
{
	return find(name, true, path);
}

int tool_which_runtime(const char *name, char path[PATH_MAX])
{
	return find(name, false, path);
}
