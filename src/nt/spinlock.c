/* SPDX-License-Identifier: MIT */
/* KSPIN_LOCK: zero when free, else the holder's mark, so that a thread that takes it twice is seen.
 */
#include "nt/spinlock.h"

#include <sched.h>

#include "base/clock.h"
#include "nt/deadlock.h"
#include "nt/export.h"
#include "nt/held_locks.h"
#include "nt/thread.h"
#include "nt/violation.h"

/* Then the holder is rather waiting for a processor than about to release. */
#define SPINS_BEFORE_YIELD 200
/* What is there for so long, 0.1 s, is no thread of a host that comes and goes. */
#define LOOKS_AT_UNKNOWN 20

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

static const char kind[] = "spin lock";

static _Noreturn void taken_twice(KSPIN_LOCK *lock, const char *call)
{
	char text[384];

	nt_violation_say(
		0xF, (uintptr_t)lock, "SPIN_LOCK_ALREADY_OWNED", call, NULL,
		"A spin lock is not recursive.",
		"the %s, is held by the thread that asks for it: on Windows it would wait for ever.",
		nt_held_text(lock, kind, lock, text, sizeof(text)));
}

/* A wait: when its holder is looked at next, 0 of a short one; looks in a row at nobody known. */
struct wait {
	uint64_t look_ns;
	unsigned unknown;
};

static _Noreturn void not_a_lock(KSPIN_LOCK *lock, const char *call)
{
	char text[384];

	nt_violation_say(
		0xC4, 0x1002, "DRIVER_VERIFIER_DETECTED_VIOLATION", call, NULL,
		"A spin lock is initialised (KeInitializeSpinLock) before it is taken, and nothing else is written there.",
		"the %s is 0x%llx, which no thread has put there.",
		nt_held_text(lock, kind, lock, text, sizeof(text)),
		(unsigned long long)__atomic_load_n(lock, __ATOMIC_RELAXED));
}

/* Who holds it, now and then: perhaps nobody ever did, or one that waits for us. */
static void look_at_holder(KSPIN_LOCK *lock, const char *call, struct wait *wait)
{
	const struct nt_thread *holder = (const void *)__atomic_load_n(lock, __ATOMIC_RELAXED);

	if (!holder || !nt_self.machine)
		return;
	if (nt_waits_is_thread(nt_self.machine, holder)) {
		wait->unknown = 0;
		nt_waits_for(holder, call);
	} else if (++wait->unknown == LOOKS_AT_UNKNOWN) {
		not_a_lock(lock, call);
	}
}

static void yield(KSPIN_LOCK *lock, const char *call, struct wait *wait)
{
	uint64_t now = clock_ns();

	sched_yield();
	if (!wait->look_ns)
		wait->look_ns = now + NT_WAITS_NS;
	if (now < wait->look_ns)
		return;
	wait->look_ns = now + NT_WAITS_NS;
	look_at_holder(lock, call, wait);
}

void nt_spin_lock(KSPIN_LOCK *lock, const char *call)
{
	struct wait wait = { 0 };

	for (unsigned spins = 0; !nt_spin_try(lock); spins++) {
		if (nt_spin_held(lock))
			taken_twice(lock, call);
		if (spins < SPINS_BEFORE_YIELD)
			YieldProcessor();
		else
			yield(lock, call, &wait);
	}
	if (wait.look_ns)
		nt_waits_over();
}

static _Noreturn void not_owned(KSPIN_LOCK *lock, const char *call)
{
	bool held = __atomic_load_n(lock, __ATOMIC_RELAXED);
	char text[384];

	nt_violation_say(0x10, (uintptr_t)lock, "SPIN_LOCK_NOT_OWNED", call, NULL,
			 "A spin lock is released by the thread that took it.",
			 held ? "another thread holds the %s." : "%s is not held.",
			 nt_held_text(lock, kind, lock, text, sizeof(text)));
}

void nt_spin_unlock(KSPIN_LOCK *lock, const char *call)
{
	if (!nt_spin_held(lock))
		not_owned(lock, call);
	__atomic_store_n(lock, 0, __ATOMIC_RELEASE);
}

static void check_irql(const char *call, bool ok, const char *demand)
{
	if (!ok)
		nt_violation_say(0xA, nt_self.irql, "IRQL_NOT_LESS_OR_EQUAL", call, NULL, demand,
				 "it was called at IRQL %u.", nt_self.irql);
}

/* What lies there is not looked at: it may be anything. */
NETCX_EXPORT void KeInitializeSpinLock(PKSPIN_LOCK SpinLock)
{
	char text[384];

	if (nt_self.machine && nt_held_find(nt_self.machine, SpinLock, sizeof(*SpinLock)))
		nt_violation_say(0xC4, 0x1005, "DRIVER_VERIFIER_DETECTED_VIOLATION",
				 "KeInitializeSpinLock", NULL,
				 "A spin lock is initialised once, and never while it is held.",
				 "it was called for the %s.",
				 nt_held_text(SpinLock, kind, SpinLock, text, sizeof(text)));
	__atomic_store_n(SpinLock, 0, __ATOMIC_RELEASE);
}

static void take(KSPIN_LOCK *lock, const char *call, const void *where)
{
	nt_spin_lock(lock, call);
	nt_held_take(lock, kind, lock, DISPATCH_LEVEL, where);
}

static void give(KSPIN_LOCK *lock, const char *call)
{
	nt_spin_unlock(lock, call);
	nt_held_give(lock);
}

NETCX_EXPORT KIRQL KeAcquireSpinLockRaiseToDpc(PKSPIN_LOCK SpinLock)
{
	KIRQL irql = nt_self.irql;

	check_irql("KeAcquireSpinLock", irql <= DISPATCH_LEVEL,
		   "A spin lock is taken at DISPATCH_LEVEL or below.");
	nt_irql_raise(DISPATCH_LEVEL);
	take(SpinLock, "KeAcquireSpinLock", __builtin_return_address(0));
	return irql;
}

NETCX_EXPORT void KeReleaseSpinLock(PKSPIN_LOCK SpinLock, KIRQL NewIrql)
{
	check_irql("KeReleaseSpinLock", nt_self.irql == DISPATCH_LEVEL,
		   "A spin lock is released at DISPATCH_LEVEL.");
	give(SpinLock, "KeReleaseSpinLock");
	nt_irql_drop(NewIrql, "KeReleaseSpinLock");
}

NETCX_EXPORT void KeAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock)
{
	check_irql("KeAcquireSpinLockAtDpcLevel", nt_self.irql >= DISPATCH_LEVEL,
		   "The caller is at DISPATCH_LEVEL already.");
	take(SpinLock, "KeAcquireSpinLockAtDpcLevel", __builtin_return_address(0));
}

NETCX_EXPORT void KeReleaseSpinLockFromDpcLevel(PKSPIN_LOCK SpinLock)
{
	check_irql("KeReleaseSpinLockFromDpcLevel", nt_self.irql >= DISPATCH_LEVEL,
		   "The caller is at DISPATCH_LEVEL still.");
	give(SpinLock, "KeReleaseSpinLockFromDpcLevel");
}

NETCX_EXPORT BOOLEAN KeTryToAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock)
{
	check_irql("KeTryToAcquireSpinLockAtDpcLevel", nt_self.irql >= DISPATCH_LEVEL,
		   "The caller is at DISPATCH_LEVEL already.");
	if (!nt_spin_try(SpinLock))
		return FALSE;
	nt_held_take(SpinLock, kind, SpinLock, DISPATCH_LEVEL, __builtin_return_address(0));
	return TRUE;
}
