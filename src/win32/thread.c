/* SPDX-License-Identifier: MIT */
/* Threads that a driver makes, and what each knows of itself. */
#include "nt/thread.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/utf.h"
#include "nt/fault.h"
#include "nt/processor.h"
#include "nt/symbols.h"
#include "nt/violation.h"
#include "win32/state.h"

#define TERMINATE_THREAD_CALL 0x100

static void run(struct nt_thread_object *thread)
{
	const LPTHREAD_START_ROUTINE routine = (LPTHREAD_START_ROUTINE)(ULONG_PTR)thread->start;

	thread->exit_code = routine(thread->context);
}

static void await_id(struct nt_thread_object *thread)
{
	while (!thread->id)
		syscall(SYS_futex, &thread->id, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
}

/* Return: NULL with the last error. */
static HANDLE start(const struct nt_thread_object *like, SIZE_T stack, LPDWORD id)
{
	struct nt_thread_object *thread = NT_FAULT("CreateThread") ? NULL : nt_thread_make(like);
	HANDLE handle = thread ? nt_object_open(&thread->object, THREAD_ALL_ACCESS) : NULL;

	if (handle && nt_thread_start(thread, stack)) {
		await_id(thread);
		if (id)
			*id = (DWORD)thread->id;
		return handle;
	}
	if (handle)
		nt_object_close(handle);
	if (thread)
		nt_object_release(&thread->object);
	w32_fail(ERROR_NOT_ENOUGH_MEMORY);
	return NULL;
}

NETCX_EXPORT HANDLE WINAPI CreateThread(LPSECURITY_ATTRIBUTES lpThreadAttributes,
					SIZE_T dwStackSize, LPTHREAD_START_ROUTINE lpStartAddress,
					LPVOID lpParameter, DWORD dwCreationFlags,
					LPDWORD lpThreadId)
{
	struct nt_thread_object like = {
		.start = (const void *)lpStartAddress,
		.run = run,
		.context = lpParameter,
		.win32 = true,
		.exit_code = STILL_ACTIVE,
		.suspended = !!(dwCreationFlags & CREATE_SUSPENDED),
	};
	char where[128];

	w32_check_thread("CreateThread");
	if (!lpStartAddress ||
	    dwCreationFlags & ~(DWORD)(CREATE_SUSPENDED | STACK_SIZE_PARAM_IS_A_RESERVATION)) {
		w32_fail(ERROR_INVALID_PARAMETER);
		return NULL;
	}
	nt_symbol((const char *)(const void *)lpStartAddress + 1, where, sizeof(where));
	snprintf(like.name, sizeof(like.name), "thread %s", where);
	return start(&like, dwStackSize, lpThreadId);
}

/* Nothing runs on the way out, as on Windows: no destructors. */
NETCX_EXPORT VOID WINAPI ExitThread(DWORD dwExitCode)
{
	struct nt_thread_object *thread = nt_self.object;

	if (!nt_thread_is_made(thread) || !thread->win32)
		nt_violation_stop(
			TERMINATE_THREAD_CALL, 0, "TERMINATE_THREAD_CALL", "ExitThread",
			"A driver ends the threads that it has made, from their own routine.",
			"the thread is the framework's, or inside of a callback.");
	if (nt_self.held_count)
		nt_held_exit();
	thread->exit_code = dwExitCode;
	nt_thread_exit(thread);
}

NETCX_EXPORT BOOL WINAPI GetExitCodeThread(HANDLE hThread, LPDWORD lpExitCode)
{
	struct nt_thread_object *thread = w32_thread(hThread, "GetExitCodeThread");

	*lpExitCode = thread->object.header.SignalState || thread->win32 ? thread->exit_code
									 : STILL_ACTIVE;
	nt_object_put(&thread->object);
	return TRUE;
}

/* Only a thread that was made suspended is: it waits at its beginning. */
NETCX_EXPORT DWORD WINAPI ResumeThread(HANDLE hThread)
{
	struct nt_thread_object *thread = w32_thread(hThread, "ResumeThread");
	LONG before = 1;

	if (atomic_compare_exchange_strong(&thread->suspended, &before, 0))
		syscall(SYS_futex, &thread->suspended, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
	nt_object_put(&thread->object);
	return (DWORD)before;
}

NETCX_EXPORT HANDLE WINAPI GetCurrentThread(VOID)
{
	return (HANDLE)(LONG_PTR)-2;
}

NETCX_EXPORT HANDLE WINAPI GetCurrentProcess(VOID)
{
	return (HANDLE)(LONG_PTR)-1;
}

NETCX_EXPORT DWORD WINAPI GetCurrentThreadId(VOID)
{
	return (DWORD)(ULONG_PTR)PsGetCurrentThreadId();
}

NETCX_EXPORT DWORD WINAPI GetCurrentProcessId(VOID)
{
	return (DWORD)(ULONG_PTR)PsGetCurrentProcessId();
}

NETCX_EXPORT DWORD WINAPI GetThreadId(HANDLE Thread)
{
	struct nt_thread_object *thread = w32_thread(Thread, "GetThreadId");
	DWORD id = (DWORD)thread->id;

	nt_object_put(&thread->object);
	return id;
}

static bool is_priority(int priority)
{
	return (priority >= THREAD_PRIORITY_LOWEST && priority <= THREAD_PRIORITY_HIGHEST) ||
	       priority == THREAD_PRIORITY_IDLE || priority == THREAD_PRIORITY_TIME_CRITICAL;
}

/* It is kept and told; Linux goes on as before. Background mode is for the thread itself. */
NETCX_EXPORT BOOL WINAPI SetThreadPriority(HANDLE hThread, int nPriority)
{
	struct nt_thread_object *thread = w32_thread(hThread, "SetThreadPriority");
	bool background = (nPriority == THREAD_MODE_BACKGROUND_BEGIN ||
			   nPriority == THREAD_MODE_BACKGROUND_END) &&
			  thread == nt_self.object;
	bool known = is_priority(nPriority) || background;

	if (known && !background)
		KeSetBasePriorityThread((PKTHREAD)thread, nPriority);
	nt_object_put(&thread->object);
	return known ? TRUE : w32_fail(ERROR_INVALID_PARAMETER);
}

NETCX_EXPORT int WINAPI GetThreadPriority(HANDLE hThread)
{
	struct nt_thread_object *thread = w32_thread(hThread, "GetThreadPriority");
	int priority = thread->increment;

	nt_object_put(&thread->object);
	return priority;
}

/* As much of it as Linux takes, for gdb and /proc. */
static void tell_linux(const struct nt_thread_object *thread)
{
	char path[64], name[16];
	int file;

	if (!thread->id)
		return;
	utf8_from_utf16(name, sizeof(name), thread->description, SIZE_MAX);
	snprintf(path, sizeof(path), "/proc/self/task/%d/comm", (int)thread->id);
	file = open(path, O_WRONLY | O_CLOEXEC);
	if (file < 0)
		return;
	/* Without it the thread has its old name there. */
	if (write(file, name, strlen(name)) < 0)
		errno = 0;
	close(file);
}

static WCHAR *copy_of(PCWSTR text, WCHAR *(*allocate)(size_t size))
{
	size_t units = 0;
	WCHAR *copy;

	while (text && text[units])
		units++;
	copy = allocate((units + 1) * sizeof(*copy));
	if (copy && units)
		memcpy(copy, text, units * sizeof(*copy));
	if (copy)
		copy[units] = 0;
	return copy;
}

static WCHAR *of_ours(size_t size)
{
	return malloc(size);
}

static WCHAR *of_the_drivers(size_t size)
{
	return LocalAlloc(LMEM_FIXED, size);
}

NETCX_EXPORT HRESULT WINAPI SetThreadDescription(HANDLE hThread, PCWSTR lpThreadDescription)
{
	struct nt_thread_object *thread = w32_thread(hThread, "SetThreadDescription");
	WCHAR *description = copy_of(lpThreadDescription, of_ours);
	struct w32 *w32 = w32_state("SetThreadDescription");

	if (description) {
		pthread_mutex_lock(&w32->names_lock);
		free(thread->description);
		thread->description = description;
		tell_linux(thread);
		pthread_mutex_unlock(&w32->names_lock);
	}
	nt_object_put(&thread->object);
	return description ? S_OK : E_OUTOFMEMORY;
}

/* Of a thread without one it is empty. */
NETCX_EXPORT HRESULT WINAPI GetThreadDescription(HANDLE hThread, PWSTR *ppszThreadDescription)
{
	struct nt_thread_object *thread = w32_thread(hThread, "GetThreadDescription");
	struct w32 *w32 = w32_state("GetThreadDescription");

	pthread_mutex_lock(&w32->names_lock);
	*ppszThreadDescription = copy_of(thread->description, of_the_drivers);
	pthread_mutex_unlock(&w32->names_lock);
	nt_object_put(&thread->object);
	return *ppszThreadDescription ? S_OK : E_OUTOFMEMORY;
}

NETCX_EXPORT BOOL WINAPI SwitchToThread(VOID)
{
	sched_yield();
	return TRUE;
}
