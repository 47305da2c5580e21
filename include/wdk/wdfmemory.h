/* SPDX-License-Identifier: MIT */
/* wdfmemory.h - memory objects. Part of wdf.h. */
#ifndef NETCX_WDFMEMORY_H
#define NETCX_WDFMEMORY_H

#include <wdfobject.h>
#include <parts/wdmex.h>

EXTERN_C_START

/* @Buffer: gets the memory's address, may be NULL */
NTSTATUS WdfMemoryCreate(PWDF_OBJECT_ATTRIBUTES Attributes, POOL_TYPE PoolType, ULONG PoolTag,
			 size_t BufferSize, WDFMEMORY *Memory, PVOID *Buffer);

/* The buffer stays the driver's; it must outlive the object. */
NTSTATUS WdfMemoryCreatePreallocated(PWDF_OBJECT_ATTRIBUTES Attributes, PVOID Buffer,
				     size_t BufferSize, WDFMEMORY *Memory);
PVOID WdfMemoryGetBuffer(WDFMEMORY Memory, size_t *BufferSize);

/* STATUS_BUFFER_TOO_SMALL when the range is not all inside the memory. */
NTSTATUS WdfMemoryCopyToBuffer(WDFMEMORY SourceMemory, size_t SourceOffset, PVOID Buffer,
			       size_t NumBytesToCopyTo);
NTSTATUS WdfMemoryCopyFromBuffer(WDFMEMORY DestinationMemory, size_t DestinationOffset,
				 PVOID Buffer, size_t NumBytesToCopyFrom);

EXTERN_C_END

#endif
