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

static int read_whole(struct ksc_oci *o, int fd, const char *path, size_t size, char **text,
		      size_t *len)
{
	int ret;

	if (size > JSON_TEXT_MAX)
		return oci_fail(o, -EFBIG, "%s: more than %u bytes", path, JSON_TEXT_MAX);
	*text = malloc(size + 1);
	ret = *text ? ksc_read_all(fd, *text, size, len) : -ENOMEM;
	if (!ret && *len < size)
		ret = -EIO;
	return ret ? oci_fail(o, ret, "%s: %s", path, strerror(-ret)) : 0;
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
		ret = read_whole(o, fd, path, (size_t)st.st_size, &text, &len);
	if (ret)
		goto free_text;
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
