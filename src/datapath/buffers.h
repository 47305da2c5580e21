/* SPDX-License-Identifier: MIT */
/*
 * Packet buffers of one queue: one mapping, equal pieces with gaps between them, so that a write
 * past one is seen (nt/guard.h). The last one freed is the next one used, since its lines are still
 * in the cache; under the address sanitizer the one that has been free for the longest, so that
 * what a driver still writes to is not in use again. Owned by the queue's thread while it runs.
 */
#ifndef DATAPATH_BUFFERS_H
#define DATAPATH_BUFFERS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "cx/queue.h"
#include "cx/types.h"
#include "nt/dma.h"
#include "nt/guard.h"

struct dp_buffers {
	const struct cx_queue *queue; /* for reports */
	unsigned char *memory;
	size_t mapped;    /* bytes in all */
	size_t first;     /* from memory to the first buffer */
	size_t stride;    /* from buffer to buffer */
	size_t size;      /* usable bytes in each, after the backfill */
	size_t backfill;  /* bytes left free in front of the data */
	uint64_t logical; /* of memory; 0 when the queue asked for no DMA mapping */
	uint32_t count, free_count, free_first;
	uint32_t *free; /* a ring of count, a power of two; transmit only */
	/* By buffer: the packet that it is or was of, and how much of it that packet has. */
	uint32_t *packet, *capacity;
	bool resting;      /* all of a receive queue that does not run hold the pattern */
	atomic_bool *lent; /* by buffer: it is the driver's now; devices look at it, relaxed */
	struct nt_guarded guarded;
	struct nt_dma_pieces pieces;
};

#define DP_NO_BUFFER      UINT32_MAX
#define DP_BUFFER_MAXIMUM ((1u << 26) - 1) /* bytes: a fragment's Capacity has 26 bits */

/*
 * dp_buffers_create() - map @count buffers of @size bytes behind @backfill free ones
 * @count: a power of two
 * @alignment: of the data's logical address, a power of two (1: none)
 * @mapping:   how the driver wants them mapped; NULL: not for DMA
 * Return: 0, -ENOMEM, -ENOSPC when no logical address fits, -EINVAL when a driver's numbers cannot
 * be, which is logged.
 */
int dp_buffers_create(struct dp_buffers *buffers, const struct cx_queue *queue, struct nt_dma *dma,
		      uint32_t count, size_t size, size_t backfill, size_t alignment,
		      const struct cx_dma *mapping);
/* dp_buffers_destroy() - gaps and buffers are looked at once more */
void dp_buffers_destroy(struct dp_buffers *buffers, struct nt_dma *dma);

static inline unsigned char *dp_buffer_data(const struct dp_buffers *buffers, uint32_t index)
{
	return buffers->memory + buffers->first + index * buffers->stride + buffers->backfill;
}

static inline uint64_t dp_buffer_logical(const struct dp_buffers *buffers, uint32_t index)
{
	return buffers->logical + buffers->first + index * buffers->stride + buffers->backfill;
}

/* dp_buffer_take() - one to fill, the datapath's until it is lent; DP_NO_BUFFER: none is free */
uint32_t dp_buffer_take(struct dp_buffers *buffers);
/* dp_buffer_give() - it is free. */
void dp_buffer_give(struct dp_buffers *buffers, uint32_t index);

/*
 * dp_buffer_lend() - to the driver, as @packet of its ring with @capacity bytes
 * dp_buffer_keep() - it stays with the datapath, empty
 * dp_buffer_return() - it is the datapath's again, and the gaps around it are looked at
 */
void dp_buffer_lend(struct dp_buffers *buffers, uint32_t index, uint32_t packet, size_t capacity);
void dp_buffer_keep(struct dp_buffers *buffers, uint32_t index);
void dp_buffer_return(struct dp_buffers *buffers, uint32_t index);

/*
 * dp_batch_bytes() - how much is filled before the device reads it; the last frame may be more
 * More than that falls out of the second-level cache: each packet is there three times, as the
 * stack has it, in our buffer and as the wire gets it.
 * @uncut: super-packets leave the hardware as they are. They go one by one where that cache is
 *         small; of what is cut the frames gain more by being many
 */
size_t dp_batch_bytes(bool uncut);

/*
 * For a receive queue, whose buffers are not free one by one:
 * dp_buffers_rest() - it does not run, and has none of them lent
 * dp_buffers_rouse() - it is about to; were they let alone?
 */
void dp_buffers_rest(struct dp_buffers *buffers);
void dp_buffers_rouse(struct dp_buffers *buffers);

#endif
