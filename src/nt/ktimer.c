/* SPDX-License-Identifier: MIT */
/*
 * KTIMER: our timer lies where Windows keeps its due time and list entry; in the list of waiters,
 * which nobody here uses, lies where the driver set it.
 */
#include "nt/ktimer.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/clock.h"
#include "nt/export.h"
#include "nt/left_behind.h"
#include "nt/machine.h"
#include "nt/symbols.h"
#include "nt/time.h"
#include "nt/timer.h"
#include "nt/violation.h"
#include "nt/wait.h"

#define TIMER_OFFSET offsetof(KTIMER, DueTime)
_Static_assert(TIMER_OFFSET + sizeof(struct nt_timer) <= offsetof(KTIMER, Dpc), "KTIMER has room");

static struct nt_timer *timer_of(KTIMER *timer)
{
	return (struct nt_timer *)((char *)timer + TIMER_OFFSET);
}

static KTIMER *ktimer_of(const struct nt_timer *timer)
{
	return (KTIMER *)((char *)timer - TIMER_OFFSET);
}

const void *nt_ktimer_setter(const KTIMER *timer)
{
	return timer->Header.WaitListHead.Flink;
}

static void fire(struct nt_timer *timer)
{
	KTIMER *ktimer = ktimer_of(timer);
	KDPC *dpc = ktimer->Dpc;

	if (ktimer->Period)
		nt_timer_set(nt_machine()->timers, timer,
			     clock_ns() + (uint64_t)ktimer->Period * 1000000);
	/* A waiter may free the timer once it is signaled. */
	nt_wait_signal(&ktimer->Header);
	if (dpc)
		KeInsertQueueDpc(dpc, NULL, NULL);
}

struct search {
	bool (*matches)(const void *context, const KTIMER *timer);
	const void *context, *setter;
};

static bool is_wanted(void *context, const struct nt_timer *timer)
{
	struct search *search = context;
	const KTIMER *ktimer;

	if (timer->fire != fire)
		return false;
	ktimer = ktimer_of(timer);
	if (!search->matches(search->context, ktimer))
		return false;
	search->setter = nt_ktimer_setter(ktimer);
	return true;
}

const void *nt_ktimer_find(struct nt_machine *machine,
			   bool (*matches)(const void *context, const KTIMER *timer),
			   const void *context, const void **setter)
{
	struct search search = { .matches = matches, .context = context };
	const struct nt_timer *timer = nt_timer_find(machine->timers, is_wanted, &search);

	*setter = search.setter;
	return timer ? ktimer_of(timer) : NULL;
}

bool nt_ktimer_is_set(const KTIMER *timer)
{
	return nt_timer_is_set(nt_machine()->timers, timer_of((KTIMER *)(uintptr_t)timer));
}

static bool is_same(const void *context, const KTIMER *timer)
{
	return timer == context;
}

/* Nothing of what lies there is looked at: it may be anything. */
static void check_not_set(const KTIMER *timer)
{
	const void *setter;
	char where[256];

	if (!nt_ktimer_find(nt_machine(), is_same, timer, &setter))
		return;
	nt_symbol(setter, where, sizeof(where));
	nt_violation_say(0xC7, 0, "TIMER_OR_DPC_INVALID", "KeInitializeTimer", NULL,
			 "A timer is initialised once, and never while it is set.",
			 "the KTIMER at %p is set, by %s.", (const void *)timer, where);
}

NETCX_EXPORT void KeInitializeTimerEx(PKTIMER Timer, TIMER_TYPE Type)
{
	check_not_set(Timer);
	memset(Timer, 0, sizeof(*Timer));
	nt_wait_init(&Timer->Header,
		     Type == SynchronizationTimer ? NT_WAIT_TIMER_SYNCHRONIZATION
						  : NT_WAIT_TIMER_NOTIFICATION,
		     false);
	timer_of(Timer)->fire = fire;
}

NETCX_EXPORT void KeInitializeTimer(PKTIMER Timer)
{
	KeInitializeTimerEx(Timer, NotificationTimer);
}

/* A fire() that runs ends first: a period would set it again. */
static BOOLEAN set(KTIMER *timer, LARGE_INTEGER due, LONG period, KDPC *dpc, void *setter)
{
	struct nt_timers *timers = nt_machine()->timers;
	bool was_set = nt_timer_cancel(timers, timer_of(timer), true);

	timer->Period = period;
	timer->Dpc = dpc;
	timer->Header.WaitListHead.Flink = setter;
	__atomic_store_n(&timer->Header.SignalState, 0, __ATOMIC_SEQ_CST);
	nt_left_note(timer, setter);
	nt_timer_set(timers, timer_of(timer), nt_deadline_ns(due.QuadPart));
	return was_set;
}

NETCX_EXPORT BOOLEAN KeSetTimerEx(PKTIMER Timer, LARGE_INTEGER DueTime, LONG Period, PKDPC Dpc)
{
	return set(Timer, DueTime, Period, Dpc, __builtin_return_address(0));
}

NETCX_EXPORT BOOLEAN KeSetTimer(PKTIMER Timer, LARGE_INTEGER DueTime, PKDPC Dpc)
{
	return set(Timer, DueTime, 0, Dpc, __builtin_return_address(0));
}

NETCX_EXPORT BOOLEAN KeCancelTimer(PKTIMER Timer)
{
	return nt_timer_cancel(nt_machine()->timers, timer_of(Timer), true);
}
