/* SPDX-License-Identifier: MIT */
#include "precomp.h"

#include "trace.h"
#include "adapter.h"

// Strings of constants for functions that take a PWSTR.
static NDIS_STRING const ReceiveBuffersKeyword = NDIS_STRING_CONST("*ReceiveBuffers");
static NDIS_STRING const MissingKeyword = NDIS_STRING_CONST("HabitsMissing");
static DECLARE_CONST_UNICODE_STRING(FlavourKeyword, L"HabitsFlavour");

_Use_decl_annotations_ NTSTATUS HabitsInitialize(HABITS_ADAPTER *Adapter, WDFDEVICE Device,
						 NETADAPTER NetAdapter)
{
	static UCHAR const address[ETHERNET_ADDRESS_LENGTH] = { 0x02, 0, 0x5E, 0, 0, 0x07 };

	Adapter->WdfDevice = Device;
	Adapter->NetAdapter = NetAdapter;
	Adapter->Flags = HabitsFlagTransmit | HabitsFlagReceive;
	RtlCopyMemory(Adapter->Address, address, sizeof(address));
	return HabitsCreateRequestQueue(Adapter);
}

_Use_decl_annotations_ NTSTATUS HabitsReadConfiguration(HABITS_ADAPTER *Adapter)
{
	NETCONFIGURATION configuration;
	NTSTATUS status = STATUS_SUCCESS;

	HABITS_GOTO_IF_FAILED(Exit, status,
			      NetAdapterOpenConfiguration(Adapter->NetAdapter,
							  WDF_NO_OBJECT_ATTRIBUTES,
							  &configuration));

	ULONG value = 0;
	NTSTATUS missing = NetConfigurationQueryUlong(
		configuration, NET_CONFIGURATION_QUERY_ULONG_NO_FLAGS, &MissingKeyword, &value);
	HABIT("missing keyword", !NT_SUCCESS(missing));

	if (!NT_SUCCESS(NetConfigurationQueryUlong(
		    configuration, NET_CONFIGURATION_QUERY_ULONG_NO_FLAGS, &ReceiveBuffersKeyword,
		    &Adapter->ReceiveBuffers))) {
		Adapter->ReceiveBuffers = 128;
	}
	if (NT_SUCCESS(NetConfigurationQueryUlong(configuration,
						  NET_CONFIGURATION_QUERY_ULONG_NO_FLAGS,
						  &FlavourKeyword, &value))) {
		TraceLoggingWrite(HabitsTraceProvider, "Flavour",
				  TraceLoggingLevel(TRACE_LEVEL_INFORMATION),
				  TraceLoggingUInt32(value, "Value"),
				  TraceLoggingUInt32(Adapter->ReceiveBuffers));
	}
	NetConfigurationClose(configuration);
Exit:
	return status;
}

static VOID HabitsSetCapabilities(HABITS_ADAPTER *Adapter)
{
	ULONG64 const speed = 10ULL * 1000 * 1000 * 1000;

	NET_ADAPTER_LINK_LAYER_CAPABILITIES linkLayer;
	NET_ADAPTER_LINK_LAYER_CAPABILITIES_INIT(
		&linkLayer, NET_PACKET_FILTER_TYPE_DIRECTED | NET_PACKET_FILTER_TYPE_BROADCAST, 0,
		NET_ADAPTER_STATISTICS_NO_FLAGS, speed, speed);
	NetAdapterSetLinkLayerCapabilities(Adapter->NetAdapter, &linkLayer);
	NetAdapterSetLinkLayerMtuSize(Adapter->NetAdapter, HABITS_MTU);

	NET_ADAPTER_LINK_LAYER_ADDRESS address;
	NET_ADAPTER_LINK_LAYER_ADDRESS_INIT(&address, sizeof(Adapter->Address), Adapter->Address);
	NetAdapterSetPermanentLinkLayerAddress(Adapter->NetAdapter, &address);
	NetAdapterSetCurrentLinkLayerAddress(Adapter->NetAdapter, &address);

	NET_ADAPTER_TX_CAPABILITIES tx;
	NET_ADAPTER_TX_CAPABILITIES_INIT(&tx, 0x10000, 1);
	NET_ADAPTER_RX_CAPABILITIES rx;
	NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED(&rx, 2048, 1);
	// The old samples spell it so.
	NetAdapterSetDataPathCapabilities(Adapter->NetAdapter, &tx, &rx);

	NET_ADAPTER_LINK_STATE link;
	NET_ADAPTER_LINK_STATE_INIT(&link, speed, MediaConnectStateConnected, MediaDuplexStateFull,
				    NetAdapterPauseFunctionsUnsupported,
				    NET_ADAPTER_AUTO_NEGOTIATION_NO_FLAGS);
	NetAdapterSetCurrentLinkState(Adapter->NetAdapter, &link);
}

_Use_decl_annotations_ NTSTATUS HabitsStart(HABITS_ADAPTER *Adapter)
{
	HABIT("interlocked", InterlockedExchange(&Adapter->Opened, TRUE) == FALSE &&
				     InterlockedOr(&Adapter->Opened, 2) == TRUE);
	HabitsSetCapabilities(Adapter);
	return NetAdapterStart(Adapter->NetAdapter);
}
