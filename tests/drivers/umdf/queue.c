/* SPDX-License-Identifier: MIT */
/* The queues, in C. */
#include "ends.h"

#include <net/virtualaddress.h>

typedef struct _END_QUEUE {
	END *End;
	const NET_RING_COLLECTION *Rings;
	NET_EXTENSION Address;
} END_QUEUE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(END_QUEUE, EndGetQueue)

static const UCHAR *BytesOf(const END_QUEUE *Queue, NET_RING *Fragments, UINT32 Index)
{
	const NET_FRAGMENT *fragment = NetRingGetFragmentAtIndex(Fragments, Index);
	const NET_FRAGMENT_VIRTUAL_ADDRESS *address =
		NetExtensionGetFragmentVirtualAddress(&Queue->Address, Index);

	return (const UCHAR *)address->VirtualAddress + fragment->Offset;
}

/* With the lock held, when there is room. */
static VOID Store(const END_QUEUE *Queue, NET_RING *Fragments, const NET_PACKET *Packet, END *Peer)
{
	END_FRAME *frame = &Peer->Frames[(Peer->First + Peer->Count) % END_FRAMES];

	frame->Length = 0;
	for (UINT32 i = 0; i < Packet->FragmentCount; i++) {
		UINT32 index = NetRingAdvanceIndex(Fragments, Packet->FragmentIndex, (INT32)i);
		UINT32 length = (UINT32)NetRingGetFragmentAtIndex(Fragments, index)->ValidLength;

		if (length > END_BYTES - frame->Length)
			return;
		RtlCopyMemory(frame->Bytes + frame->Length, BytesOf(Queue, Fragments, index),
			      length);
		frame->Length += length;
	}
	Peer->Count++;
}

static VOID EvtTxAdvance(NETPACKETQUEUE Queue)
{
	const END_QUEUE *queue = EndGetQueue(Queue);
	NET_RING *packets = NetRingCollectionGetPacketRing(queue->Rings);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(queue->Rings);
	END *peer;

	WdfSpinLockAcquire(EndLock);
	peer = queue->End->Peer;
	while (packets->BeginIndex != packets->EndIndex && (!peer || peer->Count < END_FRAMES)) {
		const NET_PACKET *packet = NetRingGetPacketAtIndex(packets, packets->BeginIndex);

		if (peer && !packet->Ignore)
			Store(queue, fragments, packet, peer);
		fragments->BeginIndex = NetRingAdvanceIndex(fragments, fragments->BeginIndex,
							    packet->FragmentCount);
		packets->BeginIndex = NetRingIncrementIndex(packets, packets->BeginIndex);
	}
	if (peer && peer->Notify && peer->Count) {
		peer->Notify = FALSE;
		NetRxQueueNotifyMoreReceivedPacketsAvailable(peer->Queue);
	}
	WdfSpinLockRelease(EndLock);
}

static VOID EvtTxCancel(NETPACKETQUEUE Queue)
{
	const NET_RING_COLLECTION *rings = EndGetQueue(Queue)->Rings;
	NET_RING *packets = NetRingCollectionGetPacketRing(rings);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(rings);

	packets->BeginIndex = packets->EndIndex;
	fragments->BeginIndex = fragments->EndIndex;
}

/* What did not fit into the peer's store is asked for again: a cable gives nothing back. */
static VOID EvtTxNotify(NETPACKETQUEUE Queue, BOOLEAN Enabled)
{
	if (Enabled)
		NetTxQueueNotifyMoreCompletedPacketsAvailable(Queue);
}

static VOID Receive(const END_QUEUE *Queue, NET_RING *Packets, NET_RING *Fragments)
{
	END *end = Queue->End;
	const END_FRAME *frame = &end->Frames[end->First];
	UINT32 index = Fragments->BeginIndex;
	NET_PACKET *packet = NetRingGetPacketAtIndex(Packets, Packets->BeginIndex);
	NET_FRAGMENT *fragment = NetRingGetFragmentAtIndex(Fragments, index);

	fragment->Offset = 0;
	fragment->ValidLength = frame->Length;
	RtlCopyMemory(NetExtensionGetFragmentVirtualAddress(&Queue->Address, index)->VirtualAddress,
		      frame->Bytes, frame->Length);
	packet->FragmentIndex = index;
	packet->FragmentCount = 1;
	RtlZeroMemory(&packet->Layout, sizeof(packet->Layout));
	Packets->BeginIndex = NetRingIncrementIndex(Packets, Packets->BeginIndex);
	Fragments->BeginIndex = NetRingIncrementIndex(Fragments, index);
	end->First = (end->First + 1) % END_FRAMES;
	end->Count--;
}

static VOID EvtRxAdvance(NETPACKETQUEUE Queue)
{
	const END_QUEUE *queue = EndGetQueue(Queue);
	NET_RING *packets = NetRingCollectionGetPacketRing(queue->Rings);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(queue->Rings);

	WdfSpinLockAcquire(EndLock);
	while (queue->End->Count && packets->BeginIndex != packets->EndIndex &&
	       fragments->BeginIndex != fragments->EndIndex)
		Receive(queue, packets, fragments);
	WdfSpinLockRelease(EndLock);
}

static VOID EvtRxNotify(NETPACKETQUEUE Queue, BOOLEAN Enabled)
{
	END *end = EndGetQueue(Queue)->End;
	BOOLEAN now;

	WdfSpinLockAcquire(EndLock);
	end->Queue = Queue;
	now = (BOOLEAN)(Enabled && end->Count);
	end->Notify = (BOOLEAN)(Enabled && !now);
	WdfSpinLockRelease(EndLock);
	if (now)
		NetRxQueueNotifyMoreReceivedPacketsAvailable(Queue);
}

static VOID EvtRxCancel(NETPACKETQUEUE Queue)
{
	const END_QUEUE *queue = EndGetQueue(Queue);
	NET_RING *packets = NetRingCollectionGetPacketRing(queue->Rings);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(queue->Rings);

	WdfSpinLockAcquire(EndLock);
	queue->End->Notify = FALSE;
	queue->End->Queue = NULL;
	WdfSpinLockRelease(EndLock);
	for (; packets->BeginIndex != packets->EndIndex;
	     packets->BeginIndex = NetRingIncrementIndex(packets, packets->BeginIndex))
		NetRingGetPacketAtIndex(packets, packets->BeginIndex)->Ignore = TRUE;
	fragments->BeginIndex = fragments->EndIndex;
}

static VOID Complete(END_QUEUE *Own, NETADAPTER Adapter, const NET_RING_COLLECTION *Rings,
		     NET_EXTENSION_QUERY *Query)
{
	Own->End = EndOf(Adapter);
	Own->Rings = Rings;
	NET_EXTENSION_QUERY_INIT(Query, NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_NAME,
				 NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_VERSION_1,
				 NetExtensionTypeFragment);
}

NTSTATUS EndCreateTxQueue(NETADAPTER Adapter, NETTXQUEUE_INIT *Init)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	NET_PACKET_QUEUE_CONFIG config;
	NET_EXTENSION_QUERY query;
	NETPACKETQUEUE queue;
	NTSTATUS status;

	NET_PACKET_QUEUE_CONFIG_INIT(&config, EvtTxAdvance, EvtTxNotify, EvtTxCancel);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, END_QUEUE);
	status = NetTxQueueCreate(Init, &attributes, &config, &queue);
	if (!NT_SUCCESS(status))
		return status;
	Complete(EndGetQueue(queue), Adapter, NetTxQueueGetRingCollection(queue), &query);
	NetTxQueueGetExtension(queue, &query, &EndGetQueue(queue)->Address);
	return STATUS_SUCCESS;
}

NTSTATUS EndCreateRxQueue(NETADAPTER Adapter, NETRXQUEUE_INIT *Init)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	NET_PACKET_QUEUE_CONFIG config;
	NET_EXTENSION_QUERY query;
	NETPACKETQUEUE queue;
	NTSTATUS status;

	NET_PACKET_QUEUE_CONFIG_INIT(&config, EvtRxAdvance, EvtRxNotify, EvtRxCancel);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, END_QUEUE);
	status = NetRxQueueCreate(Init, &attributes, &config, &queue);
	if (!NT_SUCCESS(status))
		return status;
	Complete(EndGetQueue(queue), Adapter, NetRxQueueGetRingCollection(queue), &query);
	NetRxQueueGetExtension(queue, &query, &EndGetQueue(queue)->Address);
	return STATUS_SUCCESS;
}
