/* SPDX-License-Identifier: MIT */
/* The executive at its edges: nothing, too much, and the last of what there is. */
#include "base/clock.h"
#include "nt/irql.h"
#include "nt/pool.h"
#include "stage/machine.h"

#define TAG 0x31474445u /* "EDG1" */

static void pool_of_nothing_and_of_too_much(void **state)
{
	static const POOL_TYPE types[] = { NonPagedPool, PagedPool, NonPagedPoolNx,
					   NonPagedPoolNxCacheAligned };
	static const SIZE_T too_much[] = { SIZE_MAX, SIZE_MAX - 15, SIZE_MAX - PAGE_SIZE,
					   (SIZE_T)1 << 62 };
	struct test_machine *m = *state;
	void *none[2];

	for (unsigned i = 0; i < ARRAYSIZE(types); i++) {
		void *one = ExAllocatePoolWithTag(types[i], 1, TAG);

		assert_non_null(one);
		memset(one, 0xff, 1);
		ExFreePoolWithTag(one, TAG);
	}
	/* Of no bytes, each is a block of its own, to be freed like others. */
	none[0] = ExAllocatePoolWithTag(NonPagedPoolNx, 0, TAG);
	none[1] = ExAllocatePoolWithTag(NonPagedPoolNx, 0, MAXULONG);
	assert_non_null(none[0]);
	assert_non_null(none[1]);
	assert_ptr_not_equal(none[0], none[1]);
	ExFreePoolWithTag(none[0], TAG);
	ExFreePool(none[1]);
	for (unsigned i = 0; i < ARRAYSIZE(too_much); i++)
		assert_null(ExAllocatePoolWithTag(NonPagedPoolNx, too_much[i], TAG));
	assert_int_equal(nt_pool_report(&m->machine, "test", (void *)machine_set_up), 0);
}

static uint64_t read_ones(void *context, uint64_t offset, unsigned width)
{
	return ~0ull;
}

static void write_nothing(void *context, uint64_t offset, unsigned width, uint64_t value)
{
}

static const struct nt_mmio_ops ones = { .read = read_ones, .write = write_nothing };

static PVOID map(uint64_t address, SIZE_T length)
{
	PHYSICAL_ADDRESS at = { .QuadPart = (LONGLONG)address };

	return MmMapIoSpaceEx(at, length, PAGE_READWRITE | PAGE_NOCACHE);
}

static void a_range_ends_where_its_device_does(void **state)
{
	struct nt_mmio *mmio = &((struct test_machine *)*state)->machine.mmio;
	const uint64_t last = 0xfffffffffffff000;
	UCHAR *va, *again;

	assert_int_equal(nt_mmio_add(mmio, 0xfe000000, 0x1001, &ones, NULL), 0);
	assert_int_equal(nt_mmio_add(mmio, last, 0x1000, &ones, NULL), 0);
	assert_null(map(0xfe000000, 0x1002));
	assert_null(map(0xfe000001, 0x1001));
	assert_null(map(0xfe001001, 1));
	assert_null(map(0xfdffffff, 0x1001));
	assert_null(map(0xfe000000, SIZE_MAX));
	/* an address behind which nothing is, and a length that would come out before it */
	assert_null(map(UINT64_MAX, 2));
	assert_null(map(last, 0x1001));
	assert_null(map(last + 1, SIZE_MAX));
	va = map(UINT64_MAX, 1);
	assert_non_null(va);
	assert_int_equal(READ_REGISTER_UCHAR(va), 0xff);
	MmUnmapIoSpace(va, 1);
	/* the same registers twice, and from the last byte on */
	va = map(0xfe001000, 1);
	again = map(0xfe000ffe, 3);
	assert_non_null(va);
	assert_non_null(again);
	assert_ptr_not_equal(va, again);
	assert_int_equal(READ_REGISTER_UCHAR(again + 2), 0xff);
	MmUnmapIoSpace(va, 1);
	MmUnmapIoSpace(again, 3);
	nt_mmio_remove(mmio, 0xfe000000);
	nt_mmio_remove(mmio, last);
}

static void unmap_twice(void *context)
{
	UCHAR *va = map(0xfe000000, 0x10);

	MmUnmapIoSpace(va, 0x10);
	MmUnmapIoSpace(va, 0x10);
}

static void unmap_nothing(void *context)
{
	MmUnmapIoSpace(NULL, 0);
}

static void map_at_dirql(void *context)
{
	KIRQL irql;

	KeRaiseIrql(NT_DIRQL, &irql);
	map(0xfe000000, 0x10);
}

static void unmapping_is_checked(void **state)
{
	struct nt_mmio *mmio = &((struct test_machine *)*state)->machine.mmio;

	assert_int_equal(nt_mmio_add(mmio, 0xfe000000, 0x100, &ones, NULL), 0);
	child_violates(unmap_twice, NULL, "MEMORY_MANAGEMENT in MmUnmapIoSpace", NULL);
	child_violates(unmap_nothing, NULL, "MEMORY_MANAGEMENT in MmUnmapIoSpace", NULL);
	child_violates(map_at_dirql, NULL, "IRQL_NOT_LESS_OR_EQUAL in MmMapIoSpaceEx", NULL);
	nt_mmio_remove(mmio, 0xfe000000);
}

static void memory_is_compared_from_the_front(void **state)
{
	UCHAR a[32], b[32];

	memset(a, 7, sizeof(a));
	for (unsigned i = 0; i <= 32; i++) {
		memset(b, 7, sizeof(b));
		if (i < 32)
			b[i] = 8;
		assert_int_equal(RtlCompareMemory(a, b, 32), i);
		assert_int_equal(RtlCompareMemory(a, b, i), i);
		assert_int_equal(RtlCompareMemory(a, b, 0), 0);
	}
}

/* What a flush has waited for has run to its end, also what was queued meanwhile by another DPC. */
static LONG volatile ran;
static KDPC first, second;

static void second_routine(PKDPC dpc, PVOID context, PVOID a, PVOID b)
{
	KeStallExecutionProcessor(100);
	InterlockedOr(&ran, 2);
}

static void first_routine(PKDPC dpc, PVOID context, PVOID a, PVOID b)
{
	InterlockedOr(&ran, 1);
	assert_true(KeInsertQueueDpc(&second, NULL, NULL));
	assert_false(KeInsertQueueDpc(&second, NULL, NULL));
}

static void a_flush_leaves_no_dpc(void **state)
{
	uint64_t start = clock_ns();

	KeStallExecutionProcessor(0);
	KeFlushQueuedDpcs();
	assert_true(clock_ns() - start < 1000000000);
	ran = 0;
	KeInitializeDpc(&first, first_routine, NULL);
	KeInitializeDpc(&second, second_routine, NULL);
	assert_true(KeInsertQueueDpc(&first, NULL, NULL));
	KeFlushQueuedDpcs();
	assert_int_equal(ran, 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, machine_set_up, machine_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pool_of_nothing_and_of_too_much),
		TEST(a_range_ends_where_its_device_does),
		TEST(unmapping_is_checked),
		TEST(memory_is_compared_from_the_front),
		TEST(a_flush_leaves_no_dpc),
	};

	return cmocka_run_group_tests_name("nt edges", tests, NULL, NULL);
}
