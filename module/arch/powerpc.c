// SPDX-License-Identifier: GPL-2.0-only
/*
 * powerpc: ppc64 and, where 32-bit programs run, ppc; ppc alone on a 32-bit
 * kernel. Entries have no prefix.
 */
#include <linux/kernel.h>
#include <linux/unistd.h>

#include "../ksyscalls.h"

/* Where a function pointer leads to a descriptor, a symbol's address is none. */
#if defined(CONFIG_PPC64) && _CALL_ELF != 2
#error "ksyscalls needs a kernel of the ELFv2 ABI"
#endif

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define PPC_ARCH(arch)	((arch) | __AUDIT_ARCH_LE)
#else
#define PPC_ARCH(arch)	(arch)
#endif

#define __SYSCALL	KSC_ENTRY

#ifdef CONFIG_PPC64
#define __SYSCALL_WITH_COMPAT(nr, native, compat)	KSC_ENTRY(nr, native)
static const char ppc64_entries[][KSC_SYMBOL_LEN] __initconst = {
#include <asm/syscall_table_64.h>
};

#undef __SYSCALL_WITH_COMPAT

static const struct ksc_abi_name ppc64_names[] __initconst = {
#include "names_ppc64.h"
};
#endif

#if !defined(CONFIG_PPC64) || defined(CONFIG_COMPAT)
#ifdef CONFIG_PPC64
#define __SYSCALL_WITH_COMPAT(nr, native, compat)	KSC_ENTRY(nr, compat)
#else
#define __SYSCALL_WITH_COMPAT(nr, native, compat)	KSC_ENTRY(nr, native)
#endif
static const char ppc_entries[][KSC_SYMBOL_LEN] __initconst = {
/* Until 5.12 there was a table of its own for 32-bit programs. */
#if defined(CONFIG_PPC64) && defined(KSC_HAVE_asm_syscall_table_c32_h)
#include <asm/syscall_table_c32.h>
#else
#include <asm/syscall_table_32.h>
#endif
};

static const struct ksc_abi_name ppc_names[] __initconst = {
#include "names_ppc.h"
};
#endif

const struct ksc_abi_desc ksc_arch_abis[] __initconst = {
#ifdef CONFIG_PPC64
	KSC_ABI(ppc64, PPC_ARCH(AUDIT_ARCH_PPC64)),
#endif
#if !defined(CONFIG_PPC64) || defined(CONFIG_COMPAT)
	KSC_ABI(ppc, PPC_ARCH(AUDIT_ARCH_PPC)),
#endif
	{ }
};

const struct ksc_gate ksc_arch_gates[] __initconst = {
	KSC_MEMFD_SECRET_GATE,
	{ }
};
