/* SPDX-License-Identifier: MIT */
/* WDFWAITLOCK: a mutex for PASSIVE_LEVEL, with a time-out. */
#include <stdatomic.h>

#include "nt/deadlock.h"
#include "nt/export.h"
#include "nt/fault.h"
#include "nt/held_locks.h"
#include "nt/wait.h"
#include "wdf/private.h"

struct wdf_waitlock {
	struct wdf_object object;
	KEVENT free;                              /* signaled when nobody holds it */
	_Atomic(const struct nt_thread *) holder; /* NULL: nobody */
};

static const char kind[] = "WDFWAITLOCK";

static void dispose(struct wdf_object *object)
{
	wdf_check_released(object, object, kind);
}

const struct wdf_class wdf_waitlock_class = {
	.name = kind,
	.size = sizeof(struct wdf_waitlock),
	.dispose = dispose,
};

NETCX_EXPORT NTSTATUS WdfWaitLockCreate(PWDF_OBJECT_ATTRIBUTES LockAttributes, WDFWAITLOCK *Lock)
{
	static const char call[] = "WdfWaitLockCreate";
	struct wdf_driver *driver = WDF_CREATOR(LockAttributes, call);
	struct wdf_waitlock *lock;
	NTSTATUS status;
	void *object;

	wdf_check_irql(DISPATCH_LEVEL, call);
	wdf_check_pointer(Lock, "Lock", call);
	if (NT_FAULT("WdfWaitLockCreate"))
		return STATUS_INSUFFICIENT_RESOURCES;
	status = wdf_object_create(&wdf_waitlock_class, driver, wdf_driver_parent(driver),
				   LockAttributes, &object);
	if (!NT_SUCCESS(status))
		return status;
	lock = object;
	nt_wait_init(&lock->free.Header, NT_WAIT_EVENT_SYNCHRONIZATION, true);
	*Lock = object;
	return STATUS_SUCCESS;
}

static bool is_mine(struct wdf_waitlock *lock)
{
	return lock->holder == nt_waits_self();
}

static NTSTATUS wait_once(struct wdf_waitlock *lock, LARGE_INTEGER *timeout)
{
	return KeWaitForSingleObject(&lock->free, Executive, KernelMode, FALSE, timeout);
}

/* Looking, now and then, whether its holder waits for us. */
static NTSTATUS wait_for_ever(struct wdf_waitlock *lock, const char *call)
{
	LARGE_INTEGER while_after_while = { .QuadPart = -(LONGLONG)NT_WAITS_NS / 100 };

	while (wait_once(lock, &while_after_while) != STATUS_SUCCESS)
		nt_waits_for(lock->holder, call);
	nt_waits_over();
	return STATUS_SUCCESS;
}

/* DDI page: PASSIVE_LEVEL; with a time-out of zero also at DISPATCH_LEVEL. */
NETCX_EXPORT NTSTATUS WdfWaitLockAcquire(WDFWAITLOCK Lock, PLONGLONG Timeout)
{
	static const char call[] = "WdfWaitLockAcquire";
	struct wdf_waitlock *lock = wdf_object_of(Lock, &wdf_waitlock_class, call);
	LARGE_INTEGER timeout = { .QuadPart = Timeout ? *Timeout : 0 };
	char text[384];
	NTSTATUS status;

	wdf_check_irql(Timeout && *Timeout == 0 ? DISPATCH_LEVEL : APC_LEVEL, call);
	if (is_mine(lock))
		wdf_violation(lock->object.driver->name, WDF_RECURSIVE_LOCK, (uintptr_t)lock, call,
			      "A wait lock is not recursive.",
			      "the %s, is held by the thread that asks for it.",
			      nt_held_text(lock, kind, lock, text, sizeof(text)));
	status = Timeout ? wait_once(lock, &timeout) : wait_for_ever(lock, call);
	if (status == STATUS_SUCCESS) {
		lock->holder = nt_waits_self();
		nt_held_take(lock, kind, lock, PASSIVE_LEVEL, __builtin_return_address(0));
	}
	return status;
}

NETCX_EXPORT VOID WdfWaitLockRelease(WDFWAITLOCK Lock)
{
	static const char call[] = "WdfWaitLockRelease";
	struct wdf_waitlock *lock = wdf_object_of(Lock, &wdf_waitlock_class, call);
	char text[384];

	wdf_check_irql(DISPATCH_LEVEL, call);
	if (!is_mine(lock))
		wdf_violation(
			lock->object.driver->name, WDF_INVALID_LOCK_OPERATION, (uintptr_t)lock,
			call,
			"A wait lock is released once for each acquisition, by the thread that acquired it.",
			"this thread has not acquired the %s.",
			nt_held_text(lock, kind, lock, text, sizeof(text)));
	nt_held_give(lock);
	lock->holder = NULL;
	nt_wait_signal(&lock->free.Header);
}
