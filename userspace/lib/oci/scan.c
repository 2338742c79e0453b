// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * JSON as text: where its parts are, and what of it json-c takes and no runtime does.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "profile.h"
#include "scan.h"

size_t scan_space(const char *s, size_t at)
{
	return at + strspn(s + at, " \t\r\n");
}

size_t scan_string(const char *s, size_t at)
{
	for (at++; s[at] && s[at] != '"'; at++) {
		if (s[at] == '\\' && s[at + 1])
			at++;
	}
	return s[at] ? at + 1 : at;
}

size_t scan_value(const char *s, size_t at)
{
	unsigned int depth = 0;

	do {
		if (s[at] == '"') {
			at = scan_string(s, at);
			continue;
		}
		if (s[at] == '{' || s[at] == '[')
			depth++;
		else if (s[at] == '}' || s[at] == ']')
			depth--;
		else if (!depth)
			return at + strcspn(s + at, ",]} \t\r\n");
		at++;
	} while (depth && s[at]);
	return at;
}

bool scan_member(const char *s, size_t *at, struct member *m)
{
	size_t i = scan_space(s, *at);

	if (s[i] != '{' && s[i] != ',')
		return false;
	i = scan_space(s, i + 1);
	if (s[i] != '"')
		return false;
	m->key.start = i;
	m->key.end = scan_string(s, i);
	i = scan_space(s, scan_space(s, m->key.end) + 1);
	m->value.start = i;
	m->value.end = scan_value(s, i);
	*at = m->value.end;
	return true;
}

bool scan_is_plain(const char *s, const struct span *string)
{
	size_t i;

	for (i = string->start; i < string->end; i++) {
		if (s[i] == '\\' || s[i] & 0x80)
			return false;
	}
	return true;
}

bool scan_key_is(const char *s, const struct member *m, const char *key)
{
	size_t len = strlen(key);

	return m->key.end - m->key.start == len + 2 && !memcmp(s + m->key.start + 1, key, len);
}

/* ---- numbers ---------------------------------------------------------- */

/* Of profiles: none of these has a sign or a fraction. */
static const char *const natural[] = {
	"index", "value", "valueTwo", "errnoRet", "defaultErrnoRet",
};

static bool is_natural(const char *s, const struct member *m)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(natural); i++) {
		if (scan_key_is(s, m, natural[i]))
			return true;
	}
	return false;
}

static size_t scan_digits(const char *s, size_t at)
{
	return at + strspn(s + at, "0123456789");
}

/* Where a number ends by JSON's grammar, which has no 00, 1. or +1; @at if there is none. */
static size_t scan_number(const char *s, size_t at)
{
	size_t start = at, digits;

	at += s[at] == '-';
	digits = at;
	at = s[at] == '0' ? at + 1 : scan_digits(s, at);
	if (at == digits)
		return start;
	if (s[at] == '.') {
		digits = at + 1;
		at = scan_digits(s, digits);
		if (at == digits)
			return start;
	}
	if (s[at] == 'e' || s[at] == 'E') {
		digits = at + 1 + (s[at + 1] == '-' || s[at + 1] == '+');
		at = scan_digits(s, digits);
		if (at == digits)
			return start;
	}
	return at;
}

/* One with a sign is told by whoever knows its key, but for -0, which json-c takes for 0. */
static bool fits_64_bits(const char *s, size_t at, size_t end)
{
	if (s[at] == '-')
		return s[at + 1] != '0';
	if (scan_digits(s, at) != end)
		return false;
	errno = 0;
	strtoull(s + at, NULL, 10);
	return !errno;
}

const char *scan_numbers(const char *s, size_t *at)
{
	struct member m = {};
	size_t i = 0, end, colon;
	bool wants_natural = false;

	while (s[i]) {
		if (s[i] == '"') {
			m.key.start = i;
			i = m.key.end = scan_string(s, i);
			colon = scan_space(s, i);
			wants_natural = s[colon] == ':' && is_natural(s, &m);
			i = s[colon] == ':' ? scan_space(s, colon + 1) : i;
			continue;
		}
		if (s[i] != '-' && (s[i] < '0' || s[i] > '9')) {
			wants_natural = false;
			i++;
			continue;
		}
		end = i + strcspn(s + i, ",]} \t\r\n");
		*at = i;
		if (scan_number(s, i) != end)
			return "is no number to JSON";
		if (wants_natural && !fits_64_bits(s, i, end))
			return "is not a number from 0 to 18446744073709551615";
		wants_natural = false;
		i = end;
	}
	return NULL;
}

void scan_clamp(char *s)
{
	static const char most[] = "18446744073709551615", least[] = "-9223372036854775808";
	const char *limit;
	size_t i = 0, end;

	while (s[i]) {
		if (s[i] == '"') {
			i = scan_string(s, i);
			continue;
		}
		if (s[i] != '-' && (s[i] < '0' || s[i] > '9')) {
			i++;
			continue;
		}
		end = i + strcspn(s + i, ",]} \t\r\n");
		limit = s[i] == '-' ? least : most;
		errno = 0;
		if (s[i] == '-')
			strtoll(s + i, NULL, 10);
		else
			strtoull(s + i, NULL, 10);
		if (errno && scan_number(s, i) == end && scan_digits(s, i + (s[i] == '-')) == end) {
			memset(s + i, ' ', end - i);
			memcpy(s + i, limit, strlen(limit));
		}
		i = end;
	}
}
