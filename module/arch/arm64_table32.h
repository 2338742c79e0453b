/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Until 6.10 arm's table also defines its numbers, and in arm64.c those of
 * arm64 have the same names already. A system header may define them again
 * without a warning for each; nothing uses them behind this point.
 */
#pragma GCC system_header
#include <asm/unistd32.h>
