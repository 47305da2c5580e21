/* SPDX-License-Identifier: MIT */
/* slot.h - a free packet of a receive ring, and what of it is filled in. PortLock held */
#pragma once

#include "virtual.h"

/* Being filled by the sender's thread, with its buffers. */
typedef struct _VIRT_SLOT {
	VIRT_RX_QUEUE *Rx;
	UINT32 PacketIndex;
	UCHAR *Data;    /* of its first buffer: all headers are there */
	ULONG Capacity; /* bytes, of all its buffers */
	ULONG Length;   /* of the frame, so far */
	ULONG Tag;      /* bytes of a tag that was put into the frame */
	ULONG Layer3, Layer4;
} VIRT_SLOT;

/*
 * slot.c
 * VirtSlotFind() - the next free one, for a packet like this; FALSE: none is free with so many
 *                  Buffers, of which it gives back what it has not used
 * VirtSlotCopyHead() - the packet's first Length bytes, with the tag among them that its receiver
 *                      cannot have beside it
 * VirtSlotSetChecksum() - which checksums are known to be good
 * VirtSlotSetRsc() - of how many segments it is; 0: it was never several
 * VirtSlotFinish() - it is complete: the receiver's next round gives it to the stack
 */
BOOLEAN VirtSlotFind(VIRT_RX_QUEUE *Rx, const VIRT_PACKET *Packet, ULONG Buffers, VIRT_SLOT *Slot);
VOID VirtSlotCopyHead(VIRT_SLOT *Slot, const VIRT_PACKET *Packet, ULONG Length);
VOID VirtSlotSetChecksum(const VIRT_SLOT *Slot, const VIRT_PACKET *Packet, BOOLEAN Layer3,
			 BOOLEAN Layer4);
VOID VirtSlotSetRsc(const VIRT_SLOT *Slot, const VIRT_PACKET *Packet, ULONG Segments);
VOID VirtSlotFinish(VIRT_SLOT *Slot, const VIRT_PACKET *Packet);

/*
 * segment.c
 * VirtSegmentSetHeaders() - for Payload bytes, Done bytes into the packet's payload
 * VirtSegmentSumLayer4() - fill in layer 4's checksum; More: the length that a large send's seed
 *                          has not in it, else 0
 */
VOID VirtSegmentSetHeaders(const VIRT_SLOT *Slot, const VIRT_PACKET *Packet, ULONG Done,
			   ULONG Payload);
VOID VirtSegmentSumLayer4(const VIRT_SLOT *Slot, const VIRT_PACKET *Packet, ULONG More);
