/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A policy: policy.c fills it, decide.c decides by it, verdict.c puts that into words,
 * bpf.c into a program.
 */
#ifndef KSC_POLICY_H
#define KSC_POLICY_H

#include "../shared.h"
#include "private.h"

/* All the rules that a profile has for one number, boiled down. */
struct ksc_nr_rule {
	uint32_t nr;		/* relative to the ABI's base */
	bool special;		/* one of them is KILL, TRAP, TRACE, NOTIFY or LOG */
	bool resolved;		/* one of them is in the profile's own filter */
	bool errno_rule;	/* one of those is an ERRNO rule */
	bool has_allow;		/* one of those is an ALLOW rule */
	bool plain;		/* all are resolved, look at no argument, and are ALLOW or ENOSYS */
	bool unclear;		/* the unresolved ones do not agree on one answer */
	bool owned;		/* the name is no other's */
	uint32_t unresolved;	/* what the unresolved ones agree on */
	const char *name;	/* NULL: no rule */
};

/* What the profile says of one ABI. */
struct abi_rules {
	bool covered;
	struct ksc_nr_rule *known;	/* by number, nr_syscalls of them */
	size_t nr_beyond;
	size_t room;
	struct ksc_nr_rule *beyond;	/* the others, ascending by number */
	struct ksc_names passed;	/* what a rule lets through, by ALLOW or LOG */
	/* What a rule says more of than ALLOW, or libseccomp drops. */
	struct ksc_names limited;
};

/* A name whose answer the site has decided. */
struct site {
	struct site *next;
	unsigned int answer;		/* KSC_SITE_* */
	char name[];
};

struct ksc_policy {
	struct ksc *k;
	bool has_default;
	uint32_t default_action;
	bool silent;			/* the default action asks for no change */
	unsigned int baseline;		/* as set: may be KSC_RELEASE_INFER */
	struct ksc_names names;		/* that the profile has, in rules that apply or not */
	unsigned int inferred;		/* from those */
	unsigned int flags;
	unsigned int successors;	/* KSC_SUCCESSORS_* */
	struct site *sites;
	bool cover_all;
	struct abi_rules abis[];	/* parallel to k->abis */
};

struct ksc_decision {
	enum ksc_row row;
	uint32_t action;	/* as ksc_verdict() returns it */
	bool either_way;	/* falling through and @action end in the same answer */
};

/* What programs do instead of a call that is missing, as far as the profile permits it. */
struct ksc_way_round {
	const struct ksc_successor *line;	/* NULL: nothing; another call's of the family */
	bool equal;				/* the call itself would be no more */
};

bool ksc_is_errno(uint32_t action);
bool ksc_is_kernels_own(const char *name);
bool ksc_policy_covers(const struct ksc_policy *p, const struct ksc_abi *abi);
/* The rule for @nr or, if there is none, for the next number that has one; or NULL. */
const struct ksc_nr_rule *ksc_policy_next_rule(const struct ksc_policy *p,
					       const struct ksc_abi *abi, uint32_t nr);
/* policy.c: what the site says of @name, KSC_SITE_*, or 0. */
unsigned int ksc_policy_site(const struct ksc_policy *p, const char *name);

/* decide.c */
struct ksc_way_round ksc_find_way_round(const struct ksc_policy *p, const struct ksc_abi *abi,
					int line);
struct ksc_decision ksc_decide(const struct ksc_policy *p, const struct ksc_abi *abi, uint32_t nr,
			       const struct ksc_nr_rule *rule);

#endif /* KSC_POLICY_H */
