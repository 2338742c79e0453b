// SPDX-License-Identifier: GPL-2.0-only
/* The policy a second time, row by row from its text. */
#include <stddef.h>
#include <string.h>

#include <linux/seccomp.h>

#include "model.h"

int model_abi_of(const struct model *m, uint32_t audit_arch, uint32_t nr)
{
	int best = -1;
	unsigned int i;

	if (nr == 0xffffffff)
		return -1;
	for (i = 0; i < m->nr_abis; i++)
		if (m->abis[i].audit_arch == audit_arch && m->abis[i].base <= nr &&
		    (best < 0 || m->abis[i].base > m->abis[best].base))
			best = (int)i;
	if (best < 0)
		return -1;
	/* x32 and ARM's private calls are numberings of their own, published or not. */
	if (audit_arch == 0xc000003e && nr >= 0x40000000 && m->abis[best].base < 0x40000000)
		return -1;
	if (audit_arch == 0x40000028 && nr >= 0xf0000 && m->abis[best].base < 0xf0000)
		return -1;
	return best;
}

uint32_t model_enosys(uint32_t audit_arch)
{
	return SECCOMP_RET_ERRNO | ((audit_arch & 0xffff) == 8 ? 89 : 38);
}

/* One question, with all that there is to look at. */
struct question {
	const struct model_profile *p;
	const struct model_abi *abi;	/* NULL: nobody's number */
	unsigned int abi_index;
	bool covered;
	bool implemented;
	bool unknown;
	uint32_t nr;
	uint32_t enosys;
	unsigned int baseline;
	const char *name;
	unsigned int release;
	/* of the rules for this number */
	unsigned int rules, special, resolved, resolved_errno;
	const struct model_rule *only[MODEL_RULES];	/* the unresolved ones */
	unsigned int nr_only;
};

static bool is_special(uint32_t action)
{
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ERRNO:
	case SECCOMP_RET_ALLOW:
		return false;
	}
	return true;
}

static bool is_errno(uint32_t action)
{
	return (action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO;
}

/* "emit nothing" */
static bool default_is_lenient(const struct model_profile *p)
{
	return p->has_default && !is_errno(p->default_action) &&
	       (p->default_action & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_KILL_PROCESS &&
	       (p->default_action & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_KILL_THREAD &&
	       (p->default_action & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_TRAP;
}

static bool kernels_own(const struct question *q)
{
	return q->implemented && (!strcmp(q->name, "uretprobe") || !strcmp(q->name, "uprobe"));
}

static bool row_0(const struct question *q, uint32_t *action)
{
	return !q->abi || !q->covered;
}

static bool row_lenient(const struct question *q, uint32_t *action)
{
	return default_is_lenient(q->p);
}

static bool row_1(const struct question *q, uint32_t *action)
{
	return q->special;
}

static bool row_2(const struct question *q, uint32_t *action)
{
	if (q->implemented || q->unknown)
		return false;
	if (!(q->p->flags & KSC_EXPLICIT_RESPECT && q->resolved_errno))
		*action = q->enosys;
	return true;
}

static bool row_no_default(const struct question *q, uint32_t *action)
{
	return !q->p->has_default;
}

static bool row_3(const struct question *q, uint32_t *action)
{
	return q->resolved;
}

static bool row_3_prime(const struct question *q, uint32_t *action)
{
	unsigned int i;

	if (!q->nr_only)
		return false;
	if (kernels_own(q))
		return true;
	*action = q->enosys;
	for (i = 0; i < q->nr_only; i++)
		if (q->only[i]->flags & KSC_RULE_ARGS || q->only[i]->action != q->only[0]->action)
			return true;
	if (is_errno(q->only[0]->action) || q->p->flags & KSC_ALLOW_UNKNOWN)
		*action = q->only[0]->action;
	return true;
}

/* "Sites decide last": of what would come to rows 4 to 5. */
static bool row_site(const struct question *q, uint32_t *action)
{
	unsigned int i;

	for (i = 0; i < q->p->nr_sites; i++) {
		if (strcmp(q->p->sites[i].name, q->name))
			continue;
		*action = q->p->sites[i].answer == KSC_SITE_ENOSYS ? q->enosys :
			  q->p->default_action == (SECCOMP_RET_ERRNO | 1) ? 0 :
									   SECCOMP_RET_ERRNO | 1;
		return true;
	}
	return false;
}

static void answer_new(const struct question *q, uint32_t *action)
{
	if (!kernels_own(q) &&
	    (is_errno(q->p->default_action) || !(q->p->flags & KSC_KEEP_FATAL)))
		*action = q->enosys;
}

/* A name in any rule, of whatever ABI, is known to the author where we only guess. */
static bool is_in_profile(const struct question *q)
{
	unsigned int i;

	for (i = 0; i < q->p->nr_rules; i++)
		if (q->release != KSC_RELEASE_UNKNOWN && !strcmp(q->p->rules[i].name, q->name))
			return true;
	return false;
}

static bool row_4(const struct question *q, uint32_t *action)
{
	if (q->p->default_action == q->enosys || q->baseline == KSC_RELEASE_NONE ||
	    q->release <= q->baseline ||
	    (q->p->baseline == KSC_RELEASE_INFER && is_in_profile(q)))
		return false;
	answer_new(q, action);
	return true;
}

/* What the profile says of @name on the question's ABI. */
static bool is_let_through(const struct question *q, const char *name)
{
	const struct model_rule *rule;
	unsigned int i;

	for (i = 0; i < q->p->nr_rules; i++) {
		rule = &q->p->rules[i];
		if (rule->abi == q->abi_index && !strcmp(rule->name, name) &&
		    !(rule->flags & KSC_RULE_UNRESOLVED) &&
		    (rule->action == SECCOMP_RET_ALLOW || rule->action == SECCOMP_RET_LOG))
			return true;
	}
	return false;
}

static bool is_allowed_always(const struct question *q, const char *name)
{
	const struct model_rule *rule;
	unsigned int i, allows = 0;

	for (i = 0; i < q->p->nr_rules; i++) {
		rule = &q->p->rules[i];
		if (rule->abi != q->abi_index || strcmp(rule->name, name))
			continue;
		if (rule->action != SECCOMP_RET_ALLOW || rule->flags)
			return false;
		allows++;
	}
	return allows;
}

/* Is there a line for the call that holds here and whose predecessor is so? */
static bool any_line(const struct question *q, const char *family,
		     bool (*so)(const struct question *q, const char *name), bool equal)
{
	const struct ksc_successor *s = NULL;

	while ((s = ksc_successor_next(s))) {
		if (family ? !ksc_successor_family(s) || strcmp(ksc_successor_family(s), family) :
			     strcmp(ksc_successor_name(s), q->name))
			continue;
		if ((equal && !ksc_successor_equal(s)) || !ksc_successor_on(s, q->abi->name))
			continue;
		if (!ksc_successor_predecessor(s) || so(q, ksc_successor_predecessor(s)))
			return true;
	}
	return false;
}

static const char *family_of(const char *name)
{
	const struct ksc_successor *s = NULL;

	while ((s = ksc_successor_next(s)))
		if (!strcmp(ksc_successor_name(s), name))
			return ksc_successor_family(s);
	return NULL;
}

/* Asked for by name, so before row 4. */
static bool row_4_prime_allow(const struct question *q, uint32_t *action)
{
	if (q->p->default_action == q->enosys || q->p->successors != KSC_SUCCESSORS_ALLOW ||
	    !any_line(q, NULL, is_allowed_always, true))
		return false;
	*action = SECCOMP_RET_ALLOW;
	return true;
}

static bool row_4_prime(const struct question *q, uint32_t *action)
{
	const char *family = family_of(q->name);

	if (q->p->default_action == q->enosys || q->p->successors == KSC_SUCCESSORS_EPERM)
		return false;
	if (!any_line(q, NULL, is_let_through, false) &&
	    (!family || !any_line(q, family, is_let_through, false)))
		return false;
	answer_new(q, action);
	return true;
}

static bool row_5(const struct question *q, uint32_t *action)
{
	return true;
}

static const struct {
	const char *name;
	bool (*applies)(const struct question *q, uint32_t *action);
} policy_rows[] = {
	{ "0",		row_0 },
	{ "default",	row_lenient },
	{ "1",		row_1 },
	{ "2",		row_2 },
	{ "default",	row_no_default },
	{ "3",		row_3 },
	{ "3'",		row_3_prime },
	{ "site",	row_site },
	{ "4'",		row_4_prime_allow },
	{ "4",		row_4 },
	{ "4'",		row_4_prime },
	{ "5",		row_5 },
};

const char *model_verdict(const struct model_profile *p, const struct model *m,
			  uint32_t audit_arch, uint32_t nr, uint32_t *action)
{
	static struct question q;
	int abi = model_abi_of(m, audit_arch, nr);
	unsigned int i;

	memset(&q, 0, offsetof(struct question, only));
	q.nr_only = 0;
	q.p = p;
	q.enosys = model_enosys(audit_arch);
	q.baseline = p->baseline == KSC_RELEASE_INFER ? p->inferred : p->baseline;
	q.release = KSC_RELEASE_UNKNOWN;
	q.name = "";
	if (abi >= 0) {
		q.abi = &m->abis[abi];
		q.abi_index = (unsigned int)abi;
		q.nr = nr - q.abi->base;
		q.covered = !p->covered || p->covered >> abi & 1;
		q.implemented = q.nr < q.abi->nr_syscalls && q.abi->implemented[q.nr];
		q.unknown = model_unknown(q.abi, q.nr);
		if (q.implemented) {
			q.name = q.abi->names[q.nr];
			q.release = *q.name ? ksc_release_of(q.name) : KSC_RELEASE_UNKNOWN;
		}
	}
	for (i = 0; abi >= 0 && i < p->nr_rules; i++) {
		const struct model_rule *rule = &p->rules[i];

		if (rule->abi != (unsigned int)abi || rule->nr != q.nr)
			continue;
		q.special += is_special(rule->action);
		if (rule->flags & KSC_RULE_UNRESOLVED) {
			q.only[q.nr_only++] = rule;
			continue;
		}
		q.resolved++;
		q.resolved_errno += is_errno(rule->action);
	}
	*action = 0;
	for (i = 0; !policy_rows[i].applies(&q, action); i++)
		;
	return policy_rows[i].name;
}

uint32_t model_own_filter(const struct model_profile *p, const struct model *m,
			  uint32_t audit_arch, uint32_t nr, unsigned int sample)
{
	int abi = model_abi_of(m, audit_arch, nr);
	unsigned int i;

	for (i = 0; abi >= 0 && i < p->nr_rules; i++) {
		const struct model_rule *rule = &p->rules[i];

		if (rule->abi == (unsigned int)abi && rule->nr == nr - m->abis[abi].base &&
		    !(rule->flags & KSC_RULE_UNRESOLVED) &&
		    (!(rule->flags & KSC_RULE_ARGS) || i % 3 == sample))
			return rule->action;
	}
	return p->has_default ? p->default_action : SECCOMP_RET_ERRNO | 1;
}

uint32_t model_outcome(const struct model *m, uint32_t audit_arch, uint32_t nr, uint32_t answer)
{
	int abi = model_abi_of(m, audit_arch, nr);

	if (answer != SECCOMP_RET_ALLOW || abi < 0)
		return answer;
	nr -= m->abis[abi].base;
	if (model_unknown(&m->abis[abi], nr) ||
	    (nr < m->abis[abi].nr_syscalls && m->abis[abi].implemented[nr]))
		return answer;
	return model_enosys(audit_arch);
}
