/* SPDX-License-Identifier: MIT */
/* The receive filter, as NetAdapterCx 2.x exports it. Source: DDI pages of netadapter.h. */
#include "cx/api/2/adapter.h"
#include "cx/api/2/verifier.h"
#include "nt/export.h"

/*
 * NetAdapterSetReceiveFilterCapabilities (2.1) - which frames the hardware can tell apart
 * Copied. IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT void netcx_2_NetAdapterSetReceiveFilterCapabilities(
	NETADAPTER Adapter, const NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES *Capabilities)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);
	NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES hardware;

	cx_verify_passive(at);
	cx_verify_size(at, Capabilities, NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES);
	hardware = *Capabilities; /* what is checked is what counts */
	cx2_verify_receive_filter(at, &hardware);
	cx_verify_not_started(at, a);
	cx2_declare_receive_filter(cx2_adapter(a), &hardware);
}

/* NetReceiveFilterGetPacketFilter (2.1) - as NDIS has set it. IRQL: <= DISPATCH_LEVEL. */
NETCX_EXPORT NET_PACKET_FILTER_FLAGS
netcx_2_NetReceiveFilterGetPacketFilter(NETRECEIVEFILTER ReceiveFilter)
{
	return (NET_PACKET_FILTER_FLAGS)cx2_filter_of(CX_SITE(NULL), ReceiveFilter)->packet_filter;
}

/* NetReceiveFilterGetMulticastAddressCount (2.1) - of the list. IRQL: <= DISPATCH_LEVEL. */
NETCX_EXPORT SIZE_T netcx_2_NetReceiveFilterGetMulticastAddressCount(NETRECEIVEFILTER ReceiveFilter)
{
	return cx2_filter_of(CX_SITE(NULL), ReceiveFilter)->address_count;
}

/*
 * NetReceiveFilterGetMulticastAddressList (2.1) - good until EvtSetReceiveFilter returns
 * Return: NULL when it is empty. IRQL: <= DISPATCH_LEVEL.
 */
NETCX_EXPORT const NET_ADAPTER_LINK_LAYER_ADDRESS *netcx_2_NetReceiveFilterGetMulticastAddressList(
	NETRECEIVEFILTER ReceiveFilter)
{
	return cx2_filter_of(CX_SITE(NULL), ReceiveFilter)->addresses;
}

/* NetAdapterSetPacketFilterCapabilities (preview of 2.0) - its half of the above. PASSIVE_LEVEL. */
NETCX_EXPORT void netcx_2_NetAdapterSetPacketFilterCapabilities(
	NETADAPTER Adapter, const NET_ADAPTER_PACKET_FILTER_CAPABILITIES *PacketFilter)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);
	NET_ADAPTER_PACKET_FILTER_CAPABILITIES hardware;

	cx_verify_passive(at);
	cx_verify_size(at, PacketFilter, NET_ADAPTER_PACKET_FILTER_CAPABILITIES);
	hardware = *PacketFilter; /* what is checked is what counts */
	cx2_verify_packet_filter(at, &hardware);
	cx_verify_not_started(at, a);
	cx2_declare_packet_filter(cx2_adapter(a), &hardware);
}

/* NetAdapterSetMulticastCapabilities (preview of 2.0) - the other half. PASSIVE_LEVEL. */
NETCX_EXPORT void netcx_2_NetAdapterSetMulticastCapabilities(
	NETADAPTER Adapter, const NET_ADAPTER_MULTICAST_CAPABILITIES *MulticastList)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);

	cx_verify_passive(at);
	cx_verify_size(at, MulticastList, NET_ADAPTER_MULTICAST_CAPABILITIES);
	cx_verify_not_started(at, a);
	cx2_declare_multicast(cx2_adapter(a), MulticastList);
}
