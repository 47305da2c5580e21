/* SPDX-License-Identifier: MIT */
/* Checksums that the stack leaves to the hardware, one packet, one frame. */
#include <stdlib.h>

#include "base/array.h"
#include "test/send.h"
#include "test/sum.h"

#define UDP            0x100 /* in a case's argument, beside the IP version */
#define MORE_FRAGMENTS 0x2000u
#define GRE            47
#define RANDOM         150u

static struct packet_shape shape_of(const struct sender *s)
{
	return (struct packet_shape){ .version = s->version,
				      .protocol = s->udp ? PACKET_UDP : PACKET_TCP,
				      .ip_id = 0x1234,
				      .sequence = 0x10000000,
				      .checksum = true,
				      .payload = 100 };
}

static void begin(struct sender *s, struct bench *b, int argument)
{
	bench_need_wire(b);
	bench_up(b, NULL);
	*s = (struct sender){ .bench = b, .udp = argument & UDP, .version = argument & 0xFF };
}

/* Is the packet's checksum the driver's? */
static void begin_summing(struct sender *s, struct bench *b, int argument)
{
	const struct cx_checksum_caps *tx;
	struct offload_picture picture;
	bool on;

	begin(s, b, argument);
	picture = bench_offload(b);
	tx = &picture.driver.tx_checksum;
	on = (s->udp ? tx->udp.l3 : tx->tcp.l3) & (s->version == 4 ? CX_L3_IPV4 : CX_L3_IPV6);
	if (!on)
		bench_skip(b, "the driver does not sum %s over IPv%d", s->udp ? "UDP" : "TCP",
			   s->version);
}

/* Each length up to 300, then steps to the MTU: small ones are padded, odd ones end in half a word.
 */
static void lengths(struct bench *b, int argument)
{
	struct packet_shape shape;
	struct sender s;
	size_t most;

	begin_summing(&s, b, argument);
	shape = shape_of(&s);
	most = send_mss(&s, &shape);
	for (shape.payload = 0; shape.payload < 130; shape.payload++)
		send_plain(&s, &shape, false);
	for (; shape.payload < most; shape.payload += 131) {
		shape.pattern++;
		send_plain(&s, &shape, false);
	}
	shape.payload = most;
	send_plain(&s, &shape, false);
	send_done(&s);
}

static void split(struct bench *b, int argument)
{
	struct packet_shape shape;
	struct sender s;

	begin_summing(&s, b, argument);
	shape = shape_of(&s);
	for (size_t at = 1; at < packet_headers(&shape) + 20; at++) {
		bench_scatter(b, at, at % 3 ? PACKET_ROOM : 7);
		shape.pattern++;
		send_plain(&s, &shape, false);
	}
	send_done(&s);
}

static void options(struct bench *b, int argument)
{
	struct packet_shape shape;
	struct sender s;

	begin_summing(&s, b, argument);
	shape = shape_of(&s);
	for (unsigned words = 0; words <= 10; words++) {
		shape.destination_options = words % 2;
		shape.ip_words = words;
		shape.tcp_words = 0;
		send_plain(&s, &shape, false);
		shape.tcp_words = s.udp ? 0 : words;
		shape.ip_words = 0;
		shape.tagged = words % 2;
		send_plain(&s, &shape, false);
	}
	send_done(&s);
}

static void send_summed(struct sender *s, const struct packet_shape *shape)
{
	send_plain(s, shape, false);
}

static void placed(struct bench *b, int argument)
{
	struct packet_shape shape;
	struct sender s;

	begin_summing(&s, b, argument);
	shape = shape_of(&s);
	shape.payload = 20;
	send_placed(&s, &shape, send_summed);
	send_done(&s);
}

/* The last word of the payload makes the sum all ones. */
static void zero(struct bench *b, int argument)
{
	struct packet_shape shape;
	struct sender s;

	begin_summing(&s, b, argument);
	shape = shape_of(&s);
	for (shape.payload = 2; shape.payload < 1000; shape.payload += 166) {
		struct packet *p = &b->packet;
		uint8_t *l4;
		uint64_t sum;

		shape.pattern++;
		packet_make(p, &b->addresses, &shape);
		l4 = p->bytes + p->l4;
		put16(p->bytes + p->length - 2, 0);
		sum = sum_pseudo(p->bytes + p->l3, (uint8_t)shape.protocol, p->length - p->l4);
		put16(l4 + (s.udp ? 6 : 16), 0);
		sum = sum_bytes(sum, l4, p->length - p->l4);
		put16(p->bytes + p->length - 2, (uint16_t)~sum_fold(sum));
		packet_set_checksums(p);
		send_packet(&s, false);
	}
	send_done(&s);
}

static void seeded(struct bench *b, int argument)
{
	struct packet_shape shape;
	struct sender s;

	begin_summing(&s, b, argument);
	for (unsigned i = 0; i < RANDOM; i++) {
		struct test_random *r = &b->random;

		shape = shape_of(&s);
		shape.tagged = !random_below(r, 4);
		shape.ip_words = random_below(r, 3) ? 0 : random_below(r, 4);
		shape.tcp_words = s.udp ? 0 : random_below(r, 11);
		shape.tos = (uint8_t)random_next(r);
		shape.ip_id = (uint16_t)random_next(r);
		shape.sequence = (uint32_t)random_next(r);
		shape.pattern = (uint32_t)random_next(r);
		shape.flags = s.udp ? 0 : (uint8_t)(random_next(r) & (TCP_FIN | TCP_PSH | TCP_CWR));
		shape.payload = random_below(r, send_mss(&s, &shape) + 1u);
		bench_scatter(b, random_below(r, 200), 1 + random_below(r, 1500));
		send_plain(&s, &shape, false);
	}
	send_done(&s);
}

/* Headers that come to each sum, 0 among them. */
static void ipv4_header(struct bench *b, int argument)
{
	struct offload_picture picture;
	struct packet_shape shape;
	struct sender s;

	begin(&s, b, argument);
	picture = bench_offload(b);
	if (!cx_checksum_ipv4(&picture.driver.tx_checksum))
		bench_skip(b, "the driver does not sum IPv4 headers");
	shape = shape_of(&s);
	for (unsigned i = 0; i < 64; i++) {
		shape.tos = (uint8_t)(i * 4);
		shape.checksum = i % 2;
		shape.ip_words = i % 11;
		shape.ip_id = 0;
		packet_make(&b->packet, &b->addresses, &shape);
		/* With it as the identification, the header's sum is all ones: its checksum is 0.
		 */
		shape.ip_id =
			i % 4 ? (uint16_t)(i * 1021) : get16(b->packet.bytes + b->packet.l3 + 10);
		send_plain(&s, &shape, false);
	}
}

/* All kinds in turn, so that one packet's settings are not the next one's. */
static void together(struct bench *b, int argument)
{
	struct packet_shape shape;
	struct sender s;

	begin(&s, b, argument);
	for (unsigned i = 0; i < 200; i++) {
		s.udp = i & 1;
		s.version = i & 2 ? 6 : 4;
		shape = shape_of(&s);
		shape.checksum = i % 3;
		shape.pattern = i;
		shape.payload = 1 + i * 7 % 900;
		send_plain(&s, &shape, false);
	}
}

/* A wrong checksum that nobody wants summed, IP fragments, protocols without a checksum. */
static void left_alone(struct bench *b, int argument)
{
	struct packet_shape shape;
	struct sender s;

	begin(&s, b, argument);
	for (unsigned i = 0; i < 24; i++) {
		struct packet *p = &b->packet;

		s.udp = i & 1;
		shape = shape_of(&s);
		shape.checksum = false;
		shape.payload = 50 + 100 * (i / 2);
		packet_make(p, &b->addresses, &shape);
		put16(p->bytes + p->l4 + (s.udp ? 6 : 16), 0xBAD0 + i);
		send_packet(&s, true);
	}
}

static void fragments(struct bench *b, int argument)
{
	struct packet_shape shape;
	struct sender s;

	begin(&s, b, argument);
	for (uint16_t offset = 0; offset < 400; offset += 50) {
		s.udp = offset & 100;
		shape = shape_of(&s);
		shape.checksum = false;
		shape.fragment = MORE_FRAGMENTS | offset;
		shape.payload = 400;
		send_plain(&s, &shape, true);
	}
}

static void protocols(struct bench *b, int argument)
{
	static const uint8_t numbers[] = { 1, 2, GRE, 50, 58, 89, 132, 136, 253 };
	struct packet_shape shape;
	struct sender s;

	begin(&s, b, argument);
	for (size_t i = 0; i < ARRAY_COUNT(numbers); i++) {
		for (size_t payload = 30; payload < 1200; payload += 233) {
			shape = shape_of(&s);
			shape.checksum = false;
			shape.protocol = numbers[i];
			shape.payload = payload;
			send_plain(&s, &shape, true);
		}
	}
}

#define SOURCE "NDIS, Offloading Checksum Tasks"
#define DROPS \
	"the other end drops packets that Wireshark there calls wrong, and none with the offload off"

#define ALL(name, rule, source, windows, run)                                          \
	{ "checksum/" name "/tcp-ipv4", rule, source, windows, run, 4 },               \
		{ "checksum/" name "/tcp-ipv6", rule, source, windows, run, 6 },       \
		{ "checksum/" name "/udp-ipv4", rule, source, windows, run, UDP | 4 }, \
	{                                                                              \
		"checksum/" name "/udp-ipv6", rule, source, windows, run, UDP | 6      \
	}

const struct test_case checksum_cases[] = {
	ALL("lengths", "Packets of each length are summed, padded and odd ones, too",
	    SOURCE "; RFC 1071", DROPS, lengths),
	ALL("split", "Headers and payload may be split into fragments at any byte",
	    "NET_PACKET, FragmentCount; " SOURCE, DROPS, split),
	ALL("placed", "A fragment's data may begin at any Offset of its buffer, and at any address",
	    "NET_FRAGMENT, NET_PACKET_FRAGMENT, Offset; " SOURCE,
	    "what is sent begins with bytes of another packet", placed),
	ALL("options", "IP options, extension headers, TCP options and tags move the field", SOURCE,
	    DROPS, options),
	ALL("zero", "Sums of 0 are right, too: UDP's is sent as all ones", "RFC 768; RFC 1071",
	    "one packet of 65,536 is dropped or goes unprotected", zero),
	ALL("seeded", "Packets of all kinds, by the seed, are summed", SOURCE, DROPS, seeded),
	{ "checksum/ipv4-header",
	  "The IPv4 header's checksum is right, with options, alone and beside another",
	  SOURCE "; RFC 791 3.1", "nothing gets through the first router", ipv4_header, 4 },
	{ "checksum/together",
	  "Each packet is summed as it asks for, whatever the one before it was", SOURCE, DROPS,
	  together, 4 },
	{ "checksum/left-alone/ipv4",
	  "A checksum that the driver was not asked for leaves as it was",
	  "NET_PACKET_CHECKSUM, Passthrough",
	  "a forwarded packet that was damaged on its way looks right again", left_alone, 4 },
	{ "checksum/left-alone/ipv6",
	  "A checksum that the driver was not asked for leaves as it was",
	  "NET_PACKET_CHECKSUM, Passthrough",
	  "a forwarded packet that was damaged on its way looks right again", left_alone, 6 },
	{ "checksum/fragments/ipv4", "IP fragments leave as they were", SOURCE "; RFC 791 3.2",
	  "large datagrams never arrive", fragments, 4 },
	{ "checksum/protocols/ipv4",
	  "Protocols without a checksum that the driver knows leave as they were", SOURCE,
	  "ping, GRE or IPsec do not work", protocols, 4 },
	{ "checksum/protocols/ipv6",
	  "Protocols without a checksum that the driver knows leave as they were", SOURCE,
	  "neighbour discovery, GRE or IPsec do not work", protocols, 6 },
	{ 0 },
};
