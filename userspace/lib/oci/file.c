// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A configuration where it lies.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "json.h"
#include "oci.h"
#include "replace.h"

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
		ret = oci_replace_file(dir, name, fd, &st, out, out_len);
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

KSC_PUBLIC int ksc_oci_rewrite_file(struct ksc_oci *o, const char *path)
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
