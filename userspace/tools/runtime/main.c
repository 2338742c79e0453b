// SPDX-License-Identifier: GPL-2.0-only
/*
 * ksyscalls-runtime: an OCI runtime in front of another one.
 *
 * What creates a container has its bundle rewritten for this kernel first.
 * Everything else reaches the other runtime as it came: this process becomes it,
 * so that descriptors, environment, signals and exit status are nobody's concern.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../lib/shared.h"
#include "../bounded.h"
#include "../file.h"
#include "../view.h"
#include "../which.h"
#include "runtime.h"
#include "tell.h"

/* What the shell says of a command that it cannot find, and of one it cannot start. */
enum {
	EXIT_REFUSED	= 1,
	EXIT_NOT_RUN	= 126,
	EXIT_NOT_FOUND	= 127,
};

/* ---- the other runtime ------------------------------------------------ */

static int find_runtime(struct conf *c)
{
	char path[PATH_MAX];
	struct stat st;

	if (!strchr(c->runtime, '/')) {
		if (!tool_which(c->runtime, path)) {
			strcpy(c->runtime, path);
			return 0;
		}
		tell(TELL_NOT_RUN, "no runtime '%s' in PATH; set runtime= in %s to its path",
		     c->runtime, CONF_PATH);
		return EXIT_NOT_FOUND;
	}
	if (stat(c->runtime, &st)) {
		tell(TELL_NOT_RUN, "%s: %s; set runtime= in %s to the path of a runtime",
		     c->runtime, strerror(errno), CONF_PATH);
		return EXIT_NOT_FOUND;
	}
	if (tool_is_self(&st)) {
		tell(TELL_NOT_RUN, "%s is this very program; set runtime= in %s to the path of a "
		     "runtime", c->runtime, CONF_PATH);
		return EXIT_NOT_RUN;
	}
	return 0;
}

static bool is_crun(const struct conf *c)
{
	return !strncmp(ksc_base_name(c->runtime), "crun", 4);
}

/* ---- rewriting -------------------------------------------------------- */

struct job {
	struct conf *conf;
	const struct request *request;
};

/* Nothing is silent: what keeps its own profile is told of, and strict refuses it. */
static int give_up(const struct conf *c, const char *why)
{
	tell(c->strict ? TELL_REFUSED : TELL_KEPT, "%s; %s", why, c->strict ?
	     "strict=yes: the container is not started" :
	     "the container keeps its own seccomp profile");
	return c->strict ? EXIT_REFUSED : 0;
}

/* Returns what failed, or NULL. */
static const char *rewrite_with(struct ksc_oci *o, struct conf *c, const char *path)
{
	const char *error;

	if (c->mode == KSC_OCI_BPF && !is_crun(c))
		return "mode=bpf: only crun reads a program from an annotation; set mode=auto";
	ksc_oci_set_mode(o, c->mode);
	error = knobs_set(&c->knobs, ksc_oci_knobs(o));
	if (error)
		return error;
	if (ksc_oci_set_runtime(o, c->runtime) || ksc_oci_rewrite_file(o, path))
		return ksc_oci_error(o);
	return NULL;
}

/* Without a view the profile alone tells most of the answers, unless all are asked for. */
static int rewrite(void *arg)
{
	const struct job *job = arg;
	struct conf *c = job->conf;
	char path[PATH_MAX], text[PATH_MAX + 320];
	const char *missing, *why = NULL;
	struct ksc_oci *o = NULL;
	struct ksc *k = NULL;
	int ret;

	ret = request_path(job->request, is_crun(c), path, sizeof(path));
	if (ret)
		return give_up(c, ret == -ENOENT ? "the command line names no bundle" :
			       strerror(-ret));
	missing = view_open(&k, c->sysroot, text, sizeof(text));
	if (missing && c->strict)
		return give_up(c, missing);
	ret = missing ? view_names(&k) : 0;
	if (!ret)
		ret = ksc_oci_new(&o, k);
	why = ret ? strerror(-ret) : rewrite_with(o, c, path);
	if (!why && missing)
		tell(TELL_NO_VIEW, "%s; " VIEW_NAMES_ALONE, missing);
	ret = why ? give_up(c, why) : 0;
	ksc_oci_free(o);
	ksc_close(k);
	return ret;
}

/* In a process of its own: whatever a bundle makes it do, the container's start goes on. */
static int rewrite_bounded(struct conf *c, const struct request *r)
{
	struct job job = { .conf = c, .request = r };
	char why[96];
	int ret;

	if (*c->error)
		return give_up(c, c->error);
	ret = bounded(rewrite, &job);
	if (ret >= 0)
		return ret;
	if (ret == -ETIMEDOUT)
		snprintf(why, sizeof(why), "rewriting the bundle took more than %d s of CPU, or "
			 "%d s", BOUNDED_CPU_SECONDS, BOUNDED_WALL_SECONDS);
	else
		snprintf(why, sizeof(why), "rewriting the bundle ended early: %s", ret == -ECHILD ?
			 "it was killed, or crashed" : strerror(-ret));
	return give_up(c, why);
}

int main(int argc, char **argv)
{
	struct conf c = { .runtime = "runc", .knobs = KNOBS_INIT };
	struct sigaction old, ignore = { .sa_handler = SIG_IGN };
	struct request r;
	int ret;

	if (!argc)
		return EXIT_NOT_RUN;
	/* Nobody may be left to read what we say, and the container starts all the same. */
	sigaction(SIGPIPE, &ignore, &old);
	conf_read(&c, conf_keys);
	conf_from_name(&c, argv[0]);
	request_parse(argv, is_crun(&c), &r);
	tell_log(&r, is_crun(&c));
	ret = find_runtime(&c);
	if (ret)
		return ret;
	if (request_creates(&r))
		ret = rewrite_bounded(&c, &r);
	if (ret)
		return ret;
	/* The name that an engine would have used: crun chooses its handler by it. */
	argv[0] = c.runtime;
	sigaction(SIGPIPE, &old, NULL);
	execv(c.runtime, argv);
	sigaction(SIGPIPE, &ignore, NULL);
	tell(TELL_NOT_RUN, "%s: %s", c.runtime, strerror(errno));
	return EXIT_NOT_RUN;
}
