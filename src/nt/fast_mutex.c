/* SPDX-License-Identifier: MIT */
/*
 * FAST_MUTEX and KGUARDED_MUTEX: not recursive, with an owner. They wait for the event inside,
 * which is signaled while nobody has the mutex. A fast one raises to APC_LEVEL, a guarded one
 * enters a guarded region.
 */
#include "nt/deadlock.h"
#include "nt/export.h"
#include "nt/held_locks.h"
#include "nt/region.h"
#include "nt/thread.h"
#include "nt/violation.h"
#include "nt/wait.h"

static const char fast[] = "fast mutex", guarded[] = "guarded mutex";

static const struct nt_thread *owner_of(PFAST_MUTEX mutex)
{
	return __atomic_load_n((struct nt_thread **)&mutex->Owner, __ATOMIC_RELAXED);
}

static void set_owner(PFAST_MUTEX mutex, struct nt_thread *owner)
{
	__atomic_store_n((struct nt_thread **)&mutex->Owner, owner, __ATOMIC_RELAXED);
}

static void check(PFAST_MUTEX mutex, const char *kind, const char *call)
{
	char text[384];

	if (nt_self.irql > APC_LEVEL)
		nt_violation_say(0xA, nt_self.irql, "IRQL_NOT_LESS_OR_EQUAL", call, NULL,
				 "A mutex is acquired at APC_LEVEL or below.",
				 "it was called at IRQL %u.", nt_self.irql);
	if (owner_of(mutex) == &nt_self)
		nt_violation_say(
			0xC4, 0x1000, "DRIVER_VERIFIER_DETECTED_VIOLATION", call, NULL,
			"A fast or guarded mutex is not recursive.",
			"the %s, is held by the thread that asks for it: on Windows it would wait for ever.",
			nt_held_text(mutex, kind, mutex, text, sizeof(text)));
}

static bool wait(PFAST_MUTEX mutex, LONGLONG timeout)
{
	LARGE_INTEGER until = { .QuadPart = timeout };

	return KeWaitForSingleObject(&mutex->Event, WrFastMutex, KernelMode, FALSE, &until) ==
	       STATUS_SUCCESS;
}

static void own(PFAST_MUTEX mutex, const char *kind, KIRQL level, const void *where)
{
	set_owner(mutex, &nt_self);
	nt_held_take(mutex, kind, mutex, level, where);
}

static void acquire(PFAST_MUTEX mutex, const char *kind, KIRQL level, const char *call,
		    const void *where)
{
	check(mutex, kind, call);
	while (!wait(mutex, -(LONGLONG)NT_WAITS_NS / 100))
		nt_waits_for(owner_of(mutex), call);
	nt_waits_over();
	own(mutex, kind, level, where);
}

static bool try_to_acquire(PFAST_MUTEX mutex, const char *kind, KIRQL level, const char *call,
			   const void *where)
{
	check(mutex, kind, call);
	if (!wait(mutex, 0))
		return false;
	own(mutex, kind, level, where);
	return true;
}

static void release(PFAST_MUTEX mutex, const char *kind, const char *call)
{
	char text[384];

	if (owner_of(mutex) != &nt_self)
		nt_violation_say(
			0xC4, owner_of(mutex) ? 0x1004 : 0x1007,
			"DRIVER_VERIFIER_DETECTED_VIOLATION", call, NULL,
			"A mutex is released once for each acquisition, by the thread that acquired it.",
			"this thread has not acquired the %s.",
			nt_held_text(mutex, kind, mutex, text, sizeof(text)));
	nt_held_give(mutex);
	set_owner(mutex, NULL);
	nt_wait_signal(&mutex->Event.Header);
}

NETCX_EXPORT VOID ExInitializeFastMutex(PFAST_MUTEX FastMutex)
{
	*FastMutex = (FAST_MUTEX){ .Count = 1 };
	nt_wait_init(&FastMutex->Event.Header, NT_WAIT_EVENT_SYNCHRONIZATION, true);
}

NETCX_EXPORT VOID ExAcquireFastMutex(PFAST_MUTEX FastMutex)
{
	KIRQL irql = nt_self.irql;

	acquire(FastMutex, fast, APC_LEVEL, "ExAcquireFastMutex", __builtin_return_address(0));
	nt_irql_raise(APC_LEVEL);
	FastMutex->OldIrql = irql;
}

NETCX_EXPORT BOOLEAN ExTryToAcquireFastMutex(PFAST_MUTEX FastMutex)
{
	KIRQL irql = nt_self.irql;

	if (!try_to_acquire(FastMutex, fast, APC_LEVEL, "ExTryToAcquireFastMutex",
			    __builtin_return_address(0)))
		return FALSE;
	nt_irql_raise(APC_LEVEL);
	FastMutex->OldIrql = irql;
	return TRUE;
}

NETCX_EXPORT VOID ExReleaseFastMutex(PFAST_MUTEX FastMutex)
{
	KIRQL irql = (KIRQL)FastMutex->OldIrql;

	release(FastMutex, fast, "ExReleaseFastMutex");
	nt_irql_drop(irql, "ExReleaseFastMutex");
}

NETCX_EXPORT VOID KeInitializeGuardedMutex(PKGUARDED_MUTEX Mutex)
{
	ExInitializeFastMutex(Mutex);
}

NETCX_EXPORT VOID KeAcquireGuardedMutex(PKGUARDED_MUTEX Mutex)
{
	acquire(Mutex, guarded, PASSIVE_LEVEL, "KeAcquireGuardedMutex",
		__builtin_return_address(0));
	nt_region_enter_guarded();
}

NETCX_EXPORT BOOLEAN KeTryToAcquireGuardedMutex(PKGUARDED_MUTEX Mutex)
{
	if (!try_to_acquire(Mutex, guarded, PASSIVE_LEVEL, "KeTryToAcquireGuardedMutex",
			    __builtin_return_address(0)))
		return FALSE;
	nt_region_enter_guarded();
	return TRUE;
}

NETCX_EXPORT VOID KeReleaseGuardedMutex(PKGUARDED_MUTEX Mutex)
{
	release(Mutex, guarded, "KeReleaseGuardedMutex");
	nt_region_leave_guarded("KeReleaseGuardedMutex");
}
