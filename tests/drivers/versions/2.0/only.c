/* SPDX-License-Identifier: MIT */
/*
 * Only 2.0: the checksums of all directions in one capability, and what its preview headers have:
 * LSO and RSC by a flag for each family, packet filter and multicast list by a callback each.
 */
#include "adapter.h"

#include <preview/netadapter.h>
#include <preview/netadapteroffload.h>

static EVT_NET_ADAPTER_OFFLOAD_SET_CHECKSUM EvtSetChecksum;
static EVT_NET_ADAPTER_OFFLOAD_SET_LSO EvtSetLso;
static EVT_NET_ADAPTER_OFFLOAD_SET_RSC EvtSetRsc;
static EVT_NET_ADAPTER_SET_PACKET_FILTER EvtSetPacketFilter;
static EVT_NET_ADAPTER_SET_MULTICAST_LIST EvtSetMulticastList;

C_ASSERT(sizeof(NET_PACKET_QUEUE_CONFIG) == 48);

_Use_decl_annotations_ static VOID EvtSetChecksum(NETADAPTER Adapter, NETOFFLOAD Offload)
{
	UNREFERENCED_PARAMETER(Adapter);
	HOLDS("checksums", NetOffloadIsChecksumIPv4Enabled(Offload) &&
				   NetOffloadIsChecksumTcpEnabled(Offload) &&
				   NetOffloadIsChecksumUdpEnabled(Offload));
}

_Use_decl_annotations_ static VOID EvtSetLso(NETADAPTER Adapter, NETOFFLOAD Offload)
{
	UNREFERENCED_PARAMETER(Adapter);
	HOLDS("LSO", NetOffloadIsLsoIPv4Enabled(Offload) && NetOffloadIsLsoIPv6Enabled(Offload));
}

_Use_decl_annotations_ static VOID EvtSetRsc(NETADAPTER Adapter, NETOFFLOAD Offload)
{
	UNREFERENCED_PARAMETER(Adapter);
	HOLDS("RSC", NetOffloadIsRscIPv4Enabled(Offload) && NetOffloadIsRscIPv6Enabled(Offload) &&
			     !NetOffloadIsRscTimestampEnabled(Offload));
}

_Use_decl_annotations_ static VOID EvtSetPacketFilter(NETADAPTER Adapter,
						      NET_PACKET_FILTER_FLAGS PacketFilter)
{
	UNREFERENCED_PARAMETER(Adapter);
	HOLDS("packet filter",
	      PacketFilter == (NetPacketFilterFlagDirected | NetPacketFilterFlagMulticast |
			       NetPacketFilterFlagBroadcast));
}

_Use_decl_annotations_ static VOID EvtSetMulticastList(
	NETADAPTER Adapter, ULONG MulticastAddressCount,
	NET_ADAPTER_LINK_LAYER_ADDRESS *MulticastAddressList)
{
	UNREFERENCED_PARAMETER(Adapter);
	UNREFERENCED_PARAMETER(MulticastAddressList);
	HOLDS("multicast list", MulticastAddressCount <= 8);
}

_Use_decl_annotations_ VOID OnlyDeclare(WDFDEVICE Device, NETADAPTER Adapter)
{
	NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES checksum;
	NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES lso;
	NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES rsc;
	NET_ADAPTER_PACKET_FILTER_CAPABILITIES filter;
	NET_ADAPTER_MULTICAST_CAPABILITIES multicast;

	UNREFERENCED_PARAMETER(Device);
	NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES_INIT(&checksum, TRUE, TRUE, TRUE, EvtSetChecksum);
	NetAdapterOffloadSetChecksumCapabilities(Adapter, &checksum);
	NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES_INIT(&lso, TRUE, TRUE, 64000, 2, EvtSetLso);
	NetAdapterOffloadSetLsoCapabilities(Adapter, &lso);
	NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES_INIT(&rsc, TRUE, TRUE, FALSE, EvtSetRsc);
	NetAdapterOffloadSetRscCapabilities(Adapter, &rsc);
	NET_ADAPTER_PACKET_FILTER_CAPABILITIES_INIT(&filter,
						    NetPacketFilterFlagDirected |
							    NetPacketFilterFlagMulticast |
							    NetPacketFilterFlagBroadcast,
						    EvtSetPacketFilter);
	NetAdapterSetPacketFilterCapabilities(Adapter, &filter);
	NET_ADAPTER_MULTICAST_CAPABILITIES_INIT(&multicast, 8, EvtSetMulticastList);
	NetAdapterSetMulticastCapabilities(Adapter, &multicast);
}

_Use_decl_annotations_ VOID OnlyStarted(WDFDEVICE Device, NETADAPTER Adapter)
{
	UNREFERENCED_PARAMETER(Device);
	UNREFERENCED_PARAMETER(Adapter);
}

_Use_decl_annotations_ VOID OnlyConfigureQueue(NET_PACKET_QUEUE_CONFIG *Config)
{
	HOLDS("configuration of a queue", Config->Size == 48);
}

_Use_decl_annotations_ NTSTATUS OnlyReceiveQueue(NETPACKETQUEUE Queue)
{
	UNREFERENCED_PARAMETER(Queue);
	return STATUS_SUCCESS;
}

_Use_decl_annotations_ VOID OnlyReceived(ADAPTER_QUEUE *Queue, UINT32 PacketIndex)
{
	UNREFERENCED_PARAMETER(Queue);
	UNREFERENCED_PARAMETER(PacketIndex);
}

VOID OnlyStopped(VOID)
{
}
