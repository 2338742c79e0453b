/* SPDX-License-Identifier: GPL-2.0-only */
/* A small tree, written anew for each test, of which the test spoils a file. */
#ifndef TREE_FIXTURE_H
#define TREE_FIXTURE_H

#define TREE	"sys/kernel/syscalls/"

/* Where it is, as ksc_open() takes it. */
extern char *tree_root;

int tree_setup(void **state);
int tree_teardown(void **state);
#define TREE_TEST(name)	cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)

/* @path is relative to TREE. */
void tree_put(const char *path, const char *text);
/* An error with @err whose message ends a path in @where and then says @what. */
void tree_expect_bad(int err, const char *where, const char *what);

#endif /* TREE_FIXTURE_H */
