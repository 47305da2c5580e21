/* SPDX-License-Identifier: MIT */
#include "test/reference.h"

#include <string.h>

#include "test/packet.h"
#include "test/sum.h"

#define HOP_BY_HOP   0
#define ROUTING      43
#define FRAGMENT     44
#define DESTINATION  60
#define NOT_ON_LAST  (TCP_FIN | TCP_PSH) /* on the last segment alone */
#define ON_THE_FIRST TCP_CWR             /* on the first segment alone, RFC 3168 6.1.2 */

static void read_transport(struct reference *r)
{
	size_t header;

	if (r->protocol == PACKET_TCP && r->l4 + 20 <= r->length)
		header = (size_t)(r->frame[r->l4 + 12] >> 4) * 4;
	else if (r->protocol == PACKET_UDP && r->l4 + 8 <= r->length)
		header = 8;
	else
		return;
	r->payload = r->l4 + header;
	r->transport = header >= 8 && r->payload <= r->length;
}

static void read_ipv4(struct reference *r)
{
	const uint8_t *ip = r->frame + r->l3;

	r->l4 = r->l3 + (size_t)(ip[0] & 15) * 4;
	r->protocol = ip[9];
	if (!(get16(ip + 6) & 0x3FFF))
		read_transport(r);
}

static void read_ipv6(struct reference *r)
{
	uint8_t next = r->frame[r->l3 + 6];

	r->l4 = r->l3 + 40;
	while ((next == HOP_BY_HOP || next == ROUTING || next == DESTINATION) &&
	       r->l4 + 8 <= r->length) {
		const uint8_t *extension = r->frame + r->l4;

		next = extension[0];
		r->l4 += ((size_t)extension[1] + 1) * 8;
	}
	r->protocol = next;
	if (next != FRAGMENT)
		read_transport(r);
}

void reference_read(struct reference *r, const uint8_t *frame, size_t length)
{
	size_t at = 12;
	uint16_t type;

	*r = (struct reference){ .frame = frame, .length = length };
	if (length < 14)
		return;
	while ((type = get16(frame + at)) == 0x8100 || type == 0x88A8) {
		at += 4;
		if (at + 2 > length)
			return;
	}
	r->l3 = at + 2;
	if (type == 0x0800 && length >= r->l3 + 20) {
		r->version = 4;
		read_ipv4(r);
	} else if (type == 0x86DD && length >= r->l3 + 40) {
		r->version = 6;
		read_ipv6(r);
	}
}

unsigned reference_segments(const struct reference *r, size_t mss)
{
	return (unsigned)((r->length - r->payload + mss - 1) / mss);
}

/* Of the header that is there already, with its field taken for 0. */
static void sum_header(uint8_t *ip)
{
	put16(ip + 10, 0);
	put16(ip + 10, (uint16_t)~sum_fold(sum_bytes(0, ip, (size_t)(ip[0] & 15) * 4)));
}

static void sum_transport(uint8_t *frame, const struct reference *r, size_t length)
{
	uint8_t *l4 = frame + r->l4, *field = l4 + (r->protocol == PACKET_TCP ? 16 : 6);
	uint64_t sum = sum_pseudo(frame + r->l3, r->protocol, length - r->l4);
	uint16_t value;

	put16(field, 0);
	value = (uint16_t)~sum_fold(sum_bytes(sum, l4, length - r->l4));
	/* RFC 768: 0 says that there is none, so a sum of 0 is sent as all ones. */
	put16(field, r->protocol == PACKET_UDP && !value ? 0xFFFF : value);
}

static void put_ip(uint8_t *ip, const struct reference *r, size_t length, unsigned index, bool ndis)
{
	uint16_t id = get16(ip + 4);

	if (r->version == 6) {
		put16(ip + 4, (uint32_t)(length - r->l3 - 40));
		return;
	}
	put16(ip + 2, (uint32_t)(length - r->l3));
	put16(ip + 4, ndis ? (id & 0x8000u) | ((id + index) & 0x7FFFu) : id + index);
	sum_header(ip);
}

size_t reference_segment(const struct reference *r, size_t mss, unsigned index, bool ndis,
			 uint8_t *out)
{
	size_t from = r->payload + index * mss;
	size_t payload = from + mss < r->length ? mss : r->length - from;
	size_t length = r->payload + payload;
	uint8_t *l4 = out + r->l4;

	memcpy(out, r->frame, r->payload);
	memcpy(out + r->payload, r->frame + from, payload);
	put_ip(out + r->l3, r, length, index, ndis);
	if (r->protocol == PACKET_TCP) {
		put32(l4 + 4, get32(l4 + 4) + (uint32_t)(index * mss));
		if (from + payload < r->length)
			l4[13] &= (uint8_t)~NOT_ON_LAST;
		if (index)
			l4[13] &= (uint8_t)~ON_THE_FIRST;
	} else {
		put16(l4 + 4, (uint32_t)(length - r->l4));
	}
	sum_transport(out, r, length);
	return length;
}

void reference_finish(uint8_t *frame, size_t length, bool header, bool transport)
{
	struct reference r;

	reference_read(&r, frame, length);
	if (header && r.version == 4)
		sum_header(frame + r.l3);
	if (transport && r.transport)
		sum_transport(frame, &r, length);
}

bool reference_good(const uint8_t *frame, size_t length)
{
	const uint8_t *ip;
	struct reference r;
	size_t bytes;

	reference_read(&r, frame, length);
	ip = frame + r.l3;
	if (r.version == 4 && sum_fold(sum_bytes(0, ip, (size_t)(ip[0] & 15) * 4)) != 0xFFFF)
		return false;
	if (!r.transport || (r.protocol == PACKET_UDP && !get16(frame + r.l4 + 6)))
		return true;
	/* What is behind the packet is padding. */
	bytes = r.version == 4 ? get16(ip + 2) : 40u + get16(ip + 4);
	bytes = bytes + r.l3 - r.l4;
	return sum_fold(sum_bytes(sum_pseudo(ip, r.protocol, bytes), frame + r.l4, bytes)) ==
	       0xFFFF;
}
