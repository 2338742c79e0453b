// SPDX-License-Identifier: GPL-2.0-only
/*
 * riscv: riscv64 and, where 32-bit programs run, riscv32; riscv32 alone on a
 * 32-bit kernel.
 *
 * Since 6.11 the tables are generated, as elsewhere. Until then both were the
 * generic one, expanded from the header with the numbers.
 */
#include <linux/elf.h>
#include <linux/kernel.h>
#include <linux/unistd.h>

#include "../compat.h"
#include "../ksyscalls.h"

/* Later kernels wrap them: 6.12 does, 6.1 does not. */
#ifdef CONFIG_ARCH_HAS_SYSCALL_WRAPPER
#define PREFIX	"__riscv_"
#else
#define PREFIX	""
#endif

#undef __SYSCALL
#define __SYSCALL	KSC_ENTRY

#ifdef CONFIG_64BIT
#define __SYSCALL_WITH_COMPAT(nr, native, compat)	KSC_ENTRY(nr, native)
static const char riscv64_entries[][KSC_SYMBOL_LEN] __initconst = {
#ifdef KSC_HAVE_asm_syscall_table_64_h
#include <asm/syscall_table_64.h>
#else
#include <asm/unistd.h>
#endif
};

#undef __SYSCALL_WITH_COMPAT

static const struct ksc_abi_name riscv64_names[] __initconst = {
#include "names_riscv64.h"
};
#endif

#if !defined(CONFIG_64BIT) || defined(CONFIG_COMPAT)
#ifdef CONFIG_64BIT
#define __SYSCALL_WITH_COMPAT(nr, native, compat)	KSC_ENTRY(nr, compat)
#else
#define __SYSCALL_WITH_COMPAT(nr, native, compat)	KSC_ENTRY(nr, native)
#endif
static const char riscv32_entries[][KSC_SYMBOL_LEN] __initconst = {
#ifdef KSC_HAVE_asm_syscall_table_32_h
#include <asm/syscall_table_32.h>
#else
#include "riscv_table32.h"
#endif
};

static const struct ksc_abi_name riscv32_names[] __initconst = {
#include "names_riscv32.h"
};
#endif

const struct ksc_abi_desc ksc_arch_abis[] __initconst = {
#ifdef CONFIG_64BIT
	KSC_ABI(riscv64, AUDIT_ARCH_RISCV64, .prefixes = { PREFIX }),
#endif
#if !defined(CONFIG_64BIT) || defined(CONFIG_COMPAT)
	KSC_ABI(riscv32, AUDIT_ARCH_RISCV32, .prefixes = { PREFIX }),
#endif
	{ }
};

#if defined(CONFIG_64BIT) && defined(CONFIG_COMPAT)
DEFINE_STATIC_CALL_NULL(ksc_runs_elf32, compat_elf_check_arch);

/*
 * Many 64-bit CPUs run no 32-bit programs. The kernel tries that at boot and
 * keeps what it found to itself, so ask as execve() does.
 */
static int __init __nocfi compat_open(unsigned long entry)
{
	Elf32_Ehdr header = { .e_machine = EM_RISCV };
	unsigned long addr;

	header.e_ident[EI_CLASS] = ELFCLASS32;
	addr = ksc_resolve("compat_elf_check_arch");
	if (!addr)
		return -ENODATA;
	ksc_call_update(ksc_runs_elf32, compat_elf_check_arch, addr);
	return static_call(ksc_runs_elf32)(&header);
}
#endif

const struct ksc_gate ksc_arch_gates[] __initconst = {
#if defined(CONFIG_64BIT) && defined(CONFIG_COMPAT)
	{ .abi = "riscv32", .open = compat_open, .what = "32-bit programs on this CPU (UXL)" },
#endif
	KSC_MEMFD_SECRET_GATE,
	{ }
};
