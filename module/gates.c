// SPDX-License-Identifier: GPL-2.0-only
/*
 * Switches that turn a syscall off although its code is there, on whatever
 * architecture.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/ptrace.h>
#include <linux/string.h>

#include "compat.h"
#include "ksyscalls.h"

#ifdef CONFIG_ARCH_HAS_SYSCALL_WRAPPER
typedef long ksc_entry_fn(const struct pt_regs *regs);
#else
typedef long ksc_entry_fn(unsigned long arg0);
#endif

/* Only for its type. */
extern ksc_entry_fn ksc_entry;
DEFINE_STATIC_CALL_NULL(ksc_ask, ksc_entry);

/**
 * ksc_gate_ask() - call a syscall and see whether it is switched off
 * @entry: address of its entry
 *
 * Only for a syscall that first looks at its switch and then rejects all-ones
 * arguments before it does anything. A static call for the reason given in
 * resolve.c.
 *
 * Return: 1 if it is on, 0 if it answered -ENOSYS.
 */
int __init __nocfi ksc_gate_ask(unsigned long entry)
{
	long ret;
#ifdef CONFIG_ARCH_HAS_SYSCALL_WRAPPER
	struct pt_regs regs;

	/* Whatever register the ABI passes an argument in, it is all ones. */
	memset(&regs, 0xff, sizeof(regs));
	ksc_call_update(ksc_ask, ksc_entry, entry);
	ret = static_call(ksc_ask)(&regs);
#else
	ksc_call_update(ksc_ask, ksc_entry, entry);
	ret = static_call(ksc_ask)(~0UL);
#endif
	return ret != -ENOSYS;
}
