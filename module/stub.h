/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The recogniser's interface. It is plain C on purpose: the same source is
 * compiled into the module and into the test that feeds it recorded code.
 */
#ifndef KSC_STUB_H
#define KSC_STUB_H

#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>
#else
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <linux/types.h>
typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s8 s8;
typedef __s16 s16;
typedef __s32 s32;
typedef __s64 s64;
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#endif

/**
 * enum ksc_code - what a syscall's entry turned out to be
 * @KSC_CODE_STUB: its whole effect is to return -ENOSYS
 * @KSC_CODE_BODY: it does something else
 * @KSC_CODE_UNKNOWN: unreadable, or not code of a shape that we know
 */
enum ksc_code {
	KSC_CODE_STUB,
	KSC_CODE_BODY,
	KSC_CODE_UNKNOWN,
};

/**
 * enum ksc_target - what a branch out of an entry leads to
 * @KSC_TARGET_OTHER: some function that matters
 * @KSC_TARGET_NI: a function that only answers -ENOSYS (sys_ni_syscall)
 * @KSC_TARGET_RETURN: a return thunk: going there is returning
 * @KSC_TARGET_NOP: instrumentation that leaves the return value alone
 * @KSC_TARGET_PATCH: no code of the kernel's own: an optimised kprobe's, which
 *	stands for instructions that we do not see
 */
enum ksc_target {
	KSC_TARGET_OTHER,
	KSC_TARGET_NI,
	KSC_TARGET_RETURN,
	KSC_TARGET_NOP,
	KSC_TARGET_PATCH,
};

/**
 * enum ksc_branch - what a branch out of an entry does
 * @KSC_BRANCH_NOP: nothing, the entry goes on
 * @KSC_BRANCH_RETURN: it returns
 * @KSC_BRANCH_ENOSYS: a result of -ENOSYS, its whole effect
 * @KSC_BRANCH_BODY: something else
 * @KSC_BRANCH_UNKNOWN: that cannot be told
 */
enum ksc_branch {
	KSC_BRANCH_NOP,
	KSC_BRANCH_RETURN,
	KSC_BRANCH_ENOSYS,
	KSC_BRANCH_BODY,
	KSC_BRANCH_UNKNOWN,
};

#define KSC_MAX_INSNS	24	/* of a function: several times the longest stub */
#define KSC_MAX_DEPTH	4	/* wrapper, inner function, sys_ni_syscall and one more */

/**
 * struct ksc_reader - how the recogniser looks at the kernel
 * @read: copy @len bytes of code at @addr; 0, or -EFAULT and nothing copied
 * @target: say what the function at @addr is
 * @ftrace: functions start with a patchable call site for the tracer
 * @bits: of a register: 32 or 64
 */
struct ksc_reader {
	int (*read)(unsigned long addr, void *buf, size_t len);
	enum ksc_target (*target)(unsigned long addr);
	bool ftrace;
	unsigned int bits;
};

/**
 * ksc_classify() - decide whether a syscall entry does nothing but fail
 * @r: access to the code
 * @addr: the entry's first instruction
 *
 * One implementation per architecture, in arch/<arch>_stub.c.
 */
enum ksc_code ksc_classify(const struct ksc_reader *r, unsigned long addr);

/* The code of one function; an architecture's ksc_classify() starts with it. */
typedef enum ksc_code ksc_walk(const struct ksc_reader *r, unsigned long addr, unsigned int depth);

/**
 * ksc_follow() - look at where a branch goes
 * @r: access to the code
 * @addr: its target
 * @call: it comes back
 * @depth: of the function that branches
 * @walk: the recogniser
 */
enum ksc_branch ksc_follow(const struct ksc_reader *r, unsigned long addr, bool call,
			   unsigned int depth, ksc_walk *walk);

/**
 * ksc_name_target() - recognise a branch target by its name
 * @name: the symbol
 *
 * Knows what all architectures share and asks ksc_arch_target() for the rest.
 */
enum ksc_target ksc_name_target(const char *name);

/**
 * ksc_arch_target() - recognise an architecture's own thunks by name
 * @name: the symbol
 */
enum ksc_target ksc_arch_target(const char *name);

#endif /* KSC_STUB_H */
