/* SPDX-License-Identifier: MIT */
/*
 * receivefilter.c - which frames the stack wants. It tells packet filter and multicast list in one
 * callback, first when the adapter has started, then whenever either changes.
 */
#include "framework.h"

static EVT_NET_ADAPTER_SET_RECEIVE_FILTER EvtAdapterSetReceiveFilter;

VOID
RtReceiveFilterDeclare(RT_ADAPTER *Adapter)
{
	NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES capabilities;

	NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES_INIT(&capabilities, EvtAdapterSetReceiveFilter);
	capabilities.SupportedPacketFilters =
		NetPacketFilterFlagDirected | NetPacketFilterFlagMulticast |
		NetPacketFilterFlagAllMulticast | NetPacketFilterFlagBroadcast |
		NetPacketFilterFlagPromiscuous;
	capabilities.MaximumMulticastAddresses = RT_MULTICAST_ADDRESSES;
	NetAdapterSetReceiveFilterCapabilities(Adapter->NetAdapter, &capabilities);
}

/* The handle, and the list behind it, are good until this returns. */
_Use_decl_annotations_ static VOID
EvtAdapterSetReceiveFilter(NETADAPTER NetAdapter, NETRECEIVEFILTER Handle)
{
	RT_ADAPTER *adapter = RtGetAdapter(NetAdapter);
	const NET_ADAPTER_LINK_LAYER_ADDRESS *list =
		NetReceiveFilterGetMulticastAddressList(Handle);
	SIZE_T count = NetReceiveFilterGetMulticastAddressCount(Handle);
	UCHAR hash[RT_MULTICAST_HASH] = { 0 };
	SIZE_T i;

	PAGED_CODE();

	for (i = 0; i < count; i++)
		RtFilterHashAddress(hash, list[i].Address);

	RtFilterSetPacketFilter(adapter, NetReceiveFilterGetPacketFilter(Handle));
	RtFilterSetMulticastHash(adapter, hash);
	RtFilterApply(adapter);
}
