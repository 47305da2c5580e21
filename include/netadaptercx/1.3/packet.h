/* SPDX-License-Identifier: MIT */
/*
 * packet.h - NET_PACKET, one element of a packet ring, and the layout of the headers in it.
 *
 * The bit-fields of one unit have one type and fill whole bytes, so that the layout is the same
 * with the rules of gcc and of MSVC. Part of netpacket.h.
 */
#ifndef NETCX_PACKET_H
#define NETCX_PACKET_H

#include <ntdef.h>

typedef enum _NET_PACKET_LAYER2_TYPE NETCX_INT_ENUM {
	NET_PACKET_LAYER2_TYPE_UNSPECIFIED = 0,
	NET_PACKET_LAYER2_TYPE_NULL = 1,
	NET_PACKET_LAYER2_TYPE_ETHERNET = 2
} NET_PACKET_LAYER2_TYPE;

typedef enum _NET_PACKET_LAYER3_TYPE NETCX_INT_ENUM {
	NET_PACKET_LAYER3_TYPE_UNSPECIFIED = 0,
	NET_PACKET_LAYER3_TYPE_IPV4_UNSPECIFIED_OPTIONS = 1,
	NET_PACKET_LAYER3_TYPE_IPV4_WITH_OPTIONS = 2,
	NET_PACKET_LAYER3_TYPE_IPV4_NO_OPTIONS = 3,
	NET_PACKET_LAYER3_TYPE_IPV6_UNSPECIFIED_EXTENSIONS = 4,
	NET_PACKET_LAYER3_TYPE_IPV6_WITH_EXTENSIONS = 5,
	NET_PACKET_LAYER3_TYPE_IPV6_NO_EXTENSIONS = 6
} NET_PACKET_LAYER3_TYPE;

typedef enum _NET_PACKET_LAYER4_TYPE NETCX_INT_ENUM {
	NET_PACKET_LAYER4_TYPE_UNSPECIFIED = 0,
	NET_PACKET_LAYER4_TYPE_TCP = 1,
	NET_PACKET_LAYER4_TYPE_UDP = 2,
	NET_PACKET_LAYER4_TYPE_IP_NOT_FRAGMENTED = 3,
	NET_PACKET_LAYER4_TYPE_IP_FRAGMENT = 4
} NET_PACKET_LAYER4_TYPE;

/* Header lengths are in bytes. */
typedef struct _NET_PACKET_LAYOUT {
	UINT8 Layer2Type : 4; /* NET_PACKET_LAYER2_TYPE */
	UINT8 Layer3Type : 4; /* NET_PACKET_LAYER3_TYPE */
	UINT8 Layer4Type : 4; /* NET_PACKET_LAYER4_TYPE */
	UINT8 Reserved : 4;
	UINT16 Layer2HeaderLength : 7;
	UINT16 Layer3HeaderLength : 9;
	UINT8 Layer4HeaderLength;
} NET_PACKET_LAYOUT, *PNET_PACKET_LAYOUT;
C_ASSERT(sizeof(NET_PACKET_LAYOUT) == 6);
C_ASSERT(offsetof(NET_PACKET_LAYOUT, Layer4HeaderLength) == 4);

/* Behind it in each element: the driver's contexts, then the extensions. Aligned for pointers in
 * them. */
typedef struct DECLSPEC_ALIGN(8) _NET_PACKET {
	UINT32 FragmentOffset; /* index of the first fragment in the fragment ring */
	UINT16 FragmentCount;
	NET_PACKET_LAYOUT Layout;
	UINT8 IgnoreThisPacket : 1; /* transmit: skip and return; receive: returned unused */
	UINT8 AdvancedOffloadRequested : 1;
	UINT8 Completed : 1; /* the driver's, for NetRingBufferReturnCompletedPackets */
	UINT8 NetPacketReserved0 : 5;
	UINT8 NetPacketReserved1[3];
} NET_PACKET, *PNET_PACKET;
C_ASSERT(sizeof(NET_PACKET) == 16);
C_ASSERT(offsetof(NET_PACKET, Layout) == 6);
C_ASSERT(offsetof(NET_PACKET, NetPacketReserved1) == 13);

FORCEINLINE PVOID NetPacketGetExtension(const NET_PACKET *packet, SIZE_T offset)
{
	return (PVOID)((ULONG_PTR)packet + offset);
}

FORCEINLINE BOOLEAN NetPacketIsIpv4(const NET_PACKET *packet)
{
	return packet->Layout.Layer3Type >= NET_PACKET_LAYER3_TYPE_IPV4_UNSPECIFIED_OPTIONS &&
	       packet->Layout.Layer3Type <= NET_PACKET_LAYER3_TYPE_IPV4_NO_OPTIONS;
}

FORCEINLINE BOOLEAN NetPacketIsIpv6(const NET_PACKET *packet)
{
	return packet->Layout.Layer3Type >= NET_PACKET_LAYER3_TYPE_IPV6_UNSPECIFIED_EXTENSIONS &&
	       packet->Layout.Layer3Type <= NET_PACKET_LAYER3_TYPE_IPV6_NO_EXTENSIONS;
}

#endif
