// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Rules are built once before a container is started with them.
 */
#include <errno.h>
#include <json-c/json.h>
#include <linux/filter.h>
#include <stdlib.h>

#include "oci.h"

static bool is_muxed(const struct ksc_profile *p, const char *name)
{
	uint32_t token;
	size_t i;
	int nr;

	for (i = 0; (token = ksc_profile_arch(p, i)); i++) {
		nr = seccomp_syscall_resolve_name_arch(token, name);
		if (is_muxed_nr(nr) || is_mux(name))
			return true;
	}
	return false;
}

/* Names of rules with arguments, each once if its rules follow each other. */
static size_t find_argued(const struct ksc_profile *p, const char **names)
{
	const struct ksc_profile_rule *r;
	size_t i, n = 0;

	for (i = 0; i < p->nr_rules; i++) {
		r = &p->rules[i].pub;
		if (r->nr_args && (!n || strcmp(names[n - 1], r->name)))
			names[n++] = r->name;
	}
	return n;
}

static bool is_among(const char *name, const char *const *names, size_t n)
{
	while (n && strcmp(names[n - 1], name))
		n--;
	return n;
}

/* Leave the rules that can contradict each other; tells how many are gone. */
static int drop_plain_rules(struct ksc_profile *p, size_t *dropped)
{
	const char **argued = calloc(p->nr_rules + 1, sizeof(*argued));
	size_t i, n, kept = 0;

	if (!argued)
		return -ENOMEM;
	n = find_argued(p, argued);
	for (i = 0; i < p->nr_rules; i++) {
		if (is_among(p->rules[i].pub.name, argued, n) || is_muxed(p, p->rules[i].pub.name))
			p->rules[kept++] = p->rules[i];
	}
	free(argued);
	*dropped = p->nr_rules - kept;
	p->nr_rules = kept;
	return 0;
}

static int build(struct ksc_oci *o, struct ksc_profile *p, size_t *len)
{
	struct sock_filter *prog;
	int ret = ksc_profile_program(p, KSC_RUNTIME_RUNC, &prog, len);

	if (ret)
		return oci_fail(o, ret, "the rules for this kernel do not work: %s",
				ksc_profile_error(p));
	free(prog);
	return 0;
}

/* What a rule without arguments, and its share of a search tree, can take. */
#define PLAIN_RULE_LEN	2

/*
 * No container starts with rules that libseccomp refuses, or with too many of
 * them. Rules without arguments contradict none, and building them would cost
 * each container as much as its runtime's own building, so they are estimated
 * first.
 */
int oci_check_rules(struct ksc_oci *o, uint32_t arch, struct json_object *obj)
{
	struct ksc_profile *p;
	size_t len, arches, dropped;
	int ret;

	ret = ksc_profile_new(&p);
	if (ret)
		return ret;
	ret = ksc_profile_set_arch(p, arch);
	if (!ret)
		ret = profile_load_json(p, obj);
	if (ret) {
		oci_fail(o, ret, "the rules for this kernel do not work: %s", ksc_profile_error(p));
		goto free_profile;
	}
	for (arches = 0; ksc_profile_arch(p, arches); arches++)
		;
	ret = drop_plain_rules(p, &dropped);
	if (!ret)
		ret = build(o, p, &len);
	if (ret || len + dropped * arches * PLAIN_RULE_LEN <= BPF_MAXINSNS)
		goto free_profile;
	ret = profile_load_json(p, obj);
	if (!ret)
		ret = build(o, p, &len);
	if (!ret && len > BPF_MAXINSNS)
		ret = oci_fail(o, -E2BIG, "the rules for this kernel would make a filter of %zu "
			       "instructions, the kernel takes %d", len, BPF_MAXINSNS);
free_profile:
	ksc_profile_free(p);
	return ret;
}
