/* SPDX-License-Identifier: MIT */
/*
 * Physical memory ranges that are device registers, and their mappings into a driver's view.
 */
#ifndef NT_TRAP_MMIO_H
#define NT_TRAP_MMIO_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NT_MMIO_REGIONS  16
#define NT_MMIO_MAPPINGS 16

/* What is behind a range. @width is 1, 2, 4 or 8 bytes; @offset + @width lies inside the range. */
struct nt_mmio_ops {
	uint64_t (*read)(void *context, uint64_t offset, unsigned width);
	void (*write)(void *context, uint64_t offset, unsigned width, uint64_t value);
	/*
	 * map: for a device whose registers this process can have in its address space, as VFIO's:
	 * put them at @va, over what is mapped there (MAP_FIXED), so that accesses reach them
	 * without a trap. Page-aligned. Return: 0 or -errno: accesses of that part go to read and
	 * write. NULL for a model. In MmMapIoSpaceEx, with the machine's mmio lock; the unmapping
	 * is ours.
	 */
	int (*map)(void *context, void *va, uint64_t offset, size_t length);
};

struct nt_mmio_region {
	uint64_t physical;
	size_t length;
	const struct nt_mmio_ops *ops;
	void *context;
};

/*
 * Unless it is direct, va is address space without access: READ_REGISTER_* and WRITE_REGISTER_*
 * reach the device through it, and plain loads and stores by way of a fault (nt/trap/trap.h).
 */
struct nt_mmio_mapping {
	_Atomic(unsigned char *) va;
	_Atomic size_t length;
	const struct nt_mmio_region *region;
	uint64_t offset; /* of va in the region */
	bool direct;     /* the device's own registers lie at va */
};

struct nt_trap_cache;

struct nt_mmio {
	pthread_mutex_t lock; /* of those who add, remove, map and unmap */
	struct nt_mmio_region regions[NT_MMIO_REGIONS];
	struct nt_mmio_mapping mappings[NT_MMIO_MAPPINGS];
	struct nt_trap_cache *traps; /* from the first mapping on */
	void (*mapped)(void);        /* accesses to a new mapping are about to fault; may be NULL */
	/* The last ones that were unmapped stay without access, so that late accesses are told. */
	struct {
		_Atomic(unsigned char *) va;
		_Atomic size_t length;
	} retired[NT_MMIO_MAPPINGS];
	unsigned next_retired;
};

/* nt_mmio_destroy() - of a machine that nobody runs on */
void nt_mmio_destroy(struct nt_mmio *mmio);

/* nt_mmio_add() - put a device at a physical address. Return: 0, or -ENOSPC, -EEXIST (overlap). */
int nt_mmio_add(struct nt_mmio *mmio, uint64_t physical, size_t length,
		const struct nt_mmio_ops *ops, void *context);
void nt_mmio_remove(struct nt_mmio *mmio, uint64_t physical);

/*
 * nt_mmio_at() - the mapping that holds [va, va + width) as register space
 * Return: NULL when none does; else *offset is va's offset in the mapping's region.
 * Lock-free, any thread.
 */
const struct nt_mmio_mapping *nt_mmio_at(struct nt_mmio *mmio, const volatile void *va,
					 unsigned width, uint64_t *offset);

/*
 * nt_mmio_page() - the mapping whose pages hold @va, even behind its length; NULL: none
 * Async-signal-safe.
 */
const struct nt_mmio_mapping *nt_mmio_page(struct nt_mmio *mmio, uintptr_t va);

/* nt_mmio_is_retired() - whether @va was in a mapping not long ago. Async-signal-safe. */
bool nt_mmio_is_retired(const struct nt_mmio *mmio, uintptr_t va);

#endif
