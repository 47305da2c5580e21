/* SPDX-License-Identifier: MIT */
/*
 * netadaptertxdemux.h - transmit queues by what a packet is: one for each 802.1p priority. Part of
 * netadaptercx.h, from 2.1 on.
 */
#ifndef NETCX_NETADAPTERTXDEMUX_2_H
#define NETCX_NETADAPTERTXDEMUX_2_H

#include <netadaptercxtypes.h>

#if NETCX_SINCE(1)

EXTERN_C_START

typedef enum _NET_ADAPTER_TX_DEMUX_TYPE NETCX_INT_ENUM {
	NetAdapterTxDemuxType8021p = 1
} NET_ADAPTER_TX_DEMUX_TYPE;

typedef struct _NET_ADAPTER_TX_DEMUX {
	ULONG Size;
	NET_ADAPTER_TX_DEMUX_TYPE Type;
	UINT8 Range; /* queues: 2 to 8 */
} NET_ADAPTER_TX_DEMUX, *PNET_ADAPTER_TX_DEMUX;

FORCEINLINE void NET_ADAPTER_TX_8021P_DEMUX_INIT(NET_ADAPTER_TX_DEMUX *Demux)
{
	WDF_STRUCT_INIT(Demux, NET_ADAPTER_TX_DEMUX);
	Demux->Type = NetAdapterTxDemuxType8021p;
	Demux->Range = 8;
}

/* A MAC address. */
typedef union _NET_EUI48_ADDRESS {
	UINT8 Value[6];
} NET_EUI48_ADDRESS, *PNET_EUI48_ADDRESS;

/* Before NetAdapterCreate. PASSIVE_LEVEL */
void NetAdapterInitAddTxDemux(NETADAPTER_INIT *AdapterInit, const NET_ADAPTER_TX_DEMUX *Demux)
	NETCX_SYMBOL(NetAdapterInitAddTxDemux);

#if NETCX_SINCE(4)
/*
 * Of WiFi: only WifiCx makes queues by WMM class or by peer, and only for a driver of its own. Each
 * is a violation for any other driver. PASSIVE_LEVEL
 */
UINT8 NetTxQueueGetDemuxWmmInfo(NETPACKETQUEUE Queue) NETCX_SYMBOL(NetTxQueueGetDemuxWmmInfo);
NET_EUI48_ADDRESS NetTxQueueGetDemuxPeerAddress(NETPACKETQUEUE Queue)
	NETCX_SYMBOL(NetTxQueueGetDemuxPeerAddress);
void NetAdapterWifiDestroyPeerAddressDatapath(NETADAPTER Adapter, SIZE_T Demux)
	NETCX_SYMBOL(NetAdapterWifiDestroyPeerAddressDatapath);
#endif

EXTERN_C_END

#endif

#endif
