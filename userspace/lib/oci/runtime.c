// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Which runtime reads a configuration, and what of it.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elf.h"
#include "oci.h"

#define RUNTIME_MAX	(256u << 20)
#define PART_LEN	(1u << 15)
#define WORD_MAX	64	/* more than any of the words below */

/* A part of a name begins it, or comes after a sign: containerd-shim-kata-v2. */
static bool is_part_start(const char *name, const char *at)
{
	return at == name || !isalnum((unsigned char)at[-1]);
}

/* Runtimes with a kernel of their own, to which nothing of this host's applies. */
bool oci_is_vm_runtime(const char *name)
{
	static const char *const words[] = { "kata", "runsc", "gvisor", "krun", "crun-vm",
					     "firecracker", "nabla", "runnc", "urunc", "runv",
					     "cc-runtime" };
	const char *at;
	size_t i;

	for (at = name; *at; at++) {
		for (i = 0; is_part_start(name, at) && i < ARRAY_SIZE(words); i++) {
			if (!strncasecmp(at, words[i], strlen(words[i])))
				return true;
		}
	}
	return false;
}

/* What a runtime knows is in the text of its program. Long words are found sooner. */
static const char *const words[] = {
	/* crun takes a program since 0.18. */
	OCI_CRUN_PROGRAM,
	/*
	 * flip rests on defaultErrnoRet. crun reads it since 0.14 and uses it since 0.19, which
	 * also came to know what has no use for it; runc uses it since 1.0.0-rc95, by this name.
	 */
	"errno value specified for action `%s`",
	"default_errno_ret",
	/* runc adds ENOSYS since 1.0.0-rc93, for architectures that are listed; */
	"cannot map architecture %v to AUDIT_ARCH_ constant",
	/* for the machine's own in any case since 1.1.15. */
	"seccomp: adding implied native architecture %v to config set",
};

#define CRUN_PROGRAM	0x1u
#define CRUN_DEFAULT	0x2u
#define RUNC_DEFAULT	0x4u
#define RUNC_STUB	0x8u
#define RUNC_NATIVE	0x10u

/* A word may begin in what was read before. Return: 0 or a negative errno. */
static int search(int fd, const struct part *part, unsigned int wanted, unsigned int *found)
{
	uint64_t at = part->start;
	size_t kept = 0, len, i;
	char buf[PART_LEN];
	ssize_t n;

	while (at < part->end && *found != wanted) {
		len = part->end - at < sizeof(buf) - kept ? part->end - at : sizeof(buf) - kept;
		n = pread(fd, buf + kept, len, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : 0;
		at += (size_t)n;
		len = kept + (size_t)n;
		for (i = 0; i < ARRAY_SIZE(words); i++) {
			if (wanted & ~*found & 1u << i &&
			    memmem(buf, len, words[i], strlen(words[i])))
				*found |= 1u << i;
		}
		kept = len < WORD_MAX ? len : WORD_MAX;
		memmove(buf, buf + len - kept, kept);
	}
	return 0;
}

static int search_all(int fd, uint64_t size, unsigned int wanted, unsigned int *found)
{
	struct part parts[ELF_PARTS];
	size_t n, i;
	int ret = 0;

	if (size > RUNTIME_MAX)
		return -EFBIG;
	n = elf_find_texts(fd, size, parts);
	/* To its end, which its size need not tell. */
	if (!n)
		parts[n++] = (struct part){ 0, RUNTIME_MAX };
	for (i = 0; !ret && i < n; i++)
		ret = search(fd, &parts[i], wanted, found);
	return ret;
}

/* Those of @wanted that are there. What cannot be read is not taken for an old one. */
static int find_words(const char *path, unsigned int wanted, unsigned int *found)
{
	struct stat st;
	int fd, ret;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st))
		ret = -errno;
	else if (!S_ISREG(st.st_mode))
		ret = S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	else
		ret = search_all(fd, (uint64_t)st.st_size, wanted, found);
	close(fd);
	return ret;
}

/* A name alone is believed to be one of those that have what most have. */
static int look_into(const char *path, const char *name, unsigned int *found)
{
	bool named = name == path;

	*found = 0;
	if (!strncmp(name, "crun", 4)) {
		*found = named ? CRUN_PROGRAM | CRUN_DEFAULT : 0;
		return named ? 0 : find_words(path, CRUN_PROGRAM | CRUN_DEFAULT, found);
	}
	if (strstr(name, "runc")) {
		*found = named ? RUNC_DEFAULT | RUNC_STUB : 0;
		return named ? 0 : find_words(path, RUNC_DEFAULT | RUNC_STUB | RUNC_NATIVE, found);
	}
	*found = RUNC_DEFAULT;
	return 0;
}

/* The stub that two runtimes both have. */
static enum ksc_runtime common_stub(enum ksc_runtime a, enum ksc_runtime b)
{
	if (a == b)
		return a;
	return a == KSC_RUNTIME_CRUN || b == KSC_RUNTIME_CRUN ? KSC_RUNTIME_CRUN :
								KSC_RUNTIME_RUNC_OLD;
}

KSC_PUBLIC int ksc_oci_set_runtime(struct ksc_oci *o, const char *path)
{
	const char *name = ksc_base_name(path);
	enum ksc_runtime stub;
	unsigned int found;
	bool takes, keeps;
	int ret;

	if (oci_is_vm_runtime(name))
		return oci_fail(o, -EOPNOTSUPP, "%s runs containers under a kernel of their own: "
				"this host's syscalls say nothing of it", name);
	ret = look_into(path, name, &found);
	if (ret)
		return oci_fail(o, ret, "what the runtime heeds cannot be read from its program: "
				"%s: %s", strerror(-ret), path);
	takes = found & CRUN_PROGRAM;
	keeps = !(found & (CRUN_DEFAULT | RUNC_DEFAULT));
	stub = !(found & RUNC_STUB) ? KSC_RUNTIME_CRUN :
	       found & RUNC_NATIVE ? KSC_RUNTIME_RUNC : KSC_RUNTIME_RUNC_OLD;
	o->stub = *o->runtime ? common_stub(o->stub, stub) : stub;
	o->takes_program = takes && (!*o->runtime || o->takes_program);
	o->keeps_default |= keeps;
	o->heeds_default |= !keeps;
	snprintf(o->runtime, sizeof(o->runtime), "%s", name);
	return 0;
}
