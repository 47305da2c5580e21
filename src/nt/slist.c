/* SPDX-License-Identifier: MIT */
/*
 * Interlocked singly linked lists. The lowest bit of the header's second word, where an entry's
 * address is, holds others off for the few instructions of a change.
 */
#include <ntddk.h>
#include <stdbool.h>

#include "nt/export.h"
#include "nt/violation.h"

#define LOCKED ((ULONGLONG)1)
#define STEP   ((ULONGLONG)1 << 16) /* of the sequence, above the depth */

static PSLIST_ENTRY lock(PSLIST_HEADER head)
{
	ULONGLONG first;

	while ((first = __atomic_fetch_or(&head->Region, LOCKED, __ATOMIC_ACQUIRE)) & LOCKED)
		__builtin_ia32_pause();
	return (PSLIST_ENTRY)(ULONG_PTR)first;
}

static void unlock(PSLIST_HEADER head, PSLIST_ENTRY first)
{
	__atomic_store_n(&head->Region, (ULONG_PTR)first, __ATOMIC_RELEASE);
}

static void set_depth(PSLIST_HEADER head, USHORT depth)
{
	ULONGLONG word = __atomic_load_n(&head->Alignment, __ATOMIC_RELAXED);

	__atomic_store_n(&head->Alignment, ((word & ~(STEP - 1)) + STEP) | depth, __ATOMIC_RELAXED);
}

static void check_aligned(const void *entry, const char *call)
{
	if ((ULONG_PTR)entry % MEMORY_ALLOCATION_ALIGNMENT)
		nt_violation_say(0xC4, (uintptr_t)entry, "DRIVER_VERIFIER_DETECTED_VIOLATION", call,
				 NULL, "An entry of an SLIST lies at a multiple of 16.",
				 "the entry is at %p.", entry);
}

NETCX_EXPORT PSLIST_ENTRY InterlockedPushEntrySList(PSLIST_HEADER ListHead, PSLIST_ENTRY ListEntry)
{
	PSLIST_ENTRY first;

	check_aligned(ListEntry, "InterlockedPushEntrySList");
	first = lock(ListHead);
	ListEntry->Next = first;
	set_depth(ListHead, (USHORT)(ExQueryDepthSList(ListHead) + 1));
	unlock(ListHead, ListEntry);
	return first;
}

NETCX_EXPORT PSLIST_ENTRY InterlockedPopEntrySList(PSLIST_HEADER ListHead)
{
	PSLIST_ENTRY first = lock(ListHead);

	if (first)
		set_depth(ListHead, (USHORT)(ExQueryDepthSList(ListHead) - 1));
	unlock(ListHead, first ? first->Next : NULL);
	return first;
}

NETCX_EXPORT PSLIST_ENTRY InterlockedFlushSList(PSLIST_HEADER ListHead)
{
	PSLIST_ENTRY first = lock(ListHead);

	set_depth(ListHead, 0);
	unlock(ListHead, NULL);
	return first;
}
