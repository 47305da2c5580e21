/* SPDX-License-Identifier: MIT */
/* The device and adapter of the 2.x driver "recorder". */
#include "recorder.h"

#if NETADAPTER_VERSION_MINOR == 0
#include <preview/netrequest.h>
#endif

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD RecorderDeviceAdd;
EVT_WDF_DEVICE_PREPARE_HARDWARE RecorderPrepareHardware;
EVT_WDF_DEVICE_RELEASE_HARDWARE RecorderReleaseHardware;
EVT_WDF_DEVICE_D0_ENTRY RecorderD0Entry;
EVT_WDF_OBJECT_CONTEXT_DESTROY RecorderAdapterDestroy;

__attribute__((visibility("default"))) RECORDER_OPTIONS RecorderOptions;

typedef struct _RECORDER_DEVICE {
	NETADAPTER Adapter;
} RECORDER_DEVICE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(RECORDER_DEVICE, RecorderGetDevice)

typedef struct _RECORDER_ADAPTER {
	WDFDEVICE Device;
} RECORDER_ADAPTER;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(RECORDER_ADAPTER, RecorderGetAdapter)

extern int vsnprintf(char *, size_t, const char *, va_list);

void RecorderSay(const char *Format, ...)
{
	char text[160];
	va_list arguments;

	va_start(arguments, Format);
	vsnprintf(text, sizeof(text), Format, arguments);
	va_end(arguments);
	if (RecorderOptions.Record)
		RecorderOptions.Record(text);
}

static void Break(RECORDER_POINT Point, WDFDEVICE Device, NETADAPTER Adapter)
{
	RECORDER_PLACE place = { .Device = Device, .Adapter = Adapter };

	RecorderBreak(Point, &place);
}

static void DeclareDatapath(NETADAPTER Adapter)
{
	NET_ADAPTER_TX_CAPABILITIES tx;
	NET_ADAPTER_RX_CAPABILITIES rx;

	NET_ADAPTER_TX_CAPABILITIES_INIT(&tx,
					 RecorderOptions.TxQueues ? RecorderOptions.TxQueues : 1);
	NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED(&rx, 2048, 1);
	NetAdapterSetDataPathCapabilities(Adapter, &tx, &rx);
	/* The structures were copied: this reaches nobody. */
	RtlFillMemory(&tx, sizeof(tx), 0xdd);
	RtlFillMemory(&rx, sizeof(rx), 0xdd);
}

static void DeclareLink(NETADAPTER Adapter)
{
	NET_ADAPTER_LINK_LAYER_CAPABILITIES link;

	NET_ADAPTER_LINK_LAYER_CAPABILITIES_INIT(&link, 1000000000, 1000000000);
	NetAdapterSetLinkLayerCapabilities(Adapter, &link);
}

static void DeclareAddresses(NETADAPTER Adapter)
{
	static const UCHAR permanent[32] = { 2, 0, 0, 0, 0, 1 }, current[32] = { 2, 0, 0, 0, 0, 2 };
	NET_ADAPTER_LINK_LAYER_ADDRESS address;

	if (RecorderOptions.PermanentLength) {
		NET_ADAPTER_LINK_LAYER_ADDRESS_INIT(
			&address, (USHORT)RecorderOptions.PermanentLength, permanent);
		NetAdapterSetPermanentLinkLayerAddress(Adapter, &address);
	}
	if (RecorderOptions.CurrentLength) {
		NET_ADAPTER_LINK_LAYER_ADDRESS_INIT(&address, (USHORT)RecorderOptions.CurrentLength,
						    current);
		NetAdapterSetCurrentLinkLayerAddress(Adapter, &address);
	}
}

/* The adapter's keywords, the device's being the same. */
static void ReadKeyword(WDFDEVICE Device, NETADAPTER Adapter)
{
	DECLARE_CONST_UNICODE_STRING(name, L"*JumboPacket");
	NETCONFIGURATION of_adapter, of_device;
	ULONG value = 0, same = 0;

	if (!NT_SUCCESS(
		    NetAdapterOpenConfiguration(Adapter, WDF_NO_OBJECT_ATTRIBUTES, &of_adapter)))
		return;
	(void)NetConfigurationQueryUlong(of_adapter, NET_CONFIGURATION_QUERY_ULONG_NO_FLAGS, &name,
					 &value);
	NetConfigurationClose(of_adapter);
	if (NT_SUCCESS(NetDeviceOpenConfiguration(Device, WDF_NO_OBJECT_ATTRIBUTES, &of_device))) {
		(void)NetConfigurationQueryUlong(of_device, NET_CONFIGURATION_QUERY_ULONG_NO_FLAGS,
						 &name, &same);
		NetConfigurationClose(of_device);
	}
	RecorderSay("Keyword(%u,%u)", value, same);
}

static NTSTATUS StartAdapter(WDFDEVICE Device, NETADAPTER Adapter)
{
	RECORDER_OPTIONS *options = &RecorderOptions;
	NET_ADAPTER_LINK_STATE link;

	if (options->ReadKeyword)
		ReadKeyword(Device, Adapter);
	if (!options->SkipDatapath)
		DeclareDatapath(Adapter);
	if (!options->SkipLink)
		DeclareLink(Adapter);
	if (!options->SkipMtu)
		NetAdapterSetLinkLayerMtuSize(Adapter, options->Mtu ? options->Mtu : 1500);
	DeclareAddresses(Adapter);
	if (options->ReceiveFilter)
		RecorderDeclareFilter(Adapter);
	RecorderDeclareOffloads(Adapter);
	if (options->ScalingQueues)
		RecorderDeclareScaling(Adapter);
	if (options->LinkUpFirst) {
		NET_ADAPTER_LINK_STATE_INIT(
			&link, 1000000000, MediaConnectStateConnected, MediaDuplexStateFull,
			NetAdapterPauseFunctionTypeUnknown, NetAdapterAutoNegotiationFlagNone);
		NetAdapterSetLinkState(Adapter, &link);
	}
	Break(PointBeforeStart, Device, Adapter);
	if (options->Start == StartNever)
		return STATUS_SUCCESS;
	options->StartStatus = NetAdapterStart(Adapter);
	RecorderSay("NetAdapterStart=%08x", (ULONG)options->StartStatus);
	if (NT_SUCCESS(options->StartStatus))
		Break(PointStarted, Device, Adapter);
	return options->StartStatus;
}

NTSTATUS RecorderPrepareHardware(WDFDEVICE Device, WDFCMRESLIST Raw, WDFCMRESLIST Translated)
{
	NETADAPTER adapter = RecorderGetDevice(Device)->Adapter;

	UNREFERENCED_PARAMETER(Raw);
	UNREFERENCED_PARAMETER(Translated);
	RecorderSay("PrepareHardware");
	Break(PointPrepareHardware, Device, adapter);
	if (!NT_SUCCESS(RecorderOptions.Fail[StepPrepareHardware]))
		return RecorderOptions.Fail[StepPrepareHardware];
	if (RecorderOptions.Start == StartInDeviceAdd)
		return STATUS_SUCCESS;
	return StartAdapter(Device, adapter);
}

NTSTATUS RecorderReleaseHardware(WDFDEVICE Device, WDFCMRESLIST Translated)
{
	UNREFERENCED_PARAMETER(Translated);
	RecorderSay("ReleaseHardware");
	Break(PointReleaseHardware, Device, RecorderGetDevice(Device)->Adapter);
	return STATUS_SUCCESS;
}

NTSTATUS RecorderD0Entry(WDFDEVICE Device, WDF_POWER_DEVICE_STATE Previous)
{
	UNREFERENCED_PARAMETER(Previous);
	RecorderSay("D0Entry");
	if (RecorderOptions.Reset)
		RecorderRequestReset(Device);
	Break(PointD0Entry, Device, RecorderGetDevice(Device)->Adapter);
	return RecorderOptions.Fail[StepD0Entry];
}

VOID RecorderAdapterDestroy(WDFOBJECT Object)
{
	NT_FRE_ASSERT(RecorderGetAdapter(Object)->Device == RecorderOptions.Device);
	RecorderSay("AdapterDestroy");
}

static NTSTATUS CreateAdapter(WDFDEVICE Device, NETADAPTER *Adapter)
{
	NET_ADAPTER_DATAPATH_CALLBACKS callbacks;
	WDF_OBJECT_ATTRIBUTES attributes;
	NETADAPTER_INIT *init = NetAdapterInitAllocate(Device);
	NTSTATUS status;

	if (!init)
		return STATUS_INSUFFICIENT_RESOURCES;
	NET_ADAPTER_DATAPATH_CALLBACKS_INIT(&callbacks, RecorderCreateTxQueue,
					    RecorderCreateRxQueue);
	NetAdapterInitSetDatapathCallbacks(init, &callbacks);
#if NETADAPTER_VERSION_MINOR >= 1
	if (RecorderOptions.TxDemux) {
		NET_ADAPTER_TX_DEMUX demux;

		NET_ADAPTER_TX_8021P_DEMUX_INIT(&demux);
		demux.Range = RecorderOptions.TxDemux;
		NetAdapterInitAddTxDemux(init, &demux);
	}
#endif
#if NETADAPTER_VERSION_MINOR == 0
	if (RecorderOptions.Requests) {
		RecorderRequestAttributes(&attributes);
		NetAdapterInitSetNetRequestAttributes(init, &attributes);
	}
#endif
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, RECORDER_ADAPTER);
	attributes.EvtDestroyCallback = RecorderAdapterDestroy;
	status = NetAdapterCreate(init, &attributes, Adapter);
	NetAdapterInitFree(init);
	if (NT_SUCCESS(status))
		RecorderGetAdapter(*Adapter)->Device = Device;
	return status;
}

#if NETADAPTER_VERSION_MINOR >= 3
/* One without a device, which runs at once. */
static void StartLightweight(void)
{
	static const GUID guid = { 0x89abcdef, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };
	NET_ADAPTER_DATAPATH_CALLBACKS callbacks;
	NETADAPTER_INIT *init = NetAdapterLightweightInitAllocate(&guid);
	NETADAPTER adapter;
	NTSTATUS status;

	NET_ADAPTER_DATAPATH_CALLBACKS_INIT(&callbacks, RecorderCreateTxQueue,
					    RecorderCreateRxQueue);
	NetAdapterInitSetDatapathCallbacks(init, &callbacks);
	status = NetAdapterCreate(init, WDF_NO_OBJECT_ATTRIBUTES, &adapter);
	NetAdapterInitFree(init);
	if (!NT_SUCCESS(status))
		return;
	DeclareDatapath(adapter);
	DeclareLink(adapter);
	NetAdapterSetLinkLayerMtuSize(adapter, 1400);
	DeclareAddresses(adapter);
	RecorderSay("Lightweight=%08x", (ULONG)NetAdapterStart(adapter));
	RecorderOptions.Lightweight = adapter;
}
#endif

/* Before there is a device that it could hang on. */
static void TryLightweight(void)
{
#if NETADAPTER_VERSION_MINOR >= 3
	static const GUID guid = { 0 };

	RecorderSay("Lightweight %s",
		    NetAdapterLightweightInitAllocate(&guid) ? "too early" : "refused");
#endif
}

NTSTATUS RecorderDeviceAdd(WDFDRIVER Driver, PWDFDEVICE_INIT DeviceInit)
{
	WDF_PNPPOWER_EVENT_CALLBACKS pnp;
	WDF_OBJECT_ATTRIBUTES attributes;
	RECORDER_DEVICE *context;
	WDFDEVICE device;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(Driver);
	RecorderSay("DeviceAdd");
	if (RecorderOptions.StartLightweight)
		TryLightweight();
	status = NetDeviceInitConfig(DeviceInit);
	if (!NT_SUCCESS(status))
		return status;
	if (RecorderOptions.ConfigTwice)
		RecorderSay("InitConfig=%08x", (ULONG)NetDeviceInitConfig(DeviceInit));
	RecorderDeclareReset(DeviceInit);
	WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&pnp);
	pnp.EvtDevicePrepareHardware = RecorderPrepareHardware;
	pnp.EvtDeviceReleaseHardware = RecorderReleaseHardware;
	pnp.EvtDeviceD0Entry = RecorderD0Entry;
	WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &pnp);
	if (!NT_SUCCESS(RecorderOptions.Fail[StepDeviceAdd]))
		return RecorderOptions.Fail[StepDeviceAdd];

	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, RECORDER_DEVICE);
	status = WdfDeviceCreate(&DeviceInit, &attributes, &device);
	if (!NT_SUCCESS(status))
		return status;
	RecorderOptions.Device = device;
	Break(PointDeviceAdd, device, NULL);
	context = RecorderGetDevice(device);
	status = CreateAdapter(device, &context->Adapter);
	if (!NT_SUCCESS(status))
		return status;
	RecorderOptions.Adapter = context->Adapter;
	if (RecorderOptions.Requests)
		status = RecorderCreateRequestQueues(context->Adapter);
	if (!NT_SUCCESS(status))
		return status;
#if NETADAPTER_VERSION_MINOR >= 3
	if (RecorderOptions.StartLightweight)
		StartLightweight();
#endif
	if (RecorderOptions.Start == StartInDeviceAdd)
		status = StartAdapter(device, context->Adapter);
	return status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	WDF_DRIVER_CONFIG config;

	RecorderSay("DriverEntry");
	if (!NT_SUCCESS(RecorderOptions.Fail[StepDriverEntry]))
		return RecorderOptions.Fail[StepDriverEntry];
	WDF_DRIVER_CONFIG_INIT(&config, RecorderDeviceAdd);
	return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
			       WDF_NO_HANDLE);
}
