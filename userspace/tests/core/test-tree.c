// SPDX-License-Identifier: GPL-2.0-only
/*
 * ksc_open() on the trees that kernels have, odd ones among them, and what an open tree
 * answers. test-bad-tree.c has those that are refused.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "model.h"
#include "tree-fixture.h"

static void test_version(void **state)
{
	char text[32];

	sprintf(text, "%d.%d.%d", KSC_VERSION_MAJOR, KSC_VERSION_MINOR, KSC_VERSION_PATCH);
	assert_string_equal(ksc_version(), text);
	assert_true(KSC_VERSION_AT_LEAST(KSC_VERSION_MAJOR, KSC_VERSION_MINOR, KSC_VERSION_PATCH));
	assert_false(KSC_VERSION_AT_LEAST(KSC_VERSION_MAJOR, KSC_VERSION_MINOR,
					  KSC_VERSION_PATCH + 1));
	assert_false(KSC_VERSION_AT_LEAST(KSC_VERSION_MAJOR + 1, 0, 0));
	assert_true(KSC_VERSION_AT_LEAST(0, 0, 1));
}

static void test_good(void **state)
{
	const struct ksc_abi *abi;
	struct ksc *k;
	char slashes[512];

	assert_int_equal(ksc_open(&k, tree_root), 0);
	assert_string_equal(ksc_error(k), "");
	assert_string_equal(ksc_root(k), tree_root);

	abi = ksc_abi_next(k, NULL);
	assert_string_equal(ksc_abi_id(abi), "x86_64");
	assert_ptr_equal(abi, ksc_abi_native(k));
	assert_int_equal(ksc_abi_audit_arch(abi), 0xc000003e);
	assert_int_equal(ksc_abi_base(abi), 0);
	assert_int_equal(ksc_abi_nr_syscalls(abi), 40);
	assert_int_equal(ksc_abi_nr_implemented(abi), 8);
	assert_int_equal(ksc_abi_implemented(abi, 0), 1);
	assert_int_equal(ksc_abi_implemented(abi, 3), 0);
	assert_int_equal(ksc_abi_implemented(abi, 31), 1);
	assert_int_equal(ksc_abi_implemented(abi, 39), 1);
	assert_int_equal(ksc_abi_implemented(abi, 40), 0);
	assert_int_equal(ksc_abi_implemented(abi, 0x3fffffff), 0);
	assert_int_equal(ksc_abi_implemented(abi, 0x40000000), -ENOENT);
	assert_int_equal(ksc_abi_implemented(abi, 0xffffffff), -ENOENT);
	assert_int_equal(ksc_abi_implemented(NULL, 0), -ENOENT);
	assert_int_equal(ksc_abi_nr(NULL, "_llseek"), -ENOENT);
	assert_int_equal(ksc_abi_nr(abi, "_llseek"), 31);
	assert_int_equal(ksc_abi_nr(abi, "openat2"), 39);
	assert_int_equal(ksc_abi_nr(abi, "openat"), -ENOENT);
	assert_int_equal(ksc_abi_nr(abi, "openat22"), -ENOENT);
	assert_int_equal(ksc_abi_nr(abi, ""), -ENOENT);
	assert_string_equal(ksc_abi_name(abi, 2), "open");
	assert_null(ksc_abi_name(abi, 3));
	assert_null(ksc_abi_name(abi, 40));
	assert_null(ksc_abi_name(abi, 0xffffffff));

	abi = ksc_abi_next(k, abi);
	assert_string_equal(ksc_abi_id(abi), "x32");
	assert_int_equal(ksc_abi_nr_implemented(abi), 0);
	assert_int_equal(ksc_abi_implemented(abi, 0), 0);
	abi = ksc_abi_next(k, abi);
	assert_string_equal(ksc_abi_id(abi), "i386");
	assert_int_equal(ksc_abi_implemented(abi, 32), 1);
	assert_null(ksc_abi_next(k, abi));

	assert_string_equal(ksc_abi_id(ksc_abi_by_arch(k, 0xc000003e, 0x3fffffff)), "x86_64");
	assert_string_equal(ksc_abi_id(ksc_abi_by_arch(k, 0xc000003e, 0x40000000)), "x32");
	assert_string_equal(ksc_abi_id(ksc_abi_by_arch(k, 0xc000003e, 0xfffffffe)), "x32");
	assert_null(ksc_abi_by_arch(k, 0xc000003e, 0xffffffff));
	assert_string_equal(ksc_abi_id(ksc_abi_by_arch(k, 0x40000003, 0x40000000)), "i386");
	assert_null(ksc_abi_by_arch(k, 0xc00000b7, 0));
	assert_non_null(ksc_abi_by_name(k, "i386"));
	assert_null(ksc_abi_by_name(k, "i38"));
	ksc_close(k);

	snprintf(slashes, sizeof(slashes), "%s//", tree_root);
	assert_int_equal(ksc_open(&k, slashes), 0);
	assert_string_equal(ksc_root(k), tree_root);
	ksc_close(k);
}

static void test_x32_unpublished(void **state)
{
	char path[512];
	struct ksc *k;

	snprintf(path, sizeof(path), "%s/" TREE "x32", tree_root);
	remove_tree(path);
	assert_int_equal(ksc_open(&k, tree_root), 0);
	assert_string_equal(ksc_abi_id(ksc_abi_by_arch(k, 0xc000003e, 0x3fffffff)), "x86_64");
	assert_null(ksc_abi_by_arch(k, 0xc000003e, 0x40000000));
	ksc_close(k);
}

static void test_mips(void **state)
{
	struct model m = { 0 };
	struct ksc *k;

	remove_tree(tree_root);
	model_fill(model_add(&m, "mips64", 0x80000008, 5000, 450), 90);
	model_fill(model_add(&m, "mipsn32", 0xa0000008, 6000, 450), 90);
	model_fill(model_add(&m, "mips", 0x8, 4000, 450), 90);
	model_write(&m, tree_root);
	model_free(&m);
	assert_int_equal(ksc_open(&k, tree_root), 0);
	assert_string_equal(ksc_abi_id(ksc_abi_native(k)), "mips64");
	assert_string_equal(ksc_abi_id(ksc_abi_by_arch(k, 0xa0000008, 6000)), "mipsn32");
	assert_null(ksc_abi_by_arch(k, 0xa0000008, 5999));
	assert_string_equal(ksc_abi_id(ksc_abi_by_arch(k, 8, 0xfffffffe)), "mips");
	ksc_close(k);
}

static void test_arm(void **state)
{
	struct model m = { 0 };
	struct ksc *k;

	remove_tree(tree_root);
	model_fill(model_add(&m, "arm", 0x40000028, 0, 450), 90);
	model_fill(model_add(&m, "arm_private", 0x40000028, 0xf0000, 7), 90);
	model_write(&m, tree_root);
	model_free(&m);
	assert_int_equal(ksc_open(&k, tree_root), 0);
	assert_string_equal(ksc_abi_id(ksc_abi_native(k)), "arm");
	assert_string_equal(ksc_abi_id(ksc_abi_by_arch(k, 0x40000028, 0xeffff)), "arm");
	assert_string_equal(ksc_abi_id(ksc_abi_by_arch(k, 0x40000028, 0xf0000)), "arm_private");
	ksc_close(k);
}

/* One table for both, as until 5.3; but no hole among an ABI's own numbers. */
static void test_one_table(void **state)
{
	static const struct {
		const char *abi;
		uint32_t base, own, others;
	} of[] = { { "x86_64", 0, 16, 514 }, { "x32", 0x40000000, 514, 16 } };
	const struct ksc_abi *one;
	struct model_abi *abi;
	struct model m = { 0 };
	struct ksc *k;
	size_t i;

	for (i = 0; i < 2; i++) {
		abi = model_add(&m, of[i].abi, 0xc000003e, of[i].base, 548);
		model_set(abi, 0, "read");
		model_set(abi, of[i].own, "ioctl");
		model_set(abi, of[i].others, "");
	}
	remove_tree(tree_root);
	model_write(&m, tree_root);
	assert_int_equal(ksc_open(&k, tree_root), 0);
	for (i = 0; i < 2; i++) {
		one = ksc_abi_by_name(k, of[i].abi);
		assert_int_equal(ksc_abi_nr(one, "ioctl"), of[i].own);
		assert_int_equal(ksc_abi_implemented(one, of[i].others), 1);
		assert_null(ksc_abi_name(one, of[i].others));
	}
	ksc_close(k);

	model_set(&m.abis[0], of[0].own + 1, "");
	model_write(&m, tree_root);
	model_free(&m);
	tree_expect_bad(-EBADMSG, "x86_64/names", "ends here, 17 of bitmap has no line");
}

/* Files are only ever added, and a kernel may have an ABI of a name nobody knows. */
static void test_additions(void **state)
{
	struct model m = { 0 };
	struct ksc *k;

	tree_put("note", "6.99\n");
	tree_put("power/control", "auto\n");
	tree_put("x86 64/base64", "as kobjects are named");
	tree_put("x86_64/argument_counts", "anything");
	model_fill(model_add(&m, "vax", 0x4b, 0, 300), 90);
	model_write(&m, tree_root);
	model_free(&m);
	assert_int_equal(ksc_open(&k, tree_root), 0);
	assert_non_null(ksc_abi_by_name(k, "vax"));
	ksc_close(k);
}

/* Where a tree comes from: it says so itself, or its root has the release. */
static void test_source(void **state)
{
	struct ksc *k;

	assert_int_equal(ksc_open(&k, tree_root), 0);
	assert_string_equal(ksc_source(k), "snapshot");
	assert_null(ksc_release(k));
	ksc_close(k);

	tree_put("../../../proc/sys/kernel/osrelease", "6.1.0-host\n");
	assert_int_equal(ksc_open(&k, tree_root), 0);
	assert_string_equal(ksc_source(k), "snapshot");
	assert_string_equal(ksc_release(k), "6.1.0-host");
	ksc_close(k);

	tree_put("source", "survey\n");
	tree_put("release", "6.18.44-vm\n");
	assert_int_equal(ksc_open(&k, tree_root), 0);
	assert_string_equal(ksc_source(k), "survey");
	assert_string_equal(ksc_release(k), "6.18.44-vm");
	ksc_close(k);
}

/* Neither implemented nor not: 3, 4, and what is beyond the table. */
static void test_unknown(void **state)
{
	const struct ksc_abi *abi;
	uint8_t all[32], some[32];
	struct ksc *k;

	assert_int_equal(ksc_open(&k, tree_root), 0);
	ksc_digest(k, all);
	ksc_close(k);
	tree_put("x86_64/unknown", "3-4,40-\n");
	assert_int_equal(ksc_open(&k, tree_root), 0);
	abi = ksc_abi_by_name(k, "x86_64");
	assert_int_equal(ksc_abi_implemented(abi, 2), 1);
	assert_int_equal(ksc_abi_implemented(abi, 3), -ENOENT);
	assert_int_equal(ksc_abi_implemented(abi, 4), -ENOENT);
	assert_int_equal(ksc_abi_implemented(abi, 6), 0);
	assert_int_equal(ksc_abi_implemented(abi, 39), 1);
	assert_int_equal(ksc_abi_implemented(abi, 40), -ENOENT);
	assert_int_equal(ksc_abi_implemented(abi, 0x3fffffff), -ENOENT);
	assert_int_equal(ksc_abi_nr_implemented(abi), 8);
	assert_int_equal(ksc_abi_implemented(ksc_abi_by_name(k, "i386"), 33), 0);
	ksc_digest(k, some);
	assert_memory_not_equal(all, some, sizeof(all));
	ksc_close(k);

	tree_put("x86_64/unknown", "34-\n");
	tree_expect_bad(-EBADMSG, "x86_64/unknown", "byte 0: a range out of order, or not apart");
	tree_put("x86_64/unknown", "38\n");
	assert_int_equal(ksc_open(&k, tree_root), 0);
	assert_int_equal(ksc_abi_implemented(ksc_abi_by_name(k, "x86_64"), 38), -ENOENT);
	assert_int_equal(ksc_abi_implemented(ksc_abi_by_name(k, "x86_64"), 40), 0);
	ksc_close(k);
}

/* arm's 341 has two names, and its private 0 is answered without any. */
static void test_odd_names(void **state)
{
	const struct ksc_abi *abi;
	char flood[41 * 8] = "";
	struct ksc *k;
	uint8_t sum[32];
	int i;

	tree_put("i386/names", "32 sync_file_range2\n32 arm_sync_file_range\n");
	tree_put("x86_64/names",
	    "1 write\n2 open\n5 fstat\n31 _llseek\n32 stat64\n33 clone3\n39 openat2\n");
	assert_int_equal(ksc_open(&k, tree_root), 0);
	abi = ksc_abi_by_name(k, "i386");
	assert_int_equal(ksc_abi_nr(abi, "sync_file_range2"), 32);
	assert_int_equal(ksc_abi_nr(abi, "arm_sync_file_range"), 32);
	assert_string_equal(ksc_abi_name(abi, 32), "sync_file_range2");
	assert_int_equal(ksc_abi_nr_implemented(abi), 1);
	abi = ksc_abi_by_name(k, "x86_64");
	assert_int_equal(ksc_abi_implemented(abi, 0), 1);
	assert_null(ksc_abi_name(abi, 0));
	assert_int_equal(ksc_release_of(ksc_abi_name(abi, 0)), KSC_RELEASE_UNKNOWN);
	ksc_digest(k, sum);
	ksc_close(k);

	tree_put("i386/names", "32 stat64\n32 stat64\n");
	tree_expect_bad(-EBADMSG, "i386/names", "32 and 32 have one name");

	/* More names than numbers would leave a search in them without an end. */
	for (i = 0; i <= 40; i++)
		sprintf(flood + strlen(flood), "0 n%d\n", i);
	tree_put("i386/names", "32 fchmodat2\n");
	tree_put("x86_64/names", flood);
	tree_expect_bad(-EBADMSG, "x86_64/names", "more lines than bits");
}

/* Number 0 may have no name, but then the next number has to be there. */
static void test_only_zero(void **state)
{
	struct model m = { 0 };
	struct ksc *k;

	model_set(model_add(&m, "s390x", 0x80000016, 0, 5), 0, "");
	model_write(&m, tree_root);
	model_free(&m);
	tree_put("s390x/names", "");
	assert_int_equal(ksc_open(&k, tree_root), 0);
	ksc_close(k);
	tree_put("s390x/names", "5 a\n");
	tree_expect_bad(-EBADMSG, "s390x/names", "byte 0: more lines than bits");
	tree_put("s390x/names", "1 a\n");
	tree_expect_bad(-EBADMSG, "s390x/names", "byte 0: more lines than bits");
	tree_put("s390x/names", "0 a\n0 b\n");
	assert_int_equal(ksc_open(&k, tree_root), 0);
	ksc_close(k);
}

/* By a directory that was opened while it could be; O_PATH needs no right to read it. */
static void test_open_at(void **state)
{
	char path[512];
	struct ksc *k;
	int fd;

	snprintf(path, sizeof(path), "%s/" TREE, tree_root);
	fd = open(path, O_PATH | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(ksc_open_at(&k, fd), 0);
	assert_null(ksc_root(k));
	assert_null(ksc_release(k));
	assert_string_equal(ksc_source(k), "snapshot");
	assert_string_equal(ksc_abi_id(ksc_abi_native(k)), "x86_64");
	ksc_close(k);

	tree_put("i386/nr_syscalls", "0\n");
	assert_int_equal(ksc_open_at(&k, fd), -EBADMSG);
	snprintf(path, sizeof(path), "%s/" TREE "i386/nr_syscalls: byte 0: ", tree_root);
	assert_memory_equal(ksc_error(k), path, strlen(path));
	assert_null(ksc_abi_next(k, NULL));
	ksc_close(k);
	close(fd);
	assert_int_equal(ksc_open_at(&k, fd), -EBADF);
	assert_true(*ksc_error(k));
	ksc_close(k);
}

static void test_largest(void **state)
{
	static const unsigned int sizes[] = { 65536, 65535, 65505 };
	unsigned int i;

	for (i = 0; i < 3; i++) {
		struct model m = { 0 };
		struct model_abi *abi;
		struct ksc *k;
		uint32_t nr;

		tree_teardown(state);
		tree_root = make_root();
		abi = model_add(&m, "riscv64", 0xc00000f3, 0, sizes[i]);
		for (nr = 0; nr < sizes[i]; nr++) {
			char name[64];

			/* As long as names get. */
			sprintf(name, "n%062u", nr);
			if (nr % (i + 1) == 0)
				model_set(abi, nr, name);
		}
		model_write(&m, tree_root);
		if (ksc_open(&k, tree_root))
			fail_msg("%s", ksc_error(k));
		for (nr = 0; nr < sizes[i]; nr++)
			if (ksc_abi_implemented(ksc_abi_native(k), nr) != (nr % (i + 1) == 0))
				fail_msg("%u of %u", nr, sizes[i]);
		assert_int_equal(ksc_abi_nr(ksc_abi_native(k), abi->names[60000]),
				 *abi->names[60000] ? 60000 : -ENOENT);
		ksc_close(k);
		model_free(&m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_version),
		TREE_TEST(test_good),
		TREE_TEST(test_x32_unpublished),
		TREE_TEST(test_mips),
		TREE_TEST(test_arm),
		TREE_TEST(test_one_table),
		TREE_TEST(test_only_zero),
		TREE_TEST(test_additions),
		TREE_TEST(test_source),
		TREE_TEST(test_unknown),
		TREE_TEST(test_odd_names),
		TREE_TEST(test_open_at),
		TREE_TEST(test_largest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
