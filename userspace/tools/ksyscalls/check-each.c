// SPDX-License-Identifier: GPL-2.0-only
/*
 * check --each: which hosts of a folder of snapshots lack a syscall.
 */
#include <dirent.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "../text.h"
#include "check-each.h"

struct fleet {
	const struct tool *t;
	const char *dir, *abi;		/* @abi NULL: each host's own */
	char **words;
	size_t n;
	bool quiet;
	struct json_object *hosts;	/* NULL: print */
};

enum answer {
	ANSWER_YES,
	ANSWER_NO,
	ANSWER_PERHAPS,
};

static enum answer ask(const struct ksc_abi *abi, const char *word)
{
	uint32_t nr;
	int implemented;

	if (ksc_abi_nr(abi, word) >= 0)
		return ANSWER_YES;
	if (tool_known_name(abi, word, &nr) != TOOL_KNOWN_HERE)
		return ANSWER_NO;
	implemented = ksc_abi_implemented(abi, nr);
	return implemented < 0 ? ANSWER_PERHAPS : ANSWER_NO;
}

/* A misspelt name is one that all hosts would lack. */
static int check_words(const struct fleet *f, const struct ksc_abi *abi)
{
	uint32_t nr;
	size_t i;
	int ret;

	for (i = 0; i < f->n; i++) {
		ret = tool_check_word(f->t, f->words[i]);
		if (ret)
			return ret;
		if (!tool_parse_nr(f->words[i], &nr))
			return tool_usage(f->t, "%s: --each takes names: hosts differ in numbers",
					  f->words[i]);
		if (ksc_abi_nr(abi, f->words[i]) >= 0 ||
		    tool_known_name(abi, f->words[i], &nr) != TOOL_KNOWN_NOWHERE)
			continue;
		tool_error(f->t, "%s: no syscall of that name is known: misspelt, or very new",
			   f->words[i]);
		return TOOL_USAGE;
	}
	return TOOL_OK;
}

static void print_host(const struct fleet *f, const char *host, const struct ksc_abi *abi,
		       const enum answer *answers)
{
	size_t i;

	if (f->quiet)
		return;
	text_print(stdout, host);
	printf(" %s", ksc_abi_id(abi));
	for (i = 0; i < f->n; i++) {
		if (answers[i] != ANSWER_YES)
			printf(" %s%s", f->words[i], answers[i] == ANSWER_PERHAPS ? "?" : "");
	}
	putchar('\n');
}

static void add_host(const struct fleet *f, const char *host, const struct ksc *k,
		     const struct ksc_abi *abi, const enum answer *answers)
{
	struct json_object *obj = json_object_new_object(), *lists[3] = {};
	size_t i;

	lists[ANSWER_NO] = json_object_new_array();
	lists[ANSWER_PERHAPS] = json_object_new_array();
	tool_json_text(obj, "host", host);
	tool_json_text(obj, "abi", ksc_abi_id(abi));
	tool_json_text(obj, "release", ksc_release(k));
	json_object_object_add(obj, "lacks", lists[ANSWER_NO]);
	json_object_object_add(obj, "cannot_tell", lists[ANSWER_PERHAPS]);
	for (i = 0; i < f->n; i++) {
		if (answers[i] != ANSWER_YES)
			json_object_array_add(lists[answers[i]],
					      json_object_new_string(f->words[i]));
	}
	json_object_array_add(f->hosts, obj);
}

static int check_tree(const struct fleet *f, const char *host, const struct ksc *k)
{
	const struct ksc_abi *abi = f->abi ? ksc_abi_by_name(k, f->abi) : ksc_abi_native(k);
	enum answer *answers;
	int ret, status = TOOL_OK;
	size_t i;

	if (!abi) {
		tool_error(f->t, "%s/%s does not publish %s", f->dir, host,
			   f->abi ?: "its machine's own ABI");
		return TOOL_NO_TREE;
	}
	ret = check_words(f, abi);
	if (ret)
		return ret;
	answers = calloc(f->n, sizeof(*answers));
	if (!answers) {
		tool_error(f->t, "out of memory");
		return TOOL_USAGE;
	}
	for (i = 0; i < f->n; i++) {
		answers[i] = ask(abi, f->words[i]);
		if (answers[i] != ANSWER_YES)
			status = TOOL_NO;
	}
	if (status && f->hosts)
		add_host(f, host, k, abi, answers);
	else if (status)
		print_host(f, host, abi, answers);
	free(answers);
	return status;
}

static int check_host(const struct fleet *f, const char *host)
{
	struct tool there = *f->t;
	struct ksc *k;
	char *root;
	int ret;

	if (asprintf(&root, "%s/%s", f->dir, host) < 0) {
		tool_error(f->t, "out of memory");
		return TOOL_USAGE;
	}
	there.sysroot = root;
	ret = tool_open(&there, &k);
	if (!ret)
		ret = check_tree(f, host, k);
	ksc_close(k);
	free(root);
	return ret;
}

static int is_host(const struct dirent *entry)
{
	return *entry->d_name != '.';
}

/**
 * check_each() - tell which hosts lack any of some syscalls
 * @t: the run
 * @dir: a directory with a snapshot of each host in a directory of its own
 * @abi: the ABI, NULL for each host's own
 * @words: names
 * @n: how many
 * @quiet: print nothing
 * @json: print JSON
 *
 * Return: TOOL_OK if none lacks any, TOOL_NO if one does, TOOL_NO_TREE if a host cannot
 * be asked, and TOOL_USAGE, each with the reason told.
 */
int check_each(const struct tool *t, const char *dir, const char *abi, char **words, size_t n,
	       bool quiet, bool json)
{
	struct fleet f = { .t = t, .dir = dir, .abi = abi, .words = words, .n = n, .quiet = quiet };
	struct dirent **entries;
	int i, ret, count, status = TOOL_OK;

	count = scandir(dir, &entries, is_host, alphasort);
	if (count < 0) {
		tool_error(t, "%s: %s", dir, strerror(errno));
		return TOOL_USAGE;
	}
	if (!count) {
		tool_error(t, "%s: no host in it; each snapshot is in a directory of its own", dir);
		status = TOOL_NO_TREE;
	}
	f.hosts = json ? json_object_new_array() : NULL;
	for (i = 0; i < count; i++) {
		ret = status == TOOL_USAGE ? TOOL_OK : check_host(&f, entries[i]->d_name);
		/* One host that cannot be asked does not hide the others; a wrong word does. */
		if (ret == TOOL_USAGE || ret > status)
			status = ret;
		free(entries[i]);
	}
	free(entries);
	if (json && status != TOOL_USAGE)
		return tool_print_json(t, f.hosts) ?: status;
	json_object_put(f.hosts);
	return status;
}
