/* SPDX-License-Identifier: MIT */
#include "rings.h"

#include <net/checksum.h>
#include <net/databuffer.h>
#include <net/returncontext.h>
#include <net/virtualaddress.h>
#include <preview/netadapteroffload.h>
#include <stdlib.h>
#include <string.h>

__attribute__((visibility("default"))) struct rings rings = { .lock = PTHREAD_MUTEX_INITIALIZER };

typedef struct _RINGS_QUEUE {
	const NET_RING_COLLECTION *Rings;
	BOOLEAN Transmit;
} RINGS_QUEUE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(RINGS_QUEUE, RingsGetQueue)

#if NETADAPTER_VERSION_MINOR < 1
NTSTATUS RingsCreateContext(WDFDEVICE device)
{
	UNREFERENCED_PARAMETER(device);
	return STATUS_SUCCESS;
}

void RingsGroup(NET_PACKET_QUEUE_CONFIG *config, BOOLEAN transmit)
{
	UNREFERENCED_PARAMETER(config);
	UNREFERENCED_PARAMETER(transmit);
}

void RingsNoteAdvance(BOOLEAN transmit)
{
	UNREFERENCED_PARAMETER(transmit);
}
#endif

static void Deed(enum rings_place place, NETPACKETQUEUE Queue, UINT32 packet)
{
	const RINGS_QUEUE *queue = RingsGetQueue(Queue);
	struct rings_event event = { .place = place,
				     .transmit = queue->Transmit,
				     .rings = queue->Rings,
				     .queue = Queue,
				     .packet = packet };

	if (rings.deed)
		rings.deed(&event);
}

/* ---- transmit ---- */

static void WriteDown(const NET_RING_COLLECTION *collection, UINT32 index)
{
	NET_RING *fragments = NetRingCollectionGetFragmentRing(collection);
	NET_PACKET *packet =
		NetRingGetPacketAtIndex(NetRingCollectionGetPacketRing(collection), index);
	struct rings_sent *last = &rings.last;

	memcpy(&last->packet, packet, sizeof(*packet));
	last->length = 0;
	for (UINT32 i = 0; i < packet->FragmentCount; i++) {
		UINT32 at = NetRingAdvanceIndex(fragments, packet->FragmentIndex, (INT32)i);
		NET_FRAGMENT *fragment = NetRingGetFragmentAtIndex(fragments, at);
		SIZE_T room = sizeof(last->bytes) - last->length;
		SIZE_T take = fragment->ValidLength < room ? fragment->ValidLength : room;

		memcpy(last->bytes + last->length,
		       NetExtensionGetFragmentVirtualAddressOffset(fragment, &rings.txAddress, at),
		       take);
		last->length += take;
		fragment->Scratch = 1;
	}
	packet->Scratch = 1;
	rings.sent++;
}

static void ReturnAll(const NET_RING_COLLECTION *collection)
{
	NET_RING *packets = NetRingCollectionGetPacketRing(collection);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(collection);

	fragments->BeginIndex = fragments->EndIndex;
	packets->BeginIndex = packets->EndIndex;
}

static void TxAdvance(NETPACKETQUEUE Queue)
{
	const NET_RING_COLLECTION *collection = RingsGetQueue(Queue)->Rings;
	NET_RING *packets = NetRingCollectionGetPacketRing(collection);

	RingsNoteAdvance(RingsGetQueue(Queue)->Transmit);
	Deed(RINGS_ADVANCES, Queue, 0);
	pthread_mutex_lock(&rings.lock);
	for (; packets->NextIndex != packets->EndIndex;
	     packets->NextIndex = NetRingIncrementIndex(packets, packets->NextIndex)) {
		WriteDown(collection, packets->NextIndex);
		rings.held++;
		Deed(RINGS_FILLS, Queue, packets->NextIndex);
	}
	if (!rings.holds && (!rings.waits || rings.mayReturn)) {
		rings.completed += packets->BeginIndex != packets->EndIndex;
		rings.mayReturn = FALSE;
		rings.held = 0;
		ReturnAll(collection);
	}
	pthread_mutex_unlock(&rings.lock);
	Deed(RINGS_ADVANCED, Queue, 0);
}

static void TxCancel(NETPACKETQUEUE Queue)
{
	ReturnAll(RingsGetQueue(Queue)->Rings);
	Deed(RINGS_CANCELS, Queue, 0);
}

/* ---- receive ---- */

static UCHAR *Attach(const NET_RING_COLLECTION *collection, UINT32 index, SIZE_T length)
{
	NET_RING *buffers = NetRingCollectionGetDataBufferRing(collection);
	NET_FRAGMENT *fragment =
		NetRingGetFragmentAtIndex(NetRingCollectionGetFragmentRing(collection), index);
	NET_FRAGMENT_VIRTUAL_ADDRESS *address =
		NetExtensionGetFragmentVirtualAddress(&rings.virtualAddress, index);

	switch (rings.buffers) {
	case RINGS_DRIVER:
		address->VirtualAddress = malloc(length);
		NetExtensionGetFragmentReturnContext(&rings.returnContext, index)->Handle =
			(NET_FRAGMENT_RETURN_CONTEXT_HANDLE)address->VirtualAddress;
		fragment->Capacity = length;
		break;
	case RINGS_ATTACHES:
		NetExtensionGetFragmentDataBuffer(&rings.dataBuffer, index)->Handle =
			(NET_DATA_BUFFER_HANDLE)*NetRingGetDataBufferAtIndex(buffers,
									     buffers->NextIndex);
		fragment->Capacity = 2048;
		address = NetExtensionGetFragmentVirtualAddress(&rings.bufferAddress,
								buffers->NextIndex);
		buffers->NextIndex = NetRingIncrementIndex(buffers, buffers->NextIndex);
		break;
	default:
		break;
	}
	return address->VirtualAddress;
}

static void FillPacket(const NET_RING_COLLECTION *collection, NETPACKETQUEUE Queue)
{
	NET_RING *packets = NetRingCollectionGetPacketRing(collection);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(collection);
	NET_RING *buffers = NetRingCollectionGetDataBufferRing(collection);
	UINT32 index = packets->BeginIndex, first, count = rings.pieces ? rings.pieces : 1;
	NET_PACKET *packet = NetRingGetPacketAtIndex(packets, index);
	SIZE_T at = 0, piece = rings.receiveLength / count;

	first = NetRingAdvanceIndex(fragments, fragments->BeginIndex, rings.skipsOne ? 1 : 0);
	if (buffers)
		buffers->NextIndex = buffers->BeginIndex;
	for (UINT32 i = 0; i < count; i++) {
		UINT32 where = NetRingAdvanceIndex(fragments, first, (INT32)i);
		NET_FRAGMENT *fragment = NetRingGetFragmentAtIndex(fragments, where);
		SIZE_T length = i + 1 == count ? rings.receiveLength - at : piece;

		memcpy(Attach(collection, where, length), rings.receive + at, length);
		fragment->Offset = 0;
		fragment->ValidLength = length;
		at += length;
	}
	packet->FragmentIndex = first;
	packet->FragmentCount = (UINT16)count;
	packet->Layout = (NET_PACKET_LAYOUT){ 0 };
	packet->Layout.Layer2Type = NetPacketLayer2TypeEthernet;
	Deed(RINGS_FILLS, Queue, index);
	fragments->BeginIndex = NetRingAdvanceIndex(fragments, first, (INT32)count);
	if (buffers)
		buffers->BeginIndex = buffers->NextIndex;
	packets->BeginIndex = NetRingIncrementIndex(packets, packets->BeginIndex);
	rings.receive = NULL;
	rings.received++;
}

static void IgnoreAll(const NET_RING_COLLECTION *collection)
{
	NET_RING *packets = NetRingCollectionGetPacketRing(collection);

	for (UINT32 i = packets->BeginIndex; i != packets->EndIndex;
	     i = NetRingIncrementIndex(packets, i)) {
		NetRingGetPacketAtIndex(packets, i)->Ignore = 1;
		rings.ignored++;
	}
	ReturnAll(collection);
}

static void RxAdvance(NETPACKETQUEUE Queue)
{
	const NET_RING_COLLECTION *collection = RingsGetQueue(Queue)->Rings;

	RingsNoteAdvance(RingsGetQueue(Queue)->Transmit);
	Deed(RINGS_ADVANCES, Queue, 0);
	pthread_mutex_lock(&rings.lock);
	if (rings.cancelled[0])
		IgnoreAll(collection);
	else if (rings.receive)
		FillPacket(collection, Queue);
	pthread_mutex_unlock(&rings.lock);
	Deed(RINGS_ADVANCED, Queue, 0);
}

static void RxCancel(NETPACKETQUEUE Queue)
{
	if (rings.keepsAtCancel)
		rings.cancelled[0] = TRUE;
	else
		IgnoreAll(RingsGetQueue(Queue)->Rings);
	Deed(RINGS_CANCELS, Queue, 0);
}

/* ---- both ---- */

static void Start(NETPACKETQUEUE Queue)
{
	const NET_RING_COLLECTION *collection = RingsGetQueue(Queue)->Rings;
	const NET_RING *packets = NetRingCollectionGetPacketRing(collection);
	const NET_RING *fragments = NetRingCollectionGetFragmentRing(collection);

	pthread_mutex_lock(&rings.lock);
	rings.cancelled[0] = FALSE;
	if (RingsGetQueue(Queue)->Transmit)
		rings.txRings = collection;
	rings.starts++;
	rings.startsAtZero += !packets->BeginIndex && !packets->EndIndex && !packets->NextIndex &&
			      !fragments->BeginIndex && !fragments->EndIndex &&
			      !fragments->NextIndex;
	pthread_mutex_unlock(&rings.lock);
	Deed(RINGS_STARTS, Queue, 0);
}

static void Stop(NETPACKETQUEUE Queue)
{
	if (RingsGetQueue(Queue)->Transmit)
		rings.txRings = NULL;
	Deed(RINGS_STOPS, Queue, 0);
}

static void SetNotificationEnabled(NETPACKETQUEUE Queue, BOOLEAN Enabled)
{
	UNREFERENCED_PARAMETER(Enabled);
	pthread_mutex_lock(&rings.lock);
	rings.arms++;
	rings.armsTx += RingsGetQueue(Queue)->Transmit;
	rings.mayReturn = rings.mayReturn || RingsGetQueue(Queue)->Transmit;
	pthread_mutex_unlock(&rings.lock);
	if (rings.waits && RingsGetQueue(Queue)->Transmit)
		NetTxQueueNotifyMoreCompletedPacketsAvailable(Queue);
	Deed(RINGS_ARMS, Queue, 0);
}

static void DeedAtCreation(enum rings_place place, BOOLEAN transmit, NETTXQUEUE_INIT *txInit,
			   NETRXQUEUE_INIT *rxInit, NET_PACKET_QUEUE_CONFIG *config,
			   NETPACKETQUEUE queue)
{
	struct rings_event event = { .place = place,
				     .transmit = transmit,
				     .queue = queue,
				     .config = config,
				     .txInit = txInit,
				     .rxInit = rxInit };

	if (rings.deed)
		rings.deed(&event);
}

static void Query(NETPACKETQUEUE queue, BOOLEAN transmit, PCWSTR name, NET_EXTENSION_TYPE type,
		  NET_EXTENSION *extension)
{
	NET_EXTENSION_QUERY query;

	NET_EXTENSION_QUERY_INIT(&query, name, 1, type);
	if (transmit)
		NetTxQueueGetExtension(queue, &query, extension);
	else
		NetRxQueueGetExtension(queue, &query, extension);
}

static NTSTATUS CreateTxQueue(NETADAPTER Adapter, NETTXQUEUE_INIT *Init)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	NET_PACKET_QUEUE_CONFIG config;
	NETPACKETQUEUE queue;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(Adapter);
	NET_PACKET_QUEUE_CONFIG_INIT(&config, TxAdvance, SetNotificationEnabled, TxCancel);
	config.EvtStart = Start;
	config.EvtStop = Stop;
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, RINGS_QUEUE);
	if (rings.grouped)
		RingsGroup(&config, TRUE);
	DeedAtCreation(RINGS_CREATES, TRUE, Init, NULL, &config, NULL);
	status = NetTxQueueCreate(Init, &attributes, &config, &queue);
	if (!NT_SUCCESS(status))
		return status;
	RingsGetQueue(queue)->Rings = NetTxQueueGetRingCollection(queue);
	RingsGetQueue(queue)->Transmit = TRUE;
	rings.tx = queue;
	Query(queue, TRUE, NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_NAME, NetExtensionTypeFragment,
	      &rings.txAddress);
	DeedAtCreation(RINGS_CREATED, TRUE, Init, NULL, &config, queue);
	return STATUS_SUCCESS;
}

static NTSTATUS CreateRxQueue(NETADAPTER Adapter, NETRXQUEUE_INIT *Init)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	NET_PACKET_QUEUE_CONFIG config;
	NETPACKETQUEUE queue;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(Adapter);
	NET_PACKET_QUEUE_CONFIG_INIT(&config, RxAdvance, SetNotificationEnabled, RxCancel);
	config.EvtStart = Start;
	config.EvtStop = Stop;
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, RINGS_QUEUE);
	if (rings.grouped)
		RingsGroup(&config, FALSE);
	DeedAtCreation(RINGS_CREATES, FALSE, NULL, Init, &config, NULL);
	RingsMisuseInit(Init, &config);
	RingsSpoilConfig(&Init, &attributes, &config);
	status = NetRxQueueCreate(Init, &attributes, &config, &queue);
	if (!NT_SUCCESS(status))
		return status;
	RingsGetQueue(queue)->Rings = NetRxQueueGetRingCollection(queue);
	rings.rx = queue;
	Query(queue, FALSE, NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_NAME, NetExtensionTypeFragment,
	      &rings.virtualAddress);
	Query(queue, FALSE, NET_FRAGMENT_EXTENSION_RETURN_CONTEXT_NAME, NetExtensionTypeFragment,
	      &rings.returnContext);
	Query(queue, FALSE, NET_FRAGMENT_EXTENSION_DATA_BUFFER_NAME, NetExtensionTypeFragment,
	      &rings.dataBuffer);
	Query(queue, FALSE, NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_NAME, NetExtensionTypeBuffer,
	      &rings.bufferAddress);
	Query(queue, FALSE, NET_PACKET_EXTENSION_CHECKSUM_NAME, NetExtensionTypePacket,
	      &rings.checksumExtension);
	RingsMisuseQueue(Init, &config, queue);
	DeedAtCreation(RINGS_CREATED, FALSE, NULL, Init, &config, queue);
	return STATUS_SUCCESS;
}

/* ---- the adapter ---- */

static void ReturnRxBuffer(NETADAPTER Adapter, NET_FRAGMENT_RETURN_CONTEXT_HANDLE Handle)
{
	UNREFERENCED_PARAMETER(Adapter);
	free(Handle);
	__atomic_fetch_add(&rings.returned, 1, __ATOMIC_SEQ_CST);
}

#if NETADAPTER_VERSION_MINOR >= 1
static void SetOffload(NETADAPTER Adapter, NETOFFLOAD Offload)
{
	UNREFERENCED_PARAMETER(Adapter);
	UNREFERENCED_PARAMETER(Offload);
	pthread_mutex_lock(&rings.lock);
	rings.offloadCalls++;
	rings.heldThen = rings.held;
	pthread_mutex_unlock(&rings.lock);
}

static NTSTATUS EnableScaling(NETADAPTER Adapter, NET_ADAPTER_RECEIVE_SCALING_HASH_TYPE HashType,
			      NET_ADAPTER_RECEIVE_SCALING_PROTOCOL_TYPE ProtocolType)
{
	UNREFERENCED_PARAMETER(Adapter);
	UNREFERENCED_PARAMETER(HashType);
	UNREFERENCED_PARAMETER(ProtocolType);
	return STATUS_SUCCESS;
}

static void DisableScaling(NETADAPTER Adapter)
{
	UNREFERENCED_PARAMETER(Adapter);
}

static NTSTATUS SetKey(NETADAPTER Adapter, const NET_ADAPTER_RECEIVE_SCALING_HASH_SECRET_KEY *Key)
{
	UNREFERENCED_PARAMETER(Adapter);
	UNREFERENCED_PARAMETER(Key);
	return STATUS_SUCCESS;
}

static NTSTATUS SetEntries(NETADAPTER Adapter,
			   NET_ADAPTER_RECEIVE_SCALING_INDIRECTION_ENTRIES *Entries)
{
	UNREFERENCED_PARAMETER(Adapter);
	UNREFERENCED_PARAMETER(Entries);
	return STATUS_SUCCESS;
}

static void SetOffloads(NETADAPTER adapter)
{
	const NET_ADAPTER_OFFLOAD_LAYER3_FLAGS layer3 = NetAdapterOffloadLayer3FlagIPv4NoOptions |
							NetAdapterOffloadLayer3FlagIPv6NoExtensions;
	NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES checksum;
	NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES gso;
	NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES rsc;
	NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES tag;

	if (rings.checksum) {
		NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES_INIT(&checksum, SetOffload);
		NetAdapterOffloadSetRxChecksumCapabilities(adapter, &checksum);
	}
	if (rings.gso) {
		NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES_INIT(&gso, layer3,
							  NetAdapterOffloadLayer4FlagTcpNoOptions,
							  60000, 2, SetOffload);
		NetAdapterOffloadSetGsoCapabilities(adapter, &gso);
	}
	if (rings.rsc) {
		NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES_INIT(
			&rsc, layer3, NetAdapterOffloadLayer4FlagTcpNoOptions, SetOffload);
		rsc.TcpTimestampOption = rings.timestamps;
		NetAdapterOffloadSetRscCapabilities(adapter, &rsc);
	}
	if (rings.ieee8021q) {
		NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES_INIT(
			&tag, NetAdapterOffloadIeee8021PriorityTaggingFlag |
				      NetAdapterOffloadIeee8021VlanTaggingFlag);
		NetAdapterOffloadSetIeee8021qTagCapabilities(adapter, &tag);
	}
}

static void SetScaling(NETADAPTER adapter)
{
	NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES scaling;

	if (!rings.scaling)
		return;
	NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES_INIT(
		&scaling, 2, NetAdapterReceiveScalingUnhashedTargetTypeHashIndex,
		NetAdapterReceiveScalingHashTypeToeplitz, NetAdapterReceiveScalingProtocolTypeIPv4,
		EnableScaling, DisableScaling, SetKey, SetEntries);
	NetAdapterSetReceiveScalingCapabilities(adapter, &scaling);
}
#else
static void SetChecksum(NETADAPTER Adapter, NETOFFLOAD Offload)
{
	UNREFERENCED_PARAMETER(Adapter);
	UNREFERENCED_PARAMETER(Offload);
}

static void SetOffloads(NETADAPTER adapter)
{
	NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES checksum;
	NET_ADAPTER_OFFLOAD_IEEE8021P_TAG_CAPABILITIES tag;

	if (rings.ieee8021q) {
		NET_ADAPTER_OFFLOAD_IEEE8021P_TAG_CAPABILITIES_INIT(&tag);
		NetAdapterOffloadSetIeee8021pTagCapabilities(adapter, &tag);
	}
	if (!rings.checksum)
		return;
	NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES_INIT(&checksum, TRUE, TRUE, TRUE, SetChecksum);
	NetAdapterOffloadSetChecksumCapabilities(adapter, &checksum);
}

static void SetScaling(NETADAPTER adapter)
{
	UNREFERENCED_PARAMETER(adapter);
}
#endif

static void SetDatapath(NETADAPTER adapter)
{
	NET_ADAPTER_TX_CAPABILITIES tx;
	NET_ADAPTER_RX_CAPABILITIES rx;

	NET_ADAPTER_TX_CAPABILITIES_INIT(&tx, 1);
	if (rings.buffers == RINGS_DRIVER)
		NET_ADAPTER_RX_CAPABILITIES_INIT_DRIVER_MANAGED(&rx, ReturnRxBuffer, 2048, 1);
	else
		NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED(&rx, 2048, 1);
	if (rings.buffers == RINGS_ATTACHES)
		rx.AttachmentMode = NetRxFragmentBufferAttachmentModeDriver;
	NetAdapterSetDataPathCapabilities(adapter, &tx, &rx);
}

static NTSTATUS PrepareHardware(WDFDEVICE Device, WDFCMRESLIST Raw, WDFCMRESLIST Translated)
{
	static const UCHAR station[] = { 2, 0, 0, 0, 0, 2 };
	NET_ADAPTER_LINK_LAYER_CAPABILITIES linkLayer;
	NET_ADAPTER_LINK_LAYER_ADDRESS address;
	NET_ADAPTER_LINK_STATE link;

	UNREFERENCED_PARAMETER(Device);
	UNREFERENCED_PARAMETER(Raw);
	UNREFERENCED_PARAMETER(Translated);
	NET_ADAPTER_LINK_LAYER_CAPABILITIES_INIT(&linkLayer, 1000000000, 1000000000);
	NetAdapterSetLinkLayerCapabilities(rings.adapter, &linkLayer);
	NetAdapterSetLinkLayerMtuSize(rings.adapter, 1500);
	NET_ADAPTER_LINK_LAYER_ADDRESS_INIT(&address, sizeof(station), station);
	NetAdapterSetPermanentLinkLayerAddress(rings.adapter, &address);
	NetAdapterSetCurrentLinkLayerAddress(rings.adapter, &address);
	NET_ADAPTER_LINK_STATE_INIT(&link, 1000000000, MediaConnectStateConnected,
				    MediaDuplexStateFull, NetAdapterPauseFunctionTypeUnsupported,
				    NetAdapterAutoNegotiationFlagNone);
	NetAdapterSetLinkState(rings.adapter, &link);
	SetDatapath(rings.adapter);
	SetOffloads(rings.adapter);
	SetScaling(rings.adapter);
	return NetAdapterStart(rings.adapter);
}

static NTSTATUS ReleaseHardware(WDFDEVICE Device, WDFCMRESLIST Translated)
{
	UNREFERENCED_PARAMETER(Device);
	UNREFERENCED_PARAMETER(Translated);
	RingsUseKeptInit();
	NetAdapterStop(rings.adapter);
	return STATUS_SUCCESS;
}

static NTSTATUS CreateAdapter(WDFDEVICE device)
{
	NETADAPTER_INIT *init = NetAdapterInitAllocate(device);
	NET_ADAPTER_DATAPATH_CALLBACKS datapath;
	NTSTATUS status;

	if (!init)
		return STATUS_INSUFFICIENT_RESOURCES;
	NET_ADAPTER_DATAPATH_CALLBACKS_INIT(&datapath, CreateTxQueue, CreateRxQueue);
	NetAdapterInitSetDatapathCallbacks(init, &datapath);
#if NETADAPTER_VERSION_MINOR >= 1
	if (rings.demux) {
		NET_ADAPTER_TX_DEMUX demux;

		NET_ADAPTER_TX_8021P_DEMUX_INIT(&demux);
		NetAdapterInitAddTxDemux(init, &demux);
	}
#endif
	status = NetAdapterCreate(init, WDF_NO_OBJECT_ATTRIBUTES, &rings.adapter);
	NetAdapterInitFree(init);
	return status;
}

static NTSTATUS DeviceAdd(WDFDRIVER Driver, PWDFDEVICE_INIT DeviceInit)
{
	WDF_PNPPOWER_EVENT_CALLBACKS pnp;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(Driver);
	status = NetDeviceInitConfig(DeviceInit);
	if (!NT_SUCCESS(status))
		return status;
	WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&pnp);
	pnp.EvtDevicePrepareHardware = PrepareHardware;
	pnp.EvtDeviceReleaseHardware = ReleaseHardware;
	WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &pnp);
	status = WdfDeviceCreate(&DeviceInit, WDF_NO_OBJECT_ATTRIBUTES, &rings.device);
	if (NT_SUCCESS(status) && rings.grouped)
		status = RingsCreateContext(rings.device);
	return NT_SUCCESS(status) ? CreateAdapter(rings.device) : status;
}

DRIVER_INITIALIZE DriverEntry;

__attribute__((visibility("default"))) NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject,
							    PUNICODE_STRING RegistryPath)
{
	WDF_DRIVER_CONFIG config;

	WDF_DRIVER_CONFIG_INIT(&config, DeviceAdd);
	return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
			       WDF_NO_HANDLE);
}
