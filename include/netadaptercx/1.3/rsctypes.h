/* SPDX-License-Identifier: MIT */
/* rsctypes.h - the receive segment coalescing extension of a receive packet. Part of netpacket.h.
 */
#ifndef NETCX_RSCTYPES_H
#define NETCX_RSCTYPES_H

#include <ntdef.h>

#define NET_PACKET_EXTENSION_RSC_NAME           NETCX_WIDE("ms_packet_rsc")
#define NET_PACKET_EXTENSION_RSC_VERSION_1      1U
#define NET_PACKET_EXTENSION_RSC_VERSION_1_SIZE sizeof(NET_PACKET_RECEIVE_SEGMENT_COALESCENCE)

typedef struct _NET_PACKET_RECEIVE_SEGMENT_COALESCENCE {
	union {
		struct {
			UINT32 RscTcpTimestampDelta;
		} TCP;
	};
	UINT16 CoalescedSegmentCount;
} NET_PACKET_RECEIVE_SEGMENT_COALESCENCE, *PNET_PACKET_RECEIVE_SEGMENT_COALESCENCE;

#endif
