/* SPDX-License-Identifier: GPL-2.0-only */
/* The lines of syscalls.csv. */
#ifndef KSYSCALLS_SURVEY_TABLE_H
#define KSYSCALLS_SURVEY_TABLE_H

#include <stddef.h>

/* As in syscalls.csv, where the last ones are called ABI/64. */
enum {
	ABI_x86_64		= 1 << 0,
	ABI_i386		= 1 << 1,
	ABI_x32			= 1 << 2,
	ABI_arm64		= 1 << 3,
	ABI_arm			= 1 << 4,
	ABI_arm_private		= 1 << 5,
	ABI_ppc64		= 1 << 6,
	ABI_ppc			= 1 << 7,
	ABI_s390x		= 1 << 8,
	ABI_s390		= 1 << 9,
	ABI_riscv64		= 1 << 10,
	ABI_riscv32		= 1 << 11,
	ABI_mips64		= 1 << 12,
	ABI_mipsn32		= 1 << 13,
	ABI_mips		= 1 << 14,
	ABI_loong64		= 1 << 15,
	ABI_i386_on_64		= 1 << 16,
	ABI_arm_on_64		= 1 << 17,
	ABI_arm_private_on_64	= 1 << 18,
	ABI_ppc_on_64		= 1 << 19,
	ABI_riscv32_on_64	= 1 << 20,
	ABI_mips_on_64		= 1 << 21,
};

struct row {
	unsigned int since, maybe;	/* releases */
	unsigned int nr;
	unsigned int abis;
	const char *name;		/* NULL: it has none */
	const char *entry;
};

/* The last release whose tables were read. */
extern const unsigned int survey_newest;

/* Those of @abis, by release, and not more than @room; returns how many. */
size_t survey_rows(unsigned int abis, const struct row **list, size_t room);
/* Until this release no kernel had a function of that name. */
unsigned int survey_first_seen(const char *entry);

#endif /* KSYSCALLS_SURVEY_TABLE_H */
