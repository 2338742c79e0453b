/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files that rewrite a configuration share. */
#ifndef KSC_OCI_OCI_H
#define KSC_OCI_OCI_H

#include "profile.h"
#include "rules.h"
#include "scan.h"

/* Annotations of crun's. */
#define OCI_CRUN_PROGRAM	"run.oci.seccomp_bpf_data"
#define OCI_CRUN_HANDLER	"run.oci.handler"
#define OCI_CRUN_FAIL_UNKNOWN	"run.oci.seccomp_fail_unknown_syscall"

struct ksc_oci {
	const struct ksc *k;
	enum ksc_oci_mode mode;
	bool strict;
	char runtime[64];		/* the last that was told; "": none */
	bool takes_program;		/* from an annotation, each of them */
	bool heeds_default;		/* what defaultErrnoRet says, some of them */
	bool keeps_default;		/* whatever it says, others */
	enum ksc_runtime stub;		/* whose ENOSYS all of them add; _CRUN: nobody's */
	struct ksc_policy *knobs;	/* what every rewriting's policy takes of it */

	/* of the last rewriting */
	enum ksc_oci_mode used;
	bool weighed;			/* explicit and flip are tried for the answers they give */
	size_t wrong;			/* of explicit's, on numbers that kernels have */
	unsigned int used_baseline;
	char baseline_name[64];
	bool changed;
	const char *why;		/* nothing was changed */
	enum ksc_oci_mode passed_over;	/* KSC_OCI_AUTO: none, else for the reason in */
	char passed_over_why[320];
	size_t prefix_len, program_len;
	struct rules_notes notes;
	char error[320];
};

/* mode.c */
extern const char *const oci_mode_names[];

/* handle.c */
int oci_fail(struct ksc_oci *o, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void oci_start_afresh(struct ksc_oci *o);

/* runtime.c */
bool oci_is_vm_runtime(const char *name);

/* splice.c: json-c has found the text valid before */
int splice_find_seccomp(struct ksc_oci *o, const char *s, struct member *m, bool *present);
int splice_check_keys(struct ksc_oci *o, const char *s, size_t obj);
int splice_replace(char **text, struct span at, const char *with, size_t with_len);
int splice_annotation(struct ksc_oci *o, char **text, const char *key, const char *value);

/* program.c */
int oci_make_program(struct ksc_oci *o, const struct ksc_policy *policy,
		     const struct ksc_profile *p, char **b64);

/* choose.c */
int oci_weigh_rules(struct ksc_oci *o, const struct ksc_policy *policy,
		    const struct ksc_profile *original, const struct ksc_profile *result);
int oci_tell_guesses(struct ksc_oci *o, const struct ksc_policy *policy,
		     const struct ksc_profile *original, const struct ksc_profile *result);

/* trial.c */
int oci_check_rules(void *arg, const struct ksc_policy *policy,
		    const struct ksc_profile *original, const struct ksc_profile *result);

#endif /* KSC_OCI_OCI_H */
