/* SPDX-License-Identifier: MIT */
/* What comes in from the wire: bytes, order, what is said of checksums, and what is not asked for.
 */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "test/send.h"
#include "test/sum.h"

#define UDP            0x100 /* in a case's argument, beside the IP version */
#define MORE_FRAGMENTS 0x2000u
#define FLOOD          3000u /* frames: several times a ring's elements */

/* One queue, so that what is received keeps its order. */
static const char *const one_queue[] = { "*RSS=0", NULL };

static void begin(struct sender *s, struct bench *b, int argument)
{
	bench_need_wire(b);
	bench_up(b, one_queue);
	bench_turn(b);
	*s = (struct sender){ .bench = b, .udp = argument & UDP, .version = argument & 0xFF };
}

static struct packet_shape shape_of(const struct sender *s)
{
	return (struct packet_shape){ .version = s->version,
				      .protocol = s->udp ? PACKET_UDP : PACKET_TCP,
				      .ip_id = 0x1234,
				      .sequence = 0x10000000,
				      .payload = 100 };
}

static struct packet *make(struct sender *s, const struct packet_shape *shape)
{
	packet_make(&s->bench->packet, &s->bench->addresses, shape);
	return &s->bench->packet;
}

/* The frame that was put arrives as it is. Return: whether the driver vouches for its checksums. */
static bool has_arrived(struct sender *s, const struct packet *packet)
{
	struct bench *b = s->bench;
	struct test_frame *frame;
	bool valid;

	bench_receive_marker(b);
	frame = bench_received(b);
	if (!frame)
		bench_fail_packets(b, RULE_FramesArrive, packet->bytes, packet->length, NULL,
				   "a frame of %zu bytes does not arrive", packet->length);
	valid = frame->meta.checksum_valid;
	bench_expect_received(b, packet->bytes, packet->length, frame);
	frame = bench_received(b);
	if (frame)
		bench_fail_packets(b, RULE_FramesArrive, NULL, 0, frame,
				   "a frame arrives that nobody sent, behind one of %zu bytes",
				   packet->length);
	return valid;
}

static bool arrives(struct sender *s, const struct packet *packet)
{
	bench_receive(s->bench, packet->bytes, packet->length);
	return has_arrived(s, packet);
}

/* From a peer whose stack leaves the checksum to it: nobody has summed it, and it is right. */
static bool arrives_open(struct sender *s, const struct packet_shape *shape)
{
	const struct frame_meta meta = { .needs_checksum = true };
	struct packet_shape open = *shape;
	const struct packet *packet;

	open.checksum = true;
	packet = make(s, &open);
	s->bench->result.packets++;
	if (!test_edge_put(s->bench->wire, packet->bytes, packet->length, &meta))
		bench_fail(s->bench, RULE_FramesArrive, "out of memory");
	return has_arrived(s, make(s, shape));
}

static void content(struct bench *b, int argument)
{
	struct packet_shape shape;
	struct sender s;
	size_t most;

	begin(&s, b, argument);
	shape = shape_of(&s);
	most = send_mss(&s, &shape);
	for (shape.payload = 0; shape.payload < 130; shape.payload++)
		arrives(&s, make(&s, &shape));
	for (; shape.payload < most; shape.payload += 97) {
		shape.pattern++;
		shape.tagged = shape.pattern % 2;
		arrives(&s, make(&s, &shape));
	}
	shape.tagged = false;
	shape.payload = most;
	arrives(&s, make(&s, &shape));
}

static uint64_t called_bad(struct bench *b)
{
	struct dp_counters counters = bench_counters(b);

	return counters.rx_checksum_bad;
}

static void fail_verdict(struct bench *b, const struct packet *p, bool good)
{
	bench_fail_packets(b, RULE_ChecksumVerdict, p->bytes, p->length, NULL,
			   good ? "a right checksum is called wrong"
				: "a wrong checksum is called right");
}

/* Where in the transport's bytes: lengths and offsets apart, which make it another kind of frame.
 */
static size_t place(const struct sender *s, size_t bit)
{
	if (s->udp)
		return 6 + bit % 50;
	return bit % 2 ? 4 + bit % 8 : 14 + bit % 60;
}

/* A frame whose sums are right, then the same with one bit turned. */
static void verdict(struct bench *b, int argument)
{
	struct packet_shape shape;
	unsigned vouched = 0;
	struct sender s;

	begin(&s, b, argument);
	shape = shape_of(&s);
	for (size_t bit = 0; bit < 120; bit++) {
		struct packet *p;
		uint64_t bad = called_bad(b);

		shape.pattern = (uint32_t)bit;
		shape.payload = 60 + bit * 7;
		if (b->peer)
			vouched += arrives_open(&s, &shape);
		p = make(&s, &shape);
		vouched += arrives(&s, p);
		if (called_bad(b) != bad)
			fail_verdict(b, p, true);
		p->bytes[p->l4 + place(&s, bit)] ^= (uint8_t)(1 << bit % 8);
		if (arrives(&s, p))
			fail_verdict(b, p, false);
	}
	if (!vouched)
		bench_skip(b, "the driver says nothing of these checksums");
}

static void header_verdict(struct bench *b, int argument)
{
	struct packet_shape shape;
	unsigned vouched = 0;
	struct sender s;

	begin(&s, b, argument);
	shape = shape_of(&s);
	for (unsigned bit = 0; bit < 16; bit++) {
		struct packet *p;

		shape.pattern = bit;
		p = make(&s, &shape);
		vouched += arrives(&s, p);
		p->bytes[p->l3 + 10 + bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (arrives(&s, p))
			fail_verdict(b, p, false);
	}
	if (!vouched)
		bench_skip(b, "the driver says nothing of these checksums");
}

/* Nobody can know the sum of a part, or of what has none. */
static void unknown(struct bench *b, int argument)
{
	static const uint8_t numbers[] = { 1, 47, 50, 132, 253 };
	struct packet_shape shape;
	struct sender s;

	begin(&s, b, argument);
	for (unsigned i = 0; i < 16; i++) {
		struct packet *p;

		shape = shape_of(&s);
		shape.payload = 64 + i * 40;
		if (i < 8)
			shape.fragment = (uint16_t)(MORE_FRAGMENTS | i * 64);
		else
			shape.protocol = numbers[i % ARRAY_COUNT(numbers)];
		p = make(&s, &shape);
		if (arrives(&s, p))
			bench_fail_packets(b, RULE_ChecksumVerdict, p->bytes, p->length, NULL,
					   "a checksum that nobody can know is called right");
	}
}

/* Until the peer has no room and waits, or has lost what it had none for. */
static void await_full(struct bench *b)
{
	bench_await_tried(b, b->peer, b->wire);
	bench_go_on(b->stack);
	if (bench_received(b))
		bench_fail(b, RULE_FramesArrive, "a frame has overtaken the one before it");
}

/* Frames have numbers: in a flood some may be lost, but none comes twice or too early. */
static void flood(struct bench *b, int argument)
{
	struct packet_shape shape;
	struct test_frame *frame;
	struct sender s;
	uint32_t next = 0;

	begin(&s, b, argument);
	shape = shape_of(&s);
	/* A card's ring fills before its driver has looked; a peer's would only by chance. */
	if (b->peer)
		bench_stall(b, b->stack);
	for (shape.sequence = 0; shape.sequence < FLOOD; shape.sequence++) {
		const struct packet *p = make(&s, &shape);

		bench_receive(b, p->bytes, p->length);
	}
	if (b->peer)
		await_full(b);
	bench_receive_marker(b);
	while ((frame = bench_received(b))) {
		uint32_t number = get32(frame->bytes + b->packet.l4 + 4);

		if (frame->length < b->packet.length || number < next || number >= FLOOD)
			bench_fail_packets(
				b, RULE_FramesArrive, NULL, 0, frame,
				"frame %u of a flood arrives where frame %u or a later one is due",
				number, next);
		next = number + 1;
		shape.sequence = number;
		make(&s, &shape);
		bench_expect_received(b, b->packet.bytes, b->packet.length, frame);
	}
	if (!next)
		bench_fail(b, RULE_FramesArrive, "none of %u frames arrives", FLOOD);
	shape.sequence = 1;
	arrives(&s, make(&s, &shape));
}

static bool comes_through(struct sender *s, const uint8_t to[6])
{
	struct packet_shape shape = shape_of(s);
	struct bench *b = s->bench;
	struct test_frame *frame;
	const struct packet *p;
	uint8_t mine[6];

	memcpy(mine, b->addresses.to, 6);
	memcpy(b->addresses.to, to, 6);
	p = make(s, &shape);
	memcpy(b->addresses.to, mine, 6);
	bench_receive(b, p->bytes, p->length);
	bench_receive_marker(b);
	frame = bench_received(b);
	free(frame);
	if (frame && bench_received(b))
		bench_fail(b, RULE_FramesArrive, "a frame arrives twice");
	return frame;
}

/* The stack asks for frames to the adapter's address, to all, and to all hosts' groups. */
static void filter(struct bench *b, int argument)
{
	static const struct {
		uint8_t to[6];
		bool wanted;
	} frames[] = {
		{ { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, true },
		{ { 0x01, 0x00, 0x5E, 0, 0, 1 }, true },
		{ { 0x33, 0x33, 0, 0, 0, 1 }, true },
		{ { 0x02, 0, 0, 0, 0, 0x55 }, false },
		{ { 0x00, 0x1B, 0x21, 0, 0, 0x55 }, false },
	};
	struct sender s;

	begin(&s, b, argument);
	for (size_t i = 0; i < ARRAY_COUNT(frames); i++) {
		if (comes_through(&s, frames[i].to) != frames[i].wanted)
			bench_fail(b, RULE_FilterIsKept,
				   "a frame to %02x:%02x:%02x:%02x:%02x:%02x %s", frames[i].to[0],
				   frames[i].to[1], frames[i].to[2], frames[i].to[3],
				   frames[i].to[4], frames[i].to[5],
				   frames[i].wanted ? "does not arrive" : "arrives");
	}
	if (!comes_through(&s, b->addresses.to))
		bench_fail(b, RULE_FilterIsKept,
			   "a frame to the adapter's address does not arrive");
}

#define SOURCE "NDIS, Offloading Checksum Tasks; NET_PACKET_CHECKSUM"

#define FOUR(name, rule, source, windows, run)                                        \
	{ "receive/" name "/tcp-ipv4", rule, source, windows, run, 4 },               \
		{ "receive/" name "/tcp-ipv6", rule, source, windows, run, 6 },       \
		{ "receive/" name "/udp-ipv4", rule, source, windows, run, UDP | 4 }, \
	{                                                                             \
		"receive/" name "/udp-ipv6", rule, source, windows, run, UDP | 6      \
	}

const struct test_case receive_cases[] = {
	{ "receive/content/ipv4", "Frames of each length arrive whole, once and in order",
	  "NET_PACKET, NET_FRAGMENT", "received files are damaged, or connections hang", content,
	  4 },
	{ "receive/content/ipv6", "Frames of each length arrive whole, once and in order",
	  "NET_PACKET, NET_FRAGMENT", "received files are damaged, or connections hang", content,
	  UDP | 6 },
	FOUR("verdict", "A right checksum is not called wrong, a wrong one not right", SOURCE,
	     "the stack takes damaged data for good, or drops good data", verdict),
	{ "receive/verdict/ipv4-header", "A frame whose IPv4 header is damaged is not called right",
	  SOURCE, "the stack takes damaged data for good", header_verdict, 4 },
	{ "receive/verdict/unknown", "IP fragments and unknown protocols are not called right",
	  SOURCE, "the stack takes damaged data for good", unknown, 4 },
	{ "receive/flood", "After more frames than the ring takes reception goes on, in order",
	  "NET_RING; EvtPacketQueueSetNotificationEnabled",
	  "reception stops under load until the adapter is restarted", flood, 4 },
	{ "receive/filter",
	  "Frames that the stack has not asked for do not arrive, and those that it has do",
	  "OID_GEN_CURRENT_PACKET_FILTER; EvtSetReceiveFilter",
	  "other machines' traffic costs processor time, or DHCP and IPv6 do not work", filter, 4 },
	{ 0 },
};
