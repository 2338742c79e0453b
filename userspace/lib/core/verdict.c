// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What a policy says of one number, and why.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <linux/seccomp.h>

#include "policy.h"

struct verdict {
	const struct ksc_abi *abi;	/* NULL: nobody has published one for the number */
	uint32_t nr;			/* relative to its base */
	const struct ksc_nr_rule *rule;
	struct ksc_decision d;
};

static struct verdict judge(const struct ksc_policy *p, uint32_t audit_arch, uint32_t nr)
{
	struct verdict v = { .abi = ksc_abi_by_arch(p->k, audit_arch, nr), .nr = nr };

	v.d.row = KSC_ROW_UNCOVERED;
	if (!v.abi)
		return v;
	v.nr -= v.abi->base;
	if (!ksc_policy_covers(p, v.abi))
		return v;
	v.rule = ksc_policy_next_rule(p, v.abi, v.nr);
	if (v.rule && v.rule->nr != v.nr)
		v.rule = NULL;
	v.d = ksc_decide(p, v.abi, v.nr, v.rule);
	return v;
}

static const char *name_of(const struct verdict *v)
{
	const char *name;

	if (v->d.row == KSC_ROW_UNCOVERED)
		return NULL;
	name = ksc_abi_name(v->abi, v->nr);
	return name || !v->rule ? name : v->rule->name;
}

KSC_PUBLIC uint32_t ksc_verdict(const struct ksc_policy *p, uint32_t audit_arch, uint32_t nr)
{
	return judge(p, audit_arch, nr).d.action;
}

KSC_PUBLIC enum ksc_row ksc_verdict_row(const struct ksc_policy *p, uint32_t audit_arch,
					uint32_t nr)
{
	return judge(p, audit_arch, nr).d.row;
}

KSC_PUBLIC const char *ksc_verdict_name(const struct ksc_policy *p, uint32_t audit_arch,
					uint32_t nr)
{
	struct verdict v = judge(p, audit_arch, nr);

	return name_of(&v);
}

KSC_PUBLIC unsigned int ksc_verdict_release(const struct ksc_policy *p, uint32_t audit_arch,
					    uint32_t nr)
{
	return ksc_release_of(ksc_verdict_name(p, audit_arch, nr));
}

/* ---- in words --------------------------------------------------------- */

/* "ERRNO(38)", or the action's bare name where its data says nothing. */
static const char *action_text(uint32_t action, char *buf, size_t room)
{
	const char *name = ksc_find_action(action)->name;

	if (!ksc_is_errno(action))
		return name;
	snprintf(buf, room, "%s(%u)", name, action & SECCOMP_RET_DATA);
	return buf;
}

static const char *release_text(unsigned int release, char *buf, size_t room)
{
	if (release == KSC_RELEASE_UNKNOWN)
		return "unknown release";
	snprintf(buf, room, "%u.%u", release >> 16, release & 0xffff);
	return buf;
}

static const char *unresolved_text(const struct verdict *v)
{
	if (ksc_is_kernels_own(v->rule->name))
		return "the kernel itself calls it";
	if (v->rule->unclear)
		return "its rules look at arguments or differ";
	if (!ksc_is_errno(v->rule->unresolved) && v->d.action != v->rule->unresolved)
		return "and allowing it was not asked for";
	return "but the kernel does";
}

/* Row 4'. The call's own way round, or that of another one of its family. */
static int explain_successor(const struct ksc_policy *p, const struct verdict *v,
			     const char *name, char *buf, size_t len)
{
	const struct ksc_successor *s = ksc_find_way_round(p, v->abi,
							   ksc_release_line(name)).line;
	const char *but = v->d.action ? "" : ksc_is_kernels_own(name) ?
			  ", but the kernel itself calls it" : ", but new syscalls stay fatal";

	if (!s->predecessor)
		return snprintf(buf, len, "%s: programs go on where it is missing, not where it is "
				"refused%s", name, but);
	if (!strcmp(s->name, name))
		return snprintf(buf, len, "%s: successor of %s, which the profile allows%s%s", name,
				s->predecessor, v->d.action == SECCOMP_RET_ALLOW ?
				" for all arguments" : "", but);
	return snprintf(buf, len, "%s: answered as %s, successor of %s, which the profile allows%s",
			name, s->name, s->predecessor, but);
}

KSC_PUBLIC int ksc_explain(const struct ksc_policy *p, uint32_t audit_arch, uint32_t nr, char *buf,
			   size_t len)
{
	unsigned int baseline = ksc_policy_baseline(p), release;
	struct verdict v = judge(p, audit_arch, nr);
	char what[KSC_SYSCALL_NAME_MAX + 16], a[24], b[24];
	const char *name = name_of(&v);

	release = ksc_release_of(name);
	if (name)
		snprintf(what, sizeof(what), "%.63s", name);
	else
		snprintf(what, sizeof(what), "%u", v.nr);

	switch (v.d.row) {
	case KSC_ROW_UNCOVERED:
		if (nr == KSC_NR_SKIP)
			return snprintf(buf, len, "-1: a tracer's skip, not a syscall");
		if (v.abi)
			return snprintf(buf, len, "%s: the profile does not cover %s", what,
					v.abi->name);
		return snprintf(buf, len, "%s: audit arch 0x%08x has no published ABI for it", what,
				audit_arch);
	case KSC_ROW_SPECIAL:
		return snprintf(buf, len, "%s: the profile has a rule that kills, traps, traces, "
				"notifies or logs", what);
	case KSC_ROW_ABSENT:
		return snprintf(buf, len, "%s: this kernel's %s does not implement it", what,
				v.abi->name);
	case KSC_ROW_NAMED:
		return snprintf(buf, len, "%s: %s", what,
				ksc_abi_implemented(v.abi, v.nr) ? "the profile names it" :
				"absent, but the profile's own errno is respected");
	case KSC_ROW_UNRESOLVED:
		return snprintf(buf, len, "%s: libseccomp does not know it, %s", what,
				unresolved_text(&v));
	case KSC_ROW_NEWER:
		return snprintf(buf, len, "%s: %s > baseline %s%s", what,
				release_text(release, a, sizeof(a)),
				release_text(baseline, b, sizeof(b)), v.d.action ? "" :
				ksc_is_kernels_own(name) ? ", but the kernel itself calls it" :
				", but new syscalls stay fatal");
	case KSC_ROW_SUCCESSOR:
		return explain_successor(p, &v, name, buf, len);
	case KSC_ROW_SITE:
		return snprintf(buf, len, "%s: this site has decided on %s", what,
				v.d.action == v.abi->enosys ? "ENOSYS" : "EPERM");
	case KSC_ROW_DENIED:
		if (baseline == KSC_RELEASE_NONE || release > baseline)
			return snprintf(buf, len, "%s: not in the profile, whose default is %s",
					what, action_text(p->default_action, a, sizeof(a)));
		return snprintf(buf, len, "%s: %s <= baseline %s, the author left it out", what,
				release_text(release, a, sizeof(a)),
				release_text(baseline, b, sizeof(b)));
	case KSC_ROW_DEFAULT:
		break;
	}
	if (!p->has_default)
		return snprintf(buf, len, "%s: no default action is known", what);
	return snprintf(buf, len, "%s: nothing to do where the default is %s", what,
			action_text(p->default_action, a, sizeof(a)));
}
