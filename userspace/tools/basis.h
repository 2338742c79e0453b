/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything that a rewriting depends on, or a policy without its profile.
 */
#ifndef KSYSCALLS_BASIS_H
#define KSYSCALLS_BASIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ksyscalls-oci.h>

#include "knobs.h"
#include "store.h"

/* What is known before. */
struct basis {
	const char *maker;		/* the path of our own code */
	/* Whoever may read the result; a path stands for its file. "": nobody more. */
	const char *runtimes[2];
	const char *sysroot;		/* "": this machine */
	enum ksc_oci_mode mode;
	bool strict;
	const struct knobs *knobs;
	const char *profile;		/* the bytes of linux.seccomp */
	size_t len;
};

/* False: it cannot be told. */
bool basis_key(const struct basis *b, uint8_t key[STORE_KEY_LEN]);
/* For what is in front of libseccomp, whichever that is: who keeps something counts it in. */
bool basis_key_without_libraries(const struct basis *b, uint8_t key[STORE_KEY_LEN]);

/*
 * What is known afterwards: the libraries of this process, as a text to be kept; or NULL, as
 * where one was not found by the dynamic linker's cache, so that another may be next time.
 */
char *basis_files(void);
/* Are all of them, by that text, what they were? */
bool basis_files_same(const char *files);

#endif
