/* SPDX-License-Identifier: MIT */
/*
 * Once for each super-packet: the header template and, for the first, the middle and the last
 * segments, everything in their headers and sums that does not change from one to the next.
 */
#include <netinet/in.h>

#include "bytes.h"
#include "fields.h"
#include "private.h"

/* sum_words() - of headers and addresses: @length is a multiple of 4 */
static uint64_t sum_words(const uint8_t *p, size_t length)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < length; i += 4)
		sum += load32(p + i);
	return sum;
}

/* sum_addresses() - of the pseudo-header's */
static inline uint64_t sum_addresses(const uint8_t *frame, const struct lso_layout *layout)
{
	const uint8_t *ip = frame + layout->l3_offset;

	if (layout->ip_version == 4)
		return (uint64_t)load32(ip + 12) +
		       load32(layout->final_destination ? frame + layout->final_destination
							: ip + 16);
	return sum_words(ip + 8, 16) +
	       sum_words(layout->final_destination ? frame + layout->final_destination : ip + 24,
			 16);
}

uint64_t lso_pseudo(const uint8_t *frame, const struct lso_layout *layout, uint32_t length)
{
	return sum_addresses(frame, layout) + htobe32(length) + htobe16(layout->l4_protocol);
}

/*
 * take_sums() - over @header without what varies: IPv4's total length, ID and checksum; TCP's
 * sequence number, data offset with flags, and checksum; UDP's length and checksum
 *
 * The packet's own headers are summed: to sum the template would mean to wait for the stores into
 * it.
 */
static void take_sums(struct segmenter *s, const uint8_t *header, const struct lso_layout *layout)
{
	const uint8_t *ip = header + s->l3;
	const uint8_t *l4 = header + s->l4;
	const uint64_t addresses = sum_addresses(header, layout);
	uint64_t l4_sum = addresses + htobe16(layout->l4_protocol);

	if (s->ipv4)
		s->ip_sum = fold16((uint64_t)load32(ip + 12) + load32(ip + 16) + load16(ip) +
				   load32(ip + IPV4_FRAGMENT) +
				   sum_words(ip + 20, s->l4 - s->l3 - 20u));
	else
		s->ip_sum = 0;
	if (s->tcp)
		l4_sum += (uint64_t)load32(l4) + load32(l4 + TCP_ACKNOWLEDGMENT) +
			  load16(l4 + TCP_WINDOW) + load16(l4 + TCP_URGENT) +
			  sum_words(l4 + 20, s->header - s->l4 - 20u);
	else
		l4_sum += load32(l4);
	s->l4_sum = l4_sum;
}

/* check_lengths() - do the largest segment's lengths fit their fields? */
static inline enum lso_status check_lengths(const struct segmenter *s, size_t payload)
{
	size_t l3_length = (size_t)s->header - s->l3 + (payload < s->mss ? payload : s->mss);

	if (l3_length > UINT16_MAX + (s->ipv4 ? 0u : 40u))
		return LSO_TOO_LONG;
	if (s->llc && l3_length + 8 > LONGEST_8023)
		return LSO_TOO_LONG;
	return LSO_OK;
}

/* take_varying() - remember what each segment has of its own */
static void take_varying(struct segmenter *s, const uint8_t *header,
			 const struct lso_options *options)
{
	const uint8_t *l4 = header + s->l4;

	s->id_mask = UINT16_MAX;
	if (options->ip_id == LSO_IP_ID_FIXED)
		s->id_mask = 0;
	else if (options->ip_id == LSO_IP_ID_NDIS && s->tcp)
		s->id_mask = 0x7fff; /* NDIS, Offloading the Segmentation of Large TCP Packets */
	s->id = s->ipv4 ? load_be16(header + s->l3 + IPV4_ID) : 0;
	s->sequence = s->tcp ? load_be32(l4 + TCP_SEQUENCE) : 0;
	s->l4_checksum = s->tcp || !options->udp_zero_checksum || load16(l4 + UDP_CHECKSUM) != 0;
	s->tcp_flags = s->tcp ? load16(l4 + TCP_FLAGS) : 0;
	s->first_only = options->accurate_ecn ? 0 : htobe16(TCP_CWR);
}

/* copy_header() - @readable bytes are there, of which the first are the headers */
static void copy_header(struct segmenter *s, const uint8_t *header, size_t readable)
{
	/* A size that the compiler knows needs no call. What is behind the headers is not used. */
	if (s->header <= 64 && readable >= 64)
		memcpy(s->template, header, 64);
	else
		memcpy(s->template, header, s->header);
}

enum lso_status lso_make_template(struct segmenter *s, const uint8_t *header, size_t readable,
				  const struct lso_layout *layout, size_t payload,
				  const struct lso_options *options)
{
	enum lso_status status;

	if (payload == 0)
		return LSO_NO_PAYLOAD;
	if (options->mss == 0)
		return LSO_BAD_MSS;
	if (payload > UINT32_MAX)
		return LSO_TOO_LONG;

	s->mss = options->mss;
	s->segments = (uint32_t)(payload - 1) / s->mss + 1;
	s->next = 0;
	s->outers = 0;
	s->header = layout->payload_offset;
	s->l3 = layout->l3_offset;
	s->l4 = layout->l4_offset;
	s->ipv4 = layout->ip_version == 4;
	s->tcp = layout->l4_protocol == IPPROTO_TCP;
	s->llc = layout->l2_type == LSO_L2_LLC_SNAP;
	status = check_lengths(s, payload);
	if (status)
		return status;

	s->last_payload = (uint32_t)(payload - (size_t)(s->segments - 1) * s->mss);
	take_varying(s, header, options);
	take_sums(s, header, layout);
	copy_header(s, header, readable);
	s->middle = lso_variant(s, s->mss,
				s->tcp_flags & ~(htobe16(TCP_FIN | TCP_PSH) | s->first_only));
	lso_put_variant(s, s->template, &s->middle);
	return LSO_OK;
}
