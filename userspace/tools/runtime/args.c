// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line of an OCI runtime, read as far as it says where the bundle is.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "runtime.h"

/*
 * Options that have their argument in the next word if not after a '=', of runc,
 * crun and youki. Those that they do not have take none of their words away,
 * because the runtime refuses them. argp gives crun --program-name everywhere.
 */
static const char *const global_opts[] = {
	"root", "r", "log", "l", "log-format", "log-level", "rootless", "criu",
	"cgroup-manager", "program-name", NULL
};

static const char *const create_opts[] = {
	"bundle", "b", "config", "f", "console-socket", "c", "pidfd-socket", "pid-file", "p",
	"preserve-fds", "program-name", NULL
};

/* getopt takes any beginning that is unique; where it is not, the runtime refuses it. */
static const char *find_opt(const char *const *opts, const char *name, size_t len, bool whole)
{
	for (; *opts; opts++) {
		if (!strncmp(*opts, name, len) && (!whole || !(*opts)[len]))
			return *opts;
	}
	return NULL;
}

/* What a runtime makes of one word: an option of @opts, and its argument if inside. */
static const char *split_word(const char *const *opts, const char *word, bool crun,
			      const char **arg)
{
	bool two = word[1] == '-';
	const char *name = word + 1 + two, *opt, *letter;
	size_t len = strcspn(name, "=");

	*arg = name[len] ? name + len + 1 : NULL;
	if (two || !crun) {
		opt = find_opt(opts, name, len, !two || !crun);
		if (opt || two)
			return opt;
	}
	/*
	 * Letters in one word: the first that takes an argument has the rest of it.
	 * Go knows no such clusters, and "-no-subreaper" has a b in it.
	 */
	for (letter = name; *letter && *letter != '=' && (crun || letter == name); letter++) {
		opt = find_opt(opts, letter, 1, true);
		if (!opt)
			continue;
		*arg = letter[1] ? letter + 1 : NULL;
		return opt;
	}
	return NULL;
}

void request_parse(char **argv, bool crun, struct request *r)
{
	const char *opt, *arg;
	bool ended = false;		/* the global options, by a "--" */

	*r = (struct request){ 0 };
	while (*++argv) {
		if (!strcmp(*argv, "--")) {
			if (r->command)
				return;
			ended = true;
			continue;
		}
		if (**argv != '-' || !(*argv)[1] || (ended && !r->command)) {
			/* runc takes options after the container's name, too. */
			if (!r->command)
				r->command = *argv;
			continue;
		}
		opt = split_word(r->command ? create_opts : global_opts, *argv, crun, &arg);
		if (!opt)
			continue;
		if (!arg && !(arg = *++argv))
			return;
		if (!strcmp(opt, "log") || !strcmp(opt, "l"))
			r->log = arg;
		else if (!strcmp(opt, "log-format"))
			r->log_format = arg;
		else if (!r->command)
			continue;
		else if (*opt == 'b')
			r->bundle = arg;
		else if (!strcmp(opt, "config") || !strcmp(opt, "f"))
			r->config = arg;
	}
}

bool request_creates(const struct request *r)
{
	return r->command && (!strcmp(r->command, "create") || !strcmp(r->command, "run"));
}

/*
 * runc reads "-bundle" as Go's flag package does, crun reads it as getopt does,
 * "-b undle", and takes a configuration's path from where it was started.
 */
int request_path(const struct request *r, bool crun, char *path, size_t size)
{
	const char *bundle = r->bundle && (*r->bundle || crun) ? r->bundle : ".";
	const char *config = r->config ?: "config.json";
	bool elsewhere = *config == '/' || (crun && strcmp(config, "config.json"));
	int len;

	/* crun refuses an empty name, where runc takes the working directory. */
	if (!*bundle || !*config)
		return -ENOENT;
	len = elsewhere ? snprintf(path, size, "%s", config) :
			  snprintf(path, size, "%s/%s", bundle, config);
	return len < 0 || (size_t)len >= size ? -ENAMETOOLONG : 0;
}
