// SPDX-License-Identifier: GPL-2.0-only
/*
 * Output that arrives whole or is reported: JSON, binary files, and the last
 * look at stdout before the process ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool.h"

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

static int write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

/* A device, a pipe or /dev/fd/N cannot be replaced, only written to. */
static int write_in_place(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	int ret;

	if (fd < 0)
		return -errno;
	ret = write_all(fd, data, len);
	if (close(fd) && !ret)
		ret = -errno;
	return ret;
}

static int write_and_rename(const char *path, const void *data, size_t len)
{
	mode_t mask = umask(0);
	char *tmp;
	int fd, ret;

	umask(mask);
	if (asprintf(&tmp, "%s.XXXXXX", path) < 0)
		return -ENOMEM;
	fd = mkostemp(tmp, O_CLOEXEC);
	if (fd < 0) {
		ret = -errno;
		goto out_free;
	}
	ret = write_all(fd, data, len);
	if (!ret && fchmod(fd, 0666 & ~mask))
		ret = -errno;
	if (close(fd) && !ret)
		ret = -errno;
	if (!ret && rename(tmp, path))
		ret = -errno;
	if (ret)
		unlink(tmp);
out_free:
	free(tmp);
	return ret;
}

/**
 * tool_write_file() - write a file whole, or leave what was there
 * @t: the run
 * @path: the file; NULL or "-" for stdout, which must not be a terminal
 * @data: bytes to write
 * @len: how many
 *
 * Return: TOOL_OK, or TOOL_USAGE with the reason told.
 */
int tool_write_file(const struct tool *t, const char *path, const void *data, size_t len)
{
	struct stat st;
	int ret;

	if (!path || !strcmp(path, "-")) {
		if (isatty(STDOUT_FILENO)) {
			tool_error(t, "binary output to a terminal: use -o FILE, or a pipe");
			return TOOL_USAGE;
		}
		fwrite(data, 1, len, stdout);
		return TOOL_OK;		/* tool_finish() looks whether it arrived */
	}
	if (!stat(path, &st) && !S_ISREG(st.st_mode))
		ret = write_in_place(path, data, len);
	else
		ret = write_and_rename(path, data, len);
	if (!ret)
		return TOOL_OK;
	tool_error(t, "cannot write %s: %s", path, strerror(-ret));
	return TOOL_USAGE;
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

	errno = 0;
	/* Nothing printed into a closed stdout is no loss. */
	if (fclose(stdout) && (lost || pending || errno != EBADF))
		lost = true;
	if (!lost)
		return status;
	if (errno)
		tool_error(t, "cannot write the output: %s", strerror(errno));
	else
		tool_error(t, "cannot write the output");
	return TOOL_USAGE;
}
