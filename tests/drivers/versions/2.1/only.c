/* SPDX-License-Identifier: MIT */
/*
 * Since 2.1: offloads by layers and direction, USO among them, the receive filter, execution
 * contexts with their tasks, several transmit queues by priority, EAPOL as a wake source.
 */
#include "adapter.h"

static EVT_NET_ADAPTER_OFFLOAD_SET_TX_CHECKSUM EvtSetTxChecksum;
static EVT_NET_ADAPTER_OFFLOAD_SET_RX_CHECKSUM EvtSetRxChecksum;
static EVT_NET_ADAPTER_OFFLOAD_SET_GSO EvtSetGso;
static EVT_NET_ADAPTER_SET_RECEIVE_FILTER EvtSetReceiveFilter;
static EVT_NET_EXECUTION_CONTEXT_SET_NOTIFICATION_ENABLED EvtSetNotificationEnabled;
static EVT_NET_EXECUTION_CONTEXT_TASK EvtTask;

static NETEXECUTIONCONTEXT Context;
static NETEXECUTIONCONTEXTTASK Task;

_Use_decl_annotations_ static VOID EvtSetTxChecksum(NETADAPTER Adapter, NETOFFLOAD Offload)
{
	UNREFERENCED_PARAMETER(Adapter);
	HOLDS("transmit checksums", NetOffloadIsTxChecksumIPv4Enabled(Offload) &&
					    NetOffloadIsTxChecksumTcpEnabled(Offload) &&
					    NetOffloadIsTxChecksumUdpEnabled(Offload));
}

_Use_decl_annotations_ static VOID EvtSetRxChecksum(NETADAPTER Adapter, NETOFFLOAD Offload)
{
	UNREFERENCED_PARAMETER(Adapter);
	HOLDS("receive checksums", NetOffloadIsRxChecksumTcpEnabled(Offload));
}

_Use_decl_annotations_ static VOID EvtSetGso(NETADAPTER Adapter, NETOFFLOAD Offload)
{
	UNREFERENCED_PARAMETER(Adapter);
	HOLDS("USO", NetOffloadIsUsoIPv4Enabled(Offload) && NetOffloadIsUsoIPv6Enabled(Offload) &&
			     NetOffloadIsLsoIPv4Enabled(Offload));
}

_Use_decl_annotations_ static VOID EvtSetReceiveFilter(NETADAPTER Adapter, NETRECEIVEFILTER Handle)
{
	UNREFERENCED_PARAMETER(Adapter);
	HOLDS("receive filter",
	      NetReceiveFilterGetPacketFilter(Handle) ==
		      (NetPacketFilterFlagDirected | NetPacketFilterFlagBroadcast));
}

_Use_decl_annotations_ static VOID EvtSetNotificationEnabled(NETEXECUTIONCONTEXT ExecutionContext,
							     BOOLEAN NotificationEnabled)
{
	UNREFERENCED_PARAMETER(ExecutionContext);
	UNREFERENCED_PARAMETER(NotificationEnabled);
}

_Use_decl_annotations_ static VOID EvtTask(NETEXECUTIONCONTEXTTASK ContextTask)
{
	HOLDS("task", ContextTask == Task);
}

static VOID DeclareOffloads(NETADAPTER Adapter)
{
	const NET_ADAPTER_OFFLOAD_LAYER3_FLAGS layer3 = NetAdapterOffloadLayer3FlagIPv4NoOptions |
							NetAdapterOffloadLayer3FlagIPv6NoExtensions;
	const NET_ADAPTER_OFFLOAD_LAYER4_FLAGS layer4 =
		NetAdapterOffloadLayer4FlagTcpNoOptions | NetAdapterOffloadLayer4FlagUdp;
	NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES tx;
	NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES rx;
	NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES gso;

	NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES_INIT(&tx, layer3, EvtSetTxChecksum);
	tx.Layer4Flags = layer4;
	NetAdapterOffloadSetTxChecksumCapabilities(Adapter, &tx);
	NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES_INIT(&rx, EvtSetRxChecksum);
	NetAdapterOffloadSetRxChecksumCapabilities(Adapter, &rx);
	NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES_INIT(&gso, layer3, layer4, 64000, 2, EvtSetGso);
	NetAdapterOffloadSetGsoCapabilities(Adapter, &gso);
}

static VOID CreateContext(WDFDEVICE Device)
{
	NET_EXECUTION_CONTEXT_TASK_CONFIG task;
	NET_EXECUTION_CONTEXT_CONFIG config;

	NET_EXECUTION_CONTEXT_CONFIG_INIT(&config, EvtSetNotificationEnabled);
	HOLDS("execution context", NT_SUCCESS(NetExecutionContextCreate(
					   Device, &config, WDF_NO_OBJECT_ATTRIBUTES, &Context)));
	NET_EXECUTION_CONTEXT_TASK_CONFIG_INIT(&task, EvtTask);
	HOLDS("creating a task", NT_SUCCESS(NetExecutionContextTaskCreate(
					 Context, WDF_NO_OBJECT_ATTRIBUTES, &task, &Task)));
}

_Use_decl_annotations_ VOID OnlyDeclare(WDFDEVICE Device, NETADAPTER Adapter)
{
	NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES filter;
	NET_ADAPTER_WAKE_EAPOL_PACKET_CAPABILITIES eapol;

	DeclareOffloads(Adapter);
	CreateContext(Device);
	NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES_INIT(&filter, EvtSetReceiveFilter);
	filter.SupportedPacketFilters = NetPacketFilterFlagDirected | NetPacketFilterFlagBroadcast;
	NetAdapterSetReceiveFilterCapabilities(Adapter, &filter);
	NET_ADAPTER_WAKE_EAPOL_PACKET_CAPABILITIES_INIT(&eapol);
	eapol.EapolPacket = TRUE;
	NetAdapterWakeSetEapolPacketCapabilities(Adapter, &eapol);
}

_Use_decl_annotations_ VOID OnlyStarted(WDFDEVICE Device, NETADAPTER Adapter)
{
	UNREFERENCED_PARAMETER(Device);
	UNREFERENCED_PARAMETER(Adapter);
	NetExecutionContextTaskEnqueue(Task);
	NetExecutionContextTaskWaitCompletion(Task);
}

/* Both queues run on the context's thread, which is told instead of them. */
_Use_decl_annotations_ VOID OnlyConfigureQueue(NET_PACKET_QUEUE_CONFIG *Config)
{
	HOLDS("configuration of a queue", Config->Size == 56);
	Config->ExecutionContext = Context;
	Config->EvtSetNotificationEnabled = NULL;
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
