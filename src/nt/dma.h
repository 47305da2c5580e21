/* SPDX-License-Identifier: MIT */
/*
 * DMA memory: a logical address space apart from virtual memory, as behind an IOMMU. A device
 * reaches only what was mapped; a wrong address is seen, not followed.
 *
 * The devices of this process share the machine's space. A device that lives elsewhere has a space
 * of its own with a listener, who tells it what is mapped.
 */
#ifndef NT_DMA_H
#define NT_DMA_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text;

#define NT_DMA_SLOT_BITS 26   /* 64 MB; slot 0 is never used, so logical address 0 is invalid */
#define NT_DMA_SLOTS     1024 /* 64 slots lie under 4 GB, for 32-bit devices */

/* A mapping, for a listener. */
struct nt_dma_mapping {
	uint64_t logical;
	void *memory;
	size_t length;
	/* Where it lies in a file that can be sent to another process; -1: it lies in none. */
	int fd;
	uint64_t fd_offset;
};

/*
 * Called in the thread that maps and unmaps, with the space's lock: no nt_dma function from here,
 * and none of the datapath's threads is waited for.
 */
struct nt_dma_listener {
	void *context;
	/* The device reaches only memory that lies in a file: nt_dma_allocate() gives such. */
	bool in_files;
	/* Return: 0 before the mapping counts, or -errno: then it is refused. */
	int (*map)(void *context, const struct nt_dma_mapping *mapping);
	/* On return the device uses it no more; its memory may be gone soon. */
	void (*unmap)(void *context, const struct nt_dma_mapping *mapping);
};

/* The mapping that a slot has, or had last. */
struct nt_dma_past {
	uint64_t logical;     /* of its first byte */
	size_t length;        /* bytes; 0: the slot never had one */
	const char *what;     /* "common buffer"; NULL: nobody said */
	uint64_t unmapped_ns; /* CLOCK_MONOTONIC; 0: it is mapped, or never was */
};

/*
 * A slot's entry; va is published last. A mapping larger than a slot takes several in a row; each
 * one's length is what is left of the mapping from there. The past is under the space's lock.
 */
struct nt_dma_slot {
	_Atomic(unsigned char *) va;
	_Atomic size_t length;
	_Atomic(const struct nt_dma_pieces *) pieces; /* NULL: all of it is reached */
	struct nt_dma_past last;
};

/*
 * What of a mapping a device may reach, when it is made of equal pieces with gaps between them. Its
 * owner's; unchanged while the mapping has it.
 */
struct nt_dma_pieces {
	uint64_t logical; /* of the first piece */
	uint32_t stride, size, count;
	const atomic_bool *open; /* by piece: it may be reached now; read relaxed */
};

struct nt_dma_file;

struct nt_dma {
	pthread_mutex_t lock;            /* of those who map, unmap, allocate and free */
	struct nt_dma_listener listener; /* zero: nobody listens */
	struct nt_dma_file *files;       /* memory that was allocated in files */
	struct nt_dma_slot slots[NT_DMA_SLOTS];
};

/*
 * nt_dma_init() - an address space without mappings
 * @listener: copied; NULL: for devices in this process
 * nt_dma_destroy() - of one that nobody uses any more
 */
void nt_dma_init(struct nt_dma *dma, const struct nt_dma_listener *listener);
void nt_dma_destroy(struct nt_dma *dma);

/*
 * nt_dma_allocate() - zeroed memory, whole pages, that the space's devices can reach once mapped;
 * a page on each side of it faults
 * @length: bytes, not 0
 * Return: NULL: there is no memory. Any thread, takes no lock of the datapath.
 */
void *nt_dma_allocate(struct nt_dma *dma, size_t length);
/* nt_dma_free() - @length as at its allocation. It is mapped no more. */
void nt_dma_free(struct nt_dma *dma, void *memory, size_t length);

/*
 * nt_dma_map() - give memory a logical address
 * @maximum: highest logical address the device can reach
 * Return: the logical address of the first byte (slot-aligned), 0 when no slot is free or the
 * listener refused it.
 * The memory must stay until nt_dma_unmap(). Any thread, takes no lock of the datapath.
 * Addresses go round: those unmapped the longest ago are handed out first, so that a device that
 * is left with an old address is seen.
 */
uint64_t nt_dma_map(struct nt_dma *dma, void *memory, size_t length, uint64_t maximum);
/* nt_dma_map_between() - the same with a lowest address */
uint64_t nt_dma_map_between(struct nt_dma *dma, void *memory, size_t length, uint64_t minimum,
			    uint64_t maximum);
void nt_dma_unmap(struct nt_dma *dma, uint64_t logical);

/*
 * nt_dma_name() - say what a mapping is, for reports
 * @logical: as nt_dma_map() returned it
 * @what:    "common buffer"; kept, not copied, also beyond the mapping
 */
void nt_dma_name(struct nt_dma *dma, uint64_t logical, const char *what);

/*
 * nt_dma_split() - of the mapping at @logical only these pieces are reached from now on
 * @pieces: stays with the mapping until it is unmapped
 */
void nt_dma_split(struct nt_dma *dma, uint64_t logical, const struct nt_dma_pieces *pieces);

/*
 * nt_dma_past() - was there a mapping at an address that has none now?
 * @past: written when there was: the last one, with the time of its end. Any thread.
 */
bool nt_dma_past(struct nt_dma *dma, uint64_t logical, struct nt_dma_past *past);

/*
 * nt_dma_at() - where a device's access goes
 * Return: the memory behind [logical, logical + length), or NULL when it is not all in one
 * mapping, and in one piece of it that is open. Lock-free, any thread.
 */
void *nt_dma_at(struct nt_dma *dma, uint64_t logical, size_t length);

/*
 * nt_dma_logical() - the other way round
 * Return: the logical address of @memory; 0: it is not mapped. Lock-free, any thread.
 */
uint64_t nt_dma_logical(struct nt_dma *dma, const void *memory);

/*
 * nt_dma_explain() - why nt_dma_at() has nothing there, behind "the read at ..., 64 bytes,"
 * "runs 3 bytes behind the end of the common buffer at 0x4000000, 4096 bytes."
 */
void nt_dma_explain(struct nt_dma *dma, uint64_t logical, size_t length, struct text *text);

#endif
