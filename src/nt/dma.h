/* SPDX-License-Identifier: MIT */
/*
 * DMA memory: a logical address space apart from virtual memory, as behind an IOMMU. A device
 * reaches only what was mapped; a wrong address is seen, not followed.
 */
#ifndef NT_DMA_H
#define NT_DMA_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#define NT_DMA_SLOT_BITS 26   /* 64 MB; slot 0 is never used, so logical address 0 is invalid */
#define NT_DMA_SLOTS     1024 /* 64 slots lie under 4 GB, for 32-bit devices */

/*
 * A slot's entry; va is published last. A mapping larger than a slot takes several in a row; each
 * one's length is what is left of the mapping from there.
 */
struct nt_dma_slot {
	_Atomic(unsigned char *) va;
	_Atomic size_t length;
};

struct nt_dma {
	pthread_mutex_t lock; /* of those who map and unmap */
	struct nt_dma_slot slots[NT_DMA_SLOTS];
};

/*
 * nt_dma_map() - give memory a logical address
 * @maximum: highest logical address the device can reach
 * Return: the logical address of the first byte (slot-aligned), 0 when no slot is free.
 * The memory must stay until nt_dma_unmap(). Any thread, takes no lock of the datapath.
 */
uint64_t nt_dma_map(struct nt_dma *dma, void *memory, size_t length, uint64_t maximum);
void nt_dma_unmap(struct nt_dma *dma, uint64_t logical);

/*
 * nt_dma_at() - where a device's access goes
 * Return: the memory behind [logical, logical + length), or NULL when it is not all in one
 * mapping. Lock-free, any thread.
 */
void *nt_dma_at(struct nt_dma *dma, uint64_t logical, size_t length);

#endif
