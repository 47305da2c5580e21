/* SPDX-License-Identifier: MIT */
/* The device and adapter of the driver "recorder". */
#include "recorder.h"

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD RecorderDeviceAdd;
EVT_WDF_DEVICE_PREPARE_HARDWARE RecorderPrepareHardware;
EVT_WDF_DEVICE_RELEASE_HARDWARE RecorderReleaseHardware;
EVT_WDF_DEVICE_D0_ENTRY RecorderD0Entry;
EVT_NET_ADAPTER_OFFLOAD_SET_CHECKSUM RecorderSetChecksum;
EVT_NET_ADAPTER_OFFLOAD_SET_LSO RecorderSetLso;
EVT_NET_ADAPTER_PREVIEW_WAKE_PATTERN RecorderPreviewWakePattern;
EVT_NET_ADAPTER_PRE_PROCESS_NET_REQUEST RecorderPreProcessNetRequest;
EVT_NET_DEVICE_RESET RecorderReset;

__attribute__((visibility("default"))) RECORDER_OPTIONS RecorderOptions;

typedef struct _RECORDER_DEVICE {
	NETADAPTER Adapter;
} RECORDER_DEVICE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(RECORDER_DEVICE, RecorderGetDevice)

typedef struct _RECORDER_ADAPTER {
	WDFDEVICE Device;
} RECORDER_ADAPTER;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(RECORDER_ADAPTER, RecorderGetAdapter)

typedef struct _RECORDER_SETTINGS {
	ULONG Value;
} RECORDER_SETTINGS;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(RECORDER_SETTINGS, RecorderGetSettings)

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

VOID RecorderSetChecksum(NETADAPTER Adapter, PNET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES Active)
{
	UNREFERENCED_PARAMETER(Adapter);
	RecorderSay("SetChecksum(%d,%d,%d)", Active->IPv4, Active->Tcp, Active->Udp);
}

VOID RecorderSetLso(NETADAPTER Adapter, PNET_ADAPTER_OFFLOAD_LSO_CAPABILITIES Active)
{
	RECORDER_OPTIONS *options = &RecorderOptions;

	NT_FRE_ASSERT(RecorderGetAdapter(Adapter)->Device == options->Device);
	InterlockedExchange((LONG volatile *)&options->Lso,
			    (Active->IPv4 ? 1 : 0) | (Active->IPv6 ? 2 : 0));
	RecorderSay("SetLso(%d,%d,%u,%u)", Active->IPv4, Active->IPv6,
		    (unsigned)Active->MaximumOffloadSize, (unsigned)Active->MinimumSegmentCount);
}

NTSTATUS RecorderPreviewWakePattern(NETADAPTER Adapter, NETPOWERSETTINGS Settings,
				    NDIS_PM_WOL_PACKET Type, PNDIS_PM_WOL_PATTERN Pattern)
{
	UNREFERENCED_PARAMETER(Adapter);
	UNREFERENCED_PARAMETER(Pattern);
	RecorderSay("PreviewWakePattern(%d,%u)", (int)Type,
		    NetPowerSettingsGetWakePatternCount(Settings));
	return Type == NdisPMWoLPacketIPv4TcpSyn ? STATUS_NDIS_NOT_SUPPORTED : STATUS_SUCCESS;
}

static void DeclareDatapath(NETADAPTER Adapter)
{
	NET_ADAPTER_TX_CAPABILITIES tx;
	NET_ADAPTER_RX_CAPABILITIES rx;

	NET_ADAPTER_TX_CAPABILITIES_INIT(&tx, 65536, 1);
	NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED(&rx, 2048, 1);
	NetAdapterSetDatapathCapabilities(Adapter, &tx, &rx);
}

static void DeclareLink(NETADAPTER Adapter)
{
	NET_ADAPTER_LINK_LAYER_CAPABILITIES link;

	NET_ADAPTER_LINK_LAYER_CAPABILITIES_INIT(
		&link, NET_PACKET_FILTER_TYPE_DIRECTED | NET_PACKET_FILTER_TYPE_BROADCAST, 32,
		NET_ADAPTER_STATISTICS_XMIT_OK | NET_ADAPTER_STATISTICS_RCV_OK, 1000000000,
		1000000000);
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

static void DeclareChecksum(NETADAPTER Adapter, BOOLEAN IPv4, BOOLEAN Tcp, BOOLEAN Udp)
{
	NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES checksum;

	NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES_INIT(&checksum, IPv4, Tcp, Udp);
	NetAdapterOffloadSetChecksumCapabilities(
		Adapter, &checksum,
		RecorderOptions.NoChecksumCallback ? NULL : RecorderSetChecksum);
}

static void DeclareLso(NETADAPTER Adapter, BOOLEAN IPv4, BOOLEAN IPv6, SIZE_T Maximum,
		       SIZE_T Minimum)
{
	NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES lso;

	NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES_INIT(&lso, IPv4, IPv6, Maximum, Minimum);
	NetAdapterOffloadSetLsoCapabilities(Adapter, &lso,
					    RecorderOptions.NoLsoCallback ? NULL : RecorderSetLso);
	/* The structure was copied: this reaches nobody. */
	RtlFillMemory(&lso, sizeof(lso), 0xdd);
}

static void DeclareOffloads(NETADAPTER Adapter)
{
	RECORDER_OPTIONS *options = &RecorderOptions;

	if (options->DeclareTwice) {
		DeclareChecksum(Adapter, TRUE, TRUE, TRUE);
		DeclareLso(Adapter, TRUE, TRUE, 1, 1);
	}
	if (options->DeclareChecksum)
		DeclareChecksum(Adapter, options->ChecksumIPv4, options->ChecksumTcp,
				options->ChecksumUdp);
	if (options->DeclareLso)
		DeclareLso(Adapter, options->LsoIPv4, options->LsoIPv6, options->LsoMaximum,
			   options->LsoMinimum);
}

static void DeclarePower(NETADAPTER Adapter)
{
	NET_ADAPTER_POWER_CAPABILITIES power;

	NET_ADAPTER_POWER_CAPABILITIES_INIT(&power);
	power.SupportedWakePatterns =
		NET_ADAPTER_WAKE_BITMAP_PATTERN | NET_ADAPTER_WAKE_MAGIC_PACKET;
	power.NumTotalWakePatterns = 8;
	power.SupportedProtocolOffloads = NET_ADAPTER_PROTOCOL_OFFLOAD_ARP;
	power.EvtAdapterPreviewWakePattern = RecorderPreviewWakePattern;
	NetAdapterSetPowerCapabilities(Adapter, &power);
	/* The settings have the context that was asked for. */
	RecorderSay("Settings(%u)",
		    RecorderGetSettings(NetAdapterGetPowerSettings(Adapter))->Value++);
}

static NTSTATUS StartAdapter(WDFDEVICE Device, NETADAPTER Adapter)
{
	RECORDER_OPTIONS *options = &RecorderOptions;
	NET_ADAPTER_LINK_STATE link;

	if (!options->SkipDatapath)
		DeclareDatapath(Adapter);
	if (!options->SkipLink)
		DeclareLink(Adapter);
	if (!options->SkipMtu)
		NetAdapterSetLinkLayerMtuSize(Adapter, options->Mtu ? options->Mtu : 1500);
	DeclareAddresses(Adapter);
	DeclareOffloads(Adapter);
	if (options->Power)
		DeclarePower(Adapter);
	if (options->ScalingQueues)
		RecorderDeclareScaling(Adapter);
	if (options->OwnExtension) {
		NET_PACKET_EXTENSION extension;
		NTSTATUS status;

		NET_PACKET_EXTENSION_INIT(&extension, L"fox_mark", 3, 8, 7);
		status = NetAdapterRegisterPacketExtension(Adapter, &extension);
		if (!NT_SUCCESS(status))
			return status;
		RecorderSay("RegisterAgain=%08x",
			    (ULONG)NetAdapterRegisterPacketExtension(Adapter, &extension));
	}
	if (options->LinkUpFirst) {
		NET_ADAPTER_LINK_STATE_INIT(&link, 1000000000, MediaConnectStateConnected,
					    MediaDuplexStateFull, NetAdapterPauseFunctionsUnknown,
					    NET_ADAPTER_AUTO_NEGOTIATION_NO_FLAGS);
		NetAdapterSetCurrentLinkState(Adapter, &link);
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
	UNREFERENCED_PARAMETER(Device);
	UNREFERENCED_PARAMETER(Translated);
	RecorderSay("ReleaseHardware");
	return STATUS_SUCCESS;
}

NTSTATUS RecorderD0Entry(WDFDEVICE Device, WDF_POWER_DEVICE_STATE Previous)
{
	UNREFERENCED_PARAMETER(Previous);
	RecorderSay("D0Entry");
	Break(PointD0Entry, Device, RecorderGetDevice(Device)->Adapter);
	return RecorderOptions.Fail[StepD0Entry];
}

/* What a media class extension does: it ends a request, or lets it go on. */
VOID RecorderPreProcessNetRequest(NETADAPTER Adapter, NETREQUEST Request)
{
	RECORDER_PLACE place = { .Adapter = Adapter, .Request = Request };

	RecorderSay("PreProcess(%x)", NetRequestGetId(Request));
	RecorderBreak(PointPreprocess, &place);
	if (NetRequestGetId(Request) == RECORDER_OID_QUERY)
		NetRequestCompleteWithoutInformation(Request, STATUS_ACCESS_DENIED);
	else
		NetAdapterDispatchPreprocessedNetRequest(Adapter, Request);
}

VOID RecorderReset(WDFDEVICE Device)
{
	UNREFERENCED_PARAMETER(Device);
	RecorderSay("Reset");
}

static NTSTATUS CreateAdapter(WDFDEVICE Device, NETADAPTER *Adapter)
{
	NET_ADAPTER_DATAPATH_CALLBACKS callbacks;
	WDF_OBJECT_ATTRIBUTES attributes;
	PNETADAPTER_INIT init = NetDefaultAdapterInitAllocate(Device);
	NTSTATUS status;

	if (!init)
		return STATUS_INSUFFICIENT_RESOURCES;
	NET_ADAPTER_DATAPATH_CALLBACKS_INIT(&callbacks, RecorderCreateTxQueue,
					    RecorderCreateRxQueue);
	NetAdapterInitSetDatapathCallbacks(init, &callbacks);
	if (RecorderOptions.Requests) {
		RecorderRequestAttributes(&attributes);
		NetAdapterInitSetNetRequestAttributes(init, &attributes);
	}
	if (RecorderOptions.Power) {
		WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, RECORDER_SETTINGS);
		NetAdapterInitSetNetPowerSettingsAttributes(init, &attributes);
	}
	if (RecorderOptions.Preprocess)
		NetAdapterExtensionInitSetNetRequestPreprocessCallback(
			NetAdapterExtensionInitAllocate(init), RecorderPreProcessNetRequest);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, RECORDER_ADAPTER);
	status = NetAdapterCreate(init, &attributes, Adapter);
	if (NT_SUCCESS(status) && NetAdapterInitGetCreatedAdapter(init) != *Adapter)
		status = STATUS_INTERNAL_ERROR;
	NetAdapterInitFree(init);
	return status;
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
	status = NetAdapterDeviceInitConfig(DeviceInit);
	if (!NT_SUCCESS(status))
		return status;
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
	if (RecorderOptions.ResetCallback)
		NetDeviceSetResetCallback(device, RecorderReset);
	Break(PointDeviceAdd, device, NULL);
	context = RecorderGetDevice(device);
	status = CreateAdapter(device, &context->Adapter);
	if (!NT_SUCCESS(status))
		return status;
	RecorderGetAdapter(context->Adapter)->Device = device;
	RecorderOptions.Adapter = context->Adapter;
	if (RecorderOptions.Requests)
		status = RecorderCreateRequestQueues(context->Adapter);
	if (NT_SUCCESS(status) && RecorderOptions.Start == StartInDeviceAdd)
		status = StartAdapter(device, context->Adapter);
	return status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	WDF_DRIVER_CONFIG config;
	WDFDRIVER driver;
	NTSTATUS status;

	RecorderSay("DriverEntry");
	if (!NT_SUCCESS(RecorderOptions.Fail[StepDriverEntry]))
		return RecorderOptions.Fail[StepDriverEntry];
	WDF_DRIVER_CONFIG_INIT(&config, RecorderDeviceAdd);
	status = WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
				 &driver);
	if (!NT_SUCCESS(status))
		return status;
	/* The binding has done it, and it may be done again. */
	status = NetAdapterDriverRegister(driver);
	NT_FRE_ASSERT(NetAdapterDriverWdmGetHandle(driver) != NULL);
	return status;
}
