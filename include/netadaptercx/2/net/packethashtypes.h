/* SPDX-License-Identifier: MIT */
/* net/packethashtypes.h - the hash that receive scaling has chosen a queue by. */
#ifndef NETCX_NET_PACKETHASHTYPES_H
#define NETCX_NET_PACKETHASHTYPES_H

#include <ntdef.h>

#define NET_PACKET_EXTENSION_HASH_NAME      NETCX_WIDE("ms_packet_hash")
#define NET_PACKET_EXTENSION_HASH_VERSION_1 1U

typedef enum _NET_PACKET_HASH_PROTOCOL_TYPE NETCX_INT_ENUM {
	NetPacketHashProtocolTypeNone = 0,
	NetPacketHashProtocolTypeIPv4 = 0x1,
	NetPacketHashProtocolTypeIPv4Options = 0x2,
	NetPacketHashProtocolTypeIPv6 = 0x4,
	NetPacketHashProtocolTypeIPv6Extensions = 0x8,
	NetPacketHashProtocolTypeTcp = 0x10,
	NetPacketHashProtocolTypeUdp = 0x20
} NET_PACKET_HASH_PROTOCOL_TYPE;

typedef struct _NET_PACKET_HASH {
	UINT32 HashValue;
	UINT16 ProtocolType; /* NET_PACKET_HASH_PROTOCOL_TYPE */
} NET_PACKET_HASH, *PNET_PACKET_HASH;
C_ASSERT(sizeof(NET_PACKET_HASH) == 8);

#endif
