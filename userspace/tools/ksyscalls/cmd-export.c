// SPDX-License-Identifier: GPL-2.0-only
/*
 * export: what the kernel implements, for what watches over many hosts.
 *
 * Both formats are of others: Prometheus' text exposition, as the textfile collector of
 * node_exporter reads it, and the feature files of Node Feature Discovery.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "../../lib/shared.h"
#include "tool.h"

enum {
	OPT_FORMAT = 0x100,
};

/* What every kernel has that anybody runs tells hosts apart from none. */
#define COMMON_RELEASE	KSC_RELEASE(2, 6)

/* @k is NULL where there is no view. */
struct format {
	const char *name;
	void (*write)(FILE *f, const struct ksc *k);
};

/*
 * Calls @tell for each syscall that sets kernels apart and of which the view can tell:
 * those that Linux's releases are known of, then those that are newer than that table.
 */
static void each_syscall(FILE *f, const struct ksc_abi *abi,
			 void (*tell)(FILE *f, const struct ksc_abi *abi, const char *name,
				      bool implemented))
{
	unsigned int release;
	const char *name;
	uint32_t nr;
	size_t i;

	for (i = 0; !ksc_release_next(i, &name, &release); i++) {
		if (release <= COMMON_RELEASE)
			continue;
		if (ksc_abi_nr(abi, name) >= 0)
			tell(f, abi, name, true);
		else if (tool_known_name(abi, name, &nr) == TOOL_KNOWN_HERE &&
			 !ksc_abi_implemented(abi, nr))
			tell(f, abi, name, false);
	}
	for (nr = 0; nr < ksc_abi_nr_syscalls(abi); nr++) {
		name = ksc_abi_name(abi, nr);
		if (name && ksc_release_of(name) == KSC_RELEASE_UNKNOWN)
			tell(f, abi, name, true);
	}
}

/* ---- Prometheus ----------------------------------------------------------- */

/* A value of a label, which stands in quotes. */
static void put_quoted(FILE *f, const char *text)
{
	for (; *text; text++) {
		if (*text == '\\' || *text == '"')
			fputc('\\', f);
		fputc(*text, f);
	}
}

static void put_gauge(FILE *f, const char *name, const char *help)
{
	fprintf(f, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void put_sample(FILE *f, const struct ksc_abi *abi, const char *name, bool implemented)
{
	fprintf(f, "ksyscalls_syscall{abi=\"%s\",name=\"%s\"} %d\n", ksc_abi_id(abi), name,
		implemented);
}

static void write_prometheus(FILE *f, const struct ksc *k)
{
	const struct ksc_abi *abi;

	put_gauge(f, "ksyscalls_view", "Whether it is known what this kernel implements.");
	fprintf(f, "ksyscalls_view %d\n", !!k);
	if (!k)
		return;
	put_gauge(f, "ksyscalls_view_info", "Who says what this kernel implements.");
	fprintf(f, "ksyscalls_view_info{source=\"");
	put_quoted(f, ksc_source(k));
	fprintf(f, "\",release=\"");
	put_quoted(f, ksc_release(k) ?: "");
	fprintf(f, "\"} 1\n");
	put_gauge(f, "ksyscalls_implemented", "How many syscalls the kernel implements.");
	ksc_abi_foreach(abi, k)
		fprintf(f, "ksyscalls_implemented{abi=\"%s\"} %u\n", ksc_abi_id(abi),
			ksc_abi_nr_implemented(abi));
	put_gauge(f, "ksyscalls_syscall", "Whether the kernel implements the syscall.");
	ksc_abi_foreach(abi, k) {
		if (ksc_abi_nr_implemented(abi))
			each_syscall(f, abi, put_sample);
	}
}

/* ---- Node Feature Discovery ------------------------------------------------ */

static void put_label(FILE *f, const struct ksc_abi *abi, const char *name, bool implemented)
{
	fprintf(f, "feature.node.kubernetes.io/syscall-%s=%s\n", name,
		implemented ? "true" : "false");
}

static void write_nfd(FILE *f, const struct ksc *k)
{
	const struct ksc_abi *abi = k ? ksc_abi_native(k) : NULL;

	fprintf(f, "# Which syscalls the kernel of this node implements, by ksyscalls-export.\n");
	if (abi)
		each_syscall(f, abi, put_label);
}

/* ---- both ------------------------------------------------------------------ */

static const struct format formats[] = {
	{ "prometheus",	write_prometheus },
	{ "nfd",	write_nfd },
};

static const struct format *find_format(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(formats); i++) {
		if (!strcmp(formats[i].name, name))
			return &formats[i];
	}
	return NULL;
}

static int write_export(const struct tool *t, const struct format *format, const struct ksc *k,
			const char *path)
{
	char *text = NULL;
	FILE *f;
	size_t len;
	int ret = TOOL_USAGE;
	bool whole;

	f = open_memstream(&text, &len);
	if (f)
		format->write(f, k);
	whole = f && !ferror(f);
	if (f && fclose(f))
		whole = false;
	if (whole)
		ret = tool_write_file(t, path, text, len);
	else
		tool_error(t, "out of memory");
	free(text);
	return ret;
}

static int run_export(struct tool *t, int argc, char **argv)
{
	const struct format *format = NULL;
	const char *path = NULL;
	struct ksc *k;
	int c, ret, opened;

	while ((c = tool_getopt(t, argc, argv)) != -1) {
		switch (c) {
		case OPT_FORMAT:
			format = find_format(optarg);
			if (!format)
				return tool_usage(t, "--format takes prometheus or nfd, not '%s'",
						  optarg);
			break;
		case 'o':
			path = optarg;
			break;
		}
	}
	ret = tool_no_operands(t, argc, argv);
	if (ret)
		return ret;
	if (!format)
		return tool_usage(t, "name a format with --format");
	/* What is there may be of the boot before: that there is no view is written, too. */
	opened = tool_open(t, &k);
	ret = write_export(t, format, k, path);
	ksc_close(k);
	return ret ?: opened;
}

static const struct tool_opt export_opts[] = {
	{ "format", OPT_FORMAT, "prometheus|nfd",
	  "what for: node_exporter, or Node Feature Discovery" },
	{ "output", 'o', "FILE", "write to FILE, whole; default: standard output" },
	{}
};

const struct tool_cmd cmd_export = {
	.name = "export",
	.operands = "",
	.brief = "write what the kernel implements for Prometheus or Kubernetes",
	.about = "The unit ksyscalls-export@.timer does it, where /etc/ksyscalls/export-*.conf\n"
		 "says. Where there is no view, that is what is written; exit status 3.\n",
	.example = "ksyscalls export --format=prometheus -o ksyscalls.prom",
	.opts = export_opts,
	.run = run_export,
};
