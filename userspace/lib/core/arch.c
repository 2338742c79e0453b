// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What differs by architecture, whichever this library was built for.
 */
#include <linux/audit.h>
#include <linux/elf-em.h>
#include <linux/seccomp.h>

#include "private.h"

#define MACHINE(audit_arch)	((audit_arch) & 0xffff)

/* The number that ENOSYS is where it is not 38, by ELF machine. */
static const struct {
	uint16_t machine;
	uint16_t number;
} enosys_numbers[] = {
	{ EM_MIPS,	89 },
	{ EM_SPARC,	90 },
	{ EM_SPARCV9,	90 },
	{ EM_PARISC,	251 },
	{ EM_ALPHA & 0xffff, 78 },
};

KSC_PUBLIC uint32_t ksc_ret_enosys(uint32_t audit_arch)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(enosys_numbers); i++)
		if (MACHINE(audit_arch) == enosys_numbers[i].machine)
			return SECCOMP_RET_ERRNO | enosys_numbers[i].number;
	return SECCOMP_RET_ERRNO | 38;
}
