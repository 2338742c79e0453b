// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs the probes under the filters that libksyscalls makes for this kernel:
 * each number must be answered as the policy says, with ENOSYS exactly where it
 * says so and otherwise by what follows the prefix.
 *
 * What follows stands for a runtime's own filter. It lets through what a probe
 * lives on, answers as the profile does where that is an errno, and everything
 * else with one that no syscall returns, so that nobody takes the kernel's own
 * ENOSYS for the prefix's, and nothing is really executed.
 *
 * A file RULES beside this program ("name action flags" lines, see qemu/build)
 * is a profile whose default is EPERM; without it only absent syscalls count.
 */
#include <errno.h>
#include <libgen.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ksyscalls.h>

#include "kselftest.h"
#include "probes.h"

#define RULES "moby.rules"
#define MAX_ABIS 8

/* EHWPOISON is the last of the generic ones; others have none in the thousands. */
#define MARK (SECCOMP_RET_ERRNO | 4000)
#define ANSWER_ENOSYS (SECCOMP_RET_ERRNO | ENOSYS)

/* Of the probes, and of who starts them. */
static const char *const needed[] = {
	"read", "write", "close", "pipe2", "ppoll", "ppoll_time64", "getpid", "clone", "execve",
	"exit", "exit_group", "kill", "waitid",
};

static const struct {
	const char *name;
	bool rules;
	unsigned int baseline;
} policies[] = {
	{ "what the kernel lacks", false, KSC_RELEASE_INFER },
	{ "moby's profile", true, KSC_RELEASE_INFER },
	{ "moby's profile as of 4.14", true, KSC_RELEASE(4, 14) },
};

struct filter {
	struct sock_filter insn[BPF_MAXINSNS];
	size_t len;
};

struct run {
	struct ksc_policy *policy;
	size_t prefix;		/* instructions */
	struct invoked found[MAX_ABIS];
	unsigned int nr_found;
};

static struct ksc *k;
static struct run runs[ARRAY_SIZE(policies)];

static void add(struct filter *f, struct sock_filter insn)
{
	if (f->len == BPF_MAXINSNS)
		ksft_exit_fail_msg("the filter has more than %d instructions\n", BPF_MAXINSNS);
	f->insn[f->len++] = insn;
}

static void add_answer(struct filter *f, const struct ksc_abi *abi, unsigned int nr,
		       unsigned int action)
{
	add(f, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
					    offsetof(struct seccomp_data, arch)));
	add(f, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ksc_abi_audit_arch(abi),
					    0, 3));
	add(f, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
					    offsetof(struct seccomp_data, nr)));
	add(f, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ksc_abi_base(abi) + nr,
					    0, 1));
	add(f, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

static void add_prefix(struct filter *f, const struct ksc_policy *policy)
{
	int err;

	f->len = BPF_MAXINSNS;
	err = ksc_bpf_prefix(policy, f->insn, &f->len);
	if (err)
		ksft_exit_fail_msg("ksc_bpf_prefix: %s\n", strerror(-err));
}

/* Calls @each for every rule of the profile on every ABI. */
static void for_each_rule(void (*each)(void *arg, const struct ksc_abi *abi, const char *name,
				       unsigned int action, unsigned int flags), void *arg)
{
	unsigned int action, flags;
	const struct ksc_abi *abi;
	char name[64];
	FILE *f;

	f = fopen(RULES, "r");
	while (f && fscanf(f, "%63s %u %u", name, &action, &flags) == 3)
		ksc_abi_foreach(abi, k)
			each(arg, abi, name, action, flags);
	if (f)
		fclose(f);
}

static void add_rule(void *policy, const struct ksc_abi *abi, const char *name,
		     unsigned int action, unsigned int flags)
{
	int err = ksc_policy_rule(policy, abi, name, action, flags);

	if (err && err != -ENOENT)
		ksft_exit_fail_msg("rule for %s: %s\n", name, strerror(-err));
}

/* The profile's own errno, where it names one. */
static void add_errno(void *filter, const struct ksc_abi *abi, const char *name,
		      unsigned int action, unsigned int flags)
{
	int nr = ksc_nr(abi, name);

	(void)flags;
	if (nr >= 0 && (action & SECCOMP_RET_ACTION) == SECCOMP_RET_ERRNO)
		add_answer(filter, abi, nr, action);
}

static void make_policy(struct run *run, unsigned int i)
{
	if (ksc_policy_new(&run->policy, k) ||
	    ksc_policy_set_baseline(run->policy, policies[i].baseline))
		ksft_exit_fail_msg("no policy\n");
	if (!policies[i].rules)
		return;
	ksc_policy_set_default(run->policy, SECCOMP_RET_ERRNO | EPERM);
	for_each_rule(add_rule, run->policy);
}

static void run_under(struct run *run, bool rules)
{
	static struct filter f;
	const struct ksc_abi *abi;
	struct sock_fprog prog;
	unsigned int i;
	int nr;

	add_prefix(&f, run->policy);
	run->prefix = f.len;
	ksc_abi_foreach(abi, k)
		for (i = 0; i < ARRAY_SIZE(needed); i++) {
			nr = ksc_nr(abi, needed[i]);
			if (nr >= 0)
				add_answer(&f, abi, nr, SECCOMP_RET_ALLOW);
		}
	if (rules)
		for_each_rule(add_errno, &f);
	add(&f, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, MARK));
	prog.len = f.len;
	prog.filter = f.insn;
	run->nr_found = run_probes(run->found, MAX_ABIS, &prog);
}

struct own {
	const struct ksc_abi *abi;
	const char *name;
	bool enosys;
};

static void note_enosys(void *arg, const struct ksc_abi *abi, const char *name,
			unsigned int action, unsigned int flags)
{
	struct own *own = arg;

	(void)flags;
	if (abi == own->abi && !strcmp(own->name, name) && action == ANSWER_ENOSYS)
		own->enosys = true;
}

/* Whether the profile itself says ENOSYS, as moby's does to clone3. */
static bool own_enosys(const struct ksc_abi *abi, const char *name)
{
	struct own own = { abi, name, false };

	if (name)
		for_each_rule(note_enosys, &own);
	return own.enosys;
}

static const char *why_not_probed(const struct ksc_abi *abi)
{
	if (!abi)
		return "is not published";
	/* Its time-outs have numbers that riscv64 lacks, so that the probe cannot start. */
	if (!strcmp(ksc_abi_name(abi), "riscv32") && ksc_nr(abi, "getpid") >= 0)
		return "looks like riscv64 to seccomp, so that no filter suits both";
	return "cannot be entered";
}

static void compare(const struct run *run, unsigned int i, const struct invoked *f)
{
	const struct ksc_abi *abi = ksc_abi_by_name(k, f->abi);
	unsigned int nr, last, differ = 0, enosys = 0, hidden = 0;
	struct ksc_verdict v;
	bool want, got;

	if (!abi || !f->letters) {
		ksft_test_result_skip("%s: %s %s\n", policies[i].name, f->abi,
				      why_not_probed(abi));
		return;
	}
	last = strlen(f->letters);
	for (nr = 0; nr < last; nr++) {
		ksc_verdict(run->policy, ksc_abi_audit_arch(abi), ksc_abi_base(abi) + nr, &v);
		want = v.action == ANSWER_ENOSYS;
		if (!v.action && policies[i].rules)
			want = own_enosys(abi, ksc_name(abi, nr));
		got = f->letters[nr] == 'N';
		enosys += got;
		hidden += got && ksc_implemented(abi, nr) == 1;
		if (want == got)
			continue;
		ksft_print_msg("%s %u: %s, answered %s\n", f->abi, nr, v.reason,
			       got ? "ENOSYS" : "otherwise");
		differ++;
	}
	ksft_test_result(enosys && !differ,
			 "%s: %s: %zu instructions, %u of %u ENOSYS, %u though there, %u wrong\n",
			 policies[i].name, f->abi, run->prefix, enosys, last, hidden, differ);
}

int main(int argc, char **argv)
{
	bool have_rules;
	unsigned int i, j, plan = 0;

	(void)argc;
	ksft_print_header();
	if (chdir(dirname(argv[0])))
		ksft_exit_fail_msg("%s: %s\n", argv[0], strerror(errno));
	have_rules = !access(RULES, R_OK);
	if (ksc_open(&k, NULL))
		ksft_exit_fail_msg("%s\n", ksc_error(k));

	for (i = 0; i < ARRAY_SIZE(runs); i++) {
		if (policies[i].rules && !have_rules) {
			plan++;
			continue;
		}
		make_policy(&runs[i], i);
		run_under(&runs[i], policies[i].rules);
		plan += runs[i].nr_found;
	}
	if (!plan)
		ksft_exit_fail_msg("no probe ran\n");
	ksft_set_plan(plan);
	for (i = 0; i < ARRAY_SIZE(runs); i++) {
		if (!runs[i].policy)
			ksft_test_result_skip("%s: no file %s\n", policies[i].name, RULES);
		for (j = 0; j < runs[i].nr_found; j++)
			compare(&runs[i], i, &runs[i].found[j]);
		ksc_policy_free(runs[i].policy);
	}
	ksc_close(k);
	ksft_finished();
}
