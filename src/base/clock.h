/* SPDX-License-Identifier: MIT */
/* Time as a number of nanoseconds. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define NS_PER_S  1000000000ULL
#define NS_PER_MS 1000000ULL

/* clock_ns() - CLOCK_MONOTONIC. */
uint64_t clock_ns(void);

/* clock_wall_ns() - CLOCK_REALTIME, since 1970. */
uint64_t clock_wall_ns(void);

/* clock_timespec() - the same time, as system calls take it. */
struct timespec clock_timespec(uint64_t ns);

/* clock_condition_init() - a condition that clock_wait() waits for. */
void clock_condition_init(pthread_cond_t *condition);

/* clock_wait() - wait until woken or clock_ns() is @ns. Return: false when the time has come. */
bool clock_wait(pthread_cond_t *condition, pthread_mutex_t *mutex, uint64_t ns);

#endif
