/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The recogniser's interface. It is plain C on purpose: the same source is
 * compiled into the module and into the test that feeds it recorded code.
 */
#ifndef KSC_STUB_H
#define KSC_STUB_H

#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/init.h>
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
typedef __s32 s32;
typedef __s64 s64;
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#endif

/* ---- for those who ask (stub.c) ---------------------------------------- */

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
 * enum ksc_target - what a branch leads to
 * @KSC_TARGET_OTHER: some function that matters
 * @KSC_TARGET_NI: a function that only answers -ENOSYS (sys_ni_syscall)
 * @KSC_TARGET_RETURN: a return thunk: going there is returning
 * @KSC_TARGET_TRACER: a tracer or kcov, which leaves the return value alone
 * @KSC_TARGET_PATCH: no code of the kernel's own: an optimised kprobe's, which
 *	stands for instructions that we do not see, or a tracer's
 */
enum ksc_target {
	KSC_TARGET_OTHER,
	KSC_TARGET_NI,
	KSC_TARGET_RETURN,
	KSC_TARGET_TRACER,
	KSC_TARGET_PATCH,
};

/**
 * struct ksc_reader - how the recogniser looks at the kernel
 * @read: copy @len bytes of code at @addr; 0, or -EFAULT and nothing copied
 * @target: say what is at @addr, by ksc_name_target()
 * @ftrace: functions start with a patchable call site for the tracer
 * @thumb: the code is T32 (arm)
 * @bits: of a register: 32 or 64
 * @no_syscall: the machine's ENOSYS
 */
struct ksc_reader {
	int (*read)(unsigned long addr, void *buf, size_t len);
	enum ksc_target (*target)(unsigned long addr);
	bool ftrace;
	bool thumb;
	unsigned int bits;
	int no_syscall;
};

/**
 * ksc_classify() - decide whether a syscall entry does nothing but fail
 * @r: access to the code
 * @addr: the entry's first instruction
 */
enum ksc_code ksc_classify(const struct ksc_reader *r, unsigned long addr);

/**
 * ksc_name_target() - recognise a branch target by its symbol
 * @symbol: as sprint_symbol() writes it
 *
 * Knows what all architectures share and the architecture's own names.
 */
enum ksc_target ksc_name_target(const char *symbol);

/* ---- what an architecture says (arch/<arch>_stub.c) -------------------- */

/**
 * enum ksc_kind - what an instruction does
 * @KSC_OTHER: anything else: the function does something
 * @KSC_NOP: nothing that outlives the function, but for its effect
 * @KSC_PAD: likewise, in front of the tracer's site and nowhere else
 * @KSC_SITE: the tracer's site: a function's start, but for pads, whatever is
 *	patched in there and wherever it calls
 * @KSC_CALL: calls a function
 * @KSC_JUMP: goes there for good
 * @KSC_RETURN: returns
 * @KSC_NO_CODE: unreadable, a breakpoint that hides the instruction, padding
 */
enum ksc_kind {
	KSC_OTHER,
	KSC_NOP,
	KSC_PAD,
	KSC_SITE,
	KSC_CALL,
	KSC_JUMP,
	KSC_RETURN,
	KSC_NO_CODE,
};

/**
 * enum ksc_effect - what an instruction changes besides
 * @KSC_NONE: nothing
 * @KSC_SET: the value to be returned, to its operand; without one, to anything
 * @KSC_SET_LOW: likewise the lower 32 bits, and the others to zero
 * @KSC_PUSH: saves or moves something, which
 * @KSC_PULL: brings back; before a return there are as many of the one as of the other
 * @KSC_STACK: adds its operand to the stack pointer
 * @KSC_SAVE_RA: the return address is saved, its operand beyond the stack pointer
 * @KSC_SAVE_FP: likewise the frame pointer
 * @KSC_LOAD_RA: the return address is loaded from there
 * @KSC_LOAD_FP: likewise the frame pointer
 * @KSC_LOSE_RA: the register of the return address has another value now
 * @KSC_LOSE_FP: likewise that of the frame pointer
 */
enum ksc_effect {
	KSC_NONE,
	KSC_SET,
	KSC_SET_LOW,
	KSC_PUSH,
	KSC_PULL,
	KSC_STACK,
	KSC_SAVE_RA,
	KSC_SAVE_FP,
	KSC_LOAD_RA,
	KSC_LOAD_FP,
	KSC_LOSE_RA,
	KSC_LOSE_FP,
};

/**
 * enum ksc_sign - how bits count
 * @KSC_UNSIGNED: as they are
 * @KSC_SIGNED: the highest is negative
 * @KSC_NEGATED: what they are without a sign is subtracted
 */
enum ksc_sign {
	KSC_UNSIGNED,
	KSC_SIGNED,
	KSC_NEGATED,
};

/**
 * struct ksc_field - some bits of an instruction that are some of its operand
 * @from: the lowest of them in the instruction
 * @bits: how many
 * @to: the lowest of them in the operand
 * @sign: of enum ksc_sign
 */
struct ksc_field {
	u8 from;
	u8 bits;
	u8 to;
	u8 sign;
};

/**
 * struct ksc_operand - a constant or a place that an instruction names
 * @fields: their sum counts; ended by one without bits
 * @bias: added to it
 * @region: a place is within 2 to the power of this, where the bias leads to
 */
struct ksc_operand {
	struct ksc_field fields[9];
	s32 bias;
	u8 region;
};

/**
 * struct ksc_pattern - an instruction, or all that differ in operands alone
 * @len: its bytes; of several instructions where they belong together, but for
 *	what follows and only has to fit
 * @value: its first eight bytes, the first one lowest, see struct ksc_arch
 * @mask: the bits that count
 * @kind: what it does, of enum ksc_kind
 * @effect: and changes, of enum ksc_effect
 * @operand: the constant, or where a call or jump leads, counted from here; for
 *	a site that is the tracer's only if &ksc_arch.is_tracers says so
 */
struct ksc_pattern {
	u8 len;
	u64 value;
	u64 mask;
	u8 kind;
	u8 effect;
	const struct ksc_operand *operand;
};

/* Two words in a row. */
#define KSC_PAIR(first, second)	((first) | (u64)(second) << 32)

/* Thunks and tracers by their names, or "*" and how they end. */
struct ksc_named {
	char name[32];
	enum ksc_target target;
};

/**
 * struct ksc_arch - how code reads
 * @patterns: the first that fits counts; ended by one without length
 * @t32: likewise, for &ksc_reader.thumb
 * @longest: the bytes of the longest instruction
 * @swap: bytes of a unit of code, less one, if its byte order is big-endian
 * @delay_slot: what follows a call, jump or return takes effect before it does
 * @is_tracers: whether a site's code, which goes to @target and would come back
 *	to @back, is the tracer's; optional
 * @names: of functions that only this architecture has; ended by an empty one;
 *	optional
 */
struct ksc_arch {
	const struct ksc_pattern *patterns;
	const struct ksc_pattern *t32;
	u8 longest;
	u8 swap;
	bool delay_slot;
	bool (*is_tracers)(const struct ksc_reader *r, u64 code, unsigned long target,
			   unsigned long back);
	const struct ksc_named *names;
};

extern const struct ksc_arch ksc_arch;

/* Where code is words in the byte order of data. Recorded code is little-endian. */
#if defined(__KERNEL__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define KSC_SWAP_WORDS	3
#else
#define KSC_SWAP_WORDS	0
#endif

#endif /* KSC_STUB_H */
