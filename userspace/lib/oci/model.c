// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What a runtime makes of a profile: libseccomp's filter, and runc's stub before it.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/bpf_common.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "complement.h"
#include "profile.h"

#define X32_BIT		0x40000000u

/* ---- libseccomp's own program ----------------------------------------- */

/* -ENOMEM aside, libseccomp has no more to say than its errno. */
static int refuse(struct ksc_profile *p, const struct ksc_profile_rule *r, int err)
{
	if (err == -ENOMEM)
		return err;
	return profile_fail(p, err, "%s%ssyscalls[%u]: libseccomp refuses the rule for %s: %s",
			    p->prefix, *p->prefix ? "." : "", r->entry, r->name, strerror(-err));
}

static int add_rule(scmp_filter_ctx ctx, const struct ksc_profile_rule *r)
{
	unsigned int i;
	int ret;

	if (!args_are_alternatives(r))
		return seccomp_rule_add_array(ctx, r->action, r->native_nr, r->nr_args, r->args);
	for (i = 0; i < r->nr_args; i++) {
		ret = seccomp_rule_add_array(ctx, r->action, r->native_nr, 1, &r->args[i]);
		if (ret)
			return ret;
	}
	return 0;
}

/* crun reads so many conditions of a rule, the others it does not look at. */
#define CRUN_ARGS	6

static bool is_crun(enum ksc_runtime rt)
{
	return rt == KSC_RUNTIME_CRUN || rt == KSC_RUNTIME_CRUN_OLD;
}

/* The default that a runtime takes from the profile. */
static uint32_t default_of(const struct ksc_profile *p, enum ksc_runtime rt)
{
	return rt == KSC_RUNTIME_CRUN_OLD ? without_errno(p->def_action) : p->def_action;
}

static int add_rules(struct ksc_profile *p, enum ksc_runtime rt, scmp_filter_ctx ctx)
{
	struct ksc_profile_rule pub;
	const struct rule *r;
	size_t i;
	int ret;

	for (i = 0; i < p->nr_rules; i++) {
		r = &p->rules[i];
		if (rt == KSC_RUNTIME_CRUN && r->has_errno && !action_has_errno(r->pub.action))
			return profile_fail(p, -EINVAL, "syscalls[%u].errnoRet: crun refuses it "
					    "for this action", r->pub.entry);
		/* Every runtime skips both, and so must whoever stands in for one. */
		if (r->pub.action == default_of(p, rt) || r->pub.native_nr == __NR_SCMP_ERROR)
			continue;
		pub = r->pub;
		if (is_crun(rt) && pub.nr_args > CRUN_ARGS)
			pub.nr_args = CRUN_ARGS;
		ret = add_rule(ctx, &pub);
		if (ret)
			return refuse(p, &pub, ret);
	}
	return 0;
}

static int add_arches(struct ksc_profile *p, scmp_filter_ctx ctx)
{
	uint32_t token;
	size_t i;
	int ret;

	/* libseccomp starts with the machine it runs on; a copied tree has another. */
	if (p->native != seccomp_arch_native()) {
		ret = seccomp_arch_remove(ctx, seccomp_arch_native());
		if (ret)
			return ret;
	}
	for (i = 0; (token = ksc_profile_arch(p, i)); i++) {
		ret = seccomp_arch_add(ctx, token);
		if (ret && ret != -EEXIST)
			return profile_fail(p, ret, "libseccomp refuses SCMP_ARCH_%s: %s",
					    arch_to_oci(token), strerror(-ret));
	}
	return 0;
}

KSC_PUBLIC int ksc_profile_filter(struct ksc_profile *p, enum ksc_runtime rt, scmp_filter_ctx *ctx)
{
	const char *name;
	scmp_filter_ctx c;
	int ret;

	*ctx = NULL;
	ret = profile_check_cost(p, &name);
	if (ret)
		return profile_fail(p, ret, "the rules for %s are too much for libseccomp", name);
	c = seccomp_init(default_of(p, rt));
	if (!c)
		return profile_fail(p, -EINVAL, "defaultAction: libseccomp refuses it");
	if (rt == KSC_RUNTIME_CRUN && p->def_has_errno && !action_has_errno(p->def_action)) {
		ret = profile_fail(p, -EINVAL,
				   "defaultErrnoRet: crun refuses it for this action");
		goto release;
	}
	ret = add_arches(p, c);
	if (ret)
		goto release;
	if (rt == KSC_RUNTIME_RUNC && p->nr_rules > RUNC_TREE_RULES)
		seccomp_attr_set(c, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	ret = add_rules(p, rt, c);
	if (ret)
		goto release;
	*ctx = c;
	return 0;

release:
	seccomp_release(c);
	return ret;
}

/* ---- runc's stub ------------------------------------------------------ */

/* What runc puts before libseccomp's program for one audit architecture. */
struct stub_arch {
	uint32_t audit_arch;
	uint32_t max;		/* largest number named; 0: none */
	uint32_t max_x32;
};

/* Room for the longest section of a stub. */
#define SECTION_MAX	8

static uint32_t largest_named(const struct ksc_profile *p, uint32_t token)
{
	return (uint32_t)profile_largest(p, p->rules, p->nr_rules, token);
}

static bool runc_adds_stub(uint32_t def_action)
{
	uint32_t kind = def_action & SECCOMP_RET_ACTION_FULL;

	return kind != SCMP_ACT_ALLOW && kind != SCMP_ACT_LOG && kind != SCMP_ACT_TRACE(0);
}

/* The number above which the stub answers ENOSYS; 0: there is none for @token. */
uint32_t profile_stub_max(const struct ksc_profile *p, enum ksc_runtime rt, uint32_t token)
{
	bool listed = rt == KSC_RUNTIME_RUNC && token == p->native;
	size_t i;

	if (is_crun(rt) || !runc_adds_stub(p->def_action))
		return 0;
	for (i = 0; !listed && i < p->nr_arches; i++)
		listed = p->arches[i] == token;
	return listed ? largest_named(p, token) : 0;
}

static size_t stub_arches(const struct ksc_profile *p, enum ksc_runtime rt,
			  struct stub_arch *stub)
{
	struct stub_arch *s;
	uint32_t token, max;
	size_t i, n = 0;

	/* Until 1.1.14 an architecture that is not listed got no stub, not even the native. */
	for (i = rt == KSC_RUNTIME_RUNC_OLD; ; i++) {
		token = rt != KSC_RUNTIME_RUNC_OLD ? ksc_profile_arch(p, i) :
			i <= p->nr_arches ? p->arches[i - 1] : 0;
		if (!token)
			return n;
		max = largest_named(p, token);
		if (!max)
			continue;
		for (s = stub; s < stub + n && s->audit_arch != ksc_audit_arch_of(token); s++)
			;
		if (s == stub + n)
			stub[n++] = (struct stub_arch){ .audit_arch = ksc_audit_arch_of(token) };
		if (token == SCMP_ARCH_X32)
			s->max_x32 = max;
		else
			s->max = max;
	}
}

/* What is decided of one number range: above @max is ENOSYS, the rest goes to the filter. */
static size_t emit_section(struct sock_filter *out, const struct stub_arch *s)
{
	size_t n = 0;

	out[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						offsetof(struct seccomp_data, nr));
	/* Numbers that s390's kernel does not know arrive as 0. */
	if (s->audit_arch == AUDIT_ARCH_S390 || s->audit_arch == AUDIT_ARCH_S390X) {
		out[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1);
		out[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
							ksc_ret_enosys(s->audit_arch));
	}
	if (s->audit_arch == AUDIT_ARCH_X86_64 && s->max && s->max_x32) {
		out[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, X32_BIT, 1, 0);
		out[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, s->max, 1, 2);
		out[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K,
							s->max_x32, 0, 1);
	} else if (s->audit_arch == AUDIT_ARCH_X86_64) {
		out[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, X32_BIT,
							s->max ? 2 : 0, s->max ? 0 : 2);
		out[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K,
							s->max | s->max_x32, 0, 1);
	} else {
		out[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, s->max, 0, 1);
	}
	out[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, ksc_ret_enosys(s->audit_arch));
	/* The jump to the filter, whose distance only the caller knows. */
	out[n++] = (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 0);
	return n;
}

/* *@out is NULL where runc adds nothing. */
static int make_stub(const struct ksc_profile *p, enum ksc_runtime rt, struct sock_filter **out,
		     size_t *len)
{
	struct stub_arch *stub;
	struct sock_filter *prog;
	size_t i, n, at, section;

	*out = NULL;
	*len = 0;
	if (is_crun(rt) || !runc_adds_stub(p->def_action))
		return 0;
	stub = calloc(p->nr_arches + 1, sizeof(*stub));
	if (!stub)
		return -ENOMEM;
	n = stub_arches(p, rt, stub);
	prog = calloc(1 + n * (1 + SECTION_MAX), sizeof(*prog));
	if (!prog) {
		free(stub);
		return -ENOMEM;
	}
	prog[0] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
					       offsetof(struct seccomp_data, arch));
	for (i = 0, at = 1; i < n; i++) {
		section = emit_section(prog + at + 1, &stub[i]);
		prog[at] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
							stub[i].audit_arch, 0, (uint8_t)section);
		at += 1 + section;
	}
	for (i = 1; i < at; i++) {
		if (prog[i].code == (BPF_JMP | BPF_JA))
			prog[i].k = (uint32_t)(at - i - 1);
	}
	free(stub);
	*out = prog;
	*len = at;
	return 0;
}

KSC_PUBLIC int ksc_profile_program(struct ksc_profile *p, enum ksc_runtime rt,
				   struct sock_filter **prog, size_t *len)
{
	struct sock_filter *stub, *tail, *out;
	size_t stub_len, tail_len;
	scmp_filter_ctx ctx;
	int ret;

	*prog = NULL;
	*len = 0;
	ret = ksc_profile_filter(p, rt, &ctx);
	if (ret)
		return ret;
	ret = make_stub(p, rt, &stub, &stub_len);
	if (ret)
		goto release;
	ret = ksc_seccomp_program(NULL, ctx, &tail, &tail_len);
	if (ret) {
		profile_fail(p, ret, "libseccomp cannot export the filter: %s", strerror(-ret));
		goto free_stub;
	}
	out = reallocarray(stub, stub_len + tail_len, sizeof(*out));
	if (!out) {
		ret = -ENOMEM;
		goto free_tail;
	}
	memcpy(out + stub_len, tail, tail_len * sizeof(*out));
	*prog = out;
	*len = stub_len + tail_len;
	stub = NULL;

free_tail:
	free(tail);
free_stub:
	free(stub);
release:
	seccomp_release(ctx);
	return ret;
}
