/* SPDX-License-Identifier: MIT */
#ifndef NT_CLOCK_H
#define NT_CLOCK_H

#include <stdint.h>

/* nt_clock_ns() - CLOCK_MONOTONIC in nanoseconds. */
uint64_t nt_clock_ns(void);

#endif
