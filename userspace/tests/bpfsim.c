// SPDX-License-Identifier: GPL-2.0-only
/*
 * Classic BPF as seccomp runs it. Written from the instruction set's
 * description, to be a judge of programs and not a copy of what emits them.
 */
#include <errno.h>
#include <stdio.h>

#include "bpfsim.h"

#define FIRST_ARG	offsetof(struct seccomp_data, args)

/* What an instruction does with its operands; the kernel's seccomp_check_filter() has the list. */
static bool known(const struct sock_filter *f)
{
	switch (f->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		return f->k % 4 == 0 && f->k < sizeof(struct seccomp_data);
	case BPF_ST:
	case BPF_STX:
	case BPF_LD | BPF_MEM:
	case BPF_LDX | BPF_MEM:
		return f->k < BPF_MEMWORDS;
	case BPF_ALU | BPF_DIV | BPF_K:
		return f->k != 0;
	case BPF_ALU | BPF_LSH | BPF_K:
	case BPF_ALU | BPF_RSH | BPF_K:
		return f->k < 32;
	case BPF_RET | BPF_K:
	case BPF_RET | BPF_A:
	case BPF_LD | BPF_W | BPF_LEN:
	case BPF_LDX | BPF_W | BPF_LEN:
	case BPF_LD | BPF_IMM:
	case BPF_LDX | BPF_IMM:
	case BPF_MISC | BPF_TAX:
	case BPF_MISC | BPF_TXA:
	case BPF_ALU | BPF_NEG:
	case BPF_ALU | BPF_ADD | BPF_K:
	case BPF_ALU | BPF_ADD | BPF_X:
	case BPF_ALU | BPF_SUB | BPF_K:
	case BPF_ALU | BPF_SUB | BPF_X:
	case BPF_ALU | BPF_MUL | BPF_K:
	case BPF_ALU | BPF_MUL | BPF_X:
	case BPF_ALU | BPF_DIV | BPF_X:
	case BPF_ALU | BPF_AND | BPF_K:
	case BPF_ALU | BPF_AND | BPF_X:
	case BPF_ALU | BPF_OR | BPF_K:
	case BPF_ALU | BPF_OR | BPF_X:
	case BPF_ALU | BPF_XOR | BPF_K:
	case BPF_ALU | BPF_XOR | BPF_X:
	case BPF_ALU | BPF_LSH | BPF_X:
	case BPF_ALU | BPF_RSH | BPF_X:
	case BPF_JMP | BPF_JA:
	case BPF_JMP | BPF_JEQ | BPF_K:
	case BPF_JMP | BPF_JEQ | BPF_X:
	case BPF_JMP | BPF_JGE | BPF_K:
	case BPF_JMP | BPF_JGE | BPF_X:
	case BPF_JMP | BPF_JGT | BPF_K:
	case BPF_JMP | BPF_JGT | BPF_X:
	case BPF_JMP | BPF_JSET | BPF_K:
	case BPF_JMP | BPF_JSET | BPF_X:
		return true;
	}
	return false;
}

int bpfsim_check(const struct sock_filter *prog, size_t len)
{
	const struct sock_filter *f;
	size_t i, left;

	if (!len || len > BPF_MAXINSNS || BPF_CLASS(prog[len - 1].code) != BPF_RET)
		return -1;
	for (i = 0; i < len; i++) {
		f = &prog[i];
		left = len - i - 1;
		if (!known(f))
			return -1;
		if (BPF_CLASS(f->code) != BPF_JMP)
			continue;
		if (f->code == (BPF_JMP | BPF_JA) ? f->k >= left :
						     f->jt >= left || f->jf >= left)
			return -1;
	}
	return 0;
}

/* A 64-bit argument is two words; which comes first is the machine's byte order. */
static uint32_t load(const struct seccomp_data *sd, bool big_endian, uint32_t offset)
{
	uint64_t v;

	if (offset == offsetof(struct seccomp_data, nr))
		return (uint32_t)sd->nr;
	if (offset == offsetof(struct seccomp_data, arch))
		return sd->arch;
	v = offset < FIRST_ARG ? sd->instruction_pointer : sd->args[(offset - FIRST_ARG) / 8];
	return (uint32_t)(!(offset % 8) != big_endian ? v : v >> 32);
}

static uint32_t alu(uint16_t op, uint32_t a, uint32_t b)
{
	switch (op) {
	case BPF_ADD:
		return a + b;
	case BPF_SUB:
		return a - b;
	case BPF_MUL:
		return a * b;
	case BPF_DIV:
		return b ? a / b : 0;
	case BPF_AND:
		return a & b;
	case BPF_OR:
		return a | b;
	case BPF_XOR:
		return a ^ b;
	case BPF_LSH:
		return a << (b & 31);
	case BPF_RSH:
		return a >> (b & 31);
	default:
		return -a;
	}
}

static bool jumps(uint16_t op, uint32_t a, uint32_t b)
{
	switch (op) {
	case BPF_JEQ:
		return a == b;
	case BPF_JGT:
		return a > b;
	case BPF_JGE:
		return a >= b;
	default:
		return a & b;
	}
}

size_t bpfsim_read(const char *path, struct sock_filter prog[BPF_MAXINSNS])
{
	FILE *f = fopen(path, "re");
	size_t len;

	if (!f)
		return 0;
	len = fread(prog, sizeof(*prog), BPF_MAXINSNS, f);
	fclose(f);
	if (len && !bpfsim_check(prog, len))
		return len;
	errno = EINVAL;
	return 0;
}

uint32_t bpfsim_run(const struct sock_filter *prog, const struct seccomp_data *sd,
		    bool big_endian, size_t *executed)
{
	uint32_t a = 0, x = 0, operand, mem[BPF_MEMWORDS] = { 0 };
	const struct sock_filter *f = prog;
	size_t n = 0;

	for (;; f++) {
		n++;
		/* Most of what any filter does, and most of a proof's time. */
		if (f->code == (BPF_JMP | BPF_JEQ | BPF_K)) {
			f += a == f->k ? f->jt : f->jf;
			continue;
		}
		operand = BPF_SRC(f->code) == BPF_X ? x : f->k;
		switch (BPF_CLASS(f->code)) {
		case BPF_LD:
			a = BPF_MODE(f->code) == BPF_ABS ? load(sd, big_endian, f->k) :
			    BPF_MODE(f->code) == BPF_MEM ? mem[f->k] :
			    BPF_MODE(f->code) == BPF_LEN ? sizeof(*sd) : f->k;
			break;
		case BPF_LDX:
			x = BPF_MODE(f->code) == BPF_MEM ? mem[f->k] :
			    BPF_MODE(f->code) == BPF_LEN ? sizeof(*sd) : f->k;
			break;
		case BPF_ST:
			mem[f->k] = a;
			break;
		case BPF_STX:
			mem[f->k] = x;
			break;
		case BPF_ALU:
			a = alu(BPF_OP(f->code), a, operand);
			break;
		case BPF_MISC:
			if (BPF_MISCOP(f->code) == BPF_TAX)
				x = a;
			else
				a = x;
			break;
		case BPF_JMP:
			if (BPF_OP(f->code) == BPF_JA)
				f += f->k;
			else
				f += jumps(BPF_OP(f->code), a, operand) ? f->jt : f->jf;
			break;
		default:
			if (executed)
				*executed = n;
			return BPF_RVAL(f->code) == BPF_A ? a : f->k;
		}
	}
}

bool bpfsim_const_allow(const struct sock_filter *prog, uint32_t arch, uint32_t nr)
{
	const struct sock_filter *f = prog;
	uint32_t a = 0;

	for (;; f++) {
		switch (f->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			if (f->k > offsetof(struct seccomp_data, arch))
				return false;
			a = f->k == offsetof(struct seccomp_data, nr) ? nr : arch;
			break;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= f->k;
			break;
		case BPF_JMP | BPF_JA:
			f += f->k;
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
		case BPF_JMP | BPF_JGE | BPF_K:
		case BPF_JMP | BPF_JGT | BPF_K:
		case BPF_JMP | BPF_JSET | BPF_K:
			f += jumps(BPF_OP(f->code), a, f->k) ? f->jt : f->jf;
			break;
		case BPF_RET | BPF_K:
			return f->k == SECCOMP_RET_ALLOW;
		default:
			return false;
		}
	}
}
