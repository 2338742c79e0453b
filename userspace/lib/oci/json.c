// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Objects out of text, and text out of objects.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../shared.h"
#include "json.h"
#include "scan.h"

/* With the NUL behind @text: without it json-c waits for how a number goes on. */
static int parse(const char *text, size_t len, struct json_object **root, char *why, size_t room)
{
	struct json_tokener *tok = json_tokener_new();
	enum json_tokener_error err;
	size_t end;

	if (!tok)
		return -ENOMEM;
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	*root = json_tokener_parse_ex(tok, text, (int)len + 1);
	err = json_tokener_get_error(tok);
	end = json_tokener_get_parse_end(tok);
	json_tokener_free(tok);
	if (err == json_tokener_success && json_object_is_type(*root, json_type_object))
		return 0;
	if (err == json_tokener_success)
		snprintf(why, room, "it is JSON, but not an object");
	else
		snprintf(why, room, "not JSON: %s at byte %zu",
			 err == json_tokener_error_parse_eof ? "it ends too early" :
			 json_tokener_error_desc(err), end);
	return err == json_tokener_error_parse_utf8_string ? -EILSEQ : -EINVAL;
}

/* The character at @s, of @len bytes, which are more than one. */
static uint32_t decode(const unsigned char *s, size_t len)
{
	uint32_t c = *s & (0x7fu >> len);
	size_t i;

	for (i = 1; i < len; i++)
		c = c << 6 | (s[i] & 0x3f);
	return c;
}

/* The same with no character but of ASCII; NULL: it is no JSON, or there is no memory. */
static char *escape(const char *text, size_t len, size_t *out_len)
{
	const unsigned char *s = (const unsigned char *)text, *end = s + len;
	char *out = malloc(3 * len + 1), *to = out;
	bool behind = false;
	uint32_t c;
	size_t n;

	for (; out && s < end; s += n) {
		n = ksc_utf8_len(s);
		/* Behind a backslash it is no JSON, which two backslashes would make of it. */
		if (!n || (behind && n > 1))
			break;
		behind = *s == '\\' && !behind;
		if (n == 1) {
			*to++ = (char)*s;
			continue;
		}
		c = decode(s, n);
		if (c > 0xffff)
			to += sprintf(to, "\\u%04x\\u%04x", 0xd7c0 + (c >> 10),
				      0xdc00 + (c & 0x3ff));
		else
			to += sprintf(to, "\\u%04x", c);
	}
	if (out)
		*to = '\0';
	*out_len = (size_t)(to - out);
	if (s == end)
		return out;
	free(out);
	return NULL;
}

/*
 * json-c 0.18, where it is strict, has no character beyond ASCII (json-c#892), but as an
 * escape.
 */
static int parse_any(const char *text, size_t len, struct json_object **root, char *why,
		     size_t room)
{
	int ret = parse(text, len, root, why, room);
	size_t escaped_len;
	char *escaped, *at;

	if (ret != -EILSEQ)
		return ret;
	ret = -EINVAL;
	escaped = escape(text, len, &escaped_len);
	if (escaped)
		ret = parse(escaped, escaped_len, root, why, room);
	/* The byte would be one of the copy. */
	at = ret && escaped ? strstr(why, " at byte ") : NULL;
	free(escaped);
	if (at)
		*at = '\0';
	return ret == -EILSEQ ? -EINVAL : ret;
}

/*
 * json-c takes 00 for a number, and 2^64 for the one before it; from 0.18 on it refuses
 * that anywhere, though what nobody reads may be as large as it likes.
 */
static int read_checked(char *text, size_t len, struct json_object **root, char *why, size_t room)
{
	size_t at;
	const char *what = scan_numbers(text, &at);
	char number[32];
	int ret;

	if (what)
		snprintf(number, sizeof(number), "%.*s", (int)strcspn(text + at, ",]} \t\r\n"),
			 text + at);
	scan_clamp(text);
	ret = parse_any(text, len, root, why, room);
	if (ret || !what)
		return ret;
	snprintf(why, room, "%.24s at byte %zu %s", number, at, what);
	return -EINVAL;
}

int json_read(const char *text, size_t len, struct json_object **root, char *why, size_t room)
{
	char *copy;
	int ret;

	*root = NULL;
	if (len > JSON_TEXT_MAX) {
		snprintf(why, room, "more than %u bytes of JSON", JSON_TEXT_MAX);
		return -EFBIG;
	}
	/* json-c would stop there and call what precedes it the whole. */
	if (memchr(text, '\0', len)) {
		snprintf(why, room, "not JSON: it has a NUL character");
		return -EINVAL;
	}
	copy = strndup(text, len);
	ret = copy ? read_checked(copy, len, root, why, room) : -ENOMEM;
	free(copy);
	if (!ret)
		return 0;
	json_object_put(*root);
	*root = NULL;
	if (ret == -ENOMEM)
		snprintf(why, room, "%s", strerror(ENOMEM));
	return ret;
}

char *json_text(struct json_object *obj, int flags)
{
	const char *text = json_object_to_json_string_ext(obj, flags |
							  JSON_C_TO_STRING_NOSLASHESCAPE);
	char *copy = text ? strdup(text) : NULL;

	json_object_put(obj);
	return copy;
}

int json_put(struct json_object *obj, const char *key, struct json_object *v)
{
	if (v && !json_object_object_add(obj, key, v))
		return 0;
	json_object_put(v);
	return -ENOMEM;
}

int json_append(struct json_object *array, struct json_object *v)
{
	if (v && !json_object_array_add(array, v))
		return 0;
	json_object_put(v);
	return -ENOMEM;
}
