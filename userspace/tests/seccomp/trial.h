/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One profile on one tree, rewritten in some way: what a runtime builds from it answers
 * as the policy's text says, but for the numbers that the report names; and nothing
 * that was denied is allowed, nothing that kills survived, whatever the mode.
 */
#ifndef TRIAL_H
#define TRIAL_H

#include "notes.h"
#include "reference.h"

struct json_object;
struct sock_filter;

#define RUNTIMES	(KSC_RUNTIME_CRUN_OLD + 1)

/* A way to run the new configuration. */
struct way {
	const char *name;
	enum ksc_oci_mode mode;
	enum ksc_runtime runtime;
	const char *told;	/* which runtime the library is told of, or NULL */
};

struct count {
	size_t numbers, answers;
	size_t no_name, abis_differ, args;	/* wrong, and named by the report */
	size_t guessed;				/* runc's ENOSYS above the largest number named */
	size_t over;				/* named by the report, and right */
	size_t misbuilt;			/* before, by libseccomp; answers */
	/* wrong, of numbers that some kernel has; and of those not named */
	size_t in_use, untold;
	size_t trials, refused;
};

struct trial {
	const char *root;
	bool brief;				/* look at the numbers that rules have alone */
	/* Has any kernel given this number of an ABI to a call that programs make? */
	bool (*is_in_use)(const struct ksc_abi *abi, uint32_t nr);
	struct ksc *k;
	struct ref *ref;
	bool is_painted;			/* for @baseline */
	unsigned int baseline;
	struct ksc_profile *profile;
	uint32_t native;
	struct ref_knobs knobs;
	char *config;
	const char *out;			/* what it became */
	struct sock_filter *before[RUNTIMES];	/* by runtime */
	struct sock_filter *after;
	struct notes notes;
	const struct way *way;
	struct count *count;
};

/*
 * The profile is at @path or, if that is NULL, @json. False if there is nothing to try:
 * libseccomp knows no such machine, or refuses the profile, so no container starts.
 * trial_close() in every case.
 */
bool trial_open(struct trial *t, const char *root, const char *path, struct json_object *json);
void trial_close(struct trial *t);
/* Fails the test that runs if an answer is wrong. @baseline may be KSC_RELEASE_INFER. */
void trial_run(struct trial *t, const struct way *way, unsigned int baseline,
	       struct count *count);
/* Only crun's has no stub, whose guesses are nobody's. */
bool way_is_crun(const struct way *way);

#endif /* TRIAL_H */
