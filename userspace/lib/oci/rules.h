/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A policy as OCI rules, and what they cannot say. */
#ifndef KSC_OCI_RULES_H
#define KSC_OCI_RULES_H

#include "profile.h"

enum rules_note_kind {
	RULES_NO_NAME,		/* libseccomp has no name for the number */
	RULES_ABIS_DIFFER,	/* one name, different verdicts */
	RULES_ARGS,		/* the complement of argument rules */
	RULES_STUB,		/* the runtime answers by itself */
};

/* Numbers whose answers are not the policy's. */
struct rules_note {
	enum rules_note_kind kind;
	uint32_t token;		/* 0: every number of that name, on all architectures */
	uint32_t nr, last;	/* as in seccomp_data */
	char *name;		/* NULL: nobody has one */
	char *text;
};

struct rules_notes {
	struct rules_note *v;
	size_t n;
	size_t rules_before, rules_after;
};

/*
 * Who reads a profile. A rule that equals the default is skipped, and crun before 0.19
 * has a default of its own where ours has an errno, so that it skips others.
 */
#define RULES_FOR_HEEDING	0x1u	/* who takes the default as it is written */
#define RULES_FOR_OTHERS	0x2u	/* who knows the errno EPERM only */

struct rules_aim {
	uint32_t def_action;	/* what becomes the default; names get what differs from it */
	unsigned int readers;	/* RULES_FOR_* of those that are known, */
	unsigned int possible;	/* and of all that it may be */
};

/* Takes the new rules as they are; not kept. */
typedef int rules_check(void *arg, const struct ksc_policy *policy,
			const struct ksc_profile *original, const struct ksc_profile *result);

int rules_from_policy(const struct ksc_policy *policy, const struct ksc_profile *p,
		      const struct rules_aim *aim, rules_check *check, void *arg,
		      struct json_object **obj, struct rules_notes *notes);

/* choose.c: the first of an ABI's numbers from @nr on that some kernel has, or UINT32_MAX */
uint32_t rules_next_assigned(const struct ksc_abi *abi, uint32_t nr);

/* notes.c: takes a copy of the name */
int rules_note(struct rules_notes *notes, struct rules_note n, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void rules_notes_free(struct rules_notes *notes);

#endif /* KSC_OCI_RULES_H */
