// SPDX-License-Identifier: GPL-2.0-only
/*
 * s390: s390x, and s390 for 31-bit programs, which Linux 7.0 dropped.
 *
 * Until then the table had no numbers: two entries a line, from number 0.
 */
#include <linux/kernel.h>
#include <linux/unistd.h>

#include "../ksyscalls.h"

#define __SYSCALL	KSC_ENTRY

#define SYSCALL(native, compat)	\
	__stringify(native),
static const char s390x_entries[][KSC_SYMBOL_LEN] __initconst = {
#include <asm/syscall_table.h>
};

#undef SYSCALL

static const struct ksc_abi_name s390x_names[] __initconst = {
#include "names_s390x.h"
};

#ifdef CONFIG_COMPAT
#define SYSCALL(native, compat)	\
	__stringify(compat),
static const char s390_entries[][KSC_SYMBOL_LEN] __initconst = {
#include <asm/syscall_table.h>
};

#undef SYSCALL

static const struct ksc_abi_name s390_names[] __initconst = {
#include "names_s390.h"
};

#endif

const struct ksc_abi_desc ksc_arch_abis[] __initconst = {
	KSC_ABI(s390x, AUDIT_ARCH_S390X, .prefixes = { "__s390x_" }),
#ifdef CONFIG_COMPAT
	KSC_ABI(s390, AUDIT_ARCH_S390, .prefixes = { "__s390_" }),
#endif
	{ }
};

const struct ksc_gate ksc_arch_gates[] __initconst = {
	KSC_MEMFD_SECRET_GATE,
	{ }
};
