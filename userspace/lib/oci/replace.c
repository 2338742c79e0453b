// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A file replaced at once, by another that has its owner, permissions and attributes. The
 * runtime wrapper has this file without the rest of the library.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "../shared.h"
#include "replace.h"

#define TEMPORARY_TRIES	16

/*
 * What is written and not yet in its place. It has no name before it is whole, or, on
 * file systems that cannot do that, one that the next run finds and takes away; so
 * nothing stays behind whoever is killed at whatever point.
 */
static int temporary_name(const char *name, char tmp[NAME_MAX + 1])
{
	int len = snprintf(tmp, NAME_MAX + 1, ".%s.ksyscalls", name);

	return len > NAME_MAX ? -ENAMETOOLONG : 0;
}

/* *@named: it has its name already. Nobody can have us follow a link, or write to their file. */
static int open_temporary(int dir, const char *tmp, bool *named)
{
	int fd = openat(dir, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600), tries;

	*named = fd < 0;
	for (tries = 0; fd < 0 && tries < TEMPORARY_TRIES; tries++) {
		unlinkat(dir, tmp, 0);
		fd = openat(dir, tmp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	return fd < 0 ? -errno : fd;
}

static int give_name(int dir, int fd, const char *tmp)
{
	char path[32];
	int tries, ret;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	for (tries = 0; tries < TEMPORARY_TRIES; tries++) {
		unlinkat(dir, tmp, 0);
		/* The first wants a privilege, the second a /proc. */
		ret = linkat(fd, "", dir, tmp, AT_EMPTY_PATH);
		if (ret && errno != EEXIST)
			ret = linkat(AT_FDCWD, path, dir, tmp, AT_SYMLINK_FOLLOW);
		if (!ret || errno != EEXIST)
			return ret ? -errno : 0;
	}
	return -EEXIST;
}

/* Of the content, which is no longer what they were made from. */
static bool is_of_content(const char *name)
{
	return !strcmp(name, "security.ima") || !strcmp(name, "security.evm");
}

/* Not on the stack, of which somebody may have left us little. */
struct attributes {
	char names[XATTR_LIST_MAX];
	char old[XATTR_SIZE_MAX], new[XATTR_SIZE_MAX];
};

static int copy_attribute(int from, int to, const char *name, struct attributes *a)
{
	ssize_t len = fgetxattr(from, name, a->old, sizeof(a->old));

	if (len < 0)
		return errno == ENODATA ? 0 : -errno;
	if (!fsetxattr(to, name, a->old, (size_t)len, 0))
		return 0;
	/* Not ours to set, but a new file may have got the same from its directory. */
	if (fgetxattr(to, name, a->new, sizeof(a->new)) == len &&
	    !memcmp(a->old, a->new, (size_t)len))
		return 0;
	return -errno;
}

/* Labels of SELinux, access lists and whatever else belongs to the file. */
static int copy_attributes(int from, int to)
{
	struct attributes *a = malloc(sizeof(*a));
	const char *name;
	ssize_t len;
	int ret = 0;

	if (!a)
		return -ENOMEM;
	len = flistxattr(from, a->names, sizeof(a->names));
	if (len < 0 && errno != ENOTSUP)
		ret = -errno;
	for (name = a->names; !ret && name < a->names + len; name += strlen(name) + 1) {
		if (!is_of_content(name))
			ret = copy_attribute(from, to, name, a);
	}
	free(a);
	return ret;
}

/*
 * Who may do what with it. A directory hands an access list down to new files, by which others
 * may read what they could not before.
 */
static int copy_access(int from, const struct stat *st, int to)
{
	if (fchown(to, st->st_uid, st->st_gid))
		return -errno;
	if (fremovexattr(to, "system.posix_acl_access") && errno != ENODATA && errno != ENOTSUP)
		return -errno;
	return fchmod(to, st->st_mode & 0777) ? -errno : copy_attributes(from, to);
}

/* A bundle lives as long as its container, so there is no fsync to wait for. */
int oci_replace_prepare(int dir, const char *name, int old, const struct stat *st,
			const char *text, size_t len, char tmp[NAME_MAX + 1])
{
	bool named;
	int fd, ret;

	ret = temporary_name(name, tmp);
	if (ret)
		return ret;
	fd = open_temporary(dir, tmp, &named);
	if (fd < 0)
		return fd;
	ret = copy_access(old, st, fd);
	if (!ret)
		ret = ksc_write_all(fd, text, len);
	if (!ret && !named)
		ret = give_name(dir, fd, tmp);
	if (close(fd) && !ret)
		ret = -errno;
	if (ret)
		oci_replace_drop(dir, tmp);
	return ret;
}

int oci_replace_commit(int dir, const char *name, const char *tmp)
{
	int ret = renameat(dir, tmp, dir, name) ? -errno : 0;

	if (ret)
		oci_replace_drop(dir, tmp);
	return ret;
}

void oci_replace_drop(int dir, const char *tmp)
{
	unlinkat(dir, tmp, 0);
}

int oci_replace_file(int dir, const char *name, int old, const struct stat *st, const char *text,
		     size_t len)
{
	char tmp[NAME_MAX + 1];
	int ret = oci_replace_prepare(dir, name, old, st, text, len, tmp);

	return ret ? ret : oci_replace_commit(dir, name, tmp);
}
