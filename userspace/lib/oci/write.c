// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Profiles, back to JSON.
 */
#include <errno.h>
#include <json-c/json.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "profile.h"

/* Takes over @v, also when it fails. */
static int put(struct json_object *obj, const char *key, struct json_object *v)
{
	if (!v)
		return -ENOMEM;
	if (!json_object_object_add(obj, key, v))
		return 0;
	json_object_put(v);
	return -ENOMEM;
}

static int append(struct json_object *array, struct json_object *v)
{
	if (!v)
		return -ENOMEM;
	if (!json_object_array_add(array, v))
		return 0;
	json_object_put(v);
	return -ENOMEM;
}
static int put_action(struct json_object *obj, const char *key, const char *key_errno,
		      uint32_t action)
{
	uint32_t kind = action & SECCOMP_RET_ACTION_FULL;
	int ret;

	ret = put(obj, key,
		  json_object_new_string(word_of(&words_action, kind)));
	if (ret || !action_has_errno(kind))
		return ret;
	return put(obj, key_errno, json_object_new_int((int)(action & SECCOMP_RET_DATA)));
}

static int put_arches(const struct ksc_profile *p, struct json_object *obj)
{
	struct json_object *array;
	char name[32];
	size_t i;
	int ret;

	if (!p->nr_arches)
		return 0;
	array = json_object_new_array();
	for (i = 0, ret = array ? 0 : -ENOMEM; !ret && i < p->nr_arches; i++) {
		snprintf(name, sizeof(name), "SCMP_ARCH_%s", arch_to_oci(p->arches[i]));
		ret = append(array, json_object_new_string(name));
	}
	if (!ret)
		return put(obj, "architectures", array);
	json_object_put(array);
	return ret;
}

static int put_args(const struct ksc_profile_rule *r, struct json_object *obj)
{
	const struct scmp_arg_cmp *a;
	struct json_object *array, *arg;
	unsigned int i;
	int ret;

	if (!r->nr_args)
		return 0;
	array = json_object_new_array();
	ret = put(obj, "args", array);
	for (i = 0; !ret && i < r->nr_args; i++) {
		a = &r->args[i];
		arg = json_object_new_object();
		ret = append(array, arg);
		if (!ret)
			ret = put(arg, "index", json_object_new_int64(a->arg));
		if (!ret)
			ret = put(arg, "value", json_object_new_uint64(a->datum_a));
		if (!ret && a->datum_b)
			ret = put(arg, "valueTwo", json_object_new_uint64(a->datum_b));
		if (!ret)
			ret = put(arg, "op", json_object_new_string(
				  word_of(&words_operator, (uint32_t)a->op)));
	}
	return ret;
}

/* The rules of one entry of the original; *i moves to the next entry's first. */
static int append_entry(const struct ksc_profile *p, struct json_object *syscalls, size_t *i)
{
	const struct ksc_profile_rule *first = &p->rules[*i].pub;
	struct json_object *entry = json_object_new_object();
	struct json_object *names;
	int ret;

	ret = append(syscalls, entry);
	if (ret)
		return ret;
	names = json_object_new_array();
	ret = put(entry, "names", names);
	while (!ret && *i < p->nr_rules && p->rules[*i].pub.entry == first->entry)
		ret = append(names, json_object_new_string(p->rules[(*i)++].pub.name));
	if (!ret)
		ret = put_action(entry, "action", "errnoRet", first->action);
	return ret ? ret : put_args(first, entry);
}

/* Keys that mean the same in every dialect and carry no condition. */
static int copy_keys(const struct ksc_profile *p, struct json_object *obj)
{
	static const char *const keys[] = { "flags", "listenerPath", "listenerMetadata" };
	struct json_object *v, *copy;
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		if (!json_object_object_get_ex(p->root, keys[i], &v) || !v)
			continue;
		copy = NULL;
		ret = json_object_deep_copy(v, &copy, NULL) ? -ENOMEM : put(obj, keys[i], copy);
		if (ret)
			return ret;
	}
	return 0;
}

int profile_to_json(const struct ksc_profile *p, struct json_object **obj)
{
	struct json_object *oci = json_object_new_object();
	struct json_object *syscalls;
	size_t i = 0;
	int ret;

	if (!oci)
		return -ENOMEM;
	ret = put_action(oci, "defaultAction", "defaultErrnoRet", p->def_action);
	if (!ret)
		ret = put_arches(p, oci);
	if (!ret)
		ret = copy_keys(p, oci);
	if (!ret) {
		syscalls = json_object_new_array();
		ret = put(oci, "syscalls", syscalls);
		while (!ret && i < p->nr_rules)
			ret = append_entry(p, syscalls, &i);
	}
	if (ret) {
		json_object_put(oci);
		return ret;
	}
	*obj = oci;
	return 0;
}

/**
 * json_text() - write an object as text, and release it
 * @obj: the object
 * @flags: JSON_C_TO_STRING_*
 *
 * Return: the text, which free() releases; NULL if there is no memory for it.
 */
char *json_text(struct json_object *obj, int flags)
{
	const char *text = json_object_to_json_string_ext(obj, flags |
							  JSON_C_TO_STRING_NOSLASHESCAPE);
	char *copy = text ? strdup(text) : NULL;

	json_object_put(obj);
	return copy;
}

KSC_EXPORT int ksc_profile_to_oci(const struct ksc_profile *p, char **text)
{
	struct json_object *obj;
	int ret;

	*text = NULL;
	ret = profile_to_json(p, &obj);
	if (ret)
		return ret;
	*text = json_text(obj, JSON_C_TO_STRING_PRETTY);
	return *text ? 0 : -ENOMEM;
}
