/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Places in JSON text, found without reading it into objects. */
#ifndef KSC_OCI_SCAN_H
#define KSC_OCI_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes [start, end) of the text. */
struct span {
	size_t start, end;
};

struct member {
	struct span key, value;		/* the key with its quotes */
};

/* All take text that ends with a NUL; what is no JSON ends early, and nothing runs off. */
size_t scan_space(const char *s, size_t at);
size_t scan_string(const char *s, size_t at);
size_t scan_value(const char *s, size_t at);
/* Members of the object at @*at, one per call; @*at starts at the brace. */
bool scan_member(const char *s, size_t *at, struct member *m);
/* ASCII without escapes, which all readers take for the same. */
bool scan_is_plain(const char *s, const struct span *string);
bool scan_key_is(const char *s, const struct member *m, const char *key);
/* What a runtime would not read of the numbers, or NULL; @*at: which byte. */
const char *scan_numbers(const char *s, size_t *at);
/* Integers beyond 64 bits become the nearest within; nothing moves. */
void scan_clamp(char *s);

#endif /* KSC_OCI_SCAN_H */
