/* SPDX-License-Identifier: MIT */
/* netpacket.h - packets, fragments and the framework's packet extensions. Part of netadaptercx.h.
 */
#ifndef NETCX_NETPACKET_H
#define NETCX_NETPACKET_H

#include <parts/wdmmm.h>
#include <packet.h>
#include <checksumtypes.h>
#include <lsotypes.h>
#include <rsctypes.h>

typedef PHYSICAL_ADDRESS LOGICAL_ADDRESS;

/* One buffer of a packet: an element of the fragment ring. The sizes are in bytes. */
typedef struct _NET_PACKET_FRAGMENT {
	UINT64 OsReserved_Bounced : 1;
	UINT64 Reserved : 63;
	union {
		struct {
			PVOID RxBufferReturnContext; /* receive buffers of the driver's own */
		};
		union {
			PMDL Mdl;
			LOGICAL_ADDRESS DmaLogicalAddress;
			UINT64 AsInteger;
		} Mapping; /* all others */
	};
	PVOID VirtualAddress;
	UINT64 ValidLength; /* of the data */
	UINT64 Capacity;    /* of the buffer */
	UINT64 Offset;      /* from the buffer's start to the data */
	UINT64 NetPacketFragmentReserved1;
	PVOID Scratch; /* the driver's */
} NET_PACKET_FRAGMENT, *PNET_PACKET_FRAGMENT;
C_ASSERT(sizeof(NET_PACKET_FRAGMENT) == 64);
C_ASSERT(offsetof(NET_PACKET_FRAGMENT, Mapping) == 8);
C_ASSERT(offsetof(NET_PACKET_FRAGMENT, VirtualAddress) == 16);
C_ASSERT(offsetof(NET_PACKET_FRAGMENT, Scratch) == 56);

/* @offset: from NetTx/RxQueueGetPacketExtensionOffset, and not NET_PACKET_EXTENSION_INVALID_OFFSET
 */
FORCEINLINE NET_PACKET_CHECKSUM *NetPacketGetPacketChecksum(const NET_PACKET *packet, SIZE_T offset)
{
	return (NET_PACKET_CHECKSUM *)NetPacketGetExtension(packet, offset);
}

FORCEINLINE NET_PACKET_LARGE_SEND_SEGMENTATION *NetPacketGetPacketLargeSendSegmentation(
	const NET_PACKET *packet, SIZE_T offset)
{
	return (NET_PACKET_LARGE_SEND_SEGMENTATION *)NetPacketGetExtension(packet, offset);
}

FORCEINLINE NET_PACKET_RECEIVE_SEGMENT_COALESCENCE *NetPacketGetPacketReceiveSegmentCoalescence(
	const NET_PACKET *packet, SIZE_T offset)
{
	return (NET_PACKET_RECEIVE_SEGMENT_COALESCENCE *)NetPacketGetExtension(packet, offset);
}

#endif
