/* SPDX-License-Identifier: MIT */
#include "nt/dma.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "nt/guard.h"

#define SLOT_SIZE ((uint64_t)1 << NT_DMA_SLOT_BITS)

/* An allocation in a file of its own, which another process can map. In the space's list. */
struct nt_dma_file {
	struct nt_dma_file *next;
	unsigned char *memory;
	size_t length;
	int fd;
};

void nt_dma_init(struct nt_dma *dma, const struct nt_dma_listener *listener)
{
	*dma = (struct nt_dma){ 0 };
	if (listener)
		dma->listener = *listener;
	pthread_mutex_init(&dma->lock, NULL);
}

void nt_dma_destroy(struct nt_dma *dma)
{
	pthread_mutex_destroy(&dma->lock);
}

/* Return: -1: the system has no memory for it. */
static int make_file(size_t length)
{
	int fd = memfd_create("netcx-dma", MFD_CLOEXEC);

	if (fd >= 0 && ftruncate(fd, (off_t)length)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static size_t page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static size_t whole_pages(size_t length)
{
	return (length + page_size() - 1) / page_size() * page_size();
}

/*
 * Address space for @length bytes with a page on each side that nobody reaches: what runs out of
 * the memory there faults, in place of meeting what happens to lie beside it. Return: MAP_FAILED or
 * where the memory goes.
 */
static void *reserve(size_t length)
{
	unsigned char *all = mmap(NULL, whole_pages(length) + 2 * page_size(), PROT_NONE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return all == MAP_FAILED ? MAP_FAILED : all + page_size();
}

static void release(void *memory, size_t length)
{
	nt_guard_open(memory, whole_pages(length));
	munmap((unsigned char *)memory - page_size(), whole_pages(length) + 2 * page_size());
}

/* Return: @memory, or NULL, with the address space given back. */
static void *fill_space(void *memory, size_t length, int flags, int fd)
{
	if (memory == MAP_FAILED)
		return NULL;
	if (mmap(memory, length, PROT_READ | PROT_WRITE, flags | MAP_FIXED, fd, 0) != MAP_FAILED)
		return memory;
	release(memory, length);
	return NULL;
}

static void *allocate_in_file(struct nt_dma *dma, size_t length)
{
	struct nt_dma_file *file = calloc(1, sizeof(*file));
	void *memory = NULL;

	if (!file)
		return NULL;
	file->fd = make_file(length);
	if (file->fd >= 0)
		memory = fill_space(reserve(length), length, MAP_SHARED, file->fd);
	if (!memory) {
		if (file->fd >= 0)
			close(file->fd);
		free(file);
		return NULL;
	}
	file->memory = memory;
	file->length = length;
	pthread_mutex_lock(&dma->lock);
	file->next = dma->files;
	dma->files = file;
	pthread_mutex_unlock(&dma->lock);
	return memory;
}

void *nt_dma_allocate(struct nt_dma *dma, size_t length)
{
	if (dma->listener.in_files)
		return allocate_in_file(dma, length);
	return fill_space(reserve(length), length, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

void nt_dma_free(struct nt_dma *dma, void *memory, size_t length)
{
	struct nt_dma_file *file, **at;

	release(memory, length);
	if (!dma->listener.in_files)
		return;
	pthread_mutex_lock(&dma->lock);
	for (at = &dma->files; *at && (*at)->memory != memory; at = &(*at)->next)
		;
	file = *at;
	if (file)
		*at = file->next;
	pthread_mutex_unlock(&dma->lock);
	if (!file)
		return;
	close(file->fd);
	free(file);
}

/* With the lock held. */
static struct nt_dma_mapping describe(const struct nt_dma *dma, uint64_t logical, void *memory,
				      size_t length)
{
	struct nt_dma_mapping mapping = {
		.logical = logical, .memory = memory, .length = length, .fd = -1
	};
	uintptr_t at = (uintptr_t)memory;

	for (const struct nt_dma_file *file = dma->files; file; file = file->next) {
		uintptr_t start = (uintptr_t)file->memory;

		if (at < start || at - start >= file->length ||
		    file->length - (at - start) < length)
			continue;
		mapping.fd = file->fd;
		mapping.fd_offset = at - start;
	}
	return mapping;
}

/*
 * When was the last of @count slots from @first on unmapped? 0: none of them ever had a mapping.
 * Return: false: one has a mapping now.
 */
static bool all_free(struct nt_dma *dma, unsigned first, unsigned count, uint64_t *since)
{
	*since = 0;
	for (unsigned i = first; i < first + count; i++) {
		if (dma->slots[i].va)
			return false;
		if (dma->slots[i].last.unmapped_ns > *since)
			*since = dma->slots[i].last.unmapped_ns;
	}
	return true;
}

/*
 * With the lock held. Return: the first of enough slots in a row, those that have been free for
 * the longest; 0: there are none.
 */
static unsigned find(struct nt_dma *dma, size_t length, uint64_t minimum, uint64_t maximum)
{
	uint64_t count = (length + SLOT_SIZE - 1) >> NT_DMA_SLOT_BITS, since, best_since = 0;
	unsigned best = 0;

	if (!length || count >= NT_DMA_SLOTS)
		return 0;
	for (unsigned first = 1; first + count <= NT_DMA_SLOTS; first++) {
		if (first * SLOT_SIZE < minimum)
			continue;
		if (first * SLOT_SIZE + length - 1 > maximum)
			break;
		if (!all_free(dma, first, (unsigned)count, &since) || (best && since >= best_since))
			continue;
		best = first;
		best_since = since;
	}
	return best;
}

static void fill(struct nt_dma *dma, unsigned first, unsigned char *memory, size_t length)
{
	const struct nt_dma_past mapping = { .logical = first * SLOT_SIZE, .length = length };

	for (uint64_t at = 0; at < length; at += SLOT_SIZE, first++) {
		dma->slots[first].last = mapping;
		dma->slots[first].length = length - at;
		dma->slots[first].va = memory + at;
	}
}

uint64_t nt_dma_map_between(struct nt_dma *dma, void *memory, size_t length, uint64_t minimum,
			    uint64_t maximum)
{
	unsigned first;

	pthread_mutex_lock(&dma->lock);
	first = find(dma, length, minimum, maximum);
	if (first && dma->listener.map) {
		struct nt_dma_mapping mapping = describe(dma, first * SLOT_SIZE, memory, length);

		if (dma->listener.map(dma->listener.context, &mapping))
			first = 0;
	}
	if (first)
		fill(dma, first, memory, length);
	pthread_mutex_unlock(&dma->lock);
	return first * SLOT_SIZE;
}

uint64_t nt_dma_map(struct nt_dma *dma, void *memory, size_t length, uint64_t maximum)
{
	return nt_dma_map_between(dma, memory, length, 0, maximum);
}

uint64_t nt_dma_logical(struct nt_dma *dma, const void *memory)
{
	for (unsigned i = 1; i < NT_DMA_SLOTS; i++) {
		const unsigned char *start = dma->slots[i].va;
		size_t length = dma->slots[i].length;

		if (length > SLOT_SIZE)
			length = SLOT_SIZE;
		if (start && (uintptr_t)memory - (uintptr_t)start < length)
			return i * SLOT_SIZE + ((uintptr_t)memory - (uintptr_t)start);
	}
	return 0;
}

void nt_dma_unmap(struct nt_dma *dma, uint64_t logical)
{
	uint64_t first = logical >> NT_DMA_SLOT_BITS, now = clock_ns();
	size_t length, left;
	void *memory;

	if (!first || first >= NT_DMA_SLOTS)
		return;
	pthread_mutex_lock(&dma->lock);
	memory = dma->slots[first].va;
	length = left = dma->slots[first].length;
	for (uint64_t i = first; i < NT_DMA_SLOTS && left; i++) {
		dma->slots[i].va = NULL;
		dma->slots[i].pieces = NULL;
		dma->slots[i].length = 0;
		dma->slots[i].last.unmapped_ns = now;
		left -= left < SLOT_SIZE ? left : SLOT_SIZE;
	}
	if (memory && dma->listener.unmap) {
		struct nt_dma_mapping mapping = describe(dma, first * SLOT_SIZE, memory, length);

		dma->listener.unmap(dma->listener.context, &mapping);
	}
	pthread_mutex_unlock(&dma->lock);
}

void nt_dma_name(struct nt_dma *dma, uint64_t logical, const char *what)
{
	uint64_t first = logical >> NT_DMA_SLOT_BITS;

	pthread_mutex_lock(&dma->lock);
	for (uint64_t i = first; i < NT_DMA_SLOTS && dma->slots[i].last.logical == logical; i++)
		dma->slots[i].last.what = what;
	pthread_mutex_unlock(&dma->lock);
}

void nt_dma_split(struct nt_dma *dma, uint64_t logical, const struct nt_dma_pieces *pieces)
{
	uint64_t first = logical >> NT_DMA_SLOT_BITS;

	pthread_mutex_lock(&dma->lock);
	for (uint64_t i = first; i < NT_DMA_SLOTS && dma->slots[i].last.logical == logical; i++)
		dma->slots[i].pieces = pieces;
	pthread_mutex_unlock(&dma->lock);
}

bool nt_dma_past(struct nt_dma *dma, uint64_t logical, struct nt_dma_past *past)
{
	uint64_t index = logical >> NT_DMA_SLOT_BITS;
	const struct nt_dma_slot *slot = &dma->slots[index < NT_DMA_SLOTS ? index : 0];
	bool was;

	pthread_mutex_lock(&dma->lock);
	was = slot->last.unmapped_ns && logical - slot->last.logical < slot->last.length;
	if (was)
		*past = slot->last;
	pthread_mutex_unlock(&dma->lock);
	return was;
}

/* In one piece, and in one that is open? */
static bool reached(const struct nt_dma_pieces *pieces, uint64_t logical, size_t length)
{
	uint64_t offset = logical - pieces->logical, index, within;

	if (logical < pieces->logical || offset > UINT32_MAX)
		return false;
	index = (uint32_t)offset / pieces->stride;
	within = offset - index * pieces->stride;
	return index < pieces->count && within <= pieces->size && length <= pieces->size - within &&
	       atomic_load_explicit(&pieces->open[index], memory_order_relaxed);
}

void *nt_dma_at(struct nt_dma *dma, uint64_t logical, size_t length)
{
	uint64_t index = logical >> NT_DMA_SLOT_BITS, offset = logical & (SLOT_SIZE - 1);
	struct nt_dma_slot *slot = &dma->slots[index < NT_DMA_SLOTS ? index : 0];
	unsigned char *va = slot->va;
	size_t room = slot->length;
	const struct nt_dma_pieces *pieces;

	if (!va || offset > room || length > room - offset)
		return NULL;
	pieces = atomic_load_explicit(&slot->pieces, memory_order_relaxed);
	if (pieces && !reached(pieces, logical, length))
		return NULL;
	return va + offset;
}

/* Of a mapping that is there: its own words for the first byte that is out of bounds. */
static void explain_present(const struct nt_dma_slot *slot, uint64_t logical, size_t length,
			    struct text *text)
{
	const struct nt_dma_past *m = &slot->last;
	uint64_t end = m->logical + m->length;
	const unsigned char *at = slot->va + (logical & (SLOT_SIZE - 1));
	const char *what = m->what ? m->what : "mapping";

	if (!slot->pieces && logical + length > end) {
		text_add(text,
			 "runs %" PRIu64 " byte%s behind the end of the %s at 0x%" PRIx64
			 ", %zu bytes.",
			 logical + length - end, logical + length - end == 1 ? "" : "s", what,
			 m->logical, m->length);
		return;
	}
	text_add(text, "is not all of memory that the device was given: it begins ");
	if (!nt_guard_describe(at, text))
		text_add(text, "in the %s at 0x%" PRIx64, what, m->logical);
	text_add(text, ".");
}

static void explain_past(const struct nt_dma_past *past, struct text *text)
{
	text_add(text,
		 "is mapped for DMA no more: it was part of the %s at 0x%" PRIx64
		 ", %zu bytes, until %" PRIu64 " ms ago.",
		 past->what ? past->what : "mapping", past->logical, past->length,
		 (uint64_t)(clock_ns() - past->unmapped_ns) / 1000000);
}

void nt_dma_explain(struct nt_dma *dma, uint64_t logical, size_t length, struct text *text)
{
	uint64_t index = logical >> NT_DMA_SLOT_BITS;
	const struct nt_dma_slot *slot = &dma->slots[index < NT_DMA_SLOTS ? index : 0];
	struct nt_dma_past past;

	if (nt_dma_past(dma, logical, &past)) {
		explain_past(&past, text);
		return;
	}
	pthread_mutex_lock(&dma->lock);
	if (slot->va && (logical & (SLOT_SIZE - 1)) < slot->length)
		explain_present(slot, logical, length, text);
	else if (slot->va)
		text_add(text,
			 "lies %" PRIu64 " bytes behind the end of the %s at 0x%" PRIx64
			 ", %zu bytes.",
			 logical - slot->last.logical - slot->last.length,
			 slot->last.what ? slot->last.what : "mapping", slot->last.logical,
			 slot->last.length);
	else
		text_add(text, "is not mapped for DMA.");
	pthread_mutex_unlock(&dma->lock);
}
