// SPDX-License-Identifier: GPL-2.0-only
/*
 * profile: an engine's seccomp profile, compiled for one kernel and one set of
 * capabilities, as the engine takes it with --security-opt seccomp=FILE; or as lines for
 * a unit of systemd's.
 */
#include <getopt.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <ksyscalls-oci.h>

#include "tool.h"

enum {
	OPT_MODE = 0x100,
	OPT_REPORT,
	OPT_FORMAT,
};

struct profile_args {
	struct tool_filter_args filter;
	const char *output, *report;
	enum ksc_oci_mode mode;
	bool systemd, has_mode;
};

/* All outputs, each with one newline at its end. */
static int put_line(const struct tool *t, struct tool_output *out, const char *text)
{
	size_t len = strlen(text);
	char *line;
	int ret;

	if (asprintf(&line, "%s%s", text, len && text[len - 1] == '\n' ? "" : "\n") < 0) {
		tool_error(t, "out of memory");
		return TOOL_USAGE;
	}
	ret = tool_output_put(t, out, line, strlen(line));
	free(line);
	return ret;
}

static int compile(const struct tool *t, const struct ksc *k, const struct profile_args *args,
		   struct ksc_profile *p, char **text, char **report)
{
	struct ksc_oci *o;
	int ret;

	ret = ksc_oci_new(&o, k);
	if (ret) {
		tool_error(t, "out of memory");
		return TOOL_USAGE;
	}
	ksc_oci_set_mode(o, args->mode);
	ret = tool_set_knobs(t, ksc_oci_knobs(o));
	if (ret) {
		ksc_oci_free(o);
		return ret;
	}
	ret = ksc_oci_profile(o, p, text);
	if (!ret && args->report)
		ret = ksc_oci_report(o, report);
	if (ret)
		tool_error(t, "%s: %s", tool_profile_name(&args->filter),
			   *ksc_oci_error(o) ? ksc_oci_error(o) : strerror(-ret));
	ksc_oci_free(o);
	return ret ? TOOL_USAGE : TOOL_OK;
}

/* Neither output is touched before both texts are there, and neither takes its place alone. */
static int write_both(const struct tool *t, const struct ksc *k, const struct profile_args *args,
		      const struct tool_filter *filter)
{
	struct tool_output out, report = { .fd = -1 };
	char *text = NULL, *told = NULL;
	int ret;

	ret = tool_output_open(t, args->output, &out);
	if (ret)
		return ret;
	if (args->report)
		ret = tool_output_open(t, args->report, &report);
	if (!ret)
		ret = args->systemd ? tool_dropin(t, k, filter, &text) :
				      compile(t, k, args, filter->profile, &text, &told);
	if (!ret)
		ret = put_line(t, &out, text);
	if (!ret && args->report)
		ret = put_line(t, &report, told);
	if (!ret)
		ret = tool_output_place(t, &out);
	if (!ret && args->report)
		ret = tool_output_place(t, &report);
	tool_output_drop(&report);
	tool_output_drop(&out);
	free(told);
	free(text);
	return ret;
}

/* What it does not name is ENOSYS, and what is allowed is its own list's. */
static bool has_more_than_a_unit(const struct knobs *knobs)
{
	return knobs->flags & (KSC_KEEP_FATAL | KSC_ALLOW_UNKNOWN) ||
	       knobs->successors == KSC_SUCCESSORS_ALLOW;
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
			args.has_mode = true;
			break;
		case OPT_REPORT:
			args.report = optarg;
			break;
		case OPT_FORMAT:
			args.systemd = !strcmp(optarg, "systemd");
			if (!args.systemd && strcmp(optarg, "oci"))
				return tool_usage(t, "--format takes oci or systemd, not '%s'",
						  optarg);
			break;
		default:
			tool_filter_opt(t, &args.filter, c);
		}
	}
	ret = tool_no_operands(t, argc, argv);
	if (!ret && !args.filter.profile)
		ret = tool_usage(t, "--profile says which profile to compile");
	if (!ret && args.systemd && (args.has_mode || args.report))
		ret = tool_usage(t, "--mode and --report are for --format=oci");
	if (!ret && args.systemd && has_more_than_a_unit(&t->knobs))
		ret = tool_usage(t, "a unit has no words for --keep-fatal, --successors=allow and "
				 "--allow-unknown-to-libseccomp");
	if (!ret && args.report && tool_same_output(args.output, args.report))
		ret = tool_usage(t, "--report needs a file of its own, apart from the profile's");
	if (!ret)
		ret = tool_open_or_names(t, &k);
	if (!ret)
		ret = tool_filter_new(t, k, &args.filter, &filter);
	if (!ret)
		ret = write_both(t, k, &args, &filter);
	tool_filter_free(&filter);
	ksc_close(k);
	tool_filter_args_free(&args.filter);
	return ret;
}

static const struct tool_opt profile_opts[] = {
	{ "output", 'o', "FILE", "write to FILE, whole or not at all; default: stdout" },
	{ "mode", OPT_MODE, "flip|explicit", "how; default: flip" },
	{ "format", OPT_FORMAT, "oci|systemd",
	  "a profile (default), or SystemCallFilter= lines for a unit's drop-in" },
	{ "report", OPT_REPORT, "FILE", "write what could not be said, as JSON" },
	{}
};

const struct tool_cmd cmd_profile = {
	.name = "profile",
	.operands = "",
	.brief = "compile a seccomp profile for this kernel, for an engine's option",
	.about = "The result is for containers that are started with the capabilities of --caps.\n"
		 "Docker before 23.0 and crun before 0.19 need --mode=explicit.\n",
	.example = "ksyscalls profile -p default.json -o fit.json --caps=CAP_CHOWN,CAP_KILL",
	.opts = profile_opts,
	.flags = TOOL_PROFILE | TOOL_KNOBS,
	.run = run_profile,
};
