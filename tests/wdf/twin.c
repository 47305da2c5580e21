/* SPDX-License-Identifier: MIT */
/* A driver of its own module, loaded twice under two names: whose is an object without a parent? */
#include <ntddk.h>
#include <wdf.h>

static VOID Cleanup(WDFOBJECT Object)
{
	UNREFERENCED_PARAMETER(Object);
}

static NTSTATUS DeviceAdd(WDFDRIVER Driver, PWDFDEVICE_INIT DeviceInit)
{
	WDFDEVICE device;

	UNREFERENCED_PARAMETER(Driver);
	return WdfDeviceCreate(&DeviceInit, WDF_NO_OBJECT_ATTRIBUTES, &device);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	WDF_DRIVER_CONFIG config;
	WDFDRIVER driver;
	WDFOBJECT object;
	NTSTATUS status;

	WDF_DRIVER_CONFIG_INIT(&config, DeviceAdd);
	status = WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
				 &driver);
	if (!NT_SUCCESS(status))
		return status;
	if (WdfGetDriver() != driver)
		return STATUS_INTERNAL_ERROR;
	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.EvtCleanupCallback = Cleanup;
	return WdfObjectCreate(&attributes, &object);
}
