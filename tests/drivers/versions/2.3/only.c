/* SPDX-License-Identifier: MIT */
/* Since 2.3: lightweight adapters, which have no device below them. */
#include "adapter.h"

static NETADAPTER Lightweight;

_Use_decl_annotations_ VOID OnlyDeclare(WDFDEVICE Device, NETADAPTER Adapter)
{
	UNREFERENCED_PARAMETER(Device);
	UNREFERENCED_PARAMETER(Adapter);
}

static VOID SetCapabilities(NETADAPTER Adapter)
{
	static const UCHAR station[] = { 0x02, 0x00, 0x5E, 0x00, 0x00, 0x03 };
	NET_ADAPTER_LINK_LAYER_CAPABILITIES linkLayer;
	NET_ADAPTER_LINK_LAYER_ADDRESS address;
	NET_ADAPTER_TX_CAPABILITIES tx;
	NET_ADAPTER_RX_CAPABILITIES rx;

	NET_ADAPTER_LINK_LAYER_CAPABILITIES_INIT(&linkLayer, ADAPTER_LINK_SPEED,
						 ADAPTER_LINK_SPEED);
	NetAdapterSetLinkLayerCapabilities(Adapter, &linkLayer);
	NetAdapterSetLinkLayerMtuSize(Adapter, ADAPTER_MTU);
	NET_ADAPTER_LINK_LAYER_ADDRESS_INIT(&address, sizeof(station), station);
	NetAdapterSetPermanentLinkLayerAddress(Adapter, &address);
	NetAdapterSetCurrentLinkLayerAddress(Adapter, &address);
	NET_ADAPTER_TX_CAPABILITIES_INIT(&tx, 1);
	NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED(&rx, ADAPTER_FRAME, 1);
	NetAdapterSetDataPathCapabilities(Adapter, &tx, &rx);
}

_Use_decl_annotations_ VOID OnlyStarted(WDFDEVICE Device, NETADAPTER Adapter)
{
	static const GUID interface = {
		0x8d2b1f04, 0x6c3e, 0x4a57, { 0x9f, 0x10, 0x5a, 0x3b, 0x77, 0x21, 0x0c, 0x9e }
	};
	NET_ADAPTER_DATAPATH_CALLBACKS datapath;
	NETADAPTER_INIT *init = NetAdapterLightweightInitAllocate(&interface);

	UNREFERENCED_PARAMETER(Device);
	HOLDS("init of a lightweight adapter", init != NULL);
	if (init == NULL)
		return;
	NET_ADAPTER_DATAPATH_CALLBACKS_INIT(&datapath, EvtAdapterCreateTxQueue,
					    EvtAdapterCreateRxQueue);
	NetAdapterInitSetDatapathCallbacks(init, &datapath);
	HOLDS("creating a lightweight adapter",
	      NT_SUCCESS(NetAdapterCreate(init, WDF_NO_OBJECT_ATTRIBUTES, &Lightweight)));
	NetAdapterInitFree(init);
	if (Lightweight == NULL)
		return;
	SetCapabilities(Lightweight);
	HOLDS("starting a lightweight adapter", NT_SUCCESS(NetAdapterStart(Lightweight)));
	HOLDS("an interface of its own",
	      NetAdapterGetNetLuid(Lightweight).Value != NetAdapterGetNetLuid(Adapter).Value);
}

_Use_decl_annotations_ VOID OnlyConfigureQueue(NET_PACKET_QUEUE_CONFIG *Config)
{
	UNREFERENCED_PARAMETER(Config);
}

_Use_decl_annotations_ NTSTATUS OnlyReceiveQueue(NETPACKETQUEUE Queue)
{
	UNREFERENCED_PARAMETER(Queue);
	return STATUS_SUCCESS;
}

_Use_decl_annotations_ VOID OnlyReceived(ADAPTER_QUEUE *Queue, UINT32 PacketIndex)
{
	UNREFERENCED_PARAMETER(Queue);
	UNREFERENCED_PARAMETER(PacketIndex);
}

/* Nobody but the driver stops it. */
VOID OnlyStopped(VOID)
{
	if (Lightweight == NULL)
		return;
	NetAdapterStop(Lightweight);
	WdfObjectDelete(Lightweight);
	Lightweight = NULL;
}
