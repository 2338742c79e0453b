/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libksyscalls-seccomp: libseccomp's names and filters, weighed against a kernel.
 *
 * For whoever builds filters with libseccomp and has its rules parsed already. Needs
 * libksyscalls and libseccomp, nothing else. Conventions are those of ksyscalls.h.
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

/**
 * ksc_seccomp_rule() - the profile has a rule for a name
 * @policy: the policy
 * @abi: the ABI
 * @name: UAPI name; copied
 * @action: SECCOMP_RET_* with its data
 * @flags: KSC_RULE_ARGS if the rule looks at arguments
 *
 * As ksc_policy_rule(), but for all numbers that a filter of libseccomp's has for the
 * name: its own, the kernel's, and those of calls behind socketcall(2) and ipc(2).
 *
 * Return: 0, for a name that neither knows too; -EINVAL; -ENOMEM.
 * Since: 0.1
 */
int ksc_seccomp_rule(struct ksc_policy *policy, const struct ksc_abi *abi, const char *name,
		     uint32_t action, unsigned int flags);

/* ---- programs --------------------------------------------------------- */

/**
 * ksc_seccomp_program() - the program of a libseccomp filter, with the policy in front
 * @policy: the policy, or NULL for libseccomp's program alone
 * @ctx: the filter; it is not changed
 * @prog: receives the program, in this machine's byte order; free() releases it
 * @len: receives the number of instructions
 *
 * Return: 0; otherwise as ksc_seccomp_export(), with *@prog NULL.
 * Since: 0.1
 */
int ksc_seccomp_program(const struct ksc_policy *policy, const scmp_filter_ctx ctx,
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
