/* SPDX-License-Identifier: MIT */
/* wdmmm.h - memory of devices: mapping it, register access, memory descriptor lists. Part of wdm.h.
 */
#ifndef NETCX_WDMMM_H
#define NETCX_WDMMM_H

#include <ntdef.h>

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
#define PAGE_NOCACHE                         0x200
#define PAGE_WRITECOMBINE                    0x400

typedef enum _MEMORY_CACHING_TYPE NETCX_INT_ENUM {
	MmNonCached,
	MmCached,
	MmWriteCombined,
	MmHardwareCoherentCached,
	MmNonCachedUnordered,
	MmUSWCCached,
	MmMaximumCacheType,
	MmNotMapped = -1
} MEMORY_CACHING_TYPE;

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

#define MDL_MAPPED_TO_SYSTEM_VA     0x0001
#define MDL_SOURCE_IS_NONPAGED_POOL 0x0004

FORCEINLINE ULONG MmGetMdlByteCount(const MDL *Mdl)
{
	return Mdl->ByteCount;
}

FORCEINLINE ULONG MmGetMdlByteOffset(const MDL *Mdl)
{
	return Mdl->ByteOffset;
}

FORCEINLINE PVOID MmGetMdlVirtualAddress(const MDL *Mdl)
{
	return (PCHAR)Mdl->StartVa + Mdl->ByteOffset;
}

/* Buffers here are mapped from the start, so there is nothing left to do. @Priority: not looked at
 */
FORCEINLINE PVOID MmGetSystemAddressForMdlSafe(PMDL Mdl, ULONG Priority)
{
	UNREFERENCED_PARAMETER(Priority);
	return Mdl->MappedSystemVa;
}

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
