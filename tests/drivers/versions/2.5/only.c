/* SPDX-License-Identifier: MIT */
/* Since 2.5: UDP datagrams are coalesced too, and a packet says how many and of which size. */
#include "adapter.h"

#include <net/rsc.h>

static EVT_NET_ADAPTER_OFFLOAD_SET_RSC EvtSetRsc;

_Use_decl_annotations_ static VOID EvtSetRsc(NETADAPTER Adapter, NETOFFLOAD Offload)
{
	UNREFERENCED_PARAMETER(Adapter);
	HOLDS("RSC of UDP", NetOffloadIsUdpRscEnabled(Offload));
	HOLDS("RSC of TCP",
	      NetOffloadIsTcpRscIPv4Enabled(Offload) && NetOffloadIsTcpRscIPv6Enabled(Offload));
}

_Use_decl_annotations_ VOID OnlyDeclare(WDFDEVICE Device, NETADAPTER Adapter)
{
	NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES rsc;

	UNREFERENCED_PARAMETER(Device);
	NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES_INIT(
		&rsc,
		NetAdapterOffloadLayer3FlagIPv4NoOptions |
			NetAdapterOffloadLayer3FlagIPv6NoExtensions,
		NetAdapterOffloadLayer4FlagTcpNoOptions | NetAdapterOffloadLayer4FlagUdp,
		EvtSetRsc);
	NetAdapterOffloadSetRscCapabilities(Adapter, &rsc);
}

_Use_decl_annotations_ VOID OnlyStarted(WDFDEVICE Device, NETADAPTER Adapter)
{
	UNREFERENCED_PARAMETER(Device);
	UNREFERENCED_PARAMETER(Adapter);
}

_Use_decl_annotations_ VOID OnlyConfigureQueue(NET_PACKET_QUEUE_CONFIG *Config)
{
	UNREFERENCED_PARAMETER(Config);
}

_Use_decl_annotations_ NTSTATUS OnlyReceiveQueue(NETPACKETQUEUE Queue)
{
	NET_EXTENSION *extension = &GetQueue(Queue)->Extension;
	NET_EXTENSION_QUERY query;

	NET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_RSC_NAME,
				 NET_PACKET_EXTENSION_RSC_VERSION_2, NetExtensionTypePacket);
	NetRxQueueGetExtension(Queue, &query, extension);
	HOLDS("version 2 of the extension", extension->Enabled);
	return extension->Enabled ? STATUS_SUCCESS : STATUS_NOT_SUPPORTED;
}

_Use_decl_annotations_ VOID OnlyReceived(ADAPTER_QUEUE *Queue, UINT32 PacketIndex)
{
	NET_PACKET_RSC *rsc = NetExtensionGetPacketRsc(&Queue->Extension, PacketIndex);

	rsc->UDP.CoalescedSegmentCount = 0;
	rsc->UDP.CoalescedSegmentSize = 0;
	HOLDS("a packet that is not coalesced", rsc->TCP.CoalescedSegmentCount == 0);
}

VOID OnlyStopped(VOID)
{
}
