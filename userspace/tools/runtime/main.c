// SPDX-License-Identifier: GPL-2.0-only
/*
 * ksyscalls-runtime: an OCI runtime in front of another one.
 *
 * What creates a container has its bundle rewritten for this kernel first.
 * Everything else reaches the other runtime as it came: this process becomes it,
 * so that descriptors, environment, signals and exit status are nobody's concern.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <ksyscalls-oci.h>
#include <linux/ksyscalls.h>

#include "../which.h"

#define CONF_PATH	"/etc/ksyscalls/runtime.conf"
#define CONF_ENV	"KSYSCALLS_RUNTIME_CONF"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* What the shell says of a command that it cannot find, and of one it cannot start. */
enum {
	EXIT_REFUSED	= 1,
	EXIT_NOT_RUN	= 126,
	EXIT_NOT_FOUND	= 127,
};

struct conf {
	char runtime[PATH_MAX];
	char sysroot[PATH_MAX];		/* "": this machine */
	enum ksc_oci_mode mode;
	unsigned int baseline;
	bool strict;
	char error[PATH_MAX + 160];	/* the first; "": none */
};

/* Where a command line says that the configuration is. */
struct request {
	const char *command;		/* NULL: none */
	const char *bundle;		/* NULL: the working directory */
	const char *config;		/* NULL: config.json */
};

__attribute__((format(printf, 1, 2)))
static void warn(const char *fmt, ...)
{
	va_list ap;

	fputs("ksyscalls-runtime: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* ---- the configuration of ours ---------------------------------------- */

static int set_text(char *to, const char *value)
{
	if (!*value || strlen(value) >= PATH_MAX)
		return -EINVAL;
	strcpy(to, value);
	return 0;
}

static int set_runtime(struct conf *c, const char *value)
{
	return set_text(c->runtime, value);
}

static int set_sysroot(struct conf *c, const char *value)
{
	return set_text(c->sysroot, value);
}

static int set_mode(struct conf *c, const char *value)
{
	return ksc_oci_mode_parse(value, &c->mode);
}

static int set_baseline(struct conf *c, const char *value)
{
	if (strcmp(value, "none"))
		return ksc_release_parse(value, &c->baseline);
	c->baseline = KSC_RELEASE_NONE;
	return 0;
}

static int set_strict(struct conf *c, const char *value)
{
	c->strict = !strcmp(value, "yes");
	return c->strict || !strcmp(value, "no") ? 0 : -EINVAL;
}

static const struct {
	const char *key, *wanted;
	int (*set)(struct conf *c, const char *value);
} keys[] = {
	{ "runtime",	"the name or path of a runtime",	set_runtime },
	{ "mode",	"auto, bpf, flip or explicit",		set_mode },
	{ "strict",	"yes or no",				set_strict },
	{ "baseline",	"a release such as 6.10, or none",	set_baseline },
	{ "sysroot",	"a directory with a copied tree",	set_sysroot },
};

/* Later mistakes are mostly a consequence of the first. */
__attribute__((format(printf, 2, 3)))
static void conf_error(struct conf *c, const char *fmt, ...)
{
	va_list ap;

	if (*c->error)
		return;
	va_start(ap, fmt);
	vsnprintf(c->error, sizeof(c->error), fmt, ap);
	va_end(ap);
}

static char *trim(char *s)
{
	char *end;

	s += strspn(s, " \t\r\n");
	for (end = s + strlen(s); end > s && isspace((unsigned char)end[-1]); end--)
		;
	*end = '\0';
	return s;
}

static void parse_line(struct conf *c, char *line, const char *path, unsigned int nr)
{
	char *eq, *key, *value;
	size_t i;

	line = trim(line);
	if (!*line || *line == '#')
		return;
	eq = strchr(line, '=');
	if (!eq) {
		conf_error(c, "%s:%u: not of the form 'key = value'", path, nr);
		return;
	}
	*eq = '\0';
	key = trim(line);
	value = trim(eq + 1);
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		if (strcmp(keys[i].key, key))
			continue;
		if (keys[i].set(c, value))
			conf_error(c, "%s:%u: %s takes %s, not '%.64s'", path, nr, key,
				   keys[i].wanted, value);
		return;
	}
	conf_error(c, "%s:%u: unknown key '%.64s'", path, nr, key);
}

/* Reads on after a mistake: which runtime it is may come later. */
static void conf_read(struct conf *c)
{
	const char *path = getenv(CONF_ENV) ?: CONF_PATH;
	unsigned int nr = 0;
	char *line = NULL;
	size_t room = 0;
	FILE *f;

	f = fopen(path, "re");
	if (!f) {
		if (errno != ENOENT || getenv(CONF_ENV))
			conf_error(c, "%s: %s", path, strerror(errno));
		return;
	}
	while (getline(&line, &room, f) >= 0)
		parse_line(c, line, path, ++nr);
	if (ferror(f))
		conf_error(c, "%s: cannot be read", path);
	free(line);
	fclose(f);
}

/* A link named ksyscalls-NAME stands for the runtime NAME, whatever the file says. */
static void conf_from_name(struct conf *c, const char *argv0)
{
	static const char prefix[] = "ksyscalls-";
	const char *name = base_name(argv0);

	if (strncmp(name, prefix, strlen(prefix)))
		return;
	name += strlen(prefix);
	if (*name && strcmp(name, "runtime") && set_runtime(c, name))
		conf_error(c, "the name of this command is too long");
}

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
		warn("no runtime '%s' in PATH; set runtime= in %s to its path", c->runtime,
		     CONF_PATH);
		return EXIT_NOT_FOUND;
	}
	if (stat(c->runtime, &st)) {
		warn("%s: %s; set runtime= in %s to the path of a runtime", c->runtime,
		     strerror(errno), CONF_PATH);
		return EXIT_NOT_FOUND;
	}
	if (tool_is_self(&st)) {
		warn("%s is this very program; set runtime= in %s to the path of a runtime",
		     c->runtime, CONF_PATH);
		return EXIT_NOT_RUN;
	}
	return 0;
}

/*
 * runc reads "-bundle" as Go's flag package does, crun reads it as getopt does,
 * "-b undle", and takes a configuration's path from where it was started.
 */
static bool is_crun(const struct conf *c)
{
	return !strncmp(base_name(c->runtime), "crun", 4);
}

/* ---- the command line ------------------------------------------------- */

/*
 * Options that have their argument in the next word if not after a '=', of runc,
 * crun and youki. Those that they do not have take none of their words away,
 * because the runtime refuses them.
 */
static const char *const global_opts[] = {
	"root", "r", "log", "l", "log-format", "log-level", "rootless", "criu", "cgroup-manager",
	NULL
};

static const char *const create_opts[] = {
	"bundle", "b", "config", "f", "console-socket", "pidfd-socket", "pid-file",
	"preserve-fds", NULL
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

static void parse_args(char **argv, bool crun, struct request *r)
{
	const char *const *opts = global_opts;
	const char *opt, *arg;

	*r = (struct request){ 0 };
	while (*++argv) {
		if (!strcmp(*argv, "--"))
			return;
		if (**argv != '-' || !(*argv)[1]) {
			/* runc takes options after the container's name, too. */
			if (!r->command)
				r->command = *argv;
			opts = create_opts;
			continue;
		}
		opt = split_word(opts, *argv, crun, &arg);
		if (!opt)
			continue;
		if (!arg && !(arg = *++argv))
			return;
		if (opts != create_opts)
			continue;
		if (*opt == 'b')
			r->bundle = arg;
		else if (!strcmp(opt, "config") || !strcmp(opt, "f"))
			r->config = arg;
	}
}

static bool creates(const struct request *r)
{
	return r->command && (!strcmp(r->command, "create") || !strcmp(r->command, "run"));
}

static int config_path(const struct request *r, bool crun, char *path, size_t size)
{
	const char *bundle = r->bundle && *r->bundle ? r->bundle : ".";
	const char *config = r->config ?: "config.json";
	bool elsewhere = *config == '/' || (crun && strcmp(config, "config.json"));
	int len;

	len = elsewhere ? snprintf(path, size, "%s", config) :
			  snprintf(path, size, "%s/%s", bundle, config);
	return len < 0 || (size_t)len >= size ? -ENAMETOOLONG : 0;
}

/* ---- rewriting -------------------------------------------------------- */

/* Returns what failed, or NULL. */
static const char *rewrite_with(struct ksc_oci *o, const struct conf *c, const char *path)
{
	if (c->mode == KSC_OCI_BPF && !is_crun(c))
		return "mode=bpf: only crun reads a program from an annotation; set mode=auto";
	ksc_oci_set_mode(o, c->mode);
	ksc_oci_set_baseline(o, c->baseline);
	if (ksc_oci_set_runtime(o, c->runtime) || ksc_oci_rewrite_file(o, path))
		return ksc_oci_error(o);
	return NULL;
}

/* A copy may be of the kernel before the last update; one without a release is taken on trust. */
static bool is_stale(const struct conf *c, char *why, size_t size)
{
	char path[PATH_MAX + 32], release[sizeof(((struct utsname *)0)->release) + 1] = "";
	struct utsname running;
	FILE *f;

	snprintf(path, sizeof(path), "%s/proc/sys/kernel/osrelease", c->sysroot);
	f = *c->sysroot ? fopen(path, "re") : NULL;
	if (!f)
		return false;
	if (!fgets(release, sizeof(release), f))
		*release = '\0';
	fclose(f);
	release[strcspn(release, "\n")] = '\0';
	if (!uname(&running) && !strcmp(release, running.release))
		return false;
	snprintf(why, size, "%s is of Linux %s, and this is %s: take a new copy with 'ksyscalls "
		 "snapshot'", c->sysroot, release, running.release);
	return true;
}

static int rewrite(const struct conf *c, const struct request *r)
{
	char path[PATH_MAX], text[PATH_MAX + 320];
	struct ksc *k = NULL;
	struct ksc_oci *o = NULL;
	const char *why = NULL;
	int ret;

	if (*c->error) {
		why = c->error;
		goto out;
	}
	ret = config_path(r, is_crun(c), path, sizeof(path));
	if (!ret)
		ret = ksc_open(&k, *c->sysroot ? c->sysroot : NULL);
	if (ret == -ENOENT) {
		snprintf(text, sizeof(text), "no %s%s: %s", c->sysroot, KSYSCALLS_SYSFS_DIR,
			 *c->sysroot ? "copy one with 'ksyscalls snapshot'" :
				       "the module is not loaded; try 'ksyscalls load' as root");
		why = text;
		goto out;
	}
	if (!ret && is_stale(c, text, sizeof(text))) {
		why = text;
		goto out;
	}
	if (!ret)
		ret = ksc_oci_new(&o, k);
	if (ret) {
		why = k ? ksc_error(k) : NULL;
		why = why && *why ? why : strerror(-ret);
		goto out;
	}
	why = rewrite_with(o, c, path);
out:
	if (why)
		warn("%s; %s", why, c->strict ? "strict=yes: the container is not started" :
				    "the container keeps its own seccomp profile");
	ksc_oci_free(o);
	ksc_close(k);
	return why && c->strict ? EXIT_REFUSED : 0;
}

int main(int argc, char **argv)
{
	struct conf c = { .runtime = "runc", .baseline = KSC_RELEASE_INFER };
	struct request r;
	int ret;

	if (!argc)
		return EXIT_NOT_RUN;
	conf_read(&c);
	conf_from_name(&c, argv[0]);
	ret = find_runtime(&c);
	if (ret)
		return ret;
	parse_args(argv, is_crun(&c), &r);
	if (creates(&r))
		ret = rewrite(&c, &r);
	if (ret)
		return ret;
	/* The name that an engine would have used: crun chooses its handler by it. */
	argv[0] = c.runtime;
	execv(c.runtime, argv);
	warn("%s: %s", c.runtime, strerror(errno));
	return EXIT_NOT_RUN;
}
