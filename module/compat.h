/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where kernels differ. Distributions backport interfaces, so a difference is
 * found by looking at the interface itself and not at the version number.
 */
#ifndef KSC_COMPAT_H
#define KSC_COMPAT_H

#include <linux/kallsyms.h>
#include <linux/sysfs.h>

#define KSC_SAME_TYPE(a, b)	__builtin_types_compatible_p(typeof(a), typeof(b))

/*
 * Linux 6.16 made bin_attribute::read take its attribute as const. A cast
 * would do, were it not for kCFI.
 */
#define KSC_CONST_BIN_READ							\
	KSC_SAME_TYPE(((struct bin_attribute *)NULL)->read,			\
		      ssize_t (*)(struct file *, struct kobject *,		\
				  const struct bin_attribute *, char *, loff_t, size_t))

/* Linux 6.4 dropped the module from the parameters of the callback. */
#define KSC_EACH_SYMBOL_HAS_MODULE						\
	KSC_SAME_TYPE(kallsyms_on_each_symbol,					\
		      int(int (*)(void *, const char *, struct module *, unsigned long), \
			  void *))

#endif /* KSC_COMPAT_H */
