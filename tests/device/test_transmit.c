/* SPDX-License-Identifier: MIT */
/* What leaves on the wire for what the driver writes into descriptors. */
#include <netcx/lso.h>
#include <stdlib.h>

#include "../lso/reference.h"
#include "card.h"
#include "frames.h"

static void assert_nothing_owned(struct card *card)
{
	for (int i = 0; i < CARD_TX; i++)
		assert_false(card->tx[i].status & RTL_OWN);
}

static void a_plain_frame_goes_out_as_it_is(void **state)
{
	struct card *card = *state;
	struct frame_spec spec = { 4, FRAME_TCP, 500, true, false };
	uint8_t frame[1024];
	size_t length = frame_build(frame, &spec);

	card_send(card, frame, length, 0, 0);
	assert_sent(card, 1);
	assert_int_equal(card->wire.sent.frames[0].length, length);
	assert_memory_equal(card->wire.sent.frames[0].bytes, frame, length);
	assert_int_equal(card->wire.sent.frames[0].meta.mss, 0);
	assert_nothing_owned(card);
	assert_int_equal(card_read(card, RTL_ISR, 2), RTL_TOK | RTL_TDU);
	assert_int_equal(card_counters(card)->tx_plain_packets, 1);
	assert_int_equal(card_counters(card)->tx_bytes, length);
}

static void a_short_frame_is_padded_with_zeros(void **state)
{
	struct card *card = *state;
	uint8_t frame[42], zeros[18] = { 0 };

	memset(frame, 0xA5, sizeof(frame));
	card_send(card, frame, sizeof(frame), 0, 0);
	assert_int_equal(card->wire.sent.frames[0].length, 60);
	assert_memory_equal(card->wire.sent.frames[0].bytes, frame, 42);
	assert_memory_equal(card->wire.sent.frames[0].bytes + 42, zeros, 18);
}

static void fragments_are_put_together(void **state)
{
	struct card *card = *state;
	struct frame_spec spec = { 6, FRAME_TCP, 1000, false, false };
	uint8_t frame[2048];
	size_t length = frame_build(frame, &spec), cuts[] = { 0, 1, 13, 15, 60, 61, 500, length };

	for (int i = 0; i < 7; i++)
		card_post(card, card_store(card, frame + cuts[i], cuts[i + 1] - cuts[i]),
			  cuts[i + 1] - cuts[i], (i == 0 ? RTL_FS : 0) | (i == 6 ? RTL_LS : 0),
			  RTL_TX_TCP_SUM | RTL_TX_IPV6 | (uint16_t)(frame_l4(&spec) << 2));
	card_doorbell(card);
	assert_sent(card, 1);
	assert_int_equal(card->wire.sent.frames[0].length, length);
	assert_true(frame_sums_right(card->wire.sent.frames[0].bytes, &spec));
	assert_nothing_owned(card);
}

static void the_ring_wraps_at_eor(void **state)
{
	struct card *card = *state;
	uint8_t frame[64] = { 0 };

	for (int i = 0; i < 3 * CARD_TX + 5; i++) {
		frame[20] = (uint8_t)i;
		card_send(card, frame, sizeof(frame), 0, 0);
		assert_sent(card, i + 1);
		assert_int_equal(card->wire.sent.frames[i].bytes[20], i);
	}
	assert_true(card->tx[CARD_TX - 1].status & RTL_EOR);
}

/*
 * All descriptors owned at once: sent once each, in order, in one doorbell. With moderation all at
 * a time, with one interrupt for them, else one after the other, and the last look finds none.
 */
static void full_ring(struct card *card, uint8_t moderation, int batches, int interrupts)
{
	uint8_t frame[64] = { 0 };

	card_write(card, RTL_MODERATE_TX, 1, moderation);
	card_write(card, RTL_IMR, 2, RTL_TOK | RTL_TDU);
	for (int i = 0; i < CARD_TX; i++) {
		frame[20] = (uint8_t)i;
		card_post(card, card_store(card, frame, sizeof(frame)), sizeof(frame),
			  RTL_FS | RTL_LS, 0);
	}
	card_doorbell(card);
	assert_sent(card, CARD_TX);
	for (int i = 0; i < CARD_TX; i++)
		assert_int_equal(card->wire.sent.frames[i].bytes[20], i);
	assert_nothing_owned(card);
	assert_int_equal(card->wire.sent.batches, batches);
	assert_int_equal(card->interrupts, interrupts);
	assert_int_equal(card->seen, RTL_TOK | RTL_TDU);
}

static void a_full_ring_is_sent_once(void **state)
{
	full_ring(*state, 0x50, 1, 1);
}

static void without_moderation_each_packet_interrupts(void **state)
{
	full_ring(*state, 0, CARD_TX, CARD_TX + 1);
}

static void an_idle_ring_raises_tdu_only(void **state)
{
	struct card *card = *state;

	card_doorbell(card);
	assert_sent(card, 0);
	assert_int_equal(card_read(card, RTL_ISR, 2), RTL_TDU);
}

static void nothing_moves_while_te_is_off(void **state)
{
	struct card *card = *state;
	uint8_t frame[64] = { 0 };

	card_write(card, RTL_CMD, 1, RTL_CMD_RE);
	card_send(card, frame, sizeof(frame), 0, 0);
	assert_sent(card, 0);
	assert_true(card->tx[0].status & RTL_OWN);
	card_write(card, RTL_CMD, 1, RTL_CMD_RE | RTL_CMD_TE);
	card_doorbell(card);
	assert_sent(card, 1);
}

static void checksums_are_computed(void **state)
{
	static const int versions[] = { 4, 6 }, protocols[] = { FRAME_TCP, FRAME_UDP };
	static const size_t payloads[] = { 1, 2, 19, 700, 1399, 1400 };
	struct card *card = *state;
	uint8_t frame[2048];

	for (int v = 0; v < 2; v++)
		for (int p = 0; p < 2; p++)
			for (int n = 0; n < 6; n++)
				for (int odd = 0; odd < 2; odd++) {
					struct frame_spec spec = { versions[v], protocols[p],
								   payloads[n], false, odd };
					size_t length = frame_build(frame, &spec);
					uint16_t offload = protocols[p] == FRAME_TCP
								   ? RTL_TX_TCP_SUM
								   : RTL_TX_UDP_SUM;
					size_t stored = card->arena_used;

					if (versions[v] == 4)
						offload |= RTL_TX_IPV4_SUM;
					else
						offload |= RTL_TX_IPV6 |
							   (uint16_t)(frame_l4(&spec) << 2);
					card_send(card, frame, length, 0, offload);
					assert_sent(card, 1);
					assert_int_equal(card->wire.sent.frames[0].length,
							 length < 60 ? 60 : length);
					assert_true(frame_sums_right(
						card->wire.sent.frames[0].bytes, &spec));
					assert_memory_equal(card->arena + stored, frame, length);
					frame_store_forget(&card->wire.sent);
				}
}

/* A driver that pads itself: what is behind the IP packet is no part of the sum. */
static void padding_is_not_summed(void **state)
{
	struct card *card = *state;
	struct frame_spec spec = { 4, FRAME_UDP, 3, false, false };
	uint8_t frame[128];

	frame_build(frame, &spec);
	memset(frame + 45, 0xFF, 15);
	card_send(card, frame, 60, 0, RTL_TX_UDP_SUM | RTL_TX_IPV4_SUM);
	assert_true(frame_sums_right(card->wire.sent.frames[0].bytes, &spec));
	assert_memory_equal(card->wire.sent.frames[0].bytes + 45, frame + 45, 15);
}

static void the_ip_sum_alone_works_for_fragments(void **state)
{
	struct card *card = *state;
	struct frame_spec spec = { 4, FRAME_UDP, 100, true, false };
	uint8_t frame[256], expected[2];
	size_t length = frame_build(frame, &spec);
	uint32_t sum;

	frame[20] = 0x20; /* MF */
	frame[24] = frame[25] = 0;
	sum = ~reference_sum(frame + 14, 20, 0);
	expected[0] = (uint8_t)(sum >> 8);
	expected[1] = (uint8_t)sum;
	card_send(card, frame, length, 0, RTL_TX_IPV4_SUM);
	assert_sent(card, 1);
	assert_memory_equal(card->wire.sent.frames[0].bytes + 24, expected, 2);
	assert_memory_equal(card->wire.sent.frames[0].bytes + 34, frame + 34, length - 34);
}

static void a_vlan_tag_is_inserted(void **state)
{
	struct card *card = *state;
	struct frame_spec spec = { 4, FRAME_TCP, 800, false, false };
	uint8_t frame[2048], tagged[2048];
	size_t length = frame_build(frame, &spec);
	struct card_descriptor *d;

	for (int sums = 0; sums < 2; sums++) {
		uint16_t offload = RTL_TX_VLAN | (sums ? RTL_TX_TCP_SUM | RTL_TX_IPV4_SUM : 0);

		d = card_post(card, card_store(card, frame, 5), 5, RTL_FS, offload);
		memcpy(&d->vlan, (uint8_t[]){ 0x60, 0x07 }, 2);
		card_post(card, card_store(card, frame + 5, length - 5), length - 5, RTL_LS,
			  offload);
		card_doorbell(card);
		assert_sent(card, 1);
		assert_int_equal(card->wire.sent.frames[0].length, length + 4);
		assert_memory_equal(card->wire.sent.frames[0].bytes + 12,
				    ((uint8_t[]){ 0x81, 0, 0x60, 7 }), 4);
		memcpy(tagged, card->wire.sent.frames[0].bytes, 12);
		memcpy(tagged + 12, card->wire.sent.frames[0].bytes + 16, length - 12);
		if (sums)
			assert_true(frame_sums_right(tagged, &spec));
		else
			assert_memory_equal(tagged, frame, length);
		frame_store_forget(&card->wire.sent);
	}
}

/* Post a super-packet as @pieces descriptors of the same size. */
static void post_large(struct card *card, const uint8_t *bytes, size_t length, int pieces,
		       uint16_t status, uint16_t offload)
{
	size_t piece = (length + (size_t)pieces - 1) / (size_t)pieces;

	for (size_t at = 0; at < length; at += piece) {
		size_t n = length - at < piece ? length - at : piece;

		card_post(card, card_store(card, bytes + at, n), n,
			  status | (at ? 0 : RTL_FS) | (at + n == length ? RTL_LS : 0), offload);
	}
	card_doorbell(card);
}

static uint16_t large_status(int version, size_t l4)
{
	return (version == 4 ? RTL_TX_LSO_IPV4 : RTL_TX_LSO_IPV6) | (uint16_t)(l4 << 2);
}

/* Generated super-packets, cut on the device, against the written rules (NDIS for the IP ID). */
static void large_sends_are_cut_as_the_rules_say(void **state)
{
	struct packet_limits limits = { .max_payload = 64000, .max_segments = 600 };
	struct card *card = *state;
	struct random random = { 4711 };
	uint8_t *bytes = malloc(PACKET_MAX), *expected = malloc(PACKET_MAX);
	struct packet p = { .bytes = bytes };
	const uint8_t zeros[60] = { 0 };
	int cut = 0, padded = 0;

	while (cut < 400) {
		uint32_t segments;

		packet_make(&p, &random, &limits);
		p.ip_id = LSO_IP_ID_NDIS;
		if (!p.tcp || p.l4 > 127 || p.mss > 0x3FFF || p.length > 65535)
			continue;
		segments = packet_segments(&p);
		post_large(card, bytes, p.length, 1 + (int)random_below(&random, 12),
			   large_status(p.ip_version, p.l4), (uint16_t)(p.mss << 2));
		assert_sent(card, (int)segments);
		for (uint32_t i = 0; i < segments; i++) {
			size_t n = reference_segment(&p, i, expected);

			assert_int_equal(card->wire.sent.frames[i].length, n < 60 ? 60 : n);
			assert_memory_equal(card->wire.sent.frames[i].bytes, expected, n);
			if (n < 60) /* where other bytes have been meanwhile */
				assert_memory_equal(card->wire.sent.frames[i].bytes + n, zeros,
						    60 - n);
			padded += n < 60;
			assert_int_equal(card->wire.sent.frames[i].meta.mss, 0);
		}
		frame_store_forget(&card->wire.sent);
		cut++;
	}
	assert_true(padded > 0);
	assert_nothing_owned(card);
	assert_int_equal(card_counters(card)->tx_super_packets, 400);
	assert_int_equal(card_counters(card)->tx_segments, card_counters(card)->tx_frames);
	assert_int_equal(card_counters(card)->tx_errors, 0);
	free(bytes);
	free(expected);
}

/* Frames go to the wire by the batch; the descriptors of a packet only after all its frames. */
static void many_segments_go_in_batches(void **state)
{
	struct card *card = *state;
	struct frame_spec spec = { 4, FRAME_TCP, 20000, false, false };
	uint8_t *frame = malloc(21000);
	size_t length = frame_build(frame, &spec);

	post_large(card, frame, length, 3, large_status(4, 34), 100 << 2);
	assert_sent(card, 200);
	assert_int_equal(card->wire.sent.batches, 4);
	assert_int_equal(card->wire.sent.frames[63].batch, 0);
	assert_int_equal(card->wire.sent.frames[64].batch, 1);
	assert_nothing_owned(card);
	free(frame);
}

static void large_sends_take_a_vlan_tag(void **state)
{
	struct card *card = *state;
	struct frame_spec spec = { 6, FRAME_TCP, 10000, false, false };
	struct frame_spec segment = { 6, FRAME_TCP, 80, false, false };
	uint8_t *frame = malloc(11000), untagged[256];
	size_t length = frame_build(frame, &spec);
	struct card_descriptor *d;

	d = card_post(card, card_store(card, frame, length), length,
		      RTL_FS | RTL_LS | large_status(6, 54), RTL_TX_VLAN | 80 << 2);
	memcpy(&d->vlan, (uint8_t[]){ 0x00, 0x2A }, 2);
	card_doorbell(card);
	assert_sent(card, 125);
	for (int i = 0; i < 125; i++) {
		assert_int_equal(card->wire.sent.frames[i].length, 54 + 32 + 80 + 4);
		assert_memory_equal(card->wire.sent.frames[i].bytes + 12,
				    ((uint8_t[]){ 0x81, 0, 0, 0x2A }), 4);
		memcpy(untagged, card->wire.sent.frames[i].bytes, 12);
		memcpy(untagged + 12, card->wire.sent.frames[i].bytes + 16,
		       card->wire.sent.frames[i].length - 16);
		assert_true(frame_sums_right(untagged, &segment));
	}
	free(frame);
}

/* Linux' seed: the pseudo-header sum with the length, folded, not complemented. */
static uint16_t linux_seed(const uint8_t *frame, const struct frame_spec *spec)
{
	size_t l4 = frame_l4(spec);
	uint32_t sum = spec->version == 4 ? reference_sum(frame + 26, 8, 0)
					  : reference_sum(frame + 22, 32, 0);
	uint32_t length = (uint32_t)(frame_headers(spec) + spec->payload - l4);

	sum += 6 + length;
	while (sum >> 16)
		sum = (sum & 0xFFFF) + (sum >> 16);
	return (uint16_t)sum;
}

static void a_gso_wire_gets_the_packet_whole(void **state)
{
	static const int versions[] = { 4, 6 };
	struct card *card = *state;
	uint8_t *frame = malloc(66000);

	for (int v = 0; v < 2; v++) {
		struct frame_spec spec = { versions[v], FRAME_TCP, 50001, false, false };
		size_t length = frame_build(frame, &spec), l4 = frame_l4(&spec);
		size_t stored = card->arena_used;
		struct kept_frame *sent = &card->wire.sent.frames[0];
		uint32_t ip_length;

		/* As NDIS has it: length 0, seed without the length, CWR set by the stack. */
		if (versions[v] == 4)
			frame[16] = frame[17] = 0;
		else
			frame[18] = frame[19] = 0;
		frame[l4 + 13] |= 0x80;
		frame[l4 + 16] = 0xAB;
		post_large(card, frame, length, 4, large_status(versions[v], l4), 1448 << 2);
		assert_sent(card, 1);
		assert_int_equal(sent->length, length);
		assert_int_equal(sent->meta.mss, 1448);
		assert_true(sent->meta.needs_checksum);
		assert_int_equal(sent->meta.layout.ip_version, versions[v]);
		assert_int_equal(sent->meta.layout.payload_offset, frame_headers(&spec));
		assert_int_equal(sent->meta.layout.l4_offset, l4);
		assert_true(sent->bytes[l4 + 13] & 0x80);
		if (versions[v] == 4) {
			ip_length = (uint32_t)sent->bytes[16] << 8 | sent->bytes[17];
			assert_int_equal(ip_length, length - 14);
			assert_int_equal(reference_sum(sent->bytes + 14, 20, 0), 0xFFFF);
		} else {
			ip_length = (uint32_t)sent->bytes[18] << 8 | sent->bytes[19];
			assert_int_equal(ip_length, length - 54);
		}
		assert_int_equal(sent->bytes[l4 + 16] << 8 | sent->bytes[l4 + 17],
				 linux_seed(sent->bytes, &spec));
		assert_memory_equal(sent->bytes + l4 + 18, frame + l4 + 18, length - l4 - 18);
		assert_memory_equal(card->arena + stored, frame, length);
		frame_store_forget(&card->wire.sent);
	}
	assert_int_equal(card_counters(card)->tx_segments, 70);
	assert_int_equal(card_counters(card)->tx_frames, 70);
	assert_int_equal(card_counters(card)->tx_super_packets, 2);
	assert_nothing_owned(card);
	free(frame);
}

/* One segment is an ordinary frame; more than an IP length field holds is cut after all. */
static void a_gso_wire_gets_what_linux_can_take(void **state)
{
	struct card *card = *state;
	struct frame_spec small = { 4, FRAME_TCP, 1000, false, false };
	struct frame_spec big = { 6, FRAME_TCP, 70000, false, false };
	struct frame_spec segment = { 6, FRAME_TCP, 1400, false, false };
	uint8_t *frame = malloc(71000);
	size_t length = frame_build(frame, &small);

	post_large(card, frame, length, 1, large_status(4, 34), 1448 << 2);
	assert_sent(card, 1);
	assert_int_equal(card->wire.sent.frames[0].meta.mss, 0);
	assert_true(frame_sums_right(card->wire.sent.frames[0].bytes, &small));
	frame_store_forget(&card->wire.sent);

	length = frame_build(frame, &big);
	post_large(card, frame, length, 2, large_status(6, 54), 1400 << 2);
	assert_sent(card, 50);
	for (int i = 0; i < 50; i++)
		assert_true(frame_sums_right(card->wire.sent.frames[i].bytes, &segment));
	free(frame);
}

static void without_link_packets_come_back_unsent(void **state)
{
	struct card *card = *state;
	uint8_t frame[64] = { 0 };

	card_write(card, RTL_IMR, 2, RTL_LINK_CHG);
	device_set_link(card->device, false);
	card_send(card, frame, sizeof(frame), 0, 0);
	assert_sent(card, 0);
	assert_nothing_owned(card);
	assert_int_equal(card_counters(card)->tx_errors, 1);
	device_set_link(card->device, true);
	card_await_link(card, 2);
	card_send(card, frame, sizeof(frame), 0, 0);
	assert_sent(card, 1);
}

/* MTPS is in units of 128 bytes. */
static void frames_over_mtps_are_not_sent(void **state)
{
	struct card *card = *state;
	uint8_t frame[1600] = { 0 };

	card_send(card, frame, 12 * 128, 0, 0);
	assert_sent(card, 1);
	card_send(card, frame, 12 * 128 + 1, 0, 0);
	assert_sent(card, 1);
	assert_int_equal(card_counters(card)->tx_errors, 1);
	assert_true(card_read(card, RTL_ISR, 2) & RTL_TER);
	assert_nothing_owned(card);
}

int main(void)
{
#define TEST(name)       cmocka_unit_test_setup_teardown(name, card_set_up, card_tear_down)
#define TEST_SUPER(name) cmocka_unit_test_setup_teardown(name, card_set_up_super, card_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_plain_frame_goes_out_as_it_is),
		TEST(a_short_frame_is_padded_with_zeros),
		TEST(fragments_are_put_together),
		TEST(the_ring_wraps_at_eor),
		TEST(a_full_ring_is_sent_once),
		TEST(without_moderation_each_packet_interrupts),
		TEST(an_idle_ring_raises_tdu_only),
		TEST(nothing_moves_while_te_is_off),
		TEST(checksums_are_computed),
		TEST(padding_is_not_summed),
		TEST(the_ip_sum_alone_works_for_fragments),
		TEST(a_vlan_tag_is_inserted),
		TEST(large_sends_are_cut_as_the_rules_say),
		TEST(many_segments_go_in_batches),
		TEST(large_sends_take_a_vlan_tag),
		TEST_SUPER(a_gso_wire_gets_the_packet_whole),
		TEST_SUPER(a_gso_wire_gets_what_linux_can_take),
		TEST(without_link_packets_come_back_unsent),
		TEST(frames_over_mtps_are_not_sent),
	};

	return cmocka_run_group_tests_name("device transmit", tests, NULL, NULL);
}
