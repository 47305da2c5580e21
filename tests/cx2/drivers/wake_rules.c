/* SPDX-License-Identifier: MIT */
/* Rules of power and of NETCONFIGURATION, each broken by the driver "wake" when its name is given.
 */
#include "wake.h"

typedef struct _WAKE_RULE {
	const char *Name;
	WAKE_POINT Point;
	void (*Break)(const WAKE_PLACE *Place);
} WAKE_RULE;

/* One call at DISPATCH_LEVEL. */
#define AT_DISPATCH(name, ...)                              \
	static void Dispatch##name(const WAKE_PLACE *Place) \
	{                                                   \
		KIRQL irql;                                 \
		UNREFERENCED_PARAMETER(Place);              \
		KeRaiseIrql(DISPATCH_LEVEL, &irql);         \
		__VA_ARGS__;                                \
		KeLowerIrql(irql);                          \
	}

/* One call with a structure whose Size is 4. */
#define WRONG_SIZE(name, type, ...)                     \
	static void Size##name(const WAKE_PLACE *Place) \
	{                                               \
		type bad = { .Size = 4 };               \
		UNREFERENCED_PARAMETER(Place);          \
		__VA_ARGS__;                            \
	}

AT_DISPATCH(Bitmap, NetAdapterWakeSetBitmapCapabilities(Place->Adapter, NULL))
AT_DISPATCH(Magic, NetAdapterWakeSetMagicPacketCapabilities(Place->Adapter, NULL))
AT_DISPATCH(Media, NetAdapterWakeSetMediaChangeCapabilities(Place->Adapter, NULL))
AT_DISPATCH(Filter, NetAdapterWakeSetPacketFilterCapabilities(Place->Adapter, NULL))
AT_DISPATCH(Arp, NetAdapterPowerOffloadSetArpCapabilities(Place->Adapter, NULL))
AT_DISPATCH(Ns, NetAdapterPowerOffloadSetNSCapabilities(Place->Adapter, NULL))
AT_DISPATCH(Callbacks, NetDeviceInitSetPowerPolicyEventCallbacks(Place->Init, NULL))
AT_DISPATCH(SourceList, NetDeviceGetWakeSourceList(Place->Device, NULL))
AT_DISPATCH(OffloadList, NetDeviceGetPowerOffloadList(Place->Device, NULL))
AT_DISPATCH(SourceCount, (void)NetWakeSourceListGetCount(NULL))
AT_DISPATCH(SourceElement, (void)NetWakeSourceListGetElement(NULL, 0))
AT_DISPATCH(OffloadCount, (void)NetPowerOffloadListGetCount(NULL))
AT_DISPATCH(OffloadElement, (void)NetPowerOffloadListGetElement(NULL, 0))
AT_DISPATCH(SourceType, (void)NetWakeSourceGetType(NULL))
AT_DISPATCH(SourceAdapter, (void)NetWakeSourceGetAdapter(NULL))
AT_DISPATCH(BitmapParameters, NetWakeSourceGetBitmapParameters(NULL, NULL))
AT_DISPATCH(MediaParameters, NetWakeSourceGetMediaChangeParameters(NULL, NULL))
AT_DISPATCH(OffloadType, (void)NetPowerOffloadGetType(NULL))
AT_DISPATCH(ArpParameters, NetPowerOffloadGetArpParameters(NULL, NULL))
AT_DISPATCH(NsParameters, NetPowerOffloadGetNSParameters(NULL, NULL))
AT_DISPATCH(ReasonPacket, NetAdapterReportWakeReasonPacket(Place->Adapter, NULL))
AT_DISPATCH(ReasonMedia, NetAdapterReportWakeReasonMediaChange(Place->Adapter, 1))
AT_DISPATCH(OpenAdapter, (void)NetAdapterOpenConfiguration(Place->Adapter, NULL, NULL))
AT_DISPATCH(OpenDevice, (void)NetDeviceOpenConfiguration(Place->Device, NULL, NULL))
AT_DISPATCH(Address, (void)NetConfigurationQueryLinkLayerAddress(NULL, NULL))
#if NETADAPTER_VERSION_MINOR >= 1
AT_DISPATCH(Eapol, NetAdapterWakeSetEapolPacketCapabilities(Place->Adapter, NULL))
AT_DISPATCH(OffloadAdapter, (void)NetPowerOffloadGetAdapter(NULL))
WRONG_SIZE(Eapol, NET_ADAPTER_WAKE_EAPOL_PACKET_CAPABILITIES,
	   NetAdapterWakeSetEapolPacketCapabilities(Place->Adapter, &bad))
#endif
#if NETADAPTER_VERSION_MINOR >= 4
AT_DISPATCH(Query, (void)NetAdapterQueryWakeReason(Place->Adapter))
#endif

WRONG_SIZE(Bitmap, NET_ADAPTER_WAKE_BITMAP_CAPABILITIES,
	   NetAdapterWakeSetBitmapCapabilities(Place->Adapter, &bad))
WRONG_SIZE(Magic, NET_ADAPTER_WAKE_MAGIC_PACKET_CAPABILITIES,
	   NetAdapterWakeSetMagicPacketCapabilities(Place->Adapter, &bad))
WRONG_SIZE(Media, NET_ADAPTER_WAKE_MEDIA_CHANGE_CAPABILITIES,
	   NetAdapterWakeSetMediaChangeCapabilities(Place->Adapter, &bad))
WRONG_SIZE(Filter, NET_ADAPTER_WAKE_PACKET_FILTER_CAPABILITIES,
	   NetAdapterWakeSetPacketFilterCapabilities(Place->Adapter, &bad))
WRONG_SIZE(Arp, NET_ADAPTER_POWER_OFFLOAD_ARP_CAPABILITIES,
	   NetAdapterPowerOffloadSetArpCapabilities(Place->Adapter, &bad))
WRONG_SIZE(Ns, NET_ADAPTER_POWER_OFFLOAD_NS_CAPABILITIES,
	   NetAdapterPowerOffloadSetNSCapabilities(Place->Adapter, &bad))
WRONG_SIZE(Callbacks, NET_DEVICE_POWER_POLICY_EVENT_CALLBACKS,
	   NetDeviceInitSetPowerPolicyEventCallbacks(Place->Init, &bad))
WRONG_SIZE(SourceList, NET_WAKE_SOURCE_LIST, NetDeviceGetWakeSourceList(Place->Device, &bad))
WRONG_SIZE(OffloadList, NET_POWER_OFFLOAD_LIST, NetDeviceGetPowerOffloadList(Place->Device, &bad))
WRONG_SIZE(SourceCount, NET_WAKE_SOURCE_LIST, (void)NetWakeSourceListGetCount(&bad))
WRONG_SIZE(SourceElement, NET_WAKE_SOURCE_LIST, (void)NetWakeSourceListGetElement(&bad, 0))
WRONG_SIZE(OffloadCount, NET_POWER_OFFLOAD_LIST, (void)NetPowerOffloadListGetCount(&bad))
WRONG_SIZE(OffloadElement, NET_POWER_OFFLOAD_LIST, (void)NetPowerOffloadListGetElement(&bad, 0))
WRONG_SIZE(BitmapParameters, NET_WAKE_SOURCE_BITMAP_PARAMETERS,
	   NetWakeSourceGetBitmapParameters(Place->Source, &bad))
WRONG_SIZE(MediaParameters, NET_WAKE_SOURCE_MEDIA_CHANGE_PARAMETERS,
	   NetWakeSourceGetMediaChangeParameters(Place->Source, &bad))
WRONG_SIZE(ArpParameters, NET_POWER_OFFLOAD_ARP_PARAMETERS,
	   NetPowerOffloadGetArpParameters(Place->Offload, &bad))
WRONG_SIZE(NsParameters, NET_POWER_OFFLOAD_NS_PARAMETERS,
	   NetPowerOffloadGetNSParameters(Place->Offload, &bad))

static void SourceListNeverFilled(const WAKE_PLACE *Place)
{
	NET_WAKE_SOURCE_LIST list;

	UNREFERENCED_PARAMETER(Place);
	NET_WAKE_SOURCE_LIST_INIT(&list);
	(void)NetWakeSourceListGetCount(&list);
}

static void OffloadListNeverFilled(const WAKE_PLACE *Place)
{
	NET_POWER_OFFLOAD_LIST list;

	UNREFERENCED_PARAMETER(Place);
	NET_POWER_OFFLOAD_LIST_INIT(&list);
	(void)NetPowerOffloadListGetElement(&list, 0);
}

static void SourceListOfNothing(const WAKE_PLACE *Place)
{
	NET_WAKE_SOURCE_LIST list;

	UNREFERENCED_PARAMETER(Place);
	NET_WAKE_SOURCE_LIST_INIT(&list);
	(void)NetWakeSourceListGetElement(&list, 0);
}

static void OffloadListOfNothing(const WAKE_PLACE *Place)
{
	NET_POWER_OFFLOAD_LIST list;

	UNREFERENCED_PARAMETER(Place);
	NET_POWER_OFFLOAD_LIST_INIT(&list);
	(void)NetPowerOffloadListGetCount(&list);
}

/* Filled for one pattern's preview, read in the next one's, when the first is there. */
static void ListOutOfDate(const WAKE_PLACE *Place)
{
	static NET_WAKE_SOURCE_LIST list;

	if (list.Size) {
		(void)NetWakeSourceListGetCount(&list);
		return;
	}
	NET_WAKE_SOURCE_LIST_INIT(&list);
	NetDeviceGetWakeSourceList(Place->Device, &list);
}

static void ReasonTooEarly(const WAKE_PLACE *Place)
{
	NET_ADAPTER_WAKE_REASON_PACKET reason;

	NET_ADAPTER_WAKE_REASON_PACKET_INIT(&reason);
	NetAdapterReportWakeReasonPacket(Place->Adapter, &reason);
}

static void MediaReasonTooEarly(const WAKE_PLACE *Place)
{
	NetAdapterReportWakeReasonMediaChange(Place->Adapter, MediaConnectStateConnected);
}

static void MediaReasonUnknown(const WAKE_PLACE *Place)
{
	NetAdapterReportWakeReasonMediaChange(Place->Adapter, MediaConnectStateUnknown);
}

static void ReasonIsNull(const WAKE_PLACE *Place)
{
	NetAdapterReportWakeReasonPacket(Place->Adapter, NULL);
}

static void MediaOfBitmap(const WAKE_PLACE *Place)
{
	NET_WAKE_SOURCE_MEDIA_CHANGE_PARAMETERS media;

	NET_WAKE_SOURCE_MEDIA_CHANGE_PARAMETERS_INIT(&media);
	NetWakeSourceGetMediaChangeParameters(Place->Source, &media);
}

static void OffloadAsSource(const WAKE_PLACE *Place)
{
	if (Place->Offload)
		(void)NetWakeSourceGetType((NETWAKESOURCE)Place->Offload);
}

static void DeleteSource(const WAKE_PLACE *Place)
{
	WdfObjectDelete((WDFOBJECT)Place->Source);
}

static void ConfigOfNull(const WAKE_PLACE *Place)
{
	UNREFERENCED_PARAMETER(Place);
	(void)NetDeviceInitConfig(NULL);
}

static void ConfigOfAnything(const WAKE_PLACE *Place)
{
	static ULONG64 memory[512];

	UNREFERENCED_PARAMETER(Place);
	(void)NetDeviceInitConfig((PWDFDEVICE_INIT)memory);
}

static void CallbacksWithoutConfig(const WAKE_PLACE *Place)
{
	NET_DEVICE_POWER_POLICY_EVENT_CALLBACKS callbacks;

	NET_DEVICE_POWER_POLICY_EVENT_CALLBACKS_INIT(&callbacks);
	NetDeviceInitSetPowerPolicyEventCallbacks(Place->Init, &callbacks);
}

static NETCONFIGURATION Open(const WAKE_PLACE *Place)
{
	NETCONFIGURATION configuration = NULL;

	(void)NetAdapterOpenConfiguration(Place->Adapter, WDF_NO_OBJECT_ATTRIBUTES, &configuration);
	return configuration;
}

static void QueryFlags(const WAKE_PLACE *Place)
{
	DECLARE_CONST_UNICODE_STRING(name, L"*Speed");
	ULONG value;

	(void)NetConfigurationQueryUlong(Open(Place), (NET_CONFIGURATION_QUERY_ULONG_FLAGS)0x10,
					 &name, &value);
}

static void QueryAddressNull(const WAKE_PLACE *Place)
{
	(void)NetConfigurationQueryLinkLayerAddress(Open(Place), NULL);
}

static void CloseTwice(const WAKE_PLACE *Place)
{
	NETCONFIGURATION configuration = Open(Place);

	NetConfigurationClose(configuration);
	NetConfigurationClose(configuration);
}

#define DISPATCH(name, point)                            \
	{                                                \
		"dispatch-" #name, point, Dispatch##name \
	}
#define SIZE(name, point)                        \
	{                                        \
		"size-" #name, point, Size##name \
	}

static const WAKE_RULE rules[] = {
	DISPATCH(Bitmap, PointDeclare),
	DISPATCH(Magic, PointDeclare),
	DISPATCH(Media, PointDeclare),
	DISPATCH(Filter, PointDeclare),
	DISPATCH(Arp, PointDeclare),
	DISPATCH(Ns, PointDeclare),
	DISPATCH(Callbacks, PointInit),
	DISPATCH(SourceList, PointArm),
	DISPATCH(OffloadList, PointArm),
	DISPATCH(SourceCount, PointArm),
	DISPATCH(SourceElement, PointArm),
	DISPATCH(OffloadCount, PointArm),
	DISPATCH(OffloadElement, PointArm),
	DISPATCH(SourceType, PointArm),
	DISPATCH(SourceAdapter, PointArm),
	DISPATCH(BitmapParameters, PointArm),
	DISPATCH(MediaParameters, PointArm),
	DISPATCH(OffloadType, PointArm),
	DISPATCH(ArpParameters, PointArm),
	DISPATCH(NsParameters, PointArm),
	DISPATCH(ReasonPacket, PointArm),
	DISPATCH(ReasonMedia, PointArm),
	DISPATCH(OpenAdapter, PointDeclare),
	DISPATCH(OpenDevice, PointDeclare),
	DISPATCH(Address, PointDeclare),
#if NETADAPTER_VERSION_MINOR >= 1
	DISPATCH(Eapol, PointDeclare),
	DISPATCH(OffloadAdapter, PointArm),
	SIZE(Eapol, PointDeclare),
#endif
#if NETADAPTER_VERSION_MINOR >= 4
	DISPATCH(Query, PointArm),
#endif
	SIZE(Bitmap, PointDeclare),
	SIZE(Magic, PointDeclare),
	SIZE(Media, PointDeclare),
	SIZE(Filter, PointDeclare),
	SIZE(Arp, PointDeclare),
	SIZE(Ns, PointDeclare),
	SIZE(Callbacks, PointInit),
	SIZE(SourceList, PointArm),
	SIZE(OffloadList, PointArm),
	SIZE(SourceCount, PointArm),
	SIZE(SourceElement, PointArm),
	SIZE(OffloadCount, PointArm),
	SIZE(OffloadElement, PointArm),
	SIZE(BitmapParameters, PointPreview),
	SIZE(MediaParameters, PointPreview),
	SIZE(ArpParameters, PointPreview),
	SIZE(NsParameters, PointPreview),
	{ "source-list", PointArm, SourceListNeverFilled },
	{ "offload-list", PointArm, OffloadListNeverFilled },
	{ "source-list-element", PointArm, SourceListOfNothing },
	{ "offload-list-count", PointArm, OffloadListOfNothing },
	{ "list-out-of-date", PointPreview, ListOutOfDate },
	{ "reason-early", PointArm, ReasonTooEarly },
	{ "media-reason-early", PointArm, MediaReasonTooEarly },
	{ "media-reason-unknown", PointDisarm, MediaReasonUnknown },
	{ "reason-null", PointDisarm, ReasonIsNull },
	{ "media-of-bitmap", PointPreview, MediaOfBitmap },
	{ "offload-as-source", PointPreview, OffloadAsSource },
	{ "delete-source", PointPreview, DeleteSource },
	{ "callbacks-without-config", PointInit, CallbacksWithoutConfig },
	{ "config-of-null", PointInit, ConfigOfNull },
	{ "config-of-anything", PointInit, ConfigOfAnything },
	{ "query-flags", PointDeclare, QueryFlags },
	{ "query-address-null", PointDeclare, QueryAddressNull },
	{ "close-twice", PointDeclare, CloseTwice },
};

static BOOLEAN SameText(const char *A, const char *B)
{
	while (*A && *A == *B) {
		A++;
		B++;
	}
	return *A == *B;
}

void WakeBreak(WAKE_POINT Point, const WAKE_PLACE *Place)
{
	for (SIZE_T i = 0; WakeOptions.Break && i < RTL_NUMBER_OF(rules); i++) {
		if (rules[i].Point == Point && SameText(rules[i].Name, WakeOptions.Break))
			rules[i].Break(Place);
	}
}
