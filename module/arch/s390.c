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

#define KSC_NAME(nr, name)	\
	{ nr, name },

#define SYSCALL(native, compat)	\
	__stringify(native),
static const char *const s390x_entries[] __initconst = {
#include <asm/syscall_table.h>
};

#undef SYSCALL

static const struct ksc_abi_name s390x_names[] __initconst = {
#include "names_s390x.h"
};

static const char *const s390x_prefixes[] __initconst = { "__s390x_", NULL };

#ifdef CONFIG_COMPAT
#define SYSCALL(native, compat)	\
	__stringify(compat),
static const char *const s390_entries[] __initconst = {
#include <asm/syscall_table.h>
};

#undef SYSCALL

static const struct ksc_abi_name s390_names[] __initconst = {
#include "names_s390.h"
};

static const char *const s390_prefixes[] __initconst = { "__s390_", NULL };
#endif

static const char *const present[] __initconst = {
	"read", "write", "close", "getpid", "exit_group", NULL
};

static const char *const absent[] __initconst = {
	"sys_spu_run", "sys_rtas", "sys_subpage_prot", "sys_vm86", "sys_pciconfig_read", NULL
};

const struct ksc_abi_desc ksc_arch_abis[] __initconst = {
	{
		.name = "s390x",
		.audit_arch = AUDIT_ARCH_S390X,
		.nr = ARRAY_SIZE(s390x_entries),
		.entries = s390x_entries,
		.prefixes = s390x_prefixes,
		.names = s390x_names,
		.nr_names = ARRAY_SIZE(s390x_names),
		.present = present,
		.absent = absent,
	},
#ifdef CONFIG_COMPAT
	{
		.name = "s390",
		.audit_arch = AUDIT_ARCH_S390,
		.nr = ARRAY_SIZE(s390_entries),
		.entries = s390_entries,
		.prefixes = s390_prefixes,
		.names = s390_names,
		.nr_names = ARRAY_SIZE(s390_names),
		.present = present,
		.absent = absent,
	},
#endif
};

const unsigned int ksc_arch_nr_abis __initconst = ARRAY_SIZE(ksc_arch_abis);

const struct ksc_gate ksc_arch_gates[] __initconst = {
	{ .name = "memfd_secret", .open = ksc_gate_ask, .what = "secretmem.enable=" },
};

const unsigned int ksc_arch_nr_gates __initconst = ARRAY_SIZE(ksc_arch_gates);
