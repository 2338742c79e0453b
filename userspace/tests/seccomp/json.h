/* SPDX-License-Identifier: GPL-2.0-only */
/* The library takes and gives text; tests look into it, and put it together, as JSON. */
#ifndef TEST_JSON_H
#define TEST_JSON_H

#include <json-c/json.h>

#include <ksyscalls-oci.h>

/* As ksc_profile_load_mem(); @obj stays the caller's. */
int json_load(struct ksc_profile *p, struct json_object *obj);
/* What the library says, parsed; NULL if it failed. json_object_put() releases it. */
struct json_object *json_profile(const struct ksc_profile *p);
struct json_object *json_compiled(struct ksc_oci *o, struct ksc_profile *p);
struct json_object *json_report(const struct ksc_oci *o);

#endif /* TEST_JSON_H */
