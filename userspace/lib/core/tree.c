// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Reading a tree. Everything that the sysfs ABI promises is checked, because a
 * bit taken on trust decides whether a container works: whatever is not exactly
 * as the kernel writes it is an error that names the file and the byte.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/ksyscalls.h>

#include "input.h"

#define MAX_ABIS	64
#define MAX_ENTRIES	1024	/* of the tree's directory */
#define MAX_SYSCALLS	65536

/* Sizes for anything up to MAX_SYSCALLS, with the newline. */
#define MAX_BITMAP	(MAX_SYSCALLS / 32 * 9)
#define MAX_LINE	(6 + KSC_SYSCALL_NAME_MAX)	/* "65535 name\n" */
#define MIN_LINE	4	/* "0 a\n" */

/* From here on numbers are x32's own. */
#define X32_NUMBERS	512

/*
 * %*pb: 32-bit words in hexadecimal, the most significant first, with commas
 * between; the first one has only the digits that nr_syscalls needs.
 */
static int parse_bitmap(struct input *in, struct ksc_abi *abi)
{
	uint32_t words = (abi->nr_syscalls + 31) / 32;
	unsigned int first_bits = (abi->nr_syscalls - 1) % 32 + 1;
	unsigned int digits = (first_bits + 3) / 4;
	int err = input_read(in, MAX_BITMAP);
	uint32_t word;
	int d;

	while (!err && words--) {
		for (word = 0; digits; digits--) {
			d = input_digit(input_peek(in), 16);
			if (d < 0)
				return input_unexpected(in, "a hexadecimal digit");
			word = word << 4 | (unsigned int)d;
			in->pos++;
		}
		abi->bits[words] = word;
		abi->nr_implemented += (unsigned int)__builtin_popcount(word);
		digits = 8;
		if (words)
			err = input_expect(in, ',', "the comma between two words");
	}
	if (!err)
		err = input_end(in);
	if (!err && first_bits % 32 && abi->bits[(abi->nr_syscalls - 1) / 32] >> first_bits) {
		in->pos = 0;
		err = input_bad(in, "a bit beyond the %u of " KSYSCALLS_FILE_NR_SYSCALLS " is set",
				abi->nr_syscalls);
	}
	return err;
}

static int expect_number(struct input *in, uint32_t nr)
{
	size_t start = in->pos;
	uint32_t value;
	int err = input_decimal(in, MAX_SYSCALLS - 1, &value);

	if (err || value == nr)
		return err;
	in->pos = start;
	return input_bad(in, "%u disagrees with " KSYSCALLS_FILE_BITMAP ", where %u is next",
			 value, nr);
}

/*
 * %*pbl: a bitmap has exactly one such text, so this walks the bitmap and
 * compares.
 */
static int check_list(struct input *in, const struct ksc_abi *abi)
{
	/* Worst is every second bit: at most five digits and a comma each. */
	int err = input_read(in, (size_t)abi->nr_syscalls * 3 + 8);
	uint32_t from = ksc_abi_next_bit(abi, 0, true);
	bool first = true;

	while (!err && from < abi->nr_syscalls) {
		uint32_t end = ksc_abi_next_bit(abi, from, false);

		if (!first)
			err = input_expect(in, ',', "the comma before the next range of "
					      KSYSCALLS_FILE_BITMAP);
		if (!err)
			err = expect_number(in, from);
		if (!err && end - from > 1)
			err = input_expect(in, '-', "the '-' of a range in " KSYSCALLS_FILE_BITMAP);
		if (!err && end - from > 1)
			err = expect_number(in, end - 1);
		from = ksc_abi_next_bit(abi, end, true);
		first = false;
	}
	return err ? err : input_end(in);
}

/* One range of those, ascending, and apart from what is implemented. */
static int take_unknown(struct input *in, struct ksc_abi *abi, uint32_t *next)
{
	size_t start = in->pos;
	uint32_t from, to;
	int err;

	err = input_decimal(in, abi->nr_syscalls, &from);
	to = from;
	if (!err && input_peek(in) == '-') {
		in->pos++;
		abi->unknown_beyond = input_peek(in) == '\n';
		to = abi->nr_syscalls - 1;
		if (!abi->unknown_beyond)
			err = input_decimal(in, abi->nr_syscalls - 1, &to);
	}
	if (err)
		return err;
	if (from < *next || (!abi->unknown_beyond && (from > to || to >= abi->nr_syscalls)) ||
	    ksc_abi_next_bit(abi, from, true) <= to) {
		in->pos = start;
		return input_bad(in, "a range out of order, or not apart from "
				 KSYSCALLS_FILE_BITMAP);
	}
	for (; from <= to && from < abi->nr_syscalls; from++)
		abi->unknown[from / 32] |= 1u << from % 32;
	*next = to + 1;
	return 0;
}

static int parse_unknown(struct input *in, struct ksc_abi *abi)
{
	uint32_t next = 0;
	struct stat st;
	int err;

	in->file = KSC_FILE_UNKNOWN;
	if (fstatat(in->dir, in->file, &st, AT_SYMLINK_NOFOLLOW) && errno == ENOENT)
		return 0;
	abi->unknown = calloc((abi->nr_syscalls + 31) / 32, sizeof(*abi->unknown));
	if (!abi->unknown)
		return -ENOMEM;
	err = input_read(in, (size_t)abi->nr_syscalls * 3 + 16);
	if (!err)
		err = take_unknown(in, abi, &next);
	while (!err && input_peek(in) == ',') {
		in->pos++;
		err = take_unknown(in, abi, &next);
	}
	return err ? err : input_end(in);
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

	while (name_char(input_peek(in)))
		in->pos++;
	len = in->pos - start;
	if (!len)
		return input_unexpected(in, "a letter of a name");
	if (input_peek(in) != '\n')
		return input_unexpected(in, "a letter of a name, or the newline after it");
	in->pos = start;
	if (input_digit(in->buf[start], 10) >= 0)
		return input_bad(in, "a name starts with a digit");
	if (len >= KSC_SYSCALL_NAME_MAX)
		return input_bad(in, "a name is longer than %d characters",
				 KSC_SYSCALL_NAME_MAX - 1);
	slot = ksc_abi_hash_slot(abi, in->buf + start, len);
	if (abi->hash[slot].nr)
		return input_bad(in, "%u and %u have one name", abi->hash[slot].nr - 1, nr);
	in->buf[start + len] = '\0';
	in->pos = start + len + 1;
	/* The first of several names; no name is at 0, where a number is. */
	if (!abi->name_at[nr])
		abi->name_at[nr] = (uint32_t)start;
	abi->hash[slot] = (struct ksc_slot) { nr + 1, (uint32_t)start };
	return 0;
}

/*
 * arm's private ABI answers number 0 without naming it. Until 5.3 one table served x86_64
 * and x32: each reaches the other's numbers, and names its own.
 */
static bool may_lack_name(const struct ksc_abi *abi, uint32_t nr)
{
	if (!strcmp(abi->name, "x86_64"))
		return nr == 0 || nr >= X32_NUMBERS;
	if (!strcmp(abi->name, "x32"))
		return nr < X32_NUMBERS;
	return nr == 0;
}

/* The next number that @value, the one of a line, may be. */
static uint32_t next_named(const struct ksc_abi *abi, uint32_t nr, uint32_t value)
{
	uint32_t next = ksc_abi_next_bit(abi, nr, true);

	while (next < abi->nr_syscalls && next != value && may_lack_name(abi, next))
		next = ksc_abi_next_bit(abi, next + 1, true);
	return next;
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
static int parse_names(struct input *in, struct ksc_abi *abi)
{
	int err = alloc_names(abi, in->len / MIN_LINE);
	uint32_t nr = 0, value = 0, names = 0, next;
	bool another;
	size_t start;

	if (err)
		return err;
	abi->text = in->buf;
	abi->text_len = in->len;
	while (in->pos < in->len) {
		start = in->pos;
		err = input_decimal(in, MAX_SYSCALLS - 1, &value);
		another = !err && names && value == nr - 1;
		next = next_named(abi, nr, err ? 0 : value);
		/* The hash has room for one name a number, however few have how many. */
		if (names == abi->nr_syscalls || (next == abi->nr_syscalls && !another)) {
			in->pos = start;
			return input_bad(in, "more lines than bits in " KSYSCALLS_FILE_BITMAP);
		}
		if (!err && !another) {
			in->pos = start;
			err = expect_number(in, next);
			nr = value + 1;
		}
		if (!err)
			err = input_expect(in, ' ', "the space after a number");
		if (!err)
			err = take_name(in, abi, value);
		if (err)
			return err;
		names++;
	}
	nr = next_named(abi, nr, 1);
	if (nr < abi->nr_syscalls)
		return input_bad(in, "ends here, %u of " KSYSCALLS_FILE_BITMAP " has no line", nr);
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
		return input_bad(in, "0x%x and %u numbers go beyond 32 bits", abi->base,
				 abi->nr_syscalls);
	for (i = 0; i < k->nr_abis; i++) {
		const struct ksc_abi *other = k->abis[i];

		if (other == abi || other->audit_arch != abi->audit_arch ||
		    other->base > last || other->base + (other->nr_syscalls - 1) < abi->base)
			continue;
		return input_bad(in, "overlaps with %s, which has the same "
				 KSYSCALLS_FILE_AUDIT_ARCH, other->name);
	}
	return 0;
}

static int read_abi(struct input *in, struct ksc_abi *abi)
{
	uint32_t nr;
	int err;

	err = input_hex_file(in, KSYSCALLS_FILE_AUDIT_ARCH, &abi->audit_arch);
	if (!err)
		err = input_hex_file(in, KSYSCALLS_FILE_BASE, &abi->base);
	if (!err)
		err = input_decimal_file(in, KSYSCALLS_FILE_NR_SYSCALLS, 1, MAX_SYSCALLS, &nr);
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
	err = parse_bitmap(in, abi);
	if (err)
		return err;
	in->file = KSYSCALLS_FILE_LIST;
	err = check_list(in, abi);
	if (!err)
		err = parse_unknown(in, abi);
	if (err)
		return err;

	/* The names stay: their file gets a buffer of its own. */
	in->file = KSYSCALLS_FILE_NAMES;
	free(in->buf);
	in->buf = NULL;
	in->room = 0;
	err = input_read(in, (size_t)abi->nr_implemented * MAX_LINE);
	if (!err)
		err = parse_names(in, abi);
	abi->text = in->buf;
	in->buf = NULL;
	in->room = 0;
	return err;
}

static void free_abi(struct ksc_abi *abi)
{
	free(abi->bits);
	free(abi->unknown);
	free(abi->hash);
	free(abi->name_at);
	free(abi->text);
	free(abi);
}

void ksc_free_abis(struct ksc *k)
{
	while (k->nr_abis)
		free_abi(k->abis[--k->nr_abis]);
}

/* The caller has made sure that there is room for one more. */
static struct ksc_abi *new_abi(struct ksc *k, const char *id)
{
	struct ksc_abi *abi = calloc(1, sizeof(*abi));

	if (!abi)
		return NULL;
	memcpy(abi->name, id, strlen(id));
	abi->k = k;
	k->abis[k->nr_abis++] = abi;
	return abi;
}

static bool is_id(const char *name)
{
	size_t len = 0;

	while (name_char((unsigned char)name[len]))
		len++;
	return len && !name[len] && len < KSC_ABI_NAME_MAX;
}

/* Without one of the files of an ABI's, a directory is something that came later. */
static bool is_abi(int dir)
{
	static const char *const files[] = {
		KSYSCALLS_FILE_AUDIT_ARCH, KSYSCALLS_FILE_BASE, KSYSCALLS_FILE_NR_SYSCALLS,
		KSYSCALLS_FILE_BITMAP, KSYSCALLS_FILE_LIST, KSYSCALLS_FILE_NAMES,
	};
	struct stat st;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++)
		if (!fstatat(dir, files[i], &st, AT_SYMLINK_NOFOLLOW))
			return true;
	return false;
}

static int add_abi(struct input *in, const char *name)
{
	struct ksc_abi *abi;
	int err;

	if (!is_id(name))
		return input_fail(in, -EBADMSG, "a directory's name is not that of an ABI");
	if (in->k->nr_abis == MAX_ABIS)
		return input_fail(in, -EBADMSG, "more than %d ABIs", MAX_ABIS);
	abi = new_abi(in->k, name);
	if (!abi)
		return -ENOMEM;
	in->abi = abi->name;
	err = read_abi(in, abi);
	in->abi = NULL;
	return err;
}

static int add_directory(struct input *in, const char *name)
{
	int top = in->dir, err = 0;

	in->abi = name;
	in->dir = openat(top, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (in->dir < 0)
		err = input_fail_os(in, errno);
	in->abi = NULL;
	if (!err && is_abi(in->dir))
		err = add_abi(in, name);
	in->file = NULL;
	if (in->dir >= 0)
		close(in->dir);
	in->dir = top;
	return err;
}

static bool is_directory(int top, const struct dirent *d)
{
	struct stat st;

	if (d->d_name[0] == '.')
		return false;
	if (d->d_type != DT_UNKNOWN)
		return d->d_type == DT_DIR;
	return !fstatat(top, d->d_name, &st, AT_SYMLINK_NOFOLLOW) && S_ISDIR(st.st_mode);
}

/* Other files than version may come with later kernels, and other directories than ABIs. */
static int add_directories(struct input *in, DIR *top)
{
	unsigned int entries = 0;
	struct dirent *d;
	int err = 0;

	for (errno = 0; !err && (d = readdir(top)); errno = 0) {
		if (++entries > MAX_ENTRIES)
			return input_fail(in, -EBADMSG, "more than %d entries", MAX_ENTRIES);
		if (is_directory(in->dir, d))
			err = add_directory(in, d->d_name);
	}
	return err || !errno ? err : input_fail_os(in, errno);
}

/**
 * ksc_read_tree() - read what a directory has
 * @k: receives it; holds half of it after an error
 * @top: the directory
 *
 * Return: as ksc_open().
 */
int ksc_read_tree(struct ksc *k, DIR *top)
{
	struct input in = { .k = k, .dir = dirfd(top) };
	uint32_t version;
	int err;

	err = input_decimal_file(&in, KSYSCALLS_FILE_VERSION, 0, UINT32_MAX, &version);
	if (err)
		goto free_buf;
	if (version != KSYSCALLS_ABI_VERSION) {
		err = input_fail(&in, -ENOTSUP,
				 "%u; this library reads version %d, a newer one may read more",
				 version, KSYSCALLS_ABI_VERSION);
		goto free_buf;
	}
	in.file = NULL;
	k->abis = calloc(MAX_ABIS, sizeof(*k->abis));
	err = k->abis ? add_directories(&in, top) : -ENOMEM;
	if (err)
		goto free_buf;
	ksc_abi_order(k);
	err = input_text_file(&in, KSC_FILE_SOURCE, &k->source);
	if (!err)
		err = input_text_file(&in, KSC_FILE_RELEASE, &k->release);
free_buf:
	free(in.buf);
	return err;
}

/* ---- a tree of names --------------------------------------------------- */

/* A bit for each number of the names, which have to be ascending. */
static int bits_of_names(struct input *in, struct ksc_abi *abi)
{
	uint32_t nr = 0, last = 0;
	int err;

	abi->bits = calloc(MAX_SYSCALLS / 32, sizeof(*abi->bits));
	if (!abi->bits)
		return -ENOMEM;
	while (in->pos < in->len) {
		err = input_decimal(in, MAX_SYSCALLS - 1, &nr);
		if (!err && nr < last)
			err = input_bad(in, "%u after %u", nr, last);
		if (err)
			return err;
		last = nr;
		abi->nr_implemented += !ksc_bit(abi->bits, nr);
		abi->bits[nr / 32] |= 1u << nr % 32;
		while (in->pos < in->len && in->buf[in->pos++] != '\n')
			;
	}
	abi->nr_syscalls = last + 1;
	return 0;
}

static int add_names(struct input *in, struct ksc_abi *abi)
{
	int err = bits_of_names(in, abi);

	if (!err)
		err = check_range(in, abi);
	if (err)
		return err;
	in->file = KSYSCALLS_FILE_NAMES;
	in->pos = 0;
	return parse_names(in, abi);
}

KSC_PUBLIC int ksc_add_abi(struct ksc *k, const char *id, uint32_t audit_arch, uint32_t base,
			   const char *names)
{
	struct input in = { .k = k, .file = KSYSCALLS_FILE_NAMES };
	struct ksc_abi *abi;
	int err;

	if (k->users > 1)
		return input_fail(&in, -EBUSY, "a tree that is in use takes no ABI");
	if (!is_id(id))
		return input_fail(&in, -EINVAL, "\"%.40s\" is not the name of an ABI", id);
	if (k->nr_abis == MAX_ABIS)
		return input_fail(&in, -ENOSPC, "more than %d ABIs", MAX_ABIS);
	if (!k->abis)
		k->abis = calloc(MAX_ABIS, sizeof(*k->abis));
	abi = k->abis ? new_abi(k, id) : NULL;
	if (!abi)
		return -ENOMEM;
	abi->names_only = true;
	abi->audit_arch = audit_arch;
	abi->base = base;
	abi->text = strdup(names);
	in.abi = abi->name;
	in.buf = abi->text;
	in.len = strlen(names);
	err = in.buf ? add_names(&in, abi) : -ENOMEM;
	if (err)
		free_abi(k->abis[--k->nr_abis]);
	else
		ksc_abi_order(k);
	return err;
}
