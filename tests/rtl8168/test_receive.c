/* SPDX-License-Identifier: MIT */
/* The receive queue: buffers, frames, checksum verdicts, notification, cancel. */
#include "traffic.h"

static size_t length_of(struct stage *s, uint32_t index)
{
	return traffic_received(s, index).length;
}

static void frames_arrive(void **state)
{
	struct stage *s = card_stage_receiving();
	uint8_t frame[1514];

	(void)state;
	for (int version = 4; version <= 6; version += 2) {
		size_t length = traffic_tcp(frame, version, 1400);
		uint32_t at = traffic_begin(s->rx);

		memory_wire_arrive(s->wire, frame, length, NULL);
		traffic_pump(s);
		traffic_advance_rx(s);
		assert_int_equal(traffic_begin(s->rx), at + 1);
		assert_int_equal(length_of(s, at), length);
		assert_memory_equal(traffic_received(s, at).bytes, frame, length);
		assert_false(traffic_received(s, at).ignored);
		assert_int_equal(traffic_received(s, at).fragments, 1);
		assert_int_equal(traffic_received(s, at).ipv4, version == 4);
		assert_int_equal(traffic_received(s, at).ipv6, version == 6);
		assert_true(traffic_received(s, at).tcp);
		assert_int_equal(traffic_received(s, at).layer2_length, 14);
	}
	card_stage_free(s);
}

static void arrive_one(struct stage *s, const uint8_t *frame, size_t length)
{
	memory_wire_arrive(s->wire, frame, length, NULL);
	traffic_pump(s);
	traffic_advance_rx(s);
}

static void checksum_verdicts(void **state)
{
	struct stage *s = card_stage_receiving();
	uint8_t frame[300];
	size_t length = traffic_tcp(frame, 4, 200);

	(void)state;
	arrive_one(s, frame, length);
	assert_int_equal(traffic_received(s, 0).layer3, TRAFFIC_VALID);
	assert_int_equal(traffic_received(s, 0).layer4, TRAFFIC_VALID);
	frame[100] ^= 1;
	arrive_one(s, frame, length);
	assert_int_equal(traffic_received(s, 1).layer3, TRAFFIC_VALID);
	assert_int_equal(traffic_received(s, 1).layer4, TRAFFIC_INVALID);
	frame[22]++; /* time to live */
	arrive_one(s, frame, length);
	assert_int_equal(traffic_received(s, 2).layer3, TRAFFIC_INVALID);

	length = traffic_udp(frame, 6, 200);
	arrive_one(s, frame, length);
	assert_int_equal(traffic_received(s, 3).layer3, TRAFFIC_NOT_CHECKED);
	assert_int_equal(traffic_received(s, 3).layer4, TRAFFIC_VALID);
	frame[100] ^= 1;
	arrive_one(s, frame, length);
	assert_int_equal(traffic_received(s, 4).layer4, TRAFFIC_INVALID);
	card_stage_free(s);
}

/* Switched off at run time: no verdicts, neither the one that is off nor, at the end, any. */
static void verdicts_stop_with_the_offload(void **state)
{
	struct stage *s = card_stage_receiving();
	uint8_t frame[300];
	size_t length = traffic_tcp(frame, 4, 200);

	(void)state;
	stage_set_checksum(s, 0, NDIS_OFFLOAD_PARAMETERS_TX_RX_DISABLED, 0);
	arrive_one(s, frame, length);
	assert_int_equal(traffic_received(s, 0).layer3, TRAFFIC_VALID);
	assert_int_equal(traffic_received(s, 0).layer4, TRAFFIC_NOT_CHECKED);
	stage_set_checksum(s, NDIS_OFFLOAD_PARAMETERS_TX_RX_DISABLED,
			   NDIS_OFFLOAD_PARAMETERS_TX_RX_DISABLED,
			   NDIS_OFFLOAD_PARAMETERS_TX_RX_DISABLED);
	arrive_one(s, frame, length);
	assert_int_equal(traffic_received(s, 1).layer3, TRAFFIC_NOT_CHECKED);
	stage_set_checksum(s, NDIS_OFFLOAD_PARAMETERS_TX_RX_ENABLED,
			   NDIS_OFFLOAD_PARAMETERS_TX_RX_ENABLED, 0);
	arrive_one(s, frame, length);
	assert_int_equal(traffic_received(s, 2).layer4, TRAFFIC_VALID);
	card_stage_free(s);
}

/* The chip's ring is smaller than the framework's: everything arrives, in order, round and round.
 */
static void ring_smaller_than_the_supply(void **state)
{
	struct stage *s = card_stage();
	uint8_t frame[100];
	size_t length = traffic_tcp(frame, 4, 46);
	unsigned seen = 0;

	(void)state;
	stage_keyword(s, "*ReceiveBuffers", "64");
	card_stage_up(s);
	for (int i = 0; i < 1000; i++) {
		frame[60] = (uint8_t)i;
		frame[61] = (uint8_t)(i >> 8);
		memory_wire_arrive(s->wire, frame, length, NULL);
	}
	for (int round = 0; seen < 1000; round++) {
		uint32_t at = traffic_begin(s->rx);

		assert_in_range(round, 0, 100);
		traffic_supply(s);
		traffic_advance_rx(s);
		traffic_pump(s);
		traffic_advance_rx(s);
		for (; at != traffic_begin(s->rx); at = (at + 1) % TRAFFIC_RING, seen++) {
			assert_int_equal(length_of(s, at), length);
			assert_int_equal(traffic_received(s, at).bytes[60], (uint8_t)seen);
			assert_int_equal(traffic_received(s, at).bytes[61], (uint8_t)(seen >> 8));
		}
	}
	card_stage_free(s);
}

static void filter(void **state)
{
	struct stage *s = card_stage_receiving();
	uint8_t frame[100];
	size_t length = traffic_tcp(frame, 4, 46);

	(void)state;
	memcpy(frame, "\x02\x99\x99\x99\x99\x99", 6); /* somebody else's */
	arrive_one(s, frame, length);
	assert_int_equal(traffic_begin(s->rx), 0);
	memcpy(frame, "\xff\xff\xff\xff\xff\xff", 6);
	arrive_one(s, frame, length);
	assert_int_equal(traffic_begin(s->rx), 1);
	for (int i = 0; i < 64; i++) { /* all multicast: any bit of the hash */
		memcpy(frame, "\x33\x33\x00\x00\x00", 5);
		frame[5] = (uint8_t)i;
		arrive_one(s, frame, length);
		assert_int_equal(traffic_begin(s->rx), 2 + i);
	}
	card_stage_free(s);
}

static void jumbo(void **state)
{
	struct stage *s = card_stage();
	static uint8_t frame[9018];
	size_t length = traffic_tcp(frame, 4, 9014 - 54);

	(void)state;
	assert_int_equal(length, 9014);
	stage_keyword(s, "*JumboPacket", "9014");
	card_stage_up(s);
	traffic_supply(s);
	traffic_advance_rx(s);
	arrive_one(s, frame, length);
	assert_int_equal(traffic_begin(s->rx), 1);
	assert_int_equal(length_of(s, 0), 9014);
	traffic_post(s, frame, length, &(struct traffic_offer){ .piece = 4000 });
	traffic_advance_tx(s);
	assert_int_equal(s->wire->sent.count, 1);
	assert_int_equal(s->wire->sent.frames[0].length, 9014);
	card_stage_free(s);
}

/* A frame of more than the configured size never reaches a buffer that is too small for it. */
static void too_long(void **state)
{
	struct stage *s = card_stage_receiving();
	static uint8_t frame[9018];
	size_t length = traffic_tcp(frame, 4, 3000);

	(void)state;
	arrive_one(s, frame, length);
	assert_int_equal(traffic_begin(s->rx), 0);
	card_stage_free(s);
}

static void notifies_once(void **state)
{
	struct stage *s = card_stage_receiving();
	uint8_t frame[100];
	size_t length = traffic_tcp(frame, 4, 46);

	(void)state;
	memory_wire_arrive(s->wire, frame, length, NULL);
	traffic_pump(s);
	assert_int_equal(s->rx_notifies, 0); /* nobody asked */
	traffic_advance_rx(s);
	traffic_arm(s->rx);
	assert_int_equal(s->rx_notifies, 0); /* that one has been seen */
	for (int i = 0; i < 3; i++) {
		memory_wire_arrive(s->wire, frame, length, NULL);
		traffic_pump(s);
	}
	assert_int_equal(s->rx_notifies, 1);
	assert_int_equal(s->tx_notifies, 0);
	traffic_disarm(s->rx);
	memory_wire_arrive(s->wire, frame, length, NULL);
	traffic_pump(s);
	assert_int_equal(s->rx_notifies, 1);
	traffic_arm(s->rx);
	memory_wire_arrive(s->wire, frame, length, NULL);
	traffic_pump(s);
	assert_int_equal(s->rx_notifies, 2);
	card_stage_free(s);
}

/* At a pause frames that are there are delivered; every other buffer comes back marked unused. */
static void cancel_returns_everything(void **state)
{
	struct stage *s = card_stage_receiving();
	uint8_t frame[100];
	size_t length = traffic_tcp(frame, 4, 46);
	uint32_t end = traffic_end(s->rx);

	(void)state;
	memory_wire_arrive(s->wire, frame, length, NULL);
	memory_wire_arrive(s->wire, frame, length, NULL);
	traffic_pump(s);
	traffic_cancel(s->rx);
	assert_int_equal(traffic_begin(s->rx), end);
	for (uint32_t i = 0; i < end; i++)
		assert_int_equal(traffic_received(s, i).ignored, i >= 2);
	memory_wire_arrive(s->wire, frame, length,
			   NULL); /* the receiver is off: no buffer is written to */
	traffic_pump(s);
	card_stage_free(s);
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
