/* SPDX-License-Identifier: MIT */
/*
 * stdlib.h - of the run-time library that Windows gives a driver: no files, no environment, a heap
 * in user mode alone. What would return a long is not the process's own, whose long is wider.
 */
#ifndef NETCX_CRT_STDLIB_H
#define NETCX_CRT_STDLIB_H

#include <stddef.h>

#ifdef __cplusplus
#define NETCX_CRT_THROWS_NOT noexcept
extern "C" {
#else
#define NETCX_CRT_THROWS_NOT
#endif

int abs(int value) NETCX_CRT_THROWS_NOT;
int atoi(const char *text) NETCX_CRT_THROWS_NOT;
int rand(void) NETCX_CRT_THROWS_NOT;
void srand(unsigned int seed) NETCX_CRT_THROWS_NOT;
void qsort(void *array, size_t count, size_t size, int (*compare)(const void *, const void *));
void *bsearch(const void *key, const void *array, size_t count, size_t size,
	      int (*compare)(const void *, const void *));

#ifdef UMDF_VERSION_MAJOR
void *malloc(size_t size) NETCX_CRT_THROWS_NOT;
void *calloc(size_t count, size_t size) NETCX_CRT_THROWS_NOT;
void *realloc(void *old, size_t size) NETCX_CRT_THROWS_NOT;
void free(void *memory) NETCX_CRT_THROWS_NOT;
#endif

#ifdef __cplusplus
}
#endif

#define RAND_MAX 2147483647

/* A long has 32 bits. */
static inline int atol(const char *text)
{
	return atoi(text);
}

#ifndef __cplusplus
static inline int labs(int value)
{
	return abs(value);
}
#endif

static inline long long _abs64(long long value)
{
	return value < 0 ? -value : value;
}

#ifndef _countof
#define _countof(array) (sizeof(array) / sizeof((array)[0]))
#endif

#endif
