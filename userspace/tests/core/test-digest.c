// SPDX-License-Identifier: GPL-2.0-only
/*
 * A tree's digest, by which caches are found again: the sum itself, and what goes into it.
 */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tree-fixture.h"

#include "../../lib/core/private.h"

static void hex(const uint8_t bytes[32], char text[65])
{
	unsigned int i;

	for (i = 0; i < 32; i++)
		sprintf(text + 2 * i, "%02x", bytes[i]);
}

/* FIPS 180-4's examples, and lengths around the end of a block by pieces. */
static void test_sha256(void **state)
{
	static const struct {
		const char *data;
		const char *sum;
	} known[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	};
	struct ksc_sha256 whole, pieces;
	uint8_t a[32], b[32];
	char text[65], data[200];
	size_t i, j;

	for (i = 0; i < 3; i++) {
		ksc_sha256_init(&whole);
		ksc_sha256_update(&whole, known[i].data, strlen(known[i].data));
		ksc_sha256_final(&whole, a);
		hex(a, text);
		assert_string_equal(text, known[i].sum);
	}
	memset(data, 'x', sizeof(data));
	for (i = 0; i < sizeof(data); i++) {
		ksc_sha256_init(&whole);
		ksc_sha256_update(&whole, data, i);
		ksc_sha256_final(&whole, a);
		ksc_sha256_init(&pieces);
		for (j = 0; j < i; j++)
			ksc_sha256_update(&pieces, data + j, 1);
		ksc_sha256_final(&pieces, b);
		assert_memory_equal(a, b, 32);
	}
}

/* The canonical form is a promise: a cache made elsewhere must be found again. */
static void test_digest(void **state)
{
	static const char canonical[] =
		"ksyscalls 1\n"
		"abi x86_64 0xc000003e 0x00000000 40\n"
		"0 read\n1 write\n2 open\n5 fstat\n31 _llseek\n32 stat64\n33 clone3\n39 openat2\n"
		"abi x32 0xc000003e 0x40000000 40\n"
		"abi i386 0x40000003 0x00000000 33\n"
		"32 fchmodat2\n";
	uint8_t a[32], b[32], c[32];
	struct ksc_sha256 s;
	struct ksc *k;

	assert_int_equal(ksc_open(&k, tree_root), 0);
	ksc_digest(k, a);
	ksc_close(k);
	ksc_sha256_init(&s);
	ksc_sha256_update(&s, canonical, sizeof(canonical) - 1);
	ksc_sha256_final(&s, b);
	assert_memory_equal(a, b, 32);

	tree_put("i386/names", "32 fchmodat3\n");
	assert_int_equal(ksc_open(&k, tree_root), 0);
	ksc_digest(k, c);
	ksc_close(k);
	assert_memory_not_equal(a, c, 32);
}

static void add_file(struct ksc_sha256 *s, const char *path)
{
	FILE *f = fopen(path, "re");
	char buf[4096];
	size_t n;

	assert_non_null(f);
	while ((n = fread(buf, 1, sizeof(buf), f)))
		ksc_sha256_update(s, buf, n);
	fclose(f);
}

/* The files themselves are hashed here, so whatever they say has to be in the digest. */
static void test_digest_recorded(void **state)
{
	const char *source = getenv("KSC_SOURCE");
	char path[600], line[128];
	const struct ksc_abi *abi;
	uint8_t want[32], have[32];
	struct ksc_sha256 s;
	struct ksc *k;
	glob_t g;
	size_t i;

	snprintf(path, sizeof(path), "%s/tests/trees/*/", source ? source : ".");
	assert_int_equal(glob(path, 0, NULL, &g), 0);
	for (i = 0; i < g.gl_pathc; i++) {
		assert_int_equal(ksc_open(&k, g.gl_pathv[i]), 0);
		ksc_sha256_init(&s);
		ksc_sha256_update(&s, "ksyscalls 1\n", 12);
		ksc_abi_foreach(abi, k) {
			sprintf(line, "abi %s 0x%08x 0x%08x %u\n", ksc_abi_id(abi),
				ksc_abi_audit_arch(abi), ksc_abi_base(abi),
				ksc_abi_nr_syscalls(abi));
			ksc_sha256_update(&s, line, strlen(line));
			if (ksc_abi_implemented(abi, 0) && !ksc_abi_name(abi, 0))
				ksc_sha256_update(&s, "0 -\n", 4);
			snprintf(path, sizeof(path), "%s/" TREE "%s/names", g.gl_pathv[i],
				 ksc_abi_id(abi));
			add_file(&s, path);
		}
		ksc_sha256_final(&s, want);
		ksc_digest(k, have);
		ksc_close(k);
		if (memcmp(want, have, sizeof(want)))
			fail_msg("%s", g.gl_pathv[i]);
	}
	globfree(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_sha256),
		TREE_TEST(test_digest),
		cmocka_unit_test(test_digest_recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
