/* SPDX-License-Identifier: MIT */
/* txoffload.h - what a transmit packet asks the chip to compute, in the words of a descriptor. */
#pragma once

#include "adapter.h"
#include <net/checksum.h>
#include <net/gso.h>
#include <net/ieee8021q.h>

/* Where the packets of a queue carry their extensions; Enabled FALSE: they do not. */
typedef struct _RT_TX_EXTENSIONS {
	NET_EXTENSION Checksum;
	NET_EXTENSION Gso;
	NET_EXTENSION Tag;
} RT_TX_EXTENSIONS;

/* Words for each descriptor of the packet */
typedef struct _RT_TX_OFFLOAD {
	USHORT Status;
	USHORT Offload;
	USHORT Vlan;
} RT_TX_OFFLOAD;

VOID RtTxOffloadQueryExtensions(NETPACKETQUEUE Queue, RT_TX_EXTENSIONS *Extensions);
BOOLEAN RtTxOffloadGet(const RT_ADAPTER *Adapter, const RT_TX_EXTENSIONS *Extensions,
		       const NET_PACKET *Packet, UINT32 PacketIndex, RT_TX_OFFLOAD *Offload);
