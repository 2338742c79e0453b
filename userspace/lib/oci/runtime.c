// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Which runtime reads a configuration, and what of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oci.h"

#define RUNTIME_MAX	(256u << 20)

/* Runtimes with a kernel of their own, to which nothing of this host's applies. */
bool oci_is_vm_runtime(const char *name)
{
	static const char *const words[] = { "kata", "runsc", "gvisor", "krun", "crun-vm",
					     "firecracker", "nabla" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (!strncasecmp(name, words[i], strlen(words[i])))
			return true;
	}
	return false;
}

/* What a runtime knows is in the text of its program. Long words are found sooner. */
static const char *const words[] = {
	OCI_CRUN_PROGRAM,
	/*
	 * flip rests on defaultErrnoRet. crun before 0.18 reads it and does not use it; runc
	 * uses it since 1.0.0-rc95, by this name.
	 */
	"default_errno_ret",
	/* runc adds ENOSYS since 1.0.0-rc93, for architectures that are listed; */
	"cannot map architecture %v to AUDIT_ARCH_ constant",
	/* for the machine's own in any case since 1.1.15. */
	"seccomp: adding implied native architecture %v to config set",
};

#define CRUN_PROGRAM	0x1u
#define RUNC_DEFAULT	0x2u
#define RUNC_STUB	0x4u
#define RUNC_NATIVE	0x8u

/* Those of @wanted that are there. */
static unsigned int find_words(const char *path, unsigned int wanted)
{
	unsigned int found = 0;
	struct stat st;
	char *text;
	size_t i;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return 0;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || !st.st_size || st.st_size > RUNTIME_MAX)
		goto close_fd;
	text = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (text == MAP_FAILED)
		goto close_fd;
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (wanted & 1u << i &&
		    memmem(text, (size_t)st.st_size, words[i], strlen(words[i])))
			found |= 1u << i;
	}
	munmap(text, (size_t)st.st_size);
close_fd:
	close(fd);
	return found;
}

/* A name alone is believed to be one of those that have what most have. */
static unsigned int look_into(const char *path, const char *name)
{
	bool named = name == path;

	if (!strncmp(name, "crun", 4))
		return named ? CRUN_PROGRAM : find_words(path, CRUN_PROGRAM);
	if (strstr(name, "runc"))
		return named ? RUNC_DEFAULT | RUNC_STUB :
			       find_words(path, RUNC_DEFAULT | RUNC_STUB | RUNC_NATIVE);
	return RUNC_DEFAULT;
}

/* The stub that two runtimes both have. */
static enum ksc_runtime common_stub(enum ksc_runtime a, enum ksc_runtime b)
{
	if (a == b)
		return a;
	return a == KSC_RUNTIME_CRUN || b == KSC_RUNTIME_CRUN ? KSC_RUNTIME_CRUN :
								KSC_RUNTIME_RUNC_OLD;
}

KSC_EXPORT int ksc_oci_set_runtime(struct ksc_oci *o, const char *path)
{
	const char *name = ksc_base_name(path);
	enum ksc_runtime stub;
	unsigned int found;
	bool takes, keeps;

	if (oci_is_vm_runtime(name))
		return oci_fail(o, -EOPNOTSUPP, "%s runs containers under a kernel of their own: "
				"this host's syscalls say nothing of it", name);
	found = look_into(path, name);
	takes = found & CRUN_PROGRAM;
	keeps = !(found & (CRUN_PROGRAM | RUNC_DEFAULT));
	stub = !(found & RUNC_STUB) ? KSC_RUNTIME_CRUN :
	       found & RUNC_NATIVE ? KSC_RUNTIME_RUNC : KSC_RUNTIME_RUNC_OLD;
	o->stub = *o->runtime ? common_stub(o->stub, stub) : stub;
	o->takes_program = takes && (!*o->runtime || o->takes_program);
	o->keeps_default |= keeps;
	o->heeds_default |= !keeps;
	snprintf(o->runtime, sizeof(o->runtime), "%s", name);
	return 0;
}
