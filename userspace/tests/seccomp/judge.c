// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/audit.h>
#include <linux/elf-em.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../bpfsim.h"
#include "judge.h"

static void die(const char *what, const char *why)
{
	fprintf(stderr, "judge: %s: %s\n", what, why);
	exit(1);
}

int judge_runtime(const char *name, enum ksc_runtime *rt)
{
	static const char *const names[] = {
		[KSC_RUNTIME_CRUN] = "crun",
		[KSC_RUNTIME_CRUN_OLD] = "crun-old",
		[KSC_RUNTIME_RUNC] = "runc",
		[KSC_RUNTIME_RUNC_OLD] = "runc-old",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(names[i], name)) {
			*rt = (enum ksc_runtime)i;
			return 0;
		}
	}
	return -ENOENT;
}

struct sock_filter *judge_model(struct judge *j, enum ksc_runtime rt, size_t *len)
{
	struct sock_filter *prog;

	if (ksc_profile_program(j->profile, rt, &prog, len))
		die("profile", ksc_profile_error(j->profile));
	return prog;
}

void judge_open(struct judge *j, const char *tree, const char *profile, unsigned int baseline)
{
	const struct ksc_abi *native;
	size_t len;

	memset(j, 0, sizeof(*j));
	if (ksc_open(&j->k, tree))
		die(tree, ksc_error(j->k));
	ref_read(&j->ref, tree);
	native = ksc_abi_native(j->k);
	if (!native)
		die(tree, "has no native ABI");
	if (ksc_profile_new(&j->profile) ||
	    ksc_profile_set_arch(j->profile, ksc_abi_scmp_arch(native)) ||
	    ksc_profile_load_file(j->profile, profile))
		die(tree, j->profile ? ksc_profile_error(j->profile) : "out of memory");
	if (ksc_policy_from_profile(&j->policy, j->k, j->profile, baseline))
		die(profile, ksc_profile_error(j->profile));
	j->original = judge_model(j, KSC_RUNTIME_CRUN, &len);
	ref_paint(&j->ref, j->profile, &(struct ref_knobs) {
		.baseline = ksc_policy_baseline(j->policy),
		.inferred = baseline == KSC_RELEASE_INFER });
}

void judge_close(struct judge *j)
{
	free(j->original);
	ksc_policy_free(j->policy);
	ksc_profile_free(j->profile);
	ksc_close(j->k);
	memset(j, 0, sizeof(*j));
}

struct seccomp_data judge_call(const struct ref_abi *a, unsigned int rel, unsigned int sample)
{
	/* Values that tell apart the argument rules of the field profiles. */
	static const uint64_t values[JUDGE_SAMPLES] = {
		0, 8, 16, 39, 40, 0x20000, 0x10000000, UINT64_MAX,
	};
	struct seccomp_data sd = { .nr = (int)(a->base + rel), .arch = a->audit_arch };
	int i;

	for (i = 0; i < 6; i++)
		sd.args[i] = values[sample];
	return sd;
}

static uint32_t seen(const struct ref_abi *a, unsigned int rel, uint32_t ret)
{
	if (ret == SECCOMP_RET_ALLOW && (rel >= REF_NUMBERS || !a->implemented[rel]))
		return SECCOMP_RET_ERRNO | ((a->audit_arch & 0xffff) == EM_MIPS ? 89 : 38);
	return ret;
}

uint32_t judge_answer(const struct ref_abi *a, unsigned int rel, unsigned int sample,
		      const struct sock_filter *prog)
{
	struct seccomp_data sd = judge_call(a, rel, sample);

	return seen(a, rel, bpfsim_run(prog, &sd, !(a->audit_arch & __AUDIT_ARCH_LE), NULL));
}

uint32_t judge_expected(const struct judge *j, const struct ref_abi *a, unsigned int rel,
			unsigned int sample)
{
	struct ref_cell cell = ref_verdict(&j->ref, a->audit_arch, a->base + rel);

	return cell.action ? seen(a, rel, cell.action) :
			     judge_answer(a, rel, sample, j->original);
}

bool judge_wrong(const struct judge *j, const struct ref_abi *a, unsigned int rel,
		 const struct sock_filter *prog)
{
	unsigned int i;

	for (i = 0; i < JUDGE_SAMPLES; i++) {
		if (judge_answer(a, rel, i, prog) != judge_expected(j, a, rel, i))
			return true;
	}
	return false;
}

unsigned int judge_numbers(const struct ref_abi *a, unsigned int numbers)
{
	/* arm_private is a handful of calls beside arm, without a future. */
	return a->nr_syscalls > numbers || a->base == 0xf0000 ? a->nr_syscalls : numbers;
}
