// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A policy, as it is put together: what the profile says, and how to weigh it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/seccomp.h>

#include "policy.h"

/* Syscalls that the kernel makes a task issue; an answer of ours would kill it. */
static const char *const kernels_own[] = { "uprobe", "uretprobe" };

bool ksc_is_kernels_own(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kernels_own); i++)
		if (name && !strcmp(name, kernels_own[i]))
			return true;
	return false;
}

bool ksc_is_errno(uint32_t action)
{
	return (action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO;
}

KSC_PUBLIC int ksc_policy_new(struct ksc_policy **pp, const struct ksc *k)
{
	struct ksc_policy *p;

	*pp = NULL;
	if (!k)
		return -EINVAL;
	p = calloc(1, sizeof(*p) + k->nr_abis * sizeof(p->abis[0]));
	if (!p)
		return -ENOMEM;
	p->k = ksc_get(k);
	p->baseline = KSC_RELEASE_INFER;
	p->cover_all = true;
	*pp = p;
	return 0;
}

static void free_name(const struct ksc_nr_rule *rule)
{
	if (rule->owned)
		free((char *)rule->name);
}

static void free_sites(struct site *site)
{
	struct site *next;

	for (; site; site = next) {
		next = site->next;
		free(site);
	}
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
			free_name(&a->known[j]);
		for (j = 0; j < a->nr_beyond; j++)
			free_name(&a->beyond[j]);
		free(a->known);
		free(a->beyond);
	}
	free_sites(p->sites);
	ksc_close(p->k);
	free(p);
}

KSC_PUBLIC const struct ksc *ksc_policy_view(const struct ksc_policy *p)
{
	return p->k;
}

KSC_PUBLIC int ksc_policy_set_default(struct ksc_policy *p, uint32_t action)
{
	const struct ksc_action *kind = ksc_find_action(action);

	if (!kind)
		return -EINVAL;
	p->default_action = action;
	p->silent = kind->silent;
	p->has_default = true;
	return 0;
}

KSC_PUBLIC int ksc_policy_default(const struct ksc_policy *p, uint32_t *action)
{
	*action = p->default_action;
	return p->has_default ? 0 : -ENOENT;
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
	return p->baseline == KSC_RELEASE_INFER ? p->inferred : p->baseline;
}

/* The @i'th of the profile's names that are of these releases. */
static const char *nth_name(const struct ksc_policy *p, size_t i, unsigned int from,
			    unsigned int to)
{
	unsigned int release;
	const char *name;
	size_t line;

	for (line = 0; !ksc_release_next(line, &name, &release); line++)
		if (ksc_bit(p->names.lines, (uint32_t)line) && release >= from && release <= to &&
		    !i--)
			return name;
	return NULL;
}

KSC_PUBLIC const char *ksc_policy_witness(const struct ksc_policy *p, size_t i)
{
	unsigned int newest = KSC_RELEASE_NONE, release;
	const char *name;
	size_t line;

	if (p->baseline != KSC_RELEASE_INFER)
		return NULL;
	for (line = 0; !ksc_release_next(line, &name, &release); line++)
		if (ksc_bit(p->names.lines, (uint32_t)line) && release <= p->inferred &&
		    release > newest)
			newest = release;
	return nth_name(p, i, newest, newest);
}

KSC_PUBLIC const char *ksc_policy_outlier(const struct ksc_policy *p, size_t i)
{
	if (p->baseline != KSC_RELEASE_INFER)
		return NULL;
	return nth_name(p, i, p->inferred + 1, KSC_RELEASE_UNKNOWN);
}

KSC_PUBLIC int ksc_policy_set_flags(struct ksc_policy *p, unsigned int flags)
{
	if (flags & ~(KSC_EXPLICIT_RESPECT | KSC_ALLOW_UNKNOWN | KSC_KEEP_FATAL))
		return -EINVAL;
	p->flags = flags;
	return 0;
}

KSC_PUBLIC int ksc_policy_set_successors(struct ksc_policy *p, unsigned int how)
{
	if (how > KSC_SUCCESSORS_ALLOW)
		return -EINVAL;
	p->successors = how;
	return 0;
}

static struct site *find_site(const struct ksc_policy *p, const char *name)
{
	struct site *site = name ? p->sites : NULL;

	while (site && strcmp(site->name, name))
		site = site->next;
	return site;
}

unsigned int ksc_policy_site(const struct ksc_policy *p, const char *name)
{
	const struct site *site = find_site(p, name);

	return site ? site->answer : 0;
}

static int add_site(struct site **sites, const char *name, unsigned int answer)
{
	struct site *site = malloc(sizeof(*site) + strlen(name) + 1);

	if (!site)
		return -ENOMEM;
	site->answer = answer;
	strcpy(site->name, name);
	site->next = *sites;
	*sites = site;
	return 0;
}

static bool is_known(const struct ksc *k, const char *name)
{
	unsigned int i;

	if (ksc_release_of(name) != KSC_RELEASE_UNKNOWN)
		return true;
	for (i = 0; i < k->nr_abis; i++)
		if (ksc_abi_nr(k->abis[i], name) >= 0)
			return true;
	return false;
}

KSC_PUBLIC int ksc_policy_set_site(struct ksc_policy *p, const char *name, unsigned int answer)
{
	struct site *site = find_site(p, name);

	if (answer != KSC_SITE_ENOSYS && answer != KSC_SITE_EPERM)
		return -EINVAL;
	if (ksc_is_kernels_own(name))
		return -EINVAL;
	if (site)
		return site->answer == answer ? 0 : -EEXIST;
	if (!is_known(p->k, name))
		return -ENOENT;
	return add_site(&p->sites, name, answer);
}

KSC_PUBLIC int ksc_policy_take_knobs(struct ksc_policy *p, const struct ksc_policy *from)
{
	struct site *sites = NULL;
	const struct site *site;
	int err = 0;

	for (site = from->sites; !err && site; site = site->next)
		err = add_site(&sites, site->name, site->answer);
	if (err) {
		free_sites(sites);
		return err;
	}
	free_sites(p->sites);
	p->sites = sites;
	p->baseline = from->baseline;
	p->flags = from->flags;
	p->successors = from->successors;
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
				    const char *name, int line)
{
	struct ksc_nr_rule *rule;
	bool owned = line < 0;
	char *copy = NULL;

	/* Most names are the table's, too, and that stays. */
	if (owned && !(copy = strdup(name)))
		return NULL;
	rule = make_place(a, abi, nr);
	if (!rule || rule->name) {
		free(copy);
		return rule;
	}
	*rule = (struct ksc_nr_rule) { .nr = nr, .plain = true, .owned = owned,
				       .name = owned ? copy : ksc_line_name(line) };
	return rule;
}

static void merge(struct ksc_nr_rule *rule, const struct ksc_action *kind, uint32_t action,
		  unsigned int flags, uint32_t enosys)
{
	bool args = flags & KSC_RULE_ARGS;
	bool allow = kind->action == SECCOMP_RET_ALLOW;

	rule->special |= kind->special;
	if (flags & KSC_RULE_UNRESOLVED) {
		rule->plain = false;
		if (args || (rule->unresolved && rule->unresolved != action))
			rule->unclear = true;
		rule->unresolved = action;
		return;
	}
	rule->resolved = true;
	rule->errno_rule |= ksc_is_errno(action);
	rule->has_allow |= allow;
	rule->plain &= !args && (allow || action == enosys);
}

/* For row 4': what of a name gets through. */
static void note_passage(struct abi_rules *a, int line, const struct ksc_action *kind,
			 unsigned int flags)
{
	bool allow = kind->action == SECCOMP_RET_ALLOW;

	if ((allow || kind->action == SECCOMP_RET_LOG) && !(flags & KSC_RULE_UNRESOLVED))
		ksc_names_add(&a->passed, line);
	if (!allow || flags)
		ksc_names_add(&a->limited, line);
}

static void note_line(struct ksc_policy *p, int line)
{
	/* Most names come once for each ABI and each rule. */
	if (ksc_names_add(&p->names, line))
		p->inferred = ksc_infer_baseline(&p->names);
}

KSC_PUBLIC void ksc_policy_note(struct ksc_policy *p, const char *const *names, size_t n)
{
	bool more = false;
	size_t i;

	for (i = 0; i < n; i++)
		more |= ksc_names_add(&p->names, ksc_release_line(names[i]));
	if (more)
		p->inferred = ksc_infer_baseline(&p->names);
}

/* NULL: they are no rule's. */
static const struct ksc_action *check_rule(const struct ksc_policy *p, const struct ksc_abi *abi,
					   const char *name, uint32_t action, unsigned int flags)
{
	if (!is_ours(p, abi) || !name || flags & ~(KSC_RULE_ARGS | KSC_RULE_UNRESOLVED))
		return NULL;
	return ksc_find_action(action);
}

KSC_PUBLIC int ksc_policy_rule_nr(struct ksc_policy *p, const struct ksc_abi *abi, uint32_t nr,
				  const char *name, uint32_t action, unsigned int flags)
{
	const struct ksc_action *kind = check_rule(p, abi, name, action, flags);
	struct ksc_nr_rule *rule;
	int line;

	if (!kind)
		return -EINVAL;
	if (nr > abi->last - abi->base)
		return -ERANGE;
	line = ksc_release_line(name);
	rule = get_rule(&p->abis[abi->index], abi, nr, name, line);
	if (!rule)
		return -ENOMEM;
	merge(rule, kind, action, flags, abi->enosys);
	note_passage(&p->abis[abi->index], line, kind, flags);
	note_line(p, line);
	return 0;
}

KSC_PUBLIC int ksc_policy_rule(struct ksc_policy *p, const struct ksc_abi *abi, const char *name,
			       uint32_t action, unsigned int flags)
{
	int nr;

	if (!check_rule(p, abi, name, action, flags))
		return -EINVAL;
	nr = ksc_abi_nr(abi, name);
	if (nr >= 0)
		return ksc_policy_rule_nr(p, abi, (uint32_t)nr, name, action, flags);
	note_line(p, ksc_release_line(name));
	return -ENOENT;
}

/* ---- for decide.c, verdict.c and bpf.c ---------------------------------- */

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

/* ---- what has been put together ------------------------------------------- */

KSC_PUBLIC int ksc_policy_allows(const struct ksc_policy *p, const struct ksc_abi *abi, uint32_t nr)
{
	const struct ksc_nr_rule *rule = is_ours(p, abi) ? ksc_policy_next_rule(p, abi, nr) : NULL;

	return rule && rule->nr == nr && rule->plain && rule->has_allow && !rule->errno_rule;
}
