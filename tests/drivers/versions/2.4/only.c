/* SPDX-License-Identifier: MIT */
/*
 * Since 2.4: offloads are paused and resumed, the reason of a wake-up can be asked for, and a
 * driver may meet an older framework than the one it was built for: the project sets
 * NETADAPTER_MINIMUM_VERSION_REQUIRED.
 */
#include "adapter.h"

C_ASSERT(NET_VERSION_MINOR >= 4 && NET_MINIMUM_VERSION_REQUIRED == 4);

static EVT_NET_ADAPTER_OFFLOAD_SET_RX_CHECKSUM EvtSetRxChecksum;
static ULONG Calls;

_Use_decl_annotations_ static VOID EvtSetRxChecksum(NETADAPTER Adapter, NETOFFLOAD Offload)
{
	BOOLEAN on = NetOffloadIsRxChecksumTcpEnabled(Offload);

	UNREFERENCED_PARAMETER(Adapter);
	switch (Calls++) {
	case 0:
		HOLDS("on at start", on);
		break;
	case 1:
		HOLDS("off while paused", !on);
		break;
	default:
		HOLDS("on when resumed", on);
		break;
	}
}

_Use_decl_annotations_ VOID OnlyDeclare(WDFDEVICE Device, NETADAPTER Adapter)
{
	NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES checksum;

	UNREFERENCED_PARAMETER(Device);
	NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES_INIT(&checksum, EvtSetRxChecksum);
	NetAdapterOffloadSetRxChecksumCapabilities(Adapter, &checksum);
}

_Use_decl_annotations_ VOID OnlyStarted(WDFDEVICE Device, NETADAPTER Adapter)
{
	UNREFERENCED_PARAMETER(Device);
	NetAdapterPauseOffloadCapabilities(Adapter);
	HOLDS("told of the pause", Calls == 2);
	NetAdapterResumeOffloadCapabilities(Adapter);
	HOLDS("told of the resume", Calls == 3);
	HOLDS("wake reason", NetAdapterQueryWakeReason(Adapter) == NetWakeReasonTypeNone);
	HOLDS("a function that is there",
	      NET_IS_FUNCTION_AVAILABLE(NetAdapterPauseOffloadCapabilities));
	HOLDS("a structure that is there", NET_IS_STRUCTURE_AVAILABLE(NET_PACKET_QUEUE_CONFIG));
	HOLDS("a field that is there",
	      NET_IS_FIELD_AVAILABLE(NET_PACKET_QUEUE_CONFIG, ExecutionContext));
	HOLDS("a structure's size", NET_STRUCTURE_SIZE(NET_PACKET_QUEUE_CONFIG) == 56);
}

_Use_decl_annotations_ VOID OnlyConfigureQueue(NET_PACKET_QUEUE_CONFIG *Config)
{
	UNREFERENCED_PARAMETER(Config);
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
