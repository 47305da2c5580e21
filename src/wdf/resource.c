/* SPDX-License-Identifier: MIT */
/* WDFCMRESLIST: what the PnP manager gives a device - its memory, its interrupt. */
#include <string.h>

#include "nt/export.h"
#include "nt/irql.h"
#include "wdf/device_private.h"

#define RESOURCES 2

/* Vectors of devices lie above those of the processor's exceptions. */
#define FIRST_VECTOR 0x30

struct wdf_resources {
	struct wdf_object object;
	ULONG count;
	CM_PARTIAL_RESOURCE_DESCRIPTOR descriptors[RESOURCES];
};

const struct wdf_class wdf_resources_class = {
	.name = "WDFCMRESLIST",
	.size = sizeof(struct wdf_resources),
	.may_delete = wdf_object_refuse_delete,
};

/* Raw and translated are alike: there is one bus address space, and one DIRQL. */
NTSTATUS wdf_resources_create(struct wdf_device *device, struct wdf_resources **list)
{
	const struct wdf_device_config *config = &device->setup.config;
	CM_PARTIAL_RESOURCE_DESCRIPTOR *next;
	NTSTATUS status;
	void *object;

	status = wdf_object_create(&wdf_resources_class, device->setup.driver, &device->object,
				   NULL, &object);
	if (!NT_SUCCESS(status))
		return status;
	*list = object;
	next = (*list)->descriptors;
	if (config->memory_length) {
		next->Type = CmResourceTypeMemory;
		next->ShareDisposition = CmResourceShareDeviceExclusive;
		next->Flags = CM_RESOURCE_MEMORY_READ_WRITE | CM_RESOURCE_MEMORY_BAR;
		next->u.Memory.Start.QuadPart = (LONGLONG)config->memory;
		next->u.Memory.Length = (ULONG)config->memory_length;
		next++;
	}
	if (config->line) {
		next->Type = CmResourceTypeInterrupt;
		next->ShareDisposition = CmResourceShareShared;
		next->Flags = CM_RESOURCE_INTERRUPT_LEVEL_SENSITIVE;
		next->u.Interrupt.Level = NT_DIRQL;
		next->u.Interrupt.Vector = FIRST_VECTOR + NT_DIRQL;
		next->u.Interrupt.Affinity = ~(KAFFINITY)0;
		next++;
	}
	(*list)->count = (ULONG)(next - (*list)->descriptors);
	return STATUS_SUCCESS;
}

void wdf_resources_delete(struct wdf_resources *list)
{
	if (list)
		wdf_object_delete(&list->object);
}

bool wdf_resources_hold(struct wdf_resources *list, const CM_PARTIAL_RESOURCE_DESCRIPTOR *one)
{
	for (ULONG i = 0; list && i < list->count; i++)
		if (one == &list->descriptors[i])
			return one->Type == CmResourceTypeInterrupt;
	return false;
}

NETCX_EXPORT ULONG WdfCmResourceListGetCount(WDFCMRESLIST List)
{
	struct wdf_resources *list =
		wdf_object_of(List, &wdf_resources_class, "WdfCmResourceListGetCount");

	return list->count;
}

NETCX_EXPORT PCM_PARTIAL_RESOURCE_DESCRIPTOR WdfCmResourceListGetDescriptor(WDFCMRESLIST List,
									    ULONG Index)
{
	struct wdf_resources *list =
		wdf_object_of(List, &wdf_resources_class, "WdfCmResourceListGetDescriptor");

	return Index < list->count ? &list->descriptors[Index] : NULL;
}
