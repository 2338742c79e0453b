// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs the invokers under the filters that libksyscalls makes for this kernel:
 * each number must be answered as the policy says, with ENOSYS exactly where it
 * says so and otherwise by what follows the prefix.
 *
 * What follows stands for a runtime's own filter. It lets through what an invoker
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
#include "invokers.h"

#define RULES "moby.rules"
#define MAX_ABIS 8

/* EHWPOISON is the last of the generic ones; others have none in the thousands. */
#define MARK (SECCOMP_RET_ERRNO | 4000)
#define ANSWER_ENOSYS (SECCOMP_RET_ERRNO | ENOSYS)

/* Of the invokers, and of who starts them. */
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

struct rule {
	char name[64];
	unsigned int action, flags;
};

static struct ksc *k;
static struct rule rules[1024];
static unsigned int nr_rules;
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

/* False if there is no profile. */
static bool read_rules(void)
{
	struct rule *r = rules;
	FILE *f;

	f = fopen(RULES, "r");
	if (!f)
		return false;
	for (; fscanf(f, "%63s %u %u", r->name, &r->action, &r->flags) == 3; r++)
		if (++nr_rules == ARRAY_SIZE(rules))
			ksft_exit_fail_msg("%s has more than %u rules\n", RULES, nr_rules - 1);
	fclose(f);
	return true;
}

/* Calls @each for every rule of the profile on every ABI. */
static void for_each_rule(void (*each)(void *arg, const struct ksc_abi *abi,
				       const struct rule *rule), void *arg)
{
	const struct ksc_abi *abi;
	unsigned int i;

	for (i = 0; i < nr_rules; i++)
		ksc_abi_foreach(abi, k)
			each(arg, abi, &rules[i]);
}

static void add_rule(void *policy, const struct ksc_abi *abi, const struct rule *rule)
{
	int err = ksc_policy_rule(policy, abi, rule->name, rule->action, rule->flags);

	if (err && err != -ENOENT)
		ksft_exit_fail_msg("rule for %s: %s\n", rule->name, strerror(-err));
}

/* The profile's own errno, where it names one. */
static void add_errno(void *filter, const struct ksc_abi *abi, const struct rule *rule)
{
	int nr = ksc_abi_nr(abi, rule->name);

	if (nr >= 0 && (rule->action & SECCOMP_RET_ACTION) == SECCOMP_RET_ERRNO)
		add_answer(filter, abi, nr, rule->action);
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

static void run_under(struct run *run, bool with_rules)
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
			nr = ksc_abi_nr(abi, needed[i]);
			if (nr >= 0)
				add_answer(&f, abi, nr, SECCOMP_RET_ALLOW);
		}
	if (with_rules)
		for_each_rule(add_errno, &f);
	add(&f, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, MARK));
	prog.len = f.len;
	prog.filter = f.insn;
	run->nr_found = run_invokers(run->found, MAX_ABIS, &prog);
}

/* Whether the profile itself says ENOSYS, as moby's does to clone3. */
static bool own_enosys(const char *name)
{
	for (unsigned int i = 0; name && i < nr_rules; i++)
		if (rules[i].action == ANSWER_ENOSYS && !strcmp(rules[i].name, name))
			return true;
	return false;
}

static const char *why_not_invoked(const struct ksc_abi *abi)
{
	if (!abi)
		return "is not published; a kernel built with it tells";
	/* Its time-outs have numbers that riscv64 lacks, so that the invoker cannot start. */
	if (!strcmp(ksc_abi_id(abi), "riscv32") && ksc_abi_nr(abi, "getpid") >= 0)
		return "looks like riscv64 to seccomp, so that no filter suits both";
	return "cannot be entered; a boot with it on tells";
}

static void compare(const struct run *run, unsigned int i, const struct invoked *f)
{
	const struct ksc_abi *abi = ksc_abi_by_name(k, f->abi);
	unsigned int nr, last, differ = 0, enosys = 0, hidden = 0;
	char reason[KSC_EXPLAIN_MAX];
	uint32_t arch, number, action;
	bool want, got;

	if (!abi || !f->letters) {
		ksft_test_result_skip("%s: %s %s\n", policies[i].name, f->abi,
				      why_not_invoked(abi));
		return;
	}
	last = strlen(f->letters);
	for (nr = 0; nr < last; nr++) {
		arch = ksc_abi_audit_arch(abi);
		number = ksc_abi_base(abi) + nr;
		action = ksc_verdict(run->policy, arch, number);
		want = action == ANSWER_ENOSYS;
		if (!action && policies[i].rules)
			want = own_enosys(ksc_abi_name(abi, nr));
		got = f->letters[nr] == 'N';
		enosys += got;
		hidden += got && ksc_abi_implemented(abi, nr) == 1;
		if (want == got)
			continue;
		ksc_explain(run->policy, arch, number, reason, sizeof(reason));
		ksft_print_msg("%s %u: %s, answered %s\n", f->abi, nr, reason,
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
	have_rules = read_rules();
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
		ksft_exit_fail_msg("no invoker ran\n");
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
