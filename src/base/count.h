/* SPDX-License-Identifier: MIT */
/*
 * Counters. One thread counts, any thread reads; only where several count does it take a locked
 * instruction. Each is a number of its own: nothing is ordered by them.
 */
#ifndef BASE_COUNT_H
#define BASE_COUNT_H

#include <stdatomic.h>
#include <stdint.h>

typedef _Atomic uint64_t counter;

/* count_read() - any thread. */
static inline uint64_t count_read(const counter *c)
{
	return atomic_load_explicit((counter *)c, memory_order_relaxed);
}

/* count_add() - by the only thread that counts it. */
static inline void count_add(counter *c, uint64_t n)
{
	atomic_store_explicit(c, count_read(c) + n, memory_order_relaxed);
}

/* count_shared() - by one of several threads that count it. */
static inline void count_shared(counter *c, uint64_t n)
{
	atomic_fetch_add_explicit(c, n, memory_order_relaxed);
}

#endif
