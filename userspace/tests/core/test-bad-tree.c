// SPDX-License-Identifier: GPL-2.0-only
/*
 * ksc_open() on every kind of tree that it has to refuse, with the right file and byte in
 * the message.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "model.h"
#include "tree-fixture.h"

static void test_no_tree(void **state)
{
	struct ksc *k;

	remove_tree(tree_root);
	assert_int_equal(ksc_open(&k, tree_root), -ENOENT);
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
			tree_teardown(state);
			tree_setup(state);
		}
		tree_put(bad_texts[i].path, bad_texts[i].text);
		/* Whichever of two that overlap is read second is to blame. */
		if (!strcmp(bad_texts[i].path, "x32/base")) {
			struct ksc *k;

			assert_int_equal(ksc_open(&k, tree_root), bad_texts[i].err);
			assert_non_null(strstr(ksc_error(k), bad_texts[i].what));
			ksc_close(k);
			continue;
		}
		tree_expect_bad(bad_texts[i].err, bad_texts[i].path, bad_texts[i].what);
	}
}

static void test_embedded_nul(void **state)
{
	static const char names[] = "32 fchmod\0at2\n";
	static const char list[] = "32\n\0";

	write_file(tree_root, TREE "i386/names", names, sizeof(names) - 1);
	tree_expect_bad(-EBADMSG, "i386/names", "byte 9: character 0x00");
	write_file(tree_root, TREE "i386/names", "32 fchmodat2\n", 13);
	write_file(tree_root, TREE "i386/list", list, sizeof(list) - 1);
	tree_expect_bad(-EBADMSG, "i386/list", "byte 3: character 0x00 is not the end");
}

static const char *const all_files[] = {
	"version", "i386/audit_arch", "i386/base", "i386/nr_syscalls", "i386/bitmap", "i386/list",
	"i386/names",
};

static void test_oversized(void **state)
{
	static char big[1 << 20];
	char path[128];
	size_t i;

	memset(big, '1', sizeof(big));
	for (i = 0; i < sizeof(all_files) / sizeof(all_files[0]); i++) {
		tree_teardown(state);
		tree_setup(state);
		snprintf(path, sizeof(path), TREE "%s", all_files[i]);
		write_file(tree_root, path, big, sizeof(big));
		tree_expect_bad(-EBADMSG, all_files[i], "goes on after the");
	}
}

static void each_file(void **state, int (*spoil)(const char *path), int err, const char *what)
{
	char path[512];
	size_t i;

	for (i = 0; i < sizeof(all_files) / sizeof(all_files[0]); i++) {
		tree_teardown(state);
		tree_setup(state);
		snprintf(path, sizeof(path), "%s/" TREE "%s", tree_root, all_files[i]);
		assert_int_equal(unlink(path), 0);
		if (spoil)
			assert_int_equal(spoil(path), 0);
		tree_expect_bad(err, all_files[i], what);
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
	tree_teardown(state);
	if (root_user && seteuid(65534)) {
		printf("# cannot become another user, which needs CAP_SETUID\n");
		tree_setup(state);
		skip();
	}
	tree_setup(state);
	each_file(state, make_unreadable, -EACCES, "may not be read");
	if (root_user)
		assert_int_equal(seteuid(0), 0);
}

/* A link half-way would lead from a copied tree into this machine's. */
static void test_linked_tree(void **state)
{
	char from[512], to[512];
	struct ksc *k;

	snprintf(from, sizeof(from), "%s/sys", tree_root);
	snprintf(to, sizeof(to), "%s/elsewhere", tree_root);
	assert_int_equal(rename(from, to), 0);
	assert_int_equal(symlink(to, from), 0);
	assert_true(ksc_open(&k, tree_root) < 0);
	assert_true(*ksc_error(k));
	ksc_close(k);
}

static void test_bad_abi_name(void **state)
{
	struct ksc *k;

	tree_put("x86 64/base", "0x0\n");
	assert_int_equal(ksc_open(&k, tree_root), -EBADMSG);
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
		tree_put(path, "");
	}
	assert_int_equal(ksc_open(&k, tree_root), -EBADMSG);
	assert_non_null(strstr(ksc_error(k), "more than 1024 entries"));
	ksc_close(k);
}

static void test_incomplete_abi(void **state)
{
	struct ksc *k;

	tree_put("vax/base", "0x0\n");
	assert_int_equal(ksc_open(&k, tree_root), -EBADMSG);
	assert_non_null(strstr(ksc_error(k), "vax/audit_arch: is missing"));
	ksc_close(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_no_tree),
		TREE_TEST(test_bad_texts),
		TREE_TEST(test_embedded_nul),
		TREE_TEST(test_oversized),
		TREE_TEST(test_missing),
		TREE_TEST(test_symlink),
		TREE_TEST(test_directory),
		TREE_TEST(test_fifo),
		TREE_TEST(test_unreadable),
		TREE_TEST(test_linked_tree),
		TREE_TEST(test_flood),
		TREE_TEST(test_bad_abi_name),
		TREE_TEST(test_incomplete_abi),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
