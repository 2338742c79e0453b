// SPDX-License-Identifier: GPL-2.0-only
/*
 * Output that arrives whole or is reported: JSON, binary files, and the last
 * look at stdout before the process ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <linux/limits.h>
#include <signal.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "../../lib/shared.h"
#include "../file.h"
#include "tool.h"

/**
 * tool_json_text() - add a text
 * @obj: to this object
 * @key: under this key
 * @text: NULL or empty: there is none, which is null
 */
void tool_json_text(struct json_object *obj, const char *key, const char *text)
{
	json_object_object_add(obj, key, text && *text ? json_object_new_string(text) : NULL);
}

/**
 * tool_json_release() - add a release
 * @obj: to this object
 * @key: under this key
 * @release: null if it is none or unknown
 */
void tool_json_release(struct json_object *obj, const char *key, unsigned int release)
{
	char text[32] = "";

	if (release != KSC_RELEASE_UNKNOWN && release != KSC_RELEASE_NONE)
		snprintf(text, sizeof(text), "%u.%u", release >> 16, release & 0xffff);
	tool_json_text(obj, key, text);
}

/**
 * tool_print_json() - print one JSON document and a newline
 * @t: the run
 * @obj: the document, given up to this function; NULL if memory ran out
 *
 * Return: TOOL_OK or TOOL_USAGE.
 */
int tool_print_json(const struct tool *t, struct json_object *obj)
{
	const char *text = obj ? json_object_to_json_string_ext(obj, JSON_C_TO_STRING_PRETTY |
						JSON_C_TO_STRING_NOSLASHESCAPE) : NULL;

	if (text)
		puts(text);
	else
		tool_error(t, "out of memory");
	json_object_put(obj);
	return text ? TOOL_OK : TOOL_USAGE;
}

/* ---- files --------------------------------------------------------------- */

/*
 * A file that is nobody's yet, locked for as long as it is being written. One that
 * is there and not locked was left by a run that was killed, and goes.
 */
static int open_aside(const char *name)
{
	struct stat st;
	int fd, ret, tries;

	for (tries = 0; tries < 100; tries++) {
		fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd >= 0 && !flock(fd, LOCK_EX | LOCK_NB) && !fstat(fd, &st) && st.st_nlink)
			return fd;
		if (fd < 0 && errno != EEXIST)
			return -errno;
		if (fd < 0)
			fd = open(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
		if (fd < 0 && errno != ENOENT)
			return -errno;
		if (fd < 0)
			continue;
		ret = flock(fd, LOCK_EX | LOCK_NB) ? -EBUSY : 0;
		/* Whoever has the lock is alone in removing it; who comes late has nothing. */
		if (!ret && !fstat(fd, &st) && st.st_nlink && unlink(name))
			ret = -errno;
		close(fd);
		if (ret)
			return ret;
	}
	return -EBUSY;
}

static mode_t mode_of_new_files(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

/*
 * Who may do what with @path, beyond its mode. A directory hands an access list down to new
 * files, by which others may read what they could not before.
 */
static int keep_access(const char *path, int fd)
{
	static const char name[] = "system.posix_acl_access";
	char list[XATTR_SIZE_MAX];
	ssize_t len = lgetxattr(path, name, list, sizeof(list));

	if (len >= 0)
		return fsetxattr(fd, name, list, (size_t)len, 0) ? -errno : 0;
	if (errno == ENOTSUP)
		return 0;
	if (errno != ENODATA)
		return -errno;
	return fremovexattr(fd, name) && errno != ENODATA && errno != ENOTSUP ? -errno : 0;
}

static bool is_stdout(const char *path)
{
	return !path || !strcmp(path, "-");
}

static bool stat_output(const char *path, struct stat *st)
{
	return !(is_stdout(path) ? fstat(STDOUT_FILENO, st) : stat(path, st));
}

/**
 * tool_same_output() - would two outputs end up in one place?
 * @a: a file; NULL or "-" for stdout
 * @b: the other
 *
 * Devices without a memory, such as /dev/null, are no place.
 */
bool tool_same_output(const char *a, const char *b)
{
	struct stat sa, sb;

	if (is_stdout(a) && is_stdout(b))
		return true;
	if (!stat_output(a, &sa) || !stat_output(b, &sb))
		return !is_stdout(a) && !is_stdout(b) && !strcmp(a, b);
	return sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino && !S_ISCHR(sa.st_mode);
}

/**
 * tool_output_open() - see to it that a file can be written, and change nothing yet
 * @t: the run
 * @path: the file; NULL or "-" for stdout
 * @out: receives what tool_output_place() or tool_output_drop() ends
 *
 * Return: TOOL_OK, or TOOL_USAGE with the reason told.
 */
int tool_output_open(const struct tool *t, const char *path, struct tool_output *out)
{
	struct stat st, link;
	const char *name;

	*out = (struct tool_output){ .path = path, .fd = -1, .mode = mode_of_new_files() };
	if (is_stdout(path))
		return TOOL_OK;
	if (!stat(path, &st) && !S_ISREG(st.st_mode)) {
		/* A device, a pipe or /dev/fd/N cannot be replaced, only written to. */
		out->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		if (out->fd >= 0)
			return TOOL_OK;
		goto err_errno;
	}
	if (!lstat(path, &link)) {
		if (S_ISLNK(link.st_mode)) {
			tool_error(t, "cannot write %s: a symbolic link; name the file that it "
				   "leads to, or '-' for standard output", path);
			return TOOL_USAGE;
		}
		out->mode = link.st_mode & 0777;
		out->replaces = true;
	}
	name = ksc_base_name(path);
	/* Hidden: who reads all files of a directory, reads none that is not whole. */
	if (asprintf(&out->aside, "%.*s.%s.ksyscalls", (int)(name - path), path, name) < 0) {
		out->aside = NULL;
		tool_error(t, "out of memory");
		return TOOL_USAGE;
	}
	/* A file that may be no larger is an error as others. */
	signal(SIGXFSZ, SIG_IGN);
	out->fd = open_aside(out->aside);
	if (out->fd >= 0)
		return TOOL_OK;
	errno = -out->fd;
	free(out->aside);
	out->aside = NULL;
	if (errno == EBUSY) {
		tool_error(t, "cannot write %s: another run is writing it", path);
		return TOOL_USAGE;
	}
err_errno:
	tool_error(t, "cannot write %s: %s", path, strerror(errno));
	return TOOL_USAGE;
}

/**
 * tool_output_put() - write all there is, and leave the file as it was
 * @t: the run
 * @out: as tool_output_open() made it; ended by a failure
 * @data: bytes to write
 * @len: how many
 *
 * Return: TOOL_OK, or TOOL_USAGE with the reason told.
 */
int tool_output_put(const struct tool *t, struct tool_output *out, const void *data, size_t len)
{
	int ret;

	if (is_stdout(out->path)) {
		fwrite(data, 1, len, stdout);
		return TOOL_OK;		/* tool_finish() looks whether it arrived */
	}
	ret = ksc_write_all(out->fd, data, len);
	if (!ret && out->replaces)
		ret = keep_access(out->path, out->fd);
	if (!ret && out->aside && fchmod(out->fd, out->mode))
		ret = -errno;
	if (!ret)
		return TOOL_OK;
	tool_output_drop(out);
	tool_error(t, "cannot write %s: %s", out->path, strerror(-ret));
	return TOOL_USAGE;
}

/**
 * tool_output_place() - let what was put take its place, if stdout took what it was given
 * @t: the run
 * @out: as tool_output_put() left it; ended by this
 *
 * Return: TOOL_OK, or TOOL_USAGE, the file as it was: with the reason told, or of a kind
 * that tool_finish() tells.
 */
int tool_output_place(const struct tool *t, struct tool_output *out)
{
	int ret = 0;

	if (fflush(stdout) || ferror(stdout)) {
		tool_output_drop(out);
		return TOOL_USAGE;
	}
	if (out->aside && rename(out->aside, out->path))
		ret = -errno;
	if (!ret) {
		free(out->aside);
		out->aside = NULL;
	}
	tool_output_drop(out);
	if (!ret)
		return TOOL_OK;
	tool_error(t, "cannot write %s: %s", out->path, strerror(-ret));
	return TOOL_USAGE;
}

/**
 * tool_output_drop() - end an output that is not written after all
 * @out: as any of these left it
 */
void tool_output_drop(struct tool_output *out)
{
	if (out->aside)
		unlink(out->aside);
	free(out->aside);
	out->aside = NULL;
	if (out->fd >= 0)
		close(out->fd);
	out->fd = -1;
}

/**
 * tool_write_file() - write a file whole, or leave what was there
 * @t: the run
 * @path: the file; NULL or "-" for stdout
 * @data: bytes to write
 * @len: how many
 *
 * Return: TOOL_OK, or TOOL_USAGE with the reason told.
 */
int tool_write_file(const struct tool *t, const char *path, const void *data, size_t len)
{
	struct tool_output out;
	int ret = tool_output_open(t, path, &out);

	if (!ret)
		ret = tool_output_put(t, &out, data, len);
	return ret ? ret : tool_output_place(t, &out);
}

/**
 * tool_finish() - make sure that stdout took everything
 * @t: the run
 * @status: the exit status so far
 *
 * Return: @status, or TOOL_USAGE if output was lost, with the reason told.
 */
int tool_finish(const struct tool *t, int status)
{
	bool lost = ferror(stdout);
	bool pending = __fpending(stdout) > 0;
	int cause = 0;

	/* Nobody kept why; with a gap in the output one byte more can be tried. */
	if (lost && write(STDOUT_FILENO, "\n", 1) < 0)
		cause = errno;
	errno = 0;
	/* Nothing printed into a closed stdout is no loss. */
	if (fclose(stdout) && (lost || pending || errno != EBADF)) {
		lost = true;
		cause = errno;
	}
	if (!lost)
		return status;
	tool_error(t, "cannot write the output%s%s", cause ? ": " : "",
		   cause ? strerror(cause) : "");
	return TOOL_USAGE;
}
