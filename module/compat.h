/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where kernels differ. Distributions backport interfaces, so a difference is
 * found by looking at the interface itself and not at the version number.
 */
#ifndef KSC_COMPAT_H
#define KSC_COMPAT_H

#include <linux/kallsyms.h>
#include <linux/sysfs.h>

/*
 * Linux 6.16 made bin_attribute::read take its attribute as const. Pick the
 * function of the type that this kernel calls, so that kCFI is content.
 */
#define ksc_bin_read(fn_const, fn)						\
	__builtin_choose_expr(							\
		__builtin_types_compatible_p(					\
			typeof(((struct bin_attribute *)NULL)->read), typeof(&(fn_const))), \
		(fn_const), (fn))

/* Linux 6.4 dropped the module from the callback's parameters. */
#define ksc_each_symbol_fn(fn_module, fn)					\
	__builtin_choose_expr(							\
		__builtin_types_compatible_p(					\
			typeof(&kallsyms_on_each_symbol),			\
			int (*)(typeof(&(fn_module)), void *)),			\
		(fn_module), (fn))

#endif /* KSC_COMPAT_H */
