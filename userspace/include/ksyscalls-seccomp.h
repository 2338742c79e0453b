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
 * Since: 0.1
 * Return: the SCMP_ARCH_* value, which is the audit architecture except for x32.
 * arm and arm_private share one.
 */
uint32_t ksc_abi_scmp_arch(const struct ksc_abi *abi);

#define KSC_KNOWN_LIBSECCOMP	0x1u	/* libseccomp has a number for it on this ABI */
#define KSC_KNOWN_KERNEL	0x2u	/* the kernel has it on this ABI, and implements it */
#define KSC_KNOWN_TABLE		0x4u	/* the release table has it */
#define KSC_KNOWN_NAME		0x8u	/* libseccomp knows the name, on this ABI or another */
#define KSC_KNOWN_MUX		0x10u	/* libseccomp's number is that of socketcall or ipc */

/**
 * ksc_abi_known() - who knows a syscall name on an ABI
 * @abi: an ABI of a tree
 * @name: the UAPI name
 *
 * ksc_abi_nr() has the kernel's number, ksc_abi_scmp_nr() libseccomp's.
 *
 * Since: 0.1
 * Return: KSC_KNOWN_* bits, 0 if nobody does.
 */
unsigned int ksc_abi_known(const struct ksc_abi *abi, const char *name);

/**
 * ksc_abi_scmp_nr() - a syscall's number as libseccomp has it
 * @abi: an ABI of a tree
 * @name: the UAPI name
 *
 * libseccomp answers with a pseudo number for the calls that i386, s390 and
 * ppc also reach through socketcall(2) or ipc(2), and its filters then carry
 * the direct number too. Here it is the multiplexer's number, and
 * ksc_abi_known() has KSC_KNOWN_MUX.
 *
 * Since: 0.1
 * Return: the number, relative to the ABI's base; -ENOENT if libseccomp has none.
 */
int ksc_abi_scmp_nr(const struct ksc_abi *abi, const char *name);

/* ---- policies --------------------------------------------------------- */

/**
 * ksc_seccomp_policy() - a policy for a filter that is being built
 * @pp: receives it; the caller ends it with ksc_policy_free()
 * @k: an open tree; NULL: there is none, so that ksc_seccomp_names() stands in for it
 * @ctx: the filter, with all its architectures; not needed afterwards
 *
 * It has the filter's default action and covers its architectures. What the filter
 * has or gets as rules is told by ksc_seccomp_rule(); a name whose rule the filter is
 * spared, because it says what the default does or libseccomp cannot resolve it, is
 * to be told, too.
 *
 * Since: 0.1
 * Return: 0; -ENOENT if the tree has none of the filter's architectures; -ENOMEM;
 * what seccomp_attr_get() returned.
 */
int ksc_seccomp_policy(struct ksc_policy **pp, const struct ksc *k, const scmp_filter_ctx ctx);

/**
 * ksc_seccomp_names() - names as a tree, where there is none of a kernel
 * @kp: receives the tree, see ksc_new(); the caller ends it with ksc_close()
 * @scmp_archs: SCMP_ARCH_*, as for seccomp_arch_add()
 * @n: how many they are
 *
 * They are libseccomp's and, where it is too old to have one, those of the releases of
 * Linux that the library knows.
 *
 * Since: 0.1
 * Return: 0; -EINVAL if no architecture is known; -ENOMEM; *@kp is NULL then.
 */
int ksc_seccomp_names(struct ksc **kp, const uint32_t *scmp_archs, size_t n);

/**
 * ksc_seccomp_complete() - give a tree the names of ABIs that it does not tell of
 * @k: an open tree, before a policy is made for it
 * @scmp_archs: as for ksc_seccomp_names(); those that libseccomp does not know, and
 *	ABIs that are there already, are passed over
 * @n: how many they are
 *
 * What is implemented of them nobody knows, so that their share of a policy is what the
 * profile's author can have known.
 *
 * Since: 0.1
 * Return: how many were added; -EBUSY if a policy was made; -ENOMEM.
 */
int ksc_seccomp_complete(struct ksc *k, const uint32_t *scmp_archs, size_t n);

/* ---- rules ------------------------------------------------------------ */

/* Every architecture, as seccomp_rule_add() does for those of its filter. */
#define KSC_SCMP_ARCH_ALL	0xffffffffu

/**
 * ksc_seccomp_cover() - the filter has an architecture
 * @policy: the policy
 * @scmp_arch: SCMP_ARCH_*, as for seccomp_arch_add()
 *
 * As ksc_policy_cover(), for all ABIs of the architecture. What a filter of
 * libseccomp's has from the start, SCMP_ARCH_NATIVE, is to be named, too.
 *
 * Since: 0.1
 * Return: 0; -ENOENT if the policy's tree has no such ABI; -EINVAL for
 * KSC_SCMP_ARCH_ALL, which is what holds before the first call.
 */
int ksc_seccomp_cover(struct ksc_policy *policy, uint32_t scmp_arch);

/**
 * ksc_seccomp_rule() - the filter has a rule for a name
 * @policy: the policy
 * @scmp_arch: SCMP_ARCH_*, or KSC_SCMP_ARCH_ALL
 * @name: UAPI name; copied
 * @action: SCMP_ACT_*, which are SECCOMP_RET_* values
 * @flags: KSC_RULE_ARGS if the rule looks at arguments
 *
 * As ksc_policy_rule(), but for all numbers that a filter of libseccomp's has for the
 * name: its own, the kernel's, and those of calls behind socketcall(2) and ipc(2).
 * Architectures that the policy does not cover may have rules; they count for nothing.
 *
 * Since: 0.1
 * Return: 0, for a name that neither knows too; -ENOENT if the policy's tree has
 * no ABI of @scmp_arch; -EINVAL; -ENOMEM.
 */
int ksc_seccomp_rule(struct ksc_policy *policy, uint32_t scmp_arch, const char *name,
		     uint32_t action, unsigned int flags);

/**
 * ksc_seccomp_rule_nr() - the filter has a rule for a name that libseccomp was asked for
 * @policy: the policy
 * @abi: an ABI of the policy's tree
 * @name: UAPI name; copied
 * @nr: what seccomp_syscall_resolve_name_arch() told of @name and the ABI's architecture
 * @action: as for ksc_seccomp_rule()
 * @flags: as for ksc_seccomp_rule()
 *
 * As ksc_seccomp_rule(), for one ABI, and without asking once more, which takes longer
 * than the rule.
 *
 * Since: 0.1
 * Return: 0, for a name that neither knows too; -EINVAL; -ENOMEM.
 */
int ksc_seccomp_rule_nr(struct ksc_policy *policy, const struct ksc_abi *abi, const char *name,
			int nr, uint32_t action, unsigned int flags);

/**
 * ksc_seccomp_rule_added() - the filter has got a rule by a number
 * @policy: the policy
 * @scmp_arch: SCMP_ARCH_*, or KSC_SCMP_ARCH_ALL
 * @nr: as seccomp_rule_add() took it: this machine's own number whatever @scmp_arch is, or
 *	a pseudo number
 * @action: as for ksc_seccomp_rule()
 * @flags: as for ksc_seccomp_rule()
 *
 * As ksc_seccomp_rule(), for whoever has numbers and no names. A number that libseccomp
 * has no name for counts for this machine's own architecture alone, as in its filters.
 *
 * Since: 0.1
 * Return: as ksc_seccomp_rule().
 */
int ksc_seccomp_rule_added(struct ksc_policy *policy, uint32_t scmp_arch, int nr, uint32_t action,
			   unsigned int flags);

/**
 * ksc_seccomp_needs() - is there a use for an architecture's rules in the filter
 * @policy: the policy, made of the filter with all its architectures, with its knobs set, and
 *	told of all rules that the filter is going to get; or NULL
 * @scmp_arch: SCMP_ARCH_*, one of the filter's
 *
 * Where this boot does not offer x32, the program in front answers all of its numbers. A
 * runtime that finds so before it adds the first rule takes SCMP_ARCH_X32 from the filter
 * by seccomp_arch_remove(): of three architectures one less for libseccomp. Nothing gets
 * another answer by that, as long as nothing of the policy changes any more, and the program
 * comes from ksc_seccomp_export() or ksc_seccomp_program().
 *
 * Since: 0.1
 * Return: 0 if the filter can do without; 1 if not, or if that is not known.
 */
int ksc_seccomp_needs(const struct ksc_policy *policy, uint32_t scmp_arch);

/* ---- programs --------------------------------------------------------- */

/**
 * ksc_seccomp_program() - the program of a libseccomp filter, with the policy in front
 * @policy: the policy, or NULL for libseccomp's program alone
 * @ctx: the filter; it is not changed
 * @prog: receives the program, in this machine's byte order; free() releases it
 * @len: receives the number of instructions
 *
 * Since: 0.1
 * Return: 0; otherwise as ksc_seccomp_export(), with *@prog NULL.
 */
int ksc_seccomp_program(const struct ksc_policy *policy, const scmp_filter_ctx ctx,
			struct sock_filter **prog, size_t *len);

/**
 * ksc_seccomp_export() - export a libseccomp filter with the policy in front
 * @policy: the policy, or NULL for libseccomp's program alone
 * @ctx: the filter that the runtime has built; it is not changed
 * @fd: where the program goes: an array of struct sock_filter and nothing else,
 *	in the byte order of the filter's architectures
 *
 * Takes the place of seccomp_export_bpf(). A runtime that would call
 * seccomp_load() loads the program by seccomp(2) instead, with the flags that
 * it would have set as attributes of the filter.
 *
 * Since: 0.1
 * Return: 0; -E2BIG if both together exceed BPF_MAXINSNS; otherwise what
 * ksc_bpf_prefix(), seccomp_export_bpf(), memfd_create(2) or write(2) returned.
 * Nothing is written unless the program is complete.
 */
int ksc_seccomp_export(const struct ksc_policy *policy, const scmp_filter_ctx ctx, int fd);

#ifdef __cplusplus
}
#endif

#endif /* KSYSCALLS_SECCOMP_H */
