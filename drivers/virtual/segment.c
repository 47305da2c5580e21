/* SPDX-License-Identifier: MIT */
/*
 * segment.c - headers of the frames that a super-packet is cut into, and checksums. What is in
 * layer 4's field is the pseudo header's sum, which the stack has left there; a large send's lacks
 * the length.
 */
#include "slot.h"

#define VIRT_IPV4_LENGTH 2 /* offsets in headers */
#define VIRT_IPV4_ID     4
/* Of a large send's identifications: NDIS counts in 15 bits for TCP, in all of them for UDP. */
#define VIRT_IPV4_ID_TCP  0x7FFF
#define VIRT_IPV4_ID_UDP  0xFFFF
#define VIRT_IPV6_LENGTH  4
#define VIRT_IPV6_HEADER  40
#define VIRT_TCP_SEQUENCE 4
#define VIRT_TCP_FLAGS    13
#define VIRT_TCP_CHECKSUM 16
#define VIRT_UDP_LENGTH   4
#define VIRT_UDP_CHECKSUM 6
#define VIRT_TCP_FIN_PSH  0x09
#define VIRT_TCP_CWR      0x80

/* A large send's IP header says nothing of lengths; layer 4 is Length bytes, header and all. */
static VOID VirtSegmentSetLayer3(const VIRT_SLOT *Slot, const VIRT_PACKET *Packet, ULONG Length,
				 ULONG Number)
{
	UCHAR *header = &Slot->Data[Slot->Layer3];
	ULONG size = Packet->Layout.Layer3HeaderLength, id, counts;

	if (!Packet->Ipv4) {
		VirtStore16(&header[VIRT_IPV6_LENGTH], size - VIRT_IPV6_HEADER + Length);
		return;
	}
	id = VirtLoad16(&header[VIRT_IPV4_ID]);
	counts = Packet->Layout.Layer4Type == NetPacketLayer4TypeTcp ? VIRT_IPV4_ID_TCP
								     : VIRT_IPV4_ID_UDP;
	id = (id & ~counts) | ((id + Number) & counts);
	VirtStore16(&header[VIRT_IPV4_ID], id);
	VirtStore16(&header[VIRT_IPV4_LENGTH], size + Length);
	VirtChecksumIpv4(header, size);
}

/* RFC 9293: FIN and PSH belong to the last segment; RFC 3168: CWR to the first. */
static VOID VirtSegmentSetTcp(const VIRT_SLOT *Slot, ULONG Done, BOOLEAN Last)
{
	UCHAR *header = &Slot->Data[Slot->Layer4];
	ULONG sequence = (ULONG)VirtLoad16(&header[VIRT_TCP_SEQUENCE]) << 16 |
			 VirtLoad16(&header[VIRT_TCP_SEQUENCE + 2]);

	sequence += Done;
	VirtStore16(&header[VIRT_TCP_SEQUENCE], sequence >> 16);
	VirtStore16(&header[VIRT_TCP_SEQUENCE + 2], sequence);
	if (!Last)
		header[VIRT_TCP_FLAGS] &= ~VIRT_TCP_FIN_PSH;
	if (Done != 0)
		header[VIRT_TCP_FLAGS] &= ~VIRT_TCP_CWR;
}

VOID VirtSegmentSetHeaders(const VIRT_SLOT *Slot, const VIRT_PACKET *Packet, ULONG Done,
			   ULONG Payload)
{
	ULONG layer4 = Packet->Layout.Layer4HeaderLength + Payload;
	BOOLEAN last = VirtPacketHeaderLength(Packet) + Done + Payload == Packet->Length;

	VirtSegmentSetLayer3(Slot, Packet, layer4, Done / Packet->Mss);
	if (Packet->Layout.Layer4Type == NetPacketLayer4TypeTcp)
		VirtSegmentSetTcp(Slot, Done, last);
	else
		VirtStore16(&Slot->Data[Slot->Layer4 + VIRT_UDP_LENGTH], layer4);
}

VOID VirtSegmentSumLayer4(const VIRT_SLOT *Slot, const VIRT_PACKET *Packet, ULONG More)
{
	BOOLEAN udp = Packet->Layout.Layer4Type == NetPacketLayer4TypeUdp;
	UCHAR *layer4 = &Slot->Data[Slot->Layer4];
	USHORT sum = VirtChecksum(layer4, Slot->Length - Slot->Layer4, More);

	/* RFC 768: 0 would say that there is none. */
	if (udp && sum == 0)
		sum = 0xFFFF;
	VirtStore16(&layer4[udp ? VIRT_UDP_CHECKSUM : VIRT_TCP_CHECKSUM], sum);
}
