/* SPDX-License-Identifier: MIT */
/* net/ieee8021qtypes.h - an 802.1Q tag that travels beside its packet. */
#ifndef NETCX_NET_IEEE8021QTYPES_H
#define NETCX_NET_IEEE8021QTYPES_H

#include <parts/netcxversion.h>
#include <ntdef.h>

#define NET_PACKET_EXTENSION_IEEE8021Q_NAME      NETCX_WIDE("ms_packet_ieee8021q")
#define NET_PACKET_EXTENSION_IEEE8021Q_VERSION_1 1U

/* Of TxTagging: what the hardware has to put into the tag. */
typedef enum _NET_PACKET_TX_IEEE8021Q_ACTION_FLAGS NETCX_INT_ENUM {
	NetPacketTxIeee8021qActionFlagPriorityRequired = 1,
	NetPacketTxIeee8021qActionFlagVlanRequired = 2
} NET_PACKET_TX_IEEE8021Q_ACTION_FLAGS;

typedef struct _NET_PACKET_IEEE8021Q {
	UINT16 PriorityCodePoint : 3;
	UINT16 VlanIdentifier : 12;
#if NETCX_UNTIL(0)
	__extension__ union {
		UINT8 TxTagging : 2;
		UINT8 Ieee8021pTag : 1; /* in late previews: a priority is required */
	};
#else
	UINT8 TxTagging : 2;
#endif
} NET_PACKET_IEEE8021Q, *PNET_PACKET_IEEE8021Q;
C_ASSERT(sizeof(NET_PACKET_IEEE8021Q) == 4);

#endif
