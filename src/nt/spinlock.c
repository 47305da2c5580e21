/* SPDX-License-Identifier: MIT */
/* KSPIN_LOCK: zero when free, else the holder's mark, so that a thread that takes it twice is seen.
 */
#include "nt/spinlock.h"

#include <sched.h>

#include "nt/export.h"
#include "nt/thread.h"
#include "nt/violation.h"

/* Then the holder is rather waiting for a processor than about to release. */
#define SPINS_BEFORE_YIELD 200

static ULONG_PTR mark(void)
{
	return (ULONG_PTR)&nt_self;
}

bool nt_spin_try(KSPIN_LOCK *lock)
{
	ULONG_PTR free = 0;

	return __atomic_compare_exchange_n(lock, &free, mark(), 0, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

bool nt_spin_held(const KSPIN_LOCK *lock)
{
	return __atomic_load_n(lock, __ATOMIC_RELAXED) == mark();
}

void nt_spin_lock(KSPIN_LOCK *lock, const char *call)
{
	for (unsigned spins = 0; !nt_spin_try(lock); spins++) {
		if (nt_spin_held(lock))
			nt_violation_say(
				0xF, (uintptr_t)lock, "SPIN_LOCK_ALREADY_OWNED", call, NULL,
				"A spin lock is not recursive.",
				"spin lock %p is held by the thread that asks for it: on Windows it would wait for ever.",
				(void *)lock);
		if (spins < SPINS_BEFORE_YIELD)
			YieldProcessor();
		else
			sched_yield();
	}
}

void nt_spin_unlock(KSPIN_LOCK *lock, const char *call)
{
	if (!nt_spin_held(lock))
		nt_violation_say(0x10, (uintptr_t)lock, "SPIN_LOCK_NOT_OWNED", call, NULL,
				 "A spin lock is released by the thread that took it.",
				 "spin lock %p is %s.", (void *)lock,
				 __atomic_load_n(lock, __ATOMIC_RELAXED) ? "held by another thread"
									 : "not held");
	__atomic_store_n(lock, 0, __ATOMIC_RELEASE);
}

static void check_irql(const char *call, bool ok, const char *demand)
{
	if (!ok)
		nt_violation_say(0xA, nt_self.irql, "IRQL_NOT_LESS_OR_EQUAL", call, NULL, demand,
				 "it was called at IRQL %u.", nt_self.irql);
}

NETCX_EXPORT void KeInitializeSpinLock(PKSPIN_LOCK SpinLock)
{
	__atomic_store_n(SpinLock, 0, __ATOMIC_RELEASE);
}

NETCX_EXPORT KIRQL KeAcquireSpinLockRaiseToDpc(PKSPIN_LOCK SpinLock)
{
	KIRQL irql = nt_self.irql;

	check_irql("KeAcquireSpinLock", irql <= DISPATCH_LEVEL,
		   "A spin lock is taken at DISPATCH_LEVEL or below.");
	nt_irql_raise(DISPATCH_LEVEL);
	nt_spin_lock(SpinLock, "KeAcquireSpinLock");
	return irql;
}

NETCX_EXPORT void KeReleaseSpinLock(PKSPIN_LOCK SpinLock, KIRQL NewIrql)
{
	check_irql("KeReleaseSpinLock", nt_self.irql == DISPATCH_LEVEL,
		   "A spin lock is released at DISPATCH_LEVEL.");
	nt_spin_unlock(SpinLock, "KeReleaseSpinLock");
	nt_irql_lower(NewIrql);
}

NETCX_EXPORT void KeAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock)
{
	check_irql("KeAcquireSpinLockAtDpcLevel", nt_self.irql >= DISPATCH_LEVEL,
		   "The caller is at DISPATCH_LEVEL already.");
	nt_spin_lock(SpinLock, "KeAcquireSpinLockAtDpcLevel");
}

NETCX_EXPORT void KeReleaseSpinLockFromDpcLevel(PKSPIN_LOCK SpinLock)
{
	check_irql("KeReleaseSpinLockFromDpcLevel", nt_self.irql >= DISPATCH_LEVEL,
		   "The caller is at DISPATCH_LEVEL still.");
	nt_spin_unlock(SpinLock, "KeReleaseSpinLockFromDpcLevel");
}

NETCX_EXPORT BOOLEAN KeTryToAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock)
{
	check_irql("KeTryToAcquireSpinLockAtDpcLevel", nt_self.irql >= DISPATCH_LEVEL,
		   "The caller is at DISPATCH_LEVEL already.");
	return nt_spin_try(SpinLock);
}
