/* SPDX-License-Identifier: MIT */
/* FNV-1a, 32 bits: spreads short texts; no defence against who chooses them. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_START 2166136261u

/* hash_text() - go on with a text. @sum: HASH_START, or what the text before it gave */
static inline uint32_t hash_text(uint32_t sum, const char *text)
{
	for (; *text; text++)
		sum = (sum ^ (unsigned char)*text) * 16777619u;
	return sum;
}

/* hash_bytes() - the same with so many bytes */
static inline uint32_t hash_bytes(uint32_t sum, const void *bytes, size_t length)
{
	for (const unsigned char *p = bytes; length--; p++)
		sum = (sum ^ *p) * 16777619u;
	return sum;
}

#endif
