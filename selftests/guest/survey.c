// SPDX-License-Identifier: GPL-2.0-only
/*
 * The subcommand 'ksyscalls survey' by itself: no library but the core, so that it can
 * be built for every guest.
 */
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>

#include "tool.h"

extern const struct tool_cmd cmd_survey;

int tool_getopt(struct tool *t, int argc, char **argv)
{
	(void)t;
	(void)argc;
	(void)argv;
	return -1;
}

static void message(const char *fmt, va_list ap)
{
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
}

void tool_error(const struct tool *t, const char *fmt, ...)
{
	va_list ap;

	(void)t;
	va_start(ap, fmt);
	message(fmt, ap);
	va_end(ap);
}

int tool_usage(const struct tool *t, const char *fmt, ...)
{
	va_list ap;

	(void)t;
	va_start(ap, fmt);
	message(fmt, ap);
	va_end(ap);
	return TOOL_USAGE;
}

int main(int argc, char **argv)
{
	struct tool t = { .argv0 = "survey", .cmd = &cmd_survey };

	return cmd_survey.run(&t, argc, argv);
}
