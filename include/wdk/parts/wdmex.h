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
	NonPagedPoolCacheAligned = 4,
	PagedPoolCacheAligned = 5,
	NonPagedPoolNx = 512,
	NonPagedPoolNxCacheAligned = 516
} POOL_TYPE;

typedef enum _INTERFACE_TYPE NETCX_INT_ENUM {
	InterfaceTypeUndefined = -1,
	Internal = 0,
	Isa = 1,
	PCIBus = 5,
	PNPBus = 15
} INTERFACE_TYPE;

EXTERN_C_START

/* Pool. The tag, four characters, is reported with what leaks. */
PVOID ExAllocatePoolWithTag(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag);
VOID ExFreePoolWithTag(PVOID Memory, ULONG Tag);
VOID ExFreePool(PVOID Memory);

EXTERN_C_END

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
	Entry->Flink = Head->Flink;
	Entry->Blink = Head;
	Head->Flink->Blink = Entry;
	Head->Flink = Entry;
}

FORCEINLINE VOID InsertTailList(PLIST_ENTRY Head, PLIST_ENTRY Entry)
{
	Entry->Flink = Head;
	Entry->Blink = Head->Blink;
	Head->Blink->Flink = Entry;
	Head->Blink = Entry;
}

/* Return: whether the list is empty now. */
FORCEINLINE BOOLEAN RemoveEntryList(PLIST_ENTRY Entry)
{
	Entry->Blink->Flink = Entry->Flink;
	Entry->Flink->Blink = Entry->Blink;
	return (BOOLEAN)(Entry->Flink == Entry->Blink);
}

FORCEINLINE PLIST_ENTRY RemoveHeadList(PLIST_ENTRY Head)
{
	PLIST_ENTRY entry = Head->Flink;

	RemoveEntryList(entry);
	return entry;
}

FORCEINLINE PLIST_ENTRY RemoveTailList(PLIST_ENTRY Head)
{
	PLIST_ENTRY entry = Head->Blink;

	RemoveEntryList(entry);
	return entry;
}

#endif
