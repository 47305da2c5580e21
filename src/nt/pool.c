/* SPDX-License-Identifier: MIT */
#include "nt/pool.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nt/export.h"
#include "nt/fault.h"
#include "nt/guard.h"
#include "nt/irql.h"
#include "nt/left_behind.h"
#include "nt/machine.h"
#include "nt/symbols.h"
#include "nt/violation.h"

NT_FAULT_NAMES("ExAllocatePoolWithTag", "ExAllocatePoolWithQuotaTag", "ExAllocatePool2");

#define BUCKETS 1024

struct block {
	void *memory;
	size_t size, alignment;
	ULONG tag;
	bool paged;
	const void *caller; /* in the driver, where it was allocated */
	struct block *next;
};

struct nt_pool {
	pthread_mutex_t lock;
	struct block *buckets[BUCKETS];
};

struct tag_text {
	char text[5];
};

/* A tag as its author wrote it: 'rteN' in memory is "Netr" on the screen. */
static struct tag_text tag_text(ULONG tag)
{
	struct tag_text result = { "" };

	for (int i = 0; i < 4; i++) {
		char c = (char)(tag >> (8 * i));

		result.text[i] = c >= ' ' && c <= '~' ? c : '.';
	}
	return result;
}

/* DDI page: a page or more is page-aligned, less is aligned to 16 bytes, or to a cache line's. */
static size_t alignment_of(size_t size, bool cache_aligned)
{
	return size >= PAGE_SIZE ? PAGE_SIZE : cache_aligned ? SYSTEM_CACHE_ALIGNMENT_SIZE : 16;
}

static void free_memory(const struct block *block, const char *call)
{
	char what[64];

	snprintf(what, sizeof(what), "pool block of %zu bytes with tag '%s'", block->size,
		 tag_text(block->tag).text);
	nt_guard_free(block->memory, block->size, block->alignment, call, what);
}

static struct block **bucket(struct nt_pool *pool, const void *memory)
{
	uint64_t hash = ((uint64_t)(uintptr_t)memory >> 4) * 0x9E3779B97F4A7C15u;

	return &pool->buckets[hash >> 54];
}

struct nt_pool *nt_pool_create(void)
{
	struct nt_pool *pool = calloc(1, sizeof(*pool));

	if (pool)
		pthread_mutex_init(&pool->lock, NULL);
	return pool;
}

void nt_pool_destroy(struct nt_pool *pool)
{
	if (!pool)
		return;
	for (int i = 0; i < BUCKETS; i++) {
		for (struct block *block = pool->buckets[i], *next; block; block = next) {
			next = block->next;
			free_memory(block, "the end");
			free(block);
		}
	}
	pthread_mutex_destroy(&pool->lock);
	free(pool);
}

static void check_irql(bool paged, const char *call)
{
	if (nt_irql() > (paged ? APC_LEVEL : DISPATCH_LEVEL))
		nt_violation_say(0xC2, 0x8, "BAD_POOL_CALLER", call, NULL,
				 paged ? "Paged pool is allocated and freed at APC_LEVEL or below."
				       : "Pool is allocated and freed at DISPATCH_LEVEL or below.",
				 "it was called at IRQL %u.", nt_irql());
}

/* Nobody handles it: there are no structured exceptions. */
static _Noreturn void raise(NTSTATUS status, const char *call, const char *why)
{
	nt_violation_say(
		0x1E, (ULONG)status, "KMODE_EXCEPTION_NOT_HANDLED", call, NULL,
		"Who has a failed allocation raised handles the exception; without structured exceptions, as here, the answer is NULL.",
		"%s, and the driver asked for an exception.", why);
}

/* No machine has so much. A sanitizer's allocator ends the process where Windows returns NULL. */
#define LARGEST ((size_t)1 << 39)

/* @like: what the block is to be like. Return: its memory; NULL: there is none. */
static void *allocate(const struct block *like)
{
	struct nt_pool *pool = nt_machine()->pool;
	struct block *block, **place;

	if (like->size > LARGEST)
		return NULL;
	block = malloc(sizeof(*block));
	if (!block)
		return NULL;
	*block = *like;
	block->memory = nt_guard_allocate(block->size, block->alignment);
	if (!block->memory) {
		free(block);
		return NULL;
	}
	pthread_mutex_lock(&pool->lock);
	place = bucket(pool, block->memory);
	block->next = *place;
	*place = block;
	pthread_mutex_unlock(&pool->lock);
	return block->memory;
}

static void *allocate_by_type(ULONG type, size_t size, ULONG tag, const char *call,
			      const void *caller)
{
	bool paged = type & PagedPool;
	void *memory;

	check_irql(paged, call);
	if (!tag)
		nt_violation_say(0xC2, 0x9B, "BAD_POOL_CALLER", call, NULL,
				 "Every allocation has a tag.", "the tag is zero.");
	memory = nt_fault(call)
			 ? NULL
			 : allocate(&(struct block){
				   .size = size,
				   .alignment = alignment_of(size, type & NonPagedPoolCacheAligned),
				   .tag = tag,
				   .paged = paged,
				   .caller = caller,
			   });
	if (!memory && type & POOL_RAISE_IF_ALLOCATION_FAILURE)
		raise(STATUS_INSUFFICIENT_RESOURCES, call, "there is no memory");
	if (memory && type & POOL_ZERO_ALLOCATION)
		memset(memory, 0, size);
	return memory;
}

NETCX_EXPORT PVOID ExAllocatePoolWithTag(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
	return allocate_by_type((ULONG)PoolType, NumberOfBytes, Tag, "ExAllocatePoolWithTag",
				__builtin_return_address(0));
}

/* DDI page: it raises, unless it is told not to. There is no process whose quota were charged. */
NETCX_EXPORT PVOID ExAllocatePoolWithQuotaTag(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
	ULONG type = (ULONG)PoolType & ~(ULONG)POOL_QUOTA_FAIL_INSTEAD_OF_RAISE;

	if (!((ULONG)PoolType & POOL_QUOTA_FAIL_INSTEAD_OF_RAISE))
		type |= POOL_RAISE_IF_ALLOCATION_FAILURE;
	return allocate_by_type(type, NumberOfBytes, Tag, "ExAllocatePoolWithQuotaTag",
				__builtin_return_address(0));
}

#define KINDS (POOL_FLAG_NON_PAGED | POOL_FLAG_NON_PAGED_EXECUTE | POOL_FLAG_PAGED)
#define KNOWN                                                                        \
	(KINDS | POOL_FLAG_USE_QUOTA | POOL_FLAG_UNINITIALIZED | POOL_FLAG_SESSION | \
	 POOL_FLAG_CACHE_ALIGNED | POOL_FLAG_RAISE_ON_FAILURE)

/* Of the required ones: each is known, and just one says what kind of pool it is. */
static bool valid_flags(POOL_FLAGS flags)
{
	POOL_FLAGS kind = flags & KINDS;

	return !(flags & 0xffffffffu & ~KNOWN) && kind && !(kind & (kind - 1));
}

/* DDI page: NULL for wrong flags, too, and for no tag, unless a failure is to be raised. */
NETCX_EXPORT PVOID ExAllocatePool2(POOL_FLAGS Flags, SIZE_T NumberOfBytes, ULONG Tag)
{
	static const char call[] = "ExAllocatePool2";
	bool valid = valid_flags(Flags) && Tag;
	void *memory = NULL;

	check_irql(Flags & POOL_FLAG_PAGED, call);
	if (valid && !nt_fault(call))
		memory = allocate(&(struct block){
			.size = NumberOfBytes,
			.alignment = alignment_of(NumberOfBytes, Flags & POOL_FLAG_CACHE_ALIGNED),
			.tag = Tag,
			.paged = Flags & POOL_FLAG_PAGED,
			.caller = __builtin_return_address(0),
		});
	if (!memory && Flags & POOL_FLAG_RAISE_ON_FAILURE)
		raise(valid ? STATUS_INSUFFICIENT_RESOURCES : STATUS_INVALID_PARAMETER, call,
		      valid ? "there is no memory"
		      : Tag ? "the flags are none that there are"
			    : "the tag is zero");
	if (memory && !(Flags & POOL_FLAG_UNINITIALIZED))
		memset(memory, 0, NumberOfBytes);
	return memory;
}

/*
 * The block of @memory, into *taken. @tag: another one leaves it where it is; 0: any
 * Return: false when @memory is no live block.
 */
static bool take_out(const void *memory, ULONG tag, struct block *taken)
{
	struct nt_pool *pool = nt_machine()->pool;
	struct block *block = NULL;

	pthread_mutex_lock(&pool->lock);
	for (struct block **at = bucket(pool, memory); *at; at = &(*at)->next) {
		if ((*at)->memory != memory)
			continue;
		block = *at;
		*taken = *block;
		if (!tag || block->tag == tag)
			*at = block->next;
		break;
	}
	pthread_mutex_unlock(&pool->lock);
	if (block && (!tag || taken->tag == tag))
		free(block);
	return block;
}

static void free_block(void *memory, ULONG tag, const char *call)
{
	struct block block;

	check_irql(false, call);
	if (!take_out(memory, tag, &block))
		nt_violation_say(
			0xC2, 0x46, "BAD_POOL_CALLER", call, NULL,
			"What ExAllocatePoolWithTag returned is freed once.",
			"%p is no allocated block: it was freed already or never came from the pool.",
			memory);
	check_irql(block.paged, call);
	if (tag && block.tag != tag)
		nt_violation_say(0xC2, 0xA, "BAD_POOL_CALLER", call, NULL,
				 "A block is freed with the tag it was allocated with.",
				 "%p has tag '%s' and is freed with '%s'.", memory,
				 tag_text(block.tag).text, tag_text(tag).text);
	nt_left_in_memory(memory, block.size, call, "pool block");
	free_memory(&block, call);
}

void *nt_pool_allocate_as(POOL_TYPE type, size_t size, ULONG tag, const char *call,
			  const void *caller)
{
	return allocate_by_type((ULONG)type, size, tag, call, caller);
}

void nt_pool_free_as(void *memory, ULONG tag, const char *call)
{
	free_block(memory, tag, call);
}

void *nt_pool_allocate(size_t size, ULONG tag, const void *caller)
{
	return allocate(&(struct block){ .size = size,
					 .alignment = alignment_of(size, false),
					 .tag = tag,
					 .caller = caller });
}

bool nt_pool_has(const void *memory, ULONG tag)
{
	struct nt_pool *pool = nt_machine()->pool;
	struct block *block;

	pthread_mutex_lock(&pool->lock);
	block = *bucket(pool, memory);
	while (block && (block->memory != memory || block->tag != tag))
		block = block->next;
	pthread_mutex_unlock(&pool->lock);
	return block;
}

bool nt_pool_free(void *memory, ULONG tag, const char *call)
{
	struct block block;

	if (!take_out(memory, tag, &block) || block.tag != tag)
		return false;
	free_memory(&block, call);
	return true;
}

NETCX_EXPORT void ExFreePoolWithTag(PVOID Memory, ULONG Tag)
{
	free_block(Memory, Tag, "ExFreePoolWithTag");
}

NETCX_EXPORT void ExFreePool(PVOID Memory)
{
	free_block(Memory, 0, "ExFreePool");
}

/* Take one block of the module out (@tag 0: any). The caller frees it. */
static struct block *next_leak(struct nt_pool *pool, const void *base, ULONG tag)
{
	struct block *leak = NULL;

	pthread_mutex_lock(&pool->lock);
	for (int i = 0; i < BUCKETS && !leak; i++) {
		for (struct block **at = &pool->buckets[i]; *at; at = &(*at)->next) {
			Dl_info where;

			if ((tag && (*at)->tag != tag) || !dladdr((*at)->caller, &where) ||
			    where.dli_fbase != base)
				continue;
			leak = *at;
			*at = leak->next;
			break;
		}
	}
	pthread_mutex_unlock(&pool->lock);
	return leak;
}

unsigned long nt_pool_report(struct nt_machine *machine, const char *driver, const void *in_module)
{
	unsigned long total = 0;
	struct block *leak;
	Dl_info module;

	if (!dladdr(in_module, &module))
		return 0;
	while ((leak = next_leak(machine->pool, module.dli_fbase, 0))) {
		const ULONG tag = leak->tag;
		unsigned long blocks = 0;
		size_t bytes = 0;
		char where[256];

		nt_symbol(leak->caller, where, sizeof(where));
		do {
			blocks++;
			bytes += leak->size;
			free_memory(leak, "the driver's unload");
			free(leak);
		} while ((leak = next_leak(machine->pool, module.dli_fbase, tag)));
		nt_log(driver,
		       "pool leak: %lu block%s with tag '%s', %zu bytes, not freed at unload; one was allocated in %s",
		       blocks, blocks == 1 ? "" : "s", tag_text(tag).text, bytes, where);
		total += blocks;
	}
	return total;
}
