/* SPDX-License-Identifier: MIT */
/*
 * txqueue.c - the transmit queue. The framework owns the fragment ring; of the packet ring, this
 * driver owns the packets from BeginIndex to EndIndex: those before NextIndex are with the chip,
 * the others wait.
 */
#include "framework.h"
#include "txoffload.h"

typedef struct _RT_TX_QUEUE {
	RT_ADAPTER *Adapter;
	PCNET_DATAPATH_DESCRIPTOR Datapath;
	PNET_PACKET_CONTEXT_TOKEN ContextToken;
	RT_TX_EXTENSIONS Extensions;
	RT_RING Ring;
	ULONG NextDescriptor;
	ULONG FreeDescriptors;
} RT_TX_QUEUE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(RT_TX_QUEUE, RtGetTxQueue)

/* With each packet: the descriptors it has, none when it was not for the chip. */
typedef struct _RT_TX_PACKET {
	ULONG FirstDescriptor;
	ULONG DescriptorCount;
} RT_TX_PACKET;
NET_PACKET_DECLARE_CONTEXT_TYPE_WITH_NAME(RT_TX_PACKET, RtGetTxPacket)

static EVT_WDF_OBJECT_CONTEXT_DESTROY EvtTxQueueDestroy;
static EVT_PACKET_QUEUE_START EvtTxQueueStart;
static EVT_PACKET_QUEUE_ADVANCE EvtTxQueueAdvance;
static EVT_PACKET_QUEUE_SET_NOTIFICATION_ENABLED EvtTxQueueSetNotificationEnabled;
static EVT_PACKET_QUEUE_CANCEL EvtTxQueueCancel;

_Use_decl_annotations_ NTSTATUS
EvtAdapterCreateTxQueue(NETADAPTER NetAdapter, NETTXQUEUE_INIT *TxQueueInit)
{
	RT_ADAPTER *adapter = RtGetAdapter(NetAdapter);
	NET_PACKET_CONTEXT_ATTRIBUTES contextAttributes;
	WDF_OBJECT_ATTRIBUTES attributes;
	NET_PACKET_QUEUE_CONFIG config;
	NETPACKETQUEUE queue;
	RT_TX_QUEUE *tx;
	NTSTATUS status;

	PAGED_CODE();

	NET_PACKET_CONTEXT_ATTRIBUTES_INIT_TYPE(&contextAttributes, RT_TX_PACKET);
	status = NetTxQueueInitAddPacketContextAttributes(TxQueueInit, &contextAttributes);
	if (!NT_SUCCESS(status))
		goto Exit;

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
	tx->Datapath = NetTxQueueGetDatapathDescriptor(queue);
	tx->ContextToken =
		NetTxQueueGetPacketContextToken(queue, NET_GET_CONTEXT_TYPE_INFO(RT_TX_PACKET));
	RtTxOffloadQueryExtensions(queue, &tx->Extensions);
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
	tx->NextDescriptor = 0;
	tx->FreeDescriptors = tx->Ring.Count;

	RtWrite8(adapter, RT_TDFNR, RT_TDFNR_DEFAULT);
	RtWrite8(adapter, RT_MTPS, (UCHAR)((maximumFrame + RT_MTPS_UNIT - 1) / RT_MTPS_UNIT));
	RtHardwareSetRing(adapter, RT_TNPDS, tx->Ring.LogicalAddress);
	RtHardwareSetCommand(adapter, 0, RT_CR_TE);
	RtWrite32(adapter, RT_TCR, RT_TCR_IFG_STANDARD | RT_TCR_DMA_UNLIMITED | RT_TCR_NO_RETRY);

	RtInterruptSetQueue(adapter, &adapter->TxQueues[0], Queue);
}

/*
 * One descriptor per fragment. The first is given to the chip last: it follows the ring and would
 * otherwise send what is not all there yet.
 */
static VOID
RtTxFillDescriptors(RT_TX_QUEUE *Tx, const NET_PACKET *Packet, const RT_TX_OFFLOAD *Offload)
{
	RT_RING *ring = &Tx->Ring;
	ULONG first = Tx->NextDescriptor;
	ULONG index = first;
	USHORT firstStatus = 0;
	ULONG i;

	for (i = 0; i < Packet->FragmentCount; i++) {
		const NET_PACKET_FRAGMENT *fragment =
			NET_PACKET_GET_FRAGMENT(Packet, Tx->Datapath, i);
		RT_DESCRIPTOR *descriptor = &ring->Descriptors[index];
		USHORT status = RT_DESC_OWN | RtRingEnd(ring, index) | Offload->Status;

		if (i + 1u == Packet->FragmentCount)
			status |= RT_DESC_LS;
		descriptor->Length = (USHORT)fragment->ValidLength;
		descriptor->Vlan = 0;
		descriptor->Offload = Offload->Offload;
		descriptor->Address =
			(UINT64)fragment->Mapping.DmaLogicalAddress.QuadPart + fragment->Offset;
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

/* Return: FALSE when the packet has to wait for descriptors. */
static BOOLEAN
RtTxProgramPacket(RT_TX_QUEUE *Tx, NET_PACKET *Packet)
{
	RT_TX_PACKET *context = RtGetTxPacketFromToken(Tx->Datapath, Packet, Tx->ContextToken);
	RT_TX_OFFLOAD offload;

	context->FirstDescriptor = Tx->NextDescriptor;
	context->DescriptorCount = 0;

	/* Not for the chip, but returned in its turn like the others. */
	if (Packet->IgnoreThisPacket || Packet->FragmentCount == 0 ||
	    !RtTxOffloadGet(Tx->Adapter, &Tx->Extensions, Packet, &offload))
		return TRUE;

	if (Packet->FragmentCount > Tx->FreeDescriptors)
		return FALSE;

	RtTxFillDescriptors(Tx, Packet, &offload);
	context->DescriptorCount = Packet->FragmentCount;
	return TRUE;
}

/* New packets to the chip; it is told once, however many there are. */
static VOID
RtTxProgram(RT_TX_QUEUE *Tx)
{
	ULONG free = Tx->FreeDescriptors;
	NET_PACKET *packet;

	while ((packet = NetRingBufferGetNextPacket(Tx->Datapath)) != NULL &&
	       RtTxProgramPacket(Tx, packet))
		NetRingBufferAdvanceNextPacket(Tx->Datapath);

	if (Tx->FreeDescriptors != free)
		RtWrite8(Tx->Adapter, RT_TPPOLL, RT_TPPOLL_NPQ);
}

/* Packets that the chip has sent go back, in order. It returns a packet's first descriptor last. */
static VOID
RtTxComplete(RT_TX_QUEUE *Tx)
{
	NET_RING_BUFFER *packets = NET_DATAPATH_DESCRIPTOR_GET_PACKET_RING_BUFFER(Tx->Datapath);

	while (packets->BeginIndex != packets->NextIndex) {
		NET_PACKET *packet =
			NetRingBufferGetPacketAtIndex(Tx->Datapath, packets->BeginIndex);
		RT_TX_PACKET *context =
			RtGetTxPacketFromToken(Tx->Datapath, packet, Tx->ContextToken);
		RT_DESCRIPTOR *first = &Tx->Ring.Descriptors[context->FirstDescriptor];

		if (context->DescriptorCount != 0 &&
		    (ReadUShortAcquire(&first->Status) & RT_DESC_OWN))
			break;
		Tx->FreeDescriptors += context->DescriptorCount;
		packets->BeginIndex = NetRingBufferIncrementIndex(packets, packets->BeginIndex);
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
	RT_ADAPTER *adapter = RtGetTxQueue(Queue)->Adapter;

	if (NotificationEnabled)
		RtInterruptArm(adapter, RT_INT_TRANSMIT);
	else
		RtInterruptDisarm(adapter, RT_INT_TRANSMIT);
}

/* The transmitter stops, so that what it has not sent, it never will; all packets go back. */
_Use_decl_annotations_ static VOID
EvtTxQueueCancel(NETPACKETQUEUE Queue)
{
	RT_TX_QUEUE *tx = RtGetTxQueue(Queue);

	PAGED_CODE();

	RtInterruptDisarm(tx->Adapter, RT_INT_TRANSMIT);
	RtInterruptSetQueue(tx->Adapter, &tx->Adapter->TxQueues[0], NULL);
	RtHardwareSetCommand(tx->Adapter, RT_CR_TE, 0);
	NetRingBufferReturnAllPackets(tx->Datapath);
}
