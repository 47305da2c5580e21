/* SPDX-License-Identifier: MIT */
/*
 * threadpoolapiset.h - work, timers and waits whose callbacks run on threads of the process' pool,
 * or of a pool of the driver's own, which their environment names; groups that close them together.
 */
#ifndef NETCX_THREADPOOLAPISET_H
#define NETCX_THREADPOOLAPISET_H

#include <minwinbase.h>

EXTERN_C_START

PTP_WORK WINAPI CreateThreadpoolWork(PTP_WORK_CALLBACK pfnwk, PVOID pv, PTP_CALLBACK_ENVIRON pcbe);
/* Each call is one callback. */
VOID WINAPI SubmitThreadpoolWork(PTP_WORK pwk);
VOID WINAPI WaitForThreadpoolWorkCallbacks(PTP_WORK pwk, BOOL fCancelPendingCallbacks);
/* A closed object lives until its callbacks have returned. */
VOID WINAPI CloseThreadpoolWork(PTP_WORK pwk);
BOOL WINAPI TrySubmitThreadpoolCallback(PTP_SIMPLE_CALLBACK pfns, PVOID pv,
					PTP_CALLBACK_ENVIRON pcbe);

PTP_TIMER WINAPI CreateThreadpoolTimer(PTP_TIMER_CALLBACK pfnti, PVOID pv,
				       PTP_CALLBACK_ENVIRON pcbe);
/* Due in units of 100 ns, negative from now; NULL: it is set no more. Period, window: ms. */
VOID WINAPI SetThreadpoolTimer(PTP_TIMER pti, PFILETIME pftDueTime, DWORD msPeriod,
			       DWORD msWindowLength);
BOOL WINAPI SetThreadpoolTimerEx(PTP_TIMER pti, PFILETIME pftDueTime, DWORD msPeriod,
				 DWORD msWindowLength);
BOOL WINAPI IsThreadpoolTimerSet(PTP_TIMER pti);
VOID WINAPI WaitForThreadpoolTimerCallbacks(PTP_TIMER pti, BOOL fCancelPendingCallbacks);
VOID WINAPI CloseThreadpoolTimer(PTP_TIMER pti);

PTP_WAIT WINAPI CreateThreadpoolWait(PTP_WAIT_CALLBACK pfnwa, PVOID pv, PTP_CALLBACK_ENVIRON pcbe);
/* One callback for the handle, when it is signaled or the time has come; NULL: none. */
VOID WINAPI SetThreadpoolWait(PTP_WAIT pwa, HANDLE h, PFILETIME pftTimeout);
BOOL WINAPI SetThreadpoolWaitEx(PTP_WAIT pwa, HANDLE h, PFILETIME pftTimeout, PVOID Reserved);
VOID WINAPI WaitForThreadpoolWaitCallbacks(PTP_WAIT pwa, BOOL fCancelPendingCallbacks);
VOID WINAPI CloseThreadpoolWait(PTP_WAIT pwa);

/* Pools. Threads: 500 at most where nothing is said; waiting for handles needs none of theirs. */
PTP_POOL WINAPI CreateThreadpool(PVOID reserved);
VOID WINAPI SetThreadpoolThreadMaximum(PTP_POOL ptpp, DWORD cthrdMost);
BOOL WINAPI SetThreadpoolThreadMinimum(PTP_POOL ptpp, DWORD cthrdMic);
/* It goes when its last object has. */
VOID WINAPI CloseThreadpool(PTP_POOL ptpp);

PTP_CLEANUP_GROUP WINAPI CreateThreadpoolCleanupGroup(VOID);
/* Waits for their callbacks, then closes them; those that have not begun are called or cancelled.
 */
VOID WINAPI CloseThreadpoolCleanupGroupMembers(PTP_CLEANUP_GROUP ptpcg,
					       BOOL fCancelPendingCallbacks,
					       PVOID pvCleanupContext);
VOID WINAPI CloseThreadpoolCleanupGroup(PTP_CLEANUP_GROUP ptpcg);

/* From a callback: the pool has threads enough for it, and what is to be done when it returns. */
BOOL WINAPI CallbackMayRunLong(PTP_CALLBACK_INSTANCE pci);
VOID WINAPI SetEventWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci, HANDLE evt);
VOID WINAPI ReleaseSemaphoreWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci, HANDLE sem, DWORD crel);
VOID WINAPI ReleaseMutexWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci, HANDLE mut);
VOID WINAPI LeaveCriticalSectionWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci,
						    PCRITICAL_SECTION pcs);

/* For wil's types alone: a driver has no files. */
VOID WINAPI CancelThreadpoolIo(PTP_IO pio);
VOID WINAPI WaitForThreadpoolIoCallbacks(PTP_IO pio, BOOL fCancelPendingCallbacks);
VOID WINAPI CloseThreadpoolIo(PTP_IO pio);

EXTERN_C_END

#endif
