/* SPDX-License-Identifier: MIT */
/*
 * preview/netadapter.h - packet filter and multicast list of 2.0, each a capability of its own.
 * From 2.1 on netadapter.h has both in one. PASSIVE_LEVEL
 */
#ifndef NETCX_PREVIEW_NETADAPTER_H
#define NETCX_PREVIEW_NETADAPTER_H

#include <netadaptercx.h>

#if NETCX_PREVIEW_2_0

#if NETCX_UNTIL(0)
/* Late previews, such as build 20141's, had the filter of 2.1 instead. */
DECLARE_HANDLE(NETRECEIVEFILTER);
#endif
#include <parts/netadapterfilter.h>

EXTERN_C_START

typedef void EVT_NET_ADAPTER_SET_PACKET_FILTER(_In_ NETADAPTER Adapter,
					       _In_ NET_PACKET_FILTER_FLAGS PacketFilter);
typedef EVT_NET_ADAPTER_SET_PACKET_FILTER *PFN_NET_ADAPTER_SET_PACKET_FILTER;

typedef struct _NET_ADAPTER_PACKET_FILTER_CAPABILITIES {
	ULONG Size;
	NET_PACKET_FILTER_FLAGS SupportedPacketFilters;
	PFN_NET_ADAPTER_SET_PACKET_FILTER EvtSetPacketFilter;
} NET_ADAPTER_PACKET_FILTER_CAPABILITIES, *PNET_ADAPTER_PACKET_FILTER_CAPABILITIES;

FORCEINLINE void NET_ADAPTER_PACKET_FILTER_CAPABILITIES_INIT(
	NET_ADAPTER_PACKET_FILTER_CAPABILITIES *PacketFilter, NET_PACKET_FILTER_FLAGS Filters,
	PFN_NET_ADAPTER_SET_PACKET_FILTER EvtSetPacketFilter)
{
	WDF_STRUCT_INIT(PacketFilter, NET_ADAPTER_PACKET_FILTER_CAPABILITIES);
	PacketFilter->SupportedPacketFilters = Filters;
	PacketFilter->EvtSetPacketFilter = EvtSetPacketFilter;
}

/* The list is good until it returns. */
typedef void EVT_NET_ADAPTER_SET_MULTICAST_LIST(
	_In_ NETADAPTER Adapter, _In_ ULONG MulticastAddressCount,
	_In_ NET_ADAPTER_LINK_LAYER_ADDRESS *MulticastAddressList);
typedef EVT_NET_ADAPTER_SET_MULTICAST_LIST *PFN_NET_ADAPTER_SET_MULTICAST_LIST;

typedef struct _NET_ADAPTER_MULTICAST_CAPABILITIES {
	ULONG Size;
	ULONG MaxMulticastAddresses;
	PFN_NET_ADAPTER_SET_MULTICAST_LIST EvtSetMulticastList;
} NET_ADAPTER_MULTICAST_CAPABILITIES, *PNET_ADAPTER_MULTICAST_CAPABILITIES;

FORCEINLINE void NET_ADAPTER_MULTICAST_CAPABILITIES_INIT(
	NET_ADAPTER_MULTICAST_CAPABILITIES *MulticastList, ULONG MaxMulticastAddresses,
	PFN_NET_ADAPTER_SET_MULTICAST_LIST EvtSetMulticastList)
{
	WDF_STRUCT_INIT(MulticastList, NET_ADAPTER_MULTICAST_CAPABILITIES);
	MulticastList->MaxMulticastAddresses = MaxMulticastAddresses;
	MulticastList->EvtSetMulticastList = EvtSetMulticastList;
}

/* Before NetAdapterStart. */
void NetAdapterSetPacketFilterCapabilities(
	NETADAPTER Adapter, const NET_ADAPTER_PACKET_FILTER_CAPABILITIES *PacketFilter)
	NETCX_SYMBOL(NetAdapterSetPacketFilterCapabilities);
void NetAdapterSetMulticastCapabilities(NETADAPTER Adapter,
					const NET_ADAPTER_MULTICAST_CAPABILITIES *MulticastList)
	NETCX_SYMBOL(NetAdapterSetMulticastCapabilities);

EXTERN_C_END

#endif

#endif
