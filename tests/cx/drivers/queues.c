/* SPDX-License-Identifier: MIT */
/* The packet queues of the driver "recorder". */
#include "recorder.h"

VOID RecorderAdvance(NETPACKETQUEUE Queue)
{
	PCNET_DATAPATH_DESCRIPTOR descriptor = NetTxQueueGetDatapathDescriptor(Queue);
	ULONG lso;

	NetRingBufferReturnAllPackets(descriptor);
	InterlockedIncrement((LONG volatile *)&RecorderOptions.Advances);
	/* What a driver does per packet: look at what is active now. */
	lso = (ULONG)InterlockedCompareExchange((LONG volatile *)&RecorderOptions.Lso, 0, 0);
	if (lso > 3)
		RecorderSay("Advance saw %u", lso);
}

VOID RecorderSetNotificationEnabled(NETPACKETQUEUE Queue, BOOLEAN Enabled)
{
	UNREFERENCED_PARAMETER(Queue);
	UNREFERENCED_PARAMETER(Enabled);
}

VOID RecorderCancel(NETPACKETQUEUE Queue)
{
	RecorderSay("Cancel");
	UNREFERENCED_PARAMETER(Queue);
}

static NTSTATUS AddContexts(PNETTXQUEUE_INIT Init)
{
	NET_PACKET_CONTEXT_ATTRIBUTES context;
	NTSTATUS status = STATUS_SUCCESS;

	if (RecorderOptions.PacketContexts > 0) {
		NET_PACKET_CONTEXT_ATTRIBUTES_INIT_TYPE(&context, PACKET_FIRST);
		status = NetTxQueueInitAddPacketContextAttributes(Init, &context);
	}
	if (NT_SUCCESS(status) && RecorderOptions.PacketContexts > 1) {
		NET_PACKET_CONTEXT_ATTRIBUTES_INIT_TYPE(&context, PACKET_SECOND);
		context.ContextSizeOverride = 100;
		status = NetTxQueueInitAddPacketContextAttributes(Init, &context);
	}
	return status;
}

NTSTATUS RecorderCreateTxQueue(NETADAPTER Adapter, PNETTXQUEUE_INIT Init)
{
	RECORDER_OPTIONS *options = &RecorderOptions;
	RECORDER_PLACE place = { .Device = options->Device,
				 .Adapter = Adapter,
				 .TxQueueInit = Init };
	NET_PACKET_EXTENSION_QUERY query;
	NET_PACKET_QUEUE_CONFIG config;
	NETPACKETQUEUE queue;
	NTSTATUS status;

	RecorderSay("CreateTxQueue(%u)", NetTxQueueInitGetQueueId(Init));
	RecorderBreak(PointCreateTxQueue, &place);
	if (!NT_SUCCESS(options->Fail[StepCreateTxQueue]) || options->NoQueue)
		return options->Fail[StepCreateTxQueue];
	status = AddContexts(Init);
	if (!NT_SUCCESS(status))
		return status;
	if (options->OwnExtension) {
		NET_PACKET_EXTENSION extension;

		NET_PACKET_EXTENSION_INIT(&extension, L"fox_mark", 3, 8, 7);
		status = NetTxQueueInitAddPacketExtension(Init, &extension);
		if (!NT_SUCCESS(status))
			return status;
	}
	NET_PACKET_QUEUE_CONFIG_INIT(&config, RecorderAdvance, RecorderSetNotificationEnabled,
				     RecorderCancel);
	status = NetTxQueueCreate(Init, WDF_NO_OBJECT_ATTRIBUTES, &config, &queue);
	if (!NT_SUCCESS(status))
		return status;
	options->TxQueue = queue;
	NET_PACKET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_CHECKSUM_NAME,
					NET_PACKET_EXTENSION_CHECKSUM_VERSION_1);
	options->TxChecksumOffset = NetTxQueueGetPacketExtensionOffset(queue, &query);
	NET_PACKET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_LSO_NAME,
					NET_PACKET_EXTENSION_LSO_VERSION_1);
	options->TxLsoOffset = NetTxQueueGetPacketExtensionOffset(queue, &query);
	NET_PACKET_EXTENSION_QUERY_INIT(&query, L"fox_mark", 3);
	options->OwnOffset = NetTxQueueGetPacketExtensionOffset(queue, &query);
	options->Tokens[0] =
		NetTxQueueGetPacketContextToken(queue, NET_GET_CONTEXT_TYPE_INFO(PACKET_FIRST));
	options->Tokens[1] =
		NetTxQueueGetPacketContextToken(queue, NET_GET_CONTEXT_TYPE_INFO(PACKET_SECOND));
	place.TxQueue = queue;
	RecorderBreak(PointTxQueueCreated, &place);
	return STATUS_SUCCESS;
}

static NTSTATUS AddRxExtras(PNETRXQUEUE_INIT Init)
{
	NET_PACKET_CONTEXT_ATTRIBUTES context;
	NET_PACKET_EXTENSION extension;
	NTSTATUS status;

	NET_PACKET_CONTEXT_ATTRIBUTES_INIT_TYPE(&context, PACKET_SECOND);
	status = NetRxQueueInitAddPacketContextAttributes(Init, &context);
	if (!NT_SUCCESS(status))
		return status;
	NET_PACKET_EXTENSION_INIT(&extension, L"fox_mark", 3, 8, 7);
	return NetRxQueueInitAddPacketExtension(Init, &extension);
}

static void FindRxExtras(NETPACKETQUEUE Queue)
{
	NET_PACKET_EXTENSION_QUERY query;

	NET_PACKET_EXTENSION_QUERY_INIT(&query, L"fox_mark", 3);
	RecorderOptions.RxOwnOffset = NetRxQueueGetPacketExtensionOffset(Queue, &query);
	RecorderOptions.RxToken =
		NetRxQueueGetPacketContextToken(Queue, NET_GET_CONTEXT_TYPE_INFO(PACKET_SECOND));
}

NTSTATUS RecorderCreateRxQueue(NETADAPTER Adapter, PNETRXQUEUE_INIT Init)
{
	RECORDER_OPTIONS *options = &RecorderOptions;
	RECORDER_PLACE place = { .Device = options->Device,
				 .Adapter = Adapter,
				 .RxQueueInit = Init };
	ULONG id = NetRxQueueInitGetQueueId(Init);
	NET_PACKET_EXTENSION_QUERY query;
	NET_PACKET_QUEUE_CONFIG config;
	NETPACKETQUEUE queue;
	NTSTATUS status;

	place.QueueId = id;
	RecorderSay("CreateRxQueue(%u)", id);
	RecorderBreak(PointCreateRxQueue, &place);
	if (!NT_SUCCESS(options->Fail[StepCreateRxQueue]) || options->NoQueue)
		return options->Fail[StepCreateRxQueue];
	if (id && id + 1 == options->ScalingQueues &&
	    !NT_SUCCESS(options->Fail[StepCreateLastRxQueue]))
		return options->Fail[StepCreateLastRxQueue];
	NET_PACKET_QUEUE_CONFIG_INIT(&config, RecorderAdvance, RecorderSetNotificationEnabled,
				     RecorderCancel);
	if (options->RxExtras) {
		status = AddRxExtras(Init);
		if (!NT_SUCCESS(status))
			return status;
	}
	status = NetRxQueueCreate(Init, WDF_NO_OBJECT_ATTRIBUTES, &config, &queue);
	if (!NT_SUCCESS(status))
		return status;
	if (id == 0)
		options->RxQueue = queue;
	options->RxQueues[id] = queue;
	FindRxExtras(queue);
	NET_PACKET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_CHECKSUM_NAME,
					NET_PACKET_EXTENSION_CHECKSUM_VERSION_1);
	options->RxChecksumOffset = NetRxQueueGetPacketExtensionOffset(queue, &query);
	NET_PACKET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_LSO_NAME,
					NET_PACKET_EXTENSION_LSO_VERSION_1);
	options->RxLsoOffset = NetRxQueueGetPacketExtensionOffset(queue, &query);
	place.RxQueue = queue;
	RecorderBreak(PointRxQueueCreated, &place);
	return STATUS_SUCCESS;
}
