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

/* What is hashed of a frame. */
struct input {
	unsigned kind; /* RTL_RSS_*; 0: nothing is */
	size_t length;
	uint8_t bytes[LONGEST_INPUT];
};

/*
 * Addresses as they stand in the IP header, whatever a routing header says, and behind them the
 * ports of a TCP segment that is whole.
 */
static struct input gather(uint32_t control, const uint8_t *frame, size_t length)
{
	struct iovec iov = { .iov_base = (void *)frame, .iov_len = length };
	struct input input = { 0 };
	struct lso_layout layout;
	unsigned addresses, ports;

	lso_parse(&iov, 1, &layout);
	if (!layout.ip_version)
		return input;
	if (layout.ip_version == 4) {
		addresses = control & RTL_RSS_IPV4;
		ports = control & RTL_RSS_TCP_IPV4;
		input.length = 8;
		memcpy(input.bytes, frame + layout.l3_offset + 12, 8);
	} else {
		addresses = control & RTL_RSS_IPV6;
		ports = control & RTL_RSS_TCP_IPV6;
		input.length = 32;
		memcpy(input.bytes, frame + layout.l3_offset + 8, 32);
	}
	input.kind = addresses;
	/* The header's length is known to be sane when the payload behind it was found. */
	if (ports && layout.l4_protocol == IPPROTO_TCP && layout.payload_offset &&
	    !layout.ip_fragment) {
		memcpy(input.bytes + input.length, frame + layout.l4_offset, 4);
		input.length += 4;
		input.kind = ports;
	}
	return input;
}

unsigned rtl_rss_hash(const struct rtl_rss *rss, const uint8_t *frame, size_t length,
		      uint32_t *hash)
{
	const struct input input = gather(rss->control, frame, length);

	*hash = input.kind ? toeplitz(rss->key, input.bytes, input.length) : 0;
	return input.kind;
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
