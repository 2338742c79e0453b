// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the architecture's tables to bitmaps. A wrong bit breaks containers, so
 * an ABI about which anything does not add up is left out, and the log has why.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitmap.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "ksyscalls.h"

#define NI_SYSCALL	"sys_ni_syscall"

static int __init read_text(unsigned long addr, void *buf, size_t len)
{
	return copy_from_kernel_nofault(buf, (const void *)addr, len);
}

static enum ksc_target __init target(unsigned long addr)
{
	char symbol[KSYM_SYMBOL_LEN];

	sprint_symbol(symbol, addr);
	return ksc_name_target(symbol);
}

static const struct ksc_reader reader __initconst = {
	.read = read_text,
	.target = target,
	.ftrace = IS_ENABLED(CONFIG_FUNCTION_TRACER),
	.thumb = IS_ENABLED(CONFIG_THUMB2_KERNEL),
	.bits = BITS_PER_LONG,
	.no_syscall = ENOSYS,
};

static unsigned long __init entry_addr(const struct ksc_abi_desc *desc, const char *entry)
{
	const char *const *prefix;
	char name[KSYM_NAME_LEN];
	unsigned long addr;

	for (prefix = desc->prefixes; *prefix; prefix++) {
		snprintf(name, sizeof(name), "%s%s", *prefix, entry);
		addr = ksc_resolve(name);
		if (addr)
			return addr;
	}
	return 0;
}

/* Without CONFIG_POSIX_TIMERS this one logs before it answers -ENOSYS. */
static bool __init is_ni_posix_timers(unsigned long addr)
{
	static unsigned long ni __initdata;
	static bool known __initdata;

	if (!known) {
		ni = IS_ENABLED(CONFIG_POSIX_TIMERS) ? 0 : ksc_resolve("sys_ni_posix_timers");
		known = true;
	}
	return ni && addr == ni;
}

static enum ksc_code __init classify(unsigned long addr)
{
	if (is_ni_posix_timers(addr))
		return KSC_CODE_STUB;
	return ksc_classify(&reader, addr);
}

/* The number that has a UAPI name in this ABI, or -ENOENT. */
static int __init nr_of(const struct ksc_abi_desc *desc, const char *name)
{
	unsigned int i;

	for (i = 0; i < desc->nr_names; i++)
		if (!strcmp(desc->names[i].name, name))
			return desc->names[i].nr;
	return -ENOENT;
}

/* 1 open, 0 closed, -ENODATA after a line in the log. */
static int __init ask_gate(const struct ksc_abi_desc *desc, const struct ksc_gate *gate,
			   unsigned long entry)
{
	int open = gate->open(entry);

	if (open < 0) {
		pr_warn("%s: not published: cannot tell the state of %s\n",
			desc->name, gate->what);
		return -ENODATA;
	}
	if (!open)
		pr_info("%s: %s off: %s\n", desc->name, gate->name ?: "all", gate->what);
	return open;
}

static bool __init concerns(const struct ksc_gate *gate, const struct ksc_abi_desc *desc)
{
	return !gate->abi || !strcmp(gate->abi, desc->name);
}

static int __init abi_open(const struct ksc_abi_desc *desc)
{
	unsigned int i;
	int open;

	for (i = 0; i < ksc_arch_nr_gates; i++) {
		const struct ksc_gate *gate = &ksc_arch_gates[i];

		if (gate->name || !concerns(gate, desc))
			continue;
		open = ask_gate(desc, gate, 0);
		if (open <= 0)
			return open;
	}
	return 1;
}

static int __init close_gates(const struct ksc_abi_desc *desc, struct ksc_abi *abi)
{
	unsigned int i;
	int nr, open;

	for (i = 0; i < ksc_arch_nr_gates; i++) {
		const struct ksc_gate *gate = &ksc_arch_gates[i];

		if (!gate->name || !concerns(gate, desc))
			continue;
		nr = nr_of(desc, gate->name);
		if (nr < 0 || !test_bit(nr, abi->bitmap))
			continue;
		open = ask_gate(desc, gate, entry_addr(desc, desc->entries[nr]));
		if (open < 0)
			return open;
		if (!open)
			__clear_bit(nr, abi->bitmap);
	}
	return 0;
}

static int __init survey_nr(const struct ksc_abi_desc *desc, struct ksc_abi *abi, unsigned int nr)
{
	const char *entry = desc->entries[nr];
	unsigned long addr;

	if (!entry || !strcmp(entry, NI_SYSCALL))
		return 0;

	addr = entry_addr(desc, entry);
	if (!addr) {
		pr_warn("%s: not published: no symbol for %s, number %u\n", desc->name, entry, nr);
		return -ENODATA;
	}

	switch (classify(addr)) {
	case KSC_CODE_STUB:
		return 0;
	case KSC_CODE_UNKNOWN:
		pr_warn("%s: not published: do not understand the code of %s, number %u\n",
			desc->name, entry, nr);
		return -ENODATA;
	case KSC_CODE_BODY:
		__set_bit(nr, abi->bitmap);
		break;
	}
	return 0;
}

/*
 * A recogniser that does not know this kernel's code would take stubs for
 * code, all of them. So show it some stubs first: those that the kernel has
 * for other architectures' syscalls are compiled just like the ones we look
 * for.
 */
static int __init check_stubs(const struct ksc_abi_desc *desc)
{
	const char *const *name;
	unsigned int seen = 0;
	unsigned long addr;

	addr = ksc_resolve(NI_SYSCALL);
	if (addr && classify(addr) != KSC_CODE_STUB) {
		pr_warn("%s: not published: do not understand the code of " NI_SYSCALL "\n",
			desc->name);
		return -ENODATA;
	}
	seen += !!addr;

	for (name = desc->absent; *name; name++) {
		addr = entry_addr(desc, *name);
		seen += !!addr;
		if (!addr || classify(addr) == KSC_CODE_STUB)
			continue;
		pr_warn("%s: not published: %s should be absent here and does not look so\n",
			desc->name, *name);
		return -ENODATA;
	}

	if (!seen) {
		pr_warn("%s: not published: this kernel has no stub to try ourselves on\n",
			desc->name);
		return -ENODATA;
	}
	return 0;
}

static int __init check_present(const struct ksc_abi_desc *desc, const struct ksc_abi *abi)
{
	const char *const *name;
	int nr;

	for (name = desc->present; *name; name++) {
		nr = nr_of(desc, *name);
		if (nr >= 0 && test_bit(nr, abi->bitmap))
			continue;
		pr_warn("%s: not published: %s should be implemented and does not look so\n",
			desc->name, *name);
		return -ENODATA;
	}
	return 0;
}

static int __init cmp_name(const void *a, const void *b)
{
	const struct ksc_abi_name *x = a, *y = b;

	if (x->nr != y->nr)
		return x->nr < y->nr ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int __init write_names(const struct ksc_abi_desc *desc, struct ksc_abi *abi)
{
	struct ksc_abi_name *sorted;
	size_t size = 0;
	unsigned int i;

	sorted = kvmalloc_array(desc->nr_names, sizeof(*sorted), GFP_KERNEL);
	if (!sorted)
		return -ENOMEM;
	memcpy(sorted, desc->names, desc->nr_names * sizeof(*sorted));
	sort(sorted, desc->nr_names, sizeof(*sorted), cmp_name, NULL);

	/* Room for the number, a space, the newline and the final NUL. */
	for (i = 0; i < desc->nr_names; i++)
		size += strlen(sorted[i].name) + 10 + 3;

	abi->names = kvmalloc(size, GFP_KERNEL);
	if (!abi->names) {
		kvfree(sorted);
		return -ENOMEM;
	}

	for (i = 0; i < desc->nr_names; i++) {
		if (!test_bit(sorted[i].nr, abi->bitmap))
			continue;
		abi->names_len += scnprintf(abi->names + abi->names_len, size - abi->names_len,
					    "%u %s\n", sorted[i].nr, sorted[i].name);
	}

	kvfree(sorted);
	return 0;
}

static int __init fill(const struct ksc_abi_desc *desc, struct ksc_abi *abi)
{
	unsigned int nr;
	int err;

	err = check_stubs(desc);
	if (err)
		return err;

	for (nr = 0; nr < desc->nr; nr++) {
		err = survey_nr(desc, abi, nr);
		if (err)
			return err;
	}

	err = check_present(desc, abi);
	if (err)
		return err;

	err = close_gates(desc, abi);
	if (err)
		return err;

	return write_names(desc, abi);
}

static void free_abi(struct ksc_abi *abi)
{
	kvfree(abi->names);
	bitmap_free(abi->bitmap);
	memset(abi, 0, sizeof(*abi));
}

static int __init survey_abi(const struct ksc_abi_desc *desc, struct ksc_abi *abi)
{
	int open, err = 0;

	open = abi_open(desc);
	if (open < 0)
		return open;

	abi->name = desc->name;
	abi->audit_arch = desc->audit_arch;
	abi->base = desc->base;
	abi->nr = desc->nr;
	abi->bitmap = bitmap_zalloc(desc->nr, GFP_KERNEL);
	if (!abi->bitmap)
		return -ENOMEM;

	if (open)
		err = fill(desc, abi);
	if (err) {
		free_abi(abi);
		return err;
	}

	pr_info("%s: %u of %u\n", abi->name, bitmap_weight(abi->bitmap, abi->nr), abi->nr);
	return 0;
}

/**
 * ksc_survey() - find out what this kernel implements
 * @abis: receives the ABIs that can be published; for ksc_survey_free()
 * @count: room in @abis; receives how many there are
 *
 * Return: 0 or a negative errno, nothing to free.
 */
int __init ksc_survey(struct ksc_abi *abis, unsigned int *count)
{
	unsigned int i, n = 0;
	int err;

	err = ksc_resolve_all(ksc_arch_abis, ksc_arch_nr_abis);
	if (err)
		return err;

	for (i = 0; i < ksc_arch_nr_abis; i++) {
		if (WARN_ON(n == *count))
			break;

		err = survey_abi(&ksc_arch_abis[i], &abis[n]);
		if (err == -ENODATA)
			continue;
		if (err)
			goto free;
		n++;
	}

	*count = n;
	err = 0;
	goto release_symbols;

free:
	ksc_survey_free(abis, n);
release_symbols:
	ksc_resolve_release();
	return err;
}

/**
 * ksc_survey_free() - undo ksc_survey()
 * @abis: what it filled
 * @count: how many
 */
void ksc_survey_free(struct ksc_abi *abis, unsigned int count)
{
	while (count)
		free_abi(&abis[--count]);
}
