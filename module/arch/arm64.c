// SPDX-License-Identifier: GPL-2.0-only
/*
 * arm64: arm64, and for AArch32 programs arm and the private calls of arm.
 *
 * Since 6.11 the tables are generated, as elsewhere. Until then arm64's was
 * the generic one, expanded from the header with the numbers, and arm's was a
 * hand-written header of the same kind.
 */
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <asm/cpufeature.h>
#include <asm/unistd.h>

#include "../compat.h"
#include "../ksyscalls.h"

/* As in the kernel's table: arm64 refuses 32-bit personalities at times. */
#define sys_personality		sys_arm64_personality

#undef __SYSCALL
#define __SYSCALL	KSC_ENTRY

#define __SYSCALL_WITH_COMPAT(nr, native, compat)	KSC_ENTRY(nr, native)
static const char arm64_entries[][KSC_SYMBOL_LEN] __initconst = {
#ifdef KSC_HAVE_asm_syscall_table_64_h
#include <asm/syscall_table_64.h>
#else
#include <asm/unistd.h>
#endif
};

#undef __SYSCALL_WITH_COMPAT

static const struct ksc_abi_name arm64_names[] __initconst = {
#include "names_arm64.h"
};

#undef sys_personality

#ifdef CONFIG_COMPAT
#define __SYSCALL_WITH_COMPAT(nr, native, compat)	KSC_ENTRY(nr, compat)
static const char arm_entries[][KSC_SYMBOL_LEN] __initconst = {
#ifdef KSC_HAVE_asm_syscall_table_64_h
#include <asm/syscall_table_32.h>
#else
#include "arm64_table32.h"
#endif
};

#undef __SYSCALL_WITH_COMPAT

static const struct ksc_abi_name arm_names[] __initconst = {
#include "names_arm.h"
};

/*
 * Calls without a table: what compat_arm_syscall() does not know it answers
 * with -ENOSYS, or with SIGILL above the numbers that the header reserves. The
 * calls that only a 32-bit kernel needs (breakpoint, usr26, usr32, get_tls)
 * are not among those it knows.
 */
#define PRIVATE(call)		(__ARM_NR_compat_##call - __ARM_NR_COMPAT_BASE)

static const char arm_private_entries[][KSC_SYMBOL_LEN] __initconst = {
	[PRIVATE(cacheflush)] = "compat_arm_syscall",
	[PRIVATE(set_tls)] = "compat_arm_syscall",
};

static const struct ksc_abi_name arm_private_names[] __initconst = {
	{ PRIVATE(cacheflush), "cacheflush" },
	{ PRIVATE(set_tls), "set_tls" },
};
#else
/* Published all the same, but always empty. */
static const char arm_entries[1][KSC_SYMBOL_LEN] __initconst;
static const char arm_private_entries[1][KSC_SYMBOL_LEN] __initconst;
static const struct ksc_abi_name arm_names[] __initconst = { };
static const struct ksc_abi_name arm_private_names[] __initconst = { };
#endif
const struct ksc_abi_desc ksc_arch_abis[] __initconst = {
	KSC_ABI(arm64, AUDIT_ARCH_AARCH64, .prefixes = { "__arm64_" }),
	KSC_ABI(arm, AUDIT_ARCH_ARM, .prefixes = { "__arm64_" }),
	KSC_ABI(arm_private, AUDIT_ARCH_ARM, .base = 0xf0000, .one_entry = true,
		.present = "cacheflush set_tls"),
	{ }
};

#if defined(CONFIG_COMPAT) && defined(KSC_KNOWS_system_32bit_el0_cpumask)
DEFINE_STATIC_CALL_NULL(ksc_aarch32_cpus, system_32bit_el0_cpumask);

/*
 * With allow_mismatched_32bit_el0 one capable CPU is enough, and the first of
 * them may still have to come up; whether that was given, the kernel keeps to
 * itself.
 */
static int __init __nocfi aarch32_open(unsigned long entry)
{
	unsigned long addr = ksc_resolve("system_32bit_el0_cpumask");

	if (!addr)
		return -ENODATA;
	ksc_call_update(ksc_aarch32_cpus, system_32bit_el0_cpumask, addr);
	if (!cpumask_empty(static_call(ksc_aarch32_cpus)()))
		return 1;

	return num_online_cpus() < num_possible_cpus() ? -ENODATA : 0;
}
#else
/* Until 5.14 all CPUs had to be alike. */
static int __init aarch32_open(unsigned long entry)
{
	return IS_ENABLED(CONFIG_COMPAT) && system_supports_32bit_el0();
}
#endif

#define AARCH32_SWITCHES \
	"CONFIG_COMPAT, AArch32 at EL0, arm64.no32bit_el0, allow_mismatched_32bit_el0"

const struct ksc_gate ksc_arch_gates[] __initconst = {
	{ .abi = "arm", .open = aarch32_open, .what = AARCH32_SWITCHES },
	{ .abi = "arm_private", .open = aarch32_open, .what = AARCH32_SWITCHES },
	KSC_MEMFD_SECRET_GATE,
	{ }
};
