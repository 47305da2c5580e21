/* SPDX-License-Identifier: MIT */
/* Waitable timers: objects that the machine's timer thread signals, once or again and again. */
#include <stdlib.h>

#include "base/clock.h"
#include "nt/fault.h"
#include "nt/machine.h"
#include "nt/time.h"
#include "nt/timer.h"
#include "nt/wait.h"
#include "win32/private.h"

NT_FAULT_NAMES("OpenWaitableTimerW", "CreateWaitableTimerW", "CreateWaitableTimerExW");

struct timer {
	struct nt_object object;
	struct nt_timer timer;
	_Atomic LONG period_ms; /* 0: once */
};

/* Twice: one that fires just now may set itself once more. */
static void stop(struct timer *timer)
{
	timer->period_ms = 0;
	nt_timer_cancel(timer->object.machine->timers, &timer->timer, true);
	nt_timer_cancel(timer->object.machine->timers, &timer->timer, true);
}

/* Its last handle is gone, or its machine is: it fires no more. */
static void end(struct nt_object *object)
{
	stop((struct timer *)object);
}

static const struct nt_object_type timer_type = { .name = "timer", .end = end };

static void fire(struct nt_timer *at)
{
	struct timer *timer = CONTAINING_RECORD(at, struct timer, timer);
	LONG period = timer->period_ms;

	nt_wait_signal_in(timer->object.machine, &timer->object.header);
	if (period)
		nt_timer_set(timer->object.machine->timers, at,
			     clock_ns() + (uint64_t)period * NS_PER_MS);
}

static HANDLE create(bool manual, const struct w32_request *request)
{
	struct timer like = { .object.type = &timer_type, .timer.fire = fire };

	nt_wait_init(&like.object.header,
		     manual ? NT_WAIT_TIMER_NOTIFICATION : NT_WAIT_TIMER_SYNCHRONIZATION, false);
	return w32_create(&like.object, sizeof(like), request);
}

NETCX_EXPORT HANDLE WINAPI CreateWaitableTimerW(LPSECURITY_ATTRIBUTES lpTimerAttributes,
						BOOL bManualReset, LPCWSTR lpTimerName)
{
	return create(bManualReset, &(struct w32_request){ lpTimerName, TIMER_ALL_ACCESS,
							   "CreateWaitableTimerW", CALLER });
}

NETCX_EXPORT HANDLE WINAPI CreateWaitableTimerExW(LPSECURITY_ATTRIBUTES lpTimerAttributes,
						  LPCWSTR lpTimerName, DWORD dwFlags,
						  DWORD dwDesiredAccess)
{
	if (dwFlags &
	    ~(DWORD)(CREATE_WAITABLE_TIMER_MANUAL_RESET | CREATE_WAITABLE_TIMER_HIGH_RESOLUTION)) {
		w32_fail(ERROR_INVALID_PARAMETER);
		return NULL;
	}
	return create(dwFlags & CREATE_WAITABLE_TIMER_MANUAL_RESET,
		      &(struct w32_request){ lpTimerName, dwDesiredAccess, "CreateWaitableTimerExW",
					     CALLER });
}

NETCX_EXPORT HANDLE WINAPI OpenWaitableTimerW(DWORD dwDesiredAccess, BOOL bInheritHandle,
					      LPCWSTR lpTimerName)
{
	return w32_open(&timer_type, &(struct w32_request){ lpTimerName, dwDesiredAccess,
							    "OpenWaitableTimerW", CALLER });
}

static BOOL set(HANDLE handle, const LARGE_INTEGER *due, LONG period, bool routine,
		const char *call)
{
	struct nt_object *object = w32_object(handle, &timer_type, call);
	struct timer *timer = (struct timer *)object;
	bool valid = period >= 0 && !routine;

	if (valid) {
		stop(timer);
		__atomic_store_n(&object->header.SignalState, 0, __ATOMIC_SEQ_CST);
		timer->period_ms = period;
		nt_timer_set(object->machine->timers, &timer->timer, nt_deadline_ns(due->QuadPart));
	}
	nt_object_put(object);
	return valid ? TRUE : w32_fail(routine ? ERROR_NOT_SUPPORTED : ERROR_INVALID_PARAMETER);
}

/* A completion routine would be an asynchronous procedure call: ERROR_NOT_SUPPORTED. */
NETCX_EXPORT BOOL WINAPI SetWaitableTimer(HANDLE hTimer, const LARGE_INTEGER *lpDueTime,
					  LONG lPeriod, PTIMERAPCROUTINE pfnCompletionRoutine,
					  LPVOID lpArgToCompletionRoutine, BOOL fResume)
{
	return set(hTimer, lpDueTime, lPeriod, pfnCompletionRoutine, "SetWaitableTimer");
}

NETCX_EXPORT BOOL WINAPI SetWaitableTimerEx(HANDLE hTimer, const LARGE_INTEGER *lpDueTime,
					    LONG lPeriod, PTIMERAPCROUTINE pfnCompletionRoutine,
					    LPVOID lpArgToCompletionRoutine,
					    PREASON_CONTEXT WakeContext, ULONG TolerableDelay)
{
	return set(hTimer, lpDueTime, lPeriod, pfnCompletionRoutine, "SetWaitableTimerEx");
}

/* It stays as signaled as it is. */
NETCX_EXPORT BOOL WINAPI CancelWaitableTimer(HANDLE hTimer)
{
	struct nt_object *object = w32_object(hTimer, &timer_type, "CancelWaitableTimer");

	stop((struct timer *)object);
	nt_object_put(object);
	return TRUE;
}
