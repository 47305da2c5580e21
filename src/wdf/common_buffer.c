/* SPDX-License-Identifier: MIT */
/* WDFCOMMONBUFFER: zeroed memory that the driver and the device see, mapped for DMA. */
#include <stddef.h>

#include "base/text.h"
#include "nt/export.h"
#include "nt/fault.h"
#include "nt/guard.h"
#include "nt/sanitizer.h"
#include "wdf/device_private.h"
#include "wdf/dma.h"

NT_FAULT_NAMES("WdfCommonBufferCreate", "WdfCommonBufferCreateWithConfig");

struct wdf_common_buffer {
	struct wdf_object object;
	struct nt_dma *dma;      /* of its device */
	unsigned char *reserved; /* what was allocated there */
	size_t reserved_length;
	unsigned char *va; /* aligned */
	uint64_t logical;  /* of va */
	size_t length;
	struct nt_guarded guarded; /* what was allocated, and a page on each side */
};

static void describe(const struct nt_guarded *guarded, const void *at, struct text *text)
{
	const struct wdf_common_buffer *b =
		(const void *)((const char *)guarded - offsetof(struct wdf_common_buffer, guarded));
	const unsigned char *byte = at;

	if (byte < b->va)
		text_add(text, "%zu bytes in front of", (size_t)(b->va - byte));
	else if (byte < b->va + b->length)
		text_add(text, "byte %zu of", (size_t)(byte - b->va));
	else
		text_add(text, "%zu bytes behind the end of", (size_t)(byte - b->va) - b->length);
	text_add(text, " a common buffer of %zu bytes", b->length);
}

/* The pages that it lies in have more room than it has: that is a gap. */
static void check_gaps(const struct wdf_common_buffer *b)
{
	const unsigned char *end = b->va + b->length;
	size_t front = (size_t)(b->va - b->reserved), first, last;
	size_t behind = (size_t)(b->reserved + b->reserved_length - end);
	size_t count = nt_guard_broken(end, behind, &first, &last);
	const unsigned char *broken = end + first;
	char passed[160];
	struct text text = text_in(passed, sizeof(passed));

	if (!count) {
		count = nt_guard_broken(b->reserved, front, &first, &last);
		broken = b->reserved + first;
	}
	if (!count)
		return;
	text_add(&text, "%zu byte%s %s written, the first lies ", count, count == 1 ? "" : "s",
		 count == 1 ? "was" : "were");
	describe(&b->guarded, broken, &text);
	text_add(&text, ".");
	nt_guard_violation(&(struct nt_overrun){ .where = "the end of a WDFCOMMONBUFFER",
						 .object = b->object.driver->name,
						 .memory = b->va,
						 .broken = broken,
						 .behind = broken >= end,
						 .passed = passed });
}

static void make_gaps(struct wdf_common_buffer *b)
{
	unsigned char *end = b->va + b->length;

	nt_guard_fill(b->reserved, (size_t)(b->va - b->reserved));
	nt_guard_fill(end, (size_t)(b->reserved + b->reserved_length - end));
	b->guarded = (struct nt_guarded){
		.memory = b->reserved - PAGE_SIZE,
		.length = b->reserved_length + 2 * PAGE_SIZE,
		.describe = describe,
	};
	nt_guard_add(&b->guarded);
}

static void release(struct wdf_object *object)
{
	struct wdf_common_buffer *buffer = (struct wdf_common_buffer *)object;

	if (buffer->guarded.list)
		check_gaps(buffer);
	nt_guard_remove(&buffer->guarded);
	if (buffer->logical)
		nt_dma_unmap(buffer->dma, buffer->logical);
	if (buffer->reserved)
		nt_dma_free(buffer->dma, buffer->reserved, buffer->reserved_length);
}

const struct wdf_class wdf_common_buffer_class = {
	.name = "WDFCOMMONBUFFER",
	.size = sizeof(struct wdf_common_buffer),
	.release = release,
};

/* Page-aligned memory; a wider alignment takes as much more. Logical addresses are slot-aligned. */
static bool allocate(struct wdf_common_buffer *buffer, size_t length, size_t alignment)
{
	size_t more = alignment > PAGE_SIZE ? alignment : 0;

	if (length > SIZE_MAX - more - PAGE_SIZE)
		return false;
	buffer->reserved_length = ROUND_TO_PAGES(length + more);
	buffer->reserved = nt_dma_allocate(buffer->dma, buffer->reserved_length);
	if (!buffer->reserved)
		return false;
	nt_share_with_hardware(buffer->reserved, buffer->reserved_length);
	buffer->va = (unsigned char *)(((uintptr_t)buffer->reserved + alignment - 1) &
				       ~(uintptr_t)(alignment - 1));
	buffer->length = length;
	return true;
}

/* @requirement: bytes less one */
static NTSTATUS create(WDFDMAENABLER enabler, size_t length, ULONG requirement,
		       PWDF_OBJECT_ATTRIBUTES attributes, WDFCOMMONBUFFER *result, const char *call)
{
	struct wdf_object *parent = wdf_object_of(enabler, &wdf_dma_enabler_class, call);
	uint64_t maximum = wdf_dma_maximum_address(enabler, call);
	struct wdf_device *device = wdf_ancestor_device(parent);
	struct wdf_common_buffer *buffer;
	NTSTATUS status;
	void *object;

	wdf_check_irql(PASSIVE_LEVEL, call);
	wdf_check_pointer(result, "CommonBuffer", call);
	if (!length || (requirement & (requirement + 1)))
		return STATUS_INVALID_PARAMETER;
	if (attributes && attributes->ParentObject)
		return STATUS_WDF_PARENT_ASSIGNMENT_NOT_ALLOWED;
	if (device && device->alignment > requirement)
		requirement = device->alignment;
	if (nt_fault(call))
		return STATUS_INSUFFICIENT_RESOURCES;
	status = wdf_object_create(&wdf_common_buffer_class, parent->driver, parent, attributes,
				   &object);
	if (!NT_SUCCESS(status))
		return status;
	buffer = object;
	buffer->dma = device ? device->setup.config.dma : &parent->driver->machine->dma;
	if (allocate(buffer, length, (size_t)requirement + 1))
		buffer->logical = nt_dma_map(buffer->dma, buffer->va, length, maximum);
	if (!buffer->logical) {
		wdf_object_delete(&buffer->object);
		return STATUS_INSUFFICIENT_RESOURCES;
	}
	nt_dma_name(buffer->dma, buffer->logical, "common buffer");
	make_gaps(buffer);
	*result = object;
	return STATUS_SUCCESS;
}

NETCX_EXPORT NTSTATUS WdfCommonBufferCreate(WDFDMAENABLER DmaEnabler, size_t Length,
					    PWDF_OBJECT_ATTRIBUTES Attributes,
					    WDFCOMMONBUFFER *CommonBuffer)
{
	return create(DmaEnabler, Length, 0, Attributes, CommonBuffer, "WdfCommonBufferCreate");
}

NETCX_EXPORT NTSTATUS WdfCommonBufferCreateWithConfig(WDFDMAENABLER DmaEnabler, size_t Length,
						      PWDF_COMMON_BUFFER_CONFIG Config,
						      PWDF_OBJECT_ATTRIBUTES Attributes,
						      WDFCOMMONBUFFER *CommonBuffer)
{
	static const char call[] = "WdfCommonBufferCreateWithConfig";

	wdf_check_pointer(Config, "Config", call);
	if (!wdf_size_ok(Config->Size, sizeof(*Config), "WDF_COMMON_BUFFER_CONFIG", call))
		return STATUS_INFO_LENGTH_MISMATCH;
	return create(DmaEnabler, Length, Config->AlignmentRequirement, Attributes, CommonBuffer,
		      call);
}

static struct wdf_common_buffer *buffer_of(WDFCOMMONBUFFER handle, const char *call)
{
	return wdf_object_of(handle, &wdf_common_buffer_class, call);
}

NETCX_EXPORT PVOID WdfCommonBufferGetAlignedVirtualAddress(WDFCOMMONBUFFER CommonBuffer)
{
	return buffer_of(CommonBuffer, "WdfCommonBufferGetAlignedVirtualAddress")->va;
}

NETCX_EXPORT PHYSICAL_ADDRESS WdfCommonBufferGetAlignedLogicalAddress(WDFCOMMONBUFFER CommonBuffer)
{
	struct wdf_common_buffer *buffer =
		buffer_of(CommonBuffer, "WdfCommonBufferGetAlignedLogicalAddress");

	return (PHYSICAL_ADDRESS){ .QuadPart = (LONGLONG)buffer->logical };
}

NETCX_EXPORT size_t WdfCommonBufferGetLength(WDFCOMMONBUFFER CommonBuffer)
{
	return buffer_of(CommonBuffer, "WdfCommonBufferGetLength")->length;
}
