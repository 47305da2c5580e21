/* SPDX-License-Identifier: MIT */
/* Registers, EEPROM, PHY, interrupts, tally: what a driver meets before the first packet. */
#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "card.h"

static int set_up(void **state)
{
	*state = card_create("rtl8168", false);
	return 0;
}

static void unknown_model_is_refused(void **state)
{
	struct card *card = *state;
	struct device_wire wire = { 0 };

	errno = 0;
	assert_null(device_create(&card->machine, "ne2000", card_mac, &wire));
	assert_int_equal(errno, ENODEV);
}

/* Each device gets a window of its own; the table of windows is finite. */
static void devices_have_their_own_place(void **state)
{
	struct card *card = *state;
	struct device_wire wire = { 0 };
	struct device *more[NT_MMIO_REGIONS] = { NULL };
	int n = 0;

	while ((more[n] = device_create(&card->machine, "rtl8168", card_mac, &wire))) {
		assert_int_not_equal(more[n]->bus.physical[RTL_BAR],
				     card->device->bus.physical[RTL_BAR]);
		n++;
	}
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(n, NT_MMIO_REGIONS - 1);
	while (n)
		device_destroy(more[--n]);
	assert_string_equal(device_models()[0], "rtl8168");
}

/* RTL8168D: version bits 7C800000 are 28000000, revision 0, read-only. */
static void chip_version_is_read_only(void **state)
{
	struct card *card = *state;

	assert_int_equal(card_read(card, RTL_TCR, 4) & 0x7CF00000, 0x28000000);
	card_write(card, RTL_TCR, 4, 0xFFFFFFFF);
	assert_int_equal(card_read(card, RTL_TCR, 4) & 0x7CF00000, 0x28000000);
	card_write(card, RTL_TCR, 4, 0x03000701);
	assert_int_equal(card_read(card, RTL_TCR, 4), 0x2B000701);
	card_write(card, RTL_TCR + 3, 1, 0xFF);
	assert_int_equal(card_read(card, RTL_TCR, 4) & 0x7CF00000, 0x28000000);
}

static void unimplemented_registers_read_back(void **state)
{
	struct card *card = *state;

	card_write(card, 0xD1, 1, 0x82);
	card_write(card, 0xF3, 1, 0x04);
	card_write(card, 0xE2, 2, 0x5030);
	card_write(card, 0x90, 4, 0x01020304);
	assert_int_equal(card_read(card, 0xD1, 1), 0x82);
	assert_int_equal(card_read(card, 0xF3, 1), 0x04);
	assert_int_equal(card_read(card, 0xE3, 1), 0x50);
	assert_int_equal(card_read(card, 0x92, 2), 0x0102);
}

/* As a conformance test asks it of a device that sleeps. */
static void what_is_switched_on_is_known(void **state)
{
	struct card *card = *state;
	struct device_state is;

	assert_true(device_state(card->device, &is));
	assert_false(is.interrupts || is.transmits || is.receives || is.wakes);
	card_write(card, RTL_IMR, 2, RTL_LINK_CHG);
	card_write(card, RTL_CMD, 1, RTL_CMD_TE);
	device_state(card->device, &is);
	assert_true(is.interrupts && is.transmits);
	assert_false(is.receives || is.wakes);
	card_write(card, RTL_IMR, 2, 0);
	card_write(card, RTL_CMD, 1, RTL_CMD_RE);
	card_write(card, RTL_CR9346, 1, 0xC0);
	card_write(card, RTL_CONFIG3, 1, RTL_CONFIG3_MAGIC);
	device_state(card->device, &is);
	assert_true(is.receives && is.wakes);
	assert_false(is.interrupts || is.transmits);
}

static void the_address_is_locked(void **state)
{
	struct card *card = *state;

	assert_int_equal(card_read(card, RTL_ID, 2), 0x5452);
	assert_int_equal(card_read(card, RTL_ID + 4, 2), 0x5634);
	card_write(card, RTL_ID, 1, 0x02);
	assert_int_equal(card_read(card, RTL_ID, 1), 0x52);
	card_write(card, RTL_CR9346, 1, RTL_EEM_UNLOCK);
	card_write(card, RTL_ID, 1, 0x02);
	card_write(card, 0x54, 1, 0x20);
	card_write(card, RTL_CR9346, 1, 0);
	card_write(card, RTL_ID, 4, 0);
	card_write(card, 0x54, 1, 0);
	assert_int_equal(card_read(card, RTL_ID, 1), 0x02);
	assert_int_equal(card_read(card, 0x54, 1), 0x20);
}

static void eeprom_clock(struct card *card, uint8_t lines)
{
	card_write(card, RTL_CR9346, 1, lines | RTL_EESK);
	card_write(card, RTL_CR9346, 1, lines);
}

/* As drivers bit-bang it: 80, a clock, 88, 110 and six address bits, sixteen clocks. */
static uint16_t eeprom_word(struct card *card, unsigned address)
{
	unsigned command = 6 << 6 | address;
	uint16_t word = 0;

	card_write(card, RTL_CR9346, 1, RTL_EEM_PROGRAM);
	eeprom_clock(card, RTL_EEM_PROGRAM);
	card_write(card, RTL_CR9346, 1, RTL_EEM_PROGRAM | RTL_EECS);
	for (int bit = 8; bit >= 0; bit--)
		eeprom_clock(card,
			     RTL_EEM_PROGRAM | RTL_EECS | (command >> bit & 1 ? RTL_EEDI : 0));
	for (int bit = 0; bit < 16; bit++) {
		card_write(card, RTL_CR9346, 1, RTL_EEM_PROGRAM | RTL_EECS | RTL_EESK);
		word = (uint16_t)(word << 1 | (card_read(card, RTL_CR9346, 1) & RTL_EEDO));
		card_write(card, RTL_CR9346, 1, RTL_EEM_PROGRAM | RTL_EECS);
	}
	return word;
}

static void eeprom_holds_signature_and_address(void **state)
{
	struct card *card = *state;

	assert_int_equal(eeprom_word(card, 0), 0x8129);
	assert_int_equal(eeprom_word(card, 1), 0x10EC);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(eeprom_word(card, 7 + i),
				 card_mac[2 * i] | card_mac[2 * i + 1] << 8);
	card_write(card, RTL_CR9346, 1, 0);
	assert_int_equal(card_read(card, RTL_CR9346, 1), 0);
}

static uint16_t phy_read(struct card *card, unsigned n)
{
	card_write(card, RTL_PHYAR, 4, n << 16);
	assert_true(card_read(card, RTL_PHYAR, 4) & RTL_ACCESS_FLAG);
	return (uint16_t)card_read(card, RTL_PHYAR, 4);
}

static void phy_write(struct card *card, unsigned n, uint16_t value)
{
	card_write(card, RTL_PHYAR, 4, RTL_ACCESS_FLAG | n << 16 | value);
	assert_false(card_read(card, RTL_PHYAR, 4) & RTL_ACCESS_FLAG);
}

#define GIGABIT (RTL_PHYSTATUS_FULL | RTL_PHYSTATUS_LINK | RTL_PHYSTATUS_1000)

/* The card had power before the driver came. */
static void the_link_is_there_at_power_on(void **state)
{
	struct card *card = *state;

	assert_int_equal(card_read(card, RTL_PHYSTATUS, 1), GIGABIT);
	assert_int_equal(phy_read(card, 1) & 0x24, 0x24);
	assert_int_equal(card_read(card, RTL_ISR, 2), 0);
}

/* Write BMCR. Return: PhyStatus once the link is there, after @changes changes. */
static uint32_t negotiated(struct card *card, uint16_t bmcr, int changes)
{
	int before = card_link_changes(card);

	phy_write(card, 0, bmcr);
	card_await_link(card, before + changes);
	return card_read(card, RTL_PHYSTATUS, 1);
}

static void phy_negotiates(void **state)
{
	struct card *card = *state;

	card_write(card, RTL_IMR, 2, RTL_LINK_CHG);
	phy_write(card, 0x1F, 0);
	phy_write(card, 9, 0x0200);
	phy_write(card, 4, 0x0DE1);
	assert_int_equal(negotiated(card, 0x9000, 3), GIGABIT);
	assert_int_equal(phy_read(card, 0), 0x1000);
	assert_int_equal(phy_read(card, 1) & 0x24, 0x24);
	assert_int_equal(phy_read(card, 6) & 1, 1);

	/* No gigabit, then only 10 half. */
	phy_write(card, 9, 0);
	assert_int_equal(negotiated(card, 0x1200, 3),
			 RTL_PHYSTATUS_FULL | RTL_PHYSTATUS_LINK | RTL_PHYSTATUS_100);
	phy_write(card, 4, 0x0021);
	assert_int_equal(negotiated(card, 0x1200, 3), RTL_PHYSTATUS_LINK | RTL_PHYSTATUS_10);
	/* Forced 100 full: there is no partner to hear of. */
	assert_int_equal(negotiated(card, 0x2100, 2),
			 RTL_PHYSTATUS_FULL | RTL_PHYSTATUS_LINK | RTL_PHYSTATUS_100);
	assert_int_equal(phy_read(card, 1) & 0x24, 0x04);
	/* Power down. */
	assert_int_equal(negotiated(card, 0x1800, 1), 0);
	/* Nothing to offer: no link, and nobody is told again. */
	phy_write(card, 4, 1);
	phy_write(card, 0, 0x1200);
	phy_write(card, 9, 0x0200);
	assert_int_equal(negotiated(card, 0x1200, 2), GIGABIT);
	assert_int_equal(card->interrupts, 14);
}

/* Less than the time a link takes has passed: what was read since then was read without one. */
static bool soon_after(uint64_t begin)
{
	return clock_ns() - begin < 20000000;
}

/* Gone at once, back after a while; what is written meanwhile begins anew. */
static void negotiation_takes_time(void **state)
{
	struct card *card = *state;
	uint32_t status, bmsr, aner;
	int changes;
	uint64_t begin;

	card_write(card, RTL_IMR, 2, RTL_LINK_CHG);
	do {
		begin = clock_ns();
		phy_write(card, 0, 0x1200);
		status = card_read(card, RTL_PHYSTATUS, 1);
		bmsr = phy_read(card, 1);
		aner = phy_read(card, 6);
		changes = card_link_changes(card);
	} while (!soon_after(begin));
	assert_int_equal(status, 0);
	assert_int_equal(bmsr & 0x24, 0);
	assert_int_equal(aner, 0);
	assert_true(changes >= 1);
	card_await_link(card, changes + 1);
	assert_false(soon_after(begin));
	assert_int_equal(card_read(card, RTL_PHYSTATUS, 1), GIGABIT);
	card_await_link(card, changes + 2);
	assert_int_equal(phy_read(card, 1) & 0x24, 0x24);
}

/* A software reset of the MAC is none of the PHY's business. */
static void negotiation_survives_a_reset(void **state)
{
	struct card *card = *state;
	uint64_t begin;

	do {
		begin = clock_ns();
		phy_write(card, 0, 0x1200);
		card_write(card, RTL_CMD, 1, RTL_CMD_RST);
	} while (!soon_after(begin));
	card_write(card, RTL_IMR, 2, RTL_LINK_CHG);
	card_await_link(card, 1);
	assert_int_equal(card_read(card, RTL_PHYSTATUS, 1), GIGABIT);
}

/* The cable, the card, and the machine may go before the link comes. */
static void negotiation_may_be_cut_short(void **state)
{
	struct card *card = *state;
	int changes;

	card_write(card, RTL_IMR, 2, RTL_LINK_CHG);
	phy_write(card, 0, 0x1200);
	device_set_link(card->device, false);
	phy_write(card, 0, 0x1200);
	assert_int_equal(card_read(card, RTL_PHYSTATUS, 1), 0);
	changes = card_link_changes(card);
	device_set_link(card->device, true);
	card_await_link(card, changes + 2);
	assert_int_equal(card_link_changes(card), changes + 2);
	phy_write(card, 0, 0x1200);
	device_remove(card->device);
}

static void nobody_is_left_when_the_link_comes(void **state)
{
	struct card *card = *state;

	phy_write(card, 0, 0x1200);
}

static void pages_of_the_phy_are_apart(void **state)
{
	struct card *card = *state;

	phy_write(card, 0x1F, 2);
	phy_write(card, 0x0E, 0xBEEF);
	assert_int_equal(phy_read(card, 0x0E), 0xBEEF);
	phy_write(card, 0x1F, 0);
	assert_int_equal(phy_read(card, 0x0E), 0);
	assert_int_equal(phy_read(card, 2), 0x001C);
}

static void the_cable_raises_link_change(void **state)
{
	struct card *card = *state;

	card_write(card, RTL_IMR, 2, RTL_LINK_CHG);
	device_set_link(card->device, true);
	assert_int_equal(card->interrupts, 0);
	device_set_link(card->device, false);
	assert_int_equal(card->interrupts, 1);
	assert_int_equal(card->seen, RTL_LINK_CHG);
	assert_false(card_read(card, RTL_PHYSTATUS, 1) & RTL_PHYSTATUS_LINK);
	device_set_link(card->device, true);
	card_await_link(card, 2);
	assert_true(card_read(card, RTL_PHYSTATUS, 1) & RTL_PHYSTATUS_LINK);
	card_await_link(card, 3);
	assert_int_equal(card_counters(card)->interrupts, 3);
}

/* Status latches while masked; arming a latched bit interrupts at once. */
static void arming_raises_what_is_latched(void **state)
{
	struct card *card = *state;

	device_set_link(card->device, false);
	assert_int_equal(card_read(card, RTL_ISR, 2), RTL_LINK_CHG);
	assert_int_equal(card->interrupts, 0);
	card->acknowledge = false;
	card_write(card, RTL_IMR, 2, RTL_LINK_CHG);
	assert_int_equal(card->interrupts, 1);
	assert_int_equal(card_read(card, RTL_ISR, 2), RTL_LINK_CHG);
	assert_false(card->device->bus.interrupts[0].asserted);
	card_write(card, RTL_IMR, 2, RTL_LINK_CHG);
	assert_int_equal(card->interrupts, 2);
	card_write(card, RTL_ISR, 2, RTL_LINK_CHG);
	card_write(card, RTL_IMR, 2, RTL_LINK_CHG);
	assert_int_equal(card->interrupts, 2);
}

/* Write 1 to clear, at every width and in a 32-bit access with the mask. */
static void status_is_cleared_bit_by_bit(void **state)
{
	struct card *card = *state;

	device_set_link(card->device, false);
	card_write(card, RTL_TPPOLL, 1, RTL_TPPOLL_SWINT);
	assert_int_equal(card_read(card, RTL_ISR, 2), RTL_LINK_CHG | RTL_SWINT);
	assert_int_equal(card_read(card, RTL_ISR + 1, 1), RTL_SWINT >> 8);
	card_write(card, RTL_ISR, 1, 0xFF);
	assert_int_equal(card_read(card, RTL_ISR, 2), RTL_SWINT);
	card_write(card, RTL_IMR, 1, 0x21);
	card_write(card, RTL_IMR + 1, 1, 0x40);
	assert_int_equal(card_read(card, RTL_IMR, 4), (uint32_t)RTL_SWINT << 16 | 0x4021);
	card_write(card, RTL_IMR, 4, (uint32_t)RTL_SWINT << 16 | 0x0005);
	assert_int_equal(card_read(card, RTL_IMR, 4), 0x0005);
}

static void an_access_may_straddle_registers(void **state)
{
	struct card *card = *state;
	uint64_t value;

	card_write(card, RTL_IMR, 2, 0x1234);
	card->device->ops->bus.regions[RTL_BAR].access.write(card->device, RTL_TPPOLL, 8,
							     0x0000567800000001);
	value = card->device->ops->bus.regions[RTL_BAR].access.read(card->device, RTL_TPPOLL, 8);
	assert_int_equal(value >> 32 & 0xFFFF, 0x5678);
	assert_int_equal(value >> 48, RTL_SWINT);
}

/* The ISR runs inside the register write that raised the line, and may ring the doorbell. */
static void doorbell_inside_the_isr(void **state)
{
	struct card *card = *state;
	uint8_t frame[64] = { 0 };

	card_start(card);
	card_write(card, RTL_IMR, 2, RTL_TOK);
	card->ring_in_isr = true;
	card_send(card, frame, sizeof(frame), 0, 0);
	assert_int_equal(card->interrupts, 1);
	assert_sent(card, 1);
}

static void reset_is_done_at_once(void **state)
{
	struct card *card = *state;

	card_start(card);
	card_write(card, RTL_IMR, 2, 0xFFFF);
	device_set_link(card->device, false);
	device_set_link(card->device, true);
	card_write(card, RTL_CMD, 1, RTL_CMD_RST);
	assert_int_equal(card_read(card, RTL_CMD, 1), 0);
	assert_int_equal(card_read(card, RTL_IMR, 4), 0);
	assert_int_equal(card_read(card, RTL_RCR, 4), 0);
	assert_int_equal(card_read(card, RTL_ID, 2), 0x5452);
	assert_false(card->device->bus.interrupts[0].asserted);
}

static void rss_registers_answer(void **state)
{
	struct card *card = *state;

	card_write(card, RTL_ERIDR, 4, 0xCAFEF00D);
	card_write(card, RTL_ERIAR, 4, 0x8000F000 | 0xB8);
	assert_false(card_read(card, RTL_ERIAR, 4) & RTL_ACCESS_FLAG);
	card_write(card, RTL_ERIDR, 4, 0);
	card_write(card, RTL_ERIAR, 4, 0x0000F000 | 0xB8);
	assert_true(card_read(card, RTL_ERIAR, 4) & RTL_ACCESS_FLAG);
	assert_int_equal(card_read(card, RTL_ERIDR, 4), 0xCAFEF00D);
}

static void tally_is_dumped_and_cleared(void **state)
{
	struct card *card = *state;
	uint64_t *block = (uint64_t *)card->arena;
	uint8_t frame[60] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };

	card_start(card);
	card->arena_used = 4096;
	card_send(card, frame, sizeof(frame), 0, 0);
	card_send(card, frame, 13, 0, 0);
	memory_wire_arrive(&card->wire, frame, sizeof(frame), NULL);
	device_pump(card->device, 10);

	memset(card->arena, 0xEE, 72);
	card_write(card, RTL_DTCCR + 4, 4, (uint32_t)(card->arena_logical >> 32));
	card_write(card, RTL_DTCCR, 4, (uint32_t)card->arena_logical | RTL_DTCCR_DUMP);
	assert_int_equal(card_read(card, RTL_DTCCR, 4) & 0x3F, 0);
	assert_int_equal(block[0], 1); /* TxOK */
	assert_int_equal(block[1], 1); /* RxOK */
	assert_int_equal(block[2], 1); /* TxERR */
	assert_int_equal(block[5], 0); /* RxOK physical */
	assert_int_equal(block[6], 1); /* RxOK broadcast */
	assert_int_equal(card->arena[64], 0xEE);

	card_write(card, RTL_DTCCR, 4, (uint32_t)card->arena_logical | RTL_DTCCR_CLEAR);
	card_write(card, RTL_DTCCR, 4, (uint32_t)card->arena_logical | RTL_DTCCR_DUMP);
	for (int i = 0; i < 8; i++)
		assert_int_equal(block[i], 0);
}

static void a_removed_device_reads_all_ones(void **state)
{
	struct card *card = *state;
	uint8_t frame[60] = { 0 };

	card_start(card);
	device_remove(card->device);
	assert_int_equal(card_read(card, RTL_ISR, 2), 0xFFFF);
	assert_int_equal(card_read(card, RTL_CMD, 1), 0xFF);
	assert_int_equal(card_read(card, RTL_TCR, 4), 0xFFFFFFFF);
	card_write(card, RTL_IMR, 2, 0xFFFF);
	card_send(card, frame, sizeof(frame), 0, 0);
	assert_sent(card, 0);
	device_set_link(card->device, false);
	assert_int_equal(card->interrupts, 0);
	memory_wire_arrive(&card->wire, frame, sizeof(frame), NULL);
	assert_true(device_receive_ready(card->device));
	assert_int_equal(device_pump(card->device, 10), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, card_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(unknown_model_is_refused),
		TEST(devices_have_their_own_place),
		TEST(chip_version_is_read_only),
		TEST(unimplemented_registers_read_back),
		TEST(what_is_switched_on_is_known),
		TEST(the_address_is_locked),
		TEST(eeprom_holds_signature_and_address),
		TEST(the_link_is_there_at_power_on),
		TEST(phy_negotiates),
		TEST(negotiation_takes_time),
		TEST(negotiation_survives_a_reset),
		TEST(negotiation_may_be_cut_short),
		TEST(nobody_is_left_when_the_link_comes),
		TEST(pages_of_the_phy_are_apart),
		TEST(the_cable_raises_link_change),
		TEST(arming_raises_what_is_latched),
		TEST(status_is_cleared_bit_by_bit),
		TEST(an_access_may_straddle_registers),
		TEST(doorbell_inside_the_isr),
		TEST(reset_is_done_at_once),
		TEST(rss_registers_answer),
		TEST(tally_is_dumped_and_cleared),
		TEST(a_removed_device_reads_all_ones),
	};

	return cmocka_run_group_tests_name("device registers", tests, NULL, NULL);
}
