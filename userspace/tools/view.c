// SPDX-License-Identifier: GPL-2.0-only
/*
 * The view of this kernel that a configuration names; and one of no kernel, the names that
 * libseccomp has for this machine's ABIs.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include <ksyscalls-seccomp.h>
#include <linux/ksyscalls.h>

#include "../lib/shared.h"
#include "view.h"

/* What a kernel can run whose own ABI is the first; 0 is no architecture's. */
static const uint32_t families[][3] = {
	{ SCMP_ARCH_X86_64,	SCMP_ARCH_X86,		SCMP_ARCH_X32 },
	{ SCMP_ARCH_AARCH64,	SCMP_ARCH_ARM },
	{ SCMP_ARCH_S390X,	SCMP_ARCH_S390 },
	{ SCMP_ARCH_PPC64,	SCMP_ARCH_PPC },
	{ SCMP_ARCH_MIPS64,	SCMP_ARCH_MIPS64N32,	SCMP_ARCH_MIPS },
	{ SCMP_ARCH_MIPSEL64,	SCMP_ARCH_MIPSEL64N32,	SCMP_ARCH_MIPSEL },
};

const struct ksc_abi *view_native(const struct ksc *k)
{
	const struct ksc_abi *abi;

	ksc_abi_foreach(abi, k) {
		if (ksc_abi_scmp_arch(abi) == seccomp_arch_native())
			return abi;
	}
	return NULL;
}

/* A copy may be of the kernel before the last update; one without a release is taken on trust. */
static bool is_stale(const struct ksc *k, const char *sysroot, char *why, size_t size)
{
	const char *release = ksc_release(k);
	struct utsname running;

	if (!*sysroot || !release)
		return false;
	if (!uname(&running) && !strcmp(release, running.release))
		return false;
	snprintf(why, size, "%s is of Linux %s, and this is %s: take a new copy with 'ksyscalls "
		 "snapshot'", sysroot, release, running.release);
	return true;
}

const char *view_open(struct ksc **kp, const char *sysroot, char *text, size_t size)
{
	int ret = ksc_open(kp, *sysroot ? sysroot : NULL);

	if (!ret && !is_stale(*kp, sysroot, text, size)) {
		if (view_native(*kp))
			return NULL;
		snprintf(text, size, "%s%s does not tell of this machine's own ABI; 'dmesg' says "
			 "why", sysroot, KSYSCALLS_SYSFS_DIR);
	}
	if (ret == -ENOENT)
		snprintf(text, size, "no %s%s: %s", sysroot, KSYSCALLS_SYSFS_DIR, *sysroot ?
			 "copy one with 'ksyscalls snapshot'" : "the module is not loaded; try "
			 "'ksyscalls load', or 'ksyscalls survey', as root");
	else if (ret)
		snprintf(text, size, "%s", *ksc_error(*kp) ? ksc_error(*kp) : strerror(-ret));
	ksc_close(*kp);
	*kp = NULL;
	return text;
}

/* How many ABIs a kernel of this machine can have; @archs receives them. */
static size_t find_family(uint32_t native, uint32_t archs[ARRAY_SIZE(families[0])])
{
	size_t i, n;

	for (i = 0; i < ARRAY_SIZE(families) && families[i][0] != native; i++)
		;
	archs[0] = native;
	for (n = 1; i < ARRAY_SIZE(families) && n < ARRAY_SIZE(families[0]) && families[i][n]; n++)
		archs[n] = families[i][n];
	return n;
}

int view_names(struct ksc **kp)
{
	uint32_t archs[ARRAY_SIZE(families[0])];

	return ksc_seccomp_names(kp, archs, find_family(seccomp_arch_native(), archs));
}

bool view_has_names_alone(const struct ksc_abi *abi)
{
	uint32_t nr;

	for (nr = 0; nr < ksc_abi_nr_syscalls(abi); nr++) {
		if (ksc_abi_implemented(abi, nr) >= 0)
			return false;
	}
	return true;
}

int view_complete(struct ksc *k, char *text, size_t size)
{
	const struct ksc_abi *native = ksc_abi_native(k), *abi;
	uint32_t archs[ARRAY_SIZE(families[0])];
	const char *lead = VIEW_LACKS;
	int added, len = 0;

	*text = '\0';
	if (!native)
		return 0;
	added = ksc_seccomp_complete(k, archs, find_family(ksc_abi_scmp_arch(native), archs));
	if (added <= 0)
		return added;
	ksc_abi_foreach(abi, k) {
		if (!view_has_names_alone(abi) || (size_t)len >= size)
			continue;
		len += snprintf(text + len, size - (size_t)len, "%s%s", lead, ksc_abi_id(abi));
		lead = ", ";
	}
	if ((size_t)len < size)
		snprintf(text + len, size - (size_t)len, VIEW_LACKS_ALONE);
	return 0;
}
