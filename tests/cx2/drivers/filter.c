/* SPDX-License-Identifier: MIT */
/* The receive filter of the 2.x driver "recorder", and what it does about a reset. */
#include "recorder.h"

#if NETADAPTER_VERSION_MINOR == 0
#include <preview/netadapter.h>
#endif

#if NETADAPTER_VERSION_MINOR >= 1

EVT_NET_ADAPTER_SET_RECEIVE_FILTER RecorderSetReceiveFilter;
EVT_NET_DEVICE_COLLECT_RESET_DIAGNOSTICS RecorderCollectResetDiagnostics;

void RecorderSetReceiveFilter(NETADAPTER Adapter, NETRECEIVEFILTER Filter)
{
	RECORDER_PLACE place = { .Device = RecorderOptions.Device,
				 .Adapter = Adapter,
				 .Filter = Filter };
	SIZE_T count = NetReceiveFilterGetMulticastAddressCount(Filter);
	const NET_ADAPTER_LINK_LAYER_ADDRESS *list =
		NetReceiveFilterGetMulticastAddressList(Filter);

	NT_FRE_ASSERT((count != 0) == (list != NULL));
	RecorderSay("SetReceiveFilter(%x,%u)", (unsigned)NetReceiveFilterGetPacketFilter(Filter),
		    (unsigned)count);
	for (SIZE_T i = 0; i < count; i++)
		RecorderSay("Multicast(%u: %02x..%02x)", list[i].Length, list[i].Address[0],
			    list[i].Address[5]);
	RecorderOptions.Filter = Filter;
	RecorderBreak(PointReceiveFilter, &place);
}

void RecorderDeclareFilter(NETADAPTER Adapter)
{
	NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES filter;

	NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES_INIT(&filter, RecorderSetReceiveFilter);
	filter.SupportedPacketFilters = NetPacketFilterFlagDirected | NetPacketFilterFlagBroadcast |
					NetPacketFilterFlagMulticast;
	filter.MaximumMulticastAddresses = 4;
	NetAdapterSetReceiveFilterCapabilities(Adapter, &filter);
	/* The structure was copied: this reaches nobody. */
	RtlFillMemory(&filter, sizeof(filter), 0xdd);
}

void RecorderCollectResetDiagnostics(WDFDEVICE Device)
{
	static const UINT8 diagnostics[] = { 0x57, 0x1c, 0x4e, 0xd0 };
	RECORDER_PLACE place = { .Device = Device };

	RecorderSay("CollectResetDiagnostics(%d)", Device == RecorderOptions.Device);
	RecorderBreak(PointCollect, &place);
	NetDeviceStoreResetDiagnostics(Device, sizeof(diagnostics), diagnostics);
}

void RecorderDeclareReset(PWDFDEVICE_INIT DeviceInit)
{
	static const GUID guid = { 0x01234567, 0x89ab, 0xcdef, { 0, 1, 2, 3, 4, 5, 6, 7 } };
	NET_DEVICE_RESET_CAPABILITIES reset;

	NET_DEVICE_RESET_CAPABILITIES_INIT(&reset, guid, RecorderCollectResetDiagnostics);
	NetDeviceInitSetResetCapabilities(DeviceInit, &reset);
	/* The structure was copied: this reaches nobody. */
	RtlFillMemory(&reset, sizeof(reset), 0xdd);
}

void RecorderRequestReset(WDFDEVICE Device)
{
	NetDeviceRequestReset(Device);
	NetDeviceRequestReset(Device);
}

#else

/* The preview of 2.0 has a callback for each half. */
EVT_NET_ADAPTER_SET_PACKET_FILTER RecorderSetPacketFilter;
EVT_NET_ADAPTER_SET_MULTICAST_LIST RecorderSetMulticastList;

void RecorderSetPacketFilter(NETADAPTER Adapter, NET_PACKET_FILTER_FLAGS PacketFilter)
{
	UNREFERENCED_PARAMETER(Adapter);
	RecorderSay("SetPacketFilter(%x)", (unsigned)PacketFilter);
}

void RecorderSetMulticastList(NETADAPTER Adapter, ULONG MulticastAddressCount,
			      NET_ADAPTER_LINK_LAYER_ADDRESS *MulticastAddressList)
{
	UNREFERENCED_PARAMETER(Adapter);
	RecorderSay("SetMulticastList(%u)", MulticastAddressCount);
	for (ULONG i = 0; i < MulticastAddressCount; i++)
		RecorderSay("Multicast(%u: %02x..%02x)", MulticastAddressList[i].Length,
			    MulticastAddressList[i].Address[0], MulticastAddressList[i].Address[5]);
}

void RecorderDeclareFilter(NETADAPTER Adapter)
{
	NET_ADAPTER_PACKET_FILTER_CAPABILITIES filter;
	NET_ADAPTER_MULTICAST_CAPABILITIES multicast;

	NET_ADAPTER_PACKET_FILTER_CAPABILITIES_INIT(&filter,
						    NetPacketFilterFlagDirected |
							    NetPacketFilterFlagBroadcast |
							    NetPacketFilterFlagMulticast,
						    RecorderSetPacketFilter);
	NetAdapterSetPacketFilterCapabilities(Adapter, &filter);
	NET_ADAPTER_MULTICAST_CAPABILITIES_INIT(&multicast, 4, RecorderSetMulticastList);
	NetAdapterSetMulticastCapabilities(Adapter, &multicast);
}

void RecorderDeclareReset(PWDFDEVICE_INIT DeviceInit)
{
	UNREFERENCED_PARAMETER(DeviceInit);
}

void RecorderRequestReset(WDFDEVICE Device)
{
	UNREFERENCED_PARAMETER(Device);
}

#endif
