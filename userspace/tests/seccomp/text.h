/* SPDX-License-Identifier: GPL-2.0-only */
/* What the rules of a profile say, read by themselves. */
#ifndef TESTS_TEXT_H
#define TESTS_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include <ksyscalls-oci.h>

/*
 * May a call of @name get @action by the profile's text: from a rule that takes it or,
 * if none does, from @def, a reader's default? @token tells how wide its arguments are.
 */
bool text_allows(const struct ksc_profile *p, const char *name, uint32_t token, uint32_t def,
		 const uint64_t args[6], uint32_t action);

#endif /* TESTS_TEXT_H */
