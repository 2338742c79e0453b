/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A survey of the running kernel without the module: what the files share of which
 * cmd-survey.c makes a tree.
 */
#ifndef KSYSCALLS_SURVEY_H
#define KSYSCALLS_SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- survey-symbols.c: what /proc/kallsyms says of an entry -------------- */

/* Addresses are compared with each other and shown to nobody. */
struct symbol {
	char *name;
	uint64_t addr;
	char type;
};

struct symbols {
	struct symbol *list;		/* by name */
	size_t count, room;
	unsigned int word;		/* bytes in an address of this kernel */
	bool hidden;			/* every address reads 0 */
	bool local_unclear;		/* a local symbol may be a weak one: LTO */
};

/* What a symbol says of a function. */
enum entry {
	ENTRY_MISSING,		/* no such symbol */
	ENTRY_STUB,		/* says -ENOSYS and nothing else */
	ENTRY_CODE,
	ENTRY_UNCLEAR,
};

int symbols_read(struct symbols *s, const char *path);
void symbols_free(struct symbols *s);
enum entry symbols_entry(const struct symbols *s, const char *const *prefixes, const char *entry);

/* ---- survey-switches.c: what only the running kernel can tell ------------- */

int switch_i386(void);
int switch_x32(void);
int switch_arm(void);
int switch_riscv32(void);
/* Of a syscall whose code may say -ENOSYS by itself: 1 on, 0 off, -ENOENT not such a one. */
int switch_syscall(const char *name);

/* ---- survey-table.c: syscalls.csv ---------------------------------------- */

/* What Linux's own tables have for an ABI by its name, whatever machine this is. */
const char *survey_name(const char *abi, uint32_t nr);
int survey_nr(const char *abi, const char *name);
uint32_t survey_numbers(const char *abi);

/* ---- survey-kernel.c: from both to bitmaps ------------------------------- */

#define SURVEY_MAX_ABIS	4
#define SURVEY_MAX_NR	1024

struct survey_abi {
	const char *name;
	uint32_t audit_arch;
	uint32_t base;
	unsigned int nr;
	uint32_t bits[SURVEY_MAX_NR / 32];
	uint32_t unknown[SURVEY_MAX_NR / 32];	/* neither implemented nor not */
	bool unknown_beyond;			/* nor are those from nr on */
	char *names;		/* "nr name" lines */
};

struct survey {
	struct survey_abi abis[SURVEY_MAX_ABIS];
	unsigned int count;
	bool newer;		/* the kernel has calls that no table has */
	/* Why an ABI is not among them, or what else is not known: lines. */
	char *notes;
};

int survey_kernel(struct survey *v, struct symbols *s, unsigned int release);
void survey_free(struct survey *v);

#endif /* KSYSCALLS_SURVEY_H */
