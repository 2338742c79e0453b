// SPDX-License-Identifier: GPL-2.0-only
/*
 * A config.json, read and replaced.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/shared.h"
#include "container.h"
#include "file.h"

static int read_it(struct container *c, size_t max)
{
	c->dir = file_open_parent(c->path);
	if (c->dir < 0)
		return -errno;
	c->fd = openat(c->dir, ksc_base_name(c->path),
		       O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (c->fd < 0 || fstat(c->fd, &c->st))
		return -errno;
	if (!S_ISREG(c->st.st_mode))
		return -EINVAL;
	if (c->st.st_size > (off_t)max)
		return -EFBIG;
	c->len = (size_t)c->st.st_size;
	/* Neither shorter than it was a moment ago, nor longer. */
	errno = EAGAIN;
	c->text = file_read_open(c->fd, c->len);
	return c->text ? 0 : -errno;
}

int container_open(struct container *c, const char *path, size_t max)
{
	int ret;

	*c = (struct container)CONTAINER_CLOSED;
	c->path = path;
	ret = read_it(c, max);
	if (ret)
		container_close(c);
	return ret;
}

int container_prepare(struct container *c, const char *text, size_t len)
{
	if (len == c->len && !memcmp(text, c->text, len))
		return 0;
	return oci_replace_prepare(c->dir, ksc_base_name(c->path), c->fd, &c->st, text, len,
				   &c->next);
}

int container_commit(struct container *c)
{
	return c->next.fd < 0 ? 0 : oci_replace_commit(c->dir, ksc_base_name(c->path), &c->next);
}

void container_close(struct container *c)
{
	oci_replace_drop(c->dir, &c->next);
	free(c->text);
	if (c->fd >= 0)
		close(c->fd);
	if (c->dir >= 0)
		close(c->dir);
	*c = (struct container)CONTAINER_CLOSED;
}
