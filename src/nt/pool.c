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
#include "nt/guard.h"
#include "nt/irql.h"
#include "nt/left_behind.h"
#include "nt/machine.h"
#include "nt/symbols.h"
#include "nt/violation.h"

#define BUCKETS 1024

struct block {
	void *memory;
	size_t size;
	ULONG tag;
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

/* DDI page: a page or more is page-aligned, less is aligned to 16 bytes. */
static size_t alignment_of(size_t size)
{
	return size >= PAGE_SIZE ? PAGE_SIZE : 16;
}

static void free_memory(void *memory, size_t size, ULONG tag, const char *call)
{
	char what[64];

	snprintf(what, sizeof(what), "pool block of %zu bytes with tag '%s'", size,
		 tag_text(tag).text);
	nt_guard_free(memory, size, alignment_of(size), call, what);
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
			free_memory(block->memory, block->size, block->tag, "the end");
			free(block);
		}
	}
	pthread_mutex_destroy(&pool->lock);
	free(pool);
}

static void check_irql(const char *call)
{
	if (nt_irql() > DISPATCH_LEVEL)
		nt_violation_say(0xC2, 0x8, "BAD_POOL_CALLER", call, NULL,
				 "Pool is allocated and freed at DISPATCH_LEVEL or below.",
				 "it was called at IRQL %u.", nt_irql());
}

/* No machine has so much. A sanitizer's allocator ends the process where Windows returns NULL. */
#define LARGEST ((size_t)1 << 39)

static void *allocate(size_t size, ULONG tag, const void *caller)
{
	struct nt_pool *pool = nt_machine()->pool;
	struct block *block, **place;

	if (size > LARGEST)
		return NULL;
	block = malloc(sizeof(*block));
	if (!block)
		return NULL;
	*block = (struct block){ .size = size, .tag = tag, .caller = caller };
	block->memory = nt_guard_allocate(size, alignment_of(size));
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

NETCX_EXPORT PVOID ExAllocatePoolWithTag(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
	check_irql("ExAllocatePoolWithTag");
	if (!Tag)
		nt_violation_say(0xC2, 0x9B, "BAD_POOL_CALLER", "ExAllocatePoolWithTag", NULL,
				 "Every allocation has a tag.", "the tag is zero.");
	return allocate(NumberOfBytes, Tag, __builtin_return_address(0));
}

/* Return: false when @memory is no live block. *tag, *size: the block's own. */
static bool take_out(const void *memory, bool any_tag, ULONG *tag, size_t *size)
{
	struct nt_pool *pool = nt_machine()->pool;
	struct block *block;
	bool found = false;

	pthread_mutex_lock(&pool->lock);
	for (struct block **at = bucket(pool, memory); *at; at = &(*at)->next) {
		block = *at;
		if (block->memory != memory)
			continue;
		found = true;
		if (!any_tag && block->tag != *tag) {
			*tag = block->tag;
			break;
		}
		*tag = block->tag;
		*size = block->size;
		*at = block->next;
		free(block);
		break;
	}
	pthread_mutex_unlock(&pool->lock);
	return found;
}

static _Noreturn void bad_pointer(const void *memory, const char *call)
{
	nt_violation_say(
		0xC2, 0x46, "BAD_POOL_CALLER", call, NULL,
		"What ExAllocatePoolWithTag returned is freed once.",
		"%p is no allocated block: it was freed already or never came from the pool.",
		memory);
}

NETCX_EXPORT void ExFreePoolWithTag(PVOID Memory, ULONG Tag)
{
	ULONG tag = Tag;
	size_t size = 0;

	check_irql("ExFreePoolWithTag");
	if (!take_out(Memory, Tag == 0, &tag, &size))
		bad_pointer(Memory, "ExFreePoolWithTag");
	if (Tag && tag != Tag)
		nt_violation_say(0xC2, 0xA, "BAD_POOL_CALLER", "ExFreePoolWithTag", NULL,
				 "A block is freed with the tag it was allocated with.",
				 "%p has tag '%s' and is freed with '%s'.", Memory,
				 tag_text(tag).text, tag_text(Tag).text);
	nt_left_in_memory(Memory, size, "ExFreePoolWithTag", "pool block");
	free_memory(Memory, size, tag, "ExFreePoolWithTag");
}

NETCX_EXPORT void ExFreePool(PVOID Memory)
{
	ULONG tag = 0;
	size_t size = 0;

	check_irql("ExFreePool");
	if (!take_out(Memory, true, &tag, &size))
		bad_pointer(Memory, "ExFreePool");
	nt_left_in_memory(Memory, size, "ExFreePool", "pool block");
	free_memory(Memory, size, tag, "ExFreePool");
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
			free_memory(leak->memory, leak->size, tag, "the driver's unload");
			free(leak);
		} while ((leak = next_leak(machine->pool, module.dli_fbase, tag)));
		nt_log(driver,
		       "pool leak: %lu block%s with tag '%s', %zu bytes, not freed at unload; one was allocated in %s",
		       blocks, blocks == 1 ? "" : "s", tag_text(tag).text, bytes, where);
		total += blocks;
	}
	return total;
}
