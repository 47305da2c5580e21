/* SPDX-License-Identifier: MIT */
/* The register file: bytes, and their values after a reset. */
#include <string.h>

#include "device/rtl8168/model.h"

uint64_t rtl_file_get(const struct rtl8168 *r, unsigned offset, unsigned width)
{
	uint64_t value = 0;

	memcpy(&value, r->registers + offset, width);
	return value;
}

void rtl_file_set(struct rtl8168 *r, unsigned offset, unsigned width, uint64_t value)
{
	memcpy(r->registers + offset, &value, width);
}

/*
 * A software reset stops both directions and rewinds the rings; the address, the multicast hash
 * and what configures the card as a whole stay (8169 datasheet, command register). What lies behind
 * ERIAR, and in the extension's page, goes: no document says, and a driver that comes back from a
 * restart without RSS must not have its frames spread over the rings of its earlier life.
 */
void rtl_file_reset(struct rtl8168 *r, bool power_on)
{
	if (power_on) {
		memset(r->registers, 0, sizeof(r->registers));
		memcpy(r->registers + RTL_ID, r->device.mac, sizeof(r->device.mac));
		rtl_eeprom_reset(&r->eeprom, r->device.mac);
		rtl_phy_reset(&r->phy);
		r->registers[RTL_PHYSTATUS] = r->phy.status;
	}
	memset(r->eri, 0, sizeof(r->eri));
	memset(r->halves, 0, sizeof(r->halves));
	memset(r->registers + RTL_RSS_TABLE, 0, 4 * RTL_RSS_TABLE_WORDS);
	memset(r->registers + RTL_EXTENSION_PAGE, 0, RTL_EXTENSION_PAGE_END - RTL_EXTENSION_PAGE);
	rtl_file_set(r, RTL_CMD, 1, 0);
	rtl_file_set(r, RTL_TCR, 4, RTL_TCR_VERSION);
	rtl_file_set(r, RTL_RCR, 4, 0);
	rtl_file_set(r, RTL_CPCR, 2, 0);
	rtl_file_set(r, RTL_RMS, 2, RTL_RMS_DEFAULT);
	rtl_file_set(r, RTL_MTPS, 1, RTL_MTPS_DEFAULT);
	rtl_file_set(r, RTL_EXTENSION, 4, r->extension);
}
