/* SPDX-License-Identifier: MIT */
/* The receive queue: buffers, frames, checksum verdicts, notification, cancel. */
#include "traffic.h"

static struct stage *receiving(void)
{
	struct stage *b = card_stage();

	card_stage_up(b);
	traffic_supply(b);
	traffic_advance_rx(b);
	return b;
}

static size_t length_of(struct stage *b, uint32_t index)
{
	return traffic_fragment(b->rx, traffic_packet(b->rx, index))->ValidLength;
}

static void frames_arrive(void **state)
{
	struct stage *b = receiving();
	uint8_t frame[1514];

	(void)state;
	for (int version = 4; version <= 6; version += 2) {
		size_t length = traffic_tcp(frame, version, 1400);
		uint32_t at = cx13_queue(b->rx)->packets->BeginIndex;

		memory_wire_arrive(b->wire, frame, length, NULL);
		traffic_pump(b);
		traffic_advance_rx(b);
		assert_int_equal(cx13_queue(b->rx)->packets->BeginIndex, at + 1);
		assert_int_equal(length_of(b, at), length);
		assert_memory_equal(traffic_received(b, at), frame, length);
		assert_false(traffic_packet(b->rx, at)->IgnoreThisPacket);
		assert_int_equal(traffic_packet(b->rx, at)->FragmentCount, 1);
		assert_int_equal(NetPacketIsIpv4(traffic_packet(b->rx, at)), version == 4);
		assert_int_equal(NetPacketIsIpv6(traffic_packet(b->rx, at)), version == 6);
		assert_int_equal(traffic_packet(b->rx, at)->Layout.Layer4Type,
				 NET_PACKET_LAYER4_TYPE_TCP);
		assert_int_equal(traffic_packet(b->rx, at)->Layout.Layer2HeaderLength, 14);
	}
	card_stage_free(b);
}

static void arrive_one(struct stage *b, const uint8_t *frame, size_t length)
{
	memory_wire_arrive(b->wire, frame, length, NULL);
	traffic_pump(b);
	traffic_advance_rx(b);
}

static void checksum_verdicts(void **state)
{
	struct stage *b = receiving();
	uint8_t frame[300];
	size_t length = traffic_tcp(frame, 4, 200);

	(void)state;
	arrive_one(b, frame, length);
	assert_int_equal(traffic_rx_checksum(b, 0)->Layer3, NET_PACKET_RX_CHECKSUM_VALID);
	assert_int_equal(traffic_rx_checksum(b, 0)->Layer4, NET_PACKET_RX_CHECKSUM_VALID);
	frame[100] ^= 1;
	arrive_one(b, frame, length);
	assert_int_equal(traffic_rx_checksum(b, 1)->Layer3, NET_PACKET_RX_CHECKSUM_VALID);
	assert_int_equal(traffic_rx_checksum(b, 1)->Layer4, NET_PACKET_RX_CHECKSUM_INVALID);
	frame[22]++; /* time to live */
	arrive_one(b, frame, length);
	assert_int_equal(traffic_rx_checksum(b, 2)->Layer3, NET_PACKET_RX_CHECKSUM_INVALID);

	length = traffic_udp(frame, 6, 200);
	arrive_one(b, frame, length);
	assert_int_equal(traffic_rx_checksum(b, 3)->Layer3, NET_PACKET_RX_CHECKSUM_NOT_CHECKED);
	assert_int_equal(traffic_rx_checksum(b, 3)->Layer4, NET_PACKET_RX_CHECKSUM_VALID);
	frame[100] ^= 1;
	arrive_one(b, frame, length);
	assert_int_equal(traffic_rx_checksum(b, 4)->Layer4, NET_PACKET_RX_CHECKSUM_INVALID);
	card_stage_free(b);
}

/* Switched off at run time: no verdicts, neither the one that is off nor, at the end, any. */
static void verdicts_stop_with_the_offload(void **state)
{
	struct stage *b = receiving();
	uint8_t frame[300];
	size_t length = traffic_tcp(frame, 4, 200);

	(void)state;
	stage_set_checksum(b, 0, NDIS_OFFLOAD_PARAMETERS_TX_RX_DISABLED, 0);
	arrive_one(b, frame, length);
	assert_int_equal(traffic_rx_checksum(b, 0)->Layer3, NET_PACKET_RX_CHECKSUM_VALID);
	assert_int_equal(traffic_rx_checksum(b, 0)->Layer4, NET_PACKET_RX_CHECKSUM_NOT_CHECKED);
	stage_set_checksum(b, NDIS_OFFLOAD_PARAMETERS_TX_RX_DISABLED,
			   NDIS_OFFLOAD_PARAMETERS_TX_RX_DISABLED,
			   NDIS_OFFLOAD_PARAMETERS_TX_RX_DISABLED);
	arrive_one(b, frame, length);
	assert_int_equal(traffic_rx_checksum(b, 1)->Layer3, NET_PACKET_RX_CHECKSUM_NOT_CHECKED);
	stage_set_checksum(b, NDIS_OFFLOAD_PARAMETERS_TX_RX_ENABLED,
			   NDIS_OFFLOAD_PARAMETERS_TX_RX_ENABLED, 0);
	arrive_one(b, frame, length);
	assert_int_equal(traffic_rx_checksum(b, 2)->Layer4, NET_PACKET_RX_CHECKSUM_VALID);
	card_stage_free(b);
}

/* The chip's ring is smaller than the framework's: everything arrives, in order, round and round.
 */
static void ring_smaller_than_the_supply(void **state)
{
	struct stage *b = card_stage();
	uint8_t frame[100];
	size_t length = traffic_tcp(frame, 4, 46);
	unsigned seen = 0;

	(void)state;
	stage_keyword(b, "*ReceiveBuffers", "64");
	card_stage_up(b);
	for (int i = 0; i < 1000; i++) {
		frame[60] = (uint8_t)i;
		frame[61] = (uint8_t)(i >> 8);
		memory_wire_arrive(b->wire, frame, length, NULL);
	}
	for (int round = 0; seen < 1000; round++) {
		uint32_t at = cx13_queue(b->rx)->packets->BeginIndex;

		assert_in_range(round, 0, 100);
		traffic_supply(b);
		traffic_advance_rx(b);
		traffic_pump(b);
		traffic_advance_rx(b);
		for (; at != cx13_queue(b->rx)->packets->BeginIndex;
		     at = (at + 1) % TRAFFIC_RING, seen++) {
			assert_int_equal(length_of(b, at), length);
			assert_int_equal(traffic_received(b, at)[60], (uint8_t)seen);
			assert_int_equal(traffic_received(b, at)[61], (uint8_t)(seen >> 8));
		}
	}
	card_stage_free(b);
}

static void filter(void **state)
{
	struct stage *b = receiving();
	uint8_t frame[100];
	size_t length = traffic_tcp(frame, 4, 46);

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
	card_stage_free(b);
}

static void jumbo(void **state)
{
	struct stage *b = card_stage();
	static uint8_t frame[9018];
	size_t length = traffic_tcp(frame, 4, 9014 - 54);

	(void)state;
	assert_int_equal(length, 9014);
	stage_keyword(b, "*JumboPacket", "9014");
	card_stage_up(b);
	traffic_supply(b);
	traffic_advance_rx(b);
	arrive_one(b, frame, length);
	assert_int_equal(cx13_queue(b->rx)->packets->BeginIndex, 1);
	assert_int_equal(length_of(b, 0), 9014);
	traffic_post(b, frame, length, &(struct traffic_offer){ .piece = 4000 });
	traffic_advance_tx(b);
	assert_int_equal(b->wire->sent.count, 1);
	assert_int_equal(b->wire->sent.frames[0].length, 9014);
	card_stage_free(b);
}

/* A frame of more than the configured size never reaches a buffer that is too small for it. */
static void too_long(void **state)
{
	struct stage *b = receiving();
	static uint8_t frame[9018];
	size_t length = traffic_tcp(frame, 4, 3000);

	(void)state;
	arrive_one(b, frame, length);
	assert_int_equal(cx13_queue(b->rx)->packets->BeginIndex, 0);
	card_stage_free(b);
}

static void notifies_once(void **state)
{
	struct stage *b = receiving();
	uint8_t frame[100];
	size_t length = traffic_tcp(frame, 4, 46);

	(void)state;
	memory_wire_arrive(b->wire, frame, length, NULL);
	traffic_pump(b);
	assert_int_equal(b->rx_notifies, 0); /* nobody asked */
	traffic_advance_rx(b);
	traffic_arm(b->rx);
	assert_int_equal(b->rx_notifies, 0); /* that one has been seen */
	for (int i = 0; i < 3; i++) {
		memory_wire_arrive(b->wire, frame, length, NULL);
		traffic_pump(b);
	}
	assert_int_equal(b->rx_notifies, 1);
	assert_int_equal(b->tx_notifies, 0);
	cx13_queue(b->rx)->config.EvtSetNotificationEnabled(cx13_queue_handle(b->rx), FALSE);
	memory_wire_arrive(b->wire, frame, length, NULL);
	traffic_pump(b);
	assert_int_equal(b->rx_notifies, 1);
	traffic_arm(b->rx);
	memory_wire_arrive(b->wire, frame, length, NULL);
	traffic_pump(b);
	assert_int_equal(b->rx_notifies, 2);
	card_stage_free(b);
}

/* At a pause frames that are there are delivered; every other buffer comes back marked unused. */
static void cancel_returns_everything(void **state)
{
	struct stage *b = receiving();
	uint8_t frame[100];
	size_t length = traffic_tcp(frame, 4, 46);
	uint32_t end = cx13_queue(b->rx)->packets->EndIndex;

	(void)state;
	memory_wire_arrive(b->wire, frame, length, NULL);
	memory_wire_arrive(b->wire, frame, length, NULL);
	traffic_pump(b);
	cx13_queue(b->rx)->config.EvtCancel(cx13_queue_handle(b->rx));
	assert_int_equal(cx13_queue(b->rx)->packets->BeginIndex, end);
	for (uint32_t i = 0; i < end; i++)
		assert_int_equal(traffic_packet(b->rx, i)->IgnoreThisPacket, i >= 2);
	memory_wire_arrive(b->wire, frame, length,
			   NULL); /* the receiver is off: no buffer is written to */
	traffic_pump(b);
	card_stage_free(b);
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
