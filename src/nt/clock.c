/* SPDX-License-Identifier: MIT */
/* Clocks and delays. DDI pages KeStallExecutionProcessor, KeQueryPerformanceCounter and others. */
#include "nt/clock.h"

#include <time.h>

#include "nt/export.h"
#include "nt/irql.h"
#include "nt/violation.h"
#include "nt/wait.h"

/* The documented limit of a stall; a longer one sleeps, since nobody gains from burning it. */
#define LONGEST_STALL_US 50
/* Between 1601-01-01 and 1970-01-01, in units of 100 ns. */
#define EPOCH_1601 116444736000000000LL
/* A tick of 15.625 ms in units of 100 ns, as Windows has it by default. */
#define TICK_100NS 156250

static uint64_t read_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

uint64_t nt_clock_ns(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

uint64_t nt_deadline_ns(LONGLONG timeout)
{
	uint64_t now = nt_clock_ns();

	if (timeout <= 0)
		return now + (uint64_t)-timeout * 100;
	timeout -= (LONGLONG)(read_clock(CLOCK_REALTIME) / 100) + EPOCH_1601;
	return timeout > 0 ? now + (uint64_t)timeout * 100 : now;
}

static void sleep_until(uint64_t deadline)
{
	const struct timespec until = { .tv_sec = (time_t)(deadline / 1000000000),
					.tv_nsec = (long)(deadline % 1000000000) };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL))
		;
}

NETCX_EXPORT void KeStallExecutionProcessor(ULONG MicroSeconds)
{
	uint64_t deadline = nt_clock_ns() + (uint64_t)MicroSeconds * 1000;

	if (MicroSeconds > LONGEST_STALL_US) {
		sleep_until(deadline);
		return;
	}
	while (nt_clock_ns() < deadline)
		YieldProcessor();
}

NETCX_EXPORT NTSTATUS KeDelayExecutionThread(KPROCESSOR_MODE WaitMode, BOOLEAN Alertable,
					     PLARGE_INTEGER Interval)
{
	if (nt_irql() > APC_LEVEL)
		nt_violation_say(0xA, nt_irql(), "IRQL_NOT_LESS_OR_EQUAL", "KeDelayExecutionThread",
				 NULL, "A thread waits below DISPATCH_LEVEL only.",
				 "it was called at IRQL %u", nt_irql());
	sleep_until(nt_deadline_ns(Interval->QuadPart));
	return STATUS_SUCCESS;
}

NETCX_EXPORT LARGE_INTEGER KeQueryPerformanceCounter(PLARGE_INTEGER PerformanceFrequency)
{
	if (PerformanceFrequency)
		PerformanceFrequency->QuadPart = 10000000;
	return (LARGE_INTEGER){ .QuadPart = (LONGLONG)(nt_clock_ns() / 100) };
}

NETCX_EXPORT ULONGLONG KeQueryInterruptTime(void)
{
	return nt_clock_ns() / 100;
}

NETCX_EXPORT void KeQuerySystemTime(PLARGE_INTEGER CurrentTime)
{
	CurrentTime->QuadPart = (LONGLONG)(read_clock(CLOCK_REALTIME) / 100) + EPOCH_1601;
}

NETCX_EXPORT void KeQueryTickCount(PLARGE_INTEGER CurrentCount)
{
	CurrentCount->QuadPart = (LONGLONG)(nt_clock_ns() / 100 / TICK_100NS);
}

NETCX_EXPORT ULONG KeQueryTimeIncrement(void)
{
	return TICK_100NS;
}
