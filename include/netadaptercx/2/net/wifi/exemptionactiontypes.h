/* SPDX-License-Identifier: MIT */
/* net/wifi/exemptionactiontypes.h - whether a packet is exempt from encryption (Wi-Fi). */
#ifndef NETCX_NET_WIFI_EXEMPTIONACTIONTYPES_H
#define NETCX_NET_WIFI_EXEMPTIONACTIONTYPES_H

#include <ntdef.h>

#define NET_PACKET_EXTENSION_WIFI_EXEMPTION_ACTION_NAME      NETCX_WIDE("ms_packet_wifiexemptionaction")
#define NET_PACKET_EXTENSION_WIFI_EXEMPTION_ACTION_VERSION_1 1U

typedef struct _NET_PACKET_WIFI_EXEMPTION_ACTION {
	UINT8 ExemptionAction;
} NET_PACKET_WIFI_EXEMPTION_ACTION, *PNET_PACKET_WIFI_EXEMPTION_ACTION;
C_ASSERT(sizeof(NET_PACKET_WIFI_EXEMPTION_ACTION) == 1);

#endif
