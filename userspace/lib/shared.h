/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the libraries and the commands each have a use for, in one place: small enough
 * to be compiled into every one of them.
 */
#ifndef KSC_SHARED_H
#define KSC_SHARED_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

/* Of a library's own functions: those that its version script names, too. */
#define KSC_PUBLIC	__attribute__((visibility("default")))

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#ifndef SECCOMP_RET_USER_NOTIF
#define SECCOMP_RET_USER_NOTIF	0x7fc00000u
#endif

#ifndef AUDIT_ARCH_LOONGARCH64
#define AUDIT_ARCH_LOONGARCH64	(258 | __AUDIT_ARCH_64BIT | __AUDIT_ARCH_LE)
#endif

/* ---- architectures ------------------------------------------------------- */

/* libseccomp's token is the audit architecture, but for x32, which has none of its own. */
static inline uint32_t ksc_audit_arch_of(uint32_t scmp_arch)
{
	return scmp_arch == (AUDIT_ARCH_X86_64 & ~__AUDIT_ARCH_64BIT) ? AUDIT_ARCH_X86_64 :
									scmp_arch;
}

/* ---- what a filter answers ---------------------------------------------- */

/* How strict an answer is, from the least on. */
enum ksc_strength {
	KSC_PASSES,		/* the call goes through */
	KSC_TRACED,		/* a tracer decides */
	KSC_SUPERVISED,		/* a supervisor does */
	KSC_DENIED,
	KSC_FATAL,		/* and nobody goes on by that */
};

struct ksc_action {
	uint32_t action;
	const char *name;
	enum ksc_strength strength;
	bool special;		/* row 1: something besides the caller sees the syscall */
	bool silent;		/* as a default action it asks for no change */
	bool data;		/* somebody reads the low half */
	bool choice;		/* and libseccomp puts a number of the caller's there */
};

/* NULL for what is no action. */
static inline const struct ksc_action *ksc_find_action(uint32_t action)
{
	/* What is met most comes first. */
	static const struct ksc_action actions[] = {
		{ SECCOMP_RET_ALLOW, "ALLOW", KSC_PASSES, .silent = true },
		{ SECCOMP_RET_LOG, "LOG", KSC_PASSES, .special = true, .silent = true },
		{ SECCOMP_RET_TRACE, "TRACE", KSC_TRACED, .special = true, .silent = true,
		  .data = true, .choice = true },
		{ SECCOMP_RET_USER_NOTIF, "NOTIFY", KSC_SUPERVISED, .special = true,
		  .silent = true },
		{ SECCOMP_RET_ERRNO, "ERRNO", KSC_DENIED, .data = true, .choice = true },
		{ SECCOMP_RET_TRAP, "TRAP", KSC_FATAL, .special = true, .data = true },
		{ SECCOMP_RET_KILL_THREAD, "KILL_THREAD", KSC_FATAL, .special = true },
		{ SECCOMP_RET_KILL_PROCESS, "KILL_PROCESS", KSC_FATAL, .special = true },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(actions); i++)
		if ((action & SECCOMP_RET_ACTION_FULL) == actions[i].action)
			return &actions[i];
	return NULL;
}

/* A program in the other byte order. */
static inline void ksc_swap_program(struct sock_filter *prog, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		prog[i].code = __builtin_bswap16(prog[i].code);
		prog[i].k = __builtin_bswap32(prog[i].k);
	}
}

/* ---- numbers -------------------------------------------------------------- */

/* libseccomp's pseudo numbers: -101 is call 1 of socketcall, -201 call 1 of ipc. */
static inline bool ksc_is_muxed(int nr)
{
	return nr <= -100 && nr > -300;
}

/* ---- text ---------------------------------------------------------------- */

/* Is @word among those of @list, which have blanks between them? "" is no word. */
static inline bool ksc_has_word(const char *list, const char *word)
{
	size_t len = strlen(word);
	const char *at;

	for (at = list; len && (at = strstr(at, word)); at += len)
		if ((at == list || at[-1] == ' ') && (!at[len] || at[len] == ' '))
			return true;
	return false;
}

/* How long the character at @s, which ends with a NUL, is in UTF-8; 0: it is none. */
static inline size_t ksc_utf8_len(const unsigned char *s)
{
	size_t len = *s < 0x80 ? 1 : *s >= 0xc2 && *s < 0xe0 ? 2 : *s >= 0xe0 && *s < 0xf0 ? 3 :
		     *s >= 0xf0 && *s < 0xf5 ? 4 : 0;
	size_t i;

	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	}
	/* What a shorter one says, too, half of a character, and beyond the last. */
	if ((*s == 0xe0 && s[1] < 0xa0) || (*s == 0xed && s[1] >= 0xa0) ||
	    (*s == 0xf0 && s[1] < 0x90) || (*s == 0xf4 && s[1] >= 0x90))
		return 0;
	return len;
}

/* ---- files --------------------------------------------------------------- */

/* To the end, or as much as there is room for. Return: 0 or a negative errno. */
static inline int ksc_read_all(int fd, void *data, size_t room, size_t *len)
{
	char *at = (char *)data;
	ssize_t n = 1;

	for (*len = 0; n && *len < room; *len += n > 0 ? (size_t)n : 0) {
		n = read(fd, at + *len, room - *len);
		if (n < 0 && errno != EINTR)
			return -errno;
	}
	return 0;
}

/* Return: 0 or a negative errno. */
static inline int ksc_write_all(int fd, const void *data, size_t len)
{
	const char *at = (const char *)data;
	ssize_t n;

	while (len) {
		n = write(fd, at, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

static inline const char *ksc_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

#endif /* KSC_SHARED_H */
