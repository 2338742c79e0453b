// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file of the store has the digest of its key and of all that follows, so that nothing but
 * what was written whole, under that very name, is used. It is written beside and renamed.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../lib/core/private.h"
#include "../lib/shared.h"
#include "conf.h"
#include "file.h"
#include "store.h"

#define STORE_FILES	64
#define STORE_BYTES	(8u << 20)
#define ENTRY_MAX	(1u << 20)

#define MAGIC		"ksyscalls store 1\n"
#define MAGIC_LEN	(sizeof(MAGIC) - 1)
#define SUM_LEN		32
#define HEAD_LEN	(MAGIC_LEN + SUM_LEN)

/* Of one that is being written; its writer holds a lock on it. */
#define NEW_PREFIX	".new."

/* ---- the directory ---------------------------------------------------- */

static void say(char *why, size_t size, const char *path, const char *what)
{
	snprintf(why, size, "%s: %s; what is kept there is not used: remove it, or set store= in "
		 CONF_PATH, path, what);
}

/* What somebody else may have written to, or be about to. */
static const char *distrust(const struct stat *st)
{
	if (st->st_uid != geteuid())
		return "it belongs to another user";
	return st->st_mode & (S_IWGRP | S_IWOTH) ? "others may write to it" : NULL;
}

/* Takes over @parent. @mode: of what is made; 0: nothing is. */
static int enter(int parent, const char *name, mode_t mode, const char *path, char *why,
		 size_t size)
{
	bool made = mode && !mkdirat(parent, name, mode);
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int err = errno;
	const char *what;
	struct stat st;

	close(parent);
	if (fd < 0) {
		/* It could not be made, where nothing can be written. */
		if (err != ENOENT)
			say(why, size, path, err == ELOOP || err == ENOTDIR ?
			    "it is no directory" : strerror(err));
		return -1;
	}
	/* Whatever the umask is: a survey beside the store is for all to read. */
	if (made)
		fchmod(fd, mode);
	what = fstat(fd, &st) ? strerror(errno) : distrust(&st);
	if (!what)
		return fd;
	say(why, size, path, what);
	close(fd);
	return -1;
}

/* Below the base, whose path has to leave room for it. */
#define BELOW		"/ksyscalls/store"

/* Root of a user namespace has no /run of its own. */
static const char *find_base(void)
{
	const char *user = getenv("XDG_RUNTIME_DIR");
	struct stat st;

	if (user && strlen(user) >= PATH_MAX - strlen(BELOW))
		user = NULL;
	if (!stat("/run", &st) && st.st_uid == geteuid())
		return "/run";
	return user && *user == '/' && !stat(user, &st) && !distrust(&st) ? user : NULL;
}

/* What is made has to have a name of its own. */
bool store_is_name(const char *where)
{
	return !strcmp(where, "yes") || !strcmp(where, "no") ||
	       (*where == '/' && *ksc_base_name(where));
}

int store_conf(struct conf *c, const char *value)
{
	if (!store_is_name(value) || strlen(value) >= sizeof(c->store))
		return -EINVAL;
	strcpy(c->store, strcmp(value, "yes") ? value : "");
	return 0;
}

static int open_store(const char *where, bool make, char path[PATH_MAX], char *why, size_t size)
{
	static const struct {
		const char *name;
		mode_t mode;
	} steps[] = { { "ksyscalls", 0755 }, { "store", 0700 } };
	const char *base = *where ? NULL : find_base();
	size_t i, len;
	int fd;

	*why = *path = '\0';
	if (!strcmp(where, "no") || (!*where && !base))
		return -1;
	len = (size_t)snprintf(path, PATH_MAX, "%s", base ?: where);
	if (*where) {
		fd = file_open_parent(where);
		if (fd >= 0)
			return enter(fd, ksc_base_name(where), make ? 0700 : 0, where, why, size);
		/* No container's concern, but that of whoever asks. */
		if (!make)
			snprintf(why, size, "%s: what it is in: %s; make that, or set store= in "
				 CONF_PATH, where, strerror(errno));
		return -1;
	}
	fd = open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		len += (size_t)snprintf(path + len, PATH_MAX - len, "/%s", steps[i].name);
		if (fd >= 0)
			fd = enter(fd, steps[i].name, make ? steps[i].mode : 0, path, why, size);
	}
	return fd;
}

int store_open(const char *where, char *why, size_t size)
{
	char path[PATH_MAX];

	return open_store(where, true, path, why, size);
}

int store_find(const char *where, char path[PATH_MAX], char *why, size_t size)
{
	return open_store(where, false, path, why, size);
}

/* ---- one file --------------------------------------------------------- */

static void print_name(const uint8_t key[STORE_KEY_LEN], char name[2 * STORE_KEY_LEN + 1])
{
	size_t i;

	for (i = 0; i < STORE_KEY_LEN; i++)
		snprintf(name + 2 * i, 3, "%02x", key[i]);
}

static void sum_up(const uint8_t key[STORE_KEY_LEN], const char *body, size_t len,
		   uint8_t sum[SUM_LEN])
{
	struct ksc_sha256 s;

	ksc_sha256_init(&s);
	ksc_sha256_update(&s, key, STORE_KEY_LEN);
	ksc_sha256_update(&s, body, len);
	ksc_sha256_final(&s, sum);
}

/* Also an empty directory: the next entry that is made takes its place. */
static void say_of_entry(char *why, size_t size, const char *name, const char *what)
{
	snprintf(why, size, "%s in the store: %s, so it is not used; another takes its place",
		 name, what);
}

static void say_in_the_way(char *why, size_t size, const char *name)
{
	snprintf(why, size, "%s in the store: it is a directory; if there are files in it, "
		 "remove it; it is not used", name);
}

/* Four texts, each with its NUL. */
static bool split(const char *body, size_t len, struct kept *kept)
{
	const char **const texts[] = { &kept->files, &kept->said, &kept->seccomp,
				       &kept->annotations };
	const char *at = body;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		if (at >= body + len)
			return false;
		*texts[i] = at;
		at += strlen(at) + 1;
	}
	return at == body + len;
}

static bool is_whole(const uint8_t key[STORE_KEY_LEN], const char *buf, size_t size,
		     struct kept *kept)
{
	uint8_t sum[SUM_LEN];

	if (size < HEAD_LEN || memcmp(buf, MAGIC, MAGIC_LEN))
		return false;
	sum_up(key, buf + HEAD_LEN, size - HEAD_LEN, sum);
	return !memcmp(sum, buf + MAGIC_LEN, SUM_LEN) &&
	       split(buf + HEAD_LEN, size - HEAD_LEN, kept);
}

char *store_get(int dir, const uint8_t key[STORE_KEY_LEN], struct kept *kept, char *why,
		size_t size)
{
	char name[2 * STORE_KEY_LEN + 1], *buf = NULL;
	const char *what;
	struct stat st = { 0 };
	int fd;

	*why = '\0';
	print_name(key, name);
	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		if (errno != ENOENT)
			say_of_entry(why, size, name, errno == ELOOP ? "it is a symbolic link" :
				     strerror(errno));
		return NULL;
	}
	if (fstat(fd, &st))
		what = strerror(errno);
	else
		what = S_ISREG(st.st_mode) ? distrust(&st) : "it is no regular file";
	if (!what && st.st_size <= ENTRY_MAX)
		buf = file_read_open(fd, (size_t)st.st_size);
	if (!what && (!buf || !is_whole(key, buf, (size_t)st.st_size, kept)))
		what = "it is damaged";
	close(fd);
	if (!what)
		return buf;
	if (S_ISDIR(st.st_mode))
		say_in_the_way(why, size, name);
	else
		say_of_entry(why, size, name, what);
	free(buf);
	return NULL;
}

/* ---- all of them ------------------------------------------------------ */

struct entry {
	char name[2 * STORE_KEY_LEN + 1];
	struct timespec made;
	off_t size;
};

static bool is_older(const struct entry *a, const struct entry *b)
{
	return a->made.tv_sec != b->made.tv_sec ? a->made.tv_sec < b->made.tv_sec :
						  a->made.tv_nsec < b->made.tv_nsec;
}

static int compare_age(const void *a, const void *b)
{
	return is_older(a, b) ? -1 : is_older(b, a);
}

static bool is_entry_name(const char *name)
{
	return strlen(name) == 2 * (size_t)STORE_KEY_LEN &&
	       strspn(name, "0123456789abcdef") == 2 * (size_t)STORE_KEY_LEN;
}

/* Whoever is killed lets go of the lock. */
static void remove_if_dead(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (!flock(fd, LOCK_EX | LOCK_NB))
		unlinkat(dir, name, 0);
	close(fd);
}

/* Nothing that was kept. A directory stays if there is something in it. */
static void remove_other(int dir, const char *name, mode_t mode)
{
	unlinkat(dir, name, S_ISDIR(mode) ? AT_REMOVEDIR : 0);
}

static DIR *list(int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);

	if (!d && fd >= 0)
		close(fd);
	return d;
}

void store_count(int dir, size_t *files, unsigned long long *bytes)
{
	const struct dirent *file;
	DIR *d = list(dir);
	struct stat st;

	*files = 0;
	*bytes = 0;
	while (d && (file = readdir(d))) {
		if (!is_entry_name(file->d_name) ||
		    fstatat(dir, file->d_name, &st, AT_SYMLINK_NOFOLLOW) || !S_ISREG(st.st_mode))
			continue;
		++*files;
		*bytes += (unsigned long long)st.st_size;
	}
	if (d)
		closedir(d);
}

/*
 * The oldest go, until what is left is within bounds; so does what the killed have left, and
 * what is no file.
 */
static void tidy(int dir)
{
	struct entry entries[STORE_FILES + 1], *e;
	const struct dirent *file;
	DIR *d = list(dir);
	off_t bytes = 0;
	size_t n = 0, i;
	struct stat st;
	bool new;

	if (!d)
		return;
	while ((file = readdir(d))) {
		new = !strncmp(file->d_name, NEW_PREFIX, strlen(NEW_PREFIX));
		if ((!new && !is_entry_name(file->d_name)) ||
		    fstatat(dir, file->d_name, &st, AT_SYMLINK_NOFOLLOW))
			continue;
		if (!S_ISREG(st.st_mode))
			remove_other(dir, file->d_name, st.st_mode);
		else if (new)
			remove_if_dead(dir, file->d_name);
		if (new || !S_ISREG(st.st_mode))
			continue;
		e = &entries[n++];
		strcpy(e->name, file->d_name);
		e->made = st.st_mtim;
		e->size = st.st_size;
		bytes += e->size;
		if (n <= STORE_FILES)
			continue;
		/* One too many, however many there are. */
		qsort(entries, n, sizeof(*entries), compare_age);
		unlinkat(dir, entries[0].name, 0);
		bytes -= entries[0].size;
		memmove(entries, entries + 1, --n * sizeof(*entries));
	}
	closedir(d);
	qsort(entries, n, sizeof(*entries), compare_age);
	for (i = 0; i < n && bytes > (off_t)STORE_BYTES; i++) {
		unlinkat(dir, entries[i].name, 0);
		bytes -= entries[i].size;
	}
}

/* ---- who makes one ---------------------------------------------------- */

/* A byte of it stands for a key. Who is killed lets go of it. */
#define LOCKS		".locks"
#define POLL_MS		10

static bool lock(int fd, short type, off_t at)
{
	struct flock l = { .l_type = type, .l_whence = SEEK_SET, .l_start = at, .l_len = 1 };

	return !fcntl(fd, F_OFD_SETLK, &l);
}

int store_lock(int dir, const uint8_t key[STORE_KEY_LEN], unsigned int ms)
{
	const struct timespec pause = { .tv_nsec = POLL_MS * 1000000 };
	int fd = openat(dir, LOCKS, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY |
			O_CLOEXEC, 0600);
	uint32_t at;

	if (fd < 0)
		return -1;
	memcpy(&at, key, sizeof(at));
	if (lock(fd, F_WRLCK, at))
		return fd;
	/* One who waited keeps nobody waiting: what was made may be nothing that is kept. */
	while (errno == EAGAIN && ms >= POLL_MS && !lock(fd, F_RDLCK, at)) {
		nanosleep(&pause, NULL);
		ms -= POLL_MS;
	}
	return fd;
}

/* ---- a new one -------------------------------------------------------- */

static char *print_entry(const uint8_t key[STORE_KEY_LEN], const struct kept *kept, size_t *size)
{
	const char *const texts[] = { kept->files, kept->said, kept->seccomp, kept->annotations };
	uint8_t sum[SUM_LEN];
	char *buf, *at;
	size_t i;

	*size = HEAD_LEN;
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		*size += strlen(texts[i]) + 1;
	buf = *size > ENTRY_MAX ? NULL : malloc(*size);
	if (!buf)
		return NULL;
	for (at = buf + HEAD_LEN, i = 0; i < ARRAY_SIZE(texts); i++)
		at = stpcpy(at, texts[i]) + 1;
	sum_up(key, buf + HEAD_LEN, *size - HEAD_LEN, sum);
	memcpy(buf, MAGIC, MAGIC_LEN);
	memcpy(buf + MAGIC_LEN, sum, SUM_LEN);
	return buf;
}

/* No fsync: what a power cut leaves of it, where it outlives one, has another sum. */
static void write_entry(int dir, const char *name, const char *buf, size_t size)
{
	char tmp[32];
	int fd, ret;

	snprintf(tmp, sizeof(tmp), NEW_PREFIX "%d", (int)getpid());
	fd = openat(dir, tmp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	ret = flock(fd, LOCK_EX | LOCK_NB) || fchmod(fd, 0600) ? -errno :
	      ksc_write_all(fd, buf, size);
	if (ret || renameat(dir, tmp, dir, name))
		unlinkat(dir, tmp, 0);
	close(fd);
}

void store_put(int dir, const uint8_t key[STORE_KEY_LEN], const struct kept *kept)
{
	char name[2 * STORE_KEY_LEN + 1];
	size_t size;
	char *buf = print_entry(key, kept, &size);

	if (!buf)
		return;
	print_name(key, name);
	/* Before, for what has our own name; after, for the bounds. */
	tidy(dir);
	write_entry(dir, name, buf, size);
	tidy(dir);
	free(buf);
}
