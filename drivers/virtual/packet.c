/* SPDX-License-Identifier: MIT */
/* packet.c - the bytes of a packet that is to be sent, wherever they lie. */
#include "virtual.h"

/* Offset and Length are within the packet. */
VOID VirtPacketRead(const VIRT_PACKET *Packet, ULONG Offset, ULONG Length, UCHAR *To)
{
	UINT32 index = Packet->FragmentIndex;

	while (Length > 0) {
		const NET_FRAGMENT *fragment = NetRingGetFragmentAtIndex(Packet->Fragments, index);
		ULONG size = (ULONG)fragment->ValidLength;

		if (Offset < size) {
			const UCHAR *from =
				(const UCHAR *)NetExtensionGetFragmentVirtualAddressOffset(
					fragment, Packet->VirtualAddress, index);
			ULONG count = min(size - Offset, Length);

			RtlCopyMemory(To, from + Offset, count);
			To += count;
			Length -= count;
			Offset = 0;
		} else {
			Offset -= size;
		}
		index = NetRingIncrementIndex(Packet->Fragments, index);
	}
}

/* Of a super-packet: all that is repeated in front of each segment. */
ULONG
VirtPacketHeaderLength(const VIRT_PACKET *Packet)
{
	return Packet->Layout.Layer2HeaderLength + Packet->Layout.Layer3HeaderLength +
	       Packet->Layout.Layer4HeaderLength;
}
