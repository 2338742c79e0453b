/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libksyscalls: the kernel's own word on which syscalls it has.
 *
 * Conventions. Functions that can fail return 0 or a negative errno. What a
 * function gives out through a pointer is set in every case. Handles
 * are opaque; one handle may be read by many threads once it is open. The
 * library never prints, never exits and keeps no global state. Strings that a
 * function returns belong to the handle and live as long as it does, what it says of
 * an error until the next. A pointer is NULL only where that is said.
 */
#ifndef KSYSCALLS_H
#define KSYSCALLS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct sock_filter;

/* An opened tree: what one kernel, here or elsewhere, implements. */
struct ksc;
/* One syscall numbering: an AUDIT_ARCH_* value and a number base. */
struct ksc_abi;
/* What a seccomp profile says, to be weighed against a tree. */
struct ksc_policy;
/* A newer syscall and an older one that programs use where it is missing. */
struct ksc_successor;

/* ---- the version ------------------------------------------------------ */

/* Of this header; ksc_version() has the library's. */
#define KSC_VERSION_MAJOR	0
#define KSC_VERSION_MINOR	1
#define KSC_VERSION_PATCH	0
/* For #if: is this header of that version or a later one? */
#define KSC_VERSION_AT_LEAST(major, minor, patch)				\
	(KSC_VERSION_MAJOR * 0x10000 + KSC_VERSION_MINOR * 0x100 + KSC_VERSION_PATCH >= \
	 (major) * 0x10000 + (minor) * 0x100 + (patch))

/**
 * ksc_version() - which version of the library this is
 *
 * Since: 0.1
 * Return: "0.1.0".
 */
const char *ksc_version(void);

/* ---- the tree --------------------------------------------------------- */

/* Below it is the tree of a survey of this machine, which root made. */
#define KSC_SURVEY_ROOT	"/run/ksyscalls"

/* Beside the version in a tree that is not the module's: a word, what made it; and the
 * release of the kernel that it describes.
 */
#define KSC_FILE_SOURCE		"source"
#define KSC_FILE_RELEASE	"release"

/* In an ABI's directory, if there are any: the numbers that are neither known to be
 * implemented nor known not to be, as in its list; "N-" at its end is N and all beyond.
 */
#define KSC_FILE_UNKNOWN	"unknown"

/**
 * ksc_open() - read the tree of a kernel
 * @kp: receives the handle, after most failures too; the caller ends it with
 *	ksc_close() in every case
 * @root: what the tree's path starts with: a copied tree is a snapshot of another
 *	host. NULL, "" and "/" are this machine.
 *
 * The tree is at @root/sys/kernel/syscalls; of this machine at /sys/kernel/syscalls
 * or, if there is no module, where KSC_SURVEY_ROOT has the survey that root made. It
 * is read once and checked to the last byte. After a failure the handle has no ABI;
 * ksc_error() has the file, the byte, counted from 0, and the cause.
 *
 * Since: 0.1
 * Return: 0; -ENOENT: there is no tree (module not loaded, no survey); -ESTALE: the
 * survey is of another kernel than the running one; -ENOTSUP: a version of the sysfs
 * ABI that this library does not read; -EBADMSG: a file is missing, is none, or is
 * not as the kernel writes it; -ELOOP, -EACCES and others: a file cannot be read;
 * -ENOMEM: *@kp is NULL.
 */
int ksc_open(struct ksc **kp, const char *root);

/**
 * ksc_open_at() - read the tree that a directory has
 * @kp: as for ksc_open()
 * @dirfd: a directory that is a tree itself, such as /sys/kernel/syscalls: it has
 *	the file version. One opened by O_PATH will do. It stays the caller's.
 *
 * For whoever opens the directory while it can be reached, and gives up its root
 * before it reads. What survey that is of which kernel is the caller's to ask:
 * ksc_source() and ksc_release() tell.
 *
 * Since: 0.1
 * Return: as ksc_open(), but for -ENOENT and -ESTALE; -EBADF.
 */
int ksc_open_at(struct ksc **kp, int dirfd);

/**
 * ksc_new() - make a tree of names, for where there is none of a kernel
 * @kp: receives the handle, to be ended with ksc_close(), or NULL
 *
 * It has numbers and their names, from ksc_add_abi(), and does not know what is
 * implemented: ksc_abi_implemented() cannot tell. A policy made for it answers by
 * what the profile's author can have known alone, and a number without a name counts
 * as newer than any baseline. ksc_source() is "names".
 *
 * Since: 0.1
 * Return: 0 or -ENOMEM.
 */
int ksc_new(struct ksc **kp);

/**
 * ksc_add_abi() - add an ABI's names to a tree
 * @k: from ksc_new(), or a tree that lacks the ABI; before a policy is made for it
 * @id: what a tree's directory would be called, "x86_64"
 * @audit_arch: AUDIT_ARCH_* value
 * @base: what is added to the numbers of @names to get seccomp_data's
 * @names: lines "nr name", ascending, as in a names file; not needed afterwards
 *
 * What is implemented of it nobody knows, whatever else @k tells; and ksc_digest() of a
 * kernel's tree stays what it was.
 *
 * Since: 0.1
 * Return: 0; -EBUSY: a policy was made; -EINVAL: @id is no
 * name of an ABI; -EBADMSG: @names is no such text, or overlaps with another ABI;
 * -ENOSPC: too many ABIs; -ENOMEM. After an error ksc_error() has the cause and
 * @k is as it was.
 */
int ksc_add_abi(struct ksc *k, const char *id, uint32_t audit_arch, uint32_t base,
		const char *names);

/**
 * ksc_close() - end a handle and all that belongs to it
 * @k: the handle, or NULL
 *
 * What policies made from @k need lives as long as the last of them.
 *
 * Since: 0.1
 */
void ksc_close(struct ksc *k);

/**
 * ksc_error() - why ksc_open() or ksc_add_abi() failed
 * @k: the handle, or NULL
 *
 * Since: 0.1
 * Return: one line, "" if there is nothing to say; it belongs to @k until the next
 * failure.
 */
const char *ksc_error(const struct ksc *k);

/**
 * ksc_root() - the root that was opened
 * @k: the handle
 *
 * Since: 0.1
 * Return: without slashes at its end, "/" for this machine's module, KSC_SURVEY_ROOT
 * for its survey; NULL if ksc_open_at() opened the tree. It belongs to @k.
 */
const char *ksc_root(const struct ksc *k);

/**
 * ksc_source() - where a tree comes from
 * @k: an open tree
 *
 * Since: 0.1
 * Return: "module"; "survey": 'ksyscalls survey' made it; "snapshot": a copy of a
 * module's; "names": from ksc_new(); or another word that the tree has for itself. It
 * belongs to @k.
 */
const char *ksc_source(const struct ksc *k);

/**
 * ksc_release() - the kernel that a tree describes
 * @k: an open tree
 *
 * Since: 0.1
 * Return: its release as uname(2) tells it, NULL if nobody says; it belongs to @k.
 */
const char *ksc_release(const struct ksc *k);

/**
 * ksc_digest() - a key for what was made from this tree
 * @k: an open tree
 * @out: receives 32 bytes
 *
 * SHA-256 of a text that has the facts and nothing else, so that equal kernels
 * have equal keys on every host: the line "ksyscalls 1"; then for each ABI, in the
 * order of ksc_abi_next(), the line "abi NAME 0xAUDITARCH 0xBASE NR_SYSCALLS",
 * both hexadecimal numbers of eight digits, and after it the lines of its names
 * file, before them "0 -" if 0 is implemented and has no name, after them "NR ?" for
 * each number up to NR_SYSCALLS of which a survey cannot tell. Every line ends with a
 * newline. The first is "names 1" for a tree from ksc_new().
 *
 * Since: 0.1
 */
void ksc_digest(const struct ksc *k, uint8_t out[32]);

/* ---- ABIs ------------------------------------------------------------- */

/**
 * ksc_abi_next() - the next ABI of a tree
 * @k: an open tree
 * @prev: the one before, NULL for the first
 *
 * 64-bit ABIs come first, those with one AUDIT_ARCH_* together, by rising base.
 *
 * Since: 0.1
 * Return: the ABI, which belongs to @k; NULL after the last.
 */
const struct ksc_abi *ksc_abi_next(const struct ksc *k, const struct ksc_abi *prev);
/* For each, in that order. */
#define ksc_abi_foreach(abi, k) \
	for ((abi) = ksc_abi_next((k), NULL); (abi); (abi) = ksc_abi_next((k), (abi)))
/**
 * ksc_abi_by_name() - an ABI by its directory's name
 * @k: an open tree
 * @name: "x86_64"
 *
 * Since: 0.1
 * Return: the ABI, which belongs to @k; NULL if it is not published.
 */
const struct ksc_abi *ksc_abi_by_name(const struct ksc *k, const char *name);

/**
 * ksc_abi_by_arch() - the ABI that a number belongs to
 * @k: an open tree
 * @audit_arch: AUDIT_ARCH_* value
 * @nr: as seccomp_data has it, with the base
 *
 * Among the ABIs of one AUDIT_ARCH_* it is the one with the largest base that is
 * not above @nr, also if @nr is beyond its nr_syscalls: there it has nothing.
 * Numbers from 0x40000000 on are x32's and never x86_64's, those from 0xf0000 on
 * ARM's private calls and never arm's, whether those are published or not. The
 * three numberings of MIPS have an AUDIT_ARCH_* each.
 *
 * Since: 0.1
 * Return: the ABI, which belongs to @k; NULL if none is published for @nr, and
 * for 0xffffffff, by which a tracer skips a syscall.
 */
const struct ksc_abi *ksc_abi_by_arch(const struct ksc *k, uint32_t audit_arch, uint32_t nr);

/**
 * ksc_abi_native() - the kernel's own ABI
 * @k: an open tree
 *
 * The widest one of the tree, which of a snapshot is not this machine's.
 *
 * Since: 0.1
 * Return: the ABI, which belongs to @k; NULL if it is not published.
 */
const struct ksc_abi *ksc_abi_native(const struct ksc *k);

/* What the files of an ABI's directory say; nr_implemented counts the bits, of ksc_add_abi()
 * the names. Since 0.1.
 */
const char *ksc_abi_id(const struct ksc_abi *abi);
uint32_t ksc_abi_audit_arch(const struct ksc_abi *abi);
uint32_t ksc_abi_base(const struct ksc_abi *abi);
unsigned int ksc_abi_nr_syscalls(const struct ksc_abi *abi);
unsigned int ksc_abi_nr_implemented(const struct ksc_abi *abi);

/**
 * ksc_abi_implemented() - does the kernel do anything but answer ENOSYS?
 * @abi: the ABI, or NULL
 * @nr: relative to the ABI's base, as in the sysfs files
 *
 * Since: 0.1
 * Return: 1; 0, for a number beyond nr_syscalls too; -ENOENT if @abi cannot tell,
 * because it is NULL, of ksc_new(), or a survey's that does not know of @nr, or @nr is
 * another ABI's (see ksc_abi_by_arch()).
 */
int ksc_abi_implemented(const struct ksc_abi *abi, uint32_t nr);

/**
 * ksc_abi_nr() - a syscall's number
 * @abi: the ABI, or NULL
 * @name: UAPI name, or NULL
 *
 * Since: 0.1
 * Return: the number, relative to the ABI's base; -ENOENT if the kernel does not
 * implement a syscall of that name, whatever its number would be, or one is NULL.
 */
int ksc_abi_nr(const struct ksc_abi *abi, const char *name);

/**
 * ksc_abi_name() - a number's syscall
 * @abi: the ABI
 * @nr: relative to the ABI's base
 *
 * Since: 0.1
 * Return: its UAPI name, which belongs to the handle; NULL if not implemented, or
 * if the kernel answers the number but has no name for it (arm_private's 0). Of
 * several names it is the first that the tree lists.
 */
const char *ksc_abi_name(const struct ksc_abi *abi, uint32_t nr);

/**
 * ksc_ret_enosys() - the answer ENOSYS, which has another number on some machines
 * @audit_arch: AUDIT_ARCH_* value; it may be another machine's than this one
 *
 * Since: 0.1
 * Return: SECCOMP_RET_ERRNO with that architecture's ENOSYS.
 */
uint32_t ksc_ret_enosys(uint32_t audit_arch);

/* ---- releases --------------------------------------------------------- */

/* A Linux release as one number that compares: 5.10 is KSC_RELEASE(5, 10). */
#define KSC_RELEASE(major, minor)	((unsigned int)(major) << 16 | (unsigned int)(minor))
#define KSC_RELEASE_NONE		0u	/* no baseline: row 4 never matches */
#define KSC_RELEASE_INFER		1u	/* what the names that the profile has tell of */
#define KSC_RELEASE_UNKNOWN		0xffffffffu /* newer than any */

/**
 * ksc_release_parse() - read "X.Y"
 * @text: nothing before and nothing after it
 * @release: receives KSC_RELEASE(X, Y), after an error KSC_RELEASE_UNKNOWN
 *
 * Since: 0.1
 * Return: 0 or -EINVAL.
 */
int ksc_release_parse(const char *text, unsigned int *release);

/**
 * ksc_release_of() - the first mainline release that has a syscall
 * @name: UAPI name; may be NULL, which no table has
 *
 * Since: 0.1
 * Return: KSC_RELEASE(); 2.6 stands for that and all before; KSC_RELEASE_UNKNOWN,
 * which compares as newer than any, for a name that the table does not have.
 */
unsigned int ksc_release_of(const char *name);

/**
 * ksc_release_next() - a line of the release table
 * @i: from 0 on; lines are sorted by name
 * @name: receives the name, which is the library's
 * @release: receives the release
 *
 * Since: 0.1
 * Return: 0, or -ENOENT after the last.
 */
int ksc_release_next(size_t i, const char **name, unsigned int *release);

/**
 * ksc_release_line() - where a name is in the release table
 * @name: UAPI name; may be NULL, which no table has
 *
 * For whoever keeps something of his own for each name. It takes no time for a name that
 * ksc_release_next() told, and so does whatever takes one.
 *
 * Since: 0.1
 * Return: the line, as ksc_release_next() counts, or -ENOENT.
 */
int ksc_release_line(const char *name);

/* ---- successors ------------------------------------------------------- */

/**
 * ksc_successor_next() - a line of the table of successors
 * @prev: the line before, NULL for the first
 *
 * A line for each pair, sorted by the newer call's name.
 *
 * Since: 0.1
 * Return: the line, which is the library's; NULL after the last.
 */
const struct ksc_successor *ksc_successor_next(const struct ksc_successor *prev);

/**
 * ksc_successor_name() - the newer call
 * @s: the line
 *
 * Since: 0.1
 * Return: its UAPI name, which is the library's.
 */
const char *ksc_successor_name(const struct ksc_successor *s);

/**
 * ksc_successor_predecessor() - the older call
 * @s: the line
 *
 * Since: 0.1
 * Return: its UAPI name, which is the library's; NULL if there is none, and
 * programs go on without where the newer one is missing.
 */
const char *ksc_successor_predecessor(const struct ksc_successor *s);

/**
 * ksc_successor_family() - the calls that get one answer
 * @s: the line
 *
 * It is ENOSYS for all of them that a profile denies if it lets a predecessor of any
 * through, and else that of each call by itself.
 *
 * Since: 0.1
 * Return: the family's name, which is the library's; NULL for none.
 */
const char *ksc_successor_family(const struct ksc_successor *s);

/**
 * ksc_successor_equal() - can nothing more be done by the newer call?
 * @s: the line
 *
 * Since: 0.1
 * Return: 1 if so, with both allowed for all arguments; else 0.
 */
int ksc_successor_equal(const struct ksc_successor *s);

/**
 * ksc_successor_on() - does a line hold on an ABI?
 * @s: the line
 * @abi: the ABI's name, "x86_64"
 *
 * Since: 0.1
 * Return: 1 or 0.
 */
int ksc_successor_on(const struct ksc_successor *s, const char *abi);

/* ---- policy ----------------------------------------------------------- */

/*
 * Which row of the policy decided. A value keeps its meaning for good; later
 * versions may return others.
 */
enum ksc_row {
	KSC_ROW_UNCOVERED = 0,	/* 0: nr -1, ABI not published, or not in the profile */
	KSC_ROW_SPECIAL = 1,	/* 1: KILL, TRAP, TRACE, NOTIFY or LOG rule */
	KSC_ROW_ABSENT = 2,	/* 2: the kernel does not implement it */
	KSC_ROW_NAMED = 3,	/* 3: the profile names it */
	KSC_ROW_UNRESOLVED = 4,	/* 3': named, but libseccomp does not know the name */
	KSC_ROW_NEWER = 5,	/* 4: newer than the baseline, or release unknown */
	KSC_ROW_DENIED = 6,	/* 5: known, implemented, not allowed */
	KSC_ROW_DEFAULT = 7,	/* the default action asks for no change at all */
	KSC_ROW_SUCCESSOR = 8,	/* 4': programs do by an older call what the profile permits */
	KSC_ROW_SITE = 9	/* ksc_policy_set_site() decided, of what rows 4 to 5 would have */
};

#define KSC_EXPLICIT_RESPECT	0x1u	/* an explicit ERRNO rule beats an absent syscall */
#define KSC_ALLOW_UNKNOWN	0x2u	/* row 3': allow what libseccomp cannot resolve */
#define KSC_KEEP_FATAL		0x4u	/* default KILL or TRAP: new syscalls stay fatal */

/* What becomes of a syscall whose predecessor the profile lets through. */
#define KSC_SUCCESSORS_ENOSYS	0u	/* programs fall back on the older one */
#define KSC_SUCCESSORS_EPERM	1u	/* there is no row 4' */
#define KSC_SUCCESSORS_ALLOW	2u	/* allow it where it can do no more, else ENOSYS */

/* What a site answers for a syscall that the profile denies by not naming it. */
#define KSC_SITE_ENOSYS		1u
#define KSC_SITE_EPERM		2u

#define KSC_RULE_ARGS		0x1u	/* the rule looks at arguments */
#define KSC_RULE_UNRESOLVED	0x2u	/* libseccomp cannot resolve the name on this ABI */

/**
 * ksc_policy_new() - an empty policy
 * @pp: receives it; the caller ends it with ksc_policy_free()
 * @k: an open tree; the policy keeps it alive, so that it may be closed first
 *
 * Nothing is known of the profile yet: no default action, no rule, every ABI
 * covered, the baseline inferred, no flag.
 *
 * Since: 0.1
 * Return: 0; -EINVAL without a tree; -ENOMEM.
 */
int ksc_policy_new(struct ksc_policy **pp, const struct ksc *k);

/**
 * ksc_policy_free() - end a policy
 * @p: the policy, or NULL
 *
 * Since: 0.1
 */
void ksc_policy_free(struct ksc_policy *p);

/**
 * ksc_policy_view() - the tree that a policy was made for
 * @p: the policy
 *
 * Since: 0.1
 * Return: the tree; it lives at least as long as @p.
 */
const struct ksc *ksc_policy_view(const struct ksc_policy *p);

/**
 * ksc_policy_set_default() - the profile's default action
 * @p: the policy
 * @action: SECCOMP_RET_* with its data, such as SECCOMP_RET_ERRNO | EPERM
 *
 * Until it is set, rows 0 to 2 alone decide. ENOSYS is what the tree's
 * architecture calls it, 89 on MIPS.
 *
 * Since: 0.1
 * Return: 0, or -EINVAL for what is no action.
 */
int ksc_policy_set_default(struct ksc_policy *p, uint32_t action);

/**
 * ksc_policy_default() - what ksc_policy_set_default() has set
 * @p: the policy
 * @action: receives it, 0 if there is none
 *
 * Since: 0.1
 * Return: 0, or -ENOENT if none was set.
 */
int ksc_policy_default(const struct ksc_policy *p, uint32_t *action);

/**
 * ksc_policy_set_baseline() - the newest release that the author knew
 * @p: the policy
 * @release: KSC_RELEASE(), KSC_RELEASE_NONE or KSC_RELEASE_INFER
 *
 * KSC_RELEASE_INFER, as from the start, goes by the names of all rules, before and after
 * it is set, and by those of ksc_policy_note(). No name decides alone, since it may be
 * ahead of its time: see ksc_policy_outlier().
 *
 * Since: 0.1
 * Return: 0, or -EINVAL for KSC_RELEASE_UNKNOWN.
 */
int ksc_policy_set_baseline(struct ksc_policy *p, unsigned int release);

/**
 * ksc_policy_baseline() - the baseline that is in force
 * @p: the policy
 *
 * Since: 0.1
 * Return: as set; if inferred, what the names tell of, or KSC_RELEASE_NONE if the table
 * has none of them.
 */
unsigned int ksc_policy_baseline(const struct ksc_policy *p);

/**
 * ksc_policy_note() - the profile has names in rules that do not apply
 * @p: the policy
 * @names: UAPI names; those that have rules which apply may be among them
 * @n: how many they are
 *
 * Its author knew the syscalls, though the rules are for other capabilities, architectures
 * or kernels.
 *
 * Since: 0.1
 */
void ksc_policy_note(struct ksc_policy *p, const char *const *names, size_t n);

/**
 * ksc_policy_witness() - a name that the inferred baseline goes by
 * @p: the policy
 * @i: from 0 on
 *
 * Since: 0.1
 * Return: the @i'th of the profile's names that are of the newest release not beyond
 * the baseline; NULL after the last, or if the baseline was set.
 */
const char *ksc_policy_witness(const struct ksc_policy *p, size_t i);

/**
 * ksc_policy_outlier() - a name that the inferred baseline does not go by
 * @p: the policy
 * @i: from 0 on
 *
 * Since: 0.1
 * Return: the @i'th of the profile's names that are newer than the baseline, held to be
 * ahead of their time; NULL after the last, or if the baseline was set.
 */
const char *ksc_policy_outlier(const struct ksc_policy *p, size_t i);

/**
 * ksc_policy_set_successors() - what becomes of syscalls that follow an allowed one
 * @p: the policy
 * @how: KSC_SUCCESSORS_*; from the start KSC_SUCCESSORS_ENOSYS
 *
 * With KSC_SUCCESSORS_ALLOW a syscall that the table marks as no more powerful is
 * allowed where the profile allows its predecessor whatever the arguments are. Nothing
 * else here allows what the profile denies, but KSC_ALLOW_UNKNOWN.
 *
 * Since: 0.1
 * Return: 0, or -EINVAL for what is none of them.
 */
int ksc_policy_set_successors(struct ksc_policy *p, unsigned int how);

/**
 * ksc_policy_set_site() - decide what a syscall is answered if the profile denies it
 * @p: the policy
 * @name: UAPI name; copied
 * @answer: KSC_SITE_ENOSYS or KSC_SITE_EPERM
 *
 * Takes the place of rows 4 to 5: what the profile names, or the kernel lacks, is
 * answered as before.
 *
 * Since: 0.1
 * Return: 0; -ENOENT: neither the tree nor the table of releases has the name;
 * -EEXIST: the other answer was decided before; -EINVAL: what is no answer, or a
 * syscall that the kernel itself issues; -ENOMEM.
 */
int ksc_policy_set_site(struct ksc_policy *p, const char *name, unsigned int answer);

/**
 * ksc_policy_set_flags() - the knobs
 * @p: the policy
 * @flags: KSC_EXPLICIT_RESPECT, KSC_ALLOW_UNKNOWN, KSC_KEEP_FATAL; replaces all
 *
 * Since: 0.1
 * Return: 0, or -EINVAL for a flag that is unknown.
 */
int ksc_policy_set_flags(struct ksc_policy *p, unsigned int flags);

/**
 * ksc_policy_take_knobs() - set all that the ksc_policy_set_ functions set as elsewhere
 * @p: the policy
 * @from: another one; its default action and what it knows of a profile is not taken
 *
 * Since: 0.1
 * Return: 0, or -ENOMEM, with @p as it was.
 */
int ksc_policy_take_knobs(struct ksc_policy *p, const struct ksc_policy *from);

/**
 * ksc_policy_cover() - the profile covers an ABI
 * @p: the policy
 * @abi: the ABI
 *
 * Until the first call every published ABI counts as covered.
 *
 * Since: 0.1
 * Return: 0, or -EINVAL for an ABI of another tree.
 */
int ksc_policy_cover(struct ksc_policy *p, const struct ksc_abi *abi);

/**
 * ksc_policy_rule() - the profile has a rule for a name
 * @p: the policy
 * @abi: the ABI
 * @name: UAPI name; copied
 * @action: SECCOMP_RET_* with its data
 * @flags: KSC_RULE_ARGS, KSC_RULE_UNRESOLVED
 *
 * Since: 0.1
 * Return: 0; -ENOENT: the tree has no such name on @abi, so only the inferred
 * baseline took note of it (see ksc_policy_rule_nr()); -EINVAL: no name, an action or
 * a flag that is unknown, or another tree's ABI; -ENOMEM.
 */
int ksc_policy_rule(struct ksc_policy *p, const struct ksc_abi *abi, const char *name,
		    uint32_t action, unsigned int flags);

/**
 * ksc_policy_rule_nr() - the profile has a rule for a number
 * @p: the policy
 * @abi: the ABI
 * @nr: relative to the ABI's base
 * @name: what the profile calls it; copied
 * @action: SECCOMP_RET_* with its data
 * @flags: KSC_RULE_ARGS, KSC_RULE_UNRESOLVED
 *
 * For what the tree does not name, since it names only what is implemented.
 *
 * Since: 0.1
 * Return: 0; -ERANGE: @nr is another ABI's; -EINVAL; -ENOMEM.
 */
int ksc_policy_rule_nr(struct ksc_policy *p, const struct ksc_abi *abi, uint32_t nr,
		       const char *name, uint32_t action, unsigned int flags);

/**
 * ksc_policy_allows() - do the profile's own rules let a call through in any case
 * @p: the policy
 * @abi: the ABI
 * @nr: relative to the ABI's base
 *
 * In any case: whatever its arguments are. Rules that libseccomp cannot resolve are none
 * of its filter's, and do not count; neither does the default action.
 *
 * Since: 0.1
 * Return: 1 or 0; 0 for another tree's ABI.
 */
int ksc_policy_allows(const struct ksc_policy *p, const struct ksc_abi *abi, uint32_t nr);

/**
 * ksc_verdict() - what to answer for one number
 * @p: the policy
 * @audit_arch: AUDIT_ARCH_* value
 * @nr: as seccomp_data has it, with the base
 *
 * Since: 0.1
 * Return: 0: fall through to the profile's own filter; else a SECCOMP_RET_* value.
 */
uint32_t ksc_verdict(const struct ksc_policy *p, uint32_t audit_arch, uint32_t nr);

/**
 * ksc_verdict_row() - which row of the policy decided
 * @p: the policy
 * @audit_arch: AUDIT_ARCH_* value
 * @nr: as seccomp_data has it, with the base
 *
 * Since: 0.1
 * Return: KSC_ROW_*.
 */
enum ksc_row ksc_verdict_row(const struct ksc_policy *p, uint32_t audit_arch, uint32_t nr);

/**
 * ksc_verdict_name() - what the number is called
 * @p: the policy
 * @audit_arch: AUDIT_ARCH_* value
 * @nr: as seccomp_data has it, with the base
 *
 * Since: 0.1
 * Return: the tree's name, else that of a rule; it belongs to the policy. NULL if
 * neither has one, or the policy does not cover the number's ABI.
 */
const char *ksc_verdict_name(const struct ksc_policy *p, uint32_t audit_arch, uint32_t nr);

/**
 * ksc_verdict_release() - the release that the baseline was compared with
 * @p: the policy
 * @audit_arch: AUDIT_ARCH_* value
 * @nr: as seccomp_data has it, with the base
 *
 * Since: 0.1
 * Return: KSC_RELEASE() of the number's name, KSC_RELEASE_UNKNOWN without one.
 */
unsigned int ksc_verdict_release(const struct ksc_policy *p, uint32_t audit_arch, uint32_t nr);

/**
 * ksc_explain() - the verdict in one line for people
 * @p: the policy
 * @audit_arch: AUDIT_ARCH_* value
 * @nr: as seccomp_data has it, with the base
 * @buf: receives the text, "clone3: 5.3 > baseline 5.0", cut if it is too long;
 *	may be NULL if @len is 0
 * @len: the room in @buf, with the NUL; KSC_EXPLAIN_MAX is always enough
 *
 * Since: 0.1
 * Return: the length of the whole text, as of snprintf(3).
 */
int ksc_explain(const struct ksc_policy *p, uint32_t audit_arch, uint32_t nr, char *buf,
		size_t len);
#define KSC_EXPLAIN_MAX		256

/**
 * ksc_bpf_prefix() - all verdicts as a program to put before the profile's own
 * @p: the policy
 * @out: receives the instructions, in this machine's byte order; or NULL
 * @len: the room in @out; receives the number of instructions, 0 if there is no program
 *
 * Called with @out NULL it tells the room that is needed. The program leaves by
 * its end where it has nothing to say, so another one must follow. It may fall
 * through where ksc_verdict() says ENOSYS if the caller gets ENOSYS then too, and
 * the other way round. It has no instruction if there is nothing to say at all.
 *
 * Since: 0.1
 * Return: 0; -ENOSPC: too little room, *@len says how much is needed; -E2BIG: more
 * than BPF_MAXINSNS; -ENOMEM.
 */
int ksc_bpf_prefix(const struct ksc_policy *p, struct sock_filter *out, size_t *len);

#ifdef __cplusplus
}
#endif

#endif /* KSYSCALLS_H */
