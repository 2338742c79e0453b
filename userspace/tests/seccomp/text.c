// SPDX-License-Identifier: GPL-2.0-only
#include <linux/audit.h>
#include <string.h>

#include "text.h"

static bool holds(const struct scmp_arg_cmp *c, uint64_t arg, uint64_t width)
{
	uint64_t a = c->datum_a & width, b = c->datum_b & width;

	arg &= width;
	switch (c->op) {
	case SCMP_CMP_NE:
		return arg != a;
	case SCMP_CMP_LT:
		return arg < a;
	case SCMP_CMP_LE:
		return arg <= a;
	case SCMP_CMP_EQ:
		return arg == a;
	case SCMP_CMP_GE:
		return arg >= a;
	case SCMP_CMP_GT:
		return arg > a;
	case SCMP_CMP_MASKED_EQ:
		return (arg & a) == (b & a);
	default:
		return false;
	}
}

/* Two conditions on one argument make all of a rule's alternatives. */
static bool takes(const struct ksc_profile_rule *r, const uint64_t args[6], uint64_t width)
{
	unsigned int i, n, hold = 0, seen = 0;
	const struct scmp_arg_cmp *c = ksc_profile_rule_args(r, &n);
	bool alternatives = false;

	for (i = 0; i < n; i++) {
		hold += holds(&c[i], args[c[i].arg], width);
		alternatives |= seen >> c[i].arg & 1;
		seen |= 1u << c[i].arg;
	}
	return alternatives ? hold : hold == n;
}

/* To libseccomp x32 and MIPS's n32 have 32 bits. */
static bool is_wide(uint32_t token)
{
	return token & __AUDIT_ARCH_64BIT && token != SCMP_ARCH_MIPS64N32 &&
	       token != SCMP_ARCH_MIPSEL64N32;
}

bool text_allows(const struct ksc_profile *p, const char *name, uint32_t token, uint32_t def,
		 const uint64_t args[6], uint32_t action)
{
	uint64_t width = is_wide(token) ? UINT64_MAX : UINT32_MAX;
	const struct ksc_profile_rule *r;
	bool taken = false;

	ksc_profile_rule_foreach(r, p) {
		/* What equals the default is no rule. */
		if (strcmp(ksc_profile_rule_name(r), name) || ksc_profile_rule_action(r) == def ||
		    !takes(r, args, width))
			continue;
		if (ksc_profile_rule_action(r) == action)
			return true;
		taken = true;
	}
	return !taken && action == def;
}
