// SPDX-License-Identifier: GPL-2.0-only
/*
 * JSON in, program out: whatever is not refused must compile to a program that
 * the kernel would take, and read back the same from its plain OCI form.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../bpfsim.h"
#include "fuzz.h"

#include "../seccomp/json.h"

static void check_program(const struct sock_filter *prefix, size_t prefix_len,
			  struct ksc_profile *p, enum ksc_runtime rt)
{
	struct sock_filter *tail, *prog;
	size_t len;

	/* libseccomp refuses rules that contradict each other, and so would the runtime. */
	if (ksc_profile_program(p, rt, &tail, &len))
		return;
	CHECK(!bpfsim_check(tail, len));
	prog = calloc(prefix_len + len, sizeof(*prog));
	CHECK(prog);
	memcpy(prog, prefix, prefix_len * sizeof(*prefix));
	memcpy(prog + prefix_len, tail, len * sizeof(*tail));
	if (prefix_len + len <= BPF_MAXINSNS)
		CHECK(!bpfsim_check(prog, prefix_len + len));
	free(prog);
	free(tail);
}

static void check_programs(const struct ksc_policy *policy, struct ksc_profile *p)
{
	static struct sock_filter prefix[BPF_MAXINSNS];
	size_t len = BPF_MAXINSNS;

	CHECK(!ksc_bpf_prefix(policy, prefix, &len));
	check_program(prefix, len, p, KSC_RUNTIME_CRUN);
	check_program(prefix, len, p, KSC_RUNTIME_RUNC);
}

static void check_oci(const struct ksc_profile *p)
{
	const struct ksc_profile_rule *a, *b = NULL;
	const struct scmp_arg_cmp *a_args, *b_args;
	unsigned int nr_a, nr_b;
	struct json_object *root = json_object_new_object(), *config = json_object_new_object();
	struct json_object *oci = json_profile(p);
	struct ksc_profile *again;

	CHECK(oci);
	/* Beside that, a key that means nothing there may be one of an engine's profile. */
	json_object_object_add(config, "seccomp", oci);
	json_object_object_add(root, "linux", config);
	CHECK(!ksc_profile_new(&again));
	CHECK(!ksc_profile_set_arch(again, SCMP_ARCH_X86_64));
	CHECK(!json_load(again, root));
	json_object_put(root);
	CHECK(ksc_profile_default(again) == ksc_profile_default(p));
	CHECK(ksc_profile_filter_flags(again) == ksc_profile_filter_flags(p));
	ksc_profile_rule_foreach(a, p) {
		b = ksc_profile_rule_next(again, b);
		CHECK(b && !strcmp(ksc_profile_rule_name(a), ksc_profile_rule_name(b)));
		CHECK(ksc_profile_rule_action(a) == ksc_profile_rule_action(b));
		a_args = ksc_profile_rule_args(a, &nr_a);
		b_args = ksc_profile_rule_args(b, &nr_b);
		CHECK(nr_a == nr_b);
		CHECK(!nr_a || !memcmp(a_args, b_args, nr_a * sizeof(*a_args)));
	}
	CHECK(!ksc_profile_rule_next(again, b));
	ksc_profile_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ksc_policy *policy;
	struct ksc_profile *p;

	CHECK(!ksc_profile_new(&p));
	CHECK(!ksc_profile_set_arch(p, SCMP_ARCH_X86_64));
	CHECK(!ksc_profile_add_cap(p, "CAP_SYS_ADMIN"));
	CHECK(!ksc_profile_set_kernel(p, KSC_RELEASE(5, 10)));
	if (ksc_profile_load_mem(p, (const char *)data, size)) {
		CHECK(*ksc_profile_error(p));
		CHECK(!ksc_profile_rule_next(p, NULL));
		goto out;
	}
	check_oci(p);
	if (!ksc_policy_from_profile(&policy, tree, p, KSC_RELEASE_INFER)) {
		check_programs(policy, p);
		ksc_policy_free(policy);
	}
out:
	ksc_profile_free(p);
	return 0;
}
