/* SPDX-License-Identifier: MIT */
/*
 * What the files of user mode's Win32 share. Its objects are the executive's, and so are its
 * handles (nt/object.h); what Windows' Application Verifier stops at ends the driver here, and
 * everything else that a call documents as a failure is its result and the thread's last error.
 */
#ifndef WIN32_PRIVATE_H
#define WIN32_PRIVATE_H

#include <ntddk.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <windows.h>

#include "nt/export.h"
#include "nt/object.h"

#define CALLER __builtin_return_address(0)

/* What user mode has of a machine: made when a driver first asks for it, gone with the machine. */
struct w32;

/* w32_state() - that of the calling thread's machine. Ends the driver on a thread of nobody's. */
struct w32 *w32_state(const char *call);

/* w32_check_thread() - ends the driver when the calling thread is none of the machine's */
void w32_check_thread(const char *call);

/* w32_fail() - set the thread's last error. Return: FALSE. w32_fail_status() - by the status */
BOOL w32_fail(DWORD error);
BOOL w32_fail_status(NTSTATUS status);

/* w32_error_of() - the error that Win32 has for a status; ERROR_MR_MID_NOT_FOUND: none is known */
DWORD w32_error_of(NTSTATUS status);

/*
 * w32_object() - a reference of what a handle is of; nt_object_put() gives it back
 * @type: which it must be; NULL: any that can be waited for
 * Ends the driver when it is no handle or of something else.
 */
struct nt_object *w32_object(HANDLE handle, const struct nt_object_type *type, const char *call);

/* w32_thread() - the same for a thread, with GetCurrentThread()'s value */
struct nt_thread_object *w32_thread(HANDLE handle, const char *call);

/* What a Create… call is asked for. */
struct w32_request {
	LPCWSTR name; /* NULL: none */
	DWORD access;
	const char *call;
	const void *caller; /* in the driver */
};

/*
 * w32_create() - a handle of a new object, or of the one that has the name
 * @like: the object, @size bytes of it: its type and header are set
 * Return: NULL with the last error. It is 0 or ERROR_ALREADY_EXISTS after success.
 */
HANDLE w32_create(const struct nt_object *like, size_t size, const struct w32_request *request);

/* w32_open() - a handle of the object of this type with the name. NULL with the last error. */
HANDLE w32_open(const struct nt_object_type *type, const struct w32_request *request);

/* w32_deadline() - a time-out as nt_wait() takes it */
uint64_t w32_deadline(DWORD milliseconds);

/* w32_wide() - text as UTF-16, terminated, from malloc(). NULL: no memory, or @text is NULL. */
WCHAR *w32_wide(const char *text);

#endif
