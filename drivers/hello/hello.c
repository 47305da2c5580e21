/* SPDX-License-Identifier: MIT */
/*
 * The smallest network adapter driver worth running, for NetAdapterCx 2.5: no hardware, one
 * transmit and one receive queue, checksums and segmentation offload. What the stack sends is
 * looked at and dropped. It is where README.md's "your own driver in five minutes" starts from.
 *
 * From top to bottom: the queues and their packets, the offloads, what the adapter can do, and at
 * the end how Windows comes to all of it, from DriverEntry on.
 */
#include <ntddk.h>
#include <wdf.h>
#include <netadaptercx.h>
#include <net/gso.h>

#define HELLO_MTU          1500
#define HELLO_FRAME        (HELLO_MTU + 14) /* bytes, with the Ethernet header */
#define HELLO_LINK_SPEED   1000000000ULL    /* bits per second */
#define HELLO_GSO_MAXIMUM  64000            /* bytes of payload in one packet */
#define HELLO_GSO_SEGMENTS 2

#define HELLO_LAYER3 \
	(NetAdapterOffloadLayer3FlagIPv4NoOptions | NetAdapterOffloadLayer3FlagIPv6NoExtensions)
#define HELLO_LAYER4                                                                           \
	(NetAdapterOffloadLayer4FlagTcpNoOptions | NetAdapterOffloadLayer4FlagTcpWithOptions | \
	 NetAdapterOffloadLayer4FlagUdp)

/* The device's context: the adapter that EvtDevicePrepareHardware starts. */
typedef struct _HELLO_DEVICE {
	NETADAPTER Adapter;
} HELLO_DEVICE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(HELLO_DEVICE, HelloGetDevice)

/* A queue remembers its rings, and where its packets say that they want to be segmented. */
typedef struct _HELLO_QUEUE {
	const NET_RING_COLLECTION *Rings;
	NET_EXTENSION Gso;
	ULONG64 Packets;
	ULONG64 Segments;
} HELLO_QUEUE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(HELLO_QUEUE, HelloGetQueue)

DRIVER_INITIALIZE DriverEntry;
static EVT_WDF_DRIVER_DEVICE_ADD EvtDriverDeviceAdd;
static EVT_WDF_DEVICE_PREPARE_HARDWARE EvtDevicePrepareHardware;
static EVT_NET_ADAPTER_CREATE_TXQUEUE EvtAdapterCreateTxQueue;
static EVT_NET_ADAPTER_CREATE_RXQUEUE EvtAdapterCreateRxQueue;
static EVT_NET_ADAPTER_SET_RECEIVE_FILTER EvtAdapterSetReceiveFilter;
static EVT_NET_ADAPTER_OFFLOAD_SET_TX_CHECKSUM EvtAdapterOffloadSetTxChecksum;
static EVT_NET_ADAPTER_OFFLOAD_SET_RX_CHECKSUM EvtAdapterOffloadSetRxChecksum;
static EVT_NET_ADAPTER_OFFLOAD_SET_GSO EvtAdapterOffloadSetGso;
static EVT_PACKET_QUEUE_ADVANCE EvtTxQueueAdvance;
static EVT_PACKET_QUEUE_ADVANCE EvtRxQueueAdvance;
static EVT_PACKET_QUEUE_CANCEL EvtTxQueueCancel;
static EVT_PACKET_QUEUE_CANCEL EvtRxQueueCancel;
static EVT_PACKET_QUEUE_SET_NOTIFICATION_ENABLED EvtQueueSetNotificationEnabled;

/* ---- transmit ---- */

/* What the hardware would put on the wire for a packet: one frame, or one for each Mss bytes. */
static ULONG64 HelloCountSegments(const HELLO_QUEUE *Queue, UINT32 PacketIndex)
{
	const NET_RING *packets = NetRingCollectionGetPacketRing(Queue->Rings);
	const NET_RING *fragments = NetRingCollectionGetFragmentRing(Queue->Rings);
	const NET_PACKET *packet = NetRingGetPacketAtIndex(packets, PacketIndex);
	UINT32 mss = Queue->Gso.Enabled
			     ? NetExtensionGetPacketGso(&Queue->Gso, PacketIndex)->TCP.Mss
			     : 0;
	UINT64 payload = 0;

	if (packet->Ignore)
		return 0;
	if (mss == 0)
		return 1;
	for (UINT32 i = 0; i < packet->FragmentCount; i++)
		payload += NetRingGetFragmentAtIndex(
				   fragments,
				   NetRingAdvanceIndex(fragments, packet->FragmentIndex, (INT32)i))
				   ->ValidLength;
	payload -= packet->Layout.Layer2HeaderLength + packet->Layout.Layer3HeaderLength +
		   packet->Layout.Layer4HeaderLength;
	return (payload + mss - 1) / mss;
}

/*
 * The framework has moved EndIndex: the packets from BeginIndex up to there are ours until we move
 * BeginIndex. Without hardware they are done as soon as they have been seen. Their fragments go
 * back by the BeginIndex of their own ring.
 */
_Use_decl_annotations_ static VOID EvtTxQueueAdvance(NETPACKETQUEUE Queue)
{
	HELLO_QUEUE *queue = HelloGetQueue(Queue);
	NET_RING *packets = NetRingCollectionGetPacketRing(queue->Rings);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(queue->Rings);

	while (packets->BeginIndex != packets->EndIndex) {
		queue->Segments += HelloCountSegments(queue, packets->BeginIndex);
		queue->Packets++;
		packets->BeginIndex = NetRingIncrementIndex(packets, packets->BeginIndex);
	}
	fragments->BeginIndex = fragments->EndIndex;
}

/* The queue is to end: everything goes back, sent or not. */
_Use_decl_annotations_ static VOID EvtTxQueueCancel(NETPACKETQUEUE Queue)
{
	const NET_RING_COLLECTION *rings = HelloGetQueue(Queue)->Rings;
	NET_RING *packets = NetRingCollectionGetPacketRing(rings);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(rings);

	packets->BeginIndex = packets->EndIndex;
	fragments->BeginIndex = fragments->EndIndex;
}

/* With hardware: may it interrupt? Ours never has news. */
_Use_decl_annotations_ static VOID EvtQueueSetNotificationEnabled(NETPACKETQUEUE Queue,
								  BOOLEAN NotificationEnabled)
{
	UNREFERENCED_PARAMETER(Queue);
	UNREFERENCED_PARAMETER(NotificationEnabled);
}

_Use_decl_annotations_ static NTSTATUS EvtAdapterCreateTxQueue(NETADAPTER Adapter,
							       NETTXQUEUE_INIT *TxQueueInit)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	NET_PACKET_QUEUE_CONFIG config;
	NET_EXTENSION_QUERY query;
	NETPACKETQUEUE queue;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(Adapter);
	PAGED_CODE();

	NET_PACKET_QUEUE_CONFIG_INIT(&config, EvtTxQueueAdvance, EvtQueueSetNotificationEnabled,
				     EvtTxQueueCancel);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, HELLO_QUEUE);
	status = NetTxQueueCreate(TxQueueInit, &attributes, &config, &queue);
	if (!NT_SUCCESS(status))
		return status;

	HelloGetQueue(queue)->Rings = NetTxQueueGetRingCollection(queue);
	NET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_GSO_NAME,
				 NET_PACKET_EXTENSION_GSO_VERSION_1, NetExtensionTypePacket);
	NetTxQueueGetExtension(queue, &query, &HelloGetQueue(queue)->Gso);
	return STATUS_SUCCESS;
}

/* ---- receive ---- */

/* Nothing is ever received: the buffers in the fragment ring stay where they are. */
_Use_decl_annotations_ static VOID EvtRxQueueAdvance(NETPACKETQUEUE Queue)
{
	UNREFERENCED_PARAMETER(Queue);
}

/* Packets that carry nothing go back with Ignore set. */
_Use_decl_annotations_ static VOID EvtRxQueueCancel(NETPACKETQUEUE Queue)
{
	const NET_RING_COLLECTION *rings = HelloGetQueue(Queue)->Rings;
	NET_RING *packets = NetRingCollectionGetPacketRing(rings);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(rings);

	while (packets->BeginIndex != packets->EndIndex) {
		NetRingGetPacketAtIndex(packets, packets->BeginIndex)->Ignore = TRUE;
		packets->BeginIndex = NetRingIncrementIndex(packets, packets->BeginIndex);
	}
	fragments->BeginIndex = fragments->EndIndex;
}

_Use_decl_annotations_ static NTSTATUS EvtAdapterCreateRxQueue(NETADAPTER Adapter,
							       NETRXQUEUE_INIT *RxQueueInit)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	NET_PACKET_QUEUE_CONFIG config;
	NETPACKETQUEUE queue;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(Adapter);
	PAGED_CODE();

	NET_PACKET_QUEUE_CONFIG_INIT(&config, EvtRxQueueAdvance, EvtQueueSetNotificationEnabled,
				     EvtRxQueueCancel);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, HELLO_QUEUE);
	status = NetRxQueueCreate(RxQueueInit, &attributes, &config, &queue);
	if (NT_SUCCESS(status))
		HelloGetQueue(queue)->Rings = NetRxQueueGetRingCollection(queue);
	return status;
}

/* ---- offloads: told at start, and whenever the stack changes what it wants ---- */

_Use_decl_annotations_ static VOID EvtAdapterOffloadSetTxChecksum(NETADAPTER Adapter,
								  NETOFFLOAD Offload)
{
	UNREFERENCED_PARAMETER(Adapter);
	DbgPrint("hello: transmit checksums IPv4 %u TCP %u UDP %u\n",
		 NetOffloadIsTxChecksumIPv4Enabled(Offload),
		 NetOffloadIsTxChecksumTcpEnabled(Offload),
		 NetOffloadIsTxChecksumUdpEnabled(Offload));
}

_Use_decl_annotations_ static VOID EvtAdapterOffloadSetRxChecksum(NETADAPTER Adapter,
								  NETOFFLOAD Offload)
{
	UNREFERENCED_PARAMETER(Adapter);
	DbgPrint("hello: receive checksums IPv4 %u TCP %u UDP %u\n",
		 NetOffloadIsRxChecksumIPv4Enabled(Offload),
		 NetOffloadIsRxChecksumTcpEnabled(Offload),
		 NetOffloadIsRxChecksumUdpEnabled(Offload));
}

/* `ethtool -K nic0 tso off` ends here. Offload is good until this returns. */
_Use_decl_annotations_ static VOID EvtAdapterOffloadSetGso(NETADAPTER Adapter, NETOFFLOAD Offload)
{
	UNREFERENCED_PARAMETER(Adapter);
	DbgPrint("hello: LSO IPv4 %u IPv6 %u USO IPv4 %u IPv6 %u\n",
		 NetOffloadIsLsoIPv4Enabled(Offload), NetOffloadIsLsoIPv6Enabled(Offload),
		 NetOffloadIsUsoIPv4Enabled(Offload), NetOffloadIsUsoIPv6Enabled(Offload));
}

/* What is offered to the stack is what the INF has a keyword for: see hello.inf. */
static VOID HelloSetOffloads(NETADAPTER Adapter)
{
	NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES txChecksum;
	NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES rxChecksum;
	NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES gso;

	NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES_INIT(&txChecksum, HELLO_LAYER3,
							  EvtAdapterOffloadSetTxChecksum);
	txChecksum.Layer4Flags = HELLO_LAYER4;
	NetAdapterOffloadSetTxChecksumCapabilities(Adapter, &txChecksum);

	NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES_INIT(&rxChecksum,
							  EvtAdapterOffloadSetRxChecksum);
	NetAdapterOffloadSetRxChecksumCapabilities(Adapter, &rxChecksum);

	NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES_INIT(&gso, HELLO_LAYER3, HELLO_LAYER4,
						  HELLO_GSO_MAXIMUM, HELLO_GSO_SEGMENTS,
						  EvtAdapterOffloadSetGso);
	NetAdapterOffloadSetGsoCapabilities(Adapter, &gso);
}

/* ---- the adapter ---- */

_Use_decl_annotations_ static VOID EvtAdapterSetReceiveFilter(NETADAPTER Adapter,
							      NETRECEIVEFILTER Handle)
{
	UNREFERENCED_PARAMETER(Adapter);
	DbgPrint("hello: packet filter 0x%x, %zu multicast addresses\n",
		 NetReceiveFilterGetPacketFilter(Handle),
		 NetReceiveFilterGetMulticastAddressCount(Handle));
}

static VOID HelloSetLink(NETADAPTER Adapter)
{
	static const UCHAR station[] = { 0x02, 0x00, 0x5E, 0x00, 0x00, 0x01 };
	NET_ADAPTER_LINK_LAYER_CAPABILITIES linkLayer;
	NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES filter;
	NET_ADAPTER_LINK_LAYER_ADDRESS address;
	NET_ADAPTER_LINK_STATE link;

	NET_ADAPTER_LINK_LAYER_CAPABILITIES_INIT(&linkLayer, HELLO_LINK_SPEED, HELLO_LINK_SPEED);
	NetAdapterSetLinkLayerCapabilities(Adapter, &linkLayer);
	NetAdapterSetLinkLayerMtuSize(Adapter, HELLO_MTU);
	NET_ADAPTER_LINK_LAYER_ADDRESS_INIT(&address, sizeof(station), station);
	NetAdapterSetPermanentLinkLayerAddress(Adapter, &address);
	NetAdapterSetCurrentLinkLayerAddress(Adapter, &address);

	NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES_INIT(&filter, EvtAdapterSetReceiveFilter);
	filter.SupportedPacketFilters = NetPacketFilterFlagDirected | NetPacketFilterFlagBroadcast;
	NetAdapterSetReceiveFilterCapabilities(Adapter, &filter);

	NET_ADAPTER_LINK_STATE_INIT(&link, HELLO_LINK_SPEED, MediaConnectStateConnected,
				    MediaDuplexStateFull, NetAdapterPauseFunctionTypeUnsupported,
				    NetAdapterAutoNegotiationFlagNone);
	NetAdapterSetLinkState(Adapter, &link);
}

static VOID HelloSetDatapath(NETADAPTER Adapter)
{
	NET_ADAPTER_TX_CAPABILITIES tx;
	NET_ADAPTER_RX_CAPABILITIES rx;

	NET_ADAPTER_TX_CAPABILITIES_INIT(&tx, 1);
	NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED(&rx, HELLO_FRAME, 1);
	NetAdapterSetDataPathCapabilities(Adapter, &tx, &rx);
}

/* All capabilities come before NetAdapterStart, which calls the offload callbacks. */
_Use_decl_annotations_ static NTSTATUS EvtDevicePrepareHardware(WDFDEVICE Device,
								WDFCMRESLIST ResourcesRaw,
								WDFCMRESLIST ResourcesTranslated)
{
	NETADAPTER adapter = HelloGetDevice(Device)->Adapter;

	UNREFERENCED_PARAMETER(ResourcesRaw);
	UNREFERENCED_PARAMETER(ResourcesTranslated);
	PAGED_CODE();

	HelloSetLink(adapter);
	HelloSetDatapath(adapter);
	HelloSetOffloads(adapter);
	return NetAdapterStart(adapter);
}

static NTSTATUS HelloCreateAdapter(WDFDEVICE Device)
{
	NET_ADAPTER_DATAPATH_CALLBACKS datapath;
	NETADAPTER_INIT *init;
	NTSTATUS status;

	init = NetAdapterInitAllocate(Device);
	if (init == NULL)
		return STATUS_INSUFFICIENT_RESOURCES;

	NET_ADAPTER_DATAPATH_CALLBACKS_INIT(&datapath, EvtAdapterCreateTxQueue,
					    EvtAdapterCreateRxQueue);
	NetAdapterInitSetDatapathCallbacks(init, &datapath);
	status = NetAdapterCreate(init, WDF_NO_OBJECT_ATTRIBUTES, &HelloGetDevice(Device)->Adapter);

	NetAdapterInitFree(init);
	return status;
}

/* ---- where Windows comes in ---- */

/* A new device. NetDeviceInitConfig makes a network device of what is otherwise any WDF device. */
_Use_decl_annotations_ static NTSTATUS EvtDriverDeviceAdd(WDFDRIVER Driver,
							  PWDFDEVICE_INIT DeviceInit)
{
	WDF_PNPPOWER_EVENT_CALLBACKS callbacks;
	WDF_OBJECT_ATTRIBUTES attributes;
	WDFDEVICE device;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(Driver);
	PAGED_CODE();

	status = NetDeviceInitConfig(DeviceInit);
	if (!NT_SUCCESS(status))
		return status;

	WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
	callbacks.EvtDevicePrepareHardware = EvtDevicePrepareHardware;
	WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &callbacks);

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
