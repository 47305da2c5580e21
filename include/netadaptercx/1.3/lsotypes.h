/* SPDX-License-Identifier: MIT */
/* lsotypes.h - the large send extension of a transmit packet. Part of netpacket.h. */
#ifndef NETCX_LSOTYPES_H
#define NETCX_LSOTYPES_H

#include <ntdef.h>

#define NET_PACKET_EXTENSION_LSO_NAME           NETCX_WIDE("ms_packet_lso")
#define NET_PACKET_EXTENSION_LSO_VERSION_1      1U
#define NET_PACKET_EXTENSION_LSO_VERSION_1_SIZE sizeof(NET_PACKET_LARGE_SEND_SEGMENTATION)

typedef struct _NET_PACKET_LARGE_SEND_SEGMENTATION {
	union {
		struct {
			UINT32 Mss : 20; /* payload bytes per segment; 0: not a large send */
			UINT32 Reserved0 : 12;
		} TCP;
	};
} NET_PACKET_LARGE_SEND_SEGMENTATION, *PNET_PACKET_LARGE_SEND_SEGMENTATION;
C_ASSERT(sizeof(NET_PACKET_LARGE_SEND_SEGMENTATION) == 4);

#endif
