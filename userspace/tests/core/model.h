/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the core's tests know of a kernel and of a profile without asking the
 * library: trees they write or read themselves, and the policy a second time.
 */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ksyscalls.h>

#define MODEL_ABIS	8
#define MODEL_RULES	2048
#define MODEL_SITES	12

struct model_abi {
	char name[32];
	uint32_t audit_arch;
	uint32_t base;
	unsigned int nr_syscalls;
	bool *implemented;	/* nr_syscalls of them, */
	char (*names)[64];	/* and of these; "" is absent, or has no name */
	bool *unknown;		/* and one more, for all beyond */
};

/* A kernel. */
struct model {
	unsigned int nr_abis;
	struct model_abi abis[MODEL_ABIS];
};

struct model_rule {
	unsigned int abi;
	uint32_t nr;		/* relative */
	char name[64];
	uint32_t action;
	unsigned int flags;
};

/* A profile with the knobs that go with it. */
struct model_profile {
	bool has_default;
	uint32_t default_action;
	unsigned int baseline;
	unsigned int inferred;	/* if that is KSC_RELEASE_INFER; model_policy() asks the library */
	unsigned int flags;
	unsigned int successors;
	unsigned int nr_sites;
	struct {
		char name[64];
		unsigned int answer;
	} sites[MODEL_SITES];
	unsigned int covered;	/* a bit for each ABI; 0: nothing said, all are */
	unsigned int nr_rules;
	struct model_rule rules[MODEL_RULES];
};

/* A generator of its own, the same everywhere. */
uint32_t model_random(uint32_t below);
void model_seed(uint64_t seed);

struct model_abi *model_add(struct model *m, const char *name, uint32_t audit_arch, uint32_t base,
			    unsigned int nr_syscalls);
/* Implemented, by the name @name; the first name of several stays. "" gives none. */
void model_set(struct model_abi *abi, uint32_t nr, const char *name);
/* From @nr to @last nothing is implemented, nor has a name. */
void model_clear(struct model_abi *abi, uint32_t nr, uint32_t last);
/* From @nr to @last nobody knows of what is not implemented; beyond if that is nr_syscalls. */
void model_set_unknown(struct model_abi *abi, uint32_t nr, uint32_t last);
bool model_unknown(const struct model_abi *abi, uint32_t nr);
/* Real names, in no real order, on @percent of the numbers. */
void model_fill(struct model_abi *abi, unsigned int percent);
void model_free(struct model *m);

/* Write below @root what the module would publish. */
void model_write(const struct model *m, const char *root);
/* Reads a recorded tree with none of the library's code. */
void model_read(struct model *m, const char *root);
/* A new directory below $TMPDIR; remove_tree() ends it. */
char *make_root(void);
void remove_tree(const char *root);
void write_file(const char *root, const char *path, const void *data, size_t len);

void model_random_profile(struct model_profile *p, const struct model *m);
/* Tell the library the same. Which baseline follows is what the tests of the library say. */
struct ksc_policy *model_policy(struct model_profile *p, const struct ksc *k);

/* Which ABI of the model a number belongs to; -1 if to none. */
int model_abi_of(const struct model *m, uint32_t audit_arch, uint32_t nr);
uint32_t model_enosys(uint32_t audit_arch);
/* The policy's verdict: a row of its table, and the answer or 0 for "fall through". */
const char *model_verdict(const struct model_profile *p, const struct model *m,
			  uint32_t audit_arch, uint32_t nr, uint32_t *action);
/*
 * What the profile's own filter answers. @sample says which rules with arguments
 * match: rule i does if i % 3 == @sample.
 */
uint32_t model_own_filter(const struct model_profile *p, const struct model *m,
			  uint32_t audit_arch, uint32_t nr, unsigned int sample);
/* What the caller sees of an answer: what is allowed and absent is ENOSYS. */
uint32_t model_outcome(const struct model *m, uint32_t audit_arch, uint32_t nr, uint32_t answer);

#endif /* MODEL_H */
