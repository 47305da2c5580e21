/* SPDX-License-Identifier: MIT */
#include "segs.h"

#include <string.h>

#include "reference.h"

static uint8_t *put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
	return p + 2;
}

static uint8_t *put32(uint8_t *p, uint32_t v)
{
	return put16(put16(p, v >> 16), v & 0xffff);
}

struct seg seg_usual(int version, bool udp)
{
	return (struct seg){
		.version = version,
		.udp = udp,
		.source = 1,
		.mac = 2,
		.to_mac = 1,
		.port = 1000,
		.ttl = 64,
		.id = 7,
		.fragment = 0x4000,
		.sequence = 5000,
		.ack = 1,
		.flags = SEG_ACK,
		.window = 500,
		.payload = 100,
	};
}

void seg_stamp(struct seg *s, uint32_t value, uint32_t echo)
{
	static const uint8_t head[] = { 1, 1, 8, 10 };

	memcpy(s->options, head, 4);
	put32(put32(s->options + 4, value), echo);
	s->option_length = 12;
}

static uint8_t *put_link(const struct seg *s, uint8_t *p, size_t ip_length)
{
	const uint8_t macs[12] = { 2, 0, 0, 0, 0, s->to_mac, 2, 0, 0, 0, 0, s->mac };
	uint32_t type = s->version == 4 ? 0x0800 : 0x86dd;

	memcpy(p, macs, 12);
	p += 12;
	if (s->tag)
		p = put16(put16(p, 0x8100), s->tag);
	if (s->snap) {
		static const uint8_t snap[6] = { 0xaa, 0xaa, 3, 0, 0, 0 };

		p = put16(p, (uint32_t)ip_length + 8);
		memcpy(p, snap, 6);
		p += 6;
	}
	return put16(p, type);
}

static uint8_t *put_address(const struct seg *s, uint8_t *p, uint8_t last)
{
	if (s->version == 4)
		return put32(p, 0x0a000000u | last);
	memset(p, 0, 16);
	p[0] = 0xfd;
	p[15] = last;
	return p + 16;
}

static uint8_t *put_ip(const struct seg *s, uint8_t *p, size_t l4_length)
{
	uint8_t protocol = s->udp ? 17 : 6;
	size_t options = s->ip_options ? 4 : 0;
	uint8_t *ip = p;

	if (s->version == 4) {
		p = put16(p, (uint32_t)(0x4500 + options / 4 * 0x100 + s->tos));
		p = put16(p, (uint32_t)((int)(20 + options + l4_length) + s->length_off));
		p = put16(put16(p, s->id), s->fragment);
		p = put16(put16(p, (uint32_t)s->ttl << 8 | protocol), 0);
		p = put_address(s, put_address(s, p, s->source), 2);
		memset(p, 1, options); /* NOP */
		p += options;
		put16(ip + 10, ~reference_sum(ip, (size_t)(p - ip), 0) ^ s->ip_sum_off);
		return p;
	}
	p = put32(p, 6u << 28 | (uint32_t)s->tos << 20 | s->flow_label);
	p = put16(p, (uint32_t)((int)(l4_length + (s->extension ? 8 : 0)) + s->length_off));
	*p++ = s->extension ? 60 : protocol;
	*p++ = s->ttl;
	p = put_address(s, put_address(s, p, s->source), 2);
	if (s->extension) {
		memcpy(p, s->extension, 8);
		p[0] = protocol;
		p += 8;
	}
	return p;
}

static uint32_t pseudo(const struct seg *s, size_t l4_length)
{
	uint8_t bytes[40];
	uint8_t *p = put_address(s, put_address(s, bytes, s->source), 2);

	p = put32(put32(p, (uint32_t)l4_length), s->udp ? 17 : 6);
	return reference_sum(bytes, (size_t)(p - bytes), 0);
}

size_t seg_make(const struct seg *s, uint8_t *to)
{
	size_t header = s->udp ? 8 : 20 + s->option_length;
	size_t l4_length = header + s->payload;
	size_t ip_length = l4_length +
			   (s->version == 4 ? (s->ip_options ? 24 : 20) : (s->extension ? 48 : 40));
	uint8_t *l4 = put_ip(s, put_link(s, to, ip_length), l4_length);
	uint8_t *p = put16(put16(l4, s->port), 2000);
	size_t field = s->udp ? 6 : 16;
	uint32_t sum;

	if (s->udp) {
		p = put32(p, (uint32_t)((int)l4_length + s->udp_length_off) << 16);
	} else {
		p = put32(put32(p, s->sequence), s->ack);
		p = put16(p, (uint32_t)(header / 4 << 12 | s->flags));
		p = put32(put16(p, s->window), s->urgent);
		memcpy(p, s->options, s->option_length);
		p += s->option_length;
	}
	for (size_t i = 0; i < s->payload; i++)
		*p++ = (uint8_t)(s->fill + i * 3);
	sum = pseudo(s, l4_length);
	if (!s->partial) {
		sum = ~reference_sum(l4, l4_length, sum) & 0xffff;
		if (sum == 0 && s->udp)
			sum = 0xffff;
	}
	if (!s->no_sum)
		put16(l4 + field, sum ^ s->sum_off);
	memset(p, 0x55, s->padding);
	return (size_t)(p + s->padding - to);
}
