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

#include "json.h"
#include "profile.h"

static int put_action(struct json_object *obj, const char *key, const char *key_errno,
		      uint32_t action)
{
	uint32_t kind = action & SECCOMP_RET_ACTION_FULL;
	int ret;

	ret = json_put(obj, key,
		       json_object_new_string(word_of(&words_action, kind)));
	if (ret || !action_has_errno(kind))
		return ret;
	return json_put(obj, key_errno, json_object_new_int((int)(action & SECCOMP_RET_DATA)));
}

/* As they were, for not every reader knows all of them. */
static int put_arches(const struct ksc_profile *p, struct json_object *obj)
{
	struct json_object *array, *original;
	char name[32];
	size_t i;
	int ret;

	if (!p->nr_arches)
		return 0;
	if (json_object_object_get_ex(p->root, "architectures", &original) &&
	    json_object_is_type(original, json_type_array) && json_object_array_length(original)) {
		array = NULL;
		return json_object_deep_copy(original, &array, NULL) ? -ENOMEM :
		       json_put(obj, "architectures", array);
	}
	array = json_object_new_array();
	for (i = 0, ret = array ? 0 : -ENOMEM; !ret && i < p->nr_arches; i++) {
		snprintf(name, sizeof(name), "SCMP_ARCH_%s", arch_to_oci(p->arches[i]));
		ret = json_append(array, json_object_new_string(name));
	}
	if (!ret)
		return json_put(obj, "architectures", array);
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
	ret = json_put(obj, "args", array);
	for (i = 0; !ret && i < r->nr_args; i++) {
		a = &r->args[i];
		arg = json_object_new_object();
		ret = json_append(array, arg);
		if (!ret)
			ret = json_put(arg, "index", json_object_new_int64(a->arg));
		if (!ret)
			ret = json_put(arg, "value", json_object_new_uint64(a->datum_a));
		if (!ret && a->datum_b)
			ret = json_put(arg, "valueTwo", json_object_new_uint64(a->datum_b));
		if (!ret)
			ret = json_put(arg, "op", json_object_new_string(
				  word_of(&words_operator, (uint32_t)a->op)));
	}
	return ret;
}

static bool is_among(const char *key, const char *const *keys)
{
	while (*keys && strcmp(*keys, key))
		keys++;
	return *keys;
}

/*
 * What an object has beyond the keys that we write. A config.json's other keys may
 * mean something to the runtime that we know nothing of; those of an engine's
 * dialect have been followed, and mean nothing to a runtime.
 */
static int copy_others(const struct ksc_profile *p, struct json_object *from,
		       struct json_object *to, const char *const *written,
		       const char *const *followed)
{
	struct json_object *copy;
	int ret;

	json_object_object_foreach(from, key, v) {
		if (is_among(key, written) || (!*p->prefix && is_among(key, followed)))
			continue;
		copy = NULL;
		ret = v && json_object_deep_copy(v, &copy, NULL) ? -ENOMEM :
		      v ? json_put(to, key, copy) : json_object_object_add(to, key, NULL);
		if (ret)
			return -ENOMEM;
	}
	return 0;
}

/* The object that an entry was read from, or NULL for one of ours. */
static struct json_object *original_entry(const struct ksc_profile *p, unsigned int entry)
{
	struct json_object *syscalls;

	if (!json_object_object_get_ex(p->root, "syscalls", &syscalls) || !syscalls)
		return NULL;
	return json_object_array_get_idx(syscalls, entry);
}

/* The rules of one entry of the original; *i moves to the next entry's first. */
static int append_entry(const struct ksc_profile *p, struct json_object *syscalls, size_t *i)
{
	static const char *const written[] = { "names", "action", "errnoRet", "args", NULL };
	static const char *const followed[] = { "name", "errno", "includes", "excludes", "comment",
						NULL };
	const struct ksc_profile_rule *first = &p->rules[*i].pub;
	struct json_object *original = original_entry(p, first->entry);
	struct json_object *entry = json_object_new_object();
	struct json_object *names, *args = NULL;
	int ret;

	ret = json_append(syscalls, entry);
	if (ret)
		return ret;
	names = json_object_new_array();
	ret = json_put(entry, "names", names);
	while (!ret && *i < p->nr_rules && p->rules[*i].pub.entry == first->entry)
		ret = json_append(names, json_object_new_string(p->rules[(*i)++].pub.name));
	if (!ret)
		ret = put_action(entry, "action", "errnoRet", first->action);
	if (ret || !original)
		return ret ? ret : put_args(first, entry);
	if (first->nr_args && json_object_object_get_ex(original, "args", &args)) {
		struct json_object *copy = NULL;

		ret = json_object_deep_copy(args, &copy, NULL) ? -ENOMEM :
		      json_put(entry, "args", copy);
	}
	return ret ? ret : copy_others(p, original, entry, written, followed);
}

int profile_to_json(const struct ksc_profile *p, struct json_object **obj)
{
	static const char *const written[] = { "defaultAction", "defaultErrnoRet",
					       "architectures", "syscalls", NULL };
	static const char *const followed[] = { "defaultErrno", "archMap", NULL };
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
		ret = copy_others(p, p->root, oci, written, followed);
	if (!ret) {
		syscalls = json_object_new_array();
		ret = json_put(oci, "syscalls", syscalls);
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

KSC_PUBLIC int ksc_profile_to_oci(const struct ksc_profile *p, char **text)
{
	struct json_object *obj;
	int ret;

	*text = NULL;
	if (!p->root)
		return -EINVAL;
	ret = profile_to_json(p, &obj);
	if (ret)
		return ret;
	*text = json_text(obj, JSON_C_TO_STRING_PRETTY);
	return *text ? 0 : -ENOMEM;
}
