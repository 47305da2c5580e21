/* SPDX-License-Identifier: MIT */
/*
 * net/packet.h - NET_PACKET, one element of a packet ring, and the layout of the headers in it.
 *
 * The bit-fields of one unit have one type and fill whole bytes, so that the layout is the same
 * with the rules of gcc and of MSVC. Part of netadaptercx.h.
 */
#ifndef NETCX_NET_PACKET_H
#define NETCX_NET_PACKET_H

#ifndef NETCX_ADAPTER_2
#error netadaptercx.h brings this header; it cannot be the first one
#endif

#include <ntdef.h>

EXTERN_C_START

typedef enum _NET_PACKET_LAYER2_TYPE NETCX_INT_ENUM {
	NetPacketLayer2TypeUnspecified = 0,
	NetPacketLayer2TypeNull = 1,
	NetPacketLayer2TypeEthernet = 2,
	NetPacketLayer2TypeIeee80211 = 3
} NET_PACKET_LAYER2_TYPE;

typedef enum _NET_PACKET_LAYER3_TYPE NETCX_INT_ENUM {
	NetPacketLayer3TypeUnspecified = 0,
	NetPacketLayer3TypeIPv4UnspecifiedOptions = 1,
	NetPacketLayer3TypeIPv4WithOptions = 2,
	NetPacketLayer3TypeIPv4NoOptions = 3,
	NetPacketLayer3TypeIPv6UnspecifiedExtensions = 4,
	NetPacketLayer3TypeIPv6WithExtensions = 5,
	NetPacketLayer3TypeIPv6NoExtensions = 6
} NET_PACKET_LAYER3_TYPE;

typedef enum _NET_PACKET_LAYER4_TYPE NETCX_INT_ENUM {
	NetPacketLayer4TypeUnspecified = 0,
	NetPacketLayer4TypeTcp = 1,
	NetPacketLayer4TypeUdp = 2,
	NetPacketLayer4TypeIPFragment = 3,
	NetPacketLayer4TypeIPNotFragment = 4
} NET_PACKET_LAYER4_TYPE;

/* Header lengths are in bytes. It lies in NET_PACKET at an odd place, so it has no padding. */
#pragma pack(push, 1)
typedef struct _NET_PACKET_LAYOUT {
	UINT16 Layer2HeaderLength : 7;
	UINT16 Layer3HeaderLength : 9;
	UINT8 Layer4HeaderLength : 8;
	UINT8 Layer2Type : 4; /* NET_PACKET_LAYER2_TYPE */
	UINT8 Layer3Type : 4; /* NET_PACKET_LAYER3_TYPE */
	UINT8 Layer4Type : 4; /* NET_PACKET_LAYER4_TYPE */
	UINT8 Reserved0 : 4;
} NET_PACKET_LAYOUT, *PNET_PACKET_LAYOUT;
#pragma pack(pop)
C_ASSERT(sizeof(NET_PACKET_LAYOUT) == 5);

typedef struct _NET_PACKET {
	UINT32 FragmentIndex; /* of the first fragment in the fragment ring */
	UINT16 FragmentCount;
	NET_PACKET_LAYOUT Layout;
	UINT8 Ignore : 1;  /* transmit: skip and return; receive: returned unused */
	UINT8 Scratch : 1; /* the driver's */
	UINT8 Reserved1 : 6;
} NET_PACKET, *PNET_PACKET;
C_ASSERT(sizeof(NET_PACKET) == 12);
C_ASSERT(offsetof(NET_PACKET, Layout) == 6);

FORCEINLINE void *NetPacketGetExtension(const NET_PACKET *packet, SIZE_T offset)
{
	return (void *)((ULONG_PTR)packet + offset);
}

FORCEINLINE BOOLEAN NetPacketIsIpv4(const NET_PACKET *packet)
{
	return packet->Layout.Layer3Type >= NetPacketLayer3TypeIPv4UnspecifiedOptions &&
	       packet->Layout.Layer3Type <= NetPacketLayer3TypeIPv4NoOptions;
}

FORCEINLINE BOOLEAN NetPacketIsIpv6(const NET_PACKET *packet)
{
	return packet->Layout.Layer3Type >= NetPacketLayer3TypeIPv6UnspecifiedExtensions &&
	       packet->Layout.Layer3Type <= NetPacketLayer3TypeIPv6NoExtensions;
}

EXTERN_C_END

#endif
