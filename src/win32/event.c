/* SPDX-License-Identifier: MIT */
/* Events: the executive's, each with a handle. */
#include <stdlib.h>

#include "nt/fault.h"
#include "nt/wait.h"
#include "win32/private.h"

NT_FAULT_NAMES("OpenEventW", "CreateEventW", "CreateEventA", "CreateEventExW");

static const struct nt_object_type event_type = { .name = "event" };

static HANDLE create(BOOL manual, BOOL set, const struct w32_request *request)
{
	struct nt_object like = { .type = &event_type };

	nt_wait_init(&like.header,
		     manual ? NT_WAIT_EVENT_NOTIFICATION : NT_WAIT_EVENT_SYNCHRONIZATION, set);
	return w32_create(&like, sizeof(like), request);
}

NETCX_EXPORT HANDLE WINAPI CreateEventW(LPSECURITY_ATTRIBUTES lpEventAttributes, BOOL bManualReset,
					BOOL bInitialState, LPCWSTR lpName)
{
	return create(bManualReset, bInitialState,
		      &(struct w32_request){ lpName, EVENT_ALL_ACCESS, "CreateEventW", CALLER });
}

NETCX_EXPORT HANDLE WINAPI CreateEventA(LPSECURITY_ATTRIBUTES lpEventAttributes, BOOL bManualReset,
					BOOL bInitialState, LPCSTR lpName)
{
	WCHAR *name = w32_wide(lpName);
	HANDLE handle =
		create(bManualReset, bInitialState,
		       &(struct w32_request){ name, EVENT_ALL_ACCESS, "CreateEventA", CALLER });

	free(name);
	return handle;
}

NETCX_EXPORT HANDLE WINAPI CreateEventExW(LPSECURITY_ATTRIBUTES lpEventAttributes, LPCWSTR lpName,
					  DWORD dwFlags, DWORD dwDesiredAccess)
{
	if (dwFlags & ~(DWORD)(CREATE_EVENT_MANUAL_RESET | CREATE_EVENT_INITIAL_SET)) {
		w32_fail(ERROR_INVALID_PARAMETER);
		return NULL;
	}
	return create(dwFlags & CREATE_EVENT_MANUAL_RESET, !!(dwFlags & CREATE_EVENT_INITIAL_SET),
		      &(struct w32_request){ lpName, dwDesiredAccess, "CreateEventExW", CALLER });
}

NETCX_EXPORT HANDLE WINAPI OpenEventW(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCWSTR lpName)
{
	return w32_open(&event_type,
			&(struct w32_request){ lpName, dwDesiredAccess, "OpenEventW", CALLER });
}

NETCX_EXPORT BOOL WINAPI SetEvent(HANDLE hEvent)
{
	struct nt_object *object = w32_object(hEvent, &event_type, "SetEvent");

	KeSetEvent((PKEVENT)&object->header, IO_NO_INCREMENT, FALSE);
	nt_object_put(object);
	return TRUE;
}

NETCX_EXPORT BOOL WINAPI ResetEvent(HANDLE hEvent)
{
	struct nt_object *object = w32_object(hEvent, &event_type, "ResetEvent");

	KeResetEvent((PKEVENT)&object->header);
	nt_object_put(object);
	return TRUE;
}
