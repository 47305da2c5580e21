/* SPDX-License-Identifier: MIT */
/* What a driver is told of a packet's headers, in the numbers that all versions share. */
#ifndef CX_LAYOUT_H
#define CX_LAYOUT_H

#include <netcx/lso.h>
#include <stdbool.h>
#include <stdint.h>

/* The values are those of NetPacketLayer2Type..., NetPacketLayer3Type... and ...4Type... */
enum cx_layer2 { CX_LAYER2_UNSPECIFIED = 0, CX_LAYER2_ETHERNET = 2 };

enum cx_layer3 {
	CX_LAYER3_UNSPECIFIED = 0,
	CX_LAYER3_IPV4_OPTIONS = 2,
	CX_LAYER3_IPV4 = 3,
	CX_LAYER3_IPV6_EXTENSIONS = 5,
	CX_LAYER3_IPV6 = 6,
};

enum cx_layer4 {
	CX_LAYER4_UNSPECIFIED = 0,
	CX_LAYER4_TCP = 1,
	CX_LAYER4_UDP = 2,
	CX_LAYER4_FRAGMENT = 3,
	CX_LAYER4_NOT_FRAGMENT = 4,
};

/* A NET_PACKET_LAYOUT: header lengths in bytes. */
struct cx_layout {
	uint8_t layer2, layer3, layer4; /* enum cx_layer2, 3, 4 */
	uint8_t layer2_length, layer4_length;
	uint16_t layer3_length;
};

/* cx_layout_of() - of a parsed frame. @transport: layer 4 is known */
struct cx_layout cx_layout_of(const struct lso_layout *parsed, bool transport);

#endif
