/* SPDX-License-Identifier: MIT */
/*
 * txqueue.c - a transmit queue, of which there is one for each ring of the chip: on a real one that
 * is one, with the extension several, on threads of their own. Of the packet ring this driver owns
 * the packets from BeginIndex to EndIndex: those before NextIndex are with the chip, the others
 * wait. A packet's fragments belong to it: they go back with it, by BeginIndex of their own ring.
 */
#include "framework.h"
#include "txoffload.h"
#include <net/logicaladdress.h>

typedef struct _RT_TX_QUEUE {
	RT_ADAPTER *Adapter;
	const NET_RING_COLLECTION *Rings;
	NET_EXTENSION LogicalAddress; /* of fragments */
	RT_TX_EXTENSIONS Extensions;
	RT_RING Ring;
	ULONG Id;              /* of the chip's ring */
	ULONG FirstDescriptor; /* of the first packet that is with the chip */
	ULONG NextDescriptor;
	ULONG FreeDescriptors;
} RT_TX_QUEUE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(RT_TX_QUEUE, RtGetTxQueue)

static EVT_WDF_OBJECT_CONTEXT_DESTROY EvtTxQueueDestroy;
static EVT_PACKET_QUEUE_START EvtTxQueueStart;
static EVT_PACKET_QUEUE_ADVANCE EvtTxQueueAdvance;
static EVT_PACKET_QUEUE_SET_NOTIFICATION_ENABLED EvtTxQueueSetNotificationEnabled;
static EVT_PACKET_QUEUE_CANCEL EvtTxQueueCancel;

_Use_decl_annotations_ NTSTATUS
EvtAdapterCreateTxQueue(NETADAPTER NetAdapter, NETTXQUEUE_INIT *TxQueueInit)
{
	RT_ADAPTER *adapter = RtGetAdapter(NetAdapter);
	WDF_OBJECT_ATTRIBUTES attributes;
	NET_PACKET_QUEUE_CONFIG config;
	NET_EXTENSION_QUERY query;
	NETPACKETQUEUE queue;
	RT_TX_QUEUE *tx;
	NTSTATUS status;
	ULONG id;

	PAGED_CODE();

	id = NetTxQueueInitGetQueueId(TxQueueInit);

	NET_PACKET_QUEUE_CONFIG_INIT(&config, EvtTxQueueAdvance, EvtTxQueueSetNotificationEnabled,
				     EvtTxQueueCancel);
	config.EvtStart = EvtTxQueueStart;
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, RT_TX_QUEUE);
	attributes.EvtDestroyCallback = EvtTxQueueDestroy;
	status = NetTxQueueCreate(TxQueueInit, &attributes, &config, &queue);
	if (!NT_SUCCESS(status))
		goto Exit;

	tx = RtGetTxQueue(queue);
	tx->Adapter = adapter;
	tx->Id = id;
	tx->Rings = NetTxQueueGetRingCollection(queue);
	RtTxOffloadQueryExtensions(queue, &tx->Extensions);

	NET_EXTENSION_QUERY_INIT(&query, NET_FRAGMENT_EXTENSION_LOGICAL_ADDRESS_NAME,
				 NET_FRAGMENT_EXTENSION_LOGICAL_ADDRESS_VERSION_1,
				 NetExtensionTypeFragment);
	NetTxQueueGetExtension(queue, &query, &tx->LogicalAddress);

	status = RtRingCreate(&tx->Ring, adapter, adapter->Configuration.TransmitBuffers);

Exit:
	return status;
}

_Use_decl_annotations_ static VOID
EvtTxQueueDestroy(WDFOBJECT Queue)
{
	RtRingDelete(&RtGetTxQueue(Queue)->Ring);
}

_Use_decl_annotations_ static VOID
EvtTxQueueStart(NETPACKETQUEUE Queue)
{
	RT_TX_QUEUE *tx = RtGetTxQueue(Queue);
	RT_ADAPTER *adapter = tx->Adapter;
	ULONG maximumFrame = adapter->Configuration.MaximumFrame + RT_VLAN_TAG;

	PAGED_CODE();

	RtRingReset(&tx->Ring);
	tx->FirstDescriptor = 0;
	tx->NextDescriptor = 0;
	tx->FreeDescriptors = tx->Ring.Count;

	RtWrite8(adapter, RT_TDFNR, RT_TDFNR_DEFAULT);
	RtWrite8(adapter, RT_MTPS, (UCHAR)((maximumFrame + RT_MTPS_UNIT - 1) / RT_MTPS_UNIT));
	RtHardwareSetRing(adapter, tx->Id == 0 ? RT_TNPDS : RT_TX_RING(tx->Id),
			  tx->Ring.LogicalAddress);
	RtHardwareSetCommand(adapter, 0, RT_CR_TE);
	RtWrite32(adapter, RT_TCR, RT_TCR_IFG_STANDARD | RT_TCR_DMA_UNLIMITED | RT_TCR_NO_RETRY);

	RtInterruptSetQueue(adapter, &adapter->TxQueues[tx->Id], Queue);
}

/*
 * One descriptor per fragment. The first is given to the chip last: it follows the ring and would
 * otherwise send what is not all there yet.
 */
static VOID
RtTxFillDescriptors(RT_TX_QUEUE *Tx, const NET_PACKET *Packet, const RT_TX_OFFLOAD *Offload)
{
	const NET_RING *fragments = NetRingCollectionGetFragmentRing(Tx->Rings);
	RT_RING *ring = &Tx->Ring;
	ULONG first = Tx->NextDescriptor;
	ULONG index = first;
	USHORT firstStatus = 0;
	ULONG i;

	for (i = 0; i < Packet->FragmentCount; i++) {
		UINT32 at = NetRingAdvanceIndex(fragments, Packet->FragmentIndex, (INT32)i);
		const NET_FRAGMENT *fragment = NetRingGetFragmentAtIndex(fragments, at);
		RT_DESCRIPTOR *descriptor = &ring->Descriptors[index];
		USHORT status = RT_DESC_OWN | RtRingEnd(ring, index) | Offload->Status;

		if (i + 1u == Packet->FragmentCount)
			status |= RT_DESC_LS;
		descriptor->Length = (USHORT)fragment->ValidLength;
		descriptor->Vlan = Offload->Vlan;
		descriptor->Offload = Offload->Offload;
		descriptor->Address = NetExtensionGetFragmentLogicalAddress(&Tx->LogicalAddress, at)
					      ->LogicalAddress +
				      fragment->Offset;
		if (i == 0)
			firstStatus = status | RT_DESC_FS;
		else
			WriteUShortRelease(&descriptor->Status, status);
		index = RtRingNext(ring, index);
	}

	WriteUShortRelease(&ring->Descriptors[first].Status, firstStatus);
	Tx->NextDescriptor = index;
	Tx->FreeDescriptors -= Packet->FragmentCount;
}

/*
 * Return: FALSE when the packet has to wait for descriptors. Scratch is the driver's own bit of a
 * packet: here, that the chip has it.
 */
static BOOLEAN
RtTxProgramPacket(RT_TX_QUEUE *Tx, NET_PACKET *Packet, UINT32 PacketIndex)
{
	RT_TX_OFFLOAD offload;

	Packet->Scratch = FALSE;

	/* Not for the chip, but returned in its turn like the others. */
	if (Packet->Ignore || Packet->FragmentCount == 0 ||
	    !RtTxOffloadGet(Tx->Adapter, &Tx->Extensions, Packet, PacketIndex, &offload))
		return TRUE;

	if (Packet->FragmentCount > Tx->FreeDescriptors)
		return FALSE;

	RtTxFillDescriptors(Tx, Packet, &offload);
	Packet->Scratch = TRUE;
	return TRUE;
}

/* A ring's doorbell. */
static VOID
RtTxPoll(const RT_TX_QUEUE *Tx)
{
	if (Tx->Id == 0)
		RtWrite8(Tx->Adapter, RT_TPPOLL, RT_TPPOLL_NPQ);
	else
		RtWrite8(Tx->Adapter, RT_TX_RING_POLL(Tx->Id), 1);
}

/* New packets to the chip; it is told once, however many there are. */
static VOID
RtTxProgram(RT_TX_QUEUE *Tx)
{
	NET_RING *packets = NetRingCollectionGetPacketRing(Tx->Rings);
	ULONG free = Tx->FreeDescriptors;

	while (packets->NextIndex != packets->EndIndex &&
	       RtTxProgramPacket(Tx, NetRingGetPacketAtIndex(packets, packets->NextIndex),
				 packets->NextIndex))
		packets->NextIndex = NetRingIncrementIndex(packets, packets->NextIndex);

	if (Tx->FreeDescriptors != free)
		RtTxPoll(Tx);
}

/* Return: FALSE when the chip still has it. It returns a packet's first descriptor last. */
static BOOLEAN
RtTxCompletePacket(RT_TX_QUEUE *Tx, const NET_PACKET *Packet)
{
	RT_DESCRIPTOR *first = &Tx->Ring.Descriptors[Tx->FirstDescriptor];

	if (!Packet->Scratch)
		return TRUE;
	if (ReadUShortAcquire(&first->Status) & RT_DESC_OWN)
		return FALSE;

	/* A ring has a power of two of descriptors. */
	Tx->FirstDescriptor = (Tx->FirstDescriptor + Packet->FragmentCount) & (Tx->Ring.Count - 1);
	Tx->FreeDescriptors += Packet->FragmentCount;
	return TRUE;
}

/* Packets that the chip has sent go back, in order, and their fragments with them. */
static VOID
RtTxComplete(RT_TX_QUEUE *Tx)
{
	NET_RING *packets = NetRingCollectionGetPacketRing(Tx->Rings);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(Tx->Rings);

	while (packets->BeginIndex != packets->NextIndex) {
		const NET_PACKET *packet = NetRingGetPacketAtIndex(packets, packets->BeginIndex);

		if (!RtTxCompletePacket(Tx, packet))
			break;
		if (!packet->Ignore)
			fragments->BeginIndex = NetRingAdvanceIndex(
				fragments, packet->FragmentIndex, packet->FragmentCount);
		packets->BeginIndex = NetRingIncrementIndex(packets, packets->BeginIndex);
	}
}

_Use_decl_annotations_ static VOID
EvtTxQueueAdvance(NETPACKETQUEUE Queue)
{
	RT_TX_QUEUE *tx = RtGetTxQueue(Queue);

	RtTxProgram(tx);
	RtTxComplete(tx);
}

_Use_decl_annotations_ static VOID
EvtTxQueueSetNotificationEnabled(NETPACKETQUEUE Queue, BOOLEAN NotificationEnabled)
{
	RT_TX_QUEUE *tx = RtGetTxQueue(Queue);

	if (NotificationEnabled)
		RtInterruptArm(tx->Adapter, RtInterruptOfTxRing(tx->Id));
	else
		RtInterruptDisarm(tx->Adapter, RtInterruptOfTxRing(tx->Id));
}

/* The transmitter stops, for all rings, as their queues stop together: what it has not sent, it
 * never will. All packets go back. */
_Use_decl_annotations_ static VOID
EvtTxQueueCancel(NETPACKETQUEUE Queue)
{
	RT_TX_QUEUE *tx = RtGetTxQueue(Queue);
	NET_RING *packets = NetRingCollectionGetPacketRing(tx->Rings);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(tx->Rings);
	PHYSICAL_ADDRESS none = { 0 };

	PAGED_CODE();

	RtInterruptDisarm(tx->Adapter, RtInterruptOfTxRing(tx->Id));
	RtInterruptSetQueue(tx->Adapter, &tx->Adapter->TxQueues[tx->Id], NULL);
	RtHardwareSetCommand(tx->Adapter, RT_CR_TE, 0);
	if (tx->Id != 0)
		RtHardwareSetRing(tx->Adapter, RT_TX_RING(tx->Id), none);

	packets->NextIndex = packets->EndIndex;
	packets->BeginIndex = packets->EndIndex;
	fragments->BeginIndex = fragments->EndIndex;
}
