// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Questions to an open tree.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/audit.h>

#include "private.h"

/*
 * Where one AUDIT_ARCH_* value is shared by two numberings, the lower one ends
 * here, published or not: 64 is x32's read, 0x40000040 never x86_64's. MIPS
 * needs no line, its three numberings have three AUDIT_ARCH_* values.
 */
static const struct {
	uint32_t audit_arch;
	uint32_t base;
} upper_numberings[] = {
	{ AUDIT_ARCH_X86_64,	0x40000000 },	/* __X32_SYSCALL_BIT */
	{ AUDIT_ARCH_ARM,	0xf0000 },	/* __ARM_NR_BASE */
	{ AUDIT_ARCH_ARMEB,	0xf0000 },
};

static bool is_upper(const struct ksc_abi *abi)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(upper_numberings); i++)
		if (abi->audit_arch == upper_numberings[i].audit_arch &&
		    abi->base >= upper_numberings[i].base)
			return true;
	return false;
}

static void end_before(struct ksc_abi *abi, uint32_t audit_arch, uint32_t base)
{
	if (abi->audit_arch == audit_arch && abi->base < base && abi->last >= base)
		abi->last = base - 1;
}

/* The kernel's own numbering first: 64 bits, no special convention, lowest base. */
static int compare_abis(const void *va, const void *vb)
{
	const struct ksc_abi *a = *(struct ksc_abi *const *)va;
	const struct ksc_abi *b = *(struct ksc_abi *const *)vb;

	if ((a->audit_arch ^ b->audit_arch) & __AUDIT_ARCH_64BIT)
		return a->audit_arch & __AUDIT_ARCH_64BIT ? -1 : 1;
	if (a->audit_arch != b->audit_arch)
		return a->audit_arch < b->audit_arch ? -1 : 1;
	return a->base < b->base ? -1 : a->base > b->base;
}

/**
 * ksc_abi_order() - put the ABIs in order, and tell of each what follows from that
 * @k: a tree whose ABIs are all read
 */
void ksc_abi_order(struct ksc *k)
{
	unsigned int i, j;

	qsort(k->abis, k->nr_abis, sizeof(*k->abis), compare_abis);
	for (i = 0; i < k->nr_abis; i++) {
		struct ksc_abi *abi = k->abis[i];

		abi->index = i;
		abi->last = KSC_NR_SKIP - 1;
		abi->enosys = ksc_ret_enosys(abi->audit_arch);
		for (j = 0; j < ARRAY_SIZE(upper_numberings); j++)
			end_before(abi, upper_numberings[j].audit_arch, upper_numberings[j].base);
		for (j = 0; j < k->nr_abis; j++)
			end_before(abi, k->abis[j]->audit_arch, k->abis[j]->base);
	}
}

KSC_PUBLIC const struct ksc_abi *ksc_abi_next(const struct ksc *k, const struct ksc_abi *prev)
{
	unsigned int next = prev ? prev->index + 1 : 0;

	return next < k->nr_abis ? k->abis[next] : NULL;
}

KSC_PUBLIC const struct ksc_abi *ksc_abi_by_name(const struct ksc *k, const char *name)
{
	unsigned int i;

	for (i = 0; i < k->nr_abis; i++)
		if (!strcmp(k->abis[i]->name, name))
			return k->abis[i];
	return NULL;
}

KSC_PUBLIC const struct ksc_abi *ksc_abi_by_arch(const struct ksc *k, uint32_t audit_arch,
						 uint32_t nr)
{
	unsigned int i;

	for (i = 0; i < k->nr_abis; i++) {
		const struct ksc_abi *abi = k->abis[i];

		if (abi->audit_arch == audit_arch && nr >= abi->base && nr <= abi->last)
			return abi;
	}
	return NULL;
}

KSC_PUBLIC const struct ksc_abi *ksc_abi_native(const struct ksc *k)
{
	const struct ksc_abi *first = k->nr_abis ? k->abis[0] : NULL;

	if (!first || first->audit_arch & __AUDIT_ARCH_CONVENTION_MASK || is_upper(first))
		return NULL;
	return first;
}

KSC_PUBLIC const char *ksc_abi_id(const struct ksc_abi *abi)
{
	return abi->name;
}

KSC_PUBLIC uint32_t ksc_abi_audit_arch(const struct ksc_abi *abi)
{
	return abi->audit_arch;
}

KSC_PUBLIC uint32_t ksc_abi_base(const struct ksc_abi *abi)
{
	return abi->base;
}

KSC_PUBLIC unsigned int ksc_abi_nr_syscalls(const struct ksc_abi *abi)
{
	return abi->nr_syscalls;
}

KSC_PUBLIC unsigned int ksc_abi_nr_implemented(const struct ksc_abi *abi)
{
	return abi->nr_implemented;
}

/* Does nobody know whether the kernel has it? */
bool ksc_abi_unknown(const struct ksc_abi *abi, uint32_t nr)
{
	if (nr >= abi->nr_syscalls)
		return abi->unknown_beyond;
	return abi->unknown && ksc_bit(abi->unknown, nr);
}

KSC_PUBLIC int ksc_abi_implemented(const struct ksc_abi *abi, uint32_t nr)
{
	if (!abi || abi->names_only || nr > abi->last - abi->base || ksc_abi_unknown(abi, nr))
		return -ENOENT;
	return nr < abi->nr_syscalls && ksc_bit(abi->bits, nr);
}

/**
 * ksc_abi_next_bit() - the next number that is implemented, or is not
 * @abi: the ABI
 * @nr: where to start, itself included; relative to the base
 * @want: implemented?
 *
 * Return: the number; nr_syscalls if there is none.
 */
uint32_t ksc_abi_next_bit(const struct ksc_abi *abi, uint32_t nr, bool want)
{
	while (nr < abi->nr_syscalls) {
		uint32_t word = want ? abi->bits[nr / 32] : ~abi->bits[nr / 32];

		word >>= nr % 32;
		if (word) {
			nr += (uint32_t)__builtin_ctz(word);
			break;
		}
		nr = (nr / 32 + 1) * 32;
	}
	return nr < abi->nr_syscalls ? nr : abi->nr_syscalls;
}

KSC_PUBLIC const char *ksc_abi_name(const struct ksc_abi *abi, uint32_t nr)
{
	if (nr >= abi->nr_syscalls || !ksc_bit(abi->bits, nr) || !abi->name_at[nr])
		return NULL;
	return abi->text + abi->name_at[nr];
}

/* Eight bytes at a time, the last ones twice if need be: names are many and short. */
static uint32_t hash_name(const char *name, size_t len)
{
	uint64_t h = len, word = 0;
	size_t i;

	for (i = 0; len >= 8 && i < len; i += 8) {
		memcpy(&word, name + (i + 8 <= len ? i : len - 8), 8);
		h = (h ^ word) * 0x9e3779b97f4a7c15u;
		h ^= h >> 32;
	}
	for (i = 0; len < 8 && i < len; i++)
		word = word << 8 | (uint8_t)name[i];
	if (len < 8)
		h = (h ^ word) * 0x9e3779b97f4a7c15u;
	return (uint32_t)(h >> 32);
}

/**
 * ksc_abi_hash_slot() - where a name is in an ABI's hash, or would go
 * @abi: the ABI; its hash is never full
 * @name: the name, not necessarily NUL-terminated
 * @len: its length in bytes
 *
 * Return: index into @abi->hash, whose slot is empty if @name is not there.
 */
uint32_t ksc_abi_hash_slot(const struct ksc_abi *abi, const char *name, size_t len)
{
	uint32_t mask = abi->hash_size - 1;
	uint32_t slot = hash_name(name, len) & mask;

	for (; abi->hash[slot].nr; slot = (slot + 1) & mask) {
		const char *have = abi->text + abi->hash[slot].at;

		if (!strncmp(have, name, len) && !have[len])
			break;
	}
	return slot;
}

KSC_PUBLIC int ksc_abi_nr(const struct ksc_abi *abi, const char *name)
{
	uint32_t nr;

	if (!abi || !name)
		return -ENOENT;
	nr = abi->hash[ksc_abi_hash_slot(abi, name, strlen(name))].nr;
	return nr ? (int)(nr - 1) : -ENOENT;
}

/* The reader has put a NUL in the place of each newline. */
static void digest_lines(struct ksc_sha256 *s, const char *text, size_t len)
{
	char piece[1024];
	size_t i, n;

	for (; len; text += n, len -= n) {
		n = len < sizeof(piece) ? len : sizeof(piece);
		for (i = 0; i < n; i++)
			piece[i] = text[i] ? text[i] : '\n';
		ksc_sha256_update(s, piece, n);
	}
}

KSC_PUBLIC void ksc_digest(const struct ksc *k, uint8_t out[32])
{
	const char *head = k->names_only ? "names 1\n" : "ksyscalls 1\n";
	struct ksc_sha256 s;
	unsigned int i, nr;
	char line[128];
	int len;

	ksc_sha256_init(&s);
	ksc_sha256_update(&s, head, strlen(head));
	for (i = 0; i < k->nr_abis; i++) {
		const struct ksc_abi *abi = k->abis[i];

		/* A kernel's digest is of what it tells. */
		if (abi->names_only && !k->names_only)
			continue;
		len = snprintf(line, sizeof(line), "abi %s 0x%08x 0x%08x %u\n", abi->name,
			       abi->audit_arch, abi->base, abi->nr_syscalls);
		ksc_sha256_update(&s, line, (size_t)len);
		if (ksc_bit(abi->bits, 0) && !abi->name_at[0])
			ksc_sha256_update(&s, "0 -\n", 4);
		digest_lines(&s, abi->text, abi->text_len);
		for (nr = 0; nr <= abi->nr_syscalls; nr++) {
			if (!ksc_abi_unknown(abi, nr))
				continue;
			len = snprintf(line, sizeof(line), "%u ?\n", nr);
			ksc_sha256_update(&s, line, (size_t)len);
		}
	}
	ksc_sha256_final(&s, out);
}
