// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What to answer for a number, from three views of it: the kernel's, the profile's, and
 * what the profile's author can have known. The policy's rows, the first that matches.
 */
#include <string.h>

#include <linux/seccomp.h>

#include "policy.h"

#define EPERM_ANYWHERE	(SECCOMP_RET_ERRNO | 1)

/* ---- row 4' ------------------------------------------------------------ */

static bool passes(const struct abi_rules *a, const struct ksc_abi *abi,
		   const struct ksc_successor *s)
{
	return (!s->predecessor || ksc_names_have(&a->passed, s->predecessor_line)) &&
	       ksc_successor_on(s, abi->name);
}

/**
 * ksc_find_way_round() - what programs do if a call is missing
 * @p: the policy
 * @abi: the ABI, which @p covers
 * @line: the call's, by ksc_release_line(); what has none has no way round
 *
 * Return: the first line of the table whose older call the profile lets through, the
 * call's own lines before those of its family.
 */
struct ksc_way_round ksc_find_way_round(const struct ksc_policy *p, const struct ksc_abi *abi,
					int line)
{
	const struct abi_rules *a = &p->abis[abi->index];
	const struct ksc_successor *first = ksc_successor_first(line), *s;
	struct ksc_way_round way = { .line = NULL };

	for (s = first; s && s->line == line; s = ksc_successor_next(s)) {
		if (!passes(a, abi, s))
			continue;
		if (!way.line)
			way.line = s;
		if (s->equal && !ksc_names_have(&a->limited, s->predecessor_line))
			return (struct ksc_way_round) { s, true };
	}
	if (way.line || !first || !first->family_nr)
		return way;
	for (s = ksc_successor_next(NULL); s; s = ksc_successor_next(s)) {
		if (s->family_nr != first->family_nr || !passes(a, abi, s))
			continue;
		way.line = s;
		break;
	}
	return way;
}

/* ---- the rows ----------------------------------------------------------- */

/* Row 3': the profile's own filter does not have the rule, so it is ours to give. */
static uint32_t unresolved_action(const struct ksc_policy *p, const struct ksc_nr_rule *rule,
				  uint32_t enosys)
{
	if (ksc_is_kernels_own(rule->name))
		return 0;
	if (rule->unclear)
		return enosys;
	if (ksc_is_errno(rule->unresolved))
		return rule->unresolved;
	return p->flags & KSC_ALLOW_UNKNOWN ? rule->unresolved : enosys;
}

/* Row 4: nobody named it, and the author cannot have known it. */
static bool is_newer(const struct ksc_policy *p, int line)
{
	unsigned int baseline = ksc_policy_baseline(p);

	if (baseline == KSC_RELEASE_NONE || ksc_line_release(line) <= baseline)
		return false;
	/* Where the baseline is a guess, a name in a rule that does not apply is not. */
	return p->baseline != KSC_RELEASE_INFER || !ksc_names_have(&p->names, line);
}

/* What rows 4 and 4' answer. */
static uint32_t new_action(const struct ksc_policy *p, const char *name, uint32_t enosys)
{
	if (ksc_is_kernels_own(name))
		return 0;
	if (p->flags & KSC_KEEP_FATAL && !ksc_is_errno(p->default_action))
		return 0;
	return enosys;
}

/* Rows 4 to 5: no rule names it, and it is implemented. */
static struct ksc_decision decide_denied(const struct ksc_policy *p, const struct ksc_abi *abi,
					 const char *name)
{
	uint32_t enosys = abi->enosys;
	bool default_enosys = p->default_action == enosys;
	struct ksc_way_round way;
	unsigned int site;
	int line;

	site = ksc_policy_site(p, name);
	if (site == KSC_SITE_ENOSYS)
		return (struct ksc_decision) { KSC_ROW_SITE, enosys, default_enosys };
	if (site)
		return (struct ksc_decision) { KSC_ROW_SITE, p->default_action == EPERM_ANYWHERE ?
					       0 : EPERM_ANYWHERE, false };
	if (default_enosys)
		return (struct ksc_decision) { KSC_ROW_DENIED, 0, true };

	/* The tables are only asked if their answers matter. */
	line = ksc_release_line(name);
	way = p->successors == KSC_SUCCESSORS_ALLOW ? ksc_find_way_round(p, abi, line) :
						      (struct ksc_way_round) { NULL, false };
	if (way.equal)
		return (struct ksc_decision) { KSC_ROW_SUCCESSOR, SECCOMP_RET_ALLOW, false };
	if (is_newer(p, line))
		return (struct ksc_decision) { KSC_ROW_NEWER, new_action(p, name, enosys), false };
	if (p->successors != KSC_SUCCESSORS_EPERM && ksc_find_way_round(p, abi, line).line)
		return (struct ksc_decision) { KSC_ROW_SUCCESSOR, new_action(p, name, enosys),
					       false };
	return (struct ksc_decision) { KSC_ROW_DENIED, 0, false };
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

	if (p->has_default && p->silent)
		return (struct ksc_decision) { KSC_ROW_DEFAULT, 0, false };
	if (rule && rule->special)
		return (struct ksc_decision) { KSC_ROW_SPECIAL, 0, false };
	if (!ksc_abi_implemented(abi, nr)) {
		if (rule && rule->errno_rule && p->flags & KSC_EXPLICIT_RESPECT)
			return (struct ksc_decision) { KSC_ROW_NAMED, 0, false };
		/*
		 * The kernel's own answer to what the profile lets through is ENOSYS. But where
		 * all of an ABI is absent, its rules need not be there.
		 */
		return (struct ksc_decision) { KSC_ROW_ABSENT, enosys, rule ?
					       plain && abi->nr_implemented : default_enosys };
	}
	if (!p->has_default)
		return (struct ksc_decision) { KSC_ROW_DEFAULT, 0, false };
	if (rule && rule->resolved)
		return (struct ksc_decision) { KSC_ROW_NAMED, 0, plain && !rule->has_allow };
	if (rule)
		return (struct ksc_decision) { KSC_ROW_UNRESOLVED,
					       unresolved_action(p, rule, enosys), false };
	return decide_denied(p, abi, ksc_abi_name(abi, nr));
}
