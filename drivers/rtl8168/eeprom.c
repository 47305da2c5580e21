/* SPDX-License-Identifier: MIT */
/*
 * eeprom.c - the station address from the serial EEPROM, an Atmel 93C46 of 64 words whose pins are
 * bits of 93C46CR. Its datasheet, "READ": start bit, opcode 10, six address bits; then sixteen data
 * bits, first D15. Data is taken and given at the rising edge of the clock.
 */
#include "adapter.h"

#define RT_EEPROM_READ         0x6 /* start bit and opcode */
#define RT_EEPROM_COMMAND_BITS 9
#define RT_EEPROM_DATA_BITS    16
#define RT_EEPROM_CLOCK_US     1

#define RT_EEPROM_WORD_ID      0
#define RT_EEPROM_WORD_VENDOR  1
#define RT_EEPROM_WORD_ADDRESS 7      /* three words, low byte first */
#define RT_EEPROM_ID           0x8129 /* what Realtek writes there */
#define RT_EEPROM_VENDOR       0x10EC

static VOID
RtEepromSetPins(RT_ADAPTER *Adapter, UCHAR Pins)
{
	RtWrite8(Adapter, RT_9346CR, RT_9346CR_PROGRAM | Pins);
	KeStallExecutionProcessor(RT_EEPROM_CLOCK_US);
}

/* One clock, with the other pins as given. */
static VOID
RtEepromClock(RT_ADAPTER *Adapter, UCHAR Pins)
{
	RtEepromSetPins(Adapter, Pins);
	RtEepromSetPins(Adapter, Pins | RT_9346CR_EESK);
}

static USHORT
RtEepromReadWord(RT_ADAPTER *Adapter, USHORT Word)
{
	USHORT command = (USHORT)((RT_EEPROM_READ << 6) | Word);
	USHORT value = 0;
	LONG bit;

	/* A clock with the chip deselected ends whatever it was doing. */
	RtEepromClock(Adapter, 0);
	RtEepromSetPins(Adapter, RT_9346CR_EECS);

	for (bit = RT_EEPROM_COMMAND_BITS - 1; bit >= 0; bit--)
		RtEepromClock(Adapter, (command >> bit) & 1 ? RT_9346CR_EECS | RT_9346CR_EEDI
							    : RT_9346CR_EECS);
	for (bit = RT_EEPROM_DATA_BITS - 1; bit >= 0; bit--) {
		RtEepromClock(Adapter, RT_9346CR_EECS);
		if (RtRead8(Adapter, RT_9346CR) & RT_9346CR_EEDO)
			value |= (USHORT)(1 << bit);
	}

	RtEepromSetPins(Adapter, 0);
	return value;
}

/* Return: FALSE when there is no EEPROM, or no address that a station can have. */
BOOLEAN
RtEepromReadAddress(RT_ADAPTER *Adapter, UCHAR Address[ETH_LENGTH_OF_ADDRESS])
{
	BOOLEAN found = FALSE;
	USHORT i;

	if (RtEepromReadWord(Adapter, RT_EEPROM_WORD_ID) == RT_EEPROM_ID &&
	    RtEepromReadWord(Adapter, RT_EEPROM_WORD_VENDOR) == RT_EEPROM_VENDOR) {
		for (i = 0; i < ETH_LENGTH_OF_ADDRESS / sizeof(USHORT); i++) {
			USHORT word = RtEepromReadWord(Adapter, RT_EEPROM_WORD_ADDRESS + i);

			Address[2 * i] = LOBYTE(word);
			Address[2 * i + 1] = HIBYTE(word);
		}
		found = !ETH_IS_MULTICAST(Address) && !ETH_IS_EMPTY(Address);
	}

	RtWrite8(Adapter, RT_9346CR, RT_9346CR_NORMAL);
	return found;
}
