// SPDX-License-Identifier: GPL-2.0-only
/*
 * abis, list, check and releases: what the tree says, for people and programs.
 */
#include <errno.h>
#include <getopt.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "check-each.h"
#include "tool.h"

#define OPT_ABI		{ "abi", 'a', "ABI", "the syscall ABI; default: this machine's own" }

enum {
	OPT_EACH = 0x100,
};

/* A disabled ABI is published, but has no syscalls: nothing can enter it. */
static bool abi_disabled(const struct ksc_abi *abi)
{
	return !ksc_abi_nr_implemented(abi);
}

static struct json_object *json_hex(uint32_t value)
{
	char text[16];

	snprintf(text, sizeof(text), "0x%x", value);
	return json_object_new_string(text);
}

static struct json_object *json_abi(const struct ksc *k, const struct ksc_abi *abi)
{
	struct json_object *obj = json_object_new_object();

	tool_json_text(obj, "abi", ksc_abi_id(abi));
	json_object_object_add(obj, "audit_arch", json_hex(ksc_abi_audit_arch(abi)));
	json_object_object_add(obj, "base", json_hex(ksc_abi_base(abi)));
	json_object_object_add(obj, "implemented",
			       json_object_new_int64(ksc_abi_nr_implemented(abi)));
	json_object_object_add(obj, "known", json_object_new_int64(ksc_abi_nr_syscalls(abi)));
	json_object_object_add(obj, "disabled", json_object_new_boolean(abi_disabled(abi)));
	tool_json_text(obj, "source", ksc_source(k));
	tool_json_text(obj, "release", ksc_release(k));
	return obj;
}

/* ---- abis --------------------------------------------------------------- */

static int print_abis_json(const struct tool *t, const struct ksc *k)
{
	struct json_object *list = json_object_new_array();
	const struct ksc_abi *abi;

	ksc_abi_foreach(abi, k)
		json_object_array_add(list, json_abi(k, abi));
	return tool_print_json(t, list);
}

static int run_abis(struct tool *t, int argc, char **argv)
{
	const struct ksc_abi *abi;
	bool json = false;
	struct ksc *k;
	int ret;

	while (tool_getopt(t, argc, argv) != -1)
		json = true;
	ret = tool_no_operands(t, argc, argv) ?: tool_open(t, &k);
	if (ret)
		return ret;
	if (json) {
		ret = print_abis_json(t, k);
		goto out_close;
	}
	printf("%-12s %-12s %-12s %s\n", "ABI", "AUDIT_ARCH", "BASE", "IMPLEMENTED/KNOWN");
	ksc_abi_foreach(abi, k)
		printf("%-12s 0x%08x   0x%08x   %u/%u%s\n", ksc_abi_id(abi),
		       ksc_abi_audit_arch(abi), ksc_abi_base(abi), ksc_abi_nr_implemented(abi),
		       ksc_abi_nr_syscalls(abi),
		       abi_disabled(abi) ? "  disabled on this boot" : "");
	printf("source: %s, Linux %s\n", ksc_source(k), ksc_release(k) ?: "unknown");
out_close:
	ksc_close(k);
	return ret;
}

static const struct tool_opt abis_opts[] = { TOOL_OPT_JSON, {} };

const struct tool_cmd cmd_abis = {
	.name = "abis",
	.operands = "",
	.brief = "show the syscall ABIs, and how many syscalls each has",
	.about = "A missing ABI is unknown; one with 0 syscalls is disabled on this boot.\n",
	.example = "ksyscalls abis",
	.opts = abis_opts,
	.run = run_abis,
};

/* ---- list --------------------------------------------------------------- */

static int print_list(const struct tool *t, const struct ksc *k, const struct ksc_abi *abi,
		      bool absent, bool json)
{
	struct json_object *list = json ? json_object_new_array() : NULL;
	struct json_object *obj;
	uint32_t nr;

	for (nr = 0; nr < ksc_abi_nr_syscalls(abi); nr++) {
		char *guess = NULL;
		const char *name;

		if (ksc_abi_implemented(abi, nr) != !absent)
			continue;
		name = ksc_abi_name(abi, nr);
		if (!name)
			name = guess = tool_absent_name(abi, nr);
		if (json) {
			obj = json_object_new_object();
			json_object_object_add(obj, "nr", json_object_new_int64(nr));
			tool_json_text(obj, "name", name);
			json_object_array_add(list, obj);
		} else {
			printf("%u %s\n", nr, name ?: "-");
		}
		free(guess);
	}
	if (!json)
		return TOOL_OK;
	obj = json_abi(k, abi);
	json_object_object_add(obj, absent ? "absent" : "syscalls", list);
	return tool_print_json(t, obj);
}

static int run_list(struct tool *t, int argc, char **argv)
{
	bool absent = false, json = false;
	const struct ksc_abi *abi;
	const char *name = NULL;
	struct ksc *k;
	int c, ret;

	while ((c = tool_getopt(t, argc, argv)) != -1) {
		switch (c) {
		case 'a':
			name = optarg;
			break;
		case 'n':
			absent = true;
			break;
		case 'j':
			json = true;
			break;
		}
	}
	ret = tool_no_operands(t, argc, argv) ?: tool_open(t, &k);
	if (ret)
		return ret;
	ret = tool_abi(t, k, name, &abi);
	if (!ret) {
		if (abi_disabled(abi))
			tool_error(t, "note: %s is disabled on this boot", ksc_abi_id(abi));
		ret = print_list(t, k, abi, absent, json);
	}
	ksc_close(k);
	return ret;
}

static const struct tool_opt list_opts[] = {
	OPT_ABI,
	{ "absent", 'n', NULL, "list the numbers that are not implemented" },
	TOOL_OPT_JSON,
	{}
};

const struct tool_cmd cmd_list = {
	.name = "list",
	.operands = "",
	.brief = "list the implemented syscalls of one ABI, as 'nr name'",
	.about = "Numbers are relative to the ABI's base; 'abis' shows the ABIs.\n",
	.example = "ksyscalls list --abi=i386 --absent",
	.opts = list_opts,
	.run = run_list,
};

/* ---- check -------------------------------------------------------------- */

/* The release table does not look further back; what is that old needs no "since". */
#define OLDEST_RELEASE	KSC_RELEASE(2, 6)

/* One question of the command line, with its answer. */
struct query {
	const char *text;
	bool has_nr;
	uint32_t nr;		/* relative to the ABI's base */
	const char *name;	/* of the tree, or @text, or @guess; NULL */
	char *guess;
	bool implemented;
	char note[96];		/* empty, or why the answer is what it is */
};

static void set_implemented(const struct ksc_abi *abi, struct query *q)
{
	int answer = ksc_abi_implemented(abi, q->nr);

	q->implemented = answer == 1;
	if (answer < 0)
		strcpy(q->note, "perhaps: the survey cannot tell");
}

static int ask_nr(const struct tool *t, const struct ksc *k, const struct ksc_abi *abi,
		  struct query *q)
{
	const struct ksc_abi *owner = tool_nr_owner(k, abi, &q->nr);

	q->has_nr = true;
	if (owner != abi)
		return tool_usage(t, "%s: a number of the ABI %s; say --abi %s", q->text,
				  ksc_abi_id(owner), ksc_abi_id(owner));
	if (q->nr >= ksc_abi_nr_syscalls(abi))
		strcpy(q->note, "beyond the last number the kernel knows");
	set_implemented(abi, q);
	q->name = ksc_abi_name(abi, q->nr);
	if (!q->name)
		q->name = q->guess = tool_absent_name(abi, q->nr);
	return TOOL_OK;
}

static int ask_name(const struct tool *t, const struct ksc_abi *abi, struct query *q)
{
	unsigned int release = ksc_release_of(q->text);
	int nr = ksc_abi_nr(abi, q->text);
	enum tool_known known;

	q->name = q->text;
	if (nr >= 0) {
		q->has_nr = true;
		q->nr = (uint32_t)nr;
		q->implemented = ksc_abi_implemented(abi, q->nr) == 1;
		return TOOL_OK;
	}
	known = tool_known_name(abi, q->text, &q->nr);
	/* A misspelt name would be answered with "no" for ever. */
	if (known == TOOL_KNOWN_NOWHERE) {
		tool_error(t, "%s: no syscall of that name is known: misspelt, or very new",
			   q->text);
		return TOOL_USAGE;
	}
	q->has_nr = known == TOOL_KNOWN_HERE;
	if (q->has_nr && ksc_abi_implemented(abi, q->nr) < 0)
		set_implemented(abi, q);
	else if (abi_disabled(abi))
		strcpy(q->note, "the ABI is disabled on this boot");
	else if (release > OLDEST_RELEASE && release != KSC_RELEASE_UNKNOWN)
		snprintf(q->note, sizeof(q->note), "in Linux since %u.%u", release >> 16,
			 release & 0xffff);
	else if (known == TOOL_KNOWN_ELSEWHERE)
		strcpy(q->note, "a known name, but no number for it on this ABI");
	return TOOL_OK;
}

static int ask(const struct tool *t, const struct ksc *k, const struct ksc_abi *abi,
	       struct query *q)
{
	int ret = tool_check_word(t, q->text);

	if (ret)
		return ret;
	if (!tool_parse_nr(q->text, &q->nr))
		return ask_nr(t, k, abi, q);
	return ask_name(t, abi, q);
}

static void print_answers(const struct ksc_abi *abi, const struct query *q, size_t n)
{
	for (; n--; q++) {
		printf("%s ", ksc_abi_id(abi));
		if (q->has_nr)
			printf("%u ", q->nr);
		else
			printf("- ");
		printf("%s %s%s%s\n", q->name ?: "-",
		       q->implemented ? "implemented" : "not implemented",
		       *q->note ? ": " : "", q->note);
	}
}

static int print_answers_json(const struct tool *t, const struct ksc *k, const struct ksc_abi *abi,
			      const struct query *q, size_t n)
{
	struct json_object *obj = json_abi(k, abi);
	struct json_object *list = json_object_new_array();
	struct json_object *one;

	for (; n--; q++) {
		one = json_object_new_object();
		tool_json_text(one, "query", q->text);
		json_object_object_add(one, "nr",
				       q->has_nr ? json_object_new_int64(q->nr) : NULL);
		tool_json_text(one, "name", q->name);
		json_object_object_add(one, "implemented",
				       json_object_new_boolean(q->implemented));
		tool_json_text(one, "note", q->note);
		json_object_array_add(list, one);
	}
	json_object_object_add(obj, "answers", list);
	return tool_print_json(t, obj);
}

/* All questions are read before the first answer is printed: all or nothing. */
static int check_all(const struct tool *t, const struct ksc *k, const struct ksc_abi *abi,
		     char **words, size_t n, bool quiet, bool json)
{
	struct query *queries = calloc(n, sizeof(*queries));
	int status = TOOL_OK;
	size_t i;
	int ret;

	if (!queries) {
		tool_error(t, "out of memory");
		return TOOL_USAGE;
	}
	for (i = 0; i < n; i++) {
		queries[i].text = words[i];
		ret = ask(t, k, abi, &queries[i]);
		if (ret) {
			status = ret;
			goto out_free;
		}
		if (!queries[i].implemented)
			status = TOOL_NO;
	}
	if (json) {
		ret = print_answers_json(t, k, abi, queries, n);
		if (ret)
			status = ret;
	} else if (!quiet) {
		print_answers(abi, queries, n);
	}
out_free:
	for (i = 0; i < n; i++)
		free(queries[i].guess);
	free(queries);
	return status;
}

static int run_check(struct tool *t, int argc, char **argv)
{
	bool quiet = false, json = false;
	const struct ksc_abi *abi;
	const char *name = NULL, *each = NULL;
	struct ksc *k;
	int c, ret;

	while ((c = tool_getopt(t, argc, argv)) != -1) {
		switch (c) {
		case 'a':
			name = optarg;
			break;
		case 'q':
			quiet = true;
			break;
		case 'j':
			json = true;
			break;
		case OPT_EACH:
			each = optarg;
			break;
		}
	}
	if (optind == argc)
		return tool_usage(t, "no syscall named");
	if (each && t->sysroot)
		return tool_usage(t, "--each names the trees: --sysroot has no place here");
	if (each)
		return check_each(t, each, name, argv + optind, (size_t)(argc - optind), quiet,
				  json);
	ret = tool_open(t, &k);
	if (ret)
		return ret;
	ret = tool_abi(t, k, name, &abi) ?:
	      check_all(t, k, abi, argv + optind, (size_t)(argc - optind), quiet, json);
	ksc_close(k);
	return ret;
}

static const struct tool_opt check_opts[] = {
	OPT_ABI,
	{ "each", OPT_EACH, "DIR", "of the hosts whose snapshots are in DIR: which lack any?" },
	{ "quiet", 'q', NULL, "print nothing, answer by exit status" },
	TOOL_OPT_JSON,
	{}
};

const struct tool_cmd cmd_check = {
	.name = "check",
	.operands = "NAME|NR...",
	.brief = "tell whether the kernel implements all of these syscalls",
	.about = "Exit status 0: all of them; 1: not all; 2: a name that nobody knows.\n"
		 "With --each, a line for each host that lacks any: its name, the ABI, what.\n",
	.example = "ksyscalls check --quiet openat2 && echo openat2 works here",
	.opts = check_opts,
	.alternatives = { "quiet", "json" },
	.run = run_check,
};

/* ---- releases ----------------------------------------------------------- */

static const struct ksc_successor *successor_of(const char *name)
{
	const struct ksc_successor *s = ksc_successor_next(NULL);

	while (s && strcmp(ksc_successor_name(s), name))
		s = ksc_successor_next(s);
	return s;
}

/* The next line of the same name, or NULL. */
static const struct ksc_successor *next_of(const struct ksc_successor *s)
{
	const struct ksc_successor *next = ksc_successor_next(s);

	return next && !strcmp(ksc_successor_name(s), ksc_successor_name(next)) ? next : NULL;
}

static struct json_object *release_object(unsigned int release, const struct ksc_successor *s)
{
	struct json_object *obj = json_object_new_object(), *array;
	const char *family = s ? ksc_successor_family(s) : NULL;

	tool_json_release(obj, "release", release);
	if (!s)
		return obj;
	array = json_object_new_array();
	json_object_object_add(obj, "predecessors", array);
	if (family)
		tool_json_text(obj, "family", family);
	for (; s; s = next_of(s))
		if (ksc_successor_predecessor(s))
			json_object_array_add(array, json_object_new_string(
					      ksc_successor_predecessor(s)));
	return obj;
}

static void print_release(const char *name, unsigned int release, const struct ksc_successor *s)
{
	const char *before = " ";

	printf("%s %u.%u", name, release >> 16, release & 0xffff);
	for (; s; s = next_of(s), before = ",")
		printf("%s%s", before, ksc_successor_predecessor(s) ?: "-");
	printf("\n");
}

static int run_releases(struct tool *t, int argc, char **argv)
{
	const struct ksc_successor *s;
	struct json_object *obj = NULL;
	unsigned int release;
	const char *name;
	size_t i;
	int ret;

	while (tool_getopt(t, argc, argv) != -1)
		obj = obj ?: json_object_new_object();
	ret = tool_no_operands(t, argc, argv);
	if (ret) {
		json_object_put(obj);
		return ret;
	}
	for (i = 0; !ksc_release_next(i, &name, &release); i++) {
		s = successor_of(name);
		if (obj)
			json_object_object_add(obj, name, release_object(release, s));
		else
			print_release(name, release, s);
	}
	return obj ? tool_print_json(t, obj) : TOOL_OK;
}

static const struct tool_opt releases_opts[] = { TOOL_OPT_JSON, {} };

const struct tool_cmd cmd_releases = {
	.name = "releases",
	.operands = "",
	.brief = "print each syscall's first Linux release, and what it follows",
	.example = "ksyscalls releases | grep -w clone3",
	.opts = releases_opts,
	.run = run_releases,
};
