/* SPDX-License-Identifier: MIT */
/*
 * Bytes and one's complement sums.
 *
 * A sum here is over 16-bit words as they lie in memory (RFC 1071 2(B): the byte order of the
 * machine does not matter as long as all words share it), kept in a wider integer: 2^16, 2^32 and
 * 2^48 are all 1 modulo 65535, so words may be added two or four at a time and folded at the end.
 */
#ifndef LSO_BYTES_H
#define LSO_BYTES_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint16_t load16(const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static inline uint32_t load32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static inline uint64_t load64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static inline void store16(uint8_t *p, uint16_t v)
{
	memcpy(p, &v, sizeof(v));
}

static inline void store32(uint8_t *p, uint32_t v)
{
	memcpy(p, &v, sizeof(v));
}

static inline void store64(uint8_t *p, uint64_t v)
{
	memcpy(p, &v, sizeof(v));
}

static inline uint16_t load_be16(const uint8_t *p)
{
	return be16toh(load16(p));
}

static inline uint32_t load_be32(const uint8_t *p)
{
	return be32toh(load32(p));
}

/* fold32() - a 64-bit sum in 32 bits; 0 only for 0. The halves meet in the upper one, with carry.
 */
static inline uint32_t fold32(uint64_t sum)
{
	return (uint32_t)((sum + (sum >> 32 | sum << 32)) >> 32);
}

/* fold16() - a 64-bit sum in 16 bits; 0 only for 0. */
static inline uint16_t fold16(uint64_t sum)
{
	uint32_t s = fold32(sum);

	return (uint16_t)((s + (s >> 16 | s << 16)) >> 16);
}

/* add16() - one's complement addition; 0 only for 0 and 0 */
static inline uint16_t add16(uint16_t a, uint16_t b)
{
	uint32_t sum = (uint32_t)a + b;

	return (uint16_t)(sum + (sum >> 16));
}

/* swap_sum() - the sum of the same bytes, had they begun at an odd offset (RFC 1071 2(B)). */
static inline uint32_t swap_sum(uint32_t sum)
{
	return sum << 8 | sum >> 24;
}

/* add_piece() - to the sum of @length bytes that of the bytes behind them; not folded */
static inline uint64_t add_piece(uint64_t sum, size_t length, uint32_t piece)
{
	return sum + (length & 1 ? swap_sum(piece) : piece);
}

#endif
