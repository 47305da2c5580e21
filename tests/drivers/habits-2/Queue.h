/* SPDX-License-Identifier: MIT */
#pragma once

#include "Net\netringiterator.h"

class HabitsAdapter;

// A queue is an object in its handle's context: placement new when it has been created, and its
// destructor by EvtDestroyCallback.
class HabitsQueue
{
      public:
	HabitsQueue(NETPACKETQUEUE Queue, NET_RING_COLLECTION const *Rings, HabitsAdapter &Adapter);
	virtual ~HabitsQueue() = default;

	virtual void Advance() = 0;
	virtual void Cancel() = 0;

	void SetNotification(bool Enabled)
	{
		InterlockedExchange(&m_notify, Enabled);
	}

	bool TestNotification()
	{
		return InterlockedExchange(&m_notify, FALSE) != FALSE;
	}

	NETPACKETQUEUE Handle() const
	{
		return m_queue;
	}

      protected:
	NETPACKETQUEUE const m_queue;
	NET_RING_COLLECTION const *const m_rings;
	HabitsAdapter &m_adapter;
	volatile LONG m_notify{};
};

class HabitsTxQueue final : public HabitsQueue
{
      public:
	using HabitsQueue::HabitsQueue;

	NTSTATUS Initialize();
	void Advance() override;
	void Cancel() override;

	NET_EXTENSION Checksum{}, Gso{}, VirtualAddress{}, LogicalAddress{}, Mdl{};

      private:
	void Send(NET_RING_PACKET_ITERATOR const *Packet);
};

class HabitsRxQueue final : public HabitsQueue
{
      public:
	using HabitsQueue::HabitsQueue;

	NTSTATUS Initialize();
	void Advance() override;
	void Cancel() override;

	NET_EXTENSION Checksum{}, Rsc{}, VirtualAddress{}, ReturnContext{};
};

// A context is a pointer to the object, whose size depends on its class.
struct HABITS_QUEUE_CONTEXT {
	HabitsQueue *Queue;
	alignas(16) UCHAR Storage[512];
};
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(HABITS_QUEUE_CONTEXT, HabitsGetQueueContext);

// One frame on its way from the transmit to the receive queue.
class HabitsAdapter
{
      public:
	explicit HabitsAdapter(NETADAPTER Adapter);
	~HabitsAdapter();

	NTSTATUS Start();
	NTSTATUS CreateTxQueue(NETTXQUEUE_INIT *Init);
	NTSTATUS CreateRxQueue(NETRXQUEUE_INIT *Init);
	void Loop(UCHAR const *Frame, SIZE_T Length);
	SIZE_T Take(UCHAR *Frame, SIZE_T Capacity);

      private:
	NETADAPTER m_adapter;
	HabitsRxQueue *m_rx = nullptr;
	KSPIN_LOCK m_lock;
	UCHAR m_frame[2048];
	SIZE_T m_length = 0;
	ULONG m_looped = 0;
};
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(HabitsAdapter, HabitsGetAdapter);
