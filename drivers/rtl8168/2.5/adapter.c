/* SPDX-License-Identifier: MIT */
/* adapter.c - the network adapter: its creation with the device, and its capabilities before each
 * start. */
#include "framework.h"

#define RT_LINK_SPEED        1000000000ULL /* bits per second */
#define RT_TX_FRAGMENTS      32            /* descriptors that one packet may take */
#define RT_TX_MAXIMUM_LENGTH 64128 /* bytes of one DMA transfer: a large send, headers and all */

static NTSTATUS
RtAdapterCreateDmaEnabler(RT_ADAPTER *Adapter)
{
	WDF_DMA_ENABLER_CONFIG config;

	/* The chip reaches all memory (64-bit addresses) and takes packets in pieces. */
	WDF_DMA_ENABLER_CONFIG_INIT(&config, WdfDmaProfileScatterGather64, RT_TX_MAXIMUM_LENGTH);
	config.Flags |= WDF_DMA_ENABLER_CONFIG_REQUIRE_SINGLE_TRANSFER;
	config.WdmDmaVersionOverride = 3;
	return WdfDmaEnablerCreate(Adapter->Device, &config, WDF_NO_OBJECT_ATTRIBUTES,
				   &Adapter->DmaEnabler);
}

/* A keyword of our own, which is asked for before there is an adapter. */
static BOOLEAN
RtAdapterWantsPriorityQueues(WDFDEVICE Device)
{
	DECLARE_CONST_UNICODE_STRING(priorityQueues, L"TxPriorityQueues");
	NETCONFIGURATION configuration;
	ULONG value = 0;
	NTSTATUS status;

	status = NetDeviceOpenConfiguration(Device, WDF_NO_OBJECT_ATTRIBUTES, &configuration);
	if (!NT_SUCCESS(status))
		return FALSE;
	status = NetConfigurationQueryUlong(configuration, NET_CONFIGURATION_QUERY_ULONG_NO_FLAGS,
					    &priorityQueues, &value);
	NetConfigurationClose(configuration);
	return NT_SUCCESS(status) && value == 1;
}

/*
 * A transmit queue for each 802.1p priority, from the lowest on, as far as the chip has rings;
 * otherwise the framework spreads flows over them.
 */
static VOID
RtAdapterAddDemux(NETADAPTER_INIT *Init)
{
	NET_ADAPTER_TX_DEMUX demux;

	NET_ADAPTER_TX_8021P_DEMUX_INIT(&demux);
	demux.Range = RT_TX_RINGS;
	NetAdapterInitAddTxDemux(Init, &demux);
}

static NTSTATUS
RtAdapterCreateNetAdapter(WDFDEVICE Device, NETADAPTER *NetAdapter)
{
	NET_ADAPTER_DATAPATH_CALLBACKS callbacks;
	WDF_OBJECT_ATTRIBUTES attributes;
	NETADAPTER_INIT *init;
	NTSTATUS status;

	init = NetAdapterInitAllocate(Device);
	if (init == NULL)
		return STATUS_INSUFFICIENT_RESOURCES;

	NET_ADAPTER_DATAPATH_CALLBACKS_INIT(&callbacks, EvtAdapterCreateTxQueue,
					    EvtAdapterCreateRxQueue);
	NetAdapterInitSetDatapathCallbacks(init, &callbacks);
	if (RtAdapterWantsPriorityQueues(Device))
		RtAdapterAddDemux(init);

	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, RT_ADAPTER);
	status = NetAdapterCreate(init, &attributes, NetAdapter);

	NetAdapterInitFree(init);
	return status;
}

/* Everything that lives as long as the device. Nothing of the card is touched yet. */
NTSTATUS
RtAdapterCreate(WDFDEVICE Device)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	NETADAPTER netAdapter;
	RT_ADAPTER *adapter;
	NTSTATUS status;

	PAGED_CODE();

	status = RtAdapterCreateNetAdapter(Device, &netAdapter);
	if (!NT_SUCCESS(status))
		goto Exit;

	adapter = RtGetAdapter(netAdapter);
	adapter->NetAdapter = netAdapter;
	adapter->Device = Device;
	RtGetDevice(Device)->Adapter = adapter;

	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.ParentObject = Device;
	status = WdfSpinLockCreate(&attributes, &adapter->RegisterLock);
	if (!NT_SUCCESS(status))
		goto Exit;

	status = RtAdapterCreateDmaEnabler(adapter);
	if (!NT_SUCCESS(status))
		goto Exit;

	status = RtInterruptCreate(adapter);

Exit:
	return status;
}

/*
 * What the framework may hand over for transmission, and the buffers it provides for reception.
 * Both are mapped for the chip's DMA by the framework.
 */
static VOID
RtAdapterSetDatapathCapabilities(RT_ADAPTER *Adapter)
{
	NET_ADAPTER_DMA_CAPABILITIES dma;
	NET_ADAPTER_TX_CAPABILITIES tx;
	NET_ADAPTER_RX_CAPABILITIES rx;
	ULONG maximumFrame;

	NET_ADAPTER_DMA_CAPABILITIES_INIT(&dma, Adapter->DmaEnabler);

	NET_ADAPTER_TX_CAPABILITIES_INIT_FOR_DMA(&tx, &dma, Adapter->TxRings);
	tx.MaximumNumberOfFragments = RT_TX_FRAGMENTS;
	tx.FragmentRingNumberOfElementsHint = Adapter->Configuration.TransmitBuffers;

	/* The chip writes the CRC behind the frame. */
	maximumFrame = Adapter->Configuration.MaximumFrame + RT_VLAN_TAG + RT_RX_CRC_LENGTH;
	NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED_DMA(&rx, &dma, maximumFrame, RT_RX_QUEUES);
	rx.FragmentRingNumberOfElementsHint = Adapter->Configuration.ReceiveBuffers;

	NetAdapterSetDataPathCapabilities(Adapter->NetAdapter, &tx, &rx);
}

static VOID
RtAdapterSetLinkLayer(RT_ADAPTER *Adapter)
{
	NET_ADAPTER_LINK_LAYER_CAPABILITIES capabilities;
	NET_ADAPTER_LINK_LAYER_ADDRESS address;

	NET_ADAPTER_LINK_LAYER_CAPABILITIES_INIT(&capabilities, RT_LINK_SPEED, RT_LINK_SPEED);
	NetAdapterSetLinkLayerCapabilities(Adapter->NetAdapter, &capabilities);

	NetAdapterSetLinkLayerMtuSize(Adapter->NetAdapter,
				      Adapter->Configuration.MaximumFrame - RT_FRAME_HEADER);

	NET_ADAPTER_LINK_LAYER_ADDRESS_INIT(&address, ETH_LENGTH_OF_ADDRESS,
					    Adapter->PermanentAddress);
	NetAdapterSetPermanentLinkLayerAddress(Adapter->NetAdapter, &address);
	NET_ADAPTER_LINK_LAYER_ADDRESS_INIT(&address, ETH_LENGTH_OF_ADDRESS,
					    Adapter->CurrentAddress);
	NetAdapterSetCurrentLinkLayerAddress(Adapter->NetAdapter, &address);
}

/*
 * Capabilities are forgotten whenever the adapter halts, so all of them are set again before each
 * start. The offload callbacks run inside NetAdapterStart, the queues are created soon after.
 */
NTSTATUS
RtAdapterStart(RT_ADAPTER *Adapter)
{
	PAGED_CODE();

	RtFilterClear(Adapter);
	RtAdapterSetDatapathCapabilities(Adapter);
	RtAdapterSetLinkLayer(Adapter);
	RtReceiveFilterDeclare(Adapter);
	RtWakeDeclare(Adapter);
	RtReceiveScalingDeclare(Adapter);
	RtOffloadDeclare(Adapter);
	RtLinkReport(Adapter);

	return NetAdapterStart(Adapter->NetAdapter);
}
