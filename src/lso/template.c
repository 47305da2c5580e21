/* SPDX-License-Identifier: MIT */
/*
 * Once for each super-packet: the header template and, for the first, the middle and the last
 * segments, everything in their headers and sums that does not change from one to the next.
 */
#include <netinet/in.h>

#include "bytes.h"
#include "private.h"
#include "fields.h"

#define TCP_FIN      0x0001
#define TCP_PSH      0x0008
#define TCP_CWR      0x0080

#define LONGEST_8023 1500

/* sum_words() - of headers and addresses: @length is a multiple of 4 */
static uint64_t sum_words(const uint8_t *p, size_t length)
{
	uint64_t sum = 0;
	size_t i = 0;

	/* Most are the 20 bytes of IPv4 or TCP. */
	if (length >= 20) {
		sum = (uint64_t)load32(p) + load32(p + 4) + load32(p + 8);
		sum += (uint64_t)load32(p + 12) + load32(p + 16);
		i = 20;
	}
	for (; i < length; i += 4)
		sum += load32(p + i);
	return sum;
}

uint64_t lso_pseudo(const uint8_t *frame, const struct lso_layout *layout, uint32_t length)
{
	const uint8_t *ip = frame + layout->l3_offset;
	uint64_t sum = (uint64_t)htobe32(length) + htobe16(layout->l4_protocol);

	if (layout->ip_version == 4)
		return sum + load32(ip + 12) + load32(ip + 16);
	sum += sum_words(ip + 8, 16);
	return sum +
	       sum_words(layout->final_destination ? frame + layout->final_destination : ip + 24,
			 16);
}

/* What the variants' sums have in common. */
struct sums {
	uint64_t ip;
	uint64_t l4;
};

/*
 * take_sums() - over @header without what varies
 *
 * The packet's own headers are summed, and the varying fields taken off by adding their one's
 * complement (RFC 1624 3): to sum the template would mean to wait for the stores into it.
 */
static struct sums take_sums(const struct segmenter *s, const uint8_t *header,
			     const struct lso_layout *layout)
{
	const uint8_t *ip = header + s->l3;
	const uint8_t *l4 = header + s->l4;
	struct sums sums = { 0, 0 };

	if (s->ipv4) {
		sums.ip = sum_words(ip, s->l4 - s->l3);
		sums.ip += (uint16_t)~load16(ip + IPV4_LENGTH);
		sums.ip += (uint16_t)~load16(ip + IPV4_ID);
		sums.ip += (uint16_t)~load16(ip + IPV4_CHECKSUM);
	}
	sums.l4 = lso_pseudo(header, layout, 0) + sum_words(l4, s->header - s->l4);
	if (s->tcp) {
		sums.l4 += (uint32_t)~load32(l4 + TCP_SEQUENCE);
		sums.l4 += (uint16_t)~load16(l4 + TCP_FLAGS);
		sums.l4 += (uint16_t)~load16(l4 + TCP_CHECKSUM);
	} else {
		sums.l4 += (uint16_t)~load16(l4 + UDP_LENGTH);
		sums.l4 += (uint16_t)~load16(l4 + UDP_CHECKSUM);
	}
	return sums;
}

/*
 * make_variant() - what one kind of segment has of its own
 * @sums:    from take_sums()
 * @payload: bytes in each of these segments
 * @flags:   data offset and flags of these segments, network order; 0 for UDP
 */
static void make_variant(struct segmenter *s, struct variant *v, const struct sums *sums,
			 uint32_t payload, uint16_t flags)
{
	uint32_t l3_length = s->header - s->l3 + payload;
	uint32_t l4_length = s->header - s->l4 + payload;

	v->payload = payload;
	v->llc_length = htobe16((uint16_t)(l3_length + 8));
	v->ip_length = htobe16((uint16_t)(s->ipv4 ? l3_length : l3_length - 40));
	v->udp_length = s->tcp ? 0 : htobe16((uint16_t)l4_length);
	v->tcp_flags = flags;
	v->l4_sum = fold16(sums->l4 + htobe32(l4_length) + flags + v->udp_length);
	v->ip_sum = fold16(sums->ip + v->ip_length);
}

/* check_lengths() - do the largest segment's lengths fit their fields? */
static enum lso_status check_lengths(const struct segmenter *s, size_t payload)
{
	size_t l3_length = (size_t)s->header - s->l3 + (payload < s->mss ? payload : s->mss);

	if (l3_length - (s->ipv4 ? 0 : 40) > UINT16_MAX)
		return LSO_TOO_LONG;
	if (s->llc && l3_length + 8 > LONGEST_8023)
		return LSO_TOO_LONG;
	return LSO_OK;
}

/* take_varying() - remember what each segment has of its own. Return: TCP's offset and flags */
static uint16_t take_varying(struct segmenter *s, const uint8_t *header,
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
	return s->tcp ? load16(l4 + TCP_FLAGS) : 0;
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
	uint32_t last_payload;
	enum lso_status status;
	struct sums sums;
	uint16_t flags;

	if (payload == 0)
		return LSO_NO_PAYLOAD;
	if (options->mss == 0)
		return LSO_BAD_MSS;
	if (payload > UINT32_MAX)
		return LSO_TOO_LONG;

	s->mss = options->mss;
	s->segments = (uint32_t)(payload - 1) / s->mss + 1;
	s->next = 0;
	s->header = layout->payload_offset;
	s->l3 = layout->l3_offset;
	s->l4 = layout->l4_offset;
	s->ipv4 = layout->ip_version == 4;
	s->tcp = layout->l4_protocol == IPPROTO_TCP;
	s->llc = layout->l2_type == LSO_L2_LLC_SNAP;
	status = check_lengths(s, payload);
	if (status)
		return status;

	flags = take_varying(s, header, options);
	sums = take_sums(s, header, layout);
	copy_header(s, header, readable);

	last_payload = (uint32_t)(payload - (size_t)(s->segments - 1) * s->mss);
	if (s->segments == 1) {
		make_variant(s, &s->variant[LAST], &sums, last_payload, flags);
		return LSO_OK;
	}
	make_variant(s, &s->variant[MIDDLE], &sums, s->mss,
		     flags & ~htobe16(TCP_FIN | TCP_PSH | TCP_CWR));
	s->variant[FIRST] = s->variant[MIDDLE];
	if (flags & htobe16(TCP_CWR))
		make_variant(s, &s->variant[FIRST], &sums, s->mss,
			     flags & ~htobe16(TCP_FIN | TCP_PSH));
	make_variant(s, &s->variant[LAST], &sums, last_payload, flags & ~htobe16(TCP_CWR));
	lso_put_variant(s, s->template, &s->variant[MIDDLE]);
	return LSO_OK;
}
