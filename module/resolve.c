// SPDX-License-Identifier: GPL-2.0-only
/*
 * Symbol names to addresses. kallsyms_lookup_name() is not exported, but
 * sprint_symbol() is, which names the function at an address and how far the
 * next one is away: so the kernel's functions are walked, to either side of one
 * of them, until that one comes by.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "compat.h"
#include "ksyscalls.h"

#define LOOKUP	"kallsyms_lookup_name"

/*
 * Where to start: a pointer that the kernel itself holds. The address of
 * sprint_symbol() would be nearer, but until 6.0 clang's CFI gives a module
 * one in a jump table of its own. A test starts elsewhere.
 */
#ifndef KSC_KERNEL_TEXT
#define KSC_KERNEL_TEXT	(THIS_MODULE->mkobj.kobj.ktype->release)
#endif

/*
 * A static call is a direct one. Called through a pointer, the function would
 * fault on CPUs with IBT: the kernel may have removed its ENDBR, because it
 * knows of no indirect callers.
 */
DEFINE_STATIC_CALL_NULL(ksc_lookup, kallsyms_lookup_name);

/* A function of the kernel proper, from its first byte to the next one's. */
struct function {
	unsigned long start;
	unsigned long end;
	char name[KSYM_NAME_LEN];
};

/* -ENOENT where there is none, but maybe one of a module, of BPF or the tracer. */
static int __init function_at(unsigned long addr, struct function *f)
{
	static char text[KSYM_SYMBOL_LEN] __initdata;
	unsigned long offset, size;
	char *plus;

	sprint_symbol(text, addr);
	plus = strrchr(text, '+');
	if (!plus || sscanf(plus, "+0x%lx/0x%lx", &offset, &size) != 2 || offset >= size ||
	    strchr(plus, '['))
		return -ENOENT;

	*plus = '\0';
	if (strscpy(f->name, text, sizeof(f->name)) < 0)
		return -ENOENT;
	f->start = addr - offset;
	f->end = f->start + size;
	return 0;
}

static unsigned long __init find_lookup(unsigned long addr)
{
	static struct function f __initdata;
	unsigned long low = addr, high = addr;
	bool found;

	do {
		found = false;
		if (!function_at(low - 1, &f)) {
			if (!strcmp(f.name, LOOKUP))
				return f.start;
			low = f.start;
			found = true;
		}
		if (!function_at(high, &f)) {
			if (!strcmp(f.name, LOOKUP))
				return f.start;
			high = f.end;
			found = true;
		}
		cond_resched();
	} while (found);

	return 0;
}

/*
 * Until 6.2 kallsyms_lookup_name() compares all names in turn. There, the
 * functions that look like entries are noted in one walk, which makes loading
 * several times faster; an alias of a function that has another name, too, may
 * be missing and is looked up.
 */
struct noted {
	unsigned long addr;
	char name[KSC_SYMBOL_LEN];
};

static struct noted *noted __initdata;
static unsigned int nr_noted __initdata;
#define MAX_NOTED	4096

static void __init note_entries(void)
{
	static struct function f __initdata;
	unsigned long addr = ksc_resolve("_stext");
	unsigned long end = ksc_resolve("_etext");

	/* What searches sorted names is there. */
	if (ksc_resolve("kallsyms_lookup_names"))
		return;
	noted = kvcalloc(MAX_NOTED, sizeof(*noted), GFP_KERNEL);
	if (!noted)
		return;

	for (; addr < end && nr_noted < MAX_NOTED && !function_at(addr, &f); addr = f.end) {
		if (strstr(f.name, "sys_") &&
		    strscpy(noted[nr_noted].name, f.name, sizeof(noted->name)) > 0)
			noted[nr_noted++].addr = f.start;
		cond_resched();
	}
}

/**
 * ksc_resolve_init() - find the kernel's symbol lookup
 *
 * Undone by ksc_resolve_release().
 *
 * Return: 0, or -EOPNOTSUPP after a line in the log that names the cause.
 */
int __init ksc_resolve_init(void)
{
	unsigned long addr;

	if (!IS_ENABLED(CONFIG_KALLSYMS)) {
		pr_err("lookup failed: this kernel has no CONFIG_KALLSYMS\n");
		return -EOPNOTSUPP;
	}

	addr = find_lookup((unsigned long)KSC_KERNEL_TEXT);
	if (!addr) {
		pr_err("lookup failed: this kernel's symbols have no " LOOKUP "\n");
		return -EOPNOTSUPP;
	}

	ksc_call_update(ksc_lookup, kallsyms_lookup_name, addr);
	note_entries();
	return 0;
}

/** ksc_resolve_release() - forget what was noted */
void __init ksc_resolve_release(void)
{
	kvfree(noted);
	noted = NULL;
	nr_noted = 0;
}

/**
 * ksc_resolve() - address of a kernel symbol
 * @name: the symbol
 *
 * Return: its address, 0 if the kernel has none of that name.
 */
unsigned long __init __nocfi ksc_resolve(const char *name)
{
	unsigned int i;

	for (i = 0; i < nr_noted; i++)
		if (!strcmp(noted[i].name, name))
			return noted[i].addr;
	cond_resched();
	return static_call(ksc_lookup)(name);
}
