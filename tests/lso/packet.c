/* SPDX-License-Identifier: MIT */
#include "packet.h"

#include <netcx/lso.h>

static void put8(struct packet *p, unsigned int v)
{
	p->bytes[p->length++] = (uint8_t)v;
}

static void put16(struct packet *p, unsigned int v)
{
	put8(p, v >> 8);
	put8(p, v & 0xff);
}

static void put_random(struct packet *p, struct random *r, size_t n)
{
	while (n--)
		put8(p, (unsigned int)random_next(r) & 0xff);
}

/* One in a few packets has all ones, zeros, or little else than carries. */
static void put_payload(struct packet *p, struct random *r, size_t n)
{
	unsigned int kind = random_below(r, 8);

	if (kind > 1) {
		for (; n >= 8; n -= 8) {
			uint64_t v = random_next(r);

			for (int i = 0; i < 8; i++)
				p->bytes[p->length++] = (uint8_t)(v >> (8 * i));
		}
		put_random(p, r, n);
		return;
	}
	while (n--)
		put8(p, kind == 0 ? 0xff : 0);
}

static void put_link(struct packet *p, struct random *r, const struct packet_limits *limits)
{
	put_random(p, r, 12);
	p->bytes[0] &= 0xfe;
	p->tags = random_one_in(r, 3) ? random_between(r, 1, 4) : 0;
	for (unsigned int i = 0; i < p->tags; i++) {
		put16(p, random_one_in(r, 2) ? 0x8100 : 0x88a8);
		put16(p, random_below(r, 65536));
	}
	p->snap = !limits->kernel && random_one_in(r, 8);
	if (p->snap) {
		put16(p, random_below(r, 1501));
		put16(p, 0xaaaa);
		put16(p, 0x0300);
		put16(p, 0);
	}
	put16(p, p->ip_version == 4 ? 0x0800 : 0x86dd);
}

static void put_ipv4(struct packet *p, struct random *r, const struct packet_limits *limits)
{
	unsigned int options = random_one_in(r, 4) ? random_between(r, 1, 10) : 0;
	uint32_t id = random_below(r, 65536);

	if (random_one_in(r, 4))
		id = 0x7ff0 + random_below(r, 32); /* wraps */
	if (random_one_in(r, 8))
		id = 0xfff0 + random_below(r, 16);
	if (limits->kernel)
		id = random_below(r, 0x1000);
	p->ip_options = options > 0;
	put8(p, 0x45 + options);
	put8(p, random_below(r, 256));
	put16(p, random_below(r, 65536)); /* total length: not used */
	put16(p, id);
	put16(p, random_one_in(r, 2) ? 0x4000 : 0);
	put8(p, random_between(r, 2, 255));
	put8(p, p->tcp ? 6 : 17);
	put_random(p, r, 2 + 8);
	if (limits->kernel) {
		/* addresses and options that a stack looks into stay tame */
		p->bytes[p->length - 8] = 10;
		p->bytes[p->length - 4] = 10;
		for (unsigned int i = 0; i < options * 4; i++)
			put8(p, 1);
		return;
	}
	put_random(p, r, options * 4);
}

/* put_extension() - one header of @kind, naming @next. */
static void put_extension(struct packet *p, struct random *r, unsigned int kind, unsigned int next)
{
	unsigned int units = random_below(r, 3);
	size_t start = p->length;

	if (kind == 43 && random_one_in(r, 2)) {
		/* addresses yet to visit: type 0 or 2 ends with the last, type 4 begins with it */
		static const uint8_t types[] = { 0, 2, 4 };
		unsigned int addresses = random_between(r, 1, 2);
		uint8_t type = types[random_below(r, 3)];

		put8(p, next);
		put8(p, addresses * 2);
		put8(p, type);
		put8(p, 1);
		put_random(p, r, 4 + addresses * 16);
		p->destination = type == 4 ? start + 8 : p->length - 16;
		return;
	}
	put8(p, next);
	put8(p, units);
	put_random(p, r, 6 + units * 8);
	if (kind == 43) {
		p->bytes[start + 3] = 0; /* no segments left */
		return;
	}
	/* one PadN option (RFC 8200 4.2) */
	p->bytes[start + 2] = 1;
	p->bytes[start + 3] = (uint8_t)(4 + units * 8);
	for (size_t i = start + 4; i < p->length; i++)
		p->bytes[i] = 0;
}

/* put_jumbo() - a hop-by-hop header with the length of the packet, which is not used */
static void put_jumbo(struct packet *p, struct random *r, unsigned int next)
{
	put8(p, next);
	put8(p, 0);
	put16(p, 0xc204);
	put_random(p, r, 4);
}

static void put_ipv6(struct packet *p, struct random *r, const struct packet_limits *limits)
{
	static const uint8_t order[] = { 0, 60, 43, 60 }; /* RFC 8200 4.1 */
	unsigned int l4 = p->tcp ? 6 : 17;
	unsigned int chain[4];
	unsigned int n = 0;

	p->jumbo = limits->jumbo && random_one_in(r, 6);
	if (random_one_in(r, 3)) {
		for (unsigned int i = p->jumbo; i < 4; i++) {
			if (random_one_in(r, 2))
				chain[n++] = order[i];
		}
	}
	p->ip_options = n > 0 || p->jumbo;
	put8(p, 0x60 | random_below(r, 16));
	put_random(p, r, 3);
	put16(p, random_below(r, 65536)); /* payload length: not used */
	put8(p, p->jumbo ? 0 : n ? chain[0] : l4);
	put8(p, random_between(r, 2, 255));
	p->destination = p->length + 16;
	put_random(p, r, 32);
	p->bytes[p->length - 32] = 0xfd;
	p->bytes[p->length - 16] = 0xfd;
	if (p->jumbo)
		put_jumbo(p, r, n ? chain[0] : l4);
	for (unsigned int i = 0; i < n; i++)
		put_extension(p, r, chain[i], i + 1 < n ? chain[i + 1] : l4);
}

static void put_tcp(struct packet *p, struct random *r)
{
	unsigned int options = random_one_in(r, 2) ? random_between(r, 1, 10) : 0;

	if (random_one_in(r, 3))
		options = 3; /* NOP NOP timestamp */
	put_random(p, r, 4);
	if (random_one_in(r, 4)) {
		put16(p, 0xffff); /* sequence wraps */
		put16(p, random_below(r, 65536));
	} else {
		put_random(p, r, 4);
	}
	put_random(p, r, 4);
	put8(p, (5 + options) << 4 | random_below(r, 16));
	put8(p, random_below(r, 256) & ~0x06u); /* no SYN or RST: not LSO */
	put_random(p, r, 2 + 2 + 2);
	put_random(p, r, options * 4);
}

static void put_udp(struct packet *p, struct random *r)
{
	put_random(p, r, 6);
	put16(p, random_one_in(r, 3) ? 0 : random_below(r, 65536));
}

static size_t choose_payload(struct random *r, size_t max)
{
	size_t n;

	switch (random_below(r, 8)) {
	case 0:
		n = random_between(r, 1, 80);
		break;
	case 1:
		n = random_between(r, 60000, 66000);
		break;
	case 2:
		n = random_between(r, 1, 500000);
		break;
	default:
		n = random_between(r, 1, 20000);
		break;
	}
	return n > max ? 1 + n % max : n;
}

static uint32_t choose_mss(struct random *r, size_t payload, uint32_t max_segments, size_t limit)
{
	static const uint32_t usual[] = { 536, 1220, 1448, 1460, 8948, 8960 };
	size_t mss;

	switch (random_below(r, 8)) {
	case 0:
		mss = random_between(r, 1, 70);
		break;
	case 1:
		mss = payload / random_between(r, 1, 9); /* often divides */
		break;
	case 2:
		mss = payload + random_below(r, 3);
		break;
	case 3:
		mss = random_between(r, 1, 65535);
		break;
	case 4:
		mss = random_between(r, 64, 3000);
		break;
	default:
		mss = usual[random_below(r, 6)];
		break;
	}
	if (mss < (payload - 1) / max_segments + 1)
		mss = (payload - 1) / max_segments + 1;
	return (uint32_t)(mss > limit ? limit : mss);
}

void packet_make(struct packet *p, struct random *r, const struct packet_limits *limits)
{
	size_t payload = choose_payload(r, limits->max_payload);
	size_t limit;

	p->length = 0;
	p->jumbo = false;
	p->ip_version = random_one_in(r, 2) ? 4 : 6;
	p->tcp = !random_one_in(r, 4);
	put_link(p, r, limits);
	p->l3 = p->length;
	if (p->ip_version == 4)
		put_ipv4(p, r, limits);
	else
		put_ipv6(p, r, limits);
	if (p->ip_version == 4)
		p->destination = p->l3 + 16;
	p->l4 = p->length;
	if (p->tcp)
		put_tcp(p, r);
	else
		put_udp(p, r);
	p->payload = p->length;
	p->header = p->payload - (p->jumbo ? 8 : 0);

	limit = (p->snap ? 1492 : 65535) - (p->payload - p->l3);
	if (payload > limit * limits->max_segments)
		payload = limit * limits->max_segments;
	p->mss = choose_mss(r, payload, limits->max_segments, limit);
	put_payload(p, r, payload);
	p->ip_id = (int)random_below(r, 3);
	p->udp_zero_checksum = random_one_in(r, 2);
	p->accurate_ecn = false;
}

uint32_t packet_segments(const struct packet *p)
{
	return (uint32_t)((p->length - p->payload + p->mss - 1) / p->mss);
}
