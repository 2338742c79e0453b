// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A configuration where it lies, replaced at once.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oci.h"

#define TEMPORARY_TRIES	100

static int read_all(struct ksc_oci *o, int fd, const char *path, size_t size, char **text,
		    size_t *len)
{
	size_t at = 0;
	ssize_t n;
	char *buf;

	if (size > OCI_CONFIG_MAX)
		return oci_fail(o, -EFBIG, "%s: more than %u bytes", path, OCI_CONFIG_MAX);
	buf = malloc(size + 1);
	if (!buf)
		return -ENOMEM;
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

static int write_all(int fd, const char *text, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(fd, text, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		len -= (size_t)n;
	}
	return 0;
}

/* A name that nobody has yet; whoever else writes there cannot have us follow a link. */
static int open_temporary(int dir, const char *name, char *tmp, size_t room)
{
	unsigned int i;
	int fd = -1;

	for (i = 0; fd < 0 && i < TEMPORARY_TRIES; i++) {
		if (snprintf(tmp, room, ".%.200s.%ld.%u", name, (long)getpid(), i) >= (int)room)
			return -ENAMETOOLONG;
		fd = openat(dir, tmp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	return fd < 0 ? -errno : fd;
}

/* A bundle lives as long as its container, so there is no fsync to wait for. */
static int replace_file(int dir, const char *name, const struct stat *st, const char *text,
			size_t len)
{
	char tmp[NAME_MAX + 1];
	int fd, ret = 0;

	fd = open_temporary(dir, name, tmp, sizeof(tmp));
	if (fd < 0)
		return fd;
	if (fchown(fd, st->st_uid, st->st_gid) || fchmod(fd, st->st_mode & 0777))
		ret = -errno;
	if (!ret)
		ret = write_all(fd, text, len);
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
	close(fd);
	if (ret)
		return ret;
	ret = ksc_oci_rewrite(o, text, len, &out, &out_len);
	if (ret)
		goto free_text;
	if (out_len != len || memcmp(out, text, len))
		ret = replace_file(dir, name, &st, out, out_len);
	if (ret) {
		o->changed = false;
		oci_fail(o, ret, "%s: cannot be replaced: %s", path, strerror(-ret));
	}
	free(out);
free_text:
	free(text);
	return ret;
}

KSC_EXPORT int ksc_oci_rewrite_file(struct ksc_oci *o, const char *path)
{
	const char *name = oci_base_name(path);
	char *parent;
	int dir, ret;

	oci_start_afresh(o);
	parent = name == path ? strdup(".") : strndup(path, (size_t)(name - path));
	if (!parent)
		return -ENOMEM;
	dir = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ret = -errno;
	free(parent);
	if (dir < 0)
		return oci_fail(o, ret, "%s: %s", path, strerror(-ret));
	ret = rewrite_at(o, dir, name, path);
	close(dir);
	return ret;
}
