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
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/utsname.h>

#include "profile.h"

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV	(1UL << 5)
#endif

/* The data half of a SECCOMP_RET_* value. */
#define ERRNO_MAX	0xffffu
#define ARG_MAX_INDEX	5
/* Larger than any profile in the field by two orders of magnitude. */
#define FILE_MAX	(16u << 20)

static const struct word actions[] = {
	{ "SCMP_ACT_KILL",		SCMP_ACT_KILL },
	{ "SCMP_ACT_KILL_THREAD",	SCMP_ACT_KILL_THREAD },
	{ "SCMP_ACT_KILL_PROCESS",	SCMP_ACT_KILL_PROCESS },
	{ "SCMP_ACT_TRAP",		SCMP_ACT_TRAP },
	{ "SCMP_ACT_ERRNO",		SCMP_ACT_ERRNO(0) },
	{ "SCMP_ACT_TRACE",		SCMP_ACT_TRACE(0) },
	{ "SCMP_ACT_ALLOW",		SCMP_ACT_ALLOW },
	{ "SCMP_ACT_LOG",		SCMP_ACT_LOG },
	{ "SCMP_ACT_NOTIFY",		SCMP_ACT_NOTIFY },
};

static const struct word operators[] = {
	{ "SCMP_CMP_NE",		SCMP_CMP_NE },
	{ "SCMP_CMP_LT",		SCMP_CMP_LT },
	{ "SCMP_CMP_LE",		SCMP_CMP_LE },
	{ "SCMP_CMP_EQ",		SCMP_CMP_EQ },
	{ "SCMP_CMP_GE",		SCMP_CMP_GE },
	{ "SCMP_CMP_GT",		SCMP_CMP_GT },
	{ "SCMP_CMP_MASKED_EQ",		SCMP_CMP_MASKED_EQ },
};

static const struct word filter_flags[] = {
	{ "SECCOMP_FILTER_FLAG_TSYNC",		SECCOMP_FILTER_FLAG_TSYNC },
	{ "SECCOMP_FILTER_FLAG_LOG",		SECCOMP_FILTER_FLAG_LOG },
	{ "SECCOMP_FILTER_FLAG_SPEC_ALLOW",	SECCOMP_FILTER_FLAG_SPEC_ALLOW },
	{ "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV },
};

/* strerrorname_np() would do, but only glibc has it. */
#define E(name)	{ #name, name }
static const struct word errnos[] = {
	E(EPERM), E(ENOENT), E(ESRCH), E(EINTR), E(EIO), E(ENXIO), E(E2BIG), E(ENOEXEC),
	E(EBADF), E(ECHILD), E(EAGAIN), E(EWOULDBLOCK), E(ENOMEM), E(EACCES), E(EFAULT),
	E(ENOTBLK), E(EBUSY), E(EEXIST), E(EXDEV), E(ENODEV), E(ENOTDIR), E(EISDIR),
	E(EINVAL), E(ENFILE), E(EMFILE), E(ENOTTY), E(ETXTBSY), E(EFBIG), E(ENOSPC),
	E(ESPIPE), E(EROFS), E(EMLINK), E(EPIPE), E(EDOM), E(ERANGE), E(EDEADLK),
	E(EDEADLOCK), E(ENAMETOOLONG), E(ENOLCK), E(ENOSYS), E(ENOTEMPTY), E(ELOOP),
	E(ENOMSG), E(EIDRM), E(ECHRNG), E(EL2NSYNC), E(EL3HLT), E(EL3RST), E(ELNRNG),
	E(EUNATCH), E(ENOCSI), E(EL2HLT), E(EBADE), E(EBADR), E(EXFULL), E(ENOANO),
	E(EBADRQC), E(EBADSLT), E(EBFONT), E(ENOSTR), E(ENODATA), E(ETIME), E(ENOSR),
	E(ENONET), E(ENOPKG), E(EREMOTE), E(ENOLINK), E(EADV), E(ESRMNT), E(ECOMM), E(EPROTO),
	E(EMULTIHOP), E(EDOTDOT), E(EBADMSG), E(EOVERFLOW), E(ENOTUNIQ), E(EBADFD), E(EREMCHG),
	E(ELIBACC), E(ELIBBAD), E(ELIBSCN), E(ELIBMAX), E(ELIBEXEC), E(EILSEQ), E(ERESTART),
	E(ESTRPIPE), E(EUSERS), E(ENOTSOCK), E(EDESTADDRREQ), E(EMSGSIZE), E(EPROTOTYPE),
	E(ENOPROTOOPT), E(EPROTONOSUPPORT), E(ESOCKTNOSUPPORT), E(EOPNOTSUPP), E(ENOTSUP),
	E(EPFNOSUPPORT), E(EAFNOSUPPORT), E(EADDRINUSE), E(EADDRNOTAVAIL), E(ENETDOWN),
	E(ENETUNREACH), E(ENETRESET), E(ECONNABORTED), E(ECONNRESET), E(ENOBUFS), E(EISCONN),
	E(ENOTCONN), E(ESHUTDOWN), E(ETOOMANYREFS), E(ETIMEDOUT), E(ECONNREFUSED),
	E(EHOSTDOWN), E(EHOSTUNREACH), E(EALREADY), E(EINPROGRESS), E(ESTALE), E(EUCLEAN),
	E(ENOTNAM), E(ENAVAIL), E(EISNAM), E(EREMOTEIO), E(EDQUOT), E(ENOMEDIUM),
	E(EMEDIUMTYPE), E(ECANCELED), E(ENOKEY), E(EKEYEXPIRED), E(EKEYREVOKED),
	E(EKEYREJECTED), E(EOWNERDEAD), E(ENOTRECOVERABLE), E(ERFKILL), E(EHWPOISON),
};
#undef E

const struct word *word_find(const struct word *words, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!strcmp(words[i].name, name))
			return &words[i];
	}
	return NULL;
}

/* Keep one line for people and pass @err on. */
int profile_fail(struct ksc_profile *p, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(p->error, sizeof(p->error), fmt, ap);
	va_end(ap);
	return err;
}

/* ---- where we are in the JSON ---------------------------------------- */

/* One step of the path to a value; lives on the stack of the walk. */
struct at {
	const struct at *up;
	const char *key;	/* NULL: an array's element */
	unsigned int index;
};

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

__attribute__((format(printf, 3, 4)))
static int fail_at(struct ksc_profile *p, const struct at *at, const char *fmt, ...)
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

static int read_value(struct ksc_profile *p, const struct at *at, struct json_object *v,
		      enum json_type type)
{
	if (json_object_is_type(v, type))
		return 0;
	return fail_at(p, at, "is of type %s, but must be %s",
		       json_type_to_name(json_object_get_type(v)), json_type_to_name(type));
}

/* Go's readers take a key for one that differs in case alone, crun's does not. */
static int check_case(struct ksc_profile *p, const struct at *at, struct json_object *obj)
{
	json_object_object_foreach(obj, key, v) {
		(void)v;
		if (!strcasecmp(key, at->key) && strcmp(key, at->key))
			return fail_at(p, at, "is spelled \"%.60s\"", key);
	}
	return 0;
}

/* *v is NULL if @obj has no such key. */
static int read_key(struct ksc_profile *p, const struct at *at, struct json_object *obj,
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

static int read_string(struct ksc_profile *p, const struct at *up, struct json_object *obj,
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

static int read_array(struct ksc_profile *p, const struct at *at, struct json_object *obj,
		      struct json_object **array, size_t *len)
{
	int ret;

	ret = read_key(p, at, obj, json_type_array, array);
	if (ret)
		return ret;
	*len = *array ? json_object_array_length(*array) : 0;
	return 0;
}

static int read_element(struct ksc_profile *p, const struct at *at, struct json_object *array,
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

static int read_uint(struct ksc_profile *p, const struct at *up, struct json_object *obj,
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

static int read_word(struct ksc_profile *p, const struct at *up, struct json_object *obj,
		     const char *key, const struct word *words, size_t n, uint32_t *value)
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
	w = word_find(words, n, s);
	if (!w)
		return fail_at(p, &at, "\"%.60s\" is not known; %s is an example", s,
			       words[n - 1].name);
	*value = w->value;
	return 0;
}

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
	w = WORD(errnos, s);
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

	ret = read_word(p, at, obj, keys[0], actions, ARRAY_SIZE(actions), action);
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
	ret = read_word(p, at, v, "op", operators, ARRAY_SIZE(operators), &op);
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

/* The baseline asks what the author knew, so conditions do not matter here. */
static void note_release(struct ksc_profile *p, const char *name)
{
	unsigned int release = ksc_release_of(name);

	if (release == KSC_RELEASE_UNKNOWN)
		return;
	if (p->newest_name && release <= p->newest)
		return;
	p->newest = release;
	p->newest_name = name;
}

static int add_rule(struct ksc_profile *p, const struct at *at, const char *name,
		    const struct rule *proto)
{
	struct rule *rules;

	if (!*name)
		return fail_at(p, at, "an empty string is not a syscall");
	rules = reallocarray(p->rules, p->nr_rules + 1, sizeof(*rules));
	if (!rules)
		return -ENOMEM;
	p->rules = rules;
	rules[p->nr_rules] = *proto;
	rules[p->nr_rules].pub.name = name;
	rules[p->nr_rules].pub.native_nr = seccomp_syscall_resolve_name(name);
	p->nr_rules++;
	return 0;
}

/* Every name of an entry points to one array of arguments; the entry's first rule owns it. */
static bool owns_args(const struct ksc_profile *p, size_t i)
{
	return !i || p->rules[i - 1].pub.entry != p->rules[i].pub.entry;
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
		note_release(p, name);
		return applies ? add_rule(p, &at_name, name, proto) : 0;
	}
	for (elem.index = 0; elem.index < n; elem.index++) {
		ret = read_element(p, &elem, array, &name);
		if (ret)
			return ret;
		note_release(p, name);
		ret = applies ? add_rule(p, &elem, name, proto) : 0;
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

/* ---- architectures ---------------------------------------------------- */

static int add_arch(struct ksc_profile *p, const struct at *at, const char *name)
{
	uint32_t token = arch_from_oci(name);
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

static int read_arch_list(struct ksc_profile *p, const struct at *up, struct json_object *obj,
			  const char *key)
{
	struct at at = { up, key, 0 };
	struct at elem = { &at, NULL, 0 };
	struct json_object *array;
	const char *name;
	size_t n;
	int ret;

	ret = read_array(p, &at, obj, &array, &n);
	if (ret)
		return ret;
	for (elem.index = 0; elem.index < n; elem.index++) {
		ret = read_element(p, &elem, array, &name);
		if (ret)
			return ret;
		ret = add_arch(p, &elem, name);
		if (ret)
			return ret;
	}
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
		if (arch_from_oci(name) != p->native)
			continue;
		ret = add_arch(p, &at_arch, name);
		if (ret)
			return ret;
		return read_arch_list(p, &elem, row, "subArchitectures");
	}
	return 0;
}

static int read_arches(struct ksc_profile *p, struct json_object *root)
{
	struct at at = { NULL, "archMap", 0 };
	struct json_object *map;
	size_t n;
	int ret;

	ret = read_arch_list(p, NULL, root, "architectures");
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

static int read_flags(struct ksc_profile *p, struct json_object *root)
{
	struct at at = { NULL, "flags", 0 };
	struct at elem = { &at, NULL, 0 };
	struct json_object *array;
	const struct word *w;
	const char *name;
	size_t n;
	int ret;

	ret = read_array(p, &at, root, &array, &n);
	if (ret)
		return ret;
	for (elem.index = 0; elem.index < n; elem.index++) {
		ret = read_element(p, &elem, array, &name);
		if (ret)
			return ret;
		w = WORD(filter_flags, name);
		if (!w)
			return fail_at(p, &elem, "\"%.60s\" is not a filter flag", name);
		p->filter_flags |= w->value;
	}
	return 0;
}

static int read_profile(struct ksc_profile *p, struct json_object *root)
{
	static const char *const keys[] = { "defaultAction", "defaultErrnoRet", "defaultErrno" };
	struct at at_action = { NULL, "defaultAction", 0 };
	struct at at_syscalls = { NULL, "syscalls", 0 };
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
	if (ret)
		return ret;
	ret = read_flags(p, root);
	if (ret)
		return ret;
	ret = read_string(p, NULL, root, "listenerPath", &p->listener_path);
	if (ret)
		return ret;
	return read_syscalls(p, root);
}

static void drop_content(struct ksc_profile *p)
{
	size_t i;

	for (i = 0; i < p->nr_rules; i++) {
		if (owns_args(p, i))
			free((void *)p->rules[i].pub.args);
	}
	free(p->rules);
	free(p->arches);
	json_object_put(p->root);
	p->rules = NULL;
	p->nr_rules = 0;
	p->arches = NULL;
	p->nr_arches = 0;
	p->root = NULL;
	p->def_action = SCMP_ACT_ALLOW;
	p->def_has_errno = false;
	p->filter_flags = 0;
	p->listener_path = NULL;
	p->newest_name = NULL;
	p->newest = KSC_RELEASE_NONE;
	p->prefix = "";
}

/* The release of the running kernel, as the engines read it: two numbers. */
static unsigned int running_release(void)
{
	unsigned int major, minor;
	struct utsname uts;

	if (uname(&uts) || sscanf(uts.release, "%u.%u", &major, &minor) != 2)
		return KSC_RELEASE_NONE;
	return KSC_RELEASE(major, minor);
}

KSC_EXPORT int ksc_profile_new(struct ksc_profile **pp)
{
	struct ksc_profile *p = calloc(1, sizeof(*p));

	if (!p)
		return -ENOMEM;
	drop_content(p);
	p->native = seccomp_arch_native();
	p->kernel = running_release();
	*pp = p;
	return 0;
}

KSC_EXPORT void ksc_profile_free(struct ksc_profile *p)
{
	size_t i;

	if (!p)
		return;
	drop_content(p);
	for (i = 0; i < p->nr_caps; i++)
		free(p->caps[i]);
	free(p->caps);
	free(p);
}

KSC_EXPORT const char *ksc_profile_error(const struct ksc_profile *p)
{
	return p->error;
}

KSC_EXPORT int ksc_profile_set_arch(struct ksc_profile *p, uint32_t scmp_arch)
{
	if (!arch_to_oci(scmp_arch) ||
	    seccomp_syscall_resolve_name_arch(scmp_arch, "read") == __NR_SCMP_ERROR)
		return profile_fail(p, -EINVAL, "libseccomp does not know architecture 0x%x",
				    scmp_arch);
	p->native = scmp_arch;
	return 0;
}

KSC_EXPORT int ksc_profile_add_cap(struct ksc_profile *p, const char *cap)
{
	char **caps;

	if (strncmp(cap, "CAP_", 4))
		return profile_fail(p, -EINVAL,
				    "\"%.60s\" is not a capability; CAP_SYS_ADMIN is an example",
				    cap);
	caps = reallocarray(p->caps, p->nr_caps + 1, sizeof(*caps));
	if (!caps)
		return -ENOMEM;
	p->caps = caps;
	caps[p->nr_caps] = strdup(cap);
	if (!caps[p->nr_caps])
		return -ENOMEM;
	p->nr_caps++;
	return 0;
}

KSC_EXPORT int ksc_profile_set_kernel(struct ksc_profile *p, unsigned int release)
{
	if (release <= KSC_RELEASE_INFER || release == KSC_RELEASE_UNKNOWN)
		return profile_fail(p, -EINVAL, "a kernel's release is needed, such as 6.1");
	p->kernel = release;
	return 0;
}

int profile_load_json(struct ksc_profile *p, struct json_object *root)
{
	struct at at_linux = { NULL, "linux", 0 };
	struct at at_seccomp = { &at_linux, "seccomp", 0 };
	struct json_object *v;
	int ret;

	drop_content(p);
	ret = read_value(p, NULL, root, json_type_object);
	if (ret)
		return profile_fail(p, ret, "the file is JSON, but not an object");
	if (json_object_object_get_ex(root, "linux", &v)) {
		ret = read_value(p, &at_linux, v, json_type_object);
		if (ret)
			return ret;
		ret = read_key(p, &at_seccomp, v, json_type_object, &root);
		if (ret)
			return ret;
		if (!root)
			return profile_fail(p, -ENODATA, "linux.seccomp: is absent");
		p->prefix = "linux.seccomp";
	}
	p->root = json_object_get(root);
	ret = read_profile(p, root);
	if (ret)
		drop_content(p);
	return ret;
}

KSC_EXPORT int ksc_profile_load_mem(struct ksc_profile *p, const char *text, size_t len)
{
	struct json_tokener *tok;
	struct json_object *root;
	enum json_tokener_error err;
	size_t end;
	int ret;

	drop_content(p);
	if (len > FILE_MAX)
		return profile_fail(p, -EFBIG, "more than %u bytes of JSON", FILE_MAX);
	/* json-c would stop there and call what precedes it the whole. */
	if (memchr(text, '\0', len))
		return profile_fail(p, -EINVAL, "not JSON: it has a NUL character");
	tok = json_tokener_new();
	if (!tok)
		return -ENOMEM;
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	root = json_tokener_parse_ex(tok, text, (int)len);
	err = json_tokener_get_error(tok);
	end = json_tokener_get_parse_end(tok);
	json_tokener_free(tok);
	if (err != json_tokener_success) {
		json_object_put(root);
		return profile_fail(p, -EINVAL, "not JSON: %s at byte %zu",
				    err == json_tokener_continue ? "it ends too early" :
				    json_tokener_error_desc(err), end);
	}
	ret = profile_load_json(p, root);
	json_object_put(root);
	return ret;
}

KSC_EXPORT int ksc_profile_load_file(struct ksc_profile *p, const char *path)
{
	size_t len = 0, room = 0;
	char *text = NULL, *more;
	FILE *f;
	int ret;

	f = fopen(path, "re");
	if (!f) {
		ret = -errno;
		return profile_fail(p, ret, "%s: %s", path, strerror(-ret));
	}
	do {
		if (len == room) {
			room = room ? 2 * room : 1u << 16;
			more = realloc(text, room);
			if (!more) {
				ret = -ENOMEM;
				goto free_text;
			}
			text = more;
		}
		len += fread(text + len, 1, room - len, f);
	} while (len == room && len <= FILE_MAX);
	if (ferror(f)) {
		ret = -EIO;
		profile_fail(p, ret, "%s: cannot be read", path);
		goto free_text;
	}
	ret = ksc_profile_load_mem(p, text, len);

free_text:
	free(text);
	fclose(f);
	return ret;
}

/* ---- what it says ----------------------------------------------------- */

KSC_EXPORT uint32_t ksc_profile_default(const struct ksc_profile *p)
{
	return p->def_action;
}

KSC_EXPORT const struct ksc_profile_rule *ksc_profile_rule(const struct ksc_profile *p, size_t i)
{
	return i < p->nr_rules ? &p->rules[i].pub : NULL;
}

KSC_EXPORT uint32_t ksc_profile_arch(const struct ksc_profile *p, size_t i)
{
	size_t j;

	if (!i)
		return p->native;
	for (j = 0; j < p->nr_arches; j++) {
		if (p->arches[j] != p->native && !--i)
			return p->arches[j];
	}
	return 0;
}

KSC_EXPORT unsigned int ksc_profile_filter_flags(const struct ksc_profile *p)
{
	return p->filter_flags;
}

KSC_EXPORT const char *ksc_profile_listener_path(const struct ksc_profile *p)
{
	return p->listener_path;
}

KSC_EXPORT unsigned int ksc_profile_newest(const struct ksc_profile *p, const char **name)
{
	if (name)
		*name = p->newest_name;
	return p->newest;
}

/* ---- back to JSON ----------------------------------------------------- */

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

static const char *word_of(const struct word *words, size_t n, uint32_t value)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (words[i].value == value)
			return words[i].name;
	}
	return NULL;
}

static int put_action(struct json_object *obj, const char *key, const char *key_errno,
		      uint32_t action)
{
	uint32_t kind = action & SECCOMP_RET_ACTION_FULL;
	int ret;

	ret = put(obj, key,
		  json_object_new_string(word_of(actions, ARRAY_SIZE(actions), kind)));
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
			ret = put(arg, "op", json_object_new_string(word_of(operators,
				  ARRAY_SIZE(operators), (uint32_t)a->op)));
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
