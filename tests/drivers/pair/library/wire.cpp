// SPDX-License-Identifier: MIT
#include "pch.hpp"

#include "pairadapter.h"
#include "queue.h"
#include "wire.tmh"

static constexpr ULONG MaximumWires = 8;

// Plain data: nobody would run a constructor of it in the kernel. Devices come and go one by one
// with WiresLock, which is the driver's.
static Wire *Wires[MaximumWires];
static WDFWAITLOCK WiresLock;

NTSTATUS PairLibraryBegin()
{
	return WdfWaitLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &WiresLock);
}

void Wire::Run(void *Context)
{
	auto wire = static_cast<Wire *>(Context);

	for (;;) {
		wire->Work.Wait();
		if (ReadNoFence(&wire->Stopped))
			return;
		Held<SlimLock> held(wire->Lock);
		wire->Move(0);
		wire->Move(1);
	}
}

NTSTATUS Wire::Join(ULONG Number, ULONG Port, Wire **Joined)
{
	NTSTATUS status = STATUS_SUCCESS;
	Wire *wire;

	if (Number >= MaximumWires)
		return STATUS_INVALID_PARAMETER;
	WdfWaitLockAcquire(WiresLock, nullptr);
	wire = Wires[Number];
	if (!wire && (wire = new (std::nothrow) Wire) != nullptr) {
		wire->Number = Number;
		status = wire->Mover.Begin(Run, wire);
		if (NT_SUCCESS(status)) {
			Wires[Number] = wire;
		} else {
			delete wire;
			wire = nullptr;
		}
	} else if (!wire) {
		status = STATUS_INSUFFICIENT_RESOURCES;
	}
	if (wire && wire->Ends[Port].Taken) {
		TraceError(PAIR_WIRE,
			   "end %u of wire %u is taken: MACLastByte is another adapter's", Port,
			   Number);
		status = STATUS_INVALID_ADDRESS;
	} else if (wire) {
		wire->Ends[Port].Taken = true;
		*Joined = wire;
	}
	WdfWaitLockRelease(WiresLock);
	return status;
}

void Wire::Leave(ULONG Port)
{
	WdfWaitLockAcquire(WiresLock, nullptr);
	Ends[Port].Taken = false;
	if (!Ends[0].Taken && !Ends[1].Taken) {
		Wires[Number] = nullptr;
		WriteNoFence(&Stopped, 1);
		Work.Set();
		Mover.End();
		delete this;
	}
	WdfWaitLockRelease(WiresLock);
}

Queue *&Wire::At(const Queue *Attached)
{
	return Attached->Tx ? Ends[Attached->Port].Tx : Ends[Attached->Port].Rx;
}

void Wire::Attach(Queue *Attached)
{
	Held<SlimLock> held(Lock);

	At(Attached) = Attached;
}

void Wire::Detach(Queue *Detached)
{
	Held<SlimLock> held(Lock);

	At(Detached) = nullptr;
}

// The elements that the thread has of a queue, and how far it has come.
class Span
{
      public:
	explicit Span(Queue *Of) : Of(Of)
	{
		if (!Of)
			return;
		Held<SpinLock> held(Of->Lock);
		Packet = Of->PacketDone;
		PacketEnd = Of->PacketEnd;
		Fragment = Of->FragmentDone;
		FragmentEnd = Of->FragmentEnd;
		Cancelled = Of->Cancelled;
	}
	~Span()
	{
		bool tells;

		if (!Of || !Moved)
			return;
		Of->Lock.Acquire();
		Of->PacketDone = Packet;
		Of->FragmentDone = Fragment;
		tells = std::exchange(Of->Armed, false);
		Of->Lock.Release();
		if (tells)
			Of->Tell();
	}

	bool Any() const
	{
		return Of && Packet != PacketEnd;
	}
	NET_PACKET *First() const
	{
		return NetRingGetPacketAtIndex(Of->Packets, Packet);
	}
	void Next(UINT32 UsedFragments)
	{
		Fragment = NetRingAdvanceIndex(Of->Fragments, Fragment, (INT32)UsedFragments);
		Packet = NetRingIncrementIndex(Of->Packets, Packet);
		Moved = true;
	}
	// The queue's end: what was posted and not filled goes back as it is.
	void Drop()
	{
		for (; Any(); Packet = NetRingIncrementIndex(Of->Packets, Packet))
			if (!Of->Tx)
				First()->Ignore = 1;
		if (Of)
			Fragment = FragmentEnd;
		Moved = true;
	}

	Queue *const Of;
	UINT32 Packet = 0, PacketEnd = 0, Fragment = 0, FragmentEnd = 0;
	bool Cancelled = false, Moved = false;
};

static void Copy(const Span &From, Span &To)
{
	const NET_PACKET *sent = From.First();
	NET_PACKET *received = To.First();
	NET_FRAGMENT *into = NetRingGetFragmentAtIndex(To.Of->Fragments, To.Fragment);
	UCHAR *bytes = To.Of->BytesAt(To.Fragment);
	UINT64 length = 0;

	for (UINT32 i = 0; i < sent->FragmentCount; i++) {
		UINT32 index =
			NetRingAdvanceIndex(From.Of->Fragments, sent->FragmentIndex, (INT32)i);
		const NET_FRAGMENT *part = NetRingGetFragmentAtIndex(From.Of->Fragments, index);
		UINT64 size = min((UINT64)part->ValidLength, (UINT64)into->Capacity - length);

		RtlCopyMemory(bytes + length, From.Of->BytesAt(index) + part->Offset, (size_t)size);
		length += size;
	}
	into->Offset = 0;
	into->ValidLength = length;
	received->FragmentIndex = To.Fragment;
	received->FragmentCount = 1;
	RtlZeroMemory(&received->Layout, sizeof(received->Layout));
}

void Wire::Move(ULONG Port)
{
	Span from(Ends[Port].Tx), to(Ends[1 - Port].Rx);

	while (from.Any() && !from.Cancelled && !to.Cancelled) {
		const UINT32 used = from.First()->FragmentCount;

		if (to.Of && !from.First()->Ignore) {
			if (!to.Any() || to.Fragment == to.FragmentEnd)
				break;
			Copy(from, to);
			to.Next(1);
		}
		from.Next(used);
	}
	if (from.Cancelled)
		from.Drop();
	if (to.Cancelled)
		to.Drop();
}
