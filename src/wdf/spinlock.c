/* SPDX-License-Identifier: MIT */
/* WDFSPINLOCK. */
#include "nt/spinlock.h"

#include "nt/export.h"
#include "nt/irql.h"
#include "wdf/lock.h"
#include "wdf/private.h"

struct wdf_spinlock {
	struct wdf_object object;
	KSPIN_LOCK lock;
	KIRQL irql_before; /* the holder's */
};

const struct wdf_class wdf_spinlock_class = {
	.name = "WDFSPINLOCK",
	.size = sizeof(struct wdf_spinlock),
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
	return wdf_object_create(&wdf_spinlock_class, driver, wdf_driver_parent(driver),
				 SpinLockAttributes, (void **)SpinLock);
}

NETCX_EXPORT VOID WdfSpinLockAcquire(WDFSPINLOCK SpinLock)
{
	static const char call[] = "WdfSpinLockAcquire";
	struct wdf_spinlock *lock = wdf_object_of(SpinLock, &wdf_spinlock_class, call);
	KIRQL irql = nt_irql();

	wdf_check_irql(DISPATCH_LEVEL, call);
	if (nt_spin_held(&lock->lock))
		wdf_violation(
			lock->object.driver->name, WDF_RECURSIVE_LOCK, (uintptr_t)lock, call,
			"A spin lock is not recursive.",
			"this thread holds spin lock %p already: on Windows it would wait for ever.",
			(void *)lock);
	nt_irql_raise(DISPATCH_LEVEL);
	nt_spin_lock(&lock->lock, call);
	lock->irql_before = irql;
}

NETCX_EXPORT VOID WdfSpinLockRelease(WDFSPINLOCK SpinLock)
{
	static const char call[] = "WdfSpinLockRelease";
	struct wdf_spinlock *lock = wdf_object_of(SpinLock, &wdf_spinlock_class, call);
	KIRQL irql;

	if (!nt_spin_held(&lock->lock))
		wdf_violation(lock->object.driver->name, WDF_INVALID_LOCK_OPERATION,
			      (uintptr_t)lock, call,
			      "A spin lock is released by the thread that acquired it.",
			      "this thread does not hold spin lock %p.", (void *)lock);
	irql = lock->irql_before;
	nt_spin_unlock(&lock->lock, call);
	nt_irql_lower(irql);
}
