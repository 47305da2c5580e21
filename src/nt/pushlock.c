/* SPDX-License-Identifier: MIT */
/*
 * EX_PUSH_LOCK: who waits sleeps on the lock's low 32 bits (futex), and marks it as wanted. There
 * are no asynchronous procedure calls, so a critical region that the caller has not entered is not
 * missed; one that is not left is.
 */
#include "nt/export.h"
#include "nt/held_locks.h"
#include "nt/shared_lock.h"
#include "nt/thread.h"
#include "nt/violation.h"

static const char kind[] = "push lock";

static struct nt_shared_lock lock_of(PEX_PUSH_LOCK lock, const char *call)
{
	return (struct nt_shared_lock){ .word = (uint32_t *)lock, .kind = kind, .call = call };
}

static void check(const struct nt_shared_lock *lock, ULONG flags)
{
	if (nt_self.irql > APC_LEVEL)
		nt_violation_say(0xA, nt_self.irql, "IRQL_NOT_LESS_OR_EQUAL", lock->call, NULL,
				 "A push lock is acquired and released at APC_LEVEL or below.",
				 "it was called at IRQL %u.", nt_self.irql);
	/* EX_PUSH_LOCK_FLAGS: 1 keeps the owner's priority as it is, which we do not change. */
	if (flags & ~1u)
		nt_violation_say(0x152, flags, "INVALID_PUSH_LOCK_FLAGS", lock->call, NULL,
				 "The flags are EX_DEFAULT_PUSH_LOCK_FLAGS.", "the flags are 0x%X.",
				 flags);
}

static void acquire(PEX_PUSH_LOCK at, ULONG flags, bool exclusive, const char *call,
		    const void *where)
{
	const struct nt_shared_lock lock = lock_of(at, call);

	check(&lock, flags);
	nt_shared_acquire(&lock, exclusive);
	nt_held_take(lock.word, kind, lock.word, PASSIVE_LEVEL, where);
}

static void release(PEX_PUSH_LOCK at, ULONG flags, bool exclusive, const char *call)
{
	const struct nt_shared_lock lock = lock_of(at, call);

	check(&lock, flags);
	nt_shared_release(&lock, exclusive);
}

NETCX_EXPORT VOID ExInitializePushLock(PEX_PUSH_LOCK PushLock)
{
	char text[384];

	if (nt_self.machine && nt_held_find(nt_self.machine, PushLock, sizeof(*PushLock)))
		nt_violation_say(0xC4, 0x1005, "DRIVER_VERIFIER_DETECTED_VIOLATION",
				 "ExInitializePushLock", NULL,
				 "A push lock is initialised once, and never while it is held.",
				 "it was called for the %s.",
				 nt_held_text(PushLock, kind, PushLock, text, sizeof(text)));
	__atomic_store_n(PushLock, 0, __ATOMIC_RELEASE);
}

NETCX_EXPORT VOID ExAcquirePushLockExclusiveEx(PEX_PUSH_LOCK PushLock, ULONG Flags)
{
	acquire(PushLock, Flags, true, "ExAcquirePushLockExclusive", __builtin_return_address(0));
}

NETCX_EXPORT VOID ExAcquirePushLockSharedEx(PEX_PUSH_LOCK PushLock, ULONG Flags)
{
	acquire(PushLock, Flags, false, "ExAcquirePushLockShared", __builtin_return_address(0));
}

NETCX_EXPORT VOID ExReleasePushLockExclusiveEx(PEX_PUSH_LOCK PushLock, ULONG Flags)
{
	release(PushLock, Flags, true, "ExReleasePushLockExclusive");
}

NETCX_EXPORT VOID ExReleasePushLockSharedEx(PEX_PUSH_LOCK PushLock, ULONG Flags)
{
	release(PushLock, Flags, false, "ExReleasePushLockShared");
}
