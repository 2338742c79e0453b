// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A profile's handle: how it is to be read, and what it says.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "profile.h"

/* Every name of an entry points to one array of arguments; the entry's first rule owns it. */
static bool owns_args(const struct ksc_profile *p, size_t i)
{
	return !i || p->rules[i - 1].pub.entry != p->rules[i].pub.entry;
}

void profile_drop(struct ksc_profile *p)
{
	size_t i;

	for (i = 0; i < p->nr_rules; i++) {
		if (owns_args(p, i))
			free((void *)p->rules[i].pub.args);
	}
	free(p->rules);
	free(p->names);
	free(p->numbers);
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
	p->names = NULL;
	p->nr_names = 0;
	p->numbers = NULL;
	p->nr_numbers = 0;
	p->prefix = "";
}

/* As the engines read it: two numbers. */
static unsigned int release_of(const char *text)
{
	unsigned int major, minor;

	if (!text || sscanf(text, "%u.%u", &major, &minor) != 2)
		return KSC_RELEASE_UNKNOWN;
	return KSC_RELEASE(major, minor);
}

static unsigned int running_release(void)
{
	struct utsname uts;

	return release_of(uname(&uts) ? NULL : uts.release);
}

KSC_PUBLIC int ksc_profile_new(struct ksc_profile **pp)
{
	struct ksc_profile *p = calloc(1, sizeof(*p));

	*pp = p;
	if (!p)
		return -ENOMEM;
	profile_drop(p);
	p->native = seccomp_arch_native();
	p->kernel = running_release();
	return 0;
}

KSC_PUBLIC void ksc_profile_free(struct ksc_profile *p)
{
	size_t i;

	if (!p)
		return;
	profile_drop(p);
	for (i = 0; i < p->nr_caps; i++)
		free(p->caps[i]);
	free(p->caps);
	free(p);
}

KSC_PUBLIC const char *ksc_profile_error(const struct ksc_profile *p)
{
	return p->error;
}

/* What was decided by the old conditions would contradict the new. */
static int fail_loaded(struct ksc_profile *p)
{
	return profile_fail(p, -EBUSY, "the profile is loaded: say its conditions before");
}

KSC_PUBLIC int ksc_profile_set_arch(struct ksc_profile *p, uint32_t scmp_arch)
{
	if (p->root)
		return fail_loaded(p);
	if (!arch_to_oci(scmp_arch) ||
	    seccomp_syscall_resolve_name_arch(scmp_arch, "read") == __NR_SCMP_ERROR)
		return profile_fail(p, -EINVAL, "libseccomp does not know architecture 0x%x",
				    scmp_arch);
	p->native = scmp_arch;
	return 0;
}

KSC_PUBLIC int ksc_profile_add_cap(struct ksc_profile *p, const char *cap)
{
	char **caps;

	if (p->root)
		return fail_loaded(p);
	if (strncmp(cap, "CAP_", 4))
		return profile_fail(p, -EINVAL,
				    "\"%.60s\" is not a capability; CAP_SYS_ADMIN is an example",
				    cap);
	caps = reallocarray(p->caps, p->nr_caps + 1, sizeof(*caps));
	if (!caps)
		return profile_fail(p, -ENOMEM, "%s", strerror(ENOMEM));
	p->caps = caps;
	caps[p->nr_caps] = strdup(cap);
	if (!caps[p->nr_caps])
		return profile_fail(p, -ENOMEM, "%s", strerror(ENOMEM));
	p->nr_caps++;
	return 0;
}

KSC_PUBLIC int ksc_profile_set_kernel(struct ksc_profile *p, unsigned int release)
{
	if (p->root)
		return fail_loaded(p);
	if (release <= KSC_RELEASE_INFER)
		return profile_fail(p, -EINVAL, "a kernel's release is needed, such as 6.1");
	p->kernel = release;
	return 0;
}

static bool is_of_this_machine(const struct ksc *k)
{
	const char *root = ksc_root(k);

	/* Names are of no kernel: the one that runs is as good as any. */
	if (!root)
		return !strcmp(ksc_source(k), "names");
	return !strcmp(root, "/") || !strcmp(root, KSC_SURVEY_ROOT);
}

KSC_PUBLIC int ksc_profile_set_view(struct ksc_profile *p, const struct ksc *k)
{
	if (p->root)
		return fail_loaded(p);
	p->kernel = is_of_this_machine(k) ? running_release() : release_of(ksc_release(k));
	return 0;
}

/* ---- what it says ----------------------------------------------------- */

KSC_PUBLIC uint32_t ksc_profile_default(const struct ksc_profile *p)
{
	return p->def_action;
}

KSC_PUBLIC const struct ksc_profile_rule *
ksc_profile_rule_next(const struct ksc_profile *p, const struct ksc_profile_rule *prev)
{
	size_t i = prev ? (size_t)((const struct rule *)prev - p->rules) + 1 : 0;

	return i < p->nr_rules ? &p->rules[i].pub : NULL;
}

KSC_PUBLIC const char *ksc_profile_rule_name(const struct ksc_profile_rule *rule)
{
	return rule->name;
}

KSC_PUBLIC uint32_t ksc_profile_rule_action(const struct ksc_profile_rule *rule)
{
	return rule->action;
}

KSC_PUBLIC const struct scmp_arg_cmp *ksc_profile_rule_args(const struct ksc_profile_rule *rule,
							    unsigned int *n)
{
	*n = rule->nr_args;
	return rule->args;
}

KSC_PUBLIC unsigned int ksc_profile_rule_entry(const struct ksc_profile_rule *rule)
{
	return rule->entry;
}

KSC_PUBLIC int ksc_profile_rule_nr(const struct ksc_profile_rule *rule)
{
	return rule->native_nr;
}

KSC_PUBLIC unsigned int ksc_profile_filter_flags(const struct ksc_profile *p)
{
	return p->filter_flags;
}

KSC_PUBLIC const char *ksc_profile_listener_path(const struct ksc_profile *p)
{
	return p->listener_path;
}

KSC_PUBLIC const char *ksc_profile_name(const struct ksc_profile *p, size_t i)
{
	return i < p->nr_names ? p->names[i] : NULL;
}
