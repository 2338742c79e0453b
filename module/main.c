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

struct ksc_abi ksc_abis[KSC_MAX_ABIS];
unsigned int ksc_nr_abis;

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

	pr_err("built for %s, but this is %s: build it again, as 'dkms autoinstall' does\n",
	       UTS_RELEASE, release);
	return -ENOEXEC;
}

static int __init ksc_init(void)
{
	int err;

	err = check_release();
	if (err)
		return err;

	err = ksc_resolve_init();
	if (err)
		return err;

	err = ksc_sysfs_check();
	if (err)
		goto release_symbols;

	ksc_nr_abis = ARRAY_SIZE(ksc_abis);
	err = ksc_survey(ksc_abis, &ksc_nr_abis);
	if (err)
		goto release_symbols;

	err = ksc_sysfs_add();
	if (err)
		ksc_survey_free(ksc_abis, ksc_nr_abis);

release_symbols:
	ksc_resolve_release();
	return err;
}

static void __exit ksc_exit(void)
{
	ksc_sysfs_remove();
	ksc_survey_free(ksc_abis, ksc_nr_abis);
}

module_init(ksc_init);
module_exit(ksc_exit);

MODULE_DESCRIPTION("The syscalls that this kernel implements, in /sys/kernel/syscalls");
MODULE_AUTHOR("The ksyscalls authors");
MODULE_LICENSE("GPL");
