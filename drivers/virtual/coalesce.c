/* SPDX-License-Identifier: MIT */
/*
 * coalesce.c - which super-packets a receiver may have whole, as the packet of several segments
 * that an adapter with receive segment coalescing (RSC) would have made of them. NDIS' rules for
 * those: no IP options or extension headers; of TCP, no flags but ACK and PSH, no options but time
 * stamps; checksums found to be good.
 */
#include "virtual.h"

#define VIRT_TCP_HEADER  20
#define VIRT_TCP_OPTIONS 12 /* bytes of time stamps, as everybody writes them */
#define VIRT_TCP_FLAGS   13 /* offset in the header */
#define VIRT_TCP_ACK     0x10
#define VIRT_TCP_PSH     0x08

static BOOLEAN VirtCoalesceFitsTcp(const VIRT_PORT *Port, const VIRT_PACKET *Packet)
{
	static const UCHAR stamps[] = { 1, 1, 8, 10 };
	UCHAR header[VIRT_TCP_HEADER + VIRT_TCP_OPTIONS];
	ULONG length = Packet->Layout.Layer4HeaderLength;
	ULONG rsc = NetPacketLayer3TypeIPv4NoOptions == Packet->Layout.Layer3Type
			    ? VIRT_RSC_TCP_IPV4
			    : VIRT_RSC_TCP_IPV6;

	if ((Port->Offloads & rsc) == 0 || (Port->Offloads & VIRT_RX_CHECKSUM_TCP) == 0 ||
	    (length != VIRT_TCP_HEADER && length != sizeof(header)))
		return FALSE;
	VirtPacketRead(Packet,
		       Packet->Layout.Layer2HeaderLength + Packet->Layout.Layer3HeaderLength,
		       length, header);
	if ((header[VIRT_TCP_FLAGS] & ~VIRT_TCP_PSH) != VIRT_TCP_ACK)
		return FALSE;
	return length == VIRT_TCP_HEADER || ((Port->Offloads & VIRT_RSC_TIMESTAMP) &&
					     RtlCompareMemory(&header[VIRT_TCP_HEADER], stamps,
							      sizeof(stamps)) == sizeof(stamps));
}

BOOLEAN
VirtCoalesceFits(const VIRT_PORT *Port, const VIRT_PACKET *Packet)
{
	const NET_PACKET_LAYOUT *layout = &Packet->Layout;
	ULONG payload = Packet->Length - VirtPacketHeaderLength(Packet);

	if (!Port->Queue->Rsc.Enabled || payload <= Packet->Mss ||
	    Packet->Length - layout->Layer2HeaderLength > MAXUSHORT ||
	    (layout->Layer3Type != NetPacketLayer3TypeIPv4NoOptions &&
	     layout->Layer3Type != NetPacketLayer3TypeIPv6NoExtensions))
		return FALSE;
	if (layout->Layer4Type == NetPacketLayer4TypeTcp)
		return VirtCoalesceFitsTcp(Port, Packet);
	return layout->Layer4Type == NetPacketLayer4TypeUdp && (Port->Offloads & VIRT_RSC_UDP) &&
	       (Port->Offloads & VIRT_RX_CHECKSUM_UDP);
}
