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
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/ksyscalls.h>

#include "tool.h"

/* Where a root has the release of its kernel. */
#define RELEASE_DIR	"/proc/sys/kernel/"
#define RELEASE_FILE	"osrelease"

static int copy_file(int from, int to, const char *name)
{
	char buf[16384];
	int in, out, ret = 0;
	ssize_t n;

	in = openat(from, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (in < 0)
		return -errno;
	out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
	if (out < 0) {
		ret = -errno;
		goto out_close_in;
	}
	/* sysfs tells sizes that are not the content's: read to the end. */
	while ((n = read(in, buf, sizeof(buf))) > 0) {
		if (write(out, buf, (size_t)n) != n) {
			ret = errno ? -errno : -EIO;
			goto out_close_out;
		}
	}
	if (n < 0)
		ret = -errno;
out_close_out:
	if (close(out) && !ret)
		ret = -errno;
out_close_in:
	close(in);
	return ret;
}

/* @depth: how many more levels of directories the tree may have. */
static int copy_dir(DIR *from, int to, unsigned int depth)
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
			ret = copy_file(dirfd(from), to, name);
			continue;
		}
		if (!depth)
			return -ELOOP;
		sub = tool_open_dir(dirfd(from), name);
		if (!sub)
			return -errno;
		fd = mkdirat(to, name, 0755) ? -1 :
		     openat(to, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		ret = fd < 0 ? -errno : copy_dir(sub, fd, depth - 1);
		if (fd >= 0)
			close(fd);
		closedir(sub);
	}
	return ret ? ret : -errno;
}

static int copy_tree(const char *from, const char *to)
{
	DIR *in, *out;
	int ret;

	if (mkdir(to, 0755))
		return -errno;
	in = tool_open_dir(AT_FDCWD, from);
	if (!in)
		return -errno;
	out = tool_open_dir(AT_FDCWD, to);
	/* Today the tree has one level of directories; later versions may only add. */
	ret = out ? copy_dir(in, dirfd(out), 4) : -errno;
	if (out)
		closedir(out);
	closedir(in);
	return ret;
}

/* So that whoever uses the copy can tell whether it is of the kernel that runs. */
static int copy_release(const char *from_root, const char *to_root)
{
	char *from = NULL, *to = NULL;
	int in = -1, out = -1, ret = -ENOMEM;

	if (asprintf(&from, "%s" RELEASE_DIR, from_root) < 0 ||
	    asprintf(&to, "%s" RELEASE_DIR, to_root) < 0)
		goto out_free;
	/* A copied tree may have come without it. */
	in = open(from, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (in < 0 || faccessat(in, RELEASE_FILE, F_OK, 0)) {
		ret = 0;
		goto out_free;
	}
	ret = tool_make_dirs(to_root, RELEASE_DIR);
	if (ret)
		goto out_free;
	out = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (out >= 0)
		unlinkat(out, RELEASE_FILE, 0);
	ret = out < 0 ? -errno : copy_file(in, out, RELEASE_FILE);
	if (out >= 0)
		close(out);
out_free:
	if (in >= 0)
		close(in);
	free(to);
	free(from);
	return ret;
}

static bool same_tree(const struct ksc *k, const char *root)
{
	uint8_t want[32], have[32];
	struct ksc *copy;
	bool same = !ksc_open(&copy, root);

	if (same) {
		ksc_digest(k, want);
		ksc_digest(copy, have);
		same = !memcmp(want, have, sizeof(want));
	}
	ksc_close(copy);
	return same;
}

static int snapshot(const struct tool *t, const struct ksc *k, const char *root)
{
	char *from = NULL, *to = NULL, *aside = NULL, *copy = NULL;
	int ret, status = TOOL_USAGE;

	if (asprintf(&from, "%s%s", t->sysroot ?: "", KSYSCALLS_SYSFS_DIR) < 0 ||
	    asprintf(&to, "%s%s", root, KSYSCALLS_SYSFS_DIR) < 0 ||
	    asprintf(&aside, "%s/.ksyscalls.XXXXXX", root) < 0) {
		tool_error(t, "out of memory");
		return TOOL_USAGE;
	}
	if (!access(to, F_OK)) {
		tool_error(t, "%s is there already; remove it first, or choose another DIR", to);
		goto out_free;
	}
	if ((mkdir(root, 0755) && errno != EEXIST) || !mkdtemp(aside)) {
		tool_error(t, "%s: %s", root, strerror(errno));
		goto out_free;
	}
	ret = tool_make_dirs(aside, KSYSCALLS_SYSFS_DIR);
	if (!ret && asprintf(&copy, "%s%s", aside, KSYSCALLS_SYSFS_DIR) < 0)
		ret = -ENOMEM;
	if (!ret)
		ret = copy_tree(from, copy);
	if (ret) {
		tool_error(t, "cannot copy %s below %s: %s", from, root, strerror(-ret));
		goto out_remove;
	}
	if (!same_tree(k, aside)) {
		tool_error(t, "%s changed while it was copied: try again", from);
		goto out_remove;
	}
	ret = copy_release(t->sysroot ?: "", root);
	if (!ret)
		ret = tool_make_dirs(root, KSYSCALLS_SYSFS_DIR);
	if (ret || rename(copy, to)) {
		tool_error(t, "cannot make %s: %s", to, strerror(ret ? -ret : errno));
		goto out_remove;
	}
	status = TOOL_OK;
out_remove:
	tool_remove_dir(AT_FDCWD, aside);
out_free:
	free(copy);
	free(aside);
	free(to);
	free(from);
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

static const struct tool_opt snapshot_opts[] = { {} };

const struct tool_cmd cmd_snapshot = {
	.name = "snapshot",
	.operands = "DIR",
	.brief = "copy the tree below DIR, for --sysroot=DIR on another host",
	.about = "The copy is compared with the tree before it is put in place; one that is there\n"
		 "already is left alone.\n",
	.example = "ksyscalls snapshot /tmp/this-host",
	.opts = snapshot_opts,
	.run = run_snapshot,
};
