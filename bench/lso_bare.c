/* SPDX-License-Identifier: MIT */
/*
 * Bare loops, as the limit of what any segmenter can reach: one over the whole payload that only
 * sums it, one that copies and sums it, for each of liblso's paths with that path's instructions.
 * Nothing is cut, no header is written, no byte is looked at twice.
 *
 * They begin at a cache line and end at one, which a packet of 64,000 bytes allows.
 */
#include "lso_bench.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

/* One path's loops: what the sum is does not matter, only that it is made. */
struct bare {
	uint32_t (*sum)(const uint8_t *p, size_t length);
	uint32_t (*copy)(uint8_t *to, const uint8_t *p, size_t length);
};

#if defined(__x86_64__)

#define AVX2   __attribute__((target("avx2")))
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni")))

AVX2 static inline __m256i load_256(const uint8_t *p)
{
	return _mm256_loadu_si256((const void *)p);
}

AVX2 static inline void store_256(uint8_t *p, __m256i v)
{
	_mm256_storeu_si256((void *)p, v);
}

AVX2 static inline __m256i add_256(__m256i sum, __m256i v)
{
	v = _mm256_xor_si256(v, _mm256_set1_epi16(INT16_MIN));
	return _mm256_add_epi32(sum, _mm256_madd_epi16(v, _mm256_set1_epi16(1)));
}

AVX2 static inline uint32_t lanes_256(__m256i v)
{
	__m128i sum = _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));

	sum = _mm_add_epi32(sum, _mm_srli_si128(sum, 8));
	return (uint32_t)_mm_cvtsi128_si32(_mm_add_epi32(sum, _mm_srli_si128(sum, 4)));
}

AVX2 static uint32_t sum_avx2(const uint8_t *p, size_t length)
{
	__m256i a = _mm256_setzero_si256();
	__m256i b = a;

	for (const uint8_t *end = p + length; p != end; p += 256) {
		for (int at = 0; at < 256; at += 64) {
			a = add_256(a, load_256(p + at));
			b = add_256(b, load_256(p + at + 32));
		}
	}
	return lanes_256(_mm256_add_epi32(a, b));
}

AVX2 static uint32_t copy_avx2(uint8_t *to, const uint8_t *p, size_t length)
{
	__m256i a = _mm256_setzero_si256();
	__m256i b = a;

	for (const uint8_t *end = p + length; p != end; p += 128, to += 128) {
		__m256i v = load_256(p);
		__m256i w = load_256(p + 32);
		__m256i x = load_256(p + 64);
		__m256i y = load_256(p + 96);

		store_256(to, v);
		store_256(to + 32, w);
		store_256(to + 64, x);
		store_256(to + 96, y);
		a = add_256(a, v);
		b = add_256(b, w);
		a = add_256(a, x);
		b = add_256(b, y);
	}
	return lanes_256(_mm256_add_epi32(a, b));
}

AVX512 static inline __m512i add_512(__m512i sum, __m512i v)
{
	v = _mm512_xor_si512(v, _mm512_set1_epi16(INT16_MIN));
	return _mm512_dpwssd_epi32(sum, v, _mm512_set1_epi16(1));
}

AVX512 static inline uint32_t lanes_512(__m512i v)
{
	return lanes_256(
		_mm256_add_epi32(_mm512_castsi512_si256(v), _mm512_extracti64x4_epi64(v, 1)));
}

AVX512 static uint32_t sum_avx512(const uint8_t *p, size_t length)
{
	__m512i a = _mm512_setzero_si512();
	__m512i b = a, c = a, d = a;

	for (const uint8_t *end = p + length; p != end; p += 256) {
		a = add_512(a, _mm512_loadu_si512(p));
		b = add_512(b, _mm512_loadu_si512(p + 64));
		c = add_512(c, _mm512_loadu_si512(p + 128));
		d = add_512(d, _mm512_loadu_si512(p + 192));
	}
	return lanes_512(_mm512_add_epi32(_mm512_add_epi32(a, b), _mm512_add_epi32(c, d)));
}

AVX512 static uint32_t copy_avx512(uint8_t *to, const uint8_t *p, size_t length)
{
	__m512i a = _mm512_setzero_si512();
	__m512i b = a;

	for (const uint8_t *end = p + length; p != end; p += 128, to += 128) {
		__m512i v = _mm512_loadu_si512(p);
		__m512i w = _mm512_loadu_si512(p + 64);

		_mm512_storeu_si512(to, v);
		_mm512_storeu_si512(to + 64, w);
		a = add_512(a, v);
		b = add_512(b, w);
	}
	return lanes_512(_mm512_add_epi32(a, b));
}

#elif defined(__aarch64__)

static uint32_t sum_neon(const uint8_t *p, size_t length)
{
	uint32x4_t a = vdupq_n_u32(0);
	uint32x4_t b = a;

	for (const uint8_t *end = p + length; p != end; p += 64) {
		uint8x16x4_t v = vld1q_u8_x4(p);

		a = vpadalq_u16(a, vreinterpretq_u16_u8(v.val[0]));
		b = vpadalq_u16(b, vreinterpretq_u16_u8(v.val[1]));
		a = vpadalq_u16(a, vreinterpretq_u16_u8(v.val[2]));
		b = vpadalq_u16(b, vreinterpretq_u16_u8(v.val[3]));
	}
	return vaddvq_u32(vaddq_u32(a, b));
}

static uint32_t copy_neon(uint8_t *to, const uint8_t *p, size_t length)
{
	uint32x4_t a = vdupq_n_u32(0);
	uint32x4_t b = a;

	for (const uint8_t *end = p + length; p != end; p += 64, to += 64) {
		uint8x16x4_t v = vld1q_u8_x4(p);

		vst1q_u8_x4(to, v);
		a = vpadalq_u16(a, vreinterpretq_u16_u8(v.val[0]));
		b = vpadalq_u16(b, vreinterpretq_u16_u8(v.val[1]));
		a = vpadalq_u16(a, vreinterpretq_u16_u8(v.val[2]));
		b = vpadalq_u16(b, vreinterpretq_u16_u8(v.val[3]));
	}
	return vaddvq_u32(vaddq_u32(a, b));
}

#endif

static const struct bare *bare_of(enum lso_path path)
{
#if defined(__x86_64__)
	static const struct bare avx2 = { sum_avx2, copy_avx2 };
	static const struct bare avx512 = { sum_avx512, copy_avx512 };

	if (path == LSO_PATH_AVX2)
		return &avx2;
	if (path == LSO_PATH_AVX512)
		return &avx512;
#elif defined(__aarch64__)
	static const struct bare neon = { sum_neon, copy_neon };

	if (path == LSO_PATH_NEON)
		return &neon;
#endif
	return NULL;
}

/* bare_payload() - of packet @i, behind its headers as everybody else has it, from a cache line on
 */
static const uint8_t *bare_payload(const struct workload *w, uint32_t i)
{
	return w->place->packets[i] + (w->header + 63) / 64 * 64;
}

bool bare_has(enum lso_path path)
{
	return bare_of(path);
}

uint32_t bare_copy(struct workload *w, uint32_t i, enum lso_path path)
{
	return bare_of(path)->copy(w->place->slab, bare_payload(w, i), PAYLOAD);
}

uint32_t bare_sum(struct workload *w, uint32_t i, enum lso_path path)
{
	return bare_of(path)->sum(bare_payload(w, i), PAYLOAD);
}
