/* SPDX-License-Identifier: MIT */
/* driver.c - where Windows finds the driver, and where the driver finds a new card. */
#include "framework.h"

DRIVER_INITIALIZE DriverEntry;
static EVT_WDF_DRIVER_DEVICE_ADD EvtDriverDeviceAdd;

_Use_decl_annotations_ NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	WDF_DRIVER_CONFIG config;

	WDF_DRIVER_CONFIG_INIT(&config, EvtDriverDeviceAdd);
	return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
			       WDF_NO_HANDLE);
}

/*
 * One call per card. NetDeviceInitConfig comes first: it makes a network device of what is
 * otherwise an ordinary WDF device.
 */
_Use_decl_annotations_ static NTSTATUS
EvtDriverDeviceAdd(WDFDRIVER Driver, PWDFDEVICE_INIT DeviceInit)
{
	WDF_PNPPOWER_EVENT_CALLBACKS callbacks;
	WDF_OBJECT_ATTRIBUTES attributes;
	WDFDEVICE device;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(Driver);
	PAGED_CODE();

	status = NetDeviceInitConfig(DeviceInit);
	if (!NT_SUCCESS(status))
		goto Exit;

	WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
	callbacks.EvtDevicePrepareHardware = EvtDevicePrepareHardware;
	callbacks.EvtDeviceReleaseHardware = EvtDeviceReleaseHardware;
	callbacks.EvtDeviceD0Entry = EvtDeviceD0Entry;
	callbacks.EvtDeviceD0EntryPostInterruptsEnabled = EvtDeviceD0EntryPostInterruptsEnabled;
	callbacks.EvtDeviceD0Exit = EvtDeviceD0Exit;
	WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &callbacks);

	RtWakeInitialize(DeviceInit);

	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, RT_DEVICE);
	status = WdfDeviceCreate(&DeviceInit, &attributes, &device);
	if (!NT_SUCCESS(status))
		goto Exit;

	/* Common buffers will be aligned as the chip's descriptor rings have to be. */
	WdfDeviceSetAlignmentRequirement(device, RT_RING_ALIGNMENT);

	status = RtAdapterCreate(device);

Exit:
	return status;
}
