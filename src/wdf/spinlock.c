/* SPDX-License-Identifier: MIT */
/* WDFSPINLOCK. In a user-mode driver it is a lock like others: IRQL stays where it is. */
#include "nt/spinlock.h"

#include "nt/export.h"
#include "nt/fault.h"
#include "nt/held_locks.h"
#include "nt/irql.h"
#include "wdf/lock.h"
#include "wdf/private.h"

struct wdf_spinlock {
	struct wdf_object object;
	KSPIN_LOCK lock;
	KIRQL irql_before; /* the holder's */
};

static const char kind[] = "WDFSPINLOCK";

static void release(struct wdf_object *object)
{
	struct wdf_spinlock *lock = (struct wdf_spinlock *)object;

	wdf_check_released(object, &lock->lock, kind);
}

const struct wdf_class wdf_spinlock_class = {
	.name = kind,
	.size = sizeof(struct wdf_spinlock),
	.release = release,
};

KSPIN_LOCK *wdf_spin_lock_of(WDFSPINLOCK handle, const char *call)
{
	struct wdf_spinlock *lock = wdf_object_of(handle, &wdf_spinlock_class, call);

	return &lock->lock;
}

NETCX_EXPORT NTSTATUS WdfSpinLockCreate(PWDF_OBJECT_ATTRIBUTES SpinLockAttributes,
					WDFSPINLOCK *SpinLock)
{
	static const char call[] = "WdfSpinLockCreate";
	struct wdf_driver *driver = WDF_CREATOR(SpinLockAttributes, call);

	wdf_check_irql(DISPATCH_LEVEL, call);
	wdf_check_pointer(SpinLock, "SpinLock", call);
	if (NT_FAULT("WdfSpinLockCreate"))
		return STATUS_INSUFFICIENT_RESOURCES;
	return wdf_object_create(&wdf_spinlock_class, driver, wdf_driver_parent(driver),
				 SpinLockAttributes, (void **)SpinLock);
}

static _Noreturn void taken_twice(struct wdf_spinlock *lock, const char *call)
{
	char text[384];

	wdf_violation(
		lock->object.driver->name, WDF_RECURSIVE_LOCK, (uintptr_t)lock, call,
		"A spin lock is not recursive.",
		"the %s, is held by the thread that asks for it: on Windows it would wait for ever.",
		nt_held_text(&lock->lock, kind, lock, text, sizeof(text)));
}

static KIRQL level_of(const struct wdf_spinlock *lock)
{
	return wdf_driver_is_user_mode(lock->object.driver) ? PASSIVE_LEVEL : DISPATCH_LEVEL;
}

NETCX_EXPORT VOID WdfSpinLockAcquire(WDFSPINLOCK SpinLock)
{
	static const char call[] = "WdfSpinLockAcquire";
	struct wdf_spinlock *lock = wdf_object_of(SpinLock, &wdf_spinlock_class, call);
	KIRQL irql = nt_irql();

	wdf_check_irql(DISPATCH_LEVEL, call);
	if (nt_spin_held(&lock->lock))
		taken_twice(lock, call);
	nt_irql_raise(level_of(lock));
	nt_spin_lock(&lock->lock, call);
	nt_held_take(&lock->lock, kind, lock, level_of(lock), __builtin_return_address(0));
	lock->irql_before = irql;
}

static _Noreturn void not_held(struct wdf_spinlock *lock, const char *call)
{
	char text[384];

	wdf_violation(lock->object.driver->name, WDF_INVALID_LOCK_OPERATION, (uintptr_t)lock, call,
		      "A spin lock is released by the thread that acquired it.",
		      "this thread has not acquired the %s.",
		      nt_held_text(&lock->lock, kind, lock, text, sizeof(text)));
}

NETCX_EXPORT VOID WdfSpinLockRelease(WDFSPINLOCK SpinLock)
{
	static const char call[] = "WdfSpinLockRelease";
	struct wdf_spinlock *lock = wdf_object_of(SpinLock, &wdf_spinlock_class, call);
	KIRQL irql;

	if (!nt_spin_held(&lock->lock) || nt_held_by_framework(&lock->lock))
		not_held(lock, call);
	irql = lock->irql_before;
	nt_spin_unlock(&lock->lock, call);
	nt_held_give(&lock->lock);
	nt_irql_drop(irql, call);
}
