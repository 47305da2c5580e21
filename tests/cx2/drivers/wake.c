/* SPDX-License-Identifier: MIT */
#include "wake.h"

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD WakeDeviceAdd;
EVT_WDF_DEVICE_PREPARE_HARDWARE WakePrepareHardware;
EVT_WDF_DEVICE_D0_EXIT WakeD0Exit;
EVT_WDF_DEVICE_ARM_WAKE_FROM_SX WakeArm;
EVT_WDF_DEVICE_WAKE_FROM_SX_TRIGGERED WakeTriggered;
EVT_WDF_DEVICE_DISARM_WAKE_FROM_SX WakeDisarm;
EVT_NET_DEVICE_PREVIEW_WAKE_SOURCE WakePreviewSource;
EVT_NET_DEVICE_PREVIEW_POWER_OFFLOAD WakePreviewOffload;

#ifndef WAKE_WALKS
#define WAKE_WALKS WalkNot
#endif

__attribute__((visibility("default"))) WAKE_OPTIONS WakeOptions = {
	.Patterns = 4,
	.PatternSize = 128,
	.Arp = 2,
	.Ns = 2,
	.Magic = TRUE,
	.Eapol = TRUE,
	.Connect = TRUE,
	.Disconnect = TRUE,
	.Filter = TRUE,
	.Walk = WAKE_WALKS,
};

typedef struct _WAKE_DEVICE {
	NETADAPTER Adapter;
	ULONG FirstPattern; /* id of the first bitmap pattern that was armed; 0: none */
} WAKE_DEVICE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(WAKE_DEVICE, WakeGetDevice)

static void Break(WAKE_POINT Point, WDFDEVICE Device)
{
	WAKE_PLACE place = { .Device = Device, .Adapter = WakeGetDevice(Device)->Adapter };

	WakeBreak(Point, &place);
}

/* ---- what it is asked for ---- */

/* As `netcx sleep --pattern` writes it. */
static void SayBitmap(const char *When, NETWAKESOURCE Source)
{
	static const char digits[] = "0123456789abcdef";
	NET_WAKE_SOURCE_BITMAP_PARAMETERS bitmap;
	char text[2 * 128 + 1];
	SIZE_T i;

	NET_WAKE_SOURCE_BITMAP_PARAMETERS_INIT(&bitmap);
	NetWakeSourceGetBitmapParameters(Source, &bitmap);
	for (i = 0; i < bitmap.PatternSize && i < 128; i++) {
		BOOLEAN counts = i / 8 < bitmap.MaskSize && bitmap.Mask[i / 8] & 1 << i % 8;

		text[2 * i] = counts ? digits[bitmap.Pattern[i] >> 4] : 'x';
		text[2 * i + 1] = counts ? digits[bitmap.Pattern[i] & 15] : 'x';
	}
	text[2 * i] = '\0';
	DbgPrint("%s bitmap %u %s\n", When, bitmap.Id, text);
}

static void SaySource(const char *When, NETWAKESOURCE Source)
{
	NET_WAKE_SOURCE_MEDIA_CHANGE_PARAMETERS media;

	NT_FRE_ASSERT(NetWakeSourceGetAdapter(Source) == WakeOptions.Adapter);
	switch (NetWakeSourceGetType(Source)) {
	case NetWakeSourceTypeBitmapPattern:
		SayBitmap(When, Source);
		break;
	case NetWakeSourceTypeMagicPacket:
		DbgPrint("%s magic\n", When);
		break;
	case NetWakeSourceTypeMediaChange:
		NET_WAKE_SOURCE_MEDIA_CHANGE_PARAMETERS_INIT(&media);
		NetWakeSourceGetMediaChangeParameters(Source, &media);
		DbgPrint("%s media %u %u\n", When, media.MediaConnect, media.MediaDisconnect);
		break;
	case NetWakeSourceTypePacketFilterMatch:
		DbgPrint("%s filter\n", When);
		break;
	default:
		DbgPrint("%s type %u\n", When, NetWakeSourceGetType(Source));
	}
}

static void SayOffload(const char *When, NETPOWEROFFLOAD Offload)
{
	NET_POWER_OFFLOAD_ARP_PARAMETERS arp;
	NET_POWER_OFFLOAD_NS_PARAMETERS ns;

#if NETADAPTER_VERSION_MINOR >= 1
	NT_FRE_ASSERT(NetPowerOffloadGetAdapter(Offload) == WakeOptions.Adapter);
#endif
	if (NetPowerOffloadGetType(Offload) == NetPowerOffloadTypeArp) {
		NET_POWER_OFFLOAD_ARP_PARAMETERS_INIT(&arp);
		NetPowerOffloadGetArpParameters(Offload, &arp);
		DbgPrint("%s arp %u host %08x remote %08x mac %u..%02x\n", When, arp.Id,
			 RtlUlongByteSwap(arp.HostIPv4Address.Address),
			 RtlUlongByteSwap(arp.RemoteIPv4Address.Address),
			 arp.LinkLayerAddress.Length, arp.LinkLayerAddress.Address[5]);
		return;
	}
	NET_POWER_OFFLOAD_NS_PARAMETERS_INIT(&ns);
	NetPowerOffloadGetNSParameters(Offload, &ns);
	DbgPrint("%s ns %u targets %02x..%02x %02x..%02x node %02x%02x..%02x mac %u..%02x\n", When,
		 ns.Id, ns.TargetIPv6Addresses[0].Value[0], ns.TargetIPv6Addresses[0].Value[15],
		 ns.TargetIPv6Addresses[1].Value[0], ns.TargetIPv6Addresses[1].Value[15],
		 ns.SolicitedNodeIPv6Address.Value[0], ns.SolicitedNodeIPv6Address.Value[1],
		 ns.SolicitedNodeIPv6Address.Value[15], ns.LinkLayerAddress.Length,
		 ns.LinkLayerAddress.Address[5]);
}

static void SayLists(const char *When, WDFDEVICE Device)
{
	NET_WAKE_SOURCE_LIST sources;
	NET_POWER_OFFLOAD_LIST offloads;
	SIZE_T i;

	NET_WAKE_SOURCE_LIST_INIT(&sources);
	NetDeviceGetWakeSourceList(Device, &sources);
	for (i = 0; i < NetWakeSourceListGetCount(&sources); i++)
		SaySource(When, NetWakeSourceListGetElement(&sources, i));
	NT_FRE_ASSERT(!NetWakeSourceListGetElement(&sources, i));
	NET_POWER_OFFLOAD_LIST_INIT(&offloads);
	NetDeviceGetPowerOffloadList(Device, &offloads);
	for (i = 0; i < NetPowerOffloadListGetCount(&offloads); i++)
		SayOffload(When, NetPowerOffloadListGetElement(&offloads, i));
	NT_FRE_ASSERT(!NetPowerOffloadListGetElement(&offloads, i));
	DbgPrint("%s done\n", When);
}

NTSTATUS WakePreviewSource(WDFDEVICE Device, NETWAKESOURCE Source)
{
	WAKE_PLACE place = { .Device = Device,
			     .Adapter = WakeGetDevice(Device)->Adapter,
			     .Source = Source };

	SaySource("preview", Source);
	/* Outside of a power transition: all that is there already. */
	SayLists("there", Device);
	WakeBreak(PointPreview, &place);
	return WakeOptions.PreviewStatus;
}

NTSTATUS WakePreviewOffload(WDFDEVICE Device, NETPOWEROFFLOAD Offload)
{
	WAKE_PLACE place = { .Device = Device,
			     .Adapter = WakeGetDevice(Device)->Adapter,
			     .Offload = Offload };

	SayOffload("preview", Offload);
	WakeBreak(PointPreview, &place);
	return WakeOptions.PreviewStatus;
}

/* ---- a sleep ---- */

/* The id that a wake packet is reported with. */
static void NoteFirstPattern(WDFDEVICE Device)
{
	NET_WAKE_SOURCE_BITMAP_PARAMETERS bitmap;
	NET_WAKE_SOURCE_LIST list;

	NET_WAKE_SOURCE_LIST_INIT(&list);
	NetDeviceGetWakeSourceList(Device, &list);
	WakeGetDevice(Device)->FirstPattern = 0;
	for (SIZE_T i = 0; i < NetWakeSourceListGetCount(&list); i++) {
		NETWAKESOURCE source = NetWakeSourceListGetElement(&list, i);

		if (NetWakeSourceGetType(source) != NetWakeSourceTypeBitmapPattern)
			continue;
		NET_WAKE_SOURCE_BITMAP_PARAMETERS_INIT(&bitmap);
		NetWakeSourceGetBitmapParameters(source, &bitmap);
		WakeGetDevice(Device)->FirstPattern = bitmap.Id;
		return;
	}
}

NTSTATUS WakeArm(WDFDEVICE Device)
{
	SayLists("arm", Device);
	NoteFirstPattern(Device);
	Break(PointArm, Device);
	return STATUS_SUCCESS;
}

NTSTATUS WakeD0Exit(WDFDEVICE Device, WDF_POWER_DEVICE_STATE Target)
{
	if (Target != WdfPowerDeviceD3Final)
		SayLists("exit", Device);
	return STATUS_SUCCESS;
}

static WDFMEMORY MakePacket(NETADAPTER Adapter)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	WDFMEMORY memory = NULL;
	UCHAR *bytes;

	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.ParentObject = Adapter;
	if (!NT_SUCCESS(WdfMemoryCreate(&attributes, NonPagedPoolNx, 'ekaW', 60, &memory,
					(PVOID *)&bytes)))
		return NULL;
	for (UCHAR i = 0; i < 60; i++)
		bytes[i] = i;
	return memory;
}

static void ReportPacket(WDFDEVICE Device)
{
	NETADAPTER adapter = WakeGetDevice(Device)->Adapter;
	NET_ADAPTER_WAKE_REASON_PACKET reason;

	NET_ADAPTER_WAKE_REASON_PACKET_INIT(&reason);
	reason.PatternId = WakeGetDevice(Device)->FirstPattern;
#if NETADAPTER_VERSION_MINOR >= 1
	if (WakeOptions.Report == ReportMagic)
		NET_ADAPTER_WAKE_REASON_MAGIC_PACKET_INIT(&reason);
	else if (WakeOptions.Report == ReportFilter)
		NET_ADAPTER_WAKE_REASON_FILTER_PACKET_INIT(&reason);
	else if (WakeOptions.Report == ReportEapol)
		NET_ADAPTER_WAKE_REASON_EAPOL_PACKET_INIT(&reason);
#endif
	reason.OriginalPacketSize = 102;
	if (WakeOptions.Report != ReportNoPacket)
		reason.WakePacket = MakePacket(adapter);
	NetAdapterReportWakeReasonPacket(adapter, &reason);
	if (reason.WakePacket)
		WdfObjectDelete(reason.WakePacket);
}

VOID WakeTriggered(WDFDEVICE Device)
{
	NETADAPTER adapter = WakeGetDevice(Device)->Adapter;

	switch (WakeOptions.Report) {
	case ReportConnect:
		NetAdapterReportWakeReasonMediaChange(adapter, MediaConnectStateConnected);
		break;
	case ReportDisconnect:
		NetAdapterReportWakeReasonMediaChange(adapter, MediaConnectStateDisconnected);
		break;
	case ReportNothing:
		break;
	default:
		ReportPacket(Device);
	}
}

VOID WakeDisarm(WDFDEVICE Device)
{
	SayLists("disarm", Device);
#if NETADAPTER_VERSION_MINOR >= 4
	WakeOptions.QueriedReason =
		(ULONG)NetAdapterQueryWakeReason(WakeGetDevice(Device)->Adapter);
#endif
	Break(PointDisarm, Device);
}

/* ---- device and adapter ---- */

static void DeclareWake(NETADAPTER Adapter)
{
	NET_ADAPTER_WAKE_BITMAP_CAPABILITIES bitmap;
	NET_ADAPTER_WAKE_MAGIC_PACKET_CAPABILITIES magic;
	NET_ADAPTER_WAKE_MEDIA_CHANGE_CAPABILITIES media;
	NET_ADAPTER_WAKE_PACKET_FILTER_CAPABILITIES filter;

	NET_ADAPTER_WAKE_PACKET_FILTER_CAPABILITIES_INIT(&filter);
	filter.PacketFilterMatch = WakeOptions.Filter;
	NetAdapterWakeSetPacketFilterCapabilities(Adapter, &filter);
	NET_ADAPTER_WAKE_BITMAP_CAPABILITIES_INIT(&bitmap);
	bitmap.BitmapPattern = WakeOptions.Patterns > 0;
	bitmap.MaximumPatternCount = WakeOptions.Patterns;
	bitmap.MaximumPatternSize = WakeOptions.PatternSize;
	NetAdapterWakeSetBitmapCapabilities(Adapter, &bitmap);
	NET_ADAPTER_WAKE_MAGIC_PACKET_CAPABILITIES_INIT(&magic);
	magic.MagicPacket = WakeOptions.Magic;
	NetAdapterWakeSetMagicPacketCapabilities(Adapter, &magic);
	NET_ADAPTER_WAKE_MEDIA_CHANGE_CAPABILITIES_INIT(&media);
	media.MediaConnect = WakeOptions.Connect;
	media.MediaDisconnect = WakeOptions.Disconnect;
	NetAdapterWakeSetMediaChangeCapabilities(Adapter, &media);
#if NETADAPTER_VERSION_MINOR >= 1
	NET_ADAPTER_WAKE_EAPOL_PACKET_CAPABILITIES eapol;

	NET_ADAPTER_WAKE_EAPOL_PACKET_CAPABILITIES_INIT(&eapol);
	eapol.EapolPacket = WakeOptions.Eapol;
	NetAdapterWakeSetEapolPacketCapabilities(Adapter, &eapol);
#endif
}

static void DeclareOffloads(NETADAPTER Adapter)
{
	NET_ADAPTER_POWER_OFFLOAD_ARP_CAPABILITIES arp;
	NET_ADAPTER_POWER_OFFLOAD_NS_CAPABILITIES ns;

	NET_ADAPTER_POWER_OFFLOAD_ARP_CAPABILITIES_INIT(&arp, WakeOptions.Arp);
	arp.ArpOffload = WakeOptions.Arp > 0;
	NetAdapterPowerOffloadSetArpCapabilities(Adapter, &arp);
	NET_ADAPTER_POWER_OFFLOAD_NS_CAPABILITIES_INIT(&ns, WakeOptions.Ns);
	ns.NSOffload = WakeOptions.Ns > 0;
	NetAdapterPowerOffloadSetNSCapabilities(Adapter, &ns);
}

void WakeDeclare(NETADAPTER Adapter)
{
	static const UCHAR mac[6] = { 2, 0, 0, 0, 0, 7 };
	NET_ADAPTER_LINK_LAYER_CAPABILITIES link;
	NET_ADAPTER_LINK_LAYER_ADDRESS address;
	NET_ADAPTER_TX_CAPABILITIES tx;
	NET_ADAPTER_RX_CAPABILITIES rx;

	NET_ADAPTER_TX_CAPABILITIES_INIT(&tx, 1);
	NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED(&rx, 2048, 1);
	NetAdapterSetDataPathCapabilities(Adapter, &tx, &rx);
	NET_ADAPTER_LINK_LAYER_CAPABILITIES_INIT(&link, 1000000000, 1000000000);
	NetAdapterSetLinkLayerCapabilities(Adapter, &link);
	NetAdapterSetLinkLayerMtuSize(Adapter, 1500);
	NET_ADAPTER_LINK_LAYER_ADDRESS_INIT(&address, 6, mac);
	NetAdapterSetPermanentLinkLayerAddress(Adapter, &address);
}

NTSTATUS WakePrepareHardware(WDFDEVICE Device, WDFCMRESLIST Raw, WDFCMRESLIST Translated)
{
	NETADAPTER adapter = WakeGetDevice(Device)->Adapter;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(Raw);
	UNREFERENCED_PARAMETER(Translated);
	WakeDeclare(adapter);
	DeclareWake(adapter);
	DeclareOffloads(adapter);
	Break(PointDeclare, Device);
	status = NetAdapterStart(adapter);
	return NT_SUCCESS(status) ? WakeStartWalker(Device) : status;
}

static void InitPower(PWDFDEVICE_INIT Init)
{
	NET_DEVICE_POWER_POLICY_EVENT_CALLBACKS preview;
	WDF_POWER_POLICY_EVENT_CALLBACKS policy;
	WDF_PNPPOWER_EVENT_CALLBACKS pnp;

	WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&pnp);
	pnp.EvtDevicePrepareHardware = WakePrepareHardware;
	pnp.EvtDeviceReleaseHardware = WakeEndWalker;
	pnp.EvtDeviceD0Exit = WakeD0Exit;
	WdfDeviceInitSetPnpPowerEventCallbacks(Init, &pnp);
	WDF_POWER_POLICY_EVENT_CALLBACKS_INIT(&policy);
	policy.EvtDeviceArmWakeFromSx = policy.EvtDeviceArmWakeFromS0 = WakeArm;
	policy.EvtDeviceWakeFromSxTriggered = policy.EvtDeviceWakeFromS0Triggered = WakeTriggered;
	policy.EvtDeviceDisarmWakeFromSx = policy.EvtDeviceDisarmWakeFromS0 = WakeDisarm;
	WdfDeviceInitSetPowerPolicyEventCallbacks(Init, &policy);
	if (WakeOptions.NoPreview)
		return;
	NET_DEVICE_POWER_POLICY_EVENT_CALLBACKS_INIT(&preview);
	preview.EvtDevicePreviewBitmapPattern = WakePreviewSource;
	preview.EvtDevicePreviewArpOffload = preview.EvtDevicePreviewNSOffload = WakePreviewOffload;
	NetDeviceInitSetPowerPolicyEventCallbacks(Init, &preview);
	/* It was copied: this reaches nobody. */
	RtlFillMemory(&preview, sizeof(preview), 0xdd);
}

NTSTATUS WakeCreateAdapter(WDFDEVICE Device, NETADAPTER *Adapter)
{
	NET_ADAPTER_DATAPATH_CALLBACKS callbacks;
	NETADAPTER_INIT *init = NetAdapterInitAllocate(Device);
	NTSTATUS status;

	if (!init)
		return STATUS_INSUFFICIENT_RESOURCES;
	NET_ADAPTER_DATAPATH_CALLBACKS_INIT(&callbacks, WakeCreateTxQueue, WakeCreateRxQueue);
	if (!WakeOptions.OneDatapath || !WakeOptions.Adapter)
		NetAdapterInitSetDatapathCallbacks(init, &callbacks);
	status = NetAdapterCreate(init, WDF_NO_OBJECT_ATTRIBUTES, Adapter);
	NetAdapterInitFree(init);
	return status;
}

static NTSTATUS CreateFirst(WDFDEVICE Device)
{
	NTSTATUS status = WakeCreateAdapter(Device, &WakeGetDevice(Device)->Adapter);

	WakeOptions.Adapter = WakeGetDevice(Device)->Adapter;
	return status;
}

NTSTATUS WakeDeviceAdd(WDFDRIVER Driver, PWDFDEVICE_INIT Init)
{
	WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS idle;
	WDF_OBJECT_ATTRIBUTES attributes;
	WAKE_PLACE place = { .Init = Init };
	WDFDEVICE device;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(Driver);
	WakeBreak(PointInit, &place);
	status = NetDeviceInitConfig(Init);
	if (!NT_SUCCESS(status))
		return status;
	InitPower(Init);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, WAKE_DEVICE);
	status = WdfDeviceCreate(&Init, &attributes, &device);
	if (!NT_SUCCESS(status))
		return status;
	WakeOptions.Device = device;
	WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(&idle, IdleCanWakeFromS0);
	status = WdfDeviceAssignS0IdleSettings(device, &idle);
	return NT_SUCCESS(status) ? CreateFirst(device) : status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	WDF_DRIVER_CONFIG config;

	WDF_DRIVER_CONFIG_INIT(&config, WakeDeviceAdd);
	return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
			       WDF_NO_HANDLE);
}
