/* SPDX-License-Identifier: MIT */
/*
 * netringbuffer.h - a ring of packets or fragments. The driver owns the elements from BeginIndex up
 * to, not including, EndIndex. Part of netadaptercx.h.
 */
#ifndef NETCX_NETRINGBUFFER_H
#define NETCX_NETRINGBUFFER_H

#include <ntdef.h>

typedef struct _NET_RING_BUFFER {
	UINT16 OSReserved1;
	USHORT ElementStride;   /* bytes from one element to the next */
	ULONG NumberOfElements; /* a power of two */
	ULONG ElementIndexMask; /* NumberOfElements - 1 */
	UINT32 BeginIndex;      /* moved by the driver as it returns elements */
	UINT32 NextIndex; /* the driver's own mark: first element not yet given to the hardware */
	UINT32 EndIndex;  /* moved by the framework as it posts elements */
	PVOID NetAdapterScratch; /* the driver's */
	PVOID OSReserved2[2];
	UCHAR Buffer[];
} NET_RING_BUFFER, *PNET_RING_BUFFER;
C_ASSERT(offsetof(NET_RING_BUFFER, BeginIndex) == 12);
C_ASSERT(offsetof(NET_RING_BUFFER, NetAdapterScratch) == 24);
C_ASSERT(offsetof(NET_RING_BUFFER, Buffer) == 48);

FORCEINLINE PVOID NetRingBufferGetElementAtIndex(NET_RING_BUFFER *RingBuffer, UINT32 Index)
{
	return RingBuffer->Buffer + (SIZE_T)Index * RingBuffer->ElementStride;
}

FORCEINLINE UINT32 NetRingBufferIncrementIndex(const NET_RING_BUFFER *RingBuffer, UINT32 Index)
{
	return (Index + 1) & RingBuffer->ElementIndexMask;
}

FORCEINLINE UINT32 NetRingBufferGetNumberOfElementsInRange(const NET_RING_BUFFER *RingBuffer,
							   UINT32 StartIndex, UINT32 EndIndex)
{
	return (EndIndex - StartIndex) & RingBuffer->ElementIndexMask;
}

#endif
