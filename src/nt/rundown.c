/* SPDX-License-Identifier: MIT */
/*
 * EX_RUNDOWN_REF: twice the number of acquisitions, and 1 when it runs down, from when on it only
 * falls. Who waits for that sleeps on the low 32 bits (futex).
 */
#include <limits.h>
#include <linux/futex.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "nt/export.h"
#include "nt/irql.h"
#include "nt/violation.h"

#define RUNS_DOWN ((ULONG_PTR)1)
#define ONE       ((ULONG_PTR)2)

static ULONG_PTR load(PEX_RUNDOWN_REF ref)
{
	return __atomic_load_n(&ref->Count, __ATOMIC_ACQUIRE);
}

static bool swap(PEX_RUNDOWN_REF ref, ULONG_PTR from, ULONG_PTR to)
{
	return __atomic_compare_exchange_n(&ref->Count, &from, to, 0, __ATOMIC_ACQ_REL,
					   __ATOMIC_RELAXED);
}

static _Noreturn void say(const char *call, const char *demand, PEX_RUNDOWN_REF ref,
			  const char *seen)
{
	nt_violation_say(0xC4, (uintptr_t)ref, "DRIVER_VERIFIER_DETECTED_VIOLATION", call, NULL,
			 demand, "the rundown reference at %p %s.", (void *)ref, seen);
}

/* Above DISPATCH_LEVEL the DDI pages allow none of these. */
static void check_irql(const char *call, KIRQL highest, const char *demand)
{
	if (nt_irql() > highest)
		nt_violation_say(0xA, nt_irql(), "IRQL_NOT_LESS_OR_EQUAL", call, NULL, demand,
				 "it was called at IRQL %u.", nt_irql());
}

NETCX_EXPORT VOID ExInitializeRundownProtection(PEX_RUNDOWN_REF RunRef)
{
	__atomic_store_n(&RunRef->Count, 0, __ATOMIC_RELEASE);
}

NETCX_EXPORT VOID ExReInitializeRundownProtection(PEX_RUNDOWN_REF RunRef)
{
	if (load(RunRef) != RUNS_DOWN)
		say("ExReInitializeRundownProtection",
		    "Rundown protection is initialised anew once it has run down.", RunRef,
		    "has not run down");
	ExInitializeRundownProtection(RunRef);
}

NETCX_EXPORT BOOLEAN ExAcquireRundownProtectionEx(PEX_RUNDOWN_REF RunRef, ULONG Count)
{
	ULONG_PTR now;

	check_irql("ExAcquireRundownProtection", DISPATCH_LEVEL,
		   "Rundown protection is acquired at DISPATCH_LEVEL or below.");
	do {
		now = load(RunRef);
		if (now & RUNS_DOWN)
			return FALSE;
	} while (!swap(RunRef, now, now + Count * ONE));
	return TRUE;
}

NETCX_EXPORT BOOLEAN ExAcquireRundownProtection(PEX_RUNDOWN_REF RunRef)
{
	return ExAcquireRundownProtectionEx(RunRef, 1);
}

/* The object may be gone as soon as the last one is: waking nobody at its address does no harm. */
NETCX_EXPORT VOID ExReleaseRundownProtectionEx(PEX_RUNDOWN_REF RunRef, ULONG Count)
{
	ULONG_PTR now;

	check_irql("ExReleaseRundownProtection", DISPATCH_LEVEL,
		   "Rundown protection is released at DISPATCH_LEVEL or below.");
	do {
		now = load(RunRef);
		if (now / ONE < Count)
			say("ExReleaseRundownProtection",
			    "Rundown protection is released once for each acquisition.", RunRef,
			    "is released more often than it was acquired");
	} while (!swap(RunRef, now, now - Count * ONE));
	if (now - Count * ONE == RUNS_DOWN)
		syscall(SYS_futex, &RunRef->Count, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

NETCX_EXPORT VOID ExReleaseRundownProtection(PEX_RUNDOWN_REF RunRef)
{
	ExReleaseRundownProtectionEx(RunRef, 1);
}

NETCX_EXPORT VOID ExWaitForRundownProtectionRelease(PEX_RUNDOWN_REF RunRef)
{
	ULONG_PTR now;

	check_irql("ExWaitForRundownProtectionRelease", APC_LEVEL,
		   "A thread waits for a rundown at APC_LEVEL or below.");
	now = __atomic_or_fetch(&RunRef->Count, RUNS_DOWN, __ATOMIC_ACQ_REL);
	for (; now != RUNS_DOWN; now = load(RunRef))
		syscall(SYS_futex, &RunRef->Count, FUTEX_WAIT_PRIVATE, (uint32_t)now, NULL, NULL,
			0);
}

/* What has run down stays so; without it a new acquisition might come in between. */
NETCX_EXPORT VOID ExRundownCompleted(PEX_RUNDOWN_REF RunRef)
{
	if (load(RunRef) & ~RUNS_DOWN)
		say("ExRundownCompleted",
		    "A rundown is completed after ExWaitForRundownProtectionRelease.", RunRef,
		    "is still acquired");
	__atomic_store_n(&RunRef->Count, RUNS_DOWN, __ATOMIC_RELEASE);
}
