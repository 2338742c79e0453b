// SPDX-License-Identifier: GPL-2.0-only
/*
 * seccomp programs for people: classic BPF with the names of the syscalls and
 * architectures that it compares with.
 *
 * A number means nothing without its architecture, so the jumps are followed
 * and each instruction learns what the accumulator holds and which arch is
 * certain there. Jumps only go forward: one pass is enough.
 */
#include <ctype.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "../../lib/shared.h"
#include "tool.h"

enum acc {
	ACC_UNKNOWN,	/* nothing, or different things on different paths */
	ACC_NR,
	ACC_ARCH,
};

/* What is certain before an instruction runs. */
struct state {
	bool reached;
	bool has_arch;
	enum acc acc;
	uint32_t arch;
};

#define DATA(field)	offsetof(struct seccomp_data, field)

static void join(struct state *to, struct state from)
{
	if (!to->reached) {
		*to = from;
		to->reached = true;
		return;
	}
	if (to->acc != from.acc)
		to->acc = ACC_UNKNOWN;
	if (!from.has_arch || to->arch != from.arch)
		to->has_arch = false;
}

/* Pass on what is certain after @insn to the instructions that may follow. */
static void flow(struct state *states, size_t at, size_t len, const struct sock_filter *insn)
{
	struct state next = states[at];
	struct state taken;

	switch (BPF_CLASS(insn->code)) {
	case BPF_RET:
		return;
	case BPF_JMP:
		if (BPF_OP(insn->code) == BPF_JA) {
			if (insn->k < len - at)
				join(&states[at + 1 + insn->k], next);
			return;
		}
		taken = next;
		if (insn->code == (BPF_JMP | BPF_JEQ | BPF_K) && next.acc == ACC_ARCH) {
			taken.has_arch = true;
			taken.arch = insn->k;
		}
		if (insn->jt < len - at)
			join(&states[at + 1 + insn->jt], taken);
		if (insn->jf < len - at)
			join(&states[at + 1 + insn->jf], next);
		return;
	case BPF_ST:
	case BPF_STX:
	case BPF_LDX:
		break;
	default:
		next.acc = ACC_UNKNOWN;
		if (insn->code == (BPF_LD | BPF_W | BPF_ABS) && insn->k == DATA(nr))
			next.acc = ACC_NR;
		if (insn->code == (BPF_LD | BPF_W | BPF_ABS) && insn->k == DATA(arch))
			next.acc = ACC_ARCH;
	}
	join(&states[at + 1], next);
}

static const char *arch_name(const struct ksc *k, uint32_t arch)
{
	const struct ksc_abi *abi;

	/* Several ABIs may share an arch; the first has the lowest base. */
	ksc_abi_foreach(abi, k)
		if (ksc_abi_audit_arch(abi) == arch)
			return ksc_abi_id(abi);
	return "an arch that the tree does not have";
}

static void comment_nr(FILE *f, const struct ksc *k, uint32_t arch, uint32_t nr)
{
	const struct ksc_abi *abi = ksc_abi_by_arch(k, arch, nr);
	char *guess = NULL;
	const char *name;

	if (!abi)
		return;
	name = ksc_abi_name(abi, nr - ksc_abi_base(abi));
	if (!name)
		name = guess = tool_absent_name(abi, nr - ksc_abi_base(abi));
	fprintf(f, "\t; %s", ksc_abi_id(abi));
	if (name)
		fprintf(f, " %s", name);
	free(guess);
}

static void print_jump_target(FILE *f, size_t at, size_t len, uint32_t distance)
{
	if (distance < len - at - 1)
		fprintf(f, "%zu", at + 1 + distance);
	else
		fprintf(f, "end");
}

static void print_jump(FILE *f, const struct ksc *k, const struct sock_filter *insn,
		       size_t at, size_t len, const struct state *s)
{
	static const char *const ops[] = {
		[BPF_JEQ >> 4] = "jeq", [BPF_JGT >> 4] = "jgt",
		[BPF_JGE >> 4] = "jge", [BPF_JSET >> 4] = "jset",
	};
	const char *op = ops[BPF_OP(insn->code) >> 4];

	if (BPF_SRC(insn->code) == BPF_X)
		fprintf(f, "%-4s x", op);
	else if (s->acc == ACC_NR)
		fprintf(f, "%-4s %u", op, insn->k);
	else
		fprintf(f, "%-4s 0x%x", op, insn->k);
	fprintf(f, ", ");
	print_jump_target(f, at, len, insn->jt);
	fprintf(f, ", ");
	print_jump_target(f, at, len, insn->jf);
	if (BPF_SRC(insn->code) == BPF_X || BPF_OP(insn->code) == BPF_JSET)
		return;
	if (s->acc == ACC_ARCH)
		fprintf(f, "\t; %s", arch_name(k, insn->k));
	else if (s->acc == ACC_NR && s->has_arch)
		comment_nr(f, k, s->arch, insn->k);
}

static void print_load(FILE *f, uint32_t off)
{
	if (off == DATA(nr))
		fprintf(f, "ld   nr");
	else if (off == DATA(arch))
		fprintf(f, "ld   arch");
	else if (off >= DATA(args) && off < sizeof(struct seccomp_data))
		fprintf(f, "ld   args[%zu]+%zu", (off - DATA(args)) / 8, (off - DATA(args)) % 8);
	else
		fprintf(f, "ld   [%u]", off);
}

/* ENOSYS is what the tree's machine calls so. */
static void print_return(FILE *f, const struct ksc *k, uint32_t action)
{
	const struct ksc_abi *abi = ksc_abi_next(k, NULL);
	const struct ksc_action *kind = ksc_find_action(action);
	const char *at;

	if (!kind) {
		fprintf(f, "ret  0x%x", action);
		return;
	}
	fprintf(f, "ret  ");
	for (at = kind->name; *at; at++)
		putc(tolower((unsigned char)*at), f);
	if (kind->data)
		fprintf(f, " %u", action & SECCOMP_RET_DATA);
	if (abi && action == ksc_ret_enosys(ksc_abi_audit_arch(abi)))
		fprintf(f, "\t; ENOSYS");
	if (action == (SECCOMP_RET_ERRNO | EPERM))
		fprintf(f, "\t; EPERM");
}

static void print_insn(FILE *f, const struct ksc *k, const struct sock_filter *insn,
		       size_t at, size_t len, const struct state *s)
{
	enum operand { NONE, CONST, MEM };
	static const struct {
		uint16_t code;
		const char *name;
		enum operand operand;
	} plain[] = {
		{ BPF_LD | BPF_IMM,		"ld",	CONST },
		{ BPF_LD | BPF_MEM,		"ld",	MEM },
		{ BPF_LDX | BPF_IMM,		"ldx",	CONST },
		{ BPF_LDX | BPF_MEM,		"ldx",	MEM },
		{ BPF_ST,			"st",	MEM },
		{ BPF_STX,			"stx",	MEM },
		{ BPF_ALU | BPF_AND | BPF_K,	"and",	CONST },
		{ BPF_ALU | BPF_AND | BPF_X,	"and  x", NONE },
		{ BPF_MISC | BPF_TAX,		"tax",	NONE },
		{ BPF_MISC | BPF_TXA,		"txa",	NONE },
		{ BPF_RET | BPF_A,		"ret  a", NONE },
	};
	size_t i;

	if (insn->code == (BPF_LD | BPF_W | BPF_ABS)) {
		print_load(f, insn->k);
		return;
	}
	if (insn->code == (BPF_RET | BPF_K)) {
		print_return(f, k, insn->k);
		return;
	}
	if (insn->code == (BPF_JMP | BPF_JA)) {
		fprintf(f, "ja   ");
		print_jump_target(f, at, len, insn->k);
		return;
	}
	if (BPF_CLASS(insn->code) == BPF_JMP && BPF_OP(insn->code) <= BPF_JSET &&
	    !(insn->code & ~0x7f)) {
		print_jump(f, k, insn, at, len, s);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(plain); i++) {
		if (plain[i].code != insn->code)
			continue;
		fprintf(f, "%-4s", plain[i].name);
		if (plain[i].operand == CONST)
			fprintf(f, " 0x%x", insn->k);
		if (plain[i].operand == MEM)
			fprintf(f, " mem[%u]", insn->k);
		return;
	}
	fprintf(f, ".insn 0x%x, %u, %u, 0x%x", insn->code, insn->jt, insn->jf, insn->k);
}

/**
 * tool_disasm() - print a seccomp program readably
 * @f: where to
 * @k: the tree that names come from
 * @prog: the program, in the byte order of this machine
 * @len: its number of instructions
 *
 * One instruction a line, jump targets as line numbers, "end" for what follows
 * the program.
 */
void tool_disasm(FILE *f, const struct ksc *k, const struct sock_filter *prog, size_t len)
{
	/* One more than there are instructions: the end is a target, too. */
	struct state *states = calloc(len + 1, sizeof(*states));
	size_t i;

	if (!states) {
		fprintf(f, "; out of memory\n");
		return;
	}
	states[0].reached = true;
	for (i = 0; i < len; i++) {
		fprintf(f, "%4zu: ", i);
		print_insn(f, k, &prog[i], i, len, &states[i]);
		fputc('\n', f);
		if (states[i].reached)
			flow(states, i, len, &prog[i]);
	}
	free(states);
}
