// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What to answer for a number, from three views of it: the kernel's, the
 * profile's, and what the profile's author can have known.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/audit.h>
#include <linux/elf-em.h>
#include <linux/seccomp.h>

#include "private.h"

#ifndef SECCOMP_RET_USER_NOTIF
#define SECCOMP_RET_USER_NOTIF	0x7fc00000u
#endif

/* What the profile says of one ABI. */
struct abi_rules {
	bool covered;
	struct ksc_nr_rule *known;	/* by number, nr_syscalls of them */
	size_t nr_beyond;
	size_t room;
	struct ksc_nr_rule *beyond;	/* the others, ascending by number */
};

struct ksc_policy {
	const struct ksc *k;
	bool has_default;
	uint32_t default_action;
	bool silent;			/* the default action asks for no change */
	unsigned int baseline;		/* as set: may be KSC_RELEASE_INFER */
	unsigned int newest;		/* of the names seen, KSC_RELEASE_NONE for none */
	unsigned int flags;
	bool cover_all;
	struct abi_rules abis[];	/* parallel to k->abis */
};

#define MACHINE(audit_arch)	((audit_arch) & 0xffff)

/* The number that ENOSYS is where it is not 38, by ELF machine. */
static const struct {
	uint16_t machine;
	uint16_t number;
} enosys_numbers[] = {
	{ EM_MIPS,	89 },
	{ EM_SPARC,	90 },
	{ EM_SPARCV9,	90 },
	{ EM_PARISC,	251 },
	{ EM_ALPHA & 0xffff, 78 },
};

KSC_PUBLIC uint32_t ksc_ret_enosys(uint32_t audit_arch)
{
	size_t i;

	for (i = 0; i < KSC_ARRAY_SIZE(enosys_numbers); i++)
		if (MACHINE(audit_arch) == enosys_numbers[i].machine)
			return SECCOMP_RET_ERRNO | enosys_numbers[i].number;
	return SECCOMP_RET_ERRNO | 38;
}

/* Syscalls that the kernel makes a task issue; an answer of ours would kill it. */
static const char *const kernels_own[] = { "uprobe", "uretprobe" };

static bool is_kernels_own(const char *name)
{
	size_t i;

	for (i = 0; i < KSC_ARRAY_SIZE(kernels_own); i++)
		if (name && !strcmp(name, kernels_own[i]))
			return true;
	return false;
}

static const struct {
	uint32_t action;
	const char *name;
	bool special;		/* row 1: something besides the caller sees the syscall */
	bool silent;		/* as a default action it asks for no change */
} actions[] = {
	{ SECCOMP_RET_KILL_PROCESS,	"KILL_PROCESS",	true,	false },
	{ SECCOMP_RET_KILL_THREAD,	"KILL_THREAD",	true,	false },
	{ SECCOMP_RET_TRAP,		"TRAP",		true,	false },
	{ SECCOMP_RET_ERRNO,		"ERRNO",	false,	false },
	{ SECCOMP_RET_USER_NOTIF,	"NOTIFY",	true,	true },
	{ SECCOMP_RET_TRACE,		"TRACE",	true,	true },
	{ SECCOMP_RET_LOG,		"LOG",		true,	true },
	{ SECCOMP_RET_ALLOW,		"ALLOW",	false,	true },
};

static int find_action(uint32_t action)
{
	size_t i;

	for (i = 0; i < KSC_ARRAY_SIZE(actions); i++)
		if ((action & SECCOMP_RET_ACTION_FULL) == actions[i].action)
			return (int)i;
	return -EINVAL;
}

static bool is_errno(uint32_t action)
{
	return (action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO;
}

KSC_PUBLIC int ksc_policy_new(struct ksc_policy **pp, const struct ksc *k)
{
	struct ksc_policy *p;

	*pp = NULL;
	p = calloc(1, sizeof(*p) + k->nr_abis * sizeof(p->abis[0]));
	if (!p)
		return -ENOMEM;
	p->k = k;
	p->baseline = KSC_RELEASE_INFER;
	p->cover_all = true;
	*pp = p;
	return 0;
}

static void free_name(const struct ksc_abi *abi, const struct ksc_nr_rule *rule)
{
	if (rule->name != ksc_abi_name(abi, rule->nr))
		free((char *)rule->name);
}

KSC_PUBLIC void ksc_policy_free(struct ksc_policy *p)
{
	unsigned int i;
	size_t j;

	if (!p)
		return;
	for (i = 0; i < p->k->nr_abis; i++) {
		struct abi_rules *a = &p->abis[i];

		for (j = 0; a->known && j < p->k->abis[i]->nr_syscalls; j++)
			free_name(p->k->abis[i], &a->known[j]);
		for (j = 0; j < a->nr_beyond; j++)
			free_name(p->k->abis[i], &a->beyond[j]);
		free(a->known);
		free(a->beyond);
	}
	free(p);
}

KSC_PUBLIC int ksc_policy_set_default(struct ksc_policy *p, uint32_t action)
{
	if (find_action(action) < 0)
		return -EINVAL;
	p->default_action = action;
	p->silent = actions[find_action(action)].silent;
	p->has_default = true;
	return 0;
}

KSC_PUBLIC int ksc_policy_set_baseline(struct ksc_policy *p, unsigned int release)
{
	if (release == KSC_RELEASE_UNKNOWN)
		return -EINVAL;
	p->baseline = release;
	return 0;
}

KSC_PUBLIC unsigned int ksc_policy_baseline(const struct ksc_policy *p)
{
	return p->baseline == KSC_RELEASE_INFER ? p->newest : p->baseline;
}

KSC_PUBLIC int ksc_policy_set_flags(struct ksc_policy *p, unsigned int flags)
{
	if (flags & ~(KSC_EXPLICIT_RESPECT | KSC_ALLOW_UNKNOWN | KSC_KEEP_FATAL))
		return -EINVAL;
	p->flags = flags;
	return 0;
}

static bool is_ours(const struct ksc_policy *p, const struct ksc_abi *abi)
{
	return abi && abi->k == p->k;
}

KSC_PUBLIC int ksc_policy_cover(struct ksc_policy *p, const struct ksc_abi *abi)
{
	if (!is_ours(p, abi))
		return -EINVAL;
	p->cover_all = false;
	p->abis[abi->index].covered = true;
	return 0;
}

/* The first of the rules beyond the tree's numbers that is for @nr or a later one. */
static size_t find_beyond(const struct abi_rules *a, uint32_t nr)
{
	size_t low = 0, high = a->nr_beyond;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (a->beyond[mid].nr < nr)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Where the rule for a number is, or is to be; NULL if there is no memory for it. */
static struct ksc_nr_rule *make_place(struct abi_rules *a, const struct ksc_abi *abi, uint32_t nr)
{
	struct ksc_nr_rule *beyond;
	size_t i, room;

	if (nr < abi->nr_syscalls) {
		if (!a->known)
			a->known = calloc(abi->nr_syscalls, sizeof(*a->known));
		return a->known ? &a->known[nr] : NULL;
	}
	i = find_beyond(a, nr);
	if (i < a->nr_beyond && a->beyond[i].nr == nr)
		return &a->beyond[i];
	if (a->nr_beyond == a->room) {
		room = a->room ? a->room * 2 : 16;
		beyond = realloc(a->beyond, room * sizeof(*beyond));
		if (!beyond)
			return NULL;
		a->beyond = beyond;
		a->room = room;
	}
	memmove(&a->beyond[i + 1], &a->beyond[i], (a->nr_beyond - i) * sizeof(*a->beyond));
	a->nr_beyond++;
	a->beyond[i].name = NULL;
	return &a->beyond[i];
}

static struct ksc_nr_rule *get_rule(struct abi_rules *a, const struct ksc_abi *abi, uint32_t nr,
				    const char *name)
{
	const char *own = ksc_abi_name(abi, nr);
	struct ksc_nr_rule *rule;
	char *copy = NULL;

	/* Most names are the tree's, too, and that lives longer. */
	if (!own || strcmp(own, name)) {
		own = copy = strdup(name);
		if (!copy)
			return NULL;
	}
	rule = make_place(a, abi, nr);
	if (!rule || rule->name) {
		free(copy);
		return rule;
	}
	*rule = (struct ksc_nr_rule) { .nr = nr, .plain = true, .name = own };
	return rule;
}

static void merge(struct ksc_nr_rule *rule, uint32_t action, unsigned int flags, uint32_t enosys)
{
	bool args = flags & KSC_RULE_ARGS;
	bool allow = (action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ALLOW;

	if (actions[find_action(action)].special)
		rule->special = true;
	if (flags & KSC_RULE_UNRESOLVED) {
		rule->plain = false;
		if (args || (rule->unresolved && rule->unresolved != action))
			rule->unclear = true;
		rule->unresolved = action;
		return;
	}
	rule->resolved = true;
	rule->errno_rule |= is_errno(action);
	rule->has_allow |= allow;
	rule->plain &= !args && (allow || action == enosys);
}

static void note_name(struct ksc_policy *p, const char *name)
{
	unsigned int release;

	if (p->baseline != KSC_RELEASE_INFER)
		return;
	release = ksc_release_of(name);
	if (release != KSC_RELEASE_UNKNOWN && release > p->newest)
		p->newest = release;
}

KSC_PUBLIC int ksc_policy_rule_nr(struct ksc_policy *p, const struct ksc_abi *abi, uint32_t nr,
				  const char *name, uint32_t action, unsigned int flags)
{
	struct ksc_nr_rule *rule;

	if (!is_ours(p, abi) || find_action(action) < 0 ||
	    flags & ~(KSC_RULE_ARGS | KSC_RULE_UNRESOLVED))
		return -EINVAL;
	if (nr > abi->last - abi->base)
		return -ERANGE;
	rule = get_rule(&p->abis[abi->index], abi, nr, name);
	if (!rule)
		return -ENOMEM;
	merge(rule, action, flags, abi->enosys);
	note_name(p, name);
	return 0;
}

KSC_PUBLIC int ksc_policy_rule(struct ksc_policy *p, const struct ksc_abi *abi, const char *name,
			       uint32_t action, unsigned int flags)
{
	int nr;

	if (!is_ours(p, abi))
		return -EINVAL;
	nr = ksc_abi_nr(abi, name);
	if (nr >= 0)
		return ksc_policy_rule_nr(p, abi, (uint32_t)nr, name, action, flags);
	note_name(p, name);
	return -ENOENT;
}

/* ---- for bpf.c -------------------------------------------------------- */

const struct ksc *ksc_policy_tree(const struct ksc_policy *p)
{
	return p->k;
}

bool ksc_policy_covers(const struct ksc_policy *p, const struct ksc_abi *abi)
{
	return p->cover_all || p->abis[abi->index].covered;
}

const struct ksc_nr_rule *ksc_policy_next_rule(const struct ksc_policy *p,
					       const struct ksc_abi *abi, uint32_t nr)
{
	const struct abi_rules *a = &p->abis[abi->index];
	size_t i;

	for (; a->known && nr < abi->nr_syscalls; nr++)
		if (a->known[nr].name)
			return &a->known[nr];
	i = find_beyond(a, nr);
	return i < a->nr_beyond ? &a->beyond[i] : NULL;
}

/* ---- the decision ----------------------------------------------------- */

/* Row 3': the profile's own filter does not have the rule, so it is ours to give. */
static uint32_t unresolved_action(const struct ksc_policy *p, const struct ksc_nr_rule *rule,
				  uint32_t enosys)
{
	if (is_kernels_own(rule->name))
		return 0;
	if (rule->unclear)
		return enosys;
	if (is_errno(rule->unresolved))
		return rule->unresolved;
	return p->flags & KSC_ALLOW_UNKNOWN ? rule->unresolved : enosys;
}

/* Row 4: what nobody named and the author cannot have known. */
static uint32_t newer_action(const struct ksc_policy *p, const char *name, uint32_t enosys)
{
	if (is_kernels_own(name))
		return 0;
	if (p->flags & KSC_KEEP_FATAL && !is_errno(p->default_action))
		return 0;
	return enosys;
}

/**
 * ksc_decide() - one number's verdict, without the words
 * @p: the policy
 * @abi: the ABI, which @p covers
 * @nr: relative to the ABI's base, not beyond its last number
 * @rule: what the profile says of @nr, or NULL
 */
struct ksc_decision ksc_decide(const struct ksc_policy *p, const struct ksc_abi *abi, uint32_t nr,
			       const struct ksc_nr_rule *rule)
{
	uint32_t enosys = abi->enosys;
	bool default_enosys = p->has_default && p->default_action == enosys;
	bool plain = rule && rule->plain;
	const char *name;

	if (p->has_default && p->silent)
		return (struct ksc_decision) { KSC_ROW_DEFAULT, 0, false };
	if (rule && rule->special)
		return (struct ksc_decision) { KSC_ROW_SPECIAL, 0, false };
	if (!ksc_abi_implemented(abi, nr)) {
		if (rule && rule->errno_rule && p->flags & KSC_EXPLICIT_RESPECT)
			return (struct ksc_decision) { KSC_ROW_NAMED, 0, false };
		/* The kernel's own answer to what the profile lets through is ENOSYS. */
		return (struct ksc_decision) { KSC_ROW_ABSENT, enosys,
					       rule ? plain : default_enosys };
	}
	if (!p->has_default)
		return (struct ksc_decision) { KSC_ROW_DEFAULT, 0, false };
	if (rule && rule->resolved)
		return (struct ksc_decision) { KSC_ROW_NAMED, 0, plain && !rule->has_allow };
	if (rule)
		return (struct ksc_decision) { KSC_ROW_UNRESOLVED,
					       unresolved_action(p, rule, enosys), false };
	if (default_enosys)
		return (struct ksc_decision) { KSC_ROW_DENIED, 0, true };

	/* The table is only asked if its answer matters. */
	if (ksc_policy_baseline(p) == KSC_RELEASE_NONE)
		return (struct ksc_decision) { KSC_ROW_DENIED, 0, false };
	name = ksc_abi_name(abi, nr);
	if (ksc_release_of(name) > ksc_policy_baseline(p))
		return (struct ksc_decision) { KSC_ROW_NEWER, newer_action(p, name, enosys),
					       false };
	return (struct ksc_decision) { KSC_ROW_DENIED, 0, false };
}

/* ---- in words --------------------------------------------------------- */

/* "ERRNO(38)", or the action's bare name where its data says nothing. */
static const char *action_text(uint32_t action, char *buf, size_t room)
{
	int i = find_action(action);

	if (!is_errno(action))
		return actions[i].name;
	snprintf(buf, room, "%s(%u)", actions[i].name, action & SECCOMP_RET_DATA);
	return buf;
}

static const char *release_text(unsigned int release, char *buf, size_t room)
{
	if (release == KSC_RELEASE_UNKNOWN)
		return "unknown release";
	snprintf(buf, room, "%u.%u", release >> 16, release & 0xffff);
	return buf;
}

static const char *unresolved_text(const struct ksc_verdict *v, const struct ksc_nr_rule *rule)
{
	if (is_kernels_own(rule->name))
		return "the kernel itself calls it";
	if (rule->unclear)
		return "its rules look at arguments or differ";
	if (!is_errno(rule->unresolved) && v->action != rule->unresolved)
		return "and allowing it was not asked for";
	return "but the kernel does";
}

/* A long name may push the end of the line out; the row tells the rest. */
__attribute__((format(printf, 2, 3)))
static void reason(struct ksc_verdict *v, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(v->reason, sizeof(v->reason), fmt, ap);
	va_end(ap);
}

static void explain(const struct ksc_policy *p, const struct ksc_abi *abi, uint32_t nr,
		    const struct ksc_nr_rule *rule, struct ksc_verdict *v)
{
	char what[KSC_SYSCALL_NAME_MAX + 16], a[24], b[24];
	unsigned int baseline = ksc_policy_baseline(p);

	if (v->name)
		snprintf(what, sizeof(what), "%.63s", v->name);
	else
		snprintf(what, sizeof(what), "%u", nr);

	switch (v->row) {
	case KSC_ROW_UNCOVERED:
		break;
	case KSC_ROW_SPECIAL:
		reason(v, "%s: the profile has a rule that kills, traps, traces, notifies or logs",
		       what);
		break;
	case KSC_ROW_ABSENT:
		reason(v, "%s: this kernel's %s does not implement it", what, abi->name);
		break;
	case KSC_ROW_NAMED:
		reason(v, "%s: %s", what, ksc_abi_implemented(abi, nr) > 0 ? "the profile names it" :
		       "absent, but the profile's own errno is respected");
		break;
	case KSC_ROW_UNRESOLVED:
		reason(v, "%s: libseccomp does not know it, %s", what, unresolved_text(v, rule));
		break;
	case KSC_ROW_NEWER:
		reason(v, "%s: %s > baseline %s%s", what, release_text(v->release, a, sizeof(a)),
		       release_text(baseline, b, sizeof(b)), v->action ? "" :
		       is_kernels_own(v->name) ? ", but the kernel itself calls it" :
		       ", but new syscalls stay fatal");
		break;
	case KSC_ROW_DENIED:
		if (baseline == KSC_RELEASE_NONE || v->release > baseline)
			reason(v, "%s: not in the profile, whose default is %s", what,
			       action_text(p->default_action, a, sizeof(a)));
		else
			reason(v, "%s: %s <= baseline %s, the author left it out", what,
			       release_text(v->release, a, sizeof(a)),
			       release_text(baseline, b, sizeof(b)));
		break;
	case KSC_ROW_DEFAULT:
		reason(v, "%s: %s%s", what, p->has_default ? "nothing to do where the default is " :
		       "no default action is known", p->has_default ?
		       action_text(p->default_action, a, sizeof(a)) : "");
		break;
	}
}

/* @abi and @rule: what is known of @nr; @v is without words, and without a release. */
static bool answer(const struct ksc_policy *p, const struct ksc_abi *abi, uint32_t nr,
		   const struct ksc_nr_rule **rule, struct ksc_verdict *v)
{
	struct ksc_decision d;

	*rule = NULL;
	v->row = KSC_ROW_UNCOVERED;
	v->action = 0;
	v->name = NULL;
	if (!abi || !ksc_policy_covers(p, abi))
		return false;
	nr -= abi->base;
	*rule = ksc_policy_next_rule(p, abi, nr);
	if (*rule && (*rule)->nr != nr)
		*rule = NULL;
	d = ksc_decide(p, abi, nr, *rule);
	v->row = d.row;
	v->action = d.action;
	v->name = ksc_abi_name(abi, nr);
	if (!v->name && *rule)
		v->name = (*rule)->name;
	return true;
}

KSC_PUBLIC uint32_t ksc_answer(const struct ksc_policy *p, uint32_t audit_arch, uint32_t nr,
			       enum ksc_row *row, const char **name)
{
	const struct ksc_nr_rule *rule;
	struct ksc_verdict v;

	answer(p, ksc_abi_by_arch(p->k, audit_arch, nr), nr, &rule, &v);
	if (row)
		*row = v.row;
	if (name)
		*name = v.name;
	return v.action;
}

KSC_PUBLIC int ksc_verdict(const struct ksc_policy *p, uint32_t audit_arch, uint32_t nr,
			   struct ksc_verdict *v)
{
	const struct ksc_abi *abi = ksc_abi_by_arch(p->k, audit_arch, nr);
	const struct ksc_nr_rule *rule;

	*v = (struct ksc_verdict) { .release = KSC_RELEASE_UNKNOWN };
	if (!answer(p, abi, nr, &rule, v)) {
		if (nr == KSC_NR_SKIP)
			reason(v, "-1: a tracer's skip, not a syscall");
		else if (abi)
			reason(v, "%u: the profile does not cover %s", nr - abi->base, abi->name);
		else
			reason(v, "%u: audit arch 0x%08x has no published ABI for it", nr,
			       audit_arch);
		return 0;
	}
	if (v->name)
		v->release = ksc_release_of(v->name);
	explain(p, abi, nr - abi->base, rule, v);
	return 0;
}
