// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files under /sys/kernel/syscalls; uapi/ABI/sysfs-kernel-syscalls
 * describes them.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/kernfs.h>
#include <linux/kobject.h>
#include <linux/stat.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include <linux/ksyscalls.h>

#include "compat.h"
#include "ksyscalls.h"

#ifndef CONFIG_SYSFS
#error "ksyscalls needs a kernel with CONFIG_SYSFS: it has nowhere else to publish"
#endif

static struct kobject *root;

/* The core owns the kobjects, so that none of our code runs when they go. */
static const struct ksc_abi *abi_of(const struct kobject *kobj)
{
	const struct ksc_abi *abi = ksc_abis;

	while (abi->kobj != kobj)
		abi++;
	return abi;
}

static ssize_t version_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", KSYSCALLS_ABI_VERSION);
}

static ssize_t audit_arch_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%#x\n", abi_of(kobj)->audit_arch);
}

static ssize_t base_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	/* Not %#x, which shows zero without its 0x. */
	return sysfs_emit(buf, "0x%x\n", abi_of(kobj)->base);
}

static ssize_t nr_syscalls_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", abi_of(kobj)->nr);
}

static ssize_t bitmap_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	const struct ksc_abi *abi = abi_of(kobj);

	return sysfs_emit(buf, "%*pb\n", abi->nr, abi->bitmap);
}

static ssize_t list_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	const struct ksc_abi *abi = abi_of(kobj);

	return sysfs_emit(buf, "%*pbl\n", abi->nr, abi->bitmap);
}

static ssize_t names_copy(const struct ksc_abi *abi, char *buf, loff_t off, size_t count)
{
	if (off < 0 || off >= abi->names_len)
		return 0;
	count = min_t(size_t, count, abi->names_len - off);
	memcpy(buf, abi->names + off, count);
	return count;
}

static ssize_t __maybe_unused names_read(struct file *file, struct kobject *kobj,
					 struct bin_attribute *attr, char *buf,
					 loff_t off, size_t count)
{
	return names_copy(attr->private, buf, off, count);
}

static ssize_t __maybe_unused names_read_const(struct file *file, struct kobject *kobj,
					       const struct bin_attribute *attr, char *buf,
					       loff_t off, size_t count)
{
	return names_copy(attr->private, buf, off, count);
}

static struct kobj_attribute version_attr = __ATTR_RO(version);
static struct kobj_attribute audit_arch_attr = __ATTR_RO(audit_arch);
static struct kobj_attribute base_attr = __ATTR_RO(base);
static struct kobj_attribute nr_syscalls_attr = __ATTR_RO(nr_syscalls);
static struct kobj_attribute bitmap_attr = __ATTR_RO(bitmap);
static struct kobj_attribute list_attr = __ATTR_RO(list);

static struct attribute *abi_attrs[] = {
	&audit_arch_attr.attr,
	&base_attr.attr,
	&nr_syscalls_attr.attr,
	&bitmap_attr.attr,
	&list_attr.attr,
	NULL
};

static const struct attribute_group abi_group = { .attrs = abi_attrs };

static int __init abi_add(struct ksc_abi *abi)
{
	struct bin_attribute *names = &abi->names_attr;
	int err;

	abi->kobj = kobject_create_and_add(abi->name, root);
	if (!abi->kobj)
		return -ENOMEM;

	/* Not in the group: its size and what it shows are this ABI's own. */
	sysfs_bin_attr_init(names);
	names->attr.name = KSYSCALLS_FILE_NAMES;
	names->attr.mode = 0444;
	names->size = abi->names_len;
	names->private = abi;
	names->read = __builtin_choose_expr(KSC_CONST_BIN_READ, names_read_const, names_read);

	err = sysfs_create_bin_file(abi->kobj, names);
	if (err)
		return err;

	return sysfs_create_group(abi->kobj, &abi_group);
}

DEFINE_STATIC_CALL_NULL(ksc_find, kernfs_find_and_get_ns);
DEFINE_STATIC_CALL_NULL(ksc_put, kernfs_put);

/**
 * ksc_sysfs_check() - make sure that the directory is free
 *
 * sysfs would refuse a second one too, but with a stack trace. What finds it is
 * looked up: a kernel with CONFIG_TRIM_UNUSED_KSYMS may not export it, and the
 * module can do without.
 *
 * Return: 0, or -EEXIST after a line in the log.
 */
int __init __nocfi ksc_sysfs_check(void)
{
	unsigned long find = ksc_resolve("kernfs_find_and_get_ns");
	unsigned long put = ksc_resolve("kernfs_put");
	struct kernfs_node *there;

	if (!find || !put)
		return 0;

	ksc_call_update(ksc_find, kernfs_find_and_get_ns, find);
	ksc_call_update(ksc_put, kernfs_put, put);
	there = static_call(ksc_find)(kernel_kobj->sd, KSYSCALLS_SYSFS_NAME, NULL);
	if (!there)
		return 0;

	static_call(ksc_put)(there);
	pr_err("%s exists already: this kernel publishes its syscalls without this module\n",
	       KSYSCALLS_SYSFS_DIR);
	return -EEXIST;
}

/**
 * ksc_sysfs_add() - publish ksc_abis
 *
 * The version file comes last: who sees it, sees everything.
 *
 * Return: 0 or a negative errno, nothing published.
 */
int __init ksc_sysfs_add(void)
{
	unsigned int i;
	int err;

	root = kobject_create_and_add(KSYSCALLS_SYSFS_NAME, kernel_kobj);
	if (!root)
		return -ENOMEM;

	for (i = 0; i < ksc_nr_abis; i++) {
		err = abi_add(&ksc_abis[i]);
		if (err)
			goto remove;
	}

	err = sysfs_create_file(root, &version_attr.attr);
	if (err)
		goto remove;

	return 0;

remove:
	pr_err("cannot create files in %s: error %d\n", KSYSCALLS_SYSFS_DIR, err);
	ksc_sysfs_remove();
	return err;
}

/**
 * ksc_sysfs_remove() - take everything back
 *
 * Returns when the last reader has left; a file that is still open then
 * answers -ENODEV.
 */
void ksc_sysfs_remove(void)
{
	unsigned int i;

	for (i = 0; i < ksc_nr_abis; i++) {
		/* Not left to the last put, which debug options may delay. */
		if (ksc_abis[i].kobj)
			kobject_del(ksc_abis[i].kobj);
		kobject_put(ksc_abis[i].kobj);
	}

	kobject_del(root);
	kobject_put(root);
}
