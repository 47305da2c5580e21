/* SPDX-License-Identifier: MIT */
/* Doubly linked lists under a spin lock that is theirs alone: above every IRQL, as on Windows. */
#include "nt/export.h"
#include "nt/irql.h"
#include "nt/spinlock.h"

static KIRQL begin(PKSPIN_LOCK lock, const char *call)
{
	KIRQL irql = nt_irql_raise(HIGH_LEVEL);

	nt_spin_lock(lock, call);
	return irql;
}

static void end(PKSPIN_LOCK lock, KIRQL irql, const char *call)
{
	nt_spin_unlock(lock, call);
	nt_irql_drop(irql, call);
}

NETCX_EXPORT PLIST_ENTRY ExInterlockedInsertHeadList(PLIST_ENTRY ListHead, PLIST_ENTRY ListEntry,
						     PKSPIN_LOCK Lock)
{
	static const char call[] = "ExInterlockedInsertHeadList";
	KIRQL irql = begin(Lock, call);
	PLIST_ENTRY first = IsListEmpty(ListHead) ? NULL : ListHead->Flink;

	InsertHeadList(ListHead, ListEntry);
	end(Lock, irql, call);
	return first;
}

NETCX_EXPORT PLIST_ENTRY ExInterlockedInsertTailList(PLIST_ENTRY ListHead, PLIST_ENTRY ListEntry,
						     PKSPIN_LOCK Lock)
{
	static const char call[] = "ExInterlockedInsertTailList";
	KIRQL irql = begin(Lock, call);
	PLIST_ENTRY last = IsListEmpty(ListHead) ? NULL : ListHead->Blink;

	InsertTailList(ListHead, ListEntry);
	end(Lock, irql, call);
	return last;
}

NETCX_EXPORT PLIST_ENTRY ExInterlockedRemoveHeadList(PLIST_ENTRY ListHead, PKSPIN_LOCK Lock)
{
	static const char call[] = "ExInterlockedRemoveHeadList";
	KIRQL irql = begin(Lock, call);
	PLIST_ENTRY first = IsListEmpty(ListHead) ? NULL : RemoveHeadList(ListHead);

	end(Lock, irql, call);
	return first;
}
