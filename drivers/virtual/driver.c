/* SPDX-License-Identifier: MIT */
/* driver.c - where Windows finds the driver, and where the driver finds a new device. */
#include "virtual.h"

DRIVER_INITIALIZE DriverEntry;
static EVT_WDF_DRIVER_DEVICE_ADD EvtDriverDeviceAdd;

_Use_decl_annotations_ NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject,
					    PUNICODE_STRING RegistryPath)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	WDF_DRIVER_CONFIG config;
	WDFDRIVER driver;
	NTSTATUS status;

	WDF_DRIVER_CONFIG_INIT(&config, EvtDriverDeviceAdd);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, VIRT_DRIVER);
	status = WdfDriverCreate(DriverObject, RegistryPath, &attributes, &config, &driver);
	if (!NT_SUCCESS(status))
		return status;

	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.ParentObject = driver;
	return WdfWaitLockCreate(&attributes, &VirtGetDriver(driver)->LinkLock);
}

/*
 * One call per adapter that the administrator adds. A device without hardware: Windows gives it no
 * resources, and it has no interrupt.
 */
_Use_decl_annotations_ static NTSTATUS EvtDriverDeviceAdd(WDFDRIVER Driver,
							  PWDFDEVICE_INIT DeviceInit)
{
	WDF_PNPPOWER_EVENT_CALLBACKS callbacks;
	WDF_OBJECT_ATTRIBUTES attributes;
	WDFDEVICE device;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(Driver);
	PAGED_CODE();

	status = NetDeviceInitConfig(DeviceInit);
	if (!NT_SUCCESS(status))
		return status;

	WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
	callbacks.EvtDevicePrepareHardware = EvtDevicePrepareHardware;
	callbacks.EvtDeviceReleaseHardware = EvtDeviceReleaseHardware;
	callbacks.EvtDeviceD0Entry = EvtDeviceD0Entry;
	callbacks.EvtDeviceD0Exit = EvtDeviceD0Exit;
	WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &callbacks);

	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, VIRT_DEVICE);
	status = WdfDeviceCreate(&DeviceInit, &attributes, &device);
	if (!NT_SUCCESS(status))
		return status;

	return VirtAdapterCreate(device);
}
