// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Mode bpf: the whole program, as crun takes it from an annotation.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oci.h"

static char *base64(const void *data, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const uint8_t *in = data;
	char *out = malloc((len + 2) / 3 * 4 + 1);
	char *at = out;
	uint32_t v;
	size_t i;

	if (!out)
		return NULL;
	for (i = 0; i < len; i += 3) {
		v = (uint32_t)in[i] << 16;
		if (i + 1 < len)
			v |= (uint32_t)in[i + 1] << 8;
		if (i + 2 < len)
			v |= in[i + 2];
		*at++ = digits[v >> 18];
		*at++ = digits[v >> 12 & 63];
		*at++ = i + 1 < len ? digits[v >> 6 & 63] : '=';
		*at++ = i + 2 < len ? digits[v & 63] : '=';
	}
	*at = '\0';
	return out;
}

/* All of what was written to @fd. */
static int read_back(int fd, void **data, size_t *len)
{
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st))
		return -errno;
	*data = malloc((size_t)st.st_size);
	if (!*data)
		return -ENOMEM;
	*len = (size_t)st.st_size;
	n = pread(fd, *data, *len, 0);
	if (n == st.st_size)
		return 0;
	free(*data);
	return n < 0 ? -errno : -EIO;
}

/* What crun would have built, as far as it is asked. */
static int make_filter(struct ksc_oci *o, const struct ksc_policy *policy,
		       const struct ksc_profile *p, scmp_filter_ctx *ctx)
{
	struct ksc_profile some = *p;
	size_t i;
	int ret;

	some.arches = calloc(p->nr_arches + 1, sizeof(*some.arches));
	if (!some.arches)
		return -ENOMEM;
	some.nr_arches = 0;
	for (i = 0; i < p->nr_arches; i++) {
		if (ksc_seccomp_needs(policy, p->arches[i]))
			some.arches[some.nr_arches++] = p->arches[i];
	}
	ret = ksc_profile_filter(&some, KSC_RUNTIME_CRUN, ctx);
	if (ret)
		oci_fail(o, ret, "%s", some.error);
	free(some.arches);
	return ret;
}

/* The prefix and that filter, as crun takes them. */
int oci_make_program(struct ksc_oci *o, const struct ksc_policy *policy,
		     const struct ksc_profile *p, char **b64)
{
	scmp_filter_ctx ctx;
	void *prog = NULL;
	size_t len = 0;
	int fd, ret;

	ret = make_filter(o, policy, p, &ctx);
	if (ret)
		return ret;
	fd = memfd_create("ksyscalls-oci", MFD_CLOEXEC);
	if (fd < 0) {
		ret = -errno;
		goto release;
	}
	ret = ksc_seccomp_export(policy, ctx, fd);
	if (!ret)
		ret = ksc_bpf_prefix(policy, NULL, &o->prefix_len);
	if (!ret)
		ret = read_back(fd, &prog, &len);
	if (ret) {
		oci_fail(o, ret, "the filter cannot be compiled: %s", ret == -E2BIG ?
			 "it would be longer than the kernel takes" : strerror(-ret));
		goto close_fd;
	}
	o->program_len = len / sizeof(struct sock_filter);
	*b64 = base64(prog, len);
	ret = *b64 ? 0 : -ENOMEM;
	free(prog);
close_fd:
	close(fd);
release:
	seccomp_release(ctx);
	return ret;
}
