// SPDX-License-Identifier: GPL-2.0-only
/*
 * ksyscalls - publish which syscalls the running kernel implements
 *
 * The answer cannot change while the kernel runs, so all work is done here,
 * once; what stays resident are a few bitmaps and the files that show them.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/utsname.h>
#include <generated/utsrelease.h>

#include "ksyscalls.h"

/* x86 has three ABIs and MIPS too; no architecture has more than this. */
#define KSC_MAX_ABIS	4

static struct ksc_abi abis[KSC_MAX_ABIS];
static unsigned int nr_abis;

static unsigned long lookup_addr;
module_param(lookup_addr, ulong, 0);
MODULE_PARM_DESC(lookup_addr,
		 "address of kallsyms_lookup_name, for kernels where it cannot be found");

/*
 * The numbers are those of the headers that we were built with. vermagic names
 * the same release, but a kernel with CONFIG_MODVERSIONS does not look at that
 * part of it, and would publish another kernel's table.
 */
static int __init check_release(void)
{
	const char *release = init_utsname()->release;

	if (!strcmp(release, UTS_RELEASE))
		return 0;

	pr_err("built for %s, but this kernel is %s: build it for this one, 'dkms autoinstall' does\n",
	       UTS_RELEASE, release);
	return -ENOEXEC;
}

static int __init ksc_init(void)
{
	int err;

	err = check_release();
	if (err)
		return err;

	err = ksc_sysfs_check();
	if (err)
		return err;

	err = ksc_resolve_init(lookup_addr);
	if (err)
		return err;

	nr_abis = ARRAY_SIZE(abis);
	err = ksc_survey(abis, &nr_abis);
	if (err)
		return err;

	err = ksc_sysfs_add(abis, nr_abis);
	if (err)
		goto free_survey;

	return 0;

free_survey:
	ksc_survey_free(abis, nr_abis);
	return err;
}

static void __exit ksc_exit(void)
{
	ksc_sysfs_remove();
	ksc_survey_free(abis, nr_abis);
}

module_init(ksc_init);
module_exit(ksc_exit);

MODULE_DESCRIPTION("The syscalls that this kernel implements, in /sys/kernel/syscalls");
MODULE_AUTHOR("The ksyscalls authors");
MODULE_LICENSE("GPL");
