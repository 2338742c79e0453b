// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A configuration where it lies, replaced at once.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "json.h"
#include "oci.h"

#define TEMPORARY_TRIES	16

static int read_all(struct ksc_oci *o, int fd, const char *path, size_t size, char **text,
		    size_t *len)
{
	size_t at = 0;
	ssize_t n;
	char *buf;

	if (size > JSON_TEXT_MAX)
		return oci_fail(o, -EFBIG, "%s: more than %u bytes", path, JSON_TEXT_MAX);
	buf = malloc(size + 1);
	if (!buf)
		return oci_fail(o, -ENOMEM, "%s: %s", path, strerror(ENOMEM));
	while (at < size) {
		n = read(fd, buf + at, size - at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			n = n ? -errno : -EIO;
			free(buf);
			return oci_fail(o, (int)n, "%s: %s", path, strerror((int)-n));
		}
		at += (size_t)n;
	}
	*text = buf;
	*len = at;
	return 0;
}

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

static int copy_attribute(int from, int to, const char *name)
{
	char old[XATTR_SIZE_MAX], new[XATTR_SIZE_MAX];
	ssize_t len = fgetxattr(from, name, old, sizeof(old));

	if (len < 0)
		return errno == ENODATA ? 0 : -errno;
	if (!fsetxattr(to, name, old, (size_t)len, 0))
		return 0;
	/* Not ours to set, but a new file may have got the same from its directory. */
	if (fgetxattr(to, name, new, sizeof(new)) == len && !memcmp(old, new, (size_t)len))
		return 0;
	return -errno;
}

/* Labels of SELinux, access lists and whatever else belongs to the file. */
static int copy_attributes(int from, int to)
{
	char names[XATTR_LIST_MAX], *name;
	ssize_t len = flistxattr(from, names, sizeof(names));
	int ret = 0;

	if (len < 0)
		return errno == ENOTSUP ? 0 : -errno;
	for (name = names; !ret && name < names + len; name += strlen(name) + 1) {
		if (!is_of_content(name))
			ret = copy_attribute(from, to, name);
	}
	return ret;
}

/* A bundle lives as long as its container, so there is no fsync to wait for. */
static int replace_file(int dir, const char *name, int old, const struct stat *st,
			const char *text, size_t len)
{
	char tmp[NAME_MAX + 1];
	bool named;
	int fd, ret;

	ret = temporary_name(name, tmp);
	if (ret)
		return ret;
	fd = open_temporary(dir, tmp, &named);
	if (fd < 0)
		return fd;
	if (fchown(fd, st->st_uid, st->st_gid) || fchmod(fd, st->st_mode & 0777))
		ret = -errno;
	if (!ret)
		ret = copy_attributes(old, fd);
	if (!ret)
		ret = ksc_write_all(fd, text, len);
	if (!ret && !named)
		ret = give_name(dir, fd, tmp);
	if (close(fd) && !ret)
		ret = -errno;
	if (!ret && renameat(dir, tmp, dir, name))
		ret = -errno;
	if (ret)
		unlinkat(dir, tmp, 0);
	return ret;
}

static int rewrite_at(struct ksc_oci *o, int dir, const char *name, const char *path)
{
	char *text = NULL, *out;
	size_t len = 0, out_len;
	struct stat st;
	int fd, ret;

	fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0) {
		ret = -errno;
		return oci_fail(o, ret, "%s: %s", path, ret == -ELOOP ?
				"a symbolic link, which others may share" : strerror(-ret));
	}
	if (fstat(fd, &st))
		ret = oci_fail(o, -errno, "%s: %s", path, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		ret = oci_fail(o, -EINVAL, "%s: not a regular file", path);
	else
		ret = read_all(o, fd, path, (size_t)st.st_size, &text, &len);
	if (ret)
		goto close_fd;
	ret = ksc_oci_rewrite(o, text, len, &out, &out_len);
	if (ret)
		goto free_text;
	if (out_len != len || memcmp(out, text, len))
		ret = replace_file(dir, name, fd, &st, out, out_len);
	if (ret) {
		o->changed = false;
		oci_fail(o, ret, "%s: cannot be replaced: %s", path, strerror(-ret));
	}
	free(out);
free_text:
	free(text);
close_fd:
	close(fd);
	return ret;
}

KSC_EXPORT int ksc_oci_rewrite_file(struct ksc_oci *o, const char *path)
{
	const char *name = ksc_base_name(path);
	char *parent;
	int dir, ret;

	oci_start_afresh(o);
	parent = name == path ? strdup(".") : strndup(path, (size_t)(name - path));
	if (!parent)
		return oci_fail(o, -ENOMEM, "%s", strerror(ENOMEM));
	dir = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ret = -errno;
	free(parent);
	if (dir < 0)
		return oci_fail(o, ret, "%s: %s", path, strerror(-ret));
	ret = rewrite_at(o, dir, name, path);
	close(dir);
	return ret;
}
