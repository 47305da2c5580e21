/* SPDX-License-Identifier: MIT */
#include "tunnels.h"

#include <stdlib.h>
#include <string.h>

#include "reference.h"

static void put(struct tunnel *t, const uint8_t *bytes, size_t n)
{
	memcpy(t->in + t->in_length, bytes, n);
	memcpy(t->out + t->length, bytes, n);
	t->in_length += n;
	t->length += n;
}

#define put_bytes(t, ...) \
	put(t, (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }))

static void put_random(struct tunnel *t, size_t n)
{
	while (n--)
		put_bytes(t, (uint8_t)random_next(t->r));
}

static void put16(struct tunnel *t, unsigned int v)
{
	put_bytes(t, (uint8_t)(v >> 8), (uint8_t)v);
}

/* In a super-packet a length is anything, and so is a seed. */
static void put_rubbish16(struct tunnel *t)
{
	put16(t, random_one_in(t->r, 3) ? 0 : random_below(t->r, 65536));
}

static struct layer *add_layer(struct tunnel *t, enum layer_kind kind)
{
	struct layer *layer = &t->layers[t->count++];

	if (t->count > TUNNEL_LAYERS)
		abort();
	*layer = (struct layer){ .kind = kind, .offset = t->length };
	return layer;
}

static void put_link(struct tunnel *t, unsigned int type)
{
	static const unsigned int tags[] = { 0x8100, 0x88a8, 0x9100 };

	put_random(t, 12);
	for (unsigned int n = random_below(t->r, 3); n > 0; n--) {
		put16(t, tags[random_below(t->r, 3)]);
		put16(t, random_below(t->r, 65536));
	}
	put16(t, type);
}

static void put_ip(struct tunnel *t, int version, uint8_t protocol)
{
	unsigned int options = random_one_in(t->r, 5) ? random_below(t->r, 3) : 0;
	bool jumbo = version == 6 && random_one_in(t->r, 6);

	add_layer(t, version == 4 ? IPV4 : IPV6);
	if (version == 4) {
		put_bytes(t, (uint8_t)(0x45 + options), (uint8_t)random_next(t->r));
		put_rubbish16(t);
		put16(t, random_one_in(t->r, 3) ? 0xfff0 : random_below(t->r, 65536));
		put_bytes(t, random_one_in(t->r, 2) ? 0x40 : 0, 0, 64, protocol);
		put_rubbish16(t);
		put_random(t, 8 + 4 * options);
		return;
	}
	put_bytes(t, 0x60, 1, 2, 3);
	put_rubbish16(t);
	t->in[t->in_length++] = jumbo ? 0 : (uint8_t)(options ? 60 : protocol);
	t->out[t->length++] = options ? 60 : protocol;
	put_random(t, 1 + 32);
	if (jumbo) {
		const uint8_t header[8] = { options ? 60 : protocol, 0, 0xc2, 4, 0, 1, 2, 3 };

		memcpy(t->in + t->in_length, header, 8);
		t->in_length += 8;
		t->jumbo = true;
	}
	if (options) /* destination options: the limit of encapsulation, RFC 2473 4.1 */
		put_bytes(t, protocol, 0, 4, 1, 4, 1, 1, 0);
}

static void put_udp(struct tunnel *t, int version, size_t ip, unsigned int port)
{
	struct layer *layer = add_layer(t, UDP);

	layer->checksum = random_one_in(t->r, 2);
	layer->address = version == 4 ? 4 : 16;
	layer->source = ip + (version == 4 ? 12 : 8);
	layer->target = layer->source + layer->address;
	put16(t, random_below(t->r, 65536));
	put16(t, port);
	put_rubbish16(t);
	put16(t, layer->checksum ? random_between(t->r, 1, 65535) : 0);
}

static unsigned int type_of(int version)
{
	return version == 4 ? 0x0800 : 0x86dd;
}

static void put_gre(struct tunnel *t, unsigned int type)
{
	bool checksum = random_one_in(t->r, 2);
	bool key = random_one_in(t->r, 2);

	if (checksum)
		add_layer(t, GRE)->checksum = true;
	put_bytes(t, (uint8_t)((checksum ? 0x80 : 0) | (key ? 0x20 : 0)), 0);
	put16(t, type);
	if (checksum) {
		put_rubbish16(t);
		put16(t, 0);
	}
	put_random(t, key ? 4 : 0);
}

static void put_mpls(struct tunnel *t, bool ethernet)
{
	for (unsigned int n = random_below(t->r, 3); n > 0; n--)
		put_bytes(t, 0, 1, 0x20, 64);
	put_bytes(t, 0, 2, 0x31, 64);
	if (ethernet)
		put_bytes(t, 0, 0, 0, 0); /* a control word */
}

static void put_gtpu(struct tunnel *t)
{
	bool extended = random_one_in(t->r, 2);

	add_layer(t, GTPU);
	put_bytes(t, extended ? 0x34 : 0x30, 0xff);
	put_rubbish16(t);
	put_random(t, 4);
	if (extended) /* a PDU session container and a service class */
		put_bytes(t, 0, 0, 0, 0x85, 1, 0, 9, 0x20, 1, 1, 2, 0);
}

static void put_geneve(struct tunnel *t, unsigned int type)
{
	unsigned int options = random_below(t->r, 4);

	put_bytes(t, (uint8_t)options, random_one_in(t->r, 2) ? 0x40 : 0);
	put16(t, type);
	put_random(t, 4 + 4 * options);
}

static void put_gue(struct tunnel *t, int version)
{
	unsigned int more = random_below(t->r, 3);

	if (random_one_in(t->r, 3)) /* variant 1: nothing */
		return;
	put_bytes(t, (uint8_t)more, version == 4 ? 4 : 41, 0, 0);
	put_random(t, 4 * more);
}

/* The tunnels that lie in UDP, and by which port. */
static unsigned int put_in_udp(struct tunnel *t, int outer, size_t ip, int version, bool ethernet)
{
	static const struct {
		unsigned int port;
		bool ip, ethernet;
	} kinds[] = {
		{ 4789, false, true }, { 8472, false, true }, { 4790, true, true },
		{ 6081, true, true },  { 2152, true, false }, { 6080, true, false },
		{ 4754, true, true },  { 6635, true, true },  { TUNNEL_FOU_PORT, true, false },
	};
	unsigned int type = ethernet ? 0x6558 : type_of(version);
	unsigned int k;

	do {
		k = random_below(t->r, sizeof(kinds) / sizeof(kinds[0]));
	} while (ethernet ? !kinds[k].ethernet : !kinds[k].ip);
	put_udp(t, outer, ip, kinds[k].port);
	switch (kinds[k].port) {
	case 4789:
	case 8472:
		put_bytes(t, random_one_in(t->r, 2) ? 0x88 : 0x08, 0, 0, 1, 0, 0, 7, 0);
		break;
	case 4790:
		put_bytes(t, 0x0c, 0, 0, ethernet ? 3 : version == 4 ? 1 : 2, 0, 0, 7, 0);
		break;
	case 6081:
		put_geneve(t, type);
		break;
	case 2152:
		put_gtpu(t);
		break;
	case 6080:
		put_gue(t, version);
		break;
	case 4754:
		put_gre(t, type);
		break;
	case 6635:
		put_mpls(t, ethernet);
		break;
	}
	return kinds[k].port;
}

/* One IP header and what makes a tunnel of it, around IP of a version or around Ethernet. */
static void put_level(struct tunnel *t, int outer, int version, bool ethernet)
{
	size_t ip = t->length;

	switch (random_below(t->r, 5)) {
	case 0:
		put_ip(t, outer, 47);
		put_gre(t, ethernet ? 0x6558 : type_of(version));
		break;
	case 1:
		put_ip(t, outer, 137);
		put_mpls(t, ethernet);
		break;
	case 2:
		put_ip(t, outer, ethernet ? 97 : version == 4 ? 4 : 41);
		if (ethernet)
			put_bytes(t, 0x30, 0);
		break;
	default:
		put_ip(t, outer, 17);
		put_in_udp(t, outer, ip, version, ethernet);
	}
}

/* What may lie between the first link-layer header and IP. */
static void put_first_link(struct tunnel *t, int version)
{
	switch (random_below(t->r, 6)) {
	case 0:
		put_link(t, 0x8847);
		put_mpls(t, false);
		break;
	case 1:
		put_link(t, 0x8864);
		add_layer(t, PPPOE);
		put_bytes(t, 0x11, 0, 0, 5);
		put_rubbish16(t);
		put16(t, version == 4 ? 0x21 : 0x57);
		break;
	case 2:
		put_link(t, 0x894f);
		put_bytes(t, 0, 2, 2, version == 4 ? 1 : 2);
		put_random(t, 4);
		break;
	default:
		put_link(t, type_of(version));
	}
}

void tunnel_make(struct tunnel *t, struct random *r, int inner)
{
	int version = random_one_in(r, 2) ? 4 : 6;

	*t = (struct tunnel){ .r = r, .ports = { { TUNNEL_FOU_PORT, LSO_TUNNEL_FOU } } };
	t->levels = random_between(r, 1, 3);
	put_first_link(t, version);
	for (unsigned int level = t->levels; level > 0; level--) {
		int next = level == 1 ? inner : random_one_in(r, 2) ? 4 : 6;
		bool ethernet = random_one_in(r, 2);

		put_level(t, version, next, ethernet);
		if (ethernet && level > 1)
			put_link(t, type_of(next));
		if (level == 1)
			t->inner_frame = ethernet;
		version = next;
	}
}

static void set16(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static unsigned int get16(const uint8_t *p)
{
	return p[0] * 256u + p[1];
}

static void finish_udp(const struct layer *layer, uint8_t *frame, size_t length)
{
	uint8_t *udp = frame + layer->offset;
	const uint8_t tail[4] = { 0, 17, (uint8_t)(length >> 8), (uint8_t)length };
	uint32_t sum;

	set16(udp + 4, length);
	if (!layer->checksum)
		return;
	set16(udp + 6, 0);
	sum = reference_sum(frame + layer->source, layer->address, 0);
	sum = reference_sum(frame + layer->target, layer->address, sum);
	sum = reference_sum(tail, 4, sum);
	sum = 65535 - reference_sum(udp, length, sum);
	set16(udp + 6, sum ? sum : 65535);
}

void tunnel_finish(const struct layer *layer, uint8_t *frame, size_t end, uint32_t i, bool fixed)
{
	uint8_t *at = frame + layer->offset;
	size_t length = end - layer->offset;

	switch (layer->kind) {
	case IPV4:
		set16(at + 2, length);
		set16(at + 4, get16(at + 4) + (fixed ? 0 : i));
		set16(at + 10, 0);
		set16(at + 10, 65535 - reference_sum(at, (at[0] & 15u) * 4, 0));
		break;
	case IPV6:
		set16(at + 4, length - 40);
		break;
	case UDP:
		finish_udp(layer, frame, length);
		break;
	case GRE:
		set16(at + 4, 0);
		set16(at + 4, 65535 - reference_sum(at, length, 0));
		break;
	case GTPU:
		set16(at + 2, length - 8);
		break;
	case PPPOE:
		set16(at + 4, length - 6);
		break;
	}
}
