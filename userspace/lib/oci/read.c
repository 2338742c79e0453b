// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Values of a profile's JSON, each with its place, for people.
 */
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "read.h"

/* Keep one line for people and pass @err on. */
int profile_fail(struct ksc_profile *p, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(p->error, sizeof(p->error), fmt, ap);
	va_end(ap);
	return err;
}

static size_t at_print(const struct at *at, const char *prefix, char *buf, size_t len)
{
	size_t n;
	int ret;

	if (!at)
		return (size_t)snprintf(buf, len, "%s", prefix);
	n = at_print(at->up, prefix, buf, len);
	if (n >= len)
		return n;
	if (at->key)
		ret = snprintf(buf + n, len - n, "%s%s", n ? "." : "", at->key);
	else
		ret = snprintf(buf + n, len - n, "[%u]", at->index);
	return n + (size_t)ret;
}

int fail_at(struct ksc_profile *p, const struct at *at, const char *fmt, ...)
{
	char path[128], what[128];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	at_print(at, p->prefix, path, sizeof(path));
	return profile_fail(p, -EINVAL, "%s: %s", path, what);
}

/* ---- typed reads; null counts as absent, as in Go --------------------- */

int read_value(struct ksc_profile *p, const struct at *at, struct json_object *v,
	       enum json_type type)
{
	if (json_object_is_type(v, type))
		return 0;
	return fail_at(p, at, "is of type %s, but must be %s",
		       json_type_to_name(json_object_get_type(v)), json_type_to_name(type));
}

/* Go's readers take a key for one that differs in case alone, crun's does not. */
int check_case(struct ksc_profile *p, const struct at *at, struct json_object *obj)
{
	json_object_object_foreach(obj, key, v) {
		(void)v;
		if (!strcasecmp(key, at->key) && strcmp(key, at->key))
			return fail_at(p, at, "is spelled \"%.60s\"", key);
	}
	return 0;
}

/* *v is NULL if @obj has no such key. */
int read_key(struct ksc_profile *p, const struct at *at, struct json_object *obj,
	     enum json_type type, struct json_object **v)
{
	int ret = check_case(p, at, obj);

	if (ret)
		return ret;
	if (!json_object_object_get_ex(obj, at->key, v) || !*v) {
		*v = NULL;
		return 0;
	}
	return read_value(p, at, *v, type);
}

int read_string(struct ksc_profile *p, const struct at *up, struct json_object *obj,
		const char *key, const char **s)
{
	struct at at = { up, key, 0 };
	struct json_object *v;
	int ret;

	ret = read_key(p, &at, obj, json_type_string, &v);
	if (ret)
		return ret;
	*s = v ? json_object_get_string(v) : NULL;
	/* A NUL inside would cut the word short for us and not for the engines. */
	if (v && strlen(*s) != (size_t)json_object_get_string_len(v))
		return fail_at(p, &at, "has a NUL character");
	return 0;
}

int read_array(struct ksc_profile *p, const struct at *at, struct json_object *obj,
	       struct json_object **array, size_t *len)
{
	int ret;

	ret = read_key(p, at, obj, json_type_array, array);
	if (ret)
		return ret;
	*len = *array ? json_object_array_length(*array) : 0;
	return 0;
}

int read_element(struct ksc_profile *p, const struct at *at, struct json_object *array,
		 const char **s)
{
	struct json_object *v = json_object_array_get_idx(array, at->index);
	int ret;

	ret = read_value(p, at, v, json_type_string);
	if (ret)
		return ret;
	*s = json_object_get_string(v);
	if (strlen(*s) != (size_t)json_object_get_string_len(v))
		return fail_at(p, at, "has a NUL character");
	return 0;
}

int read_uint(struct ksc_profile *p, const struct at *up, struct json_object *obj,
	      const char *key, uint64_t max, uint64_t *value, bool *present)
{
	struct at at = { up, key, 0 };
	struct json_object *v;
	int ret;

	*present = false;
	ret = read_key(p, &at, obj, json_type_int, &v);
	if (ret || !v)
		return ret;
	if (json_object_get_int64(v) < 0)
		return fail_at(p, &at, "is negative");
	*value = json_object_get_uint64(v);
	if (*value > max)
		return fail_at(p, &at, "%llu is more than %llu", (unsigned long long)*value,
			       (unsigned long long)max);
	*present = true;
	return 0;
}

int read_word(struct ksc_profile *p, const struct at *up, struct json_object *obj,
	      const char *key, const struct words *words, uint32_t *value)
{
	struct at at = { up, key, 0 };
	const struct word *w;
	const char *s;
	int ret;

	ret = read_string(p, up, obj, key, &s);
	if (ret)
		return ret;
	if (!s)
		return fail_at(p, &at, "is missing");
	w = word_find(words, s);
	if (!w)
		return fail_at(p, &at, "\"%.60s\" is not known; %s is an example", s,
			       words->v[words->n - 1].name);
	*value = w->value;
	return 0;
}
