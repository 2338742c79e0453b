/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libksyscalls-seccomp: seccomp profiles, weighed against a kernel.
 *
 * What libksyscalls knows of a kernel meets here what an OCI profile, or one in
 * an engine's own JSON dialect, asks for. Needs json-c and libseccomp; the core
 * library needs neither.
 *
 * Conventions are those of ksyscalls.h. After any failure
 * ksc_profile_error() has one line for people that names the place in the JSON.
 */
#ifndef KSYSCALLS_SECCOMP_H
#define KSYSCALLS_SECCOMP_H

#include <stddef.h>
#include <stdint.h>

#include <seccomp.h>

#include "ksyscalls.h"

#ifdef __cplusplus
extern "C" {
#endif

struct json_object;

/* A profile with its conditions (capabilities, architecture, kernel) decided. */
struct ksc_profile;

/* ---- loading ---------------------------------------------------------- */

int ksc_profile_new(struct ksc_profile **pp);
void ksc_profile_free(struct ksc_profile *p);
const char *ksc_profile_error(const struct ksc_profile *p);

/*
 * What conditional rules are decided by; all before the load. Unset, these are
 * libseccomp's native architecture, no capability, and uname's release.
 */
int ksc_profile_set_arch(struct ksc_profile *p, uint32_t scmp_arch);
int ksc_profile_add_cap(struct ksc_profile *p, const char *cap);
int ksc_profile_set_kernel(struct ksc_profile *p, unsigned int release);

int ksc_profile_load_file(struct ksc_profile *p, const char *path);
int ksc_profile_load_mem(struct ksc_profile *p, const char *text, size_t len);
int ksc_profile_load_json(struct ksc_profile *p, struct json_object *root);

/* ---- what it says ----------------------------------------------------- */

/* One name of one entry of "syscalls" that applies. */
struct ksc_profile_rule {
	const char *name;
	uint32_t action;		/* SCMP_ACT_*, which are SECCOMP_RET_* values */
	const struct scmp_arg_cmp *args;
	unsigned int nr_args;
	unsigned int entry;		/* index in the JSON's "syscalls" */
	int native_nr;			/* libseccomp's, may be a pseudo number */
};

uint32_t ksc_profile_default(const struct ksc_profile *p);
/* NULL, or one after the last. */
const struct ksc_profile_rule *ksc_profile_rule(const struct ksc_profile *p, size_t i);
/* SCMP_ARCH_* tokens of the filter, the native one first; 0 after the last. */
uint32_t ksc_profile_arch(const struct ksc_profile *p, size_t i);
/* SECCOMP_FILTER_FLAG_*. */
unsigned int ksc_profile_filter_flags(const struct ksc_profile *p);
/* NULL if the profile has none. */
const char *ksc_profile_listener_path(const struct ksc_profile *p);
/*
 * Newest release of any name the file has, conditional rules included: its
 * author knew them all. *name says which one; KSC_RELEASE_NONE if no name is
 * in the release table.
 */
unsigned int ksc_profile_newest(const struct ksc_profile *p, const char **name);
/* The profile as plain OCI "linux.seccomp", conditions gone. The caller puts it. */
int ksc_profile_to_oci(const struct ksc_profile *p, struct json_object **obj);

/* ---- names ------------------------------------------------------------ */

/* libseccomp's token of an ABI; arm and arm_private share one, as in libseccomp. */
uint32_t ksc_abi_scmp_arch(const struct ksc_abi *abi);

#define KSC_KNOWN_LIBSECCOMP	0x1u	/* libseccomp has a number for it on this ABI */
#define KSC_KNOWN_KERNEL	0x2u	/* the kernel has it on this ABI, and implements it */
#define KSC_KNOWN_TABLE		0x4u	/* the release table has it */
#define KSC_KNOWN_NAME		0x8u	/* libseccomp knows the name, on this ABI or another */
#define KSC_KNOWN_MUX		0x10u	/* scmp_nr is that of socketcall or ipc */

struct ksc_resolution {
	unsigned int known;		/* KSC_KNOWN_* */
	int scmp_nr;			/* relative to the base; -1 */
	int kernel_nr;			/* relative to the base; -1 */
	unsigned int release;
};

void ksc_resolve(const struct ksc_abi *abi, const char *name, struct ksc_resolution *r);

/* ---- policy and programs ---------------------------------------------- */

/* @baseline may be KSC_RELEASE_INFER. Flags are set on the result, by ksc_policy_set_flags(). */
int ksc_policy_from_profile(struct ksc_policy **pp, const struct ksc *k,
			    struct ksc_profile *p, unsigned int baseline);

/* The runtimes whose reading of a profile is known. */
enum ksc_runtime {
	KSC_RUNTIME_CRUN,	/* libseccomp's program, nothing more; youki alike */
	KSC_RUNTIME_RUNC,	/* ENOSYS above the largest number named; since 1.1.15 */
	KSC_RUNTIME_RUNC_OLD	/* the same for listed architectures only; 1.1.0 to 1.1.14 */
};

/* The libseccomp filter that a runtime builds. Release it with seccomp_release(). */
int ksc_profile_filter(struct ksc_profile *p, enum ksc_runtime rt, scmp_filter_ctx *ctx);
/* The whole program that a runtime loads, in this machine's byte order; free() it. */
int ksc_profile_program(struct ksc_profile *p, enum ksc_runtime rt,
			struct sock_filter **prog, size_t *len);

int ksc_seccomp_export(const struct ksc_policy *policy, const scmp_filter_ctx ctx, int fd);

#ifdef __cplusplus
}
#endif

#endif /* KSYSCALLS_SECCOMP_H */
