/* SPDX-License-Identifier: MIT */
/*
 * Waits and what they are for, on a futex: SignalState is the word that is waited for. Who waits
 * for several at once sleeps on the machine's count of signals, which moves while there is one.
 */
#include "nt/wait.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "nt/deadlock.h"
#include "nt/export.h"
#include "nt/irql.h"
#include "nt/thread.h"
#include "nt/time.h"
#include "nt/violation.h"

const struct nt_object_type nt_mutant_type = { .name = "mutex" };

static bool takes_signal(const DISPATCHER_HEADER *header)
{
	return header->Lock == NT_WAIT_EVENT_SYNCHRONIZATION || header->Lock == NT_WAIT_MUTANT ||
	       header->Lock == NT_WAIT_TIMER_SYNCHRONIZATION;
}

void nt_wait_init(DISPATCHER_HEADER *header, enum nt_wait_kind kind, bool signaled)
{
	InitializeListHead(&header->WaitListHead);
	header->Lock = (LONG)kind;
	__atomic_store_n(&header->SignalState, signaled, __ATOMIC_RELEASE);
}

static void wake(const void *word, int waiters)
{
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, waiters, NULL, NULL, 0);
}

/*
 * The object may be gone as soon as a waiter has seen its state; waking nobody at its address does
 * no harm.
 */
static void tell_in(struct nt_machine *machine, const DISPATCHER_HEADER *header, int waiters)
{
	wake(&header->SignalState, waiters);
	if (!machine || !atomic_load(&machine->waits.waiters))
		return;
	atomic_fetch_add(&machine->waits.signals, 1);
	wake(&machine->waits.signals, INT_MAX);
}

static void tell(const DISPATCHER_HEADER *header, int waiters)
{
	tell_in(nt_self.machine, header, waiters);
}

LONG nt_wait_signal_in(struct nt_machine *machine, DISPATCHER_HEADER *header)
{
	int waiters = takes_signal(header) ? 1 : INT_MAX;
	LONG before = __atomic_exchange_n(&header->SignalState, 1, __ATOMIC_SEQ_CST);

	if (before != 1)
		tell_in(machine, header, waiters);
	return before;
}

LONG nt_wait_signal(DISPATCHER_HEADER *header)
{
	return nt_wait_signal_in(nt_self.machine, header);
}

static LONG state_of(const DISPATCHER_HEADER *header)
{
	return __atomic_load_n(&header->SignalState, __ATOMIC_SEQ_CST);
}

static bool swap_state(DISPATCHER_HEADER *header, LONG from, LONG to)
{
	return __atomic_compare_exchange_n(&header->SignalState, &from, to, 0, __ATOMIC_SEQ_CST,
					   __ATOMIC_SEQ_CST);
}

static struct nt_mutant *mutant_of(const DISPATCHER_HEADER *header)
{
	return CONTAINING_RECORD(header, struct nt_mutant, object.header);
}

static bool take_mutant(DISPATCHER_HEADER *header, bool *abandoned)
{
	struct nt_mutant *mutant = mutant_of(header);

	if (mutant->owner == &nt_self) {
		__atomic_fetch_sub(&header->SignalState, 1, __ATOMIC_SEQ_CST);
		return true;
	}
	if (!swap_state(header, 1, 0))
		return false;
	mutant->owner = &nt_self;
	nt_self.mutants++;
	if (atomic_exchange(&mutant->abandoned, false))
		*abandoned = true;
	return true;
}

static bool take_one(DISPATCHER_HEADER *header)
{
	LONG state = state_of(header);

	while (state > 0) {
		if (swap_state(header, state, state - 1))
			return true;
		state = state_of(header);
	}
	return false;
}

static bool try_take(DISPATCHER_HEADER *header, bool *abandoned)
{
	if (header->Lock == NT_WAIT_MUTANT)
		return take_mutant(header, abandoned);
	if (header->Lock == NT_WAIT_SEMAPHORE)
		return take_one(header);
	if (takes_signal(header))
		return swap_state(header, 1, 0);
	return state_of(header) != 0;
}

/* Return: false when the deadline has passed. The bitset form takes a time of CLOCK_MONOTONIC. */
static bool sleep_on(const void *word, uint32_t seen, uint64_t until_ns)
{
	const struct timespec until = clock_timespec(until_ns);
	long result =
		syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, seen,
			until_ns == NT_WAIT_FOR_EVER ? NULL : &until, NULL, FUTEX_BITSET_MATCH_ANY);

	return !(result == -1 && errno == ETIMEDOUT);
}

/* Whom a wait for it is for, when that is known. */
static const struct nt_thread *awaited(const DISPATCHER_HEADER *header)
{
	if (header->Lock == NT_WAIT_THREAD)
		return CONTAINING_RECORD(header, struct nt_thread_object, object.header)->thread;
	return header->Lock == NT_WAIT_MUTANT ? mutant_of(header)->owner : NULL;
}

/* Without an end: one of a circle of threads that wait for each other is told of it. */
static void wait_for_thread(DISPATCHER_HEADER *header, const char *call, bool *abandoned)
{
	while (!try_take(header, abandoned)) {
		LONG seen = state_of(header);

		if (seen != 1 &&
		    !sleep_on(&header->SignalState, (uint32_t)seen, clock_ns() + NT_WAITS_NS))
			nt_waits_for(awaited(header), call);
	}
	nt_waits_over();
}

/* What a wait that failed after all gives back, as it was. */
static void put_back(DISPATCHER_HEADER *header, bool abandoned)
{
	if (header->Lock == NT_WAIT_MUTANT) {
		mutant_of(header)->abandoned = abandoned;
		nt_mutant_release(mutant_of(header));
	} else if (header->Lock == NT_WAIT_SEMAPHORE) {
		__atomic_fetch_add(&header->SignalState, 1, __ATOMIC_SEQ_CST);
		tell(header, 1);
	} else if (takes_signal(header)) {
		nt_wait_signal(header);
	}
}

static bool can_take(const DISPATCHER_HEADER *header)
{
	return (header->Lock == NT_WAIT_MUTANT && mutant_of(header)->owner == &nt_self) ||
	       state_of(header) > 0;
}

/* Nothing is taken before all can be; when another thread is quicker then, all goes back. */
static bool try_all(DISPATCHER_HEADER *const *headers, unsigned count, bool *abandoned)
{
	bool was[NT_WAIT_OBJECTS] = { false };

	for (unsigned i = 0; i < count; i++)
		if (!can_take(headers[i]))
			return false;
	for (unsigned i = 0; i < count; i++) {
		if (try_take(headers[i], &was[i])) {
			*abandoned |= was[i];
			continue;
		}
		while (i-- > 0)
			put_back(headers[i], was[i]);
		*abandoned = false;
		return false;
	}
	return true;
}

/* Return: which; -1: none, yet. */
static int try_several(DISPATCHER_HEADER *const *headers, unsigned count, bool all, bool *abandoned)
{
	if (all)
		return try_all(headers, count, abandoned) ? 0 : -1;
	for (unsigned i = 0; i < count; i++)
		if (try_take(headers[i], abandoned))
			return (int)i;
	return -1;
}

static int wait_for_several(DISPATCHER_HEADER *const *headers, unsigned count, bool all,
			    uint64_t until_ns, bool *abandoned)
{
	struct nt_wait_many *waits = &nt_self.machine->waits;
	bool in_time = true;
	int taken;

	atomic_fetch_add(&waits->waiters, 1);
	for (;;) {
		uint32_t seen = waits->signals;

		taken = try_several(headers, count, all, abandoned);
		if (taken >= 0 || !in_time)
			break;
		in_time = sleep_on(&waits->signals, seen, until_ns);
	}
	atomic_fetch_sub(&waits->waiters, 1);
	return taken;
}

int nt_wait(DISPATCHER_HEADER *const *headers, unsigned count, bool all, uint64_t until_ns,
	    const char *call, bool *abandoned)
{
	DISPATCHER_HEADER *header = headers[0];
	bool in_time = true;

	*abandoned = false;
	if (count > 1)
		return wait_for_several(headers, count, all, until_ns, abandoned);
	if (until_ns == NT_WAIT_FOR_EVER &&
	    (header->Lock == NT_WAIT_THREAD || header->Lock == NT_WAIT_MUTANT)) {
		wait_for_thread(header, call, abandoned);
		return 0;
	}
	while (!try_take(header, abandoned)) {
		LONG seen = state_of(header);

		if (!in_time)
			return -1;
		if (seen <= 0)
			in_time = sleep_on(&header->SignalState, (uint32_t)seen, until_ns);
	}
	return 0;
}

static void free_mutant(struct nt_mutant *mutant)
{
	mutant->owner = NULL;
	nt_wait_signal(&mutant->object.header);
}

bool nt_mutant_release(struct nt_mutant *mutant)
{
	if (mutant->owner != &nt_self)
		return false;
	if (state_of(&mutant->object.header) < 0) {
		__atomic_fetch_add(&mutant->object.header.SignalState, 1, __ATOMIC_SEQ_CST);
		return true;
	}
	nt_self.mutants--;
	free_mutant(mutant);
	return true;
}

static void abandon(struct nt_object *object, void *context)
{
	struct nt_mutant *mutant = (struct nt_mutant *)object;

	if (mutant->owner != &nt_self)
		return;
	mutant->abandoned = true;
	free_mutant(mutant);
}

void nt_mutant_abandon_all(void)
{
	if (nt_self.mutants)
		nt_object_each(nt_self.machine, &nt_mutant_type, abandon, NULL);
	nt_self.mutants = 0;
}

bool nt_semaphore_release(struct nt_semaphore *semaphore, LONG count, LONG *before)
{
	DISPATCHER_HEADER *header = &semaphore->object.header;
	LONG state;

	do {
		state = state_of(header);
		if (count <= 0 || count > semaphore->limit - state)
			return false;
	} while (!swap_state(header, state, state + count));
	if (before)
		*before = state;
	tell(header, count);
	return true;
}

/* DDI page KeWaitForSingleObject: above APC_LEVEL only with a time-out of zero. */
NETCX_EXPORT NTSTATUS KeWaitForSingleObject(PVOID Object, KWAIT_REASON WaitReason,
					    KPROCESSOR_MODE WaitMode, BOOLEAN Alertable,
					    PLARGE_INTEGER Timeout)
{
	DISPATCHER_HEADER *header = Object;
	bool abandoned;

	if (nt_irql() > DISPATCH_LEVEL ||
	    (nt_irql() == DISPATCH_LEVEL && !(Timeout && Timeout->QuadPart == 0)))
		nt_violation_say(
			0xA, nt_irql(), "IRQL_NOT_LESS_OR_EQUAL", "KeWaitForSingleObject", NULL,
			"A thread waits below DISPATCH_LEVEL, or at it with a time-out of zero.",
			"it was called at IRQL %u.", nt_irql());
	return nt_wait(&header, 1, false,
		       Timeout ? nt_deadline_ns(Timeout->QuadPart) : NT_WAIT_FOR_EVER,
		       "KeWaitForSingleObject", &abandoned) < 0
		       ? STATUS_TIMEOUT
		       : STATUS_SUCCESS;
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
