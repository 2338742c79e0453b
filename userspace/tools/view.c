// SPDX-License-Identifier: GPL-2.0-only
/*
 * A view of no kernel: the names that libseccomp has for this machine's ABIs.
 */
#include <errno.h>
#include <stddef.h>

#include <ksyscalls-seccomp.h>

#include "view.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* What a kernel can run whose own ABI is the first; 0 is no architecture's. */
static const uint32_t families[][3] = {
	{ SCMP_ARCH_X86_64,	SCMP_ARCH_X86,		SCMP_ARCH_X32 },
	{ SCMP_ARCH_AARCH64,	SCMP_ARCH_ARM },
	{ SCMP_ARCH_S390X,	SCMP_ARCH_S390 },
	{ SCMP_ARCH_PPC64,	SCMP_ARCH_PPC },
	{ SCMP_ARCH_MIPS64,	SCMP_ARCH_MIPS64N32,	SCMP_ARCH_MIPS },
	{ SCMP_ARCH_MIPSEL64,	SCMP_ARCH_MIPSEL64N32,	SCMP_ARCH_MIPSEL },
};

bool view_has_native(const struct ksc *k)
{
	const struct ksc_abi *abi;

	ksc_abi_foreach(abi, k) {
		if (ksc_abi_scmp_arch(abi) == seccomp_arch_native())
			return true;
	}
	return false;
}

int view_names(struct ksc **kp)
{
	uint32_t native = seccomp_arch_native();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(families); i++) {
		if (families[i][0] == native)
			return ksc_seccomp_names(kp, families[i], ARRAY_SIZE(families[i]));
	}
	return ksc_seccomp_names(kp, &native, 1);
}
