/* SPDX-License-Identifier: MIT */
/* checksum.c - the Internet checksum (RFC 1071). */
#include "virtual.h"

#define VIRT_IPV4_CHECKSUM 10 /* offset in the header */

/* Sums in memory order, so that no byte has to be swapped; a long sum in 32-bit pieces. */
static USHORT VirtSum(const UCHAR *Data, ULONG Length, ULONG64 Sum)
{
	ULONG word;
	USHORT half;

	for (; Length >= sizeof(word); Data += sizeof(word), Length -= sizeof(word)) {
		RtlCopyMemory(&word, Data, sizeof(word));
		Sum += word;
	}
	if (Length >= sizeof(half)) {
		RtlCopyMemory(&half, Data, sizeof(half));
		Sum += half;
		Data += sizeof(half);
		Length -= sizeof(half);
	}
	if (Length > 0)
		Sum += Data[0]; /* padded with a zero behind it */

	while (Sum >> 16)
		Sum = (Sum & 0xFFFF) + (Sum >> 16);
	return (USHORT)Sum;
}

/* Return: what the field is to hold, in network order as a number. */
USHORT
VirtChecksum(const UCHAR *Data, ULONG Length, ULONG More)
{
	ULONG sum = RtlUshortByteSwap(VirtSum(Data, Length, 0)) + More;

	sum = (sum & 0xFFFF) + (sum >> 16);
	sum = (sum & 0xFFFF) + (sum >> 16);
	return (USHORT)~sum;
}

VOID VirtChecksumIpv4(UCHAR *Header, ULONG Length)
{
	VirtStore16(&Header[VIRT_IPV4_CHECKSUM], 0);
	VirtStore16(&Header[VIRT_IPV4_CHECKSUM], VirtChecksum(Header, Length, 0));
}
