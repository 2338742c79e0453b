// SPDX-License-Identifier: GPL-2.0-only
/*
 * ksc_open() on good trees and on every kind of bad one, and what an open tree
 * answers. A bad tree has to fail with the right file and byte in the message.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "model.h"

#include "../../lib/core/private.h"

#define TREE	"sys/kernel/syscalls/"

static char *root;

/* x86 in small: 40 numbers, 0-2, 5, 31-33 and 39 implemented. */
static void small_model(struct model *m)
{
	static const uint32_t numbers[] = { 0, 1, 2, 5, 31, 32, 33, 39 };
	static const char *const names[] = { "read", "write", "open", "fstat", "_llseek", "stat64",
					     "clone3", "openat2" };
	struct model_abi *abi;
	unsigned int i;

	*m = (struct model) { 0 };
	abi = model_add(m, "x86_64", 0xc000003e, 0, 40);
	for (i = 0; i < 8; i++)
		model_set(abi, numbers[i], names[i]);
	abi = model_add(m, "x32", 0xc000003e, 0x40000000, 40);
	abi = model_add(m, "i386", 0x40000003, 0, 33);
	model_set(abi, 32, "fchmodat2");
}

static int setup(void **state)
{
	struct model m;

	small_model(&m);
	root = make_root();
	model_write(&m, root);
	model_free(&m);
	return 0;
}

static int teardown(void **state)
{
	remove_tree(root);
	free(root);
	return 0;
}

static void put(const char *path, const char *text)
{
	char full[512];

	snprintf(full, sizeof(full), TREE "%s", path);
	write_file(root, full, text, strlen(text));
}

/* An error with @err whose message ends a path in @where and then says @what. */
static void expect_bad(int err, const char *where, const char *what)
{
	char start[512];
	struct ksc *k;
	int ret;

	ret = ksc_open(&k, root);
	assert_non_null(k);
	snprintf(start, sizeof(start), "%s/" TREE "%s: ", root, where);
	if (ret != err || strncmp(ksc_error(k), start, strlen(start)) ||
	    !strstr(ksc_error(k), what))
		fail_msg("%s: wanted %d \"%s...%s\", got %d \"%s\"", where, err, start, what, ret,
			 ksc_error(k));
	assert_null(ksc_abi_next(k, NULL));
	ksc_close(k);
}

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

	assert_int_equal(ksc_open(&k, root), 0);
	assert_string_equal(ksc_error(k), "");
	assert_string_equal(ksc_root(k), root);

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

	snprintf(slashes, sizeof(slashes), "%s//", root);
	assert_int_equal(ksc_open(&k, slashes), 0);
	assert_string_equal(ksc_root(k), root);
	ksc_close(k);
}

static void test_x32_unpublished(void **state)
{
	char path[512];
	struct ksc *k;

	snprintf(path, sizeof(path), "%s/" TREE "x32", root);
	remove_tree(path);
	assert_int_equal(ksc_open(&k, root), 0);
	assert_string_equal(ksc_abi_id(ksc_abi_by_arch(k, 0xc000003e, 0x3fffffff)), "x86_64");
	assert_null(ksc_abi_by_arch(k, 0xc000003e, 0x40000000));
	ksc_close(k);
}

static void test_mips(void **state)
{
	struct model m = { 0 };
	struct ksc *k;

	remove_tree(root);
	model_fill(model_add(&m, "mips64", 0x80000008, 5000, 450), 90);
	model_fill(model_add(&m, "mipsn32", 0xa0000008, 6000, 450), 90);
	model_fill(model_add(&m, "mips", 0x8, 4000, 450), 90);
	model_write(&m, root);
	model_free(&m);
	assert_int_equal(ksc_open(&k, root), 0);
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

	remove_tree(root);
	model_fill(model_add(&m, "arm", 0x40000028, 0, 450), 90);
	model_fill(model_add(&m, "arm_private", 0x40000028, 0xf0000, 7), 90);
	model_write(&m, root);
	model_free(&m);
	assert_int_equal(ksc_open(&k, root), 0);
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
	remove_tree(root);
	model_write(&m, root);
	assert_int_equal(ksc_open(&k, root), 0);
	for (i = 0; i < 2; i++) {
		one = ksc_abi_by_name(k, of[i].abi);
		assert_int_equal(ksc_abi_nr(one, "ioctl"), of[i].own);
		assert_int_equal(ksc_abi_implemented(one, of[i].others), 1);
		assert_null(ksc_abi_name(one, of[i].others));
	}
	ksc_close(k);

	model_set(&m.abis[0], of[0].own + 1, "");
	model_write(&m, root);
	model_free(&m);
	expect_bad(-EBADMSG, "x86_64/names", "ends here, 17 of bitmap has no line");
}

/* Files are only ever added, and a kernel may have an ABI of a name nobody knows. */
static void test_additions(void **state)
{
	struct model m = { 0 };
	struct ksc *k;

	put("note", "6.99\n");
	put("power/control", "auto\n");
	put("x86 64/base64", "as kobjects are named");
	put("x86_64/argument_counts", "anything");
	model_fill(model_add(&m, "vax", 0x4b, 0, 300), 90);
	model_write(&m, root);
	model_free(&m);
	assert_int_equal(ksc_open(&k, root), 0);
	assert_non_null(ksc_abi_by_name(k, "vax"));
	ksc_close(k);
}

/* Where a tree comes from: it says so itself, or its root has the release. */
static void test_source(void **state)
{
	struct ksc *k;

	assert_int_equal(ksc_open(&k, root), 0);
	assert_string_equal(ksc_source(k), "snapshot");
	assert_null(ksc_release(k));
	ksc_close(k);

	put("../../../proc/sys/kernel/osrelease", "6.1.0-host\n");
	assert_int_equal(ksc_open(&k, root), 0);
	assert_string_equal(ksc_source(k), "snapshot");
	assert_string_equal(ksc_release(k), "6.1.0-host");
	ksc_close(k);

	put("source", "survey\n");
	put("release", "6.18.44-vm\n");
	assert_int_equal(ksc_open(&k, root), 0);
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

	assert_int_equal(ksc_open(&k, root), 0);
	ksc_digest(k, all);
	ksc_close(k);
	put("x86_64/unknown", "3-4,40-\n");
	assert_int_equal(ksc_open(&k, root), 0);
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

	put("x86_64/unknown", "34-\n");
	expect_bad(-EBADMSG, "x86_64/unknown", "byte 0: a range out of order, or not apart");
	put("x86_64/unknown", "38\n");
	assert_int_equal(ksc_open(&k, root), 0);
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

	put("i386/names", "32 sync_file_range2\n32 arm_sync_file_range\n");
	put("x86_64/names",
	    "1 write\n2 open\n5 fstat\n31 _llseek\n32 stat64\n33 clone3\n39 openat2\n");
	assert_int_equal(ksc_open(&k, root), 0);
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

	put("i386/names", "32 stat64\n32 stat64\n");
	expect_bad(-EBADMSG, "i386/names", "32 and 32 have one name");

	/* More names than numbers would leave a search in them without an end. */
	for (i = 0; i <= 40; i++)
		sprintf(flood + strlen(flood), "0 n%d\n", i);
	put("i386/names", "32 fchmodat2\n");
	put("x86_64/names", flood);
	expect_bad(-EBADMSG, "x86_64/names", "more lines than bits");
}

/* Number 0 may have no name, but then the next number has to be there. */
static void test_only_zero(void **state)
{
	struct model m = { 0 };
	struct ksc *k;

	model_set(model_add(&m, "s390x", 0x80000016, 0, 5), 0, "");
	model_write(&m, root);
	model_free(&m);
	put("s390x/names", "");
	assert_int_equal(ksc_open(&k, root), 0);
	ksc_close(k);
	put("s390x/names", "5 a\n");
	expect_bad(-EBADMSG, "s390x/names", "byte 0: more lines than bits");
	put("s390x/names", "1 a\n");
	expect_bad(-EBADMSG, "s390x/names", "byte 0: more lines than bits");
	put("s390x/names", "0 a\n0 b\n");
	assert_int_equal(ksc_open(&k, root), 0);
	ksc_close(k);
}

static void test_no_tree(void **state)
{
	struct ksc *k;

	remove_tree(root);
	assert_int_equal(ksc_open(&k, root), -ENOENT);
	assert_non_null(strstr(ksc_error(k), "is the ksyscalls module loaded?"));
	ksc_close(k);
	ksc_close(NULL);
}

static const struct {
	const char *path;
	const char *text;
	int err;
	const char *what;
} bad_texts[] = {
	{ "version",		"2\n",		-ENOTSUP, "2; this library reads version 1" },
	{ "version",		"0\n",		-ENOTSUP, "0; this library" },
	{ "version",		"",		-EBADMSG, "byte 0: ends here" },
	{ "version",
	  "1", -EBADMSG, "byte 1: ends here, expected the newline" },
	{ "version",		"1\n\n",	-EBADMSG, "byte 2: character 0x0a" },
	{ "version",		"01\n",		-EBADMSG, "byte 1: the number has a leading zero" },
	{ "version",		"-1\n",		-EBADMSG, "byte 0: '-' is not a decimal digit" },
	{ "version",		"99999999999\n", -EBADMSG, "byte 0: the number is greater" },
	{ "source",		"",		-EBADMSG, "byte 0: ends here" },
	{ "x86_64/unknown",	"",		-EBADMSG, "byte 0: ends here" },
	{ "x86_64/unknown",	"\n",		-EBADMSG, "byte 0: character 0x0a is not a dec" },
	{ "x86_64/unknown",	"1-4\n",	-EBADMSG, "byte 0: a range out of order, or not" },
	{ "x86_64/unknown",	"4-3\n",	-EBADMSG, "byte 0: a range out of order" },
	{ "x86_64/unknown",	"4,3\n",	-EBADMSG, "byte 2: a range out of order" },
	{ "x86_64/unknown",	"40\n",		-EBADMSG, "byte 0: a range out of order" },
	{ "x86_64/unknown",	"41-\n",	-EBADMSG, "byte 0: the number is greater" },
	{ "x86_64/unknown",	"6-40\n",	-EBADMSG, "byte 2: the number is greater" },
	{ "x86_64/unknown",	"40-,41\n",	-EBADMSG, "',' is not" },
	{ "source",		"a survey\n",	-EBADMSG, "byte 1: character 0x20" },
	{ "release",		"6.1",		-EBADMSG, "byte 3: ends here" },
	{ "release",		"\n",		-EBADMSG, "byte 0: character 0x0a" },
	{ "release",
	  "0123456789012345678901234567890123456789012345678901234567890123456\n",
	  -EBADMSG, "goes on after the 65 bytes" },
	{ "x86_64/audit_arch",	"c000003e\n",	-EBADMSG, "byte 0: 'c' is not the 0x" },
	{ "x86_64/audit_arch",	"0x\n",		-EBADMSG, "byte 2: character 0x0a is not a hex" },
	{ "x86_64/audit_arch",	"0xC000003E\n",	-EBADMSG, "byte 2: 'C' is not" },
	{ "x86_64/audit_arch",	"0x1c000003e\n", -EBADMSG, "byte 10: the number has more than 32" },
	{ "x86_64/audit_arch",	"0xc000003e",	-EBADMSG, "byte 10: ends here" },
	{ "x86_64/audit_arch",	"0xc000003e \n", -EBADMSG, "byte 10: character 0x20" },
	{ "x86_64/base",	"0\n",		-EBADMSG, "byte 1: character 0x0a is not the 0x" },
	{ "x86_64/base",
	  "0xfffffff0\n", -EBADMSG, "byte 0: 0xfffffff0 and 40 numbers go beyond" },
	{ "x86_64/base",
	  "0xffffffd8\n", -EBADMSG, "byte 0: 0xffffffd8 and 40 numbers go beyond" },
	{ "x86_64/nr_syscalls",	"0\n",		-EBADMSG, "byte 0: 0 is less than 1" },
	{ "x86_64/nr_syscalls",
	  "65537\n", -EBADMSG, "byte 0: the number is greater than 65536" },
	{ "x86_64/nr_syscalls",	"40 \n",	-EBADMSG, "byte 2: character 0x20" },
	{ "x86_64/bitmap",	"",		-EBADMSG, "byte 0: ends here" },
	{ "x86_64/bitmap",	"83,8000002\n",	-EBADMSG, "byte 10: character 0x0a" },
	{ "x86_64/bitmap",	"83,80000027",	-EBADMSG, "byte 11: ends here" },
	{ "x86_64/bitmap",
	  "83 80000027\n", -EBADMSG, "byte 2: character 0x20 is not the comma" },
	{ "x86_64/bitmap",	"083,80000027\n", -EBADMSG, "byte 2: '3' is not the comma" },
	{ "x86_64/bitmap",	"83,8000002G\n", -EBADMSG, "byte 10: 'G' is not a hex" },
	{ "x86_64/bitmap",	"83,80000027,0\n", -EBADMSG, "byte 11: ',' is not the newline" },
	{ "i386/bitmap",	"2,00000000\n",	-EBADMSG, "byte 0: a bit beyond the 33" },
	{ "x86_64/list",
	  "0-2,5,31-33\n", -EBADMSG, "byte 11: character 0x0a is not the comma" },
	{ "x86_64/list",
	  "0-2,5,31-33,39,40\n", -EBADMSG, "byte 14: ',' is not the newline" },
	{ "x86_64/list",
	  "0-2,6,31-33,39\n", -EBADMSG, "byte 4: 6 disagrees with bitmap, where 5" },
	{ "x86_64/list",
	  "0-3,5,31-33,39\n", -EBADMSG, "byte 2: 3 disagrees with bitmap, where 2" },
	{ "x86_64/list",	"0,1,2,5,31-33,39\n", -EBADMSG, "byte 1: ',' is not the '-'" },
	{ "x86_64/list",	"0-2,5-5,31-33,39\n", -EBADMSG, "byte 5: '-' is not the comma" },
	{ "x32/list",		"",		-EBADMSG, "byte 0: ends here" },
	{ "x32/list",		"0\n",		-EBADMSG, "byte 0: '0' is not the newline" },
	{ "x32/names",		"0 read\n",	-EBADMSG, "byte 0: goes on after the 0 bytes" },
	{ "i386/names",
	  "", -EBADMSG, "byte 0: ends here, 32 of bitmap has no line" },
	{ "i386/names",		"32 fchmodat2",	-EBADMSG, "byte 12: ends here" },
	{ "i386/names",		"32 fchmodat2\n\n", -EBADMSG, "byte 13: more lines than bits" },
	{ "i386/names",		"32 fchmodat2\n33 x\n", -EBADMSG, "byte 13: more lines than bits" },
	{ "i386/names",		"31 fchmodat2\n", -EBADMSG, "byte 0: 31 disagrees with bitmap" },
	{ "i386/names",
	  "032 fchmodat2\n", -EBADMSG, "byte 1: the number has a leading zero" },
	{ "i386/names",
	  "32  fchmodat2\n", -EBADMSG, "byte 3: character 0x20 is not a letter" },
	{ "i386/names",
	  "32\tfchmodat2\n", -EBADMSG, "byte 2: character 0x09 is not the space" },
	{ "i386/names",		"32 fchmod-at2\n", -EBADMSG, "byte 9: '-' is not a letter" },
	{ "i386/names",		"32 2fchmodat\n", -EBADMSG, "byte 3: a name starts with a digit" },
	{ "i386/names",
	  "32 \n", -EBADMSG, "byte 3: character 0x0a is not a letter" },
	{ "i386/names",
	  "32 a123456789b123456789c123456789d123456789e123456789f123456789g123\n",
	  -EBADMSG, "byte 3: a name is longer than 63" },
	{ "x86_64/names",
	  "0 read\n1 write\n2 open\n5 read\n31 a\n32 b\n33 c\n39 d\n",
	  -EBADMSG, "byte 24: 0 and 5 have one name" },
	{ "x86_64/names",
	  "1 write\n0 read\n2 open\n5 fstat\n31 a\n32 b\n33 c\n39 d\n",
	  -EBADMSG, "byte 8: 0 disagrees with bitmap" },
	{ "x32/base",		"0x27\n",	-EBADMSG, "which has the same audit_arch" },
};

static void test_bad_texts(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(bad_texts) / sizeof(bad_texts[0]); i++) {
		if (i) {
			teardown(state);
			setup(state);
		}
		put(bad_texts[i].path, bad_texts[i].text);
		/* Whichever of two that overlap is read second is to blame. */
		if (!strcmp(bad_texts[i].path, "x32/base")) {
			struct ksc *k;

			assert_int_equal(ksc_open(&k, root), bad_texts[i].err);
			assert_non_null(strstr(ksc_error(k), bad_texts[i].what));
			ksc_close(k);
			continue;
		}
		expect_bad(bad_texts[i].err, bad_texts[i].path, bad_texts[i].what);
	}
}

static void test_embedded_nul(void **state)
{
	static const char names[] = "32 fchmod\0at2\n";
	static const char list[] = "32\n\0";

	write_file(root, TREE "i386/names", names, sizeof(names) - 1);
	expect_bad(-EBADMSG, "i386/names", "byte 9: character 0x00");
	write_file(root, TREE "i386/names", "32 fchmodat2\n", 13);
	write_file(root, TREE "i386/list", list, sizeof(list) - 1);
	expect_bad(-EBADMSG, "i386/list", "byte 3: character 0x00 is not the end");
}

static void test_oversized(void **state)
{
	static const char *const files[] = {
		"version", "i386/audit_arch", "i386/base", "i386/nr_syscalls", "i386/bitmap",
		"i386/list", "i386/names",
	};
	static char big[1 << 20];
	char path[128];
	size_t i;

	memset(big, '1', sizeof(big));
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		teardown(state);
		setup(state);
		snprintf(path, sizeof(path), TREE "%s", files[i]);
		write_file(root, path, big, sizeof(big));
		expect_bad(-EBADMSG, files[i], "goes on after the");
	}
}

static const char *const all_files[] = {
	"version", "i386/audit_arch", "i386/base", "i386/nr_syscalls", "i386/bitmap", "i386/list",
	"i386/names",
};

static void each_file(void **state, int (*spoil)(const char *path), int err, const char *what)
{
	char path[512];
	size_t i;

	for (i = 0; i < sizeof(all_files) / sizeof(all_files[0]); i++) {
		teardown(state);
		setup(state);
		snprintf(path, sizeof(path), "%s/" TREE "%s", root, all_files[i]);
		assert_int_equal(unlink(path), 0);
		if (spoil)
			assert_int_equal(spoil(path), 0);
		expect_bad(err, all_files[i], what);
	}
}

static int make_link(const char *path)
{
	return symlink("/etc/hostname", path);
}

static int make_dir(const char *path)
{
	return mkdir(path, 0755);
}

static int make_fifo(const char *path)
{
	return mkfifo(path, 0644);
}

static int make_unreadable(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0000);

	return fd < 0 ? -1 : close(fd);
}

static void test_missing(void **state)
{
	each_file(state, NULL, -EBADMSG, "is missing");
}

static void test_symlink(void **state)
{
	each_file(state, make_link, -ELOOP, "is a symbolic link");
}

static void test_directory(void **state)
{
	each_file(state, make_dir, -EBADMSG, "is not a regular file");
}

static void test_fifo(void **state)
{
	each_file(state, make_fifo, -EBADMSG, "is not a regular file");
}

static void test_unreadable(void **state)
{
	bool root_user = !geteuid();

	/* Modes do not stop root, and another user cannot remove what is root's. */
	teardown(state);
	if (root_user && seteuid(65534)) {
		printf("# cannot become another user, which needs CAP_SETUID\n");
		setup(state);
		skip();
	}
	setup(state);
	each_file(state, make_unreadable, -EACCES, "may not be read");
	if (root_user)
		assert_int_equal(seteuid(0), 0);
}

/* A link half-way would lead from a copied tree into this machine's. */
static void test_linked_tree(void **state)
{
	char from[512], to[512];
	struct ksc *k;

	snprintf(from, sizeof(from), "%s/sys", root);
	snprintf(to, sizeof(to), "%s/elsewhere", root);
	assert_int_equal(rename(from, to), 0);
	assert_int_equal(symlink(to, from), 0);
	assert_true(ksc_open(&k, root) < 0);
	assert_true(*ksc_error(k));
	ksc_close(k);
}

/* By a directory that was opened while it could be; O_PATH needs no right to read it. */
static void test_open_at(void **state)
{
	char path[512];
	struct ksc *k;
	int fd;

	snprintf(path, sizeof(path), "%s/" TREE, root);
	fd = open(path, O_PATH | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(ksc_open_at(&k, fd), 0);
	assert_null(ksc_root(k));
	assert_null(ksc_release(k));
	assert_string_equal(ksc_source(k), "snapshot");
	assert_string_equal(ksc_abi_id(ksc_abi_native(k)), "x86_64");
	ksc_close(k);

	put("i386/nr_syscalls", "0\n");
	assert_int_equal(ksc_open_at(&k, fd), -EBADMSG);
	snprintf(path, sizeof(path), "%s/" TREE "i386/nr_syscalls: byte 0: ", root);
	assert_memory_equal(ksc_error(k), path, strlen(path));
	assert_null(ksc_abi_next(k, NULL));
	ksc_close(k);
	close(fd);
	assert_int_equal(ksc_open_at(&k, fd), -EBADF);
	assert_true(*ksc_error(k));
	ksc_close(k);
}

static void test_bad_abi_name(void **state)
{
	struct ksc *k;

	put("x86 64/base", "0x0\n");
	assert_int_equal(ksc_open(&k, root), -EBADMSG);
	assert_non_null(strstr(ksc_error(k), "not that of an ABI"));
	ksc_close(k);
}

/* A directory without end is read to a bound. */
static void test_flood(void **state)
{
	char path[32];
	struct ksc *k;
	int i;

	for (i = 0; i < 1100; i++) {
		snprintf(path, sizeof(path), "later%d", i);
		put(path, "");
	}
	assert_int_equal(ksc_open(&k, root), -EBADMSG);
	assert_non_null(strstr(ksc_error(k), "more than 1024 entries"));
	ksc_close(k);
}

static void test_incomplete_abi(void **state)
{
	struct ksc *k;

	put("vax/base", "0x0\n");
	assert_int_equal(ksc_open(&k, root), -EBADMSG);
	assert_non_null(strstr(ksc_error(k), "vax/audit_arch: is missing"));
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

		teardown(state);
		root = make_root();
		abi = model_add(&m, "riscv64", 0xc00000f3, 0, sizes[i]);
		for (nr = 0; nr < sizes[i]; nr++) {
			char name[64];

			/* As long as names get. */
			sprintf(name, "n%062u", nr);
			if (nr % (i + 1) == 0)
				model_set(abi, nr, name);
		}
		model_write(&m, root);
		if (ksc_open(&k, root))
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

static void hex(const uint8_t bytes[32], char text[65])
{
	unsigned int i;

	for (i = 0; i < 32; i++)
		sprintf(text + 2 * i, "%02x", bytes[i]);
}

/* FIPS 180-4's examples, and lengths around the end of a block by pieces. */
static void test_sha256(void **state)
{
	static const struct {
		const char *data;
		const char *sum;
	} known[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	};
	struct ksc_sha256 whole, pieces;
	uint8_t a[32], b[32];
	char text[65], data[200];
	size_t i, j;

	for (i = 0; i < 3; i++) {
		ksc_sha256_init(&whole);
		ksc_sha256_update(&whole, known[i].data, strlen(known[i].data));
		ksc_sha256_final(&whole, a);
		hex(a, text);
		assert_string_equal(text, known[i].sum);
	}
	memset(data, 'x', sizeof(data));
	for (i = 0; i < sizeof(data); i++) {
		ksc_sha256_init(&whole);
		ksc_sha256_update(&whole, data, i);
		ksc_sha256_final(&whole, a);
		ksc_sha256_init(&pieces);
		for (j = 0; j < i; j++)
			ksc_sha256_update(&pieces, data + j, 1);
		ksc_sha256_final(&pieces, b);
		assert_memory_equal(a, b, 32);
	}
}

/* The canonical form is a promise: a cache made elsewhere must be found again. */
static void test_digest(void **state)
{
	static const char canonical[] =
		"ksyscalls 1\n"
		"abi x86_64 0xc000003e 0x00000000 40\n"
		"0 read\n1 write\n2 open\n5 fstat\n31 _llseek\n32 stat64\n33 clone3\n39 openat2\n"
		"abi x32 0xc000003e 0x40000000 40\n"
		"abi i386 0x40000003 0x00000000 33\n"
		"32 fchmodat2\n";
	uint8_t a[32], b[32], c[32];
	struct ksc_sha256 s;
	struct ksc *k;

	assert_int_equal(ksc_open(&k, root), 0);
	ksc_digest(k, a);
	ksc_close(k);
	ksc_sha256_init(&s);
	ksc_sha256_update(&s, canonical, sizeof(canonical) - 1);
	ksc_sha256_final(&s, b);
	assert_memory_equal(a, b, 32);

	put("i386/names", "32 fchmodat3\n");
	assert_int_equal(ksc_open(&k, root), 0);
	ksc_digest(k, c);
	ksc_close(k);
	assert_memory_not_equal(a, c, 32);
}

static void add_file(struct ksc_sha256 *s, const char *path)
{
	FILE *f = fopen(path, "re");
	char buf[4096];
	size_t n;

	assert_non_null(f);
	while ((n = fread(buf, 1, sizeof(buf), f)))
		ksc_sha256_update(s, buf, n);
	fclose(f);
}

/* The files themselves are hashed here, so whatever they say has to be in the digest. */
static void test_digest_recorded(void **state)
{
	const char *source = getenv("KSC_SOURCE");
	char path[600], line[128];
	const struct ksc_abi *abi;
	uint8_t want[32], have[32];
	struct ksc_sha256 s;
	struct ksc *k;
	glob_t g;
	size_t i;

	snprintf(path, sizeof(path), "%s/tests/trees/*/", source ? source : ".");
	assert_int_equal(glob(path, 0, NULL, &g), 0);
	for (i = 0; i < g.gl_pathc; i++) {
		assert_int_equal(ksc_open(&k, g.gl_pathv[i]), 0);
		ksc_sha256_init(&s);
		ksc_sha256_update(&s, "ksyscalls 1\n", 12);
		ksc_abi_foreach(abi, k) {
			sprintf(line, "abi %s 0x%08x 0x%08x %u\n", ksc_abi_id(abi),
				ksc_abi_audit_arch(abi), ksc_abi_base(abi),
				ksc_abi_nr_syscalls(abi));
			ksc_sha256_update(&s, line, strlen(line));
			if (ksc_abi_implemented(abi, 0) && !ksc_abi_name(abi, 0))
				ksc_sha256_update(&s, "0 -\n", 4);
			snprintf(path, sizeof(path), "%s/" TREE "%s/names", g.gl_pathv[i],
				 ksc_abi_id(abi));
			add_file(&s, path);
		}
		ksc_sha256_final(&s, want);
		ksc_digest(k, have);
		ksc_close(k);
		if (memcmp(want, have, sizeof(want)))
			fail_msg("%s", g.gl_pathv[i]);
	}
	globfree(&g);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_version),
		TEST(test_good),
		TEST(test_x32_unpublished),
		TEST(test_mips),
		TEST(test_arm),
		TEST(test_one_table),
		TEST(test_only_zero),
		TEST(test_additions),
		TEST(test_source),
		TEST(test_unknown),
		TEST(test_odd_names),
		TEST(test_no_tree),
		TEST(test_bad_texts),
		TEST(test_embedded_nul),
		TEST(test_oversized),
		TEST(test_missing),
		TEST(test_symlink),
		TEST(test_directory),
		TEST(test_fifo),
		TEST(test_unreadable),
		TEST(test_linked_tree),
		TEST(test_open_at),
		TEST(test_flood),
		TEST(test_bad_abi_name),
		TEST(test_incomplete_abi),
		TEST(test_largest),
		TEST(test_sha256),
		TEST(test_digest),
		cmocka_unit_test(test_digest_recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
