/* SPDX-License-Identifier: MIT */
/* Large sends of TCP (LSO) and UDP (USO): what a NIC makes of a packet that is too long for it. */
#include <stdlib.h>

#include "base/array.h"
#include "test/reference.h"
#include "test/send.h"
#include "test/sum.h"

#define UDP       0x100 /* in a case's argument, beside the IP version */
#define LEAST_MSS 88u   /* that Windows' stack hands down */
#define RANDOM    150u  /* packets of a seeded case */
#define STALLED   2u    /* packets of some hundred segments each */
#define ROUNDS    600u  /* packets: more than twice a ring's elements, and its fragments */

static struct packet_shape shape_of(const struct sender *s)
{
	return (struct packet_shape){ .version = s->version,
				      .protocol = s->udp ? PACKET_UDP : PACKET_TCP,
				      .flags = s->udp ? 0 : TCP_PSH,
				      .ip_id = 0x1234,
				      .sequence = 0x10000000,
				      .mss = 1000,
				      .payload = 3500 };
}

static void begin(struct sender *s, struct bench *b, int argument)
{
	struct offload_picture picture;
	bool udp = argument & UDP, on;
	int version = argument & 0xFF;

	bench_need_wire(b);
	bench_up(b, NULL);
	picture = bench_offload(b);
	if (udp)
		on = version == 4 ? cx_uso_ipv4(&picture.driver) : cx_uso_ipv6(&picture.driver);
	else
		on = version == 4 ? cx_lso_ipv4(&picture.driver) : cx_lso_ipv6(&picture.driver);
	if (!on)
		bench_skip(b, "the driver does not offload %s for IPv%d", udp ? "USO" : "LSO",
			   version);
	*s = (struct sender){ .bench = b,
			      .udp = udp,
			      .version = version,
			      .caps = udp ? picture.hardware.uso : picture.hardware.lso };
}

static void mss(struct bench *b, int argument)
{
	static const uint16_t sizes[] = { 88,  89,  90,  91,  127, 128,  129,  255,  256,  257,
					  511, 512, 513, 535, 536, 1023, 1024, 1025, 1219, 1220 };
	struct packet_shape shape;
	struct sender s;
	uint16_t most;

	begin(&s, b, argument);
	shape = shape_of(&s);
	most = send_mss(&s, &shape);
	for (size_t i = 0; i < ARRAY_COUNT(sizes) + 3; i++) {
		shape.mss = i < ARRAY_COUNT(sizes)
				    ? sizes[i]
				    : (uint16_t)(most + i - (ARRAY_COUNT(sizes) + 2));
		if (shape.mss > most)
			continue;
		for (size_t rest = 0; rest < 3; rest++) {
			shape.payload = 4u * shape.mss + (rest == 2 ? shape.mss - 1u : rest);
			shape.pattern++;
			send_shape(&s, &shape);
		}
	}
	send_done(&s);
}

static void payload(struct bench *b, int argument)
{
	struct packet_shape shape;
	struct sender s;
	size_t most;

	begin(&s, b, argument);
	shape = shape_of(&s);
	shape.mss = LEAST_MSS;
	for (shape.payload = 1; shape.payload <= 3 * LEAST_MSS; shape.payload++)
		send_shape(&s, &shape);
	shape.mss = send_mss(&s, &shape);
	most = send_largest(&s, &shape);
	for (size_t segments = 2; segments * shape.mss < most; segments++) {
		for (int more = -1; more <= 1; more++) {
			shape.payload = (size_t)((long)(segments * shape.mss) + more);
			shape.pattern++;
			if (shape.payload <= most)
				send_shape(&s, &shape);
		}
	}
	for (shape.payload = most - 3; shape.payload <= most; shape.payload++)
		send_shape(&s, &shape);
	send_done(&s);
}

static void beyond(struct bench *b, int argument)
{
	struct packet_shape shape;
	struct sender s;

	begin(&s, b, argument);
	shape = shape_of(&s);
	shape.mss = send_mss(&s, &shape);
	if (send_largest(&s, &shape) < s.caps.maximum_offload_size ||
	    s.caps.maximum_offload_size + shape.mss + packet_headers(&shape) > 65000)
		bench_skip(b, "MaximumOffloadSize is %zu: no packet is longer than that",
			   s.caps.maximum_offload_size);
	for (size_t more = 1; more < 4; more++) {
		shape.payload = s.caps.maximum_offload_size + more;
		send_shape(&s, &shape);
	}
	shape.payload = s.caps.maximum_offload_size + shape.mss;
	send_shape(&s, &shape);
	if (s.given)
		bench_fail(b, RULE_OffloadLimits, "%u large sends beyond MaximumOffloadSize",
			   s.given);
}

static void minimum(struct bench *b, int argument)
{
	struct packet_shape shape;
	struct sender s;

	begin(&s, b, argument);
	shape = shape_of(&s);
	for (long more = -1; more <= 1; more++) {
		long segments = (long)s.caps.minimum_segment_count + more;
		unsigned given = s.given;

		if (segments < 1)
			continue;
		for (size_t last = 1; last <= shape.mss; last += shape.mss - 1u) {
			shape.payload = (size_t)(segments - 1) * shape.mss + last;
			send_shape(&s, &shape);
		}
		if (more < 0 && s.given != given)
			bench_fail(b, RULE_OffloadLimits,
				   "a large send of %ld segments, MinimumSegmentCount is %zu",
				   segments, s.caps.minimum_segment_count);
	}
	send_done(&s);
}

/* One split at each byte of the headers, and around the ends of the first segments. */
static void split(struct bench *b, int argument)
{
	struct packet_shape shape;
	struct sender s;
	size_t headers;

	begin(&s, b, argument);
	shape = shape_of(&s);
	shape.tcp_words = s.udp ? 0 : 3;
	headers = packet_headers(&shape);
	for (size_t at = 1; at < headers + 2 * shape.mss + 4; at++) {
		if (at > headers + 4 && (at - headers + 2) % shape.mss > 4)
			continue;
		bench_scatter(b, at, PACKET_ROOM);
		shape.pattern++;
		send_shape(&s, &shape);
	}
	send_done(&s);
}

static void pieces(struct bench *b, int argument)
{
	static const size_t firsts[] = { 1, 14, 34, 40, 54, 66, 100 };
	static const size_t sizes[] = { 1, 3, 16, 64, 250, 999, 1000, 1001, 4096 };
	struct packet_shape shape;
	struct sender s;

	begin(&s, b, argument);
	shape = shape_of(&s);
	for (size_t i = 0; i < ARRAY_COUNT(firsts); i++) {
		for (size_t k = 0; k < ARRAY_COUNT(sizes); k++) {
			bench_scatter(b, firsts[i], sizes[k]);
			shape.pattern++;
			send_shape(&s, &shape);
		}
	}
	send_done(&s);
}

static void placed(struct bench *b, int argument)
{
	struct packet_shape shape;
	struct sender s;

	begin(&s, b, argument);
	shape = shape_of(&s);
	send_placed(&s, &shape, send_shape);
	send_done(&s);
}

/* Both rings go round several times. */
static void ring(struct bench *b, int argument)
{
	struct packet_shape shape;
	struct sender s;

	begin(&s, b, argument);
	shape = shape_of(&s);
	bench_scatter(b, 66, 55);
	for (unsigned i = 0; i < ROUNDS; i++) {
		shape.pattern++;
		shape.ip_id++;
		shape.sequence += 3500;
		send_shape(&s, &shape);
	}
	send_done(&s);
}

/*
 * The receiver's ring takes a part of it. The first packet behind it, which is cut as well, shows
 * whether the sender knows how far it was.
 */
static void no_room(struct bench *b, int argument)
{
	struct packet_shape shape;
	struct sender s;

	begin(&s, b, argument);
	if (!b->peer)
		bench_skip(b, "a card's wire has room for whatever it sends");
	shape = shape_of(&s);
	shape.mss = LEAST_MSS;
	shape.payload = send_largest(&s, &shape);
	packet_make(&b->packet, &b->addresses, &shape);
	bench_stall(b, b->wire);
	for (unsigned i = 0; i < STALLED; i++)
		bench_send(b, &b->packet);
	bench_marker(b);
	bench_await_tried(b, b->nic, b->stack);
	bench_go_on(b->wire);
	if (bench_next(b))
		bench_fail(b, RULE_PacketsAreSent, "a packet has overtaken the one before it");
	send_judge(&s, STALLED);
	shape = shape_of(&s);
	send_shape(&s, &shape);
	send_done(&s);
}

static void ip_options(struct bench *b, int argument)
{
	struct packet_shape shape;
	struct sender s;

	begin(&s, b, argument);
	shape = shape_of(&s);
	for (shape.ip_words = 1; shape.ip_words <= 10; shape.ip_words++) {
		shape.destination_options = shape.ip_words % 2;
		send_shape(&s, &shape);
	}
	send_done(&s);
}

static void vlan(struct bench *b, int argument)
{
	struct packet_shape shape;
	struct sender s;

	begin(&s, b, argument);
	shape = shape_of(&s);
	shape.tagged = true;
	for (shape.payload = 1; shape.payload < 8000; shape.payload += 617)
		send_shape(&s, &shape);
	send_done(&s);
}

static void tcp_options(struct bench *b, int argument)
{
	struct packet_shape shape;
	struct sender s;

	begin(&s, b, argument);
	shape = shape_of(&s);
	for (shape.tcp_words = 0; shape.tcp_words <= 10; shape.tcp_words++)
		send_shape(&s, &shape);
	send_done(&s);
}

static void flags(struct bench *b, int argument)
{
	static const uint8_t all[] = { TCP_FIN, TCP_PSH, TCP_ECE, TCP_CWR };
	struct packet_shape shape;
	struct sender s;

	begin(&s, b, argument);
	shape = shape_of(&s);
	for (unsigned which = 0; which < 16; which++) {
		shape.flags = 0;
		for (unsigned i = 0; i < 4; i++)
			shape.flags |= which >> i & 1 ? all[i] : 0;
		for (shape.payload = 2000; shape.payload <= 4000; shape.payload += 2000)
			send_shape(&s, &shape);
	}
	send_done(&s);
}

static void identification(struct bench *b, int argument)
{
	static const uint16_t ids[] = { 0,      0x0001, 0x00FE, 0x00FF, 0x7FFB, 0x7FFD, 0x7FFE,
					0x7FFF, 0x8000, 0x80FF, 0xFFFB, 0xFFFE, 0xFFFF };
	struct packet_shape shape;
	struct sender s;

	begin(&s, b, argument);
	shape = shape_of(&s);
	for (size_t i = 0; i < ARRAY_COUNT(ids); i++) {
		shape.ip_id = ids[i];
		shape.may_fragment = i % 2;
		send_shape(&s, &shape);
	}
	send_done(&s);
}

static void sequence(struct bench *b, int argument)
{
	static const uint32_t numbers[] = { 0,          0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFC18,
					    0xFFFFFC17, 0xFFFFF448, 0x7FFFFFFF, 0x0000FFFF };
	struct packet_shape shape;
	struct sender s;

	begin(&s, b, argument);
	shape = shape_of(&s);
	for (size_t i = 0; i < ARRAY_COUNT(numbers); i++) {
		shape.sequence = numbers[i];
		send_shape(&s, &shape);
	}
	send_done(&s);
}

static void dont_fragment(struct bench *b, int argument)
{
	struct packet_shape shape;
	struct sender s;

	begin(&s, b, argument);
	shape = shape_of(&s);
	for (unsigned tos = 0; tos < 256; tos += 17) {
		shape.tos = (uint8_t)tos;
		shape.may_fragment = !shape.may_fragment;
		send_shape(&s, &shape);
	}
	send_done(&s);
}

static void odd(struct bench *b, int argument)
{
	struct packet_shape shape;
	struct sender s;

	begin(&s, b, argument);
	shape = shape_of(&s);
	for (shape.mss = 101; shape.mss < 120; shape.mss += 2) {
		for (shape.payload = 5u * shape.mss - 3; shape.payload < 5u * shape.mss + 4;
		     shape.payload++)
			send_shape(&s, &shape);
	}
	send_done(&s);
}

/* Each segment's first two bytes are what makes its sum all ones. */
static void make_zero_sums(struct packet *packet)
{
	static uint8_t segment[PACKET_ROOM];
	struct reference reference;
	unsigned count;

	reference_read(&reference, packet->bytes, packet->length);
	count = reference_segments(&reference, packet->shape.mss);
	for (unsigned i = 0; i < count; i++) {
		uint8_t *word = packet->bytes + packet->payload + (size_t)i * packet->shape.mss;

		put16(word, 0);
		reference_segment(&reference, packet->shape.mss, i, true, segment);
		put16(word, get16(segment + packet->l4 +
				  (packet->shape.protocol == PACKET_TCP ? 16 : 6)));
	}
}

static void zero_checksum(struct bench *b, int argument)
{
	struct packet_shape shape;
	struct sender s;

	begin(&s, b, argument);
	shape = shape_of(&s);
	for (shape.payload = 2002; shape.payload < 4100; shape.payload += 499) {
		shape.pattern++;
		packet_make(&b->packet, &b->addresses, &shape);
		make_zero_sums(&b->packet);
		send_large(&s);
	}
	send_done(&s);
}

static struct packet_shape random_shape(const struct sender *s)
{
	struct test_random *r = &s->bench->random;
	struct packet_shape shape = shape_of(s);
	size_t most;

	shape.tagged = !random_below(r, 4);
	shape.ip_words = random_below(r, 4) ? 0 : random_below(r, 4);
	shape.destination_options = random_below(r, 2);
	shape.tcp_words = s->udp ? 0 : random_below(r, 11);
	shape.flags =
		s->udp ? 0 : (uint8_t)(random_next(r) & (TCP_FIN | TCP_PSH | TCP_ECE | TCP_CWR));
	shape.tos = (uint8_t)random_next(r);
	shape.ip_id = (uint16_t)random_next(r);
	shape.may_fragment = random_below(r, 2);
	shape.sequence = (uint32_t)random_next(r);
	shape.pattern = (uint32_t)random_next(r);
	shape.mss = (uint16_t)(LEAST_MSS + random_below(r, send_mss(s, &shape) - LEAST_MSS + 1u));
	most = send_largest(s, &shape);
	if (random_below(r, 4) && most > 9000)
		most = 9000;
	shape.payload = 1 + random_below(r, (uint32_t)most);
	return shape;
}

static void seeded(struct bench *b, int argument)
{
	struct sender s;

	begin(&s, b, argument);
	for (unsigned i = 0; i < RANDOM; i++) {
		const struct packet_shape shape = random_shape(&s);

		bench_scatter(b, random_below(&b->random, 200), 1 + random_below(&b->random, 3000));
		send_shape(&s, &shape);
	}
	send_done(&s);
}

#define LSO_SOURCE "NDIS, Offloading the Segmentation of Large TCP Packets"
#define LSO_RFC    LSO_SOURCE "; RFC 9293 3.1"
#define USO_SOURCE "NDIS, UDP Segmentation Offload (USO)"

#define BOTH(name, rule, source, windows, run)                     \
	{ "lso/" name "/ipv4", rule, source, windows, run, 4 },    \
	{                                                          \
		"lso/" name "/ipv6", rule, source, windows, run, 6 \
	}
#define UDP_BOTH(name, rule, source, windows, run)                       \
	{ "uso/" name "/ipv4", rule, source, windows, run, UDP | 4 },    \
	{                                                                \
		"uso/" name "/ipv6", rule, source, windows, run, UDP | 6 \
	}

#define PLACED         "A fragment's data may begin at any Offset of its buffer, and at any address"
#define PLACED_SOURCE  "NET_FRAGMENT, NET_PACKET_FRAGMENT, Offset"
#define PLACED_WINDOWS "what is sent begins with bytes of another packet"

#define SLOW \
	"TCP retransmits what the other end drops: throughput far below the link's speed with LSO on, and normal with it off"
#define LOST "datagrams are missing or cut at the other end with USO on, and none with it off"

const struct test_case segmentation_cases[] = {
	BOTH("mss", "Payload is cut at each MSS, from 88 bytes to what the MTU allows", LSO_RFC,
	     SLOW, mss),
	BOTH("payload", "Each length of payload, from 1 byte to MaximumOffloadSize, arrives whole",
	     LSO_RFC, SLOW, payload),
	BOTH("beyond", "A packet beyond MaximumOffloadSize is not the driver's to segment",
	     "NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES, MaximumOffloadSize",
	     "the stack never hands it down; a driver that declares more than it can loses packets",
	     beyond),
	BOTH("minimum",
	     "A packet of fewer segments than MinimumSegmentCount is not the driver's to segment",
	     "NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES, MinimumSegmentCount",
	     "short packets are lost while long ones arrive", minimum),
	BOTH("split", "Headers and payload may be split into two fragments at any byte",
	     "NET_PACKET, FragmentCount; " LSO_SOURCE,
	     "some senders' packets are corrupt or lost, those of others are not", split),
	BOTH("pieces",
	     "A packet may have as many fragments as the driver has declared, of any length",
	     "NET_ADAPTER_TX_CAPABILITIES, MaximumNumberOfFragments",
	     "some senders' packets are corrupt or lost, those of others are not", pieces),
	BOTH("placed", PLACED, PLACED_SOURCE, PLACED_WINDOWS, placed),
	BOTH("ring", "Packets are sent as well when the rings have gone round",
	     "NetRingBuffer, NET_RING", "sending stops after some hundred packets", ring),
	BOTH("room", "What the receiver has no room for is cut further when it has", LSO_SOURCE,
	     "long transfers between two virtual machines stall, or are damaged", no_room),
	BOTH("ip-options", "IP options and extension headers are on each segment", LSO_SOURCE,
	     "connections with options hang after the handshake", ip_options),
	BOTH("vlan", "A tag is on each segment", LSO_SOURCE "; IEEE 802.1Q",
	     "nothing but short packets crosses a VLAN", vlan),
	BOTH("tcp-options", "TCP options, 0 to 40 bytes, are on each segment", LSO_RFC,
	     "PAWS drops segments without time stamps: connections stall", tcp_options),
	BOTH("flags", "FIN and PSH are on the last segment alone, CWR on the first, ECE on each",
	     LSO_RFC "; RFC 3168 6.1.2",
	     "connections close before their end, or the sender slows down again and again", flags),
	{ "lso/identification/ipv4",
	  "Identifications count up by one from the packet's, within 15 bits", LSO_SOURCE,
	  "fragments of different packets are mixed by routers on the way", identification, 4 },
	BOTH("sequence",
	     "Sequence numbers are those of the segments' first bytes, also at their wrap",
	     "RFC 9293 3.4", "a transfer hangs after 4 GB", sequence),
	BOTH("service", "DF, type of service and traffic class are the packet's on each segment",
	     LSO_SOURCE, "path MTU discovery and ECN do not work", dont_fragment),
	BOTH("odd", "Odd sizes are summed as any", "RFC 1071", SLOW, odd),
	BOTH("zero-checksum", "Checksums that come to 0 are right, too", "RFC 1071; RFC 9293 3.1",
	     "one packet of 65,536 is lost with LSO on", zero_checksum),
	BOTH("seeded", "Packets of all kinds, by the seed, become right segments", LSO_RFC, SLOW,
	     seeded),
	UDP_BOTH("mss", "Payload is cut at each MSS, from 88 bytes to what the MTU allows",
		 USO_SOURCE, LOST, mss),
	UDP_BOTH("payload",
		 "Each length of payload, from 1 byte to MaximumOffloadSize, arrives whole",
		 USO_SOURCE, LOST, payload),
	UDP_BOTH(
		"minimum",
		"A packet of fewer segments than MinimumSegmentCount is not the driver's to segment",
		"NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES, MinimumSegmentCount",
		"short sends are lost while long ones arrive", minimum),
	UDP_BOTH("split", "Headers and payload may be split into two fragments at any byte",
		 "NET_PACKET, FragmentCount; " USO_SOURCE,
		 "some senders' packets are corrupt or lost, those of others are not", split),
	UDP_BOTH("placed", PLACED, PLACED_SOURCE, PLACED_WINDOWS, placed),
	UDP_BOTH("room", "What the receiver has no room for is cut further when it has", USO_SOURCE,
		 LOST, no_room),
	UDP_BOTH("vlan", "A tag is on each segment", USO_SOURCE "; IEEE 802.1Q",
		 "nothing but short packets crosses a VLAN", vlan),
	{ "uso/identification/ipv4",
	  "Identifications count up by one from the packet's, within 16 bits", USO_SOURCE,
	  "fragments of different packets are mixed by routers on the way", identification,
	  UDP | 4 },
	UDP_BOTH("odd", "Odd sizes are summed as any", "RFC 1071", LOST, odd),
	UDP_BOTH("zero-checksum", "A checksum that comes to 0 is sent as all ones", "RFC 768",
		 "one datagram of 65,536 goes unprotected, or is dropped over IPv6", zero_checksum),
	UDP_BOTH("seeded", "Packets of all kinds, by the seed, become right segments", USO_SOURCE,
		 LOST, seeded),
	{ 0 },
};
