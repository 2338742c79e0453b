// SPDX-License-Identifier: GPL-2.0-only
/*
 * How LoongArch code reads. The value is in a0. The tracer's site is two nops,
 * which become "move t0,ra; bl".
 * Encodings: LoongArch reference manual, volume 1.
 */
#include "../stub.h"

enum operand {
	NONE,
	IMM12,
	LOSE_A0,	/* a0 becomes something that is not a constant */
	OFFS26,
};

#define NOP	0x03400000
#define SAVE_RA	0x0015002c	/* move t0,ra */

static const struct ksc_pattern patterns[] __initconst = {
	{ NOP,        0xffffffff, KSC_NOP },
	{ SAVE_RA,    0xffffffff, KSC_NOP },
	{ 0x00150024, 0xffffffff, KSC_NOP, LOSE_A0 },	/* move a0,ra: argument of _mcount */
	{ 0x02c00063, 0xffc003ff, KSC_NOP },		/* addi.d sp,sp,imm */
	{ 0x02c00076, 0xffc003ff, KSC_NOP },		/* addi.d fp,sp,imm */
	{ 0x29c00061, 0xffc003ff, KSC_NOP },		/* st.d ra,sp,imm */
	{ 0x29c00076, 0xffc003ff, KSC_NOP },		/* st.d fp,sp,imm */
	{ 0x28c00061, 0xffc003ff, KSC_NOP },		/* ld.d ra,sp,imm */
	{ 0x28c00076, 0xffc003ff, KSC_NOP },		/* ld.d fp,sp,imm */
	{ 0x27000076, 0xff0003ff, KSC_NOP },		/* stptr.d fp,sp,imm */
	{ 0x26000076, 0xff0003ff, KSC_NOP },		/* ldptr.d fp,sp,imm */
	{ 0x02800004, 0xffc003ff, KSC_NOP, IMM12 },	/* li.w a0,imm */
	{ 0x02c00004, 0xffc003ff, KSC_NOP, IMM12 },	/* li.d a0,imm */
	{ 0x54000000, 0xfc000000, KSC_CALL, OFFS26 },	/* bl */
	{ 0x50000000, 0xfc000000, KSC_JUMP, OFFS26 },	/* b */
	{ 0x4c000020, 0xffffffff, KSC_RETURN },
	{ 0x002a0000, 0xffff8000, KSC_NO_CODE },	/* break */
	{ 0x00000000, 0xffffffff, KSC_NO_CODE },	/* never written */
};

struct ksc_insn __init ksc_arch_decode(const struct ksc_text *t, size_t at,
				       struct ksc_frame *frame)
{
	struct ksc_insn insn = { .kind = KSC_NO_CODE, .len = 4 };
	const struct ksc_pattern *p;
	u32 code;

	if (!ksc_load(t, at, 4, false, &code))
		return insn;

	p = ksc_match(patterns, ARRAY_SIZE(patterns), code);
	insn.kind = p->kind;
	insn.sets = p->operand == IMM12 || p->operand == LOSE_A0;
	if (p->operand == IMM12)
		insn.value = ksc_sign_extend(code >> 10, 12);
	/* The upper ten bits of a branch's 26 stand below the lower sixteen. */
	insn.target = t->addr + at +
		      ksc_sign_extend((code & 0x3ff) << 16 | (code >> 10 & 0xffff), 26) * 4;
	return insn;
}

size_t __init ksc_arch_entry(const struct ksc_text *t)
{
	u32 first, second;

	if (!t->r->ftrace || !ksc_load(t, 0, 4, false, &first) ||
	    !ksc_load(t, 4, 4, false, &second))
		return 0;
	return first == SAVE_RA && (second & 0xfc000000) == 0x54000000 ? 8 : 0;
}

/* They keep the registers that hold arguments and results. */
const struct ksc_named ksc_arch_targets[] __initconst = {
	{ "_mcount", KSC_TARGET_TRACER },
	{ "ftrace_caller", KSC_TARGET_TRACER },
	{ "ftrace_regs_caller", KSC_TARGET_TRACER },
};

const size_t ksc_arch_nr_targets __initconst = ARRAY_SIZE(ksc_arch_targets);
