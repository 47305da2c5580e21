/* SPDX-License-Identifier: MIT */
/* The receive filter: RCR, the station address, and the multicast hash. */
#include <string.h>

#include "device/rtl8168/model.h"

/* Bits 31..26 of the Ethernet CRC, most significant bit first, over the destination address. */
static unsigned multicast_hash(const uint8_t address[6])
{
	uint32_t crc = 0xFFFFFFFF;

	for (int i = 0; i < 6; i++) {
		for (int bit = 0; bit < 8; bit++) {
			bool one = (crc >> 31) ^ (address[i] >> bit & 1);

			crc = crc << 1 ^ (one ? 0x04C11DB7 : 0);
		}
	}
	return crc >> 26;
}

bool rtl_filter(const struct rtl_rx *rx, const uint8_t destination[6], uint16_t *match)
{
	static const uint8_t broadcast[6] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };
	bool all = rx->rcr & RTL_RCR_ALL;
	unsigned hash;

	if (destination[0] & 1) {
		if (!memcmp(destination, broadcast, sizeof(broadcast))) {
			*match = RTL_RX_BROADCAST;
			return all || rx->rcr & RTL_RCR_BROADCAST;
		}
		*match = RTL_RX_MULTICAST;
		if (all || !(rx->rcr & RTL_RCR_MULTICAST))
			return all;
		hash = multicast_hash(destination);
		return rx->multicast[hash / 8] >> hash % 8 & 1;
	}
	if (!memcmp(destination, rx->mac, sizeof(rx->mac))) {
		*match = RTL_RX_PHYSICAL;
		return all || rx->rcr & RTL_RCR_PHYSICAL;
	}
	*match = 0;
	return all;
}
