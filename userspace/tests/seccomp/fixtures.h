/* SPDX-License-Identifier: GPL-2.0-only */
/* Trees and profiles made up from a seed, for every architecture libseccomp has. */
#ifndef FIXTURES_H
#define FIXTURES_H

#include <stdint.h>

struct json_object;

/* xorshift, so that a seed means the same everywhere. */
uint32_t fixture_random(uint32_t *seed);

struct fixture_abi {
	const char *name;
	uint32_t audit_arch;
	uint32_t base;
	uint32_t token;		/* libseccomp's */
};

struct fixture_machine {
	const char *name;
	struct fixture_abi abis[4];	/* the native one first; ends with a NULL name */
};

/* NULL after the last. */
const struct fixture_machine *fixture_machine(unsigned int i);
/* Starts again after the last that libseccomp knows. */
const struct fixture_machine *fixture_machine_in_turn(unsigned int i);
/* Writes a tree below @dir, which exists. */
void fixture_tree(const char *dir, const struct fixture_machine *m, uint32_t *seed);
/* An OCI profile of about @rules entries; json_object_put() it. */
struct json_object *fixture_profile(const struct fixture_machine *m, unsigned int rules,
				    uint32_t *seed);
/* A fresh directory below $TMPDIR, and its removal with all it holds. */
char *fixture_mkdir(void);
void fixture_rmdir(char *dir);
unsigned int fixture_count_files(const char *path);

/*
 * Files that say what runc says of itself since 1.1.15, and crun before 0.18; a group's setup
 * and teardown.
 */
extern char fixture_runc[4096], fixture_old_crun[4096];
int fixture_make_runtimes(void **state);
int fixture_remove_runtimes(void **state);

/* Of a profile that was shipped: "moby-trixie", as selftests/profiles names it. Owned. */
char *fixture_profile_path(const char *name);

#endif /* FIXTURES_H */
