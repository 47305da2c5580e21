/* SPDX-License-Identifier: MIT */
#include "adapter.h"

DRIVER_INITIALIZE DriverEntry;
static EVT_WDF_DRIVER_DEVICE_ADD EvtDriverDeviceAdd;
static EVT_WDF_DEVICE_PREPARE_HARDWARE EvtDevicePrepareHardware;
static EVT_WDF_DEVICE_RELEASE_HARDWARE EvtDeviceReleaseHardware;
static EVT_PACKET_QUEUE_ADVANCE EvtTxAdvance;
static EVT_PACKET_QUEUE_ADVANCE EvtRxAdvance;
static EVT_PACKET_QUEUE_CANCEL EvtTxCancel;
static EVT_PACKET_QUEUE_CANCEL EvtRxCancel;
static EVT_PACKET_QUEUE_SET_NOTIFICATION_ENABLED EvtSetNotificationEnabled;

static const UCHAR Station[] = { 0x02, 0x00, 0x5E, 0x00, 0x00, 0x02 };

_Use_decl_annotations_ static VOID EvtTxAdvance(NETPACKETQUEUE Queue)
{
	const NET_RING_COLLECTION *rings = GetQueue(Queue)->Rings;

	NetRingCollectionGetPacketRing(rings)->BeginIndex =
		NetRingCollectionGetPacketRing(rings)->EndIndex;
	NetRingCollectionGetFragmentRing(rings)->BeginIndex =
		NetRingCollectionGetFragmentRing(rings)->EndIndex;
}

_Use_decl_annotations_ static VOID EvtTxCancel(NETPACKETQUEUE Queue)
{
	EvtTxAdvance(Queue);
}

/* A broadcast of 60 bytes, of a protocol that nobody has. */
static VOID ReceiveFrame(ADAPTER_QUEUE *Queue)
{
	NET_RING *packets = NetRingCollectionGetPacketRing(Queue->Rings);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(Queue->Rings);
	NET_PACKET *packet = NetRingGetPacketAtIndex(packets, packets->BeginIndex);
	UCHAR *frame =
		NetExtensionGetFragmentVirtualAddress(&Queue->VirtualAddress, fragments->BeginIndex)
			->VirtualAddress;

	RtlZeroMemory(frame, 60);
	RtlFillMemory(frame, 6, 0xFF);
	RtlCopyMemory(frame + 6, Station, sizeof(Station));
	frame[12] = 0x88;
	frame[13] = 0xB5;
	NetRingGetFragmentAtIndex(fragments, fragments->BeginIndex)->ValidLength = 60;
	NetRingGetFragmentAtIndex(fragments, fragments->BeginIndex)->Offset = 0;

	packet->FragmentIndex = fragments->BeginIndex;
	packet->FragmentCount = 1;
	RtlZeroMemory(&packet->Layout, sizeof(packet->Layout));
	packet->Layout.Layer2Type = NetPacketLayer2TypeEthernet;
	packet->Layout.Layer2HeaderLength = 14;
	OnlyReceived(Queue, packets->BeginIndex);
	fragments->BeginIndex = NetRingIncrementIndex(fragments, fragments->BeginIndex);
	packets->BeginIndex = NetRingIncrementIndex(packets, packets->BeginIndex);
}

_Use_decl_annotations_ static VOID EvtRxAdvance(NETPACKETQUEUE Queue)
{
	ADAPTER_QUEUE *queue = GetQueue(Queue);
	const NET_RING *packets = NetRingCollectionGetPacketRing(queue->Rings);
	const NET_RING *fragments = NetRingCollectionGetFragmentRing(queue->Rings);

	if (!queue->Received && packets->BeginIndex != packets->EndIndex &&
	    fragments->BeginIndex != fragments->EndIndex) {
		queue->Received = TRUE;
		ReceiveFrame(queue);
	}
}

_Use_decl_annotations_ static VOID EvtRxCancel(NETPACKETQUEUE Queue)
{
	const NET_RING_COLLECTION *rings = GetQueue(Queue)->Rings;
	NET_RING *packets = NetRingCollectionGetPacketRing(rings);

	while (packets->BeginIndex != packets->EndIndex) {
		NetRingGetPacketAtIndex(packets, packets->BeginIndex)->Ignore = TRUE;
		packets->BeginIndex = NetRingIncrementIndex(packets, packets->BeginIndex);
	}
	NetRingCollectionGetFragmentRing(rings)->BeginIndex =
		NetRingCollectionGetFragmentRing(rings)->EndIndex;
}

_Use_decl_annotations_ static VOID EvtSetNotificationEnabled(NETPACKETQUEUE Queue,
							     BOOLEAN NotificationEnabled)
{
	UNREFERENCED_PARAMETER(Queue);
	UNREFERENCED_PARAMETER(NotificationEnabled);
}

_Use_decl_annotations_ NTSTATUS EvtAdapterCreateTxQueue(NETADAPTER Adapter,
							NETTXQUEUE_INIT *TxQueueInit)
{
	NET_PACKET_QUEUE_CONFIG config;
	WDF_OBJECT_ATTRIBUTES attributes;
	NETPACKETQUEUE queue;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(Adapter);
	NET_PACKET_QUEUE_CONFIG_INIT(&config, EvtTxAdvance, EvtSetNotificationEnabled, EvtTxCancel);
	OnlyConfigureQueue(&config);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, ADAPTER_QUEUE);
	status = NetTxQueueCreate(TxQueueInit, &attributes, &config, &queue);
	if (NT_SUCCESS(status))
		GetQueue(queue)->Rings = NetTxQueueGetRingCollection(queue);
	return status;
}

_Use_decl_annotations_ NTSTATUS EvtAdapterCreateRxQueue(NETADAPTER Adapter,
							NETRXQUEUE_INIT *RxQueueInit)
{
	NET_PACKET_QUEUE_CONFIG config;
	WDF_OBJECT_ATTRIBUTES attributes;
	NET_EXTENSION_QUERY query;
	NETPACKETQUEUE queue;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(Adapter);
	NET_PACKET_QUEUE_CONFIG_INIT(&config, EvtRxAdvance, EvtSetNotificationEnabled, EvtRxCancel);
	OnlyConfigureQueue(&config);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, ADAPTER_QUEUE);
	status = NetRxQueueCreate(RxQueueInit, &attributes, &config, &queue);
	if (!NT_SUCCESS(status))
		return status;

	GetQueue(queue)->Rings = NetRxQueueGetRingCollection(queue);
	NET_EXTENSION_QUERY_INIT(&query, NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_NAME,
				 NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_VERSION_1,
				 NetExtensionTypeFragment);
	NetRxQueueGetExtension(queue, &query, &GetQueue(queue)->VirtualAddress);
	return OnlyReceiveQueue(queue);
}

static VOID SetCapabilities(NETADAPTER Adapter)
{
	NET_ADAPTER_LINK_LAYER_CAPABILITIES linkLayer;
	NET_ADAPTER_LINK_LAYER_ADDRESS address;
	NET_ADAPTER_TX_CAPABILITIES tx;
	NET_ADAPTER_RX_CAPABILITIES rx;
	NET_ADAPTER_LINK_STATE link;

	NET_ADAPTER_LINK_LAYER_CAPABILITIES_INIT(&linkLayer, ADAPTER_LINK_SPEED,
						 ADAPTER_LINK_SPEED);
	NetAdapterSetLinkLayerCapabilities(Adapter, &linkLayer);
	NetAdapterSetLinkLayerMtuSize(Adapter, ADAPTER_MTU);
	NET_ADAPTER_LINK_LAYER_ADDRESS_INIT(&address, sizeof(Station), Station);
	NetAdapterSetPermanentLinkLayerAddress(Adapter, &address);
	NetAdapterSetCurrentLinkLayerAddress(Adapter, &address);

	NET_ADAPTER_TX_CAPABILITIES_INIT(&tx, 1);
	NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED(&rx, ADAPTER_FRAME, 1);
	NetAdapterSetDataPathCapabilities(Adapter, &tx, &rx);

	NET_ADAPTER_LINK_STATE_INIT(&link, ADAPTER_LINK_SPEED, MediaConnectStateConnected,
				    MediaDuplexStateFull, NetAdapterPauseFunctionTypeUnsupported,
				    NetAdapterAutoNegotiationFlagNone);
	NetAdapterSetLinkState(Adapter, &link);
}

_Use_decl_annotations_ static NTSTATUS EvtDevicePrepareHardware(WDFDEVICE Device,
								WDFCMRESLIST ResourcesRaw,
								WDFCMRESLIST ResourcesTranslated)
{
	NETADAPTER adapter = GetDevice(Device)->Adapter;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(ResourcesRaw);
	UNREFERENCED_PARAMETER(ResourcesTranslated);
	SetCapabilities(adapter);
	OnlyDeclare(Device, adapter);
	status = NetAdapterStart(adapter);
	if (NT_SUCCESS(status))
		OnlyStarted(Device, adapter);
	return status;
}

_Use_decl_annotations_ static NTSTATUS EvtDeviceReleaseHardware(WDFDEVICE Device,
								WDFCMRESLIST ResourcesTranslated)
{
	UNREFERENCED_PARAMETER(Device);
	UNREFERENCED_PARAMETER(ResourcesTranslated);
	OnlyStopped();
	return STATUS_SUCCESS;
}

static NTSTATUS CreateAdapter(WDFDEVICE Device)
{
	NET_ADAPTER_DATAPATH_CALLBACKS datapath;
	NETADAPTER_INIT *init = NetAdapterInitAllocate(Device);
	NTSTATUS status;

	if (init == NULL)
		return STATUS_INSUFFICIENT_RESOURCES;
	NET_ADAPTER_DATAPATH_CALLBACKS_INIT(&datapath, EvtAdapterCreateTxQueue,
					    EvtAdapterCreateRxQueue);
	NetAdapterInitSetDatapathCallbacks(init, &datapath);
	status = NetAdapterCreate(init, WDF_NO_OBJECT_ATTRIBUTES, &GetDevice(Device)->Adapter);
	NetAdapterInitFree(init);
	return status;
}

_Use_decl_annotations_ static NTSTATUS EvtDriverDeviceAdd(WDFDRIVER Driver,
							  PWDFDEVICE_INIT DeviceInit)
{
	WDF_PNPPOWER_EVENT_CALLBACKS callbacks;
	WDF_OBJECT_ATTRIBUTES attributes;
	WDFDEVICE device;
	NTSTATUS status = NetDeviceInitConfig(DeviceInit);

	UNREFERENCED_PARAMETER(Driver);
	if (!NT_SUCCESS(status))
		return status;
	WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
	callbacks.EvtDevicePrepareHardware = EvtDevicePrepareHardware;
	callbacks.EvtDeviceReleaseHardware = EvtDeviceReleaseHardware;
	WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &callbacks);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, ADAPTER_DEVICE);
	status = WdfDeviceCreate(&DeviceInit, &attributes, &device);
	return NT_SUCCESS(status) ? CreateAdapter(device) : status;
}

_Use_decl_annotations_ NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject,
					    PUNICODE_STRING RegistryPath)
{
	WDF_DRIVER_CONFIG config;

	WDF_DRIVER_CONFIG_INIT(&config, EvtDriverDeviceAdd);
	return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
			       WDF_NO_HANDLE);
}
