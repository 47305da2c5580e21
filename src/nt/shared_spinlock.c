/* SPDX-License-Identifier: MIT */
/* EX_SPIN_LOCK: a spin lock that several threads may share. */
#include <sched.h>

#include "base/clock.h"
#include "nt/deadlock.h"
#include "nt/export.h"
#include "nt/held_locks.h"
#include "nt/shared_lock.h"
#include "nt/thread.h"
#include "nt/violation.h"

/* Then the holder is rather waiting for a processor than about to release. */
#define SPINS_BEFORE_YIELD 200

static const char kind[] = "spin lock";

static struct nt_shared_lock lock_of(PEX_SPIN_LOCK lock, const char *call)
{
	return (struct nt_shared_lock){ .word = (uint32_t *)(ULONG_PTR)lock,
					.kind = kind,
					.call = call };
}

static void check_irql(const char *call, bool ok, const char *demand)
{
	if (!ok)
		nt_violation_say(0xA, nt_self.irql, "IRQL_NOT_LESS_OR_EQUAL", call, NULL, demand,
				 "it was called at IRQL %u.", nt_self.irql);
}

static void yield(const struct nt_shared_lock *lock, uint64_t *look_ns)
{
	uint64_t now = clock_ns();

	sched_yield();
	if (!*look_ns)
		*look_ns = now + NT_WAITS_NS;
	if (now < *look_ns)
		return;
	*look_ns = now + NT_WAITS_NS;
	nt_shared_look(lock);
}

static void acquire(PEX_SPIN_LOCK at, bool exclusive, const char *call, const void *where)
{
	const struct nt_shared_lock lock = lock_of(at, call);
	uint64_t look_ns = 0;

	check_irql(call, nt_self.irql >= DISPATCH_LEVEL,
		   "The caller is at DISPATCH_LEVEL already.");
	for (unsigned spins = 0; !nt_shared_try(lock.word, exclusive); spins++) {
		nt_shared_check_recursion(&lock, exclusive);
		nt_shared_want(lock.word, exclusive, false);
		if (spins < SPINS_BEFORE_YIELD)
			YieldProcessor();
		else
			yield(&lock, &look_ns);
	}
	if (look_ns)
		nt_waits_over();
	nt_held_take(lock.word, kind, lock.word, DISPATCH_LEVEL, where);
}

static KIRQL acquire_and_raise(PEX_SPIN_LOCK at, bool exclusive, const char *call,
			       const void *where)
{
	KIRQL irql = nt_self.irql;

	check_irql(call, irql <= DISPATCH_LEVEL,
		   "A spin lock is taken at DISPATCH_LEVEL or below.");
	nt_irql_raise(DISPATCH_LEVEL);
	acquire(at, exclusive, call, where);
	return irql;
}

static void release(PEX_SPIN_LOCK at, bool exclusive, const char *call)
{
	const struct nt_shared_lock lock = lock_of(at, call);

	check_irql(call, nt_self.irql >= DISPATCH_LEVEL,
		   "A spin lock is released at DISPATCH_LEVEL.");
	nt_shared_give(&lock, exclusive);
}

NETCX_EXPORT KIRQL ExAcquireSpinLockExclusive(PEX_SPIN_LOCK SpinLock)
{
	return acquire_and_raise(SpinLock, true, "ExAcquireSpinLockExclusive",
				 __builtin_return_address(0));
}

NETCX_EXPORT KIRQL ExAcquireSpinLockShared(PEX_SPIN_LOCK SpinLock)
{
	return acquire_and_raise(SpinLock, false, "ExAcquireSpinLockShared",
				 __builtin_return_address(0));
}

NETCX_EXPORT VOID ExReleaseSpinLockExclusive(PEX_SPIN_LOCK SpinLock, KIRQL OldIrql)
{
	release(SpinLock, true, "ExReleaseSpinLockExclusive");
	nt_irql_drop(OldIrql, "ExReleaseSpinLockExclusive");
}

NETCX_EXPORT VOID ExReleaseSpinLockShared(PEX_SPIN_LOCK SpinLock, KIRQL OldIrql)
{
	release(SpinLock, false, "ExReleaseSpinLockShared");
	nt_irql_drop(OldIrql, "ExReleaseSpinLockShared");
}

NETCX_EXPORT VOID ExAcquireSpinLockExclusiveAtDpcLevel(PEX_SPIN_LOCK SpinLock)
{
	acquire(SpinLock, true, "ExAcquireSpinLockExclusiveAtDpcLevel",
		__builtin_return_address(0));
}

NETCX_EXPORT VOID ExAcquireSpinLockSharedAtDpcLevel(PEX_SPIN_LOCK SpinLock)
{
	acquire(SpinLock, false, "ExAcquireSpinLockSharedAtDpcLevel", __builtin_return_address(0));
}

NETCX_EXPORT VOID ExReleaseSpinLockExclusiveFromDpcLevel(PEX_SPIN_LOCK SpinLock)
{
	release(SpinLock, true, "ExReleaseSpinLockExclusiveFromDpcLevel");
}

NETCX_EXPORT VOID ExReleaseSpinLockSharedFromDpcLevel(PEX_SPIN_LOCK SpinLock)
{
	release(SpinLock, false, "ExReleaseSpinLockSharedFromDpcLevel");
}
