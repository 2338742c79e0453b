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

#define KSC_NAME(nr, name)	\
	{ nr, name },

#ifdef CONFIG_PPC64
#define __SYSCALL_WITH_COMPAT(nr, native, compat)	KSC_ENTRY(nr, native)
static const char *const ppc64_entries[] __initconst = {
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
static const char *const ppc_entries[] __initconst = {
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

static const char *const prefixes[] __initconst = { "", NULL };

static const char *const present[] __initconst = {
	"read", "write", "close", "getpid", "exit_group", NULL
};

static const char *const absent[] __initconst = {
	"sys_vm86", "sys_vm86old", "sys_s390_pci_mmio_read", "sys_s390_pci_mmio_write",
	"sys_s390_ipc", NULL
};

const struct ksc_abi_desc ksc_arch_abis[] __initconst = {
#ifdef CONFIG_PPC64
	{
		.name = "ppc64",
		.audit_arch = PPC_ARCH(AUDIT_ARCH_PPC64),
		.nr = ARRAY_SIZE(ppc64_entries),
		.entries = ppc64_entries,
		.prefixes = prefixes,
		.names = ppc64_names,
		.nr_names = ARRAY_SIZE(ppc64_names),
		.present = present,
		.absent = absent,
	},
#endif
#if !defined(CONFIG_PPC64) || defined(CONFIG_COMPAT)
	{
		.name = "ppc",
		.audit_arch = PPC_ARCH(AUDIT_ARCH_PPC),
		.nr = ARRAY_SIZE(ppc_entries),
		.entries = ppc_entries,
		.prefixes = prefixes,
		.names = ppc_names,
		.nr_names = ARRAY_SIZE(ppc_names),
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
