// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * SHA-256, FIPS 180-4. Here because the core has no dependencies and a cache
 * key must be the same whoever computes it.
 */
#include <string.h>

#include "private.h"

static const uint32_t round_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5,
	0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
	0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
	0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
	0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t ror(uint32_t x, unsigned int n)
{
	return x >> n | x << (32 - n);
}

/*
 * One round. The eight words turn by one place each time, which is their names' turning: after
 * eight rounds each is where it was, and none was moved.
 */
static inline void sha256_round(const uint32_t *a, const uint32_t *b, const uint32_t *c,
				uint32_t *d, const uint32_t *e, const uint32_t *f,
				const uint32_t *g, uint32_t *h, uint32_t kw)
{
	*h += (ror(*e, 6) ^ ror(*e, 11) ^ ror(*e, 25)) + (*g ^ (*e & (*f ^ *g))) + kw;
	*d += *h;
	*h += (ror(*a, 2) ^ ror(*a, 13) ^ ror(*a, 22)) + ((*a & *b) | (*c & (*a | *b)));
}

static void sha256_block(uint32_t state[8], const uint8_t *p)
{
	uint32_t w[64], a = state[0], b = state[1], c = state[2], d = state[3], e = state[4],
		 f = state[5], g = state[6], h = state[7];
	unsigned int i;

	for (i = 0; i < 16; i++)
		w[i] = (uint32_t)p[4 * i] << 24 | (uint32_t)p[4 * i + 1] << 16 |
		       (uint32_t)p[4 * i + 2] << 8 | p[4 * i + 3];
	for (; i < 64; i++)
		w[i] = w[i - 16] + w[i - 7] +
		       (ror(w[i - 15], 7) ^ ror(w[i - 15], 18) ^ w[i - 15] >> 3) +
		       (ror(w[i - 2], 17) ^ ror(w[i - 2], 19) ^ w[i - 2] >> 10);

	for (i = 0; i < 64; i += 8) {
		const uint32_t *k = round_constants + i, *x = w + i;

		sha256_round(&a, &b, &c, &d, &e, &f, &g, &h, k[0] + x[0]);
		sha256_round(&h, &a, &b, &c, &d, &e, &f, &g, k[1] + x[1]);
		sha256_round(&g, &h, &a, &b, &c, &d, &e, &f, k[2] + x[2]);
		sha256_round(&f, &g, &h, &a, &b, &c, &d, &e, k[3] + x[3]);
		sha256_round(&e, &f, &g, &h, &a, &b, &c, &d, k[4] + x[4]);
		sha256_round(&d, &e, &f, &g, &h, &a, &b, &c, k[5] + x[5]);
		sha256_round(&c, &d, &e, &f, &g, &h, &a, &b, k[6] + x[6]);
		sha256_round(&b, &c, &d, &e, &f, &g, &h, &a, k[7] + x[7]);
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
	state[5] += f;
	state[6] += g;
	state[7] += h;
}

void ksc_sha256_init(struct ksc_sha256 *s)
{
	static const uint32_t start[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	};

	memcpy(s->state, start, sizeof(start));
	s->len = 0;
}

void ksc_sha256_update(struct ksc_sha256 *s, const void *data, size_t len)
{
	size_t have = s->len % sizeof(s->block);
	const uint8_t *p = data;

	s->len += len;
	while (len) {
		size_t n = sizeof(s->block) - have;

		if (n > len)
			n = len;
		memcpy(s->block + have, p, n);
		have += n;
		p += n;
		len -= n;
		if (have < sizeof(s->block))
			break;
		sha256_block(s->state, s->block);
		have = 0;
	}
}

void ksc_sha256_final(struct ksc_sha256 *s, uint8_t out[32])
{
	static const uint8_t pad[64] = { 0x80 };
	uint64_t bits = s->len * 8;
	uint8_t tail[8];
	unsigned int i;

	for (i = 0; i < 8; i++)
		tail[i] = (uint8_t)(bits >> (56 - 8 * i));
	/* Up to the last eight bytes of a block, through another block if need be. */
	ksc_sha256_update(s, pad, 1 + (119 - s->len % 64) % 64);
	ksc_sha256_update(s, tail, sizeof(tail));
	for (i = 0; i < 32; i++)
		out[i] = (uint8_t)(s->state[i / 4] >> (24 - 8 * (i % 4)));
}
