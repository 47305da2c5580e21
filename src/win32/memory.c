/* SPDX-License-Identifier: MIT */
/* Pages of memory, and what the machine is. A reservation is its pages, which come as they are
 * used. */
#include <stdlib.h>
#include <sys/mman.h>

#include "nt/fault.h"
#include "nt/symbols.h"
#include "nt/violation.h"
#include "win32/state.h"

#define INVALID_FREEMEM 0x600
#define PAGE            4096u

/* Under regions_lock, in the machine's list. */
struct w32_region {
	void *memory;
	size_t size;
	const void *caller;
	struct w32_region *next;
};

static size_t whole_pages(size_t size)
{
	return (size + PAGE - 1) & ~(size_t)(PAGE - 1);
}

static int access_of(DWORD protection)
{
	switch (protection) {
	case PAGE_NOACCESS:
		return PROT_NONE;
	case PAGE_READONLY:
		return PROT_READ;
	case PAGE_READWRITE:
		return PROT_READ | PROT_WRITE;
	default:
		return -1; /* nothing is executed that the loader has not brought */
	}
}

/* Page VirtualAlloc, without a wish for the address. */
NETCX_EXPORT LPVOID WINAPI VirtualAlloc(LPVOID lpAddress, SIZE_T dwSize, DWORD flAllocationType,
					DWORD flProtect)
{
	struct w32 *w32 = w32_state("VirtualAlloc");
	DWORD kinds = MEM_COMMIT | MEM_RESERVE | MEM_TOP_DOWN;
	int access = access_of(flProtect);
	struct w32_region *region;
	void *memory;

	if (!dwSize || access < 0 || flAllocationType & ~kinds ||
	    !(flAllocationType & (MEM_COMMIT | MEM_RESERVE))) {
		w32_fail(ERROR_INVALID_PARAMETER);
		return NULL;
	}
	if (lpAddress) {
		w32_fail(ERROR_INVALID_ADDRESS);
		return NULL;
	}
	if (NT_FAULT("VirtualAlloc")) {
		w32_fail(ERROR_NOT_ENOUGH_MEMORY);
		return NULL;
	}
	region = malloc(sizeof(*region));
	memory = mmap(NULL, whole_pages(dwSize), access, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (!region || memory == MAP_FAILED) {
		free(region);
		w32_fail(ERROR_NOT_ENOUGH_MEMORY);
		return NULL;
	}
	pthread_mutex_lock(&w32->regions_lock);
	*region = (struct w32_region){ memory, whole_pages(dwSize), CALLER, w32->regions };
	w32->regions = region;
	pthread_mutex_unlock(&w32->regions_lock);
	return memory;
}

static void release(struct w32_region **at)
{
	struct w32_region *region = *at;

	*at = region->next;
	munmap(region->memory, region->size);
	free(region);
}

NETCX_EXPORT BOOL WINAPI VirtualFree(LPVOID lpAddress, SIZE_T dwSize, DWORD dwFreeType)
{
	struct w32 *w32 = w32_state("VirtualFree");
	struct w32_region **at = &w32->regions;
	bool found;

	if (dwFreeType != MEM_RELEASE || dwSize)
		return w32_fail(ERROR_INVALID_PARAMETER);
	pthread_mutex_lock(&w32->regions_lock);
	while (*at && (*at)->memory != lpAddress)
		at = &(*at)->next;
	found = *at;
	if (found)
		release(at);
	pthread_mutex_unlock(&w32->regions_lock);
	if (!found)
		nt_violation_stop(INVALID_FREEMEM, (uintptr_t)lpAddress, "INVALID_FREEMEM",
				  "VirtualFree", "What VirtualAlloc has returned is freed once.",
				  "%p was freed already, or never allocated.", lpAddress);
	return TRUE;
}

unsigned long w32_regions_report(struct w32 *w32, const char *driver, const void *module)
{
	struct w32_region **at = &w32->regions;
	unsigned long count = 0;
	char where[256];

	pthread_mutex_lock(&w32->regions_lock);
	while (*at) {
		if (w32_module_of((*at)->caller) != module) {
			at = &(*at)->next;
			continue;
		}
		nt_symbol((*at)->caller, where, sizeof(where));
		nt_log(driver,
		       "memory leak: %zu bytes, which %s has allocated by VirtualAlloc, not freed at unload",
		       (*at)->size, where);
		release(at);
		count++;
	}
	pthread_mutex_unlock(&w32->regions_lock);
	return count;
}

void w32_regions_destroy(struct w32 *w32)
{
	while (w32->regions)
		release(&w32->regions);
}

NETCX_EXPORT VOID WINAPI GetSystemInfo(LPSYSTEM_INFO lpSystemInfo)
{
	w32_check_thread("GetSystemInfo");
	*lpSystemInfo = (SYSTEM_INFO){
		.wProcessorArchitecture = PROCESSOR_ARCHITECTURE_AMD64,
		.dwPageSize = PAGE,
		.lpMinimumApplicationAddress = (LPVOID)0x10000,
		.lpMaximumApplicationAddress = (LPVOID)0x7ffffffeffff,
		.dwActiveProcessorMask = KeQueryActiveProcessors(),
		.dwNumberOfProcessors = KeQueryActiveProcessorCountEx(ALL_PROCESSOR_GROUPS),
		.dwProcessorType = PROCESSOR_AMD_X8664,
		.dwAllocationGranularity = 0x10000,
	};
}
