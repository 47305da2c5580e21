/* SPDX-License-Identifier: MIT */
/*
 * The 93C46 serial EEPROM behind CR9346 (64 words of 16 bits, Microwire). Only READ does
 * something: start bit 1, opcode 10, six address bits on EEDI, one each rising edge of EESK; then
 * the word on EEDO, D15 first. The chip is write-protected, as soldered on a card.
 */
#include <string.h>

#include "device/rtl8168/model.h"

#define COMMAND_BITS 9
#define READ_COMMAND 6 /* start bit and opcode */

void rtl_eeprom_reset(struct rtl_eeprom *eeprom, const uint8_t mac[6])
{
	memset(eeprom, 0, sizeof(*eeprom));
	eeprom->words[0] = 0x8129;
	eeprom->words[1] = 0x10EC;
	eeprom->words[2] = 0x8168;
	eeprom->words[3] = 0x10EC; /* subsystem */
	eeprom->words[4] = 0x8168;
	for (int i = 0; i < 3; i++)
		eeprom->words[7 + i] = (uint16_t)(mac[2 * i] | mac[2 * i + 1] << 8);
}

static void rising_edge(struct rtl_eeprom *eeprom, unsigned bit)
{
	if (!eeprom->clocks && !bit)
		return; /* zeros before the start bit */
	if (eeprom->clocks < COMMAND_BITS) {
		eeprom->shift_in = (uint16_t)(eeprom->shift_in << 1 | bit);
		if (++eeprom->clocks < COMMAND_BITS)
			return;
		eeprom->reading = eeprom->shift_in >> 6 == READ_COMMAND;
		eeprom->shift_out = eeprom->words[eeprom->shift_in & 63];
		eeprom->data_out = false; /* the dummy bit before D15 */
	} else if (eeprom->reading) {
		eeprom->data_out = eeprom->shift_out >> 15;
		eeprom->shift_out = (uint16_t)(eeprom->shift_out << 1);
	}
}

uint8_t rtl_eeprom_write(struct rtl_eeprom *eeprom, uint8_t lines)
{
	bool selected = (lines & RTL_EEM_MASK) == RTL_EEM_PROGRAM && lines & RTL_EECS;

	if (!selected) {
		eeprom->clocks = 0;
		eeprom->shift_in = 0;
		eeprom->reading = false;
		eeprom->data_out = false;
	} else if (lines & ~eeprom->lines & RTL_EESK) {
		rising_edge(eeprom, lines & RTL_EEDI ? 1 : 0);
	}
	eeprom->lines = lines;
	return (uint8_t)((lines & ~RTL_EEDO) | (eeprom->data_out ? RTL_EEDO : 0));
}
