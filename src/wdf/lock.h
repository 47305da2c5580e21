/* SPDX-License-Identifier: MIT */
#ifndef WDF_LOCK_H
#define WDF_LOCK_H

#include <wdf.h>

/* wdf_spin_lock_of() - the lock inside a WDFSPINLOCK, for an interrupt that shares it */
KSPIN_LOCK *wdf_spin_lock_of(WDFSPINLOCK handle, const char *call);

#endif
