/* SPDX-License-Identifier: MIT */
#include "nt/contiguous.h"

#include <dlfcn.h>
#include <ntddk.h>
#include <stdlib.h>

#include "nt/export.h"
#include "nt/fault.h"
#include "nt/irql.h"
#include "nt/left_behind.h"
#include "nt/machine.h"
#include "nt/sanitizer.h"
#include "nt/symbols.h"
#include "nt/violation.h"

/* A piece, in its machine's list under the list's lock. */
struct nt_contiguous {
	struct nt_contiguous *next;
	void *memory;
	size_t length;
	uint64_t logical;
	const void *caller; /* in the driver */
};

uint64_t nt_physical(const void *memory)
{
	uint64_t logical = nt_dma_logical(&nt_machine()->dma, memory);

	return logical ? logical : (uintptr_t)memory;
}

static void check_irql(const char *call)
{
	if (nt_irql() > DISPATCH_LEVEL)
		nt_violation_say(
			0xA, nt_irql(), "IRQL_NOT_LESS_OR_EQUAL", call, NULL,
			"Contiguous memory is allocated and freed at DISPATCH_LEVEL or below.",
			"it was called at IRQL %u.", nt_irql());
}

/* Where a piece may lie: addresses of its first and last byte, what it does not cross (0: nothing).
 */
struct limits {
	uint64_t lowest, highest, boundary;
};

static bool crosses(uint64_t first, size_t length, uint64_t boundary)
{
	return boundary && first / boundary != (first + length - 1) / boundary;
}

static bool map(struct nt_dma *dma, struct nt_contiguous *piece, const struct limits *limits)
{
	piece->memory = nt_dma_allocate(dma, piece->length);
	if (!piece->memory)
		return false;
	nt_share_with_hardware(piece->memory, piece->length);
	piece->logical = nt_dma_map_between(dma, piece->memory, piece->length, limits->lowest,
					    limits->highest);
	if (piece->logical && !crosses(piece->logical, piece->length, limits->boundary)) {
		nt_dma_name(dma, piece->logical, "contiguous memory");
		return true;
	}
	if (piece->logical)
		nt_dma_unmap(dma, piece->logical);
	nt_dma_free(dma, piece->memory, piece->length);
	return false;
}

static void *allocate(size_t size, const struct limits *limits, const void *caller)
{
	struct nt_machine *machine = nt_machine();
	struct nt_contiguous *piece;

	if (!size || size > (size_t)NT_DMA_SLOTS << NT_DMA_SLOT_BITS)
		return NULL;
	piece = malloc(sizeof(*piece));
	if (!piece)
		return NULL;
	*piece = (struct nt_contiguous){ .length = size, .caller = caller };
	if (!map(&machine->dma, piece, limits)) {
		free(piece);
		return NULL;
	}
	pthread_mutex_lock(&machine->contiguous_lock);
	piece->next = machine->contiguous;
	machine->contiguous = piece;
	pthread_mutex_unlock(&machine->contiguous_lock);
	return piece->memory;
}

static void release(struct nt_machine *machine, struct nt_contiguous *piece)
{
	nt_dma_unmap(&machine->dma, piece->logical);
	nt_dma_free(&machine->dma, piece->memory, piece->length);
	free(piece);
}

static bool is_at(const struct nt_contiguous *piece, const void *memory)
{
	return piece->memory == memory;
}

static bool is_of_module(const struct nt_contiguous *piece, const void *base)
{
	Dl_info where;

	return dladdr(piece->caller, &where) && where.dli_fbase == base;
}

/* Out of the list, the caller's then; NULL: there is none. */
static struct nt_contiguous *take_out(struct nt_machine *machine,
				      bool (*wanted)(const struct nt_contiguous *, const void *),
				      const void *context)
{
	struct nt_contiguous **at, *piece;

	pthread_mutex_lock(&machine->contiguous_lock);
	for (at = &machine->contiguous; *at && !wanted(*at, context); at = &(*at)->next)
		;
	piece = *at;
	if (piece)
		*at = piece->next;
	pthread_mutex_unlock(&machine->contiguous_lock);
	return piece;
}

static void free_at(void *memory, const char *call)
{
	struct nt_machine *machine = nt_machine();
	struct nt_contiguous *piece;

	check_irql(call);
	piece = take_out(machine, is_at, memory);
	if (!piece)
		nt_violation_say(
			0xC2, 0x46, "BAD_POOL_CALLER", call, NULL,
			"What MmAllocateContiguousMemory and its like returned is freed once.",
			"%p is no contiguous memory: it was freed already or came from elsewhere.",
			memory);
	nt_left_in_memory(memory, piece->length, call, "contiguous memory");
	release(machine, piece);
}

unsigned long nt_contiguous_report(struct nt_machine *machine, const char *driver,
				   const void *in_module)
{
	struct nt_contiguous *piece;
	unsigned long count = 0;
	Dl_info module;

	if (!dladdr(in_module, &module))
		return 0;
	while ((piece = take_out(machine, is_of_module, module.dli_fbase))) {
		char where[256];

		nt_symbol(piece->caller, where, sizeof(where));
		nt_log(driver,
		       "memory leak: %zu bytes of contiguous memory not freed at unload; allocated in %s",
		       piece->length, where);
		release(machine, piece);
		count++;
	}
	return count;
}

void nt_contiguous_destroy(struct nt_machine *machine)
{
	while (machine->contiguous) {
		struct nt_contiguous *piece = machine->contiguous;

		machine->contiguous = piece->next;
		release(machine, piece);
	}
}

static struct limits between(PHYSICAL_ADDRESS lowest, PHYSICAL_ADDRESS highest,
			     PHYSICAL_ADDRESS boundary)
{
	return (struct limits){ (uint64_t)lowest.QuadPart, (uint64_t)highest.QuadPart,
				(uint64_t)boundary.QuadPart };
}

NETCX_EXPORT PVOID MmAllocateContiguousMemory(SIZE_T NumberOfBytes,
					      PHYSICAL_ADDRESS HighestAcceptableAddress)
{
	const struct limits limits = { .highest = (uint64_t)HighestAcceptableAddress.QuadPart };

	check_irql("MmAllocateContiguousMemory");
	if (NT_FAULT("MmAllocateContiguousMemory"))
		return NULL;
	return allocate(NumberOfBytes, &limits, __builtin_return_address(0));
}

NETCX_EXPORT PVOID MmAllocateContiguousMemorySpecifyCache(SIZE_T NumberOfBytes,
							  PHYSICAL_ADDRESS LowestAcceptableAddress,
							  PHYSICAL_ADDRESS HighestAcceptableAddress,
							  PHYSICAL_ADDRESS BoundaryAddressMultiple,
							  MEMORY_CACHING_TYPE CacheType)
{
	const struct limits limits =
		between(LowestAcceptableAddress, HighestAcceptableAddress, BoundaryAddressMultiple);

	check_irql("MmAllocateContiguousMemorySpecifyCache");
	if (CacheType < MmNonCached || CacheType >= MmMaximumCacheType)
		return NULL;
	if (NT_FAULT("MmAllocateContiguousMemorySpecifyCache"))
		return NULL;
	return allocate(NumberOfBytes, &limits, __builtin_return_address(0));
}

/* DDI page: readable and writable, with one of two ways of caching or the usual one. */
static bool valid_protection(ULONG protect)
{
	ULONG access = protect & ~(ULONG)(PAGE_NOCACHE | PAGE_WRITECOMBINE);

	return (access == PAGE_READWRITE || access == PAGE_EXECUTE_READWRITE) &&
	       (protect & (PAGE_NOCACHE | PAGE_WRITECOMBINE)) != (PAGE_NOCACHE | PAGE_WRITECOMBINE);
}

/* There is one node. */
NETCX_EXPORT PVOID MmAllocateContiguousNodeMemory(SIZE_T NumberOfBytes,
						  PHYSICAL_ADDRESS LowestAcceptableAddress,
						  PHYSICAL_ADDRESS HighestAcceptableAddress,
						  PHYSICAL_ADDRESS BoundaryAddressMultiple,
						  ULONG Protect, ULONG PreferredNode)
{
	const struct limits limits =
		between(LowestAcceptableAddress, HighestAcceptableAddress, BoundaryAddressMultiple);

	check_irql("MmAllocateContiguousNodeMemory");
	if (!valid_protection(Protect) || (PreferredNode && PreferredNode != MM_ANY_NODE_OK))
		return NULL;
	if (NT_FAULT("MmAllocateContiguousNodeMemory"))
		return NULL;
	return allocate(NumberOfBytes, &limits, __builtin_return_address(0));
}

NETCX_EXPORT VOID MmFreeContiguousMemory(PVOID BaseAddress)
{
	free_at(BaseAddress, "MmFreeContiguousMemory");
}

NETCX_EXPORT VOID MmFreeContiguousMemorySpecifyCache(PVOID BaseAddress, SIZE_T NumberOfBytes,
						     MEMORY_CACHING_TYPE CacheType)
{
	free_at(BaseAddress, "MmFreeContiguousMemorySpecifyCache");
}

NETCX_EXPORT PHYSICAL_ADDRESS MmGetPhysicalAddress(PVOID BaseAddress)
{
	return (PHYSICAL_ADDRESS){ .QuadPart = (LONGLONG)nt_physical(BaseAddress) };
}
