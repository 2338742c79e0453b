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
#include <sys/file.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "../shared.h"
#include "replace.h"

/*
 * What is written and not yet in its place has no name before it is whole, or, on file systems
 * that cannot do that, one from the beginning. Names are few, so that the next run finds what
 * one that was killed has left; and whoever uses one holds a lock on that file.
 */
static int print_name(const char *name, int i, char next[NAME_MAX + 1])
{
	int len = snprintf(next, NAME_MAX + 1, ".%s" OCI_NEXT "%d", name, i);

	return len > NAME_MAX ? -ENAMETOOLONG : 0;
}

/* May the name of @fd be taken away? Where there are no locks, anybody may. */
static bool is_ours(int dir, const char *next, int fd)
{
	struct stat st, named;

	if (flock(fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
		return false;
	return !fstat(fd, &st) && !fstatat(dir, next, &named, AT_SYMLINK_NOFOLLOW) &&
	       st.st_dev == named.st_dev && st.st_ino == named.st_ino;
}

/* A lock ends with its process, whatever ends that. NFS wants to write what it locks. */
static void remove_if_dead(int dir, const char *next)
{
	int fd = openat(dir, next, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (is_ours(dir, next, fd))
		unlinkat(dir, next, 0);
	close(fd);
}

/* Nobody can have us follow a link, or write to their file. */
static int create(int dir, struct oci_next *n)
{
	n->fd = openat(dir, n->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (n->fd < 0)
		return -errno;
	if (is_ours(dir, n->name, n->fd))
		return 0;
	/* Taken for a dead one's before it had its lock. */
	close(n->fd);
	n->fd = -1;
	return -EEXIST;
}

static int give_name(int dir, struct oci_next *n)
{
	char path[32];

	/* The first wants a privilege, the second a /proc. */
	if (!linkat(n->fd, "", dir, n->name, AT_EMPTY_PATH))
		return 0;
	if (errno == EEXIST)
		return -errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", n->fd);
	return linkat(AT_FDCWD, path, dir, n->name, AT_SYMLINK_FOLLOW) ? -errno : 0;
}

/* -EEXIST: no name is free. */
static int take_name(int dir, const char *name, struct oci_next *n,
		     int (*take)(int dir, struct oci_next *n))
{
	int ret = 0, i;

	for (i = 0; !ret && i < OCI_NEXT_NAMES; i++) {
		ret = print_name(name, i, n->name);
		if (!ret)
			remove_if_dead(dir, n->name);
	}
	if (ret)
		return ret;
	ret = -EEXIST;
	for (i = 0; ret == -EEXIST && i < OCI_NEXT_NAMES; i++) {
		print_name(name, i, n->name);
		ret = take(dir, n);
	}
	if (ret)
		*n->name = '\0';
	return ret;
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
static int write_next(const struct oci_next *n, int old, const struct stat *st, const char *text,
		      size_t len)
{
	int ret = copy_access(old, st, n->fd);

	if (!ret)
		ret = ksc_write_all(n->fd, text, len);
	if (ret)
		return ret;
	/* What NFS has to say of it is said when a descriptor is closed. */
	return close(dup(n->fd)) ? -errno : 0;
}

int oci_replace_prepare(int dir, const char *name, int old, const struct stat *st,
			const char *text, size_t len, struct oci_next *n)
{
	int ret = 0;

	*n = (struct oci_next){
		.fd = openat(dir, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600),
	};
	if (n->fd < 0)
		ret = take_name(dir, name, n, create);
	else
		flock(n->fd, LOCK_EX);
	if (!ret)
		ret = write_next(n, old, st, text, len);
	if (!ret && !*n->name)
		ret = take_name(dir, name, n, give_name);
	if (ret)
		oci_replace_drop(dir, n);
	return ret;
}

int oci_replace_commit(int dir, const char *name, struct oci_next *n)
{
	int ret = renameat(dir, n->name, dir, name) ? -errno : 0;

	if (!ret)
		*n->name = '\0';
	oci_replace_drop(dir, n);
	return ret;
}

void oci_replace_drop(int dir, struct oci_next *n)
{
	if (*n->name)
		unlinkat(dir, n->name, 0);
	if (n->fd >= 0)
		close(n->fd);
	*n = (struct oci_next){ .fd = -1 };
}

int oci_replace_file(int dir, const char *name, int old, const struct stat *st, const char *text,
		     size_t len)
{
	struct oci_next n;
	int ret = oci_replace_prepare(dir, name, old, st, text, len, &n);

	return ret ? ret : oci_replace_commit(dir, name, &n);
}
