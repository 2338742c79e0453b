// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the options of a command line to a policy, and on to a program that the
 * kernel takes: the prefix, alone or in front of what follows it.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ksyscalls-oci.h>
#include <ksyscalls-seccomp.h>

#include "../../lib/shared.h"
#include "tool.h"

enum {
	/* Beyond the letters, and beyond any subcommand's own. */
	OPT_CAPS = 0x800,
	OPT_KERNEL,
};

const struct tool_opt tool_profile_opts[] = {
	{ "profile", 'p', "FILE", "the seccomp profile, or a config.json; '-': stdin" },
	{ "caps", OPT_CAPS, "CAP,...", "the container's capabilities, for rules that ask" },
	{ "kernel", OPT_KERNEL, "X.Y", "the kernel's release, for rules that ask" },
	{ "abi", 'a', "ABI", "cover only ABI, repeatable; with a profile: its native ABI" },
	{}
};

static unsigned int parse_release(const struct tool *t, const char *option, const char *text)
{
	unsigned int release;

	if (ksc_release_parse(text, &release))
		exit(tool_usage(t, "%s: '%s' is not a release such as 6.10", option, text));
	return release;
}

static void add_caps(const struct tool *t, struct tool_filter_args *args, const char *text)
{
	char *joined;

	if (asprintf(&joined, "%s%s%s", args->caps ?: "", args->caps ? "," : "", text) < 0) {
		tool_error(t, "out of memory");
		exit(TOOL_USAGE);
	}
	free(args->caps);
	args->caps = joined;
}

/**
 * tool_filter_opt() - take one option of tool_profile_opts[]
 * @t: the run
 * @args: where it goes
 * @c: what tool_getopt() returned; its argument is in optarg
 *
 * Does not return from a wrong argument.
 *
 * Return: false if @c is not one of these options.
 */
bool tool_filter_opt(const struct tool *t, struct tool_filter_args *args, int c)
{
	switch (c) {
	case 'p':
		args->profile = optarg;
		return true;
	case 'a':
		if (args->nr_abis == TOOL_MAX_ABIS)
			exit(tool_usage(t, "more than %d times --abi", TOOL_MAX_ABIS));
		args->abis[args->nr_abis++] = optarg;
		return true;
	case OPT_CAPS:
		add_caps(t, args, optarg);
		return true;
	case OPT_KERNEL:
		args->has_kernel = true;
		args->kernel = parse_release(t, "--kernel", optarg);
		return true;
	}
	return false;
}

/* Options that mean nothing without a profile are a misunderstanding to clear up. */
static int refuse_profile_options(const struct tool *t, const struct tool_filter_args *args)
{
	const char *name = t->knob ?: args->caps ? "caps" : args->has_kernel ? "kernel" : NULL;

	return name ? tool_usage(t, "--%s needs --profile", name) : TOOL_OK;
}

static int new_plain(const struct tool *t, const struct ksc *k,
		     const struct tool_filter_args *args, struct tool_filter *f)
{
	const struct ksc_abi *abi;
	size_t i;
	int ret;

	ret = refuse_profile_options(t, args);
	if (ret)
		return ret;
	ret = ksc_policy_new(&f->policy, k);
	for (i = 0; !ret && i < args->nr_abis; i++) {
		if (tool_abi(t, k, args->abis[i], &abi))
			return TOOL_USAGE;
		ret = ksc_policy_cover(f->policy, abi);
	}
	if (!ret)
		return TOOL_OK;
	tool_error(t, "cannot make a policy: %s", strerror(-ret));
	return TOOL_USAGE;
}

static int add_profile_caps(const struct tool *t, struct ksc_profile *profile, char *caps)
{
	char *rest = caps;
	char *cap;

	while ((cap = strsep(&rest, ","))) {
		if (!tool_is_cap(cap))
			return tool_usage(t, "--caps: '%s': %s", cap, *cap ? "no such capability; "
					  "CAP_SYS_ADMIN is an example" : "no capability named");
		if (ksc_profile_add_cap(profile, cap)) {
			tool_error(t, "--caps: %s", ksc_profile_error(profile));
			return TOOL_USAGE;
		}
	}
	return TOOL_OK;
}

/* "; held to be outliers: NAME (X.Y), ..." or "", to be freed; NULL: no memory. */
static char *outliers_text(const struct ksc_policy *policy)
{
	const char *name;
	char *text = NULL;
	unsigned int r;
	size_t len, i;
	FILE *f;

	f = open_memstream(&text, &len);
	if (!f)
		return NULL;
	for (i = 0; (name = ksc_policy_outlier(policy, i)); i++) {
		r = ksc_release_of(name);
		fprintf(f, "%s %s (%u.%u)", i ? "," : "; held to be outliers:", name, r >> 16,
			r & 0xffff);
	}
	if (!fclose(f))
		return text;
	free(text);
	return NULL;
}

/* "Which was taken" has to be told: the baseline decides what turns into ENOSYS. */
static void tell_baseline(const struct tool *t, const struct tool_filter *f)
{
	unsigned int release = ksc_policy_baseline(f->policy);
	char *outliers;

	if (release == KSC_RELEASE_NONE) {
		tool_error(t, "note: no baseline: the profile names nothing in the release table");
		return;
	}
	outliers = outliers_text(f->policy);
	tool_error(t, "note: baseline %u.%u, inferred from %s%s; --baseline overrides it",
		   release >> 16, release & 0xffff, ksc_policy_witness(f->policy, 0),
		   outliers ?: "");
	free(outliers);
}

/**
 * tool_tell_late_baseline() - tell that nothing is known of the release that was asked for
 * @t: the run
 */
void tool_tell_late_baseline(const struct tool *t)
{
	char text[KNOBS_LATE];

	if (knobs_late(&t->knobs, text))
		tool_error(t, "note: --%s", text);
}

/* As much as the library takes, and one byte more for it to see. */
#define PROFILE_MAX	(32u << 20)

/* A pipe from another program is a file like any, and "-" is standard input. */
static int read_profile(const char *path, char **text, size_t *len)
{
	int fd, ret;

	*text = NULL;
	fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	if (fd < 0)
		return -errno;
	*text = malloc(PROFILE_MAX + 1);
	ret = *text ? ksc_read_all(fd, *text, PROFILE_MAX + 1, len) : -ENOMEM;
	if (fd != STDIN_FILENO)
		close(fd);
	return ret;
}

/**
 * tool_profile_name() - what messages call the profile
 * @args: the options, with a profile
 */
const char *tool_profile_name(const struct tool_filter_args *args)
{
	return strcmp(args->profile, "-") ? args->profile : "standard input";
}

static int load_profile(const struct tool *t, struct ksc_profile *p,
			const struct tool_filter_args *args)
{
	const char *why;
	size_t len = 0;
	char *text;
	int ret;

	ret = read_profile(args->profile, &text, &len);
	why = ret ? strerror(-ret) : NULL;
	if (!ret)
		ret = ksc_profile_load_mem(p, text, len);
	free(text);
	if (!ret)
		return TOOL_OK;
	why = why ?: *ksc_profile_error(p) ? ksc_profile_error(p) :
	      ret == -ENODATA ? "there is no seccomp profile in it" : strerror(-ret);
	tool_error(t, "%s: %s", tool_profile_name(args), why);
	return TOOL_USAGE;
}

/**
 * tool_check_profile() - is it a profile at all?
 * @t: the run
 * @args: the options, with a profile
 *
 * Return: TOOL_OK, or TOOL_USAGE with the reason told.
 */
int tool_check_profile(const struct tool *t, const struct tool_filter_args *args)
{
	struct ksc_profile *p;
	int ret;

	if (ksc_profile_new(&p)) {
		tool_error(t, "out of memory");
		return TOOL_USAGE;
	}
	ret = load_profile(t, p, args);
	ksc_profile_free(p);
	return ret;
}

static int new_from_profile(const struct tool *t, const struct ksc *k,
			    const struct tool_filter_args *args, struct tool_filter *f)
{
	const struct ksc_abi *abi;
	int ret;

	if (args->nr_abis > 1)
		return tool_usage(t, "with --profile, --abi names the one native ABI");
	ret = tool_abi(t, k, args->nr_abis ? args->abis[0] : NULL, &abi);
	if (ret)
		return ret;
	ret = ksc_profile_new(&f->profile);
	if (ret) {
		tool_error(t, "out of memory");
		return TOOL_USAGE;
	}
	if (args->caps) {
		ret = add_profile_caps(t, f->profile, args->caps);
		if (ret)
			return ret;
	}
	ret = ksc_profile_set_arch(f->profile, ksc_abi_scmp_arch(abi));
	if (!ret)
		ret = ksc_profile_set_view(f->profile, k);
	if (!ret && args->has_kernel)
		ret = ksc_profile_set_kernel(f->profile, args->kernel);
	if (!ret && load_profile(t, f->profile, args))
		return TOOL_USAGE;
	if (!ret)
		ret = ksc_policy_from_profile(&f->policy, k, f->profile,
					      t->knobs.baseline);
	if (ret) {
		tool_error(t, "%s: %s", tool_profile_name(args),
			   *ksc_profile_error(f->profile) ? ksc_profile_error(f->profile) :
			   strerror(-ret));
		return TOOL_USAGE;
	}
	ret = tool_set_knobs(t, f->policy);
	if (ret)
		return ret;
	if (t->knobs.baseline == KSC_RELEASE_INFER)
		tell_baseline(t, f);
	tool_tell_late_baseline(t);
	return TOOL_OK;
}

/**
 * tool_set_knobs() - give a policy the knobs of the command line
 * @t: the run
 * @policy: the policy
 *
 * Return: TOOL_OK, or TOOL_USAGE with the reason told.
 */
int tool_set_knobs(const struct tool *t, struct ksc_policy *policy)
{
	struct knobs knobs = t->knobs;
	const char *error = knobs_set(&knobs, policy);

	return error ? tool_usage(t, "--%s", error) : TOOL_OK;
}

/**
 * tool_filter_new() - make the policy that the options ask for
 * @t: the run
 * @k: the tree; has to live as long as the policy
 * @args: the options
 * @f: receives the policy; end it with tool_filter_free(), after failure too
 *
 * Return: TOOL_OK, or another exit status with the reason told.
 */
int tool_filter_new(const struct tool *t, const struct ksc *k,
		    const struct tool_filter_args *args, struct tool_filter *f)
{
	*f = (struct tool_filter){};
	return args->profile ? new_from_profile(t, k, args, f) : new_plain(t, k, args, f);
}

/**
 * tool_filter_free() - end what tool_filter_new() made
 * @f: the policy, whole or half made
 */
void tool_filter_free(struct tool_filter *f)
{
	ksc_policy_free(f->policy);
	ksc_profile_free(f->profile);
}

/**
 * tool_filter_args_free() - end the options
 * @args: as filled by tool_filter_opt()
 */
void tool_filter_args_free(struct tool_filter_args *args)
{
	free(args->caps);
}

static bool arch_is_foreign_order(uint32_t audit_arch)
{
	return !!(audit_arch & __AUDIT_ARCH_LE) != (__BYTE_ORDER == __LITTLE_ENDIAN);
}

/**
 * tool_foreign_order() - is the tree of a machine of the other byte order?
 * @k: the tree
 */
bool tool_foreign_order(const struct ksc *k)
{
	const struct ksc_abi *abi = ksc_abi_next(k, NULL);

	return abi && arch_is_foreign_order(ksc_abi_audit_arch(abi));
}

/* What the prefix falls through to: the profile's own program, or ALLOW. */
static int make_tail(const struct tool *t, const struct tool_filter *f, struct tool_prog *tail)
{
	int ret;

	if (!f->profile) {
		tail->insns = malloc(sizeof(*tail->insns));
		if (!tail->insns)
			goto err_nomem;
		tail->insns[0] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
		tail->len = 1;
		return TOOL_OK;
	}
	ret = ksc_profile_program(f->profile, KSC_RUNTIME_CRUN, &tail->insns, &tail->len);
	if (ret) {
		tool_error(t, "libseccomp does not compile the profile: %s",
			   *ksc_profile_error(f->profile) ? ksc_profile_error(f->profile) :
			   strerror(-ret));
		return TOOL_USAGE;
	}
	return TOOL_OK;

err_nomem:
	tool_error(t, "out of memory");
	return TOOL_USAGE;
}

/**
 * tool_prog_new() - compile the policy
 * @t: the run
 * @f: the policy
 * @full: append the profile's own program, or ALLOW without a profile
 * @prog: receives the program in this machine's byte order; free() its insns
 *
 * Return: TOOL_OK, or another exit status with the reason told.
 */
int tool_prog_new(const struct tool *t, const struct tool_filter *f, bool full,
		  struct tool_prog *prog)
{
	struct tool_prog tail = {};
	size_t len = 0;
	int ret;

	*prog = (struct tool_prog){};
	ret = ksc_bpf_prefix(f->policy, NULL, &len);
	if (ret == -E2BIG) {
		tool_error(t, "the filter is longer than the %d instructions that the kernel takes",
			   BPF_MAXINSNS);
		return TOOL_USAGE;
	}
	if (ret)
		goto err_prefix;
	if (full) {
		ret = make_tail(t, f, &tail);
		if (ret)
			return ret;
	}
	if (len + tail.len > BPF_MAXINSNS) {
		tool_error(t, "prefix and profile take %zu instructions, the kernel takes %d",
			   len + tail.len, BPF_MAXINSNS);
		ret = TOOL_USAGE;
		goto out_free_tail;
	}
	prog->insns = calloc(len + tail.len + 1, sizeof(*prog->insns));
	if (!prog->insns) {
		tool_error(t, "out of memory");
		ret = TOOL_USAGE;
		goto out_free_tail;
	}
	ret = ksc_bpf_prefix(f->policy, prog->insns, &len);
	if (ret) {
		free(prog->insns);
		free(tail.insns);
		goto err_prefix;
	}
	if (tail.len)
		memcpy(prog->insns + len, tail.insns, tail.len * sizeof(*tail.insns));
	prog->len = len + tail.len;
out_free_tail:
	free(tail.insns);
	return ret;

err_prefix:
	tool_error(t, "cannot compile the policy: %s", strerror(-ret));
	return TOOL_USAGE;
}
