/* SPDX-License-Identifier: GPL-2.0-only */
/* A machine for seccomp programs that counts the instructions it executes. */
#ifndef BPFSIM_H
#define BPFSIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

/**
 * bpfsim_check() - would the kernel accept the program?
 * @prog: the program, in this machine's byte order
 * @len: number of instructions
 *
 * Return: 0, or -1 if an instruction is none that seccomp takes, a load is
 * misplaced, a jump leaves the program, or the end can be reached without RET.
 */
int bpfsim_check(const struct sock_filter *prog, size_t len);

/**
 * bpfsim_read() - read a program from a file, as dump-filter writes it
 * @path: the file
 * @prog: receives the program
 *
 * Return: number of instructions, 0 with errno set if it cannot be read or
 * bpfsim_check() does not accept it (EINVAL).
 */
size_t bpfsim_read(const char *path, struct sock_filter prog[BPF_MAXINSNS]);

/**
 * bpfsim_run() - run a program that bpfsim_check() accepts
 * @prog: the program
 * @sd: the syscall; arguments as values, whatever the byte order
 * @big_endian: the byte order of the machine that is played
 * @executed: receives the number of instructions executed; may be NULL
 *
 * Return: the SECCOMP_RET_* value.
 */
uint32_t bpfsim_run(const struct sock_filter *prog, const struct seccomp_data *sd,
		    bool big_endian, size_t *executed);

/**
 * bpfsim_const_allow() - would the kernel allow it without running the program?
 * @prog: a program that bpfsim_check() accepts
 * @arch: AUDIT_ARCH_*
 * @nr: as in seccomp_data
 *
 * Since 5.11 a filter is followed once for each number when it is loaded. What
 * ends in ALLOW by nothing but number and architecture is remembered.
 *
 * Return: true if the kernel's cache would have this one.
 */
bool bpfsim_const_allow(const struct sock_filter *prog, uint32_t arch, uint32_t nr);

#endif /* BPFSIM_H */
