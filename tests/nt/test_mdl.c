/* SPDX-License-Identifier: MIT */
/* Memory descriptor lists, contiguous memory, physical addresses. */
#include "nt/contiguous.h"
#include "nt/irql.h"
#include "nt/pool.h"
#include "stage/machine.h"

#define TEST_TAG 0x74736554 /* "Test" */
#define VERIFIER "violation 0xC4 DRIVER_VERIFIER_DETECTED_VIOLATION in "

static const PHYSICAL_ADDRESS zero = { .QuadPart = 0 };
static const PHYSICAL_ADDRESS anywhere = { .QuadPart = MAXLONGLONG };
static const PHYSICAL_ADDRESS below_4_gb = { .QuadPart = 0xFFFFFFFF };

/* 3 pages and something, of which a buffer begins at byte 100 of the first and ends in the fourth.
 */
static UCHAR *buffer_of(ULONG *length)
{
	UCHAR *pool = ExAllocatePool2(POOL_FLAG_NON_PAGED, 4 * PAGE_SIZE, TEST_TAG);

	*length = 3 * PAGE_SIZE;
	return pool + 100;
}

static void free_buffer(UCHAR *buffer)
{
	ExFreePoolWithTag(buffer - 100, TEST_TAG);
}

static void a_list_describes_its_buffer(void **state)
{
	ULONG length;
	UCHAR *buffer = buffer_of(&length);
	PMDL mdl = IoAllocateMdl(buffer, length, FALSE, FALSE, NULL);
	PPFN_NUMBER pages = MmGetMdlPfnArray(mdl);

	assert_null(mdl->Next);
	assert_int_equal(mdl->Size, sizeof(MDL) + 4 * sizeof(PFN_NUMBER));
	assert_int_equal(MmSizeOfMdl(buffer, length), mdl->Size);
	assert_int_equal(MmSizeOfMdl(buffer - 100, PAGE_SIZE), sizeof(MDL) + sizeof(PFN_NUMBER));
	assert_int_equal(MmGetMdlByteCount(mdl), length);
	assert_int_equal(MmGetMdlByteOffset(mdl), 100);
	assert_ptr_equal(MmGetMdlBaseVa(mdl), buffer - 100);
	assert_ptr_equal(MmGetMdlVirtualAddress(mdl), buffer);
	assert_int_equal(mdl->MdlFlags & (MDL_PAGES_LOCKED | MDL_SOURCE_IS_NONPAGED_POOL), 0);

	MmBuildMdlForNonPagedPool(mdl);
	assert_int_equal(mdl->MdlFlags, MDL_SOURCE_IS_NONPAGED_POOL);
	assert_ptr_equal(MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority), buffer);
	assert_true((PVOID)pages == (PVOID)(mdl + 1));
	KeFlushIoBuffers(mdl, TRUE, TRUE);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(pages[i],
				 MmGetPhysicalAddress(buffer - 100 + i * PAGE_SIZE).QuadPart >>
					 PAGE_SHIFT);
	IoFreeMdl(mdl);
	free_buffer(buffer);
}

static void a_list_may_be_the_drivers_own(void **state)
{
	ULONG length;
	UCHAR *buffer = buffer_of(&length);
	PMDL mdl = ExAllocatePool2(POOL_FLAG_NON_PAGED, MmSizeOfMdl(buffer, length), TEST_TAG);

	MmInitializeMdl(mdl, buffer, length);
	assert_int_equal(mdl->Size, MmSizeOfMdl(buffer, length));
	assert_ptr_equal(MmGetMdlVirtualAddress(mdl), buffer);
	MmBuildMdlForNonPagedPool(mdl);
	assert_ptr_equal(mdl->MappedSystemVa, buffer);
	ExFreePoolWithTag(mdl, TEST_TAG);
	free_buffer(buffer);
}

static void pages_are_locked_and_mapped(void **state)
{
	ULONG length;
	UCHAR *buffer = buffer_of(&length);
	PMDL mdl = IoAllocateMdl(buffer, length, FALSE, FALSE, NULL);

	MmProbeAndLockPages(mdl, KernelMode, IoWriteAccess);
	assert_int_equal(mdl->MdlFlags, MDL_PAGES_LOCKED | MDL_WRITE_OPERATION);
	assert_null(MmMapLockedPagesSpecifyCache(mdl, UserMode, MmCached, NULL, FALSE,
						 NormalPagePriority));
	assert_ptr_equal(
		MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority | MdlMappingNoExecute),
		buffer);
	assert_true(mdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA);
	MmUnmapLockedPages(buffer, mdl);
	assert_false(mdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA);
	MmUnlockPages(mdl);
	assert_int_equal(mdl->MdlFlags, 0);
	MmProbeAndLockPages(mdl, KernelMode, IoReadAccess);
	assert_int_equal(mdl->MdlFlags, MDL_PAGES_LOCKED);
	MmUnlockPages(mdl);
	IoFreeMdl(mdl);
	free_buffer(buffer);
}

static void a_part_of_a_list_is_one(void **state)
{
	ULONG length;
	UCHAR *buffer = buffer_of(&length);
	PMDL mdl = IoAllocateMdl(buffer, length, FALSE, FALSE, NULL);
	PMDL part = IoAllocateMdl(buffer + PAGE_SIZE, 2 * PAGE_SIZE, FALSE, FALSE, NULL);

	MmBuildMdlForNonPagedPool(mdl);
	IoBuildPartialMdl(mdl, part, buffer + PAGE_SIZE, 10);
	assert_int_equal(MmGetMdlByteCount(part), 10);
	assert_ptr_equal(MmGetSystemAddressForMdlSafe(part, NormalPagePriority),
			 buffer + PAGE_SIZE);
	assert_int_equal(MmGetMdlPfnArray(part)[0], MmGetMdlPfnArray(mdl)[1]);
	MmPrepareMdlForReuse(part);
	IoBuildPartialMdl(mdl, part, buffer + PAGE_SIZE, 0); /* all the rest */
	assert_int_equal(MmGetMdlByteCount(part), length - PAGE_SIZE);
	assert_int_equal(MmGetMdlPfnArray(part)[2], MmGetMdlPfnArray(mdl)[3]);
	IoFreeMdl(part);
	IoFreeMdl(mdl);
	free_buffer(buffer);
}

static void a_mapped_part_is_used_again(void **state)
{
	ULONG length;
	UCHAR *buffer = buffer_of(&length);
	PMDL mdl = IoAllocateMdl(buffer, length, FALSE, FALSE, NULL);
	PMDL part = IoAllocateMdl(buffer, length, FALSE, FALSE, NULL);

	MmProbeAndLockPages(mdl, KernelMode, IoReadAccess);
	IoBuildPartialMdl(mdl, part, buffer + 5, 10);
	part->MdlFlags |= MDL_PAGES_LOCKED; /* as those of the whole */
	assert_ptr_equal(MmGetSystemAddressForMdlSafe(part, NormalPagePriority), buffer + 5);
	assert_true(part->MdlFlags & MDL_PARTIAL_HAS_BEEN_MAPPED);
	MmPrepareMdlForReuse(part);
	assert_false(part->MdlFlags & (MDL_PARTIAL_HAS_BEEN_MAPPED | MDL_MAPPED_TO_SYSTEM_VA));
	part->MdlFlags &= ~MDL_PAGES_LOCKED;
	IoFreeMdl(part);
	MmUnlockPages(mdl);
	IoFreeMdl(mdl);
	free_buffer(buffer);
}

static void a_list_that_is_left_is_told(void **state)
{
	struct test_machine *m = *state;

	assert_non_null(IoAllocateMdl(m, 100, FALSE, FALSE, NULL));
	assert_int_equal(nt_pool_report(&m->machine, "test", (void *)machine_set_up), 1);
	assert_true(journal_tells(&m->journal, "pool leak: 1 block with tag 'Mdl '"));
	assert_true(journal_tells(&m->journal, "a_list_that_is_left_is_told test_mdl.c:"));
}

/* ---- violations ---- */
static UCHAR memory[2 * PAGE_SIZE];

static void frees_a_locked_list(void *context)
{
	PMDL mdl = IoAllocateMdl(memory, 100, FALSE, FALSE, NULL);

	MmProbeAndLockPages(mdl, KernelMode, IoReadAccess);
	IoFreeMdl(mdl);
}

static void frees_a_list_twice(void *context)
{
	PMDL mdl = IoAllocateMdl(memory, 100, FALSE, FALSE, NULL);

	IoFreeMdl(mdl);
	IoFreeMdl(mdl);
}

static void frees_anothers_list(void *context)
{
	MDL mdl;

	MmInitializeMdl(&mdl, memory, 1);
	IoFreeMdl(&mdl);
}

static void unlocks_what_is_not_locked(void *context)
{
	MmUnlockPages(IoAllocateMdl(memory, 100, FALSE, FALSE, NULL));
}

static void unlocks_pool(void *context)
{
	PMDL mdl = IoAllocateMdl(memory, 100, FALSE, FALSE, NULL);

	MmBuildMdlForNonPagedPool(mdl);
	MmUnlockPages(mdl);
}

static void locks_twice(void *context)
{
	PMDL mdl = IoAllocateMdl(memory, 100, FALSE, FALSE, NULL);

	MmProbeAndLockPages(mdl, KernelMode, IoReadAccess);
	MmProbeAndLockPages(mdl, KernelMode, IoReadAccess);
}

static void locks_a_users_pages(void *context)
{
	MmProbeAndLockPages(IoAllocateMdl(memory, 100, FALSE, FALSE, NULL), UserMode, IoReadAccess);
}

static void maps_what_is_not_locked(void *context)
{
	MmGetSystemAddressForMdlSafe(IoAllocateMdl(memory, 100, FALSE, FALSE, NULL),
				     NormalPagePriority);
}

static void unmaps_what_is_not_mapped(void *context)
{
	MmUnmapLockedPages(memory, IoAllocateMdl(memory, 100, FALSE, FALSE, NULL));
}

static void asks_for_too_large_a_part(void *context)
{
	PMDL mdl = IoAllocateMdl(memory, sizeof(memory), FALSE, FALSE, NULL);

	MmBuildMdlForNonPagedPool(mdl);
	IoBuildPartialMdl(mdl, IoAllocateMdl(memory, 1, FALSE, FALSE, NULL), memory, 2 * PAGE_SIZE);
}

static void asks_for_a_part_beyond(void *context)
{
	PMDL mdl = IoAllocateMdl(memory, 100, FALSE, FALSE, NULL);

	MmBuildMdlForNonPagedPool(mdl);
	IoBuildPartialMdl(mdl, IoAllocateMdl(memory, 100, FALSE, FALSE, NULL), memory + 50, 51);
}

static void allocates_at_dirql(void *context)
{
	KIRQL irql;

	KeRaiseIrql(NT_DIRQL, &irql);
	IoAllocateMdl(memory, 100, FALSE, FALSE, NULL);
}

static void misuse_is_named(void **state)
{
	child_violates(frees_a_locked_list, NULL,
		       VERIFIER "IoFreeMdl: ", "the pages of the list at ", ", 100 bytes at ",
		       ", are locked.", NULL);
	child_violates(frees_a_list_twice, NULL, "0xC2 BAD_POOL_CALLER in IoFreeMdl: ",
		       "it was freed already or is another's", NULL);
	child_violates(frees_anothers_list, NULL, "0xC2 BAD_POOL_CALLER in IoFreeMdl: ", NULL);
	child_violates(unlocks_what_is_not_locked, NULL,
		       VERIFIER "MmUnlockPages: ", "are not locked.", "bug check 0xC4, 7C", NULL);
	child_violates(unlocks_pool, NULL, VERIFIER "MmUnlockPages: ", "bug check 0xC4, 7D", NULL);
	child_violates(locks_twice, NULL, VERIFIER "MmProbeAndLockPages: ", "has the flags 0x2",
		       NULL);
	child_violates(locks_a_users_pages, NULL,
		       "0x1E KMODE_EXCEPTION_NOT_HANDLED in MmProbeAndLockPages: ",
		       "bug check 0x1E, C0000005", NULL);
	child_violates(maps_what_is_not_locked, NULL,
		       VERIFIER "MmMapLockedPagesSpecifyCache: ", "are neither.", NULL);
	child_violates(unmaps_what_is_not_mapped, NULL,
		       "0xDA SYSTEM_PTE_MISUSE in MmUnmapLockedPages", NULL);
	child_violates(asks_for_too_large_a_part, NULL,
		       "0x40 TARGET_MDL_TOO_SMALL in IoBuildPartialMdl: ", "into a list of 1 pages",
		       NULL);
	child_violates(asks_for_a_part_beyond, NULL, "0x40 TARGET_MDL_TOO_SMALL", "51 bytes at ",
		       NULL);
	child_violates(allocates_at_dirql, NULL, "0xA IRQL_NOT_LESS_OR_EQUAL in IoAllocateMdl",
		       NULL);
}

/* ---- contiguous memory ---- */
static uint64_t physical(const void *at)
{
	return (uint64_t)MmGetPhysicalAddress((PVOID)(uintptr_t)at).QuadPart;
}

/* What a device finds at the address that the driver gives it is the driver's memory. */
static void check_reached(struct test_machine *m, UCHAR *piece, SIZE_T size)
{
	uint64_t address = physical(piece);

	assert_non_null(piece);
	assert_int_equal((uintptr_t)piece % PAGE_SIZE, 0);
	assert_int_equal(address % PAGE_SIZE, 0);
	assert_ptr_equal(nt_dma_at(&m->machine.dma, address, size), piece);
	assert_int_equal(physical(piece + size - 1), address + size - 1);
	piece[size - 1] = 1;
}

static void a_device_reaches_contiguous_memory(void **state)
{
	struct test_machine *m = *state;
	UCHAR *piece = MmAllocateContiguousMemorySpecifyCache(3 * PAGE_SIZE, zero, below_4_gb, zero,
							      MmNonCached);
	UCHAR *large = MmAllocateContiguousMemory((SIZE_T)100 << 20, anywhere);
	UCHAR *node = MmAllocateContiguousNodeMemory(10, zero, anywhere, zero,
						     PAGE_READWRITE | PAGE_NOCACHE, MM_ANY_NODE_OK);
	uint64_t address = physical(piece);
	PMDL mdl = IoAllocateMdl(piece, 3 * PAGE_SIZE, FALSE, FALSE, NULL);

	check_reached(m, piece, 3 * PAGE_SIZE);
	assert_true(address + 3 * PAGE_SIZE <= 1ULL << 32);
	check_reached(m, large, (SIZE_T)100 << 20);
	check_reached(m, node, 10);
	/* One piece has pages in a row. */
	MmBuildMdlForNonPagedPool(mdl);
	assert_int_equal(MmGetMdlPfnArray(mdl)[0], address >> PAGE_SHIFT);
	assert_int_equal(MmGetMdlPfnArray(mdl)[2], (address >> PAGE_SHIFT) + 2);
	IoFreeMdl(mdl);
	MmFreeContiguousMemory(large);
	MmFreeContiguousMemory(node);
	MmFreeContiguousMemorySpecifyCache(piece, 3 * PAGE_SIZE, MmNonCached);
	assert_null(nt_dma_at(&m->machine.dma, address, 1));
}

static void limits_are_kept(void **state)
{
	const PHYSICAL_ADDRESS first_gb = { .QuadPart = 1 << 30 }, boundary = { .QuadPart = 65536 };
	const PHYSICAL_ADDRESS tiny = { .QuadPart = PAGE_SIZE };
	UCHAR *high = MmAllocateContiguousMemorySpecifyCache(PAGE_SIZE, first_gb, below_4_gb, zero,
							     MmCached);
	UCHAR *whole =
		MmAllocateContiguousMemorySpecifyCache(65536, zero, anywhere, boundary, MmCached);

	assert_true(physical(high) >= 1 << 30 && physical(high) < 1ULL << 32);
	assert_int_equal(physical(whole) / 65536, (physical(whole) + 65535) / 65536);
	assert_null(
		MmAllocateContiguousMemorySpecifyCache(65537, zero, anywhere, boundary, MmCached));
	assert_null(MmAllocateContiguousMemory(PAGE_SIZE, tiny));
	assert_null(MmAllocateContiguousMemory(0, anywhere));
	assert_null(MmAllocateContiguousMemory((SIZE_T)1 << 40, anywhere));
	assert_null(MmAllocateContiguousMemorySpecifyCache(1, zero, anywhere, zero,
							   MmMaximumCacheType));
	assert_null(MmAllocateContiguousNodeMemory(1, zero, anywhere, zero, PAGE_READONLY, 0));
	assert_null(MmAllocateContiguousNodeMemory(
		1, zero, anywhere, zero, PAGE_READWRITE | PAGE_NOCACHE | PAGE_WRITECOMBINE, 0));
	assert_null(MmAllocateContiguousNodeMemory(1, zero, anywhere, zero, PAGE_READWRITE, 3));
	MmFreeContiguousMemory(high);
	MmFreeContiguousMemory(whole);
}

/* No device reaches what is not given to it: the address is none of the space. */
static void other_memory_has_an_address_that_reaches_nothing(void **state)
{
	struct test_machine *m = *state;
	UCHAR *pool = ExAllocatePool2(POOL_FLAG_NON_PAGED, 2 * PAGE_SIZE, TEST_TAG);

	assert_int_equal(physical(pool + PAGE_SIZE), physical(pool) + PAGE_SIZE);
	assert_int_equal(physical(pool) % PAGE_SIZE, 0);
	assert_null(nt_dma_at(&m->machine.dma, physical(pool), 1));
	ExFreePool(pool);
}

static void contiguous_memory_that_is_left_is_told(void **state)
{
	struct test_machine *m = *state;

	assert_non_null(MmAllocateContiguousMemory(5000, anywhere));
	assert_non_null(MmAllocateContiguousMemory(1, anywhere));
	assert_int_equal(nt_contiguous_report(&m->machine, "test", (void *)machine_set_up), 2);
	assert_true(journal_tells(
		&m->journal, "memory leak: 5000 bytes of contiguous memory not freed at unload"));
	assert_true(journal_tells(&m->journal, "test_mdl.c:"));
	assert_int_equal(nt_contiguous_report(&m->machine, "test", (void *)machine_set_up), 0);
}

static void frees_contiguous_memory_twice(void *context)
{
	PVOID piece = MmAllocateContiguousMemory(1, anywhere);

	MmFreeContiguousMemory(piece);
	MmFreeContiguousMemory(piece);
}

static void frees_the_middle_of_it(void *context)
{
	MmFreeContiguousMemory((UCHAR *)MmAllocateContiguousMemory(8192, anywhere) + PAGE_SIZE);
}

static void frees_it_with_a_lock_inside(void *context)
{
	PKSPIN_LOCK lock = MmAllocateContiguousMemory(64, anywhere);

	KeInitializeSpinLock(lock);
	KeAcquireSpinLockRaiseToDpc(lock);
	MmFreeContiguousMemory(lock);
}

static void allocates_it_at_dirql(void *context)
{
	KIRQL irql;

	KeRaiseIrql(NT_DIRQL, &irql);
	MmAllocateContiguousMemory(1, anywhere);
}

static void misuse_of_contiguous_memory_is_named(void **state)
{
	child_violates(frees_contiguous_memory_twice, NULL,
		       "0xC2 BAD_POOL_CALLER in MmFreeContiguousMemory: ", "freed already", NULL);
	child_violates(frees_the_middle_of_it, NULL,
		       "0xC2 BAD_POOL_CALLER in MmFreeContiguousMemory: ", NULL);
	child_violates(frees_it_with_a_lock_inside, NULL, VERIFIER "MmFreeContiguousMemory: ",
		       "in the contiguous memory that is freed lies the spin lock 0x", NULL);
	child_violates(allocates_it_at_dirql, NULL,
		       "0xA IRQL_NOT_LESS_OR_EQUAL in MmAllocateContiguousMemory", NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, machine_set_up, machine_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_list_describes_its_buffer),
		TEST(a_list_may_be_the_drivers_own),
		TEST(pages_are_locked_and_mapped),
		TEST(a_part_of_a_list_is_one),
		TEST(a_mapped_part_is_used_again),
		TEST(a_list_that_is_left_is_told),
		TEST(misuse_is_named),
		TEST(a_device_reaches_contiguous_memory),
		TEST(limits_are_kept),
		TEST(other_memory_has_an_address_that_reaches_nothing),
		TEST(contiguous_memory_that_is_left_is_told),
		TEST(misuse_of_contiguous_memory_is_named),
	};

	return cmocka_run_group_tests_name("nt: memory descriptor lists", tests, NULL, NULL);
}
