// SPDX-License-Identifier: GPL-2.0-only
/*
 * explain: what the policy makes of a profile, per ABI or for single syscalls,
 * and what that changes against the runtimes as they are.
 */
#include <errno.h>
#include <getopt.h>
#include <json-c/json.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <ksyscalls-oci.h>
#include <ksyscalls-seccomp.h>

#include "tool.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* The columns of the table, in the order of the rows that decide. */
static const struct {
	enum ksc_row row;
	const char *key;	/* in JSON */
	const char *title;
} columns[] = {
	{ KSC_ROW_UNCOVERED,	"uncovered",	"UNCOVERED" },
	{ KSC_ROW_SPECIAL,	"special",	"SPECIAL" },
	{ KSC_ROW_ABSENT,	"absent",	"ABSENT" },
	{ KSC_ROW_NAMED,	"named",	"NAMED" },
	{ KSC_ROW_UNRESOLVED,	"unresolved",	"UNRESOLVED" },
	{ KSC_ROW_SITE,		"site",		"SITE" },
	{ KSC_ROW_NEWER,	"newer",	"NEWER" },
	{ KSC_ROW_SUCCESSOR,	"successor",	"SUCCESSOR" },
	{ KSC_ROW_DENIED,	"denied",	"DENIED" },
	{ KSC_ROW_DEFAULT,	"unchanged",	"UNCHANGED" },
};

static const struct {
	enum ksc_runtime runtime;
	const char *name;
} runtimes[] = {
	{ KSC_RUNTIME_RUNC,	"runc" },
	{ KSC_RUNTIME_CRUN,	"crun" },
};

/* Everything that an answer needs. */
struct question {
	const struct tool *t;
	struct ksc *k;
	struct tool_filter filter;
	struct tool_prog progs[ARRAY_SIZE(runtimes)];
};

static const char *action_text(uint32_t action, char *buf, size_t room)
{
	static const struct {
		uint32_t action;
		const char *name;
	} names[] = {
		{ SECCOMP_RET_KILL_PROCESS, "KILL_PROCESS" }, { SECCOMP_RET_KILL_THREAD, "KILL" },
		{ SECCOMP_RET_TRAP, "TRAP" }, { SECCOMP_RET_TRACE, "TRACE" },
		{ SECCOMP_RET_USER_NOTIF, "NOTIFY" }, { SECCOMP_RET_LOG, "LOG" },
		{ SECCOMP_RET_ALLOW, "ALLOW" }, { SECCOMP_RET_ERRNO | EPERM, "EPERM" },
		{ SECCOMP_RET_ERRNO | ENOSYS, "ENOSYS" },
	};
	uint32_t kind = action & SECCOMP_RET_ACTION_FULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (names[i].action == (kind == SECCOMP_RET_ERRNO ? action : kind))
			return names[i].name;
	}
	snprintf(buf, room, "errno %u", action & SECCOMP_RET_DATA);
	return buf;
}

/*
 * What a runtime's program answers to a call whose arguments are all 0. The
 * program is libseccomp's own or runc's stub, which use these instructions only.
 */
static uint32_t program_answer(const struct tool_prog *prog, uint32_t arch, uint32_t nr)
{
	const struct sock_filter *f = prog->insns;
	const struct sock_filter *end = f + prog->len;
	uint32_t a = 0;
	bool jump;

	for (; f < end; f++) {
		switch (f->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			a = f->k == offsetof(struct seccomp_data, nr) ? nr :
			    f->k == offsetof(struct seccomp_data, arch) ? arch : 0;
			continue;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= f->k;
			continue;
		case BPF_RET | BPF_K:
			return f->k;
		case BPF_JMP | BPF_JA:
			f += f->k;
			continue;
		case BPF_JMP | BPF_JEQ | BPF_K:
			jump = a == f->k;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			jump = a >= f->k;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			jump = a > f->k;
			break;
		case BPF_JMP | BPF_JSET | BPF_K:
			jump = a & f->k;
			break;
		default:
			return SECCOMP_RET_KILL_THREAD;
		}
		f += jump ? f->jt : f->jf;
	}
	return SECCOMP_RET_KILL_THREAD;
}

/* What the caller sees: past ALLOW the kernel answers for itself. */
static uint32_t seen(const struct ksc_abi *abi, uint32_t nr, uint32_t answer)
{
	if (answer == SECCOMP_RET_ALLOW && ksc_abi_implemented(abi, nr) != 1)
		return SECCOMP_RET_ERRNO | ENOSYS;
	return answer;
}

static uint32_t verdict(const struct question *q, const struct ksc_abi *abi, uint32_t nr)
{
	return ksc_verdict(q->filter.policy, ksc_abi_audit_arch(abi), ksc_abi_base(abi) + nr);
}

static enum ksc_row verdict_row(const struct question *q, const struct ksc_abi *abi, uint32_t nr)
{
	return ksc_verdict_row(q->filter.policy, ksc_abi_audit_arch(abi), ksc_abi_base(abi) + nr);
}

static const char *verdict_name(const struct question *q, const struct ksc_abi *abi, uint32_t nr)
{
	return ksc_verdict_name(q->filter.policy, ksc_abi_audit_arch(abi), ksc_abi_base(abi) + nr);
}

static const char *reason(const struct question *q, const struct ksc_abi *abi, uint32_t nr,
			  char buf[KSC_EXPLAIN_MAX])
{
	ksc_explain(q->filter.policy, ksc_abi_audit_arch(abi), ksc_abi_base(abi) + nr, buf,
		    KSC_EXPLAIN_MAX);
	return buf;
}

/* @from and @to as the caller sees them; false if they are the same. */
static bool change(const struct question *q, size_t runtime, const struct ksc_abi *abi,
		   uint32_t nr, uint32_t *from, uint32_t *to)
{
	uint32_t arch = ksc_abi_audit_arch(abi), full = ksc_abi_base(abi) + nr;
	uint32_t action = verdict(q, abi, nr);
	size_t own = ARRAY_SIZE(runtimes) - 1;

	/* What falls through meets libseccomp's program, which is crun's. */
	*from = seen(abi, nr, program_answer(&q->progs[runtime], arch, full));
	*to = seen(abi, nr, action ? action : program_answer(&q->progs[own], arch, full));
	return *from != *to;
}

/* ---- the table -------------------------------------------------------- */

static void count_rows(const struct question *q, const struct ksc_abi *abi,
		       unsigned int counts[ARRAY_SIZE(columns)])
{
	enum ksc_row row;
	uint32_t nr;
	size_t i;

	memset(counts, 0, ARRAY_SIZE(columns) * sizeof(counts[0]));
	for (nr = 0; nr < ksc_abi_nr_syscalls(abi); nr++) {
		row = verdict_row(q, abi, nr);
		for (i = 0; i < ARRAY_SIZE(columns); i++)
			counts[i] += columns[i].row == row;
	}
}

static void print_table(const struct question *q)
{
	unsigned int counts[ARRAY_SIZE(columns)];
	const struct ksc_abi *abi;
	size_t i;

	printf("%-12s %8s", "ABI", "NUMBERS");
	for (i = 0; i < ARRAY_SIZE(columns); i++)
		printf(" %10s", columns[i].title);
	putchar('\n');
	ksc_abi_foreach(abi, q->k) {
		count_rows(q, abi, counts);
		printf("%-12s %8u", ksc_abi_id(abi), ksc_abi_nr_syscalls(abi));
		for (i = 0; i < ARRAY_SIZE(columns); i++)
			printf(" %10u", counts[i]);
		putchar('\n');
	}
	puts("ABSENT, UNRESOLVED, NEWER and SUCCESSOR answer ENOSYS, or the errno that the profile\n"
	     "has for an unresolved name; the others leave the answer to the profile's own filter.");
}

/* A list of words, wrapped and indented. */
struct wrap {
	int column;
};

static void wrap_word(struct wrap *w, const char *word)
{
	int len = (int)strlen(word);

	if (!w->column || w->column + len + 1 > 80)
		w->column = printf("%s    ", w->column ? "\n" : "") - !!w->column;
	w->column += printf(" %s", word);
}

static void wrap_end(struct wrap *w)
{
	if (w->column)
		putchar('\n');
	w->column = 0;
}

/* The tree's name, or the profile's, or libseccomp's; NULL: nobody has one. free() it. */
static char *name_of(const struct question *q, const struct ksc_abi *abi, uint32_t nr)
{
	const char *name = verdict_name(q, abi, nr);

	return name ? strdup(name) : tool_absent_name(abi, nr);
}

/* Numbers without a name come in long runs. */
struct run {
	uint32_t first, end;	/* empty if equal */
};

static void run_flush(struct run *r, struct wrap *w)
{
	char text[32];

	if (r->first == r->end)
		return;
	if (r->first + 1 == r->end)
		snprintf(text, sizeof(text), "%u", r->first);
	else
		snprintf(text, sizeof(text), "%u-%u", r->first, r->end - 1);
	wrap_word(w, text);
	r->first = r->end = 0;
}

static void run_add(struct run *r, struct wrap *w, uint32_t nr)
{
	if (r->first == r->end || r->end != nr) {
		run_flush(r, w);
		r->first = nr;
	}
	r->end = nr + 1;
}

static void print_changes_between(const struct question *q, size_t runtime,
				  const struct ksc_abi *abi, uint32_t from, uint32_t to)
{
	struct wrap w = { 0 };
	struct run run = { 0 };
	uint32_t nr, f, t;
	char a[24], b[24];
	char *name;

	printf("  %s: %s becomes %s:\n", runtimes[runtime].name, action_text(from, a, sizeof(a)),
	       action_text(to, b, sizeof(b)));
	for (nr = 0; nr < ksc_abi_nr_syscalls(abi); nr++) {
		if (!change(q, runtime, abi, nr, &f, &t) || f != from || t != to)
			continue;
		name = name_of(q, abi, nr);
		if (!name) {
			run_add(&run, &w, nr);
			continue;
		}
		run_flush(&run, &w);
		wrap_word(&w, name);
		free(name);
	}
	run_flush(&run, &w);
	wrap_end(&w);
}

/* Each pair of answers once, at the first number that has it. */
static void print_changes(const struct question *q, size_t runtime, const struct ksc_abi *abi)
{
	uint32_t pairs[32][2], from, to, nr;
	size_t n = 0, i;

	for (nr = 0; nr < ksc_abi_nr_syscalls(abi); nr++) {
		if (!change(q, runtime, abi, nr, &from, &to))
			continue;
		for (i = 0; i < n && (pairs[i][0] != from || pairs[i][1] != to); i++)
			;
		if (i < n || n == ARRAY_SIZE(pairs))
			continue;
		pairs[n][0] = from;
		pairs[n++][1] = to;
		print_changes_between(q, runtime, abi, from, to);
	}
}

static bool libseccomp_knows(const struct ksc_profile_rule *r)
{
	return ksc_profile_rule_nr(r) != __NR_SCMP_ERROR;
}

static void print_unknown(const struct question *q)
{
	const struct ksc_profile_rule *r;
	struct wrap w = { 0 };

	ksc_profile_rule_foreach(r, q->filter.profile) {
		if (libseccomp_knows(r))
			continue;
		if (!w.column)
			puts("\nnames that libseccomp does not know:");
		wrap_word(&w, ksc_profile_rule_name(r));
	}
	wrap_end(&w);
}

static int print_all(const struct question *q)
{
	const struct ksc_abi *abi;
	size_t i;

	print_table(q);
	if (!q->filter.profile)
		return TOOL_OK;
	ksc_abi_foreach(abi, q->k) {
		printf("\n%s, changes against the runtimes as they are:\n", ksc_abi_id(abi));
		for (i = 0; i < ARRAY_SIZE(runtimes); i++)
			print_changes(q, i, abi);
	}
	print_unknown(q);
	return TOOL_OK;
}

/* ---- one syscall ------------------------------------------------------- */

/* The tree's number for a name, else libseccomp's, relative to the base; negative: none. */
static int number_of(const struct ksc_abi *abi, const char *word, unsigned int *known)
{
	uint32_t nr;
	int found;

	*known = 0;
	if (!tool_parse_nr(word, &nr)) {
		if (nr >= ksc_abi_base(abi))
			nr -= ksc_abi_base(abi);
		return (int)nr;
	}
	*known = ksc_abi_known(abi, word);
	found = ksc_abi_nr(abi, word);
	if (found >= 0 || *known & KSC_KNOWN_MUX)
		return found;
	return ksc_abi_scmp_nr(abi, word);
}

static const char *known_text(unsigned int known)
{
	static const char *const texts[2][2] = {
		{ "", "; known to libseccomp, not to the kernel" },
		{ "; known to the kernel, not to libseccomp", "; known to kernel and libseccomp" },
	};

	return texts[!!(known & KSC_KNOWN_KERNEL)][!!(known & KSC_KNOWN_LIBSECCOMP)];
}

static bool print_one(const struct question *q, const char *word)
{
	unsigned int known;
	const struct ksc_abi *abi;
	char buf[24], why[KSC_EXPLAIN_MAX];
	bool found = false;
	uint32_t action;
	int nr;

	ksc_abi_foreach(abi, q->k) {
		nr = number_of(abi, word, &known);
		if (nr < 0)
			continue;
		found = true;
		action = verdict(q, abi, (uint32_t)nr);
		printf("%-12s %4d  %-20s %s%s\n", ksc_abi_id(abi), nr,
		       action ? action_text(action, buf, sizeof(buf)) :
		       q->filter.profile ? "the profile's answer" : "allowed",
		       action || q->filter.profile ? reason(q, abi, (uint32_t)nr, why) :
		       "implemented; no profile was given", known_text(known));
	}
	if (!found)
		tool_error(q->t, "%s: no ABI of this tree has such a syscall, as far as kernel and "
			   "libseccomp know", word);
	return found;
}

/* ---- JSON ------------------------------------------------------------- */

static void add_string(struct json_object *obj, const char *key, const char *s)
{
	json_object_object_add(obj, key, s ? json_object_new_string(s) : NULL);
}

static struct json_object *json_changes(const struct question *q, size_t runtime,
					const struct ksc_abi *abi)
{
	struct json_object *list = json_object_new_array(), *obj;
	char buf[24], why[KSC_EXPLAIN_MAX];
	uint32_t nr, from, to;

	for (nr = 0; nr < ksc_abi_nr_syscalls(abi); nr++) {
		if (!change(q, runtime, abi, nr, &from, &to))
			continue;
		obj = json_object_new_object();
		json_object_object_add(obj, "nr", json_object_new_int64(nr));
		add_string(obj, "name", verdict_name(q, abi, nr));
		add_string(obj, "from", action_text(from, buf, sizeof(buf)));
		add_string(obj, "to", action_text(to, buf, sizeof(buf)));
		add_string(obj, "reason", reason(q, abi, nr, why));
		json_object_array_add(list, obj);
	}
	return list;
}

static struct json_object *json_abi(const struct question *q, const struct ksc_abi *abi)
{
	struct json_object *obj = json_object_new_object();
	struct json_object *rows = json_object_new_object();
	struct json_object *changes = json_object_new_object();
	unsigned int counts[ARRAY_SIZE(columns)];
	size_t i;

	count_rows(q, abi, counts);
	add_string(obj, "abi", ksc_abi_id(abi));
	json_object_object_add(obj, "numbers", json_object_new_int64(ksc_abi_nr_syscalls(abi)));
	for (i = 0; i < ARRAY_SIZE(columns); i++)
		json_object_object_add(rows, columns[i].key, json_object_new_int64(counts[i]));
	json_object_object_add(obj, "rows", rows);
	for (i = 0; q->filter.profile && i < ARRAY_SIZE(runtimes); i++)
		json_object_object_add(changes, runtimes[i].name, json_changes(q, i, abi));
	json_object_object_add(obj, "changes", changes);
	return obj;
}

static struct json_object *json_unknown(const struct question *q)
{
	struct json_object *list = json_object_new_array();
	const struct ksc_profile_rule *r;

	if (!q->filter.profile)
		return list;
	ksc_profile_rule_foreach(r, q->filter.profile) {
		if (!libseccomp_knows(r))
			json_object_array_add(list, json_object_new_string(ksc_profile_rule_name(r)));
	}
	return list;
}

static int print_json(const struct question *q)
{
	struct json_object *obj = json_object_new_object();
	struct json_object *list = json_object_new_array();
	unsigned int baseline = ksc_policy_baseline(q->filter.policy);
	const struct ksc_abi *abi;
	char text[32];

	snprintf(text, sizeof(text), "%u.%u", baseline >> 16, baseline & 0xffff);
	add_string(obj, "baseline", baseline == KSC_RELEASE_NONE ? NULL : text);
	ksc_abi_foreach(abi, q->k)
		json_object_array_add(list, json_abi(q, abi));
	json_object_object_add(obj, "abis", list);
	json_object_object_add(obj, "unknown_to_libseccomp", json_unknown(q));
	return tool_print_json(q->t, obj);
}

static bool json_one(const struct question *q, const char *word, struct json_object *list)
{
	unsigned int known;
	const struct ksc_abi *abi;
	char buf[24], why[KSC_EXPLAIN_MAX];
	struct json_object *obj;
	bool found = false;
	enum ksc_row row;
	uint32_t action;
	size_t i;
	int nr;

	ksc_abi_foreach(abi, q->k) {
		nr = number_of(abi, word, &known);
		if (nr < 0)
			continue;
		found = true;
		action = verdict(q, abi, (uint32_t)nr);
		row = verdict_row(q, abi, (uint32_t)nr);
		obj = json_object_new_object();
		add_string(obj, "asked", word);
		add_string(obj, "abi", ksc_abi_id(abi));
		json_object_object_add(obj, "nr", json_object_new_int64(nr));
		add_string(obj, "name", verdict_name(q, abi, (uint32_t)nr));
		for (i = 0; i < ARRAY_SIZE(columns); i++) {
			if (columns[i].row == row)
				add_string(obj, "row", columns[i].key);
		}
		/* null: the profile's own filter answers. */
		add_string(obj, "answer", action ?
			   action_text(action, buf, sizeof(buf)) : NULL);
		add_string(obj, "reason", reason(q, abi, (uint32_t)nr, why));
		json_object_array_add(list, obj);
	}
	if (!found)
		tool_error(q->t, "%s: no ABI of this tree has such a syscall, as far as kernel and "
			   "libseccomp know", word);
	return found;
}

/* ---- the subcommand --------------------------------------------------- */

static int load_programs(struct question *q)
{
	struct tool_prog *prog;
	size_t i;
	int ret;

	for (i = 0; q->filter.profile && i < ARRAY_SIZE(runtimes); i++) {
		prog = &q->progs[i];
		ret = ksc_profile_program(q->filter.profile, runtimes[i].runtime, &prog->insns,
					  &prog->len);
		if (ret) {
			tool_error(q->t, "%s would not start a container: %s", runtimes[i].name,
				   ksc_profile_error(q->filter.profile));
			return TOOL_USAGE;
		}
	}
	return TOOL_OK;
}

static int answer(const struct question *q, char **words, int n, bool json)
{
	struct json_object *list;
	int i, ret = TOOL_OK;

	if (!n)
		return json ? print_json(q) : print_all(q);
	list = json ? json_object_new_array() : NULL;
	for (i = 0; i < n; i++) {
		if (!(json ? json_one(q, words[i], list) : print_one(q, words[i])))
			ret = TOOL_NO;
	}
	return json ? tool_print_json(q->t, list) ?: ret : ret;
}

static int run_explain(struct tool *t, int argc, char **argv)
{
	struct tool_filter_args args = {};
	struct question q = { .t = t };
	bool json = false;
	size_t i;
	int c, ret;

	while ((c = tool_getopt(t, argc, argv)) != -1) {
		if (c == 'j')
			json = true;
		else
			tool_filter_opt(t, &args, c);
	}
	for (i = (size_t)optind, ret = TOOL_OK; !ret && i < (size_t)argc; i++)
		ret = tool_check_word(t, argv[i]);
	if (!ret)
		ret = tool_open(t, &q.k);
	if (ret)
		goto free_args;
	ret = tool_filter_new(t, q.k, &args, &q.filter);
	if (!ret)
		ret = load_programs(&q);
	if (!ret)
		ret = answer(&q, argv + optind, argc - optind, json);
	for (i = 0; i < ARRAY_SIZE(runtimes); i++)
		free(q.progs[i].insns);
	tool_filter_free(&q.filter);
	ksc_close(q.k);
free_args:
	tool_filter_args_free(&args);
	return ret;
}

static const struct tool_opt explain_opts[] = {
	{ "json", 'j', NULL, "print JSON" },
	{}
};

const struct tool_cmd cmd_explain = {
	.name = "explain",
	.operands = "[NAME|NR]...",
	.brief = "tell which answer each syscall gets, why, and what changes by it",
	.about = "Without operands: how many numbers get which verdict, and what changes against\n"
		 "plain runc and crun. With operands: the verdict on each, and its reason.\n",
	.example = "ksyscalls explain --profile=profile.json clone3",
	.opts = explain_opts,
	.flags = TOOL_PROFILE | TOOL_KNOBS,
	.run = run_explain,
};
