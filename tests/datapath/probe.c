/* SPDX-License-Identifier: MIT */
#include "probe.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

struct probe probe = { .lock = PTHREAD_MUTEX_INITIALIZER };

typedef struct _PROBE_QUEUE {
	PCNET_DATAPATH_DESCRIPTOR Datapath;
	SIZE_T ChecksumOffset, LsoOffset;
	ULONG Id;
	BOOLEAN Transmit;
} PROBE_QUEUE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(PROBE_QUEUE, ProbeGetQueue)

typedef struct _PROBE_DEVICE {
	NETADAPTER Adapter;
} PROBE_DEVICE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(PROBE_DEVICE, ProbeGetDevice)

void probe_reset(void)
{
	for (unsigned i = 0; i < probe.count && i < PROBE_PACKETS; i++)
		free(probe.packets[i].data);
	memset(&probe, 0, sizeof(probe));
	pthread_mutex_init(&probe.lock, NULL);
	probe.settings = (struct probe_settings){
		.declareChecksum = TRUE,
		.checksumIPv4 = TRUE,
		.checksumTcp = TRUE,
		.checksumUdp = TRUE,
		.declareLso = TRUE,
		.lsoIPv4 = TRUE,
		.lsoIPv6 = TRUE,
		.lsoMaximum = 64000,
		.lsoSegments = 2,
		.maximumFragment = 64000 + 128,
		.maximumFragments = 16,
		.receiveFragment = 2048,
	};
}

static void Deed(enum probe_place place, NETPACKETQUEUE Queue)
{
	const PROBE_QUEUE *queue = ProbeGetQueue(Queue);

	if (probe.deed)
		probe.deed(place, queue->Datapath, queue->Transmit, queue->Id);
}

static void WriteDown(PROBE_QUEUE *queue, NET_PACKET *packet)
{
	struct probe_packet *note = &probe.packets[probe.count];
	SIZE_T at = 0;

	if (probe.quiet || probe.count == PROBE_PACKETS) {
		probe.count += probe.quiet;
		return;
	}
	memset(note, 0, sizeof(*note));
	note->ignored = packet->IgnoreThisPacket;
	note->layout = packet->Layout;
	note->layer3 = note->layer4 = 0xFF;
	if (queue->ChecksumOffset != NET_PACKET_EXTENSION_INVALID_OFFSET) {
		note->layer3 = NetPacketGetPacketChecksum(packet, queue->ChecksumOffset)->Layer3;
		note->layer4 = NetPacketGetPacketChecksum(packet, queue->ChecksumOffset)->Layer4;
	}
	if (queue->LsoOffset != NET_PACKET_EXTENSION_INVALID_OFFSET)
		note->mss =
			NetPacketGetPacketLargeSendSegmentation(packet, queue->LsoOffset)->TCP.Mss;
	note->fragments = packet->FragmentCount;
	for (UINT32 i = 0; i < packet->FragmentCount; i++)
		note->length += NET_PACKET_GET_FRAGMENT(packet, queue->Datapath, i)->ValidLength;
	note->data = malloc(note->length ? note->length : 1);
	for (UINT32 i = 0; i < packet->FragmentCount; i++) {
		NET_PACKET_FRAGMENT *f = NET_PACKET_GET_FRAGMENT(packet, queue->Datapath, i);

		memcpy(note->data + at, (UCHAR *)f->VirtualAddress + f->Offset, f->ValidLength);
		at += f->ValidLength;
	}
	probe.count++;
}

static VOID TxAdvance(NETPACKETQUEUE Queue)
{
	PROBE_QUEUE *queue = ProbeGetQueue(Queue);
	NET_RING_BUFFER *ring = NET_DATAPATH_DESCRIPTOR_GET_PACKET_RING_BUFFER(queue->Datapath);
	int misdeed = probe.misdeed;
	KIRQL irql;

	Deed(PROBE_ADVANCES, Queue);
	pthread_mutex_lock(&probe.lock);
	probe.advances++;
	while (ring->NextIndex != ring->EndIndex) {
		WriteDown(queue, NetRingBufferGetPacketAtIndex(queue->Datapath, ring->NextIndex));
		ring->NextIndex = NetRingBufferIncrementIndex(ring, ring->NextIndex);
	}
	pthread_mutex_unlock(&probe.lock);
	if (probe.inAdvance)
		probe.inAdvance();
	switch (misdeed) {
	case PROBE_HOLDS_PACKETS:
		return;
	case PROBE_BEGIN_TOO_FAR:
		ring->BeginIndex = NetRingBufferIncrementIndex(ring, ring->EndIndex);
		return;
	case PROBE_RAISES_IRQL:
		KeRaiseIrql(DISPATCH_LEVEL, &irql);
		break;
	}
	ring->BeginIndex = ring->NextIndex;
	Deed(PROBE_ADVANCED, Queue);
}

static VOID Start(NETPACKETQUEUE Queue)
{
	const NET_RING_BUFFER *ring =
		NET_DATAPATH_DESCRIPTOR_GET_PACKET_RING_BUFFER(ProbeGetQueue(Queue)->Datapath);

	pthread_mutex_lock(&probe.lock);
	probe.starts++;
	probe.startsAtZero += !ring->BeginIndex && !ring->NextIndex && !ring->EndIndex;
	pthread_mutex_unlock(&probe.lock);
	Deed(PROBE_STARTS, Queue);
}

static VOID Stop(NETPACKETQUEUE Queue)
{
	Deed(PROBE_STOPS, Queue);
}

static VOID TxCancel(NETPACKETQUEUE Queue)
{
	Deed(PROBE_CANCELS, Queue);
}

void probe_interrupt(const UCHAR *frame, SIZE_T length)
{
	BOOLEAN armed;

	pthread_mutex_lock(&probe.lock);
	probe.receive = frame;
	probe.receiveLength = length;
	armed = probe.armed;
	probe.armed = FALSE;
	pthread_mutex_unlock(&probe.lock);
	if (armed)
		NetRxQueueNotifyMoreReceivedPacketsAvailable(probe.rxQueue);
}

void probe_make_frames(unsigned id, unsigned count)
{
	probe.sources[id].wanted += count;
	NetRxQueueNotifyMoreReceivedPacketsAvailable(probe.sources[id].queue);
}

static VOID SetNotificationEnabled(NETPACKETQUEUE Queue, BOOLEAN Enabled)
{
	static const UCHAR late[100] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45 };
	BOOLEAN comes = FALSE;

	UNREFERENCED_PARAMETER(Enabled);
	pthread_mutex_lock(&probe.lock);
	probe.arms++;
	if (Queue == probe.rxQueue) {
		probe.armed = TRUE;
		comes = probe.settings.framesAtArming > 0;
		probe.settings.framesAtArming -= comes;
	}
	pthread_mutex_unlock(&probe.lock);
	if (comes)
		probe_interrupt(late, sizeof(late));
	Deed(PROBE_ARMS, Queue);
}

/* Frames of its own, as many as the ring has room for: no lock, each queue its thread. */
static void MakeFrames(PROBE_QUEUE *queue, NET_RING_BUFFER *ring)
{
	struct probe_source *source = &probe.sources[queue->Id];

	while (source->made != source->wanted && ring->BeginIndex != ring->EndIndex) {
		NET_PACKET *packet =
			NetRingBufferGetPacketAtIndex(queue->Datapath, ring->BeginIndex);
		NET_PACKET_FRAGMENT *fragment = NET_PACKET_GET_FRAGMENT(packet, queue->Datapath, 0);
		UCHAR *data = fragment->VirtualAddress;
		unsigned number = source->made;

		memset(data, 0, 64);
		data[14] = (UCHAR)queue->Id;
		memcpy(data + 15, &number, sizeof(number));
		fragment->ValidLength = 64;
		ring->BeginIndex = NetRingBufferIncrementIndex(ring, ring->BeginIndex);
		source->made = number + 1;
	}
}

static void ReceiveOne(PROBE_QUEUE *queue, NET_RING_BUFFER *ring)
{
	NET_PACKET *packet = NetRingBufferGetPacketAtIndex(queue->Datapath, ring->BeginIndex);
	NET_PACKET_FRAGMENT *fragment = NET_PACKET_GET_FRAGMENT(packet, queue->Datapath, 0);

	if (probe.settings.driverManaged) {
		fragment->VirtualAddress = malloc(probe.receiveLength);
		fragment->Capacity = probe.receiveLength;
		fragment->RxBufferReturnContext = &probe;
	}
	memcpy(fragment->VirtualAddress, probe.receive, probe.receiveLength);
	fragment->ValidLength = probe.receiveLength;
	if (probe.misdeed == PROBE_BAD_LENGTH) {
		fragment->Offset = fragment->Capacity - 10;
		fragment->ValidLength = 1000;
	}
	if (queue->ChecksumOffset != NET_PACKET_EXTENSION_INVALID_OFFSET)
		NetPacketGetPacketChecksum(packet, queue->ChecksumOffset)->Layer4 =
			probe.receiveLayer4;
	probe.receive = NULL;
	probe.received++;
	ring->BeginIndex = NetRingBufferIncrementIndex(ring, ring->BeginIndex);
}

static VOID RxAdvance(NETPACKETQUEUE Queue)
{
	PROBE_QUEUE *queue = ProbeGetQueue(Queue);
	NET_RING_BUFFER *ring = NET_DATAPATH_DESCRIPTOR_GET_PACKET_RING_BUFFER(queue->Datapath);

	Deed(PROBE_ADVANCES, Queue);
	pthread_mutex_lock(&probe.lock);
	if (queue->Id == 0 && probe.receive && ring->BeginIndex != ring->EndIndex)
		ReceiveOne(queue, ring);
	pthread_mutex_unlock(&probe.lock);
	MakeFrames(queue, ring);
	if (probe.misdeed == PROBE_LAST_QUEUE_TOO_FAR && queue->Id == PROBE_RX_QUEUES - 1)
		ring->BeginIndex = ring->NumberOfElements;
	Deed(PROBE_ADVANCED, Queue);
}

static VOID RxCancel(NETPACKETQUEUE Queue)
{
	PROBE_QUEUE *queue = ProbeGetQueue(Queue);
	NET_RING_BUFFER *ring = NET_DATAPATH_DESCRIPTOR_GET_PACKET_RING_BUFFER(queue->Datapath);

	if (probe.misdeed == PROBE_KEEPS_RECEIVE_BUFFERS)
		return;
	for (UINT32 i = ring->BeginIndex; i != ring->EndIndex;
	     i = NetRingBufferIncrementIndex(ring, i))
		NetRingBufferGetPacketAtIndex(queue->Datapath, i)->IgnoreThisPacket =
			probe.misdeed != PROBE_RETURNS_AS_THEY_WERE;
	ring->BeginIndex = ring->EndIndex;
	Deed(PROBE_CANCELS, Queue);
}

static SIZE_T TxExtension(NETPACKETQUEUE queue, PCWSTR name, ULONG version)
{
	NET_PACKET_EXTENSION_QUERY query;

	NET_PACKET_EXTENSION_QUERY_INIT(&query, name, version);
	return NetTxQueueGetPacketExtensionOffset(queue, &query);
}

static NTSTATUS CreateTxQueue(NETADAPTER Adapter, NETTXQUEUE_INIT *Init)
{
	NET_PACKET_QUEUE_CONFIG config;
	WDF_OBJECT_ATTRIBUTES attributes;
	NETPACKETQUEUE handle;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(Adapter);
	NET_PACKET_QUEUE_CONFIG_INIT(&config, TxAdvance, SetNotificationEnabled, TxCancel);
	config.EvtStart = Start;
	config.EvtStop = Stop;
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, PROBE_QUEUE);
	status = NetTxQueueCreate(Init, &attributes, &config, &handle);
	if (NT_SUCCESS(status)) {
		PROBE_QUEUE *queue = ProbeGetQueue(handle);

		queue->Datapath = NetTxQueueGetDatapathDescriptor(handle);
		queue->ChecksumOffset = TxExtension(handle, NET_PACKET_EXTENSION_CHECKSUM_NAME,
						    NET_PACKET_EXTENSION_CHECKSUM_VERSION_1);
		queue->LsoOffset = TxExtension(handle, NET_PACKET_EXTENSION_LSO_NAME,
					       NET_PACKET_EXTENSION_LSO_VERSION_1);
		queue->Transmit = TRUE;
		probe.txQueue = handle;
	}
	return status;
}

static NTSTATUS CreateRxQueue(NETADAPTER Adapter, NETRXQUEUE_INIT *Init)
{
	ULONG id = NetRxQueueInitGetQueueId(Init);
	NET_PACKET_EXTENSION_QUERY query;
	NET_PACKET_QUEUE_CONFIG config;
	WDF_OBJECT_ATTRIBUTES attributes;
	NETPACKETQUEUE handle;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(Adapter);
	if (id && id == probe.settings.failQueue)
		return STATUS_INSUFFICIENT_RESOURCES;
	NET_PACKET_QUEUE_CONFIG_INIT(&config, RxAdvance, SetNotificationEnabled, RxCancel);
	config.EvtStart = Start;
	config.EvtStop = Stop;
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, PROBE_QUEUE);
	status = NetRxQueueCreate(Init, &attributes, &config, &handle);
	if (NT_SUCCESS(status)) {
		PROBE_QUEUE *queue = ProbeGetQueue(handle);

		queue->Datapath = NetRxQueueGetDatapathDescriptor(handle);
		NET_PACKET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_CHECKSUM_NAME,
						NET_PACKET_EXTENSION_CHECKSUM_VERSION_1);
		queue->ChecksumOffset = NetRxQueueGetPacketExtensionOffset(handle, &query);
		queue->Id = id;
		probe.sources[id].queue = handle;
		if (id == 0)
			probe.rxQueue = handle;
	}
	return status;
}

static VOID ReturnRxBuffer(NETADAPTER Adapter, PVOID Buffer, PVOID Context)
{
	UNREFERENCED_PARAMETER(Adapter);
	if (Context != &probe)
		abort();
	explicit_bzero(Buffer, malloc_usable_size(Buffer)); /* it is the driver's again */
	free(Buffer);
	probe.returned++;
}

static VOID SetLso(NETADAPTER Adapter, NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES *Active)
{
	UNREFERENCED_PARAMETER(Adapter);
	pthread_mutex_lock(&probe.lock);
	probe.lsoIPv4 = Active->IPv4;
	probe.lsoIPv6 = Active->IPv6;
	probe.lsoCalls++;
	pthread_mutex_unlock(&probe.lock);
	if (probe.inSetLso)
		probe.inSetLso();
}

static VOID SetChecksum(NETADAPTER Adapter, NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES *Active)
{
	UNREFERENCED_PARAMETER(Adapter);
	UNREFERENCED_PARAMETER(Active);
}

static VOID SetOffloads(NETADAPTER adapter)
{
	const struct probe_settings *s = &probe.settings;
	NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES checksum;
	NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES lso;

	if (s->declareChecksum) {
		NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES_INIT(&checksum, s->checksumIPv4,
							       s->checksumTcp, s->checksumUdp);
		NetAdapterOffloadSetChecksumCapabilities(adapter, &checksum, SetChecksum);
	}
	if (s->declareLso) {
		NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES_INIT(&lso, s->lsoIPv4, s->lsoIPv6,
							  s->lsoMaximum, s->lsoSegments);
		NetAdapterOffloadSetLsoCapabilities(adapter, &lso, SetLso);
	}
}

static NTSTATUS ScalingEnable(NETADAPTER Adapter, NET_ADAPTER_RECEIVE_SCALING_HASH_TYPE HashType,
			      NET_ADAPTER_RECEIVE_SCALING_PROTOCOL_TYPE ProtocolType)
{
	UNREFERENCED_PARAMETER(Adapter);
	UNREFERENCED_PARAMETER(HashType);
	UNREFERENCED_PARAMETER(ProtocolType);
	probe.enables++;
	return probe.settings.failEnable;
}

static VOID ScalingDisable(NETADAPTER Adapter)
{
	UNREFERENCED_PARAMETER(Adapter);
	probe.disables++;
}

static NTSTATUS SetHashSecretKey(NETADAPTER Adapter,
				 const NET_ADAPTER_RECEIVE_SCALING_HASH_SECRET_KEY *HashSecretKey)
{
	UNREFERENCED_PARAMETER(Adapter);
	return HashSecretKey->Length == 40 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

static NTSTATUS SetIndirectionEntries(
	NETADAPTER Adapter, NET_ADAPTER_RECEIVE_SCALING_INDIRECTION_ENTRIES *IndirectionEntries)
{
	UNREFERENCED_PARAMETER(Adapter);
	UNREFERENCED_PARAMETER(IndirectionEntries);
	probe.tables++;
	return STATUS_SUCCESS;
}

static void SetScaling(NETADAPTER adapter)
{
	NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES scaling;

	NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES_INIT(
		&scaling, probe.settings.rxQueues,
		NetAdapterReceiveScalingUnhashedTargetTypeUnspecified,
		NetAdapterReceiveScalingHashTypeToeplitz,
		NetAdapterReceiveScalingProtocolTypeIPv4 | NetAdapterReceiveScalingProtocolTypeTcp,
		ScalingEnable, ScalingDisable, SetHashSecretKey, SetIndirectionEntries);
	NetAdapterSetReceiveScalingCapabilities(adapter, &scaling);
}

static NTSTATUS PrepareHardware(WDFDEVICE Device, WDFCMRESLIST Raw, WDFCMRESLIST Translated)
{
	const struct probe_settings *s = &probe.settings;
	NETADAPTER adapter = ProbeGetDevice(Device)->Adapter;
	NET_ADAPTER_LINK_LAYER_CAPABILITIES linkLayer;
	NET_ADAPTER_LINK_LAYER_ADDRESS address = { .Length = 6, .Address = { 2, 0, 0, 0, 0, 1 } };
	NET_ADAPTER_TX_CAPABILITIES tx;
	NET_ADAPTER_RX_CAPABILITIES rx;
	NET_ADAPTER_LINK_STATE link;

	UNREFERENCED_PARAMETER(Raw);
	UNREFERENCED_PARAMETER(Translated);
	NET_ADAPTER_LINK_LAYER_CAPABILITIES_INIT(&linkLayer, NET_PACKET_FILTER_TYPE_DIRECTED, 0,
						 NET_ADAPTER_STATISTICS_NO_FLAGS, 1000000000,
						 1000000000);
	NetAdapterSetLinkLayerCapabilities(adapter, &linkLayer);
	NetAdapterSetLinkLayerMtuSize(adapter, 1500);
	NetAdapterSetPermanentLinkLayerAddress(adapter, &address);
	NET_ADAPTER_TX_CAPABILITIES_INIT(&tx, s->maximumFragment, 1);
	tx.PayloadBackfill = s->backfill;
	tx.MaximumNumberOfFragments = s->maximumFragments;
	if (s->driverManaged)
		NET_ADAPTER_RX_CAPABILITIES_INIT_DRIVER_MANAGED(&rx, ReturnRxBuffer,
								s->receiveFragment, 1);
	else
		NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED(&rx, s->receiveFragment, 1);
	NetAdapterSetDatapathCapabilities(adapter, &tx, &rx);
	SetOffloads(adapter);
	if (s->rxQueues)
		SetScaling(adapter);
	NET_ADAPTER_LINK_STATE_INIT(&link, 1000000000, MediaConnectStateConnected,
				    MediaDuplexStateFull, NetAdapterPauseFunctionsUnsupported,
				    NET_ADAPTER_AUTO_NEGOTIATION_NO_FLAGS);
	NetAdapterSetCurrentLinkState(adapter, &link);
	return NetAdapterStart(adapter);
}

static NTSTATUS DeviceAdd(WDFDRIVER Driver, PWDFDEVICE_INIT Init)
{
	NET_ADAPTER_DATAPATH_CALLBACKS datapath;
	WDF_PNPPOWER_EVENT_CALLBACKS pnp;
	WDF_OBJECT_ATTRIBUTES attributes;
	NETADAPTER_INIT *adapterInit;
	WDFDEVICE device;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(Driver);
	status = NetAdapterDeviceInitConfig(Init);
	if (!NT_SUCCESS(status))
		return status;
	WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&pnp);
	pnp.EvtDevicePrepareHardware = PrepareHardware;
	WdfDeviceInitSetPnpPowerEventCallbacks(Init, &pnp);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, PROBE_DEVICE);
	status = WdfDeviceCreate(&Init, &attributes, &device);
	if (!NT_SUCCESS(status))
		return status;
	adapterInit = NetDefaultAdapterInitAllocate(device);
	NET_ADAPTER_DATAPATH_CALLBACKS_INIT(&datapath, CreateTxQueue, CreateRxQueue);
	NetAdapterInitSetDatapathCallbacks(adapterInit, &datapath);
	status = NetAdapterCreate(adapterInit, WDF_NO_OBJECT_ATTRIBUTES,
				  &ProbeGetDevice(device)->Adapter);
	NetAdapterInitFree(adapterInit);
	probe.device = device;
	probe.adapter = ProbeGetDevice(device)->Adapter;
	return status;
}

NTSTATUS ProbeDriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	WDF_DRIVER_CONFIG config;

	WDF_DRIVER_CONFIG_INIT(&config, DeviceAdd);
	return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
			       WDF_NO_HANDLE);
}
