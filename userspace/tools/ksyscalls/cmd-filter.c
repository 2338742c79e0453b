// SPDX-License-Identifier: GPL-2.0-only
/*
 * bpf and run: the filter as a file, and the filter at work.
 */
#include <errno.h>
#include <getopt.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <ksyscalls-oci.h>

#include "../../lib/shared.h"
#include "../view.h"
#include "tool.h"

/* ---- bpf ---------------------------------------------------------------- */

enum {
	OPT_PREFIX = 0x100,
	OPT_FULL,
};

struct bpf_args {
	struct tool_filter_args filter;
	const char *output;
	bool prefix, disassemble;
};

static int disassemble(const struct tool *t, const struct ksc *k, const char *path,
		       const struct tool_prog *prog)
{
	size_t size;
	char *text;
	FILE *f;
	int ret;

	f = open_memstream(&text, &size);
	if (!f)
		goto err_nomem;
	tool_disasm(f, k, prog->insns, prog->len);
	if (fclose(f)) {
		free(text);
		goto err_nomem;
	}
	ret = tool_write_file(t, path, text, size);
	free(text);
	return ret;

err_nomem:
	tool_error(t, "out of memory");
	return TOOL_USAGE;
}

static int write_program(const struct tool *t, const struct ksc *k, const char *path,
			 struct tool_prog *prog)
{
	if ((!path || !strcmp(path, "-")) && isatty(STDOUT_FILENO)) {
		tool_error(t, "binary output to a terminal: use -o FILE, or a pipe");
		return TOOL_USAGE;
	}
	/* The file is for the machine that the tree is of. */
	if (tool_foreign_order(k))
		ksc_swap_program(prog->insns, prog->len);
	return tool_write_file(t, path, prog->insns, prog->len * sizeof(*prog->insns));
}

static int emit(const struct tool *t, const struct ksc *k, const struct bpf_args *args)
{
	struct tool_filter filter;
	struct tool_prog prog;
	int ret;

	ret = tool_filter_new(t, k, &args->filter, &filter);
	if (ret)
		goto out_free_filter;
	ret = tool_prog_new(t, &filter, !args->prefix, &prog);
	if (ret)
		goto out_free_filter;
	ret = args->disassemble ? disassemble(t, k, args->output, &prog) :
				  write_program(t, k, args->output, &prog);
	free(prog.insns);
out_free_filter:
	tool_filter_free(&filter);
	return ret;
}

static int run_bpf(struct tool *t, int argc, char **argv)
{
	struct bpf_args args = {};
	struct ksc *k;
	int c, ret;

	while ((c = tool_getopt(t, argc, argv)) != -1) {
		switch (c) {
		case 'o':
			args.output = optarg;
			break;
		case 'd':
			args.disassemble = true;
			break;
		case OPT_PREFIX:
			args.prefix = true;
			break;
		case OPT_FULL:
			break;
		default:
			tool_filter_opt(t, &args.filter, c);
		}
	}
	ret = tool_no_operands(t, argc, argv);
	if (!ret)
		ret = args.filter.profile ? tool_open_or_names(t, &k) : tool_open(t, &k);
	if (!ret) {
		ret = emit(t, k, &args);
		ksc_close(k);
	}
	tool_filter_args_free(&args.filter);
	return ret;
}

static const struct tool_opt bpf_opts[] = {
	{ "output", 'o', "FILE", "write to FILE, whole or not at all; default: stdout" },
	{ "prefix", OPT_PREFIX, NULL, "leave the end open, for another program to follow" },
	{ "full", OPT_FULL, NULL, "a program of its own (default): then the profile's, or ALLOW" },
	{ "disassemble", 'd', NULL, "print it readably instead" },
	{}
};

const struct tool_cmd cmd_bpf = {
	.name = "bpf",
	.operands = "",
	.brief = "write a seccomp filter: ENOSYS for what the kernel does not have",
	.about = "Without a profile it denies nothing else. With one, the profile's own filter\n"
		 "follows, so that what it denies stays denied.\n",
	.example = "ksyscalls bpf -o f.bpf && bwrap --bind / / --add-seccomp-fd 9 sh 9<f.bpf",
	.opts = bpf_opts,
	.alternatives = { "prefix", "full" },
	.flags = TOOL_PROFILE | TOOL_KNOBS,
	.run = run_bpf,
};

/* ---- run ---------------------------------------------------------------- */

enum {
	/* As env(1), nohup(1) and the shells have it. */
	EXIT_CANNOT_EXEC	= 126,
	EXIT_NOT_FOUND		= 127,
};

static int install(const struct tool *t, const struct tool_prog *prog, unsigned int flags)
{
	struct sock_fprog fprog = { .len = (unsigned short)prog->len, .filter = prog->insns };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) {
		tool_error(t, "cannot set no_new_privs: %s", strerror(errno));
		return TOOL_NO;
	}
	if (!syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &fprog))
		return TOOL_OK;
	if (errno == EINVAL || errno == ENOSYS)
		tool_error(t, "the kernel takes no seccomp filter: %s; it needs "
			   "CONFIG_SECCOMP_FILTER", strerror(errno));
	else
		tool_error(t, "the kernel refused the filter: %s", strerror(errno));
	return TOOL_NO;
}

static int exec_command(const struct tool *t, char **argv)
{
	int err;

	execvp(argv[0], argv);
	err = errno;
	tool_error(t, "cannot run %s: %s%s", argv[0], strerror(err), err != ENOSYS ? "" :
		   "; the tree says that this kernel has no execve");
	return err == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXEC;
}

static int run_under(const struct tool *t, const struct ksc *k,
		     const struct tool_filter_args *args, char **argv)
{
	unsigned int flags = 0;
	struct tool_filter filter;
	struct tool_prog prog;
	int ret;

	if (!view_native(k)) {
		tool_error(t, "the tree is of another architecture: "
			      "its filter would change nothing here");
		return TOOL_USAGE;
	}
	ret = tool_filter_new(t, k, args, &filter);
	if (ret)
		goto out_free_filter;
	ret = tool_prog_new(t, &filter, true, &prog);
	if (ret)
		goto out_free_filter;
	if (filter.profile) {
		if (ksc_profile_listener_path(filter.profile)) {
			tool_error(t, "%s hands syscalls to a listener, which run does not serve",
				   tool_profile_name(args));
			ret = TOOL_USAGE;
			goto out_free_prog;
		}
		flags = ksc_profile_filter_flags(filter.profile);
	}
	ret = install(t, &prog, flags);
	if (!ret)
		ret = exec_command(t, argv);
out_free_prog:
	free(prog.insns);
out_free_filter:
	tool_filter_free(&filter);
	return ret;
}

static int run_run(struct tool *t, int argc, char **argv)
{
	struct tool_filter_args args = {};
	struct ksc *k;
	int c, ret;

	while ((c = tool_getopt(t, argc, argv)) != -1)
		tool_filter_opt(t, &args, c);
	ret = optind == argc ? tool_usage(t, "no command to run") :
	      args.profile ? tool_open_or_names(t, &k) : tool_open(t, &k);
	if (!ret) {
		ret = run_under(t, k, &args, argv + optind);
		ksc_close(k);
	}
	tool_filter_args_free(&args);
	return ret;
}

const struct tool_cmd cmd_run = {
	.name = "run",
	.operands = "[--] COMMAND [ARGUMENT]...",
	.brief = "run a command under that filter",
	.about = "The filter is that of 'ksyscalls bpf' with these options; no_new_privs is set.\n"
		 "The exit status is COMMAND's; 127: not found, 126: cannot be executed.\n",
	.example = "ksyscalls run --profile=profile.json -- tar -xf archive.tar",
	.flags = TOOL_STOP_AT_OPERAND | TOOL_PROFILE | TOOL_KNOBS,
	.run = run_run,
};
