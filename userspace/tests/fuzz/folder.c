// SPDX-License-Identifier: GPL-2.0-only
/*
 * A directory in memory. A path has room for any that the library asks for; the descriptor of
 * a file is its place in the table, beyond those of the process.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "folder.h"

#define MOST_NODES	2048
#define FIRST_FD	100000

struct node {
	char path[128];			/* "": the top */
	size_t parent;
	bool is_dir;
	const uint8_t *data;
	size_t len;
};

static struct node nodes[MOST_NODES];
static size_t nr_nodes;
static unsigned int used;

/* As fdopendir(3) gives it. */
static struct {
	size_t node, next;
	struct dirent entry;
} stream;

int __wrap_openat64(int dirfd, const char *name, int flags, ...);
int __wrap_close(int fd);
ssize_t __wrap_pread64(int fd, void *buf, size_t size, off_t at);
int __wrap_fstat64(int fd, struct stat *st);
int __wrap_fstatat64(int dirfd, const char *name, struct stat *st, int flags);
int __wrap_fstatfs64(int fd, struct statfs *fs);
DIR *__wrap_fdopendir(int fd);
int __wrap_dirfd(DIR *dir);
struct dirent *__wrap_readdir64(DIR *dir);
int __wrap_closedir(DIR *dir);
/* Of a fuzzer's own, which reads its inputs by the same calls. */
int __real_close(int fd);
struct dirent *__real_readdir64(DIR *dir);
int __real_closedir(DIR *dir);

static struct node *find(const char *path)
{
	size_t i;

	for (i = 0; i < nr_nodes; i++)
		if (!strcmp(nodes[i].path, path))
			return &nodes[i];
	return NULL;
}

static struct node *node_of(int fd)
{
	size_t i = (size_t)fd - FIRST_FD;

	if (fd < FIRST_FD || i >= nr_nodes)
		abort();
	return &nodes[i];
}

static int fd_of(const struct node *n)
{
	used++;
	return FIRST_FD + (int)(n - nodes);
}

/* What is there under another's name is not replaced by a directory, nor one by a file. */
static struct node *make(const char *path, bool is_dir)
{
	struct node *n = find(path), *parent;
	char above[sizeof(n->path)], *slash;

	if (n)
		return n->is_dir == is_dir ? n : NULL;
	snprintf(above, sizeof(above), "%s", path);
	slash = strrchr(above, '/');
	*(slash ?: above) = '\0';
	parent = make(above, true);
	if (!parent || nr_nodes == MOST_NODES)
		return NULL;
	n = &nodes[nr_nodes++];
	*n = (struct node){ .parent = (size_t)(parent - nodes), .is_dir = is_dir };
	snprintf(n->path, sizeof(n->path), "%s", path);
	return n;
}

void folder_clear(void)
{
	nodes[0] = (struct node){ .is_dir = true };
	nr_nodes = 1;
	used = 0;
}

void folder_add(const char *path, const uint8_t *data, size_t len)
{
	struct node *n = make(path, false);

	if (!n)
		return;
	n->data = data;
	n->len = len;
}

int folder_open(void)
{
	return fd_of(nodes);
}

unsigned int folder_used(void)
{
	return used;
}

static struct node *at(int dirfd, const char *name)
{
	struct node *dir = node_of(dirfd), *n;
	char path[2 * sizeof(dir->path)];

	if (!strcmp(name, "."))
		return dir;
	snprintf(path, sizeof(path), "%s%s%s", dir->path, *dir->path ? "/" : "", name);
	n = find(path);
	if (!n)
		errno = ENOENT;
	return n;
}

static void describe(const struct node *n, struct stat *st)
{
	*st = (struct stat){ .st_mode = n->is_dir ? S_IFDIR | 0755 : S_IFREG | 0644 };
}

int __wrap_openat64(int dirfd, const char *name, int flags, ...)
{
	struct node *n = at(dirfd, name);

	if (n && !n->is_dir && (flags & O_DIRECTORY)) {
		errno = ENOTDIR;
		return -1;
	}
	return n ? fd_of(n) : -1;
}

int __wrap_close(int fd)
{
	if (fd < FIRST_FD)
		return __real_close(fd);
	node_of(fd);
	if (!used--)
		abort();
	return 0;
}

ssize_t __wrap_pread64(int fd, void *buf, size_t size, off_t from)
{
	const struct node *n = node_of(fd);

	if (n->is_dir) {
		errno = EISDIR;
		return -1;
	}
	if ((size_t)from >= n->len)
		return 0;
	if (size > n->len - (size_t)from)
		size = n->len - (size_t)from;
	memcpy(buf, n->data + from, size);
	return (ssize_t)size;
}

int __wrap_fstat64(int fd, struct stat *st)
{
	describe(node_of(fd), st);
	return 0;
}

int __wrap_fstatat64(int dirfd, const char *name, struct stat *st, int flags)
{
	const struct node *n = at(dirfd, name);

	if (!n)
		return -1;
	describe(n, st);
	return 0;
}

/* No sysfs. */
int __wrap_fstatfs64(int fd, struct statfs *fs)
{
	node_of(fd);
	*fs = (struct statfs){ 0 };
	return 0;
}

DIR *__wrap_fdopendir(int fd)
{
	stream.node = (size_t)(node_of(fd) - nodes);
	stream.next = 1;
	return (DIR *)&stream;
}

int __wrap_dirfd(DIR *dir)
{
	return FIRST_FD + (int)stream.node;
}

/* Some file systems do not tell what an entry is; here half of the directories. */
struct dirent *__wrap_readdir64(DIR *dir)
{
	const struct node *n;

	if (dir != (DIR *)&stream)
		return __real_readdir64(dir);
	while (stream.next < nr_nodes) {
		n = &nodes[stream.next++];
		if (n->parent != stream.node)
			continue;
		stream.entry.d_type = stream.next % 2 ? DT_UNKNOWN : n->is_dir ? DT_DIR : DT_REG;
		snprintf(stream.entry.d_name, sizeof(stream.entry.d_name), "%s",
			 strrchr(n->path, '/') ? strrchr(n->path, '/') + 1 : n->path);
		return &stream.entry;
	}
	return NULL;
}

int __wrap_closedir(DIR *dir)
{
	if (dir != (DIR *)&stream)
		return __real_closedir(dir);
	return __wrap_close(FIRST_FD + (int)stream.node);
}
