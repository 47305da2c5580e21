/* SPDX-License-Identifier: MIT */
/* netpacketfilter.h - kinds of frames. Part of netadapter.h, in 2.0 of preview/netadapter.h. */
#ifndef NETCX_NETPACKETFILTER_2_H
#define NETCX_NETPACKETFILTER_2_H

#include <ntdef.h>

EXTERN_C_START

/* The values are those of NDIS_PACKET_TYPE_... */
typedef enum _NET_PACKET_FILTER_FLAGS NETCX_INT_ENUM {
	NetPacketFilterFlagDirected = 0x1,
	NetPacketFilterFlagMulticast = 0x2,
	NetPacketFilterFlagAllMulticast = 0x4,
	NetPacketFilterFlagBroadcast = 0x8,
	NetPacketFilterFlagPromiscuous = 0x20
} NET_PACKET_FILTER_FLAGS;
DEFINE_ENUM_FLAG_OPERATORS(NET_PACKET_FILTER_FLAGS)

EXTERN_C_END

#endif
