/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every subcommand of ksyscalls shares: option tables, messages, exit
 * statuses, and the way output leaves the process.
 */
#ifndef KSYSCALLS_TOOL_H
#define KSYSCALLS_TOOL_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <ksyscalls.h>

struct json_object;
struct ksc_profile;
struct sock_filter;

/* Exit statuses, the same for every subcommand. */
enum tool_status {
	TOOL_OK		= 0,
	TOOL_NO		= 1,	/* the answer is no, or the kernel refused */
	TOOL_USAGE	= 2,	/* wrong usage, bad input, output not written */
	TOOL_NO_TREE	= 3,	/* no module, or a tree that cannot be trusted */
};

/*
 * One option. @val is what tool_getopt() returns for it; below 256 it is also
 * the short option's letter. The table ends with an entry without a name.
 */
struct tool_opt {
	const char *name;
	int val;
	const char *arg;	/* what the help calls the argument; NULL: none */
	const char *help;
};

#define TOOL_STOP_AT_OPERAND	0x1u	/* what follows the first operand is not ours */
#define TOOL_LIVE		0x2u	/* acts on the running kernel: no --sysroot */

struct tool;

struct tool_cmd {
	const char *name;
	const char *operands;	/* as in the usage line; "" for none */
	const char *brief;
	const struct tool_opt *opts;
	unsigned int flags;
	/* argv[0] is the subcommand's name. Returns an exit status. */
	int (*run)(struct tool *t, int argc, char **argv);
};

/* One run of the command. */
struct tool {
	const char *argv0;
	const char *sysroot;		/* NULL: this machine */
	const struct tool_cmd *cmd;	/* NULL until the subcommand is known */
};

/* main.c: options and messages */
int tool_getopt(struct tool *t, int argc, char **argv);
int tool_no_operands(const struct tool *t, int argc, char **argv);
void tool_error(const struct tool *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int tool_usage(const struct tool *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* tree.c: the tree and the names that more than one source knows */
int tool_open(const struct tool *t, struct ksc **kp);
const struct ksc_abi *tool_native(const struct ksc *k);
int tool_abi(const struct tool *t, const struct ksc *k, const char *name,
	     const struct ksc_abi **abip);
int tool_parse_nr(const char *text, uint32_t *nr);
int tool_check_word(const struct tool *t, const char *text);
char *tool_absent_name(const struct ksc_abi *abi, uint32_t nr);

/* How widely a name that the tree does not list is known. */
enum tool_known {
	TOOL_KNOWN_NOWHERE,	/* nobody has heard of it */
	TOOL_KNOWN_ELSEWHERE,	/* a syscall, without a number on this ABI as far as we know */
	TOOL_KNOWN_HERE,	/* this ABI has a number for it */
};

enum tool_known tool_known_name(const struct ksc_abi *abi, const char *name, uint32_t *nr);

/* dirs.c: directories; no link is followed */
DIR *tool_open_dir(int parent, const char *name);
bool tool_is_dots(const char *name);
bool tool_is_dir(int parent, const char *name);
int tool_make_dirs(const char *root, const char *below);
void tool_remove_dir(int parent, const char *name);

/* output.c: everything or nothing */
int tool_print_json(const struct tool *t, struct json_object *obj);
int tool_write_file(const struct tool *t, const char *path, const void *data, size_t len);
int tool_finish(const struct tool *t, int status);

/* filter.c: from options to a policy, and from that to a program */
#define TOOL_MAX_ABIS	16

struct tool_filter_args {
	const char *profile;		/* a file; NULL: absent syscalls alone */
	char *caps;			/* comma-separated; NULL: none. Owned. */
	bool has_baseline;
	unsigned int baseline;
	bool has_kernel;
	unsigned int kernel;		/* what minKernel of the profile is held against */
	unsigned int flags;		/* KSC_EXPLICIT_RESPECT and its kin */
	const char *abis[TOOL_MAX_ABIS];
	size_t nr_abis;
};

/* Beyond the letters, and beyond any subcommand's own. */
enum {
	TOOL_OPT_BASELINE = 0x800,
	TOOL_OPT_CAPS,
	TOOL_OPT_KERNEL,
	TOOL_OPT_EXPLICIT,
	TOOL_OPT_ALLOW_UNKNOWN,
	TOOL_OPT_KEEP_FATAL,
};

/* The policy's knobs, as entries for the option table of a subcommand. */
#define TOOL_KNOB_OPTS								\
	{ "explicit", TOOL_OPT_EXPLICIT, "respect",				\
	  "an errno the profile names outranks an absent syscall" },		\
	{ "allow-unknown-to-libseccomp", TOOL_OPT_ALLOW_UNKNOWN, NULL,		\
	  "allow what the profile allows and libseccomp cannot name" },		\
	{ "keep-fatal", TOOL_OPT_KEEP_FATAL, NULL,				\
	  "default KILL or TRAP: new syscalls stay fatal" }

/* The same for one that weighs a profile. */
#define TOOL_FILTER_OPTS							\
	{ "profile", 'p', "FILE", "the seccomp profile that the filter precedes" },	\
	{ "baseline", TOOL_OPT_BASELINE, "X.Y",					\
	  "newest release the profile knows; none; default: inferred" },	\
	{ "caps", TOOL_OPT_CAPS, "CAP,...", "capabilities that rules may ask for" },	\
	{ "kernel", TOOL_OPT_KERNEL, "X.Y", "release that rules may ask for" },	\
	TOOL_KNOB_OPTS,								\
	{ "abi", 'a', "ABI", "cover only ABI, repeatable; with a profile: its native ABI" }

/* A policy, and the profile that it came from, if one was given. */
struct tool_filter {
	struct ksc_policy *policy;
	struct ksc_profile *profile;
};

/* A program in the byte order of this machine. */
struct tool_prog {
	struct sock_filter *insns;
	size_t len;
};

bool tool_filter_opt(const struct tool *t, struct tool_filter_args *args, int c);
int tool_filter_new(const struct tool *t, const struct ksc *k,
		    const struct tool_filter_args *args, struct tool_filter *f);
void tool_filter_free(struct tool_filter *f);
void tool_filter_args_free(struct tool_filter_args *args);
int tool_prog_new(const struct tool *t, const struct tool_filter *f, bool full,
		  struct tool_prog *prog);
void tool_prog_swap(struct tool_prog *prog);
bool tool_foreign_order(const struct ksc *k);

/* disasm.c */
void tool_disasm(FILE *f, const struct ksc *k, const struct sock_filter *prog, size_t len);

#endif /* KSYSCALLS_TOOL_H */
