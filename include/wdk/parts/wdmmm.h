/* SPDX-License-Identifier: MIT */
/* wdmmm.h - memory of devices: mapping it, register access, memory descriptor lists. Part of wdm.h.
 */
#ifndef NETCX_WDMMM_H
#define NETCX_WDMMM_H

#include <ntdef.h>
#include <parts/wdmcaching.h>

#ifndef PAGE_SIZE
#define PAGE_SIZE 0x1000
#endif
#ifndef PAGE_SHIFT
#define PAGE_SHIFT 12
#endif
#define BYTE_OFFSET(address) ((ULONG)((ULONG_PTR)(address) & (PAGE_SIZE - 1)))
#define PAGE_ALIGN(address)  ((PVOID)((ULONG_PTR)(address) & ~(ULONG_PTR)(PAGE_SIZE - 1)))
#define ROUND_TO_PAGES(size) (((ULONG_PTR)(size) + PAGE_SIZE - 1) & ~(ULONG_PTR)(PAGE_SIZE - 1))

#define BYTES_TO_PAGES(size) (((size) >> PAGE_SHIFT) + (((size) & (PAGE_SIZE - 1)) != 0))
/* How many pages a buffer lies in. */
#define ADDRESS_AND_SIZE_TO_SPAN_PAGES(address, size) \
	((BYTE_OFFSET(address) + (SIZE_T)(size) + PAGE_SIZE - 1) >> PAGE_SHIFT)
#define COMPUTE_PAGES_SPANNED(address, size) ADDRESS_AND_SIZE_TO_SPAN_PAGES(address, size)

#define PAGE_NOACCESS                        0x01
#define PAGE_READONLY                        0x02
#define PAGE_READWRITE                       0x04
#define PAGE_EXECUTE_READWRITE               0x40
#define PAGE_NOCACHE                         0x200
#define PAGE_WRITECOMBINE                    0x400

typedef enum _MM_PAGE_PRIORITY NETCX_INT_ENUM {
	LowPagePriority = 0,
	NormalPagePriority = 16,
	HighPagePriority = 32
} MM_PAGE_PRIORITY;
#define MdlMappingNoExecute 0x40000000

/* A buffer and where it is mapped; chained when one packet lies in several. */
typedef struct _MDL {
	struct _MDL *Next;
	CSHORT Size;
	CSHORT MdlFlags;
	struct _EPROCESS *Process;
	PVOID MappedSystemVa;
	PVOID StartVa;    /* page the buffer begins in */
	ULONG ByteCount;  /* length of the buffer */
	ULONG ByteOffset; /* of the buffer in that page */
} MDL, *PMDL;

/* MdlFlags */
#define MDL_MAPPED_TO_SYSTEM_VA     0x0001
#define MDL_PAGES_LOCKED            0x0002
#define MDL_SOURCE_IS_NONPAGED_POOL 0x0004
#define MDL_ALLOCATED_FIXED_SIZE    0x0008
#define MDL_PARTIAL                 0x0010
#define MDL_PARTIAL_HAS_BEEN_MAPPED 0x0020
#define MDL_IO_PAGE_READ            0x0040
#define MDL_WRITE_OPERATION         0x0080
#define MDL_IO_SPACE                0x0800
#define MDL_NETWORK_HEADER          0x1000
#define MDL_MAPPING_CAN_FAIL        0x2000

typedef ULONG_PTR PFN_NUMBER, *PPFN_NUMBER;

typedef enum _LOCK_OPERATION NETCX_INT_ENUM {
	IoReadAccess,
	IoWriteAccess,
	IoModifyAccess
} LOCK_OPERATION;

/* Page numbers, one for each page that the buffer lies in, follow the MDL. */
FORCEINLINE PPFN_NUMBER MmGetMdlPfnArray(const MDL *Mdl)
{
	return (PPFN_NUMBER)(ULONG_PTR)(Mdl + 1);
}

FORCEINLINE ULONG MmGetMdlByteCount(const MDL *Mdl)
{
	return Mdl->ByteCount;
}

FORCEINLINE ULONG MmGetMdlByteOffset(const MDL *Mdl)
{
	return Mdl->ByteOffset;
}

FORCEINLINE PVOID MmGetMdlBaseVa(const MDL *Mdl)
{
	return Mdl->StartVa;
}

FORCEINLINE PVOID MmGetMdlVirtualAddress(const MDL *Mdl)
{
	return (PCHAR)Mdl->StartVa + Mdl->ByteOffset;
}

/* Of memory that is the driver's own, MmSizeOfMdl() bytes: what it describes, and that it is not
 * locked. */
FORCEINLINE VOID MmInitializeMdl(PMDL MemoryDescriptorList, PVOID BaseVa, SIZE_T Length)
{
	MemoryDescriptorList->Next = NULL;
	MemoryDescriptorList->Size =
		(CSHORT)(sizeof(MDL) +
			 sizeof(PFN_NUMBER) * ADDRESS_AND_SIZE_TO_SPAN_PAGES(BaseVa, Length));
	MemoryDescriptorList->MdlFlags = 0;
	MemoryDescriptorList->StartVa = PAGE_ALIGN(BaseVa);
	MemoryDescriptorList->ByteOffset = BYTE_OFFSET(BaseVa);
	MemoryDescriptorList->ByteCount = (ULONG)Length;
}

EXTERN_C_START

/*
 * A list for a buffer, and the end of it. No request (IRP) is there that one could belong to.
 * IoAllocateMdl: NULL: there is no memory. DISPATCH_LEVEL or below, all of them
 */
struct _IRP;
SIZE_T MmSizeOfMdl(PVOID Base, SIZE_T Length);
PMDL IoAllocateMdl(PVOID VirtualAddress, ULONG Length, BOOLEAN SecondaryBuffer, BOOLEAN ChargeQuota,
		   struct _IRP *Irp);
VOID IoFreeMdl(PMDL Mdl);
VOID MmBuildMdlForNonPagedPool(PMDL MemoryDescriptorList);
VOID IoBuildPartialMdl(PMDL SourceMdl, PMDL TargetMdl, PVOID VirtualAddress, ULONG Length);

/* Pages stay where they are here, so locking them is a matter of the list. Kernel mode only. */
VOID MmProbeAndLockPages(PMDL MemoryDescriptorList, CCHAR AccessMode, LOCK_OPERATION Operation);
VOID MmUnlockPages(PMDL MemoryDescriptorList);
PVOID MmMapLockedPagesSpecifyCache(PMDL MemoryDescriptorList, CCHAR AccessMode,
				   MEMORY_CACHING_TYPE CacheType, PVOID RequestedAddress,
				   ULONG BugCheckOnFailure, ULONG Priority);
VOID MmUnmapLockedPages(PVOID BaseAddress, PMDL MemoryDescriptorList);

/*
 * Memory whose physical address a driver hands to its device: one piece, whole pages, between
 * Lowest and Highest, not across a multiple of Boundary (0: any). The devices of the process reach
 * it, as they reach a common buffer. NULL: there is none. DISPATCH_LEVEL or below
 */
#define MM_ANY_NODE_OK 0x80000000
PVOID MmAllocateContiguousMemory(SIZE_T NumberOfBytes, PHYSICAL_ADDRESS HighestAcceptableAddress);
PVOID MmAllocateContiguousMemorySpecifyCache(SIZE_T NumberOfBytes,
					     PHYSICAL_ADDRESS LowestAcceptableAddress,
					     PHYSICAL_ADDRESS HighestAcceptableAddress,
					     PHYSICAL_ADDRESS BoundaryAddressMultiple,
					     MEMORY_CACHING_TYPE CacheType);
PVOID MmAllocateContiguousNodeMemory(SIZE_T NumberOfBytes, PHYSICAL_ADDRESS LowestAcceptableAddress,
				     PHYSICAL_ADDRESS HighestAcceptableAddress,
				     PHYSICAL_ADDRESS BoundaryAddressMultiple, ULONG Protect,
				     ULONG PreferredNode);
VOID MmFreeContiguousMemory(PVOID BaseAddress);
VOID MmFreeContiguousMemorySpecifyCache(PVOID BaseAddress, SIZE_T NumberOfBytes,
					MEMORY_CACHING_TYPE CacheType);

/* Of contiguous memory and common buffers what a device uses; of other memory an address none
 * reaches. */
PHYSICAL_ADDRESS MmGetPhysicalAddress(PVOID BaseAddress);

EXTERN_C_END

/* @Priority: not looked at; what is locked is mapped already. */
FORCEINLINE PVOID MmGetSystemAddressForMdlSafe(PMDL Mdl, ULONG Priority)
{
	if (Mdl->MdlFlags & (MDL_MAPPED_TO_SYSTEM_VA | MDL_SOURCE_IS_NONPAGED_POOL))
		return Mdl->MappedSystemVa;
	return MmMapLockedPagesSpecifyCache(Mdl, 0, MmCached, NULL, FALSE, Priority);
}

FORCEINLINE VOID MmPrepareMdlForReuse(PMDL Mdl)
{
	if (Mdl->MdlFlags & MDL_PARTIAL_HAS_BEEN_MAPPED)
		MmUnmapLockedPages(Mdl->MappedSystemVa, Mdl);
}

/* Caches and devices see the same memory on x64. */
#define KeFlushIoBuffers(mdl, read_operation, dma_operation) ((void)0)

EXTERN_C_START

/* Device memory. What is mapped is reached through the register functions below. NULL: no such
 * memory */
PVOID MmMapIoSpace(PHYSICAL_ADDRESS PhysicalAddress, SIZE_T NumberOfBytes,
		   MEMORY_CACHING_TYPE CacheType);
PVOID MmMapIoSpaceEx(PHYSICAL_ADDRESS PhysicalAddress, SIZE_T NumberOfBytes, ULONG Protect);
VOID MmUnmapIoSpace(PVOID BaseAddress, SIZE_T NumberOfBytes);

UCHAR READ_REGISTER_UCHAR(volatile UCHAR *Register);
USHORT READ_REGISTER_USHORT(volatile USHORT *Register);
ULONG READ_REGISTER_ULONG(volatile ULONG *Register);
ULONG64 READ_REGISTER_ULONG64(volatile ULONG64 *Register);
VOID WRITE_REGISTER_UCHAR(volatile UCHAR *Register, UCHAR Value);
VOID WRITE_REGISTER_USHORT(volatile USHORT *Register, USHORT Value);
VOID WRITE_REGISTER_ULONG(volatile ULONG *Register, ULONG Value);
VOID WRITE_REGISTER_ULONG64(volatile ULONG64 *Register, ULONG64 Value);

/* @Count: elements, not bytes. The register address moves on with each. */
VOID READ_REGISTER_BUFFER_UCHAR(volatile UCHAR *Register, PUCHAR Buffer, ULONG Count);
VOID READ_REGISTER_BUFFER_USHORT(volatile USHORT *Register, PUSHORT Buffer, ULONG Count);
VOID READ_REGISTER_BUFFER_ULONG(volatile ULONG *Register, PULONG Buffer, ULONG Count);
VOID WRITE_REGISTER_BUFFER_UCHAR(volatile UCHAR *Register, PUCHAR Buffer, ULONG Count);
VOID WRITE_REGISTER_BUFFER_USHORT(volatile USHORT *Register, PUSHORT Buffer, ULONG Count);
VOID WRITE_REGISTER_BUFFER_ULONG(volatile ULONG *Register, PULONG Buffer, ULONG Count);

EXTERN_C_END

/* The same access, which need not wait for others; x64 keeps them in order by itself. */
#define NETCX_REGISTER_NOFENCE(suffix, type)                                                  \
	FORCEINLINE type READ_REGISTER_NOFENCE_##suffix(volatile type *Register)              \
	{                                                                                     \
		return READ_REGISTER_##suffix(Register);                                      \
	}                                                                                     \
	FORCEINLINE VOID WRITE_REGISTER_NOFENCE_##suffix(volatile type *Register, type Value) \
	{                                                                                     \
		WRITE_REGISTER_##suffix(Register, Value);                                     \
	}

NETCX_REGISTER_NOFENCE(UCHAR, UCHAR)
NETCX_REGISTER_NOFENCE(USHORT, USHORT)
NETCX_REGISTER_NOFENCE(ULONG, ULONG)
NETCX_REGISTER_NOFENCE(ULONG64, ULONG64)

#endif
