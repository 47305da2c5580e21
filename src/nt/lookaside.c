/* SPDX-License-Identifier: MIT */
/*
 * Lookaside lists. Nothing is kept on them, as under Driver Verifier: an entry is a block of the
 * pool from its allocation to its release, so that guards and sanitizers see its ends, and a leak
 * is the pool's to report.
 */
#include "nt/lookaside.h"

#include <dlfcn.h>
#include <ntddk.h>
#include <stdlib.h>
#include <string.h>

#include "nt/export.h"
#include "nt/fault.h"
#include "nt/irql.h"
#include "nt/machine.h"
#include "nt/pool.h"
#include "nt/symbols.h"
#include "nt/violation.h"

NT_FAULT_NAMES("ExAllocateFromNPagedLookasideList", "ExAllocateFromPagedLookasideList",
	       "ExAllocateFromLookasideListEx");

static const char nonpaged[] = "nonpaged lookaside list", paged[] = "paged lookaside list",
		  either[] = "lookaside list";

static void check_irql(KIRQL highest, const char *call)
{
	if (nt_irql() > highest)
		nt_violation_say(0xA, nt_irql(), "IRQL_NOT_LESS_OR_EQUAL", call, NULL,
				 highest == APC_LEVEL
					 ? "A paged lookaside list is used at APC_LEVEL or below."
					 : "A lookaside list is used at DISPATCH_LEVEL or below.",
				 "it was called at IRQL %u.", nt_irql());
}

static bool is_of(const struct nt_lookaside *one, const void *module)
{
	Dl_info where;

	return !module || (dladdr(one->caller, &where) && where.dli_fbase == module);
}

bool nt_lookaside_find(struct nt_machine *machine, const void *memory, size_t size,
		       const void *module, struct nt_lookaside *found)
{
	const struct nt_lookaside *one;

	pthread_mutex_lock(&machine->lookaside_lock);
	one = machine->lookasides;
	while (one && !((!memory || (uintptr_t)one->list - (uintptr_t)memory < size) &&
			is_of(one, module)))
		one = one->next;
	if (one)
		*found = *one;
	pthread_mutex_unlock(&machine->lookaside_lock);
	return one;
}

void nt_lookaside_destroy(struct nt_machine *machine)
{
	while (machine->lookasides) {
		struct nt_lookaside *one = machine->lookasides;

		machine->lookasides = one->next;
		free(one);
	}
}

static _Noreturn void say(const void *list, const char *call, const char *demand, const char *seen)
{
	nt_violation_say(0xC4, (uintptr_t)list, "DRIVER_VERIFIER_DETECTED_VIOLATION", call, NULL,
			 demand, "the lookaside list at %p %s.", list, seen);
}

/* Return: false without memory. */
static bool enlist(const void *list, const char *kind, const char *call, const void *caller)
{
	struct nt_machine *machine = nt_machine();
	struct nt_lookaside found, *one = malloc(sizeof(*one));

	if (!one)
		return false;
	if (nt_lookaside_find(machine, list, 1, NULL, &found))
		say(list, call, "A lookaside list is initialised once, until it is deleted.",
		    "is initialised already");
	pthread_mutex_lock(&machine->lookaside_lock);
	*one = (struct nt_lookaside){ machine->lookasides, list, caller, kind };
	machine->lookasides = one;
	pthread_mutex_unlock(&machine->lookaside_lock);
	return true;
}

static void delist(const void *list, const char *call)
{
	struct nt_machine *machine = nt_machine();
	struct nt_lookaside **at, *one;

	pthread_mutex_lock(&machine->lookaside_lock);
	for (at = &machine->lookasides; *at && (*at)->list != list; at = &(*at)->next)
		;
	one = *at;
	if (one)
		*at = one->next;
	pthread_mutex_unlock(&machine->lookaside_lock);
	free(one);
	if (!one)
		say(list, call, "A lookaside list is deleted once.", "is not initialised");
}

static void check_known(const void *list, const char *call)
{
	struct nt_lookaside found;

	if (!nt_lookaside_find(nt_machine(), list, 1, NULL, &found))
		say(list, call,
		    "A lookaside list is used between its initialisation and its deletion.",
		    "is not initialised");
}

/* Both layouts are the same; the longer one has bytes behind it. */
static void init(GENERAL_LOOKASIDE_POOL *list, POOL_TYPE type, SIZE_T size, ULONG tag)
{
	memset(list, 0, sizeof(*list));
	list->Depth = 4;
	list->MaximumDepth = EX_MAXIMUM_LOOKASIDE_DEPTH_BASE;
	list->Type = type;
	list->Tag = tag;
	list->Size = (ULONG)size;
	InitializeListHead(&list->ListEntry);
}

static void init_old(void *lookaside, PALLOCATE_FUNCTION allocate, PFREE_FUNCTION release,
		     POOL_TYPE type, SIZE_T size, ULONG tag)
{
	GENERAL_LOOKASIDE_POOL *list = lookaside;

	init(list, type, size, tag);
	list->Allocate = allocate;
	list->Free = release;
}

static void *take(void *lookaside, bool ex, const char *call, const void *caller)
{
	GENERAL_LOOKASIDE_POOL *list = lookaside;

	check_known(list, call);
	__atomic_fetch_add(&list->TotalAllocates, 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&list->AllocateMisses, 1, __ATOMIC_RELAXED);
	if (!list->Allocate)
		return nt_pool_allocate_as(list->Type, list->Size, list->Tag, call, caller);
	return ex ? list->AllocateEx(list->Type, list->Size, list->Tag, lookaside)
		  : list->Allocate(list->Type, list->Size, list->Tag);
}

static void give(void *lookaside, void *entry, bool ex, const char *call)
{
	GENERAL_LOOKASIDE_POOL *list = lookaside;

	check_known(list, call);
	__atomic_fetch_add(&list->TotalFrees, 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&list->FreeMisses, 1, __ATOMIC_RELAXED);
	if (!list->Free)
		nt_pool_free_as(entry, list->Tag, call);
	else if (ex)
		list->FreeEx(entry, lookaside);
	else
		list->Free(entry);
}

static void enlist_or_end(const void *list, const char *kind, const char *call, const void *caller)
{
	if (!enlist(list, kind, call, caller))
		abort();
}

/* DDI page: Flags are POOL_NX_ALLOCATION and POOL_RAISE_IF_ALLOCATION_FAILURE. */
NETCX_EXPORT VOID ExInitializeNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside,
						  PALLOCATE_FUNCTION Allocate, PFREE_FUNCTION Free,
						  ULONG Flags, SIZE_T Size, ULONG Tag, USHORT Depth)
{
	static const char call[] = "ExInitializeNPagedLookasideList";

	check_irql(DISPATCH_LEVEL, call);
	enlist_or_end(Lookaside, nonpaged, call, __builtin_return_address(0));
	init_old(Lookaside, Allocate, Free, (POOL_TYPE)(NonPagedPool | Flags), Size, Tag);
}

NETCX_EXPORT PVOID ExAllocateFromNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside)
{
	check_irql(DISPATCH_LEVEL, "ExAllocateFromNPagedLookasideList");
	return take(Lookaside, false, "ExAllocateFromNPagedLookasideList",
		    __builtin_return_address(0));
}

NETCX_EXPORT VOID ExFreeToNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside, PVOID Entry)
{
	check_irql(DISPATCH_LEVEL, "ExFreeToNPagedLookasideList");
	give(Lookaside, Entry, false, "ExFreeToNPagedLookasideList");
}

NETCX_EXPORT VOID ExDeleteNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside)
{
	check_irql(DISPATCH_LEVEL, "ExDeleteNPagedLookasideList");
	delist(Lookaside, "ExDeleteNPagedLookasideList");
}

NETCX_EXPORT VOID ExInitializePagedLookasideList(PPAGED_LOOKASIDE_LIST Lookaside,
						 PALLOCATE_FUNCTION Allocate, PFREE_FUNCTION Free,
						 ULONG Flags, SIZE_T Size, ULONG Tag, USHORT Depth)
{
	static const char call[] = "ExInitializePagedLookasideList";

	check_irql(APC_LEVEL, call);
	enlist_or_end(Lookaside, paged, call, __builtin_return_address(0));
	init_old(Lookaside, Allocate, Free, (POOL_TYPE)(PagedPool | Flags), Size, Tag);
}

NETCX_EXPORT PVOID ExAllocateFromPagedLookasideList(PPAGED_LOOKASIDE_LIST Lookaside)
{
	check_irql(APC_LEVEL, "ExAllocateFromPagedLookasideList");
	return take(Lookaside, false, "ExAllocateFromPagedLookasideList",
		    __builtin_return_address(0));
}

NETCX_EXPORT VOID ExFreeToPagedLookasideList(PPAGED_LOOKASIDE_LIST Lookaside, PVOID Entry)
{
	check_irql(APC_LEVEL, "ExFreeToPagedLookasideList");
	give(Lookaside, Entry, false, "ExFreeToPagedLookasideList");
}

NETCX_EXPORT VOID ExDeletePagedLookasideList(PPAGED_LOOKASIDE_LIST Lookaside)
{
	check_irql(APC_LEVEL, "ExDeletePagedLookasideList");
	delist(Lookaside, "ExDeletePagedLookasideList");
}

/* What the driver's routine is told besides the type of pool. */
static ULONG with_flags(ULONG type, ULONG flags)
{
	if (flags & EX_LOOKASIDE_LIST_EX_FLAGS_RAISE_ON_FAIL)
		return type | POOL_RAISE_IF_ALLOCATION_FAILURE;
	if (flags & EX_LOOKASIDE_LIST_EX_FLAGS_FAIL_NO_RAISE)
		return type | POOL_QUOTA_FAIL_INSTEAD_OF_RAISE;
	return type;
}

static bool valid_type(POOL_TYPE type)
{
	return type == NonPagedPool || type == PagedPool || type == NonPagedPoolCacheAligned ||
	       type == PagedPoolCacheAligned || type == NonPagedPoolNx ||
	       type == NonPagedPoolNxCacheAligned;
}

/* DDI page: the two flags exclude each other, and go with a routine of the driver's. */
NETCX_EXPORT NTSTATUS ExInitializeLookasideListEx(PLOOKASIDE_LIST_EX Lookaside,
						  PALLOCATE_FUNCTION_EX Allocate,
						  PFREE_FUNCTION_EX Free, POOL_TYPE PoolType,
						  ULONG Flags, SIZE_T Size, ULONG Tag, USHORT Depth)
{
	static const char call[] = "ExInitializeLookasideListEx";
	const ULONG both =
		EX_LOOKASIDE_LIST_EX_FLAGS_RAISE_ON_FAIL | EX_LOOKASIDE_LIST_EX_FLAGS_FAIL_NO_RAISE;

	check_irql(DISPATCH_LEVEL, call);
	if (!valid_type(PoolType))
		return STATUS_INVALID_PARAMETER_4;
	if (Flags > EX_LOOKASIDE_LIST_EX_FLAGS_FAIL_NO_RAISE || Flags == both ||
	    (Flags && !Allocate))
		return STATUS_INVALID_PARAMETER_5;
	if (NT_FAULT("ExInitializeLookasideListEx"))
		return STATUS_INSUFFICIENT_RESOURCES;
	if (!enlist(Lookaside, either, call, __builtin_return_address(0)))
		return STATUS_INSUFFICIENT_RESOURCES;
	init(&Lookaside->L, (POOL_TYPE)with_flags((ULONG)PoolType, Flags), Size, Tag);
	Lookaside->L.AllocateEx = Allocate;
	Lookaside->L.FreeEx = Free;
	return STATUS_SUCCESS;
}

static KIRQL highest_of(const LOOKASIDE_LIST_EX *list)
{
	return list->L.Type & PagedPool ? APC_LEVEL : DISPATCH_LEVEL;
}

NETCX_EXPORT PVOID ExAllocateFromLookasideListEx(PLOOKASIDE_LIST_EX Lookaside)
{
	check_irql(highest_of(Lookaside), "ExAllocateFromLookasideListEx");
	return take(Lookaside, true, "ExAllocateFromLookasideListEx", __builtin_return_address(0));
}

NETCX_EXPORT VOID ExFreeToLookasideListEx(PLOOKASIDE_LIST_EX Lookaside, PVOID Entry)
{
	check_irql(highest_of(Lookaside), "ExFreeToLookasideListEx");
	give(Lookaside, Entry, true, "ExFreeToLookasideListEx");
}

/* There is nothing on it. */
NETCX_EXPORT VOID ExFlushLookasideListEx(PLOOKASIDE_LIST_EX Lookaside)
{
	check_irql(highest_of(Lookaside), "ExFlushLookasideListEx");
	check_known(Lookaside, "ExFlushLookasideListEx");
}

NETCX_EXPORT VOID ExDeleteLookasideListEx(PLOOKASIDE_LIST_EX Lookaside)
{
	check_irql(highest_of(Lookaside), "ExDeleteLookasideListEx");
	delist(Lookaside, "ExDeleteLookasideListEx");
}
