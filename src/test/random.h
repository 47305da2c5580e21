/* SPDX-License-Identifier: MIT */
/* Numbers from a seed, the same on every machine. */
#ifndef TEST_RANDOM_H
#define TEST_RANDOM_H

#include <stdint.h>

struct test_random {
	uint64_t state;
};

/* random_next() - 64 bits (splitmix64) */
static inline uint64_t random_next(struct test_random *random)
{
	uint64_t z = random->state += 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

/* random_below() - 0 to @count - 1; 0 for a count of 0 */
static inline uint32_t random_below(struct test_random *random, uint32_t count)
{
	return count ? (uint32_t)(random_next(random) % count) : 0;
}

#endif
