/* SPDX-License-Identifier: MIT */
/* WDFMEMORY. */
#include "wdf/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nt/export.h"
#include "nt/fault.h"
#include "nt/guard.h"
#include "nt/left_behind.h"
#include "wdf/private.h"

struct wdf_memory {
	struct wdf_object object;
	void *buffer;
	size_t size;
	bool preallocated; /* the client's own */
};

/* Aligned as pool is. */
static size_t alignment_of(size_t size)
{
	return size >= PAGE_SIZE ? PAGE_SIZE : 16;
}

static void release(struct wdf_object *object)
{
	struct wdf_memory *memory = (struct wdf_memory *)object;
	char what[64];

	if (memory->preallocated)
		return;
	nt_left_in_memory(memory->buffer, memory->size, "the end of an object",
			  "buffer of a WDFMEMORY");
	snprintf(what, sizeof(what), "WDFMEMORY of %zu bytes", memory->size);
	nt_guard_free(memory->buffer, memory->size, alignment_of(memory->size),
		      "the end of an object", what);
}

const struct wdf_class wdf_memory_class = {
	.name = "WDFMEMORY",
	.size = sizeof(struct wdf_memory),
	.release = release,
};

static struct wdf_memory *memory_of(WDFMEMORY handle, const char *call)
{
	return wdf_object_of(handle, &wdf_memory_class, call);
}

NTSTATUS wdf_memory_create(struct wdf_driver *driver, PWDF_OBJECT_ATTRIBUTES attributes,
			   size_t size, WDFMEMORY *result, void **buffer)
{
	struct wdf_memory *memory;
	NTSTATUS status;
	void *object;

	status = wdf_object_create(&wdf_memory_class, driver, wdf_driver_parent(driver), attributes,
				   &object);
	if (!NT_SUCCESS(status))
		return status;
	memory = object;
	memory->buffer = nt_guard_allocate(size, alignment_of(size));
	if (!memory->buffer) {
		wdf_object_delete(&memory->object);
		return STATUS_INSUFFICIENT_RESOURCES;
	}
	memory->size = size;
	*result = object;
	if (buffer)
		*buffer = memory->buffer;
	return STATUS_SUCCESS;
}

NETCX_EXPORT NTSTATUS WdfMemoryCreate(PWDF_OBJECT_ATTRIBUTES Attributes, POOL_TYPE PoolType,
				      ULONG PoolTag, size_t BufferSize, WDFMEMORY *Memory,
				      PVOID *Buffer)
{
	static const char call[] = "WdfMemoryCreate";
	struct wdf_driver *driver = WDF_CREATOR(Attributes, call);

	wdf_check_irql(DISPATCH_LEVEL, call);
	wdf_check_pointer(Memory, "Memory", call);
	if (!BufferSize)
		return STATUS_INVALID_PARAMETER;
	if (NT_FAULT("WdfMemoryCreate"))
		return STATUS_INSUFFICIENT_RESOURCES;
	return wdf_memory_create(driver, Attributes, BufferSize, Memory, Buffer);
}

NETCX_EXPORT NTSTATUS WdfMemoryCreatePreallocated(PWDF_OBJECT_ATTRIBUTES Attributes, PVOID Buffer,
						  size_t BufferSize, WDFMEMORY *Memory)
{
	static const char call[] = "WdfMemoryCreatePreallocated";
	struct wdf_driver *driver = WDF_CREATOR(Attributes, call);
	struct wdf_memory *memory;
	NTSTATUS status;
	void *object;

	wdf_check_irql(DISPATCH_LEVEL, call);
	wdf_check_pointer(Buffer, "Buffer", call);
	wdf_check_pointer(Memory, "Memory", call);
	if (!BufferSize)
		return STATUS_INVALID_PARAMETER;
	if (NT_FAULT("WdfMemoryCreatePreallocated"))
		return STATUS_INSUFFICIENT_RESOURCES;
	status = wdf_object_create(&wdf_memory_class, driver, wdf_driver_parent(driver), Attributes,
				   &object);
	if (!NT_SUCCESS(status))
		return status;
	memory = object;
	memory->buffer = Buffer;
	memory->size = BufferSize;
	memory->preallocated = true;
	*Memory = object;
	return STATUS_SUCCESS;
}

NETCX_EXPORT PVOID WdfMemoryGetBuffer(WDFMEMORY Memory, size_t *BufferSize)
{
	struct wdf_memory *memory = memory_of(Memory, "WdfMemoryGetBuffer");

	if (BufferSize)
		*BufferSize = memory->size;
	return memory->buffer;
}

static bool inside(const struct wdf_memory *memory, size_t offset, size_t length)
{
	return offset <= memory->size && length <= memory->size - offset;
}

NETCX_EXPORT NTSTATUS WdfMemoryCopyToBuffer(WDFMEMORY SourceMemory, size_t SourceOffset,
					    PVOID Buffer, size_t NumBytesToCopyTo)
{
	static const char call[] = "WdfMemoryCopyToBuffer";
	struct wdf_memory *memory = memory_of(SourceMemory, call);

	wdf_check_pointer(Buffer, "Buffer", call);
	if (!NumBytesToCopyTo)
		return STATUS_INVALID_PARAMETER;
	if (!inside(memory, SourceOffset, NumBytesToCopyTo))
		return STATUS_BUFFER_TOO_SMALL;
	memmove(Buffer, (char *)memory->buffer + SourceOffset, NumBytesToCopyTo);
	return STATUS_SUCCESS;
}

NETCX_EXPORT NTSTATUS WdfMemoryCopyFromBuffer(WDFMEMORY DestinationMemory, size_t DestinationOffset,
					      PVOID Buffer, size_t NumBytesToCopyFrom)
{
	static const char call[] = "WdfMemoryCopyFromBuffer";
	struct wdf_memory *memory = memory_of(DestinationMemory, call);

	wdf_check_pointer(Buffer, "Buffer", call);
	if (!NumBytesToCopyFrom)
		return STATUS_INVALID_PARAMETER;
	if (!inside(memory, DestinationOffset, NumBytesToCopyFrom))
		return STATUS_BUFFER_TOO_SMALL;
	memmove((char *)memory->buffer + DestinationOffset, Buffer, NumBytesToCopyFrom);
	return STATUS_SUCCESS;
}
