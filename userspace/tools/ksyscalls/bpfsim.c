// SPDX-License-Identifier: GPL-2.0-only
/*
 * A classic BPF program, run for one syscall number. What judges our filters in the
 * tests is another one.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>

#include "tool.h"

/**
 * tool_bpf_answer() - what a program answers to a call whose arguments are all 0
 * @prog: libseccomp's own or runc's stub, which use these instructions only
 * @arch: AUDIT_ARCH_*
 * @nr: as seccomp_data has it, with the base
 * @by_args: receives whether the answer comes from looking at an argument; or NULL
 *
 * Return: SECCOMP_RET_* with its data; KILL_THREAD for what the kernel would not take.
 */
uint32_t tool_bpf_answer(const struct tool_prog *prog, uint32_t arch, uint32_t nr, bool *by_args)
{
	const struct sock_filter *f = prog->insns;
	const struct sock_filter *end = f + prog->len;
	bool jump, args = false;
	uint32_t a = 0;

	if (!by_args)
		by_args = &args;
	*by_args = false;
	for (; f < end; f++) {
		switch (f->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			a = f->k == offsetof(struct seccomp_data, nr) ? nr :
			    f->k == offsetof(struct seccomp_data, arch) ? arch : 0;
			*by_args |= f->k >= offsetof(struct seccomp_data, args);
			continue;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= f->k;
			continue;
		case BPF_RET | BPF_K:
			return f->k;
		case BPF_JMP | BPF_JA:
			f += f->k;
			continue;
		case BPF_JMP | BPF_JEQ | BPF_K:
			jump = a == f->k;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			jump = a >= f->k;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			jump = a > f->k;
			break;
		case BPF_JMP | BPF_JSET | BPF_K:
			jump = a & f->k;
			break;
		default:
			return SECCOMP_RET_KILL_THREAD;
		}
		f += jump ? f->jt : f->jf;
	}
	return SECCOMP_RET_KILL_THREAD;
}
