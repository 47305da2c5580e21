/* SPDX-License-Identifier: MIT */
/* What the driver finds in its receive descriptors for what comes in on the wire. */
#include <stdlib.h>

#include "card.h"
#include "frames.h"

static size_t for_us(uint8_t *frame, const struct frame_spec *spec)
{
	size_t length = frame_build(frame, spec);

	memcpy(frame, card_mac, 6);
	return length;
}

static void a_frame_lands_in_its_buffer(void **state)
{
	struct card *card = *state;
	struct frame_spec spec = { 4, FRAME_TCP, 900, true, false };
	uint8_t frame[1024];
	size_t length = for_us(frame, &spec);

	card_write(card, RTL_IMR, 2, RTL_ROK | RTL_RDU);
	memory_wire_arrive(&card->wire, frame, length, NULL);
	assert_int_equal(device_pump(card->device, 64), 1);
	assert_int_equal(card->rx[0].length, length + 4);
	assert_int_equal(card->rx[0].status, RTL_FS | RTL_LS | RTL_RX_PHYSICAL);
	assert_int_equal(card->rx[0].offload, 0);
	assert_memory_equal(card_rx_buffer(card, 0), frame, length);
	assert_int_equal(card->interrupts, 1);
	assert_int_equal(card->seen, RTL_ROK);
	assert_true(card->rx[1].status & RTL_OWN);
	assert_int_equal(device_pump(card->device, 64), 0);
	assert_int_equal(card_counters(card)->rx_frames, 1);
	assert_int_equal(card_counters(card)->rx_bytes, length);
}

static void a_runt_is_padded(void **state)
{
	struct card *card = *state;
	uint8_t frame[42], zeros[18] = { 0 };

	memset(frame, 0xFF, sizeof(frame));
	memset(card_rx_buffer(card, 0), 0xEE, 64);
	memory_wire_arrive(&card->wire, frame, sizeof(frame), NULL);
	device_pump(card->device, 64);
	assert_int_equal(card->rx[0].length, 64);
	assert_int_equal(card->rx[0].status, RTL_FS | RTL_LS | RTL_RX_BROADCAST);
	assert_memory_equal(card_rx_buffer(card, 0) + 42, zeros, 18);
}

/* With every descriptor full frames wait on the wire; RDU once; then they come in order. */
static void frames_wait_for_descriptors(void **state)
{
	struct card *card = *state;
	uint8_t frame[60];

	memset(frame, 0xFF, sizeof(frame));
	card_write(card, RTL_IMR, 2, RTL_RDU);
	for (int i = 0; i < CARD_RX + 3; i++) {
		frame[20] = (uint8_t)i;
		memory_wire_arrive(&card->wire, frame, sizeof(frame), NULL);
	}
	assert_true(device_receive_ready(card->device));
	assert_int_equal(device_pump(card->device, 64), CARD_RX);
	assert_false(device_receive_ready(card->device));
	assert_int_equal(card->interrupts, 1);
	assert_int_equal(device_pump(card->device, 64), 0);
	assert_int_equal(card->interrupts, 1);
	assert_true(card->rx[CARD_RX - 1].status & RTL_EOR);

	card_rx_return(card, 0);
	card_rx_return(card, 1);
	assert_true(device_receive_ready(card->device));
	assert_int_equal(device_pump(card->device, 64), 2);
	assert_int_equal(card_rx_buffer(card, 0)[20], CARD_RX);
	assert_int_equal(card_rx_buffer(card, 1)[20], CARD_RX + 1);
	assert_int_equal(card->interrupts, 2);
}

/* With moderation one interrupt for all that has come, else one for each frame. */
static void moderation_is_obeyed(void **state)
{
	struct card *card = *state;
	uint8_t frame[60];

	memset(frame, 0xFF, sizeof(frame));
	card_write(card, RTL_IMR, 2, RTL_ROK);
	for (int round = 0; round < 2; round++) {
		card_write(card, RTL_MODERATE_RX, 1, round ? 0x30 : 0);
		card->interrupts = 0;
		for (int i = 0; i < 3; i++)
			memory_wire_arrive(&card->wire, frame, sizeof(frame), NULL);
		assert_int_equal(device_pump(card->device, 64), 3);
		assert_int_equal(card->interrupts, round ? 1 : 3);
		for (int i = 0; i < 3; i++)
			assert_false(card->rx[3 * round + i].status & RTL_OWN);
	}
}

static void a_budget_is_kept(void **state)
{
	struct card *card = *state;
	uint8_t frame[60];

	memset(frame, 0xFF, sizeof(frame));
	for (int i = 0; i < 5; i++)
		memory_wire_arrive(&card->wire, frame, sizeof(frame), NULL);
	assert_int_equal(device_pump(card->device, 3), 3);
	assert_int_equal(frame_store_left(&card->wire.coming), 2);
	assert_true(card->rx[3].status & RTL_OWN);
}

/* Does a frame to @destination pass RCR? Return the descriptor's match bits, -1 when it does not.
 */
static int filtered(struct card *card, const uint8_t *destination, uint32_t rcr)
{
	uint8_t frame[60] = { 0 };
	uint64_t refused = card_counters(card)->rx_filtered;

	card_write(card, RTL_CMD, 1, RTL_CMD_TE);
	card_write(card, RTL_CMD, 1, RTL_CMD_TE | RTL_CMD_RE);
	card_rx_return(card, 0);
	card_write(card, RTL_RCR, 4, rcr);
	memcpy(frame, destination, 6);
	memory_wire_arrive(&card->wire, frame, sizeof(frame), NULL);
	assert_int_equal(device_pump(card->device, 64), 1);
	if (card->rx[0].status & RTL_OWN) {
		assert_int_equal(card_counters(card)->rx_filtered, refused + 1);
		return -1;
	}
	return card->rx[0].status & (RTL_RX_MULTICAST | RTL_RX_PHYSICAL | RTL_RX_BROADCAST);
}

static void the_filter_keeps_what_rcr_says(void **state)
{
	static const uint8_t other[6] = { 0x02, 9, 9, 9, 9, 9 };
	static const uint8_t everyone[6] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };
	static const uint8_t hosts[6] = { 0x01, 0x00, 0x5E, 0, 0, 1 };
	struct card *card = *state;

	assert_int_equal(filtered(card, card_mac, RTL_RCR_PHYSICAL), RTL_RX_PHYSICAL);
	assert_int_equal(filtered(card, card_mac, RTL_RCR_BROADCAST), -1);
	assert_int_equal(filtered(card, other, RTL_RCR_PHYSICAL | RTL_RCR_BROADCAST), -1);
	assert_int_equal(filtered(card, other, RTL_RCR_ALL), 0);
	assert_int_equal(filtered(card, everyone, RTL_RCR_BROADCAST), RTL_RX_BROADCAST);
	assert_int_equal(filtered(card, everyone, RTL_RCR_PHYSICAL | RTL_RCR_MULTICAST), -1);
	assert_int_equal(filtered(card, everyone, RTL_RCR_ALL), RTL_RX_BROADCAST);

	card_write(card, RTL_MAR, 4, 0xFFFFFFFF);
	card_write(card, RTL_MAR + 4, 4, 0xFFFFFFFF);
	assert_int_equal(filtered(card, hosts, RTL_RCR_MULTICAST), RTL_RX_MULTICAST);
	assert_int_equal(filtered(card, hosts, RTL_RCR_PHYSICAL), -1);
	assert_int_equal(filtered(card, hosts, RTL_RCR_ALL), RTL_RX_MULTICAST);
	card_write(card, RTL_MAR, 4, 0);
	card_write(card, RTL_MAR + 4, 4, 0);
	assert_int_equal(filtered(card, hosts, RTL_RCR_MULTICAST), -1);
}

/*
 * Hash n is bit n%8 of MAR(n/8), and MARn lies at 0x0F - n. The hashes are known: the top six bits
 * of the bit-reversed CRC-32 that zlib computes.
 */
static void one_hash_bit_lets_one_address_in(void **state)
{
	static const struct {
		uint8_t address[6];
		unsigned hash;
	} known[] = {
		{ { 0x01, 0x00, 0x5E, 0x00, 0x00, 0x01 }, 31 },
		{ { 0x33, 0x33, 0x00, 0x00, 0x00, 0x01 }, 62 },
		{ { 0x01, 0x80, 0xC2, 0x00, 0x00, 0x00 }, 25 },
	};
	struct card *card = *state;

	for (int i = 0; i < 3; i++) {
		for (unsigned bit = 0; bit < 64; bit++) {
			for (unsigned n = 0; n < 8; n++)
				card_write(card, 0x0F - n, 1, n == bit / 8 ? 1u << bit % 8 : 0);
			assert_int_equal(filtered(card, known[i].address, RTL_RCR_MULTICAST),
					 bit == known[i].hash ? RTL_RX_MULTICAST : -1);
		}
	}
}

static void checksums_are_judged(void **state)
{
	static const int versions[] = { 4, 6 }, protocols[] = { FRAME_TCP, FRAME_UDP };
	struct card *card = *state;
	uint8_t frame[512];

	card_write(card, RTL_CPCR, 2, RTL_CPCR_RX_CHECKSUM);
	for (int v = 0; v < 2; v++)
		for (int p = 0; p < 2; p++)
			for (int spoilt = 0; spoilt < 3; spoilt++) {
				struct frame_spec spec = { versions[v], protocols[p], 211, true,
							   false };
				size_t length = for_us(frame, &spec);
				uint16_t ip = versions[v] == 4 ? RTL_RX_IPV4 : RTL_RX_IPV6;
				uint16_t fail = protocols[p] == FRAME_TCP ? RTL_RX_TCP_FAIL
									  : RTL_RX_UDP_FAIL;
				uint16_t status;

				if (spoilt == 1)
					frame[length - 1] ^= 0x40;
				if (spoilt == 2 && versions[v] == 4)
					frame[22] ^= 1; /* TTL */
				memory_wire_arrive(&card->wire, frame, length, NULL);
				card_write(card, RTL_CMD, 1, RTL_CMD_TE);
				card_write(card, RTL_CMD, 1, RTL_CMD_TE | RTL_CMD_RE);
				card_rx_return(card, 0);
				device_pump(card->device, 64);
				status = card->rx[0].status;
				assert_false(status & RTL_OWN);
				assert_int_equal(card->rx[0].offload,
						 ip | (spoilt == 1 ? fail : 0));
				assert_int_equal(status & (RTL_RX_TCP | RTL_RX_UDP),
						 protocols[p] == FRAME_TCP ? RTL_RX_TCP
									   : RTL_RX_UDP);
				assert_int_equal(status & RTL_RX_IP_FAIL,
						 spoilt == 2 && versions[v] == 4 ? RTL_RX_IP_FAIL
										 : 0);
			}
}

/* No sum to judge: a fragment, a UDP datagram without one, ARP. */
static void what_has_no_checksum_is_not_judged(void **state)
{
	struct frame_spec spec = { 4, FRAME_UDP, 100, true, false };
	struct card *card = *state;
	uint8_t frame[256];
	size_t length = for_us(frame, &spec);

	card_write(card, RTL_CPCR, 2, RTL_CPCR_RX_CHECKSUM);
	frame[40] = frame[41] = 0;
	memory_wire_arrive(&card->wire, frame, length, NULL);
	length = for_us(frame, &spec);
	frame[20] = 0x20;
	memory_wire_arrive(&card->wire, frame, length, NULL);
	memset(frame, 0xFF, 12);
	frame[12] = 0x08;
	frame[13] = 0x06;
	memory_wire_arrive(&card->wire, frame, 60, NULL);
	device_pump(card->device, 64);
	assert_int_equal(card->rx[0].status & (RTL_RX_TCP | RTL_RX_UDP), 0);
	assert_int_equal(card->rx[0].offload, RTL_RX_IPV4);
	assert_int_equal(card->rx[1].status & (RTL_RX_TCP | RTL_RX_UDP), 0);
	assert_int_equal(card->rx[1].offload, RTL_RX_IPV4);
	assert_int_equal(card->rx[2].status & (RTL_RX_TCP | RTL_RX_UDP), 0);
	assert_int_equal(card->rx[2].offload, 0);
}

static void a_vlan_tag_is_taken_out(void **state)
{
	struct frame_spec spec = { 4, FRAME_TCP, 100, true, false };
	struct card *card = *state;
	uint8_t frame[256], tagged[256];
	size_t length = for_us(frame, &spec);

	memcpy(tagged, frame, 12);
	memcpy(tagged + 12, (uint8_t[]){ 0x81, 0, 0x20, 0x05 }, 4);
	memcpy(tagged + 16, frame + 12, length - 12);
	memory_wire_arrive(&card->wire, tagged, length + 4, NULL);
	memory_wire_arrive(&card->wire, tagged, length + 4, NULL);
	memory_wire_arrive(&card->wire, frame, length, NULL);
	device_pump(card->device, 1);
	card_write(card, RTL_CPCR, 2, RTL_CPCR_RX_VLAN);
	device_pump(card->device, 2);
	assert_int_equal(card->rx[0].length, length + 8);
	assert_int_equal(card->rx[0].offload, 0);
	assert_int_equal(card->rx[1].length, length + 4);
	assert_int_equal(card->rx[1].offload, RTL_RX_VLAN);
	assert_memory_equal(&card->rx[1].vlan, ((uint8_t[]){ 0x20, 0x05 }), 2);
	assert_memory_equal(card_rx_buffer(card, 1), frame, length);
	assert_int_equal(card->rx[2].offload, 0);
}

/* RMS counts the CRC; so does the buffer. */
static void a_frame_too_long_is_an_error(void **state)
{
	struct card *card = *state;
	uint8_t *frame = calloc(1, 9000);

	memset(frame, 0xFF, 6);
	card_write(card, RTL_RMS, 2, 1522);
	memory_wire_arrive(&card->wire, frame, 1518, NULL);
	memory_wire_arrive(&card->wire, frame, 1519, NULL);
	assert_int_equal(device_pump(card->device, 64), 2);
	assert_false(card->rx[0].status & RTL_OWN);
	assert_true(card->rx[1].status & RTL_OWN);
	assert_int_equal(card_counters(card)->rx_errors, 1);
	assert_true(card_read(card, RTL_ISR, 2) & RTL_RER);
	assert_int_equal(card_logs(card), 1);

	card_write(card, RTL_RMS, 2, 9018);
	memset(card_rx_buffer(card, 2), 0xEE, 1);
	memory_wire_arrive(&card->wire, frame, CARD_RX_BUFFER - 4, NULL);
	memory_wire_arrive(&card->wire, frame, CARD_RX_BUFFER - 3, NULL);
	memory_wire_arrive(&card->wire, frame, 9000, NULL);
	assert_int_equal(device_pump(card->device, 64), 3);
	assert_int_equal(card->rx[1].length, CARD_RX_BUFFER);
	assert_int_equal(card_rx_buffer(card, 2)[0], 0xFF);
	assert_true(card->rx[2].status & RTL_OWN);
	assert_int_equal(card_counters(card)->rx_errors, 3);
	free(frame);
}

static void fragments_of_frames_are_errors(void **state)
{
	struct card *card = *state;
	uint8_t frame[13];

	memset(frame, 0xFF, sizeof(frame));
	for (size_t n = 1; n <= sizeof(frame); n++)
		memory_wire_arrive(&card->wire, frame, n, NULL);
	assert_int_equal(device_pump(card->device, 64), 13);
	assert_int_equal(card_counters(card)->rx_errors, 13);
	assert_true(card->rx[0].status & RTL_OWN);
}

static void a_receiver_that_is_off_loses_frames(void **state)
{
	struct card *card = *state;
	uint8_t frame[60];

	memset(frame, 0xFF, sizeof(frame));
	card_write(card, RTL_CMD, 1, RTL_CMD_TE);
	memory_wire_arrive(&card->wire, frame, sizeof(frame), NULL);
	assert_true(device_receive_ready(card->device));
	assert_int_equal(device_pump(card->device, 64), 1);
	assert_true(card->rx[0].status & RTL_OWN);
	assert_int_equal(card_counters(card)->rx_missed, 1);
}

/*
 * A super-packet from the wire becomes frames with right checksums; when descriptors run out the
 * rest follows later, before what came behind it.
 */
static void a_super_packet_is_cut_into_descriptors(void **state)
{
	static const int versions[] = { 4, 6 };
	struct card *card = *state;
	uint8_t *frame = malloc(66000), small[60];
	int position = 0;

	memset(small, 0xFF, sizeof(small));
	card_write(card, RTL_CPCR, 2, RTL_CPCR_RX_CHECKSUM);
	for (int v = 0; v < 2; v++) {
		struct frame_spec spec = { versions[v], FRAME_TCP, 60000, false, false };
		struct frame_spec part = { versions[v], FRAME_TCP, 1448, false, false };
		size_t length = for_us(frame, &spec), headers = frame_headers(&spec), got = 0;
		struct frame_meta meta = { .mss = 1448,
					   .layout = { .l2_type = LSO_L2_ETHERNET,
						       .ip_version = (uint8_t)versions[v],
						       .l4_protocol = 6,
						       .l3_offset = 14,
						       .l4_offset = (uint16_t)frame_l4(&spec),
						       .payload_offset = (uint16_t)headers } };

		memory_wire_arrive(&card->wire, frame, length, &meta);
		memory_wire_arrive(&card->wire, small, sizeof(small), NULL);
		while (got < 60000) {
			int n = device_pump(card->device, 3);

			assert_in_range(n, 1, 3);
			while (n--) {
				struct card_descriptor *d = &card->rx[position];
				uint8_t *at = card_rx_buffer(card, position);

				if (got == 60000) {
					assert_int_equal(d->length, 64);
					card_rx_return(card, position);
					position = (position + 1) % CARD_RX;
					assert_int_equal(n, 0);
					goto next;
				}
				part.payload = d->length - 4 - headers;
				assert_int_equal(part.payload,
						 60000 - got < 1448 ? 60000 - got : 1448);
				assert_true(frame_sums_right(at, &part));
				assert_memory_equal(at + headers, frame + headers + got,
						    part.payload);
				assert_int_equal(d->status & ~RTL_EOR,
						 RTL_FS | RTL_LS | RTL_RX_PHYSICAL | RTL_RX_TCP);
				assert_int_equal(d->offload,
						 versions[v] == 4 ? RTL_RX_IPV4 : RTL_RX_IPV6);
				got += part.payload;
				card_rx_return(card, position);
				position = (position + 1) % CARD_RX;
			}
		}
		assert_int_equal(device_pump(card->device, 3), 1);
		assert_int_equal(card->rx[position].length, 64);
		card_rx_return(card, position);
		position = (position + 1) % CARD_RX;
next:;
	}
	free(frame);
}

static void a_held_packet_survives_a_lack_of_descriptors(void **state)
{
	struct frame_spec spec = { 4, FRAME_TCP, 12000, false, false };
	struct frame_meta meta = { .mss = 1000,
				   .layout = { .l2_type = LSO_L2_ETHERNET,
					       .ip_version = 4,
					       .l4_protocol = 6,
					       .l3_offset = 14,
					       .l4_offset = 34,
					       .payload_offset = 66 } };
	struct card *card = *state;
	uint8_t *frame = malloc(13000);
	size_t length = for_us(frame, &spec);

	memory_wire_arrive(&card->wire, frame, length, &meta);
	assert_int_equal(device_pump(card->device, 64), CARD_RX);
	assert_false(device_receive_ready(card->device));
	for (int i = 0; i < 4; i++)
		card_rx_return(card, i);
	/* The wire is empty, so nobody must wait for it. */
	assert_false(device_receive_ready(card->device));
	assert_int_equal(device_pump(card->device, 64), 4);
	assert_false(device_receive_ready(card->device));
	card_rx_return(card, 4);
	assert_true(device_receive_ready(card->device));
	card_rx_return(card, 5);
	assert_memory_equal(card_rx_buffer(card, 3) + 66, frame + 66 + 11000, 1000);
	assert_int_equal(card_counters(card)->rx_frames, 12);

	/* A reset in the middle forgets the rest. */
	memory_wire_arrive(&card->wire, frame, length, &meta);
	for (int i = 0; i < CARD_RX; i++)
		card_rx_return(card, i);
	device_pump(card->device, 2);
	card_write(card, RTL_CMD, 1, RTL_CMD_RST);
	card_start(card);
	assert_int_equal(device_pump(card->device, 64), 0);
	free(frame);
}

/* A wire whose header lies: noise with an MSS, headers only, segments longer than a buffer. */
static void super_packets_that_lie_are_errors(void **state)
{
	struct frame_spec spec = { 4, FRAME_TCP, 9000, false, false };
	struct frame_meta meta = { .mss = 1448 };
	struct card *card = *state;
	uint8_t *frame = calloc(1, 10000);

	memset(frame, 0xFF, 6);
	memory_wire_arrive(&card->wire, frame, 5000, &meta);
	assert_int_equal(device_pump(card->device, 64), 1);
	assert_int_equal(card_counters(card)->rx_errors, 1);
	spec.payload = 0;
	memory_wire_arrive(&card->wire, frame, for_us(frame, &spec), &meta);
	assert_int_equal(device_pump(card->device, 64), 1);
	assert_int_equal(card_counters(card)->rx_errors, 2);
	spec.payload = 9000;
	meta.mss = 4000;
	memory_wire_arrive(&card->wire, frame, for_us(frame, &spec), &meta);
	assert_int_equal(device_pump(card->device, 64), 1);
	assert_int_equal(card_counters(card)->rx_errors, 3);
	assert_int_equal(card_counters(card)->rx_frames, 0);
	free(frame);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, card_set_up_super, card_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_frame_lands_in_its_buffer),
		TEST(a_runt_is_padded),
		TEST(frames_wait_for_descriptors),
		TEST(moderation_is_obeyed),
		TEST(a_budget_is_kept),
		TEST(the_filter_keeps_what_rcr_says),
		TEST(one_hash_bit_lets_one_address_in),
		TEST(checksums_are_judged),
		TEST(what_has_no_checksum_is_not_judged),
		TEST(a_vlan_tag_is_taken_out),
		TEST(a_frame_too_long_is_an_error),
		TEST(fragments_of_frames_are_errors),
		TEST(a_receiver_that_is_off_loses_frames),
		TEST(a_super_packet_is_cut_into_descriptors),
		TEST(a_held_packet_survives_a_lack_of_descriptors),
		TEST(super_packets_that_lie_are_errors),
	};

	return cmocka_run_group_tests_name("device receive", tests, NULL, NULL);
}
