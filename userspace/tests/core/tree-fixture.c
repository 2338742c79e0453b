// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "model.h"
#include "tree-fixture.h"

char *tree_root;

/* x86 in small: 40 numbers, 0-2, 5, 31-33 and 39 implemented. */
static void small_model(struct model *m)
{
	static const uint32_t numbers[] = { 0, 1, 2, 5, 31, 32, 33, 39 };
	static const char *const names[] = { "read", "write", "open", "fstat", "_llseek", "stat64",
					     "clone3", "openat2" };
	struct model_abi *abi;
	unsigned int i;

	*m = (struct model) { 0 };
	abi = model_add(m, "x86_64", 0xc000003e, 0, 40);
	for (i = 0; i < 8; i++)
		model_set(abi, numbers[i], names[i]);
	abi = model_add(m, "x32", 0xc000003e, 0x40000000, 40);
	abi = model_add(m, "i386", 0x40000003, 0, 33);
	model_set(abi, 32, "fchmodat2");
}

int tree_setup(void **state)
{
	struct model m;

	small_model(&m);
	tree_root = make_root();
	model_write(&m, tree_root);
	model_free(&m);
	return 0;
}

int tree_teardown(void **state)
{
	remove_tree(tree_root);
	free(tree_root);
	return 0;
}

void tree_put(const char *path, const char *text)
{
	char full[512];

	snprintf(full, sizeof(full), TREE "%s", path);
	write_file(tree_root, full, text, strlen(text));
}

void tree_expect_bad(int err, const char *where, const char *what)
{
	char start[512];
	struct ksc *k;
	int ret;

	ret = ksc_open(&k, tree_root);
	assert_non_null(k);
	snprintf(start, sizeof(start), "%s/" TREE "%s: ", tree_root, where);
	if (ret != err || strncmp(ksc_error(k), start, strlen(start)) ||
	    !strstr(ksc_error(k), what))
		fail_msg("%s: wanted %d \"%s...%s\", got %d \"%s\"", where, err, start, what, ret,
			 ksc_error(k));
	assert_null(ksc_abi_next(k, NULL));
	ksc_close(k);
}
