/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The policy, a second time: DESIGN's table of rows painted over every number,
 * last row first. Shares no code with the library's verdicts and compiler; reads
 * the tree's files itself, and learns what libseccomp does with a name by
 * running filters of that one name.
 */
#ifndef REFERENCE_H
#define REFERENCE_H

#include <stdbool.h>
#include <stdint.h>

#include <ksyscalls-oci.h>
#include <ksyscalls-seccomp.h>

/* Numbers relative to a base that are painted one by one; beyond lies nothing. */
#define REF_NUMBERS	1200
#define REF_ABIS	8

struct ref_cell {
	char row;		/* '0' to '5', 'u' for 3', 's' for 4', 'd' for a site's decision */
	uint32_t action;	/* 0: the profile's own filter decides */
	uint32_t rule_action;	/* row 3': of the rule that painted it last, */
	bool unclear;		/* and whether one looks at arguments, or two differ */
};

struct ref_abi {
	char name[32];
	uint32_t audit_arch;
	uint32_t base;
	unsigned int nr_syscalls;
	bool covered;
	bool implemented[REF_NUMBERS];
	char names[REF_NUMBERS][64];
	struct ref_cell cells[REF_NUMBERS];
	struct ref_cell beyond;
};

#define REF_SITES	4

struct ref_knobs {
	unsigned int baseline;	/* a release or KSC_RELEASE_NONE */
	bool inferred;		/* it is what the library made of the names */
	unsigned int flags;
	unsigned int successors;
	const char *enosys[REF_SITES];	/* NULL after the last */
	const char *eperm[REF_SITES];
};

struct ref {
	unsigned int nr_abis;
	struct ref_abi abis[REF_ABIS];
};

/* Reads the tree below @root; exits on a tree that it cannot read. */
void ref_read(struct ref *r, const char *root);
/* Paints every cell. */
void ref_paint(struct ref *r, const struct ksc_profile *p, const struct ref_knobs *knobs);
/* uretprobe and uprobe, of which nobody else has a use. */
bool ref_called_by_the_kernel(const char *name);
/* @nr as in seccomp_data. */
struct ref_cell ref_verdict(const struct ref *r, uint32_t audit_arch, uint32_t nr);

#endif /* REFERENCE_H */
