// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the last rewriting did.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>

#include "json.h"
#include "oci.h"

static int put_notes(const struct ksc_oci *o, struct json_object *obj)
{
	static const char *const kinds[] = {
		[RULES_NO_NAME]		= "no name",
		[RULES_ABIS_DIFFER]	= "architectures differ",
		[RULES_ARGS]		= "arguments",
		[RULES_STUB]		= "runtime",
	};
	struct json_object *array = json_object_new_array();
	const struct rules_note *n;
	struct json_object *row;
	size_t i;
	int ret = json_put(obj, "inexpressible", array);

	for (i = 0; !ret && i < o->notes.n; i++) {
		n = &o->notes.v[i];
		row = json_object_new_object();
		ret = json_append(array, row);
		if (!ret)
			ret = json_put(row, "why", json_object_new_string(kinds[n->kind]));
		if (!ret && n->token)
			ret = json_put(row, "architecture",
				       json_object_new_string(arch_to_oci(n->token)));
		if (!ret && n->token)
			ret = json_put(row, "nr", json_object_new_int64(n->nr));
		if (!ret && n->token && n->last != n->nr)
			ret = json_put(row, "last", json_object_new_int64(n->last));
		if (!ret && n->name)
			ret = json_put(row, "name", json_object_new_string(n->name));
		if (!ret)
			ret = json_put(row, "what", json_object_new_string(n->text));
	}
	return ret;
}

/* What auto would have taken, were it not for the profile. */
static int put_passed_over(const struct ksc_oci *o, struct json_object *obj)
{
	struct json_object *v = json_object_new_object();
	int ret = json_put(obj, "passedOver", v);

	if (!ret)
		ret = json_put(v, "mode", json_object_new_string(oci_mode_names[o->passed_over]));
	if (!ret)
		ret = json_put(v, "why", json_object_new_string(o->passed_over_why));
	return ret;
}

KSC_PUBLIC int ksc_oci_report(const struct ksc_oci *o, char **text)
{
	struct json_object *r = json_object_new_object();
	char release[32] = "none";
	int ret;

	*text = NULL;
	if (!r)
		return -ENOMEM;
	if (o->used_baseline != KSC_RELEASE_NONE)
		snprintf(release, sizeof(release), "%u.%u", o->used_baseline >> 16,
			 o->used_baseline & 0xffff);
	ret = json_put(r, "changed", json_object_new_boolean(o->changed));
	if (!ret)
		ret = json_put(r, "mode", json_object_new_string(oci_mode_names[o->used]));
	if (!ret && o->passed_over != KSC_OCI_AUTO)
		ret = put_passed_over(o, r);
	if (!ret)
		ret = json_put(r, "view", json_object_new_string(ksc_source(o->k)));
	if (!ret && ksc_release(o->k))
		ret = json_put(r, "viewRelease", json_object_new_string(ksc_release(o->k)));
	if (!ret && o->why)
		ret = json_put(r, "reason", json_object_new_string(o->why));
	if (!ret && *o->error)
		ret = json_put(r, "error", json_object_new_string(o->error));
	if (!ret && o->changed)
		ret = json_put(r, "baseline", json_object_new_string(release));
	if (!ret && *o->baseline_name)
		ret = json_put(r, "baselineFrom", json_object_new_string(o->baseline_name));
	if (!ret && o->program_len) {
		ret = json_put(r, "prefixInstructions",
			       json_object_new_int64((int64_t)o->prefix_len));
		if (!ret)
			ret = json_put(r, "instructions",
				       json_object_new_int64((int64_t)o->program_len));
	}
	if (!ret && o->changed && !o->program_len) {
		ret = json_put(r, "rulesBefore",
			       json_object_new_int64((int64_t)o->notes.rules_before));
		if (!ret)
			ret = json_put(r, "rulesAfter",
				       json_object_new_int64((int64_t)o->notes.rules_after));
		if (!ret)
			ret = put_notes(o, r);
	}
	if (ret) {
		json_object_put(r);
		return ret;
	}
	*text = json_text(r, JSON_C_TO_STRING_PRETTY);
	return *text ? 0 : -ENOMEM;
}
