// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Reading one file: bounded, never blocking, and with words for what is wrong.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input.h"

#define MAX_SMALL	64	/* bytes in a file that holds one number */
#define MAX_TEXT	65	/* bytes in a file that holds one word, as uname has them */
#define SYSFS_PIECE	4096	/* a page, of which there are larger ones */

/* If there is no memory for the message, ksc_error() is empty and the errno has to do. */
static void record(struct input *in, const char *where, const char *fmt, va_list ap)
{
	struct ksc *k = in->k;
	char what[160];

	vsnprintf(what, sizeof(what), fmt, ap);
	free(k->error);
	if (asprintf(&k->error, "%s%s%s%s%s: %s%s", k->path, in->abi ? "/" : "",
		     in->abi ? in->abi : "", in->file ? "/" : "", in->file ? in->file : "",
		     where, what) < 0)
		k->error = NULL;
}

int input_fail(struct input *in, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	record(in, "", fmt, ap);
	va_end(ap);
	return err;
}

int input_bad(struct input *in, const char *fmt, ...)
{
	char where[32];
	va_list ap;

	snprintf(where, sizeof(where), "byte %zu: ", in->pos);
	va_start(ap, fmt);
	record(in, where, fmt, ap);
	va_end(ap);
	return -EBADMSG;
}

static const char *os_error(int err)
{
	switch (err) {
	case ENOENT:
		return "is missing";
	case EACCES:
	case EPERM:
		return "may not be read; its mode or a mandatory access control forbids it";
	case ELOOP:
		return "is a symbolic link; the kernel makes none here, copy the tree as it is";
	case ENOTDIR:
		return "is not a directory";
	case ENODEV:
		return "vanished while it was read; is the module being unloaded?";
	default:
		return NULL;
	}
}

int input_fail_os(struct input *in, int err)
{
	const char *known = os_error(err);

	/* -ENOENT is kept for "no tree at all". */
	if (known)
		return input_fail(in, err == ENOENT ? -EBADMSG : -err, "%s", known);
	errno = err;
	return input_fail(in, -err, "cannot be read: %m");
}

/* Twice the room, up to @most; a usual file fits in the first helping. */
static int grow(struct input *in, size_t most)
{
	size_t room = in->room ? in->room * 2 : 16384;
	char *buf;

	if (room > most)
		room = most;
	buf = realloc(in->buf, room);
	if (!buf)
		return -ENOMEM;
	in->buf = buf;
	in->room = room;
	return 0;
}

/* Something else in a file's place explains an error better than the error does. */
static int fail_read(struct input *in, int fd, int err)
{
	struct stat st;

	if (!fstat(fd, &st) && !S_ISREG(st.st_mode))
		return input_fail(in, -EBADMSG, "is not a regular file");
	return err ? input_fail_os(in, err) : 0;
}

/*
 * sysfs hands out whole pages until a file's last piece, a disk all that there
 * is: less than was asked for is the end, unless it is whole pages.
 */
static bool is_last(size_t asked, size_t got)
{
	return got < asked && got % SYSFS_PIECE;
}

/*
 * Read a whole file of at most @max bytes. The size that sysfs states is a page
 * or nothing, so it is not asked for. A pipe cannot be read from a position.
 */
int input_read(struct input *in, size_t max)
{
	size_t asked;
	ssize_t n;
	int fd, err = 0;

	in->len = 0;
	in->pos = 0;
	/* Non-blocking, for a fifo in the file's place. */
	fd = openat(in->dir, in->file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return input_fail_os(in, errno);
	do {
		/* One byte beyond the limit tells "full" from "too long". */
		if (in->len == in->room) {
			err = grow(in, max + 1);
			if (err)
				break;
		}
		asked = in->room - in->len;
		do {
			n = pread(fd, in->buf + in->len, asked, (off_t)in->len);
		} while (n < 0 && errno == EINTR);
		if (n < 0 || (!n && !in->len)) {
			err = fail_read(in, fd, n ? errno : 0);
			break;
		}
		in->len += (size_t)n;
		if (in->len > max) {
			in->pos = max;
			err = input_bad(in, "goes on after the %zu bytes that it can have", max);
		}
	} while (!err && n && !is_last(asked, (size_t)n));
	close(fd);
	return err;
}

/* What is at the reading position instead of @wanted. */
int input_unexpected(struct input *in, const char *wanted)
{
	int c = input_peek(in);

	if (c < 0)
		return input_bad(in, "ends here, expected %s", wanted);
	if (c > ' ' && c < 0x7f)
		return input_bad(in, "'%c' is not %s", c, wanted);
	return input_bad(in, "character 0x%02x is not %s", (unsigned int)c, wanted);
}

int input_expect(struct input *in, char c, const char *wanted)
{
	if (input_peek(in) != c)
		return input_unexpected(in, wanted);
	in->pos++;
	return 0;
}

int input_end(struct input *in)
{
	int err = input_expect(in, '\n', "the newline at the end");

	if (err)
		return err;
	return in->pos == in->len ? 0 : input_unexpected(in, "the end of the file");
}

int input_digit(int c, unsigned int radix)
{
	int d = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;

	return d < (int)radix ? d : -1;
}

/* Decimal as the kernel writes it: no sign, no leading zero. */
int input_decimal(struct input *in, uint32_t max, uint32_t *value)
{
	size_t start = in->pos;
	uint64_t v = 0;
	int d;

	while ((d = input_digit(input_peek(in), 10)) >= 0) {
		if (!v && in->pos > start)
			return input_bad(in, "the number has a leading zero");
		v = v * 10 + (unsigned int)d;
		if (v > max) {
			in->pos = start;
			return input_bad(in, "the number is greater than %u", max);
		}
		in->pos++;
	}
	if (in->pos == start)
		return input_unexpected(in, "a decimal digit");
	*value = (uint32_t)v;
	return 0;
}

int input_decimal_file(struct input *in, const char *file, uint32_t min, uint32_t max,
		       uint32_t *value)
{
	int err;

	in->file = file;
	err = input_read(in, MAX_SMALL);

	if (!err)
		err = input_decimal(in, max, value);
	if (!err)
		err = input_end(in);
	if (!err && *value < min) {
		in->pos = 0;
		err = input_bad(in, "%u is less than %u", *value, min);
	}
	return err;
}

/* One line of text in an optional file; NULL without it. Belongs to the caller. */
int input_text_file(struct input *in, const char *file, char **text)
{
	struct stat st;
	int err;

	*text = NULL;
	in->file = file;
	if (fstatat(in->dir, file, &st, AT_SYMLINK_NOFOLLOW) && errno == ENOENT)
		return 0;
	err = input_read(in, MAX_TEXT);
	if (err)
		return err;
	while (input_peek(in) > ' ' && input_peek(in) < 0x7f)
		in->pos++;
	if (!in->pos)
		return input_unexpected(in, "a printable character");
	err = input_end(in);
	if (err)
		return err;
	*text = strndup(in->buf, in->len - 1);
	return *text ? 0 : -ENOMEM;
}

int input_hex_file(struct input *in, const char *file, uint32_t *value)
{
	unsigned int digits = 0;
	uint32_t v = 0;
	int d, err;

	in->file = file;
	err = input_read(in, MAX_SMALL);
	if (!err)
		err = input_expect(in, '0', "the 0x of a hexadecimal number");
	if (!err)
		err = input_expect(in, 'x', "the 0x of a hexadecimal number");
	if (err)
		return err;
	for (; (d = input_digit(input_peek(in), 16)) >= 0; in->pos++) {
		if (++digits > 8)
			return input_bad(in, "the number has more than 32 bits");
		v = v << 4 | (unsigned int)d;
	}
	if (!digits)
		return input_unexpected(in, "a hexadecimal digit");
	*value = v;
	return input_end(in);
}
