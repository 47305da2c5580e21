/* SPDX-License-Identifier: MIT */
/* adapter.c - the network adapter: its creation with the device, and its capabilities before each
 * start. */
#include "virtual.h"

#define VIRT_LINK_SPEED 10000000000ULL /* bits per second: nothing goes by it */

static NTSTATUS VirtAdapterCreateNetAdapter(WDFDEVICE Device, NETADAPTER *NetAdapter)
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
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, VIRT_ADAPTER);
	status = NetAdapterCreate(init, &attributes, NetAdapter);

	NetAdapterInitFree(init);
	return status;
}

static NTSTATUS VirtAdapterCreateLocks(VIRT_ADAPTER *Adapter)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	NTSTATUS status;

	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.ParentObject = Adapter->Device;
	status = WdfSpinLockCreate(&attributes, &Adapter->PeerLock);
	if (!NT_SUCCESS(status))
		return status;
	return WdfSpinLockCreate(&attributes, &Adapter->PortLock);
}

/*
 * Both queues go round on one thread: what is received is often answered at once. It lives from
 * start to stop, so that it is gone before anything that it uses.
 */
static NTSTATUS VirtAdapterCreateThread(VIRT_ADAPTER *Adapter)
{
	NET_EXECUTION_CONTEXT_CONFIG config;
	WDF_OBJECT_ATTRIBUTES attributes;
	NTSTATUS status;

	NET_EXECUTION_CONTEXT_CONFIG_INIT(&config, EvtExecutionContextSetNotificationEnabled);
	config.EvtPreAdvance = EvtExecutionContextPreAdvance;
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, VIRT_DEVICE);
	status = NetExecutionContextCreate(Adapter->Device, &config, &attributes,
					   &Adapter->ExecutionContext);
	if (NT_SUCCESS(status))
		VirtGetDevice(Adapter->ExecutionContext)->Adapter = Adapter;
	return status;
}

/* Everything that lives as long as the device. */
NTSTATUS
VirtAdapterCreate(WDFDEVICE Device)
{
	VIRT_ADAPTER *adapter;
	NETADAPTER netAdapter;
	NTSTATUS status;

	PAGED_CODE();

	status = VirtAdapterCreateNetAdapter(Device, &netAdapter);
	if (!NT_SUCCESS(status))
		return status;

	adapter = VirtGetAdapter(netAdapter);
	adapter->NetAdapter = netAdapter;
	adapter->Device = Device;
	VirtGetDevice(Device)->Adapter = adapter;

	return VirtAdapterCreateLocks(adapter);
}

/*
 * A received frame is in one of the framework's buffers, a super-packet in several. Whatever comes
 * to be sent may be in pieces: they are copied one by one.
 */
static VOID VirtAdapterSetDatapathCapabilities(VIRT_ADAPTER *Adapter)
{
	NET_ADAPTER_TX_CAPABILITIES tx;
	NET_ADAPTER_RX_CAPABILITIES rx;

	NET_ADAPTER_TX_CAPABILITIES_INIT(&tx, 1);
	NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED(&rx, Adapter->Configuration.BufferSize, 1);
	rx.FragmentRingNumberOfElementsHint = Adapter->Configuration.ReceiveBuffers;
	NetAdapterSetDataPathCapabilities(Adapter->NetAdapter, &tx, &rx);
}

static VOID VirtAdapterSetLinkLayer(VIRT_ADAPTER *Adapter)
{
	NET_ADAPTER_LINK_LAYER_CAPABILITIES capabilities;
	NET_ADAPTER_LINK_LAYER_ADDRESS address;

	NET_ADAPTER_LINK_LAYER_CAPABILITIES_INIT(&capabilities, VIRT_LINK_SPEED, VIRT_LINK_SPEED);
	NetAdapterSetLinkLayerCapabilities(Adapter->NetAdapter, &capabilities);

	NetAdapterSetLinkLayerMtuSize(Adapter->NetAdapter,
				      Adapter->Configuration.MaximumFrame - VIRT_HEADER);

	NET_ADAPTER_LINK_LAYER_ADDRESS_INIT(&address, VIRT_ADDRESS, Adapter->PermanentAddress);
	NetAdapterSetPermanentLinkLayerAddress(Adapter->NetAdapter, &address);
	NET_ADAPTER_LINK_LAYER_ADDRESS_INIT(&address, VIRT_ADDRESS, Adapter->CurrentAddress);
	NetAdapterSetCurrentLinkLayerAddress(Adapter->NetAdapter, &address);
}

/* What the link is now. At PASSIVE_LEVEL, under link.c's lock unless the adapter is yet to start */
VOID VirtLinkReport(VIRT_ADAPTER *Adapter, BOOLEAN Connected)
{
	NET_ADAPTER_LINK_STATE state;

	if (Connected)
		NET_ADAPTER_LINK_STATE_INIT(
			&state, VIRT_LINK_SPEED, MediaConnectStateConnected, MediaDuplexStateFull,
			NetAdapterPauseFunctionTypeUnsupported, NetAdapterAutoNegotiationFlagNone);
	else
		NET_ADAPTER_LINK_STATE_INIT_DISCONNECTED(&state);
	NetAdapterSetLinkState(Adapter->NetAdapter, &state);
}

/*
 * Capabilities are set again before each start. The offload callbacks run inside NetAdapterStart,
 * the queues are created soon after.
 */
NTSTATUS
VirtAdapterStart(VIRT_ADAPTER *Adapter)
{
	NTSTATUS status;

	PAGED_CODE();

	status = VirtAdapterCreateThread(Adapter);
	if (!NT_SUCCESS(status))
		return status;

	VirtAdapterSetDatapathCapabilities(Adapter);
	VirtAdapterSetLinkLayer(Adapter);
	VirtFilterDeclare(Adapter);
	VirtOffloadDeclare(Adapter);
	VirtLinkReport(Adapter, FALSE);

	return NetAdapterStart(Adapter->NetAdapter);
}

/* Also when it has not started. The queues are gone with it, and so the thread may go. */
VOID VirtAdapterStop(VIRT_ADAPTER *Adapter)
{
	PAGED_CODE();

	NetAdapterStop(Adapter->NetAdapter);
	if (Adapter->ExecutionContext != NULL)
		WdfObjectDelete(Adapter->ExecutionContext);
	Adapter->ExecutionContext = NULL;
}
