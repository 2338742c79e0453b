// SPDX-License-Identifier: GPL-2.0-only
/*
 * Symbol names to addresses. kallsyms_lookup_name() is not exported, but
 * sprint_symbol() is, which names the function at an address and lives in the
 * same file: their neighbours are asked for their names one after the other.
 * Where a linker has moved them apart, a kprobe that is registered disabled
 * patches nothing and yet reports where it is. The walk comes first because it
 * needs no CONFIG_KPROBES, and because unregistering a kprobe waits for an RCU
 * grace period, which is a good part of the time that loading takes.
 *
 * The function is then called through a static call. With a plain function
 * pointer the call would be an indirect one, to a function whose ENDBR the
 * kernel may have removed because it knows of no indirect callers: a fault on
 * CPUs with IBT.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/static_call.h>
#include <linux/string.h>

#include "compat.h"
#include "ksyscalls.h"

#define LOOKUP	"kallsyms_lookup_name"

/* How many symbols to walk in either direction; a test wants none. */
#ifndef KSC_NEIGHBOURS
#define KSC_NEIGHBOURS	256
#endif

DEFINE_STATIC_CALL_NULL(ksc_lookup, kallsyms_lookup_name);
DEFINE_STATIC_CALL_NULL(ksc_each_symbol, kallsyms_on_each_symbol);

/*
 * The kernel's symbol around an address: how far into it that is and how far
 * the next one is away. -ENOENT outside of the kernel proper.
 */
static int __init symbol_around(unsigned long addr, char *name, size_t size,
				unsigned long *before, unsigned long *after)
{
	char text[KSYM_SYMBOL_LEN];
	unsigned long length;
	char *plus;

	sprint_symbol(text, addr);
	plus = strrchr(text, '+');
	if (!plus || sscanf(plus, "+0x%lx/0x%lx", before, &length) != 2)
		return -ENOENT;
	/* Of a module, of BPF, of the tracer. */
	if (strchr(plus, '['))
		return -ENOENT;

	*plus = '\0';
	if (strscpy(name, text, size) < 0)
		return -ENOENT;
	*after = length - *before;
	return 0;
}

/**
 * ksc_symbol_at() - name the kernel's function at an address
 * @addr: where
 * @name: receives its name
 * @size: room in @name
 *
 * Return: bytes from the start of that function to @addr, or -ENOENT if no
 * function of the kernel proper is there.
 */
int __init ksc_symbol_at(unsigned long addr, char *name, size_t size)
{
	unsigned long before, after;
	int err;

	err = symbol_around(addr, name, size, &before, &after);
	return err ?: before;
}

static unsigned long __init neighbour_lookup(void)
{
	unsigned long low = (unsigned long)sprint_symbol, high = low;
	unsigned long before, after;
	char name[KSYM_NAME_LEN];
	unsigned int i;

	for (i = 0; i < KSC_NEIGHBOURS; i++) {
		if (symbol_around(low - 1, name, sizeof(name), &before, &after))
			break;
		low -= 1 + before;
		if (!strcmp(name, LOOKUP))
			return low;
	}
	for (i = 0; i < KSC_NEIGHBOURS; i++) {
		if (symbol_around(high, name, sizeof(name), &before, &after))
			break;
		if (!strcmp(name, LOOKUP))
			return high - before;
		high += after;
	}
	return 0;
}

static unsigned long __init probe_lookup(void)
{
	/*
	 * riscv refuses a probe on the tracer's call site, which a function
	 * starts with; behind its eight bytes one is welcome.
	 */
	static const unsigned int offsets[] __initconst = { 0, 8 };
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		struct kprobe probe = {
			.symbol_name = LOOKUP,
			.offset = offsets[i],
			.flags = KPROBE_FLAG_DISABLED,
		};

		err = register_kprobe(&probe);
		if (!err) {
			unregister_kprobe(&probe);
			return (unsigned long)probe.addr;
		}
	}

	pr_err("lookup failed: register_kprobe() says %d; load with \"ksyscalls load\"\n", err);
	return 0;
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
	if (!addr)
		addr = neighbour_lookup();
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
		pr_err("lookup failed: lookup_addr= is not the address of %s in /proc/kallsyms\n",
		       LOOKUP);
		return -EINVAL;
	}
	addr -= offset;
	if (IS_ENABLED(CONFIG_THUMB2_KERNEL))
		addr |= 1;

	static_call_update(ksc_lookup, (typeof(kallsyms_lookup_name) *)addr);
	return 0;
}

/*
 * Until Linux 6.2 kallsyms_lookup_name() searches all symbols in turn, some
 * milliseconds for each of the thousand names that we ask for. There, one walk
 * over the symbols finds them all, or all but a few.
 */
struct symbol {
	char name[64];
	unsigned long addr;
};

static struct symbol *symbols __initdata;
static unsigned int nr_symbols __initdata;
/* The walk got to the end: a symbol that it did not find is not there. */
static bool walk_complete __initdata;

static int __init cmp_symbol(const void *a, const void *b)
{
	return strcmp(((const struct symbol *)a)->name, ((const struct symbol *)b)->name);
}

/* A name that two ABIs share is there twice; this always finds the same one. */
static int __ref find_symbol(const char *name)
{
	unsigned int low = 0, high = nr_symbols;

	while (low < high) {
		unsigned int mid = (low + high) / 2;
		int cmp = strcmp(name, symbols[mid].name);

		if (!cmp)
			return mid;
		if (cmp < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return -ENOENT;
}

/* Calls from the kernel, and not marked __init, lest kCFI and ftrace mind. */
static int __ref note_symbol(const char *name, unsigned long addr)
{
	int i = find_symbol(name);

	if (i >= 0 && !symbols[i].addr)
		symbols[i].addr = addr;

	/*
	 * Symbols come in the order of their addresses. Stop at the end of
	 * the text: what follows are data and then modules, whose list we
	 * have no right to walk.
	 */
	walk_complete = !strcmp(name, "_etext");
	return walk_complete;
}

static int __maybe_unused note_symbol_of(void *data, const char *name, struct module *mod,
					 unsigned long addr)
{
	return mod ? 1 : note_symbol(name, addr);
}

static int __maybe_unused note_symbol_only(void *data, const char *name, unsigned long addr)
{
	return note_symbol(name, addr);
}

/*
 * For kernels that have no walk of their own: what is searched by address is found
 * fast. Of several names for one address this sees the first, so that a symbol that
 * it did not find may be there.
 */
static void __init note_text(void)
{
	unsigned long addr = static_call(ksc_lookup)("_stext");
	unsigned long end = static_call(ksc_lookup)("_etext");
	unsigned long before, after;
	char name[KSYM_NAME_LEN];

	while (addr < end && !symbol_around(addr, name, sizeof(name), &before, &after)) {
		note_symbol(name, addr - before);
		addr += after;
		cond_resched();
	}
}

static void __init want(const char *const *prefixes, const char *entry)
{
	for (; *prefixes; prefixes++) {
		struct symbol *symbol = &symbols[nr_symbols];

		/* One that does not fit is looked up when its turn comes. */
		if (snprintf(symbol->name, sizeof(symbol->name), "%s%s", *prefixes, entry) <
		    (int)sizeof(symbol->name))
			nr_symbols++;
	}
}

static void __init want_all(const struct ksc_abi_desc *desc)
{
	const char *const *name;
	unsigned int nr;

	for (nr = 0; nr < desc->nr; nr++)
		if (desc->entries[nr])
			want(desc->prefixes, desc->entries[nr]);
	for (name = desc->absent; *name; name++)
		want(desc->prefixes, *name);
}

static unsigned int __init strings(const char *const *list)
{
	unsigned int n = 0;

	while (list[n])
		n++;
	return n;
}

/**
 * ksc_resolve_all() - find the entries of some ABIs in one go
 * @descs: the ABIs
 * @count: how many
 *
 * Makes ksc_resolve() fast, where it is not; nothing depends on it.
 *
 * Return: 0 or -ENOMEM.
 */
int __init ksc_resolve_all(const struct ksc_abi_desc *descs, unsigned int count)
{
	unsigned int i, room = 0;
	unsigned long each;

	/* What searches the sorted symbols since 6.2. */
	if (static_call(ksc_lookup)("kallsyms_lookup_names"))
		return 0;

	for (i = 0; i < count; i++)
		room += (descs[i].nr + strings(descs[i].absent)) * strings(descs[i].prefixes);
	symbols = kvcalloc(room, sizeof(*symbols), GFP_KERNEL);
	if (!symbols)
		return -ENOMEM;

	for (i = 0; i < count; i++)
		want_all(&descs[i]);
	sort(symbols, nr_symbols, sizeof(*symbols), cmp_symbol, NULL);

	/* Built for live patching only, since 5.12. */
	each = static_call(ksc_lookup)("kallsyms_on_each_symbol");
	if (!each) {
		note_text();
		return 0;
	}

	static_call_update(ksc_each_symbol, (typeof(kallsyms_on_each_symbol) *)each);
	static_call(ksc_each_symbol)(__builtin_choose_expr(KSC_EACH_SYMBOL_HAS_MODULE,
							   note_symbol_of, note_symbol_only),
				     NULL);
	return 0;
}

/** ksc_resolve_release() - free what ksc_resolve_all() noted */
void __init ksc_resolve_release(void)
{
	kvfree(symbols);
	symbols = NULL;
	nr_symbols = 0;
}

/**
 * ksc_resolve() - address of a kernel symbol
 * @name: the symbol
 *
 * Return: its address, 0 if the kernel has none of that name.
 */
unsigned long __init ksc_resolve(const char *name)
{
	int i = find_symbol(name);

	if (i >= 0 && (symbols[i].addr || walk_complete))
		return symbols[i].addr;
	/* Milliseconds each where the search is linear, and there are hundreds. */
	cond_resched();
	return static_call(ksc_lookup)(name);
}
