/* SPDX-License-Identifier: GPL-2.0-only */
/* Arguments that tell a profile's rules for one name apart. */
#ifndef SAMPLES_H
#define SAMPLES_H

#include <stddef.h>
#include <stdint.h>

#define SAMPLES		160

struct samples {
	size_t n;
	uint64_t v[SAMPLES][6];
};

struct ksc_profile;

/* @name: NULL for a number that has none. */
void samples_make(const struct ksc_profile *p, const char *name, struct samples *s);

#endif /* SAMPLES_H */
