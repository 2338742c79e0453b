/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where kernels differ. Distributions backport interfaces, so a difference is
 * found by looking at the interface itself and not at the version number; where
 * C cannot look, Kbuild does, see there for KSC_HAVE_ and KSC_KNOWS_.
 */
#ifndef KSC_COMPAT_H
#define KSC_COMPAT_H

#include <linux/kernel.h>
#include <linux/sysfs.h>
#include <linux/uaccess.h>

#define KSC_SAME_TYPE(a, b)	__builtin_types_compatible_p(typeof(a), typeof(b))

/*
 * Linux 6.16 made bin_attribute::read take its attribute as const. A cast
 * would do, were it not for kCFI.
 */
#define KSC_CONST_BIN_READ							\
	KSC_SAME_TYPE(((struct bin_attribute *)NULL)->read,			\
		      ssize_t (*)(struct file *, struct kobject *,		\
				  const struct bin_attribute *, char *, loff_t, size_t))

/* Before 5.10 no function had its ENDBR removed, so that a pointer does. */
#ifdef KSC_HAVE_linux_static_call_h
#include <linux/static_call.h>
#else
#define DEFINE_STATIC_CALL_NULL(name, type)	static struct { typeof(type) *to; } name
#define static_call_update(name, function)	((name).to = (function))
#define static_call(name)			((name).to)
#endif

/*
 * For an address of ksc_resolve()'s, of a function of @type. Calls of T32 code have the
 * lowest bit set.
 */
#define ksc_call_update(name, type, addr) \
	static_call_update(name, (typeof(type) *)((addr) | IS_ENABLED(CONFIG_THUMB2_KERNEL)))

/*
 * For functions that call what ksc_resolve() found. Where a static call is an
 * indirect one, clang's CFI of 5.13 to 6.0 would stop it: it lets none go
 * anywhere but to an entry of a jump table.
 */
#ifndef __nocfi
#define __nocfi
#endif

/* Until 5.8. */
#ifndef KSC_KNOWS_copy_from_kernel_nofault
#define copy_from_kernel_nofault	probe_kernel_read
#endif

/* Until 5.10. */
#ifndef KSC_KNOWS_sysfs_emit
#define sysfs_emit(buf, ...)		scnprintf(buf, PAGE_SIZE, __VA_ARGS__)
#endif

#endif /* KSC_COMPAT_H */
