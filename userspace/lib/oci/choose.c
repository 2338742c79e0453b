// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Whether explicit is right for a runtime that has a stub of its own, or flip is better.
 */
#include <errno.h>
#include <string.h>

#include "oci.h"

/* The numbers that some kernel has assigned, relative to the base. */
static const struct range {
	const char *abi;
	uint32_t first, last;
} assigned[] = {
#include "assigned-table.h"
};

#define ASSIGNED_END	(assigned + ARRAY_SIZE(assigned))

/* From the base on; what is beyond them is looked for one by one. */
#define NUMBERS		1024

/* What rules and stub make of one ABI. */
struct side {
	struct ksc_oci *o;
	const struct ksc_policy *policy;
	const struct ksc_abi *abi;
	uint32_t token;
	uint32_t def_action;	/* of the profile as it was */
	uint32_t max;		/* above it the stub answers; 0: there is none */
	const struct range *r, *end;	/* the ABI's ranges from the one that is next */
	bool tells;		/* what is guessed wrong, in the report */
	bool noted[NUMBERS];	/* by a note that was there before */
};

struct tally {
	size_t wrong, by_mode;	/* answers; and those that another mode may give */
	uint32_t token, nr;	/* the first of the latter */
	size_t guessed;
	uint32_t guessed_token, guessed_nr;	/* the first of those */
};

static bool is_s390(uint32_t token)
{
	return token == SCMP_ARCH_S390 || token == SCMP_ARCH_S390X;
}

static bool stub_answers(const struct side *s, uint32_t nr)
{
	/* 0 since 1.1.3, which not all of the old ones are. */
	return s->max && (nr > s->max || (!nr && is_s390(s->token) &&
					  s->o->stub == KSC_RUNTIME_RUNC));
}

static const struct rules_note *find_note(const struct side *s, uint32_t nr)
{
	const struct rules_note *n, *end = s->o->notes.v + s->o->notes.n;

	for (n = s->o->notes.v; n < end; n++) {
		if (n->token ? n->token == s->token && nr >= n->nr && nr <= n->last :
		    seccomp_syscall_resolve_name_arch(s->token, n->name) == (int)nr)
			return n;
	}
	return NULL;
}

static void mark(struct side *s, uint32_t first, uint32_t last)
{
	uint32_t base = ksc_abi_base(s->abi), nr;

	for (nr = first > base ? first - base : 0; nr < NUMBERS && base + nr <= last; nr++)
		s->noted[nr] = true;
}

/* Most numbers have no note, and to look through all of them for each takes its time. */
static void mark_noted(struct side *s)
{
	const struct rules_note *n, *end = s->o->notes.v + s->o->notes.n;
	int nr;

	memset(s->noted, 0, sizeof(s->noted));
	for (n = s->o->notes.v; n < end; n++) {
		if (n->token == s->token)
			mark(s, n->nr, n->last);
		if (n->token)
			continue;
		nr = seccomp_syscall_resolve_name_arch(s->token, n->name);
		if (nr >= 0)
			mark(s, (uint32_t)nr, (uint32_t)nr);
	}
}

/* The stub's answer is the same in every mode, but how far up it reaches is not. */
static bool is_guessed_wrong(const struct side *s, uint32_t nr)
{
	uint32_t want = ksc_verdict(s->policy, ksc_audit_arch_of(s->token), nr) ?: s->def_action;

	return want != ksc_ret_enosys(s->token);
}

static void find_ranges(const struct ksc_abi *abi, const struct range **first,
			const struct range **end)
{
	const char *id = ksc_abi_id(abi);

	for (*first = assigned; *first < ASSIGNED_END && strcmp((*first)->abi, id); ++*first)
		;
	for (*end = *first; *end < ASSIGNED_END && !strcmp((*end)->abi, id); ++*end)
		;
}

uint32_t rules_next_assigned(const struct ksc_abi *abi, uint32_t nr)
{
	const struct range *r, *end;

	for (find_ranges(abi, &r, &end); r < end && r->last < nr; r++)
		;
	return r == end ? UINT32_MAX : r->first > nr ? r->first : nr;
}

/* Of numbers that are asked for in order. */
static bool is_assigned(struct side *s, uint32_t nr)
{
	while (s->r < s->end && nr > s->r->last)
		s->r++;
	if (s->r < s->end && nr >= s->r->first)
		return true;
	/* What s390's kernel does not know arrives as 0; others may have what is newer than we. */
	return (!nr && is_s390(s->token)) || ksc_abi_implemented(s->abi, nr) == 1;
}

static int tell_guess(const struct side *s, uint32_t nr)
{
	const char *name = ksc_verdict_name(s->policy, ksc_audit_arch_of(s->token), nr);
	struct rules_note n = {
		.kind = RULES_STUB, .token = s->token, .nr = nr, .last = nr, .name = (char *)name,
	};

	return rules_note(&s->o->notes, n, "%u%s%s: %s answers ENOSYS by itself above %u", nr,
			  name ? " " : "", name ?: "", s->o->runtime, s->max);
}

static int count_wrong(struct side *s, struct tally *t)
{
	uint32_t base = ksc_abi_base(s->abi), nr, last = ksc_abi_nr_syscalls(s->abi);
	const struct rules_note *n;
	bool guessed, wrong;
	int ret = 0;

	mark_noted(s);
	find_ranges(s->abi, &s->r, &s->end);
	if (s->end > s->r && s->end[-1].last > last)
		last = s->end[-1].last;
	for (nr = 0; !ret && nr <= last; nr++) {
		if (!is_assigned(s, nr))
			continue;
		guessed = stub_answers(s, base + nr);
		n = guessed || (nr < NUMBERS && !s->noted[nr]) ? NULL : find_note(s, base + nr);
		wrong = guessed ? is_guessed_wrong(s, base + nr) : !!n;
		t->wrong += wrong;
		if (guessed && wrong && !t->guessed++) {
			t->guessed_token = s->token;
			t->guessed_nr = base + nr;
		}
		if (s->tells && guessed && wrong && !find_note(s, base + nr))
			ret = tell_guess(s, base + nr);
		/* What else a note tells is that names are not numbers, in either mode. */
		if (!wrong || (n && n->kind != RULES_NO_NAME) || t->by_mode++)
			continue;
		t->token = s->token;
		t->nr = base + nr;
	}
	return ret;
}

static bool covers(const struct ksc_profile *p, uint32_t token)
{
	uint32_t arch;
	size_t i;

	for (i = 0; (arch = ksc_profile_arch(p, i)) && arch != token; i++)
		;
	return arch;
}

/*
 * Numbers that no kernel has given to a call are no program's concern, nor are ABIs that
 * this boot does not offer.
 */
static int count_all(struct ksc_oci *o, const struct ksc_policy *policy,
		     const struct ksc_profile *original, const struct ksc_profile *result,
		     bool tells, struct tally *t)
{
	struct side s = {
		.o = o, .policy = policy, .def_action = original->def_action, .tells = tells,
	};
	int ret = 0;

	*t = (struct tally){ 0 };
	ksc_abi_foreach(s.abi, o->k) {
		s.token = ksc_abi_scmp_arch(s.abi);
		if (ret || !ksc_abi_nr_implemented(s.abi) || !covers(original, s.token))
			continue;
		s.max = profile_stub_max(result, o->stub, s.token);
		ret = count_wrong(&s, t);
	}
	return ret;
}

int oci_weigh_rules(struct ksc_oci *o, const struct ksc_policy *policy,
		    const struct ksc_profile *original, const struct ksc_profile *result)
{
	struct tally t;
	int ret = count_all(o, policy, original, result, false, &t);

	if (ret)
		return ret;
	if (o->used == KSC_OCI_FLIP)
		return t.wrong < o->wrong ? 0 :
		       oci_fail(o, -EOPNOTSUPP, "mode flip: no fewer of the numbers that kernels "
				"have would be answered as they should not");
	o->wrong = t.wrong;
	if (!t.by_mode)
		return 0;
	return oci_fail(o, -EOPNOTSUPP, "mode explicit: neither its rules nor %s would answer %zu "
			"of the numbers that kernels have as they should, the first %u of %s",
			o->runtime, t.by_mode, t.nr, arch_to_oci(t.token));
}

/* Left to choose, it is the mode that leaves the fewest. */
int oci_tell_guesses(struct ksc_oci *o, const struct ksc_policy *policy,
		     const struct ksc_profile *original, const struct ksc_profile *result)
{
	struct tally t;
	int ret;

	if (!*o->runtime || o->stub == KSC_RUNTIME_CRUN)
		return 0;
	ret = count_all(o, policy, original, result, true, &t);
	if (ret || !t.guessed || !o->strict || o->mode == KSC_OCI_AUTO)
		return ret;
	return oci_fail(o, -EOPNOTSUPP, "mode %s: %s itself would answer ENOSYS to %zu of the "
			"numbers that kernels have and that should get another answer, the first "
			"%u of %s; use mode auto", oci_mode_names[o->used], o->runtime, t.guessed,
			t.guessed_nr, arch_to_oci(t.guessed_token));
}
