/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether two programs answer a call alike, whatever its arguments. */
#ifndef KSC_OCI_COMPARE_H
#define KSC_OCI_COMPARE_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sock_filter;

struct program {
	struct sock_filter *insns;
	size_t len;
};

struct difference {
	uint32_t before, after;		/* equal: there is none */
};

/*
 * @weaker: only what the second answers less strictly counts, not what it denies more.
 * @left: how many more runs it may take, of this call and others. -E2BIG if that is
 * not enough, or the programs compare too much; -EOPNOTSUPP for programs that are not
 * libseccomp's; -ENOMEM. *@worst may have been found all the same.
 */
int compare_programs(const struct program *before, const struct program *after, uint32_t arch,
		     uint32_t nr, bool weaker, size_t *left, struct difference *worst);
/*
 * Is it more than another errno, or a log line less? Whether a supervisor or a tracer is asked
 * is, either way.
 */
bool difference_is_grave(uint32_t before, uint32_t after);

#endif /* KSC_OCI_COMPARE_H */
