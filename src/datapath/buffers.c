/* SPDX-License-Identifier: MIT */
/* Packet buffers: system-managed, mapped for DMA where the driver's capabilities ask for it. */
#include "datapath/buffers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cx/adapter.h"

#define CACHE_LINE        64u
#define BATCH_BYTES       (192u * 1024)
#define BATCH_BYTES_SMALL (56u * 1024)
#define CACHE_LARGE       (1L << 20)

static size_t round_up(size_t n, size_t to)
{
	return (n + to - 1) / to * to;
}

/*
 * Buffers one page or a multiple apart would all begin in the same cache sets; one line more
 * spreads them.
 */
static size_t buffer_stride(size_t size, size_t alignment)
{
	size_t stride = round_up(size + NT_GUARD_GAP, alignment);

	if (alignment <= CACHE_LINE && stride % 4096 < 512)
		stride += 512 + CACHE_LINE;
	return stride;
}

/* ---- what is said of an address ---- */

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

/* "byte 7 of", "3 bytes behind the end of", "1 byte in front of" the buffer of a packet. */
static void add_place(struct text *text, const struct dp_buffers *b, uint32_t index,
		      const unsigned char *at)
{
	const unsigned char *data = dp_buffer_data(b, index);
	size_t capacity = b->capacity[index];

	if (at < data)
		text_add(text, "%zu byte%s in front of", (size_t)(data - at),
			 plural((size_t)(data - at)));
	else if (at < data + capacity)
		text_add(text, "byte %zu of", (size_t)(at - data));
	else
		text_add(text, "%zu byte%s behind the end of", (size_t)(at - data) - capacity,
			 plural((size_t)(at - data) - capacity));
}

static void add_buffer(struct text *text, const struct dp_buffers *b, uint32_t index)
{
	if (b->packet[index] == DP_NO_BUFFER)
		text_add(text, " a buffer of %s queue %u that the driver was not given yet",
			 cx_queue_direction(b->queue), b->queue->id);
	else
		text_add(text, " the buffer of packet %u of %s queue %u (%u bytes)",
			 b->packet[index], cx_queue_direction(b->queue), b->queue->id,
			 b->capacity[index]);
}

static bool was_returned(const struct dp_buffers *b, uint32_t index)
{
	return b->packet[index] != DP_NO_BUFFER &&
	       !atomic_load_explicit(&b->lent[index], memory_order_relaxed);
}

/* Nearer to which buffer does it lie? The second half of a gap is in front of the next one. */
static void describe(const struct nt_guarded *guarded, const void *at, struct text *text)
{
	const struct dp_buffers *b =
		(const void *)((const char *)guarded - offsetof(struct dp_buffers, guarded));
	const unsigned char *byte = at, *first = b->memory + b->first;
	size_t used = b->backfill + b->size, index = 0;

	if (byte >= first)
		index = (size_t)(byte - first + (ptrdiff_t)((b->stride - used) / 2)) / b->stride;
	if (index >= b->count)
		index = b->count - 1;
	add_place(text, b, (uint32_t)index, at);
	add_buffer(text, b, (uint32_t)index);
	if (was_returned(b, (uint32_t)index))
		text_add(text, ", which the driver has returned");
}

/* ---- gaps ---- */

enum side { IN_FRONT, BEHIND, INSIDE };

/* @count bytes from @broken on; more when a gap ended there. */
static _Noreturn void overrun(const struct dp_buffers *b, uint32_t index, const void *broken,
			      size_t count, bool more, enum side side)
{
	char passed[320], where[48];
	struct text text = text_in(passed, sizeof(passed));

	snprintf(where, sizeof(where), "%s queue %u", cx_queue_direction(b->queue), b->queue->id);
	text_add(&text, "%zu byte%s %s written, the first %s ", count,
		 more ? "s or more" : plural(count), count == 1 && !more ? "was" : "were",
		 side == INSIDE ? "is" : "lies");
	add_place(&text, b, index, broken);
	add_buffer(&text, b, index);
	if (side == INSIDE)
		text_add(&text, was_returned(b, index) ? ", after the driver had returned it" : "");
	text_add(&text, ".");
	nt_guard_violation(&(struct nt_overrun){ .where = where,
						 .object = b->queue->adapter->name,
						 .memory = dp_buffer_data(b, index),
						 .broken = broken,
						 .behind = side == BEHIND,
						 .passed = passed });
}

/* The gap behind a buffer, all of it. Its end alone was written: in front of the next buffer. */
static void look_behind(const struct dp_buffers *b, uint32_t index)
{
	const unsigned char *gap = dp_buffer_data(b, index) + b->size;
	size_t length = b->stride - b->size - b->backfill, first, last;
	size_t count = nt_guard_broken(gap, length, &first, &last);

	if (count && first >= length / 2 && index + 1 < b->count)
		overrun(b, index + 1, gap + first, count, false, IN_FRONT);
	if (count)
		overrun(b, index, gap + first, count, last == length - 1, BEHIND);
}

static void look_in_front(const struct dp_buffers *b, uint32_t index)
{
	const unsigned char *gap = b->memory;
	size_t first, last, count;

	if (index) {
		look_behind(b, index - 1);
		return;
	}
	count = nt_guard_broken(gap, b->first, &first, &last);
	if (count)
		overrun(b, 0, gap + first, count, first == 0, IN_FRONT);
}

/* Behind the packet, where there may be room that it does not use. */
static void look_at_rest(const struct dp_buffers *b, uint32_t index)
{
	const unsigned char *rest = dp_buffer_data(b, index) + b->capacity[index];
	size_t first, last, count = nt_guard_broken(rest, NT_GUARD_LOOK, &first, &last);

	if (b->capacity[index] == b->size)
		look_behind(b, index);
	if (count)
		overrun(b, index, rest + first, count, last == NT_GUARD_LOOK - 1, BEHIND);
}

/* A buffer that is free holds the pattern where a frame begins. */
static void look_inside(const struct dp_buffers *b, uint32_t index)
{
	const unsigned char *data = dp_buffer_data(b, index);
	size_t first, last;
	size_t count = nt_guard_broken(data, NT_GUARD_LOOK, &first, &last);

	if (count)
		overrun(b, index, data + first, count, last == NT_GUARD_LOOK - 1, INSIDE);
}

static void make_gaps(const struct dp_buffers *b)
{
	size_t used = b->backfill + b->size;

	nt_guard_fill(b->memory, b->first);
	for (uint32_t i = 0; i < b->count; i++)
		nt_guard_fill(b->memory + b->first + i * b->stride + used, b->stride - used);
}

static void look_at_all(const struct dp_buffers *b)
{
	look_in_front(b, 0);
	for (uint32_t i = 0; i < b->count; i++)
		look_behind(b, i);
	for (uint32_t i = 0; i < b->free_count; i++)
		look_inside(b, b->free[(b->free_first + i) & (b->count - 1)]);
}

/* ---- from hand to hand ---- */

static void close_buffer(const struct dp_buffers *b, uint32_t index)
{
	nt_guard_close(dp_buffer_data(b, index) - b->backfill, b->backfill + b->size);
}

static void open_buffer(const struct dp_buffers *b, uint32_t index, size_t capacity)
{
	nt_guard_open(dp_buffer_data(b, index) - b->backfill, b->backfill + capacity);
}

void dp_buffer_keep(struct dp_buffers *b, uint32_t index)
{
	if (nt_guard_poisons())
		close_buffer(b, index);
}

uint32_t dp_buffer_take(struct dp_buffers *b)
{
	uint32_t place, index;

	if (!b->free_count)
		return DP_NO_BUFFER;
	b->free_count--;
	place = nt_guard_poisons() ? b->free_first++ : b->free_first + b->free_count;
	index = b->free[place & (b->count - 1)];
	if (!nt_guard_poisons() && !nt_guard_holds(dp_buffer_data(b, index)))
		look_inside(b, index);
	open_buffer(b, index, b->size);
	return index;
}

void dp_buffer_give(struct dp_buffers *b, uint32_t index)
{
	if (nt_guard_poisons())
		close_buffer(b, index);
	else
		nt_guard_mark(dp_buffer_data(b, index));
	b->free[(b->free_first + b->free_count++) & (b->count - 1)] = index;
}

void dp_buffer_lend(struct dp_buffers *b, uint32_t index, uint32_t packet, size_t capacity)
{
	unsigned char *end = dp_buffer_data(b, index) + capacity;

	b->packet[index] = packet;
	b->capacity[index] = (uint32_t)capacity;
	if (nt_guard_poisons()) {
		open_buffer(b, index, capacity);
		nt_guard_close(end, b->size - capacity);
	} else {
		nt_guard_mark(end);
	}
	atomic_store_explicit(&b->lent[index], true, memory_order_relaxed);
}

void dp_buffer_return(struct dp_buffers *b, uint32_t index)
{
	const unsigned char *data = dp_buffer_data(b, index);
	size_t capacity = b->capacity[index];

	atomic_store_explicit(&b->lent[index], false, memory_order_relaxed);
	if (nt_guard_poisons()) {
		open_buffer(b, index, b->size);
		return;
	}
	if (!nt_guard_holds(data + capacity))
		look_at_rest(b, index);
	if (!nt_guard_holds(data - b->backfill - NT_GUARD_LOOK))
		look_in_front(b, index);
}

/* Where the cache is not known, it is 0 or less. */
size_t dp_batch_bytes(bool uncut)
{
	if (uncut && sysconf(_SC_LEVEL2_CACHE_SIZE) < CACHE_LARGE)
		return BATCH_BYTES_SMALL;
	return BATCH_BYTES;
}

/* ---- all of them ---- */

void dp_buffers_rest(struct dp_buffers *b)
{
	for (uint32_t i = 0; i < b->count; i++) {
		if (nt_guard_poisons())
			close_buffer(b, i);
		else
			nt_guard_mark(dp_buffer_data(b, i));
	}
	b->resting = true;
}

void dp_buffers_rouse(struct dp_buffers *b)
{
	for (uint32_t i = 0; i < b->count && b->resting; i++)
		look_inside(b, i);
	b->resting = false;
}

static int map(struct dp_buffers *b, struct nt_dma *dma, uint64_t maximum)
{
	b->logical = nt_dma_map(dma, b->memory, b->mapped, maximum);
	if (!b->logical)
		return -ENOSPC;
	b->pieces = (struct nt_dma_pieces){
		.logical = b->logical + b->first,
		.stride = (uint32_t)b->stride,
		.size = (uint32_t)(b->backfill + b->size),
		.count = b->count,
		.open = b->lent,
	};
	nt_dma_name(dma, b->logical, "packet buffers");
	nt_dma_split(dma, b->logical, &b->pieces);
	return 0;
}

static bool allocate(struct dp_buffers *b, struct nt_dma *dma)
{
	b->free = calloc(b->count, sizeof(*b->free));
	b->packet = calloc(b->count, sizeof(*b->packet));
	b->capacity = calloc(b->count, sizeof(*b->capacity));
	b->lent = calloc(b->count, sizeof(*b->lent));
	b->memory = nt_dma_allocate(dma, b->mapped);
	return b->free && b->packet && b->capacity && b->lent && b->memory;
}

/*
 * A driver's numbers are added up and multiplied below. Memory begins on a page, so no buffer has a
 * larger alignment.
 */
static bool can_be(size_t size, size_t backfill, size_t alignment)
{
	return size <= DP_BUFFER_MAXIMUM && backfill <= DP_BUFFER_MAXIMUM && alignment <= PAGE_SIZE;
}

int dp_buffers_create(struct dp_buffers *b, const struct cx_queue *queue, struct nt_dma *dma,
		      uint32_t count, size_t size, size_t backfill, size_t alignment,
		      const struct cx_dma *mapping)
{
	size_t front = can_be(size, backfill, alignment) ? round_up(backfill, alignment) : 0;
	size_t apart = alignment > CACHE_LINE ? alignment : CACHE_LINE;
	int error = 0;

	*b = (struct dp_buffers){ 0 };
	if (!can_be(size, backfill, alignment)) {
		nt_log(queue->adapter->name,
		       "%s queue %u: no buffers of %zu bytes behind %zu, with an alignment of %zu: at most are %u bytes, and %u for an alignment",
		       cx_queue_direction(queue), queue->id, size, backfill, alignment,
		       DP_BUFFER_MAXIMUM, (unsigned)PAGE_SIZE);
		return -EINVAL;
	}
	*b = (struct dp_buffers){
		.queue = queue,
		.first = round_up(NT_GUARD_GAP, apart),
		.stride = buffer_stride(front + size, apart),
		.size = size,
		.backfill = front,
		.count = count,
	};
	b->mapped = b->first + b->stride * count;
	if (!allocate(b, dma))
		error = -ENOMEM;
	else if (mapping)
		error = map(b, dma, mapping->limit);
	if (error) {
		dp_buffers_destroy(b, dma);
		return error;
	}
	make_gaps(b);
	for (uint32_t i = 0; i < count; i++) {
		b->packet[i] = DP_NO_BUFFER;
		b->capacity[i] = (uint32_t)size;
		if (queue->kind == CX_QUEUE_TX)
			dp_buffer_give(b, count - 1 - i);
	}
	if (queue->kind == CX_QUEUE_RX)
		dp_buffers_rest(b);
	b->guarded = (struct nt_guarded){ .memory = b->memory - PAGE_SIZE,
					  .length = ROUND_TO_PAGES(b->mapped) + 2 * PAGE_SIZE,
					  .describe = describe };
	nt_guard_add(&b->guarded);
	return 0;
}

void dp_buffers_destroy(struct dp_buffers *b, struct nt_dma *dma)
{
	if (b->guarded.list) {
		look_at_all(b);
		dp_buffers_rouse(b);
	}
	nt_guard_remove(&b->guarded);
	if (b->logical)
		nt_dma_unmap(dma, b->logical);
	if (b->memory) {
		nt_guard_open(b->memory, b->mapped);
		nt_dma_free(dma, b->memory, b->mapped);
	}
	free(b->free);
	free(b->packet);
	free(b->capacity);
	free(b->lent);
	*b = (struct dp_buffers){ 0 };
}
