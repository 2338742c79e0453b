// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Profiles: from JSON, OCI's or an engine's dialect, to a flat list of rules.
 *
 * What the engines tolerate is tolerated (unknown keys, null for an absent
 * key), since a profile that starts containers today must keep doing so. What
 * any of them refuses is refused, with the place in the JSON.
 *
 * The engines' own keys are unknown to the runtimes, so in a config.json they
 * mean nothing.
 */
#include <errno.h>
#include <json-c/json.h>
#include <limits.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "read.h"

/* The data half of a SECCOMP_RET_* value. */
#define ERRNO_MAX	0xffffu
#define ARG_MAX_INDEX	5

/* ---- actions ---------------------------------------------------------- */

static bool is_for_engine(const struct ksc_profile *p)
{
	return !*p->prefix;
}

/* containers/common writes the errno as a word beside the number, and the word wins. */
static int read_errno(struct ksc_profile *p, const struct at *up, struct json_object *obj,
		      const char *key_number, const char *key_word, uint32_t *err, bool *present)
{
	struct at at = { up, key_word, 0 };
	const struct word *w;
	unsigned long n;
	const char *s;
	uint64_t v;
	char *end;
	int ret;

	ret = read_uint(p, up, obj, key_number, ERRNO_MAX, &v, present);
	if (ret)
		return ret;
	if (*present)
		*err = (uint32_t)v;
	if (!is_for_engine(p))
		return 0;
	ret = read_string(p, up, obj, key_word, &s);
	if (ret || !s || !*s)
		return ret;
	*present = true;
	w = word_find(&words_errno, s);
	if (w) {
		/* The profile may be for another machine, with another number for this one. */
		*err = w->value == ENOSYS ? ksc_ret_enosys(p->native) & SECCOMP_RET_DATA : w->value;
		return 0;
	}
	errno = 0;
	n = strtoul(s, &end, 10);
	if (*s < '0' || *s > '9' || *end || errno || n > ERRNO_MAX)
		return fail_at(p, &at, "\"%.60s\" is no errno; EPERM is an example", s);
	*err = (uint32_t)n;
	return 0;
}

static int read_action(struct ksc_profile *p, const struct at *at, struct json_object *obj,
		       const char *const keys[3], uint32_t *action, bool *has_errno)
{
	uint32_t err = EPERM;
	int ret;

	ret = read_word(p, at, obj, keys[0], &words_action, action);
	if (ret)
		return ret;
	ret = read_errno(p, at, obj, keys[1], keys[2], &err, has_errno);
	if (ret)
		return ret;
	if (action_has_errno(*action))
		*action |= err;
	return 0;
}

/* ---- conditions ------------------------------------------------------- */

static bool has_cap(const struct ksc_profile *p, const char *cap)
{
	size_t i;

	for (i = 0; i < p->nr_caps; i++) {
		if (!strcmp(p->caps[i], cap))
			return true;
	}
	return false;
}

/* How many of the words under @key hold here. */
static int count_words(struct ksc_profile *p, const struct at *up, struct json_object *obj,
		       const char *key, size_t *listed, size_t *held)
{
	struct at at = { up, key, 0 };
	struct at elem = { &at, NULL, 0 };
	struct json_object *array;
	bool caps = !strcmp(key, "caps");
	const char *s;
	int ret;

	*held = 0;
	ret = read_array(p, &at, obj, &array, listed);
	if (ret)
		return ret;
	for (elem.index = 0; elem.index < *listed; elem.index++) {
		ret = read_element(p, &elem, array, &s);
		if (ret)
			return ret;
		*held += caps ? has_cap(p, s) : arch_is_engine_name(p->native, s);
	}
	return 0;
}

/*
 * The engines ask for all capabilities of an include but for any architecture
 * of it, and drop an exclude's rule for any word that holds.
 */
static int read_condition(struct ksc_profile *p, const struct at *up, struct json_object *entry,
			  const char *key, bool *applies)
{
	struct at at = { up, key, 0 };
	struct at at_kernel = { &at, "minKernel", 0 };
	size_t caps, caps_held, arches, arches_held;
	bool include = !strcmp(key, "includes");
	unsigned int release = 0;
	struct json_object *obj;
	const char *kernel;
	int ret;

	if (!is_for_engine(p))
		return 0;
	ret = read_key(p, &at, entry, json_type_object, &obj);
	if (ret || !obj)
		return ret;
	ret = count_words(p, &at, obj, "caps", &caps, &caps_held);
	if (ret)
		return ret;
	ret = count_words(p, &at, obj, "arches", &arches, &arches_held);
	if (ret)
		return ret;
	ret = read_string(p, &at, obj, "minKernel", &kernel);
	if (ret)
		return ret;

	if (include && (caps_held < caps || (arches && !arches_held)))
		*applies = false;
	if (!include && (caps_held || arches_held))
		*applies = false;
	if (!kernel)
		return 0;
	/* To moby an empty one is older than any kernel. */
	if (*kernel && (ksc_release_parse(kernel, &release) || release <= KSC_RELEASE_INFER))
		return fail_at(p, &at_kernel, "\"%.60s\" is no release; 5.10 is an example",
			       kernel);
	if (*kernel && p->kernel == KSC_RELEASE_UNKNOWN)
		return fail_at(p, &at_kernel, "asks for the kernel's release, which is not known; "
			       "tell it by --kernel");
	if ((p->kernel >= release) != include)
		*applies = false;
	return 0;
}

/* ---- rules ------------------------------------------------------------ */

static int read_arg(struct ksc_profile *p, const struct at *at, struct json_object *v,
		    struct scmp_arg_cmp *arg)
{
	struct at at_index = { at, "index", 0 };
	uint64_t index = 0, value = 0, value_two = 0;
	uint32_t op;
	bool present;
	int ret;

	ret = read_value(p, at, v, json_type_object);
	if (ret)
		return ret;
	ret = read_uint(p, at, v, "index", UINT_MAX, &index, &present);
	if (ret)
		return ret;
	if (index > ARG_MAX_INDEX)
		return fail_at(p, &at_index, "%llu is more than %d, the last argument",
			       (unsigned long long)index, ARG_MAX_INDEX);
	ret = read_uint(p, at, v, "value", UINT64_MAX, &value, &present);
	if (ret)
		return ret;
	ret = read_uint(p, at, v, "valueTwo", UINT64_MAX, &value_two, &present);
	if (ret)
		return ret;
	ret = read_word(p, at, v, "op", &words_operator, &op);
	if (ret)
		return ret;
	*arg = (struct scmp_arg_cmp){
		.arg = (unsigned int)index,
		.op = (enum scmp_compare)op,
		.datum_a = value,
		.datum_b = value_two,
	};
	return 0;
}

static int read_args(struct ksc_profile *p, const struct at *up, struct json_object *entry,
		     struct scmp_arg_cmp **args, size_t *nr)
{
	struct at at = { up, "args", 0 };
	struct at elem = { &at, NULL, 0 };
	struct json_object *array;
	int ret;

	*args = NULL;
	ret = read_array(p, &at, entry, &array, nr);
	if (ret || !*nr)
		return ret;
	*args = calloc(*nr, sizeof(**args));
	if (!*args)
		return -ENOMEM;
	for (elem.index = 0; elem.index < *nr; elem.index++) {
		ret = read_arg(p, &elem, json_object_array_get_idx(array, elem.index),
			       &(*args)[elem.index]);
		if (ret)
			goto free_args;
	}
	return 0;

free_args:
	free(*args);
	*args = NULL;
	return ret;
}

/* The library's own text of a name, if it has one: it finds that at once, time and again. */
static const char *own_text(const char *name)
{
	int line = ksc_release_line(name);
	unsigned int release;
	const char *own;

	return line < 0 || ksc_release_next((size_t)line, &own, &release) ? name : own;
}

/* The baseline asks what the author knew, so conditions do not matter here. */
static int note_name(struct ksc_profile *p, const char *name)
{
	size_t n = p->nr_names;
	const char **names = p->names;

	/* Doubled, as in rules_grow(). */
	if (!(n & (n - 1)))
		names = reallocarray(names, n ? 2 * n : 1, sizeof(*names));
	if (!names)
		return -ENOMEM;
	p->names = names;
	names[p->nr_names++] = name;
	return 0;
}

static int add_rule(struct ksc_profile *p, const struct at *at, const char *name,
		    const struct rule *proto)
{
	struct rule *rules;

	if (!*name)
		return fail_at(p, at, "an empty string is not a syscall");
	rules = rules_grow(p->rules, p->nr_rules);
	if (!rules)
		return -ENOMEM;
	p->rules = rules;
	rules[p->nr_rules] = *proto;
	rules[p->nr_rules].pub.name = name;
	rules[p->nr_rules].pub.native_nr = seccomp_syscall_resolve_name(name);
	rules[p->nr_rules].pub.nrs = profile_numbers(p, name);
	p->nr_rules++;
	return 0;
}

static int read_names(struct ksc_profile *p, const struct at *up, struct json_object *entry,
		      bool applies, const struct rule *proto)
{
	struct at at = { up, "names", 0 };
	struct at elem = { &at, NULL, 0 };
	struct at at_name = { up, "name", 0 };
	struct json_object *array;
	const char *name = NULL;
	size_t n;
	int ret;

	ret = read_array(p, &at, entry, &array, &n);
	if (!ret && is_for_engine(p))
		ret = read_string(p, up, entry, "name", &name);
	if (ret)
		return ret;
	if (name && *name) {
		if (n)
			return fail_at(p, &at_name, "stands beside \"names\"; use one of them");
		name = own_text(name);
		ret = note_name(p, name);
		return !ret && applies ? add_rule(p, &at_name, name, proto) : ret;
	}
	for (elem.index = 0; elem.index < n; elem.index++) {
		ret = read_element(p, &elem, array, &name);
		if (ret)
			return ret;
		name = own_text(name);
		ret = note_name(p, name);
		if (!ret && applies)
			ret = add_rule(p, &elem, name, proto);
		if (ret)
			return ret;
	}
	return 0;
}

static int read_entry(struct ksc_profile *p, const struct at *at, struct json_object *entry)
{
	static const char *const keys[] = { "action", "errnoRet", "errno" };
	struct rule proto = { .pub.entry = at->index };
	struct scmp_arg_cmp *args;
	size_t nr_args, before = p->nr_rules;
	bool applies = true;
	int ret;

	ret = read_value(p, at, entry, json_type_object);
	if (ret)
		return ret;
	ret = read_action(p, at, entry, keys, &proto.pub.action, &proto.has_errno);
	if (ret)
		return ret;
	ret = read_condition(p, at, entry, "includes", &applies);
	if (ret)
		return ret;
	ret = read_condition(p, at, entry, "excludes", &applies);
	if (ret)
		return ret;
	ret = read_args(p, at, entry, &args, &nr_args);
	if (ret)
		return ret;
	proto.pub.args = args;
	proto.pub.nr_args = (unsigned int)nr_args;
	ret = read_names(p, at, entry, applies, &proto);
	if (p->nr_rules == before)
		free(args);
	return ret;
}

static int read_syscalls(struct ksc_profile *p, struct json_object *root)
{
	struct at at = { NULL, "syscalls", 0 };
	struct at elem = { &at, NULL, 0 };
	struct json_object *array;
	size_t n;
	int ret;

	ret = read_array(p, &at, root, &array, &n);
	if (ret)
		return ret;
	for (elem.index = 0; elem.index < n; elem.index++) {
		ret = read_entry(p, &elem, json_object_array_get_idx(array, elem.index));
		if (ret)
			return ret;
	}
	return 0;
}

/* Hands each string of a list to @add. */
static int read_list(struct ksc_profile *p, const struct at *up, struct json_object *obj,
		     const char *key,
		     int (*add)(struct ksc_profile *p, const struct at *at, const char *s))
{
	struct at at = { up, key, 0 };
	struct at elem = { &at, NULL, 0 };
	struct json_object *array;
	const char *s;
	size_t n;
	int ret;

	ret = read_array(p, &at, obj, &array, &n);
	for (; !ret && elem.index < n; elem.index++) {
		ret = read_element(p, &elem, array, &s);
		if (!ret)
			ret = add(p, &elem, s);
	}
	return ret;
}

/* ---- architectures ---------------------------------------------------- */

static int add_arch(struct ksc_profile *p, const struct at *at, const char *name)
{
	uint32_t token = arch_from_oci(name, p->native);
	uint32_t *arches;
	size_t i;

	if (!token)
		return fail_at(p, at, "\"%.60s\" is not known; SCMP_ARCH_X86_64 is an example",
			       name);
	for (i = 0; i < p->nr_arches; i++) {
		if (p->arches[i] == token)
			return 0;
	}
	arches = reallocarray(p->arches, p->nr_arches + 1, sizeof(*arches));
	if (!arches)
		return -ENOMEM;
	p->arches = arches;
	arches[p->nr_arches++] = token;
	return 0;
}

static int read_arch_map(struct ksc_profile *p, struct json_object *array)
{
	struct at at = { NULL, "archMap", 0 };
	struct at elem = { &at, NULL, 0 };
	struct at at_arch = { &elem, "architecture", 0 };
	size_t n = json_object_array_length(array);
	struct json_object *row;
	const char *name;
	int ret;

	for (elem.index = 0; elem.index < n; elem.index++) {
		row = json_object_array_get_idx(array, elem.index);
		ret = read_value(p, &elem, row, json_type_object);
		if (ret)
			return ret;
		ret = read_string(p, &elem, row, "architecture", &name);
		if (ret)
			return ret;
		if (!name)
			return fail_at(p, &at_arch, "is missing");
		/* The first row for the machine counts, as in the engines. */
		if (arch_from_oci(name, p->native) != p->native)
			continue;
		ret = add_arch(p, &at_arch, name);
		if (ret)
			return ret;
		return read_list(p, &elem, row, "subArchitectures", add_arch);
	}
	return 0;
}

static int read_arches(struct ksc_profile *p, struct json_object *root)
{
	struct at at = { NULL, "archMap", 0 };
	struct json_object *map;
	size_t n;
	int ret;

	ret = read_list(p, NULL, root, "architectures", add_arch);
	if (ret || !is_for_engine(p))
		return ret;
	ret = read_array(p, &at, root, &map, &n);
	if (ret || !n)
		return ret;
	if (p->nr_arches)
		return fail_at(p, &at, "stands beside \"architectures\"; use one of them");
	return read_arch_map(p, map);
}

/* ---- the rest --------------------------------------------------------- */

static int add_flag(struct ksc_profile *p, const struct at *at, const char *name)
{
	const struct word *w = word_find(&words_flag, name);

	if (!w)
		return fail_at(p, at, "\"%.60s\" is not a filter flag", name);
	p->filter_flags |= w->value;
	return 0;
}

int profile_read(struct ksc_profile *p, struct json_object *root)
{
	static const char *const keys[] = { "defaultAction", "defaultErrnoRet", "defaultErrno" };
	struct at at_action = { NULL, "defaultAction", 0 };
	struct at at_syscalls = { NULL, "syscalls", 0 };
	const char *metadata;
	struct json_object *v;
	int ret;

	ret = check_case(p, &at_action, root);
	if (!ret)
		ret = check_case(p, &at_syscalls, root);
	if (ret)
		return ret;
	if (!json_object_object_get_ex(root, "defaultAction", &v) &&
	    !json_object_object_get_ex(root, "syscalls", &v))
		return profile_fail(p, -ENODATA, "%s%sneither defaultAction nor syscalls: "
				    "to the engines this is no seccomp at all",
				    p->prefix, *p->prefix ? ": " : "");
	ret = read_action(p, NULL, root, keys, &p->def_action, &p->def_has_errno);
	if (ret)
		return ret;
	ret = read_arches(p, root);
	if (!ret)
		ret = profile_ask_numbers(p);
	if (ret)
		return ret;
	ret = read_list(p, NULL, root, "flags", add_flag);
	if (ret)
		return ret;
	ret = read_string(p, NULL, root, "listenerPath", &p->listener_path);
	if (!ret)
		ret = read_string(p, NULL, root, "listenerMetadata", &metadata);
	if (ret)
		return ret;
	return read_syscalls(p, root);
}
