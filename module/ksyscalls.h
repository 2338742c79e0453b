/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KSC_KSYSCALLS_H
#define KSC_KSYSCALLS_H

#include <linux/audit.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/stringify.h>
#include <linux/sysfs.h>
#include <linux/types.h>

#include "stub.h"

/* x86 has three ABIs and MIPS too; no architecture has more than this. */
#define KSC_MAX_ABIS	4

/* ---- what an architecture says about its ABIs (arch/<arch>.c) ---------- */

/*
 * The texts of all tables are in the tables, not behind pointers: so they are
 * init memory like the tables themselves, and gone after loading.
 */
#define KSC_SYMBOL_LEN	48

/* A UAPI name of a syscall; several may share one number. */
struct ksc_abi_name {
	unsigned int nr;
	char name[44];
};

/**
 * struct ksc_abi_desc - one syscall numbering of this architecture
 * @name: its directory below /sys/kernel/syscalls
 * @audit_arch: AUDIT_ARCH_* as seccomp sees it
 * @base: added to a number of @entries to get the one in seccomp_data
 * @nr: numbers in @entries
 * @entries: per number the entry as the kernel's table spells it; empty for a
 *	number that the dispatcher has nothing for
 * @prefixes: what the kernel's syscall wrappers put before it; the second, if
 *	there is one, is tried where the first finds nothing
 * @names: the UAPI names from the kernel's headers, in any order
 * @nr_names: entries of @names
 * @present: UAPI names that every kernel has, if not the usual ones, separated
 *	by spaces: if one reads absent, we are wrong
 * @one_entry: all numbers have one entry in common, so that there are no stubs
 */
struct ksc_abi_desc {
	char name[16];
	u32 audit_arch;
	u32 base;
	unsigned int nr;
	const char (*entries)[KSC_SYMBOL_LEN];
	char prefixes[2][16];
	const struct ksc_abi_name *names;
	unsigned int nr_names;
	char present[32];
	bool one_entry;
};

/* One whose tables are <abi>_entries and <abi>_names. */
#define KSC_ABI(abi, arch, ...)						\
	{								\
		.name = #abi,						\
		.audit_arch = (arch),					\
		.nr = ARRAY_SIZE(abi##_entries),			\
		.entries = abi##_entries,				\
		.names = abi##_names,					\
		.nr_names = ARRAY_SIZE(abi##_names),			\
		__VA_ARGS__						\
	}

/* What the kernel's syscall headers are made to expand to. */
#define KSC_ENTRY(nr, sym, ...)	\
	[nr] = __stringify(sym),
#define KSC_NO_ENTRY(...)

/* A line of names_<abi>.h. */
#define KSC_NAME(nr, name)	\
	{ nr, name },

/**
 * struct ksc_gate - something switched off at boot that the code cannot show
 * @abi: the ABI concerned, NULL for all
 * @name: the syscall concerned, NULL for the whole ABI
 * @open: 1 if it is on, 0 if off, negative errno if that cannot be told;
 *	@entry is the address of the syscall's entry, 0 for a whole ABI
 * @what: for the log: what decides
 */
struct ksc_gate {
	const char *abi;
	const char *name;
	int (*open)(unsigned long entry);
	const char *what;
};

/* Ended by one without a name. */
extern const struct ksc_abi_desc ksc_arch_abis[];
/* Ended by one without open(). */
extern const struct ksc_gate ksc_arch_gates[];

/* One that each architecture has. */
#define KSC_MEMFD_SECRET_GATE \
	{ .name = "memfd_secret", .open = ksc_gate_ask, .what = "secretmem.enable=" }

/* ---- gates of no architecture (gates.c) -------------------------------- */

int ksc_gate_ask(unsigned long entry);

/* ---- symbols (resolve.c) ----------------------------------------------- */

int ksc_resolve_init(void);
void ksc_resolve_release(void);
unsigned long ksc_resolve(const char *name);

/* ---- the survey (survey.c) --------------------------------------------- */

/**
 * struct ksc_abi - what is published about one ABI
 * @name: see struct ksc_abi_desc, as @audit_arch, @base and @nr
 * @bitmap: the implemented numbers
 * @names: "nr name" lines of the implemented numbers
 * @names_len: bytes in @names
 * @kobj: its directory
 * @names_attr: the file that shows @names
 */
struct ksc_abi {
	char name[16];
	u32 audit_arch;
	u32 base;
	unsigned int nr;
	unsigned long *bitmap;
	char *names;
	size_t names_len;
	struct kobject *kobj;
	struct bin_attribute names_attr;
};

int ksc_survey(struct ksc_abi *abis, unsigned int *count);
void ksc_survey_free(struct ksc_abi *abis, unsigned int count);

/* ---- sysfs (sysfs.c) --------------------------------------------------- */

/* What the module publishes while it is loaded (main.c). */
extern struct ksc_abi ksc_abis[KSC_MAX_ABIS];
extern unsigned int ksc_nr_abis;

int ksc_sysfs_check(void);
int ksc_sysfs_add(void);
void ksc_sysfs_remove(void);

#endif /* KSC_KSYSCALLS_H */
