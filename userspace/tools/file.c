// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files read whole and written whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/shared.h"
#include "file.h"

#define SAYS_MAX	(8u << 20)

/* /proc and /sys tell sizes that are not the content's: read to the end. */
static int read_to_end(int fd, char *buf, size_t max, size_t *len)
{
	int ret = ksc_read_all(fd, buf, max + 1, len);

	if (ret || *len > max)
		return ret ? ret : -EFBIG;
	buf[*len] = '\0';
	return 0;
}

int file_read(const char *path, size_t max, char **text, size_t *len)
{
	struct stat st;
	char *buf = NULL;
	int fd, ret;

	*text = NULL;
	*len = 0;
	/* O_NONBLOCK: opening a pipe would wait for its writer. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st)) {
		ret = -errno;
		goto close_fd;
	}
	ret = S_ISREG(st.st_mode) ? 0 : S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	if (ret)
		goto close_fd;
	buf = malloc(max + 1);
	ret = buf ? read_to_end(fd, buf, max, len) : -ENOMEM;
close_fd:
	close(fd);
	if (ret)
		free(buf);
	else
		*text = buf;
	return ret;
}

char *file_read_open(int fd, size_t size)
{
	char *text = malloc(size + 1);
	size_t len;

	if (text && !read_to_end(fd, text, size, &len) && len == size)
		return text;
	free(text);
	return NULL;
}

bool file_says(const char *path, const char *text)
{
	bool found = false;
	char *whole;
	size_t len;

	if (!file_read(path, SAYS_MAX, &whole, &len)) {
		found = strstr(whole, text);
		free(whole);
	}
	return found;
}

int file_open_parent(const char *path)
{
	const char *name = ksc_base_name(path);
	char parent[PATH_MAX];

	if (snprintf(parent, sizeof(parent), "%.*s.", (int)(name - path), path) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

void file_guard_streams(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_PATH | O_CLOEXEC);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}
