/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the core's files share. A tree is read once, by tree.c, and only looked
 * at afterwards, so nothing here needs a lock.
 */
#ifndef KSC_PRIVATE_H
#define KSC_PRIVATE_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ksyscalls.h>

#include "../shared.h"

#define KSC_STRING_OF(a)	#a
#define KSC_STRING(a)	KSC_STRING_OF(a)

/* A tracer writes this number to have a syscall skipped; it names no syscall. */
#define KSC_NR_SKIP	0xffffffffu

#define KSC_ABI_NAME_MAX	32	/* bytes, with the NUL */
#define KSC_SYSCALL_NAME_MAX	64	/* bytes, with the NUL */

struct ksc_slot {
	uint32_t nr;		/* 1 more than the number, 0 for an empty slot */
	uint32_t at;		/* where in the text its name starts */
};

struct ksc_abi {
	const struct ksc *k;
	char name[KSC_ABI_NAME_MAX];
	uint32_t audit_arch;
	uint32_t base;
	/* The last number, base included, that cannot be another ABI's. */
	uint32_t last;
	uint32_t enosys;		/* SECCOMP_RET_ERRNO with the number that it has there */
	unsigned int nr_syscalls;
	unsigned int nr_implemented;
	unsigned int index;		/* place in ksc->abis */
	uint32_t *bits;
	uint32_t *unknown;	/* as bits; NULL: none */
	bool unknown_beyond;	/* so are those from nr_syscalls on */
	bool names_only;	/* no kernel tells; bits are of numbers with a name */
	/* Parallel to the numbers: where in text a name starts, 0 for none. */
	uint32_t *name_at;
	char *text;		/* of names, a NUL for each newline */
	size_t text_len;
	/* Open addressing, hash_size a power of two. */
	struct ksc_slot *hash;
	uint32_t hash_size;
};

struct ksc {
	unsigned int users;	/* the handle's owner, and policies */
	char *root;		/* as given; "" for this machine; NULL: by ksc_open_at() */
	char *path;		/* of the tree's directory, for messages */
	char *error;
	bool live;		/* it is the running kernel that tells */
	bool names_only;	/* no kernel tells of any ABI */
	char *source;		/* what the tree says; NULL: nothing, as the module's */
	char *release;		/* of the kernel that it describes; NULL: nobody says */
	unsigned int nr_abis;
	struct ksc_abi **abis;	/* ksc_abi_next() says in which order */
};

static inline bool ksc_bit(const uint32_t *bits, uint32_t nr)
{
	return bits[nr / 32] >> (nr % 32) & 1;
}

/* open.c; ksc_close() gives a use back */
struct ksc *ksc_get(const struct ksc *k);

/* tree.c */
int ksc_read_tree(struct ksc *k, DIR *top);
void ksc_free_abis(struct ksc *k);

/* abi.c */
void ksc_abi_order(struct ksc *k);
uint32_t ksc_abi_next_bit(const struct ksc_abi *abi, uint32_t nr, bool want);
bool ksc_abi_unknown(const struct ksc_abi *abi, uint32_t nr);
uint32_t ksc_abi_hash_slot(const struct ksc_abi *abi, const char *name, size_t len);

/* release.c */
/* A release that brought syscalls. */
struct ksc_release_info {
	unsigned int release;
	bool common;		/* one of them at least is not for one architecture alone */
};

#define KSC_NAMES_MAX		1024
#define KSC_RELEASES_MAX	128
/* A set of the release table's names; others are not noted. */
struct ksc_names {
	unsigned int count;
	uint32_t lines[KSC_NAMES_MAX / 32];
	uint32_t releases[KSC_RELEASES_MAX / 32];	/* that any of them came with */
};

/* From the oldest on. */
extern const struct ksc_release_info ksc_releases[];
extern const size_t ksc_nr_releases;
/* As ksc_release_of(), of what ksc_release_line() has found. */
unsigned int ksc_line_release(int line);
/* Of one that is in the table. */
const char *ksc_line_name(int line);
/* False if @line was there, or is none. */
bool ksc_names_add(struct ksc_names *names, int line);

static inline bool ksc_names_have(const struct ksc_names *names, int line)
{
	return line >= 0 && ksc_bit(names->lines, (uint32_t)line);
}

/* baseline.c */
unsigned int ksc_infer_baseline(const struct ksc_names *names);

/* successor.c */
/* A line of the table: what programs do instead of the newer call. */
struct ksc_successor {
	int line, predecessor_line;	/* of the release table; -1: none */
	unsigned int family_nr;		/* 0: none */
	const char *name;
	const char *predecessor;	/* NULL: nothing, but they go on */
	const char *abis;		/* their names with a space between; NULL: all */
	bool equal;
	const char *family;		/* or NULL */
};

const struct ksc_successor *ksc_successor_first(int line);

/* sha256.c */
struct ksc_sha256 {
	uint32_t state[8];
	uint64_t len;		/* bytes so far */
	uint8_t block[64];
};

void ksc_sha256_init(struct ksc_sha256 *s);
void ksc_sha256_update(struct ksc_sha256 *s, const void *data, size_t len);
void ksc_sha256_final(struct ksc_sha256 *s, uint8_t out[32]);

#endif /* KSC_PRIVATE_H */
