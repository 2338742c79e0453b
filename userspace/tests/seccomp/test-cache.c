// SPDX-License-Identifier: GPL-2.0-only
/*
 * crun keeps programs below its state directory since 1.7, and finds them by a digest
 * of the profile that leaves out the errnos of rules and, before 1.14, that of the
 * default. What is rewritten must not be found by the key of what answers otherwise.
 */
#include <errno.h>
#include <json-c/json.h>
#include <linux/filter.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ksyscalls-oci.h>

#include "../../lib/oci/profile.h"
#include "fixtures.h"
#include "json.h"

static struct ksc *tree;

/* ---- what crun takes the digest of ------------------------------------- */

static void add(FILE *key, struct json_object *obj, const char *name)
{
	struct json_object *v;
	uint64_t number;
	size_t i;

	if (!json_object_object_get_ex(obj, name, &v))
		return;
	switch (json_object_get_type(v)) {
	case json_type_array:
		for (i = 0; i < json_object_array_length(v); i++)
			fputs(json_object_get_string(json_object_array_get_idx(v, i)), key);
		return;
	case json_type_int:
		number = json_object_get_uint64(v);
		fwrite(&number, sizeof(number), 1, key);
		return;
	default:
		fputs(json_object_get_string(v), key);
	}
}

static void add_args(FILE *key, struct json_object *entry)
{
	static const char *const names[] = { "index", "value", "valueTwo", "op" };
	struct json_object *args;
	size_t i, j;

	if (!json_object_object_get_ex(entry, "args", &args))
		return;
	for (i = 0; i < json_object_array_length(args); i++) {
		for (j = 0; j < ARRAY_SIZE(names); j++)
			add(key, json_object_array_get_idx(args, i), names[j]);
	}
}

struct key {
	char *data;
	size_t len;
};

static struct key key_of(struct json_object *seccomp)
{
	struct json_object *syscalls, *entry;
	struct key k;
	FILE *key = open_memstream(&k.data, &k.len);
	size_t i;

	assert_non_null(key);
	add(key, seccomp, "defaultAction");
	add(key, seccomp, "flags");
	add(key, seccomp, "architectures");
	assert_true(json_object_object_get_ex(seccomp, "syscalls", &syscalls));
	for (i = 0; i < json_object_array_length(syscalls); i++) {
		entry = json_object_array_get_idx(syscalls, i);
		add(key, entry, "action");
		add(key, entry, "names");
		add_args(key, entry);
	}
	fclose(key);
	return k;
}

static bool same_key(struct json_object *a, struct json_object *b)
{
	struct key k = key_of(a), l = key_of(b);
	bool same = k.len == l.len && !memcmp(k.data, l.data, k.len);

	free(k.data);
	free(l.data);
	return same;
}

/* ---- profiles ---------------------------------------------------------- */

static struct json_object *rewrite(struct json_object *seccomp, enum ksc_oci_mode mode)
{
	struct json_object *root, *v;
	struct ksc_oci *o;
	char *config, *out;
	size_t len;

	assert_int_equal(ksc_oci_new(&o, tree), 0);
	ksc_oci_set_mode(o, mode);
	assert_true(asprintf(&config, "{\"linux\":{\"seccomp\":%s}}",
			     json_object_to_json_string(seccomp)) > 0);
	if (ksc_oci_rewrite(o, config, strlen(config), &out, &len))
		fail_msg("%s", ksc_oci_error(o));
	root = json_tokener_parse(out);
	assert_true(json_object_object_get_ex(root, "linux", &v));
	assert_true(json_object_object_get_ex(v, "seccomp", &v));
	json_object_get(v);
	json_object_put(root);
	free(out);
	free(config);
	ksc_oci_free(o);
	return v;
}

static struct json_object *copy_of(struct json_object *seccomp)
{
	struct json_object *copy = NULL;

	assert_int_equal(json_object_deep_copy(seccomp, &copy, NULL), 0);
	return copy;
}

/* As it would be if we did not tell the errnos. */
static struct json_object *without_last(struct json_object *seccomp)
{
	struct json_object *copy = copy_of(seccomp), *syscalls;

	json_object_object_get_ex(copy, "syscalls", &syscalls);
	json_object_array_del_idx(syscalls, json_object_array_length(syscalls) - 1, 1);
	return copy;
}

/* @seccomp with another errno in all its rules that have one. */
static struct json_object *with_errno(struct json_object *seccomp, int err)
{
	struct json_object *copy = copy_of(seccomp), *syscalls, *entry, *v;
	size_t i;

	json_object_object_get_ex(copy, "syscalls", &syscalls);
	for (i = 0; i < json_object_array_length(syscalls); i++) {
		entry = json_object_array_get_idx(syscalls, i);
		if (json_object_object_get_ex(entry, "errnoRet", &v))
			json_object_object_add(entry, "errnoRet", json_object_new_int(err));
	}
	return copy;
}

static struct json_object *field_profile(void)
{
	char *path = fixture_profile_path("moby-trixie");
	struct json_object *oci;
	struct ksc_profile *p;

	assert_int_equal(ksc_profile_new(&p), 0);
	assert_int_equal(ksc_profile_set_arch(p, SCMP_ARCH_X86_64), 0);
	assert_int_equal(ksc_profile_load_file(p, path), 0);
	oci = json_profile(p);
	assert_non_null(oci);
	ksc_profile_free(p);
	free(path);
	return oci;
}

static void check_program(struct json_object *with, struct json_object *without)
{
	struct json_object *both[] = { with, without };
	struct sock_filter *prog[2];
	struct ksc_profile *p;
	size_t len[2], i;
	int rt;

	for (rt = KSC_RUNTIME_CRUN; rt <= KSC_RUNTIME_CRUN_OLD; rt++) {
		for (i = 0; i < 2; i++) {
			assert_int_equal(ksc_profile_new(&p), 0);
			assert_int_equal(ksc_profile_set_arch(p, SCMP_ARCH_X86_64), 0);
			assert_int_equal(json_load(p, both[i]), 0);
			assert_int_equal(ksc_profile_program(p, (enum ksc_runtime)rt, &prog[i],
							     &len[i]), 0);
			ksc_profile_free(p);
		}
		assert_int_equal(len[0], len[1]);
		assert_memory_equal(prog[0], prog[1], len[0] * sizeof(*prog[0]));
		free(prog[0]);
		free(prog[1]);
	}
}

/* ---- tests ------------------------------------------------------------- */

/* What is rewritten, and what one would have taken it for. */
static void check_keys(struct json_object *ours, struct json_object *other, bool other_is_ours)
{
	struct json_object *bare = without_last(ours);
	struct json_object *other_bare = other_is_ours ? without_last(other) : copy_of(other);

	assert_true(same_key(bare, other_bare));
	assert_false(same_key(ours, other));
	check_program(ours, bare);
	json_object_put(bare);
	json_object_put(other_bare);
}

/* A rule's errno becomes ENOSYS: the profile has as ours has it, but for that. */
static void test_original(void **state)
{
	struct json_object *field = field_profile(), *ours, *bare, *original, *rewritten;

	/* With more architectures there are rules that one of them needs as they are. */
	json_object_object_add(field, "architectures",
			       json_tokener_parse("[\"SCMP_ARCH_X86_64\"]"));
	ours = rewrite(field, KSC_OCI_EXPLICIT);
	bare = without_last(ours);
	original = with_errno(bare, EACCES);
	rewritten = rewrite(original, KSC_OCI_EXPLICIT);
	check_keys(rewritten, original, false);
	json_object_put(field);
	json_object_put(ours);
	json_object_put(bare);
	json_object_put(original);
	json_object_put(rewritten);
}

/* The default's errno becomes that of rules. */
static void test_each_other(void **state)
{
	struct json_object *field = field_profile(), *other = copy_of(field), *ours, *theirs;

	json_object_object_add(other, "defaultErrnoRet", json_object_new_int(EACCES));
	ours = rewrite(field, KSC_OCI_FLIP);
	theirs = rewrite(other, KSC_OCI_FLIP);
	check_keys(ours, theirs, true);
	json_object_put(field);
	json_object_put(other);
	json_object_put(ours);
	json_object_put(theirs);
}

/* Equal ones shall be found. */
static void test_again(void **state)
{
	struct json_object *field = field_profile(), *ours, *again;
	enum ksc_oci_mode mode;

	for (mode = KSC_OCI_FLIP; mode <= KSC_OCI_EXPLICIT; mode++) {
		ours = rewrite(field, mode);
		again = rewrite(field, mode);
		assert_true(same_key(ours, again));
		json_object_put(ours);
		json_object_put(again);
	}
	json_object_put(field);
}

static int open_tree(void **state)
{
	const char *top = getenv("KSC_SOURCE");
	char *path;
	int ret;

	assert_true(asprintf(&path, "%s/tests/trees/amd64-6.1", top ? top : ".") > 0);
	ret = ksc_open(&tree, path);
	free(path);
	return ret;
}

static int close_tree(void **state)
{
	ksc_close(tree);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_original),
		cmocka_unit_test(test_each_other),
		cmocka_unit_test(test_again),
	};

	return cmocka_run_group_tests_name("cache", tests, open_tree, close_tree);
}
