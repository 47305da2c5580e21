/* SPDX-License-Identifier: MIT */
/*
 * rxqueue.c - the receive queue. The framework posts empty buffers, one per packet; the driver
 * gives them to the chip in order, and returns them in order when the chip has filled them.
 */
#include "framework.h"

typedef struct _RT_RX_QUEUE {
	RT_ADAPTER *Adapter;
	PCNET_DATAPATH_DESCRIPTOR Datapath;
	SIZE_T ChecksumOffset; /* of the extension, NET_PACKET_EXTENSION_INVALID_OFFSET without */
	RT_RING Ring;
	ULONG Id;              /* of the chip's ring */
	ULONG FirstDescriptor; /* of the packet at BeginIndex */
	ULONG NextDescriptor;  /* of the packet at NextIndex */
} RT_RX_QUEUE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(RT_RX_QUEUE, RtGetRxQueue)

static EVT_WDF_OBJECT_CONTEXT_DESTROY EvtRxQueueDestroy;
static EVT_PACKET_QUEUE_START EvtRxQueueStart;
static EVT_PACKET_QUEUE_ADVANCE EvtRxQueueAdvance;
static EVT_PACKET_QUEUE_SET_NOTIFICATION_ENABLED EvtRxQueueSetNotificationEnabled;
static EVT_PACKET_QUEUE_CANCEL EvtRxQueueCancel;

_Use_decl_annotations_ NTSTATUS
EvtAdapterCreateRxQueue(NETADAPTER NetAdapter, NETRXQUEUE_INIT *RxQueueInit)
{
	RT_ADAPTER *adapter = RtGetAdapter(NetAdapter);
	NET_PACKET_EXTENSION_QUERY query;
	NET_PACKET_QUEUE_CONFIG config;
	WDF_OBJECT_ATTRIBUTES attributes;
	NETPACKETQUEUE queue;
	RT_RX_QUEUE *rx;
	NTSTATUS status;
	ULONG id;

	PAGED_CODE();

	id = NetRxQueueInitGetQueueId(RxQueueInit);

	NET_PACKET_QUEUE_CONFIG_INIT(&config, EvtRxQueueAdvance, EvtRxQueueSetNotificationEnabled,
				     EvtRxQueueCancel);
	config.EvtStart = EvtRxQueueStart;
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, RT_RX_QUEUE);
	attributes.EvtDestroyCallback = EvtRxQueueDestroy;
	status = NetRxQueueCreate(RxQueueInit, &attributes, &config, &queue);
	if (!NT_SUCCESS(status))
		goto Exit;

	rx = RtGetRxQueue(queue);
	rx->Adapter = adapter;
	rx->Id = id;
	rx->Datapath = NetRxQueueGetDatapathDescriptor(queue);

	NET_PACKET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_CHECKSUM_NAME,
					NET_PACKET_EXTENSION_CHECKSUM_VERSION_1);
	rx->ChecksumOffset = NetRxQueueGetPacketExtensionOffset(queue, &query);

	status = RtRingCreate(&rx->Ring, adapter, adapter->Configuration.ReceiveBuffers);

Exit:
	return status;
}

ULONG
RtRxQueueGetId(NETPACKETQUEUE Queue)
{
	return RtGetRxQueue(Queue)->Id;
}

_Use_decl_annotations_ static VOID
EvtRxQueueDestroy(WDFOBJECT Queue)
{
	RtRingDelete(&RtGetRxQueue(Queue)->Ring);
}

_Use_decl_annotations_ static VOID
EvtRxQueueStart(NETPACKETQUEUE Queue)
{
	RT_RX_QUEUE *rx = RtGetRxQueue(Queue);
	RT_ADAPTER *adapter = rx->Adapter;

	PAGED_CODE();

	RtRingReset(&rx->Ring);
	rx->FirstDescriptor = 0;
	rx->NextDescriptor = 0;

	/* Frames for a queue whose ring is yet to come are queue 0's. */
	RtRssSetRing(adapter, rx->Id, rx->Ring.LogicalAddress);
	if (rx->Id == 0) {
		RtHardwareSetCommand(adapter, 0, RT_CR_RE);
		RtFilterApply(adapter);
	}

	RtInterruptSetQueue(adapter, &adapter->RxQueues[rx->Id], Queue);
}

/* What the chip found of the checksums, as far as the stack wants to hear of it. */
static VOID
RtRxSetChecksum(const RT_RX_QUEUE *Rx, NET_PACKET *Packet, USHORT Status, USHORT Offload)
{
	LONG active = ReadNoFence(&Rx->Adapter->ActiveOffloads);
	NET_PACKET_CHECKSUM *checksum;

	if (Rx->ChecksumOffset == NET_PACKET_EXTENSION_INVALID_OFFSET)
		return;
	checksum = NetPacketGetPacketChecksum(Packet, Rx->ChecksumOffset);
	checksum->Layer2 = NET_PACKET_RX_CHECKSUM_NOT_CHECKED;
	checksum->Layer3 = NET_PACKET_RX_CHECKSUM_NOT_CHECKED;
	checksum->Layer4 = NET_PACKET_RX_CHECKSUM_NOT_CHECKED;

	if ((Offload & RT_RX_IPV4) && (active & RT_OFFLOAD_RX_IPV4))
		checksum->Layer3 = (Status & RT_RX_IPF) ? NET_PACKET_RX_CHECKSUM_INVALID
							: NET_PACKET_RX_CHECKSUM_VALID;

	if ((Status & RT_RX_TCPPKT) && (active & RT_OFFLOAD_RX_TCP))
		checksum->Layer4 = (Offload & RT_RX_TCPF) ? NET_PACKET_RX_CHECKSUM_INVALID
							  : NET_PACKET_RX_CHECKSUM_VALID;
	else if ((Status & RT_RX_UDPPKT) && (active & RT_OFFLOAD_RX_UDP))
		checksum->Layer4 = (Offload & RT_RX_UDPF) ? NET_PACKET_RX_CHECKSUM_INVALID
							  : NET_PACKET_RX_CHECKSUM_VALID;
}

/* The chip says which protocols a frame has, but not how long their headers are. */
static VOID
RtRxSetLayout(NET_PACKET *Packet, USHORT Status, USHORT Offload)
{
	NET_PACKET_LAYOUT *layout = &Packet->Layout;

	RtlZeroMemory(layout, sizeof(*layout));
	layout->Layer2Type = NET_PACKET_LAYER2_TYPE_ETHERNET;
	layout->Layer2HeaderLength = RT_FRAME_HEADER;
	if (Offload & RT_RX_IPV4)
		layout->Layer3Type = NET_PACKET_LAYER3_TYPE_IPV4_UNSPECIFIED_OPTIONS;
	else if (Offload & RT_RX_IPV6)
		layout->Layer3Type = NET_PACKET_LAYER3_TYPE_IPV6_UNSPECIFIED_EXTENSIONS;
	if (Status & RT_RX_TCPPKT)
		layout->Layer4Type = NET_PACKET_LAYER4_TYPE_TCP;
	else if (Status & RT_RX_UDPPKT)
		layout->Layer4Type = NET_PACKET_LAYER4_TYPE_UDP;
}

static VOID
RtRxFillPacket(const RT_RX_QUEUE *Rx, NET_PACKET *Packet, const RT_DESCRIPTOR *Descriptor,
	       USHORT Status)
{
	NET_PACKET_FRAGMENT *fragment = NET_PACKET_GET_FRAGMENT(Packet, Rx->Datapath, 0);
	USHORT length = Descriptor->Length & RT_RX_LENGTH_MASK;

	/* The chip drops what has errors unless told otherwise; what comes is one whole frame. */
	if ((Status & RT_RX_CRC_ERROR) || length < RT_FRAME_HEADER + RT_RX_CRC_LENGTH) {
		Packet->IgnoreThisPacket = TRUE;
		return;
	}

	Packet->FragmentCount = 1;
	fragment->Offset = 0;
	fragment->ValidLength = length - RT_RX_CRC_LENGTH;
	RtRxSetLayout(Packet, Status, Descriptor->Offload);
	RtRxSetChecksum(Rx, Packet, Status, Descriptor->Offload);
}

/* Received frames to the framework. */
static VOID
RtRxIndicate(RT_RX_QUEUE *Rx)
{
	NET_RING_BUFFER *packets = NET_DATAPATH_DESCRIPTOR_GET_PACKET_RING_BUFFER(Rx->Datapath);

	while (packets->BeginIndex != packets->NextIndex) {
		RT_DESCRIPTOR *descriptor = &Rx->Ring.Descriptors[Rx->FirstDescriptor];
		USHORT status = ReadUShortAcquire(&descriptor->Status);

		if (status & RT_DESC_OWN)
			break;
		RtRxFillPacket(Rx, NetRingBufferGetPacketAtIndex(Rx->Datapath, packets->BeginIndex),
			       descriptor, status);
		Rx->FirstDescriptor = RtRingNext(&Rx->Ring, Rx->FirstDescriptor);
		packets->BeginIndex = NetRingBufferIncrementIndex(packets, packets->BeginIndex);
	}
}

/*
 * Empty buffers to the chip, which looks at OWN for each frame and needs no telling. One descriptor
 * stays free, so that a full ring is not taken for an empty one.
 */
static VOID
RtRxPost(RT_RX_QUEUE *Rx)
{
	NET_PACKET *packet;

	while ((packet = NetRingBufferGetNextPacket(Rx->Datapath)) != NULL) {
		const NET_PACKET_FRAGMENT *fragment =
			NET_PACKET_GET_FRAGMENT(packet, Rx->Datapath, 0);
		ULONG index = Rx->NextDescriptor;
		RT_DESCRIPTOR *descriptor = &Rx->Ring.Descriptors[index];
		ULONG capacity = (ULONG)min(fragment->Capacity, RT_RX_LENGTH_MASK);

		if (RtRingNext(&Rx->Ring, index) == Rx->FirstDescriptor)
			break;
		descriptor->Length = (USHORT)capacity;
		descriptor->Vlan = 0;
		descriptor->Offload = 0;
		descriptor->Address = (UINT64)fragment->Mapping.DmaLogicalAddress.QuadPart;
		WriteUShortRelease(&descriptor->Status, RT_DESC_OWN | RtRingEnd(&Rx->Ring, index));

		Rx->NextDescriptor = RtRingNext(&Rx->Ring, index);
		NetRingBufferAdvanceNextPacket(Rx->Datapath);
	}
}

_Use_decl_annotations_ static VOID
EvtRxQueueAdvance(NETPACKETQUEUE Queue)
{
	RT_RX_QUEUE *rx = RtGetRxQueue(Queue);

	RtRxIndicate(rx);
	RtRxPost(rx);
}

_Use_decl_annotations_ static VOID
EvtRxQueueSetNotificationEnabled(NETPACKETQUEUE Queue, BOOLEAN NotificationEnabled)
{
	RT_RX_QUEUE *rx = RtGetRxQueue(Queue);

	if (NotificationEnabled)
		RtInterruptArm(rx->Adapter, RtInterruptOfRxQueue(rx->Id));
	else
		RtInterruptDisarm(rx->Adapter, RtInterruptOfRxQueue(rx->Id));
}

/* The receiver stops, for all queues, as they stop together; frames that are there are still
 * delivered, and every other buffer goes back unused. */
_Use_decl_annotations_ static VOID
EvtRxQueueCancel(NETPACKETQUEUE Queue)
{
	RT_RX_QUEUE *rx = RtGetRxQueue(Queue);
	NET_RING_BUFFER *packets = NET_DATAPATH_DESCRIPTOR_GET_PACKET_RING_BUFFER(rx->Datapath);
	PHYSICAL_ADDRESS none = { 0 };
	UINT32 index;

	PAGED_CODE();

	RtInterruptDisarm(rx->Adapter, RtInterruptOfRxQueue(rx->Id));
	RtInterruptSetQueue(rx->Adapter, &rx->Adapter->RxQueues[rx->Id], NULL);
	RtHardwareSetCommand(rx->Adapter, RT_CR_RE, 0);
	if (rx->Id != 0)
		RtRssSetRing(rx->Adapter, rx->Id, none);

	RtRxIndicate(rx);
	for (index = packets->BeginIndex; index != packets->EndIndex;
	     index = NetRingBufferIncrementIndex(packets, index))
		NetRingBufferGetPacketAtIndex(rx->Datapath, index)->IgnoreThisPacket = TRUE;
	NetRingBufferReturnAllPackets(rx->Datapath);
}
