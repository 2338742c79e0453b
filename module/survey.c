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
#include <linux/string.h>

#include "compat.h"
#include "ksyscalls.h"

#define NI_SYSCALL	"sys_ni_syscall"

/* Every kernel has these; if one reads absent, we are wrong. */
#define USUALLY_PRESENT	"read write close getpid exit_group"

/*
 * Entries that only some other architecture has, for which this kernel has
 * stubs of the very shape that its absent syscalls have: if one is there and
 * reads implemented, we are wrong. On its own architecture it is in the table.
 */
static const char foreign[][KSC_SYMBOL_LEN] __initconst = {
	"sys_spu_run", "sys_rtas", "sys_subpage_prot", "sys_vm86", "sys_s390_pci_mmio_read",
};

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
	char name[KSYM_NAME_LEN];
	unsigned long addr;

	/* Until 5.6 the tables of x86 spelt it in full. */
	if (strncmp(entry, "sys_", 4) && strncmp(entry, "compat_sys_", 11))
		return ksc_resolve(entry);

	snprintf(name, sizeof(name), "%s%s", desc->prefixes[0], entry);
	addr = ksc_resolve(name);
	if (addr || !desc->prefixes[1][0])
		return addr;
	snprintf(name, sizeof(name), "%s%s", desc->prefixes[1], entry);
	return ksc_resolve(name);
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

/* The headers may have names for numbers beyond the table. */
static bool __init implemented(const struct ksc_abi *abi, unsigned int nr)
{
	return nr < abi->nr && test_bit(nr, abi->bitmap);
}

/* The implemented number of that UAPI name, or -ENOENT. */
static int __init nr_of(const struct ksc_abi_desc *desc, const struct ksc_abi *abi,
			const char *name)
{
	unsigned int i;

	for (i = 0; i < desc->nr_names; i++)
		if (!strcmp(desc->names[i].name, name) && implemented(abi, desc->names[i].nr))
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
	const struct ksc_gate *gate;
	int open;

	for (gate = ksc_arch_gates; gate->open; gate++) {
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
	const struct ksc_gate *gate;
	int nr, open;

	for (gate = ksc_arch_gates; gate->open; gate++) {
		if (!gate->name || !concerns(gate, desc))
			continue;
		nr = nr_of(desc, abi, gate->name);
		if (nr < 0)
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

	if (!*entry || strstr(entry, NI_SYSCALL))
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

static bool __init in_table(const struct ksc_abi_desc *desc, const char *entry)
{
	unsigned int nr;

	for (nr = 0; nr < desc->nr; nr++)
		if (!strcmp(desc->entries[nr], entry))
			return true;
	return false;
}

static int __init check_stub(const struct ksc_abi_desc *desc, const char *name, unsigned long addr)
{
	if (classify(addr) == KSC_CODE_STUB)
		return 0;
	pr_warn("%s: not published: %s should be absent here and does not look so\n",
		desc->name, name);
	return -ENODATA;
}

/*
 * A recogniser that does not know this kernel's code would take stubs for
 * code, all of them. So show it some stubs first. sys_ni_syscall() alone would
 * not do: an absent syscall's entry may be another function, that calls it.
 */
static int __init check_stubs(const struct ksc_abi_desc *desc)
{
	unsigned long addr = ksc_resolve(NI_SYSCALL);
	unsigned int i, seen = 0;
	int err;

	err = addr ? check_stub(desc, NI_SYSCALL, addr) : 0;

	for (i = 0; !err && i < ARRAY_SIZE(foreign); i++) {
		if (in_table(desc, foreign[i]))
			continue;
		addr = entry_addr(desc, foreign[i]);
		if (!addr)
			continue;
		seen++;
		err = check_stub(desc, foreign[i], addr);
	}
	if (err || seen || desc->one_entry)
		return err;

	pr_warn("%s: not published: this kernel has no stub to try ourselves on\n", desc->name);
	return -ENODATA;
}

static int __init check_present(const struct ksc_abi_desc *desc, const struct ksc_abi *abi)
{
	char names[64];
	char *rest = names, *name;

	strscpy(names, *desc->present ? desc->present : USUALLY_PRESENT, sizeof(names));
	while ((name = strsep(&rest, " "))) {
		if (nr_of(desc, abi, name) >= 0)
			continue;
		pr_warn("%s: not published: %s should be implemented and does not look so\n",
			desc->name, name);
		return -ENODATA;
	}
	return 0;
}

/* The headers' names are in alphabetical order; the file is in that of the numbers. */
static int __init write_names(const struct ksc_abi_desc *desc, struct ksc_abi *abi)
{
	size_t size = 1;
	unsigned int nr, i;

	/* Room for the number, a space and the newline. */
	for (i = 0; i < desc->nr_names; i++)
		size += strlen(desc->names[i].name) + 10 + 2;

	abi->names = kvmalloc(size, GFP_KERNEL);
	if (!abi->names)
		return -ENOMEM;

	for_each_set_bit(nr, abi->bitmap, abi->nr) {
		for (i = 0; i < desc->nr_names; i++) {
			if (desc->names[i].nr != nr)
				continue;
			abi->names_len += scnprintf(abi->names + abi->names_len,
						    size - abi->names_len,
						    "%u %s\n", nr, desc->names[i].name);
		}
	}
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
	kfree(abi->bitmap);
	memset(abi, 0, sizeof(*abi));
}

static int __init survey_abi(const struct ksc_abi_desc *desc, struct ksc_abi *abi)
{
	int open, err = 0;

	open = abi_open(desc);
	if (open < 0)
		return open;

	memcpy(abi->name, desc->name, sizeof(abi->name));
	abi->audit_arch = desc->audit_arch;
	abi->base = desc->base;
	abi->nr = desc->nr;
	abi->bitmap = kcalloc(BITS_TO_LONGS(desc->nr), sizeof(long), GFP_KERNEL);
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
	const struct ksc_abi_desc *desc;
	unsigned int n = 0;
	int err;

	for (desc = ksc_arch_abis; *desc->name; desc++) {
		if (WARN_ON(n == *count))
			break;

		err = survey_abi(desc, &abis[n]);
		if (err == -ENODATA)
			continue;
		if (err) {
			ksc_survey_free(abis, n);
			return err;
		}
		n++;
	}

	*count = n;
	return 0;
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
