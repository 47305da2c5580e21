/* SPDX-License-Identifier: MIT */
/*
 * The code path for x86-64 with AVX-512 and VNNI (Cascade Lake, Zen 4 and later).
 *
 * The sum: vpdpwssd adds both signed 16-bit words of a 32-bit lane to it in one instruction. Words
 * are made signed by subtracting 0x8000, an exclusive or; a vector has 32 words, so what has been
 * subtracted from n vectors is n << 20.
 */
#if defined(__x86_64__)

#include <immintrin.h>

#include "fields.h"
#include "private.h"

#define PATH_TARGET __attribute__((target("avx2,bmi,bmi2,avx512f,avx512bw,avx512vl,avx512vnni")))

PATH_TARGET static inline __m512i add_words(__m512i sum, __m512i words)
{
	return _mm512_dpwssd_epi32(sum, _mm512_xor_si512(words, _mm512_set1_epi16(INT16_MIN)),
				   _mm512_set1_epi16(1));
}

PATH_TARGET static inline __m256i add_half(__m256i sum, __m256i words)
{
	return _mm256_dpwssd_epi32(sum, _mm256_xor_si256(words, _mm256_set1_epi16(INT16_MIN)),
				   _mm256_set1_epi16(1));
}

/* begin() - a sum that has in it what is subtracted from so many vectors */
PATH_TARGET static inline __m512i begin(size_t vectors)
{
	return _mm512_zextsi128_si512(_mm_cvtsi32_si128((int)(uint32_t)(vectors << 20)));
}

/* finish() - of a block the true sum fits 32 bits, so modulo 2^32 it is exact */
PATH_TARGET static inline uint32_t finish(__m256i sum)
{
	__m128i v = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));

	v = _mm_add_epi32(v, _mm_srli_si128(v, 8));
	v = _mm_add_epi32(v, _mm_srli_si128(v, 4));
	return (uint32_t)_mm_cvtsi128_si32(v);
}

PATH_TARGET static inline __m256i halves(__m512i v)
{
	return _mm256_add_epi32(_mm512_castsi512_si256(v), _mm512_extracti64x4_epi64(v, 1));
}

/* add_up() - four sums that were made at a time: each addition waits five cycles for the last one
 */
PATH_TARGET static inline __m512i add_up(__m512i a, __m512i b, __m512i c, __m512i d)
{
	return _mm512_add_epi32(_mm512_add_epi32(a, b), _mm512_add_epi32(c, d));
}

/* first() - a mask of the first @n bytes of 64; @n is below 64 */
PATH_TARGET static inline __mmask64 first(size_t n)
{
	return _cvtu64_mask64(_bzhi_u64(~0ull, (unsigned int)n));
}

/*
 * sum_long() - all loads aligned: one that straddles cache lines costs two. The vectors at both
 * ends are shared with what lies there, and masked: a masked load does not touch what it leaves
 * out. Words of data at an odd address are read across, so the sum's bytes are swapped.
 * @length: 64 or more
 */
PATH_TARGET static inline uint32_t sum_long(const uint8_t *data, size_t length)
{
	const uint8_t *end = data + length;
	const uint8_t *p = data - ((uintptr_t)data & 63);
	const uint8_t *last = end - ((uintptr_t)end & 63);
	const __mmask64 head = _cvtu64_mask64(~0ull << ((uintptr_t)data & 63));
	const __mmask64 tail = first((uintptr_t)end & 63);
	const size_t vectors = (size_t)(last - p) / 64 + 1;
	__m512i a = begin(vectors);
	__m512i b = _mm512_setzero_si512();
	__m512i c = b;
	__m512i d = b;
	uint32_t sum;

	b = add_words(b, _mm512_maskz_loadu_epi8(head, p));
	p += 64;
	for (; last - p >= 256; p += 256) {
		a = add_words(a, _mm512_load_si512(p));
		b = add_words(b, _mm512_load_si512(p + 64));
		c = add_words(c, _mm512_load_si512(p + 128));
		d = add_words(d, _mm512_load_si512(p + 192));
	}
	for (; p != last; p += 64)
		a = add_words(a, _mm512_load_si512(p));
	b = add_words(b, _mm512_maskz_loadu_epi8(tail, p));
	sum = finish(halves(add_up(a, b, c, d)));
	return (uintptr_t)data & 1 ? swap_sum(sum) : sum;
}

/* sum_short() - where the same number of turns each time is worth more than aligned loads */
PATH_TARGET static inline uint32_t sum_short(const uint8_t *p, size_t length)
{
	const uint8_t *end = p + length / 64 * 64;
	const __mmask64 rest = first(length % 64);
	__m512i a = begin(length / 64 + 1);
	__m512i b = _mm512_setzero_si512();
	__m512i c = b;
	__m512i d = b;

	for (; end - p >= 256; p += 256) {
		a = add_words(a, _mm512_loadu_si512(p));
		b = add_words(b, _mm512_loadu_si512(p + 64));
		c = add_words(c, _mm512_loadu_si512(p + 128));
		d = add_words(d, _mm512_loadu_si512(p + 192));
	}
	for (; p != end; p += 64)
		a = add_words(a, _mm512_loadu_si512(p));
	b = add_words(b, _mm512_maskz_loadu_epi8(rest, p));
	return finish(halves(add_up(a, b, c, d)));
}

/* The sums of a copy under way: one alone would wait for itself. */
struct sums {
	__m512i a;
	__m512i b;
};

struct half_sums {
	__m256i a;
	__m256i b;
};

PATH_TARGET static inline void copy_128(struct sums *sums, uint8_t *to, const uint8_t *p)
{
	__m512i v = _mm512_loadu_si512(p);
	__m512i w = _mm512_loadu_si512(p + 64);

	_mm512_storeu_si512(to, v);
	_mm512_storeu_si512(to + 64, w);
	sums->a = add_words(sums->a, v);
	sums->b = add_words(sums->b, w);
}

/* copy_128_halves() - the same by half vectors, of which a cycle can store one */
PATH_TARGET static inline void copy_128_halves(struct half_sums *sums, uint8_t *to,
					       const uint8_t *p)
{
	__m256i v = _mm256_loadu_si256((const void *)p);
	__m256i w = _mm256_loadu_si256((const void *)(p + 32));
	__m256i x = _mm256_loadu_si256((const void *)(p + 64));
	__m256i y = _mm256_loadu_si256((const void *)(p + 96));

	_mm256_storeu_si256((void *)to, v);
	_mm256_storeu_si256((void *)(to + 32), w);
	_mm256_storeu_si256((void *)(to + 64), x);
	_mm256_storeu_si256((void *)(to + 96), y);
	sums->a = add_half(sums->a, v);
	sums->b = add_half(sums->b, w);
	sums->a = add_half(sums->a, x);
	sums->b = add_half(sums->b, y);
}

/* copy_short() - whole vectors: few instructions, so that one segment overlaps with the next */
PATH_TARGET static inline uint32_t copy_short(uint8_t *to, const uint8_t *p, size_t length)
{
	const uint8_t *end = p + length / 64 * 64;
	const __mmask64 rest = first(length % 64);
	struct sums sums = { begin(length / 64 + 1), _mm512_setzero_si512() };
	__m512i v;

	for (; end - p >= 256; p += 256, to += 256) {
		copy_128(&sums, to, p);
		copy_128(&sums, to + 128, p + 128);
	}
	for (; p != end; p += 64, to += 64) {
		v = _mm512_loadu_si512(p);
		_mm512_storeu_si512(to, v);
		sums.a = add_words(sums.a, v);
	}
	/* Not a whole vector that overlaps the last: that waits for it, and costs twice as much. */
	v = _mm512_maskz_loadu_epi8(rest, p);
	_mm512_mask_storeu_epi8(to, rest, v);
	sums.b = add_words(sums.b, v);
	return finish(halves(_mm512_add_epi32(sums.a, sums.b)));
}

/* copy_long() - a long copy goes on without pauses: half vectors are then the faster ones */
PATH_TARGET static inline uint32_t copy_long(uint8_t *to, const uint8_t *p, size_t length)
{
	const uint8_t *end = p + length / 64 * 64;
	const __mmask64 rest = first(length % 64);
	struct half_sums sums = { _mm512_castsi512_si256(begin(length / 64 + 1)),
				  _mm256_setzero_si256() };
	__m512i tail;

	for (; end - p >= 128; p += 128, to += 128)
		copy_128_halves(&sums, to, p);
	for (; p != end; p += 64, to += 64) {
		__m256i v = _mm256_loadu_si256((const void *)p);
		__m256i w = _mm256_loadu_si256((const void *)(p + 32));

		_mm256_storeu_si256((void *)to, v);
		_mm256_storeu_si256((void *)(to + 32), w);
		sums.a = add_half(sums.a, v);
		sums.b = add_half(sums.b, w);
	}
	tail = _mm512_maskz_loadu_epi8(rest, p);
	_mm512_mask_storeu_epi8(to, rest, tail);
	tail = add_words(_mm512_setzero_si512(), tail);
	return finish(_mm256_add_epi32(_mm256_add_epi32(sums.a, sums.b), halves(tail)));
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
	_mm512_storeu_si512(to, _mm512_load_si512(from));
	for (size_t at = 64; at < length; at += 64)
		_mm512_storeu_si512(to + at, _mm512_load_si512(from + at));
}

#define PATH_ENGINE lso_engine_avx512
#define PATH_ID     LSO_PATH_AVX512
#define PATH_LONG   1024 /* bytes; measured */
#define PATH_VECTOR 32
#define all_zero(v) _mm256_testz_si256((__m256i)(v), (__m256i)(v))
#include "run.h"

#endif
