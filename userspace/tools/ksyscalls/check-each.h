/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * check, asked of many hosts at once.
 */
#ifndef KSYSCALLS_CHECK_EACH_H
#define KSYSCALLS_CHECK_EACH_H

#include "tool.h"

int check_each(const struct tool *t, const char *dir, const char *abi, char **words, size_t n,
	       bool quiet, bool json);

#endif
