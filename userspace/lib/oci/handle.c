// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * How configurations are to be rewritten.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oci.h"

/* Keep one line for people and pass @err on. */
int oci_fail(struct ksc_oci *o, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(o->error, sizeof(o->error), fmt, ap);
	va_end(ap);
	return err;
}

static enum ksc_oci_mode effective_mode(const struct ksc_oci *o)
{
	if (o->mode != KSC_OCI_AUTO)
		return o->mode;
	if (o->takes_program)
		return KSC_OCI_BPF;
	/* Without a stub there are always numbers that explicit does not reach. */
	return o->keeps_default || o->stub != KSC_RUNTIME_CRUN ? KSC_OCI_EXPLICIT : KSC_OCI_FLIP;
}

void oci_start_afresh(struct ksc_oci *o)
{
	rules_notes_free(&o->notes);
	o->used = effective_mode(o);
	o->weighed = o->mode == KSC_OCI_AUTO && o->used == KSC_OCI_EXPLICIT && !o->keeps_default;
	o->wrong = 0;
	o->used_baseline = KSC_RELEASE_NONE;
	o->baseline_name[0] = '\0';
	o->changed = false;
	o->why = NULL;
	o->passed_over = KSC_OCI_AUTO;
	o->prefix_len = o->program_len = 0;
	o->error[0] = '\0';
}

KSC_PUBLIC int ksc_oci_new(struct ksc_oci **op, const struct ksc *k)
{
	struct ksc_oci *o = calloc(1, sizeof(*o));
	int ret;

	*op = NULL;
	if (!o)
		return -ENOMEM;
	ret = ksc_policy_new(&o->knobs, k);
	if (ret) {
		free(o);
		return ret;
	}
	o->k = k;
	*op = o;
	return 0;
}

KSC_PUBLIC void ksc_oci_free(struct ksc_oci *o)
{
	if (!o)
		return;
	ksc_policy_free(o->knobs);
	rules_notes_free(&o->notes);
	free(o);
}

KSC_PUBLIC const char *ksc_oci_error(const struct ksc_oci *o)
{
	return o->error;
}

KSC_PUBLIC int ksc_oci_set_mode(struct ksc_oci *o, enum ksc_oci_mode mode)
{
	if ((unsigned int)mode > KSC_OCI_EXPLICIT)
		return oci_fail(o, -EINVAL, "%d is no mode", (int)mode);
	o->mode = mode;
	return 0;
}

KSC_PUBLIC void ksc_oci_set_strict(struct ksc_oci *o, int strict)
{
	o->strict = strict;
}

KSC_PUBLIC int ksc_oci_set_baseline(struct ksc_oci *o, unsigned int baseline)
{
	if (ksc_policy_set_baseline(o->knobs, baseline))
		return oci_fail(o, -EINVAL, "a baseline is a release such as 6.10, or none");
	return 0;
}

KSC_PUBLIC int ksc_oci_set_flags(struct ksc_oci *o, unsigned int flags)
{
	if (ksc_policy_set_flags(o->knobs, flags))
		return oci_fail(o, -EINVAL, "0x%x: not all of these are knobs of a policy", flags);
	return 0;
}

KSC_PUBLIC struct ksc_policy *ksc_oci_knobs(struct ksc_oci *o)
{
	return o->knobs;
}
