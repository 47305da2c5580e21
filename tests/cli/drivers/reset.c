/* SPDX-License-Identifier: MIT */
/* A 2.5 driver whose hardware hangs once: it asks for a reset, and finds it working again. */
/* clang-format off */
#include <ntddk.h>
#include <wdf.h>
#include <netadaptercx.h>
/* clang-format on */

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD ResetDeviceAdd;
EVT_WDF_DEVICE_D0_ENTRY ResetD0Entry;
EVT_NET_DEVICE_COLLECT_RESET_DIAGNOSTICS ResetCollect;

/* {6B0A1B5E-0C1D-4F7A-9C2E-8D1F00112233} */
static const GUID DiagnosticsGuid = {
	0x6b0a1b5e, 0x0c1d, 0x4f7a, { 0x9c, 0x2e, 0x8d, 0x1f, 0x00, 0x11, 0x22, 0x33 }
};

static ULONG Starts;

void ResetCollect(WDFDEVICE Device)
{
	static const UINT8 registers[] = { 0xde, 0xad };

	NetDeviceStoreResetDiagnostics(Device, sizeof(registers), registers);
}

NTSTATUS ResetD0Entry(WDFDEVICE Device, WDF_POWER_DEVICE_STATE Previous)
{
	UNREFERENCED_PARAMETER(Previous);
	DbgPrint("reset: start %u\n", ++Starts);
	if (Starts == 1)
		NetDeviceRequestReset(Device);
	return STATUS_SUCCESS;
}

NTSTATUS ResetDeviceAdd(WDFDRIVER Driver, PWDFDEVICE_INIT DeviceInit)
{
	NET_DEVICE_RESET_CAPABILITIES reset;
	WDF_PNPPOWER_EVENT_CALLBACKS pnp;
	WDFDEVICE device;
	NTSTATUS status = NetDeviceInitConfig(DeviceInit);

	UNREFERENCED_PARAMETER(Driver);
	if (!NT_SUCCESS(status))
		return status;
	NET_DEVICE_RESET_CAPABILITIES_INIT(&reset, DiagnosticsGuid, ResetCollect);
	NetDeviceInitSetResetCapabilities(DeviceInit, &reset);
	WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&pnp);
	pnp.EvtDeviceD0Entry = ResetD0Entry;
	WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &pnp);
	return WdfDeviceCreate(&DeviceInit, WDF_NO_OBJECT_ATTRIBUTES, &device);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	WDF_DRIVER_CONFIG config;

	WDF_DRIVER_CONFIG_INIT(&config, ResetDeviceAdd);
	return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
			       WDF_NO_HANDLE);
}
