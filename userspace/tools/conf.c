// SPDX-License-Identifier: GPL-2.0-only
/*
 * runtime.conf: lines of "key = value".
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/shared.h"
#include "conf.h"
#include "file.h"

#define CONF_ENV	"KSYSCALLS_RUNTIME_CONF"
#define CONF_MAX	(64u << 10)

int conf_set_text(char *to, const char *value)
{
	if (!*value || strlen(value) >= PATH_MAX)
		return -EINVAL;
	strcpy(to, value);
	return 0;
}

int conf_set_sysroot(struct conf *c, const char *value)
{
	return *value != '/' ? -EINVAL : conf_set_text(c->sysroot, value);
}

void conf_error(struct conf *c, const char *fmt, ...)
{
	va_list ap;

	if (*c->error)
		return;
	va_start(ap, fmt);
	vsnprintf(c->error, sizeof(c->error), fmt, ap);
	va_end(ap);
}

/* A switch of the command line is yes or no here. Returns what is wrong, or NULL. */
static const char *set_knob(struct conf *c, const struct knob *knob, const char *value)
{
	if (knob->arg)
		return knob->set(&c->knobs, value);
	if (!strcmp(value, "yes"))
		return knob->set(&c->knobs, NULL);
	return strcmp(value, "no") ? "takes yes or no" : NULL;
}

static char *trim(char *s)
{
	char *end;

	s += strspn(s, " \t\r\n");
	for (end = s + strlen(s); end > s && isspace((unsigned char)end[-1]); end--)
		;
	*end = '\0';
	return s;
}

const char *conf_linked_runtime(const char *link)
{
	static const char prefix[] = "ksyscalls-";
	const char *name = ksc_base_name(link);

	if (strncmp(name, prefix, strlen(prefix)))
		return NULL;
	name += strlen(prefix);
	return *name && strcmp(name, "runtime") ? name : NULL;
}

/* False: there is a mistake in it. */
static bool parse_line(struct conf *c, const struct conf_key *keys, char *line, const char *path,
		       unsigned int nr)
{
	const struct knob *knob;
	char *eq, *key, *value;
	const char *error;

	line = trim(line);
	if (!*line || *line == '#')
		return true;
	eq = strchr(line, '=');
	if (!eq) {
		conf_error(c, "%s:%u: not of the form 'key = value'", path, nr);
		return false;
	}
	*eq = '\0';
	key = trim(line);
	value = trim(eq + 1);
	for (; keys->key; keys++) {
		if (strcmp(keys->key, key))
			continue;
		if (!keys->set || !keys->set(c, value))
			return true;
		conf_error(c, "%s:%u: %s takes %s, not '%.64s'", path, nr, key, keys->wanted,
			   value);
		return false;
	}
	for (knob = knob_next(NULL); knob; knob = knob_next(knob)) {
		if (strcmp(knob->name, key))
			continue;
		c->knobs.line = nr;
		error = set_knob(c, knob, value);
		if (error)
			conf_error(c, "%s:%u: %s %s", path, nr, key, error);
		return !error;
	}
	conf_error(c, "%s:%u: unknown key '%.64s'", path, nr, key);
	return false;
}

/* However it is written that nobody can read; a "no" where it belongs takes it back. */
static void read_line(struct conf *c, const struct conf_key *keys, char *line, const char *path,
		      unsigned int nr)
{
	bool strict = strcasestr(line, "strict");

	if (!parse_line(c, keys, line, path, nr) && strict)
		c->strict = true;
}

/* What cannot be read may have said "strict = yes". */
static void unreadable(struct conf *c, const char *path, const char *why)
{
	c->strict = true;
	conf_error(c, "%s: %s", path, why);
}

/* Reads on after a mistake: which runtime it is may come later. */
void conf_parse(struct conf *c, const struct conf_key *keys, char *text, size_t len,
		const char *path)
{
	bool whole = strlen(text) == len;
	unsigned int nr = 0;
	char *line;

	if (!whole)
		conf_error(c, "%s: it has a NUL character", path);
	c->knobs.file = path;
	/* Some editors begin with a byte order mark. */
	text += strncmp(text, "\xef\xbb\xbf", 3) ? 0 : 3;
	while ((line = strsep(&text, "\n")))
		read_line(c, keys, line, path, ++nr);
	/* Whatever these lines say, what is behind the NUL may say otherwise. */
	c->strict |= !whole;
}

void conf_read(struct conf *c, const struct conf_key *keys)
{
	const char *path = getenv(CONF_ENV) ?: CONF_PATH;
	size_t len;
	char *text;
	int ret;

	ret = file_read(path, CONF_MAX, &text, &len);
	if (ret == -ENOENT && !getenv(CONF_ENV))
		return;
	if (ret) {
		unreadable(c, path, ret == -EINVAL ? "not a regular file" :
			   ret == -EFBIG ? "more than 64 KiB" : strerror(-ret));
		return;
	}
	conf_parse(c, keys, text, len, path);
	free(text);
}
