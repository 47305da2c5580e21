// SPDX-License-Identifier: MIT
#include "pch.hpp"

#include "pairadapter.h"
#include "queue.h"
#include "queue.tmh"

Queue::Queue(NETPACKETQUEUE Handle, bool Tx, Wire *TheWire, ULONG Port) noexcept
    : Handle(Handle), Tx(Tx), TheWire(TheWire), Port(Port),
      Rings(Tx ? NetTxQueueGetRingCollection(Handle) : NetRxQueueGetRingCollection(Handle)),
      Packets(NetRingCollectionGetPacketRing(Rings)),
      Fragments(NetRingCollectionGetFragmentRing(Rings))
{
	NET_EXTENSION_QUERY query;

	NET_EXTENSION_QUERY_INIT(&query, NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_NAME,
				 NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_VERSION_1,
				 NetExtensionTypeFragment);
	if (Tx)
		NetTxQueueGetExtension(Handle, &query, &Address);
	else
		NetRxQueueGetExtension(Handle, &query, &Address);
}

UCHAR *Queue::BytesAt(UINT32 Fragment) const
{
	return static_cast<UCHAR *>(
		NetExtensionGetFragmentVirtualAddress(&Address, Fragment)->VirtualAddress);
}

void Queue::Tell() const
{
	if (Tx)
		NetTxQueueNotifyMoreCompletedPacketsAvailable(Handle);
	else
		NetRxQueueNotifyMoreReceivedPacketsAvailable(Handle);
}

void Queue::Start()
{
	PacketDone = PacketEnd = Packets->BeginIndex;
	FragmentDone = FragmentEnd = Fragments->BeginIndex;
	Armed = Cancelled = false;
	TheWire->Attach(this);
}

void Queue::Stop()
{
	TheWire->Detach(this);
}

void Queue::Advance()
{
	{
		Held<SpinLock> held(Lock);

		Packets->BeginIndex = PacketDone;
		Fragments->BeginIndex = FragmentDone;
		PacketEnd = Packets->EndIndex;
		FragmentEnd = Fragments->EndIndex;
	}
	TheWire->Signal();
}

void Queue::Cancel()
{
	{
		Held<SpinLock> held(Lock);

		Cancelled = true;
		PacketEnd = Packets->EndIndex;
		FragmentEnd = Fragments->EndIndex;
	}
	TheWire->Signal();
}

void Queue::Notify(bool Enabled)
{
	bool tells;

	{
		Held<SpinLock> held(Lock);

		tells = Enabled && PacketDone != Packets->BeginIndex;
		Armed = Enabled && !tells;
	}
	if (tells)
		Tell();
}

static void Configure(NET_PACKET_QUEUE_CONFIG *Config, WDF_OBJECT_ATTRIBUTES *Attributes)
{
	NET_PACKET_QUEUE_CONFIG_INIT(
		Config, [](NETPACKETQUEUE Handle) { QueueOf(Handle)->Advance(); },
		[](NETPACKETQUEUE Handle, BOOLEAN Enabled) { QueueOf(Handle)->Notify(Enabled); },
		[](NETPACKETQUEUE Handle) { QueueOf(Handle)->Cancel(); });
	Config->EvtStart = [](NETPACKETQUEUE Handle) { QueueOf(Handle)->Start(); };
	Config->EvtStop = [](NETPACKETQUEUE Handle) { QueueOf(Handle)->Stop(); };
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(Attributes, Queue);
}

static NTSTATUS Made(PairAdapter *Adapter, NETPACKETQUEUE Handle, bool Tx)
{
	auto queue = new (QueueOf(Handle)) Queue(Handle, Tx, Adapter->TheWire, Adapter->Port);

	RETURN_UNLESS_SUCCESS(queue->Lock.Create(Handle));
	return STATUS_SUCCESS;
}

NTSTATUS PairAdapter::CreateTxQueue(NETTXQUEUE_INIT *Init)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	NET_PACKET_QUEUE_CONFIG config;
	NETPACKETQUEUE queue;

	Configure(&config, &attributes);
	RETURN_UNLESS_SUCCESS(NetTxQueueCreate(Init, &attributes, &config, &queue));
	return Made(this, queue, true);
}

NTSTATUS PairAdapter::CreateRxQueue(NETRXQUEUE_INIT *Init)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	NET_PACKET_QUEUE_CONFIG config;
	NETPACKETQUEUE queue;

	Configure(&config, &attributes);
	RETURN_UNLESS_SUCCESS(NetRxQueueCreate(Init, &attributes, &config, &queue));
	return Made(this, queue, false);
}
