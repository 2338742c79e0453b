// SPDX-License-Identifier: GPL-2.0-only
/*
 * ksyscalls-runtime: an OCI runtime in front of another one.
 *
 * What creates a container has its bundle rewritten for this kernel first.
 * Everything else reaches the other runtime as it came: this process becomes it,
 * so that descriptors, environment, signals and exit status are nobody's concern.
 */
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../lib/shared.h"
#include "../bounded.h"
#include "../conf.h"
#include "../file.h"
#include "../rewrite/rewrite.h"
#include "../view.h"
#include "../which.h"
#include "bundle.h"
#include "runtime.h"
#include "tell.h"

/* What the shell says of a command that it cannot find, and of one it cannot start. */
enum {
	EXIT_REFUSED	= 1,
	EXIT_NOT_RUN	= 126,
	EXIT_NOT_FOUND	= 127,
};

/* ---- the other runtime ------------------------------------------------ */

/* Two that were built apart would start each other for ever. */
static const struct wrapper_note note __attribute__((used, aligned(4),
						     section(".note.ksyscalls"))) = WRAPPER_NOTE;

static void take_from_name(struct conf *c, const char *argv0)
{
	const char *name = conf_linked_runtime(argv0);

	if (name && conf_set_runtime(c, name))
		conf_error(c, "the name of this command is too long");
}

static int find_runtime(struct conf *c)
{
	char path[PATH_MAX];

	if (!strchr(c->runtime, '/')) {
		if (!tool_which_runtime(c->runtime, path)) {
			strcpy(c->runtime, path);
			return 0;
		}
		tell(TELL_NOT_RUN, "no runtime '%s' in PATH; set runtime= in %s to its path",
		     c->runtime, CONF_PATH);
		return EXIT_NOT_FOUND;
	}
	if (access(c->runtime, F_OK)) {
		tell(TELL_NOT_RUN, "%s: %s; set runtime= in %s to the path of a runtime",
		     c->runtime, strerror(errno), CONF_PATH);
		return EXIT_NOT_FOUND;
	}
	if (tool_is_wrapper(c->runtime)) {
		tell(TELL_NOT_RUN, "%s is this very program, or a copy of it; set runtime= in %s "
		     "to the path of a runtime", c->runtime, CONF_PATH);
		return EXIT_NOT_RUN;
	}
	return 0;
}

static bool is_crun(const struct conf *c)
{
	return !strncmp(ksc_base_name(c->runtime), "crun", 4);
}

/* ---- rewriting -------------------------------------------------------- */

/* Nothing is silent: what keeps its own profile is told of, and strict refuses it. */
static int give_up(const struct conf *c, const char *why)
{
	tell(c->strict ? TELL_REFUSED : TELL_KEPT, "%s; %s", why, c->strict ?
	     "strict=yes: the container is not started" :
	     "the container keeps its own seccomp profile");
	return c->strict ? EXIT_REFUSED : 0;
}

/* Where make install puts it, or where it is built. */
static void *open_library(char path[PATH_MAX])
{
	static const char *const dirs[] = { REWRITE_DIR "/", "" };
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	size_t i;

	self[len < 0 ? 0 : len] = '\0';
	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		if (snprintf(path, PATH_MAX, "%.*s%s" REWRITE_FILE,
			     (int)(ksc_base_name(self) - self), self, dirs[i]) < PATH_MAX &&
		    !access(path, F_OK))
			return dlopen(path, RTLD_NOW | RTLD_LOCAL);
	}
	return NULL;
}

/* Another version is there while an upgrade goes on. */
static void load_and_rewrite(struct rewriting *r)
{
	void (*function)(struct rewriting *r);
	const char *version, *error;
	char path[PATH_MAX];
	void *library = open_library(path);

	error = dlerror();
	version = library ? dlsym(library, REWRITE_VERSION) : NULL;
	*(void **)&function = library ? dlsym(library, REWRITE_FUNCTION) : NULL;
	if (version && function && !strcmp(version, ksc_version()))
		function(r);
	else
		snprintf(r->why, sizeof(r->why), "%s: %s; install ksyscalls again", path,
			 library ? "of another version" : error ?: "is missing");
}

static int rewrite(void *arg)
{
	struct bundle *b = arg;
	struct rewriting r = {
		.conf = b->conf, .path = b->path, .text = b->config.text, .len = b->config.len,
	};
	int ret = 0;

	load_and_rewrite(&r);
	if (!*r.why && r.text)
		ret = bundle_replace(b, r.out, r.out_len);
	if (ret)
		snprintf(r.why, sizeof(r.why), "%s: cannot be replaced: %s", b->path,
			 strerror(-ret));
	if (*r.why)
		return give_up(b->conf, r.why);
	if (*r.said)
		tell(TELL_NO_VIEW, "%s", r.said);
	if (r.text)
		known_keep(&b->known, r.out, r.out_len, r.said);
	free(r.out);
	return 0;
}

/* In a process of its own: whatever a bundle makes it do, the container's start goes on. */
static int rewrite_bounded(struct bundle *b)
{
	char why[96];
	int ret = bounded(rewrite, b);

	if (ret >= 0)
		return ret;
	if (ret == -ETIMEDOUT)
		snprintf(why, sizeof(why), "rewriting the bundle took more than %d s of CPU, or "
			 "%d s", BOUNDED_CPU_SECONDS, BOUNDED_WALL_SECONDS);
	else
		snprintf(why, sizeof(why), "rewriting the bundle ended early: %s", ret == -ECHILD ?
			 "it was killed, or crashed" : strerror(-ret));
	return give_up(b->conf, why);
}

static int rewrite_container(struct conf *c, const struct request *r)
{
	struct bundle b = BUNDLE_CLOSED;
	int ret;

	b.conf = c;
	if (*c->error)
		return give_up(c, c->error);
	ret = request_path(r, is_crun(c), b.path, sizeof(b.path));
	if (ret)
		return give_up(c, ret == -ENOENT ? "the command line names no bundle" :
			       strerror(-ret));
	bundle_open(&b);
	ret = bundle_use_kept(&b) ? 0 : rewrite_bounded(&b);
	bundle_close(&b);
	return ret;
}

/*
 * Nobody may be left to read what we say, and a file may be as large as it may get: the
 * container starts all the same.
 */
static const int ignored[] = { SIGPIPE, SIGXFSZ };

static void ignore_signals(struct sigaction *old)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ignored); i++)
		sigaction(ignored[i], &ignore, old ? &old[i] : NULL);
}

static void restore_signals(const struct sigaction *old)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ignored); i++)
		sigaction(ignored[i], &old[i], NULL);
}

int main(int argc, char **argv)
{
	/* Too large for the little stack that some start us with. */
	static struct conf c = { .runtime = "runc", .knobs = KNOBS_INIT };
	struct sigaction old[ARRAY_SIZE(ignored)];
	struct request r;
	int ret;

	if (!argc)
		return EXIT_NOT_RUN;
	file_guard_streams();
	ignore_signals(old);
	conf_read(&c, conf_keys);
	take_from_name(&c, argv[0]);
	request_parse(argv, is_crun(&c), &r);
	tell_log(&r, is_crun(&c));
	ret = find_runtime(&c);
	if (ret)
		return ret;
	if (request_creates(&r))
		ret = rewrite_container(&c, &r);
	if (ret)
		return ret;
	/* The name that an engine would have used: crun chooses its handler by it. */
	argv[0] = c.runtime;
	restore_signals(old);
	execv(c.runtime, argv);
	ignore_signals(NULL);
	tell(TELL_NOT_RUN, "%s: %s", c.runtime, strerror(errno));
	return EXIT_NOT_RUN;
}
