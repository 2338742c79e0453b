/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of libksyscalls-oci share. */
#ifndef KSC_OCI_PROFILE_H
#define KSC_OCI_PROFILE_H

#include <errno.h>
#include <linux/elf-em.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <ksyscalls-oci.h>
#include <ksyscalls-seccomp.h>

#include "../shared.h"

struct json_object;

/* One name of one entry of "syscalls" that applies. */
struct ksc_profile_rule {
	const char *name;
	uint32_t action;
	const struct scmp_arg_cmp *args;
	unsigned int nr_args;
	unsigned int entry;		/* index in the JSON's "syscalls" */
	int native_nr;			/* libseccomp's, may be a pseudo number */
	const int *nrs;			/* and of ksc_profile_arch(); NULL: not asked for */
};

struct rule {
	struct ksc_profile_rule pub;	/* first, so that one is the other */
	bool has_errno;		/* crun refuses it where an action has no use for it */
};

/* Room for one more than @n; it doubles, so that many take time in proportion. */
static inline struct rule *rules_grow(struct rule *rules, size_t n)
{
	return n & (n - 1) ? rules : reallocarray(rules, n ? 2 * n : 1, sizeof(*rules));
}

struct ksc_profile {
	/* the conditions */
	uint32_t native;
	unsigned int kernel;
	char **caps;
	size_t nr_caps;

	/* the content, empty before the load */
	struct json_object *root;	/* the seccomp object; owns every string below */
	uint32_t def_action;
	bool def_has_errno;
	struct rule *rules;
	size_t nr_rules;
	uint32_t *arches;		/* as listed, duplicates dropped */
	size_t nr_arches;
	unsigned int filter_flags;
	const char *listener_path;
	const char **names;		/* of all rules, of those that do not apply, too */
	size_t nr_names;
	int *numbers;			/* numbers.c: as nrs, of each line of the release table */
	size_t nr_numbers;		/* in a line */

	/* Where in the JSON an error lies, kept as the walk goes down. */
	const char *prefix;
	char error[256];
};

int profile_fail(struct ksc_profile *p, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Does it carry a number of the profile's choice? */
static inline bool action_has_errno(uint32_t action)
{
	const struct ksc_action *a = ksc_find_action(action);

	return a && a->choice;
}

/* What a program does not survive, and what is worth more than any errno. */
static inline bool action_is_fatal(uint32_t action)
{
	const struct ksc_action *a = ksc_find_action(action);

	return a && a->strength == KSC_FATAL;
}

/* As a default it refuses nothing, so that nothing is to be changed. */
static inline bool action_is_silent(uint32_t action)
{
	const struct ksc_action *a = ksc_find_action(action);

	return a && a->silent;
}

/* What becomes of an action if nobody reads its number. */
static inline uint32_t without_errno(uint32_t action)
{
	return action_has_errno(action) ? (action & SECCOMP_RET_ACTION_FULL) | EPERM : action;
}

static inline bool is_mux(const char *name)
{
	return !strcmp(name, "socketcall") || !strcmp(name, "ipc");
}

/* Rows that map a word of the JSON to a number of libseccomp or the kernel. */
struct word {
	const char *name;
	uint32_t value;
};

struct words {
	const struct word *v;
	size_t n;
};

/* words.c */
extern const struct words words_action, words_operator, words_flag, words_errno;
const struct word *word_find(const struct words *words, const char *name);
const char *word_of(const struct words *words, uint32_t value);

/* profile.c: what was loaded before */
void profile_drop(struct ksc_profile *p);

/* load.c: JSON that is parsed already; as ksc_profile_load_mem() */
int profile_load_json(struct ksc_profile *p, struct json_object *root);

/* numbers.c */
int profile_ask_numbers(struct ksc_profile *p);
/* Those of a line of the release table, by ksc_profile_arch(); NULL: it has no such name. */
const int *profile_numbers(const struct ksc_profile *p, const char *name);
/* What libseccomp tells of a rule's name and ksc_profile_arch(p, @i). */
int profile_rule_nr(const struct ksc_profile *p, const struct ksc_profile_rule *r, size_t i);
/* The largest number of one of @p's architectures that rules name; 0: none. */
int profile_largest(const struct ksc_profile *p, const struct rule *rules, size_t n,
		    uint32_t token);

/* quirks.c: -E2BIG for more than libseccomp can take, and in @*name whose rules they are */
int profile_check_cost(const struct ksc_profile *p, const char **name);
/* The number of its own that a multiplexed call has beside its multiplexer's; -1: none. */
int profile_direct_nr(uint32_t token, const char *name);
/* @def: what the reader takes for the default, and so skips */
bool profile_loses_load(const struct ksc_profile *p, uint32_t def);

/* model.c: above it runc's stub answers ENOSYS; 0 if it has none for @token */
uint32_t profile_stub_max(const struct ksc_profile *p, enum ksc_runtime rt, uint32_t token);

/* runc asks libseccomp for a search tree from more rules than this on, since 1.2. */
#define RUNC_TREE_RULES	32

/* parse.c: the seccomp object itself */
int profile_read(struct ksc_profile *p, struct json_object *root);

/* write.c: as ksc_profile_to_oci() */
int profile_to_json(const struct ksc_profile *p, struct json_object **obj);

/* arch.c */
uint32_t arch_from_oci(const char *name, uint32_t native);
const char *arch_to_oci(uint32_t token);
bool arch_is_engine_name(uint32_t token, const char *name);
/* Does libseccomp look at the high halves of arguments? */
bool arch_is_wide(uint32_t token);
/* Do programs of both run under one kernel? */
bool arch_is_related(uint32_t token, uint32_t other);

#endif /* KSC_OCI_PROFILE_H */
