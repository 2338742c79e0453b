// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A profile's handle: how it is read, and what it says.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "read.h"

/* Larger than any profile in the field by two orders of magnitude. */
#define FILE_MAX	(16u << 20)

/* Keep one line for people and pass @err on. */
int profile_fail(struct ksc_profile *p, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(p->error, sizeof(p->error), fmt, ap);
	va_end(ap);
	return err;
}
static void drop_content(struct ksc_profile *p)
{
	size_t i;

	for (i = 0; i < p->nr_rules; i++) {
		if (profile_owns_args(p, i))
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
	ret = profile_read(p, root);
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

KSC_EXPORT const struct ksc_profile_rule *
ksc_profile_rule_next(const struct ksc_profile *p, const struct ksc_profile_rule *prev)
{
	size_t i = prev ? (size_t)((const struct rule *)prev - p->rules) + 1 : 0;

	return i < p->nr_rules ? &p->rules[i].pub : NULL;
}

KSC_EXPORT const char *ksc_profile_rule_name(const struct ksc_profile_rule *rule)
{
	return rule->name;
}

KSC_EXPORT uint32_t ksc_profile_rule_action(const struct ksc_profile_rule *rule)
{
	return rule->action;
}

KSC_EXPORT const struct scmp_arg_cmp *ksc_profile_rule_args(const struct ksc_profile_rule *rule,
							     unsigned int *n)
{
	*n = rule->nr_args;
	return rule->args;
}

KSC_EXPORT unsigned int ksc_profile_rule_entry(const struct ksc_profile_rule *rule)
{
	return rule->entry;
}

KSC_EXPORT int ksc_profile_rule_nr(const struct ksc_profile_rule *rule)
{
	return rule->native_nr;
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
