// SPDX-License-Identifier: GPL-2.0-only
/*
 * oci: rewrite linux.seccomp of a bundle, or of a config.json on stdin.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include <ksyscalls-oci.h>

#include "../which.h"
#include "tool.h"

enum {
	OPT_BUNDLE = 0x100,
	OPT_MODE,
	OPT_RUNTIME,
	OPT_REPORT,
	OPT_STRICT,
};

struct oci_args {
	const char *bundle, *runtime, *report;
	enum ksc_oci_mode mode;
	struct tool_filter_args filter;		/* baseline and flags alone */
	bool strict;
};

/* Whole, whatever its size: it may have to be passed on. */
static int read_stdin(const struct tool *t, char **text, size_t *len)
{
	size_t room = 0;
	char *more;

	*text = NULL;
	*len = 0;
	do {
		if (*len == room) {
			room = room ? 2 * room : 1u << 16;
			more = realloc(*text, room);
			if (!more)
				goto err_free;
			*text = more;
		}
		*len += fread(*text + *len, 1, room - *len, stdin);
	} while (*len == room);
	if (!ferror(stdin))
		return TOOL_OK;
err_free:
	free(*text);
	tool_error(t, "cannot read the configuration from stdin");
	return TOOL_USAGE;
}

/* What stdin had goes to stdout whatever happens, unless a failure is asked for. */
static int filter_stdin(const struct tool *t, struct ksc_oci *o, bool strict, int *failed)
{
	size_t len, out_len;
	char *text, *out;

	if (read_stdin(t, &text, &len))
		return TOOL_USAGE;
	*failed = o ? ksc_oci_rewrite(o, text, len, &out, &out_len) : -1;
	if (!*failed) {
		fwrite(out, 1, out_len, stdout);
		free(out);
	} else if (!strict) {
		fwrite(text, 1, len, stdout);
	}
	free(text);
	return TOOL_OK;
}

static int rewrite_bundle(const struct tool *t, struct ksc_oci *o, const char *bundle, int *failed)
{
	char *path;

	if (asprintf(&path, "%s/config.json", bundle) < 0) {
		tool_error(t, "out of memory");
		return TOOL_USAGE;
	}
	*failed = o ? ksc_oci_rewrite_file(o, path) : -1;
	free(path);
	return TOOL_OK;
}

static int write_report(const struct tool *t, const struct ksc_oci *o, const char *path)
{
	char *text;
	int ret;

	if (ksc_oci_report(o, &text)) {
		tool_error(t, "out of memory");
		return TOOL_USAGE;
	}
	ret = tool_write_file(t, path, text, strlen(text));
	free(text);
	return ret;
}

/* What a name stands for counts, not the name: runtimes differ in what they heed. */
static int set_runtime(struct ksc_oci *o, const struct oci_args *args)
{
	const char *name = args->runtime ?: "crun";
	char path[PATH_MAX];
	bool found = !strchr(name, '/') && !tool_which(name, path);
	int ret;

	if (args->runtime)
		return ksc_oci_set_runtime(o, found ? path : name);
	if (args->mode != KSC_OCI_AUTO || !found)
		return 0;
	/* A hook is not told who reads its output: this crun may, and others. */
	ret = ksc_oci_set_runtime(o, path);
	return ret ? ret : ksc_oci_set_runtime(o, "runc");
}

static int rewrite(const struct tool *t, const struct ksc *k, const struct oci_args *args)
{
	struct ksc_oci *o = NULL;
	int failed = 0, ret;

	if (k && ksc_oci_new(&o, k)) {
		tool_error(t, "out of memory");
		return TOOL_USAGE;
	}
	if (o) {
		ksc_oci_set_mode(o, args->mode);
		ksc_oci_set_flags(o, args->filter.flags);
		if (args->filter.has_baseline)
			ksc_oci_set_baseline(o, args->filter.baseline);
		if (set_runtime(o, args)) {
			tool_error(t, "%s", ksc_oci_error(o));
			ksc_oci_free(o);
			return TOOL_NO;
		}
	}
	ret = args->bundle ? rewrite_bundle(t, o, args->bundle, &failed) :
			     filter_stdin(t, o, args->strict, &failed);
	if (!ret && failed && o)
		tool_error(t, "%s; the configuration stays as it was", ksc_oci_error(o));
	if (!ret && o && args->report)
		ret = write_report(t, o, args->report);
	if (!ret && failed && args->strict)
		ret = k ? TOOL_NO : TOOL_NO_TREE;
	ksc_oci_free(o);
	return ret;
}

static void parse_mode(const struct tool *t, struct oci_args *args)
{
	if (ksc_oci_mode_parse(optarg, &args->mode))
		exit(tool_usage(t, "--mode takes auto, bpf, flip or explicit, not '%s'", optarg));
}

static int run_oci(struct tool *t, int argc, char **argv)
{
	struct oci_args args = { .mode = KSC_OCI_AUTO };
	struct ksc *k = NULL;
	int c, ret;

	while ((c = tool_getopt(t, argc, argv)) != -1) {
		switch (c) {
		case OPT_BUNDLE:
			args.bundle = optarg;
			break;
		case OPT_MODE:
			parse_mode(t, &args);
			break;
		case OPT_RUNTIME:
			args.runtime = optarg;
			break;
		case OPT_REPORT:
			args.report = optarg;
			break;
		case OPT_STRICT:
			args.strict = true;
			break;
		default:
			tool_filter_opt(t, &args.filter, c);
		}
	}
	ret = tool_no_operands(t, argc, argv);
	if (ret)
		return ret;
	/* Without a tree a container still starts, with the profile that it has. */
	ret = tool_open(t, &k);
	if (ret && args.strict)
		return ret;
	ret = rewrite(t, k, &args);
	ksc_close(k);
	return ret;
}

static const struct tool_opt oci_opts[] = {
	{ "bundle", OPT_BUNDLE, "DIR", "rewrite DIR/config.json; default: stdin to stdout" },
	{ "mode", OPT_MODE, "MODE", "auto (default), bpf, flip or explicit" },
	{ "runtime", OPT_RUNTIME, "NAME", "the runtime that reads it; auto chooses by it" },
	{ "baseline", TOOL_OPT_BASELINE, "X.Y",
	  "newest release the profile knows; none; default: inferred" },
	TOOL_KNOB_OPTS,
	{ "report", OPT_REPORT, "FILE", "write what changed, and what could not be said, as JSON" },
	{ "strict", OPT_STRICT, NULL, "fail instead of leaving the configuration as it was" },
	{}
};

const struct tool_cmd cmd_oci = {
	.name = "oci",
	.operands = "",
	.brief = "rewrite the seccomp profile of a container for this kernel",
	.opts = oci_opts,
	.run = run_oci,
};
