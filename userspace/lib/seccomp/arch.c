// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * One architecture has four names: libseccomp's token, the OCI's string, the
 * engines' string in "arches", and the ABI directory of the tree.
 */
#include <linux/audit.h>
#include <string.h>

#include "profile.h"

/* Numbers of one ABI lie within this of its base; the next base is further off. */
#define ABI_SPAN	0x1000

#ifndef AUDIT_ARCH_LOONGARCH64
#define AUDIT_ARCH_LOONGARCH64	(258 | __AUDIT_ARCH_64BIT | __AUDIT_ARCH_LE)
#endif

static const struct arch {
	uint32_t token;
	const char *oci;	/* after SCMP_ARCH_ */
	const char *engine;	/* in "arches" of moby and containers */
} arches[] = {
	{ SCMP_ARCH_X86,		"X86",		"x86" },
	{ SCMP_ARCH_X86_64,		"X86_64",	"amd64" },
	{ SCMP_ARCH_X32,		"X32",		"x32" },
	{ SCMP_ARCH_ARM,		"ARM",		"arm" },
	{ SCMP_ARCH_AARCH64,		"AARCH64",	"arm64" },
	{ SCMP_ARCH_MIPS,		"MIPS",		"mips" },
	{ SCMP_ARCH_MIPS64,		"MIPS64",	"mips64" },
	{ SCMP_ARCH_MIPS64N32,		"MIPS64N32",	"mips64n32" },
	{ SCMP_ARCH_MIPSEL,		"MIPSEL",	"mipsel" },
	{ SCMP_ARCH_MIPSEL64,		"MIPSEL64",	"mipsel64" },
	{ SCMP_ARCH_MIPSEL64N32,	"MIPSEL64N32",	"mipsel64n32" },
	{ SCMP_ARCH_PPC,		"PPC",		"ppc" },
	{ SCMP_ARCH_PPC64,		"PPC64",	"ppc64" },
	{ SCMP_ARCH_PPC64LE,		"PPC64LE",	"ppc64le" },
	{ SCMP_ARCH_S390,		"S390",		"s390" },
	{ SCMP_ARCH_S390X,		"S390X",	"s390x" },
	{ SCMP_ARCH_PARISC,		"PARISC",	"parisc" },
	{ SCMP_ARCH_PARISC64,		"PARISC64",	"parisc64" },
	{ SCMP_ARCH_RISCV64,		"RISCV64",	"riscv64" },
	{ AUDIT_ARCH_LOONGARCH64,	"LOONGARCH64",	"loong64" },
};

static const char oci_prefix[] = "SCMP_ARCH_";

static const struct arch *arch_find(uint32_t token)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(arches); i++) {
		if (arches[i].token == token)
			return &arches[i];
	}
	return NULL;
}

/* 0 if the word is no architecture. */
uint32_t arch_from_oci(const char *name)
{
	size_t i;

	if (strncmp(name, oci_prefix, sizeof(oci_prefix) - 1))
		return 0;
	name += sizeof(oci_prefix) - 1;
	if (!strcmp(name, "NATIVE"))
		return seccomp_arch_native();
	for (i = 0; i < ARRAY_SIZE(arches); i++) {
		if (!strcmp(arches[i].oci, name))
			return arches[i].token;
	}
	return 0;
}

/* Without the SCMP_ARCH_ prefix; NULL for a token nobody names. */
const char *arch_to_oci(uint32_t token)
{
	const struct arch *a = arch_find(token);

	return a ? a->oci : NULL;
}

bool arch_is_engine_name(uint32_t token, const char *name)
{
	const struct arch *a = arch_find(token);

	return a && !strcmp(a->engine, name);
}

KSC_EXPORT uint32_t ksc_abi_scmp_arch(const struct ksc_abi *abi)
{
	if (ksc_abi_audit_arch(abi) == AUDIT_ARCH_X86_64 && ksc_abi_base(abi))
		return SCMP_ARCH_X32;
	return ksc_abi_audit_arch(abi);
}

/* libseccomp's @nr relative to @abi's base; -1 if it belongs to another ABI. */
static int relative(const struct ksc_abi *abi, int nr)
{
	uint32_t base = ksc_abi_base(abi);

	if (nr < 0 || (uint32_t)nr < base || (uint32_t)nr - base >= ABI_SPAN)
		return -1;
	return (int)((uint32_t)nr - base);
}

/* ksc_resolve() without the release, for whoever does not ask. */
void resolve_numbers(const struct ksc_abi *abi, const char *name, struct ksc_resolution *r)
{
	uint32_t token = ksc_abi_scmp_arch(abi);
	int nr = seccomp_syscall_resolve_name_arch(token, name);

	r->known = 0;
	r->scmp_nr = -1;
	r->kernel_nr = ksc_nr(abi, name);
	if (r->kernel_nr >= 0)
		r->known |= KSC_KNOWN_KERNEL;
	else
		r->kernel_nr = -1;
	if (nr == __NR_SCMP_ERROR && seccomp_syscall_resolve_name(name) == __NR_SCMP_ERROR)
		return;

	r->known |= KSC_KNOWN_NAME;
	if (nr < 0) {
		nr = seccomp_syscall_resolve_name_rewrite(token, name);
		if (nr < 0)
			return;
		r->known |= KSC_KNOWN_MUX;
	}
	r->scmp_nr = relative(abi, nr);
	if (r->scmp_nr >= 0)
		r->known |= KSC_KNOWN_LIBSECCOMP;
}

KSC_EXPORT void ksc_resolve(const struct ksc_abi *abi, const char *name,
			    struct ksc_resolution *r)
{
	resolve_numbers(abi, name, r);
	r->release = ksc_release_of(name);
	if (r->release != KSC_RELEASE_UNKNOWN)
		r->known |= KSC_KNOWN_TABLE;
}
