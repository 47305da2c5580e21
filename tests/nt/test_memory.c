/* SPDX-License-Identifier: MIT */
/* Pool, DMA addresses, register space. */
#include <errno.h>
#include <signal.h>

#include "base/text.h"
#include "nt/guard.h"
#include "nt/irql.h"
#include "nt/pool.h"
#include "stage/machine.h"

/* Character constants of four letters, as drivers write tags: the last letter comes first. */
#define TAG(a, b, c, d) ((ULONG)(a) | (ULONG)(b) << 8 | (ULONG)(c) << 16 | (ULONG)(d) << 24)
#define TEST_TAG        TAG('T', 'e', 's', 't')

static void pool_is_aligned_and_accounted_for(void **state)
{
	struct test_machine *m = *state;
	void *small = ExAllocatePoolWithTag(NonPagedPoolNx, 24, TEST_TAG);
	void *page = ExAllocatePoolWithTag(NonPagedPoolNx, PAGE_SIZE, TEST_TAG);

	assert_non_null(small);
	assert_int_equal((uintptr_t)small % 16, 0);
	assert_int_equal((uintptr_t)page % PAGE_SIZE, 0);
	memset(small, 1, 24);
	ExFreePoolWithTag(small, TEST_TAG);
	ExFreePool(page);
	assert_int_equal(nt_pool_report(&m->machine, "test", (void *)machine_set_up), 0);
}

static void leaks_are_told_by_tag_and_freed(void **state)
{
	struct test_machine *m = *state;

	assert_non_null(ExAllocatePoolWithTag(NonPagedPoolNx, 100, TAG('L', 'e', 'a', 'k')));
	assert_non_null(ExAllocatePoolWithTag(NonPagedPoolNx, 28, TAG('L', 'e', 'a', 'k')));
	assert_int_equal(nt_pool_report(&m->machine, "test", (void *)machine_set_up), 2);
	assert_true(journal_tells(&m->journal,
				  "test Log text=pool leak: 2 blocks with tag 'Leak', 128 bytes"));
	assert_true(journal_tells(&m->journal, "test_memory.c:"));
	assert_int_equal(nt_pool_report(&m->machine, "test", (void *)machine_set_up), 0);
}

static void free_twice(void *context)
{
	void *memory = ExAllocatePoolWithTag(NonPagedPoolNx, 24, TEST_TAG);

	ExFreePool(memory);
	ExFreePool(memory);
}

static void free_wild(void *context)
{
	ExFreePoolWithTag((void *)0x1234, TEST_TAG);
}

static void free_with_wrong_tag(void *context)
{
	ExFreePoolWithTag(ExAllocatePoolWithTag(NonPagedPoolNx, 24, TEST_TAG),
			  TAG('O', 'h', 'e', 'r'));
}

static void allocate_without_tag(void *context)
{
	ExAllocatePoolWithTag(NonPagedPoolNx, 24, 0);
}

static void allocate_at_dirql(void *context)
{
	KIRQL irql;

	KeRaiseIrql(NT_DIRQL, &irql);
	ExAllocatePoolWithTag(NonPagedPoolNx, 24, TEST_TAG);
}

static void bad_pool_callers_end(void **state)
{
	child_violates(free_twice, NULL, "violation 0xC2 BAD_POOL_CALLER in ExFreePool",
		       "freed already", NULL);
	child_violates(free_wild, NULL, "BAD_POOL_CALLER in ExFreePoolWithTag", "0x1234", NULL);
	child_violates(free_with_wrong_tag, NULL, "has tag 'Test' and is freed with 'Oher'", NULL);
	child_violates(allocate_without_tag, NULL, "the tag is zero", NULL);
	child_violates(allocate_at_dirql, NULL, "called at IRQL 11", NULL);
}

static void write_to_block(SIZE_T size, SSIZE_T at, SIZE_T length)
{
	UCHAR *block = ExAllocatePoolWithTag(NonPagedPoolNx, size, TEST_TAG);

	/* Where the compiler does not see the size. */
	memset(block + *(volatile SSIZE_T *)&at, 0x41, length);
	ExFreePoolWithTag(block, TEST_TAG);
}

static void write_behind_block(void *context)
{
	write_to_block(100, 100, 1);
}

static void write_far_behind_block(void *context)
{
	write_to_block(PAGE_SIZE, PAGE_SIZE + 3, 8);
}

static void write_in_front_of_block(void *context)
{
	write_to_block(64, -2, 2);
}

static void write_behind_leak(void *context)
{
	struct test_machine *m = context;
	UCHAR *block = ExAllocatePoolWithTag(NonPagedPoolNx, 64, TEST_TAG);

	block[*(volatile int *)&(int){ 64 }] = 1;
	nt_pool_report(&m->machine, "test", (void *)machine_set_up);
}

/* The sanitizer has gaps of its own, and names the line. */
static void overruns(void (*act)(void *context), void *context, const char *call, const char *text)
{
	static struct child_end end;

	if (!nt_guard_poisons()) {
		child_violates(act, context, "0xC1 SPECIAL_POOL_DETECTED_MEMORY_CORRUPTION in",
			       call, text, NULL);
		return;
	}
	child_run(&end, act, context);
	assert_int_not_equal(end.exit_code, 0);
	assert_non_null(strstr(end.text, "heap-buffer-overflow"));
}

static void a_block_has_gaps_on_both_sides(void **state)
{
	overruns(
		write_behind_block, NULL, "ExFreePoolWithTag",
		"1 byte was written, the first lies 0 bytes behind the end of a pool block of 100 bytes with tag 'Test'.");
	overruns(
		write_far_behind_block, NULL, "ExFreePoolWithTag",
		"8 bytes were written, the first lies 3 bytes behind the end of a pool block of 4096");
	overruns(
		write_in_front_of_block, NULL, "ExFreePoolWithTag",
		"2 bytes were written, the first lies 2 bytes in front of a pool block of 64 bytes");
	overruns(write_behind_leak, *state, "the driver's unload",
		 "behind the end of a pool block");
}

static const atomic_bool some_open[3] = { true, false, true };

/* Pieces of 100 bytes, 128 apart, the first at byte 64; the second is not open. */
static void of_a_split_mapping_only_open_pieces_are_reached(void **state)
{
	struct nt_dma *dma = &((struct test_machine *)*state)->machine.dma;
	unsigned char memory[512];
	uint64_t at = nt_dma_map(dma, memory, sizeof(memory), UINT64_MAX);
	const struct nt_dma_pieces pieces = {
		.logical = at + 64, .stride = 128, .size = 100, .count = 3, .open = some_open
	};
	char room[256];
	struct text text = text_in(room, sizeof(room));

	nt_dma_name(dma, at, "test buffers");
	nt_dma_split(dma, at, &pieces);
	assert_ptr_equal(nt_dma_at(dma, at + 64, 100), memory + 64);
	assert_ptr_equal(nt_dma_at(dma, at + 163, 1), memory + 163);
	assert_ptr_equal(nt_dma_at(dma, at + 320, 100), memory + 320);
	assert_null(nt_dma_at(dma, at + 64, 101));
	assert_null(nt_dma_at(dma, at + 164, 1));
	assert_null(nt_dma_at(dma, at + 63, 2));
	assert_null(nt_dma_at(dma, at, 1));
	assert_null(nt_dma_at(dma, at + 192, 1));
	assert_null(nt_dma_at(dma, at + 448, 1));
	nt_dma_explain(dma, at + 64, 101, &text);
	assert_non_null(strstr(room, "in the test buffers at 0x"));
	nt_dma_unmap(dma, at);
	/* The next mapping there is whole again. */
	for (unsigned i = 0; i < NT_DMA_SLOTS - 1; i++)
		nt_dma_unmap(dma, nt_dma_map(dma, memory, 512, UINT64_MAX));
	at = nt_dma_map(dma, memory, sizeof(memory), UINT64_MAX);
	assert_ptr_equal(nt_dma_at(dma, at, 512), memory);
}

static void touch_beside(void *context)
{
	unsigned char *memory = nt_dma_allocate(context, 5000);

	signal(SIGSEGV, SIG_DFL);
	memory[*(volatile int *)&(int){ 8192 }] = 1;
}

static void touch_in_front(void *context)
{
	unsigned char *memory = nt_dma_allocate(context, 5000);

	signal(SIGSEGV, SIG_DFL);
	memory[*(volatile int *)&(int){ -1 }] = 1;
}

static void beside_memory_for_dma_nothing_is_reached(void **state)
{
	struct nt_dma *dma = &((struct test_machine *)*state)->machine.dma;
	static struct child_end end;

	child_run(&end, touch_beside, dma);
	assert_int_equal(end.signal, SIGSEGV);
	child_run(&end, touch_in_front, dma);
	assert_int_equal(end.signal, SIGSEGV);
}

static void dma_addresses_are_not_pointers(void **state)
{
	struct nt_dma *dma = &((struct test_machine *)*state)->machine.dma;
	unsigned char memory[100];
	uint64_t a = nt_dma_map(dma, memory, sizeof(memory), 0xFFFFFFFF);
	uint64_t b = nt_dma_map(dma, memory + 10, 20, 0xFFFFFFFF);

	assert_true(a && b && a != b);
	assert_int_equal(a % ((uint64_t)1 << NT_DMA_SLOT_BITS), 0);
	assert_ptr_equal(nt_dma_at(dma, a, 100), memory);
	assert_ptr_equal(nt_dma_at(dma, a + 99, 1), memory + 99);
	assert_ptr_equal(nt_dma_at(dma, b + 5, 15), memory + 15);
	assert_null(nt_dma_at(dma, a, 101));
	assert_null(nt_dma_at(dma, a + 100, 1));
	assert_null(nt_dma_at(dma, a + 50, SIZE_MAX));
	assert_null(nt_dma_at(dma, 0, 1));
	assert_null(nt_dma_at(dma, (uint64_t)(uintptr_t)memory, 1));
	assert_null(nt_dma_at(dma, UINT64_MAX, 1));
	nt_dma_unmap(dma, a);
	assert_null(nt_dma_at(dma, a, 1));
	assert_ptr_equal(nt_dma_at(dma, b, 20), memory + 10);
	nt_dma_unmap(dma, b);
	assert_int_equal(nt_dma_map(dma, memory, sizeof(memory), 0xFFFF), 0);
	assert_int_equal(nt_dma_map(dma, memory, 0, UINT64_MAX), 0);
}

static void a_mapping_may_take_several_slots(void **state)
{
	struct nt_dma *dma = &((struct test_machine *)*state)->machine.dma;
	size_t slot = (size_t)1 << NT_DMA_SLOT_BITS, length = 2 * slot + 100;
	unsigned char *memory = malloc(length);
	uint64_t logical = nt_dma_map(dma, memory, length, UINT64_MAX);

	assert_ptr_equal(nt_dma_at(dma, logical + slot - 10, 20), memory + slot - 10);
	assert_ptr_equal(nt_dma_at(dma, logical, length), memory);
	assert_null(nt_dma_at(dma, logical + 2 * slot, 101));
	assert_true(nt_dma_map(dma, memory, 1, UINT64_MAX) >= logical + 3 * slot);
	nt_dma_unmap(dma, logical);
	assert_null(nt_dma_at(dma, logical + 2 * slot, 1));
	free(memory);
}

static void an_unmapped_address_comes_back_last(void **state)
{
	struct nt_dma *dma = &((struct test_machine *)*state)->machine.dma;
	const uint64_t slot = (uint64_t)1 << NT_DMA_SLOT_BITS, maximum = 8 * slot - 1;
	unsigned char memory[100];
	uint64_t kept = nt_dma_map(dma, memory, sizeof(memory), maximum);
	uint64_t first = nt_dma_map(dma, memory, sizeof(memory), maximum), logical;

	nt_dma_unmap(dma, first);
	for (int i = 0; i < 5; i++) {
		logical = nt_dma_map(dma, memory, sizeof(memory), maximum);
		assert_true(logical && logical != kept && logical != first);
		nt_dma_unmap(dma, logical);
	}
	/* Now all below the maximum were in use: the longest unmapped comes first. */
	assert_int_equal(nt_dma_map(dma, memory, sizeof(memory), maximum), first);
	assert_int_equal(nt_dma_map(dma, memory, slot + 1, maximum), first + slot);
	assert_int_equal(nt_dma_map(dma, memory, sizeof(memory), kept + slot - 1), 0);
}

static void what_was_mapped_is_remembered(void **state)
{
	struct nt_dma *dma = &((struct test_machine *)*state)->machine.dma;
	const uint64_t slot = (uint64_t)1 << NT_DMA_SLOT_BITS;
	size_t length = (size_t)slot + 100;
	unsigned char *memory = malloc(length);
	uint64_t logical = nt_dma_map(dma, memory, length, UINT64_MAX);
	struct nt_dma_past past;

	nt_dma_name(dma, logical, "ring");
	assert_false(nt_dma_past(dma, logical, &past));
	nt_dma_unmap(dma, logical);
	assert_true(nt_dma_past(dma, logical + slot + 99, &past));
	assert_int_equal(past.logical, logical);
	assert_int_equal(past.length, length);
	assert_string_equal(past.what, "ring");
	assert_true(past.unmapped_ns != 0);
	assert_false(nt_dma_past(dma, logical + slot + 100, &past));
	assert_false(nt_dma_past(dma, 0, &past));
	assert_false(nt_dma_past(dma, UINT64_MAX, &past));
	free(memory);
}

/* A device that remembers its last access. */
struct registers {
	uint64_t offset, value;
	unsigned width;
};

static uint64_t read_toy(void *context, uint64_t offset, unsigned width)
{
	struct registers *registers = context;

	registers->offset = offset;
	registers->width = width;
	return 0x1122334455667700u + offset;
}

static void write_toy(void *context, uint64_t offset, unsigned width, uint64_t value)
{
	*(struct registers *)context =
		(struct registers){ .offset = offset, .value = value, .width = width };
}

static const struct nt_mmio_ops toy_ops = { .read = read_toy, .write = write_toy };

static PHYSICAL_ADDRESS at(uint64_t address)
{
	return (PHYSICAL_ADDRESS){ .QuadPart = (LONGLONG)address };
}

static void registers_are_reached_at_every_width(void **state)
{
	struct nt_mmio *mmio = &((struct test_machine *)*state)->machine.mmio;
	struct registers toy = { 0 };
	unsigned char *va;
	USHORT pair[2];

	assert_int_equal(nt_mmio_add(mmio, 0xFE000000, 0x100, &toy_ops, &toy), 0);
	assert_int_equal(nt_mmio_add(mmio, 0xFE0000FF, 0x100, &toy_ops, &toy), -EEXIST);
	va = MmMapIoSpaceEx(at(0xFE000000), 0x100, PAGE_READWRITE | PAGE_NOCACHE);
	assert_non_null(va);
	assert_int_equal(READ_REGISTER_UCHAR(va + 0x37), 0x37);
	assert_int_equal(toy.width, 1);
	assert_int_equal(READ_REGISTER_USHORT((USHORT *)(va + 0x3C)), 0x773C);
	assert_int_equal(READ_REGISTER_ULONG((ULONG *)(va + 0x40)), 0x55667740);
	assert_int_equal(READ_REGISTER_ULONG64((ULONG64 *)(va + 0x48)), 0x1122334455667748u);
	WRITE_REGISTER_UCHAR(va + 0xFF, 0xAB);
	assert_int_equal(toy.offset, 0xFF);
	assert_int_equal(toy.value, 0xAB);
	WRITE_REGISTER_ULONG((ULONG *)(va + 0xFC), 0xDEADBEEF);
	assert_int_equal(toy.value, 0xDEADBEEF);
	READ_REGISTER_BUFFER_USHORT((USHORT *)(va + 4), pair, 2);
	assert_int_equal(pair[0], 0x7704);
	assert_int_equal(pair[1], 0x7706);
	MmUnmapIoSpace(va, 0x100);
	nt_mmio_remove(mmio, 0xFE000000);
	assert_null(MmMapIoSpaceEx(at(0xFE000000), 0x100, PAGE_READWRITE));
}

static void a_part_of_a_device_can_be_mapped(void **state)
{
	struct nt_mmio *mmio = &((struct test_machine *)*state)->machine.mmio;
	struct registers toy = { 0 };
	unsigned char *va;

	assert_int_equal(nt_mmio_add(mmio, 0xFE000000, 0x1000, &toy_ops, &toy), 0);
	va = MmMapIoSpace(at(0xFE000080), 0x10, MmNonCached);
	READ_REGISTER_UCHAR(va);
	assert_int_equal(toy.offset, 0x80);
	assert_null(MmMapIoSpace(at(0xFE000FFF), 2, MmNonCached));
	assert_null(MmMapIoSpace(at(0xFDFFFFFF), 2, MmNonCached));
	assert_null(MmMapIoSpace(at(0xFE000000), 0, MmNonCached));
	assert_true(journal_tells(&((struct test_machine *)*state)->journal,
				  "are not within a device's memory"));
	/* The host unplugs it with the mapping still there. */
	nt_mmio_remove(mmio, 0xFE000000);
}

static unsigned char *map_toy(void)
{
	static struct registers toy;

	nt_mmio_add(&nt_machine()->mmio, 0xFE000000, 0x100, &toy_ops, &toy);
	return MmMapIoSpaceEx(at(0xFE000000), 0x100, PAGE_READWRITE);
}

static void read_behind(void *context)
{
	READ_REGISTER_ULONG((ULONG *)(map_toy() + 0xFE));
}

static void write_unmapped(void *context)
{
	unsigned char *va = map_toy();

	MmUnmapIoSpace(va, 0x100);
	WRITE_REGISTER_UCHAR(va, 1);
}

static void unmap_half(void *context)
{
	MmUnmapIoSpace(map_toy(), 0x80);
}

static void accesses_outside_a_mapping_end_the_driver(void **state)
{
	child_violates(read_behind, NULL,
		       "violation 0x50 PAGE_FAULT_IN_NONPAGED_AREA in READ_REGISTER_ULONG",
		       "4 bytes at", NULL);
	child_violates(write_unmapped, NULL, "in WRITE_REGISTER_UCHAR", "outside every mapping",
		       NULL);
	child_violates(unmap_half, NULL, "MEMORY_MANAGEMENT in MmUnmapIoSpace", NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, machine_set_up, machine_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pool_is_aligned_and_accounted_for),
		TEST(leaks_are_told_by_tag_and_freed),
		TEST(bad_pool_callers_end),
		TEST(a_block_has_gaps_on_both_sides),
		TEST(of_a_split_mapping_only_open_pieces_are_reached),
		TEST(beside_memory_for_dma_nothing_is_reached),
		TEST(dma_addresses_are_not_pointers),
		TEST(a_mapping_may_take_several_slots),
		TEST(an_unmapped_address_comes_back_last),
		TEST(what_was_mapped_is_remembered),
		TEST(registers_are_reached_at_every_width),
		TEST(a_part_of_a_device_can_be_mapped),
		TEST(accesses_outside_a_mapping_end_the_driver),
	};

	return cmocka_run_group_tests_name("nt memory", tests, NULL, NULL);
}
