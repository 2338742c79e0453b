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

/**
 * ksc_profile_new() - make an empty profile
 * @pp: receives the profile; ksc_profile_free() releases it
 *
 * Until told otherwise, conditional rules are decided for libseccomp's native
 * architecture, for no capability, and for the running kernel's release.
 *
 * Return: 0, or -ENOMEM.
 * Since: 0.1
 */
int ksc_profile_new(struct ksc_profile **pp);

/**
 * ksc_profile_free() - release a profile
 * @p: the profile, or NULL
 *
 * Since: 0.1
 */
void ksc_profile_free(struct ksc_profile *p);

/**
 * ksc_profile_error() - what went wrong last
 * @p: the profile
 *
 * Return: one line that names the place in the JSON where there is one; "" if
 * nothing failed yet. Belongs to the profile, until the next call that fails.
 * Since: 0.1
 */
const char *ksc_profile_error(const struct ksc_profile *p);

/**
 * ksc_profile_set_arch() - say for which machine conditional rules are decided
 * @p: a profile that is not loaded yet
 * @scmp_arch: SCMP_ARCH_* of the machine's own, largest ABI
 *
 * Return: 0, or -EINVAL if libseccomp does not know the architecture.
 * Since: 0.1
 */
int ksc_profile_set_arch(struct ksc_profile *p, uint32_t scmp_arch);

/**
 * ksc_profile_add_cap() - add a capability of the container's bounding set
 * @p: a profile that is not loaded yet
 * @cap: as the profiles spell it, CAP_SYS_ADMIN; copied
 *
 * Return: 0, -EINVAL for a word that does not start with CAP_, or -ENOMEM.
 * Since: 0.1
 */
int ksc_profile_add_cap(struct ksc_profile *p, const char *cap);

/**
 * ksc_profile_set_kernel() - say which release minKernel is compared with
 * @p: a profile that is not loaded yet
 * @release: KSC_RELEASE() of the host's kernel
 *
 * Return: 0, or -EINVAL for KSC_RELEASE_NONE, _INFER and _UNKNOWN.
 * Since: 0.1
 */
int ksc_profile_set_kernel(struct ksc_profile *p, unsigned int release);

/**
 * ksc_profile_load_file() - read a profile out of a file
 * @p: the profile; what it held before is dropped
 * @path: the file; "-" has no special meaning
 *
 * Return: as ksc_profile_load_mem(), or the negative errno of open(2) or read(2).
 * Since: 0.1
 */
int ksc_profile_load_file(struct ksc_profile *p, const char *path);

/**
 * ksc_profile_load_mem() - read a profile out of JSON text
 * @p: the profile; what it held before is dropped
 * @text: the JSON, one value; not needed afterwards
 * @len: its length in bytes
 *
 * Return: as ksc_profile_load_json(); -EINVAL too for text that is not JSON.
 * Since: 0.1
 */
int ksc_profile_load_mem(struct ksc_profile *p, const char *text, size_t len);

/**
 * ksc_profile_load_json() - read a profile out of parsed JSON
 * @p: the profile; what it held before is dropped
 * @root: an OCI "linux.seccomp" object, the same in moby's or containers'
 *	dialect, or a whole OCI config.json, in which the keys of these dialects
 *	mean nothing, as to the runtimes. The profile takes a reference of its
 *	own; the caller must not change the object while the profile lives.
 *
 * Return: 0; -ENODATA if there is no seccomp in it, so nothing to do; -EINVAL
 * with ksc_profile_error() set; -ENOMEM. After an error the profile is empty.
 * Since: 0.1
 */
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

/**
 * ksc_profile_default() - the default action
 * @p: a loaded profile
 *
 * Return: SCMP_ACT_* with its data.
 * Since: 0.1
 */
uint32_t ksc_profile_default(const struct ksc_profile *p);

/**
 * ksc_profile_rule() - a rule whose conditions hold
 * @p: a loaded profile
 * @i: from 0
 *
 * Return: the rule, which belongs to the profile; NULL after the last.
 * Since: 0.1
 */
const struct ksc_profile_rule *ksc_profile_rule(const struct ksc_profile *p, size_t i);

/**
 * ksc_profile_arch() - an architecture that the filter covers
 * @p: a loaded profile
 * @i: from 0; 0 is the machine's own, which libseccomp always covers
 *
 * Return: SCMP_ARCH_*, or 0 after the last.
 * Since: 0.1
 */
uint32_t ksc_profile_arch(const struct ksc_profile *p, size_t i);

/**
 * ksc_profile_filter_flags() - the flags that the profile asks seccomp(2) for
 * @p: a loaded profile
 *
 * Return: SECCOMP_FILTER_FLAG_* bits.
 * Since: 0.1
 */
unsigned int ksc_profile_filter_flags(const struct ksc_profile *p);

/**
 * ksc_profile_listener_path() - where the notification fd is to be sent
 * @p: a loaded profile
 *
 * Return: a string of the profile, or NULL.
 * Since: 0.1
 */
const char *ksc_profile_listener_path(const struct ksc_profile *p);

/**
 * ksc_profile_newest() - the newest release that the profile's author knew
 * @p: a loaded profile
 * @name: receives the syscall that shows it, or NULL; may be NULL
 *
 * Names of rules whose conditions do not hold count too.
 *
 * Return: the release, or KSC_RELEASE_NONE if the table has none of the names.
 * Since: 0.1
 */
unsigned int ksc_profile_newest(const struct ksc_profile *p, const char **name);

/**
 * ksc_profile_to_oci() - write the profile as a plain OCI "linux.seccomp" object
 * @p: a loaded profile
 * @obj: receives the object; json_object_put() releases it
 *
 * Conditions are gone, one entry per entry of the original with rules that
 * apply, in order; errno words have become numbers.
 *
 * Return: 0 or -ENOMEM.
 * Since: 0.1
 */
int ksc_profile_to_oci(const struct ksc_profile *p, struct json_object **obj);

/* ---- names ------------------------------------------------------------ */

/**
 * ksc_abi_scmp_arch() - libseccomp's token of an ABI
 * @abi: an ABI of a tree
 *
 * Return: the SCMP_ARCH_* value, which is the audit architecture except for x32.
 * arm and arm_private share one.
 * Since: 0.1
 */
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

/**
 * ksc_resolve() - who knows a syscall name on an ABI, and by which number
 * @abi: the ABI
 * @name: the UAPI name
 * @r: receives the answer
 *
 * libseccomp answers with a pseudo number for the calls that i386, s390 and
 * ppc also reach through socketcall(2) or ipc(2), and its filters then carry
 * the direct number too. Such a name counts as known to libseccomp, with
 * scmp_nr the multiplexer's number and KSC_KNOWN_MUX set.
 *
 * Since: 0.1
 */
void ksc_resolve(const struct ksc_abi *abi, const char *name, struct ksc_resolution *r);

/* ---- policy and programs ---------------------------------------------- */

/**
 * ksc_policy_from_profile() - weigh a profile against a tree
 * @pp: receives the policy; ksc_policy_free() releases it
 * @k: the tree, which must outlive the policy
 * @p: a loaded profile, not needed afterwards
 * @baseline: newest release the author knew: KSC_RELEASE(x, y); KSC_RELEASE_INFER
 *	for the newest of any name in the profile; KSC_RELEASE_NONE for no baseline
 *
 * ksc_policy_baseline() tells which release was taken, ksc_policy_set_flags() sets
 * the knobs afterwards.
 *
 * Return: 0; -ENOENT if the profile covers none of the tree's ABIs, with
 * ksc_profile_error() set; -ENOMEM.
 * Since: 0.1
 */
int ksc_policy_from_profile(struct ksc_policy **pp, const struct ksc *k,
			    struct ksc_profile *p, unsigned int baseline);

/* The runtimes whose reading of a profile is known. */
enum ksc_runtime {
	KSC_RUNTIME_CRUN,	/* libseccomp's program, nothing more; youki alike */
	KSC_RUNTIME_RUNC,	/* ENOSYS above the largest number named; since 1.1.15 */
	KSC_RUNTIME_RUNC_OLD,	/* the same for listed architectures only; 1.1.0 to 1.1.14 */
	KSC_RUNTIME_CRUN_OLD	/* crun whatever defaultErrnoRet says; 0.14 to 0.18 */
};

/**
 * ksc_profile_filter() - build the libseccomp filter that a runtime builds
 * @p: a loaded profile
 * @rt: the runtime
 * @ctx: receives the filter; seccomp_release() releases it
 *
 * Return: 0; -EINVAL, -EEXIST and others of libseccomp where the runtime would
 * refuse to start the container, with ksc_profile_error() set; -ENOMEM.
 * Since: 0.1
 */
int ksc_profile_filter(struct ksc_profile *p, enum ksc_runtime rt, scmp_filter_ctx *ctx);

/**
 * ksc_profile_program() - make the whole program that a runtime loads
 * @p: a loaded profile
 * @rt: the runtime
 * @prog: receives the program, in this machine's byte order; free() releases it
 * @len: receives the number of instructions
 *
 * runc's stub is the same in effect as runc's own, not instruction by
 * instruction: runc orders architectures at random.
 *
 * Return: as ksc_profile_filter(), and the errors of memfd_create(2).
 * Since: 0.1
 */
int ksc_profile_program(struct ksc_profile *p, enum ksc_runtime rt,
			struct sock_filter **prog, size_t *len);

/**
 * ksc_seccomp_export() - export a libseccomp filter with the policy in front
 * @policy: the policy
 * @ctx: the filter that the runtime has built; it is not changed
 * @fd: where the program goes: an array of struct sock_filter and nothing else,
 *	in the byte order of the filter's architectures
 *
 * Takes the place of seccomp_export_bpf(). A runtime that would call
 * seccomp_load() loads the program by seccomp(2) instead, with the flags that
 * it would have set as attributes of the filter.
 *
 * Return: 0; -E2BIG if both together exceed BPF_MAXINSNS; otherwise what
 * ksc_bpf_prefix(), seccomp_export_bpf(), memfd_create(2) or write(2) returned.
 * Nothing is written unless the program is complete.
 * Since: 0.1
 */
int ksc_seccomp_export(const struct ksc_policy *policy, const scmp_filter_ctx ctx, int fd);

#ifdef __cplusplus
}
#endif

#endif /* KSYSCALLS_SECCOMP_H */
