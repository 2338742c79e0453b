/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The options that may be given, for whoever reads them, tells of them or completes
 * them.
 */
#ifndef KSYSCALLS_OPTIONS_H
#define KSYSCALLS_OPTIONS_H

#include <getopt.h>

#include "tool.h"

/* More options than any subcommand has; checked when the tables are built. */
#define MAX_OPTS	48

struct option_tables {
	struct tool_opt opts[MAX_OPTS];
	struct option longopts[MAX_OPTS + 1];
	char shortopts[2 * MAX_OPTS + 3];
	size_t n;
};

const struct tool_cmd *options_command(const struct tool *t, const char *name);
void options_build(const struct tool_cmd *cmd, struct option_tables *g);
bool options_alternative(const struct tool_cmd *cmd, const char *name);
bool options_excluded(const struct tool_cmd *cmd, const char *name, const char *given);

#endif
