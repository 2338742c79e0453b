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

#include "../knobs.h"

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
 *
 * @arg is what the help calls the argument, NULL for none, and what completion goes
 * by: FILE, DIR, ABI and RUNTIME; words in small letters, apart by '|'.
 */
struct tool_opt {
	const char *name;
	int val;
	const char *arg;
	const char *help;
};

/* Of every command that prints JSON when it is asked to. */
#define TOOL_OPT_JSON	{ "json", 'j', NULL, "print JSON" }

#define TOOL_STOP_AT_OPERAND	0x1u	/* what follows the first operand is not ours */
#define TOOL_LIVE		0x2u	/* acts on the running kernel: no --sysroot */
#define TOOL_PROFILE		0x4u	/* takes the options of tool_profile_opts[], too */
#define TOOL_KNOBS		0x8u	/* and the knobs of the policy */

struct tool;

struct tool_cmd {
	const char *name;
	const char *operands;	/* as in the usage line; "" for none */
	const char *brief;
	const char *about;	/* a few lines, each ended; NULL: the brief says it all */
	const char *example;	/* a command line */
	const struct tool_opt *opts;	/* NULL: none of its own */
	const char *alternatives[2];	/* options that exclude each other; NULL: none */
	unsigned int flags;
	/* argv[0] is the subcommand's name. Returns an exit status. */
	int (*run)(struct tool *t, int argc, char **argv);
};

/* One run of the command. */
struct tool {
	const char *argv0;
	const struct tool_cmd *const *cmds;	/* all there are, NULL after the last */
	const struct tool_cmd *cmd;	/* NULL until the subcommand is known */
	const char *sysroot;		/* NULL: this machine */
	struct knobs knobs;
	const char *knob;		/* the first that was given; NULL: none */
	const char *alternative;	/* likewise, of options that exclude each other */
};

/* options.c */
int tool_getopt(struct tool *t, int argc, char **argv);
int tool_no_operands(const struct tool *t, int argc, char **argv);

/* complete.c */
int tool_complete(const struct tool *t, int argc, char **argv);

/* message.c */
void tool_error(const struct tool *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int tool_usage(const struct tool *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* tree.c: the tree and the names that more than one source knows */
int tool_open(const struct tool *t, struct ksc **kp);
int tool_open_or_names(const struct tool *t, struct ksc **kp);
int tool_abi(const struct tool *t, const struct ksc *k, const char *name,
	     const struct ksc_abi **abip);
int tool_parse_nr(const char *text, uint32_t *nr);
const struct ksc_abi *tool_nr_owner(const struct ksc *k, const struct ksc_abi *abi, uint32_t *nr);
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
int tool_open_beneath(int root, const char *below, bool make);

/* output.c: everything or nothing */
struct tool_output {
	const char *path;		/* NULL or "-": stdout */
	char *aside;			/* takes its place in the end; NULL: written in place */
	int fd;
	bool replaces;			/* a file, whose access it gets */
	unsigned int mode;
};

void tool_json_text(struct json_object *obj, const char *key, const char *text);
void tool_json_release(struct json_object *obj, const char *key, unsigned int release);
int tool_print_json(const struct tool *t, struct json_object *obj);
bool tool_same_output(const char *a, const char *b);
int tool_output_open(const struct tool *t, const char *path, struct tool_output *out);
int tool_output_put(const struct tool *t, struct tool_output *out, const void *data, size_t len);
int tool_output_place(const struct tool *t, struct tool_output *out);
void tool_output_drop(struct tool_output *out);
int tool_write_file(const struct tool *t, const char *path, const void *data, size_t len);
int tool_finish(const struct tool *t, int status);

/* filter.c: from options to a policy, and from that to a program */
#define TOOL_MAX_ABIS	16

struct tool_filter_args {
	const char *profile;		/* a file; NULL: absent syscalls alone */
	char *caps;			/* comma-separated; NULL: none. Owned. */
	bool has_kernel;
	unsigned int kernel;		/* what minKernel of the profile is held against */
	const char *abis[TOOL_MAX_ABIS];
	size_t nr_abis;
};

/* Of a command with TOOL_PROFILE, which hands them to tool_filter_opt(). */
extern const struct tool_opt tool_profile_opts[];

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
void tool_tell_late_baseline(const struct tool *t);
int tool_set_knobs(const struct tool *t, struct ksc_policy *policy);
int tool_filter_new(const struct tool *t, const struct ksc *k,
		    const struct tool_filter_args *args, struct tool_filter *f);
int tool_check_profile(const struct tool *t, const struct tool_filter_args *args);
const char *tool_profile_name(const struct tool_filter_args *args);
void tool_filter_free(struct tool_filter *f);
void tool_filter_args_free(struct tool_filter_args *args);
int tool_prog_new(const struct tool *t, const struct tool_filter *f, bool full,
		  struct tool_prog *prog);
bool tool_foreign_order(const struct ksc *k);

/* caps.c */
bool tool_is_cap(const char *name);

/* cmd-module.c */
bool tool_is_locked_down(void);

/* version.c */
int tool_version(const char *path, char *line, size_t size);

/* dropin.c */
int tool_dropin(const struct tool *t, const struct ksc *k, const struct tool_filter *filter,
		char **text);

/* bpfsim.c */
uint32_t tool_bpf_answer(const struct tool_prog *prog, uint32_t arch, uint32_t nr,
			 bool *by_args);

/* disasm.c */
void tool_disasm(FILE *f, const struct ksc *k, const struct sock_filter *prog, size_t len);

#endif /* KSYSCALLS_TOOL_H */
