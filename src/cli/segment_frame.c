/* SPDX-License-Identifier: MIT */
#include "cli/segment_frame.h"

#include <netinet/in.h>
#include <string.h>

#define SHORTEST     60u   /* bytes of an Ethernet frame without its check sequence (IEEE 802.3) */
#define LONGEST_SNAP 1492u /* bytes of an IP packet behind LLC and SNAP (RFC 1042) */

static uint32_t load_be16(const uint8_t *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

/*
 * unpadded() - a frame's bytes without Ethernet padding. Only the shortest frames have any; in
 * others the IP length is not asked, since that of a super-packet may be 0.
 */
static size_t unpadded(const uint8_t *frame, size_t length, const struct lso_layout *layout)
{
	const uint8_t *ip = frame + layout->l3_offset;
	size_t told;

	if (length > SHORTEST)
		return length;
	told = layout->l3_offset +
	       (layout->ip_version == 4 ? load_be16(ip + 2) : 40 + load_be16(ip + 4));
	return told >= layout->payload_offset && told < length ? told : length;
}

/*
 * finish() - give a frame that is not cut the checksums that its sender left to the NIC: a TCP or
 * UDP field that holds a seed, in either convention, an IPv4 field that is 0. One that is wrong in
 * another way came so over the wire.
 */
static bool finish(uint8_t *frame, size_t length, const struct lso_layout *layout)
{
	uint32_t l4_length = (uint32_t)(length - layout->l4_offset);
	size_t field = layout->l4_offset + (layout->l4_protocol == IPPROTO_TCP ? 16u : 6u);
	struct lso_verdicts verdicts = lso_verify(frame, length);
	uint16_t seed;
	bool ipv4, l4;

	memcpy(&seed, frame + field, sizeof(seed));
	l4 = verdicts.l4 == LSO_SUM_BAD && (seed == lso_pseudo_sum(frame, layout, l4_length) ||
					    seed == lso_pseudo_sum(frame, layout, 0));
	ipv4 = verdicts.ipv4 == LSO_SUM_BAD && load_be16(frame + layout->l3_offset + 10) == 0;
	lso_fill_checksums(frame, length, layout, ipv4, l4);
	return ipv4 || l4;
}

/*
 * largest() - payload bytes that a segment may carry; 0: leave the frame alone
 * @headers: of its IP packet
 */
static uint32_t largest(const struct segment_rules *rules, const struct lso_layout *layout,
			uint32_t headers, uint64_t index)
{
	uint32_t mtu = rules->mtu;

	if (rules->list)
		return rules->list[index];
	if (rules->mss)
		return rules->mss;
	if (layout->l2_type == LSO_L2_LLC_SNAP && mtu > LONGEST_SNAP)
		mtu = LONGEST_SNAP;
	return mtu > headers ? mtu - headers : 0;
}

/* too_long() - would a frame that cannot be segmented be more than the wire takes? */
static bool too_long(const struct segment_rules *rules, const struct lso_layout *layout,
		     size_t length, uint64_t index)
{
	size_t link = layout->l3_offset ? layout->l3_offset : 14;

	if (rules->list)
		return rules->list[index] != 0 && length > link + rules->list[index];
	return length > link + (rules->mss ? rules->mss + 40 : rules->mtu);
}

struct segment_result segment_begin(const struct segment_rules *rules, uint8_t *frame,
				    size_t captured, size_t length, uint64_t index,
				    struct iovec *iov, struct lso_segmenter *segmenter)
{
	struct segment_result result = { .fate = FATE_PASSED };
	struct lso_options options = { .ip_id = rules->ip_id, .udp_zero_checksum = true };
	struct lso_layout layout;
	uint32_t headers;
	bool jumbo;

	iov->iov_base = frame;
	iov->iov_len = captured;
	if (rules->list && rules->list[index] == 0) {
		result.fate = FATE_LISTED;
		return result;
	}
	if (captured < length) {
		result.fate = FATE_PARTIAL;
		return result;
	}
	result.status = lso_parse(iov, 1, &layout);
	jumbo = result.status == LSO_JUMBOGRAM && layout.payload_offset;
	if (result.status && !jumbo) {
		if (too_long(rules, &layout, length, index))
			result.fate = FATE_REFUSED;
		return result;
	}

	iov->iov_len = unpadded(frame, length, &layout);
	headers = (uint32_t)layout.payload_offset - layout.l3_offset;
	if (jumbo) /* a super-packet in any case, whose segments have less */
		headers -= LSO_JUMBO_HEADER;
	options.mss = largest(rules, &layout, headers, index);
	if (options.mss && (jumbo || iov->iov_len - layout.payload_offset > options.mss)) {
		options.layout = jumbo ? NULL : &layout;
		result.status = lso_begin(segmenter, iov, 1, &options);
		result.fate = result.status ? FATE_REFUSED : FATE_CUT;
		return result;
	}
	if (options.mss == 0 && iov->iov_len > layout.payload_offset) {
		result.status = LSO_BAD_MSS;
		result.fate = FATE_REFUSED;
		return result;
	}
	if (!rules->keep_small)
		result.finished = finish(frame, iov->iov_len, &layout);
	iov->iov_len = length;
	return result;
}
