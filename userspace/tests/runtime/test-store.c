// SPDX-License-Identifier: GPL-2.0-only
/*
 * The store of the wrapper: what is kept comes back as it was or not at all, whoever touches
 * it, writes at the same time, or is killed while it writes.
 */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../tools/store.h"

#define WRITERS		4
#define KILLS		200
#define FILES_MAX	64
#define BYTES_MAX	(8u << 20)

static char work[64], where[96], big[1 << 20];
static char why[512];

static const struct kept sample = {
	.files = "1 2 3 /lib/x\n", .said = "", .seccomp = "{\"defaultAction\":\"SCMP_ACT_ERRNO\"}",
	.annotations = "\"a\":\"b\"",
};

static const uint8_t *key_of(unsigned int n)
{
	static uint8_t key[STORE_KEY_LEN];

	memset(key, 0xa5, sizeof(key));
	memcpy(key, &n, sizeof(n));
	return key;
}

static void path_of(unsigned int n, char path[256])
{
	const uint8_t *key = key_of(n);
	int len = snprintf(path, 256, "%s/", where), i;

	for (i = 0; i < STORE_KEY_LEN; i++)
		len += snprintf(path + len, 256 - (size_t)len, "%02x", key[i]);
}

static int set_up(void **state)
{
	snprintf(work, sizeof(work), "%s/store.XXXXXX", getenv("TMPDIR") ?: "/tmp");
	if (!mkdtemp(work))
		return -1;
	snprintf(where, sizeof(where), "%s/store", work);
	return 0;
}

static int tear_down(void **state)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", work);
	return system(command);
}

static int open_store(void)
{
	int dir = store_open(where, why, sizeof(why));

	assert_string_equal(why, "");
	assert_true(dir >= 0);
	return dir;
}

static bool is_kept(int dir, unsigned int n, const struct kept *want)
{
	struct kept kept;
	char *memory = store_get(dir, key_of(n), &kept, why, sizeof(why));
	bool same = memory && !strcmp(kept.files, want->files) && !strcmp(kept.said, want->said) &&
		    !strcmp(kept.seccomp, want->seccomp) &&
		    !strcmp(kept.annotations, want->annotations);

	/* What comes back at all is right. */
	assert_true(same || !memory);
	free(memory);
	return same;
}

/* How many there are of what begins with @prefix, and their bytes. */
static size_t count(const char *prefix, size_t *bytes)
{
	DIR *d = opendir(where);
	struct dirent *e;
	struct stat st;
	size_t n = 0;

	assert_non_null(d);
	*bytes = 0;
	while ((e = readdir(d))) {
		if (strncmp(e->d_name, prefix, strlen(prefix)) ||
		    (!*prefix && *e->d_name == '.') || fstatat(dirfd(d), e->d_name, &st, 0))
			continue;
		*bytes += (size_t)st.st_size;
		n++;
	}
	closedir(d);
	return n;
}

static size_t count_new(void)
{
	size_t bytes;

	return count(".new.", &bytes);
}

static void test_round_trip(void **state)
{
	int dir = open_store();
	struct stat st;
	char path[256];

	assert_false(is_kept(dir, 1, &sample));
	assert_string_equal(why, "");
	store_put(dir, key_of(1), &sample);
	assert_true(is_kept(dir, 1, &sample));
	assert_false(is_kept(dir, 2, &sample));
	path_of(1, path);
	assert_false(stat(path, &st));
	assert_int_equal(st.st_mode, S_IFREG | 0600);
	assert_false(stat(where, &st));
	assert_int_equal(st.st_mode, S_IFDIR | 0700);
	assert_int_equal(count_new(), 0);
	close(dir);
	assert_int_equal(store_open("no", why, sizeof(why)), -1);
	assert_string_equal(why, "");
}

/* Each bit in turn, each length, and what follows. */
static void test_poisoned(void **state)
{
	char path[256], *whole;
	int dir = open_store(), fd;
	struct stat st;
	size_t i, size;

	store_put(dir, key_of(1), &sample);
	path_of(1, path);
	fd = open(path, O_RDWR | O_CLOEXEC);
	assert_false(fstat(fd, &st));
	size = (size_t)st.st_size;
	whole = malloc(size);
	assert_int_equal(pread(fd, whole, size, 0), size);
	for (i = 0; i < size * 8; i++) {
		char bad = (char)(whole[i / 8] ^ 1 << i % 8);

		assert_int_equal(pwrite(fd, &bad, 1, (off_t)(i / 8)), 1);
		assert_false(is_kept(dir, 1, &sample));
		assert_non_null(strstr(why, "damaged"));
		assert_int_equal(pwrite(fd, whole + i / 8, 1, (off_t)(i / 8)), 1);
	}
	assert_true(is_kept(dir, 1, &sample));
	for (i = 0; i < size; i++) {
		assert_false(ftruncate(fd, (off_t)i));
		assert_false(is_kept(dir, 1, &sample));
		assert_non_null(strstr(why, "damaged"));
		assert_int_equal(pwrite(fd, whole, size, 0), size);
	}
	assert_int_equal(pwrite(fd, "", 1, st.st_size), 1);
	assert_false(is_kept(dir, 1, &sample));
	free(whole);
	close(fd);
	/* The next that is written there mends it. */
	store_put(dir, key_of(1), &sample);
	assert_true(is_kept(dir, 1, &sample));
	close(dir);
}

static void test_another_key(void **state)
{
	char one[256], other[256];
	int dir = open_store();

	store_put(dir, key_of(1), &sample);
	path_of(1, one);
	path_of(2, other);
	assert_false(rename(one, other));
	assert_false(is_kept(dir, 2, &sample));
	assert_non_null(strstr(why, "damaged"));
	close(dir);
}

static void test_other_files(void **state)
{
	char path[256], aside[256];
	int dir = open_store();

	store_put(dir, key_of(1), &sample);
	path_of(1, path);
	snprintf(aside, sizeof(aside), "%s/aside", work);
	chmod(path, 0620);
	assert_false(is_kept(dir, 1, &sample));
	assert_non_null(strstr(why, "others may write"));
	chmod(path, 0602);
	assert_false(is_kept(dir, 1, &sample));
	assert_non_null(strstr(why, "others may write"));
	chmod(path, 0600);
	assert_true(is_kept(dir, 1, &sample));
	assert_false(rename(path, aside) || symlink(aside, path));
	assert_false(is_kept(dir, 1, &sample));
	assert_non_null(strstr(why, "symbolic link"));
	assert_false(unlink(path) || mkfifo(path, 0600));
	assert_false(is_kept(dir, 1, &sample));
	assert_non_null(strstr(why, "no regular file"));
	assert_false(unlink(path) || truncate(aside, sizeof(big) + 1) || rename(aside, path));
	assert_false(is_kept(dir, 1, &sample));
	assert_non_null(strstr(why, "damaged"));
	store_put(dir, key_of(1), &sample);
	assert_true(is_kept(dir, 1, &sample));
	close(dir);
}

/* What was made in the place of an entry, by mistake or to be in the way. */
static void test_in_the_way(void **state)
{
	char path[256], inside[300];
	int dir = open_store();
	unsigned int i;
	size_t bytes;

	path_of(1, path);
	assert_false(mkdir(path, 0700));
	assert_false(is_kept(dir, 1, &sample));
	assert_non_null(strstr(why, "it is a directory"));
	store_put(dir, key_of(1), &sample);
	assert_true(is_kept(dir, 1, &sample));
	/* With something in it, it stays: told each time, and in nobody else's way. */
	for (i = 100; i < 100 + 2 * FILES_MAX; i++) {
		path_of(i, path);
		snprintf(inside, sizeof(inside), "%s/x", path);
		assert_false(mkdir(path, 0700) || mkdir(inside, 0700));
	}
	store_put(dir, key_of(100), &sample);
	assert_false(is_kept(dir, 100, &sample));
	assert_non_null(strstr(why, "remove it"));
	assert_int_equal(count_new(), 0);
	for (i = 2; i < FILES_MAX; i++)
		store_put(dir, key_of(i), &sample);
	for (i = 1; i < FILES_MAX; i++)
		assert_true(is_kept(dir, i, &sample));
	assert_false(rmdir(inside) || rmdir(path));
	assert_int_equal(count("", &bytes), FILES_MAX - 1 + 2 * FILES_MAX - 1);
	/* What has the name of one that is being written. */
	snprintf(path, sizeof(path), "%s/.new.%d", where, (int)getpid());
	for (i = 0; i < 3; i++) {
		assert_false(i == 0 ? mkdir(path, 0700) : i == 1 ? mkfifo(path, 0600) :
			     symlink("/nowhere", path));
		store_put(dir, key_of(50 + i), &sample);
		assert_true(is_kept(dir, 50 + i, &sample));
		assert_int_equal(count_new(), 0);
	}
	close(dir);
}

static void test_foreign_file(void **state)
{
	char path[256];
	int dir;

	/* Only root can give a file away. */
	if (geteuid())
		skip();
	dir = open_store();
	store_put(dir, key_of(1), &sample);
	path_of(1, path);
	assert_false(chown(path, 1, 0));
	assert_false(is_kept(dir, 1, &sample));
	assert_non_null(strstr(why, "another user"));
	close(dir);
}

static void refuses(const char *what)
{
	assert_int_equal(store_open(where, why, sizeof(why)), -1);
	assert_non_null(strstr(why, what));
	assert_non_null(strstr(why, where));
}

static void test_other_directories(void **state)
{
	char other[128];

	close(open_store());
	assert_false(chmod(where, 0720));
	refuses("others may write");
	assert_false(chmod(where, 0702));
	refuses("others may write");
	assert_false(chmod(where, 0700));
	close(open_store());
	if (!geteuid()) {
		assert_false(chown(where, 1, 0));
		refuses("another user");
		assert_false(chown(where, 0, 0));
	}
	snprintf(other, sizeof(other), "%s/other", work);
	assert_false(rename(where, other) || symlink(other, where));
	refuses("no directory");
	assert_false(unlink(where) || mkfifo(where, 0600));
	refuses("no directory");
	assert_false(unlink(where));
	/* Where nothing can be made there is none, and nothing to be said of it. */
	snprintf(other, sizeof(other), "%s/nowhere/store", work);
	assert_int_equal(store_open(other, why, sizeof(why)), -1);
	assert_string_equal(why, "");
}

static void test_bounds(void **state)
{
	struct kept large = sample;
	size_t bytes, n, i, gone = 0;
	int dir = open_store();

	for (i = 0; i < 100; i++) {
		store_put(dir, key_of((unsigned int)i), &sample);
		assert_true(is_kept(dir, (unsigned int)i, &sample));
	}
	n = count("", &bytes);
	assert_int_equal(n, FILES_MAX);
	for (i = 0; i < 100; i++)
		gone += !is_kept(dir, (unsigned int)i, &sample) && i < 100 - FILES_MAX;
	print_message("# of 100 entries %zu are left, and the %zu oldest are gone\n", n, gone);
	assert_int_equal(gone, 100 - FILES_MAX);

	memset(big, 'x', sizeof(big) - 1);
	large.seccomp = big + sizeof(big) / 10;
	for (i = 0; i < 20; i++) {
		store_put(dir, key_of((unsigned int)(200 + i)), &large);
		n = count("", &bytes);
		assert_true(is_kept(dir, (unsigned int)(200 + i), &large));
		assert_true(bytes <= BYTES_MAX);
	}
	print_message("# of 20 entries of %zu bytes %zu are left, of %zu bytes\n",
		      strlen(large.seccomp), n, bytes);
	/* One that is too large for it is not kept. */
	large.seccomp = big;
	store_put(dir, key_of(300), &large);
	assert_false(is_kept(dir, 300, &large));
	assert_string_equal(why, "");
	close(dir);
}

static void test_left_by_the_dead(void **state)
{
	char path[128];
	int dir = open_store(), fd;

	snprintf(path, sizeof(path), "%s/.new.1", where);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_false(flock(fd, LOCK_EX));
	store_put(dir, key_of(1), &sample);
	/* Its writer is alive. */
	assert_int_equal(count_new(), 1);
	close(fd);
	store_put(dir, key_of(2), &sample);
	assert_int_equal(count_new(), 0);
	close(dir);
}

/* One of some entries that differ, again and again. */
static void write_on(unsigned int seed)
{
	struct kept kept = sample;
	char text[1 << 16];
	unsigned int n;
	int dir;

	/* A test that fails ends before it has ended them. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dir = store_open(where, why, sizeof(why));
	for (;;) {
		n = seed++ % 3;
		memset(text, 'a' + (int)n, sizeof(text) - 1);
		text[sizeof(text) - 1] = '\0';
		kept.seccomp = text;
		store_put(dir, key_of(n), &kept);
	}
}

static void check_all(int dir)
{
	struct kept kept;
	unsigned int n;
	char *memory;
	size_t i;

	for (n = 0; n < 3; n++) {
		memory = store_get(dir, key_of(n), &kept, why, sizeof(why));
		assert_string_equal(why, "");
		for (i = 0; memory && i < (1 << 16) - 1; i++)
			assert_int_equal(kept.seccomp[i], 'a' + (int)n);
		free(memory);
	}
}

static void test_killed(void **state)
{
	pid_t writers[WRITERS] = { 0 };
	int dir = open_store(), i, w;
	size_t left = 0, bytes;

	srand(1);
	for (i = 0; i < KILLS; i++) {
		w = i % WRITERS;
		if (writers[w]) {
			kill(writers[w], SIGKILL);
			assert_int_equal(waitpid(writers[w], NULL, 0), writers[w]);
			left += count_new();
		}
		writers[w] = fork();
		if (!writers[w])
			write_on((unsigned int)i);
		usleep((useconds_t)(rand() % 3000));
		check_all(dir);
	}
	for (w = 0; w < WRITERS; w++) {
		kill(writers[w], SIGKILL);
		assert_int_equal(waitpid(writers[w], NULL, 0), writers[w]);
	}
	check_all(dir);
	store_put(dir, key_of(9), &sample);
	print_message("# %d writers were killed; %zu files being written were seen meanwhile\n",
		      KILLS, left);
	assert_int_equal(count_new(), 0);
	assert_int_equal(count("", &bytes), 4);
	close(dir);
}

/* Is it at once that one knows? Else it is after a wait that nobody would wait for. */
static int lock(int dir, unsigned int n, bool at_once)
{
	struct timespec from, to;
	unsigned int ms = at_once ? 20000 : 100;
	long long ns;
	int fd;

	clock_gettime(CLOCK_MONOTONIC, &from);
	fd = store_lock(dir, key_of(n), ms);
	clock_gettime(CLOCK_MONOTONIC, &to);
	ns = (to.tv_sec - from.tv_sec) * 1000000000ll + to.tv_nsec - from.tv_nsec;
	assert_true(fd >= 0);
	assert_true(at_once ? ns < 10000000000ll : ns >= 100000000);
	return fd;
}

static void test_lock(void **state)
{
	struct flock shared = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	int dir = open_store(), maker = lock(dir, 1, true), waits = lock(dir, 1, false);

	/* Another key is nobody's concern; who has waited for nothing keeps nobody waiting. */
	close(lock(dir, 2, true));
	close(maker);
	maker = lock(dir, 1, true);
	close(waits);
	close(maker);
	/* Those who waited until one had ended do not wait for each other. */
	waits = openat(dir, ".locks", O_RDONLY | O_CLOEXEC);
	assert_int_equal(fcntl(waits, F_OFD_SETLK, &shared), 0);
	close(lock(dir, 1, true));
	close(waits);
	close(dir);
}

/* Whoever is killed keeps nobody waiting. */
static void test_lock_of_the_dead(void **state)
{
	int dir = open_store(), ready[2];
	pid_t pid;
	char c;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		c = store_lock(dir, key_of(1), 0) < 0;
		if (write(ready[1], &c, 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_int_equal(c, 0);
	close(lock(dir, 1, false));
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	close(lock(dir, 1, true));
	close(ready[0]);
	close(ready[1]);
	close(dir);
}

/* Nothing that is followed, and no error. */
static void test_no_lock(void **state)
{
	int dir = open_store();

	assert_int_equal(symlinkat(work, dir, ".locks"), 0);
	assert_int_equal(store_lock(dir, key_of(1), 1000), -1);
	assert_int_equal(unlinkat(dir, ".locks", 0), 0);
	assert_int_equal(mkdirat(dir, ".locks", 0700), 0);
	assert_int_equal(store_lock(dir, key_of(1), 1000), -1);
	close(dir);
}

#define test(f)	cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_round_trip),
		test(test_poisoned),
		test(test_another_key),
		test(test_other_files),
		test(test_in_the_way),
		test(test_foreign_file),
		test(test_other_directories),
		test(test_bounds),
		test(test_left_by_the_dead),
		test(test_killed),
		test(test_lock),
		test(test_lock_of_the_dead),
		test(test_no_lock),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
