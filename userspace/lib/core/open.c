// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A tree's handle: where it is found, and how long it lives.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/ksyscalls.h>
#include <linux/magic.h>

#include "input.h"

/* From the tree: where its root has the release of the kernel, if the tree does not say. */
#define OSRELEASE	"../../../proc/sys/kernel/osrelease"

static struct ksc *new_handle(void)
{
	struct ksc *k = calloc(1, sizeof(*k));

	if (k)
		k->users = 1;
	return k;
}

/* Opens @dir, which has the tree at @k->path, and takes it over. */
static int read_directory(struct ksc *k, int dir)
{
	struct input in = { .k = k, .dir = dir };
	struct utsname running;
	struct statfs fs;
	DIR *top;
	int err;

	k->live = !fstatfs(dir, &fs) && fs.f_type == SYSFS_MAGIC;
	top = fdopendir(dir);
	if (!top) {
		err = input_fail_os(&in, errno);
		close(dir);
		return err;
	}
	err = ksc_read_tree(k, top);
	if (!err && !k->release && k->live) {
		k->release = uname(&running) ? NULL : strdup(running.release);
		err = k->release ? 0 : -ENOMEM;
	} else if (!err && !k->release && k->root) {
		err = input_text_file(&in, OSRELEASE, &k->release);
		free(in.buf);
	}
	closedir(top);
	return err;
}

/*
 * ROOT may be reached through links; what is below it is the tree's own, and a
 * link there would lead from a copied tree into this machine's.
 */
static int open_root(struct ksc *k, const char *root)
{
	static const char *const steps[] = { "sys", "kernel", KSYSCALLS_SYSFS_NAME };
	struct input in = { .k = k };
	int fd, next, err;
	size_t i;

	free(k->root);
	free(k->path);
	k->path = NULL;
	k->root = strdup(root);
	if (!k->root || asprintf(&k->path, "%s" KSYSCALLS_SYSFS_DIR, root) < 0)
		return -ENOMEM;
	fd = open(*root ? root : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (i = 0; fd >= 0 && i < ARRAY_SIZE(steps); i++) {
		next = openat(fd, steps[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
		err = errno;
		close(fd);
		errno = err;
		fd = next;
	}
	if (fd >= 0)
		return read_directory(k, fd);
	if (errno != ENOENT)
		return input_fail_os(&in, errno);
	return input_fail(&in, -ENOENT, "no such tree; is the ksyscalls module loaded?");
}

/* What is surveyed is a boot of one kernel, and the directory is gone with the boot. */
static int check_running(struct ksc *k)
{
	struct input in = { .k = k, .file = KSC_FILE_RELEASE };
	struct utsname running;

	if (uname(&running) || !k->release)
		return input_fail(&in, -ESTALE, "is missing");
	if (!strcmp(k->release, running.release))
		return 0;
	return input_fail(&in, -ESTALE, "%s, and %s is running; run 'ksyscalls survey' again",
			  k->release, running.release);
}

/* This machine: by the module, else by the survey that root made. */
static int open_live(struct ksc *k)
{
	struct input in = { .k = k };
	int err = open_root(k, "");

	if (err != -ENOENT)
		return err;
	err = open_root(k, KSC_SURVEY_ROOT);
	if (!err)
		return check_running(k);
	if (err != -ENOENT)
		return err;
	*k->root = '\0';
	memmove(k->path, KSYSCALLS_SYSFS_DIR, sizeof(KSYSCALLS_SYSFS_DIR));
	return input_fail(&in, -ENOENT,
			  "no such tree; is the ksyscalls module loaded, or was there a survey?");
}

/* @err: how opening ended */
static int finish(struct ksc **kp, int err)
{
	if (err == -ENOMEM) {
		ksc_close(*kp);
		*kp = NULL;
	} else if (err) {
		/* Nobody shall take half a tree for a whole one. */
		ksc_free_abis(*kp);
	}
	return err;
}

KSC_PUBLIC int ksc_open(struct ksc **kp, const char *root)
{
	size_t len = root ? strlen(root) : 0;
	char *bare;
	int err;

	*kp = new_handle();
	if (!*kp)
		return -ENOMEM;
	/* "/" is "", so that paths come out without a second slash. */
	while (len && root[len - 1] == '/')
		len--;
	if (!len)
		return finish(kp, open_live(*kp));
	bare = strndup(root, len);
	err = bare ? open_root(*kp, bare) : -ENOMEM;
	free(bare);
	return finish(kp, err);
}

KSC_PUBLIC int ksc_open_at(struct ksc **kp, int dirfd)
{
	struct input in = { 0 };
	char name[32], path[4096];
	ssize_t len;
	int fd;

	*kp = new_handle();
	if (!*kp)
		return -ENOMEM;
	/* For messages, so a path that cannot be told is no failure. */
	snprintf(name, sizeof(name), "/proc/self/fd/%d", dirfd);
	len = readlink(name, path, sizeof(path));
	(*kp)->path = len > 0 && (size_t)len < sizeof(path) ? strndup(path, (size_t)len) :
							      strdup(name);
	if (!(*kp)->path)
		return finish(kp, -ENOMEM);
	in.k = *kp;
	fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return finish(kp, fd < 0 ? input_fail_os(&in, errno) : read_directory(*kp, fd));
}

KSC_PUBLIC int ksc_new(struct ksc **kp)
{
	*kp = new_handle();
	if (!*kp)
		return -ENOMEM;
	(*kp)->names_only = true;
	(*kp)->path = strdup("names");
	return finish(kp, (*kp)->path ? 0 : -ENOMEM);
}

/* Counting users changes nothing that a reader could see, so readers' handles will do. */
struct ksc *ksc_get(const struct ksc *k)
{
	struct ksc *used = (struct ksc *)k;

	__atomic_add_fetch(&used->users, 1, __ATOMIC_RELAXED);
	return used;
}

KSC_PUBLIC void ksc_close(struct ksc *k)
{
	if (!k || __atomic_sub_fetch(&k->users, 1, __ATOMIC_ACQ_REL))
		return;
	ksc_free_abis(k);
	free(k->abis);
	free(k->error);
	free(k->root);
	free(k->path);
	free(k->source);
	free(k->release);
	free(k);
}

KSC_PUBLIC const char *ksc_version(void)
{
	return KSC_STRING(KSC_VERSION_MAJOR) "." KSC_STRING(KSC_VERSION_MINOR) "."
	       KSC_STRING(KSC_VERSION_PATCH);
}

KSC_PUBLIC const char *ksc_error(const struct ksc *k)
{
	return k && k->error ? k->error : "";
}

KSC_PUBLIC const char *ksc_root(const struct ksc *k)
{
	return !k->root || *k->root ? k->root : "/";
}

KSC_PUBLIC const char *ksc_source(const struct ksc *k)
{
	if (k->names_only)
		return "names";
	if (k->source)
		return k->source;
	return k->live ? "module" : "snapshot";
}

KSC_PUBLIC const char *ksc_release(const struct ksc *k)
{
	return k->release;
}
