// SPDX-License-Identifier: GPL-2.0-only
/*
 * oci --dry-run: what would change, as diff(1) shows it.
 */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../lib/shared.h"
#include "../which.h"
#include "oci-diff.h"

/**
 * oci_write_pretty() - write a configuration a value a line, so that lines can be compared
 * @fd: where to
 * @text: what a rewriting took or gave
 * @len: its length
 *
 * Return: 0 or a negative errno.
 */
int oci_write_pretty(int fd, const char *text, size_t len)
{
	struct json_tokener *tok = json_tokener_new();
	struct json_object *obj;
	const char *pretty;
	int ret = -ENOMEM;

	if (!tok)
		return -ENOMEM;
	obj = json_tokener_parse_ex(tok, text, (int)len);
	pretty = obj ? json_object_to_json_string_ext(obj, JSON_C_TO_STRING_PRETTY |
						      JSON_C_TO_STRING_NOSLASHESCAPE) : NULL;
	if (pretty)
		ret = ksc_write_all(fd, pretty, strlen(pretty));
	if (!ret)
		ret = ksc_write_all(fd, "\n", 1);
	json_object_put(obj);
	json_tokener_free(tok);
	return ret;
}

static void exec_diff(const char *diff, const char *name, int before, int after)
{
	char paths[2][32], labels[2][PATH_MAX + 16];

	/* They are closed on exec for everybody else. */
	fcntl(before, F_SETFD, 0);
	fcntl(after, F_SETFD, 0);
	snprintf(paths[0], sizeof(paths[0]), "/proc/self/fd/%d", before);
	snprintf(paths[1], sizeof(paths[1]), "/proc/self/fd/%d", after);
	snprintf(labels[0], sizeof(labels[0]), "%s", name);
	snprintf(labels[1], sizeof(labels[1]), "%s, rewritten", name);
	execl(diff, diff, "-u", "--label", labels[0], "--label", labels[1], paths[0], paths[1],
	      NULL);
	_exit(127);
}

/**
 * oci_print_diff() - print the difference of two files on stdout
 * @t: the run
 * @name: what they are called
 * @before: a descriptor of the first
 * @after: of the second
 *
 * Return: TOOL_OK, whether they differ or not, or TOOL_USAGE with the reason told.
 */
int oci_print_diff(const struct tool *t, const char *name, int before, int after)
{
	char diff[PATH_MAX];
	int status = 0;
	pid_t pid;

	if (tool_which("diff", diff)) {
		tool_error(t, "--dry-run needs diff(1): install diffutils");
		return TOOL_USAGE;
	}
	fflush(stdout);
	pid = fork();
	if (!pid)
		exec_diff(diff, name, before, after);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) <= 1)
		return TOOL_OK;
	tool_error(t, "%s: it failed", diff);
	return TOOL_USAGE;
}
