/* SPDX-License-Identifier: MIT */
/*
 * Counters. One thread counts, any thread reads; only where several count does it take a locked
 * instruction. Each is a number of its own: nothing is ordered by them.
 */
#ifndef BASE_COUNT_H
#define BASE_COUNT_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

typedef _Atomic uint64_t counter;

/*
 * A struct of counters is one list, X(name) for each, so that who shows, copies or adds up all of
 * them has no list of its own: struct device_counters { DEVICE_COUNTERS(COUNT_MEMBER) };
 */
#define COUNT_MEMBER(name) counter name;

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

/* count_copy() - all of a struct of counters. Any thread. @size: bytes of the struct */
static inline void count_copy(void *to, const void *from, size_t size)
{
	for (size_t i = 0; i < size / sizeof(counter); i++)
		atomic_init((counter *)to + i, count_read((const counter *)from + i));
}

#endif
