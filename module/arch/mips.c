// SPDX-License-Identifier: GPL-2.0-only
/*
 * MIPS: mips64 (n64), mipsn32 and mips (o32) on a 64-bit kernel, mips alone on
 * a 32-bit one. Entries have no prefix. The dispatcher tells the ABIs apart by
 * the number alone, each has its own thousand.
 */
#include <linux/kernel.h>
#include <linux/unistd.h>

#include "../ksyscalls.h"

#ifdef CONFIG_CPU_LITTLE_ENDIAN
#define MIPS_ARCH(arch)	((arch) | __AUDIT_ARCH_LE)
#else
#define MIPS_ARCH(arch)	(arch)
#endif

#define __SYSCALL	KSC_ENTRY

#define KSC_NAME(nr, name)	\
	{ nr, name },

#ifdef CONFIG_64BIT
static const char *const mips64_entries[] __initconst = {
#include <asm/syscall_table_n64.h>
};

static const struct ksc_abi_name mips64_names[] __initconst = {
#include "names_mips64.h"
};
#endif

#ifdef CONFIG_MIPS32_N32
static const char *const mipsn32_entries[] __initconst = {
#include <asm/syscall_table_n32.h>
};

static const struct ksc_abi_name mipsn32_names[] __initconst = {
#include "names_mipsn32.h"
};
#endif

#if defined(CONFIG_32BIT) || defined(CONFIG_MIPS32_O32)
#ifdef CONFIG_32BIT
#define __SYSCALL_WITH_COMPAT(nr, native, compat)	KSC_ENTRY(nr, native)
#else
#define __SYSCALL_WITH_COMPAT(nr, native, compat)	KSC_ENTRY(nr, compat)
#endif
static const char *const mips_entries[] __initconst = {
#include <asm/syscall_table_o32.h>
};

static const struct ksc_abi_name mips_names[] __initconst = {
#include "names_mips.h"
};
#endif

static const char *const prefixes[] __initconst = { "", NULL };

static const char *const present[] __initconst = {
	"read", "write", "close", "getpid", "exit_group", NULL
};

static const char *const absent[] __initconst = {
	"sys_spu_run", "sys_rtas", "sys_subpage_prot", "sys_s390_pci_mmio_read", NULL
};

const struct ksc_abi_desc ksc_arch_abis[] __initconst = {
#ifdef CONFIG_64BIT
	{
		.name = "mips64",
		.audit_arch = MIPS_ARCH(AUDIT_ARCH_MIPS64),
		.base = __NR_64_Linux,
		.nr = ARRAY_SIZE(mips64_entries),
		.entries = mips64_entries,
		.prefixes = prefixes,
		.names = mips64_names,
		.nr_names = ARRAY_SIZE(mips64_names),
		.present = present,
		.absent = absent,
	},
#endif
#ifdef CONFIG_MIPS32_N32
	{
		.name = "mipsn32",
		.audit_arch = MIPS_ARCH(AUDIT_ARCH_MIPS64N32),
		.base = __NR_N32_Linux,
		.nr = ARRAY_SIZE(mipsn32_entries),
		.entries = mipsn32_entries,
		.prefixes = prefixes,
		.names = mipsn32_names,
		.nr_names = ARRAY_SIZE(mipsn32_names),
		.present = present,
		.absent = absent,
	},
#endif
#if defined(CONFIG_32BIT) || defined(CONFIG_MIPS32_O32)
	{
		.name = "mips",
		.audit_arch = MIPS_ARCH(AUDIT_ARCH_MIPS),
		.base = __NR_O32_Linux,
		.nr = ARRAY_SIZE(mips_entries),
		.entries = mips_entries,
		.prefixes = prefixes,
		.names = mips_names,
		.nr_names = ARRAY_SIZE(mips_names),
		.present = present,
		.absent = absent,
	},
#endif
};

const unsigned int ksc_arch_nr_abis __initconst = ARRAY_SIZE(ksc_arch_abis);

const struct ksc_gate ksc_arch_gates[] __initconst = {
	{ .name = "memfd_secret", .open = ksc_gate_ask, .what = "secretmem.enable=" },
};

const unsigned int ksc_arch_nr_gates __initconst = ARRAY_SIZE(ksc_arch_gates);
