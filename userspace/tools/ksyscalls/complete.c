// SPDX-License-Identifier: GPL-2.0-only
/*
 * --complete WORD...: what the last word may become, for the shells. The tables that
 * options are read from are asked, so nothing is offered that would be refused.
 *
 * A line each: the whole word, a tab, and what it means. A line that begins with a
 * colon asks the shell for its own: files, directories, or a command line.
 */
#include <stdlib.h>
#include <string.h>

#include "options.h"

struct completion {
	const struct tool *t;
	const struct tool_cmd *cmd;
	const char *sysroot, *abi, *alternative;
	bool ended;			/* the options, by a "--" */
	unsigned int operands;
	const struct tool_opt *open;	/* waits for its argument */
	struct option_tables tables;
	struct ksc *k;			/* opened when it is needed */
};

static void offer(const char *prefix, const char *word, const char *cur, const char *meaning)
{
	char whole[512];

	snprintf(whole, sizeof(whole), "%s%s", prefix, word);
	if (!strncmp(whole, cur, strlen(cur)))
		printf("%s\t%s\n", whole, meaning);
}

/* ---- the words before -------------------------------------------------- */

static const struct tool_opt *find_long(const struct option_tables *g, const char *name, size_t len)
{
	const struct tool_opt *found = NULL;
	size_t i;

	for (i = 0; i < g->n; i++) {
		if (strncmp(g->opts[i].name, name, len))
			continue;
		if (!g->opts[i].name[len])
			return &g->opts[i];
		if (found)
			return NULL;
		found = &g->opts[i];
	}
	return found;
}

static const struct tool_opt *find_letter(const struct option_tables *g, char letter)
{
	size_t i;

	for (i = 0; i < g->n; i++) {
		if (g->opts[i].val == letter)
			return &g->opts[i];
	}
	return NULL;
}

static void take_argument(struct completion *c, const struct tool_opt *opt, const char *arg)
{
	if (!strcmp(opt->name, "sysroot"))
		c->sysroot = arg;
	else if (!strcmp(opt->name, "abi"))
		c->abi = arg;
}

/* An option, as far as it is one; what it means here is an error elsewhere. */
static void take_option(struct completion *c, const char *word)
{
	const char *arg = NULL;
	const struct tool_opt *opt = NULL;
	size_t len;

	if (word[1] == '-') {
		len = strcspn(word + 2, "=");
		opt = find_long(&c->tables, word + 2, len);
		arg = word[2 + len] ? word + 2 + len + 1 : NULL;
	} else {
		for (word++; *word; word++) {
			opt = find_letter(&c->tables, *word);
			if (!opt || opt->arg)
				break;
		}
		arg = opt && opt->arg && word[1] ? word + 1 : NULL;
	}
	if (!opt)
		return;
	if (options_alternative(c->cmd, opt->name))
		c->alternative = opt->name;
	if (opt->arg && arg)
		take_argument(c, opt, arg);
	else if (opt->arg)
		c->open = opt;
}

/* Returns false for what no command line begins with. */
static bool take_word(struct completion *c, const char *word)
{
	if (c->open) {
		take_argument(c, c->open, word);
		c->open = NULL;
	} else if (!c->ended && !strcmp(word, "--")) {
		c->ended = true;
	} else if (!c->ended && *word == '-' && word[1]) {
		take_option(c, word);
	} else if (c->cmd) {
		c->operands++;
		c->ended |= c->cmd->flags & TOOL_STOP_AT_OPERAND;
	} else {
		c->cmd = options_command(c->t, word);
		options_build(c->cmd, &c->tables);
		c->ended = false;
		return c->cmd;
	}
	return true;
}

/* ---- the last word ----------------------------------------------------- */

static const struct ksc *tree(struct completion *c)
{
	if (!c->k && ksc_open(&c->k, c->sysroot)) {
		ksc_close(c->k);
		c->k = NULL;
	}
	return c->k;
}

static void offer_abis(struct completion *c, const char *prefix, const char *cur)
{
	const struct ksc_abi *abi;

	for (abi = tree(c) ? ksc_abi_next(c->k, NULL) : NULL; abi; abi = ksc_abi_next(c->k, abi))
		offer(prefix, ksc_abi_id(abi), cur, "ABI");
}

static bool named_before(const struct ksc *k, const struct ksc_abi *until, const char *name)
{
	const struct ksc_abi *abi;

	for (abi = ksc_abi_next(k, NULL); abi != until; abi = ksc_abi_next(k, abi)) {
		if (ksc_abi_nr(abi, name) >= 0)
			return true;
	}
	return false;
}

/* Of one ABI if one was named, else of all. */
static void offer_names(struct completion *c, const char *prefix, const char *cur)
{
	const struct ksc_abi *abi;
	const char *name;
	uint32_t nr;

	for (abi = tree(c) ? ksc_abi_next(c->k, NULL) : NULL; abi; abi = ksc_abi_next(c->k, abi)) {
		if (c->abi && strcmp(c->abi, ksc_abi_id(abi)))
			continue;
		for (nr = 0; nr < ksc_abi_nr_syscalls(abi); nr++) {
			name = ksc_abi_name(abi, nr);
			if (name && (c->abi || !named_before(c->k, abi, name)))
				offer(prefix, name, cur, "system call");
		}
	}
}

/* Words in small letters, apart by '|'; what is in capitals stands for something. */
static void offer_words(const char *words, const char *prefix, const char *cur)
{
	char word[32];
	size_t len;

	for (; *words; words += len + !!words[len]) {
		len = strcspn(words, "|");
		snprintf(word, sizeof(word), "%.*s", (int)len, words);
		if (*word >= 'a' && *word <= 'z')
			offer(prefix, word, cur, "");
	}
}

/* @prefix is of @cur, and what the argument stands behind. */
static void offer_argument(struct completion *c, const struct tool_opt *opt, size_t prefix_len,
			   const char *cur)
{
	char *prefix = strndup(cur, prefix_len), *comma;

	if (!prefix)
		return;
	if (!strcmp(opt->arg, "DIR")) {
		puts(":dirs");
	} else if (!strcmp(opt->arg, "FILE")) {
		puts(":files");
	} else if (!strcmp(opt->arg, "RUNTIME")) {
		offer_words("runc|crun", prefix, cur);
		puts(":files");
	} else if (!strcmp(opt->arg, "ABI")) {
		offer_abis(c, prefix, cur);
	} else if (!strcmp(opt->arg, "NAME,...")) {
		/* Each name of the list. */
		comma = strrchr(cur + prefix_len, ',');
		free(prefix);
		prefix = strndup(cur, comma ? (size_t)(comma - cur) + 1 : prefix_len);
		if (prefix)
			offer_names(c, prefix, cur);
	} else {
		offer_words(opt->arg, prefix, cur);
	}
	free(prefix);
}

static void offer_options(struct completion *c, const char *cur)
{
	const struct tool_opt *opt;
	size_t i;

	for (i = 0; i < c->tables.n; i++) {
		opt = &c->tables.opts[i];
		if (!options_excluded(c->cmd, opt->name, c->alternative))
			offer("--", opt->name, cur, opt->help);
	}
}

static void offer_commands(const struct completion *c, const char *cur)
{
	const struct tool_cmd *const *cmd;

	for (cmd = c->t->cmds; *cmd; cmd++) {
		if (!c->sysroot || !((*cmd)->flags & TOOL_LIVE))
			offer("", (*cmd)->name, cur, (*cmd)->brief);
	}
}

static unsigned int count_dirs(const char *operands)
{
	unsigned int n = 0;

	for (; (operands = strstr(operands, "DIR")); operands++)
		n++;
	return n;
}

static void offer_operand(struct completion *c, const char *cur)
{
	if (c->cmd->flags & TOOL_STOP_AT_OPERAND)
		puts(":command");
	else if (c->operands < count_dirs(c->cmd->operands))
		puts(":dirs");
	else if (strstr(c->cmd->operands, "NAME"))
		offer_names(c, "", cur);
}

static void complete_word(struct completion *c, const char *cur)
{
	const struct tool_opt *opt;
	size_t len;

	if (c->open) {
		offer_argument(c, c->open, 0, cur);
		return;
	}
	if (!c->ended && !strncmp(cur, "--", 2) && strchr(cur, '=')) {
		len = strcspn(cur, "=");
		opt = find_long(&c->tables, cur + 2, len - 2);
		if (opt && opt->arg)
			offer_argument(c, opt, len + 1, cur);
		return;
	}
	if (!c->ended && *cur == '-')
		offer_options(c, cur);
	else if (!c->cmd)
		offer_commands(c, cur);
	else
		offer_operand(c, cur);
}

/**
 * tool_complete() - offer what the last word may become
 * @t: the run
 * @argc: how many words there are
 * @argv: what follows the command's name, up to the word under the cursor
 *
 * Return: TOOL_OK.
 */
int tool_complete(const struct tool *t, int argc, char **argv)
{
	struct completion c = { .t = t };
	int i;

	options_build(NULL, &c.tables);
	for (i = 0; i < argc - 1; i++) {
		if (!take_word(&c, argv[i]))
			break;
	}
	if (argc && i == argc - 1)
		complete_word(&c, argv[i]);
	ksc_close(c.k);
	return TOOL_OK;
}
