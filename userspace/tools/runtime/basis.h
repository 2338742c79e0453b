/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything that a rewriting depends on.
 */
#ifndef KSYSCALLS_BASIS_H
#define KSYSCALLS_BASIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../conf.h"
#include "store.h"

/* What is known before; @profile: the bytes of linux.seccomp. False: it cannot be told. */
bool basis_key(const struct conf *c, const char *profile, size_t len,
	       uint8_t key[STORE_KEY_LEN]);

/* What is known afterwards: the libraries of this process, as a text to be kept; or NULL. */
char *basis_files(void);
/* Are all of them, by that text, what they were? */
bool basis_files_same(const char *files);

#endif
