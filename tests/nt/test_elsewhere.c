/* SPDX-License-Identifier: MIT */
/* What a device outside of this process needs: to be told of mappings, memory in files, registers
 * of its own. */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stage/machine.h"

/* A device's side of an address space: the last mapping it was told of, seen as it would see it. */
struct far {
	struct nt_dma dma;
	unsigned mapped, unmapped;
	bool refuses;
	uint64_t logical;
	size_t length;
	unsigned char *view; /* by the file descriptor alone */
};

static int far_map(void *context, const struct nt_dma_mapping *mapping)
{
	struct far *far = context;

	if (far->refuses || mapping->fd < 0)
		return -EINVAL;
	far->mapped++;
	far->logical = mapping->logical;
	far->length = mapping->length;
	far->view = mmap(NULL, mapping->length, PROT_READ | PROT_WRITE, MAP_SHARED, mapping->fd,
			 (off_t)mapping->fd_offset);
	return far->view == MAP_FAILED ? -errno : 0;
}

static void far_unmap(void *context, const struct nt_dma_mapping *mapping)
{
	struct far *far = context;

	assert_int_equal(mapping->logical, far->logical);
	assert_int_equal(mapping->length, far->length);
	munmap(far->view, mapping->length);
	far->view = NULL;
	far->unmapped++;
}

static void make(struct far *far)
{
	const struct nt_dma_listener listener = {
		.context = far, .in_files = true, .map = far_map, .unmap = far_unmap
	};

	*far = (struct far){ 0 };
	nt_dma_init(&far->dma, &listener);
}

static void memory_is_the_same_on_both_sides(void **state)
{
	struct far *far = malloc(sizeof(*far));
	unsigned char *memory;
	uint64_t logical;

	make(far);
	memory = nt_dma_allocate(&far->dma, 3 * 4096);
	assert_non_null(memory);
	assert_int_equal(memory[3 * 4096 - 1], 0);
	logical = nt_dma_map(&far->dma, memory + 4096, 8192, UINT64_MAX);
	assert_true(logical != 0);
	assert_int_equal(far->logical, logical);
	assert_int_equal(far->length, 8192);
	memory[4096 + 17] = 0xAB;
	assert_int_equal(far->view[17], 0xAB);
	far->view[8191] = 0xCD;
	assert_int_equal(memory[3 * 4096 - 1], 0xCD);
	assert_ptr_equal(nt_dma_at(&far->dma, logical, 8192), memory + 4096);
	nt_dma_unmap(&far->dma, logical);
	assert_int_equal(far->unmapped, 1);
	nt_dma_unmap(&far->dma, logical);
	assert_int_equal(far->unmapped, 1);
	nt_dma_free(&far->dma, memory, 3 * 4096);
	assert_null(far->dma.files);
	nt_dma_destroy(&far->dma);
	free(far);
}

static void what_the_device_cannot_reach_gets_no_address(void **state)
{
	struct far *far = malloc(sizeof(*far));
	unsigned char own[100], *memory;

	make(far);
	assert_int_equal(nt_dma_map(&far->dma, own, sizeof(own), UINT64_MAX), 0);
	memory = nt_dma_allocate(&far->dma, 4096);
	far->refuses = true;
	assert_int_equal(nt_dma_map(&far->dma, memory, 4096, UINT64_MAX), 0);
	assert_null(nt_dma_at(&far->dma, (uint64_t)1 << NT_DMA_SLOT_BITS, 1));
	far->refuses = false;
	assert_true(nt_dma_map(&far->dma, memory, 4096, UINT64_MAX) != 0);
	assert_int_equal(far->mapped, 1);
	nt_dma_unmap(&far->dma, far->logical);
	nt_dma_free(&far->dma, memory, 4096);
	nt_dma_destroy(&far->dma);
	free(far);
}

/* A page of registers that this process can have, a second one that it cannot. */
struct card {
	int fd;
	unsigned reads, writes;
};

static uint64_t read_card(void *context, uint64_t offset, unsigned width)
{
	((struct card *)context)->reads++;
	return offset;
}

static void write_card(void *context, uint64_t offset, unsigned width, uint64_t value)
{
	((struct card *)context)->writes++;
}

static int map_card(void *context, void *va, uint64_t offset, size_t length)
{
	struct card *card = context;

	if (offset + length > 4096)
		return -EINVAL;
	return mmap(va, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, card->fd,
		    (off_t)offset) == MAP_FAILED
		       ? -errno
		       : 0;
}

static const struct nt_mmio_ops card_ops = { .read = read_card,
					     .write = write_card,
					     .map = map_card };

static PHYSICAL_ADDRESS at(uint64_t address)
{
	return (PHYSICAL_ADDRESS){ .QuadPart = (LONGLONG)address };
}

static void read_late(void *context)
{
	READ_REGISTER_ULONG(context);
}

static void registers_of_its_own_are_reached_without_a_trap(void **state)
{
	struct nt_mmio *mmio = &((struct test_machine *)*state)->machine.mmio;
	struct card card = { .fd = memfd_create("registers", MFD_CLOEXEC) };
	unsigned char *direct, *trapped, *chip;

	assert_int_equal(ftruncate(card.fd, 4096), 0);
	chip = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, card.fd, 0);
	assert_int_equal(nt_mmio_add(mmio, 0xFE000000, 0x2000, &card_ops, &card), 0);
	direct = MmMapIoSpaceEx(at(0xFE000000), 0x1000, PAGE_READWRITE | PAGE_NOCACHE);
	trapped = MmMapIoSpaceEx(at(0xFE001000), 0x1000, PAGE_READWRITE | PAGE_NOCACHE);

	WRITE_REGISTER_UCHAR(direct + 1, 0x11);
	WRITE_REGISTER_USHORT((USHORT *)(direct + 2), 0x2222);
	WRITE_REGISTER_ULONG((ULONG *)(direct + 4), 0x44444444);
	WRITE_REGISTER_ULONG64((ULONG64 *)(direct + 8), 0x8888888888888888u);
	assert_memory_equal(chip, "\0\x11\x22\x22\x44\x44\x44\x44\x88\x88\x88\x88\x88\x88\x88\x88",
			    16);
	*(volatile ULONG *)(direct + 0x40) = 0x12345678; /* a plain store */
	assert_int_equal(chip[0x40], 0x78);
	chip[0xFFF] = 0x5A;
	assert_int_equal(READ_REGISTER_UCHAR(direct + 0xFFF), 0x5A);
	assert_int_equal(READ_REGISTER_USHORT((USHORT *)(direct + 2)), 0x2222);
	assert_int_equal(READ_REGISTER_ULONG((ULONG *)(direct + 4)), 0x44444444);
	assert_int_equal(READ_REGISTER_ULONG64((ULONG64 *)(direct + 8)), 0x8888888888888888u);
	assert_int_equal(card.reads + card.writes, 0);

	assert_int_equal(READ_REGISTER_ULONG((ULONG *)(trapped + 8)), 0x1008);
	WRITE_REGISTER_ULONG((ULONG *)(trapped + 8), 1);
	assert_int_equal(card.reads, 1);
	assert_int_equal(card.writes, 1);

	MmUnmapIoSpace(direct, 0x1000);
	child_violates(read_late, direct, "READ_REGISTER_ULONG", NULL);
	nt_mmio_remove(mmio, 0xFE000000);
	munmap(chip, 4096);
	close(card.fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(memory_is_the_same_on_both_sides, machine_set_up,
						machine_tear_down),
		cmocka_unit_test_setup_teardown(what_the_device_cannot_reach_gets_no_address,
						machine_set_up, machine_tear_down),
		cmocka_unit_test_setup_teardown(registers_of_its_own_are_reached_without_a_trap,
						machine_set_up, machine_tear_down),
	};

	return cmocka_run_group_tests_name("nt elsewhere", tests, NULL, NULL);
}
