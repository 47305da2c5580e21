/* SPDX-License-Identifier: MIT */
/* The processors that there are, and those that a thread is tied to. One group. */
#include "nt/processor.h"

#include "win32/private.h"

/* Page SetThreadGroupAffinity: ERROR_INVALID_PARAMETER for processors that are not there. */
static BOOL tie(struct nt_thread_object *thread, const GROUP_AFFINITY *affinity)
{
	if (nt_processor_is_valid(affinity) && nt_processor_tie(thread->id, affinity->Mask))
		return TRUE;
	return w32_fail(ERROR_INVALID_PARAMETER);
}

NETCX_EXPORT BOOL WINAPI GetThreadGroupAffinity(HANDLE hThread, PGROUP_AFFINITY GroupAffinity)
{
	struct nt_thread_object *thread = w32_thread(hThread, "GetThreadGroupAffinity");

	*GroupAffinity = (GROUP_AFFINITY){ .Mask = nt_processor_tied(thread->id) };
	nt_object_put(&thread->object);
	return TRUE;
}

NETCX_EXPORT BOOL WINAPI SetThreadGroupAffinity(HANDLE hThread, const GROUP_AFFINITY *GroupAffinity,
						PGROUP_AFFINITY PreviousGroupAffinity)
{
	struct nt_thread_object *thread = w32_thread(hThread, "SetThreadGroupAffinity");
	KAFFINITY before = nt_processor_tied(thread->id);
	BOOL done = tie(thread, GroupAffinity);

	if (done && PreviousGroupAffinity)
		*PreviousGroupAffinity = (GROUP_AFFINITY){ .Mask = before };
	nt_object_put(&thread->object);
	return done;
}

/* Return: what it was; 0 with the last error. */
NETCX_EXPORT DWORD_PTR WINAPI SetThreadAffinityMask(HANDLE hThread, DWORD_PTR dwThreadAffinityMask)
{
	GROUP_AFFINITY before;

	return SetThreadGroupAffinity(hThread, &(GROUP_AFFINITY){ .Mask = dwThreadAffinityMask },
				      &before)
		       ? before.Mask
		       : 0;
}

NETCX_EXPORT DWORD WINAPI GetActiveProcessorCount(WORD GroupNumber)
{
	w32_check_thread("GetActiveProcessorCount");
	return KeQueryActiveProcessorCountEx(GroupNumber);
}

NETCX_EXPORT DWORD WINAPI GetMaximumProcessorCount(WORD GroupNumber)
{
	w32_check_thread("GetMaximumProcessorCount");
	return KeQueryMaximumProcessorCountEx(GroupNumber);
}

NETCX_EXPORT WORD WINAPI GetActiveProcessorGroupCount(VOID)
{
	return KeQueryActiveGroupCount();
}

NETCX_EXPORT DWORD WINAPI GetCurrentProcessorNumber(VOID)
{
	w32_check_thread("GetCurrentProcessorNumber");
	return KeGetCurrentProcessorNumberEx(NULL);
}

NETCX_EXPORT VOID WINAPI GetCurrentProcessorNumberEx(PPROCESSOR_NUMBER ProcNumber)
{
	w32_check_thread("GetCurrentProcessorNumberEx");
	KeGetCurrentProcessorNumberEx(ProcNumber);
}
