/* SPDX-License-Identifier: MIT */
/* slot.c - a packet of the receiver's ring: its bytes, and what is said beside them. */
#include "slot.h"

#define VIRT_TAG_PLACE 12 /* offset in the frame: behind the addresses */
#define VIRT_TAG_TYPE  0x8100

static UCHAR *VirtSlotBuffer(const VIRT_RX_QUEUE *Rx, UINT32 FragmentIndex)
{
	return (UCHAR *)NetExtensionGetFragmentVirtualAddress(&Rx->VirtualAddress, FragmentIndex)
		->VirtualAddress;
}

BOOLEAN
VirtSlotFind(VIRT_RX_QUEUE *Rx, const VIRT_PACKET *Packet, ULONG Buffers, VIRT_SLOT *Slot)
{
	const NET_RING *packets = NetRingCollectionGetPacketRing(Rx->Rings);
	const NET_RING *fragments = NetRingCollectionGetFragmentRing(Rx->Rings);

	if (packets->NextIndex == Rx->PacketEnd ||
	    NetRingGetRangeCount(fragments, fragments->NextIndex, Rx->FragmentEnd) < Buffers)
		return FALSE;
	Slot->Rx = Rx;
	Slot->PacketIndex = packets->NextIndex;
	Slot->Data = VirtSlotBuffer(Rx, fragments->NextIndex);
	Slot->Capacity = Buffers * Rx->Adapter->Configuration.BufferSize;
	Slot->Length = 0;
	Slot->Tag = Packet->Tag.TxTagging && !Rx->Tag.Enabled ? VIRT_TAG : 0;
	Slot->Layer3 = Packet->Layout.Layer2HeaderLength + Slot->Tag;
	Slot->Layer4 = Slot->Layer3 + Packet->Layout.Layer3HeaderLength;
	return TRUE;
}

/* What is in the first buffer. */
static VOID VirtSlotCopyFirst(const VIRT_SLOT *Slot, const VIRT_PACKET *Packet, ULONG Length)
{
	UCHAR *data = Slot->Data;

	if (Slot->Tag == 0) {
		VirtPacketRead(Packet, 0, Length, data);
		return;
	}
	VirtPacketRead(Packet, 0, VIRT_TAG_PLACE, data);
	VirtStore16(&data[VIRT_TAG_PLACE], VIRT_TAG_TYPE);
	VirtStore16(&data[VIRT_TAG_PLACE + 2],
		    (ULONG)Packet->Tag.PriorityCodePoint << 13 | Packet->Tag.VlanIdentifier);
	VirtPacketRead(Packet, VIRT_TAG_PLACE, Length - VIRT_TAG_PLACE,
		       &data[VIRT_TAG_PLACE + VIRT_TAG]);
}

VOID VirtSlotCopyHead(VIRT_SLOT *Slot, const VIRT_PACKET *Packet, ULONG Length)
{
	const NET_RING *fragments = NetRingCollectionGetFragmentRing(Slot->Rx->Rings);
	ULONG size = Slot->Rx->Adapter->Configuration.BufferSize;
	UINT32 index = fragments->NextIndex;
	ULONG done = min(Length, size - Slot->Tag);

	Slot->Length = Length + Slot->Tag;
	VirtSlotCopyFirst(Slot, Packet, done);
	while (done < Length) {
		ULONG count = min(Length - done, size);

		index = NetRingIncrementIndex(fragments, index);
		VirtPacketRead(Packet, done, count, VirtSlotBuffer(Slot->Rx, index));
		done += count;
	}
}

static VOID VirtSlotSetTag(const VIRT_SLOT *Slot, const VIRT_PACKET *Packet)
{
	NET_PACKET_IEEE8021Q *tag;

	if (!Slot->Rx->Tag.Enabled)
		return;
	tag = NetExtensionGetPacketIeee8021Q(&Slot->Rx->Tag, Slot->PacketIndex);
	tag->TxTagging = 0;
	tag->PriorityCodePoint = Packet->Tag.TxTagging ? Packet->Tag.PriorityCodePoint : 0;
	tag->VlanIdentifier = Packet->Tag.TxTagging ? Packet->Tag.VlanIdentifier : 0;
}

/*
 * What is known of the checksums, if the stack wants to hear of it: those that were computed here,
 * or would have been of a super-packet, are good. Nobody has looked at others.
 */
VOID VirtSlotSetChecksum(const VIRT_SLOT *Slot, const VIRT_PACKET *Packet, BOOLEAN Layer3,
			 BOOLEAN Layer4)
{
	ULONG offloads = Slot->Rx->Adapter->Port.Offloads;
	ULONG offload = Packet->Layout.Layer4Type == NetPacketLayer4TypeTcp ? VIRT_RX_CHECKSUM_TCP
									    : VIRT_RX_CHECKSUM_UDP;
	NET_PACKET_CHECKSUM *checksum;

	if (!Slot->Rx->Checksum.Enabled)
		return;
	checksum = NetExtensionGetPacketChecksum(&Slot->Rx->Checksum, Slot->PacketIndex);
	checksum->Layer2 = NetPacketRxChecksumEvaluationNotChecked;
	checksum->Layer3 = Layer3 && (offloads & VIRT_RX_CHECKSUM_IPV4)
				   ? NetPacketRxChecksumEvaluationValid
				   : NetPacketRxChecksumEvaluationNotChecked;
	checksum->Layer4 = Layer4 && (offloads & offload) ? NetPacketRxChecksumEvaluationValid
							  : NetPacketRxChecksumEvaluationNotChecked;
}

/*
 * Segments: of a packet that was not made of several, 0. Of UDP it is told how large they are.
 * A super-packet has one time stamp, which all of its segments have.
 */
VOID VirtSlotSetRsc(const VIRT_SLOT *Slot, const VIRT_PACKET *Packet, ULONG Segments)
{
	NET_PACKET_RSC *rsc;

	if (!Slot->Rx->Rsc.Enabled)
		return;
	rsc = NetExtensionGetPacketRsc(&Slot->Rx->Rsc, Slot->PacketIndex);
	rsc->TCP.CoalescedSegmentCount = (UINT16)Segments;
	rsc->TCP.DuplicateAckCount = 0;
	if (Segments != 0 && Packet->Layout.Layer4Type == NetPacketLayer4TypeUdp)
		rsc->UDP.CoalescedSegmentSize = (UINT16)Packet->Mss;
	if (Slot->Rx->RscTimestamp.Enabled)
		NetExtensionGetPacketRscTimestamp(&Slot->Rx->RscTimestamp, Slot->PacketIndex)
			->TCP.RscTcpTimestampDelta = 0;
}

/* Return: how many buffers it has filled. */
static UINT16 VirtSlotFinishBuffers(const VIRT_SLOT *Slot, NET_RING *Fragments)
{
	ULONG size = Slot->Rx->Adapter->Configuration.BufferSize, left = Slot->Length;
	UINT16 buffers = 0;

	while (left > 0) {
		NET_FRAGMENT *fragment = NetRingGetFragmentAtIndex(Fragments, Fragments->NextIndex);

		fragment->Offset = 0;
		fragment->ValidLength = min(left, size);
		left -= (ULONG)fragment->ValidLength;
		Fragments->NextIndex = NetRingIncrementIndex(Fragments, Fragments->NextIndex);
		buffers++;
	}
	return buffers;
}

VOID VirtSlotFinish(VIRT_SLOT *Slot, const VIRT_PACKET *Packet)
{
	NET_RING *packets = NetRingCollectionGetPacketRing(Slot->Rx->Rings);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(Slot->Rx->Rings);
	NET_PACKET *packet = NetRingGetPacketAtIndex(packets, Slot->PacketIndex);

	packet->FragmentIndex = fragments->NextIndex;
	packet->FragmentCount = VirtSlotFinishBuffers(Slot, fragments);
	packet->Layout = Packet->Layout;
	packet->Layout.Layer2HeaderLength += Slot->Tag;
	VirtSlotSetTag(Slot, Packet);

	packets->NextIndex = NetRingIncrementIndex(packets, packets->NextIndex);
	Slot->Rx->Adapter->Port.Counters.Received++;
}
