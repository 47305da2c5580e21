/* SPDX-License-Identifier: MIT */
/* KEVENT and KeWaitForSingleObject, on a futex: SignalState is the word that is waited for. */
#include "nt/wait.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "nt/deadlock.h"
#include "nt/export.h"
#include "nt/irql.h"
#include "nt/object.h"
#include "nt/time.h"
#include "nt/violation.h"

static bool takes_signal(const DISPATCHER_HEADER *header)
{
	return header->Lock == NT_WAIT_EVENT_SYNCHRONIZATION ||
	       header->Lock == NT_WAIT_TIMER_SYNCHRONIZATION;
}

void nt_wait_init(DISPATCHER_HEADER *header, enum nt_wait_kind kind, bool signaled)
{
	InitializeListHead(&header->WaitListHead);
	header->Lock = (LONG)kind;
	__atomic_store_n(&header->SignalState, signaled, __ATOMIC_RELEASE);
}

LONG nt_wait_signal(DISPATCHER_HEADER *header)
{
	int waiters = takes_signal(header) ? 1 : INT_MAX;
	LONG before = __atomic_exchange_n(&header->SignalState, 1, __ATOMIC_SEQ_CST);

	/*
	 * The object may be gone as soon as a waiter has seen the state; waking nobody at its
	 * address does no harm.
	 */
	if (!before)
		syscall(SYS_futex, &header->SignalState, FUTEX_WAKE_PRIVATE, waiters, NULL, NULL,
			0);
	return before;
}

static bool try_take(DISPATCHER_HEADER *header)
{
	LONG signaled = 1;

	if (takes_signal(header))
		return __atomic_compare_exchange_n(&header->SignalState, &signaled, 0, 0,
						   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	return __atomic_load_n(&header->SignalState, __ATOMIC_SEQ_CST) != 0;
}

/* Return: false when the deadline has passed. */
static bool sleep_on(DISPATCHER_HEADER *header, const struct timespec *until)
{
	/* The bitset form takes an absolute time of CLOCK_MONOTONIC. */
	long result = syscall(SYS_futex, &header->SignalState, FUTEX_WAIT_BITSET_PRIVATE, 0, until,
			      NULL, FUTEX_BITSET_MATCH_ANY);

	return !(result == -1 && errno == ETIMEDOUT);
}

static struct timespec timespec_of(uint64_t deadline_ns)
{
	return (struct timespec){ .tv_sec = (time_t)(deadline_ns / NS_PER_S),
				  .tv_nsec = (long)(deadline_ns % NS_PER_S) };
}

/* Without an end, so that one of a circle of threads that wait for each other is told of it. */
static void wait_for_thread(struct nt_thread_object *object)
{
	while (!try_take(&object->header)) {
		struct timespec until = timespec_of(clock_ns() + NT_WAITS_NS);

		if (!sleep_on(&object->header, &until))
			nt_waits_for(object->thread, "KeWaitForSingleObject");
	}
	nt_waits_over();
}

/* DDI page KeWaitForSingleObject: above APC_LEVEL only with a time-out of zero. */
NETCX_EXPORT NTSTATUS KeWaitForSingleObject(PVOID Object, KWAIT_REASON WaitReason,
					    KPROCESSOR_MODE WaitMode, BOOLEAN Alertable,
					    PLARGE_INTEGER Timeout)
{
	DISPATCHER_HEADER *header = Object;
	struct timespec until;

	if (nt_irql() > DISPATCH_LEVEL ||
	    (nt_irql() == DISPATCH_LEVEL && !(Timeout && Timeout->QuadPart == 0)))
		nt_violation_say(
			0xA, nt_irql(), "IRQL_NOT_LESS_OR_EQUAL", "KeWaitForSingleObject", NULL,
			"A thread waits below DISPATCH_LEVEL, or at it with a time-out of zero.",
			"it was called at IRQL %u.", nt_irql());
	if (Timeout)
		until = timespec_of(nt_deadline_ns(Timeout->QuadPart));
	else if (header->Lock == NT_WAIT_THREAD)
		wait_for_thread(Object);
	while (!try_take(header))
		if (!sleep_on(header, Timeout ? &until : NULL))
			return try_take(header) ? STATUS_SUCCESS : STATUS_TIMEOUT;
	return STATUS_SUCCESS;
}

NETCX_EXPORT void KeInitializeEvent(PRKEVENT Event, EVENT_TYPE Type, BOOLEAN State)
{
	nt_wait_init(&Event->Header,
		     Type == SynchronizationEvent ? NT_WAIT_EVENT_SYNCHRONIZATION
						  : NT_WAIT_EVENT_NOTIFICATION,
		     State);
}

NETCX_EXPORT LONG KeSetEvent(PRKEVENT Event, KPRIORITY Increment, BOOLEAN Wait)
{
	return nt_wait_signal(&Event->Header);
}

NETCX_EXPORT LONG KeResetEvent(PRKEVENT Event)
{
	return __atomic_exchange_n(&Event->Header.SignalState, 0, __ATOMIC_SEQ_CST);
}

NETCX_EXPORT void KeClearEvent(PRKEVENT Event)
{
	KeResetEvent(Event);
}

NETCX_EXPORT LONG KeReadStateEvent(PRKEVENT Event)
{
	return __atomic_load_n(&Event->Header.SignalState, __ATOMIC_SEQ_CST);
}
