/* SPDX-License-Identifier: MIT */
/* net/databuffer.h - the system's receive buffer that the driver has attached. The driver includes
 * it beside netadaptercx.h. */
#ifndef NETCX_NET_DATABUFFER_H
#define NETCX_NET_DATABUFFER_H

#include <net/databuffertypes.h>
#include <net/logicaladdresstypes.h>
#include <net/virtualaddresstypes.h>
#include <net/extension.h>
#include <net/ring.h>

EXTERN_C_START

/* Index: of the fragment. The extension has to be enabled. */
FORCEINLINE NET_FRAGMENT_DATA_BUFFER *NetExtensionGetFragmentDataBuffer(
	const NET_EXTENSION *Extension, UINT32 Index)
{
	return (NET_FRAGMENT_DATA_BUFFER *)NetExtensionGetData(Extension, Index);
}

#if NETCX_PREVIEW_2_0
/*
 * Of late previews, such as build 20141's: buffers out of the ring and back into it, in the order
 * of the ring.
 */
FORCEINLINE BOOLEAN NetDataBufferFetch(NET_RING *DataBufferRing, UINT32 Count,
				       NET_DATA_BUFFER_HANDLE *Handles)
{
	UINT32 next = DataBufferRing->NextIndex;

	if (NetRingGetRangeCount(DataBufferRing, next, DataBufferRing->EndIndex) < Count)
		return FALSE;
	for (UINT32 i = 0; i < Count; i++) {
		Handles[i] =
			(NET_DATA_BUFFER_HANDLE)*NetRingGetDataBufferAtIndex(DataBufferRing, next);
		next = NetRingIncrementIndex(DataBufferRing, next);
	}
	DataBufferRing->NextIndex = next;
	return TRUE;
}

FORCEINLINE void NetDataBufferReturn(NET_RING *DataBufferRing, UINT32 Count)
{
	DataBufferRing->BeginIndex =
		NetRingAdvanceIndex(DataBufferRing, DataBufferRing->BeginIndex, (INT32)Count);
}

/* What lies in an element of the ring here: the buffer's handle, and beside it where it is. */
struct netcx_data_buffer {
	SIZE_T Handle;
	NET_FRAGMENT_VIRTUAL_ADDRESS Virtual;
	NET_FRAGMENT_LOGICAL_ADDRESS Logical;
};

/* Where the device finds that buffer by DMA. Any IRQL */
FORCEINLINE UINT64 NetDataBufferGetLogicalAddress(const NET_RING *DataBufferRing,
						  NET_DATA_BUFFER_HANDLE Handle)
{
	const struct netcx_data_buffer *buffer =
		(const struct netcx_data_buffer *)NetRingGetElementAtIndex(
			DataBufferRing, (UINT32)(ULONG_PTR)Handle);

	return buffer->Logical.LogicalAddress;
}
#endif

EXTERN_C_END

#endif
