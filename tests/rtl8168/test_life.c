/* SPDX-License-Identifier: MIT */
/* What the driver declares, what its keywords do, link and hardware that come and go. */
#include "device/rtl8168/model.h"
#include "traffic.h"

static void declares_what_the_chip_can(void **state)
{
	struct stage *s = card_stage();

	(void)state;
	card_stage_up(s);
	assert_int_equal(s->adapter->mtu, 1500);
	assert_memory_equal(s->adapter->permanent_address.bytes, card_mac, 6);
	assert_memory_equal(s->adapter->current_address.bytes, card_mac, 6);
	assert_true(cx_lso_ipv4(&s->adapter->offload.hardware) &&
		    cx_lso_ipv6(&s->adapter->offload.hardware));
	assert_int_equal(s->adapter->offload.hardware.lso.maximum_offload_size, 64000);
	assert_int_equal(s->adapter->offload.hardware.lso.minimum_segment_count, 2);
	assert_true(cx_checksum_ipv4(&s->adapter->offload.hardware.tx_checksum));
	/* a packet larger than this would be lost without a word */
	assert_in_range(s->adapter->tx.buffer_size, 64000 + 128, 65535);
	assert_in_range(s->adapter->rx.buffer_size, 1514 + 4, 16383);
	card_stage_free(s);
}

static void keywords_are_read(void **state)
{
	struct stage *s = card_stage();

	(void)state;
	stage_keyword(s, "*JumboPacket", "9014");
	stage_keyword(s, "*ReceiveBuffers", "100");
	stage_keyword(s, "NetworkAddress", "02AABBCCDDEE");
	card_stage_up(s);
	assert_int_equal(s->adapter->mtu, 9000);
	assert_int_equal(s->adapter->rx.fragment_ring, 128);
	assert_in_range(s->adapter->rx.buffer_size, 9014 + 4, 16383);
	assert_memory_equal(s->adapter->permanent_address.bytes, card_mac, 6);
	assert_memory_equal(s->adapter->current_address.bytes, "\x02\xaa\xbb\xcc\xdd\xee", 6);
	card_stage_free(s);
}

/* Values that make no sense leave the defaults; a multicast address is no station's. */
static void nonsense_keywords_are_ignored(void **state)
{
	struct stage *s = card_stage();

	(void)state;
	stage_keyword(s, "*JumboPacket", "70000");
	stage_keyword(s, "*ReceiveBuffers", "0");
	stage_keyword(s, "*TransmitBuffers", "4294967295");
	stage_keyword(s, "*InterruptModeration", "perhaps");
	stage_keyword(s, "NetworkAddress", "01AABBCCDDEE");
	card_stage_up(s);
	assert_int_equal(s->adapter->mtu, 1500);
	assert_int_equal(s->adapter->rx.fragment_ring, 512);
	assert_int_equal(s->adapter->tx.fragment_ring, 256);
	assert_memory_equal(s->adapter->current_address.bytes, card_mac, 6);
	card_stage_free(s);
}

static uint16_t *eeprom_words(struct stage *s)
{
	return ((struct rtl8168 *)s->card)->eeprom.words;
}

/* Words 7 to 9, low byte first; what is in the ID registers does not count then. */
static void address_from_eeprom(void **state)
{
	struct stage *s = card_stage();

	(void)state;
	eeprom_words(s)[7] = 0xE204;
	eeprom_words(s)[8] = 0xC3D4;
	eeprom_words(s)[9] = 0x81A5;
	card_stage_up(s);
	assert_memory_equal(s->adapter->permanent_address.bytes, "\x04\xe2\xd4\xc3\xa5\x81", 6);
	card_stage_free(s);
}

/* No EEPROM, or none with an address that a station can have: the ID registers have it. */
static void address_without_eeprom(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		struct stage *s = card_stage();

		if (i == 0)
			memset(eeprom_words(s), 0xff, 2 * 64);
		else if (i == 1)
			eeprom_words(s)[7] |= 1; /* multicast */
		else
			memset(eeprom_words(s) + 7, 0, 6);
		card_stage_up(s);
		assert_memory_equal(s->adapter->permanent_address.bytes, card_mac, 6);
		card_stage_free(s);
	}
}

static void link_is_reported(void **state)
{
	struct stage *s = card_stage();
	uint64_t tx, rx;
	int changes;

	(void)state;
	card_stage_up(s);
	assert_true(cx_adapter_link_up(s->adapter, &tx, &rx));
	assert_int_equal(tx, 1000000000);

	changes = s->link_changes;
	device_set_link(s->card, false);
	assert_true(s->link_changes > changes);
	assert_false(cx_adapter_link_up(s->adapter, &tx, &rx));
	device_set_link(s->card, true);
	card_stage_await_link(s);
	assert_true(cx_adapter_link_up(s->adapter, &tx, &rx));
	assert_int_equal(tx, 1000000000);
	card_stage_free(s);
}

static void link_down_at_start(void **state)
{
	struct stage *s = card_stage();
	uint64_t tx, rx;

	(void)state;
	device_set_link(s->card, false);
	assert_int_equal(stage_bring_up(s), STATUS_SUCCESS);
	assert_false(cx_adapter_link_up(s->adapter, &tx, &rx));
	device_set_link(s->card, true);
	card_stage_await_link(s);
	assert_true(cx_adapter_link_up(s->adapter, &tx, &rx));
	card_stage_free(s);
}

/* A card that does not answer: the start fails, and everything is undone. */
static void absent_card(void **state)
{
	struct stage *s = card_stage();

	(void)state;
	device_remove(s->card);
	assert_int_equal(stage_bring_up(s), STATUS_DEVICE_NOT_CONNECTED);
	card_stage_free(s);
}

/* Another chip of the family is refused before anything is written to it. */
static void other_chip(void **state)
{
	struct stage *s = card_stage();
	struct rtl8168 *card = (struct rtl8168 *)s->card;

	(void)state;
	rtl_file_set(card, RTL_TCR, 4, 0x2C000000);
	assert_int_equal(stage_bring_up(s), STATUS_NOT_SUPPORTED);
	card_stage_free(s);
}

/* Rebalance: stopped and started again, with capabilities set anew; queues work both times. */
static void starts_again(void **state)
{
	struct stage *s = card_stage();
	uint8_t frame[200];
	size_t length = traffic_tcp(frame, 4, 60);

	(void)state;
	for (int round = 1; round <= 3; round++) {
		card_stage_up(s);
		for (int i = 0; i < 5; i++)
			traffic_post(s, frame, length, &(struct traffic_offer){ 0 });
		traffic_advance_tx(s);
		assert_int_equal(s->wire->sent.count, 5 * round);
		traffic_supply(s);
		traffic_advance_rx(s);
		memory_wire_arrive(s->wire, frame, length, NULL);
		traffic_pump(s);
		traffic_advance_rx(s);
		assert_int_equal(traffic_begin(s->rx), 1);
		stage_stop(s);
		assert_null(s->tx);
	}
	card_stage_free(s);
}

/* The card is pulled out in operation: no access that hangs, and the queues give all back. */
static void removed_in_operation(void **state)
{
	struct stage *s = card_stage();
	uint8_t frame[200];
	size_t length = traffic_tcp(frame, 4, 60);

	(void)state;
	card_stage_up(s);
	traffic_supply(s);
	traffic_advance_rx(s);
	device_remove(s->card);
	traffic_post(s, frame, length, &(struct traffic_offer){ 0 });
	traffic_advance_tx(s);
	traffic_advance_rx(s);
	assert_int_equal(s->wire->sent.count, 0);
	card_stage_free(s); /* cancel() asserts that every packet is back */
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
