// SPDX-License-Identifier: GPL-2.0-only
/*
 * How z/Architecture code reads. The value is in r2. The tracer's site is a
 * branch whose mask or target is changed. Return thunks (expolines) may have
 * been replaced by "br %r14".
 * Encodings: z/Architecture Principles of Operation, appendix B.
 */
#include "../stub.h"

#define JG	0xc0f4

static const struct ksc_operand imm16 __initconst = { { { 16, 16, 0, KSC_SIGNED } } };
static const struct ksc_operand offs16 __initconst = { { { 16, 16, 1, KSC_SIGNED } } };
static const struct ksc_operand offs32 __initconst = {
	{ { 16, 16, 17, KSC_SIGNED }, { 32, 16, 1 } }
};

/* The first halfword tells. */
static const struct ksc_pattern patterns[] __initconst = {
	{ 6, 0xc005, 0xffff, KSC_SITE },			/* brasl %r0: the tracer's */
	{ 6, JG, 0xffff, KSC_SITE, KSC_NONE, &offs32 },
	{ 2, 0x0000, 0xff00, KSC_NO_CODE },			/* 0x0002 is a kprobe's */
	{ 2, 0x07fe, 0xffff, KSC_RETURN },			/* br %r14 */
	{ 2, 0x0700, 0xfff0, KSC_NOP },				/* bcr 0,x */
	{ 4, 0x4700, 0xfff0, KSC_NOP },				/* bc 0,x */
	{ 4, 0xa704, 0xffff, KSC_NOP },				/* brc 0,x */
	{ 6, 0xc004, 0xffff, KSC_NOP },				/* brcl 0,x: idle tracer site */
	{ 4, 0xa7f4, 0xffff, KSC_JUMP, KSC_NONE, &offs16 },	/* j */
	{ 6, JG, 0xffff, KSC_JUMP, KSC_NONE, &offs32 },
	{ 4, 0xa729, 0xffff, KSC_NOP, KSC_SET, &imm16 },	/* lghi %r2,imm */
	{ }
};

/*
 * Where the tracer is out of reach of the site, the site jumps to a trampoline:
 * brasl %r1 and, eight bytes after its start, the address behind the site.
 */
static bool __init is_trampoline(const struct ksc_reader *r, u64 site, unsigned long addr,
				 unsigned long back)
{
	u64 word = 0;
	u8 code[16];
	size_t i;

	if (r->read(addr, code, sizeof(code)))
		return false;
	for (i = 8; i < sizeof(code); i++)
		word = word << 8 | code[i];
	return code[0] == 0xc0 && code[1] == 0x15 && word == back;
}

/* "br %r14" by way of an expoline, of which there are two flavours. */
static const struct ksc_named names[] __initconst = {
	{ "__s390_indirect_jump_r14", KSC_TARGET_RETURN },
	{ "__s390_indirect_jump_r14use_r1", KSC_TARGET_RETURN },
	{ }
};

const struct ksc_arch ksc_arch __initconst = {
	.patterns = patterns,
	.longest = 6,
	.swap = 1,
	.is_tracers = is_trampoline,
	.names = names,
};
