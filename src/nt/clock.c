/* SPDX-License-Identifier: MIT */
/* Clocks and delays. DDI pages KeStallExecutionProcessor, KeQueryPerformanceCounter and others. */
#include "base/clock.h"

#include <time.h>

#include "nt/export.h"
#include "nt/irql.h"
#include "nt/time.h"
#include "nt/violation.h"

/* The documented limit of a stall; a longer one sleeps, since nobody gains from burning it. */
#define LONGEST_STALL_US 50
/* A tick of 15.625 ms in units of 100 ns, as Windows has it by default. */
#define TICK_100NS 156250

static void sleep_until(uint64_t deadline)
{
	const struct timespec until = clock_timespec(deadline);

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL))
		;
}

NETCX_EXPORT void KeStallExecutionProcessor(ULONG MicroSeconds)
{
	uint64_t deadline = clock_ns() + (uint64_t)MicroSeconds * 1000;

	if (MicroSeconds > LONGEST_STALL_US) {
		sleep_until(deadline);
		return;
	}
	while (clock_ns() < deadline)
		YieldProcessor();
}

NETCX_EXPORT NTSTATUS KeDelayExecutionThread(KPROCESSOR_MODE WaitMode, BOOLEAN Alertable,
					     PLARGE_INTEGER Interval)
{
	if (nt_irql() > APC_LEVEL)
		nt_violation_say(0xA, nt_irql(), "IRQL_NOT_LESS_OR_EQUAL", "KeDelayExecutionThread",
				 NULL, "A thread waits below DISPATCH_LEVEL only.",
				 "it was called at IRQL %u.", nt_irql());
	sleep_until(nt_deadline_ns(Interval->QuadPart));
	return STATUS_SUCCESS;
}

NETCX_EXPORT LARGE_INTEGER KeQueryPerformanceCounter(PLARGE_INTEGER PerformanceFrequency)
{
	if (PerformanceFrequency)
		PerformanceFrequency->QuadPart = 10000000;
	return (LARGE_INTEGER){ .QuadPart = (LONGLONG)(clock_ns() / 100) };
}

NETCX_EXPORT ULONGLONG KeQueryInterruptTime(void)
{
	return clock_ns() / 100;
}

NETCX_EXPORT void KeQuerySystemTime(PLARGE_INTEGER CurrentTime)
{
	CurrentTime->QuadPart = nt_system_time();
}

NETCX_EXPORT void KeQueryTickCount(PLARGE_INTEGER CurrentCount)
{
	CurrentCount->QuadPart = (LONGLONG)(clock_ns() / 100 / TICK_100NS);
}

NETCX_EXPORT ULONG KeQueryTimeIncrement(void)
{
	return TICK_100NS;
}
