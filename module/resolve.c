// SPDX-License-Identifier: GPL-2.0-only
/*
 * Symbol names to addresses. kallsyms_lookup_name() is not exported; a kprobe
 * that is registered disabled patches nothing and yet reports where it is.
 *
 * It is then called through a static call. With a plain function pointer the
 * call would be an indirect one, to a function whose ENDBR the kernel may have
 * removed because it knows of no indirect callers: a fault on CPUs with IBT.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/static_call.h>
#include <linux/string.h>

#include "ksyscalls.h"

#define LOOKUP	"kallsyms_lookup_name"

DEFINE_STATIC_CALL_NULL(ksc_lookup, kallsyms_lookup_name);

/**
 * ksc_symbol_at() - name the function that starts at an address
 * @addr: where
 * @name: receives its name
 * @size: room in @name
 *
 * Return: bytes from the start of that function to @addr, or -ENOENT.
 */
int __init ksc_symbol_at(unsigned long addr, char *name, size_t size)
{
	char text[KSYM_SYMBOL_LEN];
	unsigned long offset;
	char *plus;

	sprint_symbol(text, addr);
	plus = strrchr(text, '+');
	if (!plus || sscanf(plus, "+0x%lx/", &offset) != 1)
		return -ENOENT;

	*plus = '\0';
	if (strscpy(name, text, size) < 0)
		return -ENOENT;
	return offset;
}

static unsigned long __init probe_lookup(void)
{
	struct kprobe probe = {
		.symbol_name = LOOKUP,
		.flags = KPROBE_FLAG_DISABLED,
	};
	unsigned long addr;
	int err;

	err = register_kprobe(&probe);
	if (err) {
		pr_err("cannot find " LOOKUP ": register_kprobe() says %d; pass lookup_addr=\n", err);
		return 0;
	}

	addr = (unsigned long)probe.addr;
	unregister_kprobe(&probe);
	return addr;
}

/**
 * ksc_resolve_init() - find the kernel's symbol lookup
 * @lookup_addr: its address if the user knows it, else 0
 *
 * Return: 0, or a negative errno after a line in the log that names the cure.
 */
int __init ksc_resolve_init(unsigned long lookup_addr)
{
	char name[KSYM_NAME_LEN];
	unsigned long addr = lookup_addr;
	int offset;

	if (!IS_ENABLED(CONFIG_KALLSYMS)) {
		pr_err("lookup failed: this kernel has no CONFIG_KALLSYMS\n");
		return -EOPNOTSUPP;
	}
	if (!addr && !IS_ENABLED(CONFIG_KPROBES)) {
		pr_err("lookup failed: this kernel has no CONFIG_KPROBES; load with \"ksyscalls load\"\n");
		return -EOPNOTSUPP;
	}
	if (!addr)
		addr = probe_lookup();
	if (!addr)
		return -EOPNOTSUPP;

	/*
	 * A kprobe may sit behind the ENDBR or a global entry point, hence the
	 * offset. An address from the user has no business being off.
	 */
	offset = ksc_symbol_at(addr, name, sizeof(name));
	if (offset < 0 || strcmp(name, LOOKUP) || (lookup_addr && offset)) {
		pr_err("lookup failed: lookup_addr= is not the address of " LOOKUP " in /proc/kallsyms\n");
		return -EINVAL;
	}
	addr -= offset;
	if (IS_ENABLED(CONFIG_THUMB2_KERNEL))
		addr |= 1;

	static_call_update(ksc_lookup, (typeof(&kallsyms_lookup_name))addr);
	return 0;
}

/**
 * ksc_resolve() - address of a kernel symbol
 * @name: the symbol
 *
 * Return: its address, 0 if the kernel has none of that name.
 */
unsigned long __init ksc_resolve(const char *name)
{
	return static_call(ksc_lookup)(name);
}
