/* SPDX-License-Identifier: MIT */
/*
 * The code path for any machine: the compiler's own vectors of 16 bytes, which it makes of whatever
 * the machine has. The sum is made as in path_avx2.c.
 */
#include "bytes.h"
#include "private.h"

#define PATH_TARGET

typedef uint32_t words __attribute__((vector_size(16)));

struct lanes {
	words all;   /* modulo 2^32 */
	words upper; /* the upper 16 bits of each alone: exact below 2^16 vectors */
};

static inline words load_words(const uint8_t *p)
{
	words w;

	memcpy(&w, p, sizeof(w));
	return w;
}

static inline void store_words(uint8_t *p, words w)
{
	memcpy(p, &w, sizeof(w));
}

static inline void add_words(struct lanes *sum, words w)
{
	sum->all += w;
	sum->upper += w >> 16;
}

/* finish() - of a block the true sum fits 32 bits, so modulo 2^32 it is exact */
static inline uint32_t finish(const struct lanes *a, const struct lanes *b)
{
	words upper = a->upper + b->upper;
	words both = a->all + b->all - (upper << 16) + upper;

	return both[0] + both[1] + (both[2] + both[3]);
}

/* sum_last() - up to 15 bytes, as if zeros followed */
static inline uint32_t sum_last(const uint8_t *p, size_t n)
{
	uint64_t sum = 0;

	if (n & 8) {
		sum = (uint64_t)load32(p) + load32(p + 4);
		p += 8;
	}
	if (n & 4) {
		sum += load32(p);
		p += 4;
	}
	if (n & 2) {
		sum += load16(p);
		p += 2;
	}
	if (n & 1)
		sum += htole16(*p);
	return fold32(sum);
}

/* copy_last() - up to 15 bytes, without a call */
static inline void copy_last(uint8_t *to, const uint8_t *p, size_t n)
{
	if (n & 8) {
		memcpy(to, p, 8);
		to += 8;
		p += 8;
	}
	if (n & 4) {
		memcpy(to, p, 4);
		to += 4;
		p += 4;
	}
	if (n & 2) {
		memcpy(to, p, 2);
		to += 2;
		p += 2;
	}
	if (n & 1)
		*to = *p;
}

static inline uint32_t sum_short(const uint8_t *p, size_t n)
{
	struct lanes a = { { 0 }, { 0 } };
	struct lanes b = { { 0 }, { 0 } };

	for (; n >= 64; p += 64, n -= 64) {
		add_words(&a, load_words(p));
		add_words(&b, load_words(p + 16));
		add_words(&a, load_words(p + 32));
		add_words(&b, load_words(p + 48));
	}
	for (; n >= 16; p += 16, n -= 16)
		add_words(&a, load_words(p));
	return fold32((uint64_t)finish(&a, &b) + sum_last(p, n));
}

static inline uint32_t copy_short(uint8_t *to, const uint8_t *p, size_t n)
{
	struct lanes a = { { 0 }, { 0 } };
	struct lanes b = { { 0 }, { 0 } };

	for (; n >= 64; p += 64, to += 64, n -= 64) {
		const words v = load_words(p);
		const words w = load_words(p + 16);
		const words x = load_words(p + 32);
		const words y = load_words(p + 48);

		store_words(to, v);
		store_words(to + 16, w);
		store_words(to + 32, x);
		store_words(to + 48, y);
		add_words(&a, v);
		add_words(&b, w);
		add_words(&a, x);
		add_words(&b, y);
	}
	for (; n >= 16; p += 16, to += 16, n -= 16) {
		const words w = load_words(p);

		store_words(to, w);
		add_words(&a, w);
	}
	copy_last(to, p, n);
	return fold32((uint64_t)finish(&a, &b) + sum_last(p, n));
}

static inline void copy_header(uint8_t *to, const uint8_t *from, size_t length)
{
	for (; length > 16; to += 16, from += 16, length -= 16)
		memcpy(to, from, 16);
	memcpy(to + length - 16, from + length - 16, 16);
}

static inline void copy_header_wide(uint8_t *to, const uint8_t *from, size_t length)
{
	for (size_t at = 0; at < length; at += 16)
		memcpy(to + at, from + at, 16);
}

#define PATH_ENGINE lso_engine_portable
#define PATH_ID     LSO_PATH_PORTABLE
#include "run.h"
