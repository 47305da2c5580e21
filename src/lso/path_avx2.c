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

PATH_TARGET static inline uint32_t finish(struct lanes sum)
{
	__m256i lower = _mm256_sub_epi32(sum.all, _mm256_slli_epi32(sum.upper, 16));
	__m256i both = _mm256_add_epi32(lower, sum.upper);
	__m128i v = _mm_add_epi32(_mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1));
	uint64_t two;

	v = _mm_add_epi32(v, _mm_srli_si128(v, 8));
	two = (uint64_t)_mm_cvtsi128_si64(v);
	return fold32((two & 0xffffffff) + (two >> 32));
}

/* The last bytes of data, fewer than 32, as if zeros followed. */
PATH_TARGET static inline __m256i load_last(const uint8_t *p, size_t n)
{
	uint8_t bytes[32] __attribute__((aligned(32))) = { 0 };

	memcpy(bytes, p, n);
	return load(bytes);
}

PATH_TARGET static inline uint32_t sum_block(const uint8_t *p, size_t n)
{
	struct lanes a = { _mm256_setzero_si256(), _mm256_setzero_si256() };

	for (; n >= 128; p += 128, n -= 128) {
		add_words(&a, load(p));
		add_words(&a, load(p + 32));
		add_words(&a, load(p + 64));
		add_words(&a, load(p + 96));
	}
	for (; n >= 32; p += 32, n -= 32)
		add_words(&a, load(p));
	if (n)
		add_words(&a, load_last(p, n));
	return finish(a);
}

PATH_TARGET static inline uint32_t copy_block(uint8_t *to, const uint8_t *p, size_t n)
{
	struct lanes a = { _mm256_setzero_si256(), _mm256_setzero_si256() };
	__m256i v, w;

	for (; n >= 64; p += 64, to += 64, n -= 64) {
		v = load(p);
		w = load(p + 32);
		_mm256_storeu_si256((void *)to, v);
		_mm256_storeu_si256((void *)(to + 32), w);
		add_words(&a, v);
		add_words(&a, w);
	}
	if (n >= 32) {
		v = load(p);
		_mm256_storeu_si256((void *)to, v);
		add_words(&a, v);
		p += 32;
		to += 32;
		n -= 32;
	}
	if (n) {
		add_words(&a, load_last(p, n));
		memcpy(to, p, n);
	}
	return finish(a);
}

PATH_TARGET static inline void copy_header(uint8_t *to, const uint8_t *from, size_t length)
{
	for (; length > 32; to += 32, from += 32, length -= 32)
		_mm256_storeu_si256((void *)to, _mm256_load_si256((const void *)from));
	_mm256_storeu_si256((void *)(to + length - 32),
			    _mm256_loadu_si256((const void *)(from + length - 32)));
}

#include "run.h"

const struct engine lso_engine_avx2 = {
	.path = LSO_PATH_AVX2,
	.sum = path_sum,
	.copy_sum = path_copy_sum,
	.next_frames = path_next_frames,
	.next_iovs = path_next_iovs,
};

#endif
