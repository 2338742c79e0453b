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

/* What a runtime knows is in the text of its program. */
static bool has_word(const char *path, const char *word)
{
	struct stat st;
	bool found = false;
	char *text;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return false;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || !st.st_size || st.st_size > RUNTIME_MAX)
		goto close_fd;
	text = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (text == MAP_FAILED)
		goto close_fd;
	found = memmem(text, (size_t)st.st_size, word, strlen(word));
	munmap(text, (size_t)st.st_size);
close_fd:
	close(fd);
	return found;
}

/*
 * flip rests on defaultErrnoRet. crun before 0.18 reads it and does not use it; runc uses
 * it since 1.0.0-rc95, by this name.
 */
#define RUNC_DEFAULT	"default_errno_ret"

KSC_EXPORT int ksc_oci_set_runtime(struct ksc_oci *o, const char *path)
{
	const char *name = ksc_base_name(path);
	bool crun = !strncmp(name, "crun", 4), named = name == path, takes, keeps;

	if (oci_is_vm_runtime(name))
		return oci_fail(o, -EOPNOTSUPP, "%s runs containers under a kernel of their own: "
				"this host's syscalls say nothing of it", name);
	takes = crun && (named || has_word(path, OCI_CRUN_PROGRAM));
	keeps = crun ? !takes : strstr(name, "runc") && !named && !has_word(path, RUNC_DEFAULT);
	o->takes_program = takes && (!*o->runtime || o->takes_program);
	o->keeps_default |= keeps;
	o->heeds_default |= !keeps;
	snprintf(o->runtime, sizeof(o->runtime), "%s", name);
	return 0;
}

enum ksc_oci_mode oci_effective_mode(const struct ksc_oci *o)
{
	if (o->mode != KSC_OCI_AUTO)
		return o->mode;
	if (o->takes_program)
		return KSC_OCI_BPF;
	return o->keeps_default ? KSC_OCI_EXPLICIT : KSC_OCI_FLIP;
}
