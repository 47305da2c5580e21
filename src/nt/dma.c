/* SPDX-License-Identifier: MIT */
#include "nt/dma.h"

#include <stdbool.h>

#define SLOT_SIZE ((uint64_t)1 << NT_DMA_SLOT_BITS)

/* Are @count slots from @first on free? */
static bool all_free(struct nt_dma *dma, unsigned first, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (dma->slots[first + i].va)
			return false;
	return true;
}

uint64_t nt_dma_map(struct nt_dma *dma, void *memory, size_t length, uint64_t maximum)
{
	uint64_t count = (length + SLOT_SIZE - 1) >> NT_DMA_SLOT_BITS;
	uint64_t logical = 0;

	if (!length || count >= NT_DMA_SLOTS)
		return 0;
	pthread_mutex_lock(&dma->lock);
	for (unsigned first = 1; first + count <= NT_DMA_SLOTS && !logical; first++) {
		uint64_t start = first * SLOT_SIZE;

		if (start + length - 1 > maximum)
			break;
		if (!all_free(dma, first, count))
			continue;
		for (unsigned i = 0; i < count; i++) {
			dma->slots[first + i].length = length - i * SLOT_SIZE;
			dma->slots[first + i].va = (unsigned char *)memory + i * SLOT_SIZE;
		}
		logical = start;
	}
	pthread_mutex_unlock(&dma->lock);
	return logical;
}

void nt_dma_unmap(struct nt_dma *dma, uint64_t logical)
{
	uint64_t first = logical >> NT_DMA_SLOT_BITS;
	size_t length;

	if (!first || first >= NT_DMA_SLOTS)
		return;
	pthread_mutex_lock(&dma->lock);
	length = dma->slots[first].length;
	for (uint64_t i = first; i < NT_DMA_SLOTS && length; i++) {
		dma->slots[i].va = NULL;
		dma->slots[i].length = 0;
		length -= length < SLOT_SIZE ? length : SLOT_SIZE;
	}
	pthread_mutex_unlock(&dma->lock);
}

void *nt_dma_at(struct nt_dma *dma, uint64_t logical, size_t length)
{
	uint64_t index = logical >> NT_DMA_SLOT_BITS, offset = logical & (SLOT_SIZE - 1);
	struct nt_dma_slot *slot = &dma->slots[index < NT_DMA_SLOTS ? index : 0];
	unsigned char *va = slot->va;
	size_t room = slot->length;

	if (!va || offset > room || length > room - offset)
		return NULL;
	return va + offset;
}
