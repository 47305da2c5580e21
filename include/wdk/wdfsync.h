/* SPDX-License-Identifier: MIT */
/* wdfsync.h - spin locks and wait locks. Part of wdf.h. */
#ifndef NETCX_WDFSYNC_H
#define NETCX_WDFSYNC_H

#include <wdfobject.h>

EXTERN_C_START

/* Spin lock: acquired at up to DISPATCH_LEVEL, held at DISPATCH_LEVEL, not recursive. */
NTSTATUS WdfSpinLockCreate(PWDF_OBJECT_ATTRIBUTES SpinLockAttributes, WDFSPINLOCK *SpinLock);
VOID WdfSpinLockAcquire(WDFSPINLOCK SpinLock);
VOID WdfSpinLockRelease(WDFSPINLOCK SpinLock);

/* Wait lock, for PASSIVE_LEVEL. @Timeout: NULL waits for ever, zero tries; STATUS_TIMEOUT if not
 * acquired */
NTSTATUS WdfWaitLockCreate(PWDF_OBJECT_ATTRIBUTES LockAttributes, WDFWAITLOCK *Lock);
NTSTATUS WdfWaitLockAcquire(WDFWAITLOCK Lock, PLONGLONG Timeout);
VOID WdfWaitLockRelease(WDFWAITLOCK Lock);

EXTERN_C_END

#endif
