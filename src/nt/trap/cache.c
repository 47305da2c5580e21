/* SPDX-License-Identifier: MIT */
#include "nt/trap/cache.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define SLOTS      1024 /* a power of 2; more instructions than a driver has at its registers */
#define CODE_PAGE  4096
#define CODE_PAGES 1024

/* Addresses, of which one page after the other becomes code. */
struct code_space {
	struct code_space *older;
	uint8_t *pages;
	unsigned used;
};

/*
 * Instructions are known by their bytes, so there is one of a kind and nothing to forget when a
 * driver is unloaded. A slot is a guess for the code addresses that fall into it.
 */
struct nt_trap_cache {
	_Atomic(const struct nt_trap_instruction *) slots[SLOTS];
	pthread_mutex_t lock; /* of all below */
	struct nt_trap_instruction *newest;
	struct code_space *space;
	pthread_mutex_t bus;
};

struct nt_trap_cache *nt_trap_cache_create(void)
{
	struct nt_trap_cache *cache = calloc(1, sizeof(*cache));

	if (!cache)
		return NULL;
	pthread_mutex_init(&cache->lock, NULL);
	pthread_mutex_init(&cache->bus, NULL);
	return cache;
}

void nt_trap_cache_destroy(struct nt_trap_cache *cache)
{
	if (!cache)
		return;
	for (struct nt_trap_instruction *at = cache->newest, *older; at; at = older) {
		older = at->older;
		free(at);
	}
	for (struct code_space *at = cache->space, *older; at; at = older) {
		older = at->older;
		munmap(at->pages, (size_t)CODE_PAGES * CODE_PAGE);
		free(at);
	}
	pthread_mutex_destroy(&cache->bus);
	pthread_mutex_destroy(&cache->lock);
	free(cache);
}

pthread_mutex_t *nt_trap_bus(struct nt_trap_cache *cache)
{
	return &cache->bus;
}

static struct code_space *more_space(struct code_space *older)
{
	struct code_space *space = malloc(sizeof(*space));

	if (!space)
		return NULL;
	space->older = older;
	space->used = 0;
	space->pages = mmap(NULL, (size_t)CODE_PAGES * CODE_PAGE, PROT_NONE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (space->pages != MAP_FAILED)
		return space;
	free(space);
	return NULL;
}

/*
 * A page for a piece of code is much, but so no page is ever writable and executable, nor
 * writable while another thread runs what is in it.
 */
const void *nt_trap_code(struct nt_trap_cache *cache, const void *code, size_t size)
{
	struct code_space *space = cache->space;
	uint8_t *page;

	if (!space || space->used == CODE_PAGES) {
		space = more_space(space);
		if (!space)
			return NULL;
		cache->space = space;
	}
	page = space->pages + (size_t)space->used * CODE_PAGE;
	if (mprotect(page, CODE_PAGE, PROT_READ | PROT_WRITE))
		return NULL;
	memcpy(page, code, size);
	if (mprotect(page, CODE_PAGE, PROT_READ | PROT_EXEC))
		return NULL;
	space->used++;
	return page;
}

static bool is(const struct nt_trap_instruction *instruction, const uint8_t *at)
{
	return !memcmp(instruction->bytes, at, instruction->length);
}

/* With the lock held. */
static const struct nt_trap_instruction *decode(struct nt_trap_cache *cache, const uint8_t *at)
{
	struct nt_trap_instruction *new;
	char text[8];
	size_t length;

	for (new = cache->newest; new; new = new->older)
		if (is(new, at))
			return new;
	length = nt_trap_decoder->text(at, text, sizeof(text));
	if (!length || length > NT_TRAP_BYTES)
		return NULL;
	new = calloc(1, nt_trap_decoder->size);
	if (!new)
		return NULL;
	memcpy(new->bytes, at, length);
	new->length = (uint8_t)length;
	if (!nt_trap_decoder->decode(cache, new)) {
		free(new);
		return NULL;
	}
	new->older = cache->newest;
	cache->newest = new;
	return new;
}

const struct nt_trap_instruction *nt_trap_decode(struct nt_trap_cache *cache, const uint8_t *at)
{
	_Atomic(const struct nt_trap_instruction *) *slot;
	const struct nt_trap_instruction *found;

	slot = &cache->slots[((uintptr_t)at ^ (uintptr_t)at >> 10) % SLOTS];
	found = atomic_load_explicit(slot, memory_order_acquire);
	if (found && is(found, at))
		return found;
	pthread_mutex_lock(&cache->lock);
	found = decode(cache, at);
	pthread_mutex_unlock(&cache->lock);
	if (found)
		atomic_store_explicit(slot, found, memory_order_release);
	return found;
}
