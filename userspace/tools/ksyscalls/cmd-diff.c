// SPDX-License-Identifier: GPL-2.0-only
/*
 * diff: where two views disagree, by ABI, number and name.
 */
#include <getopt.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "../text.h"
#include "tool.h"

/* How one number stands in both views. */
enum change {
	CHANGE_NONE,
	CHANGE_FIRST,		/* the first alone has it */
	CHANGE_SECOND,		/* the second alone */
	CHANGE_BOTH,		/* each has another syscall there */
	CHANGE_UNKNOWN,		/* one of them cannot tell */
};

/* An ABI of one view and its like in the other; NULL: not published there. */
struct pair {
	const struct ksc_abi *first, *second;
};

static enum change compare(const struct pair *p, uint32_t nr)
{
	int first = ksc_abi_implemented(p->first, nr);
	int second = ksc_abi_implemented(p->second, nr);
	const char *a, *b;

	if (first < 0 || second < 0)
		return first == second ? CHANGE_NONE : CHANGE_UNKNOWN;
	if (first != second)
		return first ? CHANGE_FIRST : CHANGE_SECOND;
	a = ksc_abi_name(p->first, nr);
	b = ksc_abi_name(p->second, nr);
	return a && b && strcmp(a, b) ? CHANGE_BOTH : CHANGE_NONE;
}

/* The longer of the two: beyond its end neither has anything. */
static uint32_t length(const struct pair *p)
{
	uint32_t a = ksc_abi_nr_syscalls(p->first), b = ksc_abi_nr_syscalls(p->second);

	return a > b ? a : b;
}

/* Why there are no numbers to compare; NULL: compare them. */
static const char *whole(const struct pair *p)
{
	if (!p->first)
		return "not published by the first";
	if (!p->second)
		return "not published by the second";
	if (!ksc_abi_nr_implemented(p->first) == !ksc_abi_nr_implemented(p->second))
		return NULL;
	return ksc_abi_nr_implemented(p->first) ? "disabled on the boot of the second" :
						  "disabled on the boot of the first";
}

/* Of two, of which one cannot tell. */
static const struct ksc_abi *who_knows(const struct pair *p, uint32_t nr)
{
	return ksc_abi_implemented(p->first, nr) < 0 ? p->second : p->first;
}

/* Calls @tell for each difference. Returns how many there are. */
static unsigned int each_change(const struct pair *p,
				void (*tell)(const struct pair *p, uint32_t nr, enum change how,
					     void *arg), void *arg)
{
	unsigned int n = 0;
	enum change how;
	uint32_t nr;

	for (nr = 0; nr < length(p); nr++) {
		how = compare(p, nr);
		if (how == CHANGE_NONE)
			continue;
		tell(p, nr, how, arg);
		n++;
	}
	return n;
}

/* ---- text ---------------------------------------------------------------- */

/* The two as the command line names them. */
struct views {
	const char *names[2];
	struct ksc *k[2];
	bool begun;			/* printing: diff(1) is silent on what is the same */
};

static void begin(struct views *v)
{
	size_t i;

	for (i = 0; !v->begun && i < 2; i++) {
		fputs(i ? "+++ " : "--- ", stdout);
		text_print(stdout, v->names[i]);
		printf("\t%s, Linux %s\n", ksc_source(v->k[i]), ksc_release(v->k[i]) ?: "unknown");
	}
	v->begun = true;
}

static void print_side(char sign, const struct ksc_abi *abi, uint32_t nr)
{
	const char *name = ksc_abi_name(abi, nr);
	char *guess = name ? NULL : tool_absent_name(abi, nr);

	printf("%c%s %u %s\n", sign, ksc_abi_id(abi), nr, name ?: guess ?: "-");
	free(guess);
}

static void print_change(const struct pair *p, uint32_t nr, enum change how, void *views)
{
	begin(views);
	if (how == CHANGE_FIRST || how == CHANGE_BOTH)
		print_side('-', p->first, nr);
	if (how == CHANGE_SECOND || how == CHANGE_BOTH)
		print_side('+', p->second, nr);
	if (how == CHANGE_UNKNOWN)
		print_side('?', who_knows(p, nr), nr);
}

static unsigned int print_pair(const struct pair *p, void *views)
{
	const struct ksc_abi *abi = p->first ?: p->second;
	const char *why = whole(p);
	bool only_first;

	if (!why)
		return each_change(p, print_change, views);
	begin(views);
	only_first = !p->second || (p->first && ksc_abi_nr_implemented(p->first));
	printf("%c%s: %s\n", only_first ? '-' : '+', ksc_abi_id(abi), why);
	return 1;
}

/* ---- JSON ---------------------------------------------------------------- */

struct lists {
	struct json_object *first, *second, *unknown;
};

static void add_side(struct json_object *list, const struct ksc_abi *abi, uint32_t nr)
{
	struct json_object *obj = json_object_new_object();
	const char *name = ksc_abi_name(abi, nr);
	char *guess = name ? NULL : tool_absent_name(abi, nr);

	name = name ?: guess;
	json_object_object_add(obj, "nr", json_object_new_int64(nr));
	tool_json_text(obj, "name", name);
	json_object_array_add(list, obj);
	free(guess);
}

static void add_change(const struct pair *p, uint32_t nr, enum change how, void *arg)
{
	const struct lists *l = arg;

	if (how == CHANGE_FIRST || how == CHANGE_BOTH)
		add_side(l->first, p->first, nr);
	if (how == CHANGE_SECOND || how == CHANGE_BOTH)
		add_side(l->second, p->second, nr);
	if (how == CHANGE_UNKNOWN)
		add_side(l->unknown, who_knows(p, nr), nr);
}

static unsigned int add_pair(const struct pair *p, void *abis)
{
	struct lists l = { json_object_new_array(), json_object_new_array(),
			   json_object_new_array() };
	struct json_object *obj = json_object_new_object();
	const char *why = whole(p);
	unsigned int n = why ? 1 : each_change(p, add_change, &l);

	tool_json_text(obj, "abi", ksc_abi_id(p->first ?: p->second));
	tool_json_text(obj, "note", why);
	json_object_object_add(obj, "only_first", l.first);
	json_object_object_add(obj, "only_second", l.second);
	json_object_object_add(obj, "cannot_tell", l.unknown);
	json_object_array_add(abis, obj);
	return n;
}

static struct json_object *json_view(const char *name, const struct ksc *k)
{
	struct json_object *obj = json_object_new_object();

	tool_json_text(obj, "view", name);
	tool_json_text(obj, "source", ksc_source(k));
	tool_json_text(obj, "release", ksc_release(k));
	return obj;
}

/* ---- both ---------------------------------------------------------------- */

/* Returns how many differences there are. */
static unsigned int each_pair(const struct views *v,
			      unsigned int (*tell)(const struct pair *p, void *arg), void *arg)
{
	const struct ksc_abi *abi, *other;
	unsigned int n = 0;

	ksc_abi_foreach(abi, v->k[0]) {
		other = ksc_abi_by_name(v->k[1], ksc_abi_id(abi));
		n += tell(&(struct pair){ abi, other }, arg);
	}
	ksc_abi_foreach(abi, v->k[1]) {
		if (!ksc_abi_by_name(v->k[0], ksc_abi_id(abi)))
			n += tell(&(struct pair){ NULL, abi }, arg);
	}
	return n;
}

static int print_text(struct views *v)
{
	return each_pair(v, print_pair, v) ? TOOL_NO : TOOL_OK;
}

static int print_json(const struct tool *t, const struct views *v)
{
	struct json_object *obj = json_object_new_object(), *abis = json_object_new_array();
	unsigned int n = each_pair(v, add_pair, abis);

	json_object_object_add(obj, "first", json_view(v->names[0], v->k[0]));
	json_object_object_add(obj, "second", json_view(v->names[1], v->k[1]));
	json_object_object_add(obj, "differences", json_object_new_int64(n));
	json_object_object_add(obj, "abis", abis);
	return tool_print_json(t, obj) ?: (n ? TOOL_NO : TOOL_OK);
}

/* "-" is what every other command reads. */
static int open_view(const struct tool *t, const char *name, struct ksc **kp)
{
	struct tool other = *t;

	if (strcmp(name, "-"))
		other.sysroot = name;
	return tool_open(&other, kp);
}

static int run_diff(struct tool *t, int argc, char **argv)
{
	struct views v = { .names = { NULL, "-" } };
	bool json = false;
	int i, ret = TOOL_OK;

	while (tool_getopt(t, argc, argv) != -1)
		json = true;
	if (argc - optind < 1 || argc - optind > 2)
		return tool_usage(t, "name one view, or two");
	for (i = 0; optind + i < argc; i++)
		v.names[i] = argv[optind + i];
	for (i = 0; !ret && i < 2; i++)
		ret = open_view(t, v.names[i], &v.k[i]);
	if (!ret)
		ret = json ? print_json(t, &v) : print_text(&v);
	ksc_close(v.k[0]);
	ksc_close(v.k[1]);
	return ret;
}

static const struct tool_opt diff_opts[] = {
	TOOL_OPT_JSON,
	{}
};

const struct tool_cmd cmd_diff = {
	.name = "diff",
	.operands = "DIR [DIR]",
	.brief = "compare what two kernels implement, by ABI and name",
	.about = "A view is a directory that 'snapshot' made, or '-', this machine, which is also\n"
		 "the second if there is one. Exit status 0: the same; 1: they differ.\n",
	.example = "ksyscalls diff host-a host-b",
	.opts = diff_opts,
	.run = run_diff,
};
