/* SPDX-License-Identifier: GPL-2.0-only */
/* Small configurations, and their rewriting on a recorded kernel of amd64. */
#ifndef REWRITING_H
#define REWRITING_H

#include <ksyscalls-oci.h>

#define CONFIG(seccomp)	"{\"ociVersion\":\"1.0.2\",\"linux\":{\"seccomp\":" seccomp "}}"
#define PROFILE(rest)	CONFIG("{\"defaultAction\":\"SCMP_ACT_ERRNO\"," rest "}")
#define READ(rest)	"\"syscalls\":[{\"names\":[\"read\"]," \
			"\"action\":\"SCMP_ACT_ALLOW\"" rest "}]"
#define RULE(name, action, rest)	\
	"{\"names\":[\"" name "\"],\"action\":\"SCMP_ACT_" action "\"" rest "}"

extern const enum ksc_oci_mode rewriting_modes[3];
extern struct ksc *rewriting_tree;

/* A group's; fixture_old_crun and fixture_runc are there, too. */
int rewriting_setup(void **state);
int rewriting_teardown(void **state);

/* ksc_oci_free() ends it. */
struct ksc_oci *in_mode(enum ksc_oci_mode mode);
/* NULL if it was refused, which has its reason told. Owned. */
char *rewrite(struct ksc_oci *o, const char *config);

#endif /* REWRITING_H */
