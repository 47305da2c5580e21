// SPDX-License-Identifier: MIT
#pragma once

#include "locks.h"
#include "wire.h"

// A packet queue of either way. Its rings' elements between Done and End are the wire's thread's.
class Queue
{
      public:
	Queue(NETPACKETQUEUE Handle, bool Tx, Wire *TheWire, ULONG Port) noexcept;

	void Advance();
	void Cancel();
	void Notify(bool Enabled);
	void Start();
	void Stop();

	UCHAR *BytesAt(UINT32 Fragment) const;
	void Tell() const;

	NETPACKETQUEUE const Handle;
	const bool Tx;
	Wire *const TheWire;
	const ULONG Port;
	const NET_RING_COLLECTION *const Rings;
	NET_RING *const Packets;
	NET_RING *const Fragments;
	NET_EXTENSION Address;

	SpinLock Lock;
	// Under Lock:
	UINT32 PacketDone = 0, PacketEnd = 0;
	UINT32 FragmentDone = 0, FragmentEnd = 0;
	bool Armed = false, Cancelled = false;
};
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(Queue, QueueOf)
