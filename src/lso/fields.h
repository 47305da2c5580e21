/* SPDX-License-Identifier: MIT */
/*
 * The fields that a segment has of its own. All else is the template's.
 */
#ifndef NETCX_SRC_LSO_FIELDS_H
#define NETCX_SRC_LSO_FIELDS_H

#include "bytes.h"
#include "private.h"

/* Offsets in headers: RFC 791 3.1, RFC 8200 3, RFC 9293 3.1, RFC 768. */
enum {
	IPV4_LENGTH = 2,
	IPV4_ID = 4,
	IPV4_CHECKSUM = 10,
	IPV6_LENGTH = 4,
	TCP_SEQUENCE = 4,
	TCP_FLAGS = 12,
	TCP_CHECKSUM = 16,
	UDP_LENGTH = 4,
	UDP_CHECKSUM = 6,
};

/* lso_put_variant() - the fields in which first, middle and last segments differ */
static inline void lso_put_variant(const struct segmenter *s, uint8_t *header,
				   const struct variant *v)
{
	if (s->llc)
		store16(header + s->l3 - 10, v->llc_length);
	store16(header + s->l3 + (s->ipv4 ? IPV4_LENGTH : IPV6_LENGTH), v->ip_length);
	if (s->tcp)
		store16(header + s->l4 + TCP_FLAGS, v->tcp_flags);
	else
		store16(header + s->l4 + UDP_LENGTH, v->udp_length);
}

/*
 * lso_put_counted() - the fields that differ in every segment
 * @i:   the segment's number
 * @sum: of its payload
 */
static inline void lso_put_counted(const struct segmenter *s, uint8_t *header,
				   const struct variant *v, uint32_t i, uint32_t sum)
{
	uint8_t *ip = header + s->l3;
	uint8_t *l4 = header + s->l4;

	if (s->ipv4) {
		uint16_t id =
			(s->id & (uint16_t)~s->id_mask) | ((s->id + (uint16_t)i) & s->id_mask);

		id = htobe16(id);
		store16(ip + IPV4_ID, id);
		store16(ip + IPV4_CHECKSUM, (uint16_t)~fold16((uint64_t)v->ip_sum + id));
	}
	if (s->tcp) {
		uint32_t sequence = htobe32(s->sequence + i * s->mss);

		store32(l4 + TCP_SEQUENCE, sequence);
		store16(l4 + TCP_CHECKSUM, (uint16_t)~fold16(v->l4_sum + sequence + sum));
	} else if (s->l4_checksum) {
		uint16_t checksum = (uint16_t)~fold16(v->l4_sum + sum);

		store16(l4 + UDP_CHECKSUM, checksum ? checksum : 0xffff); /* RFC 768 */
	}
}

#endif
