/* SPDX-License-Identifier: MIT */
/* Mutexes and semaphores. */
#include <stdlib.h>

#include "nt/fault.h"
#include "nt/thread.h"
#include "nt/wait.h"
#include "win32/private.h"

NT_FAULT_NAMES("OpenMutexW", "OpenSemaphoreW", "CreateMutexW", "CreateMutexA", "CreateMutexExW",
	       "CreateSemaphoreW", "CreateSemaphoreExW");

static const struct nt_object_type semaphore_type = { .name = "semaphore" };

static HANDLE create_mutex(BOOL owned, const struct w32_request *request)
{
	struct nt_mutant like = { .object.type = &nt_mutant_type };
	HANDLE handle;

	nt_wait_init(&like.object.header, NT_WAIT_MUTANT, true);
	handle = w32_create(&like.object, sizeof(like), request);
	/* Page CreateMutex: one that was there already is not taken. */
	if (handle && owned && GetLastError() != ERROR_ALREADY_EXISTS)
		WaitForSingleObject(handle, 0);
	return handle;
}

NETCX_EXPORT HANDLE WINAPI CreateMutexW(LPSECURITY_ATTRIBUTES lpMutexAttributes, BOOL bInitialOwner,
					LPCWSTR lpName)
{
	return create_mutex(bInitialOwner, &(struct w32_request){ lpName, MUTEX_ALL_ACCESS,
								  "CreateMutexW", CALLER });
}

NETCX_EXPORT HANDLE WINAPI CreateMutexA(LPSECURITY_ATTRIBUTES lpMutexAttributes, BOOL bInitialOwner,
					LPCSTR lpName)
{
	WCHAR *name = w32_wide(lpName);
	HANDLE handle =
		create_mutex(bInitialOwner, &(struct w32_request){ name, MUTEX_ALL_ACCESS,
								   "CreateMutexA", CALLER });

	free(name);
	return handle;
}

NETCX_EXPORT HANDLE WINAPI CreateMutexExW(LPSECURITY_ATTRIBUTES lpMutexAttributes, LPCWSTR lpName,
					  DWORD dwFlags, DWORD dwDesiredAccess)
{
	if (dwFlags & ~(DWORD)CREATE_MUTEX_INITIAL_OWNER) {
		w32_fail(ERROR_INVALID_PARAMETER);
		return NULL;
	}
	return create_mutex(
		dwFlags & CREATE_MUTEX_INITIAL_OWNER,
		&(struct w32_request){ lpName, dwDesiredAccess, "CreateMutexExW", CALLER });
}

NETCX_EXPORT HANDLE WINAPI OpenMutexW(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCWSTR lpName)
{
	return w32_open(&nt_mutant_type,
			&(struct w32_request){ lpName, dwDesiredAccess, "OpenMutexW", CALLER });
}

NETCX_EXPORT BOOL WINAPI ReleaseMutex(HANDLE hMutex)
{
	struct nt_object *object = w32_object(hMutex, &nt_mutant_type, "ReleaseMutex");
	bool released = nt_mutant_release((struct nt_mutant *)object);

	nt_object_put(object);
	return released ? TRUE : w32_fail(ERROR_NOT_OWNER);
}

static HANDLE create_semaphore(LONG count, LONG limit, const struct w32_request *request)
{
	struct nt_semaphore like = { .object.type = &semaphore_type, .limit = limit };

	if (limit <= 0 || count < 0 || count > limit) {
		w32_fail(ERROR_INVALID_PARAMETER);
		return NULL;
	}
	nt_wait_init(&like.object.header, NT_WAIT_SEMAPHORE, false);
	like.object.header.SignalState = count;
	return w32_create(&like.object, sizeof(like), request);
}

NETCX_EXPORT HANDLE WINAPI CreateSemaphoreW(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes,
					    LONG lInitialCount, LONG lMaximumCount, LPCWSTR lpName)
{
	return create_semaphore(
		lInitialCount, lMaximumCount,
		&(struct w32_request){ lpName, SEMAPHORE_ALL_ACCESS, "CreateSemaphoreW", CALLER });
}

NETCX_EXPORT HANDLE WINAPI CreateSemaphoreExW(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes,
					      LONG lInitialCount, LONG lMaximumCount,
					      LPCWSTR lpName, DWORD dwFlags, DWORD dwDesiredAccess)
{
	if (dwFlags) {
		w32_fail(ERROR_INVALID_PARAMETER);
		return NULL;
	}
	return create_semaphore(
		lInitialCount, lMaximumCount,
		&(struct w32_request){ lpName, dwDesiredAccess, "CreateSemaphoreExW", CALLER });
}

NETCX_EXPORT HANDLE WINAPI OpenSemaphoreW(DWORD dwDesiredAccess, BOOL bInheritHandle,
					  LPCWSTR lpName)
{
	return w32_open(&semaphore_type,
			&(struct w32_request){ lpName, dwDesiredAccess, "OpenSemaphoreW", CALLER });
}

NETCX_EXPORT BOOL WINAPI ReleaseSemaphore(HANDLE hSemaphore, LONG lReleaseCount,
					  LPLONG lpPreviousCount)
{
	struct nt_object *object = w32_object(hSemaphore, &semaphore_type, "ReleaseSemaphore");
	bool released = lReleaseCount > 0 && nt_semaphore_release((struct nt_semaphore *)object,
								  lReleaseCount, lpPreviousCount);

	nt_object_put(object);
	if (released)
		return TRUE;
	return w32_fail(lReleaseCount > 0 ? ERROR_TOO_MANY_POSTS : ERROR_INVALID_PARAMETER);
}
