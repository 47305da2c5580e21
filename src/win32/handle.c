/* SPDX-License-Identifier: MIT */
/* Handles, as the Application Verifier holds drivers to them, and objects with names. */
#include <stdlib.h>
#include <string.h>

#include "base/utf.h"
#include "nt/fault.h"
#include "nt/violation.h"
#include "nt/wait.h"
#include "win32/state.h"

#define INVALID_HANDLE        0x300
#define NULL_HANDLE           0x303
#define INCORRECT_OBJECT_TYPE 0x305

#define CURRENT_PROCESS       ((HANDLE)(LONG_PTR)-1)
#define CURRENT_THREAD        ((HANDLE)(LONG_PTR)-2)

static _Noreturn void say_invalid(HANDLE handle, const char *call)
{
	if (!handle)
		nt_violation_stop(
			NULL_HANDLE, 0, "NULL_HANDLE", call,
			"A handle is used when what made it has succeeded, and before it is closed.",
			"the handle is NULL.");
	nt_violation_stop(
		INVALID_HANDLE, (uintptr_t)handle, "INVALID_HANDLE", call,
		"A handle is used until it is closed, and closed once.",
		"%p is no handle (STATUS_INVALID_HANDLE): it was closed already, or never opened.",
		(void *)handle);
}

static _Noreturn void say_type(HANDLE handle, const char *is, const char *wanted, const char *call)
{
	nt_violation_stop(INCORRECT_OBJECT_TYPE, (uintptr_t)handle, "INCORRECT_OBJECT_TYPE", call,
			  "A call is given a handle of the kind of object that it is for.",
			  "the handle %p is of a %s, and a %s is asked for.", (void *)handle, is,
			  wanted);
}

static struct nt_object *current_thread(void)
{
	struct nt_object *object = &nt_thread_current()->object;

	ObReferenceObject(object);
	return object;
}

struct nt_object *w32_object(HANDLE handle, const struct nt_object_type *type, const char *call)
{
	const struct nt_object_type *is;
	struct nt_object *object;

	w32_check_thread(call);
	if (handle == CURRENT_THREAD) {
		if (type && type != &nt_thread_type)
			say_type(handle, nt_thread_type.name, type->name, call);
		return current_thread();
	}
	if (handle == CURRENT_PROCESS)
		say_type(handle, "process", type ? type->name : "event or the like", call);
	if (NT_SUCCESS(nt_object_by_handle(handle, type, &object)))
		return object;
	is = nt_object_type_of(handle);
	if (!is)
		say_invalid(handle, call);
	say_type(handle, is->name, type->name, call);
}

struct nt_thread_object *w32_thread(HANDLE handle, const char *call)
{
	return (struct nt_thread_object *)w32_object(handle, &nt_thread_type, call);
}

WCHAR *w32_wide(const char *text)
{
	size_t units = text ? strlen(text) + 1 : 0;
	WCHAR *wide = text ? malloc(units * sizeof(*wide)) : NULL;

	if (wide)
		utf16_from_utf8(wide, units, text);
	return wide;
}

/* Return: NULL: no memory. */
static WCHAR *copy_of(LPCWSTR name)
{
	size_t units = 0;
	WCHAR *copy;

	while (name[units])
		units++;
	copy = malloc((units + 1) * sizeof(*copy));
	if (copy)
		memcpy(copy, name, (units + 1) * sizeof(*copy));
	return copy;
}

static HANDLE make(struct nt_object *like, size_t size, const struct w32_request *request)
{
	struct nt_object *object;
	HANDLE handle;

	like->maker = request->caller;
	object = nt_object_add(like, size);
	if (!object) {
		free(like->name);
		w32_fail(ERROR_NOT_ENOUGH_MEMORY);
		return NULL;
	}
	handle = nt_object_open(object, request->access);
	nt_object_release(object);
	w32_fail(handle ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY);
	return handle;
}

/* With the lock of names. Return: the object of that name, or a new one. */
static HANDLE open_or_make(struct nt_object *like, size_t size, const struct w32_request *request)
{
	HANDLE handle = NULL;
	NTSTATUS status = nt_object_open_named(like->type, request->name, request->access, &handle);

	if (NT_SUCCESS(status)) {
		w32_fail(ERROR_ALREADY_EXISTS);
		return handle;
	}
	if (status != STATUS_OBJECT_NAME_NOT_FOUND) {
		w32_fail_status(status);
		return NULL;
	}
	like->name = copy_of(request->name);
	if (like->name)
		return make(like, size, request);
	w32_fail(ERROR_NOT_ENOUGH_MEMORY);
	return NULL;
}

HANDLE w32_create(const struct nt_object *like, size_t size, const struct w32_request *request)
{
	struct w32 *w32 = w32_state(request->call);
	struct nt_object *copy = nt_fault(request->call) ? NULL : malloc(size);
	HANDLE handle;

	if (!copy) {
		w32_fail(ERROR_NOT_ENOUGH_MEMORY);
		return NULL;
	}
	memcpy(copy, like, size);
	if (request->name && request->name[0]) {
		pthread_mutex_lock(&w32->names_lock);
		handle = open_or_make(copy, size, request);
		pthread_mutex_unlock(&w32->names_lock);
	} else {
		handle = make(copy, size, request);
	}
	free(copy);
	return handle;
}

HANDLE w32_open(const struct nt_object_type *type, const struct w32_request *request)
{
	HANDLE handle = NULL;
	NTSTATUS status;

	w32_check_thread(request->call);
	if (!request->name) {
		w32_fail(ERROR_INVALID_PARAMETER);
		return NULL;
	}
	status = nt_fault(request->call)
			 ? STATUS_NO_MEMORY
			 : nt_object_open_named(type, request->name, request->access, &handle);
	if (!NT_SUCCESS(status))
		w32_fail_status(status);
	return handle;
}

/* The pseudo-handles need not be closed, and may be. */
NETCX_EXPORT BOOL WINAPI CloseHandle(HANDLE hObject)
{
	w32_check_thread("CloseHandle");
	if (hObject == CURRENT_PROCESS || hObject == CURRENT_THREAD)
		return TRUE;
	if (!nt_object_close(hObject))
		say_invalid(hObject, "CloseHandle");
	return TRUE;
}

NETCX_EXPORT BOOL WINAPI DuplicateHandle(HANDLE hSourceProcessHandle, HANDLE hSourceHandle,
					 HANDLE hTargetProcessHandle, LPHANDLE lpTargetHandle,
					 DWORD dwDesiredAccess, BOOL bInheritHandle,
					 DWORD dwOptions)
{
	struct nt_object *object;
	HANDLE handle;

	if (hSourceProcessHandle != CURRENT_PROCESS || hTargetProcessHandle != CURRENT_PROCESS)
		say_type(hSourceProcessHandle, "other thing", "handle of this process",
			 "DuplicateHandle");
	object = w32_object(hSourceHandle, NULL, "DuplicateHandle");
	handle = NT_FAULT("DuplicateHandle") ? NULL : nt_object_open(object, dwDesiredAccess);
	nt_object_put(object);
	if (!handle)
		return w32_fail(ERROR_NOT_ENOUGH_MEMORY);
	if (dwOptions & DUPLICATE_CLOSE_SOURCE)
		CloseHandle(hSourceHandle);
	if (lpTargetHandle)
		*lpTargetHandle = handle;
	else
		CloseHandle(handle);
	return TRUE;
}

NETCX_EXPORT BOOL WINAPI CompareObjectHandles(HANDLE hFirstObjectHandle, HANDLE hSecondObjectHandle)
{
	struct nt_object *first = w32_object(hFirstObjectHandle, NULL, "CompareObjectHandles");
	struct nt_object *second = w32_object(hSecondObjectHandle, NULL, "CompareObjectHandles");
	bool same = first == second;

	nt_object_put(first);
	nt_object_put(second);
	return same;
}
