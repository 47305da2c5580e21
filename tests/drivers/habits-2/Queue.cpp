/* SPDX-License-Identifier: MIT */
#include "pch.hpp"
#include "QUEUE.H"

static_assert(sizeof(HabitsTxQueue) <= sizeof(HABITS_QUEUE_CONTEXT::Storage));
static_assert(sizeof(HabitsRxQueue) <= sizeof(HABITS_QUEUE_CONTEXT::Storage));
static_assert(offsetof(HABITS_QUEUE_CONTEXT, Storage) == 16u);

// What is asked for, and where the answer goes.
template <class Queue> struct HABITS_EXTENSION {
	PCWSTR Name;
	ULONG Version;
	NET_EXTENSION_TYPE Type;
	NET_EXTENSION Queue::*Extension;
};

#define EXTENSION(Kind, Name, Type, Member)                                                      \
	{                                                                                        \
		NET_##Kind##_EXTENSION_##Name##_NAME, NET_##Kind##_EXTENSION_##Name##_VERSION_1, \
			Type, Member                                                             \
	}

static HABITS_EXTENSION<HabitsTxQueue> const TxExtensions[] = {
	EXTENSION(PACKET, CHECKSUM, NetExtensionTypePacket, &HabitsTxQueue::Checksum),
	EXTENSION(PACKET, GSO, NetExtensionTypePacket, &HabitsTxQueue::Gso),
	EXTENSION(FRAGMENT, VIRTUAL_ADDRESS, NetExtensionTypeFragment,
		  &HabitsTxQueue::VirtualAddress),
	EXTENSION(FRAGMENT, LOGICAL_ADDRESS, NetExtensionTypeFragment,
		  &HabitsTxQueue::LogicalAddress),
	EXTENSION(FRAGMENT, MDL, NetExtensionTypeFragment, &HabitsTxQueue::Mdl),
};

static HABITS_EXTENSION<HabitsRxQueue> const RxExtensions[] = {
	EXTENSION(PACKET, CHECKSUM, NetExtensionTypePacket, &HabitsRxQueue::Checksum),
	EXTENSION(PACKET, RSC, NetExtensionTypePacket, &HabitsRxQueue::Rsc),
	EXTENSION(FRAGMENT, VIRTUAL_ADDRESS, NetExtensionTypeFragment,
		  &HabitsRxQueue::VirtualAddress),
	EXTENSION(FRAGMENT, RETURN_CONTEXT, NetExtensionTypeFragment,
		  &HabitsRxQueue::ReturnContext),
};

template <class Queue, size_t Count>
static void QueryExtensions(Queue *This, HABITS_EXTENSION<Queue> const (&Table)[Count],
			    decltype(&NetTxQueueGetExtension) Get)
{
	for (auto const &entry : Table) {
		NET_EXTENSION_QUERY query;
		NET_EXTENSION_QUERY_INIT(&query, entry.Name, entry.Version, entry.Type);
		Get(This->Handle(), &query, &(This->*entry.Extension));
	}
}

HabitsQueue::HabitsQueue(NETPACKETQUEUE Queue, NET_RING_COLLECTION const *Rings,
			 HabitsAdapter &Adapter)
    : m_queue{ Queue }, m_rings{ Rings }, m_adapter{ Adapter }
{
}

NTSTATUS HabitsTxQueue::Initialize()
{
	QueryExtensions(this, TxExtensions, NetTxQueueGetExtension);
	HABIT("transmit extensions of a table",
	      Checksum.Enabled && Gso.Enabled && VirtualAddress.Enabled && !LogicalAddress.Enabled);
	return VirtualAddress.Enabled ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL;
}

NTSTATUS HabitsRxQueue::Initialize()
{
	QueryExtensions(this, RxExtensions, NetRxQueueGetExtension);
	HABIT("receive extensions of a table",
	      Checksum.Enabled && VirtualAddress.Enabled && !Rsc.Enabled && !ReturnContext.Enabled);
	return VirtualAddress.Enabled ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL;
}

void HabitsTxQueue::Send(NET_RING_PACKET_ITERATOR const *Packet)
{
	UCHAR frame[2048];
	SIZE_T length = 0;

	for (auto fi = NetPacketIteratorGetFragments(Packet); NetFragmentIteratorHasAny(&fi);
	     NetFragmentIteratorAdvance(&fi)) {
		auto const fragment = NetFragmentIteratorGetFragment(&fi);
		auto const address = static_cast<UCHAR const *>(
			NetExtensionGetFragmentVirtualAddress(&VirtualAddress, fi.Iterator.Index)
				->VirtualAddress);
		SIZE_T const count = min(fragment->ValidLength, sizeof(frame) - length);

		RtlCopyMemory(frame + length, address + fragment->Offset, count);
		length += count;
	}
	m_adapter.Loop(frame, length);
}

void HabitsTxQueue::Advance()
{
	auto pi = NetRingGetAllPackets(m_rings);
	auto fi = NetRingGetAllFragments(m_rings);

	while (NetPacketIteratorHasAny(&pi)) {
		if (!NetPacketIteratorGetPacket(&pi)->Ignore) {
			Send(&pi);
		}
		NetPacketIteratorAdvance(&pi);
	}
	NetPacketIteratorSet(&pi);
	NetFragmentIteratorAdvanceToTheEnd(&fi);
	NetFragmentIteratorSet(&fi);
}

void HabitsTxQueue::Cancel()
{
	Advance();
}

void HabitsRxQueue::Advance()
{
	auto pi = NetRingGetAllPackets(m_rings);
	auto fi = NetRingGetAllFragments(m_rings);

	while (NetPacketIteratorHasAny(&pi) && NetFragmentIteratorHasAny(&fi)) {
		auto const fragment = NetFragmentIteratorGetFragment(&fi);
		auto const address = static_cast<UCHAR *>(
			NetExtensionGetFragmentVirtualAddress(&VirtualAddress, fi.Iterator.Index)
				->VirtualAddress);
		SIZE_T const length = m_adapter.Take(address, fragment->Capacity);

		if (length == 0) {
			break;
		}
		fragment->Offset = 0;
		fragment->ValidLength = length;

		auto const packet = NetPacketIteratorGetPacket(&pi);
		packet->FragmentIndex = fi.Iterator.Index;
		packet->FragmentCount = 1;
		packet->Layout = {};
		packet->Layout.Layer2Type = NetPacketLayer2TypeEthernet;
		packet->Layout.Layer2HeaderLength = 14;
		*NetExtensionGetPacketChecksum(&Checksum, pi.Iterator.Index) = {};

		NetFragmentIteratorAdvance(&fi);
		NetPacketIteratorAdvance(&pi);
	}
	NetFragmentIteratorSet(&fi);
	NetPacketIteratorSet(&pi);
}

void HabitsRxQueue::Cancel()
{
	auto pi = NetRingGetAllPackets(m_rings);

	for (; NetPacketIteratorHasAny(&pi); NetPacketIteratorAdvance(&pi)) {
		NetPacketIteratorGetPacket(&pi)->Ignore = 1;
	}
	NetPacketIteratorSet(&pi);

	auto fi = NetRingGetAllFragments(m_rings);
	NetFragmentIteratorAdvanceToTheEnd(&fi);
	NetFragmentIteratorSet(&fi);
}

// Callbacks are lambdas, and the same for both directions.
static void FillConfiguration(NET_PACKET_QUEUE_CONFIG *Configuration,
			      WDF_OBJECT_ATTRIBUTES *Attributes)
{
	NET_PACKET_QUEUE_CONFIG_INIT(
		Configuration,
		[](NETPACKETQUEUE Queue) { HabitsGetQueueContext(Queue)->Queue->Advance(); },
		[](NETPACKETQUEUE Queue, BOOLEAN NotificationEnabled) {
			HabitsGetQueueContext(Queue)->Queue->SetNotification(NotificationEnabled);
		},
		[](NETPACKETQUEUE Queue) { HabitsGetQueueContext(Queue)->Queue->Cancel(); });

	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(Attributes, HABITS_QUEUE_CONTEXT);
	Attributes->EvtDestroyCallback = [](WDFOBJECT Handle) {
		auto const context = HabitsGetQueueContext(Handle);
		if (context->Queue != nullptr) {
			context->Queue->~HabitsQueue();
		}
	};
}

NTSTATUS HabitsAdapter::CreateTxQueue(NETTXQUEUE_INIT *Init)
{
	NET_PACKET_QUEUE_CONFIG configuration;
	WDF_OBJECT_ATTRIBUTES attributes;
	NETPACKETQUEUE queue;

	FillConfiguration(&configuration, &attributes);
	if (auto const status = NetTxQueueCreate(Init, &attributes, &configuration, &queue);
	    !NT_SUCCESS(status)) {
		return status;
	}
	auto const context = HabitsGetQueueContext(queue);
	auto const tx = new (context->Storage)
		HabitsTxQueue{ queue, NetTxQueueGetRingCollection(queue), *this };
	context->Queue = tx;
	return tx->Initialize();
}

NTSTATUS HabitsAdapter::CreateRxQueue(NETRXQUEUE_INIT *Init)
{
	NET_PACKET_QUEUE_CONFIG configuration;
	WDF_OBJECT_ATTRIBUTES attributes;
	NETPACKETQUEUE queue;

	FillConfiguration(&configuration, &attributes);
	if (auto const status = NetRxQueueCreate(Init, &attributes, &configuration, &queue);
	    !NT_SUCCESS(status)) {
		return status;
	}
	auto const context = HabitsGetQueueContext(queue);
	m_rx = new (context->Storage)
		HabitsRxQueue{ queue, NetRxQueueGetRingCollection(queue), *this };
	context->Queue = m_rx;
	return m_rx->Initialize();
}

void HabitsAdapter::Loop(UCHAR const *Frame, SIZE_T Length)
{
	KIRQL irql;

	KeAcquireSpinLock(&m_lock, &irql);
	m_length = min(Length, sizeof(m_frame));
	RtlCopyMemory(m_frame, Frame, m_length);
	KeReleaseSpinLock(&m_lock, irql);
	if (m_rx->TestNotification()) {
		NetRxQueueNotifyMoreReceivedPacketsAvailable(m_rx->Handle());
	}
	if (m_looped++ == 0) {
		HABIT("a frame by iterators",
		      Length >= 60 && Frame[12] == 0x08 && Frame[13] == 0x00);
	}
}

SIZE_T HabitsAdapter::Take(UCHAR *Frame, SIZE_T Capacity)
{
	KIRQL irql;

	KeAcquireSpinLock(&m_lock, &irql);
	SIZE_T const length = min(m_length, Capacity);
	RtlCopyMemory(Frame, m_frame, length);
	m_length = 0;
	KeReleaseSpinLock(&m_lock, irql);
	return length;
}
