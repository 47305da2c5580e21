/* SPDX-License-Identifier: MIT */
/* Condition variables, and initialisation that happens once. */
#include "win32/state.h"

NETCX_EXPORT VOID WINAPI InitializeConditionVariable(PCONDITION_VARIABLE ConditionVariable)
{
	ConditionVariable->Ptr = NULL;
}

NETCX_EXPORT VOID WINAPI WakeConditionVariable(PCONDITION_VARIABLE ConditionVariable)
{
	w32_wake(ConditionVariable, false);
}

NETCX_EXPORT VOID WINAPI WakeAllConditionVariable(PCONDITION_VARIABLE ConditionVariable)
{
	w32_wake(ConditionVariable, true);
}

/* What is released while the thread sleeps. */
struct released {
	PSRWLOCK lock;
	LPCRITICAL_SECTION section;
	bool shared;
};

static void release(const void *context)
{
	const struct released *released = context;

	if (released->section)
		w32_section_leave(released->section, "SleepConditionVariableCS");
	else if (released->shared)
		ReleaseSRWLockShared(released->lock);
	else
		ReleaseSRWLockExclusive(released->lock);
}

NETCX_EXPORT BOOL WINAPI SleepConditionVariableCS(PCONDITION_VARIABLE ConditionVariable,
						  PCRITICAL_SECTION CriticalSection,
						  DWORD dwMilliseconds)
{
	const struct released released = { .section = CriticalSection };
	bool woken = w32_wait_while(ConditionVariable, NULL, &released, release,
				    w32_deadline(dwMilliseconds));

	w32_section_enter(CriticalSection, CALLER);
	return woken ? TRUE : w32_fail(ERROR_TIMEOUT);
}

NETCX_EXPORT BOOL WINAPI SleepConditionVariableSRW(PCONDITION_VARIABLE ConditionVariable,
						   PSRWLOCK SRWLock, DWORD dwMilliseconds,
						   ULONG Flags)
{
	const struct released released = { .lock = SRWLock,
					   .shared = Flags & CONDITION_VARIABLE_LOCKMODE_SHARED };
	bool woken;

	if (Flags & ~(ULONG)CONDITION_VARIABLE_LOCKMODE_SHARED)
		return w32_fail(ERROR_INVALID_PARAMETER);
	woken = w32_wait_while(ConditionVariable, NULL, &released, release,
			       w32_deadline(dwMilliseconds));
	if (released.shared)
		AcquireSRWLockShared(SRWLock);
	else
		AcquireSRWLockExclusive(SRWLock);
	return woken ? TRUE : w32_fail(ERROR_TIMEOUT);
}

/* The two lowest bits of INIT_ONCE say how far it is; what is above them is the context. */
#define NOT_YET 0u
#define RUNS    1u
#define ASYNC   2u
#define DONE    3u
#define STATES  3u

static ULONG_PTR state_of(PINIT_ONCE once)
{
	return (ULONG_PTR)__atomic_load_n(&once->Ptr, __ATOMIC_ACQUIRE);
}

static bool swap(PINIT_ONCE once, ULONG_PTR from, ULONG_PTR to)
{
	PVOID expected = (PVOID)from;

	return __atomic_compare_exchange_n(&once->Ptr, &expected, (PVOID)to, 0, __ATOMIC_ACQ_REL,
					   __ATOMIC_ACQUIRE);
}

static bool runs(const void *context)
{
	return state_of((PINIT_ONCE)(ULONG_PTR)context) == RUNS;
}

NETCX_EXPORT VOID WINAPI InitOnceInitialize(PINIT_ONCE InitOnce)
{
	InitOnce->Ptr = NULL;
}

static void tell(PINIT_ONCE once, LPVOID *context)
{
	if (context)
		*context = (LPVOID)(state_of(once) & ~(ULONG_PTR)STATES);
}

/* Return: the caller is to initialise it; false: it has been. */
static bool begin(PINIT_ONCE once)
{
	for (;;) {
		ULONG_PTR state = state_of(once);

		if ((state & STATES) == DONE)
			return false;
		if (state == NOT_YET && swap(once, NOT_YET, RUNS))
			return true;
		if (state == RUNS)
			w32_wait_while(once, runs, once, NULL, w32_deadline(INFINITE));
	}
}

static BOOL begin_async(PINIT_ONCE once, PBOOL pending, LPVOID *context)
{
	swap(once, NOT_YET, ASYNC);
	if (state_of(once) == RUNS)
		return w32_fail(ERROR_INVALID_PARAMETER);
	*pending = state_of(once) == ASYNC;
	if (!*pending)
		tell(once, context);
	return TRUE;
}

/* Page InitOnceBeginInitialize. */
NETCX_EXPORT BOOL WINAPI InitOnceBeginInitialize(LPINIT_ONCE lpInitOnce, DWORD dwFlags,
						 PBOOL fPending, LPVOID *lpContext)
{
	w32_state("InitOnceBeginInitialize");
	if (dwFlags & ~(DWORD)(INIT_ONCE_CHECK_ONLY | INIT_ONCE_ASYNC))
		return w32_fail(ERROR_INVALID_PARAMETER);
	if (dwFlags & INIT_ONCE_CHECK_ONLY) {
		*fPending = (state_of(lpInitOnce) & STATES) != DONE;
		if (*fPending)
			return w32_fail(ERROR_GEN_FAILURE);
		tell(lpInitOnce, lpContext);
		return TRUE;
	}
	if (dwFlags & INIT_ONCE_ASYNC)
		return begin_async(lpInitOnce, fPending, lpContext);
	*fPending = begin(lpInitOnce);
	if (!*fPending)
		tell(lpInitOnce, lpContext);
	return TRUE;
}

NETCX_EXPORT BOOL WINAPI InitOnceComplete(LPINIT_ONCE lpInitOnce, DWORD dwFlags, LPVOID lpContext)
{
	ULONG_PTR from = dwFlags & INIT_ONCE_ASYNC ? ASYNC : RUNS;
	bool failed = dwFlags & INIT_ONCE_INIT_FAILED;

	if ((ULONG_PTR)lpContext & STATES || (failed && (lpContext || from == ASYNC)) ||
	    dwFlags & ~(DWORD)(INIT_ONCE_ASYNC | INIT_ONCE_INIT_FAILED))
		return w32_fail(ERROR_INVALID_PARAMETER);
	if (!swap(lpInitOnce, from, failed ? NOT_YET : (ULONG_PTR)lpContext | DONE))
		return w32_fail(ERROR_GEN_FAILURE);
	w32_wake(lpInitOnce, true);
	return TRUE;
}

NETCX_EXPORT BOOL WINAPI InitOnceExecuteOnce(PINIT_ONCE InitOnce, PINIT_ONCE_FN InitFn,
					     PVOID Parameter, LPVOID *Context)
{
	PVOID made = NULL;

	if (begin(InitOnce)) {
		if (!InitFn(InitOnce, Parameter, &made)) {
			InitOnceComplete(InitOnce, INIT_ONCE_INIT_FAILED, NULL);
			return FALSE;
		}
		if (!InitOnceComplete(InitOnce, 0, made))
			return FALSE;
	}
	tell(InitOnce, Context);
	return TRUE;
}
