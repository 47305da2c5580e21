/* SPDX-License-Identifier: MIT */
/* The receive queue: buffers, frames, checksum verdicts, notification, cancel. */
#include "bench.h"

static struct bench *bench_receiving(void)
{
	struct bench *b = bench_new();

	bench_up(b);
	bench_supply(b);
	bench_advance_rx(b);
	return b;
}

static size_t length_of(struct bench *b, uint32_t index)
{
	return bench_fragment(b->rx, bench_packet(b->rx, index))->ValidLength;
}

static void frames_arrive(void **state)
{
	struct bench *b = bench_receiving();
	uint8_t frame[1514];

	(void)state;
	for (int version = 4; version <= 6; version += 2) {
		size_t length = bench_tcp(frame, version, 1400);
		uint32_t at = cx13_queue(b->rx)->packets->BeginIndex;

		bench_arrive(b, frame, length);
		bench_pump(b);
		bench_advance_rx(b);
		assert_int_equal(cx13_queue(b->rx)->packets->BeginIndex, at + 1);
		assert_int_equal(length_of(b, at), length);
		assert_memory_equal(bench_received(b, at), frame, length);
		assert_false(bench_packet(b->rx, at)->IgnoreThisPacket);
		assert_int_equal(bench_packet(b->rx, at)->FragmentCount, 1);
		assert_int_equal(NetPacketIsIpv4(bench_packet(b->rx, at)), version == 4);
		assert_int_equal(NetPacketIsIpv6(bench_packet(b->rx, at)), version == 6);
		assert_int_equal(bench_packet(b->rx, at)->Layout.Layer4Type,
				 NET_PACKET_LAYER4_TYPE_TCP);
		assert_int_equal(bench_packet(b->rx, at)->Layout.Layer2HeaderLength, 14);
	}
	bench_free(b);
}

static void arrive_one(struct bench *b, const uint8_t *frame, size_t length)
{
	bench_arrive(b, frame, length);
	bench_pump(b);
	bench_advance_rx(b);
}

static void checksum_verdicts(void **state)
{
	struct bench *b = bench_receiving();
	uint8_t frame[300];
	size_t length = bench_tcp(frame, 4, 200);

	(void)state;
	arrive_one(b, frame, length);
	assert_int_equal(bench_rx_checksum(b, 0)->Layer3, NET_PACKET_RX_CHECKSUM_VALID);
	assert_int_equal(bench_rx_checksum(b, 0)->Layer4, NET_PACKET_RX_CHECKSUM_VALID);
	frame[100] ^= 1;
	arrive_one(b, frame, length);
	assert_int_equal(bench_rx_checksum(b, 1)->Layer3, NET_PACKET_RX_CHECKSUM_VALID);
	assert_int_equal(bench_rx_checksum(b, 1)->Layer4, NET_PACKET_RX_CHECKSUM_INVALID);
	frame[22]++; /* time to live */
	arrive_one(b, frame, length);
	assert_int_equal(bench_rx_checksum(b, 2)->Layer3, NET_PACKET_RX_CHECKSUM_INVALID);

	length = bench_udp(frame, 6, 200);
	arrive_one(b, frame, length);
	assert_int_equal(bench_rx_checksum(b, 3)->Layer3, NET_PACKET_RX_CHECKSUM_NOT_CHECKED);
	assert_int_equal(bench_rx_checksum(b, 3)->Layer4, NET_PACKET_RX_CHECKSUM_VALID);
	frame[100] ^= 1;
	arrive_one(b, frame, length);
	assert_int_equal(bench_rx_checksum(b, 4)->Layer4, NET_PACKET_RX_CHECKSUM_INVALID);
	bench_free(b);
}

/* Switched off at run time: no verdicts, neither the one that is off nor, at the end, any. */
static void verdicts_stop_with_the_offload(void **state)
{
	struct bench *b = bench_receiving();
	uint8_t frame[300];
	size_t length = bench_tcp(frame, 4, 200);

	(void)state;
	bench_checksum(b, 0, NDIS_OFFLOAD_PARAMETERS_TX_RX_DISABLED, 0);
	arrive_one(b, frame, length);
	assert_int_equal(bench_rx_checksum(b, 0)->Layer3, NET_PACKET_RX_CHECKSUM_VALID);
	assert_int_equal(bench_rx_checksum(b, 0)->Layer4, NET_PACKET_RX_CHECKSUM_NOT_CHECKED);
	bench_checksum(b, NDIS_OFFLOAD_PARAMETERS_TX_RX_DISABLED,
		       NDIS_OFFLOAD_PARAMETERS_TX_RX_DISABLED,
		       NDIS_OFFLOAD_PARAMETERS_TX_RX_DISABLED);
	arrive_one(b, frame, length);
	assert_int_equal(bench_rx_checksum(b, 1)->Layer3, NET_PACKET_RX_CHECKSUM_NOT_CHECKED);
	bench_checksum(b, NDIS_OFFLOAD_PARAMETERS_TX_RX_ENABLED,
		       NDIS_OFFLOAD_PARAMETERS_TX_RX_ENABLED, 0);
	arrive_one(b, frame, length);
	assert_int_equal(bench_rx_checksum(b, 2)->Layer4, NET_PACKET_RX_CHECKSUM_VALID);
	bench_free(b);
}

/* The chip's ring is smaller than the framework's: everything arrives, in order, round and round.
 */
static void ring_smaller_than_the_supply(void **state)
{
	struct bench *b = bench_new();
	uint8_t frame[100];
	size_t length = bench_tcp(frame, 4, 46);
	unsigned seen = 0;

	(void)state;
	bench_keyword(b, "*ReceiveBuffers", "64");
	bench_up(b);
	for (int i = 0; i < 1000; i++) {
		frame[60] = (uint8_t)i;
		frame[61] = (uint8_t)(i >> 8);
		bench_arrive(b, frame, length);
	}
	for (int round = 0; seen < 1000; round++) {
		uint32_t at = cx13_queue(b->rx)->packets->BeginIndex;

		assert_in_range(round, 0, 100);
		bench_supply(b);
		bench_advance_rx(b);
		bench_pump(b);
		bench_advance_rx(b);
		for (; at != cx13_queue(b->rx)->packets->BeginIndex;
		     at = (at + 1) % BENCH_RING, seen++) {
			assert_int_equal(length_of(b, at), length);
			assert_int_equal(bench_received(b, at)[60], (uint8_t)seen);
			assert_int_equal(bench_received(b, at)[61], (uint8_t)(seen >> 8));
		}
	}
	bench_free(b);
}

static void filter(void **state)
{
	struct bench *b = bench_receiving();
	uint8_t frame[100];
	size_t length = bench_tcp(frame, 4, 46);

	(void)state;
	memcpy(frame, "\x02\x99\x99\x99\x99\x99", 6); /* somebody else's */
	arrive_one(b, frame, length);
	assert_int_equal(cx13_queue(b->rx)->packets->BeginIndex, 0);
	memcpy(frame, "\xff\xff\xff\xff\xff\xff", 6);
	arrive_one(b, frame, length);
	assert_int_equal(cx13_queue(b->rx)->packets->BeginIndex, 1);
	for (int i = 0; i < 64; i++) { /* all multicast: any bit of the hash */
		memcpy(frame, "\x33\x33\x00\x00\x00", 5);
		frame[5] = (uint8_t)i;
		arrive_one(b, frame, length);
		assert_int_equal(cx13_queue(b->rx)->packets->BeginIndex, 2 + i);
	}
	bench_free(b);
}

static void jumbo(void **state)
{
	struct bench *b = bench_new();
	static uint8_t frame[9018];
	size_t length = bench_tcp(frame, 4, 9014 - 54);

	(void)state;
	assert_int_equal(length, 9014);
	bench_keyword(b, "*JumboPacket", "9014");
	bench_up(b);
	bench_supply(b);
	bench_advance_rx(b);
	arrive_one(b, frame, length);
	assert_int_equal(cx13_queue(b->rx)->packets->BeginIndex, 1);
	assert_int_equal(length_of(b, 0), 9014);
	bench_post(b, frame, length, &(struct bench_offer){ .piece = 4000 });
	bench_advance_tx(b);
	assert_int_equal(b->sent_count, 1);
	assert_int_equal(b->sent[0].length, 9014);
	bench_free(b);
}

/* A frame of more than the configured size never reaches a buffer that is too small for it. */
static void too_long(void **state)
{
	struct bench *b = bench_receiving();
	static uint8_t frame[9018];
	size_t length = bench_tcp(frame, 4, 3000);

	(void)state;
	arrive_one(b, frame, length);
	assert_int_equal(cx13_queue(b->rx)->packets->BeginIndex, 0);
	bench_free(b);
}

static void notifies_once(void **state)
{
	struct bench *b = bench_receiving();
	uint8_t frame[100];
	size_t length = bench_tcp(frame, 4, 46);

	(void)state;
	bench_arrive(b, frame, length);
	bench_pump(b);
	assert_int_equal(b->rx_notifies, 0); /* nobody asked */
	bench_advance_rx(b);
	bench_arm(b, b->rx);
	assert_int_equal(b->rx_notifies, 0); /* that one has been seen */
	for (int i = 0; i < 3; i++) {
		bench_arrive(b, frame, length);
		bench_pump(b);
	}
	assert_int_equal(b->rx_notifies, 1);
	assert_int_equal(b->tx_notifies, 0);
	cx13_queue(b->rx)->config.EvtSetNotificationEnabled(cx13_queue_handle(b->rx), FALSE);
	bench_arrive(b, frame, length);
	bench_pump(b);
	assert_int_equal(b->rx_notifies, 1);
	bench_arm(b, b->rx);
	bench_arrive(b, frame, length);
	bench_pump(b);
	assert_int_equal(b->rx_notifies, 2);
	bench_free(b);
}

/* At a pause frames that are there are delivered; every other buffer comes back marked unused. */
static void cancel_returns_everything(void **state)
{
	struct bench *b = bench_receiving();
	uint8_t frame[100];
	size_t length = bench_tcp(frame, 4, 46);
	uint32_t end = cx13_queue(b->rx)->packets->EndIndex;

	(void)state;
	bench_arrive(b, frame, length);
	bench_arrive(b, frame, length);
	bench_pump(b);
	cx13_queue(b->rx)->config.EvtCancel(cx13_queue_handle(b->rx));
	assert_int_equal(cx13_queue(b->rx)->packets->BeginIndex, end);
	for (uint32_t i = 0; i < end; i++)
		assert_int_equal(bench_packet(b->rx, i)->IgnoreThisPacket, i >= 2);
	bench_arrive(b, frame, length); /* the receiver is off: no buffer is written to */
	bench_pump(b);
	bench_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_arrive),
		cmocka_unit_test(checksum_verdicts),
		cmocka_unit_test(verdicts_stop_with_the_offload),
		cmocka_unit_test(ring_smaller_than_the_supply),
		cmocka_unit_test(filter),
		cmocka_unit_test(jumbo),
		cmocka_unit_test(too_long),
		cmocka_unit_test(notifies_once),
		cmocka_unit_test(cancel_returns_everything),
	};

	return cmocka_run_group_tests_name("rtl8168 receive", tests, NULL, NULL);
}
