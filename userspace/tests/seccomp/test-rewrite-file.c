// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file that is rewritten in its place: it keeps what belongs to it, and whatever the moment
 * of a kill, the old one or the new is there and nothing else is left behind.
 */
#include <fcntl.h>
#include <json-c/json.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include <ksyscalls-oci.h>

#include "fixtures.h"
#include "rewriting.h"

static const char plain[] = PROFILE(READ(""));

static void write_config(const char *path)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(plain, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void rewrite_file(const char *path)
{
	struct ksc_oci *o = in_mode(KSC_OCI_FLIP);

	if (ksc_oci_rewrite_file(o, path))
		fail_msg("%s", ksc_oci_error(o));
	ksc_oci_free(o);
}

static void test_attributes(void **state)
{
	char *dir = fixture_mkdir(), path[4096], value[16];
	struct stat st;

	(void)state;
	snprintf(path, sizeof(path), "%s/config.json", dir);
	write_config(path);
	assert_int_equal(chmod(path, 0640), 0);
	if (setxattr(path, "user.label", "a label", 7, 0)) {
		print_message("%s has no extended attributes: set TMPDIR to a file system that "
			      "has\n", dir);
		fixture_rmdir(dir);
		skip();
	}
	rewrite_file(path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(getxattr(path, "user.label", value, sizeof(value)), 7);
	assert_memory_equal(value, "a label", 7);
	assert_true((size_t)st.st_size > strlen(plain));
	fixture_rmdir(dir);
}

/* An access list of POSIX, by which one user more may read. */
static bool set_access(const char *path, const char *name)
{
	static const unsigned char list[] = {
		2, 0, 0, 0,
		0x01, 0, 6, 0, 0xff, 0xff, 0xff, 0xff,	/* the owner */
		0x02, 0, 4, 0, 0xfe, 0xff, 0, 0,	/* user 65534 may read */
		0x04, 0, 0, 0, 0xff, 0xff, 0xff, 0xff,	/* the group */
		0x10, 0, 4, 0, 0xff, 0xff, 0xff, 0xff,
		0x20, 0, 0, 0, 0xff, 0xff, 0xff, 0xff,	/* all others */
	};

	return !setxattr(path, name, list, sizeof(list), 0);
}

/* What a directory hands down to new files opens none that was there, which keeps its own. */
static void test_access(void **state)
{
	static const char access[] = "system.posix_acl_access";
	char *dir = fixture_mkdir(), path[4096], before[256], after[256];
	struct stat st;
	ssize_t len;

	(void)state;
	snprintf(path, sizeof(path), "%s/config.json", dir);
	write_config(path);
	assert_int_equal(chmod(path, 0640), 0);
	if (!set_access(dir, "system.posix_acl_default")) {
		print_message("%s has no access lists: set TMPDIR to a file system that has\n",
			      dir);
		fixture_rmdir(dir);
		skip();
	}
	rewrite_file(path);
	assert_int_equal(stat(path, &st), 0);
	assert_true((size_t)st.st_size > strlen(plain));
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(getxattr(path, access, after, sizeof(after)), -1);

	write_config(path);
	assert_true(set_access(path, access));
	len = getxattr(path, access, before, sizeof(before));
	assert_true(len > 0);
	rewrite_file(path);
	assert_int_equal(stat(path, &st), 0);
	assert_true((size_t)st.st_size > strlen(plain));
	assert_int_equal(getxattr(path, access, after, sizeof(after)), len);
	assert_memory_equal(before, after, len);
	fixture_rmdir(dir);
}

/* What one that was killed left there goes; what another put there is not followed. */
static void test_left_behind(void **state)
{
	char *dir = fixture_mkdir(), path[4096], left[4096], target[4096];
	struct stat st;

	(void)state;
	snprintf(path, sizeof(path), "%s/config.json", dir);
	snprintf(left, sizeof(left), "%s/.config.json.ksyscalls0", dir);
	snprintf(target, sizeof(target), "%s/target", dir);
	write_config(path);
	write_config(left);
	rewrite_file(path);
	assert_int_equal(fixture_count_files(dir), 1);

	write_config(path);
	write_config(target);
	assert_int_equal(symlink(target, left), 0);
	rewrite_file(path);
	assert_int_equal(stat(target, &st), 0);
	assert_int_equal(st.st_size, strlen(plain));
	assert_int_equal(fixture_count_files(dir), 3);
	fixture_rmdir(dir);
}

#define KILLS	60

/* Wherever it is killed, the file is the old or the new one, and the next run leaves it alone. */
static void test_killed(void **state)
{
	char *dir = fixture_mkdir(), path[4096], text[1 << 16];
	uint32_t seed = 42;
	struct json_object *root;
	ssize_t len;
	pid_t pid;
	int i, fd;

	(void)state;
	snprintf(path, sizeof(path), "%s/config.json", dir);
	for (i = 0; i < KILLS; i++) {
		write_config(path);
		pid = fork();
		assert_true(pid >= 0);
		if (!pid) {
			for (;;) {
				rewrite_file(path);
				write_config(path);
			}
		}
		nanosleep(&(struct timespec){ .tv_nsec = fixture_random(&seed) % 20000000 }, NULL);
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		len = read(fd, text, sizeof(text) - 1);
		close(fd);
		text[len > 0 ? len : 0] = '\0';
		/* The test's own writing is not atomic. */
		if (len > 0 && len != (ssize_t)strlen(plain) && strncmp(text, plain, (size_t)len)) {
			root = json_tokener_parse(text);
			assert_non_null(root);
			json_object_put(root);
		}
		write_config(path);
		rewrite_file(path);
		assert_int_equal(fixture_count_files(dir), 1);
	}
	fixture_rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		/* First, for it forks: what the others free the sanitizer keeps, to be copied. */
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_access),
		cmocka_unit_test(test_left_behind),
	};

	return cmocka_run_group_tests(tests, rewriting_setup, rewriting_teardown);
}
