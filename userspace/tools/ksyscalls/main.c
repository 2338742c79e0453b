// SPDX-License-Identifier: GPL-2.0-only
/*
 * ksyscalls: ask the running kernel, or a copy of its tree, which syscalls it
 * has, and turn the answer into seccomp filters.
 *
 * This file knows the list of subcommands and how options are read. Each
 * subcommand describes its options in a table, from which both getopt_long()
 * and --help are fed, so that the two cannot disagree.
 */
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

/* To add a subcommand, define `const struct tool_cmd cmd_NAME` and name it here. */
#define COMMANDS(X)	\
	X(abis)		\
	X(list)		\
	X(check)	\
	X(releases)	\
	X(bpf)		\
	X(explain)	\
	X(run)		\
	X(oci)		\
	X(profile)	\
	X(snapshot)	\
	X(survey)	\
	X(load)		\
	X(unload)

#define DECLARE(name)	extern const struct tool_cmd cmd_##name;
#define ELEMENT(name)	&cmd_##name,

COMMANDS(DECLARE)

static const struct tool_cmd *const commands[] = { COMMANDS(ELEMENT) };

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#ifndef KSC_VERSION
#define KSC_VERSION	"0.1.0"
#endif

enum {
	/* Out of the way of the subcommands' own values. */
	OPT_SYSROOT = 0x1000,
	OPT_VERSION,
};

static const struct tool_opt opt_sysroot = {
	"sysroot", OPT_SYSROOT, "DIR", "read the tree below DIR, a copy from another host"
};

static const struct tool_opt opt_help = { "help", 'h', NULL, "print this help and exit" };

static const struct tool_opt opt_version = {
	"version", OPT_VERSION, NULL, "print the version and exit"
};

/* More options than any subcommand has; checked when the tables are built. */
#define MAX_OPTS	48

struct getopt_tables {
	const struct tool_opt *opts[MAX_OPTS];
	struct option longopts[MAX_OPTS + 1];
	char shortopts[2 * MAX_OPTS + 3];
	size_t n;
};

static void add_opt(struct getopt_tables *g, const struct tool_opt *opt)
{
	size_t len = strlen(g->shortopts);

	if (g->n == MAX_OPTS)
		abort();
	g->opts[g->n] = opt;
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

/* What may be given now: the global options, or the subcommand's and --sysroot. */
static void build_tables(const struct tool *t, struct getopt_tables *g)
{
	const struct tool_opt *opt;

	memset(g, 0, sizeof(*g));
	/* '+': stop at the first operand; ':': we word the errors ourselves. */
	if (!t->cmd || (t->cmd->flags & TOOL_STOP_AT_OPERAND))
		strcat(g->shortopts, "+");
	strcat(g->shortopts, ":");
	for (opt = t->cmd ? t->cmd->opts : NULL; opt && opt->name; opt++)
		add_opt(g, opt);
	if (!t->cmd || !(t->cmd->flags & TOOL_LIVE))
		add_opt(g, &opt_sysroot);
	add_opt(g, &opt_help);
	if (!t->cmd)
		add_opt(g, &opt_version);
}

static void vmessage(const struct tool *t, const char *fmt, va_list ap)
{
	fprintf(stderr, "%s%s%s: ", t->argv0, t->cmd ? " " : "", t->cmd ? t->cmd->name : "");
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
}

/**
 * tool_error() - tell what went wrong, on stderr
 * @t: the run
 * @fmt: cause and cure, without a newline at the end
 */
void tool_error(const struct tool *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vmessage(t, fmt, ap);
	va_end(ap);
}

/**
 * tool_usage() - tell that the command line is wrong, and where to look
 * @t: the run
 * @fmt: what is wrong, without a newline at the end
 *
 * Return: TOOL_USAGE, for the caller to return in turn.
 */
int tool_usage(const struct tool *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vmessage(t, fmt, ap);
	va_end(ap);
	fprintf(stderr, "Try '%s%s%s --help'.\n", t->argv0, t->cmd ? " " : "",
		t->cmd ? t->cmd->name : "");
	return TOOL_USAGE;
}

static void print_help(const struct tool *t)
{
	struct getopt_tables g;
	char left[64];
	size_t i;

	if (t->cmd)
		printf("Usage: %s %s [OPTION]...%s%s\n%s\n", t->argv0, t->cmd->name,
		       *t->cmd->operands ? " " : "", t->cmd->operands, t->cmd->brief);
	else
		printf("Usage: %s [OPTION]... COMMAND [ARGUMENT]...\n"
		       "Ask the kernel which syscalls it has, and filter by the answer.\n",
		       t->argv0);
	if (!t->cmd) {
		printf("\nCommands:\n");
		for (i = 0; i < ARRAY_SIZE(commands); i++)
			printf("  %-10s  %s\n", commands[i]->name, commands[i]->brief);
	}
	printf("\nOptions:\n");
	build_tables(t, &g);
	for (i = 0; i < g.n; i++) {
		const struct tool_opt *opt = g.opts[i];

		snprintf(left, sizeof(left), "%c%c%s--%s%s%s",
			 opt->val < 256 ? '-' : ' ', opt->val < 256 ? opt->val : ' ',
			 opt->val < 256 ? ", " : "  ", opt->name,
			 opt->arg ? "=" : "", opt->arg ? opt->arg : "");
		printf("  %-28s  %s\n", left, opt->help);
	}
	printf("\nExit status: 0 yes or done, 1 no or refused, 2 wrong usage or input,\n"
	       "3 no module or no usable tree. See ksyscalls(1).\n");
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

/**
 * tool_getopt() - the next option of the subcommand
 * @t: the run
 * @argc: as the subcommand got it
 * @argv: as the subcommand got it
 *
 * Handles --sysroot and --help itself; does not return from --help or from a
 * wrong option.
 *
 * Return: the option's val, its argument in optarg; -1 when none is left, the
 * first operand at optind.
 */
int tool_getopt(struct tool *t, int argc, char **argv)
{
	struct getopt_tables g;
	int c;

	build_tables(t, &g);
	for (;;) {
		c = getopt_long(argc, argv, g.shortopts, g.longopts, NULL);
		switch (c) {
		case OPT_SYSROOT:
			if (!*optarg)
				exit(tool_usage(t, "--sysroot needs a directory"));
			t->sysroot = optarg;
			break;
		case 'h':
			print_help(t);
			exit(tool_finish(t, TOOL_OK));
		case ':':
			exit(tool_usage(t, "option '%s' needs an argument", argv[optind - 1]));
		case '?':
			exit(bad_option(t, argv[optind - 1]));
		default:
			return c;
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

static const struct tool_cmd *find_command(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

int main(int argc, char **argv)
{
	struct tool tool = { .argv0 = "ksyscalls" };
	struct tool *t = &tool;
	const struct tool_cmd *cmd;
	int c;

	while ((c = tool_getopt(t, argc, argv)) != -1) {
		if (c != OPT_VERSION)
			abort();
		printf("ksyscalls %s\n", KSC_VERSION);
		return tool_finish(t, TOOL_OK);
	}
	if (optind == argc)
		return tool_usage(t, "no command given");
	cmd = find_command(argv[optind]);
	if (!cmd)
		return tool_usage(t, "unknown command '%s'", argv[optind]);
	t->cmd = cmd;
	if (t->sysroot && (cmd->flags & TOOL_LIVE))
		return tool_usage(t, "acts on the running kernel: --sysroot has no place here");
	argc -= optind;
	argv += optind;
	optind = 0;	/* glibc and musl: start afresh with another table */
	return tool_finish(t, cmd->run(t, argc, argv));
}
