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
typedef __s8 s8;
typedef __s16 s16;
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
 * Knows what all architectures share and ksc_arch_targets for the rest.
 */
enum ksc_target ksc_name_target(const char *symbol);

/* ---- what an architecture says (arch/<arch>_stub.c) -------------------- */

/* Of a function, from its start: several times the longest stub. */
#define KSC_TEXT	96

/**
 * struct ksc_text - the code of a function, as it was at one time
 * @r: where it comes from
 * @addr: of its first byte
 * @len: bytes in @code; less than there is room for if the rest is unreadable
 * @code: the code
 */
struct ksc_text {
	const struct ksc_reader *r;
	unsigned long addr;
	size_t len;
	u8 code[KSC_TEXT];
};

/**
 * enum ksc_kind - what an instruction does
 * @KSC_OTHER: anything else: the function does something
 * @KSC_NOP: nothing that outlives the function, but for what it returns
 * @KSC_CALL: calls a function
 * @KSC_JUMP: goes there for good
 * @KSC_RETURN: returns
 * @KSC_NO_CODE: unreadable, a breakpoint that hides the instruction, padding
 */
enum ksc_kind {
	KSC_OTHER,
	KSC_NOP,
	KSC_CALL,
	KSC_JUMP,
	KSC_RETURN,
	KSC_NO_CODE,
};

/**
 * struct ksc_insn - an instruction
 * @kind: what it does
 * @len: its bytes
 * @sets: the value to be returned becomes @value before anything else happens
 * @value: 0 if it is not known, which is no error either
 * @target: of a call or jump
 */
struct ksc_insn {
	enum ksc_kind kind;
	size_t len;
	bool sets;
	s64 value;
	unsigned long target;
};

/**
 * struct ksc_frame - what a function owes its caller, for decoders that check it
 * @pending: something was moved or saved and is not back yet
 * @sp: the stack pointer, counted from its value at the entry
 * @at: where a register was saved, counted likewise; 0: nowhere
 * @lost: it has another value now
 */
struct ksc_frame {
	int pending;
	s64 sp;
	s64 at[2];
	bool lost[2];
};

/**
 * ksc_arch_decode() - read one instruction
 * @t: a function's code
 * @at: where in @t->code; not beyond its end
 * @frame: zeroed at the function's start, then the decoder's own
 */
struct ksc_insn ksc_arch_decode(const struct ksc_text *t, size_t at, struct ksc_frame *frame);

/**
 * ksc_arch_entry() - how much of a function's start is not its own code
 * @t: its code
 *
 * That is a landing pad, the set-up of a register and, if @t->r->ftrace, the
 * tracer's call site, whatever is patched in there and wherever it calls.
 *
 * Return: bytes to skip; 0 where ksc_arch_decode() can read all there is.
 */
size_t ksc_arch_entry(const struct ksc_text *t);

/* Thunks and tracers of an architecture by their names, or "*" and how they end. */
struct ksc_named {
	char name[32];
	enum ksc_target target;
};

extern const struct ksc_named ksc_arch_targets[];
extern const size_t ksc_arch_nr_targets;

/* ---- for them (stub.c) ------------------------------------------------- */

/**
 * struct ksc_pattern - an instruction, or all that differ in operands alone
 * @value: its bits
 * @mask: those that count
 * @kind: what it does
 * @operand: the decoder's own: how to read the rest of the bits
 */
struct ksc_pattern {
	u32 value;
	u32 mask;
	u8 kind;
	u8 operand;
};

/**
 * ksc_match() - look an instruction up
 * @patterns: the first that fits counts
 * @n: how many
 * @code: the instruction
 *
 * Return: never NULL: for none that fits, one of KSC_OTHER.
 */
const struct ksc_pattern *ksc_match(const struct ksc_pattern *patterns, size_t n, u32 code);

/**
 * ksc_load() - read an instruction's bits
 * @t: a function's code
 * @at: where in @t->code
 * @len: bytes, at most 4
 * @big: the byte order is big-endian
 * @code: receives them
 *
 * Return: false if they are not all there.
 */
bool ksc_load(const struct ksc_text *t, size_t at, size_t len, bool big, u32 *code);

/* The byte order of data: of code, too, on some. Recorded code is little-endian. */
#if defined(__KERNEL__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define KSC_BIG_ENDIAN	true
#else
#define KSC_BIG_ENDIAN	false
#endif

static inline s64 ksc_sign_extend(u32 value, unsigned int bits)
{
	return (s32)(value << (32 - bits)) >> (32 - bits);
}

#endif /* KSC_STUB_H */
