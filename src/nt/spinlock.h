/* SPDX-License-Identifier: MIT */
/* The spin locks behind KSPIN_LOCK, WDFSPINLOCK and WDFINTERRUPT; IRQL is the caller's business. */
#ifndef NT_SPINLOCK_H
#define NT_SPINLOCK_H

#include <ntddk.h>
#include <stdbool.h>

/* @call: the DDI, for the report when the thread holds the lock already (or does not hold it). */
void nt_spin_lock(KSPIN_LOCK *lock, const char *call);
void nt_spin_unlock(KSPIN_LOCK *lock, const char *call);
bool nt_spin_try(KSPIN_LOCK *lock);
bool nt_spin_held(const KSPIN_LOCK *lock); /* by the calling thread */

#endif
