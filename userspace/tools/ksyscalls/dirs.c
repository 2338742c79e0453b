// SPDX-License-Identifier: GPL-2.0-only
/*
 * Directories: made, walked and removed with everything below them.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool.h"

DIR *tool_open_dir(int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	int err = errno;

	if (!dir && fd >= 0)
		close(fd);
	errno = err;
	return dir;
}

bool tool_is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

bool tool_is_dir(int parent, const char *name)
{
	struct stat st;

	return !fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) && S_ISDIR(st.st_mode);
}

/* Best effort: what stays behind is in a directory of ours, named in no message. */
void tool_remove_dir(int parent, const char *name)
{
	DIR *dir = tool_open_dir(parent, name);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		if (tool_is_dots(entry->d_name))
			continue;
		if (tool_is_dir(dirfd(dir), entry->d_name))
			tool_remove_dir(dirfd(dir), entry->d_name);
		else
			unlinkat(dirfd(dir), entry->d_name, 0);
	}
	if (dir)
		closedir(dir);
	unlinkat(parent, name, AT_REMOVEDIR);
}

/* Like mkdir -p, below @root only. */
int tool_make_dirs(const char *root, const char *below)
{
	char *path, *end;
	int ret = 0;

	if (asprintf(&path, "%s%s", root, below) < 0)
		return -ENOMEM;
	for (end = path + strlen(root) + 1; !ret; *end++ = '/') {
		end += strcspn(end, "/");
		if (!*end)
			break;
		*end = '\0';
		if (mkdir(path, 0755) && errno != EEXIST)
			ret = -errno;
	}
	free(path);
	return ret;
}

/**
 * tool_open_beneath() - open a directory, following no link on the way
 * @root: where to begin
 * @below: "/a/b", or "a"
 * @make: make those that are missing
 *
 * Return: a descriptor, or a negative errno.
 */
int tool_open_beneath(int root, const char *below, bool make)
{
	int fd = fcntl(root, F_DUPFD_CLOEXEC, 0), next, err;
	char name[NAME_MAX + 1];
	size_t len;

	for (; below += strspn(below, "/"), fd >= 0 && *below; below += len) {
		len = strcspn(below, "/");
		if (snprintf(name, sizeof(name), "%.*s", (int)len, below) >= (int)sizeof(name)) {
			close(fd);
			return -ENAMETOOLONG;
		}
		if (make)
			mkdirat(fd, name, 0755);
		next = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		err = errno;
		close(fd);
		errno = err;
		fd = next;
	}
	return fd < 0 ? -errno : fd;
}
