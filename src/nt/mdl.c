/* SPDX-License-Identifier: MIT */
/*
 * Memory descriptor lists. A driver's memory is mapped for it and stays where it is, so a list has
 * the address it was made for; its page numbers are those of MmGetPhysicalAddress(). A list that
 * IoAllocateMdl made is a block of pool, and told with it when it leaks.
 */
#include <ntddk.h>

#include "nt/contiguous.h"
#include "nt/export.h"
#include "nt/fault.h"
#include "nt/irql.h"
#include "nt/machine.h"
#include "nt/pool.h"
#include "nt/violation.h"

#define MDL_TAG  0x206C644D /* "Mdl " */
#define VERIFIER 0xC4
#define MAPPED   (MDL_MAPPED_TO_SYSTEM_VA | MDL_SOURCE_IS_NONPAGED_POOL)

static void check_irql(const char *call)
{
	if (nt_irql() > DISPATCH_LEVEL)
		nt_violation_say(0xA, nt_irql(), "IRQL_NOT_LESS_OR_EQUAL", call, NULL,
				 "A memory descriptor list is used at DISPATCH_LEVEL or below.",
				 "it was called at IRQL %u.", nt_irql());
}

static size_t pages_of(const MDL *mdl)
{
	return ADDRESS_AND_SIZE_TO_SPAN_PAGES(MmGetMdlVirtualAddress(mdl), mdl->ByteCount);
}

static void number_pages(PMDL mdl)
{
	PPFN_NUMBER pages = MmGetMdlPfnArray(mdl);

	for (size_t i = 0; i < pages_of(mdl); i++)
		pages[i] = nt_physical((char *)mdl->StartVa + i * PAGE_SIZE) >> PAGE_SHIFT;
}

NETCX_EXPORT SIZE_T MmSizeOfMdl(PVOID Base, SIZE_T Length)
{
	return sizeof(MDL) + sizeof(PFN_NUMBER) * ADDRESS_AND_SIZE_TO_SPAN_PAGES(Base, Length);
}

NETCX_EXPORT PMDL IoAllocateMdl(PVOID VirtualAddress, ULONG Length, BOOLEAN SecondaryBuffer,
				BOOLEAN ChargeQuota, struct _IRP *Irp)
{
	PMDL mdl;

	check_irql("IoAllocateMdl");
	if (NT_FAULT("IoAllocateMdl"))
		return NULL;
	mdl = nt_pool_allocate(MmSizeOfMdl(VirtualAddress, Length), MDL_TAG,
			       __builtin_return_address(0));
	if (!mdl)
		return NULL;
	*mdl = (MDL){ 0 };
	MmInitializeMdl(mdl, VirtualAddress, Length);
	return mdl;
}

NETCX_EXPORT VOID IoFreeMdl(PMDL Mdl)
{
	static const char call[] = "IoFreeMdl";
	CSHORT flags;

	check_irql(call);
	if (!nt_pool_has(Mdl, MDL_TAG))
		nt_violation_say(
			0xC2, 0x46, "BAD_POOL_CALLER", call, NULL,
			"What IoAllocateMdl returned is freed once; lists of the framework are its own.",
			"%p is no list that was allocated: it was freed already or is another's.",
			(void *)Mdl);
	flags = Mdl->MdlFlags;
	if (flags & MDL_PAGES_LOCKED)
		nt_violation_say(VERIFIER, (uintptr_t)Mdl, "DRIVER_VERIFIER_DETECTED_VIOLATION",
				 call, NULL,
				 "A list is freed when its pages are unlocked: MmUnlockPages.",
				 "the pages of the list at %p, %u bytes at %p, are locked.",
				 (void *)Mdl, Mdl->ByteCount, MmGetMdlVirtualAddress(Mdl));
	nt_pool_free(Mdl, MDL_TAG, call);
}

NETCX_EXPORT VOID MmBuildMdlForNonPagedPool(PMDL MemoryDescriptorList)
{
	PMDL mdl = MemoryDescriptorList;

	check_irql("MmBuildMdlForNonPagedPool");
	number_pages(mdl);
	mdl->Process = NULL;
	mdl->MappedSystemVa = MmGetMdlVirtualAddress(mdl);
	mdl->MdlFlags |= MDL_SOURCE_IS_NONPAGED_POOL;
}

/* DDI page: @Length 0 is all that is left of the source from there. */
NETCX_EXPORT VOID IoBuildPartialMdl(PMDL SourceMdl, PMDL TargetMdl, PVOID VirtualAddress,
				    ULONG Length)
{
	static const char call[] = "IoBuildPartialMdl";
	size_t before =
		(size_t)((char *)VirtualAddress - (char *)MmGetMdlVirtualAddress(SourceMdl));
	size_t room = ((size_t)(USHORT)TargetMdl->Size - sizeof(MDL)) / sizeof(PFN_NUMBER);
	ULONG length = Length ? Length : SourceMdl->ByteCount - (ULONG)before;

	check_irql(call);
	if (before > SourceMdl->ByteCount || length > SourceMdl->ByteCount - before ||
	    ADDRESS_AND_SIZE_TO_SPAN_PAGES(VirtualAddress, length) > room)
		nt_violation_say(
			0x40, (uintptr_t)TargetMdl, "TARGET_MDL_TOO_SMALL", call, NULL,
			"A partial list describes a part of its source, in no more pages than it was allocated for.",
			"%u bytes at %p were asked for, of %u at %p, into a list of %zu pages.",
			length, VirtualAddress, SourceMdl->ByteCount,
			MmGetMdlVirtualAddress(SourceMdl), room);
	TargetMdl->StartVa = PAGE_ALIGN(VirtualAddress);
	TargetMdl->ByteOffset = BYTE_OFFSET(VirtualAddress);
	TargetMdl->ByteCount = length;
	TargetMdl->Process = SourceMdl->Process;
	TargetMdl->MdlFlags = (CSHORT)((TargetMdl->MdlFlags & MDL_ALLOCATED_FIXED_SIZE) |
				       (SourceMdl->MdlFlags & MAPPED) | MDL_PARTIAL);
	TargetMdl->MappedSystemVa = VirtualAddress;
	number_pages(TargetMdl);
}

static _Noreturn void no_user_memory(const char *call, const MDL *mdl)
{
	nt_violation_say(
		0x1E, 0xC0000005, "KMODE_EXCEPTION_NOT_HANDLED", call, NULL,
		"Memory of this process is the kernel's (KernelMode): no other program has any here.",
		"%u bytes at %p were to be locked as a user's.", mdl->ByteCount,
		MmGetMdlVirtualAddress(mdl));
}

NETCX_EXPORT VOID MmProbeAndLockPages(PMDL MemoryDescriptorList, CCHAR AccessMode,
				      LOCK_OPERATION Operation)
{
	static const char call[] = "MmProbeAndLockPages";
	PMDL mdl = MemoryDescriptorList;

	check_irql(call);
	if (AccessMode != KernelMode)
		no_user_memory(call, mdl);
	if (mdl->MdlFlags & (MDL_PAGES_LOCKED | MDL_SOURCE_IS_NONPAGED_POOL))
		nt_violation_say(
			VERIFIER, (uintptr_t)mdl, "DRIVER_VERIFIER_DETECTED_VIOLATION", call, NULL,
			"Pages are locked once for a list, and those of nonpaged pool never.",
			"the list at %p has the flags 0x%X.", (void *)mdl, mdl->MdlFlags);
	number_pages(mdl);
	mdl->MdlFlags |=
		(CSHORT)(MDL_PAGES_LOCKED | (Operation == IoReadAccess ? 0 : MDL_WRITE_OPERATION));
}

NETCX_EXPORT VOID MmUnlockPages(PMDL MemoryDescriptorList)
{
	static const char call[] = "MmUnlockPages";
	PMDL mdl = MemoryDescriptorList;
	bool pool = mdl->MdlFlags & MDL_SOURCE_IS_NONPAGED_POOL;

	check_irql(call);
	if (pool || !(mdl->MdlFlags & MDL_PAGES_LOCKED))
		nt_violation_say(VERIFIER, pool ? 0x7D : 0x7C, "DRIVER_VERIFIER_DETECTED_VIOLATION",
				 call, NULL,
				 "What MmProbeAndLockPages has locked is unlocked, once.",
				 pool ? "the list at %p is of nonpaged pool, which is never locked."
				      : "the pages of the list at %p are not locked.",
				 (void *)mdl);
	mdl->MdlFlags &=
		(CSHORT) ~(MDL_PAGES_LOCKED | MDL_WRITE_OPERATION | MDL_MAPPED_TO_SYSTEM_VA);
}

/* A mapping into a program's own memory is refused: there is none. */
NETCX_EXPORT PVOID MmMapLockedPagesSpecifyCache(PMDL MemoryDescriptorList, CCHAR AccessMode,
						MEMORY_CACHING_TYPE CacheType,
						PVOID RequestedAddress, ULONG BugCheckOnFailure,
						ULONG Priority)
{
	static const char call[] = "MmMapLockedPagesSpecifyCache";
	PMDL mdl = MemoryDescriptorList;

	check_irql(call);
	if (AccessMode != KernelMode)
		return NULL;
	if (!(mdl->MdlFlags & (MDL_PAGES_LOCKED | MAPPED)))
		nt_violation_say(
			VERIFIER, 0x81, "DRIVER_VERIFIER_DETECTED_VIOLATION", call, NULL,
			"A list's pages are locked (MmProbeAndLockPages) or nonpaged pool (MmBuildMdlForNonPagedPool) before they are mapped.",
			"the pages of the list at %p are neither.", (void *)mdl);
	if (NT_FAULT("MmMapLockedPagesSpecifyCache"))
		return NULL;
	mdl->MappedSystemVa = MmGetMdlVirtualAddress(mdl);
	mdl->MdlFlags |= MDL_MAPPED_TO_SYSTEM_VA;
	if (mdl->MdlFlags & MDL_PARTIAL)
		mdl->MdlFlags |= MDL_PARTIAL_HAS_BEEN_MAPPED;
	return mdl->MappedSystemVa;
}

NETCX_EXPORT VOID MmUnmapLockedPages(PVOID BaseAddress, PMDL MemoryDescriptorList)
{
	static const char call[] = "MmUnmapLockedPages";
	PMDL mdl = MemoryDescriptorList;

	check_irql(call);
	if (!(mdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA) || mdl->MappedSystemVa != BaseAddress)
		nt_violation_say(0xDA, (uintptr_t)mdl, "SYSTEM_PTE_MISUSE", call, NULL,
				 "What MmMapLockedPagesSpecifyCache returned is unmapped, once.",
				 "%p is not where the list at %p is mapped.", BaseAddress,
				 (void *)mdl);
	mdl->MdlFlags &= (CSHORT) ~(MDL_MAPPED_TO_SYSTEM_VA | MDL_PARTIAL_HAS_BEEN_MAPPED);
}
