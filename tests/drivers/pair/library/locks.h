// SPDX-License-Identifier: MIT
// A push lock in a critical region, or a slim reader/writer lock; a spin lock of the framework's;
// events.
#pragma once

#include "handles.h"

class SlimLock
{
      public:
	SlimLock(const SlimLock &) = delete;
	SlimLock &operator=(const SlimLock &) = delete;
#ifdef _KERNEL_MODE
	SlimLock()
	{
		ExInitializePushLock(&Lock);
	}
	void Acquire()
	{
		KeEnterCriticalRegion();
		ExAcquirePushLockExclusive(&Lock);
	}
	void Release()
	{
		ExReleasePushLockExclusive(&Lock);
		KeLeaveCriticalRegion();
	}

      private:
	EX_PUSH_LOCK Lock;
#else
	SlimLock() = default;
	void Acquire()
	{
		AcquireSRWLockExclusive(&Lock);
	}
	void Release()
	{
		ReleaseSRWLockExclusive(&Lock);
	}

      private:
	SRWLOCK Lock = SRWLOCK_INIT;
#endif
};

class SpinLock
{
      public:
	NTSTATUS Create(WDFOBJECT Parent)
	{
		WDF_OBJECT_ATTRIBUTES attributes;

		WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
		attributes.ParentObject = Parent;
		return WdfSpinLockCreate(&attributes, &Lock);
	}
	void Acquire()
	{
		WdfSpinLockAcquire(Lock);
	}
	void Release()
	{
		WdfSpinLockRelease(Lock);
	}

      private:
	WDFSPINLOCK Lock = nullptr;
};

template <typename T> class Held
{
      public:
	explicit Held(T &Lock) : Lock(Lock)
	{
		Lock.Acquire();
	}
	~Held()
	{
		Lock.Release();
	}
	Held(const Held &) = delete;
	Held &operator=(const Held &) = delete;

      private:
	T &Lock;
};

// Lets one through, and is not set any more.
class AutoEvent
{
#ifdef _KERNEL_MODE
      public:
	AutoEvent()
	{
		KeInitializeEvent(&Event, SynchronizationEvent, FALSE);
	}
	void Set()
	{
		KeSetEvent(&Event, IO_NO_INCREMENT, FALSE);
	}
	void Wait()
	{
		KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, nullptr);
	}

      private:
	KEVENT Event;
#else
      public:
	void Set()
	{
		InterlockedExchange(&Is, 1);
		WakeByAddressSingle((PVOID)&Is);
	}
	void Wait()
	{
		LONG no = 0;

		while (!InterlockedExchange(&Is, 0))
			WaitOnAddress(&Is, &no, sizeof(no), INFINITE);
	}

      private:
	volatile LONG Is = 0;
#endif
};
