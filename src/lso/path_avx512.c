/* SPDX-License-Identifier: MIT */
/*
 * The code path for x86-64 with AVX-512 and VNNI (Ice Lake, Zen 4 and later).
 *
 * The sum: vpdpwssd adds both signed 16-bit words of a 32-bit lane to it in one instruction. Words
 * are made signed by subtracting 0x8000, an exclusive or; a vector has 32 words, so what has been
 * subtracted from n vectors is n << 20.
 */
#if defined(__x86_64__)

#include <immintrin.h>

#include "bytes.h"
#include "private.h"

#define PATH_TARGET __attribute__((target("avx2,bmi,bmi2,avx512f,avx512bw,avx512vl,avx512vnni")))

/* Exact up to 128 KB: 16 lanes of up to 2^16 from each vector stay below 2^31. */
#define BLOCK 65536u

PATH_TARGET static inline __m512i add_words(__m512i sum, __m512i words)
{
	return _mm512_dpwssd_epi32(sum, _mm512_xor_si512(words, _mm512_set1_epi16(INT16_MIN)),
				   _mm512_set1_epi16(1));
}

/* finish() - of a block the true sum fits 32 bits, so modulo 2^32 it is exact */
PATH_TARGET static inline uint32_t finish(__m512i sum, size_t vectors)
{
	return (uint32_t)_mm512_reduce_add_epi32(sum) + (uint32_t)(vectors << 20);
}

/* first() - a mask of the first @n bytes of 64; @n is below 64 */
PATH_TARGET static inline __mmask64 first(size_t n)
{
	return _cvtu64_mask64(_bzhi_u64(~0ull, (unsigned int)n));
}

PATH_TARGET static inline uint32_t sum_block(const uint8_t *p, size_t length)
{
	const uint8_t *end = p + length / 64 * 64;
	const __mmask64 rest = first(length % 64);
	__m512i a = _mm512_setzero_si512();
	__m512i b = _mm512_setzero_si512();

	for (; end - p >= 256; p += 256) {
		a = add_words(a, _mm512_loadu_si512(p));
		b = add_words(b, _mm512_loadu_si512(p + 64));
		a = add_words(a, _mm512_loadu_si512(p + 128));
		b = add_words(b, _mm512_loadu_si512(p + 192));
	}
	for (; p != end; p += 64)
		a = add_words(a, _mm512_loadu_si512(p));
	b = add_words(b, _mm512_maskz_loadu_epi8(rest, p));
	return finish(_mm512_add_epi32(a, b), length / 64 + 1);
}

PATH_TARGET static inline uint32_t copy_block(uint8_t *to, const uint8_t *p, size_t length)
{
	const uint8_t *end = p + length / 64 * 64;
	const __mmask64 rest = first(length % 64);
	__m512i a = _mm512_setzero_si512();
	__m512i b = _mm512_setzero_si512();
	__m512i v, w;

	for (; end - p >= 128; p += 128, to += 128) {
		v = _mm512_loadu_si512(p);
		w = _mm512_loadu_si512(p + 64);
		_mm512_storeu_si512(to, v);
		_mm512_storeu_si512(to + 64, w);
		a = add_words(a, v);
		b = add_words(b, w);
	}
	if (p != end) {
		v = _mm512_loadu_si512(p);
		_mm512_storeu_si512(to, v);
		a = add_words(a, v);
		p += 64;
		to += 64;
	}
	v = _mm512_maskz_loadu_epi8(rest, p);
	if (length >= 64) {
		/* A masked store is slow; the last whole vector overlaps what is there already. */
		size_t back = 64 - length % 64;

		_mm512_storeu_si512(to - back, _mm512_loadu_si512(p - back));
	} else {
		_mm512_mask_storeu_epi8(to, rest, v);
	}
	b = add_words(b, v);
	return finish(_mm512_add_epi32(a, b), length / 64 + 1);
}

PATH_TARGET static inline uint32_t path_sum(const uint8_t *p, size_t length)
{
	uint64_t sum = 0;

	for (; __builtin_expect(length > BLOCK, 0); p += BLOCK, length -= BLOCK)
		sum += sum_block(p, BLOCK);
	return fold32(sum + sum_block(p, length));
}

PATH_TARGET static inline uint32_t path_copy_sum(uint8_t *to, const uint8_t *p, size_t length)
{
	uint64_t sum = 0;

	for (; __builtin_expect(length > BLOCK, 0); p += BLOCK, to += BLOCK, length -= BLOCK)
		sum += copy_block(to, p, BLOCK);
	return fold32(sum + copy_block(to, p, length));
}

PATH_TARGET static inline void path_copy(uint8_t *to, const uint8_t *from, size_t length)
{
	if (length <= 64) {
		__m256i head = _mm256_load_si256((const void *)from);
		__m256i tail = _mm256_loadu_si256((const void *)(from + length - 32));

		_mm256_storeu_si256((void *)to, head);
		_mm256_storeu_si256((void *)(to + length - 32), tail);
		return;
	}
	for (; length > 64; to += 64, from += 64, length -= 64)
		_mm512_storeu_si512(to, _mm512_load_si512(from));
	_mm512_storeu_si512(to + length - 64, _mm512_loadu_si512(from + length - 64));
}

#include "run.h"

const struct engine lso_engine_avx512 = {
	.path = LSO_PATH_AVX512,
	.sum = path_sum,
	.copy_sum = path_copy_sum,
	.next_frames = path_next_frames,
	.next_iovs = path_next_iovs,
};

#endif
