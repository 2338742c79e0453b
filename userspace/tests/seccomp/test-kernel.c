// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same programs in this machine's kernel: what the simulator says of every
 * number is what seccomp(2) does with it, by each entry that the CPU has.
 *
 * Every RET is replaced by an errno of its own before the load, so that nothing
 * is executed and no answer is lost; the way to it stays what it was.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../bpfsim.h"
#include "fixtures.h"

#include <ksyscalls-seccomp.h>

#define NUMBERS		1101
#define FIRST_CODE	200	/* above every errno that the kernel itself would answer */
#define MAX_CODES	64

/* How a number gets into the kernel. */
typedef long entry(uint32_t nr, const uint32_t args[3]);

static long enter_native(uint32_t nr, const uint32_t args[3])
{
	return syscall((long)(int)nr, (long)args[0], (long)args[1], (long)args[2], 0L, 0L, 0L) < 0 ?
	       -errno : 0;
}

#ifdef __x86_64__
/* Answers -EFAULT at the latest from the SIGSEGV of a kernel without it: the child dies. */
static long enter_int80(uint32_t nr, const uint32_t args[3])
{
	long ret = (int)nr;

	__asm__ volatile("int $0x80" : "+a"(ret)
			 : "b"((long)args[0]), "c"((long)args[1]), "d"((long)args[2]),
			   "S"(0L), "D"(0L)
			 : "memory", "r8", "r9", "r10", "r11");
	return (int)ret;
}
#endif

static const struct {
	const char *name;
	uint32_t audit_arch;
	uint32_t base;
	entry *enter;
} entries[] = {
#ifdef __x86_64__
	{ "x86_64", AUDIT_ARCH_X86_64, 0, enter_native },
	{ "x32", AUDIT_ARCH_X86_64, 0x40000000, enter_native },
	{ "i386", AUDIT_ARCH_I386, 0, enter_int80 },
#elif defined(__aarch64__)
	{ "arm64", AUDIT_ARCH_AARCH64, 0, enter_native },
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	{ "ppc64", AUDIT_ARCH_PPC64LE, 0, enter_native },
#elif defined(__s390x__)
	{ "s390x", AUDIT_ARCH_S390X, 0, enter_native },
#elif defined(__riscv) && __riscv_xlen == 64
	{ "riscv64", AUDIT_ARCH_RISCV64, 0, enter_native },
#endif
	{ NULL, 0, 0, NULL }
};

static const uint32_t samples[][3] = {
	{ 0, 0, 0 }, { 16, 3, 9 }, { 40, 1, 0 }, { 0x10000000, 0x10000000, 0 },
	{ 0xffffffff, 8, 8 },
};

#define SAMPLES	(sizeof(samples) / sizeof(samples[0]))

/* Replaces each action by an errno; @codes keeps which is which. */
static void encode(struct sock_filter *prog, size_t len, uint32_t codes[MAX_CODES])
{
	unsigned int n = 0, c;
	size_t i;

	for (i = 0; i < len; i++) {
		if (BPF_CLASS(prog[i].code) != BPF_RET)
			continue;
		for (c = 0; c < n && codes[c] != prog[i].k; c++)
			;
		assert_true(c < MAX_CODES);
		if (c == n)
			codes[n++] = prog[i].k;
		prog[i].k = SECCOMP_RET_ERRNO | (FIRST_CODE + c);
	}
}

/*
 * uretprobe, and uprobe after it, pass the kernel's seccomp unseen since 6.14:
 * it calls them itself, and whoever else does is killed.
 */
static bool never_filtered(size_t at, uint32_t nr)
{
	return entries[at].audit_arch == AUDIT_ARCH_X86_64 && !entries[at].base &&
	       (nr == 335 || nr == 336);
}

/* @got[sample][nr] is written by the child, which no syscall can end: a trap does. */
static void ask_kernel(const struct sock_filter *prog, size_t len, size_t at,
		       long (*got)[NUMBERS])
{
	struct sock_fprog fprog = { .len = (unsigned short)len, .filter = (void *)prog };
	uint32_t nr;
	size_t i;
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (!pid) {
		/* A sanitizer's handlers would go on without the syscalls to end with. */
		signal(SIGILL, SIG_DFL);
		signal(SIGTRAP, SIG_DFL);
		signal(SIGSEGV, SIG_DFL);
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
		    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &fprog))
			_exit(1);
		for (i = 0; i < SAMPLES; i++) {
			for (nr = 0; nr < NUMBERS; nr++) {
				if (!never_filtered(at, nr))
					got[i][nr] = entries[at].enter(entries[at].base + nr,
								       samples[i]);
			}
		}
		__builtin_trap();
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status))
		fail_msg("the kernel does not take the program");
}

static size_t compare(struct sock_filter *prog, size_t len, size_t at)
{
	long (*got)[NUMBERS];
	uint32_t codes[MAX_CODES], nr, ret;
	size_t i, checks = 0;

	got = mmap(NULL, SAMPLES * sizeof(*got), PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(got != MAP_FAILED);
	encode(prog, len, codes);
	ask_kernel(prog, len, at, got);
	if (!got[0][0]) {
		print_message("%s cannot be entered on this kernel\n", entries[at].name);
		goto unmap;
	}
	for (i = 0; i < SAMPLES; i++) {
		for (nr = 0; nr < NUMBERS; nr++) {
			struct seccomp_data sd = {
				.nr = (int)(entries[at].base + nr), .arch = entries[at].audit_arch,
				.args = { samples[i][0], samples[i][1], samples[i][2] },
			};

			if (never_filtered(at, nr))
				continue;
			ret = bpfsim_run(prog, &sd, __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__, NULL);
			if (got[i][nr] != -(long)(ret & SECCOMP_RET_DATA))
				fail_msg("%s %u sample %zu: kernel %ld, simulator %u",
					 entries[at].name, nr, i, got[i][nr],
					 ret & SECCOMP_RET_DATA);
			checks++;
		}
	}
unmap:
	munmap(got, SAMPLES * sizeof(*got));
	return checks;
}

/* Prefix and profile, as ksc_seccomp_export() writes them. */
static size_t exported(const char *tree, const char *profile, struct sock_filter *prog)
{
	struct ksc_policy *policy;
	scmp_filter_ctx ctx;
	struct ksc_profile *p;
	struct ksc *k;
	ssize_t n;
	int fd;

	assert_int_equal(ksc_open(&k, tree), 0);
	assert_int_equal(ksc_profile_new(&p), 0);
	if (ksc_profile_load_file(p, profile))
		fail_msg("%s", ksc_profile_error(p));
	assert_int_equal(ksc_policy_from_profile(&policy, k, p, KSC_RELEASE(5, 10)), 0);
	assert_int_equal(ksc_profile_filter(p, KSC_RUNTIME_CRUN, &ctx), 0);
	fd = memfd_create("test-kernel", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(ksc_seccomp_export(policy, ctx, fd), 0);
	n = pread(fd, prog, BPF_MAXINSNS * sizeof(*prog), 0);
	assert_true(n > 0 && n % (ssize_t)sizeof(*prog) == 0);
	close(fd);
	seccomp_release(ctx);
	ksc_policy_free(policy);
	ksc_profile_free(p);
	ksc_close(k);
	return (size_t)n / sizeof(*prog);
}

static const struct fixture_machine *this_machine(void)
{
	const struct fixture_machine *m;
	unsigned int i;

	for (i = 0; (m = fixture_machine(i)); i++) {
		if (entries[0].name && !strcmp(m->abis[0].name, entries[0].name))
			return m;
	}
	return NULL;
}

static void test_profile(const char *file)
{
	static struct sock_filter prog[BPF_MAXINSNS];
	const struct fixture_machine *m = this_machine();
	const char *top = getenv("KSC_SOURCE");
	uint32_t seed = 0xabcdef;
	size_t i, len, checks = 0;
	char *dir, *path;

	if (!m) {
		print_message("no entry is known for this architecture\n");
		skip();
	}
	assert_true(asprintf(&path, "%s/tests/profiles/%s", top ? top : ".", file) > 0);
	dir = fixture_mkdir();
	fixture_tree(dir, m, &seed);
	for (i = 0; entries[i].name; i++) {
		len = exported(dir, path, prog);
		assert_int_equal(bpfsim_check(prog, len), 0);
		checks += compare(prog, len, i);
	}
	fixture_rmdir(dir);
	free(path);
	print_message("%zu answers of this kernel compared\n", checks);
	assert_true(checks > 0);
}

static void test_moby(void **state)
{
	(void)state;
	test_profile("moby-default.json");
}

static void test_containers(void **state)
{
	(void)state;
	test_profile("containers-seccomp.json");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moby),
		cmocka_unit_test(test_containers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
