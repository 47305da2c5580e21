/* SPDX-License-Identifier: MIT */
/* Rules of init objects, adapters, configuration and power. */
#include "rules.h"

static void StartAtDispatch(const RECORDER_PLACE *Place)
{
	KIRQL irql;

	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	(void)NetAdapterStart(Place->Adapter);
	KeLowerIrql(irql);
}

static void LinkAtDirql(const RECORDER_PLACE *Place)
{
	NET_ADAPTER_LINK_STATE link;
	KIRQL irql;

	NET_ADAPTER_LINK_STATE_INIT_DISCONNECTED(&link);
	KeRaiseIrql(5, &irql);
	NetAdapterSetCurrentLinkState(Place->Adapter, &link);
	KeLowerIrql(irql);
}

static void StartTwice(const RECORDER_PLACE *Place)
{
	(void)NetAdapterStart(Place->Adapter);
}

static void PermanentAddressStarted(const RECORDER_PLACE *Place)
{
	NET_ADAPTER_LINK_LAYER_ADDRESS address = { .Length = 6 };

	NetAdapterSetPermanentLinkLayerAddress(Place->Adapter, &address);
}

static void DeleteDefaultAdapter(const RECORDER_PLACE *Place)
{
	WdfObjectDelete(Place->Adapter);
}

static void InitNull(const RECORDER_PLACE *Place)
{
	UNREFERENCED_PARAMETER(Place);
	NetAdapterInitFree(NULL);
}

static void InitDeviceNull(const RECORDER_PLACE *Place)
{
	UNREFERENCED_PARAMETER(Place);
	(void)NetDefaultAdapterInitAllocate(NULL);
}

static void InitBogus(const RECORDER_PLACE *Place)
{
	static ULONG64 memory[64];
	NETADAPTER adapter;

	UNREFERENCED_PARAMETER(Place);
	(void)NetAdapterCreate((PNETADAPTER_INIT)memory, WDF_NO_OBJECT_ATTRIBUTES, &adapter);
}

static void InitUsedTwice(const RECORDER_PLACE *Place)
{
	PNETADAPTER_INIT init = NetAdapterInitAllocate(Place->Device);
	NETADAPTER adapter;

	if (NT_SUCCESS(NetAdapterCreate(init, WDF_NO_OBJECT_ATTRIBUTES, &adapter)))
		(void)NetAdapterCreate(init, WDF_NO_OBJECT_ATTRIBUTES, &adapter);
}

static void InitChangedAfterUse(const RECORDER_PLACE *Place)
{
	PNETADAPTER_INIT init = NetAdapterInitAllocate(Place->Device);
	WDF_OBJECT_ATTRIBUTES attributes;
	NETADAPTER adapter;

	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	if (NT_SUCCESS(NetAdapterCreate(init, WDF_NO_OBJECT_ATTRIBUTES, &adapter)))
		NetAdapterInitSetNetRequestAttributes(init, &attributes);
}

static void ExtensionInitBogus(const RECORDER_PLACE *Place)
{
	static ULONG64 memory[8];

	UNREFERENCED_PARAMETER(Place);
	NetAdapterExtensionInitSetNetRequestPreprocessCallback(
		(PNETADAPTEREXT_INIT)memory, (PFN_NET_ADAPTER_PRE_PROCESS_NET_REQUEST)(ULONG_PTR)1);
}

static void AdapterWithParent(const RECORDER_PLACE *Place)
{
	PNETADAPTER_INIT init = NetAdapterInitAllocate(Place->Device);
	WDF_OBJECT_ATTRIBUTES attributes;
	NETADAPTER adapter;

	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.ParentObject = Place->Device;
	(void)NetAdapterCreate(init, &attributes, &adapter);
}

static void OneCallbackNull(const RECORDER_PLACE *Place)
{
	NET_ADAPTER_DATAPATH_CALLBACKS callbacks;
	PNETADAPTER_INIT init = NetAdapterInitAllocate(Place->Device);
	NET_ADAPTER_LINK_LAYER_CAPABILITIES link;
	NET_ADAPTER_TX_CAPABILITIES tx;
	NET_ADAPTER_RX_CAPABILITIES rx;
	NETADAPTER adapter;

	NET_ADAPTER_DATAPATH_CALLBACKS_INIT(&callbacks, RecorderCreateTxQueue, NULL);
	NetAdapterInitSetDatapathCallbacks(init, &callbacks);
	if (!NT_SUCCESS(NetAdapterCreate(init, WDF_NO_OBJECT_ATTRIBUTES, &adapter)))
		return;
	NetAdapterInitFree(init);
	NET_ADAPTER_TX_CAPABILITIES_INIT(&tx, 65536, 1);
	NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED(&rx, 2048, 1);
	NetAdapterSetDatapathCapabilities(adapter, &tx, &rx);
	NET_ADAPTER_LINK_LAYER_CAPABILITIES_INIT(&link, NET_PACKET_FILTER_TYPE_DIRECTED, 0,
						 NET_ADAPTER_STATISTICS_NO_FLAGS, 1, 1);
	NetAdapterSetLinkLayerCapabilities(adapter, &link);
	NetAdapterSetLinkLayerMtuSize(adapter, 1500);
	(void)NetAdapterStart(adapter);
}

static void QueryFlags(const RECORDER_PLACE *Place)
{
	DECLARE_CONST_UNICODE_STRING(name, L"*RSS");
	NETCONFIGURATION configuration;
	ULONG value;

	if (NT_SUCCESS(NetAdapterOpenConfiguration(Place->Adapter, WDF_NO_OBJECT_ATTRIBUTES,
						   &configuration)))
		(void)NetConfigurationQueryUlong(
			configuration, (NET_CONFIGURATION_QUERY_ULONG_FLAGS)0x10, &name, &value);
}

static void QueryAddressNull(const RECORDER_PLACE *Place)
{
	NETCONFIGURATION configuration;

	if (NT_SUCCESS(NetAdapterOpenConfiguration(Place->Adapter, WDF_NO_OBJECT_ATTRIBUTES,
						   &configuration)))
		(void)NetConfigurationQueryLinkLayerAddress(configuration, NULL);
}

static void ConfigurationIsNoAdapter(const RECORDER_PLACE *Place)
{
	UNREFERENCED_PARAMETER(Place);
	NetConfigurationClose((NETCONFIGURATION)Place->Adapter);
}

static void PowerSettingsAnyTime(const RECORDER_PLACE *Place)
{
	(void)NetPowerSettingsGetWakePatternCount(NetAdapterGetPowerSettings(Place->Adapter));
}

static void DeletePowerSettings(const RECORDER_PLACE *Place)
{
	WdfObjectDelete(NetAdapterGetPowerSettings(Place->Adapter));
}

static NET_ADAPTER_POWER_CAPABILITIES PowerCapabilities(void)
{
	NET_ADAPTER_POWER_CAPABILITIES power;

	NET_ADAPTER_POWER_CAPABILITIES_INIT(&power);
	return power;
}

#define POWER_RULE(name, statement)                                         \
	static void name(const RECORDER_PLACE *Place)                       \
	{                                                                   \
		NET_ADAPTER_POWER_CAPABILITIES power = PowerCapabilities(); \
                                                                            \
		statement;                                                  \
		NetAdapterSetPowerCapabilities(Place->Adapter, &power);     \
	}
POWER_RULE(PowerFlags, power.Flags = 4)
POWER_RULE(PowerPatterns, power.SupportedWakePatterns = 0x10)
POWER_RULE(PowerOffloads, power.SupportedProtocolOffloads = 4)
POWER_RULE(PowerWakeUp, power.SupportedWakeUpEvents = 4)
POWER_RULE(PowerMedia, power.SupportedMediaSpecificWakeUpEvents = 0x80000000)
POWER_RULE(PowerPreviewChanged,
	   power.EvtAdapterPreviewWakePattern = (PFN_NET_ADAPTER_PREVIEW_WAKE_PATTERN)(ULONG_PTR)64)
POWER_RULE(PowerOffloadPreviewChanged,
	   power.EvtAdapterPreviewProtocolOffload =
		   (PFN_NET_ADAPTER_PREVIEW_PROTOCOL_OFFLOAD)(ULONG_PTR)64)
POWER_RULE(PowerReferencesChanged, power.ManageS0IdlePowerReferences = WdfTrue)

const RULE AdapterRules[] = {
	{ "passive", PointBeforeStart, StartAtDispatch },
	{ "dispatch", PointStarted, LinkAtDirql },
	{ "start-twice", PointStarted, StartTwice },
	{ "permanent-address-started", PointStarted, PermanentAddressStarted },
	{ "delete-default", PointD0Entry, DeleteDefaultAdapter },
	{ "init-null", PointPrepareHardware, InitNull },
	{ "init-device-null", PointPrepareHardware, InitDeviceNull },
	{ "init-bogus", PointPrepareHardware, InitBogus },
	{ "init-twice", PointPrepareHardware, InitUsedTwice },
	{ "init-changed", PointPrepareHardware, InitChangedAfterUse },
	{ "extension-init-bogus", PointPrepareHardware, ExtensionInitBogus },
	{ "adapter-parent", PointPrepareHardware, AdapterWithParent },
	{ "callback-null", PointPrepareHardware, OneCallbackNull },
	{ "query-flags", PointBeforeStart, QueryFlags },
	{ "query-address-null", PointBeforeStart, QueryAddressNull },
	{ "wrong-handle", PointBeforeStart, ConfigurationIsNoAdapter },
	{ "power-any-time", PointStarted, PowerSettingsAnyTime },
	{ "power-delete", PointStarted, DeletePowerSettings },
	{ "power-flags", PointBeforeStart, PowerFlags },
	{ "power-patterns", PointBeforeStart, PowerPatterns },
	{ "power-offloads", PointBeforeStart, PowerOffloads },
	{ "power-wake-up", PointBeforeStart, PowerWakeUp },
	{ "power-media", PointBeforeStart, PowerMedia },
	{ "power-preview-changed", PointStarted, PowerPreviewChanged },
	{ "power-offload-preview-changed", PointStarted, PowerOffloadPreviewChanged },
	{ "power-references-changed", PointStarted, PowerReferencesChanged },
	{ NULL, PointStarted, NULL },
};
