/* SPDX-License-Identifier: MIT */
/* BUS_INTERFACE_STANDARD: a driver's way to its device's configuration space. */
#include <string.h>
#include <wdmguid.h>

#include "nt/export.h"
#include "nt/fault.h"
#include "wdf/device_private.h"

/* The interface lives as long as its device, and the driver does not outlive that. */
static VOID keep(PVOID context)
{
	(void)context;
}

/* There is one bus address space. */
static BOOLEAN translate(PVOID context, PHYSICAL_ADDRESS address, ULONG length, PULONG space,
			 PPHYSICAL_ADDRESS translated)
{
	(void)context;
	(void)length;
	*space = 0;
	*translated = address;
	return TRUE;
}

/* DMA is WDF's: WdfDmaEnablerCreate. */
static PDMA_ADAPTER no_adapter(PVOID context, PDEVICE_DESCRIPTION description, PULONG registers)
{
	(void)context;
	(void)description;
	*registers = 0;
	return NULL;
}

static ULONG get_data(PVOID context, ULONG type, PVOID buffer, ULONG offset, ULONG length)
{
	const struct wdf_config_space *space =
		&((struct wdf_device *)context)->setup.config.config_space;

	wdf_check_irql(DISPATCH_LEVEL, "GetBusData");
	return type == PCI_WHICHSPACE_CONFIG ? space->read(space->context, offset, buffer, length)
					     : 0;
}

static ULONG set_data(PVOID context, ULONG type, PVOID buffer, ULONG offset, ULONG length)
{
	const struct wdf_config_space *space =
		&((struct wdf_device *)context)->setup.config.config_space;

	wdf_check_irql(DISPATCH_LEVEL, "SetBusData");
	return type == PCI_WHICHSPACE_CONFIG ? space->write(space->context, offset, buffer, length)
					     : 0;
}

NETCX_EXPORT NTSTATUS WdfFdoQueryForInterface(WDFDEVICE Fdo, LPCGUID InterfaceType,
					      PINTERFACE Interface, USHORT Size, USHORT Version,
					      PVOID InterfaceSpecificData)
{
	static const char call[] = "WdfFdoQueryForInterface";
	struct wdf_device *device = wdf_device_of(Fdo, call);
	BUS_INTERFACE_STANDARD *bus = (BUS_INTERFACE_STANDARD *)Interface;

	wdf_check_irql(PASSIVE_LEVEL, call);
	wdf_check_pointer(InterfaceType, "InterfaceType", call);
	wdf_check_pointer(Interface, "Interface", call);
	if (memcmp(InterfaceType, &GUID_BUS_INTERFACE_STANDARD, sizeof(*InterfaceType)) != 0 ||
	    Version != 1 || !device->setup.config.config_space.read)
		return STATUS_NOT_SUPPORTED;
	if (Size < sizeof(*bus))
		return STATUS_INVALID_PARAMETER;
	if (NT_FAULT("WdfFdoQueryForInterface"))
		return STATUS_INSUFFICIENT_RESOURCES;
	*bus = (BUS_INTERFACE_STANDARD){
		.Size = sizeof(*bus),
		.Version = 1,
		.Context = device,
		.InterfaceReference = keep,
		.InterfaceDereference = keep,
		.TranslateBusAddress = translate,
		.GetDmaAdapter = no_adapter,
		.SetBusData = set_data,
		.GetBusData = get_data,
	};
	return STATUS_SUCCESS;
}
