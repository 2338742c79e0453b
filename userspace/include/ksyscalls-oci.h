/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libksyscalls-seccomp: OCI configurations, rewritten for one kernel.
 *
 * For runtimes that stay as they are: their config.json is changed so that what
 * they build from it answers ENOSYS and EPERM as the policy says. Conventions
 * are those of ksyscalls.h; after a failure ksc_oci_error() has one line for
 * people, cause and cure.
 */
#ifndef KSYSCALLS_OCI_H
#define KSYSCALLS_OCI_H

#include <stddef.h>

#include "ksyscalls-seccomp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Says that we were here: mode, digest of the tree. */
#define KSC_OCI_ANNOTATION	"org.ksyscalls.seccomp"

enum ksc_oci_mode {
	KSC_OCI_AUTO,		/* bpf for crun, explicit before 0.18; flip for others */
	KSC_OCI_BPF,		/* crun's annotation with the program itself: exact */
	KSC_OCI_FLIP,		/* ENOSYS by default, every known denial named */
	KSC_OCI_EXPLICIT	/* the default stays, names get ENOSYS */
};

/* How to rewrite, and what the last rewriting did. */
struct ksc_oci;

/**
 * ksc_oci_new() - prepare to rewrite configurations
 * @op: receives the handle; ksc_oci_free() releases it
 * @k: the tree of the kernel that will run the containers; must outlive @op
 *
 * Return: 0, or -ENOMEM.
 * Since: 0.1
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
 * Return: one line; empty if nothing has.
 * Since: 0.1
 */
const char *ksc_oci_error(const struct ksc_oci *o);

/**
 * ksc_oci_mode_parse() - read the name of a mode
 * @text: auto, bpf, flip or explicit
 * @mode: receives it
 *
 * Return: 0, or -EINVAL.
 * Since: 0.1
 */
int ksc_oci_mode_parse(const char *text, enum ksc_oci_mode *mode);

/**
 * ksc_oci_set_mode() - choose how to rewrite
 * @o: the handle
 * @mode: until set, KSC_OCI_AUTO
 *
 * Since: 0.1
 */
void ksc_oci_set_mode(struct ksc_oci *o, enum ksc_oci_mode mode);

/**
 * ksc_oci_set_runtime() - tell which runtime will read the result
 * @o: the handle
 * @path: its path or name, by which KSC_OCI_AUTO chooses
 *
 * A name alone is believed. What a path leads to has to know the annotation of
 * mode bpf, which crun does since 0.18. Where several may read it, tell of each:
 * KSC_OCI_AUTO takes what all of them heed.
 *
 * Return: 0; -EOPNOTSUPP for a runtime that puts containers into a virtual
 * machine, where another kernel answers.
 * Since: 0.1
 */
int ksc_oci_set_runtime(struct ksc_oci *o, const char *path);

/**
 * ksc_oci_set_baseline() - tell what the profile's author knew
 * @o: the handle
 * @baseline: as for ksc_policy_from_profile(); until set, KSC_RELEASE_INFER
 *
 * Since: 0.1
 */
void ksc_oci_set_baseline(struct ksc_oci *o, unsigned int baseline);

/**
 * ksc_oci_set_flags() - set the policy's knobs
 * @o: the handle
 * @flags: as for ksc_policy_set_flags()
 *
 * Since: 0.1
 */
void ksc_oci_set_flags(struct ksc_oci *o, unsigned int flags);

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
 * Return: 0; -EINVAL for a text that is no configuration; -EOPNOTSUPP for a
 * container under another kernel; -EEXIST if the filter is given by others; -ESTALE
 * for what was rewritten for another kernel; the
 * errors of ksc_policy_from_profile() and ksc_bpf_prefix(); -ENOMEM.
 * Since: 0.1
 */
int ksc_oci_rewrite(struct ksc_oci *o, const char *text, size_t len, char **out,
		    size_t *out_len);

/**
 * ksc_oci_rewrite_file() - rewrite a configuration where it is
 * @o: the handle
 * @path: the file, config.json of a bundle; not a symbolic link
 *
 * The new file takes the place of the old at once, with its owner and its
 * permissions. Its directory is opened once, so that nobody can exchange it
 * meanwhile.
 *
 * Return: as ksc_oci_rewrite(), and the errors of open(2), read(2) and
 * rename(2). After an error the file is as it was.
 * Since: 0.1
 */
int ksc_oci_rewrite_file(struct ksc_oci *o, const char *path);

/**
 * ksc_oci_profile() - compile a profile for this kernel
 * @o: the handle; mode bpf makes no sense here and counts as flip
 * @p: a loaded profile
 * @obj: receives a "linux.seccomp" object; json_object_put() releases it
 *
 * Return: 0, or as ksc_oci_rewrite().
 * Since: 0.1
 */
int ksc_oci_profile(struct ksc_oci *o, struct ksc_profile *p, struct json_object **obj);

/**
 * ksc_oci_report() - tell what the last rewriting did
 * @o: the handle
 * @obj: receives the report; json_object_put() releases it
 *
 * "changed" and "mode" are always there; "reason" says why nothing was changed,
 * "error" why it could not be. "inexpressible" has what rules cannot say: objects
 * with "why", "what" and, for numbers of one "architecture", "nr" and "last" as in
 * seccomp_data; without an architecture it is every number that has the "name".
 *
 * Return: 0 or -ENOMEM.
 * Since: 0.1
 */
int ksc_oci_report(const struct ksc_oci *o, struct json_object **obj);

#ifdef __cplusplus
}
#endif

#endif /* KSYSCALLS_OCI_H */
