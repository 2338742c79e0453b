// SPDX-License-Identifier: GPL-2.0-only
/*
 * What lib/oci/rules.c takes for granted about libseccomp. Runs against
 * another release of it, too, with that one in LD_LIBRARY_PATH.
 */
#include <errno.h>
#include <linux/audit.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>
#include <seccomp.h>

#include <ksyscalls.h>

#include "../bpfsim.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define DEFAULT		SCMP_ACT_ERRNO(38)

/* One rule of one syscall. */
struct rule {
	uint32_t action;
	unsigned int nr_args;
	struct scmp_arg_cmp args[2];
};

static const uint32_t actions[] = {
	SCMP_ACT_ALLOW, SCMP_ACT_ERRNO(1), SCMP_ACT_KILL_PROCESS, SCMP_ACT_LOG,
};

static const struct scmp_arg_cmp conditions[] = {
	{ 0, SCMP_CMP_EQ, 8, 0 }, { 0, SCMP_CMP_NE, 40, 0 }, { 1, SCMP_CMP_LT, 16, 0 },
	{ 1, SCMP_CMP_LE, 16, 0 }, { 2, SCMP_CMP_GE, 7, 0 }, { 2, SCMP_CMP_GT, 0xffffffff, 0 },
	{ 0, SCMP_CMP_MASKED_EQ, 0x7e020000, 0 }, { 0, SCMP_CMP_EQ, 1ULL << 32, 0 },
};

static const uint64_t values[] = { 0, 7, 8, 15, 16, 17, 40, 0x20000, 0xffffffff, 1ULL << 32,
				   UINT64_MAX };

/* An architecture as libseccomp and as the kernel name it; x86 has the multiplexers. */
static const struct {
	uint32_t token, audit;
} arches[] = {
	{ SCMP_ARCH_X86_64, AUDIT_ARCH_X86_64 }, { SCMP_ARCH_X86, AUDIT_ARCH_I386 },
	{ SCMP_ARCH_AARCH64, AUDIT_ARCH_AARCH64 }, { SCMP_ARCH_ARM, AUDIT_ARCH_ARM },
};

static scmp_filter_ctx filter_for(uint32_t token)
{
	scmp_filter_ctx ctx = seccomp_init(DEFAULT);

	assert_non_null(ctx);
	if (token == seccomp_arch_native())
		return ctx;
	assert_int_equal(seccomp_arch_remove(ctx, seccomp_arch_native()), 0);
	assert_int_equal(seccomp_arch_add(ctx, token), 0);
	return ctx;
}

static int add(scmp_filter_ctx ctx, const char *name, const struct rule *r)
{
	return seccomp_rule_add_array(ctx, r->action, seccomp_syscall_resolve_name(name),
				      r->nr_args, r->args);
}

static size_t export(scmp_filter_ctx ctx, struct sock_filter prog[BPF_MAXINSNS])
{
	int fd = memfd_create("test", MFD_CLOEXEC);
	ssize_t len;

	assert_true(fd >= 0);
	assert_int_equal(seccomp_export_bpf(ctx, fd), 0);
	len = pread(fd, prog, BPF_MAXINSNS * sizeof(*prog), 0);
	assert_true(len > 0);
	assert_int_equal(bpfsim_check(prog, (size_t)len / sizeof(*prog)), 0);
	close(fd);
	seccomp_release(ctx);
	return (size_t)len / sizeof(*prog);
}

static uint32_t run(const struct sock_filter *prog, uint32_t audit, uint32_t nr, uint64_t a,
		    uint64_t b, uint64_t c)
{
	struct seccomp_data sd = { .nr = (int)nr, .arch = audit, .args = { a, b, c } };

	return bpfsim_run(prog, &sd, false, NULL);
}

static uint32_t number(uint32_t token, const char *name)
{
	int nr = seccomp_syscall_resolve_name_arch(token, name);

	assert_true(nr >= 0);
	return (uint32_t)nr;
}

/* All rules as given, one architecture: *@prog answers @want to every argument. */
static void demand(uint32_t token, uint32_t audit, const struct rule *rules, size_t n,
		   uint32_t want)
{
	static struct sock_filter prog[BPF_MAXINSNS];
	scmp_filter_ctx ctx = filter_for(token);
	size_t i, j, k;

	for (i = 0; i < n; i++)
		assert_int_equal(add(ctx, "ioctl", &rules[i]), 0);
	export(ctx, prog);
	for (i = 0; i < ARRAY_SIZE(values); i++) {
		for (j = 0; j < ARRAY_SIZE(values); j++) {
			for (k = 0; k < ARRAY_SIZE(values); k++)
				assert_int_equal(run(prog, audit, number(token, "ioctl"), values[i],
						     values[j], values[k]), want);
		}
	}
}

/* A rule without arguments swallows those with, before and behind it, whatever they say. */
static void test_plain_decides(void **state)
{
	struct rule rules[3] = { 0 };
	size_t a, i, j, c, d;

	(void)state;
	for (a = 0; a < ARRAY_SIZE(arches); a++) {
		for (i = 0; i < ARRAY_SIZE(actions); i++) {
			for (j = 0; j < ARRAY_SIZE(actions); j++) {
				c = (i * 4 + j) % ARRAY_SIZE(conditions);
				d = (c + 3) % ARRAY_SIZE(conditions);
				rules[0] = (struct rule){ actions[i], 0, { { 0 } } };
				rules[1] = (struct rule){ actions[j], 1, { conditions[c] } };
				rules[2] = (struct rule){ actions[(j + 1) % 4], 1,
							  { conditions[d] } };
				demand(arches[a].token, arches[a].audit, rules, 3, actions[i]);
				rules[0] = rules[1];
				rules[1] = (struct rule){ actions[i], 0, { { 0 } } };
				demand(arches[a].token, arches[a].audit, rules, 3, actions[i]);
				demand(arches[a].token, arches[a].audit, rules, 2, actions[i]);
			}
		}
	}
}

/* A condition on no bit is none, and leaves a rule without arguments. */
static void test_no_bit(void **state)
{
	struct rule rules[2] = {
		{ SCMP_ACT_ERRNO(1), 1, { { 0, SCMP_CMP_MASKED_EQ, 0, 8 } } },
		{ SCMP_ACT_ALLOW, 0, { { 0 } } },
	};
	size_t a;

	(void)state;
	for (a = 0; a < ARRAY_SIZE(arches); a++) {
		demand(arches[a].token, arches[a].audit, rules, 1, SCMP_ACT_ERRNO(1));
		demand(arches[a].token, arches[a].audit, rules, 2, SCMP_ACT_ERRNO(1));
	}
}

/* An equality by mask is not taken for the other half of an inequality. */
static void test_equality_by_mask(void **state)
{
	static struct sock_filter prog[BPF_MAXINSNS];
	static const struct rule rules[] = {
		{ SCMP_ACT_ALLOW, 1, { { 1, SCMP_CMP_NE, 9, 0 } } },
		{ SCMP_ACT_ERRNO(1), 2, { { 0, SCMP_CMP_MASKED_EQ, UINT64_MAX, 16 },
					  { 1, SCMP_CMP_MASKED_EQ, UINT64_MAX, 9 } } },
	};
	scmp_filter_ctx ctx;
	uint32_t nr;
	size_t a;

	(void)state;
	for (a = 0; a < ARRAY_SIZE(arches); a++) {
		ctx = filter_for(arches[a].token);
		nr = number(arches[a].token, "ioctl");
		assert_int_equal(add(ctx, "ioctl", &rules[0]), 0);
		assert_int_equal(add(ctx, "ioctl", &rules[1]), 0);
		export(ctx, prog);
		assert_int_equal(run(prog, arches[a].audit, nr, 16, 9, 0), SCMP_ACT_ERRNO(1));
		assert_int_equal(run(prog, arches[a].audit, nr, 17, 9, 0), DEFAULT);
		assert_int_equal(run(prog, arches[a].audit, nr, 16, 8, 0), SCMP_ACT_ALLOW);
	}
}

/* Of two without arguments the first decides. */
static void test_first_decides(void **state)
{
	struct rule rules[3] = { 0 };
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(actions); i++) {
		for (j = 0; j < ARRAY_SIZE(actions); j++) {
			rules[0].action = actions[i];
			rules[1].action = actions[j];
			demand(SCMP_ARCH_X86_64, AUDIT_ARCH_X86_64, rules, 2, actions[i]);
			/* Also behind one with arguments. */
			rules[2] = rules[1];
			rules[1] = rules[0];
			rules[0] = (struct rule){ actions[j], 1, { conditions[0] } };
			demand(SCMP_ARCH_X86_64, AUDIT_ARCH_X86_64, rules, 3, actions[i]);
			rules[0] = (struct rule){ 0 };
			rules[1] = (struct rule){ 0 };
		}
	}
}

/* What is equal to the default is refused, and so runtimes skip it. */
static void test_default_refused(void **state)
{
	struct rule r = { DEFAULT, 0, { { 0 } } };
	scmp_filter_ctx ctx = filter_for(SCMP_ARCH_X86_64);

	(void)state;
	assert_int_equal(add(ctx, "ioctl", &r), -EACCES);
	seccomp_release(ctx);
}

/* The same condition twice with two actions starts no container. */
static void test_contradiction(void **state)
{
	struct rule r = { SCMP_ACT_ALLOW, 1, { conditions[0] } };
	scmp_filter_ctx ctx = filter_for(SCMP_ARCH_X86_64);

	(void)state;
	assert_int_equal(add(ctx, "ioctl", &r), 0);
	r.action = SCMP_ACT_ERRNO(1);
	assert_int_equal(add(ctx, "ioctl", &r), -EEXIST);
	seccomp_release(ctx);
}

/*
 * socket() has its own number, and socketcall() reaches it as call 1: a rule
 * for it is one on both, where the call's number replaces its first argument.
 */
static void test_multiplexer(void **state)
{
	static struct sock_filter prog[BPF_MAXINSNS];
	struct rule r = {
		SCMP_ACT_ALLOW, 2, { SCMP_A0(SCMP_CMP_EQ, 40), SCMP_A1(SCMP_CMP_LT, 9) }
	};
	struct rule plain = { SCMP_ACT_ERRNO(13), 0, { { 0 } } };
	uint32_t mux = number(SCMP_ARCH_X86, "socketcall"), direct = 359;
	scmp_filter_ctx ctx = filter_for(SCMP_ARCH_X86);
	char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_X86, (int)direct);

	(void)state;
	assert_string_equal(name, "socket");
	free(name);
	assert_int_equal(seccomp_syscall_resolve_name_arch(SCMP_ARCH_X86, "socket"), -101);
	assert_int_equal(seccomp_syscall_resolve_name_rewrite(SCMP_ARCH_X86, "socket"), mux);
	assert_int_equal(seccomp_syscall_resolve_name_arch(SCMP_ARCH_X86, "semop"), -201);
	assert_int_equal(add(ctx, "socket", &r), 0);
	export(ctx, prog);
	assert_int_equal(run(prog, AUDIT_ARCH_I386, direct, 40, 8, 0), SCMP_ACT_ALLOW);
	assert_int_equal(run(prog, AUDIT_ARCH_I386, direct, 40, 9, 0), DEFAULT);
	assert_int_equal(run(prog, AUDIT_ARCH_I386, direct, 1, 8, 0), DEFAULT);
	assert_int_equal(run(prog, AUDIT_ARCH_I386, mux, 1, 8, 0), SCMP_ACT_ALLOW);
	assert_int_equal(run(prog, AUDIT_ARCH_I386, mux, 1, 9, 0), DEFAULT);
	assert_int_equal(run(prog, AUDIT_ARCH_I386, mux, 40, 8, 0), DEFAULT);
	/* The multiplexer's own rule without arguments swallows that as any other. */
	ctx = filter_for(SCMP_ARCH_X86);
	assert_int_equal(add(ctx, "socket", &r), 0);
	assert_int_equal(add(ctx, "socketcall", &plain), 0);
	export(ctx, prog);
	assert_int_equal(run(prog, AUDIT_ARCH_I386, mux, 1, 8, 0), SCMP_ACT_ERRNO(13));
	assert_int_equal(run(prog, AUDIT_ARCH_I386, direct, 40, 8, 0), SCMP_ACT_ALLOW);
}

/* Where the numbers of its architectures begin; byte order makes no difference there. */
static const struct {
	uint32_t token, base;
} spans[] = {
	{ SCMP_ARCH_X86_64, 0 }, { SCMP_ARCH_X32, 0x40000000 }, { SCMP_ARCH_X86, 0 },
	{ SCMP_ARCH_AARCH64, 0 }, { SCMP_ARCH_ARM, 0 }, { SCMP_ARCH_ARM, 0xf0000 },
	{ SCMP_ARCH_PPC64LE, 0 }, { SCMP_ARCH_PPC, 0 }, { SCMP_ARCH_S390X, 0 },
	{ SCMP_ARCH_S390, 0 }, { SCMP_ARCH_RISCV64, 0 }, { SCMP_ARCH_MIPSEL, 4000 },
	{ SCMP_ARCH_MIPSEL64, 5000 }, { SCMP_ARCH_MIPSEL64N32, 6000 },
};

/* What it has a name for and we have not is not far behind something that has one. */
static void test_holes(void **state)
{
	uint32_t nr, last;
	char *name;
	int told;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(spans); i++) {
		for (nr = last = spans[i].base; nr < spans[i].base + 1024; nr++) {
			name = seccomp_syscall_resolve_num_arch(spans[i].token, (int)nr);
			if (!name)
				continue;
			told = seccomp_syscall_resolve_name_arch(spans[i].token, name);
			if ((told != (int)nr || ksc_release_line(name) < 0) && nr > last + 32)
				fail_msg("0x%x: %s, %u, is far behind %u", spans[i].token, name,
					 nr, last);
			last = nr;
			free(name);
		}
	}
}

/* Rules go by name: where a number has one, that name has no other number there. */
static void test_names(void **state)
{
	size_t i, named = 0;
	char *name;
	int nr, back;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(spans); i++) {
		for (nr = (int)spans[i].base; nr < (int)spans[i].base + 1024; nr++) {
			name = seccomp_syscall_resolve_num_arch(spans[i].token, nr);
			if (!name)
				continue;
			back = seccomp_syscall_resolve_name_arch(spans[i].token, name);
			if (back != nr && (back > -100 || back <= -300))
				fail_msg("%s is %d and %d", name, nr, back);
			named++;
			free(name);
		}
	}
	assert_true(named > 4000);
}

/*
 * Rules without arguments take at most two instructions each on each architecture,
 * their shares of the search tree and of copied answers included.
 */
static void test_plain_length(void **state)
{
	static const uint32_t others[] = { SCMP_ARCH_X32, SCMP_ARCH_X86 };
	static struct sock_filter prog[BPF_MAXINSNS];
	size_t rules, want, i, len;
	scmp_filter_ctx ctx;
	uint32_t optimize;
	int nr;

	(void)state;
	for (want = 8; want < 512; want += want / 2 + 1) {
		for (optimize = 1; optimize <= 2; optimize++) {
			ctx = filter_for(SCMP_ARCH_X86_64);
			for (i = 0; i < ARRAY_SIZE(others); i++)
				assert_int_equal(seccomp_arch_add(ctx, others[i]), 0);
			seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, optimize);
			for (nr = 0, rules = 0; nr < 512 && rules < want; nr++)
				rules += !seccomp_rule_add(ctx, actions[nr % 7 == 0], nr, 0);
			len = export(ctx, prog);
			if (len > 2 * rules * (1 + ARRAY_SIZE(others)))
				fail_msg("%zu rules, optimize %u: %zu instructions", rules,
					 optimize, len);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_decides),
		cmocka_unit_test(test_no_bit),
		cmocka_unit_test(test_equality_by_mask),
		cmocka_unit_test(test_first_decides),
		cmocka_unit_test(test_default_refused),
		cmocka_unit_test(test_contradiction),
		cmocka_unit_test(test_multiplexer),
		cmocka_unit_test(test_holes),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_plain_length),
	};
	const struct scmp_version *v = seccomp_version();

	print_message("libseccomp %u.%u.%u\n", v->major, v->minor, v->micro);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
