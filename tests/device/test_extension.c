/* SPDX-License-Identifier: MIT */
/* What the model rtl8168-ext has beyond the chip: UDP segmentation. */
#include "card.h"
#include "frames.h"

#define MSS     1000
#define PAYLOAD 4321
#define WHAT_THERE_IS                                                                           \
	(RTL_EXTENSION_SIGNATURE | RTL_EXTENSION_USO | RTL_EXTENSION_HASH | RTL_EXTENSION_RSC | \
	 RTL_EXTENSION_TX_RINGS(4))

static void the_register_tells_what_there_is(void **state)
{
	struct card *card = *state;

	assert_int_equal(card_read(card, RTL_EXTENSION, 4), WHAT_THERE_IS);
	card_write(card, RTL_EXTENSION, 4, 0);
	card_write(card, RTL_CMD, 1, RTL_CMD_RST);
	assert_int_equal(card_read(card, RTL_EXTENSION, 4), WHAT_THERE_IS);
}

static void the_real_chip_has_nothing_there(void **state)
{
	struct card *card = *state;

	assert_int_equal(card_read(card, RTL_EXTENSION, 4), 0);
}

static uint16_t status_for(const struct frame_spec *spec)
{
	return (spec->version == 4 ? RTL_TX_LSO_IPV4 : RTL_TX_LSO_IPV6) |
	       (uint16_t)(frame_l4(spec) << 2);
}

/* In three descriptors, since each of them carries the bits. */
static void send_pieces(struct card *card, const struct frame_spec *spec, uint16_t offload)
{
	uint8_t frame[128 + PAYLOAD];
	size_t length = frame_build(frame, spec), cuts[] = { 0, 30, 2000, length };

	for (int i = 0; i < 3; i++)
		card_post(card, card_store(card, frame + cuts[i], cuts[i + 1] - cuts[i]),
			  cuts[i + 1] - cuts[i],
			  status_for(spec) | (i == 0 ? RTL_FS : 0) | (i == 2 ? RTL_LS : 0),
			  offload);
	card_doorbell(card);
}

/* Each segment is a datagram of its own: lengths and sums are its own, the payload is in order. */
static void assert_segments(struct card *card, const struct frame_spec *spec)
{
	size_t headers = frame_headers(spec), at = 0;
	uint8_t whole[128 + PAYLOAD];
	int n = 0;

	frame_build(whole, spec);
	for (; at < PAYLOAD; n++) {
		struct frame_spec segment = *spec;
		const struct kept_frame *sent = &card->wire.sent.frames[n];
		size_t payload = PAYLOAD - at < MSS ? PAYLOAD - at : MSS;

		segment.payload = payload;
		assert_in_range(n, 0, card->wire.sent.count - 1);
		assert_int_equal(sent->length, headers + payload);
		assert_int_equal(sent->meta.mss, 0);
		assert_int_equal(sent->bytes[frame_l4(spec) + 4] << 8 |
					 sent->bytes[frame_l4(spec) + 5],
				 8 + payload);
		assert_true(frame_sums_right(sent->bytes, &segment));
		assert_memory_equal(sent->bytes + headers, whole + headers + at, payload);
		at += payload;
	}
	assert_sent(card, n);
}

/* The wire takes super-packets, of TCP: UDP is cut for it all the same. */
static void udp_is_cut(void **state)
{
	static const int versions[] = { 4, 6 };
	struct card *card = *state;

	for (int v = 0; v < 2; v++) {
		struct frame_spec spec = { versions[v], FRAME_UDP, PAYLOAD, false, v == 1 };

		frame_store_forget(&card->wire.sent);
		send_pieces(card, &spec, RTL_TX_LSO_UDP | MSS << 2);
		assert_segments(card, &spec);
	}
	assert_int_equal(card_counters(card)->tx_super_packets, 2);
	assert_int_equal(card_counters(card)->tx_segments, 10);
	assert_int_equal(card_counters(card)->tx_errors, 0);
}

static void tcp_and_udp_are_not_confused(void **state)
{
	struct card *card = *state;
	struct frame_spec udp = { 4, FRAME_UDP, PAYLOAD, false, false };
	struct frame_spec tcp = { 4, FRAME_TCP, PAYLOAD, false, false };

	send_pieces(card, &udp, MSS << 2);
	send_pieces(card, &tcp, RTL_TX_LSO_UDP | MSS << 2);
	assert_sent(card, 0);
	assert_int_equal(card_counters(card)->tx_errors, 2);
	assert_true(card_read(card, RTL_ISR, 2) & RTL_TER);
}

/* On the chip as it is the bit means nothing, and UDP is no large send. */
static void the_real_chip_cuts_no_udp(void **state)
{
	struct card *card = *state;
	struct frame_spec udp = { 4, FRAME_UDP, PAYLOAD, false, false };

	send_pieces(card, &udp, RTL_TX_LSO_UDP | MSS << 2);
	assert_sent(card, 0);
	assert_int_equal(card_counters(card)->tx_errors, 1);
}

int main(void)
{
#define TEST(name)     cmocka_unit_test_setup_teardown(name, card_set_up, card_tear_down)
#define TEST_EXT(name) cmocka_unit_test_setup_teardown(name, card_set_up_ext, card_tear_down)
	const struct CMUnitTest tests[] = {
		TEST_EXT(the_register_tells_what_there_is),
		TEST(the_real_chip_has_nothing_there),
		TEST_EXT(udp_is_cut),
		TEST_EXT(tcp_and_udp_are_not_confused),
		TEST(the_real_chip_cuts_no_udp),
	};

	return cmocka_run_group_tests_name("device extension", tests, NULL, NULL);
}
