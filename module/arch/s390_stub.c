// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recognises z/Architecture code whose whole effect is to return -ENOSYS.
 *
 * It follows the code in a straight line and knows just the instructions that
 * compilers put into such a function; at the return, the value in r2 decides.
 * Encodings: z/Architecture Principles of Operation, appendix B. What the
 * kernel patches in at run time: the tracer's call site, a branch whose mask
 * or target is changed; return thunks (expolines) or "br %r14" in their place;
 * the breakpoint of a kprobe.
 */
#include "../stub.h"

enum insn_kind {
	INSN_OTHER,	/* anything else: the function does something */
	INSN_NOP,	/* no effect that outlives the function */
	INSN_SET_R2,	/* r2 becomes a constant */
	INSN_SITE,	/* a call that only the tracer's site makes */
	INSN_JMP16,	/* j */
	INSN_JMP32,	/* jg */
	INSN_RET,
	INSN_BAD,	/* no code at all, or a kprobe's breakpoint hides it */
};

/* The first halfword tells. */
static const struct pattern {
	u16 value;
	u16 mask;
	enum insn_kind kind;
} patterns[] = {
	{ 0x0000, 0xff00, INSN_BAD },		/* 0x0002 is a kprobe's */
	{ 0x07fe, 0xffff, INSN_RET },		/* br %r14 */
	{ 0x0700, 0xfff0, INSN_NOP },		/* bcr 0,x */
	{ 0x4700, 0xfff0, INSN_NOP },		/* bc 0,x */
	{ 0xa704, 0xffff, INSN_NOP },		/* brc 0,x */
	{ 0xc004, 0xffff, INSN_NOP },		/* brcl 0,x: idle tracer site */
	{ 0xc005, 0xffff, INSN_SITE },		/* brasl %r0,x */
	{ 0xa7f4, 0xffff, INSN_JMP16 },
	{ 0xc0f4, 0xffff, INSN_JMP32 },
	{ 0xa729, 0xffff, INSN_SET_R2 },	/* lghi %r2,imm */
};

struct insn {
	enum insn_kind kind;
	unsigned int len;
	s64 value;	/* of r2, or how far a branch goes */
};

static u32 load_be(const u8 *p, unsigned int len)
{
	u32 value = 0;

	while (len--)
		value = value << 8 | *p++;
	return value;
}

static enum insn_kind kind_of(u16 op)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(patterns); i++)
		if ((op & patterns[i].mask) == patterns[i].value)
			return patterns[i].kind;
	return INSN_OTHER;
}

/* The first two bits of an instruction tell its length. */
static int fetch(const struct ksc_reader *r, unsigned long addr, struct insn *insn)
{
	static const u8 lengths[] = { 2, 4, 4, 6 };
	u8 code[6];

	if (r->read(addr, code, 2))
		return -EFAULT;
	insn->len = lengths[code[0] >> 6];
	if (insn->len > 2 && r->read(addr + 2, code + 2, insn->len - 2))
		return -EFAULT;

	insn->kind = kind_of(load_be(code, 2));
	insn->value = 0;
	switch (insn->kind) {
	case INSN_SET_R2:
		insn->value = (s16)load_be(code + 2, 2);
		break;
	case INSN_JMP16:
		insn->value = (s64)(s16)load_be(code + 2, 2) * 2;
		break;
	case INSN_JMP32:
		insn->value = (s64)(s32)load_be(code + 2, 4) * 2;
		break;
	default:
		break;
	}
	return 0;
}

/*
 * Where the tracer is out of reach of the site, the site jumps to a trampoline:
 * brasl %r1 and, eight bytes after its start, the address behind the site.
 */
static bool is_trampoline(const struct ksc_reader *r, unsigned long addr, unsigned long back)
{
	u8 code[16];

	if (r->read(addr, code, sizeof(code)) || load_be(code, 2) != 0xc015)
		return false;
	return ((u64)load_be(code + 8, 4) << 32 | load_be(code + 12, 4)) == back;
}

static enum ksc_code walk(const struct ksc_reader *r, unsigned long addr, unsigned int depth)
{
	struct insn insn;
	s64 r2 = 0;	/* or whatever else, if it is not known */
	int i;

	for (i = 0; i < KSC_MAX_INSNS; i++, addr += insn.len) {
		bool at_site = !i && r->ftrace;

		if (fetch(r, addr, &insn))
			return KSC_CODE_UNKNOWN;

		switch (insn.kind) {
		case INSN_NOP:
			break;
		case INSN_SET_R2:
			r2 = insn.value;
			break;
		case INSN_RET:
			goto returned;
		case INSN_SITE:
			if (at_site)
				break;
			return KSC_CODE_BODY;
		case INSN_JMP16:
		case INSN_JMP32:
			if (at_site && insn.kind == INSN_JMP32 &&
			    is_trampoline(r, addr + insn.value, addr + insn.len))
				break;
			switch (ksc_follow(r, addr + insn.value, false, depth, walk)) {
			case KSC_BRANCH_ENOSYS:
				return KSC_CODE_STUB;
			case KSC_BRANCH_RETURN:
				goto returned;
			case KSC_BRANCH_UNKNOWN:
				return KSC_CODE_UNKNOWN;
			default:
				return KSC_CODE_BODY;
			}
		case INSN_BAD:
			return KSC_CODE_UNKNOWN;
		case INSN_OTHER:
			return KSC_CODE_BODY;
		}
	}
	return KSC_CODE_UNKNOWN;

returned:
	return r2 == -ENOSYS ? KSC_CODE_STUB : KSC_CODE_BODY;
}

enum ksc_code ksc_classify(const struct ksc_reader *r, unsigned long addr)
{
	return walk(r, addr, 0);
}

enum ksc_target ksc_arch_target(const char *name)
{
	/* "br %r14" by way of an expoline, of which there are two flavours. */
	if (!strcmp(name, "__s390_indirect_jump_r14") ||
	    !strcmp(name, "__s390_indirect_jump_r14use_r1"))
		return KSC_TARGET_RETURN;
	return KSC_TARGET_OTHER;
}
