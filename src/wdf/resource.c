/* SPDX-License-Identifier: MIT */
/* WDFCMRESLIST: what the PnP manager gives a device - its memory, its interrupts. */
#include <string.h>

#include "nt/export.h"
#include "nt/fault.h"
#include "nt/irql.h"
#include "wdf/device_private.h"

/* Vectors of devices lie above those of the processor's exceptions. */
#define FIRST_VECTOR 0x30

struct wdf_resources {
	struct wdf_object object;
	ULONG count, interrupts_at; /* descriptors; the first interrupt's index */
	CM_PARTIAL_RESOURCE_DESCRIPTOR descriptors[WDF_REGIONS + WDF_INTERRUPTS];
};

const struct wdf_class wdf_resources_class = {
	.name = "WDFCMRESLIST",
	.size = sizeof(struct wdf_resources),
	.may_delete = wdf_object_refuse_delete,
};

ULONG wdf_vector(unsigned interrupt)
{
	return FIRST_VECTOR + NT_DIRQL + interrupt;
}

static CM_PARTIAL_RESOURCE_DESCRIPTOR *add(struct wdf_resources *list, UCHAR type, UCHAR share,
					   USHORT flags)
{
	CM_PARTIAL_RESOURCE_DESCRIPTOR *one = &list->descriptors[list->count++];

	one->Type = type;
	one->ShareDisposition = share;
	one->Flags = flags;
	return one;
}

static void add_region(struct wdf_resources *list, const struct wdf_region *region)
{
	CM_PARTIAL_RESOURCE_DESCRIPTOR *one;

	if (!region->length)
		return;
	one = add(list, CmResourceTypeMemory, CmResourceShareDeviceExclusive,
		  CM_RESOURCE_MEMORY_READ_WRITE | CM_RESOURCE_MEMORY_BAR);
	one->u.Memory.Start.QuadPart = (LONGLONG)region->physical;
	one->u.Memory.Length = (ULONG)region->length;
}

static void add_line(struct wdf_resources *list, unsigned n)
{
	CM_PARTIAL_RESOURCE_DESCRIPTOR *one =
		add(list, CmResourceTypeInterrupt, CmResourceShareShared,
		    CM_RESOURCE_INTERRUPT_LEVEL_SENSITIVE);

	one->u.Interrupt.Level = NT_DIRQL;
	one->u.Interrupt.Vector = wdf_vector(n);
	one->u.Interrupt.Affinity = ~(KAFFINITY)0;
}

/* A descriptor for each message, as for MSI-X. Only here raw and translated differ. */
static void add_message(struct wdf_resources *list, unsigned n, bool translated)
{
	CM_PARTIAL_RESOURCE_DESCRIPTOR *one =
		add(list, CmResourceTypeInterrupt, CmResourceShareDeviceExclusive,
		    CM_RESOURCE_INTERRUPT_LATCHED | CM_RESOURCE_INTERRUPT_MESSAGE);

	if (translated) {
		one->u.MessageInterrupt.Translated.Level = NT_DIRQL;
		one->u.MessageInterrupt.Translated.Vector = wdf_vector(n);
		one->u.MessageInterrupt.Translated.Affinity = ~(KAFFINITY)0;
	} else {
		one->u.MessageInterrupt.Raw.MessageCount = 1;
		one->u.MessageInterrupt.Raw.Vector = wdf_vector(n);
		one->u.MessageInterrupt.Raw.Affinity = ~(KAFFINITY)0;
	}
}

/*
 * All of a type, as when the PnP manager has none left to give: a driver looks for what it needs in
 * EvtDevicePrepareHardware (its page).
 */
void wdf_resources_assign(struct wdf_device *device)
{
	const struct wdf_device_config *config = &device->setup.config;
	bool memory = false;

	for (unsigned i = 0; i < WDF_REGIONS; i++)
		memory |= config->regions[i].length;
	device->no_memory = memory && NT_FAULT_CALLBACK("CmResourceTypeMemory");
	device->no_interrupts =
		config->interrupt_count && NT_FAULT_CALLBACK("CmResourceTypeInterrupt");
}

/* There is one bus address space and one DIRQL, so a translated address is the raw one. */
NTSTATUS wdf_resources_create(struct wdf_device *device, bool translated,
			      struct wdf_resources **list)
{
	const struct wdf_device_config *config = &device->setup.config;
	NTSTATUS status;
	void *object;

	status = wdf_object_create(&wdf_resources_class, device->setup.driver, &device->object,
				   NULL, &object);
	if (!NT_SUCCESS(status))
		return status;
	*list = object;
	for (unsigned i = 0; i < WDF_REGIONS && !device->no_memory; i++)
		add_region(*list, &config->regions[i]);
	(*list)->interrupts_at = (*list)->count;
	for (unsigned i = 0; i < config->interrupt_count && !device->no_interrupts; i++) {
		if (config->interrupts[i].kind == NT_INTERRUPT_MESSAGE)
			add_message(*list, i, translated);
		else
			add_line(*list, i);
	}
	return STATUS_SUCCESS;
}

void wdf_resources_delete(struct wdf_resources *list)
{
	if (list)
		wdf_object_delete(&list->object);
}

int wdf_resources_interrupt(const struct wdf_resources *list,
			    const CM_PARTIAL_RESOURCE_DESCRIPTOR *one)
{
	for (ULONG i = list ? list->interrupts_at : 0; list && i < list->count; i++)
		if (one == &list->descriptors[i])
			return (int)(i - list->interrupts_at);
	return -1;
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
