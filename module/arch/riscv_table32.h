/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Until 6.10 the one header has the calls of both ABIs. Where that of 64 bits has
 * been through it, it is told anew which ones are wanted.
 */
#ifdef CONFIG_64BIT
#undef __ARCH_WANT_NEW_STAT
#undef __ARCH_WANT_SET_GET_RLIMIT
#undef __SC_3264
#undef __SC_COMP
#undef __SC_COMP_3264
#define __SYSCALL_COMPAT
#endif
#include <asm/unistd.h>
