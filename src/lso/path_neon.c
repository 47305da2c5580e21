/* SPDX-License-Identifier: MIT */
/*
 * The code path for AArch64.
 *
 * The sum: uadalp adds neighbouring 16-bit words into 32-bit lanes, two by two. A lane takes up to
 * 2^17 from each vector and is exact for 2^15 vectors, much more than a block.
 */
#if defined(__aarch64__)

#include <arm_neon.h>

#include "bytes.h"
#include "private.h"

#define PATH_TARGET

struct lanes {
	uint32x4_t a;
	uint32x4_t b;
};

static inline uint32x4_t add_words(uint32x4_t sum, uint8x16_t bytes)
{
	return vpadalq_u16(sum, vreinterpretq_u16_u8(bytes));
}

static inline uint32_t finish(struct lanes sum)
{
	return fold32(vaddlvq_u32(sum.a) + vaddlvq_u32(sum.b));
}

/* load_last() - the last bytes of data, fewer than 16, as if zeros followed */
static inline uint8x16_t load_last(const uint8_t *p, size_t n)
{
	uint64_t low = 0;
	uint64_t high = 0;

	if (n >= 8) {
		low = load64(p);
		memcpy(&high, p + 8, n - 8);
	} else {
		memcpy(&low, p, n);
	}
	return vreinterpretq_u8_u64(vcombine_u64(vcreate_u64(low), vcreate_u64(high)));
}

static uint32_t sum_short(const uint8_t *p, size_t n)
{
	struct lanes sum = { vdupq_n_u32(0), vdupq_n_u32(0) };

	for (; n >= 64; p += 64, n -= 64) {
		uint8x16x4_t v = vld1q_u8_x4(p);

		sum.a = add_words(sum.a, v.val[0]);
		sum.b = add_words(sum.b, v.val[1]);
		sum.a = add_words(sum.a, v.val[2]);
		sum.b = add_words(sum.b, v.val[3]);
	}
	for (; n >= 16; p += 16, n -= 16)
		sum.a = add_words(sum.a, vld1q_u8(p));
	if (n)
		sum.b = add_words(sum.b, load_last(p, n));
	return finish(sum);
}

static uint32_t copy_short(uint8_t *to, const uint8_t *p, size_t n)
{
	struct lanes sum = { vdupq_n_u32(0), vdupq_n_u32(0) };

	for (; n >= 64; p += 64, to += 64, n -= 64) {
		uint8x16x4_t v = vld1q_u8_x4(p);

		vst1q_u8_x4(to, v);
		sum.a = add_words(sum.a, v.val[0]);
		sum.b = add_words(sum.b, v.val[1]);
		sum.a = add_words(sum.a, v.val[2]);
		sum.b = add_words(sum.b, v.val[3]);
	}
	for (; n >= 16; p += 16, to += 16, n -= 16) {
		uint8x16_t v = vld1q_u8(p);

		vst1q_u8(to, v);
		sum.a = add_words(sum.a, v);
	}
	if (n) {
		sum.b = add_words(sum.b, load_last(p, n));
		memcpy(to, p, n);
	}
	return finish(sum);
}

static inline void copy_header(uint8_t *to, const uint8_t *from, size_t length)
{
	for (; length > 16; to += 16, from += 16, length -= 16)
		vst1q_u8(to, vld1q_u8(from));
	vst1q_u8(to + length - 16, vld1q_u8(from + length - 16));
}

#define copy_header_wide copy_header

#define PATH_ENGINE      lso_engine_neon
#define PATH_ID          LSO_PATH_NEON
#include "run.h"

#endif
