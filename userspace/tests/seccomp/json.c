// SPDX-License-Identifier: GPL-2.0-only
/* Text of the library's, as JSON and back. */
#include <stdlib.h>
#include <string.h>

#include "json.h"

int json_load(struct ksc_profile *p, struct json_object *obj)
{
	const char *text = json_object_to_json_string_ext(obj, JSON_C_TO_STRING_PLAIN);

	return ksc_profile_load_mem(p, text, strlen(text));
}

static struct json_object *parsed(int err, char *text)
{
	struct json_object *obj = err ? NULL : json_tokener_parse(text);

	free(text);
	return obj;
}

struct json_object *json_profile(const struct ksc_profile *p)
{
	char *text;
	int err = ksc_profile_to_oci(p, &text);

	return parsed(err, text);
}

struct json_object *json_compiled(struct ksc_oci *o, struct ksc_profile *p)
{
	char *text;
	int err = ksc_oci_profile(o, p, &text);

	return parsed(err, text);
}

struct json_object *json_report(const struct ksc_oci *o)
{
	char *text;
	int err = ksc_oci_report(o, &text);

	return parsed(err, text);
}
