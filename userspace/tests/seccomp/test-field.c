// SPDX-License-Identifier: GPL-2.0-only
/*
 * The field in the judge's chair: calls that people reported as broken, under the
 * profiles that they really had, each with the answer that it needed. Not the policy's
 * text but these decide whether the policy is right.
 *
 * tests/field.tsv has cases for what Debian's packages ship, which selftests/profiles
 * fetches; a directory in KSC_FIELD has more in its cases.tsv, and its profiles/. Each case
 * is put to the emitted program, with and without a view of the kernel, to the library's
 * verdict, to the command's explain, and to what libseccomp builds from the rewritten
 * rules of every mode, for runc and for crun.
 */
#include <ctype.h>
#include <errno.h>
#include <json-c/json.h>
#include <linux/audit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ksyscalls-seccomp.h>

#include "../bpfsim.h"
#include "json.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define MAX_PROGRAM	(2 * BPF_MAXINSNS)

static const struct way {
	const char *name;
	enum ksc_oci_mode mode;
	enum ksc_runtime runtime;
} ways[] = {
	{ "auto, runc",		KSC_OCI_AUTO,		KSC_RUNTIME_RUNC },
	{ "flip, runc",		KSC_OCI_FLIP,		KSC_RUNTIME_RUNC },
	{ "flip, crun",		KSC_OCI_FLIP,		KSC_RUNTIME_CRUN },
	{ "explicit, runc",	KSC_OCI_EXPLICIT,	KSC_RUNTIME_RUNC },
	{ "explicit, crun",	KSC_OCI_EXPLICIT,	KSC_RUNTIME_CRUN },
};

/* Numbers that one explain is asked for, all of a profile's and a tree's. */
#define NUMBERS		600
#define ABIS		4

/* What explain printed of one ABI. */
struct explained {
	char abi[32];
	char answers[NUMBERS][24];
};

struct field_case {
	char profile[64], tree[64], abi[32], args[64], expected[16], source[256];
	uint32_t nr;
};

/* One profile on one tree, with all that is made of it. */
struct bench {
	char profile[4096], tree[4096];
	struct ksc *k;
	struct ksc_policy *policy;
	struct sock_filter prog[MAX_PROGRAM];		/* emitted, with what it is put before */
	struct sock_filter blind[MAX_PROGRAM];		/* the same without any view of a kernel */
	struct sock_filter *own;			/* the profile's alone */
	struct sock_filter *built[ARRAY_SIZE(ways)];
	struct json_object *reports[ARRAY_SIZE(ways)];
	struct explained explained[ABIS];
};

static unsigned int cases, right, loosened, told;

static void die(const char *what, const char *why)
{
	printf("Bail out! %s: %s\n", what, why);
	exit(1);
}

/* ---- what is made of a profile ---------------------------------------- */

static struct ksc_profile *load(const struct ksc *k, const char *text, const char *path)
{
	struct ksc_profile *p;

	if (ksc_profile_new(&p) ||
	    ksc_profile_set_arch(p, ksc_abi_scmp_arch(ksc_abi_native(k))) ||
	    ksc_profile_set_kernel(p, KSC_RELEASE(6, 1)) ||
	    (text ? ksc_profile_load_mem(p, text, strlen(text)) : ksc_profile_load_file(p, path)))
		die(path, p ? ksc_profile_error(p) : "out of memory");
	return p;
}

static void rewrite(struct bench *b, size_t i, const char *config)
{
	struct ksc_profile *p;
	struct ksc_oci *o;
	size_t len;
	char *text;

	if (ksc_oci_new(&o, b->k))
		die(b->tree, "out of memory");
	ksc_oci_set_mode(o, ways[i].mode);
	if (ways[i].mode == KSC_OCI_AUTO && ksc_oci_set_runtime(o, "runc"))
		die(ways[i].name, ksc_oci_error(o));
	if (ksc_oci_rewrite(o, config, strlen(config), &text, &len))
		die(ways[i].name, ksc_oci_error(o));
	b->reports[i] = json_report(o);
	p = load(b->k, text, b->profile);
	if (ksc_profile_program(p, ways[i].runtime, &b->built[i], &len))
		die(ways[i].name, ksc_profile_error(p));
	ksc_profile_free(p);
	ksc_oci_free(o);
	free(text);
}

static void emit(struct bench *b, const struct ksc_policy *policy, size_t own,
		 struct sock_filter prog[MAX_PROGRAM])
{
	size_t len = BPF_MAXINSNS;

	if (ksc_bpf_prefix(policy, prog, &len))
		die(b->profile, "there is no prefix for it");
	memcpy(prog + len, b->own, own * sizeof(*b->own));
	if (bpfsim_check(prog, len + own))
		die(b->profile, "the kernel would not take the program");
}

static struct explained *find_explained(struct bench *b, const char *abi)
{
	struct explained *e;

	for (e = b->explained; *e->abi && strcmp(e->abi, abi); e++) {
		if (e + 1 == b->explained + ABIS)
			die(abi, "explain tells of more ABIs than there are");
	}
	snprintf(e->abi, sizeof(e->abi), "%s", abi);
	return e;
}

/* "x86_64   435  ENOSYS               clone3: ..." */
static void read_explained(struct bench *b, const char *line)
{
	char abi[32], answer[24];
	unsigned int nr;

	if (sscanf(line, "%31s %u  %20c", abi, &nr, answer) != 3 || nr >= NUMBERS)
		die("explain printed", line);
	answer[20] = '\0';
	snprintf(find_explained(b, abi)->answers[nr], sizeof(answer), "%.*s",
		 (int)(strchrnul(answer, ' ') - answer), answer);
}

/* The command itself, as people ask it. */
static void run_explain(struct bench *b)
{
	const char *command = getenv("KSYSCALLS");
	char *line = NULL;
	size_t room = 0;
	FILE *f;

	if (!command)
		die("KSYSCALLS", "it has to name the command");
	if (asprintf(&line, "'%s' explain --kernel=6.1 --abi=%s --sysroot='%s' --profile='%s' "
		     "$(seq 0 %u) 2>/dev/null", command, ksc_abi_id(ksc_abi_native(b->k)),
		     b->tree, b->profile, NUMBERS - 1) < 0)
		die(b->profile, "out of memory");
	memset(b->explained, 0, sizeof(b->explained));
	f = popen(line, "re");
	if (!f)
		die(line, strerror(errno));
	free(line);
	line = NULL;
	while (getline(&line, &room, f) > 0)
		read_explained(b, line);
	if (pclose(f))
		die(b->profile, "explain fails");
	free(line);
}

static void set_up(struct bench *b, const char *profile, const char *tree)
{
	char *config = NULL, *oci;
	struct ksc_policy *blind;
	struct ksc_profile *p;
	size_t own, i;

	snprintf(b->profile, sizeof(b->profile), "%s", profile);
	snprintf(b->tree, sizeof(b->tree), "%s", tree);
	if (ksc_open(&b->k, tree))
		die(tree, ksc_error(b->k));
	p = load(b->k, NULL, profile);
	if (ksc_policy_from_profile(&b->policy, b->k, p, KSC_RELEASE_INFER) ||
	    ksc_policy_from_profile(&blind, NULL, p, KSC_RELEASE_INFER) ||
	    ksc_profile_program(p, KSC_RUNTIME_CRUN, &b->own, &own))
		die(profile, ksc_profile_error(p));
	emit(b, b->policy, own, b->prog);
	emit(b, blind, own, b->blind);
	ksc_policy_free(blind);
	if (ksc_profile_to_oci(p, &oci) ||
	    asprintf(&config, "{\"ociVersion\":\"1.0.2\",\"linux\":{\"seccomp\":%s}}", oci) < 0)
		die(profile, "out of memory");
	for (i = 0; i < ARRAY_SIZE(ways); i++)
		rewrite(b, i, config);
	run_explain(b);
	free(config);
	free(oci);
	ksc_profile_free(p);
}

static void tear_down(struct bench *b)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		free(b->built[i]);
		json_object_put(b->reports[i]);
		b->built[i] = NULL;
		b->reports[i] = NULL;
	}
	free(b->own);
	ksc_policy_free(b->policy);
	ksc_close(b->k);
	b->own = NULL;
	b->policy = NULL;
	b->k = NULL;
	b->profile[0] = '\0';
}

/* Cases of one profile and tree stand together; what they share is made once. */
static void change_to(struct bench *b, const char *profile, const char *tree)
{
	if (!strcmp(b->profile, profile) && !strcmp(b->tree, tree))
		return;
	if (*b->profile)
		tear_down(b);
	set_up(b, profile, tree);
}

/* ---- a case ------------------------------------------------------------ */

static const char *in_words(const struct ksc_abi *abi, uint32_t nr, uint32_t action)
{
	if (action == SECCOMP_RET_ALLOW)
		return ksc_abi_implemented(abi, nr) == 1 ? "ALLOW" : "ENOSYS";
	if (action == (SECCOMP_RET_ERRNO | EPERM))
		return "EPERM";
	return action == ksc_ret_enosys(ksc_abi_audit_arch(abi)) ? "ENOSYS" : "something else";
}

static const char *text_of(struct json_object *row, const char *key)
{
	struct json_object *v;

	return json_object_object_get_ex(row, key, &v) ? json_object_get_string(v) : NULL;
}

/* The report's "X86_64" is what libseccomp calls "x86_64". */
static bool is_arch(const char *text, const struct ksc_abi *abi)
{
	char lower[32] = "";
	size_t i;

	for (i = 0; text[i] && i < sizeof(lower) - 1; i++)
		lower[i] = (char)tolower((unsigned char)text[i]);
	return seccomp_arch_resolve_name(lower) == ksc_abi_scmp_arch(abi);
}

/* Does the report own up to the number, by itself or by its name? */
static bool is_told(struct json_object *report, const struct ksc_abi *abi, uint32_t nr)
{
	struct json_object *list, *row, *first, *last;
	const char *arch, *name, *is = ksc_abi_name(abi, nr);
	int64_t whole = (int64_t)nr + ksc_abi_base(abi);
	size_t i;

	if (!json_object_object_get_ex(report, "inexpressible", &list))
		return false;
	for (i = 0; i < json_object_array_length(list); i++) {
		row = json_object_array_get_idx(list, i);
		arch = text_of(row, "architecture");
		name = text_of(row, "name");
		if (!arch && name && is && !strcmp(name, is))
			return true;
		if (!arch || !is_arch(arch, abi) || !json_object_object_get_ex(row, "nr", &first))
			continue;
		if (!json_object_object_get_ex(row, "last", &last))
			last = first;
		if (json_object_get_int64(first) <= whole && json_object_get_int64(last) >= whole)
			return true;
	}
	return false;
}

/* The arguments of the case, or some that tell rules apart where any will do. */
static unsigned int make_args(const struct field_case *c, uint64_t args[4][6])
{
	static const uint64_t fill[] = { 0, 1, 0x7e020000, UINT64_MAX };
	const char *s = c->args;
	char *end;
	unsigned int i, j;

	for (i = 0; i < 4; i++)
		for (j = 0; j < 6; j++)
			args[i][j] = strcmp(c->args, "-") ? 0 : fill[i];
	if (!strcmp(c->args, "-"))
		return 4;
	for (j = 0; j < 6 && *s; j++, s = *end ? end + 1 : end)
		args[0][j] = strtoull(s, &end, 0);
	return 1;
}

/* What comes before the ways of rewriting. */
static const char *const before[] = { "program", "verdict", "program without a view" };
#define FIRST_WAY	ARRAY_SIZE(before)

static bool ask(const struct field_case *c, struct bench *b, const struct ksc_abi *abi,
		const uint64_t *args)
{
	uint32_t arch = ksc_abi_audit_arch(abi), nr = ksc_abi_base(abi) + c->nr, own, verdict;
	struct seccomp_data sd = { .nr = (int)nr, .arch = arch };
	bool big = !(arch & __AUDIT_ARCH_LE), good = true;
	char text[KSC_EXPLAIN_MAX];
	const char *answer;
	size_t i;

	memcpy(sd.args, args, sizeof(sd.args));
	own = bpfsim_run(b->own, &sd, big, NULL);
	ksc_explain(b->policy, arch, nr, text, sizeof(text));
	verdict = ksc_verdict(b->policy, arch, nr);
	for (i = 0; i < ARRAY_SIZE(ways) + FIRST_WAY; i++) {
		uint32_t action = i == 0 ? bpfsim_run(b->prog, &sd, big, NULL) :
				  i == 1 ? verdict ?: own :
				  i == 2 ? bpfsim_run(b->blind, &sd, big, NULL) :
					   bpfsim_run(b->built[i - FIRST_WAY], &sd, big, NULL);

		loosened += own != SECCOMP_RET_ALLOW && action == SECCOMP_RET_ALLOW;
		answer = in_words(abi, c->nr, action);
		if (!strcmp(answer, c->expected))
			continue;
		/* Rules by name cannot say everything, and the report says so; it counts apart. */
		if (i >= FIRST_WAY && is_told(b->reports[i - FIRST_WAY], abi, c->nr)) {
			told++;
			printf("# %s: %s, %s wanted, as its report tells\n",
			       ways[i - FIRST_WAY].name, answer, c->expected);
			continue;
		}
		printf("# %s: %s, %s wanted (%s)\n", i < FIRST_WAY ? before[i] :
		       ways[i - FIRST_WAY].name, answer, c->expected, text);
		good = false;
	}
	return good;
}

/* "the" are the first letters of the profile's own answer. */
static bool ask_explain(const struct field_case *c, struct bench *b, const struct ksc_abi *abi,
			const uint64_t *args)
{
	struct seccomp_data sd = {
		.nr = (int)(ksc_abi_base(abi) + c->nr), .arch = ksc_abi_audit_arch(abi),
	};
	const char *answer = find_explained(b, c->abi)->answers[c->nr];

	memcpy(sd.args, args, sizeof(sd.args));
	if (!strcmp(answer, "the"))
		answer = in_words(abi, c->nr, bpfsim_run(b->own, &sd,
							 !(sd.arch & __AUDIT_ARCH_LE), NULL));
	if (strcmp(answer, c->expected))
		printf("# ksyscalls explain: %s, %s wanted\n", answer, c->expected);
	return !strcmp(answer, c->expected);
}

static void try_case(const struct field_case *c, struct bench *b)
{
	const struct ksc_abi *abi = ksc_abi_by_name(b->k, c->abi);
	unsigned int i, n;
	uint64_t args[4][6];
	bool good = true;

	if (!abi)
		die(c->abi, "the tree has no such ABI");
	n = make_args(c, args);
	if (c->nr >= NUMBERS)
		die(c->profile, "a number as large as that is not asked for");
	for (i = 0; i < n; i++)
		good &= ask(c, b, abi, args[i]) & ask_explain(c, b, abi, args[i]);
	cases++;
	right += good;
	printf("%sok %u - %s, %s: %s %u(%s), %s\n", good ? "" : "not ", cases, c->profile, c->tree,
	       c->abi, c->nr, c->args, c->source);
}

/* ---- the cases ---------------------------------------------------------- */

static bool read_case(const char *line, struct field_case *c)
{
	char options[64];

	if (*line == '#' || *line == '\n' || !strncmp(line, "profile\t", 8))
		return false;
	if (sscanf(line, "%63[^\t]\t%63[^\t]\t%31[^\t]\t%u\t%63[^\t]\t%63[^\t]\t%15[^\t]"
		   "\t%255[^\n]",
		   c->profile, c->tree, c->abi, &c->nr, c->args, options, c->expected,
		   c->source) != 8 || strcmp(options, "-"))
		die("not a case", line);
	return true;
}

static void try_file(const char *path, const char *profiles)
{
	const char *source = getenv("KSC_SOURCE");
	static struct bench b;
	char line[1024], profile[4096], tree[4096];
	struct field_case c;
	FILE *f = fopen(path, "re");

	if (!f)
		die(path, strerror(errno));
	while (fgets(line, sizeof(line), f)) {
		if (!read_case(line, &c))
			continue;
		snprintf(profile, sizeof(profile), "%s/%s.json", profiles, c.profile);
		snprintf(tree, sizeof(tree), "%s/tests/trees/%s", source ?: ".", c.tree);
		change_to(&b, profile, tree);
		try_case(&c, &b);
	}
	fclose(f);
	if (*b.profile)
		tear_down(&b);
}

int main(void)
{
	const char *source = getenv("KSC_SOURCE"), *profiles = getenv("KSC_PROFILES");
	const char *field = getenv("KSC_FIELD");
	char path[4096], dir[4096];

	puts("TAP version 13");
	if (!profiles)
		die("KSC_PROFILES", "it has to name what selftests/profiles prints");
	snprintf(path, sizeof(path), "%s/tests/field.tsv", source ?: ".");
	try_file(path, profiles);
	if (field && *field) {
		snprintf(path, sizeof(path), "%s/cases.tsv", field);
		snprintf(dir, sizeof(dir), "%s/profiles", field);
		try_file(path, dir);
	}
	printf("# %u answers of rewritten rules are wrong, and the report says so\n", told);
	printf("# field: %u of %u right, %u loosened\n", right, cases, loosened);
	printf("1..%u\n", cases);
	return right < cases || loosened || !cases;
}
