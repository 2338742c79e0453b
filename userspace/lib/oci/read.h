/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Typed reads from a profile's JSON; after a failure ksc_profile_error() has the place. */
#ifndef KSC_OCI_READ_H
#define KSC_OCI_READ_H

#include <json-c/json.h>

#include "profile.h"

/* One step of the path to a value; lives on the stack of the walk. */
struct at {
	const struct at *up;
	const char *key;	/* NULL: an array's element */
	unsigned int index;
};

int fail_at(struct ksc_profile *p, const struct at *at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int check_case(struct ksc_profile *p, const struct at *at, struct json_object *obj);
int read_value(struct ksc_profile *p, const struct at *at, struct json_object *v,
	       enum json_type type);
int read_key(struct ksc_profile *p, const struct at *at, struct json_object *obj,
	     enum json_type type, struct json_object **v);
int read_string(struct ksc_profile *p, const struct at *up, struct json_object *obj,
		const char *key, const char **s);
int read_array(struct ksc_profile *p, const struct at *at, struct json_object *obj,
	       struct json_object **array, size_t *len);
int read_element(struct ksc_profile *p, const struct at *at, struct json_object *array,
		 const char **s);
int read_uint(struct ksc_profile *p, const struct at *up, struct json_object *obj,
	      const char *key, uint64_t max, uint64_t *value, bool *present);
int read_word(struct ksc_profile *p, const struct at *up, struct json_object *obj,
	      const char *key, const struct words *words, uint32_t *value);

#endif /* KSC_OCI_READ_H */
