// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The words that profiles use, and what they are to libseccomp and the kernel.
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>

#include "profile.h"

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV	(1UL << 5)
#endif

static const struct word action_words[] = {
	{ "SCMP_ACT_KILL",		SCMP_ACT_KILL },
	{ "SCMP_ACT_KILL_THREAD",	SCMP_ACT_KILL_THREAD },
	{ "SCMP_ACT_KILL_PROCESS",	SCMP_ACT_KILL_PROCESS },
	{ "SCMP_ACT_TRAP",		SCMP_ACT_TRAP },
	{ "SCMP_ACT_ERRNO",		SCMP_ACT_ERRNO(0) },
	{ "SCMP_ACT_TRACE",		SCMP_ACT_TRACE(0) },
	{ "SCMP_ACT_ALLOW",		SCMP_ACT_ALLOW },
	{ "SCMP_ACT_LOG",		SCMP_ACT_LOG },
	{ "SCMP_ACT_NOTIFY",		SCMP_ACT_NOTIFY },
};

static const struct word operator_words[] = {
	{ "SCMP_CMP_NE",		SCMP_CMP_NE },
	{ "SCMP_CMP_LT",		SCMP_CMP_LT },
	{ "SCMP_CMP_LE",		SCMP_CMP_LE },
	{ "SCMP_CMP_EQ",		SCMP_CMP_EQ },
	{ "SCMP_CMP_GE",		SCMP_CMP_GE },
	{ "SCMP_CMP_GT",		SCMP_CMP_GT },
	{ "SCMP_CMP_MASKED_EQ",		SCMP_CMP_MASKED_EQ },
};

static const struct word flag_words[] = {
	{ "SECCOMP_FILTER_FLAG_TSYNC",		SECCOMP_FILTER_FLAG_TSYNC },
	{ "SECCOMP_FILTER_FLAG_LOG",		SECCOMP_FILTER_FLAG_LOG },
	{ "SECCOMP_FILTER_FLAG_SPEC_ALLOW",	SECCOMP_FILTER_FLAG_SPEC_ALLOW },
	{ "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV },
};

/* strerrorname_np() would do, but only glibc has it. */
#define E(name)	{ #name, name }
static const struct word errno_words[] = {
	E(EPERM), E(ENOENT), E(ESRCH), E(EINTR), E(EIO), E(ENXIO), E(E2BIG), E(ENOEXEC),
	E(EBADF), E(ECHILD), E(EAGAIN), E(EWOULDBLOCK), E(ENOMEM), E(EACCES), E(EFAULT),
	E(ENOTBLK), E(EBUSY), E(EEXIST), E(EXDEV), E(ENODEV), E(ENOTDIR), E(EISDIR),
	E(EINVAL), E(ENFILE), E(EMFILE), E(ENOTTY), E(ETXTBSY), E(EFBIG), E(ENOSPC),
	E(ESPIPE), E(EROFS), E(EMLINK), E(EPIPE), E(EDOM), E(ERANGE), E(EDEADLK),
	E(EDEADLOCK), E(ENAMETOOLONG), E(ENOLCK), E(ENOSYS), E(ENOTEMPTY), E(ELOOP),
	E(ENOMSG), E(EIDRM), E(ECHRNG), E(EL2NSYNC), E(EL3HLT), E(EL3RST), E(ELNRNG),
	E(EUNATCH), E(ENOCSI), E(EL2HLT), E(EBADE), E(EBADR), E(EXFULL), E(ENOANO),
	E(EBADRQC), E(EBADSLT), E(EBFONT), E(ENOSTR), E(ENODATA), E(ETIME), E(ENOSR),
	E(ENONET), E(ENOPKG), E(EREMOTE), E(ENOLINK), E(EADV), E(ESRMNT), E(ECOMM), E(EPROTO),
	E(EMULTIHOP), E(EDOTDOT), E(EBADMSG), E(EOVERFLOW), E(ENOTUNIQ), E(EBADFD), E(EREMCHG),
	E(ELIBACC), E(ELIBBAD), E(ELIBSCN), E(ELIBMAX), E(ELIBEXEC), E(EILSEQ), E(ERESTART),
	E(ESTRPIPE), E(EUSERS), E(ENOTSOCK), E(EDESTADDRREQ), E(EMSGSIZE), E(EPROTOTYPE),
	E(ENOPROTOOPT), E(EPROTONOSUPPORT), E(ESOCKTNOSUPPORT), E(EOPNOTSUPP), E(ENOTSUP),
	E(EPFNOSUPPORT), E(EAFNOSUPPORT), E(EADDRINUSE), E(EADDRNOTAVAIL), E(ENETDOWN),
	E(ENETUNREACH), E(ENETRESET), E(ECONNABORTED), E(ECONNRESET), E(ENOBUFS), E(EISCONN),
	E(ENOTCONN), E(ESHUTDOWN), E(ETOOMANYREFS), E(ETIMEDOUT), E(ECONNREFUSED),
	E(EHOSTDOWN), E(EHOSTUNREACH), E(EALREADY), E(EINPROGRESS), E(ESTALE), E(EUCLEAN),
	E(ENOTNAM), E(ENAVAIL), E(EISNAM), E(EREMOTEIO), E(EDQUOT), E(ENOMEDIUM),
	E(EMEDIUMTYPE), E(ECANCELED), E(ENOKEY), E(EKEYEXPIRED), E(EKEYREVOKED),
	E(EKEYREJECTED), E(EOWNERDEAD), E(ENOTRECOVERABLE), E(ERFKILL), E(EHWPOISON),
};
#undef E
const struct words words_action = { action_words, ARRAY_SIZE(action_words) };
const struct words words_operator = { operator_words, ARRAY_SIZE(operator_words) };
const struct words words_flag = { flag_words, ARRAY_SIZE(flag_words) };
const struct words words_errno = { errno_words, ARRAY_SIZE(errno_words) };

const struct word *word_find(const struct words *words, const char *name)
{
	size_t i;

	for (i = 0; i < words->n; i++) {
		if (!strcmp(words->v[i].name, name))
			return &words->v[i];
	}
	return NULL;
}

const char *word_of(const struct words *words, uint32_t value)
{
	size_t i;

	for (i = 0; i < words->n; i++) {
		if (words->v[i].value == value)
			return words->v[i].name;
	}
	return NULL;
}
