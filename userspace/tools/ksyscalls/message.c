// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the command says on stderr.
 */
#include <stdarg.h>
#include <string.h>

#include "../text.h"
#include "tool.h"

static void vmessage(const struct tool *t, const char *fmt, va_list ap)
{
	char who[64];

	snprintf(who, sizeof(who), "%s%s%s", t->argv0, t->cmd ? " " : "",
		 t->cmd ? t->cmd->name : "");
	text_say(who, fmt, ap);
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
