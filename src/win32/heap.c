/* SPDX-License-Identifier: MIT */
/*
 * Heaps. A block's account is apart from it, in its heap's list, so that a bad pointer is
 * recognised without being followed; around each block are gaps that nobody may write to
 * (nt/guard.h).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nt/event.h"
#include "nt/fault.h"
#include "nt/guard.h"
#include "nt/left_behind.h"
#include "nt/symbols.h"
#include "nt/violation.h"
#include "win32/state.h"

NT_FAULT_NAMES("HeapAlloc", "HeapReAlloc", "LocalAlloc");

#define BAD_HEAP_HANDLE      0x5
#define DOUBLE_FREE          0x7
#define CORRUPTED_HEAP_BLOCK 0x8
#define DESTROY_PROCESS_HEAP 0x9
#define SWITCHED_HEAP_HANDLE 0x6
#define ALIGNMENT            16
#define LARGEST              ((size_t)1 << 39) /* no machine has so much */
#define BUCKETS              256

/* In its heap's bucket, under the heaps' lock. */
struct block {
	void *memory;
	size_t size;
	const char *call; /* by which it is freed */
	const void *caller;
	struct block *next;
};

/* In the machine's list, under the same lock. */
struct w32_heap {
	const void *caller; /* NULL: it is the process' */
	struct w32_heap *next;
	struct block *buckets[BUCKETS];
};

static struct block **bucket(struct w32_heap *heap, const void *memory)
{
	uint64_t hash = ((uint64_t)(uintptr_t)memory >> 4) * 0x9E3779B97F4A7C15u;

	return &heap->buckets[hash >> 56];
}

/* Under the lock. */
static struct block **find(struct w32_heap *heap, const void *memory)
{
	struct block **at = bucket(heap, memory);

	while (*at && (*at)->memory != memory)
		at = &(*at)->next;
	return at;
}

static struct w32_heap *make(struct w32 *w32, const void *caller)
{
	struct w32_heap *heap = calloc(1, sizeof(*heap));

	if (!heap)
		return NULL;
	heap->caller = caller;
	pthread_mutex_lock(&w32->heaps_lock);
	heap->next = w32->heaps;
	w32->heaps = heap;
	pthread_mutex_unlock(&w32->heaps_lock);
	return heap;
}

bool w32_heaps_init(struct w32 *w32)
{
	pthread_mutex_init(&w32->heaps_lock, NULL);
	w32->heap = make(w32, NULL);
	return w32->heap;
}

static void free_memory(const struct block *block, const char *call)
{
	char what[64];

	snprintf(what, sizeof(what), "heap block of %zu bytes", block->size);
	nt_guard_free(block->memory, block->size, ALIGNMENT, call, what);
}

/* Under the lock. */
static void empty(struct w32_heap *heap, const char *call)
{
	for (int i = 0; i < BUCKETS; i++) {
		for (struct block *block = heap->buckets[i], *next; block; block = next) {
			next = block->next;
			free_memory(block, call);
			free(block);
		}
		heap->buckets[i] = NULL;
	}
}

void w32_heaps_destroy(struct w32 *w32)
{
	for (struct w32_heap *heap = w32->heaps, *next; heap; heap = next) {
		next = heap->next;
		empty(heap, "the end");
		free(heap);
	}
	pthread_mutex_destroy(&w32->heaps_lock);
}

/* With the lock taken. */
static struct w32_heap *heap_of(struct w32 *w32, HANDLE handle, const char *call)
{
	struct w32_heap *heap;

	pthread_mutex_lock(&w32->heaps_lock);
	heap = w32->heaps;
	while (heap && (HANDLE)heap != handle)
		heap = heap->next;
	if (heap)
		return heap;
	pthread_mutex_unlock(&w32->heaps_lock);
	nt_violation_stop(BAD_HEAP_HANDLE, (uintptr_t)handle, "BAD_HEAP_HANDLE", call,
			  "A heap is GetProcessHeap's or HeapCreate's, and is not destroyed yet.",
			  "%p is no heap.", (void *)handle);
}

static _Noreturn void say_no_block(struct w32 *w32, const void *memory, const char *call)
{
	bool elsewhere = false;

	for (struct w32_heap *heap = w32->heaps; heap && !elsewhere; heap = heap->next)
		elsewhere = *find(heap, memory);
	pthread_mutex_unlock(&w32->heaps_lock);
	nt_violation_stop(
		elsewhere ? SWITCHED_HEAP_HANDLE : DOUBLE_FREE, (uintptr_t)memory,
		elsewhere ? "SWITCHED_HEAP_HANDLE" : "DOUBLE_FREE", call,
		"A block is used with the heap that it came from, and freed once.",
		elsewhere
			? "%p is a block of another heap."
			: "%p is no block of the heap: it was freed already, or never came from there.",
		memory);
}

/* Return: NULL: no memory. @call: by which such a block is freed */
static void *allocate(HANDLE handle, DWORD flags, size_t size, const char *call, const char *frees,
		      const void *caller)
{
	struct w32 *w32 = w32_state(call);
	struct block *block = size > LARGEST || nt_fault(call) ? NULL : malloc(sizeof(*block));
	struct w32_heap *heap;

	if (!block)
		return NULL;
	*block = (struct block){ .memory = nt_guard_allocate(size, ALIGNMENT),
				 .size = size,
				 .call = frees,
				 .caller = caller };
	if (!block->memory) {
		free(block);
		return NULL;
	}
	if (flags & HEAP_ZERO_MEMORY)
		memset(block->memory, 0, size);
	heap = heap_of(w32, handle, call);
	block->next = *bucket(heap, block->memory);
	*bucket(heap, block->memory) = block;
	pthread_mutex_unlock(&w32->heaps_lock);
	return block->memory;
}

static void free_block(HANDLE handle, void *memory, const char *call)
{
	struct w32 *w32 = w32_state(call);
	struct w32_heap *heap = heap_of(w32, handle, call);
	struct block **at = find(heap, memory), *block = *at;

	if (!block)
		say_no_block(w32, memory, call);
	*at = block->next;
	pthread_mutex_unlock(&w32->heaps_lock);
	nt_left_in_memory(memory, block->size, call, "heap block");
	free_memory(block, call);
	free(block);
}

static size_t size_of(HANDLE handle, const void *memory, const char *call)
{
	struct w32 *w32 = w32_state(call);
	struct w32_heap *heap = heap_of(w32, handle, call);
	struct block *block = *find(heap, memory);
	size_t size;

	if (!block)
		say_no_block(w32, memory, call);
	size = block->size;
	pthread_mutex_unlock(&w32->heaps_lock);
	return size;
}

NETCX_EXPORT HANDLE WINAPI GetProcessHeap(VOID)
{
	return (HANDLE)w32_state("GetProcessHeap")->heap;
}

NETCX_EXPORT HANDLE WINAPI HeapCreate(DWORD flOptions, SIZE_T dwInitialSize, SIZE_T dwMaximumSize)
{
	struct w32 *w32 = w32_state("HeapCreate");
	HANDLE heap = NT_FAULT("HeapCreate") ? NULL : (HANDLE)make(w32, CALLER);

	if (!heap)
		w32_fail(ERROR_NOT_ENOUGH_MEMORY);
	return heap;
}

NETCX_EXPORT BOOL WINAPI HeapDestroy(HANDLE hHeap)
{
	struct w32 *w32 = w32_state("HeapDestroy");
	struct w32_heap *heap = heap_of(w32, hHeap, "HeapDestroy"), **at = &w32->heaps;

	if (heap == w32->heap)
		nt_violation_stop(DESTROY_PROCESS_HEAP, (uintptr_t)heap, "DESTROY_PROCESS_HEAP",
				  "HeapDestroy", "A driver destroys the heaps that it has created.",
				  "the heap is the process'.");
	while (*at != heap)
		at = &(*at)->next;
	*at = heap->next;
	empty(heap, "HeapDestroy");
	pthread_mutex_unlock(&w32->heaps_lock);
	free(heap);
	return TRUE;
}

/* Page HeapAlloc: a failure sets no last error. */
NETCX_EXPORT LPVOID WINAPI HeapAlloc(HANDLE hHeap, DWORD dwFlags, SIZE_T dwBytes)
{
	return allocate(hHeap, dwFlags, dwBytes, "HeapAlloc", "HeapFree", CALLER);
}

NETCX_EXPORT BOOL WINAPI HeapFree(HANDLE hHeap, DWORD dwFlags, LPVOID lpMem)
{
	if (lpMem)
		free_block(hHeap, lpMem, "HeapFree");
	return TRUE;
}

/* In place only what does not grow. */
NETCX_EXPORT LPVOID WINAPI HeapReAlloc(HANDLE hHeap, DWORD dwFlags, LPVOID lpMem, SIZE_T dwBytes)
{
	size_t before = size_of(hHeap, lpMem, "HeapReAlloc");
	char *now;

	if (dwFlags & HEAP_REALLOC_IN_PLACE_ONLY && dwBytes != before)
		return NULL;
	now = allocate(hHeap, 0, dwBytes, "HeapReAlloc", "HeapFree", CALLER);
	if (!now)
		return NULL;
	memcpy(now, lpMem, before < dwBytes ? before : dwBytes);
	if (dwFlags & HEAP_ZERO_MEMORY && dwBytes > before)
		memset(now + before, 0, dwBytes - before);
	free_block(hHeap, lpMem, "HeapReAlloc");
	return now;
}

NETCX_EXPORT SIZE_T WINAPI HeapSize(HANDLE hHeap, DWORD dwFlags, LPCVOID lpMem)
{
	return size_of(hHeap, lpMem, "HeapSize");
}

/* Movable memory would have handles of its own; none is offered. */
/* What is movable on Windows is not here. */
static HLOCAL allocate_fixed(UINT flags, SIZE_T size, const char *call, const char *frees,
			     const void *caller)
{
	void *memory = NULL;

	if (flags & ~(UINT)LPTR) {
		w32_fail(ERROR_NOT_SUPPORTED);
		return NULL;
	}
	memory = allocate(GetProcessHeap(), flags & LMEM_ZEROINIT ? HEAP_ZERO_MEMORY : 0, size,
			  call, frees, caller);
	if (!memory)
		w32_fail(ERROR_NOT_ENOUGH_MEMORY);
	return memory;
}

NETCX_EXPORT HLOCAL WINAPI LocalAlloc(UINT uFlags, SIZE_T uBytes)
{
	return allocate_fixed(uFlags, uBytes, "LocalAlloc", "LocalFree", CALLER);
}

NETCX_EXPORT HLOCAL WINAPI LocalFree(HLOCAL hMem)
{
	if (hMem)
		free_block(GetProcessHeap(), hMem, "LocalFree");
	return NULL;
}

NETCX_EXPORT SIZE_T WINAPI LocalSize(HLOCAL hMem)
{
	return size_of(GetProcessHeap(), hMem, "LocalSize");
}

NETCX_EXPORT HGLOBAL WINAPI GlobalAlloc(UINT uFlags, SIZE_T dwBytes)
{
	return allocate_fixed(uFlags, dwBytes, "GlobalAlloc", "GlobalFree", CALLER);
}

NETCX_EXPORT HGLOBAL WINAPI GlobalFree(HGLOBAL hMem)
{
	if (hMem)
		free_block(GetProcessHeap(), hMem, "GlobalFree");
	return NULL;
}

NETCX_EXPORT SIZE_T WINAPI GlobalSize(HGLOBAL hMem)
{
	return size_of(GetProcessHeap(), hMem, "GlobalSize");
}

/* Under the lock. Return: one block of the module, out of the list; NULL: there is none. */
static struct block *next_leak(struct w32 *w32, const void *module)
{
	for (struct w32_heap *heap = w32->heaps; heap; heap = heap->next)
		for (int i = 0; i < BUCKETS; i++)
			for (struct block **at = &heap->buckets[i]; *at; at = &(*at)->next)
				if (w32_module_of((*at)->caller) == module) {
					struct block *leak = *at;

					*at = leak->next;
					return leak;
				}
	return NULL;
}

unsigned long w32_heaps_report(struct w32 *w32, const char *driver, const void *module)
{
	unsigned long blocks = 0;
	struct block *leak;
	size_t bytes = 0;
	char where[256] = "";
	const char *frees = "";

	pthread_mutex_lock(&w32->heaps_lock);
	for (; (leak = next_leak(w32, module)); blocks++) {
		if (!blocks)
			nt_symbol(leak->caller, where, sizeof(where));
		frees = leak->call;
		bytes += leak->size;
		free_memory(leak, "the driver's unload");
		free(leak);
	}
	pthread_mutex_unlock(&w32->heaps_lock);
	if (blocks)
		nt_log(driver,
		       "heap leak: %lu block%s, %zu bytes, not freed (%s) at unload; one was allocated in %s",
		       blocks, blocks == 1 ? "" : "s", bytes, frees, where);
	return blocks;
}
