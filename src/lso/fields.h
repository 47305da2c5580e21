/* SPDX-License-Identifier: MIT */
/*
 * The fields that a segment has of its own. All else is the template's.
 */
#ifndef LSO_FIELDS_H
#define LSO_FIELDS_H

#include "bytes.h"
#include "private.h"

/* Offsets in headers: RFC 791 3.1, RFC 8200 3, RFC 9293 3.1, RFC 768. */
enum {
	IPV4_LENGTH = 2,
	IPV4_ID = 4,
	IPV4_FRAGMENT = 6, /* with TTL and protocol after it */
	IPV4_CHECKSUM = 10,
	IPV6_LENGTH = 4,
	TCP_SEQUENCE = 4,
	TCP_ACKNOWLEDGMENT = 8,
	TCP_FLAGS = 12,
	TCP_WINDOW = 14,
	TCP_CHECKSUM = 16,
	TCP_URGENT = 18,
	UDP_LENGTH = 4,
	UDP_CHECKSUM = 6,
};

/* TCP's flags, RFC 9293 3.1. */
#define TCP_FIN 0x0001
#define TCP_PSH 0x0008
#define TCP_CWR 0x0080

/*
 * lso_variant() - what segments with so many bytes of payload and such flags have of their own
 *
 * The first's and the last's are made when they are needed: at the end of a packet nothing waits
 * for it but stores that wait themselves; at the beginning everything does.
 */
static inline struct variant lso_variant(const struct segmenter *s, uint32_t payload,
					 uint16_t tcp_flags)
{
	uint32_t l4_length = s->header - s->l4 + payload;
	uint64_t l4_sum = s->l4_sum + htobe32(l4_length) + tcp_flags;

	return (struct variant){
		/* UDP's length is in its header and in the pseudo-header. */
		.l4_sum = s->tcp ? l4_sum : l4_sum + htobe16((uint16_t)l4_length),
		.payload = payload,
		.ip_sum = add16(s->ip_sum, htobe16((uint16_t)(s->header - s->l3 + payload))),
		.tcp_flags = tcp_flags,
	};
}

/* lso_last() - the last segment, of one or several */
static inline struct variant lso_last(const struct segmenter *s)
{
	uint16_t flags = s->tcp_flags;

	if (s->segments > 1)
		flags &= ~s->first_only;
	return lso_variant(s, s->last_payload, flags);
}

/* lso_is_middle() - is segment @i as those in the middle? The first is, if it has no CWR alone. */
static inline bool lso_is_middle(const struct segmenter *s, uint32_t i)
{
	return i + 1 < s->segments && (i || !(s->tcp_flags & s->first_only));
}

/* lso_variant_at() - segment @i's; @edge: room for one that is not in the middle */
static inline const struct variant *lso_variant_at(const struct segmenter *s, uint32_t i,
						   struct variant *edge)
{
	if (lso_is_middle(s, i))
		return &s->middle;
	if (i + 1 == s->segments)
		*edge = lso_last(s);
	else
		*edge = lso_variant(s, s->mss, s->tcp_flags & ~htobe16(TCP_FIN | TCP_PSH));
	return edge;
}

/* lso_put_variant() - the fields in which first, middle and last segments differ */
static inline void lso_put_variant(const struct segmenter *s, uint8_t *header,
				   const struct variant *v)
{
	uint32_t l3_length = s->header - s->l3 + v->payload;

	if (s->llc)
		store16(header + s->l3 - 10, htobe16((uint16_t)(l3_length + 8)));
	if (s->ipv4)
		store16(header + s->l3 + IPV4_LENGTH, htobe16((uint16_t)l3_length));
	else
		store16(header + s->l3 + IPV6_LENGTH, htobe16((uint16_t)(l3_length - 40)));
	if (s->tcp)
		store16(header + s->l4 + TCP_FLAGS, v->tcp_flags);
	else
		store16(header + s->l4 + UDP_LENGTH,
			htobe16((uint16_t)(s->header - s->l4 + v->payload)));
}

/*
 * From what the counted fields are made, out of the segmenter so that a loop can hold it in
 * registers. Nothing here changes in a loop: each segment's fields follow from its number. A value
 * carried in memory from one segment to the next would now and then wait for all stores in between.
 */
struct counted {
	uint64_t l4_sum;
	uint64_t ip_middle; /* IPv4 header from ID to checksum, host order, those two 0 */
	uint32_t ip_sum;    /* host order */
	uint32_t sequence;  /* of segment 0, host order */
	uint32_t mss;
	uint32_t id_counts; /* all ones: the ID is id + i; 0: it is id */
	uint16_t id;        /* host order */
	bool ipv4;
	bool tcp;
	bool l4_checksum;
};

/*
 * lso_counted_of() - for @v's segments from the next one on, until the ID wraps
 * @ipv4, @tcp: as in @s, constants where possible
 */
static inline struct counted lso_counted_of(const struct segmenter *s, const struct variant *v,
					    bool ipv4, bool tcp)
{
	uint32_t counts = s->id_mask ? UINT32_MAX : 0;
	uint32_t id = (s->id & (uint32_t)~s->id_mask) | ((s->id + s->next) & s->id_mask);

	return (struct counted){
		.l4_sum = v->l4_sum,
		.ip_middle = be64toh(load64(s->template + s->l3 + IPV4_ID)) & 0xffffffff0000,
		.ip_sum = be16toh(v->ip_sum),
		.sequence = s->sequence,
		.mss = s->mss,
		.id_counts = counts,
		.id = (uint16_t)(id - (s->next & counts)),
		.ipv4 = ipv4,
		.tcp = tcp,
		.l4_checksum = s->l4_checksum,
	};
}

/* lso_counted_as() - the same for @v's segments, which follow */
static inline struct counted lso_counted_as(struct counted c, const struct variant *v)
{
	c.l4_sum = v->l4_sum;
	c.ip_sum = be16toh(v->ip_sum);
	return c;
}

/*
 * lso_put_counted() - the fields of segment @i into its headers
 * @ip, @l4: where its IP and L4 headers begin
 * @sum:     of its payload
 */
static inline void lso_put_counted(const struct counted *c, uint8_t *ip, uint8_t *l4, uint32_t i,
				   uint32_t sum)
{
	if (c->ipv4) {
		uint16_t id = (uint16_t)(c->id + (i & c->id_counts));
		uint32_t ip_sum = c->ip_sum + id;
		uint16_t checksum = (uint16_t) ~(ip_sum + (ip_sum >> 16));

		/* ID, flags, TTL, protocol, checksum: one store */
		store64(ip + IPV4_ID, htobe64(c->ip_middle | (uint64_t)id << 48 | checksum));
	}
	if (c->tcp) {
		uint32_t sequence = htobe32(c->sequence + i * c->mss);

		store32(l4 + TCP_SEQUENCE, sequence);
		store16(l4 + TCP_CHECKSUM, (uint16_t)~fold16(c->l4_sum + sequence + sum));
	} else if (c->l4_checksum) {
		uint16_t checksum = (uint16_t)~fold16(c->l4_sum + sum);

		store16(l4 + UDP_CHECKSUM, checksum ? checksum : 0xffff); /* RFC 768 */
	}
}

#endif
