// SPDX-License-Identifier: GPL-2.0-only
/*
 * ksyscalls: ask the running kernel, or a copy of its tree, which syscalls it
 * has, and turn the answer into seccomp filters. This file has the list of
 * subcommands.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "../file.h"
#include "options.h"

/* To add a subcommand, define `const struct tool_cmd cmd_NAME` and name it here. */
#define COMMANDS(X)	\
	X(status)	\
	X(abis)		\
	X(list)		\
	X(check)	\
	X(diff)		\
	X(releases)	\
	X(bpf)		\
	X(explain)	\
	X(run)		\
	X(oci)		\
	X(profile)	\
	X(snapshot)	\
	X(survey)	\
	X(export)	\
	X(load)		\
	X(unload)

#define DECLARE(name)	extern const struct tool_cmd cmd_##name;
#define ELEMENT(name)	&cmd_##name,

COMMANDS(DECLARE)

static const struct tool_cmd *const commands[] = { COMMANDS(ELEMENT) NULL };

int main(int argc, char **argv)
{
	struct tool tool = { .argv0 = "ksyscalls", .cmds = commands, .knobs = KNOBS_INIT };
	struct tool *t = &tool;
	const struct tool_cmd *cmd;

	file_guard_streams();
	if (argc > 1 && !strcmp(argv[1], "--complete"))
		return tool_finish(t, tool_complete(t, argc - 2, argv + 2));
	while (tool_getopt(t, argc, argv) != -1)
		;
	if (optind == argc)
		return tool_usage(t, "no command given");
	cmd = options_command(t, argv[optind]);
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
