// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text of others on a terminal, without what would move the cursor or forge a line.
 */
#include <stdlib.h>

#include "text.h"

/* How many bytes of control character there are at @s: C0, DEL, or C1 in UTF-8. */
static size_t control_len(const unsigned char *s)
{
	if (s[0] < 0x20 || s[0] == 0x7f)
		return 1;
	return s[0] == 0xc2 && s[1] >= 0x80 && s[1] < 0xa0 ? 2 : 0;
}

void text_print(FILE *f, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t len;

	while (*s) {
		len = control_len(s);
		if (!len)
			fputc(*s++, f);
		for (; len; len--)
			fprintf(f, "\\x%02x", *s++);
	}
}

void text_say(const char *who, const char *fmt, va_list ap)
{
	char *line = NULL, *text = NULL;
	size_t len;
	FILE *f;

	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	f = open_memstream(&line, &len);
	if (!f) {
		fprintf(stderr, "%s: out of memory\n", who);
		goto free_text;
	}
	fprintf(f, "%s: ", who);
	text_print(f, text ?: "out of memory");
	fputc('\n', f);
	/* One write, so that the lines of two processes do not mix. */
	if (!fclose(f))
		fputs(line, stderr);
	free(line);
free_text:
	free(text);
}
