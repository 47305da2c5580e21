/* SPDX-License-Identifier: MIT */
/*
 * filter.c - which frames the stack wants. It tells packet filter and multicast list in one
 * callback, first when the adapter has started, then whenever either changes. The sender looks
 * before it copies.
 */
#include "virtual.h"

static EVT_NET_ADAPTER_SET_RECEIVE_FILTER EvtAdapterSetReceiveFilter;

VOID VirtFilterDeclare(VIRT_ADAPTER *Adapter)
{
	NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES capabilities;

	WdfSpinLockAcquire(Adapter->PortLock);
	Adapter->Port.Filter = 0;
	Adapter->Port.MulticastCount = 0;
	RtlCopyMemory(Adapter->Port.Address, Adapter->CurrentAddress, VIRT_ADDRESS);
	WdfSpinLockRelease(Adapter->PortLock);

	NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES_INIT(&capabilities, EvtAdapterSetReceiveFilter);
	capabilities.SupportedPacketFilters =
		NetPacketFilterFlagDirected | NetPacketFilterFlagMulticast |
		NetPacketFilterFlagAllMulticast | NetPacketFilterFlagBroadcast |
		NetPacketFilterFlagPromiscuous;
	capabilities.MaximumMulticastAddresses = VIRT_MULTICAST;
	NetAdapterSetReceiveFilterCapabilities(Adapter->NetAdapter, &capabilities);
}

/* The handle, and the list behind it, are good until this returns. */
_Use_decl_annotations_ static VOID EvtAdapterSetReceiveFilter(NETADAPTER NetAdapter,
							      NETRECEIVEFILTER Handle)
{
	VIRT_ADAPTER *adapter = VirtGetAdapter(NetAdapter);
	const NET_ADAPTER_LINK_LAYER_ADDRESS *list =
		NetReceiveFilterGetMulticastAddressList(Handle);
	SIZE_T count = NetReceiveFilterGetMulticastAddressCount(Handle);
	SIZE_T i;

	PAGED_CODE();

	WdfSpinLockAcquire(adapter->PortLock);
	adapter->Port.Filter = NetReceiveFilterGetPacketFilter(Handle);
	adapter->Port.MulticastCount = min(count, VIRT_MULTICAST);
	for (i = 0; i < adapter->Port.MulticastCount; i++)
		RtlCopyMemory(adapter->Port.Multicast[i], list[i].Address, VIRT_ADDRESS);
	WdfSpinLockRelease(adapter->PortLock);
}

static BOOLEAN VirtFilterIs(const UCHAR *Destination, const UCHAR *Address)
{
	return RtlCompareMemory(Destination, Address, VIRT_ADDRESS) == VIRT_ADDRESS;
}

static BOOLEAN VirtFilterHasMulticast(const VIRT_PORT *Port, const UCHAR *Destination)
{
	SIZE_T i;

	for (i = 0; i < Port->MulticastCount; i++)
		if (VirtFilterIs(Destination, Port->Multicast[i]))
			return TRUE;
	return FALSE;
}

BOOLEAN
VirtFilterAccepts(const VIRT_PORT *Port, const UCHAR *Destination)
{
	static const UCHAR broadcast[VIRT_ADDRESS] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };

	if (Port->Filter & NetPacketFilterFlagPromiscuous)
		return TRUE;
	if ((Destination[0] & 1) == 0)
		return (Port->Filter & NetPacketFilterFlagDirected) &&
		       VirtFilterIs(Destination, Port->Address);
	if (VirtFilterIs(Destination, broadcast))
		return (Port->Filter & NetPacketFilterFlagBroadcast) != 0;
	if (Port->Filter & NetPacketFilterFlagAllMulticast)
		return TRUE;
	return (Port->Filter & NetPacketFilterFlagMulticast) &&
	       VirtFilterHasMulticast(Port, Destination);
}
