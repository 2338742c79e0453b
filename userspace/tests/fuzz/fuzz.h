/* SPDX-License-Identifier: GPL-2.0-only */
/* What the fuzzers of the seccomp layer share. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "../seccomp/fixtures.h"

#include <ksyscalls.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECK(cond)	do { if (!(cond)) { fprintf(stderr, "%s\n", #cond); abort(); } } while (0)

/* A made-up x86_64 kernel, the same for every input. */
static struct ksc *tree;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	uint32_t seed = 1;
	char *dir = fixture_mkdir();

	(void)argc;
	(void)argv;
	fixture_tree(dir, fixture_machine(0), &seed);
	CHECK(!ksc_open(&tree, dir));
	fixture_rmdir(dir);
	return 0;
}

#endif /* FUZZ_H */
