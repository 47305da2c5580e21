/* SPDX-License-Identifier: MIT */
/* Register space: where devices are, and the address ranges a driver has mapped. */
#include "nt/trap/mmio.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/mman.h>

#include "nt/event.h"
#include "nt/export.h"
#include "nt/fault.h"
#include "nt/irql.h"
#include "nt/machine.h"
#include "nt/trap/cache.h"
#include "nt/violation.h"

NT_FAULT_NAMES("MmMapIoSpaceEx", "MmMapIoSpace");

static bool overlap(uint64_t a, uint64_t a_length, uint64_t b, uint64_t b_length)
{
	return a < b + b_length && b < a + a_length;
}

int nt_mmio_add(struct nt_mmio *mmio, uint64_t physical, size_t length,
		const struct nt_mmio_ops *ops, void *context)
{
	struct nt_mmio_region *place = NULL;
	int error = 0;

	pthread_mutex_lock(&mmio->lock);
	for (int i = 0; i < NT_MMIO_REGIONS; i++) {
		struct nt_mmio_region *region = &mmio->regions[i];

		if (!region->length)
			place = place ? place : region;
		else if (overlap(physical, length, region->physical, region->length))
			error = -EEXIST;
	}
	if (!error && !place)
		error = -ENOSPC;
	if (!error)
		*place = (struct nt_mmio_region){ physical, length, ops, context };
	pthread_mutex_unlock(&mmio->lock);
	return error;
}

/* With the lock held. The one that has been out of use longest makes room. */
static void retire(struct nt_mmio *mmio, struct nt_mmio_mapping *mapping)
{
	unsigned place = mmio->next_retired++ % NT_MMIO_MAPPINGS;
	unsigned char *va = mmio->retired[place].va;

	if (mapping->direct)
		mmap(mapping->va, ROUND_TO_PAGES(mapping->length), PROT_NONE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
	mmio->retired[place].va = NULL;
	if (va)
		munmap(va, ROUND_TO_PAGES(mmio->retired[place].length));
	mmio->retired[place].length = mapping->length;
	mmio->retired[place].va = mapping->va;
	mapping->va = NULL;
}

/* What a driver still has mapped of it ends with it. */
void nt_mmio_remove(struct nt_mmio *mmio, uint64_t physical)
{
	pthread_mutex_lock(&mmio->lock);
	for (int i = 0; i < NT_MMIO_REGIONS; i++) {
		struct nt_mmio_region *region = &mmio->regions[i];

		if (!region->length || region->physical != physical)
			continue;
		for (int j = 0; j < NT_MMIO_MAPPINGS; j++) {
			struct nt_mmio_mapping *mapping = &mmio->mappings[j];

			if (mapping->va && mapping->region == region)
				retire(mmio, mapping);
		}
		*region = (struct nt_mmio_region){ 0 };
	}
	pthread_mutex_unlock(&mmio->lock);
}

const struct nt_mmio_mapping *nt_mmio_at(struct nt_mmio *mmio, const volatile void *va,
					 unsigned width, uint64_t *offset)
{
	for (int i = 0; i < NT_MMIO_MAPPINGS; i++) {
		struct nt_mmio_mapping *mapping = &mmio->mappings[i];
		uintptr_t start = (uintptr_t)mapping->va, at = (uintptr_t)va;

		if (!start || at < start || at - start >= mapping->length ||
		    mapping->length - (at - start) < width)
			continue;
		*offset = mapping->offset + (at - start);
		return mapping;
	}
	return NULL;
}

const struct nt_mmio_mapping *nt_mmio_page(struct nt_mmio *mmio, uintptr_t va)
{
	for (int i = 0; i < NT_MMIO_MAPPINGS; i++) {
		const struct nt_mmio_mapping *mapping = &mmio->mappings[i];
		uintptr_t start = (uintptr_t)mapping->va;

		if (start && va >= start && va - start < ROUND_TO_PAGES(mapping->length))
			return mapping;
	}
	return NULL;
}

bool nt_mmio_is_retired(const struct nt_mmio *mmio, uintptr_t va)
{
	for (int i = 0; i < NT_MMIO_MAPPINGS; i++) {
		uintptr_t start = (uintptr_t)mmio->retired[i].va;

		if (start && va >= start && va - start < ROUND_TO_PAGES(mmio->retired[i].length))
			return true;
	}
	return false;
}

void nt_mmio_destroy(struct nt_mmio *mmio)
{
	for (int i = 0; i < NT_MMIO_MAPPINGS; i++)
		if (mmio->retired[i].va)
			munmap(mmio->retired[i].va, ROUND_TO_PAGES(mmio->retired[i].length));
	nt_trap_cache_destroy(mmio->traps);
	pthread_mutex_destroy(&mmio->lock);
}

/* Are the registers themselves at @va now? */
static bool map_direct(const struct nt_mmio_region *region, void *va, uint64_t offset,
		       size_t length)
{
	return region->ops->map && offset % PAGE_SIZE == 0 &&
	       !region->ops->map(region->context, va, offset, ROUND_TO_PAGES(length));
}

/* With the lock held. The address space is reserved, so nothing else of the process comes there. */
static void *map(struct nt_mmio *mmio, const struct nt_mmio_region *region, uint64_t offset,
		 size_t length)
{
	for (int i = 0; i < NT_MMIO_MAPPINGS; i++) {
		struct nt_mmio_mapping *mapping = &mmio->mappings[i];
		void *va;

		if (mapping->va)
			continue;
		/* Without memory for it, plain accesses stay crashes. */
		if (!mmio->traps)
			mmio->traps = nt_trap_cache_create();
		if (mmio->mapped)
			mmio->mapped();
		va = mmap(NULL, ROUND_TO_PAGES(length), PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (va == MAP_FAILED)
			return NULL;
		mapping->region = region;
		mapping->offset = offset;
		mapping->length = length;
		mapping->direct = map_direct(region, va, offset, length);
		mapping->va = va;
		return va;
	}
	return NULL;
}

/* DDI page MmMapIoSpaceEx: physical addresses from the translated resources. NULL: not mapped. */
static void *map_physical(PHYSICAL_ADDRESS PhysicalAddress, SIZE_T NumberOfBytes, const char *call)
{
	struct nt_mmio *mmio = &nt_machine()->mmio;
	uint64_t start = (uint64_t)PhysicalAddress.QuadPart;
	void *va = NULL;

	if (nt_irql() > DISPATCH_LEVEL)
		nt_violation_say(0xA, nt_irql(), "IRQL_NOT_LESS_OR_EQUAL", call, NULL,
				 "Device memory is mapped at DISPATCH_LEVEL or below.",
				 "it was called at IRQL %u.", nt_irql());
	if (nt_fault(call))
		return NULL;
	pthread_mutex_lock(&mmio->lock);
	for (int i = 0; i < NT_MMIO_REGIONS && !va; i++) {
		const struct nt_mmio_region *region = &mmio->regions[i];

		if (region->length && NumberOfBytes && start >= region->physical &&
		    start - region->physical < region->length &&
		    region->length - (start - region->physical) >= NumberOfBytes)
			va = map(mmio, region, start - region->physical, NumberOfBytes);
	}
	pthread_mutex_unlock(&mmio->lock);
	if (!va)
		nt_log("",
		       "%s: %zu bytes at physical address 0x%llx are not within a device's memory, or all mappings are in use",
		       call, (size_t)NumberOfBytes, (unsigned long long)start);
	return va;
}

NETCX_EXPORT PVOID MmMapIoSpaceEx(PHYSICAL_ADDRESS PhysicalAddress, SIZE_T NumberOfBytes,
				  ULONG Protect)
{
	return map_physical(PhysicalAddress, NumberOfBytes, "MmMapIoSpaceEx");
}

NETCX_EXPORT PVOID MmMapIoSpace(PHYSICAL_ADDRESS PhysicalAddress, SIZE_T NumberOfBytes,
				MEMORY_CACHING_TYPE CacheType)
{
	return map_physical(PhysicalAddress, NumberOfBytes, "MmMapIoSpace");
}

NETCX_EXPORT void MmUnmapIoSpace(PVOID BaseAddress, SIZE_T NumberOfBytes)
{
	struct nt_mmio *mmio = &nt_machine()->mmio;
	bool found = false;

	pthread_mutex_lock(&mmio->lock);
	for (int i = 0; i < NT_MMIO_MAPPINGS && !found; i++) {
		struct nt_mmio_mapping *mapping = &mmio->mappings[i];

		if (!BaseAddress || mapping->va != BaseAddress || mapping->length != NumberOfBytes)
			continue;
		retire(mmio, mapping);
		found = true;
	}
	pthread_mutex_unlock(&mmio->lock);
	if (!found)
		nt_violation_say(
			0x1A, 0, "MEMORY_MANAGEMENT", "MmUnmapIoSpace", NULL,
			"What MmMapIoSpaceEx returned is given back once, with the length it was mapped with.",
			"%p with %zu bytes is not mapped.", BaseAddress, (size_t)NumberOfBytes);
}
