/* SPDX-License-Identifier: MIT */
/* ExAllocatePool2 and the forms that zero, charge a quota or raise. */
#include "nt/fault.h"
#include "nt/irql.h"
#include "nt/pool.h"
#include "stage/machine.h"

#define TEST_TAG 0x74736554 /* "Test" */
#define TOO_MUCH ((SIZE_T)1 << 40)

static BOOLEAN is_zero(const UCHAR *memory, SIZE_T size)
{
	while (size && !*memory)
		memory++, size--;
	return size == 0;
}

/* What was freed before is not zero. */
static void dirty(SIZE_T size)
{
	for (int i = 0; i < 8; i++) {
		PVOID memory = ExAllocatePoolWithTag(NonPagedPoolNx, size, TEST_TAG);

		memset(memory, 0xA5, size);
		ExFreePool(memory);
	}
}

static void check_zeroed(UCHAR *memory, SIZE_T size)
{
	assert_non_null(memory);
	assert_true(is_zero(memory, size));
	memset(memory, 0xA5, size);
	ExFreePoolWithTag(memory, TEST_TAG);
}

static void what_is_allocated_is_zero(void **state)
{
	static const SIZE_T sizes[] = { 1, 24, 1000, PAGE_SIZE, PAGE_SIZE + 1 };

	for (unsigned i = 0; i < ARRAYSIZE(sizes); i++) {
		SIZE_T size = sizes[i];

		dirty(size);
		check_zeroed(ExAllocatePool2(POOL_FLAG_NON_PAGED, size, TEST_TAG), size);
		check_zeroed(ExAllocatePool2(POOL_FLAG_PAGED, size, TEST_TAG), size);
		check_zeroed(ExAllocatePoolZero(NonPagedPoolNx, size, TEST_TAG), size);
		check_zeroed(ExAllocatePoolQuotaZero(PagedPool, size, TEST_TAG), size);
	}
}

static void check_usable(UCHAR *memory, SIZE_T size)
{
	assert_non_null(memory);
	memset(memory, 1, size);
	ExFreePool(memory);
}

static void other_flags_are_known(void **state)
{
	UCHAR *aligned =
		ExAllocatePool2(POOL_FLAG_NON_PAGED | POOL_FLAG_CACHE_ALIGNED, 40, TEST_TAG);

	assert_int_equal((uintptr_t)aligned % SYSTEM_CACHE_ALIGNMENT_SIZE, 0);
	check_usable(aligned, 40);
	aligned = ExAllocatePoolWithTag(NonPagedPoolNxCacheAligned, 40, TEST_TAG);
	assert_int_equal((uintptr_t)aligned % SYSTEM_CACHE_ALIGNMENT_SIZE, 0);
	check_usable(aligned, 40);
	check_usable(ExAllocatePool2(POOL_FLAG_NON_PAGED | POOL_FLAG_UNINITIALIZED |
					     POOL_FLAG_USE_QUOTA | POOL_FLAG_RAISE_ON_FAILURE,
				     40, TEST_TAG),
		     40);
	/* Optional ones may be any. */
	check_usable(ExAllocatePool2(POOL_FLAG_NON_PAGED_EXECUTE | POOL_FLAG_SPECIAL_POOL |
					     POOL_FLAG_OPTIONAL_END,
				     40, TEST_TAG),
		     40);
	check_usable(ExAllocatePoolUninitialized(NonPagedPoolNx, 40, TEST_TAG), 40);
	check_usable(ExAllocatePoolQuotaUninitialized(NonPagedPoolNx, 40, TEST_TAG), 40);
	check_usable(ExAllocatePoolWithQuotaTag(NonPagedPoolNx, 40, TEST_TAG), 40);
}

static void what_cannot_be_is_refused(void **state)
{
	static const POOL_FLAGS wrong[] = {
		0,
		POOL_FLAG_UNINITIALIZED,
		POOL_FLAG_NON_PAGED | POOL_FLAG_PAGED,
		POOL_FLAG_NON_PAGED | POOL_FLAG_NON_PAGED_EXECUTE,
		POOL_FLAG_NON_PAGED | 0x10,
		POOL_FLAG_PAGED | 0x200,
		POOL_FLAG_NON_PAGED | POOL_FLAG_REQUIRED_END,
	};

	for (unsigned i = 0; i < ARRAYSIZE(wrong); i++)
		assert_null(ExAllocatePool2(wrong[i], 24, TEST_TAG));
	assert_null(ExAllocatePool2(POOL_FLAG_NON_PAGED, 24, 0));
	assert_null(ExAllocatePool2(POOL_FLAG_NON_PAGED, TOO_MUCH, TEST_TAG));
	assert_null(ExAllocatePoolZero(NonPagedPoolNx, TOO_MUCH, TEST_TAG));
	assert_null(ExAllocatePoolWithQuotaTag(
		(POOL_TYPE)(NonPagedPoolNx | POOL_QUOTA_FAIL_INSTEAD_OF_RAISE), TOO_MUCH,
		TEST_TAG));
}

static void leaks_are_told(void **state)
{
	struct test_machine *m = *state;

	assert_non_null(ExAllocatePool2(POOL_FLAG_NON_PAGED, 100, TEST_TAG));
	assert_non_null(ExAllocatePoolQuotaZero(NonPagedPoolNx, 28, TEST_TAG));
	assert_int_equal(nt_pool_report(&m->machine, "test", (void *)machine_set_up), 2);
	assert_true(journal_tells(&m->journal, "2 blocks with tag 'Test', 128 bytes"));
}

/* ---- violations ---- */
static void raises_for_memory(void *context)
{
	ExAllocatePool2(POOL_FLAG_NON_PAGED | POOL_FLAG_RAISE_ON_FAILURE, TOO_MUCH, TEST_TAG);
}

static void raises_for_flags(void *context)
{
	ExAllocatePool2(POOL_FLAG_RAISE_ON_FAILURE, 24, TEST_TAG);
}

static void raises_for_no_tag(void *context)
{
	ExAllocatePool2(POOL_FLAG_PAGED | POOL_FLAG_RAISE_ON_FAILURE, 24, 0);
}

static void raises_for_a_quota(void *context)
{
	ExAllocatePoolWithQuotaTag(NonPagedPoolNx, TOO_MUCH, TEST_TAG);
}

static void raises_by_its_type(void *context)
{
	ExAllocatePoolWithTag((POOL_TYPE)(NonPagedPoolNx | POOL_RAISE_IF_ALLOCATION_FAILURE),
			      TOO_MUCH, TEST_TAG);
}

static void who_wants_an_exception_ends(void **state)
{
	child_violates(raises_for_memory, NULL,
		       "violation 0x1E KMODE_EXCEPTION_NOT_HANDLED in ExAllocatePool2: ",
		       "there is no memory, and the driver asked for an exception.",
		       "bug check 0x1E, C000009A", NULL);
	child_violates(raises_for_flags, NULL, "the flags are none that there are",
		       "bug check 0x1E, C000000D", NULL);
	child_violates(raises_for_no_tag, NULL, "the tag is zero", NULL);
	child_violates(raises_for_a_quota, NULL, "NOT_HANDLED in ExAllocatePoolWithQuotaTag", NULL);
	child_violates(raises_by_its_type, NULL, "NOT_HANDLED in ExAllocatePoolWithTag", NULL);
}

static void takes_paged_pool_at_dispatch(void *context)
{
	KeRaiseIrqlToDpcLevel();
	ExAllocatePool2(POOL_FLAG_PAGED, 24, TEST_TAG);
}

static void takes_typed_paged_pool_at_dispatch(void *context)
{
	KeRaiseIrqlToDpcLevel();
	ExAllocatePoolWithTag(PagedPool, 24, TEST_TAG);
}

static void frees_paged_pool_at_dispatch(void *context)
{
	PVOID memory = ExAllocatePool2(POOL_FLAG_PAGED, 24, TEST_TAG);

	KeRaiseIrqlToDpcLevel();
	ExFreePool(memory);
}

static void takes_pool_at_dirql(void *context)
{
	KIRQL irql;

	KeRaiseIrql(NT_DIRQL, &irql);
	ExAllocatePool2(POOL_FLAG_NON_PAGED, 24, TEST_TAG);
}

static void paged_pool_has_a_level_of_its_own(void **state)
{
	KIRQL irql;

	KeRaiseIrql(APC_LEVEL, &irql);
	check_usable(ExAllocatePool2(POOL_FLAG_PAGED, 24, TEST_TAG), 24);
	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	check_usable(ExAllocatePool2(POOL_FLAG_NON_PAGED, 24, TEST_TAG), 24);
	KeLowerIrql(PASSIVE_LEVEL);
	child_violates(takes_paged_pool_at_dispatch, NULL,
		       "0xC2 BAD_POOL_CALLER in ExAllocatePool2: ", "called at IRQL 2",
		       "Paged pool is allocated and freed at APC_LEVEL or below.", NULL);
	child_violates(takes_typed_paged_pool_at_dispatch, NULL,
		       "in ExAllocatePoolWithTag: ", NULL);
	child_violates(frees_paged_pool_at_dispatch, NULL,
		       "0xC2 BAD_POOL_CALLER in ExFreePool: ", NULL);
	child_violates(takes_pool_at_dirql, NULL, "called at IRQL 11", NULL);
}

/* ---- failures on purpose ---- */

static struct nt_machine *machine_of(void **state)
{
	return &((struct test_machine *)*state)->machine;
}

static void plan(void **state, const char *line)
{
	struct error error = { "" };

	if (!machine_of(state)->faults)
		machine_of(state)->faults = nt_faults_create();
	if (!nt_faults_add(machine_of(state)->faults, line, &error))
		fail_msg("%s", error.text);
}

/* The owner's: the machine does not free it. */
static void end_plan(void **state)
{
	nt_faults_destroy(machine_of(state)->faults);
	machine_of(state)->faults = NULL;
}

static void count_failed(void *context, const struct nt_fault_site *site)
{
	*(unsigned long *)context += site->failed;
}

static void starts_nothing(PVOID context)
{
	fail_msg("a thread that was not to be has begun");
}

static void wants_an_exception_by_the_plan(void *state)
{
	plan(state, "ExAllocatePool2");
	ExAllocatePool2(POOL_FLAG_NON_PAGED | POOL_FLAG_RAISE_ON_FAILURE, 24, TEST_TAG);
}

/* Each by its page's answer to a lack of resources; with :2 the first and the third are as ever. */
static void calls_fail_as_the_plan_has_it(void **state)
{
	static const char *const lines[] = { "ExAllocatePool2:2",
					     "ExAllocatePoolWithTag",
					     "ExAllocateFromLookasideListEx",
					     "IoAllocateMdl",
					     "ExInitializeLookasideListEx:2",
					     "MmAllocateContiguousMemory",
					     "PsCreateSystemThread" };
	const PHYSICAL_ADDRESS anywhere = { .QuadPart = MAXLONGLONG };
	LOOKASIDE_LIST_EX list, other;
	unsigned long failed = 0;
	HANDLE thread = NULL;

	for (unsigned i = 0; i < ARRAYSIZE(lines); i++)
		plan(state, lines[i]);
	check_zeroed(ExAllocatePool2(POOL_FLAG_NON_PAGED, 24, TEST_TAG), 24);
	assert_null(ExAllocatePool2(POOL_FLAG_NON_PAGED, 24, TEST_TAG));
	check_zeroed(ExAllocatePool2(POOL_FLAG_NON_PAGED, 24, TEST_TAG), 24);
	assert_null(ExAllocatePoolWithTag(NonPagedPoolNx, 24, TEST_TAG));
	assert_int_equal(
		ExInitializeLookasideListEx(&list, NULL, NULL, NonPagedPoolNx, 0, 24, TEST_TAG, 0),
		STATUS_SUCCESS);
	assert_int_equal(
		ExInitializeLookasideListEx(&other, NULL, NULL, NonPagedPoolNx, 0, 24, TEST_TAG, 0),
		STATUS_INSUFFICIENT_RESOURCES);
	assert_null(ExAllocateFromLookasideListEx(&list));
	ExDeleteLookasideListEx(&list);
	assert_null(IoAllocateMdl(&list, 8, FALSE, FALSE, NULL));
	assert_null(MmAllocateContiguousMemory(PAGE_SIZE, anywhere));
	assert_int_equal(PsCreateSystemThread(&thread, THREAD_ALL_ACCESS, NULL, NULL, NULL,
					      starts_nothing, NULL),
			 STATUS_INSUFFICIENT_RESOURCES);
	assert_null(thread);
	assert_null(nt_faults_unmatched(machine_of(state)->faults, 0));
	nt_faults_each(machine_of(state)->faults, count_failed, &failed);
	assert_int_equal(failed, ARRAYSIZE(lines));
	end_plan(state);
	check_zeroed(ExAllocatePool2(POOL_FLAG_NON_PAGED, 24, TEST_TAG), 24);
	child_violates(wants_an_exception_by_the_plan, state,
		       "0x1E KMODE_EXCEPTION_NOT_HANDLED in ExAllocatePool2: ", NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, machine_set_up, machine_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_allocated_is_zero),     TEST(other_flags_are_known),
		TEST(what_cannot_be_is_refused),     TEST(leaks_are_told),
		TEST(who_wants_an_exception_ends),   TEST(paged_pool_has_a_level_of_its_own),
		TEST(calls_fail_as_the_plan_has_it),
	};

	return cmocka_run_group_tests_name("nt: pool", tests, NULL, NULL);
}
