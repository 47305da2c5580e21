/* SPDX-License-Identifier: MIT */
/*
 * Receive segment coalescing: what may be put together, what is said of it, and that it is off when
 * it is. A driver whose wire is software coalesces what its peer has sent as one packet; segments
 * that come one by one it leaves alone, and may.
 */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "test/reference.h"
#include "test/train.h"

#define UDP     0x100 /* in a case's argument, beside the IP version */
#define TRAINS  60u
#define CHANGES 60u

static struct train train;

static bool is_on(const struct cx_offload_state *state, int argument)
{
	if (argument & UDP)
		return cx_rsc_udp(state);
	return (argument & 0xFF) == 4 ? cx_rsc_ipv4(state) : cx_rsc_ipv6(state);
}

static struct train *begin(struct bench *b, int argument, const char *const *settings)
{
	const struct offload_picture now = (train_begin(&train, b, settings), bench_offload(b));

	if (!is_on(&now.hardware, argument))
		bench_skip(b, "the driver does not offload receive coalescing of %s%s",
			   argument & UDP ? "UDP" : "TCP over ",
			   argument & UDP           ? ""
			   : (argument & 0xFF) == 4 ? "IPv4"
						    : "IPv6");
	return &train;
}

static struct packet_shape shape_of(int argument)
{
	return (struct packet_shape){ .version = argument & 0xFF,
				      .protocol = argument & UDP ? PACKET_UDP : PACKET_TCP,
				      .source_port = 40001,
				      .ip_id = 0x1234,
				      .sequence = 0xFFFFF000,
				      .timestamp = 0x11223344,
				      .acknowledgement = 0x01020304,
				      .window = 0x7210,
				      .payload = 500 };
}

/* The next segment of the same flow: what counts goes on. */
static void go_on(struct packet_shape *shape)
{
	shape->sequence += (uint32_t)shape->payload;
	shape->pattern += (uint32_t)shape->payload;
	shape->ip_id++;
}

static struct train_segment *add(struct train *t, struct packet_shape *shape, const char *alone)
{
	struct train_segment *s = train_add(t, shape, alone);

	go_on(shape);
	return s;
}

static void finish(struct train *t)
{
	train_end(t);
	if (!t->coalesced)
		bench_skip(t->bench, "the driver coalesces nothing of what comes one by one");
}

/* ---- what they are made of ---- */

static void from_peer(struct train *t, int argument)
{
	for (unsigned i = 0; i < TRAINS; i++) {
		struct packet_shape shape = shape_of(argument);

		shape.mss = (uint16_t)(536 + random_below(&t->bench->random, 900));
		shape.payload = shape.mss + 1 + random_below(&t->bench->random, 40u * shape.mss);
		shape.tcp_words = argument & UDP ? 0 : i % 2 * 3;
		train_run_super(t, &shape);
	}
}

static void from_wire(struct train *t, int argument)
{
	struct test_random *random = &t->bench->random;
	struct packet_shape shape = shape_of(argument);

	for (unsigned i = 0; i < TRAINS; i++) {
		unsigned count = 2 + i % 43;
		size_t size = i % 3 ? 1400 : 1 + random_below(random, 1400);

		train_clear(t);
		shape.tcp_words = argument & UDP ? 0 : i % 2 * 3;
		for (unsigned k = 0; k < count; k++) {
			shape.payload =
				k + 1 == count ? 1 + random_below(random, (uint32_t)size) : size;
			add(t, &shape, NULL);
		}
		train_run(t);
	}
}

static void content(struct bench *b, int argument)
{
	struct train *t = begin(b, argument, NULL);

	if (b->peer)
		from_peer(t, argument);
	else
		from_wire(t, argument);
	train_end(t);
	if (!t->coalesced)
		bench_fail(b, RULE_RscIsDone,
			   "of %u trains of segments no two segments are coalesced", TRAINS);
}

/* What is new is the last segment's: acknowledgement, window, PSH; each alone and together. */
static void news(struct bench *b, int argument)
{
	struct train *t = begin(b, argument, NULL);

	for (unsigned i = 0; i < TRAINS; i++) {
		struct packet_shape shape = shape_of(argument);

		train_clear(t);
		for (unsigned k = 0; k < 8; k++) {
			bool now = random_below(&b->random, 2);

			shape.acknowledgement += i & 1 && now ? 1000 : 0;
			shape.window += i & 2 && now ? 16 : 0;
			shape.window -= i & 4 && k == 5 ? 300 : 0;
			shape.flags = i & 8 && now ? TCP_PSH : 0;
			add(t, &shape, NULL);
		}
		train_run(t);
	}
	finish(t);
}

static void timestamps(struct bench *b, int argument)
{
	struct train *t = begin(b, argument, NULL);

	for (unsigned i = 0; i < TRAINS; i++) {
		struct packet_shape shape = shape_of(argument);

		shape.tcp_words = 3;
		shape.timestamp = i % 2 ? 0xFFFFFFF1 : 1001;
		train_clear(t);
		for (unsigned k = 0; k < 6; k++) {
			add(t, &shape, NULL);
			shape.timestamp += 2 * random_below(&b->random, 5);
		}
		train_run(t);
	}
	finish(t);
}

/*
 * Acknowledgements alone, runs of two and of five, some of them like the one before. All come up or
 * are counted.
 */
static void duplicates(struct bench *b, int argument)
{
	struct train *t = begin(b, argument, NULL);

	for (unsigned i = 0; i < TRAINS; i++) {
		struct packet_shape shape = shape_of(argument);

		train_clear(t);
		for (unsigned k = 0; k < 12; k++) {
			shape.payload = i % 2 ? (k % 6 ? 0 : 700) : (k % 4 < 2 ? 700 : 0);
			shape.window += i % 3 == 2 && k % 4 == 3 ? 8 : 0;
			add(t, &shape, NULL);
		}
		train_run(t);
	}
	finish(t);
	if (!t->repeated)
		bench_note(b,
			   "every DuplicateAckCount was 0, as the driver coalesces none of them");
}

/* ---- what may not be put together ---- */

/* A step in the sequence numbers: lost, repeated, overlapping, out of order. */
static void gaps(struct bench *b, int argument)
{
	static const int32_t steps[] = { 1, 500, 100000, -500, -1, -250, 1000 };
	struct train *t = begin(b, argument, NULL);

	for (unsigned i = 0; i < TRAINS; i++) {
		struct packet_shape shape = shape_of(argument);

		train_clear(t);
		for (unsigned k = 0; k < 9; k++) {
			if (k % 3 == 2)
				shape.sequence += (uint32_t)steps[(i + k) % ARRAY_COUNT(steps)];
			add(t, &shape, NULL);
		}
		train_run(t);
	}
	finish(t);
}

/* The odd one among others that would do. Return: why it may not be merged. */
static const char *make_odd(struct packet_shape *shape, unsigned kind)
{
	switch (kind) {
	case 0:
		shape->flags = TCP_FIN;
		return "FIN";
	case 1:
		shape->flags = TCP_SYN;
		return "SYN";
	case 2:
		shape->flags = TCP_RST;
		return "RST";
	case 3:
		shape->flags = TCP_URG;
		return "URG";
	case 4:
		shape->tcp_words = 2;
		return "a TCP option that is no timestamp";
	case 5:
		shape->ip_words = 1;
		return shape->version == 4 ? "IPv4 options" : "an IPv6 extension header";
	case 6:
		if (shape->version == 4)
			shape->fragment = 0x2000;
		else
			shape->ip_words = 2;
		return shape->version == 4 ? "an IPv4 fragment" : "an IPv6 extension header";
	default:
		return "a wrong checksum";
	}
}

static void odd_ones(struct bench *b, int argument)
{
	struct train *t = begin(b, argument, NULL);

	for (unsigned i = 0; i < TRAINS; i++) {
		struct packet_shape shape = shape_of(argument);

		train_clear(t);
		for (unsigned k = 0; k < 9; k++) {
			unsigned kind = argument & UDP ? 5 + i % 3 : i % 8;
			struct packet_shape odd = shape;
			struct train_segment *s;
			const char *alone;

			if (k != 2 + i % 4) {
				add(t, &shape, NULL);
				continue;
			}
			alone = make_odd(&odd, kind);
			s = train_add(t, &odd, alone);
			if (kind == 7)
				s->bytes[s->payload + i] ^= 1;
			go_on(&shape);
		}
		train_run(t);
	}
	finish(t);
}

/* Several at a time, each in its order and of its own payload. */
static void flows(struct bench *b, int argument)
{
	struct train *t = begin(b, argument, NULL);
	struct packet_shape shapes[5];

	for (unsigned i = 0; i < ARRAY_COUNT(shapes); i++) {
		shapes[i] = shape_of(argument);
		shapes[i].source_port = (uint16_t)(41000 + i);
		shapes[i].sequence = i * 0x10000000;
		shapes[i].pattern = i * 100000;
	}
	for (unsigned i = 0; i < TRAINS; i++) {
		train_clear(t);
		for (unsigned k = 0; k < 40; k++)
			add(t, &shapes[random_below(&b->random, ARRAY_COUNT(shapes))], NULL);
		train_run(t);
	}
	finish(t);
}

/* UDP: one of another size; the last of a packet may be shorter. */
static void sizes(struct bench *b, int argument)
{
	struct train *t = begin(b, argument, NULL);

	for (unsigned i = 0; i < TRAINS; i++) {
		struct packet_shape shape = shape_of(argument);

		train_clear(t);
		for (unsigned k = 0; k < 12; k++) {
			shape.payload = k % 5 == i % 5 ? 400 + random_below(&b->random, 200) : 500;
			add(t, &shape, NULL);
		}
		train_run(t);
	}
	finish(t);
}

/* ---- off ---- */

static void run_plain(struct train *t, int argument)
{
	if (t->bench->peer) {
		struct packet_shape shape = shape_of(argument);

		shape.mss = 1000;
		shape.payload = 20000;
		train_run_super(t, &shape);
	} else {
		struct packet_shape shape = shape_of(argument);

		train_clear(t);
		for (unsigned k = 0; k < 20; k++)
			add(t, &shape, NULL);
		train_run(t);
	}
}

static void set(struct bench *b, int argument, bool on)
{
	const enum cx_setting to = on ? CX_ON : CX_OFF;
	struct cx_offload_request request = { 0 };

	if (argument & UDP)
		request.udp_rsc = to;
	else if (argument == 4)
		request.rsc_ipv4 = to;
	else
		request.rsc_ipv6 = to;
	bench_set_offloads(b, &request);
}

static void check_off(struct train *t, const char *how)
{
	if (t->coalesced)
		bench_fail(t->bench, RULE_SwitchedOffIsOff,
			   "segments are coalesced with receive coalescing off, by %s", how);
}

static void by_oid(struct bench *b, int argument)
{
	struct train *t = begin(b, argument, NULL);

	for (unsigned i = 0; i < CHANGES; i++) {
		bool on = i % 2;

		set(b, argument, on);
		t->coalesced = 0;
		run_plain(t, argument);
		if (!on)
			check_off(t, "OID_TCP_OFFLOAD_PARAMETERS");
		else if (!t->coalesced)
			bench_fail(b, RULE_RscIsDone,
				   "no segments are coalesced after it was switched on again");
	}
	train_end(t);
}

static void by_keyword(struct bench *b, int argument)
{
	static const char *const off[][2] = { { "*RscIPv4=0" }, { "*RscIPv6=0" }, { "*UdpRsc=0" } };
	const char *const *which = off[argument & UDP ? 2 : argument == 6];
	struct train *t = begin(b, argument, which);

	run_plain(t, argument);
	check_off(t, which[0]);
	train_end(t);
}

/* Frames never stop while it changes: none is lost, and whatever is coalesced is right. */
static void under_load(struct bench *b, int argument)
{
	struct train *t = begin(b, argument, NULL);
	struct packet_shape shape = shape_of(argument);

	for (unsigned i = 0; i < CHANGES; i++) {
		train_clear(t);
		for (unsigned k = 0; k < 48; k++)
			add(t, &shape, NULL);
		train_put(t, 0, 24);
		set(b, argument, i % 2);
		train_put(t, 24, 48);
		train_judge(t);
	}
	train_end(t);
}

#define RULES "NDIS, Rules for Coalescing TCP/IP Segments"
#define URO   "NDIS, UDP RSC Offload (URO)"
#define BOTH(name, rule, source, windows, run)                     \
	{ "rsc/" name "/ipv4", rule, source, windows, run, 4 },    \
	{                                                          \
		"rsc/" name "/ipv6", rule, source, windows, run, 6 \
	}
#define URO_BOTH(name, rule, windows, run)                            \
	{ "uro/" name "/ipv4", rule, URO, windows, run, UDP | 4 },    \
	{                                                             \
		"uro/" name "/ipv6", rule, URO, windows, run, UDP | 6 \
	}
#define DAMAGED "downloads are damaged or stall with RSC on, and are well with it off"
#define SLOW    "downloads get slower with RSC on: TCP sees other acknowledgements than were sent"

const struct test_case rsc_cases[] = {
	BOTH("content", "Segments that come in at once become packets with all payload, in order",
	     RULES, DAMAGED, content),
	BOTH("news",
	     "Acknowledgement and window of a coalesced packet are its last segment's, PSH any one's",
	     RULES, SLOW, news),
	BOTH("timestamp",
	     "A coalesced packet has its last segment's timestamp, and says from when on",
	     RULES "; NET_PACKET_RSC_TIMESTAMP",
	     "TCP's round-trip time is wrong: retransmissions without a loss", timestamps),
	BOTH("duplicate-ack", "Repeated acknowledgements come up, or are counted",
	     RULES "; NET_PACKET_RSC, DuplicateAckCount",
	     "a sender never learns of a loss: connections stall for seconds", duplicates),
	BOTH("gap", "Segments that do not follow each other stay apart", RULES, DAMAGED, gaps),
	BOTH("alone",
	     "Flags, options, fragments and wrong checksums that may not be coalesced are not",
	     RULES, "connections do not close, or damaged data is taken for good", odd_ones),
	BOTH("flows", "Segments of several flows stay in their flow and in its order", RULES,
	     DAMAGED, flows),
	BOTH("off/oid", "Switched off nothing is coalesced, on again it is",
	     "NDIS, OID_TCP_OFFLOAD_PARAMETERS; EvtNetAdapterOffloadSetRsc",
	     "a router or Hyper-V switch forwards packets larger than the MTU", by_oid),
	BOTH("off/keyword", "With the keyword 0 nothing is coalesced",
	     "NDIS, Standardized INF Keywords for RSC",
	     "a router or Hyper-V switch forwards packets larger than the MTU", by_keyword),
	BOTH("load", "A change loses no segment that is on its way",
	     "NDIS, OID_TCP_OFFLOAD_PARAMETERS; EvtNetAdapterOffloadSetRsc",
	     "connections break when the offload is switched", under_load),
	URO_BOTH("content",
		 "Datagrams that come in at once become packets with all payload, in order",
		 "QUIC transfers are damaged or slow", content),
	URO_BOTH("size", "Datagrams of a packet have one size, the last may be shorter",
		 "QUIC transfers are damaged or slow", sizes),
	URO_BOTH("alone",
		 "Options, fragments and wrong checksums that may not be coalesced are not",
		 "damaged datagrams are taken for good", odd_ones),
	URO_BOTH("flows", "Datagrams of several flows stay in their flow and in its order",
		 "datagrams reach another socket than they were sent to", flows),
	URO_BOTH("off/oid", "Switched off nothing is coalesced, on again it is",
		 "a router forwards datagrams larger than the MTU", by_oid),
	URO_BOTH("off/keyword", "With the keyword 0 nothing is coalesced",
		 "a router forwards datagrams larger than the MTU", by_keyword),
	URO_BOTH("load", "A change loses no datagram that is on its way",
		 "datagrams are lost when the offload is switched", under_load),
	{ 0 },
};
