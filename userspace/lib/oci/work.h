/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files that make rules from a policy share. */
#ifndef KSC_OCI_WORK_H
#define KSC_OCI_WORK_H

#include "complement.h"
#include "rules.h"

struct cell {
	const char *name;
	char *owned;		/* the name, if nobody else owns it */
	uint64_t start;		/* of the name, as a number that sorts as it does */
	uint32_t token, nr;
	uint32_t want;		/* the policy's answer; 0: as the profile has it */
	bool native;
	bool absent;		/* past an ALLOW, the kernel answers ENOSYS itself */
};

/* A call that an architecture's socketcall or ipc multiplexes, by its first argument. */
struct muxed {
	uint32_t token, mux, call;
};

typedef const struct ksc_profile_rule *const *rule_list;

struct work {
	const struct ksc_policy *policy;
	const struct ksc_profile *p;
	uint32_t def_action;		/* of the new profile */
	unsigned int readers, possible;	/* as in struct rules_aim */
	/* What no rule takes needs a rule of its own: some reader has another default. */
	bool restates;

	struct cell *cells;		/* by name */
	size_t nr_cells;
	const struct ksc_profile_rule **by_name;	/* the profile's, that count */
	size_t nr_by_name;

	struct rules_note row;		/* the numbers without a name before the next one */
	uint32_t row_wants;		/* 0: what the profile has for its default */
	bool in_row;

	struct rule *out;
	size_t nr_out;
	struct arg_rule **owned;
	size_t nr_owned;
	struct scmp_arg_cmp told;
	unsigned int next_entry;
	struct rules_notes *notes;
};

/* Arguments that rules take. */
struct taken {
	struct arg_rule *v;
	size_t n;
};

/* collect.c */
int rules_collect(struct work *w);

/* named.c */
/* What a reader of one kind takes for the default. */
uint32_t rules_default(unsigned int reader, uint32_t def_action);
/* What a call gets by the new rules that none of the profile's own takes. */
uint32_t rules_rest(const struct work *w, unsigned int reader);
/* Does each of @readers skip a rule of this action? */
bool rules_skip(unsigned int readers, uint32_t def_action, uint32_t action);
int rules_sort(struct work *w);
rule_list rules_find(const struct work *w, const char *name, size_t *n);
const struct ksc_profile_rule *rules_plain(const struct work *w, rule_list rules,
					   size_t n);
bool rules_is_answer(uint32_t action, uint32_t want, const struct cell *c);
bool rules_always_answer(const struct work *w, rule_list rules, size_t n, uint32_t want,
			 const struct cell *c);
/* NULL: no rule can name the number. */
const struct cell *rules_find_cell(const struct work *w, uint32_t token, uint32_t nr);
bool rules_find_muxed(uint32_t token, const char *name, struct muxed *m);
bool rules_is_muxed(const struct work *w, const char *name);
bool rules_reach_mux(const struct work *w, const char *name, bool kept, bool contested);
bool rules_have_muxed(const struct work *w, const struct cell *mux);

/* emit.c */
/* Entries of the new profile beyond those that the original has. */
#define ENTRY_ADDED	0x10000000u

int rules_append(struct work *w, const struct ksc_profile_rule *r, unsigned int entry,
		 uint32_t action);
int rules_emit(struct work *w, const struct ksc_profile_rule *r, unsigned int entry,
	       uint32_t action);
int rules_emit_plain(struct work *w, const char *name, uint32_t action);

/* unmatched.c */
int rules_keep_largest(struct work *w);
int rules_tell_errnos(struct work *w);

/* args.c */
int rules_take(struct work *w, struct taken *t, const struct cell *v, size_t n, rule_list rules,
	       size_t nr_rules);
int rules_emit_complement(struct work *w, const char *name, const struct taken *t);

#endif /* KSC_OCI_WORK_H */
