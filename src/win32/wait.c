/* SPDX-License-Identifier: MIT */
/*
 * Waits for handles, and for time to pass. There are no asynchronous procedure calls, so an
 * alertable wait ends as any other does.
 */
#include "nt/wait.h"

#include <sched.h>

#include "base/clock.h"
#include "nt/violation.h"
#include "win32/private.h"

#define INCORRECT_WAIT_CALL 0x302

uint64_t w32_deadline(DWORD milliseconds)
{
	return milliseconds == INFINITE ? NT_WAIT_FOR_EVER : clock_ns() + milliseconds * NS_PER_MS;
}

static DWORD wait(struct nt_object **objects, DWORD count, bool all, DWORD milliseconds,
		  const char *call)
{
	DISPATCHER_HEADER *headers[MAXIMUM_WAIT_OBJECTS] = { NULL };
	bool abandoned;
	int which;

	for (DWORD i = 0; i < count; i++)
		headers[i] = &objects[i]->header;
	which = nt_wait(headers, count, all, w32_deadline(milliseconds), call, &abandoned);
	for (DWORD i = 0; i < count; i++)
		nt_object_put(objects[i]);
	if (which < 0)
		return WAIT_TIMEOUT;
	return (abandoned ? WAIT_ABANDONED_0 : WAIT_OBJECT_0) + (DWORD)which;
}

static DWORD wait_for_one(HANDLE handle, DWORD milliseconds, const char *call)
{
	struct nt_object *object = w32_object(handle, NULL, call);

	return wait(&object, 1, false, milliseconds, call);
}

/* Page WaitForMultipleObjects: for all of them each must be there once. */
static bool is_twice(struct nt_object *const *objects, DWORD count)
{
	for (DWORD i = 1; i < count; i++)
		for (DWORD j = 0; j < i; j++)
			if (objects[i] == objects[j])
				return true;
	return false;
}

static DWORD wait_for_several(DWORD count, const HANDLE *handles, BOOL all, DWORD milliseconds,
			      const char *call)
{
	struct nt_object *objects[MAXIMUM_WAIT_OBJECTS];

	if (!count || !handles)
		nt_violation_stop(INCORRECT_WAIT_CALL, (uintptr_t)handles, "INCORRECT_WAIT_CALL",
				  call, "A wait is for one handle at least.",
				  "nCount is %u and lpHandles %p.", count, (const void *)handles);
	if (count > MAXIMUM_WAIT_OBJECTS) {
		w32_fail(ERROR_INVALID_PARAMETER);
		return WAIT_FAILED;
	}
	for (DWORD i = 0; i < count; i++)
		objects[i] = w32_object(handles[i], NULL, call);
	if (!all || !is_twice(objects, count))
		return wait(objects, count, all, milliseconds, call);
	for (DWORD i = 0; i < count; i++)
		nt_object_put(objects[i]);
	w32_fail(ERROR_INVALID_PARAMETER);
	return WAIT_FAILED;
}

NETCX_EXPORT DWORD WINAPI WaitForSingleObject(HANDLE hHandle, DWORD dwMilliseconds)
{
	return wait_for_one(hHandle, dwMilliseconds, "WaitForSingleObject");
}

NETCX_EXPORT DWORD WINAPI WaitForSingleObjectEx(HANDLE hHandle, DWORD dwMilliseconds,
						BOOL bAlertable)
{
	return wait_for_one(hHandle, dwMilliseconds, "WaitForSingleObjectEx");
}

NETCX_EXPORT DWORD WINAPI WaitForMultipleObjects(DWORD nCount, const HANDLE *lpHandles,
						 BOOL bWaitAll, DWORD dwMilliseconds)
{
	return wait_for_several(nCount, lpHandles, bWaitAll, dwMilliseconds,
				"WaitForMultipleObjects");
}

NETCX_EXPORT DWORD WINAPI WaitForMultipleObjectsEx(DWORD nCount, const HANDLE *lpHandles,
						   BOOL bWaitAll, DWORD dwMilliseconds,
						   BOOL bAlertable)
{
	return wait_for_several(nCount, lpHandles, bWaitAll, dwMilliseconds,
				"WaitForMultipleObjectsEx");
}

NETCX_EXPORT VOID WINAPI Sleep(DWORD dwMilliseconds)
{
	LARGE_INTEGER interval = { .QuadPart = -(LONGLONG)dwMilliseconds * 10000 };

	if (!dwMilliseconds)
		sched_yield();
	else
		do
			KeDelayExecutionThread(UserMode, FALSE, &interval);
		while (dwMilliseconds == INFINITE);
}

NETCX_EXPORT DWORD WINAPI SleepEx(DWORD dwMilliseconds, BOOL bAlertable)
{
	Sleep(dwMilliseconds);
	return 0;
}
