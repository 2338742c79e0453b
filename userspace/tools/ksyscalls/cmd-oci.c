// SPDX-License-Identifier: GPL-2.0-only
/*
 * oci: rewrite linux.seccomp of a bundle, or of a config.json on stdin.
 *
 * A hook stands between an engine and its container, so what comes on stdin goes to
 * stdout whatever happens, and the work is done in a process of its own.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ksyscalls-oci.h>

#include "../../lib/shared.h"
#include "../bounded.h"
#include "../container.h"
#include "../known.h"
#include "../view.h"
#include "../which.h"
#include "oci-diff.h"
#include "tool.h"

/* What is larger is no configuration, and passed on without being kept. */
#define CONFIG_MAX	(32u << 20)

enum {
	OPT_BUNDLE = 0x100,
	OPT_MODE,
	OPT_RUNTIME,
	OPT_REPORT,
	OPT_STRICT,
	OPT_DRY_RUN,
	OPT_STORE,
};

struct oci {
	const struct tool *t;
	const char *bundle, *runtime, *report, *store;
	enum ksc_oci_mode mode;
	bool strict, dry_run;

	char *config;			/* the bundle's; NULL: stdin */
	struct container container;	/* of that */
	char *text;			/* of either */
	size_t len;
	int text_fd, report_fd;		/* the results; -1: not asked for */
	int before_fd;			/* @text, to be compared; -1: not asked for */
	char found[PATH_MAX];		/* the program that the runtime's name stands for */
	struct known known;		/* of @text; its store is -1 if that is none for it */
};

/* What a name stands for counts, not the name: runtimes differ in what they heed. */
static void find_runtimes(struct oci *oci, const char *runtimes[2])
{
	const char *name = oci->runtime ?: "crun";
	bool found = !strchr(name, '/') && !tool_which_runtime(name, oci->found);

	runtimes[0] = oci->runtime || (oci->mode == KSC_OCI_AUTO && found) ?
		      (found ? oci->found : name) : "";
	/* A hook is not told who reads its output: this crun may, and others. */
	runtimes[1] = !oci->runtime && *runtimes[0] ? "runc" : "";
}

/* ---- in the child ------------------------------------------------------ */

static int set_runtimes(const struct oci *oci, struct ksc_oci *o)
{
	const char *const *runtimes = oci->known.basis.runtimes;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < 2; i++)
		ret = *runtimes[i] ? ksc_oci_set_runtime(o, runtimes[i]) : 0;
	return ret;
}

static int rewrite_text(const struct oci *oci, struct ksc_oci *o, bool keep)
{
	char *out;
	size_t len;
	int ret;

	ret = ksc_oci_rewrite(o, oci->text, oci->len, &out, &len);
	if (ret)
		return ret;
	if (oci->dry_run)
		ret = oci_write_pretty(oci->before_fd, oci->text, oci->len) ?:
		      oci_write_pretty(oci->text_fd, out, len);
	else
		ret = ksc_write_all(oci->text_fd, out, len);
	if (!ret && keep)
		known_keep(&oci->known, out, len, "");
	free(out);
	return ret;
}

static int write_report(const struct oci *oci, const struct ksc_oci *o)
{
	char *text;
	int ret = ksc_oci_report(o, &text);

	if (!ret)
		ret = ksc_write_all(oci->report_fd, text, strlen(text));
	free(text);
	return ret;
}

/* A bundle that cannot be read or written is another matter than one that is refused. */
static int status_of(const struct oci *oci, int ret)
{
	if (!ret)
		return TOOL_OK;
	if (!oci->bundle)
		return TOOL_NO;
	switch (ret) {
	case -EINVAL:
	case -EOPNOTSUPP:
	case -EEXIST:
	case -ESTALE:
	case -E2BIG:
	case -EFBIG:
		return TOOL_NO;
	}
	return TOOL_USAGE;
}

/* What is told of a view that names have to stand in for is told each time, so not kept. */
static bool may_keep(const struct oci *oci, const struct ksc *k)
{
	const struct ksc_abi *abi;

	if (oci->known.store < 0 || !strcmp(ksc_source(k), "names"))
		return false;
	ksc_abi_foreach(abi, k) {
		if (view_has_names_alone(abi))
			return false;
	}
	return true;
}

static int rewrite(void *arg)
{
	const struct oci *oci = arg;
	const struct tool *t = oci->t;
	struct ksc_oci *o = NULL;
	struct ksc *k;
	int ret, status;

	status = tool_open_or_names(t, &k);
	if (status)
		return status;
	if (!view_native(k)) {
		tool_error(t, "the tree is of another architecture than this machine; the "
			   "configuration stays as it was");
		status = oci->bundle ? TOOL_USAGE : TOOL_NO;
		goto free_oci;
	}
	ret = ksc_oci_new(&o, k);
	if (ret) {
		tool_error(t, "%s", strerror(-ret));
		status = TOOL_NO;
		goto free_oci;
	}
	/* Whoever wrote the command line is told, by TOOL_USAGE. */
	status = tool_set_knobs(t, ksc_oci_knobs(o));
	if (status)
		goto free_oci;
	ksc_oci_set_mode(o, oci->mode);
	ksc_oci_set_strict(o, oci->strict);
	ret = set_runtimes(oci, o);
	if (ret) {
		tool_error(t, "%s; the configuration stays as it was", ksc_oci_error(o));
		status = TOOL_NO;
		goto free_oci;
	}
	ret = rewrite_text(oci, o, may_keep(oci, k));
	if (ret)
		tool_error(t, "%s; the configuration stays as it was",
			   *ksc_oci_error(o) ? ksc_oci_error(o) : strerror(-ret));
	status = status_of(oci, ret);
	if (oci->report_fd >= 0 && write_report(oci, o)) {
		tool_error(t, "out of memory");
		status = TOOL_NO;
	}
free_oci:
	ksc_oci_free(o);
	ksc_close(k);
	return status;
}

/* ---- around it --------------------------------------------------------- */

static int read_bundle(struct oci *oci)
{
	int ret = container_open(&oci->container, oci->config, CONFIG_MAX);

	oci->text = oci->container.text;
	oci->len = oci->container.len;
	if (ret == -EFBIG)
		tool_error(oci->t, "%s: more than %u bytes; it stays as it was", oci->config,
			   CONFIG_MAX);
	else if (ret)
		tool_error(oci->t, "%s: %s", oci->config, ret == -EINVAL ? "not a regular file" :
			   ret == -ELOOP ? "a symbolic link, which others may share" :
			   strerror(-ret));
	return status_of(oci, ret);
}

static int read_stdin(struct oci *oci)
{
	int ret;

	oci->text = malloc(CONFIG_MAX + 1);
	ret = oci->text ? ksc_read_all(STDIN_FILENO, oci->text, CONFIG_MAX + 1, &oci->len) :
			  -ENOMEM;
	if (!ret)
		return TOOL_OK;
	tool_error(oci->t, "cannot read the configuration from stdin: %s", strerror(-ret));
	return TOOL_USAGE;
}

/* What was read, and what was left for being too much. */
static int pass_on(const struct oci *oci)
{
	char buf[1 << 16];
	size_t n;

	fwrite(oci->text, 1, oci->len, stdout);
	while ((n = fread(buf, 1, sizeof(buf), stdin)))
		fwrite(buf, 1, n, stdout);
	if (!ferror(stdin))
		return TOOL_OK;
	tool_error(oci->t, "cannot read the configuration from stdin: %s", strerror(errno));
	return TOOL_USAGE;
}

/* All of a memory file; NULL if it cannot be had, or is empty. munmap() it. */
static void *map_result(int fd, size_t *len)
{
	struct stat st;
	void *text;

	if (fd < 0 || fstat(fd, &st) || !st.st_size)
		return NULL;
	*len = (size_t)st.st_size;
	text = mmap(NULL, *len, PROT_READ, MAP_PRIVATE, fd, 0);
	return text == MAP_FAILED ? NULL : text;
}

static int run_bounded(struct oci *oci)
{
	int ret;

	if (oci->len > CONFIG_MAX) {
		tool_error(oci->t, "config: more than %u bytes; it stays as it was", CONFIG_MAX);
		return TOOL_NO;
	}
	ret = bounded(rewrite, oci);
	if (ret >= 0)
		return ret;
	if (ret == -ETIMEDOUT)
		tool_error(oci->t, "it took more than %d s of CPU, or %d s; the configuration "
			   "stays as it was", BOUNDED_CPU_SECONDS, BOUNDED_WALL_SECONDS);
	else
		tool_error(oci->t, "the rewriting ended early: %s; the configuration stays as it "
			   "was", ret == -ECHILD ? "it was killed, or crashed" : strerror(-ret));
	return TOOL_NO;
}

/* To the end, but not yet in its place; what there is nothing to say of leaves the old one. */
static int put_report(const struct oci *oci, struct tool_output *report)
{
	size_t len;
	void *text = map_result(oci->report_fd, &len);
	int ret;

	if (!text) {
		tool_output_drop(report);
		return TOOL_OK;
	}
	ret = tool_output_put(oci->t, report, text, len);
	munmap(text, len);
	return ret;
}

static int put_configuration(struct oci *oci, int status)
{
	bool lenient = !oci->bundle && !oci->strict;
	size_t len;
	void *text = oci->bundle || status ? NULL : map_result(oci->text_fd, &len);

	if (text) {
		fwrite(text, 1, len, stdout);
		munmap(text, len);
	} else if (lenient && status != TOOL_USAGE) {
		return pass_on(oci);
	} else if (!oci->bundle && !status) {
		tool_error(oci->t, "out of memory");
		return TOOL_USAGE;
	}
	return status;
}

static int cannot_replace(const struct oci *oci, int err)
{
	tool_error(oci->t, "%s: cannot be replaced: %s; the configuration stays as it was",
		   oci->config, strerror(-err));
	return TOOL_USAGE;
}

/* Beside the old one, so that there is room for it before the report takes its place. */
static int prepare_bundle(struct oci *oci)
{
	size_t len;
	void *text = map_result(oci->text_fd, &len);
	int ret = text ? container_prepare(&oci->container, text, len) : -ENOMEM;

	if (text)
		munmap(text, len);
	return ret ? cannot_replace(oci, ret) : TOOL_OK;
}

/* What cannot be written keeps the rest back. */
static int deliver(struct oci *oci, int status, struct tool_output *report)
{
	bool replaces = oci->bundle && !oci->dry_run && !status;
	int ret = replaces ? prepare_bundle(oci) : TOOL_OK;

	if (!ret)
		ret = put_report(oci, report);
	if (ret)
		return ret;
	if (!oci->dry_run)
		status = put_configuration(oci, status);
	else if (!status)
		status = oci_print_diff(oci->t, oci->bundle ? "config.json" : "standard input",
					oci->before_fd, oci->text_fd);
	ret = tool_output_place(oci->t, report);
	if (ret || !replaces)
		return ret ?: status;
	ret = container_commit(&oci->container);
	return ret ? cannot_replace(oci, ret) : TOOL_OK;
}

static int check_outputs(const struct oci *oci)
{
	static const char next[] = ".config.json" OCI_NEXT;

	if (oci->store && (oci->bundle || oci->report || oci->dry_run))
		return tool_usage(oci->t, "--store is for standard input, without a report");
	if (!oci->report)
		return TOOL_OK;
	if ((!oci->bundle || oci->dry_run) && tool_same_output(oci->report, NULL))
		return tool_usage(oci->t, "--report needs a file of its own: the %s to standard "
				  "output", oci->dry_run ? "changes go" : "configuration goes");
	/* The other name is that of what is about to take its place. */
	if (oci->bundle && (tool_same_output(oci->report, oci->config) ||
			    !strncmp(ksc_base_name(oci->report), next, strlen(next))))
		return tool_usage(oci->t, "--report would replace the configuration");
	return TOOL_OK;
}

static char *find_kept(struct oci *oci, size_t *len)
{
	struct known *k = &oci->known;
	char why[STORE_WHY], *said, *out;

	if (!oci->store || oci->len > CONFIG_MAX)
		return NULL;
	k->store = store_open(strcmp(oci->store, "yes") ? oci->store : "", why, sizeof(why));
	if (*why)
		tool_error(oci->t, "%s", why);
	if (k->store < 0)
		return NULL;
	oci->text[oci->len] = '\0';
	k->text = oci->text;
	k->len = oci->len;
	if (!known_find(k)) {
		known_close(k);
		return NULL;
	}
	out = known_result(k, len, &said, why, sizeof(why));
	if (*why)
		tool_error(oci->t, "%s", why);
	free(said);
	return out;
}

static int process(struct oci *oci)
{
	struct tool_output report = { .fd = -1 };
	char *kept = NULL;
	size_t len;
	int status;

	if (oci->bundle && asprintf(&oci->config, "%s/config.json", oci->bundle) < 0) {
		oci->config = NULL;
		tool_error(oci->t, "out of memory");
		return TOOL_USAGE;
	}
	status = check_outputs(oci);
	if (!status && oci->report)
		status = tool_output_open(oci->t, oci->report, &report);
	if (status)
		goto free_config;
	tool_tell_late_baseline(oci->t);
	oci->text_fd = memfd_create("config.json", MFD_CLOEXEC);
	oci->before_fd = oci->dry_run ? memfd_create("before", MFD_CLOEXEC) : -1;
	oci->report_fd = oci->report ? memfd_create("report", MFD_CLOEXEC) : -1;
	status = oci->bundle ? read_bundle(oci) : read_stdin(oci);
	if (!status)
		kept = find_kept(oci, &len);
	if (kept)
		fwrite(kept, 1, len, stdout);
	else if (!status)
		status = deliver(oci, run_bounded(oci), &report);
	free(kept);
	tool_output_drop(&report);
	known_close(&oci->known);
	if (oci->text_fd >= 0)
		close(oci->text_fd);
	if (oci->report_fd >= 0)
		close(oci->report_fd);
	if (oci->before_fd >= 0)
		close(oci->before_fd);
	if (oci->bundle)
		container_close(&oci->container);
	else
		free(oci->text);
free_config:
	free(oci->config);
	return status;
}

static int run_oci(struct tool *t, int argc, char **argv)
{
	struct oci oci = { .t = t, .mode = KSC_OCI_AUTO, .known = KNOWN_CLOSED };
	int c;

	/* Nobody may be left to read what we say, and the container starts all the same. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	while ((c = tool_getopt(t, argc, argv)) != -1) {
		switch (c) {
		case OPT_BUNDLE:
			oci.bundle = optarg;
			break;
		case OPT_MODE:
			if (ksc_oci_mode_parse(optarg, &oci.mode))
				return tool_usage(t, "--mode takes auto, bpf, flip or explicit, "
						  "not '%s'", optarg);
			break;
		case OPT_RUNTIME:
			oci.runtime = optarg;
			break;
		case OPT_REPORT:
			oci.report = optarg;
			break;
		case OPT_STRICT:
			oci.strict = true;
			break;
		case OPT_DRY_RUN:
			oci.dry_run = true;
			break;
		case OPT_STORE:
			if (!store_is_name(optarg))
				return tool_usage(t, "--store takes yes, no or the absolute path "
						  "of a directory, not '%s'", optarg);
			oci.store = strcmp(optarg, "no") ? optarg : NULL;
			break;
		}
	}
	oci.known.basis = (struct basis){
		.maker = "/proc/self/exe", .sysroot = t->sysroot ?: "", .mode = oci.mode,
		.strict = oci.strict, .knobs = &t->knobs,
	};
	find_runtimes(&oci, oci.known.basis.runtimes);
	return tool_no_operands(t, argc, argv) ?: process(&oci);
}

static const struct tool_opt oci_opts[] = {
	{ "bundle", OPT_BUNDLE, "DIR", "rewrite DIR/config.json; default: stdin to stdout" },
	{ "mode", OPT_MODE, "auto|bpf|flip|explicit", "how; default: auto, by the runtime" },
	{ "runtime", OPT_RUNTIME, "RUNTIME", "the runtime that reads it; auto chooses by it" },
	{ "report", OPT_REPORT, "FILE", "write what changed, and what could not be said, as JSON" },
	{ "strict", OPT_STRICT, NULL, "stdin: fail instead of passing it on as it was" },
	{ "store", OPT_STORE, "yes|no|DIR",
	  "stdin: keep the result for configurations like it; default: no" },
	{ "dry-run", OPT_DRY_RUN, NULL, "change nothing, and print what would change, by diff(1)" },
	{}
};

const struct tool_cmd cmd_oci = {
	.name = "oci",
	.operands = "",
	.brief = "rewrite the seccomp profile of a container for this kernel",
	.about = "With a bundle: in place, or not at all. Without, as a hook of Podman does it:\n"
		 "what cannot be rewritten passes as it was, with one line on stderr.\n",
	.example = "ksyscalls oci --bundle=bundle --runtime=runc --report=report.json",
	.opts = oci_opts,
	.flags = TOOL_KNOBS,
	.run = run_oci,
};
