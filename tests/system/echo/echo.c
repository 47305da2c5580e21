/* SPDX-License-Identifier: MIT */
/*
 * A card that is its own peer, for NetAdapterCx 2.5: each UDP datagram that is sent comes back with
 * its ends exchanged. Four transmit queues, one receive queue, all in one execution context; what
 * was to be segmented (USO) comes back as segments that hardware has made one again (RSC), as long
 * as it is to: NetOffloadIsUdpRscEnabled. Otherwise each segment is a packet of its own. A
 * tag that was beside the packet comes back beside it. With ECHO_BY_PRIORITY it wants a transmit
 * queue for each 802.1p priority.
 */
/* clang-format off */
#include <ntddk.h>
#include <wdf.h>
#include <netadaptercx.h>
/* clang-format on */
#include <net/checksum.h>
#include <net/gso.h>
#include <net/ieee8021q.h>
#include <net/rsc.h>
#include <net/virtualaddress.h>

#define ECHO_MTU   1500
#define ECHO_FRAME 65536
#ifdef ECHO_BY_PRIORITY
#define ECHO_QUEUES 8
#else
#define ECHO_QUEUES 4
#endif
#define ECHO_SLOTS 128
#define ECHO_SPEED 1000000000ULL

#define ECHO_LAYER3 \
	(NetAdapterOffloadLayer3FlagIPv4NoOptions | NetAdapterOffloadLayer3FlagIPv6NoExtensions)

/* What is on its way back. */
typedef struct _ECHO_SLOT {
	UINT32 Length;
	UINT16 SegmentSize, Segments;
	UINT32 Taken; /* payload bytes that have gone up already, as segments of their own */
	NET_PACKET_IEEE8021Q Tag;
	UCHAR Layer2, Layer3; /* lengths of headers */
	BOOLEAN IPv6;
	UCHAR Bytes[ECHO_FRAME];
} ECHO_SLOT;

static ECHO_SLOT EchoSlots[ECHO_SLOTS];
static UINT32 EchoFirst, EchoCount;
/* EvtNetAdapterOffloadSetRsc writes, the execution context's thread reads. */
static volatile LONG EchoCoalesces;
static NETEXECUTIONCONTEXT EchoContext;

typedef struct _ECHO_DEVICE {
	NETADAPTER Adapter;
} ECHO_DEVICE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(ECHO_DEVICE, EchoGetDevice)

typedef struct _ECHO_QUEUE {
	const NET_RING_COLLECTION *Rings;
	NET_EXTENSION Address, Checksum, Gso, Rsc, Tag;
} ECHO_QUEUE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(ECHO_QUEUE, EchoGetQueue)

DRIVER_INITIALIZE DriverEntry;

/* ---- out: one thread runs all queues, so that nothing is locked ---- */

static VOID EchoExchange(UCHAR *A, UCHAR *B, UINT32 Length)
{
	for (UINT32 i = 0; i < Length; i++) {
		UCHAR byte = A[i];

		A[i] = B[i];
		B[i] = byte;
	}
}

/* The sum of an IPv4 header, which the stack has left to the hardware. */
static VOID EchoSumHeader(UCHAR *Header, UINT32 Length)
{
	UINT32 sum = 0;

	Header[10] = Header[11] = 0;
	for (UINT32 i = 0; i < Length; i += 2)
		sum += (UINT32)Header[i] << 8 | Header[i + 1];
	sum = (sum >> 16) + (sum & 0xFFFF);
	sum += sum >> 16;
	Header[10] = (UCHAR)(~sum >> 8);
	Header[11] = (UCHAR)~sum;
}

static VOID EchoTurnRound(ECHO_SLOT *Slot)
{
	UCHAR *l3 = Slot->Bytes + Slot->Layer2, *l4 = l3 + Slot->Layer3;
	UINT32 size = Slot->IPv6 ? 16 : 4, at = Slot->IPv6 ? 8 : 12;

	EchoExchange(Slot->Bytes, Slot->Bytes + 6, 6);
	EchoExchange(l3 + at, l3 + at + size, size);
	EchoExchange(l4, l4 + 2, 2);
	if (!Slot->IPv6)
		EchoSumHeader(l3, Slot->Layer3);
}

static VOID EchoKeep(const ECHO_QUEUE *Queue, UINT32 Index, const NET_PACKET *Packet)
{
	NET_RING *fragments = NetRingCollectionGetFragmentRing(Queue->Rings);
	ECHO_SLOT *slot = &EchoSlots[(EchoFirst + EchoCount) % ECHO_SLOTS];
	UINT32 headers;

	if (Packet->Ignore || Packet->Layout.Layer4Type != NetPacketLayer4TypeUdp)
		return;
	slot->Length = slot->Taken = 0;
	for (UINT32 i = 0; i < Packet->FragmentCount; i++) {
		UINT32 f = NetRingAdvanceIndex(fragments, Packet->FragmentIndex, (INT32)i);
		const NET_FRAGMENT *fragment = NetRingGetFragmentAtIndex(fragments, f);
		const UCHAR *bytes =
			NetExtensionGetFragmentVirtualAddress(&Queue->Address, f)->VirtualAddress;

		RtlCopyMemory(slot->Bytes + slot->Length, bytes + fragment->Offset,
			      (SIZE_T)fragment->ValidLength);
		slot->Length += (UINT32)fragment->ValidLength;
	}
	slot->Layer2 = (UCHAR)Packet->Layout.Layer2HeaderLength;
	slot->Layer3 = (UCHAR)Packet->Layout.Layer3HeaderLength;
	slot->IPv6 = slot->Layer3 == 40;
	headers = slot->Layer2 + slot->Layer3 + Packet->Layout.Layer4HeaderLength;
	slot->SegmentSize = Queue->Gso.Enabled
				    ? (UINT16)NetExtensionGetPacketGso(&Queue->Gso, Index)->UDP.Mss
				    : 0;
	slot->Segments = slot->SegmentSize
				 ? (UINT16)((slot->Length - headers + slot->SegmentSize - 1) /
					    slot->SegmentSize)
				 : 0;
	RtlZeroMemory(&slot->Tag, sizeof(slot->Tag));
	if (Queue->Tag.Enabled)
		slot->Tag = *NetExtensionGetPacketIeee8021Q(&Queue->Tag, Index);
	EchoTurnRound(slot);
	EchoCount++;
}

static VOID EvtTxQueueAdvance(NETPACKETQUEUE Queue)
{
	const ECHO_QUEUE *queue = EchoGetQueue(Queue);
	NET_RING *packets = NetRingCollectionGetPacketRing(queue->Rings);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(queue->Rings);

	while (packets->BeginIndex != packets->EndIndex && EchoCount < ECHO_SLOTS) {
		const NET_PACKET *packet = NetRingGetPacketAtIndex(packets, packets->BeginIndex);

		EchoKeep(queue, packets->BeginIndex, packet);
		fragments->BeginIndex = NetRingAdvanceIndex(fragments, fragments->BeginIndex,
							    packet->FragmentCount);
		packets->BeginIndex = NetRingIncrementIndex(packets, packets->BeginIndex);
	}
	/* The receive queue's turn, in the next round if it has been in this. */
	if (EchoCount)
		NetExecutionContextNotify(EchoContext);
}

static VOID EvtTxQueueCancel(NETPACKETQUEUE Queue)
{
	const NET_RING_COLLECTION *rings = EchoGetQueue(Queue)->Rings;
	NET_RING *packets = NetRingCollectionGetPacketRing(rings);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(rings);

	packets->BeginIndex = packets->EndIndex;
	fragments->BeginIndex = fragments->EndIndex;
}

/* ---- and in ---- */

static VOID EchoPut16(UCHAR *At, UINT32 Value)
{
	At[0] = (UCHAR)(Value >> 8);
	At[1] = (UCHAR)Value;
}

/* The next segment, with headers of its own. Return: its bytes. */
static UINT32 EchoCopySegment(ECHO_SLOT *Slot, UCHAR *To)
{
	UINT32 headers = Slot->Layer2 + Slot->Layer3 + 8;
	UINT32 left = Slot->Length - headers - Slot->Taken;
	UINT32 size = left < Slot->SegmentSize ? left : Slot->SegmentSize;
	UCHAR *l3 = To + Slot->Layer2;

	RtlCopyMemory(To, Slot->Bytes, headers);
	RtlCopyMemory(To + headers, Slot->Bytes + headers + Slot->Taken, size);
	EchoPut16(l3 + Slot->Layer3 + 4, 8 + size);
	if (Slot->IPv6) {
		EchoPut16(l3 + 4, 8 + size);
	} else {
		EchoPut16(l3 + 2, Slot->Layer3 + 8 + size);
		EchoSumHeader(l3, Slot->Layer3);
	}
	Slot->Taken += size;
	return headers + size;
}

/* Return: of the packet that is written; *Coalesced: its segments are one. */
static UINT32 EchoCopy(ECHO_SLOT *Slot, UCHAR *To, BOOLEAN *Coalesced)
{
	*Coalesced = Slot->Segments && ReadNoFence(&EchoCoalesces) && !Slot->Taken;
	if (Slot->Segments && !*Coalesced)
		return EchoCopySegment(Slot, To);
	RtlCopyMemory(To, Slot->Bytes, Slot->Length);
	Slot->Taken = Slot->Length;
	return Slot->Length;
}

static VOID EchoReceive(const ECHO_QUEUE *Queue, NET_RING *Packets, NET_RING *Fragments)
{
	ECHO_SLOT *slot = &EchoSlots[EchoFirst];
	UINT32 p = Packets->BeginIndex, f = Fragments->BeginIndex;
	NET_PACKET *packet = NetRingGetPacketAtIndex(Packets, p);
	NET_FRAGMENT *fragment = NetRingGetFragmentAtIndex(Fragments, f);
	BOOLEAN coalesced;

	fragment->Offset = 0;
	fragment->ValidLength = EchoCopy(
		slot, NetExtensionGetFragmentVirtualAddress(&Queue->Address, f)->VirtualAddress,
		&coalesced);
	packet->FragmentIndex = f;
	packet->FragmentCount = 1;
	RtlZeroMemory(&packet->Layout, sizeof(packet->Layout));
	packet->Layout.Layer2Type = NetPacketLayer2TypeEthernet;
	packet->Layout.Layer2HeaderLength = slot->Layer2;
	packet->Layout.Layer3Type =
		slot->IPv6 ? NetPacketLayer3TypeIPv6NoExtensions : NetPacketLayer3TypeIPv4NoOptions;
	packet->Layout.Layer3HeaderLength = slot->Layer3;
	packet->Layout.Layer4Type = NetPacketLayer4TypeUdp;
	packet->Layout.Layer4HeaderLength = 8;
	/* As netvadapter has it: the frame itself has to be looked at. */
	if (slot->IPv6 && coalesced)
		RtlZeroMemory(&packet->Layout, sizeof(packet->Layout));
	if (Queue->Checksum.Enabled)
		NetExtensionGetPacketChecksum(&Queue->Checksum, p)->Layer4 =
			NetPacketRxChecksumEvaluationValid;
	if (Queue->Rsc.Enabled) {
		NET_PACKET_RSC *rsc = NetExtensionGetPacketRsc(&Queue->Rsc, p);

		rsc->UDP.CoalescedSegmentCount = coalesced ? slot->Segments : 0;
		rsc->UDP.CoalescedSegmentSize = coalesced ? slot->SegmentSize : 0;
	}
	if (Queue->Tag.Enabled)
		*NetExtensionGetPacketIeee8021Q(&Queue->Tag, p) = slot->Tag;
	Packets->BeginIndex = NetRingIncrementIndex(Packets, p);
	Fragments->BeginIndex = NetRingIncrementIndex(Fragments, f);
	if (slot->Taken + slot->Layer2 + slot->Layer3 + 8 < slot->Length)
		return;
	EchoFirst = (EchoFirst + 1) % ECHO_SLOTS;
	EchoCount--;
}

static VOID EvtRxQueueAdvance(NETPACKETQUEUE Queue)
{
	const ECHO_QUEUE *queue = EchoGetQueue(Queue);
	NET_RING *packets = NetRingCollectionGetPacketRing(queue->Rings);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(queue->Rings);

	while (EchoCount && packets->BeginIndex != packets->EndIndex &&
	       fragments->BeginIndex != fragments->EndIndex)
		EchoReceive(queue, packets, fragments);
}

static VOID EvtRxQueueCancel(NETPACKETQUEUE Queue)
{
	const NET_RING_COLLECTION *rings = EchoGetQueue(Queue)->Rings;
	NET_RING *packets = NetRingCollectionGetPacketRing(rings);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(rings);

	for (; packets->BeginIndex != packets->EndIndex;
	     packets->BeginIndex = NetRingIncrementIndex(packets, packets->BeginIndex))
		NetRingGetPacketAtIndex(packets, packets->BeginIndex)->Ignore = TRUE;
	fragments->BeginIndex = fragments->EndIndex;
}

/* ---- queues ---- */

static VOID EvtSetNotificationEnabled(NETEXECUTIONCONTEXT Context, BOOLEAN Enabled)
{
	UNREFERENCED_PARAMETER(Context);
	UNREFERENCED_PARAMETER(Enabled);
}

static NTSTATUS EvtCreateTxQueue(NETADAPTER Adapter, NETTXQUEUE_INIT *Init)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	NET_PACKET_QUEUE_CONFIG config;
	NET_EXTENSION_QUERY query;
	NETPACKETQUEUE queue;
	ECHO_QUEUE *own;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(Adapter);
	NET_TX_QUEUE_CONFIG_INIT_EXECUTION_CONTEXT(&config, EchoContext, EvtTxQueueAdvance);
	config.EvtCancel = EvtTxQueueCancel;
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, ECHO_QUEUE);
	status = NetTxQueueCreate(Init, &attributes, &config, &queue);
	if (!NT_SUCCESS(status))
		return status;
	own = EchoGetQueue(queue);
#ifdef ECHO_BY_PRIORITY
	DbgPrint("echo: a queue of priority %u\n", NetTxQueueGetDemux8021p(queue));
#endif
	own->Rings = NetTxQueueGetRingCollection(queue);
	NET_EXTENSION_QUERY_INIT(&query, NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_NAME,
				 NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_VERSION_1,
				 NetExtensionTypeFragment);
	NetTxQueueGetExtension(queue, &query, &own->Address);
	NET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_GSO_NAME,
				 NET_PACKET_EXTENSION_GSO_VERSION_1, NetExtensionTypePacket);
	NetTxQueueGetExtension(queue, &query, &own->Gso);
	NET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_IEEE8021Q_NAME,
				 NET_PACKET_EXTENSION_IEEE8021Q_VERSION_1, NetExtensionTypePacket);
	NetTxQueueGetExtension(queue, &query, &own->Tag);
	return STATUS_SUCCESS;
}

static NTSTATUS EvtCreateRxQueue(NETADAPTER Adapter, NETRXQUEUE_INIT *Init)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	NET_PACKET_QUEUE_CONFIG config;
	NET_EXTENSION_QUERY query;
	NETPACKETQUEUE queue;
	ECHO_QUEUE *own;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(Adapter);
	NET_RX_QUEUE_CONFIG_INIT_EXECUTION_CONTEXT(&config, EchoContext, EvtRxQueueAdvance,
						   EvtRxQueueCancel);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, ECHO_QUEUE);
	status = NetRxQueueCreate(Init, &attributes, &config, &queue);
	if (!NT_SUCCESS(status))
		return status;
	own = EchoGetQueue(queue);
	own->Rings = NetRxQueueGetRingCollection(queue);
	NET_EXTENSION_QUERY_INIT(&query, NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_NAME,
				 NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_VERSION_1,
				 NetExtensionTypeFragment);
	NetRxQueueGetExtension(queue, &query, &own->Address);
	NET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_CHECKSUM_NAME,
				 NET_PACKET_EXTENSION_CHECKSUM_VERSION_1, NetExtensionTypePacket);
	NetRxQueueGetExtension(queue, &query, &own->Checksum);
	NET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_RSC_NAME,
				 NET_PACKET_EXTENSION_RSC_VERSION_2, NetExtensionTypePacket);
	NetRxQueueGetExtension(queue, &query, &own->Rsc);
	NET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_IEEE8021Q_NAME,
				 NET_PACKET_EXTENSION_IEEE8021Q_VERSION_1, NetExtensionTypePacket);
	NetRxQueueGetExtension(queue, &query, &own->Tag);
	return STATUS_SUCCESS;
}

/* ---- the adapter ---- */

static VOID EvtSetOffload(NETADAPTER Adapter, NETOFFLOAD Offload)
{
	UNREFERENCED_PARAMETER(Adapter);
	UNREFERENCED_PARAMETER(Offload);
}

static VOID EvtSetRsc(NETADAPTER Adapter, NETOFFLOAD Offload)
{
	UNREFERENCED_PARAMETER(Adapter);
	InterlockedExchange(&EchoCoalesces, NetOffloadIsUdpRscEnabled(Offload));
}

static VOID EchoSetOffloads(NETADAPTER Adapter)
{
	NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES checksum;
	NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES verdict;
	NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES gso;
	NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES rsc;
	NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES tag;

	NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES_INIT(&checksum, ECHO_LAYER3, EvtSetOffload);
	checksum.Layer4Flags = NetAdapterOffloadLayer4FlagUdp;
	NetAdapterOffloadSetTxChecksumCapabilities(Adapter, &checksum);
	NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES_INIT(&verdict, EvtSetOffload);
	NetAdapterOffloadSetRxChecksumCapabilities(Adapter, &verdict);
	NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES_INIT(&gso, ECHO_LAYER3, NetAdapterOffloadLayer4FlagUdp,
						  64000, 2, EvtSetOffload);
	NetAdapterOffloadSetGsoCapabilities(Adapter, &gso);
	NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES_INIT(&rsc, ECHO_LAYER3,
						  NetAdapterOffloadLayer4FlagTcpNoOptions |
							  NetAdapterOffloadLayer4FlagUdp,
						  EvtSetRsc);
	NetAdapterOffloadSetRscCapabilities(Adapter, &rsc);
	NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES_INIT(
		&tag, NetAdapterOffloadIeee8021PriorityTaggingFlag |
			      NetAdapterOffloadIeee8021VlanTaggingFlag);
	NetAdapterOffloadSetIeee8021qTagCapabilities(Adapter, &tag);
}

static NTSTATUS EvtDevicePrepareHardware(WDFDEVICE Device, WDFCMRESLIST Raw,
					 WDFCMRESLIST Translated)
{
	static const UCHAR station[] = { 0x02, 0x00, 0x5E, 0x00, 0x00, 0x02 };
	NETADAPTER adapter = EchoGetDevice(Device)->Adapter;
	NET_ADAPTER_LINK_LAYER_CAPABILITIES linkLayer;
	NET_ADAPTER_LINK_LAYER_ADDRESS address;
	NET_ADAPTER_TX_CAPABILITIES tx;
	NET_ADAPTER_RX_CAPABILITIES rx;
	NET_ADAPTER_LINK_STATE link;

	UNREFERENCED_PARAMETER(Raw);
	UNREFERENCED_PARAMETER(Translated);
	NET_ADAPTER_LINK_LAYER_CAPABILITIES_INIT(&linkLayer, ECHO_SPEED, ECHO_SPEED);
	NetAdapterSetLinkLayerCapabilities(adapter, &linkLayer);
	NetAdapterSetLinkLayerMtuSize(adapter, ECHO_MTU);
	NET_ADAPTER_LINK_LAYER_ADDRESS_INIT(&address, sizeof(station), station);
	NetAdapterSetPermanentLinkLayerAddress(adapter, &address);
	NetAdapterSetCurrentLinkLayerAddress(adapter, &address);
	NET_ADAPTER_LINK_STATE_INIT(&link, ECHO_SPEED, MediaConnectStateConnected,
				    MediaDuplexStateFull, NetAdapterPauseFunctionTypeUnsupported,
				    NetAdapterAutoNegotiationFlagNone);
	NetAdapterSetLinkState(adapter, &link);
	NET_ADAPTER_TX_CAPABILITIES_INIT(&tx, ECHO_QUEUES);
	NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED(&rx, ECHO_FRAME, 1);
	NetAdapterSetDataPathCapabilities(adapter, &tx, &rx);
	EchoSetOffloads(adapter);
	return NetAdapterStart(adapter);
}

static NTSTATUS EchoCreateAdapter(WDFDEVICE Device)
{
	NET_EXECUTION_CONTEXT_CONFIG context;
	NET_ADAPTER_DATAPATH_CALLBACKS datapath;
#ifdef ECHO_BY_PRIORITY
	NET_ADAPTER_TX_DEMUX demux;
#endif
	NETADAPTER_INIT *init = NetAdapterInitAllocate(Device);
	NTSTATUS status;

	if (init == NULL)
		return STATUS_INSUFFICIENT_RESOURCES;
	EchoFirst = EchoCount = 0;
	NET_EXECUTION_CONTEXT_CONFIG_INIT(&context, EvtSetNotificationEnabled);
	status =
		NetExecutionContextCreate(Device, &context, WDF_NO_OBJECT_ATTRIBUTES, &EchoContext);
	NET_ADAPTER_DATAPATH_CALLBACKS_INIT(&datapath, EvtCreateTxQueue, EvtCreateRxQueue);
	NetAdapterInitSetDatapathCallbacks(init, &datapath);
#ifdef ECHO_BY_PRIORITY
	NET_ADAPTER_TX_8021P_DEMUX_INIT(&demux);
	NetAdapterInitAddTxDemux(init, &demux);
#endif
	if (NT_SUCCESS(status))
		status = NetAdapterCreate(init, WDF_NO_OBJECT_ATTRIBUTES,
					  &EchoGetDevice(Device)->Adapter);
	NetAdapterInitFree(init);
	return status;
}

static NTSTATUS EvtDriverDeviceAdd(WDFDRIVER Driver, PWDFDEVICE_INIT DeviceInit)
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
	WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &callbacks);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, ECHO_DEVICE);
	status = WdfDeviceCreate(&DeviceInit, &attributes, &device);
	return NT_SUCCESS(status) ? EchoCreateAdapter(device) : status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	WDF_DRIVER_CONFIG config;

	WDF_DRIVER_CONFIG_INIT(&config, EvtDriverDeviceAdd);
	return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
			       WDF_NO_HANDLE);
}
