/* SPDX-License-Identifier: MIT */
/*
 * Receive side scaling: the hash of a frame and the queue it stands for. The hash is Toeplitz' as
 * the Windows documentation has it (NDIS, "RSS hashing functions" and "RSS hashing types").
 */
#include <netinet/in.h>
#include <string.h>

#include "device/rtl8168/model.h"

#define LONGEST_INPUT 36 /* two IPv6 addresses and two ports */

_Static_assert(RTL_RSS_KEY_LENGTH >= LONGEST_INPUT + 4, "a 32-bit window for each bit of input");

/* Each bit of the input, the first one first, adds the 32 bits of the key that begin at its place.
 */
static uint32_t toeplitz(const uint8_t *key, const uint8_t *input, size_t length)
{
	uint64_t window = 0; /* of the key: its top 32 bits belong to the input's next bit */
	uint32_t hash = 0;

	for (int i = 0; i < 4; i++)
		window = window << 8 | key[i];
	for (size_t i = 0; i < length; i++) {
		window = window << 8 | key[i + 4];
		for (int bit = 7; bit >= 0; bit--)
			hash ^= (uint32_t)(window >> (bit + 1)) & -(uint32_t)(input[i] >> bit & 1);
	}
	return hash;
}

/*
 * What is hashed of a frame: addresses as they stand in the IP header, whatever a routing header
 * says, and behind them the ports of a TCP segment that is whole.
 * Return: bytes in @input; 0: nothing.
 */
static size_t gather(uint32_t control, const uint8_t *frame, size_t length, uint8_t *input)
{
	struct iovec iov = { .iov_base = (void *)frame, .iov_len = length };
	struct lso_layout layout;
	bool tcp, addresses, ports;
	size_t n;

	lso_parse(&iov, 1, &layout);
	if (!layout.ip_version)
		return 0;
	/* The header's length is known to be sane when the payload behind it was found. */
	tcp = layout.l4_protocol == IPPROTO_TCP && layout.payload_offset && !layout.ip_fragment;
	if (layout.ip_version == 4) {
		addresses = control & RTL_RSS_IPV4;
		ports = tcp && control & RTL_RSS_TCP_IPV4;
		n = 8;
		memcpy(input, frame + layout.l3_offset + 12, n);
	} else {
		addresses = control & RTL_RSS_IPV6;
		ports = tcp && control & RTL_RSS_TCP_IPV6;
		n = 32;
		memcpy(input, frame + layout.l3_offset + 8, n);
	}
	if (!ports)
		return addresses ? n : 0;
	memcpy(input + n, frame + layout.l4_offset, 4);
	return n + 4;
}

bool rtl_rss_hash(const struct rtl_rss *rss, const uint8_t *frame, size_t length, uint32_t *hash)
{
	uint8_t input[LONGEST_INPUT];
	size_t n = gather(rss->control, frame, length, input);

	*hash = toeplitz(rss->key, input, n);
	return n > 0;
}

/*
 * Two tables of one bit an entry, one behind the other: entry i is bit i % 32 of word i / 32, the
 * queue's low bit in the first half of the words, its high bit in the second.
 */
unsigned rtl_rss_queue(const struct rtl_rss *rss, const uint8_t *frame, size_t length)
{
	const uint32_t *low = rss->table, *high = rss->table + RTL_RSS_TABLE_WORDS / 2;
	uint32_t hash, entry;

	if (!(rss->control & RTL_RSS_ENABLE) || !rtl_rss_hash(rss, frame, length, &hash))
		return 0;
	entry = hash & ((1u << RTL_RSS_HASH_BITS(rss->control)) - 1);
	return (low[entry / 32] >> entry % 32 & 1) | (high[entry / 32] >> entry % 32 & 1) << 1;
}
