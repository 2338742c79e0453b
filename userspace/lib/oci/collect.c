// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the policy says of each number, by the name that libseccomp has for it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "work.h"

/* Numbers relative to a base that libseccomp or a tree may have a name for. */
#define NUMBERS		1024
/* libseccomp may know so many syscalls that came after the last one that we know, */
#define NEWER		64
/* and between them it leaves out fewer than these, as MIPS has 24 before semget. */
#define HOLE		32

#define NR_SKIP		0xffffffffu

/* Where an architecture has numbers; most have one base, which is 0. */
static const struct numbering {
	uint32_t token, base, last;
} numberings[] = {
	{ SCMP_ARCH_X86_64,		0,		0x3fffffff },
	{ SCMP_ARCH_X32,		0x40000000,	0xfffffffe },
	{ SCMP_ARCH_MIPS,		4000,		0xfffffffe },
	{ SCMP_ARCH_MIPSEL,		4000,		0xfffffffe },
	{ SCMP_ARCH_MIPS64,		5000,		0xfffffffe },
	{ SCMP_ARCH_MIPSEL64,		5000,		0xfffffffe },
	{ SCMP_ARCH_MIPS64N32,		6000,		0xfffffffe },
	{ SCMP_ARCH_MIPSEL64N32,	6000,		0xfffffffe },
	{ SCMP_ARCH_ARM,		0,		0xeffff },
	{ SCMP_ARCH_ARM,		0xf0000,	0xfffffffe },
};

/* Numbers that no rule can name get the default, each reader's. */
static bool gets_what_it_wants(const struct work *w)
{
	unsigned int reader;
	uint32_t wants;

	for (reader = RULES_FOR_HEEDING; reader <= RULES_FOR_OTHERS; reader <<= 1) {
		wants = w->row_wants ? w->row_wants : rules_rest(w, reader);
		if (w->readers & reader && wants != rules_default(reader, w->def_action))
			return false;
	}
	return true;
}

static int end_row(struct work *w)
{
	struct rules_note n = w->row;
	bool ends = w->in_row && !gets_what_it_wants(w);

	w->in_row = false;
	if (!ends)
		return 0;
	if (n.nr != n.last)
		return rules_note(w->notes, n, "%u to %u: no rule reaches them", n.nr, n.last);
	return rules_note(w->notes, n, "%u%s%s: libseccomp has no name for it", n.nr,
			  n.name ? " " : "", n.name ? n.name : "");
}

/* Those that nobody names and that should get one answer are told in a row. */
static int collect_nameless(struct work *w, uint32_t token, uint32_t nr, uint32_t last,
			    uint32_t action, const char *name)
{
	int ret;

	if (w->in_row && w->row.token == token && w->row.last + 1 == nr && !w->row.name && !name &&
	    w->row_wants == action) {
		w->row.last = last;
		return 0;
	}
	ret = end_row(w);
	w->row = (struct rules_note){ .kind = RULES_NO_NAME, .token = token, .nr = nr, .last = last,
				      .name = (char *)name };
	w->row_wants = action;
	w->in_row = true;
	return ret;
}

static uint64_t start_of(const char *name)
{
	uint64_t start = 0;
	int i;

	for (i = 0; i < 8; i++) {
		start = start << 8 | (uint8_t)*name;
		name += !!*name;
	}
	return start;
}

/* A rule that it had no name for may have an errno that libseccomp would not take. */
static bool is_refused(uint32_t action)
{
	scmp_filter_ctx ctx;

	if (!action)
		return false;
	ctx = seccomp_init(action);
	seccomp_release(ctx);
	return !ctx;
}

static int note_refused(struct work *w, struct cell *c)
{
	struct rules_note n = {
		.kind = RULES_NO_NAME, .token = c->token, .nr = c->nr, .last = c->nr,
		.name = (char *)c->name,
	};
	uint32_t number = c->want & SECCOMP_RET_DATA;

	c->want = 0;
	return rules_note(w->notes, n, "%u %s: libseccomp takes no errno %u", n.nr, c->name,
			  number);
}

static int collect_number(struct work *w, uint32_t token, uint32_t nr, const char *known, bool ask)
{
	struct cell *c = &w->cells[w->nr_cells];
	uint32_t arch = ksc_audit_arch_of(token);
	uint32_t action = ksc_verdict(w->policy, arch, nr);

	*c = (struct cell){
		.name = known, .token = token, .nr = nr, .want = action,
		.native = token == w->p->native,
	};
	if (ask)
		c->name = c->owned = seccomp_syscall_resolve_num_arch(token, (int)nr);
	if (!c->name)
		return collect_nameless(w, token, nr, nr, action,
					ksc_verdict_name(w->policy, arch, nr));
	c->absent = action == ksc_ret_enosys(arch) &&
		    ksc_verdict_row(w->policy, arch, nr) == KSC_ROW_ABSENT;
	c->start = start_of(c->name);
	w->nr_cells++;
	return action != ksc_ret_enosys(arch) && is_refused(action) ? note_refused(w, c) : 0;
}

/* All of them are alike, so one is asked. */
static int collect_rest(struct work *w, uint32_t token, uint32_t first, uint32_t last)
{
	uint32_t action = ksc_verdict(w->policy, ksc_audit_arch_of(token), first);

	return collect_nameless(w, token, first, last, action, NULL);
}

/*
 * libseccomp goes through all of its names to find a number's, but finds a name's
 * number at once. So it is asked for the numbers of all names that we know, and for
 * the names of what is left of the numbers. Returns where they end.
 */
static uint32_t find_names(const struct ksc_profile *p, size_t arch, uint32_t base,
			   const char *names[NUMBERS])
{
	const int *nrs = p->numbers;
	unsigned int release;
	const char *name;
	uint32_t nr, end = 0;
	size_t i;

	for (i = 0; !ksc_release_next(i, &name, &release); i++, nrs += p->nr_numbers) {
		nr = (uint32_t)nrs[arch] - base;
		if (nr >= NUMBERS)
			continue;
		/* Of two names for one number libseccomp shall tell which is its own. */
		names[nr] = names[nr] ? NULL : name;
		end = nr >= end ? nr + 1 : end;
	}
	return end;
}

/* From the base on; what comes after them nobody has a name for. */
static uint32_t count_numbers(const struct work *w, uint32_t token, uint32_t base, uint32_t end)
{
	const struct ksc_abi *abi = ksc_abi_by_arch(ksc_policy_view(w->policy),
						    ksc_audit_arch_of(token), base);
	uint32_t n = abi ? ksc_abi_nr_syscalls(abi) : 0;

	n = n < end + NEWER ? end + NEWER : n;
	return n < NUMBERS ? n : NUMBERS;
}

static int collect_numbering(struct work *w, size_t arch, uint32_t base, uint32_t last)
{
	uint32_t token = ksc_profile_arch(w->p, arch), asked = HOLE, nr, n;
	const char *names[NUMBERS] = { NULL };
	struct cell *more;
	size_t before;
	int ret = 0;

	n = count_numbers(w, token, base, find_names(w->p, arch, base, names));
	more = reallocarray(w->cells, w->nr_cells + n, sizeof(*more));
	if (!more)
		return -ENOMEM;
	w->cells = more;
	for (nr = 0; !ret && nr < n; nr++) {
		before = w->nr_cells;
		ret = collect_number(w, token, base + nr, names[nr], !names[nr] && nr < asked);
		if (w->nr_cells > before)
			asked = nr + 1 + HOLE;
	}
	return ret ? ret : collect_rest(w, token, base + n, last);
}

static int collect_arch(struct work *w, size_t arch)
{
	uint32_t token = ksc_profile_arch(w->p, arch), next = 0;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < ARRAY_SIZE(numberings); i++) {
		if (numberings[i].token != token)
			continue;
		/* Below the base of MIPS there are numbers, too. */
		if (token != SCMP_ARCH_X32 && numberings[i].base > next)
			ret = collect_rest(w, token, next, numberings[i].base - 1);
		if (!ret)
			ret = collect_numbering(w, arch, numberings[i].base, numberings[i].last);
		next = numberings[i].last + 1;
	}
	if (!ret && !next)
		ret = collect_numbering(w, arch, 0, NR_SKIP - 1);
	/* Not a syscall, but by which tracers skip one. */
	if (!ret && token != SCMP_ARCH_X32)
		ret = collect_rest(w, token, NR_SKIP, NR_SKIP);
	return ret ? ret : end_row(w);
}

static int compare_cells(const void *a, const void *b)
{
	const struct cell *c = a, *d = b;

	return c->start != d->start ? (c->start > d->start) - (c->start < d->start) :
				      strcmp(c->name, d->name);
}

int rules_collect(struct work *w)
{
	uint32_t token;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && (token = ksc_profile_arch(w->p, i)); i++) {
		/* Other machines' calls cannot come here, so no rule has to suit them. */
		if (arch_is_related(token, w->p->native))
			ret = collect_arch(w, i);
	}
	if (!ret && w->nr_cells)
		qsort(w->cells, w->nr_cells, sizeof(*w->cells), compare_cells);
	return ret;
}
