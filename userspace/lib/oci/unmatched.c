// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Rules that no call matches: what they say is for who reads the profile.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "work.h"

static bool is_default(const struct work *w, uint32_t action)
{
	return rules_skip(w->readers & RULES_FOR_HEEDING, w->def_action, action) ||
	       rules_skip(w->readers & RULES_FOR_OTHERS, w->def_action, action);
}

/* For rules that no call matches: any but a default, which would be no rule. */
static uint32_t another_errno(const struct work *w)
{
	const uint32_t errnos[] = {
		ksc_ret_enosys(w->p->native), SCMP_ACT_ERRNO(EPERM), SCMP_ACT_ERRNO(EINVAL),
	};
	size_t i;

	for (i = 0; i + 1 < ARRAY_SIZE(errnos) && is_default(w, errnos[i]); i++)
		;
	return errnos[i];
}

/* ---- the largest number, for runc -------------------------------------- */

/* The largest number that the profile's rules reach, multiplexed calls' own included. */
static int largest_reached(const struct work *w, uint32_t token)
{
	int max = profile_largest(w->p, w->p->rules, w->p->nr_rules, token);
	size_t i, n;

	for (i = 0; i < w->nr_cells; i++) {
		if (w->cells[i].token != token || (int)w->cells[i].nr <= max)
			continue;
		rules_find(w, w->cells[i].name, &n);
		if (n || rules_have_muxed(w, &w->cells[i]))
			max = (int)w->cells[i].nr;
	}
	return max;
}

static int largest_known(const struct work *w, uint32_t token)
{
	int max = 0;
	size_t i;

	for (i = 0; i < w->nr_cells; i++) {
		if (w->cells[i].token == token && (int)w->cells[i].nr > max)
			max = (int)w->cells[i].nr;
	}
	return max;
}

/* A name for @nr or a larger number, and for nothing that is multiplexed anywhere. */
static const char *name_from(const struct work *w, uint32_t token, int nr)
{
	const struct cell *c, *found = NULL;
	size_t i;

	for (i = 0; i < w->nr_cells; i++) {
		c = &w->cells[i];
		if (c->token == token && (int)c->nr >= nr && (!found || c->nr < found->nr) &&
		    !rules_is_muxed(w, c->name))
			found = c;
	}
	return found ? found->name : NULL;
}

/* The first number above @after that no rule can name and that is to be ENOSYS. */
static uint32_t first_nameless(const struct work *w, uint32_t token, uint32_t after)
{
	uint32_t arch = ksc_audit_arch_of(token), nr, base;
	const struct ksc_abi *abi = ksc_abi_by_arch(ksc_policy_view(w->policy), arch, after);

	if (!abi)
		return 0;
	base = ksc_abi_base(abi);
	for (nr = after - base; (nr = rules_next_assigned(abi, nr + 1)) != UINT32_MAX; ) {
		if (!rules_find_cell(w, token, base + nr) &&
		    ksc_verdict(w->policy, arch, base + nr) == ksc_ret_enosys(token))
			return base + nr;
	}
	return UINT32_MAX;
}

/*
 * The largest number that is to get the default, which runc's ENOSYS would keep from it.
 * A profile that kills is not asked to kill more, and what no rule can name keeps ENOSYS.
 */
static int largest_denied(const struct work *w, uint32_t token, int after)
{
	uint32_t def = w->p->def_action, end;
	const struct cell *c;
	int max = after;
	size_t i;

	if (w->def_action != def || def == ksc_ret_enosys(w->p->native) ||
	    (def & SECCOMP_RET_ACTION_FULL) != SCMP_ACT_ERRNO(0))
		return after;
	end = first_nameless(w, token, (uint32_t)after);
	for (i = 0; i < w->nr_cells; i++) {
		c = &w->cells[i];
		if (c->token == token && !c->want && !c->absent && c->nr < end && (int)c->nr > max)
			max = (int)c->nr;
	}
	return max;
}

/* For the first architecture that lacks it; the name may have a number on others, too. */
static int keep_one_largest(struct work *w, bool *more)
{
	static const struct scmp_arg_cmp never = { .arg = 5, .op = SCMP_CMP_LT };
	struct ksc_profile_rule r = { .args = &never, .nr_args = 1 };
	int before, after, reached;
	uint32_t token;
	size_t i;

	*more = false;
	for (i = 0; (token = ksc_profile_arch(w->p, i)); i++) {
		before = profile_largest(w->p, w->p->rules, w->p->nr_rules, token);
		after = profile_largest(w->p, w->out, w->nr_out, token);
		/* No name, no stub; with the first that comes there is one, for all above it. */
		reached = before ? largest_reached(w, token) : largest_known(w, token);
		if (!after && !before)
			continue;
		reached = largest_denied(w, token, after > reached ? after : reached);
		if (after >= reached)
			continue;
		r.name = name_from(w, token, reached);
		if (!r.name)
			continue;
		*more = true;
		return rules_append(w, &r, ++w->next_entry, another_errno(w));
	}
	return 0;
}

/*
 * runc answers ENOSYS above the largest number that the rules name, and libseccomp
 * hides from it the numbers of multiplexed calls: an allowed one must not end up
 * there because the largest was dropped, or because now there is one. So a name
 * comes in, in a rule that no call matches.
 */
int rules_keep_largest(struct work *w)
{
	bool more = true;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && more && ksc_profile_arch(w->p, i); i++)
		ret = keep_one_largest(w, &more);
	return ret;
}

/* ---- the errnos, for crun ----------------------------------------------- */

/* A rule beside which one with arguments has nothing to say; else any name's. */
static struct ksc_profile_rule deciding_rule(const struct work *w)
{
	struct ksc_profile_rule r = { .action = another_errno(w) };
	const struct ksc_profile_rule *out;
	size_t i;

	for (i = 0; i < w->nr_out; i++) {
		out = &w->out[i].pub;
		if (!out->nr_args && !rules_is_muxed(w, out->name) &&
		    seccomp_syscall_resolve_name(out->name) != __NR_SCMP_ERROR)
			return *out;
	}
	for (i = 0; i < w->nr_cells && rules_is_muxed(w, w->cells[i].name); i++)
		;
	r.name = i < w->nr_cells ? w->cells[i].name : NULL;
	return r;
}

/*
 * Since 1.7 crun keeps programs, by all that the profile says but the errnos of
 * rules and, before 1.14, of the default. Profiles that differ in nothing else would
 * get one program, and errnos are what we change. So they are told once more, in a
 * value that its operator has no use for, of a rule that no call matches.
 */
int rules_tell_errnos(struct work *w)
{
	struct ksc_profile_rule r = deciding_rule(w);
	uint64_t told = w->def_action;
	size_t i;

	for (i = 0; i < w->nr_out; i++)
		told = told * 0x100000001b3u ^ w->out[i].pub.action;
	/* Not all readers take the whole of 64 bits for a number. */
	w->told = (struct scmp_arg_cmp){ .arg = 5, .op = SCMP_CMP_LT, .datum_b = told >> 1 };
	r.args = &w->told;
	r.nr_args = 1;
	return r.name ? rules_emit(w, &r, ++w->next_entry, r.action) : 0;
}
