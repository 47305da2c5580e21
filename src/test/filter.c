/* SPDX-License-Identifier: MIT */
/*
 * Which frames come up: packet filter and multicast list as they are changed at run time. A card
 * may choose multicast frames by a hash and let some others through; one that lets through most of
 * them has no filter.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "ndis/ndis.h"
#include "test/bench.h"

#define ROUNDS    24u
#define STRANGERS 48u /* groups that nobody has asked for */

static const uint8_t everybody[6] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };
static const uint8_t stranger[6] = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 };

/* One that has all but its last bits from the adapter's. */
static void neighbour(const struct bench *b, uint8_t address[6])
{
	memcpy(address, b->addresses.to, 6);
	address[5] ^= 1;
}

static void begin(struct bench *b)
{
	/* One frame is one packet, and packets keep their order. */
	static const char *const plain[] = { "*RSS=0", "*RscIPv4=0", "*RscIPv6=0", "*UdpRsc=0",
					     NULL };

	bench_need_wire(b);
	bench_up(b, plain);
	bench_turn(b);
}

static void put(struct bench *b, const uint8_t to[6], uint16_t number)
{
	const struct packet_shape shape = {
		.version = 4, .protocol = PACKET_UDP, .source_port = number, .payload = 60
	};
	struct packet_addresses addresses = b->addresses;

	memcpy(addresses.to, to, 6);
	packet_make(&b->packet, &addresses, &shape);
	bench_receive(b, b->packet.bytes, b->packet.length);
}

/* Frames that have arrived of those that were put, up to the marker, which goes to the adapter. */
static unsigned arrived(struct bench *b)
{
	struct test_frame *frame;
	unsigned count = 0;

	bench_receive_marker(b);
	while ((frame = bench_received(b))) {
		count++;
		free(frame);
	}
	return count;
}

static bool comes(struct bench *b, const uint8_t to[6])
{
	put(b, to, 40000);
	return arrived(b);
}

static void check(struct bench *b, const uint8_t to[6], bool wanted, const char *when)
{
	if (comes(b, to) != wanted)
		bench_fail(b, RULE_FilterIsKept, "a frame to %02x:%02x:%02x:%02x:%02x:%02x %s %s",
			   to[0], to[1], to[2], to[3], to[4], to[5],
			   wanted ? "does not arrive" : "arrives", when);
}

/* ---- what NDIS is told ---- */

struct wish {
	struct bench *bench;
	struct ndis_filter filter;
};

static void tell(void *wish)
{
	struct wish *w = wish;

	ndis_filter(&w->bench->nic->first.ndis, &w->filter);
}

static void nothing(void *unused)
{
	(void)unused;
}

/* Its OIDs go on at the end of the worker's queue, step by step. */
static void want(struct bench *b, const struct ndis_filter *filter)
{
	struct wish w = { .bench = b, .filter = *filter };

	bench_worker(b, tell, &w);
	for (unsigned step = 0; step < 4; step++)
		bench_worker(b, nothing, NULL);
}

static void random_group(struct bench *b, uint8_t group[6])
{
	uint64_t bits = random_next(&b->random);

	memcpy(group, &bits, 6);
	group[0] = 0x01 | (group[0] & 0xFC);
	group[5] = group[5] == 0xFF ? 0 : group[5];
}

/* ---- cases ---- */

static void promiscuous(struct bench *b, int argument)
{
	uint8_t group[6];

	(void)argument;
	begin(b);
	random_group(b, group);
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct ndis_filter filter = { .promiscuous = i % 2 };
		const char *when = i % 2 ? "in promiscuous mode" : "after promiscuous mode";

		want(b, &filter);
		check(b, stranger, i % 2, when);
		if (i % 2)
			check(b, group, true, when);
		check(b, everybody, true, when);
		check(b, b->addresses.to, true, when);
	}
}

static void all_multicast(struct bench *b, int argument)
{
	(void)argument;
	begin(b);
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct ndis_filter filter = { .all_multicast = i % 2 };
		uint8_t group[6];

		want(b, &filter);
		for (unsigned k = 0; i % 2 && k < 8; k++) {
			random_group(b, group);
			check(b, group, true, "with all multicast asked for");
		}
		check(b, stranger, false, "and only multicast was asked for");
		check(b, b->addresses.to, true, "with all multicast asked for");
	}
}

static unsigned strangers(struct bench *b)
{
	uint8_t group[6];

	for (unsigned i = 0; i < STRANGERS; i++) {
		random_group(b, group);
		put(b, group, 40001);
	}
	return arrived(b);
}

/* Lists of 0 to 8 groups, each another one: what was in the one before is no longer asked for. */
static void groups(struct bench *b, int argument)
{
	(void)argument;
	begin(b);
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct ndis_filter filter = { .count = i % 9 };
		unsigned came;

		for (unsigned k = 0; k < filter.count; k++)
			random_group(b, filter.groups[k]);
		want(b, &filter);
		for (unsigned k = 0; k < filter.count; k++)
			check(b, filter.groups[k], true, "and is in the multicast list");
		came = strangers(b);
		if (came > STRANGERS / 2)
			bench_fail(b, RULE_FilterIsKept,
				   "of %u groups that are not in the multicast list %u arrive",
				   STRANGERS, came);
	}
}

/* As many as NDIS keeps; more than a card takes becomes all multicast, or promiscuous mode. */
static void many(struct bench *b, int argument)
{
	struct ndis_filter filter = { .count = NDIS_GROUPS };

	(void)argument;
	begin(b);
	for (unsigned k = 0; k < filter.count; k++)
		random_group(b, filter.groups[k]);
	want(b, &filter);
	for (unsigned k = 0; k < filter.count; k++)
		check(b, filter.groups[k], true, "and is in a long multicast list");
}

/* What other protocols than TCP/IP ask for: each kind alone. */
static void set_packet_filter(struct bench *b, ULONG bits)
{
	struct cx_oid oid = { .type = NdisRequestSetInformation,
			      .oid = OID_GEN_CURRENT_PACKET_FILTER,
			      .buffer = &bits,
			      .input_length = sizeof(bits) };
	NTSTATUS status = cx_oid_call(b->nic->first.ndis.adapter, &oid);

	if (!NT_SUCCESS(status))
		bench_fail(b, RULE_FilterIsKept, "OID_GEN_CURRENT_PACKET_FILTER 0x%x fails: 0x%08x",
			   (unsigned)bits, (unsigned)status);
}

static void kinds(struct bench *b, int argument)
{
	static const ULONG filters[] = { NDIS_PACKET_TYPE_DIRECTED,
					 NDIS_PACKET_TYPE_DIRECTED | NDIS_PACKET_TYPE_BROADCAST,
					 NDIS_PACKET_TYPE_DIRECTED | NDIS_PACKET_TYPE_MULTICAST,
					 NDIS_PACKET_TYPE_DIRECTED | NDIS_PACKET_TYPE_BROADCAST |
						 NDIS_PACKET_TYPE_MULTICAST };
	struct ndis_filter filter = { .count = 1 };
	uint8_t near[6];

	(void)argument;
	begin(b);
	neighbour(b, near);
	random_group(b, filter.groups[0]);
	want(b, &filter);
	for (unsigned i = 0; i < ROUNDS; i++) {
		ULONG now = filters[random_below(&b->random, ARRAY_COUNT(filters))];

		set_packet_filter(b, now);
		check(b, everybody, now & NDIS_PACKET_TYPE_BROADCAST, "by the packet filter");
		check(b, filter.groups[0], now & NDIS_PACKET_TYPE_MULTICAST,
		      "by the packet filter");
		check(b, stranger, false, "by the packet filter");
		check(b, near, false, "by the packet filter");
		check(b, b->addresses.to, true, "by the packet filter");
	}
}

static struct dp_counters peer_counters(struct bench *b)
{
	struct dp_counters counters;

	pthread_mutex_lock(&b->peer->lock);
	dp_counters(b->peer->first.dp, &counters);
	pthread_mutex_unlock(&b->peer->lock);
	return counters;
}

static void pause_until(struct bench *b, uint64_t until)
{
	if (clock_ns() > until)
		bench_fail(b, RULE_PacketsAreSent, "frames are not taken for %u ms",
			   bench_patience(b));
	usleep(100);
}

static void take_back(void *bench)
{
	struct bench *b = bench;
	struct dp *dp = b->peer->first.dp;

	dp_limit_lso(dp, false, false, (int)bench_patience(b));
	dp_limit_lso(dp, true, true, 0);
}

static uint64_t large_sends_of_peer(struct bench *b)
{
	const struct dp_counters counters = peer_counters(b);

	return counters.tx_lso_packets;
}

/* A large send of the peer's, which its datapath can be asked to wait for. */
static void put_from_peer(struct bench *b)
{
	static const struct packet_shape shape = { .version = 4, .mss = 1000, .payload = 3000 };
	const struct frame_meta meta = { .mss = 1000, .needs_checksum = true };
	uint64_t until = clock_ns() + bench_patience(b) * NS_PER_MS;
	uint64_t before = large_sends_of_peer(b);

	packet_make(&b->packet, &b->addresses, &shape);
	if (!test_edge_put(b->wire, b->packet.bytes, b->packet.length, &meta))
		bench_fail(b, RULE_FramesArrive, "out of memory");
	while (large_sends_of_peer(b) == before)
		pause_until(b, until);
	nt_worker_call(b->peer->worker, take_back, b);
}

/* They have been looked at: a card does that as it takes a frame off the wire. */
static void put_unwanted(struct bench *b)
{
	uint64_t until = clock_ns() + bench_patience(b) * NS_PER_MS;

	if (b->peer) {
		put_from_peer(b);
		return;
	}
	put(b, b->addresses.to, 1000);
	put(b, everybody, 1000);
	while (test_edge_waiting(b->wire))
		pause_until(b, until);
}

/* With a filter of nothing nothing comes, what comes later does. */
static void closed(struct bench *b, int argument)
{
	struct offload_picture now;

	(void)argument;
	begin(b);
	now = bench_offload(b);
	if (b->peer && !cx_lso_ipv4(&now.driver))
		bench_skip(b, "the peer sends nothing that could be waited for: it has no LSO");
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct test_frame *frame;

		set_packet_filter(b, 0);
		put_unwanted(b);
		set_packet_filter(b, NDIS_PACKET_TYPE_DIRECTED);
		bench_receive_marker(b);
		frame = bench_received(b);
		if (frame)
			bench_fail_packets(b, RULE_FilterIsKept, NULL, 0, frame,
					   "a frame arrives with a packet filter of 0");
	}
}

/* Directed frames never stop while everything else changes. */
static void under_load(struct bench *b, int argument)
{
	(void)argument;
	begin(b);
	for (unsigned i = 0; i < ROUNDS * 2; i++) {
		struct ndis_filter filter = { .promiscuous = random_below(&b->random, 2),
					      .all_multicast = random_below(&b->random, 2),
					      .count = random_below(&b->random, 9) };
		unsigned came;

		for (unsigned k = 0; k < filter.count; k++)
			random_group(b, filter.groups[k]);
		for (unsigned k = 0; k < 20; k++)
			put(b, b->addresses.to, 2000);
		want(b, &filter);
		came = arrived(b);
		if (came != 20)
			bench_fail(b, RULE_FilterIsKept,
				   "of 20 frames to the adapter %u arrive while the filter changes",
				   came);
	}
}

#define SOURCE "NDIS, OID_GEN_CURRENT_PACKET_FILTER; EvtSetReceiveFilter"
#define LIST   "NDIS, OID_802_3_MULTICAST_LIST; EvtSetReceiveFilter"
#define DEAF   "neighbour discovery, DHCP or streams do not work until the adapter is restarted"
#define OPEN   "other machines' traffic costs processor time"

const struct test_case filter_cases[] = {
	{ "filter/promiscuous",
	  "Promiscuous mode takes all frames, and ends when it is switched off", SOURCE,
	  "Wireshark sees its own machine's frames alone, or others' for good", promiscuous, 0 },
	{ "filter/all-multicast", "With all multicast asked for every group's frames arrive",
	  SOURCE, DEAF, all_multicast, 0 },
	{ "filter/groups", "The groups of the list arrive, others mostly do not, after each change",
	  LIST, DEAF, groups, 0 },
	{ "filter/many", "Of a long multicast list all groups arrive", LIST, DEAF, many, 0 },
	{ "filter/kinds", "Broadcast and multicast frames arrive when the packet filter has them",
	  SOURCE, OPEN, kinds, 0 },
	{ "filter/closed", "With a packet filter of 0 nothing arrives, and afterwards all does",
	  SOURCE, OPEN, closed, 0 },
	{ "filter/load", "A change of the filter loses no frame to the adapter", SOURCE,
	  "connections stall when a program joins a group", under_load, 0 },
	{ 0 },
};
