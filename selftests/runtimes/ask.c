// SPDX-License-Identifier: GPL-2.0-only
/*
 * ask [KIND]: what a container gets to see, one "KIND NAME ANSWER" a line.
 *
 * "denied" ones are what the field profiles forbid and every kernel has; their
 * answers must be the same with us as without. "newer" ones are newer than the
 * kernels of the hosts under test.
 */
#define _GNU_SOURCE	/* strerrorname_np() */
#include <errno.h>
#include <linux/keyctl.h>
#include <linux/sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The same on every architecture, like all since 5.0. */
#define NR_cachestat	451
#define NR_fchmodat2	452
#define NR_mseal	462
#define NR_future	500

#define AF_VSOCK	40

static const struct {
	const char *kind, *name;
	long nr, args[5];
} calls[] = {
	{ "denied", "mount",		SYS_mount, { 0, (long)"/", 0, 0x1000 } },
	{ "denied", "umount2",		SYS_umount2, { (long)"/" } },
	{ "denied", "pivot_root",	SYS_pivot_root, { (long)"/", (long)"/" } },
	{ "denied", "swapoff",		SYS_swapoff, { (long)"/" } },
	{ "denied", "reboot",		SYS_reboot, { 0xfee1dead, 672274793, 0 } },
	{ "denied", "keyctl",		SYS_keyctl, { KEYCTL_GET_KEYRING_ID, -3, 0 } },
	{ "denied", "add_key",		SYS_add_key, { (long)"user", (long)"k", 0, 0, -3 } },
	{ "denied", "request_key",	SYS_request_key, { (long)"user", (long)"k", 0, 0 } },
	{ "denied", "personality",	SYS_personality, { 0x0040000 } },
	{ "denied", "unshare",		SYS_unshare, { CLONE_NEWUSER } },
	{ "denied", "clone",		SYS_clone, { CLONE_NEWUSER } },
	{ "denied", "setns",		SYS_setns, { -1, 0 } },
	{ "denied", "socket",		SYS_socket, { AF_VSOCK, 1, 0 } },
	{ "denied", "bpf",		SYS_bpf, { 0, 0, 0 } },
	{ "denied", "perf_event_open",	SYS_perf_event_open, { 0, 0, -1, -1, 0 } },
	{ "denied", "userfaultfd",	SYS_userfaultfd, { -1 } },
	{ "denied", "init_module",	SYS_init_module, { 0, 0, 0 } },
	{ "denied", "delete_module",	SYS_delete_module, { (long)"x", 0 } },
	{ "denied", "kexec_load",	SYS_kexec_load, { 0, 0, 0, 0 } },
	{ "denied", "open_by_handle_at", SYS_open_by_handle_at, { -1, 0, 0 } },
	{ "denied", "acct",		SYS_acct, { 0 } },
	{ "denied", "settimeofday",	SYS_settimeofday, { 0, 0 } },
	{ "denied", "sethostname",	SYS_sethostname, { (long)"x", 1 } },
	{ "denied", "move_pages",	SYS_move_pages, { 0, 0, 0, 0, 0 } },
	{ "denied", "vhangup",		SYS_vhangup, { 0 } },
	{ "denied", "process_vm_readv",	SYS_process_vm_readv, { 1, 0, 0, 0, 0 } },
	{ "newer", "cachestat",		NR_cachestat, { -1 } },
	{ "newer", "fchmodat2",		NR_fchmodat2, { -1 } },
	{ "newer", "mseal",		NR_mseal, { 0 } },
	{ "newer", "future",		NR_future, { 0 } },
};

int main(int argc, char **argv)
{
	size_t i;

	for (i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		const long *a = calls[i].args;
		long ret;
		int err;

		if (argc > 1 && strcmp(calls[i].kind, argv[1]))
			continue;
		ret = syscall(calls[i].nr, a[0], a[1], a[2], a[3], a[4]);
		err = errno;
		if (!strcmp(calls[i].name, "clone") && !ret)
			_exit(0);
		printf("%s %s %s\n", calls[i].kind, calls[i].name,
		       ret < 0 ? strerrorname_np(err) : "0");
		fflush(stdout);
	}
	return 0;
}
