/* SPDX-License-Identifier: MIT */
/* Numbers of processors, and threads that a driver ties to them. One group, one node. */
#include "nt/processor.h"

#include <ntddk.h>
#include <sched.h>
#include <stdbool.h>

#include "nt/export.h"
#include "nt/thread.h"
#include "nt/violation.h"

void nt_processors_init(struct nt_processors *processors)
{
	cpu_set_t set;

	processors->count = 0;
	if (sched_getaffinity(0, sizeof(set), &set))
		CPU_ZERO(&set);
	for (int cpu = 0; cpu < CPU_SETSIZE && processors->count < NT_PROCESSORS; cpu++)
		if (CPU_ISSET(cpu, &set))
			processors->cpu[processors->count++] = cpu;
	if (!processors->count)
		processors->cpu[processors->count++] = 0;
}

static const struct nt_processors *all(void)
{
	return &nt_self.machine->processors;
}

static KAFFINITY active(void)
{
	return ~(KAFFINITY)0 >> (NT_PROCESSORS - all()->count);
}

/* The number of the processor that this thread runs on; 0 when Linux has put it elsewhere. */
static unsigned current(void)
{
	int cpu = sched_getcpu();

	for (unsigned i = 0; i < all()->count; i++)
		if (all()->cpu[i] == cpu)
			return i;
	return 0;
}

bool nt_processor_tie(pid_t thread, KAFFINITY mask)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	for (unsigned i = 0; i < all()->count; i++)
		if (mask >> i & 1)
			CPU_SET(all()->cpu[i], &set);
	return !sched_setaffinity(thread, sizeof(set), &set);
}

KAFFINITY nt_processor_tied(pid_t thread)
{
	KAFFINITY mask = 0;
	cpu_set_t set;

	if (sched_getaffinity(thread, sizeof(set), &set))
		return active();
	for (unsigned i = 0; i < all()->count; i++)
		if (CPU_ISSET(all()->cpu[i], &set))
			mask |= (KAFFINITY)1 << i;
	return mask;
}

static void check_irql(KIRQL highest, const char *call)
{
	if (nt_self.irql > highest)
		nt_violation_say(0xA, nt_self.irql, "IRQL_NOT_LESS_OR_EQUAL", call, NULL,
				 highest == APC_LEVEL
					 ? "Affinity is given back at APC_LEVEL or below."
					 : "Affinity is set at DISPATCH_LEVEL or below.",
				 "it was called at IRQL %u.", nt_self.irql);
}

/* DDI page: the group and each bit must be there, and one bit at least. */
bool nt_processor_is_valid(const GROUP_AFFINITY *affinity)
{
	return !affinity->Group && !affinity->Reserved[0] && !affinity->Reserved[1] &&
	       !affinity->Reserved[2] && affinity->Mask && !(affinity->Mask & ~active());
}

/* Return: what the thread had; all zero when it was never set, or could not be now. */
static GROUP_AFFINITY set_affinity(const GROUP_AFFINITY *affinity)
{
	const GROUP_AFFINITY before = nt_self.affinity;

	if (!nt_processor_is_valid(affinity) || !nt_processor_tie(0, affinity->Mask))
		return (GROUP_AFFINITY){ 0 };
	nt_self.affinity = *affinity;
	return before;
}

/* Zero: as the thread began. Without an affinity of its own there is nothing to give back. */
static void give_back(const GROUP_AFFINITY *affinity)
{
	if (!nt_self.affinity.Mask)
		return;
	if (affinity->Mask) {
		set_affinity(affinity);
		return;
	}
	nt_processor_tie(0, active());
	nt_self.affinity = (GROUP_AFFINITY){ 0 };
}

NETCX_EXPORT VOID KeSetSystemGroupAffinityThread(PGROUP_AFFINITY Affinity,
						 PGROUP_AFFINITY PreviousAffinity)
{
	GROUP_AFFINITY before;

	check_irql(DISPATCH_LEVEL, "KeSetSystemGroupAffinityThread");
	before = set_affinity(Affinity);
	if (PreviousAffinity)
		*PreviousAffinity = before;
}

NETCX_EXPORT VOID KeRevertToUserGroupAffinityThread(PGROUP_AFFINITY PreviousAffinity)
{
	check_irql(APC_LEVEL, "KeRevertToUserGroupAffinityThread");
	give_back(PreviousAffinity);
}

NETCX_EXPORT KAFFINITY KeSetSystemAffinityThreadEx(KAFFINITY Affinity)
{
	check_irql(APC_LEVEL, "KeSetSystemAffinityThreadEx");
	return set_affinity(&(GROUP_AFFINITY){ .Mask = Affinity & active() }).Mask;
}

NETCX_EXPORT VOID KeRevertToUserAffinityThreadEx(KAFFINITY Affinity)
{
	check_irql(APC_LEVEL, "KeRevertToUserAffinityThreadEx");
	give_back(&(GROUP_AFFINITY){ .Mask = Affinity });
}

NETCX_EXPORT USHORT KeQueryActiveGroupCount(VOID)
{
	return 1;
}

NETCX_EXPORT USHORT KeQueryMaximumGroupCount(VOID)
{
	return 1;
}

NETCX_EXPORT USHORT KeQueryHighestNodeNumber(VOID)
{
	return 0;
}

NETCX_EXPORT USHORT KeGetCurrentNodeNumber(VOID)
{
	return 0;
}

NETCX_EXPORT ULONG KeQueryActiveProcessorCountEx(USHORT GroupNumber)
{
	return GroupNumber && GroupNumber != ALL_PROCESSOR_GROUPS ? 0 : all()->count;
}

NETCX_EXPORT ULONG KeQueryMaximumProcessorCountEx(USHORT GroupNumber)
{
	return KeQueryActiveProcessorCountEx(GroupNumber);
}

NETCX_EXPORT ULONG KeQueryActiveProcessorCount(PKAFFINITY ActiveProcessors)
{
	if (ActiveProcessors)
		*ActiveProcessors = active();
	return all()->count;
}

NETCX_EXPORT ULONG KeQueryMaximumProcessorCount(VOID)
{
	return all()->count;
}

NETCX_EXPORT KAFFINITY KeQueryActiveProcessors(VOID)
{
	return active();
}

NETCX_EXPORT KAFFINITY KeQueryGroupAffinity(USHORT GroupNumber)
{
	return GroupNumber ? 0 : active();
}

/* DDI page: a node that is not there has no processors. */
NETCX_EXPORT VOID KeQueryNodeActiveAffinity(USHORT NodeNumber, PGROUP_AFFINITY Affinity,
					    PUSHORT Count)
{
	if (Affinity)
		*Affinity = (GROUP_AFFINITY){ .Mask = NodeNumber ? 0 : active() };
	if (Count)
		*Count = (USHORT)(NodeNumber ? 0 : all()->count);
}

NETCX_EXPORT ULONG KeGetCurrentProcessorNumberEx(PPROCESSOR_NUMBER ProcNumber)
{
	unsigned number = current();

	if (ProcNumber)
		*ProcNumber = (PROCESSOR_NUMBER){ .Number = (UCHAR)number };
	return number;
}

NETCX_EXPORT ULONG KeGetProcessorIndexFromNumber(PPROCESSOR_NUMBER ProcNumber)
{
	if (ProcNumber->Group || ProcNumber->Reserved || ProcNumber->Number >= all()->count)
		return INVALID_PROCESSOR_INDEX;
	return ProcNumber->Number;
}

NETCX_EXPORT NTSTATUS KeGetProcessorNumberFromIndex(ULONG ProcIndex, PPROCESSOR_NUMBER ProcNumber)
{
	if (ProcIndex >= all()->count)
		return STATUS_INVALID_PARAMETER;
	*ProcNumber = (PROCESSOR_NUMBER){ .Number = (UCHAR)ProcIndex };
	return STATUS_SUCCESS;
}
