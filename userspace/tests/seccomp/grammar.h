/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Profiles as nobody writes them: a few names that meet again and again, with every
 * action, operator and width of value, so that rules contradict each other.
 */
#ifndef GRAMMAR_H
#define GRAMMAR_H

#include <stdint.h>

struct fixture_machine;
struct json_object;

/* json_object_put() releases it; equal seeds make equal profiles. */
struct json_object *grammar_profile(const struct fixture_machine *m, uint32_t *seed);

#endif /* GRAMMAR_H */
