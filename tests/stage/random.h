/* SPDX-License-Identifier: MIT */
/* A small seeded generator (splitmix64): the same numbers on every machine. */
#ifndef TESTS_STAGE_RANDOM_H
#define TESTS_STAGE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random {
	uint64_t state;
};

static inline uint64_t random_next(struct random *r)
{
	uint64_t z = (r->state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* random_below() - 0 ... n - 1 */
static inline uint32_t random_below(struct random *r, uint32_t n)
{
	return (uint32_t)(random_next(r) % n);
}

/* random_between() - both ends included */
static inline uint32_t random_between(struct random *r, uint32_t low, uint32_t high)
{
	return low + random_below(r, high - low + 1);
}

static inline void random_fill(struct random *r, void *to, size_t size)
{
	uint8_t *bytes = (uint8_t *)to;

	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)random_next(r);
}

/* random_one_in() - true once in n times */
static inline int random_one_in(struct random *r, uint32_t n)
{
	return random_below(r, n) == 0;
}

#endif
