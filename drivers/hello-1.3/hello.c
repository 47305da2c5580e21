/* SPDX-License-Identifier: MIT */
/*
 * The smallest network adapter driver worth running: no hardware, one transmit and one receive
 * queue, checksum and LSO offload declared. What the stack sends is looked at and dropped. It is
 * where README.md's "your own driver in five minutes" starts from.
 */
#include <ntddk.h>
#include <wdf.h>
#include <netadaptercx.h>

#define HELLO_MTU              1500
#define HELLO_LINK_SPEED       1000000000ULL
#define HELLO_LSO_MAXIMUM      64000 /* bytes of TCP payload in one packet */
#define HELLO_LSO_SEGMENTS     2
#define HELLO_MAXIMUM_FRAGMENT (HELLO_LSO_MAXIMUM + 128) /* with all headers */
#define HELLO_RECEIVE_FRAGMENT 2048

/* What the driver keeps of its adapter. */
typedef struct _HELLO_ADAPTER {
	BOOLEAN LsoIPv4;
	BOOLEAN LsoIPv6;
	SIZE_T MaximumOffloadSize;
	SIZE_T MinimumSegmentCount;
} HELLO_ADAPTER;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(HELLO_ADAPTER, HelloGetAdapterContext)

/* A queue remembers its rings. */
typedef struct _HELLO_QUEUE {
	PCNET_DATAPATH_DESCRIPTOR Datapath;
} HELLO_QUEUE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(HELLO_QUEUE, HelloGetQueueContext)

DRIVER_INITIALIZE DriverEntry;
static EVT_WDF_DRIVER_DEVICE_ADD EvtDriverDeviceAdd;
static EVT_WDF_DEVICE_PREPARE_HARDWARE EvtDevicePrepareHardware;
static EVT_NET_ADAPTER_CREATE_TXQUEUE EvtAdapterCreateTxQueue;
static EVT_NET_ADAPTER_CREATE_RXQUEUE EvtAdapterCreateRxQueue;
static EVT_NET_ADAPTER_OFFLOAD_SET_CHECKSUM EvtAdapterSetChecksum;
static EVT_NET_ADAPTER_OFFLOAD_SET_LSO EvtAdapterSetLso;
static EVT_PACKET_QUEUE_ADVANCE EvtTxAdvance;
static EVT_PACKET_QUEUE_ADVANCE EvtRxAdvance;
static EVT_PACKET_QUEUE_CANCEL EvtTxCancel;
static EVT_PACKET_QUEUE_CANCEL EvtRxCancel;
static EVT_PACKET_QUEUE_SET_NOTIFICATION_ENABLED EvtSetNotificationEnabled;

/* The device's context: the adapter that EvtDevicePrepareHardware starts. */
typedef struct _HELLO_DEVICE {
	NETADAPTER Adapter;
} HELLO_DEVICE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(HELLO_DEVICE, HelloGetDeviceContext)

/* Software is done with a packet as soon as it has seen it. */
_Use_decl_annotations_ static VOID EvtTxAdvance(NETPACKETQUEUE Queue)
{
	NetRingBufferReturnAllPackets(HelloGetQueueContext(Queue)->Datapath);
}

_Use_decl_annotations_ static VOID EvtTxCancel(NETPACKETQUEUE Queue)
{
	NetRingBufferReturnAllPackets(HelloGetQueueContext(Queue)->Datapath);
}

/* Nothing is ever received: the buffers stay posted. */
_Use_decl_annotations_ static VOID EvtRxAdvance(NETPACKETQUEUE Queue)
{
	UNREFERENCED_PARAMETER(Queue);
}

/* At a pause every buffer goes back, marked as unused. */
_Use_decl_annotations_ static VOID EvtRxCancel(NETPACKETQUEUE Queue)
{
	PCNET_DATAPATH_DESCRIPTOR datapath = HelloGetQueueContext(Queue)->Datapath;
	NET_RING_BUFFER *ring = NET_DATAPATH_DESCRIPTOR_GET_PACKET_RING_BUFFER(datapath);

	for (UINT32 i = ring->BeginIndex; i != ring->EndIndex;
	     i = NetRingBufferIncrementIndex(ring, i))
		NetRingBufferGetPacketAtIndex(datapath, i)->IgnoreThisPacket = TRUE;
	ring->BeginIndex = ring->EndIndex;
}

_Use_decl_annotations_ static VOID EvtSetNotificationEnabled(NETPACKETQUEUE Queue,
							     BOOLEAN NotificationEnabled)
{
	UNREFERENCED_PARAMETER(Queue);
	UNREFERENCED_PARAMETER(NotificationEnabled);
}

_Use_decl_annotations_ static NTSTATUS EvtAdapterCreateTxQueue(NETADAPTER Adapter,
							       NETTXQUEUE_INIT *TxQueueInit)
{
	NET_PACKET_QUEUE_CONFIG config;
	WDF_OBJECT_ATTRIBUTES attributes;
	NETPACKETQUEUE queue;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(Adapter);
	NET_PACKET_QUEUE_CONFIG_INIT(&config, EvtTxAdvance, EvtSetNotificationEnabled, EvtTxCancel);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, HELLO_QUEUE);
	status = NetTxQueueCreate(TxQueueInit, &attributes, &config, &queue);
	if (NT_SUCCESS(status))
		HelloGetQueueContext(queue)->Datapath = NetTxQueueGetDatapathDescriptor(queue);
	return status;
}

_Use_decl_annotations_ static NTSTATUS EvtAdapterCreateRxQueue(NETADAPTER Adapter,
							       NETRXQUEUE_INIT *RxQueueInit)
{
	NET_PACKET_QUEUE_CONFIG config;
	WDF_OBJECT_ATTRIBUTES attributes;
	NETPACKETQUEUE queue;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(Adapter);
	NET_PACKET_QUEUE_CONFIG_INIT(&config, EvtRxAdvance, EvtSetNotificationEnabled, EvtRxCancel);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, HELLO_QUEUE);
	status = NetRxQueueCreate(RxQueueInit, &attributes, &config, &queue);
	if (NT_SUCCESS(status))
		HelloGetQueueContext(queue)->Datapath = NetRxQueueGetDatapathDescriptor(queue);
	return status;
}

_Use_decl_annotations_ static VOID EvtAdapterSetChecksum(
	NETADAPTER Adapter, NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES *ActiveCapabilities)
{
	UNREFERENCED_PARAMETER(Adapter);
	DbgPrint("hello: checksum offload IPv4 %u TCP %u UDP %u\n", ActiveCapabilities->IPv4,
		 ActiveCapabilities->Tcp, ActiveCapabilities->Udp);
}

/* The stack has changed what it wants: `ethtool -K nic0 tso off` ends here. */
_Use_decl_annotations_ static VOID EvtAdapterSetLso(
	NETADAPTER Adapter, NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES *ActiveCapabilities)
{
	HELLO_ADAPTER *adapter = HelloGetAdapterContext(Adapter);

	adapter->LsoIPv4 = ActiveCapabilities->IPv4;
	adapter->LsoIPv6 = ActiveCapabilities->IPv6;
	adapter->MaximumOffloadSize = ActiveCapabilities->MaximumOffloadSize;
	adapter->MinimumSegmentCount = ActiveCapabilities->MinimumSegmentCount;
	DbgPrint("hello: LSO IPv4 %u IPv6 %u\n", adapter->LsoIPv4, adapter->LsoIPv6);
}

static VOID HelloSetCapabilities(NETADAPTER Adapter)
{
	NET_ADAPTER_LINK_LAYER_CAPABILITIES linkLayer;
	NET_ADAPTER_LINK_LAYER_ADDRESS address = {
		.Length = 6, .Address = { 0x02, 0x00, 0x5E, 0x00, 0x00, 0x01 }
	};
	NET_ADAPTER_TX_CAPABILITIES tx;
	NET_ADAPTER_RX_CAPABILITIES rx;
	NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES checksum;
	NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES lso;
	NET_ADAPTER_LINK_STATE link;

	NET_ADAPTER_LINK_LAYER_CAPABILITIES_INIT(
		&linkLayer, NET_PACKET_FILTER_TYPE_DIRECTED | NET_PACKET_FILTER_TYPE_BROADCAST, 0,
		NET_ADAPTER_STATISTICS_NO_FLAGS, HELLO_LINK_SPEED, HELLO_LINK_SPEED);
	NetAdapterSetLinkLayerCapabilities(Adapter, &linkLayer);
	NetAdapterSetLinkLayerMtuSize(Adapter, HELLO_MTU);
	NetAdapterSetPermanentLinkLayerAddress(Adapter, &address);

	NET_ADAPTER_TX_CAPABILITIES_INIT(&tx, HELLO_MAXIMUM_FRAGMENT, 1);
	NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED(&rx, HELLO_RECEIVE_FRAGMENT, 1);
	NetAdapterSetDatapathCapabilities(Adapter, &tx, &rx);

	NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES_INIT(&checksum, TRUE, TRUE, TRUE);
	NetAdapterOffloadSetChecksumCapabilities(Adapter, &checksum, EvtAdapterSetChecksum);
	NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES_INIT(&lso, TRUE, TRUE, HELLO_LSO_MAXIMUM,
						  HELLO_LSO_SEGMENTS);
	NetAdapterOffloadSetLsoCapabilities(Adapter, &lso, EvtAdapterSetLso);

	NET_ADAPTER_LINK_STATE_INIT(&link, HELLO_LINK_SPEED, MediaConnectStateConnected,
				    MediaDuplexStateFull, NetAdapterPauseFunctionsUnsupported,
				    NET_ADAPTER_AUTO_NEGOTIATION_NO_FLAGS);
	NetAdapterSetCurrentLinkState(Adapter, &link);
}

_Use_decl_annotations_ static NTSTATUS EvtDevicePrepareHardware(WDFDEVICE Device,
								WDFCMRESLIST ResourcesRaw,
								WDFCMRESLIST ResourcesTranslated)
{
	NETADAPTER adapter = HelloGetDeviceContext(Device)->Adapter;

	UNREFERENCED_PARAMETER(ResourcesRaw);
	UNREFERENCED_PARAMETER(ResourcesTranslated);
	HelloSetCapabilities(adapter);
	return NetAdapterStart(adapter);
}

static NTSTATUS HelloCreateAdapter(WDFDEVICE Device)
{
	NET_ADAPTER_DATAPATH_CALLBACKS datapath;
	WDF_OBJECT_ATTRIBUTES attributes;
	NETADAPTER_INIT *init;
	NTSTATUS status;

	init = NetDefaultAdapterInitAllocate(Device);
	if (init == NULL)
		return STATUS_INSUFFICIENT_RESOURCES;
	NET_ADAPTER_DATAPATH_CALLBACKS_INIT(&datapath, EvtAdapterCreateTxQueue,
					    EvtAdapterCreateRxQueue);
	NetAdapterInitSetDatapathCallbacks(init, &datapath);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, HELLO_ADAPTER);
	status = NetAdapterCreate(init, &attributes, &HelloGetDeviceContext(Device)->Adapter);
	NetAdapterInitFree(init);
	return status;
}

_Use_decl_annotations_ static NTSTATUS EvtDriverDeviceAdd(WDFDRIVER Driver,
							  PWDFDEVICE_INIT DeviceInit)
{
	WDF_PNPPOWER_EVENT_CALLBACKS pnp;
	WDF_OBJECT_ATTRIBUTES attributes;
	WDFDEVICE device;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(Driver);
	status = NetAdapterDeviceInitConfig(DeviceInit);
	if (!NT_SUCCESS(status))
		return status;
	WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&pnp);
	pnp.EvtDevicePrepareHardware = EvtDevicePrepareHardware;
	WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &pnp);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, HELLO_DEVICE);
	status = WdfDeviceCreate(&DeviceInit, &attributes, &device);
	if (!NT_SUCCESS(status))
		return status;
	return HelloCreateAdapter(device);
}

_Use_decl_annotations_ NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject,
					    PUNICODE_STRING RegistryPath)
{
	WDF_DRIVER_CONFIG config;

	WDF_DRIVER_CONFIG_INIT(&config, EvtDriverDeviceAdd);
	return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
			       WDF_NO_HANDLE);
}
