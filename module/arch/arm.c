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
static const char *const arm_entries[] __initconst = {
#include <calls-eabi.S>
};

#undef __SYSCALL_WITH_COMPAT
#undef __SYSCALL
#undef COMPAT
#undef NATIVE

#define KSC_NAME(nr, name)	\
	{ nr, name },

static const struct ksc_abi_name arm_names[] __initconst = {
#include "names_arm.h"
};

#undef KSC_NAME

/*
 * Calls without a table: arm_syscall() answers -ENOSYS up to 0xf07ff for what
 * it does not know. Number 0 has no name; it raises SIGSEGV, as a branch to
 * address 0 should. usr26 and usr32 raise SIGILL where there is no 26-bit mode.
 */
#define PRIVATE(call)		(__ARM_NR_##call - __ARM_NR_BASE)

static const char *const arm_private_entries[] __initconst = {
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

/* No wrappers here, and an absent syscall is an alias of sys_ni_syscall(). */
static const char *const prefixes[] __initconst = { "", NULL };

static const char *const present[] __initconst = {
	"read", "write", "close", "getpid", "exit_group", NULL
};

static const char *const private_present[] __initconst = {
	"breakpoint", "cacheflush", "set_tls", NULL
};

static const char *const absent[] __initconst = {
	"sys_spu_run", "sys_rtas", "sys_subpage_prot", "sys_s390_pci_mmio_read", "sys_vm86", NULL
};

static const char *const private_absent[] __initconst = { NULL };

const struct ksc_abi_desc ksc_arch_abis[] __initconst = {
	{
		.name = "arm",
		.audit_arch = AUDIT_ARCH_ARM,
		.nr = ARRAY_SIZE(arm_entries),
		.entries = arm_entries,
		.prefixes = prefixes,
		.names = arm_names,
		.nr_names = ARRAY_SIZE(arm_names),
		.present = present,
		.absent = absent,
	}, {
		.name = "arm_private",
		.audit_arch = AUDIT_ARCH_ARM,
		.base = __ARM_NR_BASE,
		.nr = ARRAY_SIZE(arm_private_entries),
		.entries = arm_private_entries,
		.prefixes = prefixes,
		.names = arm_private_names,
		.nr_names = ARRAY_SIZE(arm_private_names),
		.present = private_present,
		.absent = private_absent,
	},
};

const unsigned int ksc_arch_nr_abis __initconst = ARRAY_SIZE(ksc_arch_abis);

/* Nothing here can be switched off at boot. */
const struct ksc_gate ksc_arch_gates[] __initconst = { };
const unsigned int ksc_arch_nr_gates __initconst;
