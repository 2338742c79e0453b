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
	KSC_OCI_AUTO,		/* bpf for crun, flip for any other runtime */
	KSC_OCI_BPF,		/* crun's annotation with the program itself: exact */
	KSC_OCI_FLIP,		/* ENOSYS by default, every known denial named */
	KSC_OCI_EXPLICIT	/* the default stays, names get ENOSYS */
};

/* How to rewrite, and what the last rewriting did. */
struct ksc_oci;

int ksc_oci_new(struct ksc_oci **op, const struct ksc *k);
void ksc_oci_free(struct ksc_oci *o);
const char *ksc_oci_error(const struct ksc_oci *o);

int ksc_oci_mode_parse(const char *text, enum ksc_oci_mode *mode);
void ksc_oci_set_mode(struct ksc_oci *o, enum ksc_oci_mode mode);
int ksc_oci_set_runtime(struct ksc_oci *o, const char *path);
void ksc_oci_set_baseline(struct ksc_oci *o, unsigned int baseline);
void ksc_oci_set_flags(struct ksc_oci *o, unsigned int flags);

/* free() *@out. It is the same text where there is nothing to change. */
int ksc_oci_rewrite(struct ksc_oci *o, const char *text, size_t len, char **out,
		    size_t *out_len);
/* The file is replaced whole, or not touched. */
int ksc_oci_rewrite_file(struct ksc_oci *o, const char *path);
/* A loaded profile as "linux.seccomp" for this kernel; the caller puts *@obj. */
int ksc_oci_profile(struct ksc_oci *o, struct ksc_profile *p, struct json_object **obj);
/* What the last of these did and what it could not express; the caller puts *@obj. */
int ksc_oci_report(const struct ksc_oci *o, struct json_object **obj);

#ifdef __cplusplus
}
#endif

#endif /* KSYSCALLS_OCI_H */
