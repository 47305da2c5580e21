/* SPDX-License-Identifier: MIT */
/*
 * The code path for any machine: 64-bit words in plain C.
 */
#include "bytes.h"
#include "private.h"

#define PATH_TARGET

/* A 64-bit one's complement sum: the carries are counted apart and added at the end. */
struct wide_sum {
	uint64_t low;
	uint64_t carries;
};

static inline void add_word(struct wide_sum *s, uint64_t word)
{
	s->low += word;
	s->carries += s->low < word;
}

/* last_word() - up to 7 bytes, as if zeros followed */
static inline uint64_t last_word(const uint8_t *p, size_t length)
{
	uint64_t word = 0;

	memcpy(&word, p, length);
	return word;
}

static inline uint32_t finish(const struct wide_sum *a, const struct wide_sum *b)
{
	return fold32((uint64_t)fold32(a->low) + fold32(b->low) + a->carries + b->carries);
}

static uint32_t sum_short(const uint8_t *p, size_t length)
{
	struct wide_sum a = { 0, 0 };
	struct wide_sum b = { 0, 0 };

	for (; length >= 32; p += 32, length -= 32) {
		add_word(&a, load64(p));
		add_word(&b, load64(p + 8));
		add_word(&a, load64(p + 16));
		add_word(&b, load64(p + 24));
	}
	for (; length >= 8; p += 8, length -= 8)
		add_word(&a, load64(p));
	if (length)
		add_word(&b, last_word(p, length));
	return finish(&a, &b);
}

static uint32_t copy_short(uint8_t *to, const uint8_t *p, size_t length)
{
	struct wide_sum a = { 0, 0 };
	struct wide_sum b = { 0, 0 };

	for (; length >= 32; p += 32, to += 32, length -= 32) {
		uint64_t word[4];

		memcpy(word, p, 32);
		memcpy(to, word, 32);
		add_word(&a, word[0]);
		add_word(&b, word[1]);
		add_word(&a, word[2]);
		add_word(&b, word[3]);
	}
	for (; length >= 8; p += 8, to += 8, length -= 8) {
		uint64_t word = load64(p);

		memcpy(to, &word, 8);
		add_word(&a, word);
	}
	if (length) {
		uint64_t word = last_word(p, length);

		memcpy(to, &word, length);
		add_word(&b, word);
	}
	return finish(&a, &b);
}

static inline void copy_header(uint8_t *to, const uint8_t *from, size_t length)
{
	memcpy(to, from, length);
}

#define copy_header_wide copy_header

static inline bool sum_is_long(size_t length)
{
	(void)length;
	return false;
}

#define sum_long     sum_short
#define copy_is_long sum_is_long
#define copy_long    copy_short

#include "run.h"

const struct engine lso_engine_portable = {
	.path = LSO_PATH_PORTABLE,
	.sum = path_sum,
	.copy_sum = path_copy_sum,
	.next_frames = path_next_frames,
	.next_iovs = path_next_iovs,
};
