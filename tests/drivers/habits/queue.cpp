/* SPDX-License-Identifier: MIT */
#include "precomp.h"

#include "adapter.h"

EVT_PACKET_QUEUE_ADVANCE EvtTxAdvance;
EVT_PACKET_QUEUE_ADVANCE EvtRxAdvance;
EVT_PACKET_QUEUE_CANCEL EvtTxCancel;
EVT_PACKET_QUEUE_CANCEL EvtRxCancel;
EVT_PACKET_QUEUE_SET_NOTIFICATION_ENABLED EvtSetNotificationEnabled;

_Use_decl_annotations_ VOID EvtTxAdvance(NETPACKETQUEUE Queue)
{
	HABITS_QUEUE *queue = HabitsGetQueue(Queue);
	auto descriptor = queue->Datapath;
	ULONG count = 0;

	while (NET_PACKET *packet = NetRingBufferAdvanceNextPacket(descriptor)) {
		HABITS_PACKET *context = HabitsGetPacketFromToken(descriptor, packet, queue->Token);
		NET_PACKET_FRAGMENT *fragment = NET_PACKET_GET_FRAGMENT(packet, descriptor, 0);

		context->Length = (ULONG)fragment->ValidLength;
		packet->Completed = TRUE;
		count++;
	}
	queue->Adapter->Transmitted.Add(count);
	NetRingBufferReturnCompletedPackets(descriptor, MAXULONG);
}

_Use_decl_annotations_ VOID EvtTxCancel(NETPACKETQUEUE Queue)
{
	NetRingBufferReturnAllPackets(HabitsGetQueue(Queue)->Datapath);
}

_Use_decl_annotations_ VOID EvtRxAdvance(NETPACKETQUEUE Queue)
{
	UNREFERENCED_PARAMETER((Queue));
}

_Use_decl_annotations_ VOID EvtRxCancel(NETPACKETQUEUE Queue)
{
	auto descriptor = HabitsGetQueue(Queue)->Datapath;
	auto rb = NET_DATAPATH_DESCRIPTOR_GET_PACKET_RING_BUFFER(descriptor);

	for (UINT32 i = rb->BeginIndex; i != rb->EndIndex; i = NetRingBufferIncrementIndex(rb, i)) {
		NetRingBufferGetPacketAtIndex(descriptor, i)->IgnoreThisPacket = TRUE;
	}
	NetRingBufferReturnAllPackets(descriptor);
}

_Use_decl_annotations_ VOID EvtSetNotificationEnabled(NETPACKETQUEUE Queue,
						      BOOLEAN NotificationEnabled)
{
	UNREFERENCED_PARAMETER((Queue, NotificationEnabled));
}

_Use_decl_annotations_ NTSTATUS EvtAdapterCreateTxQueue(NETADAPTER NetAdapter,
							NETTXQUEUE_INIT *TxQueueInit)
{
	NTSTATUS status;

	NET_PACKET_CONTEXT_ATTRIBUTES context;
	NET_PACKET_CONTEXT_ATTRIBUTES_INIT_TYPE(&context, HABITS_PACKET);
	status = NetTxQueueInitAddPacketContextAttributes(TxQueueInit, &context);
	if (!NT_SUCCESS(status)) {
		return status;
	}

	NET_PACKET_QUEUE_CONFIG config;
	NET_PACKET_QUEUE_CONFIG_INIT(&config, EvtTxAdvance, EvtSetNotificationEnabled, EvtTxCancel);

	WDF_OBJECT_ATTRIBUTES attributes;
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, HABITS_QUEUE);

	NETPACKETQUEUE txQueue;
	status = NetTxQueueCreate(TxQueueInit, &attributes, &config, &txQueue);
	if (NT_SUCCESS(status)) {
		HABITS_QUEUE *queue = HabitsGetQueue(txQueue);

		queue->Adapter = HabitsGetAdapter(NetAdapter);
		queue->Datapath = NetTxQueueGetDatapathDescriptor(txQueue);
		// A packet context is asked for by WDF's own macro, too.
		queue->Token = NetTxQueueGetPacketContextToken(
			txQueue, WDF_GET_CONTEXT_TYPE_INFO(HABITS_PACKET));
	}
	return status;
}

_Use_decl_annotations_ NTSTATUS EvtAdapterCreateRxQueue(NETADAPTER NetAdapter,
							NETRXQUEUE_INIT *RxQueueInit)
{
	NET_PACKET_QUEUE_CONFIG config;
	NET_PACKET_QUEUE_CONFIG_INIT(&config, EvtRxAdvance, EvtSetNotificationEnabled, EvtRxCancel);

	WDF_OBJECT_ATTRIBUTES attributes;
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, HABITS_QUEUE);

	NETPACKETQUEUE rxQueue;
	NTSTATUS status = NetRxQueueCreate(RxQueueInit, &attributes, &config, &rxQueue);
	if (NT_SUCCESS(status)) {
		HabitsGetQueue(rxQueue)->Adapter = HabitsGetAdapter(NetAdapter);
		HabitsGetQueue(rxQueue)->Datapath = NetRxQueueGetDatapathDescriptor(rxQueue);
	}
	return status;
}
