// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>
#include <string.h>

#include <ksyscalls-oci.h>

#include "fixtures.h"
#include "samples.h"

#define POOL	256

struct pool {
	size_t n;
	uint64_t v[POOL];
};

static void pool_add(struct pool *p, uint64_t v)
{
	if (p->n < POOL)
		p->v[p->n++] = v;
}

/* Around each constant: itself, its neighbours, each bit of its mask, and the high half. */
static void pool_condition(struct pool *p, const struct scmp_arg_cmp *c)
{
	bool masked = c->op == SCMP_CMP_MASKED_EQ;
	uint64_t v = masked ? c->datum_b : c->datum_a, mask = masked ? c->datum_a : 0;
	int bit;

	pool_add(p, v);
	pool_add(p, v - 1);
	pool_add(p, v + 1);
	pool_add(p, v | 1ULL << 32);
	pool_add(p, v ^ 1ULL << 63);
	pool_add(p, ~v);
	for (bit = 0; bit < 64; bit++) {
		if (mask & 1ULL << bit)
			pool_add(p, v ^ 1ULL << bit);
	}
	for (bit = 0; !masked && bit < 32; bit += 5)
		pool_add(p, v ^ 1ULL << bit);
}

/* Most differ in their first letter, and the sanitizers' strcmp() is slow. */
static bool same(const char *a, const char *b)
{
	return *a == *b && !strcmp(a, b);
}

/* What i386 has no number for, libseccomp counts down from here. */
static int mux_of(const char *name)
{
	if (!strcmp(name, "socketcall"))
		return -100;
	return strcmp(name, "ipc") ? 0 : -200;
}

static bool is_call_of(int mux, const char *call)
{
	int nr = seccomp_syscall_resolve_name_arch(SCMP_ARCH_X86, call);

	return nr <= mux && nr > mux - 100;
}

void samples_make(const struct ksc_profile *p, const char *name, struct samples *s)
{
	const struct ksc_profile_rule *r;
	struct pool pool[6] = { { 0 } };
	uint32_t seed = 0x5eed;
	unsigned int i, j;
	int mux = name ? mux_of(name) : 0;
	bool rules = false;
	const struct scmp_arg_cmp *args;
	unsigned int nr_args;
	size_t at;

	ksc_profile_rule_foreach(r, p) {
		if (!name)
			break;
		if (!same(ksc_profile_rule_name(r), name) &&
		    !(mux && is_call_of(mux, ksc_profile_rule_name(r))))
			continue;
		args = ksc_profile_rule_args(r, &nr_args);
		for (i = 0; i < nr_args; i++)
			pool_condition(&pool[args[i].arg], &args[i]);
		rules |= nr_args;
	}
	memset(s->v, 0, sizeof(s->v));
	s->n = 0;
	memset(s->v[s->n++], 0xff, sizeof(s->v[0]));
	s->n++;
	if (!rules && !mux)
		return;
	for (i = 0; i < 6; i++) {
		for (j = 0; mux && !i && j < 30; j++)
			pool_add(&pool[i], j);
		pool_add(&pool[i], 0);
		pool_add(&pool[i], UINT64_MAX);
		pool_add(&pool[i], 1ULL << 32);
	}
	/* Each value of each pool once, beside random ones of the other pools. */
	for (i = 0, at = 0; s->n < SAMPLES; s->n++) {
		for (j = 0; j < 6; j++)
			s->v[s->n][j] = pool[j].v[fixture_random(&seed) % pool[j].n];
		while (i < 6 && at == pool[i].n) {
			i++;
			at = 0;
		}
		if (i < 6)
			s->v[s->n][i] = pool[i].v[at++];
	}
}
