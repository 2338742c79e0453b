// SPDX-License-Identifier: GPL-2.0-only
/*
 * x86: x86_64, i386 and x32 on a 64-bit kernel, i386 alone on a 32-bit one.
 *
 * The numbers come from the headers that the kernel's own dispatcher was
 * generated from. Until 5.13 one header served x86_64 and x32, with a macro
 * for each group of numbers; each table below picks its groups.
 */
#include <linux/gfp.h>
#include <linux/jump_label.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/unistd.h>
#include <asm/desc.h>

#include "../compat.h"
#include "../ksyscalls.h"

#ifdef CONFIG_ARCH_HAS_SYSCALL_WRAPPER
#define I386_PREFIX	"__ia32_"
#else
#define I386_PREFIX	""
#endif

/* One that does not return, told apart since 6.11, is an entry like others. */
#define __SYSCALL_NORETURN	__SYSCALL

#define __SYSCALL		KSC_ENTRY
#define __SYSCALL_I386		KSC_ENTRY
#ifdef CONFIG_X86_32
#define __SYSCALL_WITH_COMPAT(nr, ...)	KSC_ENTRY(nr, __take_second_arg(0, __VA_ARGS__))
#else
#define __SYSCALL_WITH_COMPAT(nr, ...)	KSC_ENTRY(nr, __take_second_arg(__VA_ARGS__))
#endif
static const char i386_entries[][KSC_SYMBOL_LEN] __initconst = {
#include <asm/syscalls_32.h>
};

#undef __SYSCALL_I386
#undef __SYSCALL

static const struct ksc_abi_name i386_names[] __initconst = {
#include "names_i386.h"
};

#ifdef CONFIG_X86_64
#define __SYSCALL		KSC_ENTRY
#define __SYSCALL_COMMON	KSC_ENTRY

#define __SYSCALL_64		KSC_ENTRY
#define __SYSCALL_X32		KSC_NO_ENTRY
static const char x86_64_entries[][KSC_SYMBOL_LEN] __initconst = {
#include <asm/syscalls_64.h>
};

#undef __SYSCALL_X32
#undef __SYSCALL_64

/* Until 5.3 one table served both, and each ABI's programs had the other's calls, too. */
#if defined(KSC_HAVE_asm_syscalls_x32_h) || defined(KSC_KNOWS___SYSCALL_X32)
#define __SYSCALL_64		KSC_NO_ENTRY
#else
#define __SYSCALL_64		KSC_ENTRY
#endif
#define __SYSCALL_X32		KSC_ENTRY
static const char x32_entries[][KSC_SYMBOL_LEN] __initconst = {
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
#endif

const struct ksc_abi_desc ksc_arch_abis[] __initconst = {
	KSC_ABI(i386, AUDIT_ARCH_I386, .prefixes = { I386_PREFIX }),
#ifdef CONFIG_X86_64
	KSC_ABI(x86_64, AUDIT_ARCH_X86_64, .prefixes = { "__x64_" }),
	/* The second one spelt the compat entries of x32 until 5.11. */
	KSC_ABI(x32, AUDIT_ARCH_X86_64, .base = __X32_SYSCALL_BIT,
		.prefixes = { "__x64_", "__x32_" }),
#endif
	{ }
};

#ifdef CONFIG_X86_64
/* Copies a variable of the kernel's; -ENODATA if it cannot be found or read. */
static int __init peek(const char *symbol, void *value, size_t size)
{
	const void *addr = (const void *)ksc_resolve(symbol);

	return addr && !copy_from_kernel_nofault(value, addr, size) ? 0 : -ENODATA;
}

/*
 * The IDT tells whether i386 programs are let in: user space may raise vector
 * 0x80 or it may not. FRED has no IDT, and that of Xen's guests is not there.
 */
static int __init int80_open(void)
{
	struct desc_ptr idt;
	gate_desc int80;

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
		return -ENODATA;
	return int80.bits.p && int80.bits.dpl == 3;
}

/*
 * ia32_emulation= is new in 6.7, and in stable branches before. A kernel whose
 * headers do not know its variable has no such switch; one that has it may not
 * tell where the variable is.
 */
static int __init ia32_open(unsigned long entry)
{
	bool known = __is_defined(KSC_KNOWS___ia32_enabled);
	bool enabled;
	int open;

	if (!IS_ENABLED(CONFIG_IA32_EMULATION))
		return 0;
	if (known && !peek("__ia32_enabled", &enabled, sizeof(enabled)))
		return enabled;

	open = int80_open();
	return open == -ENODATA && !known ? 1 : open;
}

/*
 * Data has symbols only with CONFIG_KALLSYMS_ALL. What shows a parameter to user space is
 * code, writes Y or N into a page, and is made to be called through a pointer.
 */
static int __init ask_parameter(const char *getter)
{
	int (*get)(char *buffer, const struct kernel_param *param);
	char *text;
	int ret;

	get = (void *)ksc_resolve(getter);
	if (!get)
		return -ENODATA;
	text = (char *)get_zeroed_page(GFP_KERNEL);
	if (!text)
		return -ENODATA;
	ret = get(text, NULL) > 0 ? *text == 'Y' : -ENODATA;
	free_page((unsigned long)text);
	return ret;
}

/* syscall.x32= is Debian's; elsewhere the configuration alone decides. */
static int __init x32_open(unsigned long entry)
{
	struct static_key key = {};

	if (!IS_ENABLED(CONFIG_X86_X32) && !IS_ENABLED(CONFIG_X86_X32_ABI))
		return 0;
	if (!__is_defined(KSC_KNOWS_x32_enabled_skey))
		return 1;
	if (peek("x32_enabled_skey", &key, sizeof(key)))
		return ask_parameter("x32_param_get");
	return atomic_read(&key.enabled) != 0;
}
#endif

const struct ksc_gate ksc_arch_gates[] __initconst = {
#ifdef CONFIG_X86_64
	{ .abi = "i386", .open = ia32_open, .what = "CONFIG_IA32_EMULATION, ia32_emulation=" },
	{ .abi = "x32", .open = x32_open, .what = "CONFIG_X86_X32_ABI, syscall.x32=" },
#endif
	KSC_MEMFD_SECRET_GATE,
	{ }
};
