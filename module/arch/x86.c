// SPDX-License-Identifier: GPL-2.0-only
/*
 * x86: x86_64, i386 and x32 on a 64-bit kernel, i386 alone on a 32-bit one.
 *
 * The numbers come from the headers that the kernel's own dispatcher was
 * generated from. Until 5.13 one header served x86_64 and x32, with a macro
 * for each group of numbers; each table below picks its groups.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/unistd.h>
#include <asm/desc.h>

#include "../ksyscalls.h"

/* One that does not return, told apart since 6.11, is an entry like others. */
#define __SYSCALL_NORETURN	__SYSCALL

#define __SYSCALL		KSC_ENTRY
#define __SYSCALL_I386		KSC_ENTRY
#ifdef CONFIG_X86_32
#define __SYSCALL_WITH_COMPAT(nr, ...)	KSC_ENTRY(nr, __take_second_arg(0, __VA_ARGS__))
#else
#define __SYSCALL_WITH_COMPAT(nr, ...)	KSC_ENTRY(nr, __take_second_arg(__VA_ARGS__))
#endif
static const char *const i386_entries[] __initconst = {
#include <asm/syscalls_32.h>
};

#undef __SYSCALL_I386
#undef __SYSCALL

/* Relative to the base, which the headers' numbers include. */
#define KSC_NAME(nr, name)	\
	{ (nr) & ~__X32_SYSCALL_BIT, name },

static const struct ksc_abi_name i386_names[] __initconst = {
#include "names_i386.h"
};

static const char *const i386_prefixes[] __initconst = { "__ia32_", NULL };

static const char *const present[] __initconst = {
	"read", "write", "close", "getpid", "exit_group", NULL
};

static const char *const absent[] __initconst = {
	"sys_spu_run", "sys_rtas", "sys_subpage_prot", "sys_s390_pci_mmio_read", NULL
};

#ifdef CONFIG_X86_64
#define __SYSCALL		KSC_ENTRY
#define __SYSCALL_COMMON	KSC_ENTRY

#define __SYSCALL_64		KSC_ENTRY
#define __SYSCALL_X32		KSC_NO_ENTRY
static const char *const x86_64_entries[] __initconst = {
#include <asm/syscalls_64.h>
};

#undef __SYSCALL_X32
#undef __SYSCALL_64

#define __SYSCALL_64		KSC_NO_ENTRY
#define __SYSCALL_X32		KSC_ENTRY
static const char *const x32_entries[] __initconst = {
#ifdef KSC_HAVE_asm_syscalls_x32_h
#include <asm/syscalls_x32.h>
#else
#include <asm/syscalls_64.h>
#endif
};

static const struct ksc_abi_name x86_64_names[] __initconst = {
#include "names_x86_64.h"
};

static const struct ksc_abi_name x32_names[] __initconst = {
#include "names_x32.h"
};

static const char *const x86_64_prefixes[] __initconst = { "__x64_", NULL };
/* The second one spelt the compat entries of x32 until 5.11. */
static const char *const x32_prefixes[] __initconst = { "__x64_", "__x32_", NULL };
#endif

const struct ksc_abi_desc ksc_arch_abis[] __initconst = {
#ifdef CONFIG_X86_64
	{
		.name = "x86_64",
		.audit_arch = AUDIT_ARCH_X86_64,
		.nr = ARRAY_SIZE(x86_64_entries),
		.entries = x86_64_entries,
		.prefixes = x86_64_prefixes,
		.names = x86_64_names,
		.nr_names = ARRAY_SIZE(x86_64_names),
		.present = present,
		.absent = absent,
	},
#endif
	{
		.name = "i386",
		.audit_arch = AUDIT_ARCH_I386,
		.nr = ARRAY_SIZE(i386_entries),
		.entries = i386_entries,
		.prefixes = i386_prefixes,
		.names = i386_names,
		.nr_names = ARRAY_SIZE(i386_names),
		.present = present,
		.absent = absent,
	},
#ifdef CONFIG_X86_64
	{
		.name = "x32",
		.audit_arch = AUDIT_ARCH_X86_64,
		.base = __X32_SYSCALL_BIT,
		.nr = ARRAY_SIZE(x32_entries),
		.entries = x32_entries,
		.prefixes = x32_prefixes,
		.names = x32_names,
		.nr_names = ARRAY_SIZE(x32_names),
		.present = present,
		.absent = absent,
	},
#endif
};

const unsigned int ksc_arch_nr_abis __initconst = ARRAY_SIZE(ksc_arch_abis);

#ifdef CONFIG_X86_64
/*
 * Without ia32_emulation= (new in 6.7, and in stable branches before) a kernel
 * that was built for i386 programs runs them. Where data symbols cannot be
 * looked up, the IDT knows: user space may raise vector 0x80 or it may not.
 */
static int __init ia32_open(unsigned long entry)
{
	struct desc_ptr idt;
	unsigned long addr;
	gate_desc int80;
	bool enabled;

	if (!IS_ENABLED(CONFIG_IA32_EMULATION))
		return 0;

	addr = ksc_resolve("__ia32_enabled");
	if (addr) {
		if (copy_from_kernel_nofault(&enabled, (const void *)addr, sizeof(enabled)))
			return -EFAULT;
		return enabled;
	}
	if (IS_ENABLED(CONFIG_KALLSYMS_ALL))
		return 1;

#ifdef X86_FEATURE_FRED
	if (boot_cpu_has(X86_FEATURE_FRED))
		return -ENODATA;
#endif
	if (boot_cpu_has(X86_FEATURE_XENPV))
		return -ENODATA;

	store_idt(&idt);
	if (idt.size < (IA32_SYSCALL_VECTOR + 1) * sizeof(int80) - 1)
		return 0;
	if (copy_from_kernel_nofault(&int80, (gate_desc *)idt.address + IA32_SYSCALL_VECTOR,
				     sizeof(int80)))
		return -EFAULT;
	return int80.bits.p && int80.bits.dpl == 3;
}

/* syscall.x32= is Debian's; elsewhere the configuration alone decides. */
static int __init x32_open(unsigned long entry)
{
	int param;

	if (!IS_ENABLED(CONFIG_X86_X32) && !IS_ENABLED(CONFIG_X86_X32_ABI))
		return 0;

	param = ksc_gate_param("syscall", "x32");
	return param == -ENOENT ? 1 : param;
}
#endif

const struct ksc_gate ksc_arch_gates[] __initconst = {
#ifdef CONFIG_X86_64
	{ .abi = "i386", .open = ia32_open, .what = "CONFIG_IA32_EMULATION, ia32_emulation=" },
	{ .abi = "x32", .open = x32_open, .what = "CONFIG_X86_X32_ABI, syscall.x32=" },
#endif
	{ .name = "memfd_secret", .open = ksc_gate_ask, .what = "secretmem.enable=" },
};

const unsigned int ksc_arch_nr_gates __initconst = ARRAY_SIZE(ksc_arch_gates);
