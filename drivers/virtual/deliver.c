/* SPDX-License-Identifier: MIT */
/*
 * deliver.c - from a packet of the sender's transmit ring to packets of the receiver's receive
 * ring, on the sender's thread, with the receiver's PortLock held.
 *
 * A frame goes as it is, with the checksums filled in that its sender has left to the adapter. A
 * super-packet (LSO, USO) goes whole where the receiver takes coalesced segments of its kind, else
 * it is cut here into the frames that hardware would send.
 */
#include "slot.h"

static BOOLEAN VirtDeliverFrame(VIRT_RX_QUEUE *Rx, const VIRT_PACKET *Packet)
{
	BOOLEAN layer3 = Packet->Checksum.Layer3 == NetPacketTxChecksumActionRequired;
	BOOLEAN layer4 = Packet->Checksum.Layer4 == NetPacketTxChecksumActionRequired;
	VIRT_SLOT slot;

	if (!VirtSlotFind(Rx, Packet, 1, &slot))
		return FALSE;
	if (Packet->Length + slot.Tag > slot.Capacity) {
		Rx->Adapter->Port.Counters.Lost++;
		return TRUE;
	}
	VirtSlotCopyHead(&slot, Packet, Packet->Length);
	if (layer3)
		VirtChecksumIpv4(&slot.Data[slot.Layer3], Packet->Layout.Layer3HeaderLength);
	if (layer4)
		VirtSegmentSumLayer4(&slot, Packet, 0);
	VirtSlotSetChecksum(&slot, Packet, layer3, layer4);
	VirtSlotSetRsc(&slot, Packet, 0);
	VirtSlotFinish(&slot, Packet);
	return TRUE;
}

/*
 * As one packet. Layer 4's checksum stays what the stack has left in its field: a coalesced
 * packet's is nobody's, and what the receiver's stack goes by is the verdict. Nothing has touched
 * the payload since the sender's stack has handed it over.
 */
static BOOLEAN VirtDeliverWhole(VIRT_RX_QUEUE *Rx, const VIRT_PACKET *Packet)
{
	ULONG payload = Packet->Length - VirtPacketHeaderLength(Packet);
	ULONG size = Rx->Adapter->Configuration.BufferSize;
	VIRT_SLOT slot;

	if (!VirtSlotFind(Rx, Packet, (Packet->Length + VIRT_TAG + size - 1) / size, &slot))
		return FALSE;
	VirtSlotCopyHead(&slot, Packet, Packet->Length);
	VirtSegmentSetHeaders(&slot, Packet, 0, payload);
	VirtSlotSetChecksum(&slot, Packet, Packet->Ipv4, TRUE);
	VirtSlotSetRsc(&slot, Packet, (payload + Packet->Mss - 1) / Packet->Mss);
	VirtSlotFinish(&slot, Packet);
	Rx->Adapter->Port.Counters.Coalesced++;
	return TRUE;
}

/* One segment. Return: FALSE when there is no room for it now. */
static BOOLEAN VirtDeliverSegment(VIRT_RX_QUEUE *Rx, const VIRT_PACKET *Packet, ULONG Done,
				  ULONG Payload)
{
	ULONG headers = VirtPacketHeaderLength(Packet);
	VIRT_SLOT slot;

	if (!VirtSlotFind(Rx, Packet, 1, &slot))
		return FALSE;
	if (headers + Payload + slot.Tag > slot.Capacity) {
		Rx->Adapter->Port.Counters.Lost++;
		return TRUE;
	}
	VirtSlotCopyHead(&slot, Packet, headers);
	VirtPacketRead(Packet, headers + Done, Payload, &slot.Data[slot.Length]);
	slot.Length += Payload;
	VirtSegmentSetHeaders(&slot, Packet, Done, Payload);
	VirtSegmentSumLayer4(&slot, Packet, Packet->Layout.Layer4HeaderLength + Payload);
	VirtSlotSetChecksum(&slot, Packet, Packet->Ipv4, TRUE);
	VirtSlotSetRsc(&slot, Packet, 0);
	VirtSlotFinish(&slot, Packet);
	Rx->Adapter->Port.Counters.Segments++;
	return TRUE;
}

/* Cut. It may need several rounds, since the receiver's ring is not endless. */
static BOOLEAN VirtDeliverSegments(VIRT_RX_QUEUE *Rx, const VIRT_PACKET *Packet, ULONG *Done)
{
	ULONG payload = Packet->Length - VirtPacketHeaderLength(Packet);

	while (*Done < payload) {
		ULONG size = min(payload - *Done, Packet->Mss);

		if (!VirtDeliverSegment(Rx, Packet, *Done, size))
			return FALSE;
		*Done += size;
	}
	return TRUE;
}

/* Once cut, a packet is cut to its end, whatever its receiver wants meanwhile. */
static BOOLEAN VirtDeliverPacket(VIRT_PORT *Port, const VIRT_PACKET *Packet, ULONG *Done)
{
	if (Port->Queue == NULL) {
		Port->Counters.Lost++;
		return TRUE;
	}
	if (Packet->Mss == 0)
		return VirtDeliverFrame(Port->Queue, Packet);
	if (*Done == 0 && VirtCoalesceFits(Port, Packet))
		return VirtDeliverWhole(Port->Queue, Packet);
	return VirtDeliverSegments(Port->Queue, Packet, Done);
}

BOOLEAN
VirtDeliver(VIRT_ADAPTER *Receiver, const VIRT_PACKET *Packet, ULONG *Done)
{
	UCHAR destination[VIRT_ADDRESS];
	VIRT_PORT *port = &Receiver->Port;
	BOOLEAN delivered = TRUE;

	VirtPacketRead(Packet, 0, VIRT_ADDRESS, destination);

	WdfSpinLockAcquire(Receiver->PortLock);
	if (VirtFilterAccepts(port, destination))
		delivered = VirtDeliverPacket(port, Packet, Done);
	else
		port->Counters.Filtered++;
	if (!delivered)
		port->SenderWaits = TRUE;
	WdfSpinLockRelease(Receiver->PortLock);
	return delivered;
}
