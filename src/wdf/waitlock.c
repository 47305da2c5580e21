/* SPDX-License-Identifier: MIT */
/* WDFWAITLOCK: a mutex for PASSIVE_LEVEL, with a time-out. */
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "nt/export.h"
#include "nt/wait.h"
#include "wdf/private.h"

struct wdf_waitlock {
	struct wdf_object object;
	KEVENT free;              /* signaled when nobody holds it */
	_Atomic pthread_t holder; /* while held */
	_Atomic bool held;
};

static void dispose(struct wdf_object *object)
{
	struct wdf_waitlock *lock = (struct wdf_waitlock *)object;

	if (lock->held)
		wdf_violation(object->driver->name, WDF_INVALID_LOCK_OPERATION, (uintptr_t)lock,
			      "deletion of a WDFWAITLOCK",
			      "A lock is deleted when nobody holds it.",
			      "wait lock %p is still held.", (void *)lock);
}

const struct wdf_class wdf_waitlock_class = {
	.name = "WDFWAITLOCK",
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
	status = wdf_object_create(&wdf_waitlock_class, driver, wdf_driver_parent(driver),
				   LockAttributes, &object);
	if (!NT_SUCCESS(status))
		return status;
	lock = object;
	nt_wait_init(&lock->free.Header, NT_WAIT_EVENT_SYNCHRONIZATION, true);
	*Lock = object;
	return STATUS_SUCCESS;
}

/* DDI page: PASSIVE_LEVEL; with a time-out of zero also at DISPATCH_LEVEL. */
NETCX_EXPORT NTSTATUS WdfWaitLockAcquire(WDFWAITLOCK Lock, PLONGLONG Timeout)
{
	static const char call[] = "WdfWaitLockAcquire";
	struct wdf_waitlock *lock = wdf_object_of(Lock, &wdf_waitlock_class, call);
	LARGE_INTEGER timeout = { .QuadPart = Timeout ? *Timeout : 0 };
	NTSTATUS status;

	wdf_check_irql(Timeout && *Timeout == 0 ? DISPATCH_LEVEL : APC_LEVEL, call);
	if (lock->held && pthread_equal(atomic_load_explicit(&lock->holder, memory_order_relaxed),
					pthread_self()))
		wdf_violation(lock->object.driver->name, WDF_RECURSIVE_LOCK, (uintptr_t)lock, call,
			      "A wait lock is not recursive.",
			      "this thread holds wait lock %p already.", (void *)lock);
	status = KeWaitForSingleObject(&lock->free, Executive, KernelMode, FALSE,
				       Timeout ? &timeout : NULL);
	if (status == STATUS_SUCCESS) {
		atomic_store_explicit(&lock->holder, pthread_self(), memory_order_relaxed);
		lock->held = true;
	}
	return status;
}

NETCX_EXPORT VOID WdfWaitLockRelease(WDFWAITLOCK Lock)
{
	static const char call[] = "WdfWaitLockRelease";
	struct wdf_waitlock *lock = wdf_object_of(Lock, &wdf_waitlock_class, call);

	wdf_check_irql(DISPATCH_LEVEL, call);
	if (!lock->held)
		wdf_violation(lock->object.driver->name, WDF_INVALID_LOCK_OPERATION,
			      (uintptr_t)lock, call,
			      "A wait lock is released once for each acquisition.",
			      "wait lock %p is not held.", (void *)lock);
	lock->held = false;
	nt_wait_signal(&lock->free.Header);
}
