// SPDX-License-Identifier: GPL-2.0-only
/*
 * The part of TOML that configurations of engines are written in: tables, and a key with
 * its value on a line, or an array over several. What is anything else is not guessed at.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../file.h"
#include "status.h"

#define TOML_MAX	(1u << 20)
#define KEY_MAX		512

static char *trim(char *s)
{
	size_t len;

	s += strspn(s, " \t\r");
	len = strlen(s);
	while (len && strchr(" \t\r", s[len - 1]))
		len--;
	s[len] = '\0';
	return s;
}

/* Up to any of @ends outside of quotes; NULL: a quote is left open. */
static char *scan(char *s, const char *ends)
{
	char quote = '\0';

	for (; *s; s++) {
		if (quote == '"' && *s == '\\' && s[1])
			s++;
		else if (quote)
			quote = *s == quote ? '\0' : quote;
		else if (*s == '"' || *s == '\'')
			quote = *s;
		else if (strchr(ends, *s))
			return s;
	}
	return quote ? NULL : s;
}

/* "a . 'b.c'" as a.b.c; false for what is no key. */
static bool plain_key(const char *s, char *key, size_t size)
{
	size_t n = 0;

	for (; *s; s++) {
		if (strchr("\"' \t", *s))
			continue;
		if (*s == '\\' || n + 1 == size)
			return false;
		key[n++] = *s;
	}
	key[n] = '\0';
	return n;
}

/* How many brackets are open behind @s; negative: a quote is. */
static int open_brackets(char *s)
{
	int depth = 0;

	for (;; s++) {
		s = scan(s, "[]");
		if (!s)
			return -1;
		if (!*s)
			return depth;
		depth += *s == '[' ? 1 : -1;
	}
}

static bool is_triple(const char *s)
{
	return strstr(s, "\"\"\"") || strstr(s, "'''");
}

/* Without its comment; false: a quote is left open. */
static bool cut_comment(char *s)
{
	char *end = scan(s, "#");

	if (end)
		*end = '\0';
	return end;
}

/* Joins the lines of an array behind its first, without comments. Returns 0 or -EINVAL. */
static int take_array(char **rest, char *value)
{
	char *line, *end;
	int depth;

	while ((depth = open_brackets(value)) > 0) {
		line = strsep(rest, "\n");
		if (!line || is_triple(line) || !cut_comment(line))
			return -EINVAL;
		/* It comes later in the same text, so there is room. */
		end = value + strlen(value);
		*end++ = ' ';
		memmove(end, line, strlen(line) + 1);
	}
	return depth ? -EINVAL : 0;
}

/* A table or a key; returns 0 or -EINVAL. */
static int take_line(char *line, char **rest, char *table,
		     void (*tell)(const char *key, const char *value, void *arg), void *arg)
{
	char key[KEY_MAX], path[2 * KEY_MAX + 1], *end;

	if (*line == '[') {
		bool many = line[1] == '[';

		end = scan(line + 1 + many, "]");
		if (!end || !*end || (many && end[1] != ']'))
			return -EINVAL;
		*end = '\0';
		end = trim(end + 1 + many);
		if (*end && *end != '#')
			return -EINVAL;
		return plain_key(line + 1 + many, table, KEY_MAX) ? 0 : -EINVAL;
	}
	end = scan(line, "=");
	if (!end || !*end)
		return -EINVAL;
	*end++ = '\0';
	if (!plain_key(line, key, sizeof(key)) || is_triple(end))
		return -EINVAL;
	end = trim(end);
	if (!cut_comment(end) || (*end == '[' && take_array(rest, end)))
		return -EINVAL;
	snprintf(path, sizeof(path), "%s%s%s", table, *table ? "." : "", key);
	tell(path, trim(end), arg);
	return 0;
}

/**
 * status_toml() - read a file of tables and keys
 * @path: the file
 * @tell: called for each key, its tables in front with dots between, without quotes
 * @arg: for it
 *
 * Return: 0; -ENOENT; -EINVAL: something in it is not understood, and what was told is not
 * all; or why it cannot be read.
 */
int status_toml(const char *path, void (*tell)(const char *key, const char *value, void *arg),
		void *arg)
{
	char table[KEY_MAX] = "", *text, *rest, *line;
	size_t len;
	int ret;

	ret = file_read(path, TOML_MAX, &text, &len);
	if (ret)
		return ret;
	if (strlen(text) != len)
		ret = -EINVAL;
	for (rest = text; !ret && (line = strsep(&rest, "\n")); ) {
		line = trim(line);
		if (*line && *line != '#')
			ret = take_line(line, &rest, table, tell, arg);
	}
	free(text);
	return ret;
}

/**
 * status_toml_string() - what a value says that is one string, or an array that begins with one
 * @value: as status_toml() tells it
 * @text: receives it
 * @size: room there
 *
 * Return: false if it is neither, or has escapes.
 */
bool status_toml_string(const char *value, char *text, size_t size)
{
	const char *end;

	value += strspn(value, "[ \t");
	if (*value != '"' && *value != '\'')
		return false;
	end = strchr(value + 1, *value);
	if (!end || (size_t)(end - value) > size)
		return false;
	snprintf(text, size, "%.*s", (int)(end - value - 1), value + 1);
	return *value == '\'' || !strchr(text, '\\');
}
