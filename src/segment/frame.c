/* SPDX-License-Identifier: MIT */
#include "segment/frame.h"

#include <netinet/in.h>
#include <string.h>

#include "frame/frame.h"

#define SHORTEST     60u   /* bytes of an Ethernet frame without its check sequence (IEEE 802.3) */
#define LONGEST_SNAP 1492u /* bytes of an IP packet behind LLC and SNAP (RFC 1042) */

static uint32_t load_be16(const uint8_t *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

static void store_be16(uint8_t *p, size_t value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

/*
 * may_be_padded() - could zeros behind the headers be padding? Of a packet without a length nobody
 * can tell.
 */
static bool may_be_padded(const uint8_t *frame, size_t length, const struct lso_layout *layout)
{
	if (length < SHORTEST || length > SHORTEST + layout->vlan_tags * 4u)
		return false;
	for (size_t i = layout->payload_offset; i < length; i++) {
		if (frame[i])
			return false;
	}
	return true;
}

/*
 * fill_length() - give a frame that is not cut the lengths that its sender left to the NIC as 0:
 * that of IP, and with it that of UDP
 */
static bool fill_length(uint8_t *frame, size_t length, const struct lso_layout *layout)
{
	bool ipv6 = layout->ip_version == 6;
	uint8_t *field = frame + layout->l3_offset + (ipv6 ? 4 : 2);
	uint8_t *udp = frame + layout->l4_offset + 4;
	size_t told = length - layout->l3_offset - (ipv6 ? 40 : 0);

	if (load_be16(field) || told > UINT16_MAX || may_be_padded(frame, length, layout))
		return false;
	store_be16(field, told);
	if (layout->l4_protocol == IPPROTO_UDP && load_be16(udp) == 0)
		store_be16(udp, length - layout->l4_offset);
	return true;
}

/*
 * finish() - give a frame that is not cut the checksums that its sender left to the NIC: a TCP or
 * UDP field that holds a seed, in either convention, an IPv4 field that is 0 or that was made over
 * another length. One that is wrong in another way came so over the wire.
 */
static bool finish(uint8_t *frame, size_t length, const struct lso_layout *layout, bool new_length)
{
	uint32_t l4_length = (uint32_t)(length - layout->l4_offset);
	struct lso_verdicts verdicts = lso_verify(frame, length);
	uint16_t seed;
	bool ipv4, l4;

	memcpy(&seed, frame + layout->l4_offset + frame_checksum_offset(layout), sizeof(seed));
	l4 = verdicts.l4 == LSO_SUM_BAD && (seed == lso_pseudo_sum(frame, layout, l4_length) ||
					    seed == lso_pseudo_sum(frame, layout, 0));
	ipv4 = verdicts.ipv4 == LSO_SUM_BAD &&
	       (new_length || load_be16(frame + layout->l3_offset + 10) == 0);
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

/* pass() - what becomes of a frame that is not cut. @end: of its packet */
static void pass(const struct segment_rules *rules, uint8_t *frame, size_t captured, size_t end,
		 const struct lso_layout *layout, struct segment_result *result)
{
	if (rules->keep_small)
		return;
	result->new_length = fill_length(frame, end, layout);
	result->finished = finish(frame, end, layout, result->new_length);
	/* A check sequence that is known as one would be that of other bytes. */
	if ((result->finished || result->new_length) && end + rules->fcs <= captured)
		result->behind = rules->fcs;
}

struct segment_result segment_begin(const struct segment_rules *rules, uint8_t *frame,
				    size_t captured, size_t length, uint64_t index,
				    struct iovec *iov, struct lso_segmenter *segmenter)
{
	struct segment_result result = { .fate = FATE_PASSED };
	struct lso_options options = { .ip_id = rules->ip_id, .udp_zero_checksum = true };
	struct lso_layout layout;
	uint32_t headers;
	size_t end;
	bool jumbo;

	if (rules->list && rules->list[index] == 0) {
		result.fate = FATE_LISTED;
		return result;
	}
	*iov = (struct iovec){ frame, captured < length ? captured : length };
	result.status = lso_parse(iov, 1, &layout);
	end = frame_packet_end(frame, length, rules->fcs, &layout);
	if (end > captured) {
		result.fate = FATE_PARTIAL;
		return result;
	}
	jumbo = result.status == LSO_JUMBOGRAM && layout.payload_offset;
	if (result.status && !jumbo) {
		if (too_long(rules, &layout, end, index))
			result.fate = FATE_REFUSED;
		return result;
	}

	iov->iov_len = end;
	headers = (uint32_t)layout.payload_offset - layout.l3_offset;
	if (jumbo) /* a super-packet in any case, whose segments have less */
		headers -= LSO_JUMBO_HEADER;
	options.mss = largest(rules, &layout, headers, index);
	if (options.mss && (jumbo || end - layout.payload_offset > options.mss)) {
		options.layout = jumbo ? NULL : &layout;
		result.status = lso_begin(segmenter, iov, 1, &options);
		result.fate = result.status ? FATE_REFUSED : FATE_CUT;
		result.behind = result.status ? 0 : captured - end;
		return result;
	}
	if (options.mss == 0 && end > layout.payload_offset) {
		result.status = LSO_BAD_MSS;
		result.fate = FATE_REFUSED;
		return result;
	}
	if (!jumbo)
		pass(rules, frame, captured, end, &layout, &result);
	return result;
}
