/* SPDX-License-Identifier: MIT */
/* The packet queues of the 2.x driver "recorder": what is sent comes back as received. */

#include "recorder.h"

#define KEPT        64   /* frames between the two sides */
#define FRAME_BYTES 2048 /* as MaximumFrameSize */

EVT_PACKET_QUEUE_START RecorderStart;
EVT_PACKET_QUEUE_STOP RecorderStop;
EVT_PACKET_QUEUE_ADVANCE RecorderTxAdvance;
EVT_PACKET_QUEUE_ADVANCE RecorderRxAdvance;
EVT_PACKET_QUEUE_SET_NOTIFICATION_ENABLED RecorderSetNotificationEnabled;
EVT_PACKET_QUEUE_CANCEL RecorderTxCancel;
EVT_PACKET_QUEUE_CANCEL RecorderRxCancel;

typedef struct _RECORDER_QUEUE {
	const NET_RING_COLLECTION *Rings;
	NET_EXTENSION VirtualAddress;
	BOOLEAN Tx;
	ULONG Id;
} RECORDER_QUEUE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(RECORDER_QUEUE, RecorderGetQueue)

/* What is on its way from a transmit queue to receive queue 0. */
static struct {
	KSPIN_LOCK Lock;
	struct {
		UCHAR Bytes[FRAME_BYTES];
		SIZE_T Length;
	} Frames[KEPT];
	ULONG First, Count;
	LONG volatile Armed; /* the receive queue waits to be told */
} Loop;

static void Say(const char *What, NETPACKETQUEUE Queue)
{
	const RECORDER_QUEUE *context = RecorderGetQueue(Queue);

	RecorderSay("%s(%s %u)", What, context->Tx ? "tx" : "rx", context->Id);
}

VOID RecorderStart(NETPACKETQUEUE Queue)
{
	Say("Start", Queue);
}

VOID RecorderStop(NETPACKETQUEUE Queue)
{
	Say("Stop", Queue);
}

VOID RecorderSetNotificationEnabled(NETPACKETQUEUE Queue, BOOLEAN Enabled)
{
	if (!RecorderGetQueue(Queue)->Tx)
		InterlockedExchange(&Loop.Armed, Enabled);
}

/* A packet's fragments, behind each other, if there is room for one more frame. */
static void Keep(const RECORDER_QUEUE *Queue, const NET_PACKET *Packet)
{
	NET_RING *ring = NetRingCollectionGetFragmentRing(Queue->Rings);
	UINT32 at = Packet->FragmentIndex;
	SIZE_T length = 0;
	UCHAR *to;
	KIRQL irql;

	KeAcquireSpinLock(&Loop.Lock, &irql);
	to = Loop.Frames[(Loop.First + Loop.Count) % KEPT].Bytes;
	for (UINT16 i = 0; i < Packet->FragmentCount && Loop.Count < KEPT; i++) {
		const NET_FRAGMENT *fragment = NetRingGetFragmentAtIndex(ring, at);

		if (length + fragment->ValidLength > FRAME_BYTES)
			break;
		RtlCopyMemory(to + length,
			      NetExtensionGetFragmentVirtualAddressOffset(
				      fragment, &Queue->VirtualAddress, at),
			      fragment->ValidLength);
		length += fragment->ValidLength;
		at = NetRingIncrementIndex(ring, at);
	}
	if (length) {
		Loop.Frames[(Loop.First + Loop.Count) % KEPT].Length = length;
		Loop.Count++;
	}
	KeReleaseSpinLock(&Loop.Lock, irql);
}

VOID RecorderTxAdvance(NETPACKETQUEUE Queue)
{
	const RECORDER_QUEUE *context = RecorderGetQueue(Queue);
	NET_RING *packets = NetRingCollectionGetPacketRing(context->Rings);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(context->Rings);
	NETPACKETQUEUE rx = RecorderOptions.RxQueue[0];

	for (; packets->BeginIndex != packets->EndIndex;
	     packets->BeginIndex = NetRingIncrementIndex(packets, packets->BeginIndex)) {
		const NET_PACKET *packet = NetRingGetPacketAtIndex(packets, packets->BeginIndex);

		if (packet->Ignore)
			continue;
		Keep(context, packet);
		fragments->BeginIndex = NetRingAdvanceIndex(fragments, packet->FragmentIndex,
							    packet->FragmentCount);
		InterlockedIncrement((LONG volatile *)&RecorderOptions.Sent);
	}
	packets->NextIndex = packets->BeginIndex;
	if (rx && InterlockedExchange(&Loop.Armed, 0))
		NetRxQueueNotifyMoreReceivedPacketsAvailable(rx);
}

/* The oldest frame that is on its way, into the buffer of fragment @At. Return: its bytes. */
static SIZE_T Take(const RECORDER_QUEUE *Queue, UINT32 At)
{
	SIZE_T length = 0;
	KIRQL irql;

	KeAcquireSpinLock(&Loop.Lock, &irql);
	if (Loop.Count) {
		length = Loop.Frames[Loop.First].Length;
		RtlCopyMemory(NetExtensionGetFragmentVirtualAddress(&Queue->VirtualAddress, At)
				      ->VirtualAddress,
			      Loop.Frames[Loop.First].Bytes, length);
		Loop.First = (Loop.First + 1) % KEPT;
		Loop.Count--;
	}
	KeReleaseSpinLock(&Loop.Lock, irql);
	return length;
}

VOID RecorderRxAdvance(NETPACKETQUEUE Queue)
{
	const RECORDER_QUEUE *context = RecorderGetQueue(Queue);
	NET_RING *packets = NetRingCollectionGetPacketRing(context->Rings);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(context->Rings);

	while (!context->Id && packets->BeginIndex != packets->EndIndex &&
	       fragments->BeginIndex != fragments->EndIndex) {
		NET_PACKET *packet = NetRingGetPacketAtIndex(packets, packets->BeginIndex);
		UINT32 at = fragments->BeginIndex;
		NET_FRAGMENT *fragment = NetRingGetFragmentAtIndex(fragments, at);
		SIZE_T length = Take(context, at);

		if (!length)
			break;
		fragment->Offset = 0;
		fragment->ValidLength = length;
		packet->FragmentIndex = at;
		packet->FragmentCount = 1;
		RtlZeroMemory(&packet->Layout, sizeof(packet->Layout));
		packet->Layout.Layer2Type = NetPacketLayer2TypeEthernet;
		packets->BeginIndex = NetRingIncrementIndex(packets, packets->BeginIndex);
		fragments->BeginIndex = NetRingIncrementIndex(fragments, at);
		InterlockedIncrement((LONG volatile *)&RecorderOptions.Received);
	}
	packets->NextIndex = packets->BeginIndex;
	fragments->NextIndex = fragments->BeginIndex;
}

VOID RecorderTxCancel(NETPACKETQUEUE Queue)
{
	Say("Cancel", Queue);
}

/* What was posted to hardware comes back ignored. */
VOID RecorderRxCancel(NETPACKETQUEUE Queue)
{
	const NET_RING_COLLECTION *rings = RecorderGetQueue(Queue)->Rings;
	NET_RING *packets = NetRingCollectionGetPacketRing(rings);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(rings);

	Say("Cancel", Queue);
	for (; packets->BeginIndex != packets->EndIndex;
	     packets->BeginIndex = NetRingIncrementIndex(packets, packets->BeginIndex))
		NetRingGetPacketAtIndex(packets, packets->BeginIndex)->Ignore = 1;
	packets->NextIndex = packets->BeginIndex;
	fragments->BeginIndex = fragments->NextIndex = fragments->EndIndex;
}

static void InitConfig(NET_PACKET_QUEUE_CONFIG *Config, WDF_OBJECT_ATTRIBUTES *Attributes,
		       BOOLEAN Tx)
{
	NET_PACKET_QUEUE_CONFIG_INIT(Config, Tx ? RecorderTxAdvance : RecorderRxAdvance,
				     RecorderSetNotificationEnabled,
				     Tx ? RecorderTxCancel : RecorderRxCancel);
	Config->EvtStart = RecorderStart;
	Config->EvtStop = RecorderStop;
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(Attributes, RECORDER_QUEUE);
}

static NET_EXTENSION_QUERY VirtualAddressQuery(void)
{
	NET_EXTENSION_QUERY query;

	NET_EXTENSION_QUERY_INIT(&query, NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_NAME,
				 NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_VERSION_1,
				 NetExtensionTypeFragment);
	return query;
}

NTSTATUS RecorderCreateTxQueue(NETADAPTER Adapter, NETTXQUEUE_INIT *Init)
{
	RECORDER_PLACE place = { .Device = RecorderOptions.Device,
				 .Adapter = Adapter,
				 .TxQueueInit = Init };
	const NET_EXTENSION_QUERY query = VirtualAddressQuery();
	ULONG id = NetTxQueueInitGetQueueId(Init);
	NET_PACKET_QUEUE_CONFIG config;
	WDF_OBJECT_ATTRIBUTES attributes;
	RECORDER_QUEUE *context;
	NTSTATUS status;

	RecorderSay("CreateTxQueue(%u)", id);
	RecorderBreak(PointCreateTxQueue, &place);
	if (!NT_SUCCESS(RecorderOptions.Fail[StepCreateTxQueue]) || RecorderOptions.NoQueue)
		return RecorderOptions.Fail[StepCreateTxQueue];
	InitConfig(&config, &attributes, TRUE);
	status = NetTxQueueCreate(Init, &attributes, &config, &place.Queue);
	if (!NT_SUCCESS(status))
		return status;
	context = RecorderGetQueue(place.Queue);
	context->Tx = TRUE;
	context->Id = id;
	context->Rings = NetTxQueueGetRingCollection(place.Queue);
	NetTxQueueGetExtension(place.Queue, &query, &context->VirtualAddress);
	NT_FRE_ASSERT(context->VirtualAddress.Enabled);
	RecorderOptions.TxQueue[id] = place.Queue;
	RecorderBreak(PointTxQueueCreated, &place);
	return STATUS_SUCCESS;
}

NTSTATUS RecorderCreateRxQueue(NETADAPTER Adapter, NETRXQUEUE_INIT *Init)
{
	RECORDER_PLACE place = { .Device = RecorderOptions.Device,
				 .Adapter = Adapter,
				 .RxQueueInit = Init };
	const NET_EXTENSION_QUERY query = VirtualAddressQuery();
	ULONG id = NetRxQueueInitGetQueueId(Init);
	NET_PACKET_QUEUE_CONFIG config;
	WDF_OBJECT_ATTRIBUTES attributes;
	RECORDER_QUEUE *context;
	NTSTATUS status;

	RecorderSay("CreateRxQueue(%u)", id);
	RecorderBreak(PointCreateRxQueue, &place);
	if (!NT_SUCCESS(RecorderOptions.Fail[StepCreateRxQueue]) || RecorderOptions.NoQueue)
		return RecorderOptions.Fail[StepCreateRxQueue];
	InitConfig(&config, &attributes, FALSE);
	status = NetRxQueueCreate(Init, &attributes, &config, &place.Queue);
	if (!NT_SUCCESS(status))
		return status;
	context = RecorderGetQueue(place.Queue);
	context->Id = id;
	context->Rings = NetRxQueueGetRingCollection(place.Queue);
	NetRxQueueGetExtension(place.Queue, &query, &context->VirtualAddress);
	NT_FRE_ASSERT(context->VirtualAddress.Enabled);
	RecorderOptions.RxQueue[id] = place.Queue;
	RecorderBreak(PointRxQueueCreated, &place);
	return STATUS_SUCCESS;
}
