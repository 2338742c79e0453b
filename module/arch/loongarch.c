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

static const char loong64_entries[][KSC_SYMBOL_LEN] __initconst = {
#ifdef KSC_HAVE_asm_syscall_table_64_h
#include <asm/syscall_table_64.h>
#else
#include <asm/unistd.h>
#endif
};

static const struct ksc_abi_name loong64_names[] __initconst = {
#include "names_loong64.h"
};

const struct ksc_abi_desc ksc_arch_abis[] __initconst = {
	KSC_ABI(loong64, AUDIT_ARCH_LOONGARCH64),
	{ }
};

const struct ksc_gate ksc_arch_gates[] __initconst = {
	KSC_MEMFD_SECRET_GATE,
	{ }
};
