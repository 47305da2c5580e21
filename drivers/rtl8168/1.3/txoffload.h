/* SPDX-License-Identifier: MIT */
/* txoffload.h - what a transmit packet asks the chip to compute, in the words of a descriptor. */
#pragma once

#include "adapter.h"

/* Where the packets of a queue carry their extensions; NET_PACKET_EXTENSION_INVALID_OFFSET: they do
 * not. */
typedef struct _RT_TX_EXTENSIONS {
	SIZE_T ChecksumOffset;
	SIZE_T LsoOffset;
} RT_TX_EXTENSIONS;

/* Bits for each descriptor of the packet */
typedef struct _RT_TX_OFFLOAD {
	USHORT Status;
	USHORT Offload;
} RT_TX_OFFLOAD;

VOID RtTxOffloadQueryExtensions(NETPACKETQUEUE Queue, RT_TX_EXTENSIONS *Extensions);
BOOLEAN RtTxOffloadGet(const RT_ADAPTER *Adapter, const RT_TX_EXTENSIONS *Extensions,
		       const NET_PACKET *Packet, RT_TX_OFFLOAD *Offload);
