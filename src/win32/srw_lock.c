/* SPDX-License-Identifier: MIT */
/* Slim reader/writer locks: push locks of user mode. */
#include "nt/held_locks.h"
#include "nt/shared_lock.h"
#include "nt/thread.h"
#include "nt/violation.h"
#include "win32/private.h"

#define ALREADY_INITIALIZED 0x251
#define EXITING_THREAD_OWNS 0x254

static const char kind[] = "SRW lock";

static struct nt_shared_lock lock_of(PSRWLOCK lock, const char *call)
{
	return (struct nt_shared_lock){
		.word = (uint32_t *)lock, .kind = kind, .call = call, .user = true
	};
}

static void held(PSRWLOCK lock, const void *where)
{
	nt_held_take_user(lock, kind, EXITING_THREAD_OWNS, where);
}

static void acquire(PSRWLOCK at, bool exclusive, const char *call, const void *where)
{
	const struct nt_shared_lock lock = lock_of(at, call);

	nt_shared_acquire(&lock, exclusive);
	held(at, where);
}

static BOOLEAN try_acquire(PSRWLOCK at, bool exclusive, const void *where)
{
	if (!nt_shared_try((uint32_t *)at, exclusive))
		return FALSE;
	held(at, where);
	return TRUE;
}

static void release(PSRWLOCK at, bool exclusive, const char *call)
{
	const struct nt_shared_lock lock = lock_of(at, call);

	nt_shared_release(&lock, exclusive);
}

NETCX_EXPORT VOID WINAPI InitializeSRWLock(PSRWLOCK SRWLock)
{
	char text[384];

	if (nt_self.machine && nt_held_find(nt_self.machine, SRWLock, sizeof(*SRWLock)))
		nt_violation_stop(ALREADY_INITIALIZED, (uintptr_t)SRWLock, "SRWLOCK",
				  "InitializeSRWLock",
				  "An SRW lock is initialised once, and never while it is held.",
				  "it was called for the %s.",
				  nt_held_text(SRWLock, kind, SRWLock, text, sizeof(text)));
	__atomic_store_n(&SRWLock->Ptr, NULL, __ATOMIC_RELEASE);
}

NETCX_EXPORT VOID WINAPI AcquireSRWLockExclusive(PSRWLOCK SRWLock)
{
	acquire(SRWLock, true, "AcquireSRWLockExclusive", CALLER);
}

NETCX_EXPORT VOID WINAPI AcquireSRWLockShared(PSRWLOCK SRWLock)
{
	acquire(SRWLock, false, "AcquireSRWLockShared", CALLER);
}

NETCX_EXPORT BOOLEAN WINAPI TryAcquireSRWLockExclusive(PSRWLOCK SRWLock)
{
	return try_acquire(SRWLock, true, CALLER);
}

NETCX_EXPORT BOOLEAN WINAPI TryAcquireSRWLockShared(PSRWLOCK SRWLock)
{
	return try_acquire(SRWLock, false, CALLER);
}

NETCX_EXPORT VOID WINAPI ReleaseSRWLockExclusive(PSRWLOCK SRWLock)
{
	release(SRWLock, true, "ReleaseSRWLockExclusive");
}

NETCX_EXPORT VOID WINAPI ReleaseSRWLockShared(PSRWLOCK SRWLock)
{
	release(SRWLock, false, "ReleaseSRWLockShared");
}
