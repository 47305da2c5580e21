// SPDX-License-Identifier: MIT
#include "pch.hpp"

#include "pairadapter.h"
#include "wire.h"
#include "adapter.tmh"

static constexpr ULONG MtuSize = 1500;
static constexpr ULONG64 LinkSpeed = 10'000'000'000ull;

NTSTATUS PairAdapter::ReadConfiguration()
{
	DECLARE_CONST_UNICODE_STRING(name, L"MACLastByte");
	NETCONFIGURATION configuration;

	RETURN_UNLESS_SUCCESS(
		NetDeviceOpenConfiguration(Device, WDF_NO_OBJECT_ATTRIBUTES, &configuration));
	if (!NT_SUCCESS(NetConfigurationQueryUlong(
		    configuration, NET_CONFIGURATION_QUERY_ULONG_NO_FLAGS, &name, &MacLastByte)) ||
	    MacLastByte < 1 || MacLastByte > 16)
		MacLastByte = 1;
	NetConfigurationClose(configuration);
	return STATUS_SUCCESS;
}

// 1 and 2 are a pair, 3 and 4 ...
NTSTATUS PairAdapter::Initialize()
{
	RETURN_UNLESS_SUCCESS(ReadConfiguration());
	Port = (MacLastByte - 1) % 2;
	RETURN_UNLESS_SUCCESS(Wire::Join((MacLastByte - 1) / 2, Port, &TheWire));
	TraceInfo(PAIR_DRIVER, "MACLastByte %u is end %u of wire %u", MacLastByte, Port,
		  (MacLastByte - 1) / 2);
	return STATUS_SUCCESS;
}

void PairAdapter::Destroy()
{
	if (TheWire)
		std::exchange(TheWire, nullptr)->Leave(Port);
}

void PairAdapter::SetLink()
{
	const UCHAR station[] = { 0x02, 0x50, 0x41, 0x49, 0x52, static_cast<UCHAR>(MacLastByte) };
	NET_ADAPTER_LINK_LAYER_CAPABILITIES layer;
	NET_ADAPTER_LINK_LAYER_ADDRESS address;
	NET_ADAPTER_LINK_STATE link;

	NET_ADAPTER_LINK_LAYER_CAPABILITIES_INIT(&layer, LinkSpeed, LinkSpeed);
	NetAdapterSetLinkLayerCapabilities(Handle, &layer);
	NetAdapterSetLinkLayerMtuSize(Handle, MtuSize);
	NET_ADAPTER_LINK_LAYER_ADDRESS_INIT(&address, sizeof(station), station);
	NetAdapterSetPermanentLinkLayerAddress(Handle, &address);
	NetAdapterSetCurrentLinkLayerAddress(Handle, &address);
	NET_ADAPTER_LINK_STATE_INIT(&link, LinkSpeed, MediaConnectStateConnected,
				    MediaDuplexStateFull, NetAdapterPauseFunctionTypeUnsupported,
				    NetAdapterAutoNegotiationFlagNone);
	NetAdapterSetLinkState(Handle, &link);
}

NTSTATUS PairAdapter::Start()
{
	NET_ADAPTER_TX_CAPABILITIES tx;
	NET_ADAPTER_RX_CAPABILITIES rx;

	SetLink();
	NET_ADAPTER_TX_CAPABILITIES_INIT(&tx, 1);
	NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED(&rx, MtuSize + 18, 1);
	NetAdapterSetDataPathCapabilities(Handle, &tx, &rx);
	RETURN_UNLESS_SUCCESS(NetAdapterStart(Handle));
	return STATUS_SUCCESS;
}
