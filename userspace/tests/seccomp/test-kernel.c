// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same programs in this machine's kernel: what the simulator says of every
 * number is what seccomp(2) does with it, by each entry that the CPU has. The
 * trees are those of this architecture that are recorded, and a made-up one; the
 * baseline goes round, KSC_PROOF takes them all.
 *
 * Every RET is replaced by an errno of its own before the load, so that nothing
 * is executed and no answer is lost; the way to it stays what it was.
 */
#include <errno.h>
#include <glob.h>
#include <json-c/json.h>
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
#include "json.h"

#include <ksyscalls-oci.h>
#include <ksyscalls-seccomp.h>

#define NUMBERS		1101	/* from each base on; */
#define CORNERS		8	/* and these */
#define ASKED		(NUMBERS + CORNERS)
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

	/* The sixth argument is in ebp, which may be in use, below it the red zone. */
	__asm__ volatile("lea -128(%%rsp), %%rsp\n\t"
			 "push %%rbp\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "int $0x80\n\t"
			 "pop %%rbp\n\t"
			 "lea 128(%%rsp), %%rsp"
			 : "+a"(ret)
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

/* The i-th number that is asked for, as seccomp sees it. */
static uint32_t number(size_t at, unsigned int i)
{
	static const uint32_t corners[CORNERS - 1] = {
		0x3fffffff, 0x40000000, 0x7fffffff, 0x80000000, 0xbfffffff, 0xfffffffe,
		0xffffffff,
	};

	if (i < NUMBERS)
		return entries[at].base + i;
	return i == NUMBERS ? entries[at].base - 1 : corners[i - NUMBERS - 1];
}

static const uint32_t samples[][3] = {
	{ 0, 0, 0 }, { 16, 3, 9 }, { 40, 1, 0 }, { 0x10000000, 0x10000000, 0 },
	{ 0xffffffff, 8, 8 },
};

#define SAMPLES	(sizeof(samples) / sizeof(samples[0]))

static size_t checks, programs;

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
	return entries[at].audit_arch == AUDIT_ARCH_X86_64 && (nr == 335 || nr == 336);
}

/* @got[sample][nr] is written by the child, which no syscall can end: a trap does. */
static void ask_kernel(const struct sock_filter *prog, size_t len, size_t at,
		       long (*got)[ASKED])
{
	struct sock_fprog fprog = { .len = (unsigned short)len, .filter = (void *)prog };
	unsigned int j;
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
			for (j = 0; j < ASKED; j++) {
				if (!never_filtered(at, number(at, j)))
					got[i][j] = entries[at].enter(number(at, j), samples[i]);
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
	long (*got)[ASKED];
	uint32_t codes[MAX_CODES], ret;
	size_t i, compared = 0;
	unsigned int j;

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
		for (j = 0; j < ASKED; j++) {
			struct seccomp_data sd = {
				.nr = (int)number(at, j), .arch = entries[at].audit_arch,
				.args = { samples[i][0], samples[i][1], samples[i][2] },
			};

			if (never_filtered(at, number(at, j)))
				continue;
			ret = bpfsim_run(prog, &sd, __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__, NULL);
			if (got[i][j] != -(long)(ret & SECCOMP_RET_DATA))
				fail_msg("%s %#x sample %zu: kernel %ld, simulator %u",
					 entries[at].name, number(at, j), i, got[i][j],
					 ret & SECCOMP_RET_DATA);
			compared++;
		}
	}
unmap:
	munmap(got, SAMPLES * sizeof(*got));
	return compared;
}

/* Prefix and profile, as ksc_seccomp_export() writes them. */
static size_t export_program(struct ksc *k, struct ksc_profile *p, const scmp_filter_ctx ctx,
			     unsigned int baseline, struct sock_filter *prog)
{
	struct ksc_policy *policy;
	ssize_t n;
	int fd;

	assert_int_equal(ksc_policy_from_profile(&policy, k, p, baseline), 0);
	fd = memfd_create("test-kernel", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(ksc_seccomp_export(policy, ctx, fd), 0);
	n = pread(fd, prog, BPF_MAXINSNS * sizeof(*prog), 0);
	assert_true(n > 0 && n % (ssize_t)sizeof(*prog) == 0);
	close(fd);
	ksc_policy_free(policy);
	assert_int_equal(bpfsim_check(prog, (size_t)n / sizeof(*prog)), 0);
	return (size_t)n / sizeof(*prog);
}

/* One tree under one profile; false if libseccomp refuses the profile. */
static bool try_profile(const char *tree, const char *path, struct json_object *json)
{
	static const unsigned int baselines[] = {
		KSC_RELEASE_NONE, KSC_RELEASE(3, 0), KSC_RELEASE(5, 0), KSC_RELEASE(6, 10),
		KSC_RELEASE(99, 0),
	};
	const size_t n = sizeof(baselines) / sizeof(baselines[0]);
	static struct sock_filter prog[BPF_MAXINSNS], copy[BPF_MAXINSNS];
	static size_t turn;
	size_t i, at, len, last = getenv("KSC_PROOF") ? turn + n : turn + 1;
	scmp_filter_ctx ctx;
	struct ksc_profile *p;
	struct ksc *k;
	bool taken;

	assert_int_equal(ksc_open(&k, tree), 0);
	assert_int_equal(ksc_profile_new(&p), 0);
	if (json ? json_load(p, json) : ksc_profile_load_file(p, path))
		fail_msg("%s", ksc_profile_error(p));
	taken = !ksc_profile_filter(p, KSC_RUNTIME_CRUN, &ctx);
	for (; taken && turn < last; turn++) {
		len = export_program(k, p, ctx, baselines[turn % n], prog);
		for (at = 0; entries[at].name; at++) {
			for (i = 0; i < len; i++)
				copy[i] = prog[i];
			checks += compare(copy, len, at);
		}
		programs++;
	}
	if (taken)
		seccomp_release(ctx);
	ksc_profile_free(p);
	ksc_close(k);
	return taken;
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

static void try_made_up(const char *tree, const struct fixture_machine *m, uint32_t *seed)
{
	struct json_object *json;
	bool taken;

	do {
		json = fixture_profile(m, 1 + fixture_random(seed) % 60, seed);
		taken = try_profile(tree, NULL, json);
		json_object_put(json);
	} while (!taken);
}

static void try_tree(const char *tree, const struct fixture_machine *m, uint32_t *seed)
{
	static const char *const files[] = { "moby-trixie", "containers-trixie" };
	char *path;
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		path = fixture_profile_path(files[i]);
		assert_true(try_profile(tree, path, NULL));
		free(path);
	}
	try_made_up(tree, m, seed);
}

static void print_counts(void)
{
	print_message("%zu programs, %zu answers of this kernel compared\n", programs, checks);
	assert_true(checks > 0);
}

static void test_recorded(void **state)
{
	const struct fixture_machine *m = this_machine();
	const char *top = getenv("KSC_SOURCE");
	uint32_t seed = 0x7a57e;
	char *pattern;
	glob_t found;
	size_t i;

	(void)state;
	checks = programs = 0;
	if (!m) {
		print_message("no entry is known for this architecture\n");
		skip();
	}
	assert_true(asprintf(&pattern, "%s/tests/trees/*/sys/kernel/syscalls/%s",
			     top ? top : ".", m->abis[0].name) > 0);
	if (glob(pattern, 0, NULL, &found)) {
		print_message("no tree of this architecture in tests/trees\n");
		skip();
	}
	free(pattern);
	for (i = 0; i < found.gl_pathc; i++) {
		*strstr(found.gl_pathv[i], "/sys/kernel/syscalls/") = '\0';
		try_tree(found.gl_pathv[i], m, &seed);
	}
	globfree(&found);
	print_counts();
}

static void test_made_up(void **state)
{
	const struct fixture_machine *m = this_machine();
	uint32_t seed = 0xabcdef;
	char *dir;

	(void)state;
	checks = programs = 0;
	if (!m) {
		print_message("no entry is known for this architecture\n");
		skip();
	}
	dir = fixture_mkdir();
	fixture_tree(dir, m, &seed);
	try_tree(dir, m, &seed);
	fixture_rmdir(dir);
	print_counts();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recorded),
		cmocka_unit_test(test_made_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
