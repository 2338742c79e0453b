// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Places in the text of a config.json, and edits of them: whatever is not the value
 * of linux.seccomp or an annotation of ours stays byte for byte.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "oci.h"

/* ---- places ----------------------------------------------------------- */

static int check_values(struct ksc_oci *o, const char *s, size_t at, size_t end);

/*
 * What a key says without its escapes. Go's readers take a key for one that
 * differs in case alone, by its own idea of case; crun's take the first of two
 * equal ones, Go's and json-c the last.
 */
static bool key_resembles(const char *s, const struct member *m, const char *key)
{
	struct json_object *v;
	const char *text;
	char *quoted;
	bool same;

	quoted = strndup(s + m->key.start, m->key.end - m->key.start);
	v = quoted ? json_tokener_parse(quoted) : NULL;
	text = v ? json_object_get_string(v) : NULL;
	/* The long s and the sign of the Kelvin are letters to Go, as s and k are. */
	same = !text || !strcasecmp(text, key) || strstr(text, "\u017f") || strstr(text, "\u212a");
	json_object_put(v);
	free(quoted);
	return same;
}

static int fail_twice(struct ksc_oci *o, const char *key)
{
	return oci_fail(o, -EINVAL, "config: \"%s\" is there twice", key);
}

static int fail_resembling(struct ksc_oci *o, const char *s, const struct member *m,
			   const char *key)
{
	return oci_fail(o, -EINVAL, "config: the key %.*s is to some readers \"%s\"",
			(int)(m->key.end - m->key.start), s + m->key.start, key);
}

/* The member @key of the object at @obj; no second one that some reader takes for it. */
static int find_member(struct ksc_oci *o, const char *s, size_t obj, const char *key,
		       struct member *found, bool *present)
{
	struct member m;
	size_t at = obj;

	*present = false;
	while (scan_member(s, &at, &m)) {
		if (scan_key_is(s, &m, key)) {
			if (*present)
				return fail_twice(o, key);
			*found = m;
			*present = true;
		} else if ((m.key.end - m.key.start == strlen(key) + 2 ||
			    !scan_is_plain(s, &m.key)) && key_resembles(s, &m, key)) {
			return fail_resembling(o, s, &m, key);
		}
	}
	return 0;
}

/* Inside linux.seccomp any two keys of an object have to differ for every reader. */
int splice_check_keys(struct ksc_oci *o, const char *s, size_t obj)
{
	static const char *const known[] = {
		"defaultAction", "defaultErrnoRet", "architectures", "flags", "listenerPath",
		"listenerMetadata", "syscalls", "names", "action", "errnoRet", "args", "index",
		"value", "valueTwo", "op",
	};
	bool seen[ARRAY_SIZE(known)] = { false };
	struct member m;
	size_t at = obj, i, len;
	int ret = 0;

	while (!ret && scan_member(s, &at, &m)) {
		len = m.key.end - m.key.start - 2;
		if (!scan_is_plain(s, &m.key))
			return oci_fail(o, -EINVAL,
					"linux.seccomp: the key %.*s is not plain ASCII",
					(int)len + 2, s + m.key.start);
		for (i = 0; i < ARRAY_SIZE(known); i++) {
			if (strlen(known[i]) != len ||
			    strncasecmp(known[i], s + m.key.start + 1, len))
				continue;
			if (!scan_key_is(s, &m, known[i]))
				return fail_resembling(o, s, &m, known[i]);
			if (seen[i])
				return fail_twice(o, known[i]);
			seen[i] = true;
		}
		ret = check_values(o, s, m.value.start, m.value.end);
	}
	return ret;
}

/* Objects in a value, which is one itself or has them in arrays. */
static int check_values(struct ksc_oci *o, const char *s, size_t at, size_t end)
{
	int ret = 0;

	while (!ret && at < end) {
		if (s[at] == '{') {
			ret = splice_check_keys(o, s, at);
			at = scan_value(s, at);
		} else if (s[at] == '"') {
			at = scan_string(s, at);
		} else {
			at++;
		}
	}
	return ret;
}

static int find_object(struct ksc_oci *o, const char *s, size_t obj, const char *key,
		       struct member *m, bool *present)
{
	int ret = find_member(o, s, obj, key, m, present);

	if (ret || !*present)
		return ret;
	if (!strncmp(s + m->value.start, "null", 4))
		*present = false;
	else if (s[m->value.start] != '{')
		return oci_fail(o, -EINVAL, "config: \"%s\" is not an object", key);
	return 0;
}

/* ---- edits ------------------------------------------------------------ */

int splice_replace(char **text, struct span at, const char *with, size_t with_len)
{
	size_t len = strlen(*text);
	char *out = malloc(len - (at.end - at.start) + with_len + 1);

	if (!out)
		return -ENOMEM;
	memcpy(out, *text, at.start);
	memcpy(out + at.start, with, with_len);
	memcpy(out + at.start + with_len, *text + at.end, len - at.end + 1);
	free(*text);
	*text = out;
	return 0;
}

static int root_object(const char *s, size_t *root)
{
	*root = scan_space(s, 0);
	return s[*root] == '{' ? 0 : -EINVAL;
}

/* "key":"value", in front of what an object has. */
static char *print_member(const char *key, const char *value, bool last)
{
	struct json_object *v = json_object_new_string(value);
	char *text = NULL;

	if (v && asprintf(&text, "\"%s\":%s%s", key, json_object_to_json_string_ext(v,
			  JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE),
			  last ? "" : ",") < 0)
		text = NULL;
	json_object_put(v);
	return text;
}

static bool is_empty_object(const char *s, size_t obj)
{
	return s[scan_space(s, obj + 1)] == '}';
}

static int add_member(char **text, size_t obj, const char *member)
{
	struct span at = { obj + 1, obj + 1 };

	return splice_replace(text, at, member, strlen(member));
}

int splice_annotation(struct ksc_oci *o, char **text, const char *key, const char *value)
{
	struct member annotations;
	char *member, *whole;
	bool present;
	size_t root;
	int ret;

	ret = root_object(*text, &root);
	if (!ret)
		ret = find_member(o, *text, root, "annotations", &annotations, &present);
	if (ret)
		return ret;
	if (present && (*text)[annotations.value.start] == '{') {
		member = print_member(key, value,
				      is_empty_object(*text, annotations.value.start));
		ret = member ? add_member(text, annotations.value.start, member) : -ENOMEM;
		free(member);
		return ret;
	}
	member = print_member(key, value, true);
	if (!member || asprintf(&whole, present ? "{%s}" : "\"annotations\":{%s},", member) < 0) {
		free(member);
		return -ENOMEM;
	}
	ret = present ? splice_replace(text, annotations.value, whole, strlen(whole)) :
			add_member(text, root, whole);
	free(whole);
	free(member);
	return ret;
}

int splice_find_seccomp(struct ksc_oci *o, const char *s, struct member *m, bool *present)
{
	struct member linux_obj;
	size_t root;
	int ret;

	ret = root_object(s, &root);
	if (!ret)
		ret = find_object(o, s, root, "linux", &linux_obj, present);
	if (ret || !*present)
		return ret;
	return find_object(o, s, linux_obj.value.start, "seccomp", m, present);
}
