// SPDX-License-Identifier: GPL-2.0-only
/*
 * 32-bit arm: the EABI, and the private calls of arm.
 *
 * The old ABI has numbers of its own (base 0x900000), but no seccomp: a kernel
 * that offers it (CONFIG_OABI_COMPAT) has no seccomp filters.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include <asm/unistd.h>

#include "../ksyscalls.h"

#ifndef CONFIG_AEABI
#error "ksyscalls needs a kernel with CONFIG_AEABI: the old ABI has no seccomp filters"
#endif

/* The first two were the spelling of the generated table until 5.16. */
#define NATIVE						KSC_ENTRY
#define COMPAT(nr, native, compat)			KSC_ENTRY(nr, native)
#define __SYSCALL					KSC_ENTRY
#define __SYSCALL_WITH_COMPAT(nr, native, compat)	KSC_ENTRY(nr, native)
static const char arm_entries[][KSC_SYMBOL_LEN] __initconst = {
#include <calls-eabi.S>
};

#undef __SYSCALL_WITH_COMPAT
#undef __SYSCALL
#undef COMPAT
#undef NATIVE

static const struct ksc_abi_name arm_names[] __initconst = {
#include "names_arm.h"
};

/*
 * Calls without a table: arm_syscall() answers -ENOSYS up to 0xf07ff for what
 * it does not know. Number 0 has no name; it raises SIGSEGV, as a branch to
 * address 0 should. usr26 and usr32 raise SIGILL where there is no 26-bit mode.
 */
#define PRIVATE(call)		(__ARM_NR_##call - __ARM_NR_BASE)

static const char arm_private_entries[][KSC_SYMBOL_LEN] __initconst = {
	[0] = "arm_syscall",
	[PRIVATE(breakpoint)] = "arm_syscall",
	[PRIVATE(cacheflush)] = "arm_syscall",
	[PRIVATE(usr26)] = "arm_syscall",
	[PRIVATE(usr32)] = "arm_syscall",
	[PRIVATE(set_tls)] = "arm_syscall",
	[PRIVATE(get_tls)] = "arm_syscall",
};

static const struct ksc_abi_name arm_private_names[] __initconst = {
	{ PRIVATE(breakpoint), "breakpoint" },
	{ PRIVATE(cacheflush), "cacheflush" },
	{ PRIVATE(usr26), "usr26" },
	{ PRIVATE(usr32), "usr32" },
	{ PRIVATE(set_tls), "set_tls" },
	{ PRIVATE(get_tls), "get_tls" },
};

const struct ksc_abi_desc ksc_arch_abis[] __initconst = {
	KSC_ABI(arm, AUDIT_ARCH_ARM),
	KSC_ABI(arm_private, AUDIT_ARCH_ARM, .base = __ARM_NR_BASE, .one_entry = true,
		.present = "breakpoint cacheflush set_tls"),
	{ }
};

const struct ksc_gate ksc_arch_gates[] __initconst = {
	KSC_MEMFD_SECRET_GATE,
	{ }
};
