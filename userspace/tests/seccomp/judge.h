/* SPDX-License-Identifier: GPL-2.0-only */
/* One profile on one kernel, and whether a program's answers are the policy's. */
#ifndef JUDGE_H
#define JUDGE_H

#include "reference.h"

struct judge {
	struct ksc *k;
	struct ref ref;
	struct ksc_profile *profile;
	struct ksc_policy *policy;
	struct sock_filter *original;	/* what libseccomp makes of the profile */
};

/* How many argument samples a number is judged by. */
#define JUDGE_SAMPLES	8

/* @baseline may be KSC_RELEASE_INFER. Exits with a message if anything is wrong. */
void judge_open(struct judge *j, const char *tree, const char *profile, unsigned int baseline);
void judge_close(struct judge *j);

/* The runtime that a test's arguments name: crun, crun-old, runc, runc-old; or -ENOENT. */
int judge_runtime(const char *name, enum ksc_runtime *rt);
/* The program that a runtime loads for the profile, in our model of it; free() it. */
struct sock_filter *judge_model(struct judge *j, enum ksc_runtime rt, size_t *len);

/* A system call of @a with the @sample'th arguments. */
struct seccomp_data judge_call(const struct ref_abi *a, unsigned int rel, unsigned int sample);
/* What @prog makes of it, as the container gets to see it: past ALLOW the kernel answers. */
uint32_t judge_answer(const struct ref_abi *a, unsigned int rel, unsigned int sample,
		      const struct sock_filter *prog);
/* And what it should get to see. */
uint32_t judge_expected(const struct judge *j, const struct ref_abi *a, unsigned int rel,
			unsigned int sample);
/* Whether any sample is answered otherwise. */
bool judge_wrong(const struct judge *j, const struct ref_abi *a, unsigned int rel,
		 const struct sock_filter *prog);
/*
 * Below an ABI's end every number counts, and as many above it up to @numbers:
 * that is where the next releases' syscalls will be.
 */
unsigned int judge_numbers(const struct ref_abi *a, unsigned int numbers);

#endif /* JUDGE_H */
