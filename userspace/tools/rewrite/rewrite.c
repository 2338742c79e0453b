// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rewriting itself, for this kernel and the runtime that the configuration names.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../../lib/shared.h"
#include "../view.h"
#include "rewrite.h"

#define EXPORT		__attribute__((visibility("default")))
#define STRING_OF(a)	#a
#define STRING(a)	STRING_OF(a)

EXPORT const char ksyscalls_rewrite_version[] = STRING(KSC_VERSION_MAJOR) "."
	STRING(KSC_VERSION_MINOR) "." STRING(KSC_VERSION_PATCH);

/* Returns what failed, or NULL. */
static const char *rewrite_with(struct ksc_oci *o, struct rewriting *r)
{
	struct conf *c = r->conf;
	const char *error;
	int ret;

	if (c->mode == KSC_OCI_BPF && strncmp(ksc_base_name(c->runtime), "crun", 4))
		return "mode=bpf: only crun reads a program from an annotation; set mode=auto";
	ksc_oci_set_mode(o, c->mode);
	ksc_oci_set_strict(o, c->strict);
	error = knobs_set(&c->knobs, ksc_oci_knobs(o));
	if (error)
		return error;
	ret = ksc_oci_set_runtime(o, c->runtime);
	if (!ret)
		ret = r->text ? ksc_oci_rewrite(o, r->text, r->len, &r->out, &r->out_len) :
				ksc_oci_rewrite_file(o, r->path);
	return ret ? ksc_oci_error(o) : NULL;
}

/* Without a view the profile alone tells most of the answers, unless all are asked for. */
EXPORT void ksyscalls_rewrite(struct rewriting *r)
{
	struct conf *c = r->conf;
	struct ksc_oci *o = NULL;
	struct ksc *k = NULL;
	const char *missing, *why;
	int ret;

	missing = view_open(&k, c->sysroot, r->said, sizeof(r->said));
	if (missing && c->strict) {
		memcpy(r->why, r->said, sizeof(r->why));
		return;
	}
	ret = missing ? view_names(&k) : view_complete(k, r->said, sizeof(r->said));
	if (missing)
		strncat(r->said, "; " VIEW_NAMES_ALONE, sizeof(r->said) - strlen(r->said) - 1);
	if (!ret)
		ret = ksc_oci_new(&o, k);
	why = ret ? strerror(-ret) : rewrite_with(o, r);
	if (why)
		snprintf(r->why, sizeof(r->why), "%s", why);
	ksc_oci_free(o);
	ksc_close(k);
}
