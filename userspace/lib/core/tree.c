// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Reading a tree. Everything that the sysfs ABI promises is checked, because a
 * bit taken on trust decides whether a container works: whatever is not exactly
 * as the kernel writes it is an error that names the file and the byte.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <linux/ksyscalls.h>

#include "private.h"

#define MAX_ABIS	64
#define MAX_SYSCALLS	65536
#define MAX_SMALL	64	/* bytes in a file that holds one number */
#define MAX_TEXT	65	/* bytes in a file that holds one word, as uname has them */
#define SYSFS_PIECE	4096	/* a page, of which there are larger ones */

/* From the tree: where its root has the release of the kernel, if the tree does not say. */
#define OSRELEASE	"../../../proc/sys/kernel/osrelease"

/* Sizes for anything up to MAX_SYSCALLS, with the newline. */
#define MAX_BITMAP	(MAX_SYSCALLS / 32 * 9)
#define MAX_LINE	(6 + KSC_SYSCALL_NAME_MAX)	/* "65535 name\n" */
#define MIN_LINE	4	/* "0 a\n" */

/* One file's content, and where the reader is in it. */
struct input {
	struct ksc *k;
	const char *abi;	/* NULL: a file at the top of the tree */
	const char *file;
	char *buf;
	size_t room;
	size_t len;
	size_t pos;
};

/*
 * Record what is wrong and where, and return @err. If there is no memory for
 * the message, ksc_error() is empty and @err has to do.
 */
__attribute__((format(printf, 6, 7))) static int
fail_at(struct ksc *k, const char *abi, const char *file, long at, int err,
		   const char *fmt, ...)
{
	char what[160], where[32] = "";
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (at >= 0)
		snprintf(where, sizeof(where), "byte %ld: ", at);
	free(k->error);
	if (asprintf(&k->error, "%s" KSYSCALLS_SYSFS_DIR "%s%s%s%s: %s%s", k->root,
		     abi ? "/" : "", abi ? abi : "", file ? "/" : "", file ? file : "",
		     where, what) < 0)
		k->error = NULL;
	return err;
}

#define bad(in, ...) \
	fail_at((in)->k, (in)->abi, (in)->file, (long)(in)->pos, -EBADMSG, __VA_ARGS__)

static const char *os_error(int err)
{
	switch (err) {
	case ENOENT:
		return "is missing";
	case EACCES:
	case EPERM:
		return "may not be read; its mode or a mandatory access control forbids it";
	case ELOOP:
		return "is a symbolic link; the kernel makes none here, copy the tree as it is";
	case ENOTDIR:
		return "is not a directory";
	case ENODEV:
		return "vanished while it was read; is the module being unloaded?";
	default:
		return NULL;
	}
}

static int fail_os(struct ksc *k, const char *abi, const char *file, int err)
{
	const char *known = os_error(err);

	/* -ENOENT is kept for "no tree at all". */
	if (known)
		return fail_at(k, abi, file, -1, err == ENOENT ? -EBADMSG : -err, "%s", known);
	errno = err;
	return fail_at(k, abi, file, -1, -err, "cannot be read: %m");
}

/* Twice the room, up to @most; a usual file fits in the first helping. */
static int grow(struct input *in, size_t most)
{
	size_t room = in->room ? in->room * 2 : 16384;
	char *buf;

	if (room > most)
		room = most;
	buf = realloc(in->buf, room);
	if (!buf)
		return -ENOMEM;
	in->buf = buf;
	in->room = room;
	return 0;
}

/* Something else in a file's place explains an error better than the error does. */
static int fail_read(struct input *in, int fd, int err)
{
	struct stat st;

	if (!fstat(fd, &st) && !S_ISREG(st.st_mode))
		return fail_at(in->k, in->abi, in->file, -1, -EBADMSG, "is not a regular file");
	return err ? fail_os(in->k, in->abi, in->file, err) : 0;
}

/*
 * sysfs hands out whole pages until a file's last piece, a disk all that there
 * is: less than was asked for is the end, unless it is whole pages.
 */
static bool is_last(size_t asked, size_t got)
{
	return got < asked && got % SYSFS_PIECE;
}

/*
 * Read a whole file of at most @max bytes. The size that sysfs states is a page
 * or nothing, so it is not asked for. A pipe cannot be read from a position.
 */
static int slurp(struct input *in, int dir, size_t max)
{
	size_t asked;
	ssize_t n;
	int fd, err = 0;

	in->len = 0;
	in->pos = 0;
	/* Non-blocking, for a fifo in the file's place. */
	fd = openat(dir, in->file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return fail_os(in->k, in->abi, in->file, errno);
	do {
		/* One byte beyond the limit tells "full" from "too long". */
		if (in->len == in->room) {
			err = grow(in, max + 1);
			if (err)
				break;
		}
		asked = in->room - in->len;
		do {
			n = pread(fd, in->buf + in->len, asked, (off_t)in->len);
		} while (n < 0 && errno == EINTR);
		if (n < 0 || (!n && !in->len)) {
			err = fail_read(in, fd, n ? errno : 0);
			break;
		}
		in->len += (size_t)n;
		if (in->len > max) {
			in->pos = max;
			err = bad(in, "goes on after the %zu bytes that it can have", max);
		}
	} while (!err && n && !is_last(asked, (size_t)n));
	close(fd);
	return err;
}

static int peek(const struct input *in)
{
	return in->pos < in->len ? (unsigned char)in->buf[in->pos] : -1;
}

/* What is at the reading position instead of @wanted. */
static int unexpected(struct input *in, const char *wanted)
{
	int c = peek(in);

	if (c < 0)
		return bad(in, "ends here, expected %s", wanted);
	if (c > ' ' && c < 0x7f)
		return bad(in, "'%c' is not %s", c, wanted);
	return bad(in, "character 0x%02x is not %s", (unsigned int)c, wanted);
}

static int expect(struct input *in, char c, const char *wanted)
{
	if (peek(in) != c)
		return unexpected(in, wanted);
	in->pos++;
	return 0;
}

static int expect_end(struct input *in)
{
	int err = expect(in, '\n', "the newline at the end");

	if (err)
		return err;
	return in->pos == in->len ? 0 : unexpected(in, "the end of the file");
}

static int digit(int c, unsigned int radix)
{
	int d = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;

	return d < (int)radix ? d : -1;
}

/* Decimal as the kernel writes it: no sign, no leading zero. */
static int take_decimal(struct input *in, uint32_t max, uint32_t *value)
{
	size_t start = in->pos;
	uint64_t v = 0;
	int d;

	while ((d = digit(peek(in), 10)) >= 0) {
		if (!v && in->pos > start)
			return bad(in, "the number has a leading zero");
		v = v * 10 + (unsigned int)d;
		if (v > max) {
			in->pos = start;
			return bad(in, "the number is greater than %u", max);
		}
		in->pos++;
	}
	if (in->pos == start)
		return unexpected(in, "a decimal digit");
	*value = (uint32_t)v;
	return 0;
}

static int parse_decimal(struct input *in, int dir, uint32_t min, uint32_t max, uint32_t *value)
{
	int err = slurp(in, dir, MAX_SMALL);

	if (!err)
		err = take_decimal(in, max, value);
	if (!err)
		err = expect_end(in);
	if (!err && *value < min) {
		in->pos = 0;
		err = bad(in, "%u is less than %u", *value, min);
	}
	return err;
}

/* One line of text in an optional file; NULL without it. Belongs to the caller. */
static int parse_text(struct input *in, int dir, const char *file, char **text)
{
	int err;

	*text = NULL;
	in->file = file;
	if (faccessat(dir, file, F_OK, AT_SYMLINK_NOFOLLOW))
		return 0;
	err = slurp(in, dir, MAX_TEXT);
	if (err)
		return err;
	while (peek(in) > ' ' && peek(in) < 0x7f)
		in->pos++;
	if (!in->pos)
		return unexpected(in, "a printable character");
	err = expect_end(in);
	if (err)
		return err;
	*text = strndup(in->buf, in->len - 1);
	return *text ? 0 : -ENOMEM;
}

static int parse_hex(struct input *in, int dir, uint32_t *value)
{
	int err = slurp(in, dir, MAX_SMALL);
	unsigned int digits = 0;
	uint32_t v = 0;
	int d;

	if (!err)
		err = expect(in, '0', "the 0x of a hexadecimal number");
	if (!err)
		err = expect(in, 'x', "the 0x of a hexadecimal number");
	if (err)
		return err;
	for (; (d = digit(peek(in), 16)) >= 0; in->pos++) {
		if (++digits > 8)
			return bad(in, "the number has more than 32 bits");
		v = v << 4 | (unsigned int)d;
	}
	if (!digits)
		return unexpected(in, "a hexadecimal digit");
	*value = v;
	return expect_end(in);
}

/*
 * %*pb: 32-bit words in hexadecimal, the most significant first, with commas
 * between; the first one has only the digits that nr_syscalls needs.
 */
static int parse_bitmap(struct input *in, int dir, struct ksc_abi *abi)
{
	uint32_t words = (abi->nr_syscalls + 31) / 32;
	unsigned int first_bits = (abi->nr_syscalls - 1) % 32 + 1;
	unsigned int digits = (first_bits + 3) / 4;
	int err = slurp(in, dir, MAX_BITMAP);
	uint32_t word;
	int d;

	while (!err && words--) {
		for (word = 0; digits; digits--) {
			d = digit(peek(in), 16);
			if (d < 0)
				return unexpected(in, "a hexadecimal digit");
			word = word << 4 | (unsigned int)d;
			in->pos++;
		}
		abi->bits[words] = word;
		abi->nr_implemented += (unsigned int)__builtin_popcount(word);
		digits = 8;
		if (words)
			err = expect(in, ',', "the comma between two words");
	}
	if (!err)
		err = expect_end(in);
	if (!err && first_bits % 32 && abi->bits[(abi->nr_syscalls - 1) / 32] >> first_bits) {
		in->pos = 0;
		err = bad(in, "a bit beyond the %u of " KSYSCALLS_FILE_NR_SYSCALLS " is set",
			  abi->nr_syscalls);
	}
	return err;
}

static int expect_number(struct input *in, uint32_t nr)
{
	size_t start = in->pos;
	uint32_t value;
	int err = take_decimal(in, MAX_SYSCALLS - 1, &value);

	if (err || value == nr)
		return err;
	in->pos = start;
	return bad(in, "%u disagrees with " KSYSCALLS_FILE_BITMAP ", where %u is next", value, nr);
}

/*
 * %*pbl: a bitmap has exactly one such text, so this walks the bitmap and
 * compares.
 */
static int check_list(struct input *in, int dir, const struct ksc_abi *abi)
{
	/* Worst is every second bit: at most five digits and a comma each. */
	int err = slurp(in, dir, (size_t)abi->nr_syscalls * 3 + 8);
	uint32_t from = ksc_abi_next_bit(abi, 0, true);
	bool first = true;

	while (!err && from < abi->nr_syscalls) {
		uint32_t end = ksc_abi_next_bit(abi, from, false);

		if (!first)
			err = expect(in, ',', "the comma before the next range of "
					      KSYSCALLS_FILE_BITMAP);
		if (!err)
			err = expect_number(in, from);
		if (!err && end - from > 1)
			err = expect(in, '-', "the '-' of a range in " KSYSCALLS_FILE_BITMAP);
		if (!err && end - from > 1)
			err = expect_number(in, end - 1);
		from = ksc_abi_next_bit(abi, end, true);
		first = false;
	}
	return err ? err : expect_end(in);
}

static bool name_char(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static int take_name(struct input *in, struct ksc_abi *abi, uint32_t nr)
{
	size_t start = in->pos;
	uint32_t slot;
	size_t len;

	while (name_char(peek(in)))
		in->pos++;
	len = in->pos - start;
	if (!len)
		return unexpected(in, "a letter of a name");
	if (peek(in) != '\n')
		return unexpected(in, "a letter of a name, or the newline after it");
	in->pos = start;
	if (digit(in->buf[start], 10) >= 0)
		return bad(in, "a name starts with a digit");
	if (len >= KSC_SYSCALL_NAME_MAX)
		return bad(in, "a name is longer than %d characters", KSC_SYSCALL_NAME_MAX - 1);
	slot = ksc_abi_hash_slot(abi, in->buf + start, len);
	if (abi->hash[slot].nr)
		return bad(in, "%u and %u have one name", abi->hash[slot].nr - 1, nr);
	in->buf[start + len] = '\0';
	in->pos = start + len + 1;
	/* The first of several names; no name is at 0, where a number is. */
	if (!abi->name_at[nr])
		abi->name_at[nr] = (uint32_t)start;
	abi->hash[slot] = (struct ksc_slot) { nr + 1, (uint32_t)start };
	return 0;
}

/* Number 0 may have no name: arm's private ABI answers it without naming it. */
static uint32_t next_named(const struct ksc_abi *abi, uint32_t nr, uint32_t value)
{
	uint32_t next = ksc_abi_next_bit(abi, nr, true);

	return next == 0 && value != 0 ? ksc_abi_next_bit(abi, 1, true) : next;
}

static int alloc_names(struct ksc_abi *abi, size_t names)
{
	if (names > abi->nr_syscalls)
		names = abi->nr_syscalls;
	/* At most half full, so that a search always finds an end. */
	for (abi->hash_size = 2; abi->hash_size < 2 * names; )
		abi->hash_size *= 2;
	abi->hash = calloc(abi->hash_size, sizeof(*abi->hash));
	abi->name_at = calloc(abi->nr_syscalls, sizeof(*abi->name_at));
	return abi->hash && abi->name_at ? 0 : -ENOMEM;
}

/*
 * "nr name" lines, one for each implemented number, ascending; more where a
 * number has several names (arm's 341).
 */
static int parse_names(struct input *in, int dir, struct ksc_abi *abi)
{
	int err = slurp(in, dir, (size_t)abi->nr_implemented * MAX_LINE);
	uint32_t nr = 0, value = 0, names = 0, next;
	bool another;
	size_t start;

	if (!err)
		err = alloc_names(abi, in->len / MIN_LINE);
	if (err)
		return err;
	abi->text = in->buf;
	while (in->pos < in->len) {
		start = in->pos;
		err = take_decimal(in, MAX_SYSCALLS - 1, &value);
		another = !err && names && value == nr - 1;
		next = next_named(abi, nr, err ? 0 : value);
		/* The hash has room for one name a number, however few have how many. */
		if (names == abi->nr_syscalls || (next == abi->nr_syscalls && !another)) {
			in->pos = start;
			return bad(in, "more lines than bits in " KSYSCALLS_FILE_BITMAP);
		}
		if (!err && !another) {
			in->pos = start;
			err = expect_number(in, next);
			nr = value + 1;
		}
		if (!err)
			err = expect(in, ' ', "the space after a number");
		if (!err)
			err = take_name(in, abi, value);
		if (err)
			return err;
		names++;
	}
	nr = next_named(abi, nr, 1);
	if (nr < abi->nr_syscalls)
		return bad(in, "ends here, %u of " KSYSCALLS_FILE_BITMAP " has no line", nr);
	return 0;
}

static int check_range(struct input *in, const struct ksc_abi *abi)
{
	uint32_t last = abi->base + (abi->nr_syscalls - 1);
	const struct ksc *k = abi->k;
	unsigned int i;

	in->file = KSYSCALLS_FILE_BASE;
	in->pos = 0;
	if (last < abi->base || last == KSC_NR_SKIP)
		return bad(in, "0x%x and %u numbers go beyond 32 bits", abi->base,
			   abi->nr_syscalls);
	for (i = 0; i < k->nr_abis; i++) {
		const struct ksc_abi *other = k->abis[i];

		if (other == abi || other->audit_arch != abi->audit_arch ||
		    other->base > last || other->base + (other->nr_syscalls - 1) < abi->base)
			continue;
		return bad(in, "overlaps with %s, which has the same "
			   KSYSCALLS_FILE_AUDIT_ARCH, other->name);
	}
	return 0;
}

static int read_abi(struct input *in, int dir, struct ksc_abi *abi)
{
	uint32_t nr;
	int err;

	in->file = KSYSCALLS_FILE_AUDIT_ARCH;
	err = parse_hex(in, dir, &abi->audit_arch);
	if (err)
		return err;
	in->file = KSYSCALLS_FILE_BASE;
	err = parse_hex(in, dir, &abi->base);
	if (err)
		return err;
	in->file = KSYSCALLS_FILE_NR_SYSCALLS;
	err = parse_decimal(in, dir, 1, MAX_SYSCALLS, &nr);
	if (err)
		return err;
	abi->nr_syscalls = nr;
	err = check_range(in, abi);
	if (err)
		return err;
	abi->bits = calloc((nr + 31) / 32, sizeof(*abi->bits));
	if (!abi->bits)
		return -ENOMEM;
	in->file = KSYSCALLS_FILE_BITMAP;
	err = parse_bitmap(in, dir, abi);
	if (err)
		return err;
	in->file = KSYSCALLS_FILE_LIST;
	err = check_list(in, dir, abi);
	if (err)
		return err;

	/* The names stay: their file gets a buffer of its own. */
	in->file = KSYSCALLS_FILE_NAMES;
	free(in->buf);
	in->buf = NULL;
	in->room = 0;
	err = parse_names(in, dir, abi);
	abi->text = in->buf;
	in->buf = NULL;
	in->room = 0;
	return err;
}

static void free_abi(struct ksc_abi *abi)
{
	free(abi->bits);
	free(abi->hash);
	free(abi->name_at);
	free(abi->text);
	free(abi);
}

static void free_abis(struct ksc *k)
{
	while (k->nr_abis)
		free_abi(k->abis[--k->nr_abis]);
}

static int add_abi(struct input *in, int top, const char *name)
{
	struct ksc *k = in->k;
	struct ksc_abi *abi;
	size_t len = 0;
	int dir, err;

	while (name_char((unsigned char)name[len]))
		len++;
	if (name[len] || len >= KSC_ABI_NAME_MAX)
		return fail_at(k, NULL, NULL, -1, -EBADMSG,
			       "a directory's name is not that of an ABI");
	if (k->nr_abis == MAX_ABIS)
		return fail_at(k, NULL, NULL, -1, -EBADMSG, "more than %d ABIs", MAX_ABIS);
	abi = calloc(1, sizeof(*abi));
	if (!abi)
		return -ENOMEM;
	memcpy(abi->name, name, len);
	abi->k = k;
	k->abis[k->nr_abis++] = abi;

	dir = openat(top, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (dir < 0)
		return fail_os(k, name, NULL, errno);
	in->abi = abi->name;
	err = read_abi(in, dir, abi);
	in->abi = NULL;
	close(dir);
	return err;
}

/* Every directory is an ABI. Other files than version may come with later kernels. */
static bool is_directory(int top, const struct dirent *d)
{
	struct stat st;

	if (d->d_name[0] == '.')
		return false;
	if (d->d_type != DT_UNKNOWN)
		return d->d_type == DT_DIR;
	return !fstatat(top, d->d_name, &st, AT_SYMLINK_NOFOLLOW) && S_ISDIR(st.st_mode);
}

static int read_tree(struct input *in, DIR *top)
{
	struct ksc *k = in->k;
	struct dirent *d;
	uint32_t version;
	int err;

	in->file = KSYSCALLS_FILE_VERSION;
	err = parse_decimal(in, dirfd(top), 0, UINT32_MAX, &version);
	if (err)
		return err;
	if (version != KSYSCALLS_ABI_VERSION)
		return fail_at(k, NULL, KSYSCALLS_FILE_VERSION, -1, -ENOTSUP,
			       "%u; this library reads version %d, a newer one may read more",
			       version, KSYSCALLS_ABI_VERSION);
	k->abis = calloc(MAX_ABIS, sizeof(*k->abis));
	if (!k->abis)
		return -ENOMEM;
	for (errno = 0; (d = readdir(top)); errno = 0) {
		if (!is_directory(dirfd(top), d))
			continue;
		err = add_abi(in, dirfd(top), d->d_name);
		if (err)
			return err;
	}
	if (errno)
		return fail_os(k, NULL, NULL, errno);
	ksc_abi_order(k);
	err = parse_text(in, dirfd(top), KSC_FILE_SOURCE, &k->source);
	if (!err)
		err = parse_text(in, dirfd(top), KSC_FILE_RELEASE, &k->release);
	return err || k->release ? err : parse_text(in, dirfd(top), OSRELEASE, &k->release);
}

/*
 * ROOT may be reached through links; what is below it is the tree's own, and a
 * link there would lead from a copied tree into this machine's.
 */
static int open_top(struct ksc *k, DIR **top)
{
	static const char *const steps[] = { "sys", "kernel", KSYSCALLS_SYSFS_NAME };
	int fd, next, err;
	size_t i;

	fd = open(*k->root ? k->root : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (i = 0; fd >= 0 && i < KSC_ARRAY_SIZE(steps); i++) {
		next = openat(fd, steps[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
		err = errno;
		close(fd);
		errno = err;
		fd = next;
	}
	if (fd < 0 && errno == ENOENT)
		return fail_at(k, NULL, NULL, -1, -ENOENT,
			       "no such tree; is the ksyscalls module loaded?");
	if (fd < 0)
		return fail_os(k, NULL, NULL, errno);
	*top = fdopendir(fd);
	if (!*top) {
		err = fail_os(k, NULL, NULL, errno);
		close(fd);
		return err;
	}
	return 0;
}

static int open_root(struct ksc *k)
{
	struct input in = { .k = k };
	DIR *top;
	int err = open_top(k, &top);

	if (err)
		return err;
	err = read_tree(&in, top);
	closedir(top);
	free(in.buf);
	return err;
}

/* What is surveyed is a boot of one kernel, and the directory is gone with the boot. */
static int check_running(struct ksc *k)
{
	struct utsname running;

	if (uname(&running) || !k->release)
		return fail_at(k, NULL, KSC_FILE_RELEASE, -1, -ESTALE, "is missing");
	if (!strcmp(k->release, running.release))
		return 0;
	return fail_at(k, NULL, KSC_FILE_RELEASE, -1, -ESTALE,
		       "%s, and %s is running; run 'ksyscalls survey' again", k->release,
		       running.release);
}

/* This machine: by the module, else by the survey that root made. */
static int open_live(struct ksc *k)
{
	char *root = strdup(KSC_SURVEY_ROOT), *live = k->root;
	int err;

	if (!root)
		return -ENOMEM;
	err = open_root(k);
	if (err != -ENOENT) {
		free(root);
		return err;
	}
	k->root = root;
	err = open_root(k);
	if (!err)
		err = check_running(k);
	if (err != -ENOENT) {
		free(live);
		return err;
	}
	k->root = live;
	free(root);
	return fail_at(k, NULL, NULL, -1, -ENOENT,
		       "no such tree; is the ksyscalls module loaded, or was there a survey?");
}

KSC_PUBLIC int ksc_open(struct ksc **kp, const char *root)
{
	struct ksc *k;
	size_t len;
	int err;

	*kp = NULL;
	k = calloc(1, sizeof(*k));
	if (!k)
		return -ENOMEM;
	k->root = strdup(root ? root : "");
	if (!k->root) {
		free(k);
		return -ENOMEM;
	}
	k->users = 1;
	*kp = k;
	/* "/" is "", so that paths come out without a second slash. */
	for (len = strlen(k->root); len && k->root[len - 1] == '/'; )
		k->root[--len] = '\0';

	err = *k->root ? open_root(k) : open_live(k);
	if (err == -ENOMEM) {
		ksc_close(k);
		*kp = NULL;
	} else if (err) {
		/* Nobody shall take half a tree for a whole one. */
		free_abis(k);
	}
	return err;
}

/* Counting users changes nothing that a reader could see, so readers' handles will do. */
struct ksc *ksc_get(const struct ksc *k)
{
	struct ksc *used = (struct ksc *)k;

	__atomic_add_fetch(&used->users, 1, __ATOMIC_RELAXED);
	return used;
}

KSC_PUBLIC void ksc_close(struct ksc *k)
{
	if (!k || __atomic_sub_fetch(&k->users, 1, __ATOMIC_ACQ_REL))
		return;
	free_abis(k);
	free(k->abis);
	free(k->error);
	free(k->root);
	free(k->source);
	free(k->release);
	free(k);
}

KSC_PUBLIC const char *ksc_error(const struct ksc *k)
{
	return k && k->error ? k->error : "";
}

KSC_PUBLIC const char *ksc_root(const struct ksc *k)
{
	return *k->root ? k->root : "/";
}

KSC_PUBLIC const char *ksc_source(const struct ksc *k)
{
	if (k->source)
		return k->source;
	return *k->root ? "snapshot" : "module";
}

KSC_PUBLIC const char *ksc_release(const struct ksc *k)
{
	return k->release;
}
