// SPDX-License-Identifier: GPL-2.0-only
/*
 * A config.json as engines write it. Every value is walked through by JSON's grammar, and
 * what is rare there is not taken, although it may be right: large depths, fractions,
 * escapes in the keys that matter.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../lib/shared.h"
#include "place.h"

#define DEPTH_MAX	24	/* of json-c's 32 */
#define DIGITS_MAX	20	/* of 2^64 - 1 */

/* What a value is in the configuration. */
enum role { OTHER, ROOT, LINUX, SECCOMP, ANNOTATIONS, ANNOTATION };

struct reader {
	const char *s;
	size_t at;
	struct place *p;
	struct span linux_span;
};

static bool read_value(struct reader *r, enum role role, unsigned int depth);

/* ---- the grammar ------------------------------------------------------ */

static void skip_space(struct reader *r)
{
	r->at = scan_space(r->s, r->at);
}

static bool read_char(struct reader *r, char c)
{
	skip_space(r);
	if (r->s[r->at] != c)
		return false;
	r->at++;
	return true;
}

/* Behind "\u"; neither NUL nor half of a character, which readers differ about. */
static bool read_code(struct reader *r)
{
	size_t digits = strspn(r->s + r->at, "0123456789abcdefABCDEF");
	char hex[5] = "";
	unsigned long code;

	if (digits < 4)
		return false;
	memcpy(hex, r->s + r->at, 4);
	code = strtoul(hex, NULL, 16);
	r->at += 4;
	return code && (code < 0xd800 || code > 0xdfff);
}

static bool read_escape(struct reader *r)
{
	char c = r->s[r->at];

	if (!c || !strchr("\"\\/bfnrtu", c))
		return false;
	r->at++;
	return c != 'u' || read_code(r);
}

static bool read_string(struct reader *r)
{
	const unsigned char *s;
	size_t len;

	if (r->s[r->at] != '"')
		return false;
	r->at++;
	while (r->s[r->at] != '"') {
		s = (const unsigned char *)r->s + r->at;
		len = *s < 0x20 ? 0 : ksc_utf8_len(s);
		if (!len)
			return false;
		r->at += len;
		if (*s == '\\' && !read_escape(r))
			return false;
	}
	r->at++;
	return true;
}

/* What follows is looked at by whoever wants a comma there, or a bracket. */
static bool read_number(struct reader *r)
{
	const char *s = r->s + r->at + (r->s[r->at] == '-');
	size_t digits = strspn(s, "0123456789");

	r->at = (size_t)(s - r->s) + digits;
	return digits && digits <= DIGITS_MAX && (*s != '0' || digits == 1);
}

static bool read_word(struct reader *r)
{
	static const char *const words[] = { "true", "false", "null" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (strncmp(r->s + r->at, words[i], strlen(words[i])))
			continue;
		r->at += strlen(words[i]);
		return true;
	}
	return false;
}

/* ---- what is where ---------------------------------------------------- */

/*
 * Ours, and those by which crun is told of seccomp and handlers: what they ask for may be another
 * answer. An escape may stand for whatever would make it one of them.
 */
static bool has_say(const char *key)
{
	static const char *const prefixes[] = { "run.oci.seccomp", "run.oci.handler",
						"org.ksyscalls." };
	size_t i, len, plain = strcspn(key, "\\\"");

	for (i = 0; i < ARRAY_SIZE(prefixes); i++) {
		len = strlen(prefixes[i]);
		if (!strncasecmp(key, prefixes[i], plain < len ? plain : len) &&
		    (plain >= len || key[plain] == '\\'))
			return true;
	}
	return false;
}

/*
 * The role of a member's value. A key that is there twice, or differs in case alone from one
 * that matters, is not taken; nor is "vm", which is for another kernel.
 */
static bool enter(struct reader *r, enum role role, const struct span *key, enum role *inner,
		  struct span **value)
{
	const struct {
		enum role outer;
		const char *key;
		enum role inner;
		struct span *value;
	} known[] = {
		{ ROOT,		"linux",	LINUX,		&r->linux_span },
		{ ROOT,		"annotations",	ANNOTATIONS,	&r->p->annotations },
		{ ROOT,		"vm",		OTHER,		NULL },
		{ LINUX,	"seccomp",	SECCOMP,	&r->p->seccomp },
	};
	const char *name = r->s + key->start + 1;
	size_t len = key->end - key->start - 2, i;

	*value = NULL;
	*inner = role == ANNOTATIONS ? ANNOTATION : OTHER;
	if (role == ANNOTATIONS)
		r->p->claimed |= has_say(name);
	if (role != ROOT && role != LINUX)
		return true;
	if (!scan_is_plain(r->s, key))
		return false;
	for (i = 0; i < ARRAY_SIZE(known); i++) {
		if (known[i].outer != role || strlen(known[i].key) != len ||
		    strncasecmp(known[i].key, name, len))
			continue;
		*value = known[i].value;
		*inner = known[i].inner;
		return *value && !(*value)->end && !memcmp(known[i].key, name, len);
	}
	return true;
}

static bool read_member(struct reader *r, enum role role, unsigned int depth)
{
	struct span key, *value;
	enum role inner;
	size_t start;

	skip_space(r);
	key.start = r->at;
	if (!read_string(r))
		return false;
	key.end = r->at;
	if (!enter(r, role, &key, &inner, &value) || !read_char(r, ':'))
		return false;
	skip_space(r);
	start = r->at;
	if (!read_value(r, inner, depth))
		return false;
	if (value)
		*value = (struct span){ start, r->at };
	return true;
}

static bool read_list(struct reader *r, char end, enum role role, unsigned int depth)
{
	r->at++;
	if (read_char(r, end))
		return true;
	do {
		if (end == '}' ? !read_member(r, role, depth) : !read_value(r, OTHER, depth))
			return false;
	} while (read_char(r, ','));
	return read_char(r, end);
}

/* To every reader an annotation is a string, and the others are objects, or null. */
static bool is_type(enum role role, char c)
{
	switch (role) {
	case OTHER:
		return true;
	case ROOT:
		return c == '{';
	case ANNOTATION:
		return c == '"' || c == 'n';
	default:
		return c == '{' || c == 'n';
	}
}

static bool read_value(struct reader *r, enum role role, unsigned int depth)
{
	skip_space(r);
	if (!is_type(role, r->s[r->at]) || depth == DEPTH_MAX)
		return false;
	switch (r->s[r->at]) {
	case '{':
		return read_list(r, '}', role, depth + 1);
	case '[':
		return read_list(r, ']', role, depth + 1);
	case '"':
		return read_string(r);
	case 't':
	case 'f':
	case 'n':
		return read_word(r);
	}
	return read_number(r);
}

bool place_find(const char *text, struct place *p)
{
	struct reader r = { .s = text, .p = p };
	size_t at;

	*p = (struct place){ .root = scan_space(text, 0) };
	if (!read_value(&r, ROOT, 0))
		return false;
	skip_space(&r);
	return !text[r.at] && !scan_numbers(text, &at);
}

/* ---- edits ------------------------------------------------------------ */

/* @with is put in the place of @at. */
struct edit {
	struct span at;
	const char *with[3];
};

static bool is_empty_object(const char *text, const struct span *object)
{
	return text[scan_space(text, object->start + 1)] == '}';
}

static struct edit edit_annotations(const char *text, const struct place *p, const char *members)
{
	const struct span *a = &p->annotations;
	size_t inside = a->start + 1;

	if (!*members)
		return (struct edit){};
	if (!a->end)
		return (struct edit){ { p->root + 1, p->root + 1 },
				      { "\"annotations\":{", members, "}," } };
	if (text[a->start] == 'n')
		return (struct edit){ *a, { "{", members, "}" } };
	return (struct edit){ { inside, inside },
			      { members, is_empty_object(text, a) ? NULL : "," } };
}

static char *put(char *to, const char *from, size_t len)
{
	memcpy(to, from, len);
	return to + len;
}

char *place_edit(const char *text, size_t len, const struct place *p, const struct edits *e,
		 size_t *out_len)
{
	struct edit edits[2] = {
		edit_annotations(text, p, e->annotations),
		{ .with = { *e->seccomp ? e->seccomp : NULL } },
	};
	size_t room = len + 1, i, j, from = 0;
	char *out, *to;

	if (*e->seccomp)
		edits[1].at = p->seccomp;
	for (i = 0; i < ARRAY_SIZE(edits); i++) {
		for (j = 0; j < ARRAY_SIZE(edits[i].with) && edits[i].with[j]; j++)
			room += strlen(edits[i].with[j]);
	}
	out = malloc(room);
	if (!out)
		return NULL;
	if (edits[0].at.start > edits[1].at.start) {
		struct edit first = edits[1];

		edits[1] = edits[0];
		edits[0] = first;
	}
	for (to = out, i = 0; i < ARRAY_SIZE(edits); i++) {
		to = put(to, text + from, edits[i].at.start - from);
		for (j = 0; j < ARRAY_SIZE(edits[i].with) && edits[i].with[j]; j++)
			to = put(to, edits[i].with[j], strlen(edits[i].with[j]));
		from = edits[i].at.end;
	}
	to = put(to, text + from, len - from + 1);
	*out_len = (size_t)(to - out) - 1;
	return out;
}

/* How long what was put in among the annotations is; false if there is less than before. */
static bool find_added(const char *text, const struct span *before, const struct span *after,
		       size_t *len)
{
	size_t old = before->end - before->start, new = after->end - after->start, around = 2;

	*len = 0;
	if (new == old)
		return true;
	if (old && text[before->start] == '{')
		around = old + !is_empty_object(text, before);
	if (new < around)
		return false;
	*len = new - around;
	return true;
}

bool place_compare(const char *text, size_t len, const struct place *p, const char *out,
		   size_t out_len, char **seccomp, char **annotations)
{
	size_t added, old = p->seccomp.end - p->seccomp.start, new, again_len;
	struct edits e;
	struct place q;
	bool same = false;
	char *again;

	*seccomp = *annotations = NULL;
	if (!place_find(out, &q) || !find_added(text, &p->annotations, &q.annotations, &added))
		return false;
	new = q.seccomp.end - q.seccomp.start;
	if (new == old && !memcmp(text + p->seccomp.start, out + q.seccomp.start, old))
		new = 0;
	*seccomp = strndup(out + q.seccomp.start, new);
	*annotations = strndup(out + q.annotations.start + 1, added);
	if (!*seccomp || !*annotations)
		return false;
	e = (struct edits){ *seccomp, *annotations };
	again = place_edit(text, len, p, &e, &again_len);
	same = again && again_len == out_len && !memcmp(again, out, out_len);
	free(again);
	return same;
}
