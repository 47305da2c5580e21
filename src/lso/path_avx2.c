/* SPDX-License-Identifier: MIT */
/*
 * The code path for x86-64 with AVX2.
 *
 * The sum: vpmaddwd adds neighbouring signed 16-bit words into 32-bit lanes. Words are made signed
 * by subtracting 0x8000, an exclusive or; a vector has 16 words, so what has been subtracted from n
 * vectors is n << 19.
 */
#if defined(__x86_64__)

#include <immintrin.h>

#include "bytes.h"
#include "private.h"

#define PATH_TARGET __attribute__((target("avx2,bmi,bmi2")))

/* Bytes; measured. */
#define FETCH_AHEAD 1024
#define FETCH_ROOM  512

/* Of the bytes from here on, as many are all ones as lie before the middle. */
static const uint8_t ones[64] __attribute__((aligned(64))) = { [0 ... 31] = 0xff };

PATH_TARGET static inline __m256i load(const uint8_t *p)
{
	return _mm256_loadu_si256((const void *)p);
}

PATH_TARGET static inline void store(uint8_t *p, __m256i v)
{
	_mm256_storeu_si256((void *)p, v);
}

/* What a block is summed in: one sum alone would wait for itself. */
struct sums {
	__m256i a;
	__m256i b;
	__m256i bias;
	__m256i one;
};

/* kept() - a constant that is not made anew, of three instructions, for each use */
PATH_TARGET static inline __m256i kept(int16_t word)
{
	__m256i v = _mm256_set1_epi16(word);

	__asm__("" : "+x"(v));
	return v;
}

/* begin() - a has in it what is subtracted from so many vectors */
PATH_TARGET static inline struct sums begin(size_t vectors)
{
	return (struct sums){
		.a = _mm256_zextsi128_si256(_mm_cvtsi32_si128((int)(uint32_t)(vectors << 19))),
		.b = _mm256_setzero_si256(),
		.bias = kept(INT16_MIN),
		.one = kept(1),
	};
}

/* add_a(), add_b() - one after the other, so that neither waits */
PATH_TARGET static inline void add_a(struct sums *s, __m256i words)
{
	__m256i biased = _mm256_xor_si256(words, s->bias);

	s->a = _mm256_add_epi32(s->a, _mm256_madd_epi16(biased, s->one));
}

PATH_TARGET static inline void add_b(struct sums *s, __m256i words)
{
	__m256i biased = _mm256_xor_si256(words, s->bias);

	s->b = _mm256_add_epi32(s->b, _mm256_madd_epi16(biased, s->one));
}

/* finish() - of a block the true sum fits 32 bits, so modulo 2^32 it is exact */
PATH_TARGET static inline uint32_t finish(__m256i sum)
{
	__m128i v = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));

	v = _mm_add_epi32(v, _mm_srli_si128(v, 8));
	v = _mm_add_epi32(v, _mm_srli_si128(v, 4));
	return (uint32_t)_mm_cvtsi128_si32(v);
}

/* first() - the first @n bytes of 32 that are read, as if zeros followed */
PATH_TARGET static inline __m256i first(__m256i v, size_t n)
{
	return _mm256_and_si256(v, load(ones + 32 - n));
}

/* last() - the last @n bytes of 32 that are read, as if zeros were before them */
PATH_TARGET static inline __m256i last(__m256i v, size_t n)
{
	return _mm256_andnot_si256(load(ones + n), v);
}

/* sum_tiny() - fewer than 32 bytes */
static __attribute__((noinline)) uint32_t sum_tiny(const uint8_t *p, size_t n)
{
	uint64_t sum = 0;

	for (; n >= 4; p += 4, n -= 4)
		sum += load32(p);
	if (n & 2) {
		sum += load16(p);
		p += 2;
	}
	return fold32(n & 1 ? sum + htole16(*p) : sum);
}

PATH_TARGET static inline void sum_128(struct sums *s, const uint8_t *p)
{
	add_a(s, load(p));
	add_b(s, load(p + 32));
	add_a(s, load(p + 64));
	add_b(s, load(p + 96));
}

/*
 * sum_whole() - the whole vectors of @n bytes
 * Nothing behind them is asked for: it is others' memory, and where that has never been touched the
 * page tables are walked in vain each time (Zen 1: 250 ns instead of 60 for 1,480 bytes).
 */
PATH_TARGET static inline void sum_whole(struct sums *s, const uint8_t *p, size_t n)
{
	for (; n >= FETCH_AHEAD + 128; p += 128, n -= 128) {
		__builtin_prefetch(p + FETCH_AHEAD);
		__builtin_prefetch(p + FETCH_AHEAD + 64);
		sum_128(s, p);
	}
	for (; n >= 128; p += 128, n -= 128)
		sum_128(s, p);
	if (n & 64) {
		add_a(s, load(p));
		add_b(s, load(p + 32));
		p += 64;
	}
	if (n & 32)
		add_a(s, load(p));
}

/*
 * end_at() - the last 32 bytes of data up to an even number of them, and odd_end() what is behind
 * these
 * @length: 32 or more
 */
PATH_TARGET static inline __m256i end_at(const uint8_t *p, size_t length)
{
	return load(p + (length & ~(size_t)1) - 32);
}

static inline uint32_t odd_end(const uint8_t *p, size_t length)
{
	return length & 1 ? htole16(p[length - 1]) : 0;
}

/* add_end() - @n: bytes behind the whole vectors */
PATH_TARGET static inline uint32_t add_end(struct sums s, __m256i end, size_t n)
{
	add_b(&s, last(end, n & ~(size_t)1));
	return finish(_mm256_add_epi32(s.a, s.b));
}

PATH_TARGET static inline uint32_t sum_short(const uint8_t *p, size_t length)
{
	struct sums s = begin(length / 32 + 1);

	if (length < 32)
		return sum_tiny(p, length);
	sum_whole(&s, p, length);
	return add_end(s, end_at(p, length), length & 31) + odd_end(p, length);
}

/*
 * sum_long() - all loads but the first and the last aligned: one that straddles cache lines costs
 * two
 */
PATH_TARGET static inline uint32_t sum_long(const uint8_t *p, size_t length)
{
	size_t before = 32 - ((uintptr_t)p & 31);
	struct sums s = begin((length - before) / 32 + 2);

	if (before & 1)
		return sum_short(p, length);
	add_b(&s, first(load(p), before));
	sum_whole(&s, p + before, length - before);
	return add_end(s, end_at(p, length), (length - before) & 31) + odd_end(p, length);
}

PATH_TARGET static inline void copy_64(struct sums *s, uint8_t *to, const uint8_t *p)
{
	__m256i v = load(p);
	__m256i w = load(p + 32);

	store(to, v);
	store(to + 32, w);
	add_a(s, v);
	add_b(s, w);
}

/* copy_short() - what is written is asked for ahead; what is read need not be */
PATH_TARGET static inline uint32_t copy_short(uint8_t *to, const uint8_t *p, size_t length)
{
	struct sums s = begin(length / 32 + 1);
	const uint8_t *end = p + (length & ~(size_t)1);
	uint32_t odd = 0;
	__m256i v;

	if (length < 32) {
		memcpy(to, p, length);
		return sum_tiny(p, length);
	}
	for (; end - p >= 128; p += 128, to += 128) {
		__builtin_prefetch(to + FETCH_ROOM, 1);
		__builtin_prefetch(to + FETCH_ROOM + 64, 1);
		copy_64(&s, to, p);
		copy_64(&s, to + 64, p + 64);
	}
	for (; end - p >= 32; p += 32, to += 32) {
		v = load(p);
		store(to, v);
		add_a(&s, v);
	}
	to += end - p;
	v = load(end - 32);
	store(to - 32, v);
	if (length & 1) {
		odd = htole16(*end);
		*to = *end;
	}
	return add_end(s, v, (size_t)(end - p)) + odd;
}

PATH_TARGET static inline void copy_header(uint8_t *to, const uint8_t *from, size_t length)
{
	store(to, load(from));
	for (size_t at = 32; at + 32 < length; at += 32)
		store(to + at, load(from + at));
	store(to + length - 32, load(from + length - 32));
}

PATH_TARGET static inline void copy_header_wide(uint8_t *to, const uint8_t *from, size_t length)
{
	for (size_t at = 0; at < length; at += 32)
		store(to + at, load(from + at));
}

#define PATH_ENGINE lso_engine_avx2
#define PATH_ID     LSO_PATH_AVX2
#define PATH_LONG   1024 /* bytes; measured */
#define copy_long   copy_short
#define PATH_VECTOR 32
#define all_zero(v) _mm256_testz_si256((__m256i)(v), (__m256i)(v))
#include "run.h"

#endif
