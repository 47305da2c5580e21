/* SPDX-License-Identifier: MIT */
/* checksumtypes.h - the checksum extension of a packet. Part of netpacket.h. */
#ifndef NETCX_CHECKSUMTYPES_H
#define NETCX_CHECKSUMTYPES_H

#include <ntdef.h>

#define NET_PACKET_EXTENSION_CHECKSUM_NAME           NETCX_WIDE("ms_packet_checksum")
#define NET_PACKET_EXTENSION_CHECKSUM_VERSION_1      1U
#define NET_PACKET_EXTENSION_CHECKSUM_VERSION_1_SIZE sizeof(NET_PACKET_CHECKSUM)

/* transmit: what the hardware has to do */
typedef enum _NET_PACKET_TX_CHECKSUM_ACTION NETCX_INT_ENUM {
	NET_PACKET_TX_CHECKSUM_PASSTHROUGH = 0,
	NET_PACKET_TX_CHECKSUM_REQUIRED = 2
} NET_PACKET_TX_CHECKSUM_ACTION;

/* receive: what the hardware found */
typedef enum _NET_PACKET_RX_CHECKSUM_EVALUATION NETCX_INT_ENUM {
	NET_PACKET_RX_CHECKSUM_NOT_CHECKED = 0,
	NET_PACKET_RX_CHECKSUM_VALID = 1,
	NET_PACKET_RX_CHECKSUM_INVALID = 2
} NET_PACKET_RX_CHECKSUM_EVALUATION;

typedef struct _NET_PACKET_CHECKSUM {
	UINT8 Layer2 : 2;
	UINT8 Layer3 : 2; /* the IPv4 header's */
	UINT8 Layer4 : 2; /* TCP's or UDP's */
	UINT8 Reserved : 2;
} NET_PACKET_CHECKSUM, *PNET_PACKET_CHECKSUM;
C_ASSERT(sizeof(NET_PACKET_CHECKSUM) == 1);

#endif
