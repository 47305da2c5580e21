/* SPDX-License-Identifier: MIT */
/* wdmex.h - executive services: pool, linked lists. Part of wdm.h. */
#ifndef NETCX_WDMEX_H
#define NETCX_WDMEX_H

#include <ntdef.h>
#include <parts/umdf.h>
#include <parts/wdmke.h>

typedef enum _POOL_TYPE NETCX_INT_ENUM {
	NonPagedPool = 0,
	NonPagedPoolExecute = 0,
	PagedPool = 1,
	NonPagedPoolMustSucceed = 2,
	DontUseThisType = 3,
	NonPagedPoolCacheAligned = 4,
	PagedPoolCacheAligned = 5,
	NonPagedPoolCacheAlignedMustS = 6,
	MaxPoolType = 7,
	NonPagedPoolBase = 0,
	NonPagedPoolBaseMustSucceed = 2,
	NonPagedPoolBaseCacheAligned = 4,
	NonPagedPoolBaseCacheAlignedMustS = 6,
	NonPagedPoolSession = 32,
	PagedPoolSession = 33,
	NonPagedPoolMustSucceedSession = 34,
	DontUseThisTypeSession = 35,
	NonPagedPoolCacheAlignedSession = 36,
	PagedPoolCacheAlignedSession = 37,
	NonPagedPoolCacheAlignedMustSSession = 38,
	NonPagedPoolNx = 512,
	NonPagedPoolNxCacheAligned = 516,
	NonPagedPoolSessionNx = 544
} POOL_TYPE;

typedef enum _INTERFACE_TYPE NETCX_INT_ENUM {
	InterfaceTypeUndefined = -1,
	Internal = 0,
	Isa = 1,
	Eisa = 2,
	MicroChannel = 3,
	TurboChannel = 4,
	PCIBus = 5,
	VMEBus = 6,
	NuBus = 7,
	PCMCIABus = 8,
	CBus = 9,
	MPIBus = 10,
	MPSABus = 11,
	ProcessorInternal = 12,
	InternalPowerBus = 13,
	PNPISABus = 14,
	PNPBus = 15,
	Vmcs = 16,
	ACPIBus = 17,
	MaximumInterfaceType = 18
} INTERFACE_TYPE;

#if !NETCX_UMDF
/* What is or-ed to a POOL_TYPE. */
#define POOL_QUOTA_FAIL_INSTEAD_OF_RAISE 0x8
#define POOL_RAISE_IF_ALLOCATION_FAILURE 0x10
#define POOL_COLD_ALLOCATION             0x100
#define POOL_NX_ALLOCATION               0x200
#define POOL_ZERO_ALLOCATION             0x400

/*
 * ExAllocatePool2: one of the three kinds of pool, and what it is to be like. What is not known
 * among the low 32 bits is refused, what is not known among the others left out.
 */
typedef ULONG64 POOL_FLAGS;
#define POOL_FLAG_REQUIRED_START    0x0000000000000001ULL
#define POOL_FLAG_USE_QUOTA         0x0000000000000001ULL
#define POOL_FLAG_UNINITIALIZED     0x0000000000000002ULL
#define POOL_FLAG_SESSION           0x0000000000000004ULL
#define POOL_FLAG_CACHE_ALIGNED     0x0000000000000008ULL
#define POOL_FLAG_RAISE_ON_FAILURE  0x0000000000000020ULL
#define POOL_FLAG_NON_PAGED         0x0000000000000040ULL
#define POOL_FLAG_NON_PAGED_EXECUTE 0x0000000000000080ULL
#define POOL_FLAG_PAGED             0x0000000000000100ULL
#define POOL_FLAG_REQUIRED_END      0x0000000080000000ULL
#define POOL_FLAG_OPTIONAL_START    0x0000000100000000ULL
#define POOL_FLAG_SPECIAL_POOL      0x0000000100000000ULL
#define POOL_FLAG_OPTIONAL_END      0x8000000000000000ULL

EXTERN_C_START

/*
 * Pool. The tag, four characters, is reported with what leaks. Who asks that a failure be raised
 * has no answer to it here: there are no structured exceptions (excpt.h).
 */
PVOID ExAllocatePool2(POOL_FLAGS Flags, SIZE_T NumberOfBytes, ULONG Tag);
PVOID ExAllocatePoolWithTag(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag);
PVOID ExAllocatePoolWithQuotaTag(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag);
VOID ExFreePoolWithTag(PVOID Memory, ULONG Tag);
VOID ExFreePool(PVOID Memory);

EXTERN_C_END

/* For drivers that run on Windows before version 2004, too. */
FORCEINLINE PVOID ExAllocatePoolZero(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
	return ExAllocatePoolWithTag((POOL_TYPE)(PoolType | POOL_ZERO_ALLOCATION), NumberOfBytes,
				     Tag);
}

FORCEINLINE PVOID ExAllocatePoolUninitialized(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
	return ExAllocatePoolWithTag(PoolType, NumberOfBytes, Tag);
}

FORCEINLINE PVOID ExAllocatePoolQuotaZero(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
	return ExAllocatePoolWithQuotaTag((POOL_TYPE)(PoolType | POOL_ZERO_ALLOCATION),
					  NumberOfBytes, Tag);
}

FORCEINLINE PVOID ExAllocatePoolQuotaUninitialized(POOL_TYPE PoolType, SIZE_T NumberOfBytes,
						   ULONG Tag)
{
	return ExAllocatePoolWithQuotaTag(PoolType, NumberOfBytes, Tag);
}

EXTERN_C_START

/* Under a spin lock of theirs, at any IRQL. Return: the entry that was first or last; NULL: none.
 */
PLIST_ENTRY ExInterlockedInsertHeadList(PLIST_ENTRY ListHead, PLIST_ENTRY ListEntry,
					PKSPIN_LOCK Lock);
PLIST_ENTRY ExInterlockedInsertTailList(PLIST_ENTRY ListHead, PLIST_ENTRY ListEntry,
					PKSPIN_LOCK Lock);
PLIST_ENTRY ExInterlockedRemoveHeadList(PLIST_ENTRY ListHead, PKSPIN_LOCK Lock);

EXTERN_C_END
#endif

FORCEINLINE VOID PushEntryList(PSINGLE_LIST_ENTRY Head, PSINGLE_LIST_ENTRY Entry)
{
	Entry->Next = Head->Next;
	Head->Next = Entry;
}

/* Return: NULL: there is none. */
FORCEINLINE PSINGLE_LIST_ENTRY PopEntryList(PSINGLE_LIST_ENTRY Head)
{
	PSINGLE_LIST_ENTRY first = Head->Next;

	if (first)
		Head->Next = first->Next;
	return first;
}

/* Each function looks at the links that it is about to change: Windows' end is bug check 0x139, 3.
 */
#define NETCX_LIST_CHECK(holds)           \
	do {                              \
		if (!(holds))             \
			__builtin_trap(); \
	} while (0)

FORCEINLINE VOID InitializeListHead(PLIST_ENTRY Head)
{
	Head->Flink = Head;
	Head->Blink = Head;
}

FORCEINLINE BOOLEAN IsListEmpty(const LIST_ENTRY *Head)
{
	return (BOOLEAN)(Head->Flink == Head);
}

FORCEINLINE VOID InsertHeadList(PLIST_ENTRY Head, PLIST_ENTRY Entry)
{
	NETCX_LIST_CHECK(Head->Flink->Blink == Head);
	Entry->Flink = Head->Flink;
	Entry->Blink = Head;
	Head->Flink->Blink = Entry;
	Head->Flink = Entry;
}

FORCEINLINE VOID InsertTailList(PLIST_ENTRY Head, PLIST_ENTRY Entry)
{
	NETCX_LIST_CHECK(Head->Blink->Flink == Head);
	Entry->Flink = Head;
	Entry->Blink = Head->Blink;
	Head->Blink->Flink = Entry;
	Head->Blink = Entry;
}

/* Return: whether the list is empty now. */
FORCEINLINE BOOLEAN RemoveEntryList(PLIST_ENTRY Entry)
{
	NETCX_LIST_CHECK(Entry->Flink->Blink == Entry && Entry->Blink->Flink == Entry);
	Entry->Blink->Flink = Entry->Flink;
	Entry->Flink->Blink = Entry->Blink;
	return (BOOLEAN)(Entry->Flink == Entry->Blink);
}

FORCEINLINE PLIST_ENTRY RemoveHeadList(PLIST_ENTRY Head)
{
	PLIST_ENTRY entry = Head->Flink;

	NETCX_LIST_CHECK(entry->Blink == Head);
	RemoveEntryList(entry);
	return entry;
}

FORCEINLINE PLIST_ENTRY RemoveTailList(PLIST_ENTRY Head)
{
	PLIST_ENTRY entry = Head->Blink;

	NETCX_LIST_CHECK(entry->Flink == Head);
	RemoveEntryList(entry);
	return entry;
}

#endif
