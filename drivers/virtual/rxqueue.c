/* SPDX-License-Identifier: MIT */
/*
 * rxqueue.c - the receive queue. The framework posts empty packets and buffers; the peer's thread
 * fills them from NextIndex on (deliver.c), under the PortLock, and never reads EndIndex, which is
 * the framework's on this queue's thread. This thread gives back what is filled.
 */
#include "virtual.h"

static EVT_PACKET_QUEUE_START EvtRxQueueStart;
static EVT_PACKET_QUEUE_ADVANCE EvtRxQueueAdvance;
static EVT_PACKET_QUEUE_CANCEL EvtRxQueueCancel;

static VOID VirtRxQueryExtensions(NETPACKETQUEUE Queue, VIRT_RX_QUEUE *Rx)
{
	NET_EXTENSION_QUERY query;

	NET_EXTENSION_QUERY_INIT(&query, NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_NAME,
				 NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_VERSION_1,
				 NetExtensionTypeFragment);
	NetRxQueueGetExtension(Queue, &query, &Rx->VirtualAddress);

	NET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_CHECKSUM_NAME,
				 NET_PACKET_EXTENSION_CHECKSUM_VERSION_1, NetExtensionTypePacket);
	NetRxQueueGetExtension(Queue, &query, &Rx->Checksum);

	NET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_IEEE8021Q_NAME,
				 NET_PACKET_EXTENSION_IEEE8021Q_VERSION_1, NetExtensionTypePacket);
	NetRxQueueGetExtension(Queue, &query, &Rx->Tag);

	NET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_RSC_NAME,
				 NET_PACKET_EXTENSION_RSC_VERSION_2, NetExtensionTypePacket);
	NetRxQueueGetExtension(Queue, &query, &Rx->Rsc);

	NET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_RSC_TIMESTAMP_NAME,
				 NET_PACKET_EXTENSION_RSC_TIMESTAMP_VERSION_1,
				 NetExtensionTypePacket);
	NetRxQueueGetExtension(Queue, &query, &Rx->RscTimestamp);
}

_Use_decl_annotations_ NTSTATUS EvtAdapterCreateRxQueue(NETADAPTER NetAdapter,
							NETRXQUEUE_INIT *RxQueueInit)
{
	VIRT_ADAPTER *adapter = VirtGetAdapter(NetAdapter);
	NET_PACKET_QUEUE_CONFIG config;
	WDF_OBJECT_ATTRIBUTES attributes;
	NETPACKETQUEUE queue;
	VIRT_RX_QUEUE *rx;
	NTSTATUS status;

	PAGED_CODE();

	/* Notifications are the execution context's. */
	NET_PACKET_QUEUE_CONFIG_INIT(&config, EvtRxQueueAdvance, NULL, EvtRxQueueCancel);
	config.EvtStart = EvtRxQueueStart;
	config.ExecutionContext = adapter->ExecutionContext;
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, VIRT_RX_QUEUE);
	status = NetRxQueueCreate(RxQueueInit, &attributes, &config, &queue);
	if (!NT_SUCCESS(status))
		return status;

	rx = VirtGetRxQueue(queue);
	rx->Adapter = adapter;
	rx->Rings = NetRxQueueGetRingCollection(queue);
	VirtRxQueryExtensions(queue, rx);
	return STATUS_SUCCESS;
}

/* No buffer is the sender's before the first round. */
_Use_decl_annotations_ static VOID EvtRxQueueStart(NETPACKETQUEUE Queue)
{
	VIRT_RX_QUEUE *rx = VirtGetRxQueue(Queue);
	const NET_RING *packets = NetRingCollectionGetPacketRing(rx->Rings);
	const NET_RING *fragments = NetRingCollectionGetFragmentRing(rx->Rings);

	rx->PacketEnd = packets->NextIndex;
	rx->FragmentEnd = fragments->NextIndex;
	VirtPortOpen(rx->Adapter, rx);
}

/* What is filled goes to the stack. */
static VOID VirtRxIndicate(const VIRT_RX_QUEUE *Rx)
{
	NET_RING *packets = NetRingCollectionGetPacketRing(Rx->Rings);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(Rx->Rings);

	packets->BeginIndex = packets->NextIndex;
	fragments->BeginIndex = fragments->NextIndex;
}

/* And what has been posted is the sender's, who may have waited for it. */
_Use_decl_annotations_ static VOID EvtRxQueueAdvance(NETPACKETQUEUE Queue)
{
	VIRT_RX_QUEUE *rx = VirtGetRxQueue(Queue);
	VIRT_ADAPTER *adapter = rx->Adapter;
	BOOLEAN waits;

	WdfSpinLockAcquire(adapter->PortLock);
	VirtRxIndicate(rx);
	waits = adapter->Port.SenderWaits &&
		rx->PacketEnd != NetRingCollectionGetPacketRing(rx->Rings)->EndIndex;
	if (waits)
		adapter->Port.SenderWaits = FALSE;
	rx->PacketEnd = NetRingCollectionGetPacketRing(rx->Rings)->EndIndex;
	rx->FragmentEnd = NetRingCollectionGetFragmentRing(rx->Rings)->EndIndex;
	WdfSpinLockRelease(adapter->PortLock);

	if (waits)
		VirtPortSignalPeer(adapter);
}

/* Frames that are there are still delivered; every other packet goes back unused, as do buffers. */
_Use_decl_annotations_ static VOID EvtRxQueueCancel(NETPACKETQUEUE Queue)
{
	VIRT_RX_QUEUE *rx = VirtGetRxQueue(Queue);
	NET_RING *packets = NetRingCollectionGetPacketRing(rx->Rings);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(rx->Rings);

	VirtPortClose(rx->Adapter);
	VirtRxIndicate(rx);
	for (; packets->BeginIndex != packets->EndIndex;
	     packets->BeginIndex = NetRingIncrementIndex(packets, packets->BeginIndex))
		NetRingGetPacketAtIndex(packets, packets->BeginIndex)->Ignore = TRUE;
	packets->NextIndex = packets->EndIndex;
	fragments->NextIndex = fragments->EndIndex;
	fragments->BeginIndex = fragments->EndIndex;
}
