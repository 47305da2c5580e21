/* SPDX-License-Identifier: MIT */
/* What the driver declares, what its keywords do, link and hardware that come and go. */
#include "device/rtl8168/model.h"
#include "traffic.h"

static void declares_what_the_chip_can(void **state)
{
	struct stage *b = card_stage();

	(void)state;
	card_stage_up(b);
	assert_int_equal(b->adapter->mtu, 1500);
	assert_memory_equal(b->adapter->permanent_address.bytes, card_mac, 6);
	assert_memory_equal(b->adapter->current_address.bytes, card_mac, 6);
	assert_true(cx_lso_ipv4(&b->adapter->offload.hardware) &&
		    cx_lso_ipv6(&b->adapter->offload.hardware));
	assert_int_equal(b->adapter->offload.hardware.lso.maximum_offload_size, 64000);
	assert_int_equal(b->adapter->offload.hardware.lso.minimum_segment_count, 2);
	assert_true(cx_checksum_ipv4(&b->adapter->offload.hardware.tx_checksum));
	/* lso-contract 5.1: a packet larger than this would be lost without a word */
	assert_in_range(b->adapter->tx.buffer_size, 64000 + 128, 65535);
	assert_in_range(b->adapter->rx.buffer_size, 1514 + 4, 16383);
	card_stage_free(b);
}

static void keywords_are_read(void **state)
{
	struct stage *b = card_stage();

	(void)state;
	stage_keyword(b, "*JumboPacket", "9014");
	stage_keyword(b, "*ReceiveBuffers", "100");
	stage_keyword(b, "NetworkAddress", "02AABBCCDDEE");
	card_stage_up(b);
	assert_int_equal(b->adapter->mtu, 9000);
	assert_int_equal(b->adapter->rx.fragment_ring, 128);
	assert_in_range(b->adapter->rx.buffer_size, 9014 + 4, 16383);
	assert_memory_equal(b->adapter->permanent_address.bytes, card_mac, 6);
	assert_memory_equal(b->adapter->current_address.bytes, "\x02\xaa\xbb\xcc\xdd\xee", 6);
	card_stage_free(b);
}

/* Values that make no sense leave the defaults; a multicast address is no station's. */
static void nonsense_keywords_are_ignored(void **state)
{
	struct stage *b = card_stage();

	(void)state;
	stage_keyword(b, "*JumboPacket", "70000");
	stage_keyword(b, "*ReceiveBuffers", "0");
	stage_keyword(b, "*TransmitBuffers", "4294967295");
	stage_keyword(b, "*InterruptModeration", "perhaps");
	stage_keyword(b, "NetworkAddress", "01AABBCCDDEE");
	card_stage_up(b);
	assert_int_equal(b->adapter->mtu, 1500);
	assert_int_equal(b->adapter->rx.fragment_ring, 512);
	assert_int_equal(b->adapter->tx.fragment_ring, 256);
	assert_memory_equal(b->adapter->current_address.bytes, card_mac, 6);
	card_stage_free(b);
}

static uint16_t *eeprom_words(struct stage *b)
{
	return ((struct rtl8168 *)b->card)->eeprom.words;
}

/* Words 7 to 9, low byte first; what is in the ID registers does not count then. */
static void address_from_eeprom(void **state)
{
	struct stage *b = card_stage();

	(void)state;
	eeprom_words(b)[7] = 0xE204;
	eeprom_words(b)[8] = 0xC3D4;
	eeprom_words(b)[9] = 0x81A5;
	card_stage_up(b);
	assert_memory_equal(b->adapter->permanent_address.bytes, "\x04\xe2\xd4\xc3\xa5\x81", 6);
	card_stage_free(b);
}

/* No EEPROM, or none with an address that a station can have: the ID registers have it. */
static void address_without_eeprom(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		struct stage *b = card_stage();

		if (i == 0)
			memset(eeprom_words(b), 0xff, 2 * 64);
		else if (i == 1)
			eeprom_words(b)[7] |= 1; /* multicast */
		else
			memset(eeprom_words(b) + 7, 0, 6);
		card_stage_up(b);
		assert_memory_equal(b->adapter->permanent_address.bytes, card_mac, 6);
		card_stage_free(b);
	}
}

static void link_is_reported(void **state)
{
	struct stage *b = card_stage();
	uint64_t tx, rx;
	int changes;

	(void)state;
	card_stage_up(b);
	assert_true(cx_adapter_link_up(b->adapter, &tx, &rx));
	assert_int_equal(tx, 1000000000);

	changes = b->link_changes;
	device_set_link(b->card, false);
	assert_true(b->link_changes > changes);
	assert_false(cx_adapter_link_up(b->adapter, &tx, &rx));
	device_set_link(b->card, true);
	card_stage_await_link(b);
	assert_true(cx_adapter_link_up(b->adapter, &tx, &rx));
	assert_int_equal(tx, 1000000000);
	card_stage_free(b);
}

static void link_down_at_start(void **state)
{
	struct stage *b = card_stage();
	uint64_t tx, rx;

	(void)state;
	device_set_link(b->card, false);
	assert_int_equal(stage_bring_up(b), STATUS_SUCCESS);
	assert_false(cx_adapter_link_up(b->adapter, &tx, &rx));
	device_set_link(b->card, true);
	card_stage_await_link(b);
	assert_true(cx_adapter_link_up(b->adapter, &tx, &rx));
	card_stage_free(b);
}

/* A card that does not answer: the start fails, and everything is undone. */
static void absent_card(void **state)
{
	struct stage *b = card_stage();

	(void)state;
	device_remove(b->card);
	assert_int_equal(stage_bring_up(b), STATUS_DEVICE_NOT_CONNECTED);
	card_stage_free(b);
}

/* Another chip of the family is refused before anything is written to it. */
static void other_chip(void **state)
{
	struct stage *b = card_stage();
	struct rtl8168 *card = (struct rtl8168 *)b->card;

	(void)state;
	rtl_file_set(card, RTL_TCR, 4, 0x2C000000);
	assert_int_equal(stage_bring_up(b), STATUS_NOT_SUPPORTED);
	card_stage_free(b);
}

/* Rebalance: stopped and started again, with capabilities set anew; queues work both times. */
static void starts_again(void **state)
{
	struct stage *b = card_stage();
	uint8_t frame[200];
	size_t length = traffic_tcp(frame, 4, 60);

	(void)state;
	for (int round = 1; round <= 3; round++) {
		card_stage_up(b);
		for (int i = 0; i < 5; i++)
			traffic_post(b, frame, length, &(struct traffic_offer){ 0 });
		traffic_advance_tx(b);
		assert_int_equal(b->wire->sent.count, 5 * round);
		traffic_supply(b);
		traffic_advance_rx(b);
		memory_wire_arrive(b->wire, frame, length, NULL);
		traffic_pump(b);
		traffic_advance_rx(b);
		assert_int_equal(cx13_queue(b->rx)->packets->BeginIndex, 1);
		stage_stop(b);
		assert_null(b->tx);
	}
	card_stage_free(b);
}

/* The card is pulled out in operation: no access that hangs, and the queues give all back. */
static void removed_in_operation(void **state)
{
	struct stage *b = card_stage();
	uint8_t frame[200];
	size_t length = traffic_tcp(frame, 4, 60);

	(void)state;
	card_stage_up(b);
	traffic_supply(b);
	traffic_advance_rx(b);
	device_remove(b->card);
	traffic_post(b, frame, length, &(struct traffic_offer){ 0 });
	traffic_advance_tx(b);
	traffic_advance_rx(b);
	assert_int_equal(b->wire->sent.count, 0);
	card_stage_free(b); /* cancel() asserts that every packet is back */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(declares_what_the_chip_can),
		cmocka_unit_test(keywords_are_read),
		cmocka_unit_test(nonsense_keywords_are_ignored),
		cmocka_unit_test(address_from_eeprom),
		cmocka_unit_test(address_without_eeprom),
		cmocka_unit_test(link_is_reported),
		cmocka_unit_test(link_down_at_start),
		cmocka_unit_test(absent_card),
		cmocka_unit_test(other_chip),
		cmocka_unit_test(starts_again),
		cmocka_unit_test(removed_in_operation),
	};

	return cmocka_run_group_tests_name("rtl8168 life", tests, NULL, NULL);
}
