/* SPDX-License-Identifier: MIT */
/*
 * net/checksumtypes.h - what a packet asks of checksum offload, and what the hardware says of a
 * received one.
 */
#ifndef NETCX_NET_CHECKSUMTYPES_H
#define NETCX_NET_CHECKSUMTYPES_H

#include <ntdef.h>

#define NET_PACKET_EXTENSION_CHECKSUM_NAME      NETCX_WIDE("ms_packet_checksum")
#define NET_PACKET_EXTENSION_CHECKSUM_VERSION_1 1U

typedef enum _NET_PACKET_TX_CHECKSUM_ACTION NETCX_INT_ENUM {
	NetPacketTxChecksumActionPassthrough = 0,
	NetPacketTxChecksumActionRequired = 2
} NET_PACKET_TX_CHECKSUM_ACTION;

typedef enum _NET_PACKET_RX_CHECKSUM_EVALUATION NETCX_INT_ENUM {
	NetPacketRxChecksumEvaluationNotChecked = 0,
	NetPacketRxChecksumEvaluationValid = 1,
	NetPacketRxChecksumEvaluationInvalid = 2
} NET_PACKET_RX_CHECKSUM_EVALUATION;

/* Each of a NET_PACKET_TX_CHECKSUM_ACTION or a NET_PACKET_RX_CHECKSUM_EVALUATION. */
typedef struct _NET_PACKET_CHECKSUM {
	UINT8 Layer2 : 2;
	UINT8 Layer3 : 2;
	UINT8 Layer4 : 2;
	UINT8 Reserved : 2;
} NET_PACKET_CHECKSUM, *PNET_PACKET_CHECKSUM;
C_ASSERT(sizeof(NET_PACKET_CHECKSUM) == 1);

#endif
