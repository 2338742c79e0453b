// SPDX-License-Identifier: GPL-2.0-only
/*
 * arm64: arm64, and for AArch32 programs arm and the private calls of arm.
 *
 * Since 6.11 the tables are generated, as elsewhere. Until then arm64's was
 * the generic one, expanded from the header with the numbers, and arm's was a
 * hand-written header of the same kind.
 */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/kernfs.h>
#include <linux/static_call.h>
#include <linux/string.h>
#include <asm/cpufeature.h>
#include <asm/unistd.h>

#include "../ksyscalls.h"

/* As in the kernel's table: arm64 refuses 32-bit personalities at times. */
#define sys_personality		sys_arm64_personality

#undef __SYSCALL
#define __SYSCALL	KSC_ENTRY

#define KSC_NAME(nr, name)	\
	{ nr, name },

#define __SYSCALL_WITH_COMPAT(nr, native, compat)	KSC_ENTRY(nr, native)
static const char *const arm64_entries[] __initconst = {
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
static const char *const arm_entries[] __initconst = {
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

static const char *const arm_private_entries[] __initconst = {
	[PRIVATE(cacheflush)] = "compat_arm_syscall",
	[PRIVATE(set_tls)] = "compat_arm_syscall",
};

static const struct ksc_abi_name arm_private_names[] __initconst = {
	{ PRIVATE(cacheflush), "cacheflush" },
	{ PRIVATE(set_tls), "set_tls" },
};
#else
/* Published all the same, but always empty. */
static const char *const arm_entries[1] __initconst;
static const char *const arm_private_entries[1] __initconst;
static const struct ksc_abi_name arm_names[] __initconst = { };
static const struct ksc_abi_name arm_private_names[] __initconst = { };
#endif
#undef KSC_NAME

static const char *const prefixes[] __initconst = { "__arm64_", NULL };
static const char *const private_prefixes[] __initconst = { "", NULL };

static const char *const present[] __initconst = {
	"read", "write", "close", "getpid", "exit_group", NULL
};

static const char *const private_present[] __initconst = {
	"cacheflush", "set_tls", NULL
};

static const char *const absent[] __initconst = {
	"sys_spu_run", "sys_rtas", "sys_subpage_prot", "sys_s390_pci_mmio_read", "sys_vm86", NULL
};

static const char *const private_absent[] __initconst = { NULL };

const struct ksc_abi_desc ksc_arch_abis[] __initconst = {
	{
		.name = "arm64",
		.audit_arch = AUDIT_ARCH_AARCH64,
		.nr = ARRAY_SIZE(arm64_entries),
		.entries = arm64_entries,
		.prefixes = prefixes,
		.names = arm64_names,
		.nr_names = ARRAY_SIZE(arm64_names),
		.present = present,
		.absent = absent,
	}, {
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
		.base = 0xf0000,
		.nr = ARRAY_SIZE(arm_private_entries),
		.entries = arm_private_entries,
		.prefixes = private_prefixes,
		.names = arm_private_names,
		.nr_names = ARRAY_SIZE(arm_private_names),
		.present = private_present,
		.absent = private_absent,
	},
};

const unsigned int ksc_arch_nr_abis __initconst = ARRAY_SIZE(ksc_arch_abis);

#ifdef CONFIG_COMPAT
/* Only for its type; not every kernel has it, none exports it. */
extern const struct cpumask *ksc_aarch32_cpus_fn(void);
DEFINE_STATIC_CALL_NULL(ksc_aarch32_cpus, ksc_aarch32_cpus_fn);

/* The kernel shows which CPUs run AArch32 if it was told that they may differ. */
static bool __init cpus_may_differ(void)
{
	struct device *cpu = get_cpu_device(0);
	struct kernfs_node *file;

	if (!cpu)
		return false;

	file = kernfs_find_and_get(cpu->kobj.parent->sd, "aarch32_el0");
	if (!file)
		return false;
	kernfs_put(file);
	return true;
}

/*
 * What all CPUs can, arm64.no32bit_el0 included, is in the sanitised register.
 * With allow_mismatched_32bit_el0 one capable CPU is enough, and the first of
 * them may still have to come up.
 */
static int __init aarch32_open(unsigned long entry)
{
	unsigned long addr;

	if (id_aa64pfr0_32bit_el0(read_sanitised_ftr_reg(SYS_ID_AA64PFR0_EL1)))
		return 1;
	if (!cpus_may_differ())
		return 0;

	addr = ksc_resolve("system_32bit_el0_cpumask");
	if (!addr)
		return -ENODATA;
	static_call_update(ksc_aarch32_cpus, (typeof(ksc_aarch32_cpus_fn) *)addr);
	if (!cpumask_empty(static_call(ksc_aarch32_cpus)()))
		return 1;

	return num_online_cpus() < num_possible_cpus() ? -ENODATA : 0;
}
#else
static int __init aarch32_open(unsigned long entry)
{
	return 0;
}
#endif

#define AARCH32_SWITCHES \
	"CONFIG_COMPAT, AArch32 at EL0, arm64.no32bit_el0, allow_mismatched_32bit_el0"

const struct ksc_gate ksc_arch_gates[] __initconst = {
	{ .abi = "arm", .open = aarch32_open, .what = AARCH32_SWITCHES },
	{ .abi = "arm_private", .open = aarch32_open, .what = AARCH32_SWITCHES },
	{ .name = "memfd_secret", .open = ksc_gate_ask, .what = "secretmem.enable=" },
};

const unsigned int ksc_arch_nr_gates __initconst = ARRAY_SIZE(ksc_arch_gates);
