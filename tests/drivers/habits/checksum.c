/* SPDX-License-Identifier: MIT */
/* checksum.c - C among C++; RFC 1071. */
#include "precomp.h"

USHORT HabitsChecksum(const VOID *Buffer, SIZE_T Length)
{
	const UCHAR *Byte = Buffer;
	ULONG Sum = 0;
	SIZE_T i;

	for (i = 0; i + 1 < Length; i += 2)
		Sum += (ULONG)(Byte[i] << 8 | Byte[i + 1]);
	if (Length & 1)
		Sum += (ULONG)Byte[Length - 1] << 8;
	while (Sum >> 16)
		Sum = (Sum & USHORT_MAX) + (Sum >> 16);
	return (USHORT)~Sum;
}
