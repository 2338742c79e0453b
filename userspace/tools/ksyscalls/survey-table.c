// SPDX-License-Identifier: GPL-2.0-only
/*
 * The numbers and entries of all releases, syscalls.csv, as they are built in: what Linux's
 * own tables have, whatever machine this is.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <ksyscalls.h>

#include "../../lib/shared.h"
#include "survey.h"
#include "survey-table.h"

static const struct row rows[] = {
#include "syscall-table.h"
};

const unsigned int survey_newest = NEWEST;

size_t survey_rows(unsigned int abis, const struct row **list, size_t room)
{
	size_t n = 0, i;

	for (i = 0; i < ARRAY_SIZE(rows) && n < room; i++)
		if (rows[i].abis & abis)
			list[n++] = &rows[i];
	return n;
}

unsigned int survey_first_seen(const char *entry)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (!strcmp(rows[i].entry, entry))
			return rows[i].maybe;
	return KSC_RELEASE_UNKNOWN;
}

static unsigned int mask_of(const char *abi)
{
	static const struct {
		const char *name;
		unsigned int mask;
	} masks[] = {
		{ "x86_64", ABI_x86_64 }, { "i386", ABI_i386 | ABI_i386_on_64 }, { "x32", ABI_x32 },
		{ "arm64", ABI_arm64 }, { "arm", ABI_arm | ABI_arm_on_64 },
		{ "arm_private", ABI_arm_private | ABI_arm_private_on_64 },
		{ "ppc64", ABI_ppc64 }, { "ppc", ABI_ppc | ABI_ppc_on_64 },
		{ "s390x", ABI_s390x }, { "s390", ABI_s390 }, { "riscv64", ABI_riscv64 },
		{ "riscv32", ABI_riscv32 | ABI_riscv32_on_64 }, { "mips64", ABI_mips64 },
		{ "mipsn32", ABI_mipsn32 }, { "mips", ABI_mips | ABI_mips_on_64 },
		{ "loong64", ABI_loong64 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(masks); i++) {
		if (!strcmp(masks[i].name, abi))
			return masks[i].mask;
	}
	return 0;
}

/* The latest line that has a name for the number; NULL: no release had one. */
const char *survey_name(const char *abi, uint32_t nr)
{
	unsigned int mask = mask_of(abi);
	size_t i;

	for (i = ARRAY_SIZE(rows); i--; ) {
		if (rows[i].nr == nr && rows[i].abis & mask && rows[i].name)
			return rows[i].name;
	}
	return NULL;
}

/* Relative to the ABI's base; -ENOENT if no release had the name. */
int survey_nr(const char *abi, const char *name)
{
	unsigned int mask = mask_of(abi);
	size_t i;

	for (i = ARRAY_SIZE(rows); i--; ) {
		if (rows[i].abis & mask && rows[i].name && !strcmp(rows[i].name, name))
			return (int)rows[i].nr;
	}
	return -ENOENT;
}

/* The number after the last that any release has a name for. */
uint32_t survey_numbers(const char *abi)
{
	unsigned int mask = mask_of(abi);
	uint32_t end = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].nr >= end && rows[i].abis & mask && rows[i].name)
			end = rows[i].nr + 1;
	}
	return end;
}
