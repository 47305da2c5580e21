/* SPDX-License-Identifier: MIT */
/* What is active changes, by keywords at the start and by OID while packets are on their way. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/send.h"

#define CHANGES 200u

static struct packet_shape shape_of(int version)
{
	return (struct packet_shape){ .version = version,
				      .flags = TCP_PSH,
				      .ip_id = 0x1234,
				      .sequence = 0x10000000,
				      .mss = 1000,
				      .payload = 3500 };
}

static bool does_lso(struct bench *b, int version)
{
	const struct offload_picture picture = bench_offload(b);

	return version == 4 ? cx_lso_ipv4(&picture.driver) : cx_lso_ipv6(&picture.driver);
}

/* One of each family, by the driver where it is on and not where it is off. */
static void check_both(struct bench *b, const bool on[2])
{
	for (int i = 0; i < 2; i++) {
		int version = i ? 6 : 4;
		struct sender s = { .bench = b,
				    .version = version,
				    .caps = bench_offload(b).hardware.lso };
		const struct packet_shape shape = shape_of(version);

		send_shape(&s, &shape);
		if (s.given && !on[i])
			bench_fail(b, RULE_SwitchedOffIsOff,
				   "a large send reaches the driver with LSO for IPv%d off",
				   version);
		if (!s.given && on[i])
			bench_fail(b, RULE_SwitchedOffIsOff,
				   "no large send reaches the driver with LSO for IPv%d on",
				   version);
	}
}

static void need_lso(struct bench *b)
{
	if (!does_lso(b, 4) || !does_lso(b, 6))
		bench_skip(b, "the driver does not offload LSO for both IP versions");
}

/* All combinations, each at a start of its own. */
static void keywords(struct bench *b, int argument)
{
	bench_need_wire(b);
	bench_up(b, NULL);
	need_lso(b);
	bench_down(b);
	for (unsigned i = 0; i < 8; i++) {
		const bool on[2] = { i & 1, i & 2 };
		char lso4[24], lso6[24], tcp4[40], old[24];
		const char *const set[] = { lso4, lso6, tcp4, old, NULL };

		snprintf(lso4, sizeof(lso4), "*LsoV2IPv4=%d", on[0]);
		/* In 1.3 LSO for IPv4 is off when neither version of it is on. */
		snprintf(old, sizeof(old), "*LsoV1IPv4=%d", on[0]);
		snprintf(lso6, sizeof(lso6), "*LsoV2IPv6=%d", on[1]);
		snprintf(tcp4, sizeof(tcp4), "*TCPChecksumOffloadIPv4=%d", i & 4 ? 3 : 0);
		bench_up(b, set);
		for (int k = 0; k < 2; k++) {
			if (does_lso(b, k ? 6 : 4) && !on[k])
				bench_fail(b, RULE_SwitchedOffIsOff, "%s, and it is active",
					   k ? lso6 : lso4);
		}
		if (does_lso(b, 4) == on[0] && does_lso(b, 6) == on[1])
			check_both(b, on);
		bench_down(b);
	}
}

static void set_lso(struct bench *b, const bool on[2])
{
	const struct cx_offload_request request = {
		.lso_v1_ipv4 = on[0] ? CX_ON : CX_OFF,
		.lso_v2_ipv4 = on[0] ? CX_ON : CX_OFF,
		.lso_v2_ipv6 = on[1] ? CX_ON : CX_OFF,
	};

	bench_set_offloads(b, &request);
}

/* TCP's alone: the hardware goes on with the others, and it is the driver who has to mind. */
static void set_tcp_checksum(struct bench *b, bool on)
{
	const enum cx_setting to = on ? CX_ON : CX_OFF;
	const struct cx_checksum_setting both = { to, to };
	const struct cx_offload_request request = { .tcp_ipv4_checksum = both,
						    .tcp_ipv6_checksum = both };

	bench_set_offloads(b, &request);
}

/* Each change is followed by one packet of each family. */
static void by_oid(struct bench *b, int argument)
{
	bench_need_wire(b);
	bench_up(b, NULL);
	need_lso(b);
	for (unsigned i = 0; i < CHANGES; i++) {
		const bool on[2] = { random_below(&b->random, 2), random_below(&b->random, 2) };

		set_lso(b, on);
		check_both(b, on);
	}
}

static bool is_vouched_for(struct bench *b, const struct packet *packet)
{
	struct test_frame *frame = bench_receive_first(b, packet->bytes, packet->length);
	bool valid = frame->meta.checksum_valid;
	free(frame);
	while ((frame = bench_received(b)))
		free(frame);
	return valid;
}

/* With TCP's checksum off a driver says nothing of received ones; on, it does again. */
static void verdicts(struct bench *b, int argument)
{
	static const char *const one_queue[] = { "*RSS=0", NULL };
	struct packet_shape shape = { .version = 4, .payload = 500 };
	struct packet_addresses back;

	bench_need_wire(b);
	bench_up(b, one_queue);
	memcpy(back.to, b->addresses.from, 6);
	memcpy(back.from, b->addresses.to, 6);
	b->addresses = back;
	packet_make(&b->packet, &b->addresses, &shape);
	if (!is_vouched_for(b, &b->packet))
		bench_skip(b, "the driver says nothing of received checksums");
	for (unsigned i = 0; i < CHANGES / 4; i++) {
		bool on = i % 2;

		set_tcp_checksum(b, on);
		if (is_vouched_for(b, &b->packet) != on)
			bench_fail(b, RULE_SwitchedOffIsOff,
				   "a received checksum is %s with the offload %s",
				   on ? "not spoken of" : "called right", on ? "on" : "off");
	}
}

/*
 * Packets are on their way while it changes: whoever cuts them, the wire has segments, and all of
 * them. Who has cut a packet shows in nothing but an identification's wrap, which these do not
 * have.
 */
static void under_load(struct bench *b, int argument)
{
	struct sender s = { .bench = b, .version = argument };
	struct packet_shape shape = shape_of(argument);

	bench_need_wire(b);
	bench_up(b, NULL);
	need_lso(b);
	s.caps = bench_offload(b).hardware.lso;
	for (unsigned i = 0; i < CHANGES; i++) {
		const bool on[2] = { i & 1, i & 2 };
		unsigned count = 1 + random_below(&b->random, 6);

		packet_make(&b->packet, &b->addresses, &shape);
		for (unsigned k = 0; k < count; k++)
			bench_send(b, &b->packet);
		set_lso(b, on);
		bench_marker(b);
		send_judge(&s, count);
		shape.pattern++;
	}
}

#define SOURCE "NDIS, OID_TCP_OFFLOAD_PARAMETERS; EvtNetAdapterOffloadSetLso and SetGso"

const struct test_case change_cases[] = {
	{ "change/keywords", "Keywords decide at the start what is active, in all combinations",
	  "NDIS, Using Registry Values to Enable and Disable Task Offloading",
	  "what is switched off on the Advanced page is still done, or the reverse", keywords, 0 },
	{ "change/oid", "After each change large sends go by what the driver was told last", SOURCE,
	  "Disable-NetAdapterLso does nothing, or sending stops after it", by_oid, 0 },
	{ "change/verdict",
	  "What is said of received checksums goes by what the driver was told last",
	  "NDIS, OID_TCP_OFFLOAD_PARAMETERS; EvtNetAdapterOffloadSetChecksum and SetRxChecksum",
	  "a filter driver that has switched the offload off sees verdicts all the same", verdicts,
	  0 },
	{ "change/load/ipv4",
	  "A change loses no packet that is on its way, and no super-packet reaches the wire",
	  SOURCE, "connections break when the offload is switched", under_load, 4 },
	{ "change/load/ipv6",
	  "A change loses no packet that is on its way, and no super-packet reaches the wire",
	  SOURCE, "connections break when the offload is switched", under_load, 6 },
	{ 0 },
};
