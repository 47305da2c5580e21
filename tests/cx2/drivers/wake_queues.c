/* SPDX-License-Identifier: MIT */
/* The packet queues of the 2.x driver "wake": what is sent is dropped, nothing is received. */
#include "wake.h"

EVT_PACKET_QUEUE_ADVANCE WakeTxAdvance;
EVT_PACKET_QUEUE_ADVANCE WakeRxAdvance;
EVT_PACKET_QUEUE_CANCEL WakeCancel;
EVT_PACKET_QUEUE_SET_NOTIFICATION_ENABLED WakeSetNotificationEnabled;

typedef struct _WAKE_QUEUE {
	const NET_RING_COLLECTION *Rings;
} WAKE_QUEUE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(WAKE_QUEUE, WakeGetQueue)

static void ReturnAll(NETPACKETQUEUE Queue)
{
	const NET_RING_COLLECTION *rings = WakeGetQueue(Queue)->Rings;
	NET_RING *packets = NetRingCollectionGetPacketRing(rings);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(rings);

	packets->BeginIndex = packets->EndIndex;
	fragments->BeginIndex = fragments->EndIndex;
}

VOID WakeTxAdvance(NETPACKETQUEUE Queue)
{
	ReturnAll(Queue);
}

VOID WakeRxAdvance(NETPACKETQUEUE Queue)
{
	UNREFERENCED_PARAMETER(Queue);
}

/* Received packets that are given back unused are marked so. */
VOID WakeCancel(NETPACKETQUEUE Queue)
{
	NET_RING *packets = NetRingCollectionGetPacketRing(WakeGetQueue(Queue)->Rings);

	for (UINT32 i = packets->BeginIndex; i != packets->EndIndex;
	     i = NetRingIncrementIndex(packets, i))
		NetRingGetPacketAtIndex(packets, i)->Ignore = 1;
	ReturnAll(Queue);
}

VOID WakeSetNotificationEnabled(NETPACKETQUEUE Queue, BOOLEAN Enabled)
{
	UNREFERENCED_PARAMETER(Queue);
	UNREFERENCED_PARAMETER(Enabled);
}

NTSTATUS WakeCreateTxQueue(NETADAPTER Adapter, NETTXQUEUE_INIT *Init)
{
	NET_PACKET_QUEUE_CONFIG config;
	WDF_OBJECT_ATTRIBUTES attributes;
	NETPACKETQUEUE queue;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(Adapter);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, WAKE_QUEUE);
	NET_PACKET_QUEUE_CONFIG_INIT(&config, WakeTxAdvance, WakeSetNotificationEnabled,
				     WakeCancel);
	status = NetTxQueueCreate(Init, &attributes, &config, &queue);
	if (NT_SUCCESS(status))
		WakeGetQueue(queue)->Rings = NetTxQueueGetRingCollection(queue);
	return status;
}

NTSTATUS WakeCreateRxQueue(NETADAPTER Adapter, NETRXQUEUE_INIT *Init)
{
	NET_PACKET_QUEUE_CONFIG config;
	WDF_OBJECT_ATTRIBUTES attributes;
	NETPACKETQUEUE queue;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(Adapter);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, WAKE_QUEUE);
	NET_PACKET_QUEUE_CONFIG_INIT(&config, WakeRxAdvance, WakeSetNotificationEnabled,
				     WakeCancel);
	status = NetRxQueueCreate(Init, &attributes, &config, &queue);
	if (NT_SUCCESS(status))
		WakeGetQueue(queue)->Rings = NetRxQueueGetRingCollection(queue);
	return status;
}
