// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What a container runtime adds where it called seccomp_load(): the profile's
 * filter with the kernel's own view in front of it.
 *
 *	runtime PROFILE [TREE] -- COMMAND [ARGUMENT]...
 *
 * Build: cc runtime.c $(pkg-config --cflags --libs libksyscalls-oci)
 */
#define _GNU_SOURCE		/* memfd_create() */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <ksyscalls-oci.h>
#include <ksyscalls-seccomp.h>

/* What seccomp_load() did. */
static int load(int fd)
{
	struct sock_filter prog[BPF_MAXINSNS];
	ssize_t len = pread(fd, prog, sizeof(prog), 0);
	struct sock_fprog fprog = { .len = (unsigned short)(len / (ssize_t)sizeof(*prog)),
				    .filter = prog };

	if (len < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &fprog);
}

/* The lines that are new. @k is opened, and @policy made, before the root is changed. */
static int load_with_policy(const struct ksc *k, struct ksc_profile *p, scmp_filter_ctx ctx)
{
	struct ksc_policy *policy;
	int fd, ret;

	ret = ksc_policy_from_profile(&policy, k, p, KSC_RELEASE_INFER);
	if (ret)
		return ret;
	fd = memfd_create("seccomp", MFD_CLOEXEC);
	ret = ksc_seccomp_export(policy, ctx, fd);	/* was: seccomp_export_bpf(ctx, fd) */
	ksc_policy_free(policy);
	if (!ret)
		ret = load(fd);
	close(fd);
	return ret;
}

int main(int argc, char **argv)
{
	const char *tree = argc > 3 && strcmp(argv[2], "--") ? argv[2] : NULL;
	char **command = argv + (tree ? 4 : 3);
	struct ksc_profile *p;
	scmp_filter_ctx ctx;
	struct ksc *k;
	int ret;

	if (argc < 4 || !*command) {
		fputs("usage: runtime PROFILE [TREE] -- COMMAND [ARGUMENT]...\n", stderr);
		return 2;
	}
	/* A runtime has its filter already; here it is built from the profile. */
	if (ksc_profile_new(&p) || ksc_profile_load_file(p, argv[1]) ||
	    ksc_profile_filter(p, KSC_RUNTIME_CRUN, &ctx)) {
		fprintf(stderr, "runtime: %s\n", p ? ksc_profile_error(p) : "out of memory");
		return 1;
	}
	ret = ksc_open(&k, tree);
	/* Without the module a container starts as it did before. */
	ret = ret ? seccomp_load(ctx) : load_with_policy(k, p, ctx);
	ksc_close(k);
	seccomp_release(ctx);
	ksc_profile_free(p);
	if (ret) {
		fprintf(stderr, "runtime: the filter cannot be loaded: %s\n", strerror(-ret));
		return 1;
	}
	execvp(*command, command);
	perror(*command);
	return 127;
}
