/* SPDX-License-Identifier: MIT */
#include "precomp.h"

#include "trace.h"
#include "Adapter.h"

TRACELOGGING_DEFINE_PROVIDER(HabitsTraceProvider, "Netcx.Habits",
			     (0x7a1d2c3b, 0x4e5f, 0x4a6b, 0x8c, 0x9d, 0x0e, 0x1f, 0x2a, 0x3b, 0x4c,
			      0x5d));

EXTERN_C __declspec(code_seg("INIT")) DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_UNLOAD EvtDriverUnload;
EVT_WDF_DRIVER_DEVICE_ADD EvtDriverDeviceAdd;
EVT_WDF_DEVICE_PREPARE_HARDWARE EvtDevicePrepareHardware;
EVT_WDF_DEVICE_RELEASE_HARDWARE EvtDeviceReleaseHardware;

#pragma alloc_text(INIT, DriverEntry)

#pragma warning(push)
#pragma warning(disable : 4100 4127)

#pragma region Entry
_Use_decl_annotations_ __declspec(code_seg("INIT")) NTSTATUS
	DriverEntry(_In_ PDRIVER_OBJECT DriverObject, _In_ PUNICODE_STRING RegistryPath)
{
	bool registered = false;
	NTSTATUS status = STATUS_SUCCESS;

	HABITS_GOTO_IF_FAILED(Exit, status, TraceLoggingRegister(HabitsTraceProvider));
	registered = true;

	HabitsTraceEntry(TraceLoggingUnicodeString(RegistryPath));

	// Jumps past this initialisation are an error for other compilers.
	WDF_DRIVER_CONFIG config;
	WDF_DRIVER_CONFIG_INIT(&config, EvtDriverDeviceAdd);
	config.DriverPoolTag = HABITS_FORCED;
	config.EvtDriverUnload = EvtDriverUnload;

	HABITS_GOTO_IF_FAILED(Exit, status,
			      WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES,
					      &config, NULL));

	HABIT("forced include", config.DriverPoolTag == 'HABT');
	HABIT("definition with quotes", RtlCompareMemory(HABITS_NAME, "habits", 7) == 7);
	HABIT("definition from the props", HABITS_FROM_PROPS == 3);
	HabitsCheckLanguage();
	HabitsCheckLibrary();

Exit:
	if (registered && !NT_SUCCESS(status)) {
		TraceLoggingUnregister(HabitsTraceProvider);
	}
	return status;
}
#pragma endregion

_Use_decl_annotations_ VOID EvtDriverUnload(_In_ WDFDRIVER Driver)
{
	UNREFERENCED_PARAMETER((Driver));

	HabitsTraceEntry();
	TraceLoggingUnregister(HabitsTraceProvider);
}

_Use_decl_annotations_ NTSTATUS
#pragma prefast(suppress : __WARNING_EXCESSIVESTACKUSAGE, "the stack is small, and so is this")
EvtDriverDeviceAdd(_In_ WDFDRIVER Driver, _Inout_ PWDFDEVICE_INIT DeviceInit)
{
	UNREFERENCED_PARAMETER((Driver));
	HabitsTraceEntry();

	NTSTATUS status = STATUS_SUCCESS;
	PNETADAPTER_INIT adapterInit = nullptr;

	HABITS_GOTO_IF_FAILED(Exit, status, NetAdapterDeviceInitConfig(DeviceInit));

	{
		WDF_PNPPOWER_EVENT_CALLBACKS callbacks;
		WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
		callbacks.EvtDevicePrepareHardware = EvtDevicePrepareHardware;
		callbacks.EvtDeviceReleaseHardware = EvtDeviceReleaseHardware;
		WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &callbacks);
	}

	WDF_OBJECT_ATTRIBUTES deviceAttributes;
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&deviceAttributes, HABITS_DEVICE);

	WDFDEVICE device;
	HABITS_GOTO_IF_FAILED(Exit, status,
			      WdfDeviceCreate(&DeviceInit, &deviceAttributes, &device));

	WdfDeviceSetAlignmentRequirement(device, FILE_256_BYTE_ALIGNMENT);

	adapterInit = NetDefaultAdapterInitAllocate(device);
	HABITS_GOTO_IF_FAILED(
		Exit, status,
		(adapterInit == nullptr ? STATUS_INSUFFICIENT_RESOURCES : STATUS_SUCCESS));

	NET_ADAPTER_DATAPATH_CALLBACKS datapath;
	NET_ADAPTER_DATAPATH_CALLBACKS_INIT(&datapath, EvtAdapterCreateTxQueue,
					    EvtAdapterCreateRxQueue);
	NetAdapterInitSetDatapathCallbacks(adapterInit, &datapath);

	WDF_OBJECT_ATTRIBUTES attributes;
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, HABITS_ADAPTER);

	NETADAPTER netAdapter;
	HABITS_GOTO_IF_FAILED(Exit, status,
			      NetAdapterCreate(adapterInit, &attributes, &netAdapter));

	// The context's memory is there already; its constructor has to run.
	HABITS_ADAPTER *adapter = new (HabitsGetAdapter(netAdapter)) HABITS_ADAPTER();
	HabitsGetDevice(device)->Adapter = adapter;
	HABIT("placement new", adapter == HabitsGetAdapter(netAdapter));

	HABITS_GOTO_IF_FAILED(Exit, status, HabitsInitialize(adapter, device, netAdapter));

Exit:
	if (adapterInit != nullptr) {
		NetAdapterInitFree(adapterInit);
	}
	return status;
}

#pragma code_seg("PAGE")

_Use_decl_annotations_ NTSTATUS EvtDevicePrepareHardware(WDFDEVICE Device,
							 WDFCMRESLIST ResourcesRaw,
							 WDFCMRESLIST ResourcesTranslated)
{
	PAGED_CODE();
	UNREFERENCED_PARAMETER(ResourcesRaw);

	HABITS_ADAPTER *adapter = HabitsGetDevice(Device)->Adapter;
	NTSTATUS status;

	HabitsTraceEntry(TraceLoggingPointer(adapter->NetAdapter, "NetAdapter"));
	HABITS_GOTO_IF_FAILED(Exit, status, HabitsReadConfiguration(adapter));
	HABITS_GOTO_IF_FAILED(Exit, status, HabitsMapRegisters(adapter, ResourcesTranslated),
			      TraceLoggingPointer(adapter, "Adapter"));
	HABITS_GOTO_IF_FAILED(Exit, status, HabitsStart(adapter));
Exit:
	return status;
}

_Use_decl_annotations_ NTSTATUS EvtDeviceReleaseHardware(WDFDEVICE Device,
							 WDFCMRESLIST ResourcesTranslated)
{
	UNREFERENCED_PARAMETER(ResourcesTranslated);
	HabitsUnmapRegisters(HabitsGetDevice(Device)->Adapter);
	return STATUS_SUCCESS;
}

#pragma code_seg()
#pragma warning(pop)
