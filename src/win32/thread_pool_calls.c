/* SPDX-License-Identifier: MIT */
/* What a driver calls of the thread pool. Source: the pages of threadpoolapiset.h. */
#include "nt/fault.h"
#include "nt/violation.h"
#include "win32/thread_pool.h"

NT_FAULT_NAMES("CreateThreadpoolWork", "CreateThreadpoolTimer", "CreateThreadpoolWait",
	       "TrySubmitThreadpoolCallback");

static struct w32_task *make(enum w32_task_kind kind, const void *routine, PVOID context,
			     PTP_CALLBACK_ENVIRON environment, const void *maker, const char *call)
{
	const struct w32_task like = {
		.kind = kind, .routine = routine, .context = context, .maker = maker
	};

	return w32_task_make(&like, environment, call);
}

NETCX_EXPORT PTP_WORK WINAPI CreateThreadpoolWork(PTP_WORK_CALLBACK pfnwk, PVOID pv,
						  PTP_CALLBACK_ENVIRON pcbe)
{
	return (PTP_WORK)make(W32_TASK_WORK, (const void *)(ULONG_PTR)pfnwk, pv, pcbe, CALLER,
			      "CreateThreadpoolWork");
}

NETCX_EXPORT VOID WINAPI SubmitThreadpoolWork(PTP_WORK pwk)
{
	w32_task_submit(w32_task_check(pwk, W32_TASK_WORK, "SubmitThreadpoolWork"));
}

NETCX_EXPORT VOID WINAPI WaitForThreadpoolWorkCallbacks(PTP_WORK pwk, BOOL fCancelPendingCallbacks)
{
	static const char call[] = "WaitForThreadpoolWorkCallbacks";

	w32_task_await(w32_task_check(pwk, W32_TASK_WORK, call), fCancelPendingCallbacks, call);
}

NETCX_EXPORT VOID WINAPI CloseThreadpoolWork(PTP_WORK pwk)
{
	w32_task_close(w32_task_check(pwk, W32_TASK_WORK, "CloseThreadpoolWork"));
}

NETCX_EXPORT BOOL WINAPI TrySubmitThreadpoolCallback(PTP_SIMPLE_CALLBACK pfns, PVOID pv,
						     PTP_CALLBACK_ENVIRON pcbe)
{
	struct w32_task *task = make(W32_TASK_SIMPLE, (const void *)(ULONG_PTR)pfns, pv, pcbe,
				     CALLER, "TrySubmitThreadpoolCallback");

	if (!task)
		return FALSE;
	task->closed = true;
	w32_task_submit(task);
	return TRUE;
}

NETCX_EXPORT PTP_TIMER WINAPI CreateThreadpoolTimer(PTP_TIMER_CALLBACK pfnti, PVOID pv,
						    PTP_CALLBACK_ENVIRON pcbe)
{
	return (PTP_TIMER)make(W32_TASK_TIMER, (const void *)(ULONG_PTR)pfnti, pv, pcbe, CALLER,
			       "CreateThreadpoolTimer");
}

NETCX_EXPORT VOID WINAPI SetThreadpoolTimer(PTP_TIMER pti, PFILETIME pftDueTime, DWORD msPeriod,
					    DWORD msWindowLength)
{
	w32_timer_set(w32_task_check(pti, W32_TASK_TIMER, "SetThreadpoolTimer"), pftDueTime,
		      msPeriod);
}

NETCX_EXPORT BOOL WINAPI SetThreadpoolTimerEx(PTP_TIMER pti, PFILETIME pftDueTime, DWORD msPeriod,
					      DWORD msWindowLength)
{
	return w32_timer_set(w32_task_check(pti, W32_TASK_TIMER, "SetThreadpoolTimerEx"),
			     pftDueTime, msPeriod);
}

/* Also of one that has fired for the only time, until it is set to NULL. */
NETCX_EXPORT BOOL WINAPI IsThreadpoolTimerSet(PTP_TIMER pti)
{
	struct w32_task *task = w32_task_check(pti, W32_TASK_TIMER, "IsThreadpoolTimerSet");
	bool set;

	pthread_mutex_lock(&task->pool->lock);
	set = task->set;
	pthread_mutex_unlock(&task->pool->lock);
	return set;
}

NETCX_EXPORT VOID WINAPI WaitForThreadpoolTimerCallbacks(PTP_TIMER pti,
							 BOOL fCancelPendingCallbacks)
{
	static const char call[] = "WaitForThreadpoolTimerCallbacks";

	w32_task_await(w32_task_check(pti, W32_TASK_TIMER, call), fCancelPendingCallbacks, call);
}

NETCX_EXPORT VOID WINAPI CloseThreadpoolTimer(PTP_TIMER pti)
{
	w32_task_close(w32_task_check(pti, W32_TASK_TIMER, "CloseThreadpoolTimer"));
}

NETCX_EXPORT PTP_WAIT WINAPI CreateThreadpoolWait(PTP_WAIT_CALLBACK pfnwa, PVOID pv,
						  PTP_CALLBACK_ENVIRON pcbe)
{
	return (PTP_WAIT)make(W32_TASK_WAIT, (const void *)(ULONG_PTR)pfnwa, pv, pcbe, CALLER,
			      "CreateThreadpoolWait");
}

NETCX_EXPORT VOID WINAPI SetThreadpoolWait(PTP_WAIT pwa, HANDLE h, PFILETIME pftTimeout)
{
	static const char call[] = "SetThreadpoolWait";

	w32_wait_set(w32_task_check(pwa, W32_TASK_WAIT, call), h, pftTimeout, call);
}

NETCX_EXPORT BOOL WINAPI SetThreadpoolWaitEx(PTP_WAIT pwa, HANDLE h, PFILETIME pftTimeout,
					     PVOID Reserved)
{
	static const char call[] = "SetThreadpoolWaitEx";

	return w32_wait_set(w32_task_check(pwa, W32_TASK_WAIT, call), h, pftTimeout, call);
}

NETCX_EXPORT VOID WINAPI WaitForThreadpoolWaitCallbacks(PTP_WAIT pwa, BOOL fCancelPendingCallbacks)
{
	static const char call[] = "WaitForThreadpoolWaitCallbacks";

	w32_task_await(w32_task_check(pwa, W32_TASK_WAIT, call), fCancelPendingCallbacks, call);
}

NETCX_EXPORT VOID WINAPI CloseThreadpoolWait(PTP_WAIT pwa)
{
	w32_task_close(w32_task_check(pwa, W32_TASK_WAIT, "CloseThreadpoolWait"));
}

/* There is a thread for each callback anyway. */
NETCX_EXPORT BOOL WINAPI CallbackMayRunLong(PTP_CALLBACK_INSTANCE pci)
{
	w32_check_thread("CallbackMayRunLong");
	return TRUE;
}

NETCX_EXPORT VOID WINAPI SetEventWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci, HANDLE evt)
{
	pci->event = evt;
}

NETCX_EXPORT VOID WINAPI ReleaseSemaphoreWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci, HANDLE sem,
							     DWORD crel)
{
	pci->semaphore = sem;
	pci->count = crel;
}

NETCX_EXPORT VOID WINAPI ReleaseMutexWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci, HANDLE mut)
{
	pci->mutex = mut;
}

NETCX_EXPORT VOID WINAPI LeaveCriticalSectionWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci,
								 PCRITICAL_SECTION pcs)
{
	pci->section = pcs;
}
