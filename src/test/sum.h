/* SPDX-License-Identifier: MIT */
/*
 * The Internet checksum (RFC 1071) by its definition, byte after byte: the second opinion beside
 * liblso, with which it shares nothing.
 */
#ifndef TEST_SUM_H
#define TEST_SUM_H

#include <stddef.h>
#include <stdint.h>

/* sum_bytes() - go on with a sum that is not folded, over an even number of bytes so far */
static inline uint64_t sum_bytes(uint64_t sum, const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		sum += i % 2 ? bytes[i] : (uint64_t)bytes[i] << 8;
	return sum;
}

static inline uint16_t sum_fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xFFFF) + (sum >> 16);
	return (uint16_t)sum;
}

/* sum_pseudo() - of the pseudo-header: RFC 9293 3.1, RFC 8200 8.1. @l3: the IP header's bytes */
static inline uint64_t sum_pseudo(const uint8_t *l3, uint8_t protocol, size_t length)
{
	uint64_t sum = protocol + (uint64_t)(length >> 16) + (length & 0xFFFF);

	return l3[0] >> 4 == 4 ? sum_bytes(sum, l3 + 12, 8) : sum_bytes(sum, l3 + 8, 32);
}

static inline void put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static inline void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value);
}

static inline uint16_t get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t get32(const uint8_t *at)
{
	return (uint32_t)get16(at) << 16 | get16(at + 2);
}

#endif
