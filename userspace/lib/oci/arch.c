// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * One architecture has four names: libseccomp's token, the OCI's string, the
 * engines' string in "arches", and the ABI directory of the tree.
 */
#include <linux/audit.h>
#include <string.h>

#include "profile.h"

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
uint32_t arch_from_oci(const char *name, uint32_t native)
{
	size_t i;

	if (strncmp(name, oci_prefix, sizeof(oci_prefix) - 1))
		return 0;
	name += sizeof(oci_prefix) - 1;
	if (!strcmp(name, "NATIVE"))
		return native;
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

bool arch_is_wide(uint32_t token)
{
	return token & __AUDIT_ARCH_64BIT && token != SCMP_ARCH_MIPS64N32 &&
	       token != SCMP_ARCH_MIPSEL64N32;
}

/* ELF machines whose programs run under one kernel. */
static const struct {
	uint16_t narrow, wide;
} widths[] = {
	{ EM_386,	EM_X86_64 },
	{ EM_ARM,	EM_AARCH64 },
	{ EM_PPC,	EM_PPC64 },
};

static uint32_t machine_of(uint32_t token)
{
	uint32_t order = token & __AUDIT_ARCH_LE, machine = token & 0xffff;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(widths); i++) {
		if (machine == widths[i].narrow)
			return order | widths[i].wide;
	}
	return order | machine;
}

bool arch_is_related(uint32_t token, uint32_t other)
{
	return machine_of(token) == machine_of(other);
}
