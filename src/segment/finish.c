/* SPDX-License-Identifier: MIT */
#include "segment/finish.h"

#include <netinet/in.h>
#include <string.h>

#include "base/array.h"
#include "base/bytes.h"
#include "frame/frame.h"

#define GRE_HEADER    8u /* with a checksum */
#define GRE_CHECKSUM  4  /* its offset */
#define GRE_SUMMED    0x80
#define SCTP_HEADER   12u
#define SCTP_CHECKSUM 8   /* offset of 32 bits */
#define SHORTEST      60u /* bytes of an Ethernet frame without its check sequence (IEEE 802.3) */

/*
 * may_be_padded() - could zeros behind the headers be padding? Of a packet without a length nobody
 * can tell.
 */
static bool may_be_padded(const uint8_t *frame, size_t length, const struct lso_layout *layout)
{
	size_t at = layout->payload_offset ? layout->payload_offset : layout->l4_offset;

	if (length < SHORTEST || length > SHORTEST + layout->vlan_tags * 4u)
		return false;
	for (; at < length; at++) {
		if (frame[at])
			return false;
	}
	return true;
}

/* A payload length of 0 is right where nothing follows: no next header, or a jumbogram's option. */
static bool lacks_length(const uint8_t *ip, const struct lso_layout *layout, size_t told)
{
	if (layout->ip_version == 4)
		return load_be16(ip + 2) == 0;
	return load_be16(ip + 4) == 0 && told != 0 && layout->l4_protocol != IPPROTO_NONE;
}

static bool is_udp(const struct lso_layout *layout)
{
	return layout->l4_protocol == IPPROTO_UDP && layout->payload_offset;
}

/* has_lengths() - are IP's and UDP's such that the packet can have them? */
static bool has_lengths(const uint8_t *frame, size_t length, const struct lso_layout *layout)
{
	const uint8_t *ip = frame + layout->l3_offset;
	size_t told = layout->ip_version == 4 ? load_be16(ip + 2) : 40 + load_be16(ip + 4);
	size_t udp = is_udp(layout) ? load_be16(frame + layout->l4_offset + 4) : 8;

	if (udp < 8 || layout->l4_offset + udp > length)
		return false;
	/* What says no length here is IPv6 with nothing behind its header. */
	return layout->l3_offset + told == length || (layout->ip_version == 6 && told == 40);
}

/* Of IP, and with it that of UDP. */
static void fill_length(uint8_t *frame, size_t length, const struct lso_layout *layout,
			struct segment_finished *done)
{
	bool ipv6 = layout->ip_version == 6;
	uint8_t *ip = frame + layout->l3_offset;
	size_t told = length - layout->l3_offset - (ipv6 ? 40 : 0);

	if (!lacks_length(ip, layout, told) || told > UINT16_MAX)
		return;
	done->no_end = may_be_padded(frame, length, layout);
	if (done->no_end)
		return;
	store_be16(ip + (ipv6 ? 4 : 2), (uint16_t)told);
	done->length = true;
}

/* fill_udp_length() - a length of 0 is no datagram's but a jumbogram's (RFC 2675 4) */
static void fill_udp_length(uint8_t *frame, size_t length, const struct lso_layout *layout,
			    struct segment_finished *done)
{
	uint8_t *udp = frame + layout->l4_offset + 4;

	if (!is_udp(layout) || load_be16(udp) || length - layout->l4_offset > UINT16_MAX)
		return;
	store_be16(udp, (uint16_t)(length - layout->l4_offset));
	done->length = true;
}

/*
 * may_lack_checksum() - UDP tunnels over IPv6, whose inner packets have their own (RFC 6935): the
 * ports of GTP-U, LISP, GRE, VXLAN, Geneve and GUE, MPLS
 */
static bool may_lack_checksum(const uint8_t *udp)
{
	static const uint16_t ports[] = { 2152, 4341, 4754, 4789, 4790, 6080, 6081, 6635, 8472 };

	for (size_t i = 0; i < ARRAY_COUNT(ports); i++) {
		if (load_be16(udp) == ports[i] || load_be16(udp + 2) == ports[i])
			return true;
	}
	return false;
}

/* summed() - where what a checksum goes over ends: UDP's own length may be less than IP's */
static size_t summed(const uint8_t *frame, size_t length, const struct lso_layout *layout)
{
	size_t told;

	if (!is_udp(layout))
		return length;
	told = load_be16(frame + layout->l4_offset + 4);
	return told >= 8 && layout->l4_offset + told < length ? layout->l4_offset + told : length;
}

/* is_left() - is the field as senders leave it to their NIC? */
static bool is_left(const uint8_t *frame, size_t length, const struct lso_layout *layout)
{
	size_t end = summed(frame, length, layout);
	uint16_t with = lso_pseudo_sum(frame, layout, (uint32_t)(end - layout->l4_offset));
	uint16_t without = lso_pseudo_sum(frame, layout, 0);
	uint16_t field, complement;

	memcpy(&field, frame + layout->l4_offset + frame_checksum_offset(layout), sizeof(field));
	complement = (uint16_t)~field;
	return field == 0 || field == with || field == without || complement == with ||
	       complement == without;
}

bool segment_lacks_udp_checksum(const uint8_t *frame, const struct lso_layout *layout)
{
	const uint8_t *udp = frame + layout->l4_offset;

	return layout->ip_version == 6 && layout->l4_protocol == IPPROTO_UDP &&
	       load_be16(udp + 6) == 0 && !may_lack_checksum(udp);
}

/* The CRC-32C that SCTP goes by (RFC 9260 A), its own field taken as 0. */
static uint32_t sctp_sum(const uint8_t *sctp, size_t length)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < length; i++) {
		crc ^= i >= SCTP_CHECKSUM && i < SCTP_CHECKSUM + 4 ? 0 : sctp[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return ~crc;
}

/* fill_sctp() - a checksum of 0 is left to the NIC (Linux, NETIF_F_SCTP_CRC). Return: was it? */
static bool fill_sctp(uint8_t *frame, size_t length, const struct lso_layout *layout)
{
	uint8_t *sctp = frame + layout->l4_offset, *field = sctp + SCTP_CHECKSUM;
	uint32_t sum;

	if (layout->l4_protocol != IPPROTO_SCTP || layout->ip_fragment ||
	    length < layout->l4_offset + SCTP_HEADER || load_be16(field) || load_be16(field + 2))
		return false;
	sum = sctp_sum(sctp, length - layout->l4_offset);
	for (int i = 0; i < 4; i++) /* in the order that it is made in: the lowest byte first */
		field[i] = (uint8_t)(sum >> 8 * i);
	return sum != 0;
}

/* gre_sum() - the checksum that a GRE header asks for (RFC 2784 2.3). Return: does it? */
static bool gre_sum(const uint8_t *frame, size_t length, const struct lso_layout *layout,
		    uint16_t *field, uint16_t *right)
{
	uint8_t *gre = (uint8_t *)(uintptr_t)frame + layout->l4_offset;
	struct iovec whole = { (void *)(uintptr_t)frame, length };

	if (layout->l4_protocol != IPPROTO_GRE || layout->ip_fragment ||
	    length < layout->l4_offset + GRE_HEADER || !(gre[0] & GRE_SUMMED))
		return false;
	memcpy(field, gre + GRE_CHECKSUM, sizeof(*field));
	memset(gre + GRE_CHECKSUM, 0, sizeof(*field));
	lso_fill_partial(&whole, 1, layout->l4_offset, GRE_CHECKSUM);
	memcpy(right, gre + GRE_CHECKSUM, sizeof(*right));
	memcpy(gre + GRE_CHECKSUM, field, sizeof(*field));
	return true;
}

/* fill_gre() - Linux leaves it to the NIC as 0, as it does with all that is summed alone */
static void fill_gre(uint8_t *frame, size_t length, const struct lso_layout *layout, bool all,
		     struct segment_finished *done)
{
	uint16_t field, right;

	if (!gre_sum(frame, length, layout, &field, &right) || field == right)
		return;
	if (field == 0 || all) {
		memcpy(frame + layout->l4_offset + GRE_CHECKSUM, &right, sizeof(right));
		done->checksums = true;
	} else {
		done->wrong = true;
	}
}

bool segment_sum_is_right(const uint8_t *frame, size_t length, const struct lso_layout *layout)
{
	uint16_t field, right;

	if (gre_sum(frame, length, layout, &field, &right))
		return field == right;
	return is_udp(layout) && lso_verify(frame, length).l4 == LSO_SUM_GOOD;
}

static void fill_checksums(uint8_t *frame, size_t length, const struct lso_layout *layout,
			   enum lso_status status, enum segment_finish_how how,
			   struct segment_finished *done)
{
	struct lso_verdicts verdicts = lso_verify(frame, length);
	size_t end = summed(frame, length, layout);
	bool all = how & SEGMENT_FINISH_ALL;
	bool ipv4 = verdicts.ipv4 == LSO_SUM_BAD &&
		    (all || done->length || load_be16(frame + layout->l3_offset + 10) == 0);
	bool l4 = status == LSO_OK &&
		  ((verdicts.l4 == LSO_SUM_BAD && (all || is_left(frame, length, layout))) ||
		   (verdicts.l4 == LSO_SUM_ABSENT && segment_lacks_udp_checksum(frame, layout)));

	done->left = l4 && (how & SEGMENT_FINISH_LEAVE);
	if (done->left)
		lso_set_seed(frame, layout, (uint32_t)(end - layout->l4_offset));
	lso_fill_checksums(frame, end, layout, ipv4, l4 && !done->left);
	done->checksums = ipv4 || l4 || fill_sctp(frame, length, layout);
	done->wrong =
		(verdicts.ipv4 == LSO_SUM_BAD && !ipv4) || (verdicts.l4 == LSO_SUM_BAD && !l4);
	fill_gre(frame, length, layout, all, done);
}

struct segment_finished segment_finish(uint8_t *frame, size_t length,
				       const struct lso_layout *layout, enum lso_status status,
				       enum segment_finish_how how)
{
	struct segment_finished done = { 0 };

	if (!layout->ip_version || status == LSO_JUMBOGRAM)
		return done;
	fill_length(frame, length, layout, &done);
	if (done.no_end)
		return done;
	fill_udp_length(frame, length, layout, &done);
	/* With a length that is not the packet's no checksum is right. */
	done.no_length = !has_lengths(frame, length, layout);
	if (!done.no_length)
		fill_checksums(frame, length, layout, status, how, &done);
	return done;
}

struct segment_finished segment_finish_inner(uint8_t *frame, size_t length,
					     const struct lso_layout *layout,
					     enum lso_status status, enum segment_finish_how how)
{
	uint16_t by = layout->l3_offset - FRAME_ETHERNET_HEADER;
	struct lso_layout alone = *layout;
	uint8_t *link = frame + by, before[FRAME_ETHERNET_HEADER];
	struct segment_finished done;

	/* As a frame of its own, for which the bytes in front are lent. */
	memcpy(before, link, sizeof(before));
	memset(link, 0, sizeof(before));
	store_be16(link + 12, layout->ip_version == 4 ? 0x0800 : 0x86dd);
	alone.l2_type = LSO_L2_ETHERNET;
	alone.vlan_tags = 0;
	alone.l3_offset = FRAME_ETHERNET_HEADER;
	alone.l4_offset -= by;
	alone.payload_offset -= by;
	if (alone.final_destination)
		alone.final_destination -= by;
	done = segment_finish(link, length - by, &alone, status, how);
	memcpy(link, before, sizeof(before));
	return done;
}
