/* SPDX-License-Identifier: MIT */
/*
 * net/rsctypes.h - receive segment coalescing: received segments that the hardware has made one
 * packet of.
 */
#ifndef NETCX_NET_RSCTYPES_H
#define NETCX_NET_RSCTYPES_H

#include <parts/netcxversion.h>
#include <ntdef.h>

#define NET_PACKET_EXTENSION_RSC_NAME      NETCX_WIDE("ms_packet_rsc")
#define NET_PACKET_EXTENSION_RSC_VERSION_1 1U
#if NETCX_SINCE(5)
#define NET_PACKET_EXTENSION_RSC_VERSION_2 2U /* UDP too */
#endif

#define NET_PACKET_EXTENSION_RSC_TIMESTAMP_NAME           NETCX_WIDE("ms_packet_rsc_timestamp")
#define NET_PACKET_EXTENSION_RSC_TIMESTAMP_VERSION_1      1U
#define NET_PACKET_EXTENSION_RSC_TIMESTAMP_VERSION_1_SIZE sizeof(NET_PACKET_RSC_TIMESTAMP)

typedef struct _NET_PACKET_RSC {
	__extension__ union {
		struct {
			UINT16 CoalescedSegmentCount;
			UINT16 DuplicateAckCount;
		} TCP;
#if NETCX_SINCE(5)
		struct {
			UINT16 CoalescedSegmentCount;
			UINT16 CoalescedSegmentSize; /* payload bytes of each but the last */
		} UDP;
#endif
	};
} NET_PACKET_RSC, *PNET_PACKET_RSC;
C_ASSERT(sizeof(NET_PACKET_RSC) == 4);

typedef struct _NET_PACKET_RSC_TIMESTAMP {
	__extension__ union {
		struct {
			UINT32 RscTcpTimestampDelta;
		} TCP;
	};
} NET_PACKET_RSC_TIMESTAMP, *PNET_PACKET_RSC_TIMESTAMP;
C_ASSERT(sizeof(NET_PACKET_RSC_TIMESTAMP) == 4);

#endif
