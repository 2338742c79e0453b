// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Files that several replace at once, with file systems that have files without a name, and
 * with those that have not.
 */
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../lib/oci/replace.h"
#include "fixtures.h"

#define WRITERS		4
#define ROUNDS		300
#define TEXT_LEN	(1u << 16)

static const char name[] = "config.json";

/* As where a file system has none. */
static void refuse_nameless_files(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);

	assert_non_null(ctx);
	assert_int_equal(seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EOPNOTSUPP), SCMP_SYS(openat), 1,
					  SCMP_A2(SCMP_CMP_MASKED_EQ, O_TMPFILE, O_TMPFILE)), 0);
	assert_int_equal(seccomp_load(ctx), 0);
	seccomp_release(ctx);
}

static int replace(int dir, const char *text, size_t len)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC), ret;
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return -errno;
	ret = oci_replace_file(dir, name, fd, &st, text, len);
	close(fd);
	return ret;
}

static int open_dir(const char *path)
{
	int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd;

	assert_true(dir >= 0);
	fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	close(fd);
	return dir;
}

/* All of it one letter, or nothing yet. */
static bool is_whole(int dir)
{
	static char text[TEXT_LEN + 1];
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	ssize_t len = read(fd, text, sizeof(text)), i;

	close(fd);
	for (i = 1; i < len; i++) {
		if (text[i] != text[0])
			return false;
	}
	return len == 0 || len == TEXT_LEN;
}

static int write_often(int dir, char letter)
{
	static char text[TEXT_LEN];
	int ret = 0, i;

	memset(text, letter, sizeof(text));
	for (i = 0; !ret && i < ROUNDS; i++)
		ret = replace(dir, text, sizeof(text));
	if (ret)
		fprintf(stderr, "# %c: %s\n", letter, strerror(-ret));
	return !!ret;
}

static void test_at_once(void **state)
{
	char *path = fixture_mkdir();
	int dir = open_dir(path), status, left = WRITERS, i;
	pid_t pid;

	(void)state;
	for (i = 0; i < WRITERS; i++) {
		pid = fork();
		assert_true(pid >= 0);
		if (!pid)
			_exit(write_often(dir, (char)('a' + i)));
	}
	while (left) {
		assert_true(is_whole(dir));
		pid = waitpid(-1, &status, WNOHANG);
		assert_true(pid >= 0);
		if (!pid)
			continue;
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
		left--;
	}
	assert_true(is_whole(dir));
	assert_int_equal(fixture_count_files(path), 1);
	close(dir);
	fixture_rmdir(path);
}

/* What a writer has under one of its names: a living one holds a lock on it. */
static int make_next(int dir, int i, bool living)
{
	char next[64];
	int fd;

	snprintf(next, sizeof(next), ".config.json.ksyscalls%d", i);
	fd = openat(dir, next, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	if (living)
		assert_int_equal(flock(fd, LOCK_EX), 0);
	return fd;
}

/* What somebody still writes stays, what the dead have left goes, wherever it is. */
static void left_behind(void)
{
	char *path = fixture_mkdir();
	int dir = open_dir(path), live, i;

	live = make_next(dir, 1, true);
	for (i = 0; i < OCI_NEXT_NAMES; i++) {
		if (i != 1)
			close(make_next(dir, i, false));
	}
	assert_int_equal(replace(dir, "a", 1), 0);
	assert_int_equal(fixture_count_files(path), 2);
	assert_int_equal(faccessat(dir, ".config.json.ksyscalls1", F_OK, 0), 0);
	close(live);
	assert_int_equal(replace(dir, "b", 1), 0);
	assert_int_equal(fixture_count_files(path), 1);
	close(dir);
	fixture_rmdir(path);
}

/* More than there are names for: an error, and the file is as it was. */
static void no_name_left(void)
{
	int live[OCI_NEXT_NAMES], dir, i;
	char *path = fixture_mkdir();

	dir = open_dir(path);
	for (i = 0; i < OCI_NEXT_NAMES; i++)
		live[i] = make_next(dir, i, true);
	assert_int_equal(replace(dir, "a", 1), -EEXIST);
	assert_true(is_whole(dir));
	assert_int_equal(fixture_count_files(path), 1 + OCI_NEXT_NAMES);
	for (i = 0; i < OCI_NEXT_NAMES; i++)
		close(live[i]);
	close(dir);
	fixture_rmdir(path);
}

static void test_left(void **state)
{
	(void)state;
	left_behind();
	no_name_left();
}

/* For the rest of this process. */
static void test_without(void **state)
{
	(void)state;
	refuse_nameless_files();
	assert_int_equal(open("/tmp", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_at_once),
		cmocka_unit_test(test_left),
		cmocka_unit_test(test_without),
		{ .name = "test_at_once_without", .test_func = test_at_once },
		{ .name = "test_left_without", .test_func = test_left },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
