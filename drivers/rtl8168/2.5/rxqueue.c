/* SPDX-License-Identifier: MIT */
/*
 * rxqueue.c - the receive queue. The framework posts empty buffers in the fragment ring; the driver
 * gives them to the chip in order, and makes packets of those that the chip has filled: each of
 * one, or of several where it has coalesced segments.
 */
#include "framework.h"
#include <net/checksum.h>
#include <net/ieee8021q.h>
#include <net/logicaladdress.h>
#include <net/packethash.h>
#include <net/rsc.h>

typedef struct _RT_RX_QUEUE {
	RT_ADAPTER *Adapter;
	const NET_RING_COLLECTION *Rings;
	NET_EXTENSION LogicalAddress; /* of fragments */
	NET_EXTENSION Checksum;       /* of packets; Enabled FALSE: they have none */
	NET_EXTENSION Tag;            /* likewise */
	NET_EXTENSION Hash;           /* likewise */
	NET_EXTENSION Rsc;            /* likewise */
	NET_EXTENSION RscTimestamp;   /* likewise */
	RT_RING Ring;
	ULONG Id;              /* of the chip's ring */
	ULONG FirstDescriptor; /* of the fragment at BeginIndex */
	ULONG NextDescriptor;  /* of the fragment at NextIndex */
} RT_RX_QUEUE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(RT_RX_QUEUE, RtGetRxQueue)

static EVT_WDF_OBJECT_CONTEXT_DESTROY EvtRxQueueDestroy;
static EVT_PACKET_QUEUE_START EvtRxQueueStart;
static EVT_PACKET_QUEUE_ADVANCE EvtRxQueueAdvance;
static EVT_PACKET_QUEUE_SET_NOTIFICATION_ENABLED EvtRxQueueSetNotificationEnabled;
static EVT_PACKET_QUEUE_CANCEL EvtRxQueueCancel;

static VOID
RtRxQueryExtensions(NETPACKETQUEUE Queue, RT_RX_QUEUE *Rx)
{
	NET_EXTENSION_QUERY query;

	NET_EXTENSION_QUERY_INIT(&query, NET_FRAGMENT_EXTENSION_LOGICAL_ADDRESS_NAME,
				 NET_FRAGMENT_EXTENSION_LOGICAL_ADDRESS_VERSION_1,
				 NetExtensionTypeFragment);
	NetRxQueueGetExtension(Queue, &query, &Rx->LogicalAddress);

	NET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_CHECKSUM_NAME,
				 NET_PACKET_EXTENSION_CHECKSUM_VERSION_1, NetExtensionTypePacket);
	NetRxQueueGetExtension(Queue, &query, &Rx->Checksum);

	NET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_IEEE8021Q_NAME,
				 NET_PACKET_EXTENSION_IEEE8021Q_VERSION_1, NetExtensionTypePacket);
	NetRxQueueGetExtension(Queue, &query, &Rx->Tag);

	NET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_HASH_NAME,
				 NET_PACKET_EXTENSION_HASH_VERSION_1, NetExtensionTypePacket);
	NetRxQueueGetExtension(Queue, &query, &Rx->Hash);

	NET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_RSC_NAME,
				 NET_PACKET_EXTENSION_RSC_VERSION_2, NetExtensionTypePacket);
	NetRxQueueGetExtension(Queue, &query, &Rx->Rsc);

	NET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_RSC_TIMESTAMP_NAME,
				 NET_PACKET_EXTENSION_RSC_TIMESTAMP_VERSION_1,
				 NetExtensionTypePacket);
	NetRxQueueGetExtension(Queue, &query, &Rx->RscTimestamp);
}

_Use_decl_annotations_ NTSTATUS
EvtAdapterCreateRxQueue(NETADAPTER NetAdapter, NETRXQUEUE_INIT *RxQueueInit)
{
	RT_ADAPTER *adapter = RtGetAdapter(NetAdapter);
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
	rx->Rings = NetRxQueueGetRingCollection(queue);
	RtRxQueryExtensions(queue, rx);

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
RtRxSetChecksum(const RT_RX_QUEUE *Rx, UINT32 PacketIndex, USHORT Status, USHORT Offload)
{
	LONG active = ReadNoFence(&Rx->Adapter->ActiveOffloads);
	NET_PACKET_CHECKSUM *checksum;

	if (!Rx->Checksum.Enabled)
		return;
	checksum = NetExtensionGetPacketChecksum(&Rx->Checksum, PacketIndex);
	checksum->Layer2 = NetPacketRxChecksumEvaluationNotChecked;
	checksum->Layer3 = NetPacketRxChecksumEvaluationNotChecked;
	checksum->Layer4 = NetPacketRxChecksumEvaluationNotChecked;

	if ((Offload & RT_RX_IPV4) && (active & RT_OFFLOAD_RX_IPV4))
		checksum->Layer3 = (Status & RT_RX_IPF) ? NetPacketRxChecksumEvaluationInvalid
							: NetPacketRxChecksumEvaluationValid;

	if ((Status & RT_RX_TCPPKT) && (active & RT_OFFLOAD_RX_TCP))
		checksum->Layer4 = (Offload & RT_RX_TCPF) ? NetPacketRxChecksumEvaluationInvalid
							  : NetPacketRxChecksumEvaluationValid;
	else if ((Status & RT_RX_UDPPKT) && (active & RT_OFFLOAD_RX_UDP))
		checksum->Layer4 = (Offload & RT_RX_UDPF) ? NetPacketRxChecksumEvaluationInvalid
							  : NetPacketRxChecksumEvaluationValid;
}

/* The tag that the chip has taken out of the frame. */
static VOID
RtRxSetTag(const RT_RX_QUEUE *Rx, UINT32 PacketIndex, USHORT Offload, USHORT Vlan)
{
	USHORT tag = Offload & RT_RX_TAVA ? RtlUshortByteSwap(Vlan) : 0;
	NET_PACKET_IEEE8021Q *extension;

	if (!Rx->Tag.Enabled)
		return;
	extension = NetExtensionGetPacketIeee8021Q(&Rx->Tag, PacketIndex);
	extension->PriorityCodePoint = tag >> RT_TAG_PRIORITY_SHIFT;
	extension->VlanIdentifier = tag & RT_TAG_VLAN_MASK;
	extension->TxTagging = 0;
}

/* What the stack calls that which the chip has hashed. */
static UINT16
RtRxHashProtocols(ULONG Hashed)
{
	switch (Hashed) {
	case RT_RSS_CONTROL_IPV4:
		return NetPacketHashProtocolTypeIPv4;
	case RT_RSS_CONTROL_TCP_IPV4:
		return NetPacketHashProtocolTypeIPv4 | NetPacketHashProtocolTypeTcp;
	case RT_RSS_CONTROL_IPV6:
		return NetPacketHashProtocolTypeIPv6;
	case RT_RSS_CONTROL_TCP_IPV6:
		return NetPacketHashProtocolTypeIPv6 | NetPacketHashProtocolTypeTcp;
	default:
		return NetPacketHashProtocolTypeNone;
	}
}

/*
 * The chip hashes, but a real one does not say what it found. Where it does, it has written it over
 * the buffer's address: what was hashed above, the hash below.
 */
static VOID
RtRxSetHash(const RT_RX_QUEUE *Rx, UINT32 PacketIndex, UINT64 Address)
{
	NET_PACKET_HASH *hash;

	if (!Rx->Hash.Enabled)
		return;
	hash = NetExtensionGetPacketHash(&Rx->Hash, PacketIndex);
	hash->ProtocolType = NetPacketHashProtocolTypeNone;
	hash->HashValue = 0;
	if (!(Rx->Adapter->Extension & RT_EXTENSION_HASH))
		return;
	hash->ProtocolType = RtRxHashProtocols((ULONG)(Address >> 32));
	hash->HashValue = (UINT32)Address;
}

/* What the packet was made of, if it is of several segments. Both members lie in the same bits. */
static VOID
RtRxSetRsc(const RT_RX_QUEUE *Rx, UINT32 PacketIndex, USHORT Offload, UINT64 Coalesced)
{
	NET_PACKET_RSC *rsc;

	if (!Rx->Rsc.Enabled)
		return;
	if ((Offload & RT_RX_COALESCED) == 0)
		Coalesced = 0;
	rsc = NetExtensionGetPacketRsc(&Rx->Rsc, PacketIndex);
	rsc->TCP.CoalescedSegmentCount = RT_RX_SEGMENTS(Coalesced);
	rsc->TCP.DuplicateAckCount = RT_RX_SIZE(Coalesced);
	if (Rx->RscTimestamp.Enabled)
		NetExtensionGetPacketRscTimestamp(&Rx->RscTimestamp, PacketIndex)
			->TCP.RscTcpTimestampDelta = RT_RX_TIMESTAMP(Coalesced);
}

/* The chip says which protocols a frame has, but not how long their headers are. */
static VOID
RtRxSetLayout(NET_PACKET *Packet, USHORT Status, USHORT Offload)
{
	NET_PACKET_LAYOUT *layout = &Packet->Layout;

	RtlZeroMemory(layout, sizeof(*layout));
	layout->Layer2Type = NetPacketLayer2TypeEthernet;
	layout->Layer2HeaderLength = RT_FRAME_HEADER;
	if (Offload & RT_RX_IPV4)
		layout->Layer3Type = NetPacketLayer3TypeIPv4UnspecifiedOptions;
	else if (Offload & RT_RX_IPV6)
		layout->Layer3Type = NetPacketLayer3TypeIPv6UnspecifiedExtensions;
	if (Status & RT_RX_TCPPKT)
		layout->Layer4Type = NetPacketLayer4TypeTcp;
	else if (Status & RT_RX_UDPPKT)
		layout->Layer4Type = NetPacketLayer4TypeUdp;
}

/*
 * The packet at BeginIndex gets the fragments from BeginIndex on that the chip has filled with it.
 * The last of its descriptors tells of it.
 */
static VOID
RtRxFillPacket(const RT_RX_QUEUE *Rx, USHORT Count, const RT_DESCRIPTOR *Last)
{
	const NET_RING *packets = NetRingCollectionGetPacketRing(Rx->Rings);
	const NET_RING *fragments = NetRingCollectionGetFragmentRing(Rx->Rings);
	NET_PACKET *packet = NetRingGetPacketAtIndex(packets, packets->BeginIndex);
	USHORT status = Last->Status, length = Last->Length & RT_RX_LENGTH_MASK;
	ULONG index = Rx->FirstDescriptor;
	USHORT i;

	packet->FragmentIndex = fragments->BeginIndex;
	packet->FragmentCount = Count;

	/* The chip drops what has errors unless told otherwise; what comes is one whole frame. */
	if ((status & RT_RX_CRC_ERROR) || (status & RT_DESC_LS) == 0 ||
	    length < (Count == 1 ? RT_FRAME_HEADER : 0) + RT_RX_CRC_LENGTH) {
		packet->Ignore = TRUE;
		return;
	}

	for (i = 0; i < Count; i++, index = RtRingNext(&Rx->Ring, index)) {
		UINT32 at = NetRingAdvanceIndex(fragments, fragments->BeginIndex, i);
		NET_FRAGMENT *fragment = NetRingGetFragmentAtIndex(fragments, at);
		ULONG valid = Rx->Ring.Descriptors[index].Length & RT_RX_LENGTH_MASK;

		if (i + 1 == Count)
			valid -= RT_RX_CRC_LENGTH;
		fragment->Offset = 0;
		fragment->ValidLength = valid;
	}
	RtRxSetLayout(packet, status, Last->Offload);
	RtRxSetChecksum(Rx, packets->BeginIndex, status, Last->Offload);
	RtRxSetTag(Rx, packets->BeginIndex, Last->Offload, Last->Vlan);
	RtRxSetHash(Rx, packets->BeginIndex, Rx->Ring.Descriptors[Rx->FirstDescriptor].Address);
	RtRxSetRsc(Rx, packets->BeginIndex, Last->Offload, Last->Address);
}

/*
 * A packet that the chip has put into one descriptor, or into several; it gives back the first one
 * last. Return: how many, 0: none is there. *Last: the one that tells of it
 */
static USHORT
RtRxFindPacket(const RT_RX_QUEUE *Rx, const RT_DESCRIPTOR **Last)
{
	const RT_DESCRIPTOR *descriptors = Rx->Ring.Descriptors;
	ULONG index = Rx->FirstDescriptor;
	USHORT count = 1;

	if (index == Rx->NextDescriptor ||
	    (ReadUShortAcquire(&descriptors[index].Status) & RT_DESC_OWN))
		return 0;
	while ((descriptors[index].Status & RT_DESC_LS) == 0 &&
	       RtRingNext(&Rx->Ring, index) != Rx->NextDescriptor) {
		index = RtRingNext(&Rx->Ring, index);
		count++;
	}
	*Last = &descriptors[index];
	return count;
}

/* Received frames to the framework. */
static VOID
RtRxIndicate(RT_RX_QUEUE *Rx)
{
	NET_RING *packets = NetRingCollectionGetPacketRing(Rx->Rings);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(Rx->Rings);
	const RT_DESCRIPTOR *last;
	USHORT count;

	while (packets->BeginIndex != packets->EndIndex &&
	       (count = RtRxFindPacket(Rx, &last)) != 0) {
		RtRxFillPacket(Rx, count, last);
		Rx->FirstDescriptor = (Rx->FirstDescriptor + count) & (Rx->Ring.Count - 1);
		fragments->BeginIndex =
			NetRingAdvanceIndex(fragments, fragments->BeginIndex, count);
		packets->BeginIndex = NetRingIncrementIndex(packets, packets->BeginIndex);
	}
}

/*
 * Empty buffers to the chip, which looks at OWN for each frame and needs no telling. One descriptor
 * stays free, so that a full ring is not taken for an empty one.
 */
static VOID
RtRxPost(RT_RX_QUEUE *Rx)
{
	NET_RING *fragments = NetRingCollectionGetFragmentRing(Rx->Rings);

	while (fragments->NextIndex != fragments->EndIndex) {
		const NET_FRAGMENT *fragment =
			NetRingGetFragmentAtIndex(fragments, fragments->NextIndex);
		ULONG index = Rx->NextDescriptor;
		RT_DESCRIPTOR *descriptor = &Rx->Ring.Descriptors[index];
		ULONG capacity = (ULONG)min(fragment->Capacity, RT_RX_LENGTH_MASK);

		if (RtRingNext(&Rx->Ring, index) == Rx->FirstDescriptor)
			break;
		descriptor->Length = (USHORT)capacity;
		descriptor->Vlan = 0;
		descriptor->Offload = 0;
		descriptor->Address = NetExtensionGetFragmentLogicalAddress(&Rx->LogicalAddress,
									    fragments->NextIndex)
					      ->LogicalAddress;
		WriteUShortRelease(&descriptor->Status, RT_DESC_OWN | RtRingEnd(&Rx->Ring, index));

		Rx->NextDescriptor = RtRingNext(&Rx->Ring, index);
		fragments->NextIndex = NetRingIncrementIndex(fragments, fragments->NextIndex);
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
 * delivered, and every other packet goes back unused, as do the buffers. */
_Use_decl_annotations_ static VOID
EvtRxQueueCancel(NETPACKETQUEUE Queue)
{
	RT_RX_QUEUE *rx = RtGetRxQueue(Queue);
	NET_RING *packets = NetRingCollectionGetPacketRing(rx->Rings);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(rx->Rings);

	PHYSICAL_ADDRESS none = { 0 };

	PAGED_CODE();

	RtInterruptDisarm(rx->Adapter, RtInterruptOfRxQueue(rx->Id));
	RtInterruptSetQueue(rx->Adapter, &rx->Adapter->RxQueues[rx->Id], NULL);
	RtHardwareSetCommand(rx->Adapter, RT_CR_RE, 0);
	if (rx->Id != 0)
		RtRssSetRing(rx->Adapter, rx->Id, none);

	RtRxIndicate(rx);
	for (; packets->BeginIndex != packets->EndIndex;
	     packets->BeginIndex = NetRingIncrementIndex(packets, packets->BeginIndex))
		NetRingGetPacketAtIndex(packets, packets->BeginIndex)->Ignore = TRUE;
	fragments->NextIndex = fragments->EndIndex;
	fragments->BeginIndex = fragments->EndIndex;
}
