/* SPDX-License-Identifier: MIT */
/*
 * netadapterfilter.h - which frames an adapter is to receive. Part of netadapter.h, in 2.0 of
 * preview/netadapter.h.
 */
#ifndef NETCX_NETADAPTERFILTER_2_H
#define NETCX_NETADAPTERFILTER_2_H

#include <parts/netadapterlink.h>

EXTERN_C_START

/* The values are those of NDIS_PACKET_TYPE_... */
typedef enum _NET_PACKET_FILTER_FLAGS NETCX_INT_ENUM {
	NetPacketFilterFlagDirected = 0x1,
	NetPacketFilterFlagMulticast = 0x2,
	NetPacketFilterFlagAllMulticast = 0x4,
	NetPacketFilterFlagBroadcast = 0x8,
	NetPacketFilterFlagPromiscuous = 0x20
} NET_PACKET_FILTER_FLAGS;
DEFINE_ENUM_FLAG_OPERATORS(NET_PACKET_FILTER_FLAGS)

/* The filter or the list has changed; the handle is good until it returns. PASSIVE_LEVEL */
typedef void EVT_NET_ADAPTER_SET_RECEIVE_FILTER(_In_ NETADAPTER Adapter,
						_In_ NETRECEIVEFILTER Handle);
typedef EVT_NET_ADAPTER_SET_RECEIVE_FILTER *PFN_NET_ADAPTER_SET_RECEIVE_FILTER;

typedef struct _NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES {
	ULONG Size;
	NET_PACKET_FILTER_FLAGS SupportedPacketFilters;
	SIZE_T MaximumMulticastAddresses;
	PFN_NET_ADAPTER_SET_RECEIVE_FILTER EvtSetReceiveFilter;
} NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES, *PNET_ADAPTER_RECEIVE_FILTER_CAPABILITIES;

FORCEINLINE void NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES_INIT(
	NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES *Capabilities,
	PFN_NET_ADAPTER_SET_RECEIVE_FILTER EvtSetReceiveFilter)
{
	WDF_STRUCT_INIT(Capabilities, NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES);
	Capabilities->EvtSetReceiveFilter = EvtSetReceiveFilter;
}

/* Before NetAdapterStart. PASSIVE_LEVEL */
void NetAdapterSetReceiveFilterCapabilities(
	NETADAPTER Adapter, const NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES *Capabilities)
	NETCX_SYMBOL(NetAdapterSetReceiveFilterCapabilities);

/* Inside EvtSetReceiveFilter, on its thread. IRQL: <= DISPATCH_LEVEL */
NET_PACKET_FILTER_FLAGS NetReceiveFilterGetPacketFilter(NETRECEIVEFILTER ReceiveFilter)
	NETCX_SYMBOL(NetReceiveFilterGetPacketFilter);
SIZE_T NetReceiveFilterGetMulticastAddressCount(NETRECEIVEFILTER ReceiveFilter)
	NETCX_SYMBOL(NetReceiveFilterGetMulticastAddressCount);
const NET_ADAPTER_LINK_LAYER_ADDRESS *NetReceiveFilterGetMulticastAddressList(
	NETRECEIVEFILTER ReceiveFilter) NETCX_SYMBOL(NetReceiveFilterGetMulticastAddressList);

EXTERN_C_END

#endif
