// SPDX-License-Identifier: GPL-2.0-only
/*
 * How options are read, and the help that tells of them: both from the tables of
 * the subcommands, so that the two cannot disagree.
 */
#include <stdlib.h>
#include <string.h>

#include "options.h"

/* Below the column where an option's help begins. */
#define INDENT	"                              "

enum {
	/* Out of the way of the subcommands' own values. */
	OPT_SYSROOT = 0x1000,
	OPT_VERSION,
	OPT_KNOB,		/* and on, in the order of their table */
};

static const struct tool_opt opt_sysroot = {
	"sysroot", OPT_SYSROOT, "DIR", "read the tree below DIR, a copy from another host"
};

static const struct tool_opt opt_help = { "help", 'h', NULL, "print this help and exit" };

static const struct tool_opt opt_version = {
	"version", OPT_VERSION, NULL, "print the version and exit"
};

/**
 * options_command() - the subcommand of that name
 * @t: the run
 * @name: as on the command line
 *
 * Return: NULL if there is none.
 */
const struct tool_cmd *options_command(const struct tool *t, const char *name)
{
	const struct tool_cmd *const *cmd;

	for (cmd = t->cmds; *cmd && strcmp((*cmd)->name, name); cmd++)
		;
	return *cmd;
}

static void add_opt(struct option_tables *g, const struct tool_opt *opt)
{
	size_t len = strlen(g->shortopts);

	if (g->n == MAX_OPTS)
		abort();
	g->opts[g->n] = *opt;
	g->longopts[g->n] = (struct option){
		.name = opt->name,
		.has_arg = opt->arg ? required_argument : no_argument,
		.val = opt->val,
	};
	g->n++;
	if (opt->val >= 256)
		return;
	g->shortopts[len++] = (char)opt->val;
	if (opt->arg)
		g->shortopts[len] = ':';
}

static void add_knobs(struct option_tables *g)
{
	const struct knob *knob;
	int val = OPT_KNOB;

	for (knob = knob_next(NULL); knob; knob = knob_next(knob))
		add_opt(g, &(struct tool_opt){ knob->name, val++, knob->arg, knob->help });
}

/**
 * options_build() - what may be given now
 * @cmd: the subcommand; NULL: the options in front of it
 * @g: receives the tables
 */
void options_build(const struct tool_cmd *cmd, struct option_tables *g)
{
	const struct tool_opt *opt;

	memset(g, 0, sizeof(*g));
	/* '+': stop at the first operand; ':': we word the errors ourselves. */
	if (!cmd || (cmd->flags & TOOL_STOP_AT_OPERAND))
		strcat(g->shortopts, "+");
	strcat(g->shortopts, ":");
	for (opt = cmd ? cmd->opts : NULL; opt && opt->name; opt++)
		add_opt(g, opt);
	for (opt = tool_profile_opts; cmd && (cmd->flags & TOOL_PROFILE) && opt->name; opt++)
		add_opt(g, opt);
	if (cmd && (cmd->flags & TOOL_KNOBS))
		add_knobs(g);
	if (!cmd || !(cmd->flags & TOOL_LIVE))
		add_opt(g, &opt_sysroot);
	add_opt(g, &opt_help);
	if (!cmd)
		add_opt(g, &opt_version);
}

static void print_help(const struct tool *t)
{
	const struct tool_cmd *const *cmd;
	struct option_tables g;
	char left[64];
	size_t i;

	if (t->cmd)
		printf("Usage: %s %s [OPTION]...%s%s\n%s\n%s%s\nExample:\n  %s\n", t->argv0,
		       t->cmd->name, *t->cmd->operands ? " " : "", t->cmd->operands,
		       t->cmd->brief, t->cmd->about ? "\n" : "", t->cmd->about ?: "",
		       t->cmd->example);
	else
		printf("Usage: %s [OPTION]... COMMAND [ARGUMENT]...\n"
		       "Ask the kernel which syscalls it has, and filter by the answer.\n",
		       t->argv0);
	if (!t->cmd) {
		printf("\nCommands:\n");
		for (cmd = t->cmds; *cmd; cmd++)
			printf("  %-10s  %s\n", (*cmd)->name, (*cmd)->brief);
	}
	printf("\nOptions:\n");
	options_build(t->cmd, &g);
	for (i = 0; i < g.n; i++) {
		const struct tool_opt *opt = &g.opts[i];

		snprintf(left, sizeof(left), "%c%c%s--%s%s%s",
			 opt->val < 256 ? '-' : ' ', opt->val < 256 ? opt->val : ' ',
			 opt->val < 256 ? ", " : "  ", opt->name,
			 opt->arg ? "=" : "", opt->arg ?: "");
		printf("  %-28s%s  %s\n", left, strlen(left) > 28 ? "\n" INDENT : "", opt->help);
	}
	printf("\nExit status: 0 yes or done, 1 no or refused, 2 wrong usage or input,\n"
	       "3 no module or no usable tree. %s\n", t->cmd ? "See ksyscalls(1)." :
	       "Each command has a --help of its own; see ksyscalls(1).");
}

/*
 * @word is the last one that getopt has left behind. It is still inside the
 * next one if the wrong letter is not the last of its cluster.
 */
static int bad_option(const struct tool *t, const char *word)
{
	if (!optopt)
		return tool_usage(t, "unknown option '%s'", word);
	if (!strncmp(word, "--", 2) && strchr(word, '='))
		return tool_usage(t, "option '%.*s' takes no argument",
				  (int)strcspn(word, "="), word);
	return tool_usage(t, "unknown option '-%c'", optopt);
}

static void take_knob(struct tool *t, int c)
{
	const struct knob *knob = knob_next(NULL);
	const char *error;

	for (; c > OPT_KNOB; c--)
		knob = knob_next(knob);
	error = knob->set(&t->knobs, knob->arg ? optarg : NULL);
	if (error)
		exit(tool_usage(t, "--%s %s", knob->name, error));
	if (!t->knob)
		t->knob = knob->name;
}

/**
 * options_alternative() - is it one of the options that exclude each other?
 * @cmd: the subcommand; NULL: the options in front of it
 * @name: the option
 */
bool options_alternative(const struct tool_cmd *cmd, const char *name)
{
	return cmd && cmd->alternatives[0] && (!strcmp(cmd->alternatives[0], name) ||
					       !strcmp(cmd->alternatives[1], name));
}

/**
 * options_excluded() - may an option not be given any more?
 * @cmd: the subcommand; NULL: the options in front of it
 * @name: the option
 * @given: one of the subcommand's alternatives that is given already; NULL: none
 */
bool options_excluded(const struct tool_cmd *cmd, const char *name, const char *given)
{
	return given && strcmp(given, name) && options_alternative(cmd, name);
}

static void note_alternative(struct tool *t, const struct option_tables *g, int c)
{
	const char *name = NULL;
	size_t i;

	for (i = 0; i < g->n; i++) {
		if (g->opts[i].val == c)
			name = g->opts[i].name;
	}
	if (!name || !options_alternative(t->cmd, name))
		return;
	if (options_excluded(t->cmd, name, t->alternative))
		exit(tool_usage(t, "--%s and --%s exclude each other", t->alternative, name));
	t->alternative = name;
}

/**
 * tool_getopt() - the next option of the subcommand
 * @t: the run
 * @argc: as the subcommand got it
 * @argv: as the subcommand got it
 *
 * Handles --sysroot, --help, --version and the knobs itself; does not return
 * from --help or from a wrong option.
 *
 * Return: the option's val, its argument in optarg; -1 when none is left, the
 * first operand at optind.
 */
int tool_getopt(struct tool *t, int argc, char **argv)
{
	struct option_tables g;
	int c;

	options_build(t->cmd, &g);
	for (;;) {
		c = getopt_long(argc, argv, g.shortopts, g.longopts, NULL);
		if (c == '?')
			exit(bad_option(t, argv[optind - 1]));
		if (c == ':' || (c != -1 && optarg && !*optarg))
			exit(tool_usage(t, "option '%s' needs an argument",
					c == ':' || optind < 2 || *argv[optind - 1] ?
					argv[optind - 1] : argv[optind - 2]));
		note_alternative(t, &g, c);
		switch (c) {
		case OPT_SYSROOT:
			t->sysroot = optarg;
			break;
		case 'h':
			print_help(t);
			exit(tool_finish(t, TOOL_OK));
		case OPT_VERSION:
			printf("%s %s\n", t->argv0, ksc_version());
			exit(tool_finish(t, TOOL_OK));
		default:
			if (c < OPT_KNOB)
				return c;
			take_knob(t, c);
		}
	}
}

/**
 * tool_no_operands() - refuse operands where a subcommand takes none
 * @t: the run
 * @argc: as the subcommand got it
 * @argv: as the subcommand got it, options read
 *
 * Return: TOOL_OK or TOOL_USAGE.
 */
int tool_no_operands(const struct tool *t, int argc, char **argv)
{
	if (optind == argc)
		return TOOL_OK;
	return tool_usage(t, "unexpected operand '%s'", argv[optind]);
}
