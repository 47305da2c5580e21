/* SPDX-License-Identifier: MIT */
#include "base/hex.h"

#include <stdio.h>

void hex_put(char *text, const void *bytes, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *from = bytes;

	for (size_t i = 0; i < size; i++) {
		text[2 * i] = digits[from[i] >> 4];
		text[2 * i + 1] = digits[from[i] & 15];
	}
	text[2 * size] = '\0';
}

void hex_put_mac(char text[HEX_MAC], const uint8_t mac[6])
{
	snprintf(text, HEX_MAC, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
		 mac[4], mac[5]);
}
