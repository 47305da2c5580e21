/* SPDX-License-Identifier: MIT */
/* Rules of receive filters and resets: 2.1 and later have both. */
#include "rules.h"

#if NETADAPTER_VERSION_MINOR == 0
#include <preview/netadapter.h>
#endif

#if NETADAPTER_VERSION_MINOR >= 1

static EVT_NET_ADAPTER_SET_RECEIVE_FILTER Filter;

static void Filter(NETADAPTER Adapter, NETRECEIVEFILTER Handle)
{
	UNREFERENCED_PARAMETER(Adapter);
	UNREFERENCED_PARAMETER(Handle);
}

#define FILTER_RULE(name, statement)                                             \
	static void name(const RECORDER_PLACE *Place)                            \
	{                                                                        \
		NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES filter;                  \
                                                                                 \
		NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES_INIT(&filter, Filter);   \
		filter.SupportedPacketFilters = NetPacketFilterFlagDirected;     \
		statement;                                                       \
		NetAdapterSetReceiveFilterCapabilities(Place->Adapter, &filter); \
	}
FILTER_RULE(FilterSize, filter.Size = 8)
FILTER_RULE(FilterCallback, filter.EvtSetReceiveFilter = NULL)
FILTER_RULE(FilterUnknown, filter.SupportedPacketFilters = (NET_PACKET_FILTER_FLAGS)0x41)
FILTER_RULE(FilterNothing, filter.SupportedPacketFilters = (NET_PACKET_FILTER_FLAGS)0)
FILTER_RULE(FilterNoRoom, filter.SupportedPacketFilters = NetPacketFilterFlagMulticast)
FILTER_RULE(FilterNoFlag, filter.MaximumMulticastAddresses = 3)
FILTER_RULE(FilterStarted, (void)0)
FILTER_RULE(FilterRight, (void)0)

static EVT_WDF_WORKITEM UseFilter;

static void UseFilter(WDFWORKITEM WorkItem)
{
	UNREFERENCED_PARAMETER(WorkItem);
	(void)NetReceiveFilterGetPacketFilter(RecorderOptions.Filter);
}

/* A work item is not on the callback's thread. */
static void FilterThread(const RECORDER_PLACE *Place)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	WDF_WORKITEM_CONFIG config;
	WDFWORKITEM item;

	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.ParentObject = Place->Device;
	WDF_WORKITEM_CONFIG_INIT(&config, UseFilter);
	config.AutomaticSerialization = FALSE;
	if (!NT_SUCCESS(WdfWorkItemCreate(&config, &attributes, &item)))
		return;
	WdfWorkItemEnqueue(item);
	WdfWorkItemFlush(item);
}

static void FilterDirql(const RECORDER_PLACE *Place)
{
	KIRQL irql;

	KeRaiseIrql(5, &irql);
	(void)NetReceiveFilterGetMulticastAddressCount(Place->Filter);
	KeLowerIrql(irql);
}

static void FilterKept(const RECORDER_PLACE *Place)
{
	UNREFERENCED_PARAMETER(Place);
	(void)NetReceiveFilterGetMulticastAddressList(RecorderOptions.Filter);
}

static UINT8 Diagnostics[0x100001];

static void ResetSize(const RECORDER_PLACE *Place)
{
	NetDeviceStoreResetDiagnostics(Place->Device, sizeof(Diagnostics), Diagnostics);
}

/* The callback itself stores a second time. */
static void ResetTwice(const RECORDER_PLACE *Place)
{
	NetDeviceStoreResetDiagnostics(Place->Device, 0, Diagnostics);
}

static void ResetOutside(const RECORDER_PLACE *Place)
{
	NetDeviceStoreResetDiagnostics(Place->Device, 1, Diagnostics);
}

#else

static EVT_NET_ADAPTER_SET_PACKET_FILTER PacketFilter;

static void PacketFilter(NETADAPTER Adapter, NET_PACKET_FILTER_FLAGS Filter)
{
	UNREFERENCED_PARAMETER(Adapter);
	UNREFERENCED_PARAMETER(Filter);
}

#define PACKET_FILTER_RULE(name, statement)                                                       \
	static void name(const RECORDER_PLACE *Place)                                             \
	{                                                                                         \
		NET_ADAPTER_PACKET_FILTER_CAPABILITIES filter;                                    \
                                                                                                  \
		NET_ADAPTER_PACKET_FILTER_CAPABILITIES_INIT(&filter, NetPacketFilterFlagDirected, \
							    PacketFilter);                        \
		statement;                                                                        \
		NetAdapterSetPacketFilterCapabilities(Place->Adapter, &filter);                   \
	}
PACKET_FILTER_RULE(PacketFilterSize, filter.Size = 8)
PACKET_FILTER_RULE(PacketFilterCallback, filter.EvtSetPacketFilter = NULL)
PACKET_FILTER_RULE(PacketFilterUnknown,
		   filter.SupportedPacketFilters = (NET_PACKET_FILTER_FLAGS)0x81)
PACKET_FILTER_RULE(PacketFilterStarted, (void)0)

static void MulticastSize(const RECORDER_PLACE *Place)
{
	NET_ADAPTER_MULTICAST_CAPABILITIES multicast = { .Size = 4 };

	NetAdapterSetMulticastCapabilities(Place->Adapter, &multicast);
}

#endif

#if NETADAPTER_VERSION_MINOR >= 1
/* The size is looked at before the device. */
static void ResetCapabilitiesSize(const RECORDER_PLACE *Place)
{
	NET_DEVICE_RESET_CAPABILITIES reset = { .Size = 1 };

	UNREFERENCED_PARAMETER(Place);
	NetDeviceInitSetResetCapabilities(NULL, &reset);
}
#endif

#if NETADAPTER_VERSION_MINOR >= 4
static void WifiWmm(const RECORDER_PLACE *Place)
{
	UNREFERENCED_PARAMETER(Place);
	(void)NetTxQueueGetDemuxWmmInfo(RecorderOptions.TxQueue[0]);
}

static void WifiPeer(const RECORDER_PLACE *Place)
{
	UNREFERENCED_PARAMETER(Place);
	(void)NetTxQueueGetDemuxPeerAddress(RecorderOptions.TxQueue[0]);
}

static void WifiWmmReceive(const RECORDER_PLACE *Place)
{
	UNREFERENCED_PARAMETER(Place);
	(void)NetTxQueueGetDemuxWmmInfo(RecorderOptions.RxQueue[0]);
}

static void WifiPeerReceive(const RECORDER_PLACE *Place)
{
	UNREFERENCED_PARAMETER(Place);
	(void)NetTxQueueGetDemuxPeerAddress(RecorderOptions.RxQueue[0]);
}

static void WifiDatapath(const RECORDER_PLACE *Place)
{
	NetAdapterWifiDestroyPeerAddressDatapath(Place->Adapter, 1);
}
#endif

const RULE FilterRules[] = {
#if NETADAPTER_VERSION_MINOR >= 1
	{ "caps-of-reset-size", PointDeviceAdd, ResetCapabilitiesSize },
#endif
#if NETADAPTER_VERSION_MINOR >= 4
	{ "wifi-wmm", PointReceiveFilter, WifiWmm },
	{ "wifi-peer", PointReceiveFilter, WifiPeer },
	{ "wifi-wmm-receive", PointReceiveFilter, WifiWmmReceive },
	{ "wifi-peer-receive", PointReceiveFilter, WifiPeerReceive },
	{ "wifi-datapath", PointReceiveFilter, WifiDatapath },
#endif
#if NETADAPTER_VERSION_MINOR >= 1
	{ "filter-size", PointBeforeStart, FilterSize },
	{ "filter-callback", PointBeforeStart, FilterCallback },
	{ "filter-unknown", PointBeforeStart, FilterUnknown },
	{ "filter-nothing", PointBeforeStart, FilterNothing },
	{ "filter-no-room", PointBeforeStart, FilterNoRoom },
	{ "filter-no-flag", PointBeforeStart, FilterNoFlag },
	{ "filter-started", PointStarted, FilterStarted },
	{ "filter-right", PointBeforeStart, FilterRight },
	{ "filter-thread", PointReceiveFilter, FilterThread },
	{ "filter-dirql", PointReceiveFilter, FilterDirql },
	{ "filter-kept", PointReleaseHardware, FilterKept },
	{ "reset-size", PointCollect, ResetSize },
	{ "reset-twice", PointCollect, ResetTwice },
	{ "reset-outside", PointStarted, ResetOutside },
#else
	{ "packet-filter-size", PointBeforeStart, PacketFilterSize },
	{ "packet-filter-callback", PointBeforeStart, PacketFilterCallback },
	{ "packet-filter-unknown", PointBeforeStart, PacketFilterUnknown },
	{ "packet-filter-started", PointStarted, PacketFilterStarted },
	{ "multicast-size", PointBeforeStart, MulticastSize },
#endif
	{ NULL, PointStarted, NULL },
};
