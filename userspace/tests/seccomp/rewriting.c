// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fixtures.h"
#include "rewriting.h"

const enum ksc_oci_mode rewriting_modes[3] = {
	KSC_OCI_BPF, KSC_OCI_FLIP, KSC_OCI_EXPLICIT,
};

struct ksc *rewriting_tree;

int rewriting_setup(void **state)
{
	char root[4096];

	snprintf(root, sizeof(root), "%s/tests/trees/amd64-6.12", getenv("KSC_SOURCE") ?: ".");
	return fixture_make_runtimes(state) ?: ksc_open(&rewriting_tree, root);
}

int rewriting_teardown(void **state)
{
	ksc_close(rewriting_tree);
	return fixture_remove_runtimes(state);
}

struct ksc_oci *in_mode(enum ksc_oci_mode mode)
{
	struct ksc_oci *o;

	assert_int_equal(ksc_oci_new(&o, rewriting_tree), 0);
	assert_int_equal(ksc_oci_set_mode(o, mode), 0);
	return o;
}

char *rewrite(struct ksc_oci *o, const char *config)
{
	char *out = NULL;
	size_t len;
	int ret = ksc_oci_rewrite(o, config, strlen(config), &out, &len);

	assert_int_equal(!ret, !!out);
	assert_int_equal(!ret, !*ksc_oci_error(o));
	return out;
}
