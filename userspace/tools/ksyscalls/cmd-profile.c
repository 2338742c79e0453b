// SPDX-License-Identifier: GPL-2.0-only
/*
 * profile: an engine's seccomp profile, compiled for one kernel and one set of
 * capabilities, as the engine takes it with --security-opt seccomp=FILE.
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include <ksyscalls-oci.h>

#include "tool.h"

enum {
	OPT_MODE = 0x100,
	OPT_REPORT,
};

struct profile_args {
	struct tool_filter_args filter;
	const char *output, *report;
	enum ksc_oci_mode mode;
};

static int write_json(const struct tool *t, const char *path, const char *text)
{
	if (path && strcmp(path, "-"))
		return tool_write_file(t, path, text, strlen(text));
	puts(text);
	return TOOL_OK;
}

static int compile(const struct tool *t, const struct ksc *k, const struct profile_args *args,
		   struct ksc_profile *p)
{
	char *text, *report;
	struct ksc_oci *o;
	int ret;

	if (ksc_oci_new(&o, k)) {
		tool_error(t, "out of memory");
		return TOOL_USAGE;
	}
	ksc_oci_set_mode(o, args->mode);
	ksc_oci_set_flags(o, args->filter.flags);
	if (args->filter.has_baseline)
		ksc_oci_set_baseline(o, args->filter.baseline);
	ret = ksc_oci_profile(o, p, &text);
	if (ret) {
		tool_error(t, "%s: %s", args->filter.profile,
			   *ksc_oci_error(o) ? ksc_oci_error(o) : strerror(-ret));
		ret = TOOL_USAGE;
		goto free_oci;
	}
	ret = write_json(t, args->output, text);
	free(text);
	if (ret || !args->report)
		goto free_oci;
	if (ksc_oci_report(o, &report)) {
		tool_error(t, "out of memory");
		ret = TOOL_USAGE;
		goto free_oci;
	}
	ret = write_json(t, args->report, report);
	free(report);
free_oci:
	ksc_oci_free(o);
	return ret;
}

static int run_profile(struct tool *t, int argc, char **argv)
{
	struct profile_args args = { .mode = KSC_OCI_FLIP };
	struct tool_filter filter = {};
	struct ksc *k = NULL;
	int c, ret;

	while ((c = tool_getopt(t, argc, argv)) != -1) {
		switch (c) {
		case 'o':
			args.output = optarg;
			break;
		case OPT_MODE:
			if (ksc_oci_mode_parse(optarg, &args.mode) ||
			    (args.mode != KSC_OCI_FLIP && args.mode != KSC_OCI_EXPLICIT))
				return tool_usage(t, "--mode takes flip or explicit, not '%s'",
						  optarg);
			break;
		case OPT_REPORT:
			args.report = optarg;
			break;
		default:
			tool_filter_opt(t, &args.filter, c);
		}
	}
	ret = tool_no_operands(t, argc, argv);
	if (!ret && !args.filter.profile)
		ret = tool_usage(t, "--profile says which profile to compile");
	if (!ret)
		ret = tool_open(t, &k);
	if (!ret)
		ret = tool_filter_new(t, k, &args.filter, &filter);
	if (!ret)
		ret = compile(t, k, &args, filter.profile);
	tool_filter_free(&filter);
	ksc_close(k);
	tool_filter_args_free(&args.filter);
	return ret;
}

static const struct tool_opt profile_opts[] = {
	{ "output", 'o', "FILE", "write to FILE, whole or not at all; default: stdout" },
	{ "mode", OPT_MODE, "MODE", "flip (default) or explicit" },
	{ "report", OPT_REPORT, "FILE", "write what could not be said, as JSON" },
	TOOL_FILTER_OPTS,
	{}
};

const struct tool_cmd cmd_profile = {
	.name = "profile",
	.operands = "",
	.brief = "compile a seccomp profile for this kernel, for an engine's option",
	.opts = profile_opts,
	.run = run_profile,
};
