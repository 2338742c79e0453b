/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * oci, when it only shows what it would do.
 */
#ifndef KSYSCALLS_OCI_DIFF_H
#define KSYSCALLS_OCI_DIFF_H

#include "tool.h"

int oci_write_pretty(int fd, const char *text, size_t len);
int oci_print_diff(const struct tool *t, const char *name, int before, int after);

#endif
