/* SPDX-License-Identifier: MIT */
/*
 * System threads: threads of the machine that run a routine of the driver's. A thread that its
 * driver ends by PsTerminateSystemThread jumps back to where it began, as on Windows without
 * running anything on the way.
 */
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "nt/export.h"
#include "nt/fault.h"
#include "nt/object.h"
#include "nt/symbols.h"
#include "nt/thread.h"
#include "nt/violation.h"
#include "nt/wait.h"

#define NORMAL_PRIORITY 8 /* of the process that system threads belong to */

/* A thread has a report's text on its stack, should it break a rule. */
#define SMALLEST_STACK (256u << 10)

static void run_start(struct nt_thread_object *thread)
{
	if (!setjmp(thread->end))
		thread->run(thread);
}

static void wait_until_resumed(struct nt_thread_object *thread)
{
	LONG suspended;

	while ((suspended = thread->suspended) > 0)
		syscall(SYS_futex, &thread->suspended, FUTEX_WAIT_PRIVATE, suspended, NULL, NULL,
			0);
}

/* Who started it has to know its number. */
static void tell_id(struct nt_thread_object *thread)
{
	thread->id = (pid_t)syscall(SYS_gettid);
	syscall(SYS_futex, &thread->id, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

static void *run(void *argument)
{
	struct nt_thread_object *thread = argument;

	nt_thread_enter(thread->object.machine);
	nt_self.object = thread;
	thread->thread = &nt_self;
	tell_id(thread);
	wait_until_resumed(thread);
	nt_callback_enter_endless(&thread->callback, "", thread->name);
	run_start(thread);
	nt_callback_leave(&thread->callback);
	nt_thread_leave();
	return NULL;
}

static void check_passive(const char *call, const char *demand)
{
	if (nt_self.irql != PASSIVE_LEVEL)
		nt_violation_say(0xA, nt_self.irql, "IRQL_NOT_LESS_OR_EQUAL", call, NULL, demand,
				 "it was called at IRQL %u.", nt_self.irql);
}

bool nt_thread_start(struct nt_thread_object *thread, size_t stack)
{
	pthread_attr_t attributes;
	pthread_t self;
	int error;

	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	if (stack > SMALLEST_STACK)
		pthread_attr_setstacksize(&attributes, stack);
	error = pthread_create(&self, &attributes, run, thread);
	pthread_attr_destroy(&attributes);
	return !error;
}

struct nt_thread_object *nt_thread_make(const struct nt_thread_object *like)
{
	struct nt_thread_object made = *like;

	made.priority = NORMAL_PRIORITY;
	made.object.type = &nt_thread_type;
	made.object.maker = like->start;
	nt_wait_init(&made.object.header, NT_WAIT_THREAD, false);
	return (struct nt_thread_object *)nt_object_add(&made.object, sizeof(made));
}

struct nt_thread_object *nt_thread_current(void)
{
	if (nt_self.object)
		return nt_self.object;
	nt_self.object = nt_thread_make(&(struct nt_thread_object){ .start = NULL });
	if (!nt_self.object)
		abort();
	nt_self.object->thread = &nt_self;
	nt_self.object->id = (pid_t)syscall(SYS_gettid);
	return nt_self.object;
}

bool nt_thread_is_made(const struct nt_thread_object *thread)
{
	return thread && thread->start &&
	       atomic_load_explicit(&nt_self.callback, memory_order_relaxed) == &thread->callback;
}

_Noreturn void nt_thread_exit(struct nt_thread_object *thread)
{
	longjmp(thread->end, 1);
}

static void run_routine(struct nt_thread_object *thread)
{
	((PKSTART_ROUTINE)(ULONG_PTR)thread->start)(thread->context);
}

/* Return: NULL: no memory. */
static struct nt_thread_object *make(PKSTART_ROUTINE start, PVOID context, HANDLE *handle,
				     ULONG access)
{
	struct nt_thread_object like = {
		.start = (const void *)start,
		.run = run_routine,
		.context = context,
	};
	struct nt_thread_object *thread;
	char where[128];

	nt_symbol((const char *)(const void *)start + 1, where, sizeof(where));
	snprintf(like.name, sizeof(like.name), "system thread %s", where);
	thread = nt_thread_make(&like);
	if (!thread)
		return NULL;
	*handle = nt_object_open(&thread->object, access);
	if (*handle)
		return thread;
	nt_object_release(&thread->object);
	return NULL;
}

/* DDI page; that other processes than the system's have threads is nothing for a driver here. */
NETCX_EXPORT NTSTATUS PsCreateSystemThread(PHANDLE ThreadHandle, ULONG DesiredAccess,
					   POBJECT_ATTRIBUTES ObjectAttributes,
					   HANDLE ProcessHandle, PCLIENT_ID ClientId,
					   PKSTART_ROUTINE StartRoutine, PVOID StartContext)
{
	struct nt_thread_object *object;
	HANDLE handle;

	check_passive("PsCreateSystemThread", "A system thread is created at PASSIVE_LEVEL.");
	if (!StartRoutine)
		nt_violation_say(
			0xC4, 0, "DRIVER_VERIFIER_DETECTED_VIOLATION", "PsCreateSystemThread", NULL,
			"A system thread has a routine that it runs.", "StartRoutine is NULL.");
	if (ProcessHandle && ProcessHandle != NtCurrentProcess())
		return STATUS_INVALID_HANDLE;
	if (ObjectAttributes && ObjectAttributes->Length != sizeof(*ObjectAttributes))
		return STATUS_INVALID_PARAMETER;
	if (NT_FAULT("PsCreateSystemThread"))
		return STATUS_INSUFFICIENT_RESOURCES;
	object = make(StartRoutine, StartContext, &handle, DesiredAccess);
	if (!object)
		return STATUS_INSUFFICIENT_RESOURCES;
	if (ClientId)
		*ClientId = (CLIENT_ID){ PsGetCurrentProcessId(), handle };
	*ThreadHandle = handle;
	if (nt_thread_start(object, 0))
		return STATUS_SUCCESS;
	ZwClose(handle);
	nt_object_release(&object->object);
	*ThreadHandle = NULL;
	return STATUS_INSUFFICIENT_RESOURCES;
}

/* While the driver's frames are still there to be named. */
static void check_end(const struct nt_thread_object *object)
{
	check_passive("PsTerminateSystemThread", "A system thread ends at PASSIVE_LEVEL.");
	if (nt_self.held_count)
		nt_held_exit();
	if (nt_self.regions.critical || nt_self.regions.guarded)
		nt_region_return(&object->callback, &nt_self.regions);
}

/* DDI page: only the thread itself, and only one that PsCreateSystemThread has made. */
NETCX_EXPORT NTSTATUS PsTerminateSystemThread(NTSTATUS ExitStatus)
{
	struct nt_thread_object *object = nt_self.object;

	if (!nt_thread_is_made(object))
		return STATUS_INVALID_PARAMETER;
	check_end(object);
	nt_thread_exit(object);
}

/* Ours have an object once somebody asks, and keep it to their end. */
NETCX_EXPORT PKTHREAD KeGetCurrentThread(VOID)
{
	return (PKTHREAD)nt_thread_current();
}

NETCX_EXPORT HANDLE PsGetCurrentThreadId(VOID)
{
	return (HANDLE)(ULONG_PTR)syscall(SYS_gettid);
}

NETCX_EXPORT HANDLE PsGetCurrentProcessId(VOID)
{
	return (HANDLE)(ULONG_PTR)getpid();
}

static void check_dispatch(const char *call)
{
	if (nt_self.irql > DISPATCH_LEVEL)
		nt_violation_say(0xA, nt_self.irql, "IRQL_NOT_LESS_OR_EQUAL", call, NULL,
				 "A thread's priority is set at DISPATCH_LEVEL or below.",
				 "it was called at IRQL %u.", nt_self.irql);
}

NETCX_EXPORT KPRIORITY KeQueryPriorityThread(PKTHREAD Thread)
{
	check_passive("KeQueryPriorityThread",
		      "A thread's priority is asked for at PASSIVE_LEVEL.");
	return ((struct nt_thread_object *)Thread)->priority;
}

NETCX_EXPORT KPRIORITY KeSetPriorityThread(PKTHREAD Thread, KPRIORITY Priority)
{
	check_dispatch("KeSetPriorityThread");
	if (Priority <= LOW_PRIORITY || Priority > HIGH_PRIORITY)
		nt_violation_say(
			0xC4, (uint64_t)Priority, "DRIVER_VERIFIER_DETECTED_VIOLATION",
			"KeSetPriorityThread", NULL,
			"A thread's priority lies above LOW_PRIORITY and not above HIGH_PRIORITY.",
			"Priority is %d.", (int)Priority);
	return atomic_exchange(&((struct nt_thread_object *)Thread)->priority, Priority);
}

static KPRIORITY with_increment(LONG increment)
{
	KPRIORITY priority = NORMAL_PRIORITY + increment;

	if (priority < LOW_PRIORITY + 1)
		return LOW_PRIORITY + 1;
	return priority > HIGH_PRIORITY ? HIGH_PRIORITY : priority;
}

NETCX_EXPORT LONG KeSetBasePriorityThread(PKTHREAD Thread, LONG Increment)
{
	struct nt_thread_object *object = (struct nt_thread_object *)Thread;

	check_dispatch("KeSetBasePriorityThread");
	object->priority = with_increment(Increment);
	return atomic_exchange(&object->increment, Increment);
}
