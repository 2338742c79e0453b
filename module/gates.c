// SPDX-License-Identifier: GPL-2.0-only
/*
 * Switches that turn a syscall off although its code is there, asked in ways
 * that every architecture shares.
 */
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/kernfs.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/static_call.h>
#include <linux/string.h>

#include "ksyscalls.h"

#ifdef CONFIG_ARCH_HAS_SYSCALL_WRAPPER
typedef long ksc_entry_fn(const struct pt_regs *regs);
#else
typedef long ksc_entry_fn(unsigned long arg0);
#endif

/* Only for its type. */
extern ksc_entry_fn ksc_entry;
DEFINE_STATIC_CALL_NULL(ksc_ask, ksc_entry);

/**
 * ksc_gate_ask() - call a syscall and see whether it is switched off
 * @entry: address of its entry
 *
 * Only for a syscall that first looks at its switch and then rejects all-ones
 * arguments before it does anything. Called directly for the reason given in
 * resolve.c.
 *
 * Return: 1 if it is on, 0 if it answered -ENOSYS.
 */
int __init ksc_gate_ask(unsigned long entry)
{
	long ret;
#ifdef CONFIG_ARCH_HAS_SYSCALL_WRAPPER
	struct pt_regs regs;

	/* Whatever register the ABI passes an argument in, it is all ones. */
	memset(&regs, 0xff, sizeof(regs));
	static_call_update(ksc_ask, (ksc_entry_fn *)entry);
	ret = static_call(ksc_ask)(&regs);
#else
	static_call_update(ksc_ask, (ksc_entry_fn *)entry);
	ret = static_call(ksc_ask)(~0UL);
#endif
	return ret != -ENOSYS;
}

/**
 * ksc_gate_param() - read a boolean parameter of built-in code
 * @module: its directory in /sys/module
 * @param: its file in the parameters directory there
 *
 * Goes through sysfs in the kernel, so that it does not matter whether, where
 * or in whose mount namespace sysfs is mounted.
 *
 * Return: its value, -ENOENT if the kernel has no such parameter.
 */
int __init ksc_gate_param(const char *module, const char *param)
{
	struct kernfs_node *dir, *file;
	struct kobject *kobj;
	int ret = -ENOENT;
	ssize_t len;
	bool value;
	char *page;

	kobj = kset_find_obj(THIS_MODULE->mkobj.kobj.kset, module);
	if (!kobj)
		return -ENOENT;

	dir = kernfs_find_and_get(kobj->sd, "parameters");
	if (!dir)
		goto put_kobj;

	file = kernfs_find_and_get(dir, param);
	if (!file)
		goto put_dir;

	page = (char *)get_zeroed_page(GFP_KERNEL);
	if (!page) {
		ret = -ENOMEM;
		goto put_file;
	}

	/* The private pointer of a sysfs file is its attribute. */
	len = kobj->ktype->sysfs_ops->show(kobj, file->priv, page);
	ret = len < 0 ? len : kstrtobool(page, &value) ?: value;

	free_page((unsigned long)page);
put_file:
	kernfs_put(file);
put_dir:
	kernfs_put(dir);
put_kobj:
	kobject_put(kobj);
	return ret;
}
