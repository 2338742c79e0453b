// SPDX-License-Identifier: GPL-2.0-only
/*
 * snapshot: copy the tree, to be read on another host with --sysroot.
 *
 * The copy is made aside, read back and compared, and only then put in place:
 * there is never half a tree at the place where one is looked for.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/ksyscalls.h>

#include "../../lib/shared.h"
#include "../file.h"
#include "tool.h"

/* KSYSCALLS_SYSFS_DIR without KSYSCALLS_SYSFS_NAME. */
#define KSYSCALLS_PARENT	"/sys/kernel"

/* The copy until it is whole, in the directory that it is for. */
#define ASIDE	".ksyscalls-snapshot"

/* A copy in the making, and the file that it failed at, if it did. */
struct copy {
	char failed[256];
};

static int fail_at(struct copy *c, const char *name, int err)
{
	if (!*c->failed)
		snprintf(c->failed, sizeof(c->failed), "%s", name);
	return err;
}

static int copy_file(struct copy *c, int from, int to, const char *name)
{
	char buf[16384];
	struct stat st;
	int in, out, ret = 0;
	ssize_t n;

	/* A pipe is not waited for, a link is not followed. */
	in = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (in < 0)
		return fail_at(c, name, -errno);
	if (fstat(in, &st) || !S_ISREG(st.st_mode)) {
		close(in);
		return fail_at(c, name, -EINVAL);
	}
	out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
	if (out < 0) {
		ret = -errno;
		goto out_close_in;
	}
	/* sysfs tells sizes that are not the content's: read to the end. */
	while (!ret && (n = read(in, buf, sizeof(buf)))) {
		if (n < 0 && errno == EINTR)
			continue;
		ret = n < 0 ? -errno : ksc_write_all(out, buf, (size_t)n);
	}
	if (close(out) && !ret)
		ret = -errno;
out_close_in:
	close(in);
	return ret ? fail_at(c, name, ret) : 0;
}

/* @depth: how many more levels of directories the tree may have. */
static int copy_dir(struct copy *c, DIR *from, int to, unsigned int depth)
{
	struct dirent *entry;
	int ret = 0;

	while (!ret && (errno = 0, entry = readdir(from))) {
		const char *name = entry->d_name;
		DIR *sub;
		int fd;

		if (tool_is_dots(name))
			continue;
		if (!tool_is_dir(dirfd(from), name)) {
			ret = copy_file(c, dirfd(from), to, name);
			continue;
		}
		sub = depth ? tool_open_dir(dirfd(from), name) : NULL;
		if (!sub)
			return fail_at(c, name, depth ? -errno : -ELOOP);
		fd = mkdirat(to, name, 0755) ? -1 :
		     openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		ret = fd < 0 ? fail_at(c, name, -errno) : copy_dir(c, sub, fd, depth - 1);
		if (fd >= 0)
			close(fd);
		closedir(sub);
	}
	return ret ? ret : -errno;
}

/* What the tree does not say of itself, since it is where it is true: whose it is. */
static int record(struct copy *c, int dir, const char *name, const char *text)
{
	int fd, ret;

	fd = text ? openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444) : -1;
	if (!text || (fd < 0 && errno == EEXIST))
		return 0;
	if (fd < 0)
		return fail_at(c, name, -errno);
	ret = ksc_write_all(fd, text, strlen(text));
	if (!ret)
		ret = ksc_write_all(fd, "\n", 1);
	if (close(fd) && !ret)
		ret = -errno;
	return ret ? fail_at(c, name, ret) : 0;
}

static int copy_tree(struct copy *c, const struct ksc *k, int from, int to)
{
	int top, ret, in = tool_open_beneath(from, KSYSCALLS_SYSFS_DIR, false);
	DIR *dir = in < 0 ? NULL : fdopendir(in);

	if (!dir)
		return fail_at(c, KSYSCALLS_SYSFS_DIR, in < 0 ? in : -errno);
	top = tool_open_beneath(to, KSYSCALLS_SYSFS_DIR, true);
	/* Today the tree has one level of directories; later versions may only add. */
	ret = top < 0 ? fail_at(c, ASIDE, top) : copy_dir(c, dir, top, 4);
	if (!ret)
		ret = record(c, top, KSC_FILE_RELEASE, ksc_release(k));
	if (!ret)
		ret = record(c, top, KSC_FILE_SOURCE, "snapshot");
	if (top >= 0)
		close(top);
	closedir(dir);
	return ret;
}

static bool same_tree(const struct ksc *k, int root)
{
	int dir = tool_open_beneath(root, KSYSCALLS_SYSFS_DIR, false);
	uint8_t want[32], have[32];
	struct ksc *copy = NULL;
	bool same = dir >= 0 && !ksc_open_at(&copy, dir);

	if (same) {
		ksc_digest(k, want);
		ksc_digest(copy, have);
		same = !memcmp(want, have, sizeof(want));
	}
	ksc_close(copy);
	if (dir >= 0)
		close(dir);
	return same;
}

/* Into the place where a tree is looked for, of which a part may be there. */
static int put_in_place(int aside, int root)
{
	int from = tool_open_beneath(aside, KSYSCALLS_PARENT, false);
	int to = tool_open_beneath(root, KSYSCALLS_PARENT, true);
	int ret = from < 0 ? from : to < 0 ? to : 0;

	if (!ret && renameat(from, KSYSCALLS_SYSFS_NAME, to, KSYSCALLS_SYSFS_NAME))
		ret = -errno;
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	return ret;
}

static int make_copy(const struct tool *t, const struct ksc *k, int from, int root,
		     const char *name)
{
	struct copy c = { "" };
	int aside, ret;

	/* The lock tells a run that is at work from one that was killed. */
	if (flock(root, LOCK_EX | LOCK_NB)) {
		tool_error(t, "%s: another run is writing there", name);
		return TOOL_USAGE;
	}
	tool_remove_dir(root, ASIDE);
	aside = mkdirat(root, ASIDE, 0755) ? -errno : tool_open_beneath(root, ASIDE, false);
	if (aside < 0) {
		tool_error(t, "%s: %s", name, strerror(-aside));
		return TOOL_USAGE;
	}
	ret = copy_tree(&c, k, from, aside);
	if (ret) {
		tool_error(t, "%s: cannot copy %s: %s", name, c.failed, ret == -EINVAL ?
			   "not a regular file" : strerror(-ret));
	} else if (!same_tree(k, aside)) {
		tool_error(t, "the tree changed while it was copied: try again");
		ret = -EAGAIN;
	} else {
		ret = put_in_place(aside, root);
		if (ret)
			tool_error(t, "cannot make %s%s: %s", name, KSYSCALLS_SYSFS_DIR,
				   strerror(-ret));
	}
	close(aside);
	tool_remove_dir(root, ASIDE);
	return ret ? TOOL_USAGE : TOOL_OK;
}

static int snapshot(const struct tool *t, const struct ksc *k, const char *name)
{
	int from, root, there, status = TOOL_USAGE;
	bool made;

	from = open(ksc_root(k), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (from < 0) {
		tool_error(t, "%s: %s", ksc_root(k), strerror(errno));
		return status;
	}
	made = !mkdir(name, 0755);
	root = !made && errno != EEXIST ? -1 : open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root < 0) {
		tool_error(t, "%s: %s", name, strerror(errno));
		goto close_from;
	}
	there = tool_open_beneath(root, KSYSCALLS_SYSFS_DIR, false);
	if (there >= 0) {
		tool_error(t, "%s%s is there already; remove it first, or choose another DIR",
			   name, KSYSCALLS_SYSFS_DIR);
		close(there);
		goto close_root;
	}
	status = make_copy(t, k, from, root, name);
close_root:
	close(root);
	if (status && made)
		rmdir(name);
close_from:
	close(from);
	return status;
}

static int run_snapshot(struct tool *t, int argc, char **argv)
{
	struct ksc *k;
	int ret;

	while (tool_getopt(t, argc, argv) != -1)
		;
	if (optind != argc - 1)
		return tool_usage(t, optind == argc ? "no directory named" :
				  "more than one directory");
	if (!*argv[optind])
		return tool_usage(t, "the directory's name is empty");
	ret = tool_open(t, &k);
	if (ret)
		return ret;
	ret = snapshot(t, k, argv[optind]);
	ksc_close(k);
	return ret;
}

const struct tool_cmd cmd_snapshot = {
	.name = "snapshot",
	.operands = "DIR",
	.brief = "copy the tree below DIR, for --sysroot=DIR on another host",
	.about = "The copy is compared with the tree before it is put in place; one that is there\n"
		 "already is left alone.\n",
	.example = "ksyscalls snapshot /tmp/this-host",
	.run = run_snapshot,
};
