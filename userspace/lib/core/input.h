/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A file of a tree in memory, read to its end and bounded, and where the reader is
 * in it. What fails records in the tree what is wrong, and where.
 */
#ifndef KSC_INPUT_H
#define KSC_INPUT_H

#include "private.h"

struct input {
	struct ksc *k;
	int dir;		/* where the file is */
	const char *abi;	/* NULL: at the top of the tree */
	const char *file;	/* NULL: the directory itself */
	char *buf;
	size_t room;
	size_t len;
	size_t pos;
};

/* These return @err, or the errno @err as a negative one. */
int input_fail(struct input *in, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int input_fail_os(struct input *in, int err);
/* At the reading position; -EBADMSG */
int input_bad(struct input *in, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int input_unexpected(struct input *in, const char *wanted);

/* What files of a tree consist of, each taken from the reading position. */
int input_expect(struct input *in, char c, const char *wanted);
int input_end(struct input *in);
int input_digit(int c, unsigned int radix);
int input_decimal(struct input *in, uint32_t max, uint32_t *value);

/* Whole files. */
int input_read(struct input *in, size_t max);
int input_decimal_file(struct input *in, const char *file, uint32_t min, uint32_t max,
		       uint32_t *value);
int input_hex_file(struct input *in, const char *file, uint32_t *value);
int input_text_file(struct input *in, const char *file, char **text);

static inline int input_peek(const struct input *in)
{
	return in->pos < in->len ? (unsigned char)in->buf[in->pos] : -1;
}

#endif /* KSC_INPUT_H */
