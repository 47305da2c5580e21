/* SPDX-License-Identifier: MIT */
/*
 * The code path for x86-64 with AVX2.
 *
 * The sum: 32-bit lanes add whole double words, and others their upper words alone. The first
 * overflow, but less 2^16 times the second they are the lower words' sum, modulo 2^32, and that is
 * exact below 2^16 vectors.
 */
#if defined(__x86_64__)

#include <immintrin.h>

#include "bytes.h"
#include "private.h"

#define PATH_TARGET __attribute__((target("avx2,bmi,bmi2")))

#define BLOCK       65536u

struct lanes {
	__m256i all;
	__m256i upper;
};

PATH_TARGET static inline void add_words(struct lanes *sum, __m256i words)
{
	sum->all = _mm256_add_epi32(sum->all, words);
	sum->upper = _mm256_add_epi32(sum->upper, _mm256_srli_epi32(words, 16));
}

PATH_TARGET static inline __m256i load(const uint8_t *p)
{
	__m256i v = _mm256_loadu_si256((const void *)p);

	/* Else the compiler loads it twice, to save a register. */
	__asm__("" : "+x"(v));
	return v;
}

/* finish() - of a block the true sum fits 32 bits, so modulo 2^32 it is exact */
PATH_TARGET static inline uint32_t finish(struct lanes sum)
{
	__m256i lower = _mm256_sub_epi32(sum.all, _mm256_slli_epi32(sum.upper, 16));
	__m256i both = _mm256_add_epi32(lower, sum.upper);
	__m128i v = _mm_add_epi32(_mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1));

	v = _mm_add_epi32(v, _mm_srli_si128(v, 8));
	v = _mm_add_epi32(v, _mm_srli_si128(v, 4));
	return (uint32_t)_mm_cvtsi128_si32(v);
}

/* add_last() - the last bytes of data, fewer than 32, as if zeros followed */
PATH_TARGET static inline uint32_t add_last(struct lanes *sum, const uint8_t *p, size_t n)
{
	const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
	const __m256i mask = _mm256_cmpgt_epi32(_mm256_set1_epi32((int)(n / 4)), lane);
	uint32_t rest = 0;

	/* A masked load does not touch what it leaves out. */
	add_words(sum, _mm256_maskload_epi32((const void *)p, mask));
	p += n / 4 * 4;
	if (n & 2) {
		rest = load16(p);
		p += 2;
	}
	return n & 1 ? rest + htole16(*p) : rest;
}

/* add_128() - 128 bytes, in two sums: one alone would wait for itself */
PATH_TARGET static inline void add_128(struct lanes *a, struct lanes *b, const uint8_t *p)
{
	add_words(a, load(p));
	add_words(b, load(p + 32));
	add_words(a, load(p + 64));
	add_words(b, load(p + 96));
}

PATH_TARGET static inline struct lanes add_lanes(struct lanes a, struct lanes b)
{
	a.all = _mm256_add_epi32(a.all, b.all);
	a.upper = _mm256_add_epi32(a.upper, b.upper);
	return a;
}

PATH_TARGET static inline uint32_t sum_short(const uint8_t *p, size_t n)
{
	struct lanes a = { _mm256_setzero_si256(), _mm256_setzero_si256() };
	struct lanes b = a;
	uint32_t rest = 0;

	for (; n >= 256; p += 256, n -= 256) {
		add_128(&a, &b, p);
		add_128(&a, &b, p + 128);
	}
	for (; n >= 32; p += 32, n -= 32)
		add_words(&a, load(p));
	if (n)
		rest = add_last(&b, p, n);
	return finish(add_lanes(a, b)) + rest;
}

/* copy_last() - the last @n bytes, fewer than 32, of a copy of @length */
PATH_TARGET static inline void copy_last(uint8_t *to, const uint8_t *p, size_t n, size_t length)
{
	if (length >= 32) { /* a whole vector that overlaps what is there already */
		const __m256i v = _mm256_loadu_si256((const void *)(p + n - 32));

		_mm256_storeu_si256((void *)(to + n - 32), v);
		return;
	}
	if (n >= 16) {
		const __m128i head = _mm_loadu_si128((const void *)p);
		const __m128i tail = _mm_loadu_si128((const void *)(p + n - 16));

		_mm_storeu_si128((void *)to, head);
		_mm_storeu_si128((void *)(to + n - 16), tail);
		return;
	}
	for (size_t i = 0; i < n; i++)
		to[i] = p[i];
}

PATH_TARGET static inline void copy_64(struct lanes *sum, uint8_t *to, const uint8_t *p)
{
	__m256i v = load(p);
	__m256i w = load(p + 32);

	_mm256_storeu_si256((void *)to, v);
	_mm256_storeu_si256((void *)(to + 32), w);
	add_words(sum, v);
	add_words(sum, w);
}

PATH_TARGET static inline uint32_t copy_short(uint8_t *to, const uint8_t *p, size_t length)
{
	struct lanes a = { _mm256_setzero_si256(), _mm256_setzero_si256() };
	uint32_t rest = 0;
	size_t n = length;

	for (; n >= 256; p += 256, to += 256, n -= 256) {
		copy_64(&a, to, p);
		copy_64(&a, to + 64, p + 64);
		copy_64(&a, to + 128, p + 128);
		copy_64(&a, to + 192, p + 192);
	}
	for (; n >= 64; p += 64, to += 64, n -= 64)
		copy_64(&a, to, p);
	if (n >= 32) {
		__m256i v = load(p);

		_mm256_storeu_si256((void *)to, v);
		add_words(&a, v);
		p += 32;
		to += 32;
		n -= 32;
	}
	if (n) {
		rest = add_last(&a, p, n);
		copy_last(to, p, n, length);
	}
	return finish(a) + rest;
}

PATH_TARGET static inline void copy_header(uint8_t *to, const uint8_t *from, size_t length)
{
	for (; length > 32; to += 32, from += 32, length -= 32)
		_mm256_storeu_si256((void *)to, _mm256_load_si256((const void *)from));
	_mm256_storeu_si256((void *)(to + length - 32),
			    _mm256_loadu_si256((const void *)(from + length - 32)));
}

PATH_TARGET static inline void copy_header_wide(uint8_t *to, const uint8_t *from, size_t length)
{
	for (size_t at = 0; at < length; at += 32)
		_mm256_storeu_si256((void *)(to + at),
				    _mm256_load_si256((const void *)(from + at)));
}

#define PATH_ENGINE lso_engine_avx2
#define PATH_ID     LSO_PATH_AVX2
#include "run.h"

#endif
