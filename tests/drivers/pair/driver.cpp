// SPDX-License-Identifier: MIT
// The driver around the library: its devices, its adapters' contexts, its memory.
#include "pch.hpp"

#include "pairadapter.h"
#include "handles.h"
#include "driver.tmh"

struct PairDevice {
	PairAdapter *Adapter;
};
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(PairDevice, PairDeviceOf)
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(PairAdapter, PairAdapterContext)

PairAdapter *PairAdapterOf(NETADAPTER Adapter)
{
	return PairAdapterContext(Adapter);
}

EXTERN_C DRIVER_INITIALIZE DriverEntry;
static EVT_WDF_DRIVER_DEVICE_ADD EvtDeviceAdd;
static EVT_WDF_DRIVER_UNLOAD EvtUnload;
static EVT_WDF_DEVICE_PREPARE_HARDWARE EvtPrepareHardware;

_Use_decl_annotations_ NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject,
					    PUNICODE_STRING RegistryPath)
{
	WDF_DRIVER_CONFIG config;
	NTSTATUS status;

	WPP_INIT_TRACING(DriverObject, RegistryPath);
	WDF_DRIVER_CONFIG_INIT(&config, EvtDeviceAdd);
	config.EvtDriverUnload = EvtUnload;
	status = WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
				 WDF_NO_HANDLE);
	if (NT_SUCCESS(status))
		status = PairLibraryBegin();
	if (!NT_SUCCESS(status)) {
		TraceError(PAIR_DRIVER, "no driver: %!STATUS!", status);
		WPP_CLEANUP(DriverObject);
	}
	return status;
}

_Use_decl_annotations_ static VOID EvtUnload(WDFDRIVER Driver)
{
	UNREFERENCED_PARAMETER(Driver);
	WPP_CLEANUP(WdfDriverWdmGetDriverObject(Driver));
}

static NTSTATUS CreateAdapter(WDFDEVICE Device)
{
	UniqueAdapterInit init{ NetAdapterInitAllocate(Device) };
	NET_ADAPTER_DATAPATH_CALLBACKS datapath;
	WDF_OBJECT_ATTRIBUTES attributes;
	NETADAPTER adapter;

	if (!init)
		return STATUS_INSUFFICIENT_RESOURCES;
	NET_ADAPTER_DATAPATH_CALLBACKS_INIT(
		&datapath,
		[](NETADAPTER Adapter, NETTXQUEUE_INIT *Init) {
			return PairAdapterOf(Adapter)->CreateTxQueue(Init);
		},
		[](NETADAPTER Adapter, NETRXQUEUE_INIT *Init) {
			return PairAdapterOf(Adapter)->CreateRxQueue(Init);
		});
	NetAdapterInitSetDatapathCallbacks(init.Get(), &datapath);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, PairAdapter);
	attributes.EvtDestroyCallback = [](WDFOBJECT Handle) {
		PairAdapterContext(static_cast<NETADAPTER>(Handle))->Destroy();
	};
	RETURN_UNLESS_SUCCESS(NetAdapterCreate(init.Get(), &attributes, &adapter));
	PairDeviceOf(Device)->Adapter = new (PairAdapterOf(adapter)) PairAdapter(adapter, Device);
	return PairDeviceOf(Device)->Adapter->Initialize();
}

_Use_decl_annotations_ static NTSTATUS EvtDeviceAdd(WDFDRIVER Driver, PWDFDEVICE_INIT DeviceInit)
{
	WDF_PNPPOWER_EVENT_CALLBACKS callbacks;
	WDF_OBJECT_ATTRIBUTES attributes;
	WDFDEVICE device;

	UNREFERENCED_PARAMETER(Driver);
	RETURN_UNLESS_SUCCESS(NetDeviceInitConfig(DeviceInit));
	WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
	callbacks.EvtDevicePrepareHardware = EvtPrepareHardware;
	WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &callbacks);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, PairDevice);
	RETURN_UNLESS_SUCCESS(WdfDeviceCreate(&DeviceInit, &attributes, &device));
	return CreateAdapter(device);
}

_Use_decl_annotations_ static NTSTATUS EvtPrepareHardware(WDFDEVICE Device, WDFCMRESLIST,
							  WDFCMRESLIST)
{
	return PairDeviceOf(Device)->Adapter->Start();
}

// Memory of the framework's, which knows where it came from.
void *__cdecl operator new(size_t Size, const std::nothrow_t &) noexcept
{
	WDF_OBJECT_ATTRIBUTES attributes;
	WDFMEMORY memory;
	PVOID bytes;

	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	if (!NT_SUCCESS(WdfMemoryCreate(&attributes, NonPagedPoolNx, 'riaP',
					Size + MEMORY_ALLOCATION_ALIGNMENT, &memory, &bytes)))
		return nullptr;
	*static_cast<WDFMEMORY *>(bytes) = memory;
	return static_cast<UCHAR *>(bytes) + MEMORY_ALLOCATION_ALIGNMENT;
}

void __cdecl operator delete(void *Bytes) noexcept
{
	if (Bytes)
		WdfObjectDelete(*reinterpret_cast<WDFMEMORY *>(static_cast<UCHAR *>(Bytes) -
							       MEMORY_ALLOCATION_ALIGNMENT));
}

void __cdecl operator delete(void *Bytes, size_t) noexcept
{
	operator delete(Bytes);
}
