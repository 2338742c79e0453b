/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* json-c, as this library uses it. */
#ifndef KSC_OCI_JSON_H
#define KSC_OCI_JSON_H

#include <stddef.h>

struct json_object;

/* Larger than any configuration in the field by two orders of magnitude. */
#define JSON_TEXT_MAX	(32u << 20)

/*
 * Text as an object, which json_object_put() releases, and not JSON that some
 * reader would not take: -EINVAL with what is wrong in @why, -EFBIG, -ENOMEM.
 */
int json_read(const char *text, size_t len, struct json_object **root, char *why, size_t room);
/* An object as text, which free() releases; the object is released. NULL: no memory. */
char *json_text(struct json_object *obj, int flags);
/* Take over @v, also when they fail; -ENOMEM if it is NULL. */
int json_put(struct json_object *obj, const char *key, struct json_object *v);
int json_append(struct json_object *array, struct json_object *v);

#endif /* KSC_OCI_JSON_H */
