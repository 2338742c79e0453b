// SPDX-License-Identifier: GPL-2.0-only
/*
 * survey: make the tree without the module, from the kernel's symbols.
 *
 * It is made aside, read back, and only then put in place: there is never half a tree
 * where one is looked for, and one that is there is exchanged in one step.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <linux/fs.h>
#include <linux/ksyscalls.h>

#include "survey.h"
#include "tool.h"

#define KALLSYMS	"/proc/kallsyms"
#define STATUS		"/proc/self/status"

/* ---- the files ---------------------------------------------------------- */

static bool has_bit(const uint32_t *bits, unsigned int nr)
{
	return bits[nr / 32] >> nr % 32 & 1;
}

/* %*pb of the kernel. */
static void print_bitmap(FILE *f, const struct survey_abi *abi)
{
	unsigned int words = (abi->nr + 31) / 32;
	int digits = (int)((abi->nr - 1) % 32 / 4 + 1);

	for (; words; words--, digits = 8)
		fprintf(f, "%0*x%s", digits, abi->bits[words - 1], words > 1 ? "," : "\n");
}

/* %*pbl of the kernel; the last range is open if @beyond. */
static void print_ranges(FILE *f, const uint32_t *bits, unsigned int nr, bool beyond)
{
	unsigned int from, end;
	const char *comma = "";

	for (from = 0; from < nr + beyond; from = end + 1) {
		for (end = from; end < nr && has_bit(bits, end); end++)
			;
		if (end == nr && beyond)
			fprintf(f, "%s%u-", comma, from);
		else if (end > from + 1)
			fprintf(f, "%s%u-%u", comma, from, end - 1);
		else if (end > from)
			fprintf(f, "%s%u", comma, from);
		if (end > from)
			comma = ",";
	}
	fputc('\n', f);
}

static void print_list(FILE *f, const struct survey_abi *abi)
{
	print_ranges(f, abi->bits, abi->nr, false);
}

static void print_unknown(FILE *f, const struct survey_abi *abi)
{
	print_ranges(f, abi->unknown, abi->nr, abi->unknown_beyond);
}

static bool has_unknown(const struct survey_abi *abi)
{
	unsigned int nr;

	for (nr = 0; nr < abi->nr; nr++)
		if (has_bit(abi->unknown, nr))
			return true;
	return abi->unknown_beyond;
}

/* A new file below @dir, for put_close(). */
static FILE *put_open(int dir, const char *name)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");

	if (!f && fd >= 0)
		close(fd);
	return f;
}

static int put_close(FILE *f)
{
	int ret = ferror(f) ? -EIO : 0;

	return fclose(f) ? -errno : ret;
}

__attribute__((format(printf, 3, 4)))
static int put(int dir, const char *name, const char *fmt, ...)
{
	FILE *f = put_open(dir, name);
	va_list ap;

	if (!f)
		return -errno;
	va_start(ap, fmt);
	vfprintf(f, fmt, ap);
	va_end(ap);
	return put_close(f);
}

static int put_printed(int dir, const char *name,
		       void (*print)(FILE *f, const struct survey_abi *abi),
		       const struct survey_abi *abi)
{
	FILE *f = put_open(dir, name);

	if (!f)
		return -errno;
	print(f, abi);
	return put_close(f);
}

static int put_abi(int top, const struct survey_abi *abi)
{
	int dir, ret = 0;

	if (mkdirat(top, abi->name, 0755))
		return -errno;
	dir = openat(top, abi->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -errno;
	ret = ret ?: put(dir, KSYSCALLS_FILE_AUDIT_ARCH, "0x%x\n", abi->audit_arch);
	ret = ret ?: put(dir, KSYSCALLS_FILE_BASE, "0x%x\n", abi->base);
	ret = ret ?: put(dir, KSYSCALLS_FILE_NR_SYSCALLS, "%u\n", abi->nr);
	ret = ret ?: put(dir, KSYSCALLS_FILE_NAMES, "%s", abi->names);
	ret = ret ?: put_printed(dir, KSYSCALLS_FILE_BITMAP, print_bitmap, abi);
	ret = ret ?: put_printed(dir, KSYSCALLS_FILE_LIST, print_list, abi);
	if (has_unknown(abi))
		ret = ret ?: put_printed(dir, KSC_FILE_UNKNOWN, print_unknown, abi);
	close(dir);
	return ret;
}

static int put_tree(const char *path, const struct survey *v, const char *release)
{
	unsigned int i;
	int top, ret = 0;

	if (mkdir(path, 0755))
		return -errno;
	top = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (top < 0)
		return -errno;
	for (i = 0; !ret && i < v->count; i++)
		ret = put_abi(top, &v->abis[i]);
	ret = ret ?: put(top, KSC_FILE_SOURCE, "survey\n");
	ret = ret ?: put(top, KSC_FILE_RELEASE, "%s\n", release);
	ret = ret ?: put(top, KSYSCALLS_FILE_VERSION, "%d\n", KSYSCALLS_ABI_VERSION);
	close(top);
	return ret;
}

/* ---- putting them in place ---------------------------------------------- */

static bool same_word(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* What is there already, if it can be read, and says the same: readers need not see a change. */
static bool is_same(const struct ksc *k, const char *root)
{
	uint8_t want[32], have[32];
	struct ksc *old;
	bool same = false;

	if (!ksc_open(&old, root)) {
		ksc_digest(k, want);
		ksc_digest(old, have);
		same = !memcmp(want, have, sizeof(want)) &&
		       same_word(ksc_source(k), ksc_source(old)) &&
		       same_word(ksc_release(k), ksc_release(old));
	}
	ksc_close(old);
	return same;
}

static int put_in_place(const char *from, const char *to, const char *root)
{
	/* Not renameat2(), which musl 1.2.5 has not. */
	if (!syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, RENAME_EXCHANGE))
		return 0;
	if (errno != ENOENT)
		return -errno;
	return tool_make_dirs(root, KSYSCALLS_SYSFS_DIR) ?: (rename(from, to) ? -errno : 0);
}

static int publish(const struct tool *t, const struct survey *v, const char *release,
		   const char *root)
{
	char *to = NULL, *aside = NULL, *made = NULL;
	struct ksc *k = NULL;
	int ret, status = TOOL_USAGE;

	if (asprintf(&to, "%s%s", root, KSYSCALLS_SYSFS_DIR) < 0 ||
	    asprintf(&aside, "%s/.ksyscalls.XXXXXX", root) < 0) {
		tool_error(t, "out of memory");
		return TOOL_USAGE;
	}
	if ((mkdir(root, 0755) && errno != EEXIST) || !mkdtemp(aside)) {
		tool_error(t, "%s: %s", root, strerror(errno));
		goto out_free;
	}
	ret = tool_make_dirs(aside, KSYSCALLS_SYSFS_DIR);
	if (!ret && asprintf(&made, "%s%s", aside, KSYSCALLS_SYSFS_DIR) < 0)
		ret = -ENOMEM;
	if (!ret)
		ret = put_tree(made, v, release);
	if (ret) {
		tool_error(t, "cannot write below %s: %s", root, strerror(-ret));
		goto out_remove;
	}
	ret = ksc_open(&k, aside);
	if (ret) {
		tool_error(t, "the tree does not read back: %s", k ? ksc_error(k) : strerror(-ret));
		goto out_remove;
	}
	ret = is_same(k, root) ? 0 : put_in_place(made, to, root);
	if (ret) {
		tool_error(t, "cannot make %s: %s", to, strerror(-ret));
		goto out_remove;
	}
	status = TOOL_OK;
out_remove:
	ksc_close(k);
	tool_remove_dir(AT_FDCWD, aside);
out_free:
	free(made);
	free(aside);
	free(to);
	return status;
}

/* ---- the command -------------------------------------------------------- */

/* A filter would answer in the kernel's place. Negative errno: it cannot be told. */
static int is_filtered(void)
{
	FILE *f = fopen(STATUS, "re");
	char line[256];
	int filtered = 0;

	if (!f)
		return -errno;
	while (!filtered && fgets(line, sizeof(line), f))
		filtered = !strncmp(line, "Seccomp:", 8) && strtol(line + 8, NULL, 10);
	if (ferror(f))
		filtered = -EIO;
	fclose(f);
	return filtered;
}

static int read_symbols(const struct tool *t, struct symbols *s)
{
	int ret = symbols_read(s, KALLSYMS);

	if (ret == -ENOENT) {
		tool_error(t, KALLSYMS ": is missing: mount /proc, or this kernel has no "
			   "CONFIG_KALLSYMS, and only the kernel's packager can help");
	} else if (ret == -EBADMSG || ret == -E2BIG) {
		tool_error(t, KALLSYMS " is not as a kernel writes it: mount /proc anew");
	} else if (ret) {
		tool_error(t, KALLSYMS ": %s", strerror(-ret));
	} else if (s->hidden) {
		tool_error(t, KALLSYMS " hides every address: run this as root, and with "
			   "kernel.kptr_restrict below 2 (sysctl kernel.kptr_restrict=1)");
		ret = -EPERM;
	} else if (s->word != sizeof(long)) {
		tool_error(t, "the kernel is of %u bits and this program of %zu: use the "
			   "ksyscalls of the kernel's architecture", s->word * 8, sizeof(long) * 8);
		ret = -EXDEV;
	}
	return ret;
}

static int survey(const struct tool *t, const char *root)
{
	struct utsname running;
	unsigned int major, minor, i;
	struct survey v = {};
	struct symbols s;
	char *line, *rest;
	int ret, status;

	if (uname(&running) || sscanf(running.release, "%u.%u", &major, &minor) != 2) {
		tool_error(t, "'%s' is no release of Linux", running.release);
		return TOOL_NO;
	}
	ret = is_filtered();
	if (ret < 0) {
		tool_error(t, STATUS ": %s; it tells whether a seccomp filter answers for the "
			   "kernel: mount /proc", strerror(-ret));
		return TOOL_NO;
	}
	if (ret) {
		tool_error(t, "a seccomp filter is on this process, and would answer for the "
			   "kernel: run this on the host itself");
		return TOOL_NO;
	}
	if (read_symbols(t, &s))
		return TOOL_NO;
	status = survey_kernel(&v, &s, KSC_RELEASE(major, minor)) ? TOOL_USAGE : TOOL_OK;
	if (status)
		tool_error(t, "out of memory");
	for (rest = v.notes; (line = strsep(&rest, "\n")) && *line; )
		tool_error(t, "%s", line);
	if (!status && !v.count) {
		tool_error(t, "nothing is certain, so nothing is written");
		status = TOOL_NO;
	}
	if (!status)
		status = publish(t, &v, running.release, root);
	for (i = 0; !status && i < v.count; i++) {
		unsigned int nr, count = 0;

		for (nr = 0; nr < v.abis[i].nr; nr++)
			count += has_bit(v.abis[i].bits, nr);
		printf("%s: %u of %u\n", v.abis[i].name, count, v.abis[i].nr);
	}
	survey_free(&v);
	symbols_free(&s);
	return status;
}

static int run_survey(struct tool *t, int argc, char **argv)
{
	while (tool_getopt(t, argc, argv) != -1)
		;
	if (optind < argc - 1)
		return tool_usage(t, "more than one directory");
	if (optind < argc && !*argv[optind])
		return tool_usage(t, "the directory's name is empty");
	/* Everybody may read it. */
	umask(022);
	return survey(t, optind < argc ? argv[optind] : KSC_SURVEY_ROOT);
}

const struct tool_cmd cmd_survey = {
	.name = "survey",
	.operands = "[DIR]",
	.brief = "make the tree without the module, from the kernel's symbols",
	.about = "It goes below " KSC_SURVEY_ROOT ", where it is looked for without the module,\n"
		 "or DIR. Needs root. What is not certain is left unknown, and said.\n",
	.example = "ksyscalls survey && ksyscalls abis",
	.flags = TOOL_LIVE,
	.run = run_survey,
};
