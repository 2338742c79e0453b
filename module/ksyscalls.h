/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KSC_KSYSCALLS_H
#define KSC_KSYSCALLS_H

#include <linux/audit.h>
#include <linux/init.h>
#include <linux/kobject.h>
#include <linux/stringify.h>
#include <linux/sysfs.h>
#include <linux/types.h>

#include "stub.h"

/* ---- what an architecture says about its ABIs (arch/<arch>.c) ---------- */

/* A UAPI name of a syscall; several may share one number. */
struct ksc_abi_name {
	unsigned int nr;
	const char *name;
};

/**
 * struct ksc_abi_desc - one syscall numbering of this architecture
 * @name: its directory below /sys/kernel/syscalls
 * @audit_arch: AUDIT_ARCH_* as seccomp sees it
 * @base: added to a number of @entries to get the one in seccomp_data
 * @nr: numbers in @entries
 * @entries: per number the entry as the kernel's table spells it; NULL for a
 *	number that the dispatcher has nothing for
 * @prefixes: what the kernel's syscall wrappers put before it, tried in this
 *	order, ended by NULL
 * @names: the UAPI names from the kernel's headers, in any order
 * @nr_names: entries of @names
 * @present: UAPI names that every kernel has: if one reads absent, we are wrong
 * @absent: entries of other architectures, for which the kernel has a stub of
 *	the very shape that an absent syscall has here: if one is there and
 *	reads implemented, we are wrong
 */
struct ksc_abi_desc {
	const char *name;
	u32 audit_arch;
	u32 base;
	unsigned int nr;
	const char *const *entries;
	const char *const *prefixes;
	const struct ksc_abi_name *names;
	unsigned int nr_names;
	const char *const *present;
	const char *const *absent;
};

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

/* What the kernel's syscall headers are made to expand to. */
#define KSC_ENTRY(nr, sym)	\
	[nr] = __stringify(sym),
#define KSC_NO_ENTRY(...)

extern const struct ksc_abi_desc ksc_arch_abis[];
extern const unsigned int ksc_arch_nr_abis;
extern const struct ksc_gate ksc_arch_gates[];
extern const unsigned int ksc_arch_nr_gates;

/* ---- shared gates (gates.c) -------------------------------------------- */

int ksc_gate_ask(unsigned long entry);
int ksc_gate_param(const char *module, const char *param);

/* ---- symbols (resolve.c) ----------------------------------------------- */

int ksc_resolve_init(unsigned long lookup_addr);
int ksc_resolve_all(const struct ksc_abi_desc *descs, unsigned int count);
void ksc_resolve_release(void);
unsigned long ksc_resolve(const char *name);
int ksc_symbol_at(unsigned long addr, char *name, size_t size);

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
	const char *name;
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

int ksc_sysfs_check(void);
int ksc_sysfs_add(struct ksc_abi *abis, unsigned int count);
void ksc_sysfs_remove(void);

#endif /* KSC_KSYSCALLS_H */
