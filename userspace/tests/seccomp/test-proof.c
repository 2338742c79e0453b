// SPDX-License-Identifier: GPL-2.0-only
/*
 * The proof: prefix and libseccomp's program together answer as the policy's
 * text says, number by number, and never turn a denial into an ALLOW.
 *
 * Every tree below tests/trees and made-up ones for every architecture that
 * libseccomp has, under both field profiles and made-up ones. Of the knobs each
 * tree gets one for each baseline, in turn, and few made-up profiles; under the
 * field profiles all knobs, and more profiles, if KSC_PROOF is set, which takes
 * minutes (`make proof`).
 */
#include <glob.h>
#include <json-c/json.h>
#include <linux/audit.h>
#include <linux/elf-em.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../bpfsim.h"
#include "fixtures.h"
#include "reference.h"
#include "json.h"

#define VECTORS		8	/* argument samples for each number */

/* What is made up: a taste of it with the other tests, the whole in the proof. */
static const struct amount {
	unsigned int trees;
	unsigned int profiles;			/* for each of them, */
	unsigned int recorded_profiles;		/* and for each recorded tree */
	bool all_knobs;				/* with the field profiles */
} taste = { 8, 4, 1, false }, whole = { 24, 12, 12, true };

/* Newer than any release is what every name has that the table knows. */
static const unsigned int baselines[] = {
	KSC_RELEASE_NONE, KSC_RELEASE(3, 0), KSC_RELEASE(5, 0), KSC_RELEASE(6, 10),
	KSC_RELEASE(99, 0), KSC_RELEASE_INFER,
};

static const struct ref_knobs knobs[] = {
	{ .flags = 0 },
	{ .flags = KSC_EXPLICIT_RESPECT, .successors = KSC_SUCCESSORS_EPERM },
	{ .flags = KSC_ALLOW_UNKNOWN, .enosys = { "mount", "clone3" }, .eperm = { "openat2" } },
	{ .flags = KSC_KEEP_FATAL },
	{ .successors = KSC_SUCCESSORS_ALLOW },
	{ .flags = KSC_EXPLICIT_RESPECT | KSC_ALLOW_UNKNOWN | KSC_KEEP_FATAL,
	  .successors = KSC_SUCCESSORS_ALLOW, .eperm = { "statx", "keyctl", "mseal" } },
};

/* One profile on one tree, and what was counted. */
struct trial {
	struct ksc *k;
	struct ref *ref;
	struct ksc_profile *profile;
	struct sock_filter *original;
	size_t original_len;
	uint64_t vectors[VECTORS][6];
	struct ref_knobs knobs;		/* of the policy that is being checked */
	size_t checks;
};

static size_t checks, programs, taken, refused, cached;
static const struct amount *amount(void)
{
	return getenv("KSC_PROOF") ? &whole : &taste;
}

/* Shifts which knob goes with which baseline, so that the trees share the work. */
static size_t turn;

static void make_vectors(struct trial *t)
{
	const struct ksc_profile_rule *r;
	uint64_t pool[256] = { 0, 1, 38, 40, 0x7fffffff, 0xffffffff, 1ULL << 32, UINT64_MAX };
	uint32_t seed = 0x5eed;
	unsigned int i, j, n = 8;
	const struct scmp_arg_cmp *args;
	unsigned int nr_args;

	ksc_profile_rule_foreach(r, t->profile) {
		args = ksc_profile_rule_args(r, &nr_args);
		for (i = 0; i < nr_args && n + 4 <= 256; i++) {
			pool[n++] = args[i].datum_a;
			pool[n++] = args[i].datum_a - 1;
			pool[n++] = args[i].datum_a + 1;
			pool[n++] = args[i].datum_b;
		}
	}
	for (i = 0; i < VECTORS; i++) {
		for (j = 0; j < 6; j++)
			t->vectors[i][j] = pool[fixture_random(&seed) % n];
	}
	memset(t->vectors[0], 0, sizeof(t->vectors[0]));
}

/* What the caller sees of a filter's answer: past ALLOW, the kernel has its say. */
static uint32_t seen(const struct trial *t, uint32_t arch, uint32_t nr, uint32_t ret)
{
	const struct ksc_abi *abi = ksc_abi_by_arch(t->k, arch, nr);
	uint32_t enosys = (arch & 0xffff) == EM_MIPS ? 89 : 38;

	if (ret == SECCOMP_RET_ALLOW && abi &&
	    ksc_abi_implemented(abi, nr - ksc_abi_base(abi)) != 1)
		return SECCOMP_RET_ERRNO | enosys;
	return ret;
}

static bool is_errno(uint32_t ret)
{
	return (ret & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO;
}

static bool is_special(uint32_t ret)
{
	ret &= SECCOMP_RET_ACTION_FULL;
	return ret != SECCOMP_RET_ALLOW && ret != SECCOMP_RET_ERRNO;
}

static void check_number(struct trial *t, const struct ksc_policy *policy,
			 const struct sock_filter *prog, uint32_t arch, uint32_t nr)
{
	static const char rows[] = "0123u455sd";
	struct ref_cell cell = ref_verdict(t->ref, arch, nr);
	bool big = !(arch & __AUDIT_ARCH_LE);
	uint32_t before, after, expected, def = ksc_profile_default(t->profile);
	uint32_t action = ksc_verdict(policy, arch, nr);
	enum ksc_row row = ksc_verdict_row(policy, arch, nr);
	char reason[KSC_EXPLAIN_MAX];
	unsigned int i;

	if (action != cell.action) {
		ksc_explain(policy, arch, nr, reason, sizeof(reason));
		fail_msg("arch %#x nr %#x: verdict %#x (%s), the text says %#x, row %c", arch, nr,
			 action, reason, cell.action, cell.row);
	}
	if (row < sizeof(rows) - 1 && action && rows[row] != cell.row)
		fail_msg("arch %#x nr %#x: row %c, the text says %c", arch, nr, rows[row],
			 cell.row);
	/* What the kernel allowed without running a filter costs nothing still. */
	if (!cell.action && bpfsim_const_allow(t->original, arch, nr)) {
		if (!bpfsim_const_allow(prog, arch, nr))
			fail_msg("arch %#x nr %#x: lost to the kernel's cache", arch, nr);
		cached++;
	}
	for (i = 0; i < VECTORS; i++) {
		struct seccomp_data sd = { .nr = (int)nr, .arch = arch };

		memcpy(sd.args, t->vectors[i], sizeof(sd.args));
		before = bpfsim_run(t->original, &sd, big, NULL);
		after = bpfsim_run(prog, &sd, big, NULL);
		expected = cell.action ? cell.action : before;
		if (seen(t, arch, nr, after) != seen(t, arch, nr, expected))
			fail_msg("arch %#x nr %#x vector %u: %#x, the text says %#x (row %c)", arch,
				 nr, i, after, expected, cell.row);
		/*
		 * The safety theorem, without the reference but for the knob's sake:
		 * what changes becomes an errno, and what others see stays.
		 */
		if (after != before && !is_errno(after) &&
		    !(after == SECCOMP_RET_ALLOW && t->knobs.flags & KSC_ALLOW_UNKNOWN &&
		      cell.row == 'u') &&
		    !(after == SECCOMP_RET_ALLOW && cell.row == 's' &&
		      t->knobs.successors == KSC_SUCCESSORS_ALLOW))
			fail_msg("arch %#x nr %#x: %#x became %#x", arch, nr, before, after);
		if (is_special(before) && before != def && after != before)
			fail_msg("arch %#x nr %#x: %#x became %#x", arch, nr, before, after);
		t->checks++;
	}
}

static void set_site(struct ksc_policy *policy, const char *const *names, unsigned int answer)
{
	for (; *names; names++)
		assert_int_equal(ksc_policy_set_site(policy, *names, answer), 0);
}

static void check_policy(struct trial *t, unsigned int baseline, const struct ref_knobs *knob)
{
	static const uint32_t corners[] = {
		0x3fffffff, 0x40000000, 0x40000000 + 1100, 0x7fffffff, 0x80000000, 0xbfffffff,
		0xc0000000, 0xf0000, 0xeffff, 0xf0005, 0xf0100, 0xfffffffe, 0xffffffff,
	};
	struct ksc_policy *policy;
	struct sock_filter *prog;
	const struct ksc_abi *abi;
	uint32_t arch, base, nr;
	size_t len, i;

	assert_int_equal(ksc_policy_from_profile(&policy, t->k, t->profile, baseline), 0);
	assert_int_equal(ksc_policy_set_flags(policy, knob->flags), 0);
	assert_int_equal(ksc_policy_set_successors(policy, knob->successors), 0);
	set_site(policy, knob->enosys, KSC_SITE_ENOSYS);
	set_site(policy, knob->eperm, KSC_SITE_EPERM);
	t->knobs = *knob;
	t->knobs.baseline = ksc_policy_baseline(policy);
	t->knobs.inferred = baseline == KSC_RELEASE_INFER;
	ref_paint(t->ref, t->profile, &t->knobs);
	assert_int_equal(ksc_bpf_prefix(policy, NULL, &len), 0);
	prog = calloc(len + t->original_len, sizeof(*prog));
	assert_non_null(prog);
	assert_int_equal(ksc_bpf_prefix(policy, prog, &len), 0);
	memcpy(prog + len, t->original, t->original_len * sizeof(*prog));
	assert_int_equal(bpfsim_check(prog, len + t->original_len), 0);
	ksc_abi_foreach(abi, t->k) {
		arch = ksc_abi_audit_arch(abi);
		base = ksc_abi_base(abi);
		for (nr = base; nr <= base + 1100; nr++)
			check_number(t, policy, prog, arch, nr);
		check_number(t, policy, prog, arch, base - 1);
		for (i = 0; i < sizeof(corners) / sizeof(corners[0]); i++)
			check_number(t, policy, prog, arch, corners[i]);
	}
	/* A machine of another kind altogether. */
	check_number(t, policy, prog, AUDIT_ARCH_ALPHA, 1);
	free(prog);
	ksc_policy_free(policy);
	programs++;
}

/* Where libseccomp refuses a profile no container starts, so there is nothing to prove. */
static bool try_profile(const char *root, const char *path, struct json_object *json,
			bool all_knobs)
{
	const struct ksc_abi *native;
	struct trial t = { .checks = 0 };
	size_t i, j, first, n = sizeof(knobs) / sizeof(knobs[0]);
	bool accepted;

	assert_int_equal(ksc_open(&t.k, root), 0);
	t.ref = malloc(sizeof(*t.ref));
	assert_non_null(t.ref);
	ref_read(t.ref, root);
	native = ksc_abi_native(t.k);
	assert_non_null(native);
	assert_int_equal(ksc_profile_new(&t.profile), 0);
	accepted = !ksc_profile_set_arch(t.profile, ksc_abi_scmp_arch(native));
	if (!accepted) {
		print_message("%s: %s\n", root, ksc_profile_error(t.profile));
		goto out;
	}
	if (json ? json_load(t.profile, json) : ksc_profile_load_file(t.profile, path))
		fail_msg("%s", ksc_profile_error(t.profile));
	accepted = !ksc_profile_program(t.profile, KSC_RUNTIME_CRUN, &t.original, &t.original_len);
	if (!accepted)
		goto out;
	make_vectors(&t);
	for (i = 0; i < sizeof(baselines) / sizeof(baselines[0]); i++) {
		first = all_knobs ? 0 : turn + i;
		for (j = first; j < first + (all_knobs ? n : 1); j++)
			check_policy(&t, baselines[i], &knobs[j % n]);
	}
	checks += t.checks;
	free(t.original);
out:
	ksc_profile_free(t.profile);
	free(t.ref);
	ksc_close(t.k);
	return accepted;
}

static char *source(const char *path)
{
	const char *top = getenv("KSC_SOURCE");
	char *full;

	assert_true(asprintf(&full, "%s/%s", top ? top : ".", path) > 0);
	return full;
}

/* False if this libseccomp lacks the tree's architecture, as try_profile() has said. */
static bool try_field_profiles(const char *root, bool all_knobs)
{
	static const char *const files[] = { "moby-trixie", "containers-trixie" };
	bool accepted = true;
	char *path;
	size_t i;

	for (i = 0; accepted && i < sizeof(files) / sizeof(files[0]); i++) {
		path = fixture_profile_path(files[i]);
		accepted = try_profile(root, path, NULL, all_knobs);
		free(path);
	}
	return accepted;
}

/* Profiles that name what the tree's own architecture has. */
static void try_made_up_profiles(const char *root, unsigned int n, uint32_t *seed)
{
	const struct fixture_machine *m;
	struct json_object *json;
	struct ksc *k;
	unsigned int i;
	uint32_t arch;

	assert_int_equal(ksc_open(&k, root), 0);
	arch = ksc_abi_audit_arch(ksc_abi_native(k));
	ksc_close(k);
	for (i = 0; (m = fixture_machine(i)) && m->abis[0].audit_arch != arch; i++)
		;
	if (!m)
		fail_msg("%s: fixtures.c makes no profiles for its architecture", root);
	for (i = 0; i < n; i++) {
		json = fixture_profile(m, 1 + fixture_random(seed) % 60, seed);
		if (try_profile(root, NULL, json, false))
			taken++;
		else
			refused++;
		json_object_put(json);
	}
}

/* Descriptor 3 is run-tap's way past what it keeps until the end. */
static void progress(const char *root, size_t done, size_t of)
{
	if (getenv("KSC_PROOF"))
		dprintf(3, "test-proof: %s (%zu of %zu)\n", strrchr(root, '/') + 1, done + 1, of);
}

static void try_recorded(const char *root, uint32_t *seed)
{
	if (try_field_profiles(root, amount()->all_knobs))
		try_made_up_profiles(root, amount()->recorded_profiles, seed);
}

/* A tree's directory holds sys/kernel/syscalls, at whatever depth its row lies. */
static void test_recorded(void **state)
{
	uint32_t seed = 0x1e57a11;
	static const char *const depths[] = { "tests/trees/*", "tests/trees/*/*" };
	size_t i, j, trees = 0;
	char *pattern, *probe;
	glob_t g;

	(void)state;
	checks = programs = cached = taken = refused = 0;
	for (i = 0; i < 2; i++) {
		pattern = source(depths[i]);
		if (!glob(pattern, 0, NULL, &g)) {
			for (j = 0; j < g.gl_pathc; j++) {
				assert_true(asprintf(&probe, "%s/sys/kernel/syscalls/version",
						     g.gl_pathv[j]) > 0);
				if (!access(probe, R_OK)) {
					turn = trees++;
					progress(g.gl_pathv[j], j, g.gl_pathc);
					try_recorded(g.gl_pathv[j], &seed);
				}
				free(probe);
			}
			globfree(&g);
		}
		free(pattern);
	}
	if (!trees)
		fail_msg("no recorded tree in tests/trees");
	assert_true(cached);
	assert_true(taken > refused);
	print_message("%zu recorded trees, %zu made-up profiles (%zu more refused by libseccomp), "
		      "%zu programs, %zu answers compared, %zu stay in the "
		      "kernel's cache\n", trees, taken, refused, programs, checks, cached);
}

static void test_generated(void **state)
{
	const struct fixture_machine *m;
	struct json_object *json;
	uint32_t seed = 0x2f6e2b1;
	unsigned int i, j;
	char *dir;

	(void)state;
	checks = programs = taken = refused = 0;
	for (i = 0; i < amount()->trees; i++) {
		m = fixture_machine_in_turn(i);
		dir = fixture_mkdir();
		fixture_tree(dir, m, &seed);
		turn = i;
		if (i < amount()->trees / 2)
			try_field_profiles(dir, amount()->all_knobs);
		for (j = 0; j < amount()->profiles; j++) {
			json = fixture_profile(m, 1 + fixture_random(&seed) % 60, &seed);
			if (try_profile(dir, NULL, json, false))
				taken++;
			else
				refused++;
			json_object_put(json);
		}
		fixture_rmdir(dir);
	}
	/* Else the generator makes nothing that libseccomp takes, and nothing was proved. */
	assert_true(taken > refused);
	print_message("%u made-up trees, %zu profiles (%zu more refused by libseccomp), "
		      "%zu programs, %zu answers compared\n", amount()->trees, taken, refused,
		      programs, checks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recorded),
		cmocka_unit_test(test_generated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
