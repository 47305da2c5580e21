/* SPDX-License-Identifier: MIT */
/*
 * txqueue.c - the transmit queue. Its packets go to the peer in order, and back to the framework as
 * soon as they have been copied; without a peer they are dropped, as by a card without a cable. The
 * first that the peer has no room for waits, and all behind it. A VPN's driver encrypts here.
 */
#include "virtual.h"

typedef struct _VIRT_TX_QUEUE {
	VIRT_ADAPTER *Adapter;
	const NET_RING_COLLECTION *Rings;
	NET_EXTENSION VirtualAddress; /* of fragments */
	NET_EXTENSION Checksum;       /* of packets, as are the next; Enabled FALSE: none */
	NET_EXTENSION Gso;
	NET_EXTENSION Tag;
	ULONG Done; /* bytes of the first packet's payload that the peer has in segments */
} VIRT_TX_QUEUE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(VIRT_TX_QUEUE, VirtGetTxQueue)

static EVT_PACKET_QUEUE_START EvtTxQueueStart;
static EVT_PACKET_QUEUE_ADVANCE EvtTxQueueAdvance;
static EVT_PACKET_QUEUE_CANCEL EvtTxQueueCancel;

static VOID VirtTxQueryExtensions(NETPACKETQUEUE Queue, VIRT_TX_QUEUE *Tx)
{
	NET_EXTENSION_QUERY query;

	NET_EXTENSION_QUERY_INIT(&query, NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_NAME,
				 NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_VERSION_1,
				 NetExtensionTypeFragment);
	NetTxQueueGetExtension(Queue, &query, &Tx->VirtualAddress);

	NET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_CHECKSUM_NAME,
				 NET_PACKET_EXTENSION_CHECKSUM_VERSION_1, NetExtensionTypePacket);
	NetTxQueueGetExtension(Queue, &query, &Tx->Checksum);

	NET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_GSO_NAME,
				 NET_PACKET_EXTENSION_GSO_VERSION_1, NetExtensionTypePacket);
	NetTxQueueGetExtension(Queue, &query, &Tx->Gso);

	NET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_IEEE8021Q_NAME,
				 NET_PACKET_EXTENSION_IEEE8021Q_VERSION_1, NetExtensionTypePacket);
	NetTxQueueGetExtension(Queue, &query, &Tx->Tag);
}

_Use_decl_annotations_ NTSTATUS EvtAdapterCreateTxQueue(NETADAPTER NetAdapter,
							NETTXQUEUE_INIT *TxQueueInit)
{
	VIRT_ADAPTER *adapter = VirtGetAdapter(NetAdapter);
	WDF_OBJECT_ATTRIBUTES attributes;
	NET_PACKET_QUEUE_CONFIG config;
	NETPACKETQUEUE queue;
	VIRT_TX_QUEUE *tx;
	NTSTATUS status;

	PAGED_CODE();

	/* Notifications are the execution context's. */
	NET_PACKET_QUEUE_CONFIG_INIT(&config, EvtTxQueueAdvance, NULL, EvtTxQueueCancel);
	config.EvtStart = EvtTxQueueStart;
	config.ExecutionContext = adapter->ExecutionContext;
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, VIRT_TX_QUEUE);
	status = NetTxQueueCreate(TxQueueInit, &attributes, &config, &queue);
	if (!NT_SUCCESS(status))
		return status;

	tx = VirtGetTxQueue(queue);
	tx->Adapter = adapter;
	tx->Rings = NetTxQueueGetRingCollection(queue);
	VirtTxQueryExtensions(queue, tx);
	return STATUS_SUCCESS;
}

_Use_decl_annotations_ static VOID EvtTxQueueStart(NETPACKETQUEUE Queue)
{
	VirtGetTxQueue(Queue)->Done = 0;
}

/* What the packet is, with all that its extensions say of it. */
static VOID VirtTxDescribe(const VIRT_TX_QUEUE *Tx, UINT32 PacketIndex, VIRT_PACKET *To)
{
	const NET_RING *fragments = NetRingCollectionGetFragmentRing(Tx->Rings);
	const NET_PACKET *packet =
		NetRingGetPacketAtIndex(NetRingCollectionGetPacketRing(Tx->Rings), PacketIndex);
	UINT32 index = packet->FragmentIndex;
	ULONG i;

	RtlZeroMemory(To, sizeof(*To));
	To->Fragments = fragments;
	To->VirtualAddress = &Tx->VirtualAddress;
	To->FragmentIndex = index;
	To->Layout = packet->Layout;
	To->Ipv4 = NetPacketIsIpv4(packet);
	for (i = 0; i < packet->FragmentCount; i++) {
		To->Length += (ULONG)NetRingGetFragmentAtIndex(fragments, index)->ValidLength;
		index = NetRingIncrementIndex(fragments, index);
	}
	/* Of UDP it lies in the same bits. */
	if (Tx->Gso.Enabled)
		To->Mss = NetExtensionGetPacketGso(&Tx->Gso, PacketIndex)->TCP.Mss;
	if (Tx->Checksum.Enabled)
		To->Checksum = *NetExtensionGetPacketChecksum(&Tx->Checksum, PacketIndex);
	if (Tx->Tag.Enabled)
		To->Tag = *NetExtensionGetPacketIeee8021Q(&Tx->Tag, PacketIndex);
}

/* Return: FALSE when it has to wait. */
static BOOLEAN VirtTxSend(VIRT_TX_QUEUE *Tx, VIRT_ADAPTER *Peer, UINT32 PacketIndex)
{
	VIRT_PACKET packet;

	VirtTxDescribe(Tx, PacketIndex, &packet);
	if (Peer != NULL && packet.Length >= VIRT_HEADER && !VirtDeliver(Peer, &packet, &Tx->Done))
		return FALSE;
	Tx->Done = 0;
	return TRUE;
}

/* To the peer, as far as it has room. */
static VOID VirtTxSendAll(VIRT_TX_QUEUE *Tx, VIRT_ADAPTER *Peer)
{
	NET_RING *packets = NetRingCollectionGetPacketRing(Tx->Rings);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(Tx->Rings);
	UINT32 first = packets->BeginIndex;
	ULONG done = Tx->Done;

	while (packets->BeginIndex != packets->EndIndex) {
		const NET_PACKET *packet = NetRingGetPacketAtIndex(packets, packets->BeginIndex);

		if (!packet->Ignore) {
			if (!VirtTxSend(Tx, Peer, packets->BeginIndex))
				break;
			fragments->BeginIndex = NetRingAdvanceIndex(
				fragments, packet->FragmentIndex, packet->FragmentCount);
		}
		packets->BeginIndex = NetRingIncrementIndex(packets, packets->BeginIndex);
	}

	if (Peer != NULL && (packets->BeginIndex != first || Tx->Done != done))
		VirtPortNoteSent(Tx->Adapter, Peer);
}

_Use_decl_annotations_ static VOID EvtTxQueueAdvance(NETPACKETQUEUE Queue)
{
	VIRT_TX_QUEUE *tx = VirtGetTxQueue(Queue);
	VIRT_ADAPTER *adapter = tx->Adapter;

	WdfSpinLockAcquire(adapter->PeerLock);
	VirtTxSendAll(tx, adapter->Peer);
	WdfSpinLockRelease(adapter->PeerLock);
}

/* What waits will not be sent. */
_Use_decl_annotations_ static VOID EvtTxQueueCancel(NETPACKETQUEUE Queue)
{
	const NET_RING_COLLECTION *rings = VirtGetTxQueue(Queue)->Rings;
	NET_RING *packets = NetRingCollectionGetPacketRing(rings);
	NET_RING *fragments = NetRingCollectionGetFragmentRing(rings);

	packets->BeginIndex = packets->EndIndex;
	fragments->BeginIndex = fragments->EndIndex;
}
