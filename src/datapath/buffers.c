/* SPDX-License-Identifier: MIT */
/* Packet buffers: system-managed, mapped for DMA where the driver's capabilities ask for it. */
#include <errno.h>
#include <stdlib.h>

#include "datapath/private.h"

#define CACHE_LINE 64u

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
	size_t stride = round_up(size, alignment > CACHE_LINE ? alignment : CACHE_LINE);

	if (alignment <= CACHE_LINE && stride % 4096 < 512)
		stride += 512 + CACHE_LINE;
	return stride;
}

/*
 * dp_buffers_create() - map @count buffers of @size bytes behind @backfill free ones
 * @alignment: of the data's logical address, a power of two (1: none)
 * @mapping:   how the driver wants them mapped; NULL: not for DMA
 * Return: 0, -ENOMEM, or -ENOSPC when no logical address fits.
 */
int dp_buffers_create(struct dp_buffers *buffers, struct nt_dma *dma, uint32_t count, size_t size,
		      size_t backfill, size_t alignment, const struct cx_dma *mapping)
{
	size_t front = round_up(backfill, alignment);
	size_t stride = buffer_stride(front + size, alignment);

	*buffers = (struct dp_buffers){
		.stride = stride,
		.size = size,
		.backfill = front,
		.count = count,
		.mapped = stride * count,
	};
	buffers->free = malloc(count * sizeof(*buffers->free));
	buffers->memory = nt_dma_allocate(dma, buffers->mapped);
	if (!buffers->free || !buffers->memory) {
		dp_buffers_destroy(buffers, dma);
		return -ENOMEM;
	}
	if (mapping) {
		buffers->logical =
			nt_dma_map(dma, buffers->memory, buffers->mapped, mapping->limit);
		if (!buffers->logical) {
			dp_buffers_destroy(buffers, dma);
			return -ENOSPC;
		}
		nt_dma_name(dma, buffers->logical, "packet buffers");
	}
	for (uint32_t i = 0; i < count; i++)
		dp_buffer_give(buffers, count - 1 - i);
	return 0;
}

void dp_buffers_destroy(struct dp_buffers *buffers, struct nt_dma *dma)
{
	if (buffers->logical)
		nt_dma_unmap(dma, buffers->logical);
	if (buffers->memory)
		nt_dma_free(dma, buffers->memory, buffers->mapped);
	free(buffers->free);
	*buffers = (struct dp_buffers){ 0 };
}
