/* SPDX-License-Identifier: MIT */
/* wdmex.h - executive services: pool, doubly linked lists. Part of wdm.h. */
#ifndef NETCX_WDMEX_H
#define NETCX_WDMEX_H

#include <ntdef.h>

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

EXTERN_C_START

/* Pool. The tag, four characters, is reported with what leaks. */
PVOID ExAllocatePoolWithTag(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag);
VOID ExFreePoolWithTag(PVOID Memory, ULONG Tag);
VOID ExFreePool(PVOID Memory);

EXTERN_C_END

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
