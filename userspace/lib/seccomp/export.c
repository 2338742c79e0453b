// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Programs out of libseccomp, alone or behind our prefix.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf_common.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ksyscalls-seccomp.h>

#include "../shared.h"

/* Data goes with two actions only, so no action is another one's bytes reversed. */
static bool is_action(uint32_t ret)
{
	const struct ksc_action *action = ksc_find_action(ret);

	return action && (action->choice || !(ret & SECCOMP_RET_DATA));
}

/*
 * libseccomp exports in the byte order of the architecture, and loads the arch
 * first. The default action it has however compiled before it knew the
 * architecture: 2.5.4 leaves that one in this machine's order.
 */
static bool to_host_order(struct sock_filter *prog, size_t len)
{
	size_t i;

	if (!len || prog[0].code != __builtin_bswap16(BPF_LD | BPF_W | BPF_ABS))
		return false;
	ksc_swap_program(prog, len);
	for (i = 0; i < len; i++) {
		if (prog[i].code == (BPF_RET | BPF_K) && !is_action(prog[i].k))
			prog[i].k = __builtin_bswap32(prog[i].k);
	}
	return true;
}

/*
 * seccomp_export_bpf_mem() came with 2.6 only. @room instructions stay free in
 * front; the rest is in this machine's order, @foreign tells that it was not.
 */
static int export_filter(const scmp_filter_ctx ctx, size_t room, struct sock_filter **prog,
			 size_t *len, bool *foreign)
{
	struct sock_filter *buf;
	struct stat st;
	ssize_t n;
	int fd, ret;

	fd = memfd_create("ksyscalls-seccomp", MFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = seccomp_export_bpf(ctx, fd);
	if (ret)
		goto close_fd;
	if (fstat(fd, &st)) {
		ret = -errno;
		goto close_fd;
	}
	buf = malloc(room * sizeof(*buf) + (size_t)st.st_size);
	if (!buf) {
		ret = -ENOMEM;
		goto close_fd;
	}
	n = pread(fd, buf + room, (size_t)st.st_size, 0);
	if (n != st.st_size || n % (ssize_t)sizeof(*buf)) {
		free(buf);
		ret = -EIO;
		goto close_fd;
	}
	*prog = buf;
	*len = (size_t)n / sizeof(*buf);
	*foreign = to_host_order(buf + room, *len);

close_fd:
	close(fd);
	return ret;
}

/* In this machine's byte order; @foreign tells that libseccomp had the other one. */
static int make_program(const struct ksc_policy *policy, const scmp_filter_ctx ctx,
			struct sock_filter **out, size_t *out_len, bool *foreign)
{
	struct sock_filter first[BPF_MAXINSNS], *prog = NULL;
	size_t prefix = BPF_MAXINSNS, len = 0;
	int ret = 0;

	*out = NULL;
	*out_len = 0;
	if (policy)
		ret = ksc_bpf_prefix(policy, first, &prefix);
	else
		prefix = 0;
	if (!ret)
		ret = export_filter(ctx, prefix, &prog, &len, foreign);
	if (ret)
		return ret;
	if (prefix && prefix + len > BPF_MAXINSNS) {
		free(prog);
		return -E2BIG;
	}
	memcpy(prog, first, prefix * sizeof(*prog));
	*out = prog;
	*out_len = prefix + len;
	return 0;
}

/* ---- our prefix ------------------------------------------------------- */

KSC_PUBLIC int ksc_seccomp_program(const struct ksc_policy *policy, const scmp_filter_ctx ctx,
				   struct sock_filter **out, size_t *out_len)
{
	bool foreign;

	return make_program(policy, ctx, out, out_len, &foreign);
}

KSC_PUBLIC int ksc_seccomp_export(const struct ksc_policy *policy, const scmp_filter_ctx ctx,
				  int fd)
{
	struct sock_filter *prog;
	bool foreign;
	size_t len;
	int ret;

	ret = make_program(policy, ctx, &prog, &len, &foreign);
	if (ret)
		return ret;
	if (foreign)
		ksc_swap_program(prog, len);
	ret = ksc_write_all(fd, prog, len * sizeof(*prog));
	free(prog);
	return ret;
}
