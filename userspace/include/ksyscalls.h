/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libksyscalls: the kernel's own word on which syscalls it has.
 *
 * Conventions. Functions that can fail return 0 or a negative errno. Handles
 * are opaque; one handle may be read by many threads once it is open. The
 * library never prints, never exits and keeps no global state. Strings that a
 * function returns belong to the handle and live as long as it does.
 */
#ifndef KSYSCALLS_H
#define KSYSCALLS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct sock_filter;

/* An opened tree: what one kernel, here or elsewhere, implements. */
struct ksc;
/* One syscall numbering: an AUDIT_ARCH_* value and a number base. */
struct ksc_abi;
/* What a seccomp profile says, to be weighed against a tree. */
struct ksc_policy;

/* ---- the tree --------------------------------------------------------- */

int ksc_open(struct ksc **kp, const char *root);
void ksc_close(struct ksc *k);
const char *ksc_error(const struct ksc *k);
const char *ksc_root(const struct ksc *k);
int ksc_digest(const struct ksc *k, uint8_t out[32]);

/* ---- ABIs ------------------------------------------------------------- */

const struct ksc_abi *ksc_abi_next(const struct ksc *k, const struct ksc_abi *prev);
#define ksc_abi_foreach(abi, k) \
	for ((abi) = ksc_abi_next((k), NULL); (abi); (abi) = ksc_abi_next((k), (abi)))
const struct ksc_abi *ksc_abi_by_name(const struct ksc *k, const char *name);
/* @nr is the number as seccomp_data has it: with the base. */
const struct ksc_abi *ksc_abi_by_arch(const struct ksc *k, uint32_t audit_arch, uint32_t nr);
const struct ksc_abi *ksc_abi_native(const struct ksc *k);

const char *ksc_abi_name(const struct ksc_abi *abi);
uint32_t ksc_abi_audit_arch(const struct ksc_abi *abi);
uint32_t ksc_abi_base(const struct ksc_abi *abi);
unsigned int ksc_abi_nr_syscalls(const struct ksc_abi *abi);
unsigned int ksc_abi_nr_implemented(const struct ksc_abi *abi);

/* Numbers below are relative to the ABI's base, as in the sysfs files. */
int ksc_implemented(const struct ksc_abi *abi, uint32_t nr);
int ksc_nr(const struct ksc_abi *abi, const char *name);
const char *ksc_name(const struct ksc_abi *abi, uint32_t nr);

/* ---- releases --------------------------------------------------------- */

/* A Linux release as one number that compares: 5.10 is KSC_RELEASE(5, 10). */
#define KSC_RELEASE(major, minor)	(((unsigned int)(major) << 16) | (minor))
#define KSC_RELEASE_NONE		0u	/* no baseline: rows 0 to 3' only */
#define KSC_RELEASE_INFER		1u	/* newest release of any name the profile has */
#define KSC_RELEASE_UNKNOWN		0xffffffffu

int ksc_release_parse(const char *text, unsigned int *release);
/* First release that has @name; KSC_RELEASE_UNKNOWN for a name not in the table. */
unsigned int ksc_release_of(const char *name);
int ksc_release_next(size_t i, const char **name, unsigned int *release);

/* ---- policy ----------------------------------------------------------- */

enum ksc_row {			/* which row of the policy decided */
	KSC_ROW_UNCOVERED,	/* 0: nr -1, ABI not published, or not in the profile */
	KSC_ROW_SPECIAL,	/* 1: KILL, TRAP, TRACE, NOTIFY or LOG rule */
	KSC_ROW_ABSENT,		/* 2: the kernel does not implement it */
	KSC_ROW_NAMED,		/* 3: the profile names it */
	KSC_ROW_UNRESOLVED,	/* 3': named, but libseccomp does not know the name */
	KSC_ROW_NEWER,		/* 4: newer than the baseline, or release unknown */
	KSC_ROW_DENIED,		/* 5: known, implemented, not allowed */
	KSC_ROW_DEFAULT,	/* the default action asks for no change at all */
};

struct ksc_verdict {
	enum ksc_row row;
	/* 0: fall through to the profile's own filter; else a SECCOMP_RET_* value. */
	uint32_t action;
	const char *name;	/* NULL if nobody names this number */
	unsigned int release;	/* of the name; KSC_RELEASE_UNKNOWN */
	char reason[120];	/* one line for people: "clone3: 5.3 > baseline 5.0" */
};

#define KSC_EXPLICIT_RESPECT	0x1u	/* an explicit ERRNO rule beats an absent syscall */
#define KSC_ALLOW_UNKNOWN	0x2u	/* row 3': allow what libseccomp cannot resolve */
#define KSC_KEEP_FATAL		0x4u	/* default KILL or TRAP: new syscalls stay fatal */

#define KSC_RULE_ARGS		0x1u	/* the rule looks at arguments */
#define KSC_RULE_UNRESOLVED	0x2u	/* libseccomp cannot resolve the name on this ABI */

int ksc_policy_new(struct ksc_policy **pp, const struct ksc *k);
void ksc_policy_free(struct ksc_policy *p);
/* SECCOMP_RET_* with its data, e.g. SECCOMP_RET_ERRNO | EPERM. Until set, rows 0 and 2 only. */
int ksc_policy_set_default(struct ksc_policy *p, uint32_t action);
int ksc_policy_set_baseline(struct ksc_policy *p, unsigned int release);
unsigned int ksc_policy_baseline(const struct ksc_policy *p);
int ksc_policy_set_flags(struct ksc_policy *p, unsigned int flags);
/* The profile covers @abi. Until the first call every published ABI counts as covered. */
int ksc_policy_cover(struct ksc_policy *p, const struct ksc_abi *abi);
int ksc_policy_rule(struct ksc_policy *p, const struct ksc_abi *abi, const char *name,
		    uint32_t action, unsigned int flags);
/*
 * The same for a number, relative to the base: what a profile calls by a name
 * that the tree does not have, since a tree names only what is implemented.
 */
int ksc_policy_rule_nr(struct ksc_policy *p, const struct ksc_abi *abi, uint32_t nr,
		       const char *name, uint32_t action, unsigned int flags);
/* @nr as in seccomp_data, with the base. */
int ksc_verdict(const struct ksc_policy *p, uint32_t audit_arch, uint32_t nr,
		struct ksc_verdict *v);
/*
 * Two calls: with @out NULL, *@len receives the number of instructions; with
 * @out set, *@len is its room and receives what was written. -ENOSPC: too
 * little room; -E2BIG: more than BPF_MAXINSNS.
 */
int ksc_bpf_prefix(const struct ksc_policy *p, struct sock_filter *out, size_t *len);

#ifdef __cplusplus
}
#endif

#endif /* KSYSCALLS_H */
