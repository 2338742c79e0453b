/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libksyscalls-oci: seccomp profiles and OCI configurations, for one kernel.
 *
 * Profiles in the OCI's form or an engine's dialect become policies. For runtimes
 * that stay as they are, their config.json is changed so that what they build from
 * it answers ENOSYS and EPERM as the policy says. Text goes in, text comes out.
 *
 * Conventions are those of ksyscalls.h; after a failure ksc_profile_error() or
 * ksc_oci_error() has one line for people, cause and cure.
 */
#ifndef KSYSCALLS_OCI_H
#define KSYSCALLS_OCI_H

#include <stddef.h>
#include <stdint.h>

#include <seccomp.h>

#include "ksyscalls.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A profile with its conditions (capabilities, architecture, kernel) decided. */
struct ksc_profile;
/* One name of one entry of its "syscalls" whose conditions hold. */
struct ksc_profile_rule;

/* ---- loading ---------------------------------------------------------- */

/**
 * ksc_profile_new() - make an empty profile
 * @pp: receives the profile; ksc_profile_free() releases it
 *
 * Until told otherwise, conditional rules are decided for libseccomp's native
 * architecture, for no capability, and for the running kernel's release.
 *
 * Since: 0.1
 * Return: 0, or -ENOMEM.
 */
int ksc_profile_new(struct ksc_profile **pp);

/**
 * ksc_profile_free() - release a profile
 * @p: the profile, or NULL
 *
 * Since: 0.1
 */
void ksc_profile_free(struct ksc_profile *p);

/**
 * ksc_profile_error() - what went wrong last
 * @p: the profile
 *
 * Since: 0.1
 * Return: one line that names the place in the JSON where there is one; "" if
 * nothing failed yet. Belongs to the profile, until the next call that fails.
 */
const char *ksc_profile_error(const struct ksc_profile *p);

/**
 * ksc_profile_set_arch() - say for which machine conditional rules are decided
 * @p: a profile that is not loaded yet
 * @scmp_arch: SCMP_ARCH_* of the machine's own, largest ABI
 *
 * Since: 0.1
 * Return: 0; -EINVAL if libseccomp does not know the architecture; -EBUSY if the
 * profile is loaded.
 */
int ksc_profile_set_arch(struct ksc_profile *p, uint32_t scmp_arch);

/**
 * ksc_profile_add_cap() - add a capability of the container's bounding set
 * @p: a profile that is not loaded yet
 * @cap: as the profiles spell it, CAP_SYS_ADMIN; copied
 *
 * Since: 0.1
 * Return: 0; -EINVAL for a word that does not start with CAP_; -EBUSY if the profile
 * is loaded; -ENOMEM.
 */
int ksc_profile_add_cap(struct ksc_profile *p, const char *cap);

/**
 * ksc_profile_set_kernel() - say which release minKernel is compared with
 * @p: a profile that is not loaded yet
 * @release: KSC_RELEASE() of the host's kernel; KSC_RELEASE_UNKNOWN if nobody knows,
 *	which makes a rule with minKernel an error
 *
 * Since: 0.1
 * Return: 0; -EINVAL for KSC_RELEASE_NONE and _INFER; -EBUSY if the profile is loaded.
 */
int ksc_profile_set_kernel(struct ksc_profile *p, unsigned int release);

/**
 * ksc_profile_set_view() - say for which kernel conditional rules are decided
 * @p: a profile that is not loaded yet
 * @k: an open tree, not needed afterwards
 *
 * As ksc_profile_set_kernel() with the release of the kernel that the tree describes,
 * if it is not the one that runs here: minKernel is about that one.
 *
 * Since: 0.1
 * Return: 0, or -EBUSY if the profile is loaded.
 */
int ksc_profile_set_view(struct ksc_profile *p, const struct ksc *k);

/**
 * ksc_profile_load_file() - read a profile out of a file
 * @p: the profile; what it held before is dropped
 * @path: the file; "-" has no special meaning
 *
 * Since: 0.1
 * Return: as ksc_profile_load_mem(), or the negative errno of open(2) or read(2).
 */
int ksc_profile_load_file(struct ksc_profile *p, const char *path);

/**
 * ksc_profile_load_mem() - read a profile out of JSON text
 * @p: the profile; what it held before is dropped
 * @text: an OCI "linux.seccomp" object, the same in moby's or containers'
 *	dialect, or a whole OCI config.json, in which the keys of these dialects
 *	mean nothing, as to the runtimes; not needed afterwards
 * @len: its length in bytes
 *
 * What runtimes would not read is refused, too: numbers that are none to JSON or do
 * not fit, values of another type. Keys that nobody here knows are kept.
 *
 * Since: 0.1
 * Return: 0; -ENODATA if there is no seccomp in it, so nothing to do; -EINVAL; -EFBIG;
 * -ENOMEM; ksc_profile_error() says which. After an error the profile is empty.
 */
int ksc_profile_load_mem(struct ksc_profile *p, const char *text, size_t len);

/* ---- what it says ----------------------------------------------------- */

/**
 * ksc_profile_default() - the default action
 * @p: a loaded profile
 *
 * Since: 0.1
 * Return: SCMP_ACT_* with its data.
 */
uint32_t ksc_profile_default(const struct ksc_profile *p);

/**
 * ksc_profile_rule_next() - the next rule whose conditions hold
 * @p: a loaded profile
 * @prev: the one before, NULL for the first
 *
 * Since: 0.1
 * Return: the rule, which belongs to the profile; NULL after the last.
 */
const struct ksc_profile_rule *ksc_profile_rule_next(const struct ksc_profile *p,
						     const struct ksc_profile_rule *prev);
/* For each, in that order. */
#define ksc_profile_rule_foreach(rule, p) \
	for ((rule) = ksc_profile_rule_next((p), NULL); (rule); \
	     (rule) = ksc_profile_rule_next((p), (rule)))

/**
 * ksc_profile_rule_name() - the syscall that a rule names
 * @rule: the rule
 *
 * Since: 0.1
 * Return: a string of the profile.
 */
const char *ksc_profile_rule_name(const struct ksc_profile_rule *rule);

/**
 * ksc_profile_rule_action() - what a rule answers
 * @rule: the rule
 *
 * Since: 0.1
 * Return: SCMP_ACT_* with its data, which is a SECCOMP_RET_* value.
 */
uint32_t ksc_profile_rule_action(const struct ksc_profile_rule *rule);

/**
 * ksc_profile_rule_args() - what a rule compares arguments with
 * @rule: the rule
 * @n: receives how many comparisons there are
 *
 * Since: 0.1
 * Return: the comparisons, which belong to the profile; NULL for none.
 */
const struct scmp_arg_cmp *ksc_profile_rule_args(const struct ksc_profile_rule *rule,
						 unsigned int *n);

/**
 * ksc_profile_rule_entry() - where in the profile a rule is
 * @rule: the rule
 *
 * Since: 0.1
 * Return: the index in the JSON's "syscalls".
 */
unsigned int ksc_profile_rule_entry(const struct ksc_profile_rule *rule);

/**
 * ksc_profile_rule_nr() - libseccomp's number for a rule's name
 * @rule: the rule
 *
 * Since: 0.1
 * Return: the number on the machine's own architecture, which may be a pseudo
 * number; __NR_SCMP_ERROR if libseccomp does not know the name.
 */
int ksc_profile_rule_nr(const struct ksc_profile_rule *rule);

/**
 * ksc_profile_arch() - an architecture that the filter covers
 * @p: a loaded profile
 * @i: from 0; 0 is the machine's own, which libseccomp always covers
 *
 * Since: 0.1
 * Return: SCMP_ARCH_*, or 0 after the last.
 */
uint32_t ksc_profile_arch(const struct ksc_profile *p, size_t i);

/**
 * ksc_profile_filter_flags() - the flags that the profile asks seccomp(2) for
 * @p: a loaded profile
 *
 * Since: 0.1
 * Return: SECCOMP_FILTER_FLAG_* bits.
 */
unsigned int ksc_profile_filter_flags(const struct ksc_profile *p);

/**
 * ksc_profile_listener_path() - where the notification fd is to be sent
 * @p: a loaded profile
 *
 * Since: 0.1
 * Return: a string of the profile, or NULL.
 */
const char *ksc_profile_listener_path(const struct ksc_profile *p);

/**
 * ksc_profile_name() - a syscall that the profile's author knew
 * @p: a loaded profile
 * @i: from 0 on
 *
 * Names of rules whose conditions do not hold count too.
 *
 * Since: 0.1
 * Return: the @i'th name, which belongs to the profile; NULL after the last.
 */
const char *ksc_profile_name(const struct ksc_profile *p, size_t i);

/**
 * ksc_profile_to_oci() - write the profile as a plain OCI "linux.seccomp" object
 * @p: a loaded profile
 * @text: receives the JSON; free() releases it
 *
 * Conditions are gone, one entry per entry of the original with rules that
 * apply, in order; errno words have become numbers.
 *
 * Since: 0.1
 * Return: 0; -EINVAL if nothing is loaded; -ENOMEM; *@text is NULL then.
 */
int ksc_profile_to_oci(const struct ksc_profile *p, char **text);

/* ---- policy and programs ---------------------------------------------- */

/**
 * ksc_policy_from_profile() - weigh a profile against a tree
 * @pp: receives the policy; ksc_policy_free() releases it
 * @k: the tree, which the policy keeps alive; NULL: there is none, so that
 *	ksc_seccomp_names() stands in for it
 * @p: a loaded profile, not needed afterwards
 * @baseline: newest release the author knew: KSC_RELEASE(x, y); KSC_RELEASE_INFER
 *	for what the names in the profile tell of, those of rules that do not apply
 *	too; KSC_RELEASE_NONE for no baseline
 *
 * ksc_policy_baseline() tells which release was taken, ksc_policy_set_flags() sets
 * the knobs afterwards.
 *
 * Since: 0.1
 * Return: 0; -ENOENT if the profile covers none of the tree's ABIs; -EINVAL for
 * KSC_RELEASE_UNKNOWN; -ENOMEM.
 */
int ksc_policy_from_profile(struct ksc_policy **pp, const struct ksc *k,
			    struct ksc_profile *p, unsigned int baseline);

/* The runtimes whose reading of a profile is known. */
enum ksc_runtime {
	KSC_RUNTIME_CRUN,	/* libseccomp's program, nothing more; youki alike */
	KSC_RUNTIME_RUNC,	/* ENOSYS above the largest number named; since 1.1.15 */
	KSC_RUNTIME_RUNC_OLD,	/* the same for listed architectures only; 1.1.3 to 1.1.14 */
	KSC_RUNTIME_CRUN_OLD	/* crun whatever defaultErrnoRet says; 0.14 to 0.18 */
};

/**
 * ksc_profile_filter() - build the libseccomp filter that a runtime builds
 * @p: a loaded profile
 * @rt: the runtime
 * @ctx: receives the filter; seccomp_release() releases it
 *
 * ksc_seccomp_program() of ksyscalls-seccomp.h makes of it and a policy what to load.
 *
 * Since: 0.1
 * Return: 0; -EINVAL, -EEXIST and others of libseccomp where the runtime would
 * refuse to start the container; -E2BIG for too many rules; -ENOMEM.
 */
int ksc_profile_filter(struct ksc_profile *p, enum ksc_runtime rt, scmp_filter_ctx *ctx);

/**
 * ksc_profile_program() - make the whole program that a runtime loads
 * @p: a loaded profile
 * @rt: the runtime
 * @prog: receives the program, in this machine's byte order; free() releases it
 * @len: receives the number of instructions
 *
 * runc's stub is the same in effect as runc's own, not instruction by
 * instruction: runc orders architectures at random.
 *
 * Since: 0.1
 * Return: as ksc_profile_filter(), and the errors of memfd_create(2).
 */
int ksc_profile_program(struct ksc_profile *p, enum ksc_runtime rt,
			struct sock_filter **prog, size_t *len);

/* ---- configurations ---------------------------------------------------- */

/* Says that we were here: mode, digest of the tree. */
#define KSC_OCI_ANNOTATION	"org.ksyscalls.seccomp"

enum ksc_oci_mode {
	KSC_OCI_AUTO,		/* what the runtime and the profile allow, as below */
	KSC_OCI_BPF,		/* crun's annotation with the program itself: exact */
	KSC_OCI_FLIP,		/* ENOSYS by default, every known denial named */
	KSC_OCI_EXPLICIT	/* the default stays, names get ENOSYS */
};

/* How to rewrite, and what the last rewriting did. */
struct ksc_oci;

/**
 * ksc_oci_new() - prepare to rewrite configurations
 * @op: receives the handle; ksc_oci_free() releases it
 * @k: the tree of the kernel that will run the containers, which @op keeps alive
 *
 * Since: 0.1
 * Return: 0; -EINVAL without a tree; -ENOMEM.
 */
int ksc_oci_new(struct ksc_oci **op, const struct ksc *k);

/**
 * ksc_oci_free() - release what ksc_oci_new() made
 * @o: the handle, or NULL
 *
 * Since: 0.1
 */
void ksc_oci_free(struct ksc_oci *o);

/**
 * ksc_oci_error() - what went wrong last
 * @o: the handle
 *
 * Since: 0.1
 * Return: one line; "" if nothing has. Belongs to @o, until the next call.
 */
const char *ksc_oci_error(const struct ksc_oci *o);

/**
 * ksc_oci_mode_parse() - read the name of a mode
 * @text: auto, bpf, flip or explicit
 * @mode: receives it, KSC_OCI_AUTO after an error
 *
 * Since: 0.1
 * Return: 0, or -EINVAL.
 */
int ksc_oci_mode_parse(const char *text, enum ksc_oci_mode *mode);

/**
 * ksc_oci_set_mode() - choose how to rewrite
 * @o: the handle
 * @mode: until set, KSC_OCI_AUTO
 *
 * Since: 0.1
 * Return: 0, or -EINVAL for what is no mode.
 */
int ksc_oci_set_mode(struct ksc_oci *o, enum ksc_oci_mode mode);

/**
 * ksc_oci_set_runtime() - tell which runtime will read the result
 * @o: the handle
 * @path: its path or name, by which KSC_OCI_AUTO chooses
 *
 * KSC_OCI_AUTO takes bpf for crun. For runc, which answers ENOSYS by itself above the
 * largest number that rules name, it takes explicit if that leaves no number wrong that
 * some kernel has, on the ABIs that this one offers; else, and for others, flip. Those that
 * do not heed defaultErrnoRet, runc before 1.0.0-rc95 and crun before 0.19, get explicit, but
 * for crun 0.18, which has bpf.
 * A path to crun or runc is looked into; a name alone is believed to be newer than these, and
 * runc older than 1.1.15. Where several may read it, tell of each: KSC_OCI_AUTO takes what
 * all of them heed.
 *
 * Since: 0.1
 * Return: 0; -EOPNOTSUPP for a runtime that puts containers into a virtual
 * machine, where another kernel answers; -EINVAL or -EISDIR for a path that is no regular
 * file's, -EFBIG for one of more than 256 MiB, or another negative errno where that file
 * cannot be read. After a failure nothing is known of this runtime: rewrite nothing for it.
 */
int ksc_oci_set_runtime(struct ksc_oci *o, const char *path);

/**
 * ksc_oci_set_strict() - refuse what a chosen mode leaves to the runtime
 * @o: the handle
 * @strict: not 0 for yes; until set, no
 *
 * runc answers ENOSYS above the largest number that the rules name. Where some of
 * the numbers that kernels have should get another answer than that, and no rule can
 * name one, the report says so; with @strict a mode other than KSC_OCI_AUTO is refused,
 * -EOPNOTSUPP.
 *
 * Since: 0.1
 */
void ksc_oci_set_strict(struct ksc_oci *o, int strict);

/**
 * ksc_oci_set_baseline() - tell what the profile's author knew
 * @o: the handle
 * @baseline: as for ksc_policy_from_profile(); until set, KSC_RELEASE_INFER
 *
 * Since: 0.1
 * Return: 0, or -EINVAL for KSC_RELEASE_UNKNOWN.
 */
int ksc_oci_set_baseline(struct ksc_oci *o, unsigned int baseline);

/**
 * ksc_oci_set_flags() - set the policy's knobs
 * @o: the handle
 * @flags: as for ksc_policy_set_flags()
 *
 * Since: 0.1
 * Return: 0; -EINVAL for a flag that is unknown; -ENOMEM.
 */
int ksc_oci_set_flags(struct ksc_oci *o, unsigned int flags);

/**
 * ksc_oci_knobs() - all that a policy can be told
 * @o: the handle
 *
 * What the ksc_policy_set_ functions do to it, but for the default action, holds for
 * the policy of every later rewriting, as by ksc_policy_take_knobs(). ksc_oci_set_baseline()
 * and ksc_oci_set_flags() do it, too.
 *
 * Since: 0.1
 * Return: a policy, which belongs to @o.
 */
struct ksc_policy *ksc_oci_knobs(struct ksc_oci *o);

/**
 * ksc_oci_rewrite() - rewrite a configuration
 * @o: the handle
 * @text: config.json
 * @len: its length in bytes
 * @out: receives the new text; free() it
 * @out_len: receives its length
 *
 * The result is the same text if there is no seccomp in it, a default that
 * refuses nothing, or the mark of an earlier rewriting, whatever its mode was.
 *
 * No answer of the profile's that kills becomes an errno, but where the policy says
 * ENOSYS: flip is not for profiles whose default kills. Nor is a mode whose rules would
 * be too much for libseccomp. KSC_OCI_AUTO takes explicit then.
 *
 * Since: 0.1
 * Return: 0; -EINVAL for a text that is no configuration, or none that runtimes read;
 * -EOPNOTSUPP for a container under another kernel, and for a mode that is not for
 * this profile or runtime; -EEXIST if the filter is given by others; -ESTALE for what
 * was rewritten for another kernel; -E2BIG for too many rules; -EFBIG for more than
 * 32 MiB; the errors of ksc_policy_from_profile() and ksc_bpf_prefix(); -ENOMEM.
 * ksc_oci_error() says which.
 */
int ksc_oci_rewrite(struct ksc_oci *o, const char *text, size_t len, char **out,
		    size_t *out_len);

/**
 * ksc_oci_rewrite_file() - rewrite a configuration where it is
 * @o: the handle
 * @path: the file, config.json of a bundle; not a symbolic link
 *
 * The new file takes the place of the old at once, with its owner, its permissions
 * and its extended attributes. Its directory is opened once, so that nobody can
 * exchange it meanwhile. Whoever is killed leaves nothing behind, or the next
 * rewriting of the same file removes it.
 *
 * Since: 0.1
 * Return: as ksc_oci_rewrite(), and the errors of open(2), read(2) and
 * rename(2). After an error the file is as it was.
 */
int ksc_oci_rewrite_file(struct ksc_oci *o, const char *path);

/**
 * ksc_oci_profile() - compile a profile for this kernel
 * @o: the handle; mode bpf makes no sense here and counts as flip
 * @p: a loaded profile
 * @text: receives a "linux.seccomp" object; free() releases it
 *
 * Since: 0.1
 * Return: 0, or as ksc_oci_rewrite(), with *@text NULL.
 */
int ksc_oci_profile(struct ksc_oci *o, struct ksc_profile *p, char **text);

/**
 * ksc_oci_report() - tell what the last rewriting did
 * @o: the handle
 * @text: receives the report, a JSON object; free() releases it
 *
 * "changed", "mode" and "view", as of ksc_source(), are always there, "viewRelease" where
 * ksc_release() is; "reason" says why nothing was changed, "error" why it could not be.
 * "baseline" is a release or "none", "baselineFrom" a name that it was inferred from;
 * "rulesBefore" and "rulesAfter" are counts, with bpf "prefixInstructions" and, of the
 * whole program, "instructions". "passedOver" has the mode that KSC_OCI_AUTO would have
 * taken, and why it is not for this profile on this kernel. "inexpressible" has what rules
 * cannot say: objects with "why", "what" and, for numbers of one "architecture", "nr" and
 * "last" as in seccomp_data; without an architecture it is every number that has the "name".
 *
 * Since: 0.1
 * Return: 0 or -ENOMEM.
 */
int ksc_oci_report(const struct ksc_oci *o, char **text);

#ifdef __cplusplus
}
#endif

#endif /* KSYSCALLS_OCI_H */
