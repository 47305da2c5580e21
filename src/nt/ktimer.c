/* SPDX-License-Identifier: MIT */
/* KTIMER: our timer lies where Windows keeps its due time and list entry. */
#include <stddef.h>
#include <string.h>

#include "base/clock.h"
#include "nt/export.h"
#include "nt/machine.h"
#include "nt/time.h"
#include "nt/timer.h"
#include "nt/wait.h"

#define TIMER_OFFSET offsetof(KTIMER, DueTime)
_Static_assert(TIMER_OFFSET + sizeof(struct nt_timer) <= offsetof(KTIMER, Dpc), "KTIMER has room");

static struct nt_timer *timer_of(KTIMER *timer)
{
	return (struct nt_timer *)((char *)timer + TIMER_OFFSET);
}

static void fire(struct nt_timer *timer)
{
	KTIMER *ktimer = (KTIMER *)((char *)timer - TIMER_OFFSET);
	KDPC *dpc = ktimer->Dpc;

	if (ktimer->Period)
		nt_timer_set(nt_machine()->timers, timer,
			     clock_ns() + (uint64_t)ktimer->Period * 1000000);
	/* A waiter may free the timer once it is signaled. */
	nt_wait_signal(&ktimer->Header);
	if (dpc)
		KeInsertQueueDpc(dpc, NULL, NULL);
}

NETCX_EXPORT void KeInitializeTimerEx(PKTIMER Timer, TIMER_TYPE Type)
{
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

NETCX_EXPORT BOOLEAN KeSetTimerEx(PKTIMER Timer, LARGE_INTEGER DueTime, LONG Period, PKDPC Dpc)
{
	struct nt_timers *timers = nt_machine()->timers;
	bool was_set = nt_timer_cancel(timers, timer_of(Timer), false);

	Timer->Period = Period;
	Timer->Dpc = Dpc;
	__atomic_store_n(&Timer->Header.SignalState, 0, __ATOMIC_SEQ_CST);
	nt_timer_set(timers, timer_of(Timer), nt_deadline_ns(DueTime.QuadPart));
	return was_set;
}

NETCX_EXPORT BOOLEAN KeSetTimer(PKTIMER Timer, LARGE_INTEGER DueTime, PKDPC Dpc)
{
	return KeSetTimerEx(Timer, DueTime, 0, Dpc);
}

NETCX_EXPORT BOOLEAN KeCancelTimer(PKTIMER Timer)
{
	return nt_timer_cancel(nt_machine()->timers, timer_of(Timer), false);
}
