// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tree as the subcommands see it: opened with its errors told, an ABI
 * picked, and names for the numbers that the tree itself has no name for.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ksyscalls-seccomp.h>
#include <linux/ksyscalls.h>

#include "../view.h"
#include "survey.h"
#include "tool.h"

/* Does a directory in it have a tree? */
static bool is_fleet(const char *path)
{
	char below[sizeof(((struct dirent *)0)->d_name) + sizeof(KSYSCALLS_SYSFS_DIR)];
	bool found = false;
	struct dirent *d;
	DIR *dir;

	dir = opendir(path);
	while (dir && !found && (d = readdir(dir))) {
		snprintf(below, sizeof(below), "%s" KSYSCALLS_SYSFS_DIR, d->d_name);
		found = *d->d_name != '.' && !faccessat(dirfd(dir), below, F_OK, 0);
	}
	if (dir)
		closedir(dir);
	return found;
}

/**
 * tool_open() - open the tree that the command line asks for
 * @t: the run
 * @kp: receives the tree; the caller owns it and ends it with ksc_close()
 *
 * Return: TOOL_OK, or TOOL_NO_TREE with the reason told.
 */
int tool_open(const struct tool *t, struct ksc **kp)
{
	const char *why;
	int ret;

	ret = ksc_open(kp, t->sysroot);
	if (!ret)
		return TOOL_OK;
	if (ret == -ENOENT && t->sysroot && is_fleet(t->sysroot))
		tool_error(t, "%s is a folder of trees, and this takes one of them; which of them "
			   "lack a syscall tells 'ksyscalls check --each=DIR NAME'", t->sysroot);
	else if (ret == -ENOENT && t->sysroot)
		tool_error(t, "%s%s: no such tree; copy one with 'ksyscalls snapshot DIR' "
			   "on the host it is to describe", t->sysroot, KSYSCALLS_SYSFS_DIR);
	else if (ret == -ENOENT)
		tool_error(t, "no %s: the module is not loaded; try 'ksyscalls load' as root, or "
			   "'ksyscalls survey' where there is no module", KSYSCALLS_SYSFS_DIR);
	else
		tool_error(t, "%s", (why = ksc_error(*kp)) && *why ? why : strerror(-ret));
	ksc_close(*kp);
	*kp = NULL;
	return TOOL_NO_TREE;
}

static int complete(const struct tool *t, struct ksc *k)
{
	char text[256];
	int ret = view_complete(k, text, sizeof(text));

	if (ret) {
		tool_error(t, "%s", strerror(-ret));
		ksc_close(k);
		return TOOL_NO_TREE;
	}
	if (*text)
		tool_error(t, "note: %s", text);
	return TOOL_OK;
}

/**
 * tool_open_or_names() - open a tree, or do without a kernel's
 * @t: the run
 * @kp: receives the tree; the caller owns it and ends it with ksc_close()
 *
 * Where neither module nor survey tells of this kernel, names stand in, and a line
 * says so. A tree that the command line names has to be there.
 *
 * Return: TOOL_OK, or TOOL_NO_TREE with the reason told.
 */
int tool_open_or_names(const struct tool *t, struct ksc **kp)
{
	int ret = t->sysroot ? -ENOENT : ksc_open(kp, NULL);

	if (t->sysroot || (ret && ret != -ENOENT && ret != -ESTALE)) {
		if (!t->sysroot)
			ksc_close(*kp);
		ret = tool_open(t, kp);
		return ret ? ret : complete(t, *kp);
	}
	if (!ret && view_native(*kp))
		return complete(t, *kp);
	if (!ret)
		tool_error(t, "note: %s does not tell of this machine's own ABI "
			   "('dmesg' says why): " VIEW_NAMES_ALONE, KSYSCALLS_SYSFS_DIR);
	else if (ret == -ENOENT)
		tool_error(t, "note: neither module nor survey: " VIEW_NAMES_ALONE);
	else
		tool_error(t, "note: %s: " VIEW_NAMES_ALONE, ksc_error(*kp));
	ksc_close(*kp);
	ret = view_names(kp);
	if (!ret)
		return TOOL_OK;
	tool_error(t, "libseccomp does not know this machine: %s", strerror(-ret));
	return TOOL_NO_TREE;
}

static void print_abi_names(const struct ksc *k, const char *lead)
{
	const struct ksc_abi *abi;

	fputs(lead, stderr);
	ksc_abi_foreach(abi, k)
		fprintf(stderr, " %s", ksc_abi_id(abi));
	fputc('\n', stderr);
}

/**
 * tool_abi() - the ABI that the command line asks for
 * @t: the run
 * @k: an open tree
 * @name: what --abi said; NULL for this machine's own
 * @abip: receives the ABI, which belongs to @k
 *
 * Return: TOOL_OK, or TOOL_USAGE or TOOL_NO_TREE with the reason told.
 */
int tool_abi(const struct tool *t, const struct ksc *k, const char *name,
	     const struct ksc_abi **abip)
{
	if (!ksc_abi_next(k, NULL)) {
		tool_error(t, "the tree publishes no ABI at all; 'dmesg' says why");
		return TOOL_NO_TREE;
	}
	if (name) {
		*abip = ksc_abi_by_name(k, name);
		if (*abip)
			return TOOL_OK;
		tool_error(t, "the tree does not publish the ABI '%s'", name);
	} else {
		*abip = view_native(k);
		if (*abip)
			return TOOL_OK;
		tool_error(t, "the tree is of another architecture: choose an ABI with --abi");
	}
	print_abi_names(k, "It publishes:");
	return TOOL_USAGE;
}

/**
 * tool_parse_nr() - read a syscall number
 * @text: decimal, or hexadecimal after 0x; no sign, no spaces
 * @nr: receives the number
 *
 * Return: 0, -EINVAL if @text is not a number, -ERANGE if no syscall can have it.
 */
int tool_parse_nr(const char *text, uint32_t *nr)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = hex ? text + 2 : text;
	unsigned long long value;

	if (!*digits ||
	    digits[strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789")])
		return -EINVAL;
	errno = 0;
	value = strtoull(digits, NULL, hex ? 16 : 10);
	/* The kernel takes the number as an int, and -1 is a tracer's skip. */
	if (errno || value > INT32_MAX)
		return -ERANGE;
	*nr = (uint32_t)value;
	return 0;
}

/**
 * tool_nr_owner() - whose number is it?
 * @k: an open tree
 * @abi: the ABI that is asked about
 * @nr: as the sysfs files have it, or as seccomp has it, with the base; no ABI is so
 *	long that the two could meet. It is made relative to @abi's base.
 *
 * Return: @abi, also for a number beyond its last; another ABI of the same machine
 * language if the number is that one's.
 */
const struct ksc_abi *tool_nr_owner(const struct ksc *k, const struct ksc_abi *abi, uint32_t *nr)
{
	uint32_t base = ksc_abi_base(abi);
	const struct ksc_abi *other;

	if (base && *nr >= base)
		*nr -= base;
	if (*nr < ksc_abi_nr_syscalls(abi))
		return abi;
	other = ksc_abi_by_arch(k, ksc_abi_audit_arch(abi), *nr + base);
	return other ?: abi;
}

/**
 * tool_check_word() - can this be the name or the number of a syscall?
 * @t: the run
 * @text: an operand
 *
 * Return: TOOL_OK, or TOOL_USAGE with the reason told.
 */
int tool_check_word(const struct tool *t, const char *text)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	uint32_t nr;
	int ret = -EINVAL;

	if (*text && !text[strspn(text, allowed)])
		ret = *text >= '0' && *text <= '9' ? tool_parse_nr(text, &nr) : 0;
	if (ret == -ERANGE)
		return tool_usage(t, "%s: out of range, syscall numbers are 0 to %d", text,
				  INT32_MAX);
	if (ret)
		return tool_usage(t, "'%s': neither a name nor a number", text);
	return TOOL_OK;
}

/**
 * tool_absent_name() - a name for a number that the tree has no name for
 * @abi: the ABI
 * @nr: relative to the ABI's base
 *
 * The kernel names only what it implements. libseccomp's table fills in what was
 * known when that was released, and Linux's own tables what came later.
 *
 * Return: the name, for the caller to free(), or NULL.
 */
char *tool_absent_name(const struct ksc_abi *abi, uint32_t nr)
{
	char *name = seccomp_syscall_resolve_num_arch(ksc_abi_scmp_arch(abi),
						      (int)(ksc_abi_base(abi) + nr));
	const char *newer = name ? NULL : survey_name(ksc_abi_id(abi), nr);

	return newer ? strdup(newer) : name;
}

/**
 * tool_known_name() - has anybody heard of this syscall?
 * @abi: the ABI
 * @name: a name that the tree does not list for @abi
 * @nr: receives its number, relative to the ABI's base, for TOOL_KNOWN_HERE
 *
 * Return: who knows it: libseccomp or Linux's own tables for this ABI, libseccomp or
 * the release table for some other, or nobody.
 */
enum tool_known tool_known_name(const struct ksc_abi *abi, const char *name, uint32_t *nr)
{
	int found = ksc_abi_scmp_nr(abi, name);

	if (found < 0)
		found = survey_nr(ksc_abi_id(abi), name);
	if (found >= 0) {
		*nr = (uint32_t)found;
		return TOOL_KNOWN_HERE;
	}
	return ksc_abi_known(abi, name) ? TOOL_KNOWN_ELSEWHERE : TOOL_KNOWN_NOWHERE;
}
