/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The arguments that no rule of a syscall takes, as rules. */
#ifndef KSC_OCI_COMPLEMENT_H
#define KSC_OCI_COMPLEMENT_H

#include "profile.h"

#define NR_ARGS		6

/* One conjunction, at most one condition per argument, as libseccomp wants it. */
struct arg_rule {
	struct scmp_arg_cmp args[NR_ARGS];
	unsigned int nr_args;
};

/*
 * *@out receives what is outside of all of @taken; free() it. None at all if
 * together they take everything. -EOPNOTSUPP: OCI rules cannot say it.
 */
int complement(const struct arg_rule *taken, size_t nr_taken, struct arg_rule **out,
	       size_t *nr_out);

static inline bool is_equality(const struct scmp_arg_cmp *c)
{
	return c->op == SCMP_CMP_EQ || c->op == SCMP_CMP_MASKED_EQ;
}

/* quirks.c: both runtimes take two conditions on one argument for alternatives. */
bool args_are_alternatives(const struct ksc_profile_rule *r);

#endif /* KSC_OCI_COMPLEMENT_H */
