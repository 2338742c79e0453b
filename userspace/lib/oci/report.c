// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the last rewriting did.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>

#include "oci.h"

static int put(struct json_object *obj, const char *key, struct json_object *v)
{
	if (v && !json_object_object_add(obj, key, v))
		return 0;
	json_object_put(v);
	return -ENOMEM;
}

static int put_notes(const struct ksc_oci *o, struct json_object *obj)
{
	static const char *const kinds[] = {
		[RULES_NO_NAME]		= "no name",
		[RULES_ABIS_DIFFER]	= "architectures differ",
		[RULES_ARGS]		= "arguments",
	};
	struct json_object *array = json_object_new_array();
	const struct rules_note *n;
	struct json_object *row;
	size_t i;
	int ret = put(obj, "inexpressible", array);

	for (i = 0; !ret && i < o->notes.n; i++) {
		n = &o->notes.v[i];
		row = json_object_new_object();
		ret = row && !json_object_array_add(array, row) ? 0 : -ENOMEM;
		if (!ret)
			ret = put(row, "why", json_object_new_string(kinds[n->kind]));
		if (!ret && n->token)
			ret = put(row, "architecture",
				  json_object_new_string(arch_to_oci(n->token)));
		if (!ret && n->token)
			ret = put(row, "nr", json_object_new_int64(n->nr));
		if (!ret && n->token && n->last != n->nr)
			ret = put(row, "last", json_object_new_int64(n->last));
		if (!ret && n->name)
			ret = put(row, "name", json_object_new_string(n->name));
		if (!ret)
			ret = put(row, "what", json_object_new_string(n->text));
	}
	return ret;
}

KSC_EXPORT int ksc_oci_report(const struct ksc_oci *o, char **text)
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
	ret = put(r, "changed", json_object_new_boolean(o->changed));
	if (!ret)
		ret = put(r, "mode", json_object_new_string(oci_mode_names[o->used]));
	if (!ret)
		ret = put(r, "view", json_object_new_string(ksc_source(o->k)));
	if (!ret && ksc_release(o->k))
		ret = put(r, "viewRelease", json_object_new_string(ksc_release(o->k)));
	if (!ret && o->why)
		ret = put(r, "reason", json_object_new_string(o->why));
	if (!ret && *o->error)
		ret = put(r, "error", json_object_new_string(o->error));
	if (!ret && o->changed)
		ret = put(r, "baseline", json_object_new_string(release));
	if (!ret && *o->baseline_name)
		ret = put(r, "baselineFrom", json_object_new_string(o->baseline_name));
	if (!ret && o->program_len) {
		ret = put(r, "prefixInstructions", json_object_new_int64((int64_t)o->prefix_len));
		if (!ret)
			ret = put(r, "instructions",
				  json_object_new_int64((int64_t)o->program_len));
	}
	if (!ret && o->changed && !o->program_len) {
		ret = put(r, "rulesBefore",
			  json_object_new_int64((int64_t)o->notes.rules_before));
		if (!ret)
			ret = put(r, "rulesAfter",
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
