/* SPDX-License-Identifier: MIT */
/*
 * net/ring.h - NET_RING, a ring of packets, fragments or data buffers. The driver owns the elements
 * from BeginIndex up to EndIndex, and gives them back by moving BeginIndex. Part of netadaptercx.h.
 */
#ifndef NETCX_NET_RING_H
#define NETCX_NET_RING_H

#ifndef NETCX_ADAPTER_2
#error netadaptercx.h brings this header; it cannot be the first one
#endif

#include <net/fragment.h>
#include <net/packet.h>

EXTERN_C_START

/* Buffer has NumberOfElements, a power of two, of ElementStride bytes each. */
typedef struct DECLSPEC_ALIGN(64) _NET_RING {
	UINT16 OSReserved1;
	UINT16 ElementStride;
	UINT32 NumberOfElements;
	UINT32 ElementIndexMask;
	UINT32 EndIndex; /* the framework's */
	__extension__ union {
		UINT32 OSReserved0;
		void *OSReserved2[4];
	};
	UINT32 BeginIndex; /* the driver's, as are the next two */
	UINT32 NextIndex;
	void *Scratch;
	DECLSPEC_ALIGN(64) UCHAR Buffer[1];
} NET_RING, *PNET_RING;
C_ASSERT(sizeof(NET_RING) == 128);
C_ASSERT(offsetof(NET_RING, BeginIndex) == 48);
C_ASSERT(offsetof(NET_RING, Buffer) == 64);

FORCEINLINE void *NetRingGetElementAtIndex(const NET_RING *Ring, UINT32 Index)
{
	NT_ASSERT(Index < Ring->NumberOfElements);
	return (UCHAR *)(ULONG_PTR)Ring->Buffer + (SIZE_T)Index * Ring->ElementStride;
}

FORCEINLINE NET_PACKET *NetRingGetPacketAtIndex(const NET_RING *Ring, UINT32 Index)
{
	return (NET_PACKET *)NetRingGetElementAtIndex(Ring, Index);
}

FORCEINLINE NET_FRAGMENT *NetRingGetFragmentAtIndex(const NET_RING *Ring, UINT32 Index)
{
	return (NET_FRAGMENT *)NetRingGetElementAtIndex(Ring, Index);
}

FORCEINLINE SIZE_T *NetRingGetDataBufferAtIndex(const NET_RING *Ring, UINT32 Index)
{
	return (SIZE_T *)NetRingGetElementAtIndex(Ring, Index);
}

FORCEINLINE UINT32 NetRingAdvanceIndex(const NET_RING *Ring, UINT32 Index, INT32 Distance)
{
	return (Index + (UINT32)Distance) & Ring->ElementIndexMask;
}

FORCEINLINE UINT32 NetRingIncrementIndex(const NET_RING *Ring, UINT32 Index)
{
	return NetRingAdvanceIndex(Ring, Index, 1);
}

/* Elements from StartIndex up to EndIndex; a ring of N is full with N - 1. */
FORCEINLINE UINT32 NetRingGetRangeCount(const NET_RING *Ring, UINT32 StartIndex, UINT32 EndIndex)
{
	NT_ASSERT(StartIndex < Ring->NumberOfElements);
	NT_ASSERT(EndIndex < Ring->NumberOfElements);
	return (EndIndex - StartIndex) & Ring->ElementIndexMask;
}

EXTERN_C_END

#endif
