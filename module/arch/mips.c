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

#ifdef CONFIG_64BIT
static const char mips64_entries[][KSC_SYMBOL_LEN] __initconst = {
#include <asm/syscall_table_n64.h>
};

static const struct ksc_abi_name mips64_names[] __initconst = {
#include "names_mips64.h"
};
#endif

#ifdef CONFIG_MIPS32_N32
static const char mipsn32_entries[][KSC_SYMBOL_LEN] __initconst = {
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
static const char mips_entries[][KSC_SYMBOL_LEN] __initconst = {
#include <asm/syscall_table_o32.h>
};

static const struct ksc_abi_name mips_names[] __initconst = {
#include "names_mips.h"
};
#endif

const struct ksc_abi_desc ksc_arch_abis[] __initconst = {
#ifdef CONFIG_64BIT
	KSC_ABI(mips64, MIPS_ARCH(AUDIT_ARCH_MIPS64), .base = __NR_64_Linux),
#endif
#ifdef CONFIG_MIPS32_N32
	KSC_ABI(mipsn32, MIPS_ARCH(AUDIT_ARCH_MIPS64N32), .base = __NR_N32_Linux),
#endif
#if defined(CONFIG_32BIT) || defined(CONFIG_MIPS32_O32)
	KSC_ABI(mips, MIPS_ARCH(AUDIT_ARCH_MIPS), .base = __NR_O32_Linux),
#endif
	{ }
};

const struct ksc_gate ksc_arch_gates[] __initconst = {
	KSC_MEMFD_SECRET_GATE,
	{ }
};
