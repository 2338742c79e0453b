// SPDX-License-Identifier: GPL-2.0-only
/*
 * LoongArch: loong64. A 64-bit kernel runs no 32-bit programs, and entries have
 * no prefix. Until 6.10 the table was the generic one, expanded from the header
 * with the numbers.
 */
#include <linux/kernel.h>
#include <linux/unistd.h>

#include "../ksyscalls.h"

#ifndef CONFIG_64BIT
#error "ksyscalls knows LoongArch kernels of 64 bits only"
#endif

#undef __SYSCALL
#define __SYSCALL					KSC_ENTRY
#define __SYSCALL_WITH_COMPAT(nr, native, compat)	KSC_ENTRY(nr, native)

static const char *const loong64_entries[] __initconst = {
#ifdef KSC_HAVE_asm_syscall_table_64_h
#include <asm/syscall_table_64.h>
#else
#include <asm/unistd.h>
#endif
};

#define KSC_NAME(nr, name)	\
	{ nr, name },

static const struct ksc_abi_name loong64_names[] __initconst = {
#include "names_loong64.h"
};

static const char *const prefixes[] __initconst = { "", NULL };

static const char *const present[] __initconst = {
	"read", "write", "close", "getpid", "exit_group", NULL
};

static const char *const absent[] __initconst = {
	"sys_spu_run", "sys_rtas", "sys_subpage_prot", "sys_s390_pci_mmio_read", NULL
};

const struct ksc_abi_desc ksc_arch_abis[] __initconst = {
	{
		.name = "loong64",
		.audit_arch = AUDIT_ARCH_LOONGARCH64,
		.nr = ARRAY_SIZE(loong64_entries),
		.entries = loong64_entries,
		.prefixes = prefixes,
		.names = loong64_names,
		.nr_names = ARRAY_SIZE(loong64_names),
		.present = present,
		.absent = absent,
	},
};

const unsigned int ksc_arch_nr_abis __initconst = ARRAY_SIZE(ksc_arch_abis);

const struct ksc_gate ksc_arch_gates[] __initconst = {
	{ .name = "memfd_secret", .open = ksc_gate_ask, .what = "secretmem.enable=" },
};

const unsigned int ksc_arch_nr_gates __initconst = ARRAY_SIZE(ksc_arch_gates);
