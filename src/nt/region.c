/* SPDX-License-Identifier: MIT */
/*
 * Critical and guarded regions. There are no asynchronous procedure calls that they could keep off;
 * that each is left by the thread that has entered it, before its callback returns, is looked at.
 */
#include "nt/region.h"

#include "nt/export.h"
#include "nt/thread.h"
#include "nt/violation.h"

#define APC_INDEX_MISMATCH 0x1

static void check_irql(const char *call, KIRQL highest, const char *demand)
{
	if (nt_self.irql > highest)
		nt_violation_say(0xA, nt_self.irql, "IRQL_NOT_LESS_OR_EQUAL", call, NULL, demand,
				 "it was called at IRQL %u.", nt_self.irql);
}

static void leave(unsigned *count, const char *call, const char *enter)
{
	if (*count == 0)
		nt_violation_say(
			APC_INDEX_MISMATCH, 0, "APC_INDEX_MISMATCH", call, NULL,
			"A region is left once for each time that the thread has entered it.",
			"it was called without a %s before it.", enter);
	(*count)--;
}

void nt_region_enter_guarded(void)
{
	nt_self.regions.guarded++;
}

void nt_region_leave_guarded(const char *call)
{
	leave(&nt_self.regions.guarded, call, "KeEnterGuardedRegion");
}

_Noreturn void nt_region_return(const struct nt_callback *callback, const struct nt_regions *now)
{
	const struct nt_regions *then = &callback->regions;

	nt_violation_say(
		APC_INDEX_MISMATCH, 0, "APC_INDEX_MISMATCH", callback->name, callback->object,
		"A callback leaves the regions that it has entered before it returns.",
		"it was called inside %u critical and %u guarded regions, and returned inside %u and %u.",
		then->critical, then->guarded, now->critical, now->guarded);
}

NETCX_EXPORT VOID KeEnterCriticalRegion(VOID)
{
	check_irql("KeEnterCriticalRegion", APC_LEVEL,
		   "A critical region is entered at APC_LEVEL or below.");
	nt_self.regions.critical++;
}

NETCX_EXPORT VOID KeLeaveCriticalRegion(VOID)
{
	check_irql("KeLeaveCriticalRegion", APC_LEVEL,
		   "A critical region is left at APC_LEVEL or below.");
	leave(&nt_self.regions.critical, "KeLeaveCriticalRegion", "KeEnterCriticalRegion");
}

NETCX_EXPORT VOID KeEnterGuardedRegion(VOID)
{
	check_irql("KeEnterGuardedRegion", APC_LEVEL,
		   "A guarded region is entered at APC_LEVEL or below.");
	nt_region_enter_guarded();
}

NETCX_EXPORT VOID KeLeaveGuardedRegion(VOID)
{
	check_irql("KeLeaveGuardedRegion", APC_LEVEL,
		   "A guarded region is left at APC_LEVEL or below.");
	nt_region_leave_guarded("KeLeaveGuardedRegion");
}

NETCX_EXPORT BOOLEAN KeAreApcsDisabled(VOID)
{
	return nt_self.regions.critical || KeAreAllApcsDisabled();
}

NETCX_EXPORT BOOLEAN KeAreAllApcsDisabled(VOID)
{
	return nt_self.regions.guarded || nt_self.irql >= APC_LEVEL;
}
