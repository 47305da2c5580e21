/* SPDX-License-Identifier: MIT */
/* Lookaside lists and interlocked singly linked lists. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>

#include "nt/irql.h"
#include "nt/left_behind.h"
#include "nt/pool.h"
#include "stage/machine.h"

#define TAG      0x6B6F6F4C /* "Look" */
#define VERIFIER "violation 0xC4 DRIVER_VERIFIER_DETECTED_VIOLATION in "
#define AT_IRQL  "violation 0xA IRQL_NOT_LESS_OR_EQUAL in "

static NPAGED_LOOKASIDE_LIST Nonpaged;
static PAGED_LOOKASIDE_LIST Paged;
static LOOKASIDE_LIST_EX Either;
static unsigned Allocated, Freed;

static void init_nonpaged(void)
{
	ExInitializeNPagedLookasideList(&Nonpaged, NULL, NULL, POOL_NX_ALLOCATION, 100, TAG, 0);
}

static void init_paged(void)
{
	ExInitializePagedLookasideList(&Paged, NULL, NULL, 0, 100, TAG, 0);
}

static NTSTATUS init_either(POOL_TYPE type)
{
	return ExInitializeLookasideListEx(&Either, NULL, NULL, type, 0, 100, TAG, 0);
}

static void entries_come_from_the_pool(void **state)
{
	void *one, *other;

	init_nonpaged();
	one = ExAllocateFromNPagedLookasideList(&Nonpaged);
	other = ExAllocateFromNPagedLookasideList(&Nonpaged);
	assert_non_null(one);
	assert_ptr_not_equal(one, other);
	assert_true(nt_pool_has(one, TAG));
	memset(one, 1, 100);
	ExFreeToNPagedLookasideList(&Nonpaged, one);
	assert_false(nt_pool_has(one, TAG));
	ExFreeToNPagedLookasideList(&Nonpaged, other);
	assert_int_equal(Nonpaged.L.TotalAllocates, 2);
	assert_int_equal(Nonpaged.L.TotalFrees, 2);
	ExDeleteNPagedLookasideList(&Nonpaged);

	init_paged();
	one = ExAllocateFromPagedLookasideList(&Paged);
	ExFreeToPagedLookasideList(&Paged, one);
	ExDeletePagedLookasideList(&Paged);

	assert_int_equal(init_either(PagedPool), STATUS_SUCCESS);
	one = ExAllocateFromLookasideListEx(&Either);
	ExFlushLookasideListEx(&Either);
	ExFreeToLookasideListEx(&Either, one);
	ExDeleteLookasideListEx(&Either);
}

static PVOID allocate(POOL_TYPE type, SIZE_T size, ULONG tag)
{
	Allocated++;
	return ExAllocatePoolWithTag(type, size, tag);
}

static VOID release(PVOID buffer)
{
	Freed++;
	ExFreePool(buffer);
}

static PVOID allocate_ex(POOL_TYPE type, SIZE_T size, ULONG tag, PLOOKASIDE_LIST_EX list)
{
	Allocated++;
	assert_ptr_equal(list, &Either);
	assert_int_equal(type, NonPagedPoolNx | POOL_QUOTA_FAIL_INSTEAD_OF_RAISE);
	return ExAllocatePoolWithQuotaTag(type, size, tag);
}

static VOID release_ex(PVOID buffer, PLOOKASIDE_LIST_EX list)
{
	assert_ptr_equal(list, &Either);
	release(buffer);
}

static void the_drivers_own_routines_are_called(void **state)
{
	Allocated = Freed = 0;
	ExInitializePagedLookasideList(&Paged, allocate, release, 0, 20, TAG, 0);
	ExFreeToPagedLookasideList(&Paged, ExAllocateFromPagedLookasideList(&Paged));
	ExDeletePagedLookasideList(&Paged);
	assert_int_equal(Allocated, 1);
	assert_int_equal(Freed, 1);
	assert_int_equal(
		ExInitializeLookasideListEx(&Either, allocate_ex, release_ex, NonPagedPoolNx,
					    EX_LOOKASIDE_LIST_EX_FLAGS_FAIL_NO_RAISE, 20, TAG, 0),
		STATUS_SUCCESS);
	ExFreeToLookasideListEx(&Either, ExAllocateFromLookasideListEx(&Either));
	ExDeleteLookasideListEx(&Either);
	assert_int_equal(Allocated, 2);
	assert_int_equal(Freed, 2);
}

static void what_cannot_be_is_refused(void **state)
{
	assert_int_equal(init_either(DontUseThisType), STATUS_INVALID_PARAMETER_4);
	/* The flags exclude each other, and are for a routine of the driver's. */
	for (ULONG flags = 1; flags < 5; flags++)
		assert_int_equal(ExInitializeLookasideListEx(&Either,
							     flags < 3 ? NULL : allocate_ex, NULL,
							     PagedPool, flags, 20, TAG, 0),
				 STATUS_INVALID_PARAMETER_5);
}

static void initialise_twice(void *context)
{
	init_nonpaged();
	init_nonpaged();
}

static void use_too_early(void *context)
{
	ExAllocateFromNPagedLookasideList(&Nonpaged);
}

static void use_too_late(void *context)
{
	void *entry;

	init_paged();
	entry = ExAllocateFromPagedLookasideList(&Paged);
	ExDeletePagedLookasideList(&Paged);
	ExFreeToPagedLookasideList(&Paged, entry);
}

static void delete_twice(void *context)
{
	init_either(NonPagedPoolNx);
	ExDeleteLookasideListEx(&Either);
	ExDeleteLookasideListEx(&Either);
}

static void free_twice(void *context)
{
	void *entry;

	init_nonpaged();
	entry = ExAllocateFromNPagedLookasideList(&Nonpaged);
	ExFreeToNPagedLookasideList(&Nonpaged, entry);
	ExFreeToNPagedLookasideList(&Nonpaged, entry);
}

static void free_the_list(void *context)
{
	PLOOKASIDE_LIST_EX list = ExAllocatePoolWithTag(NonPagedPoolNx, sizeof(*list), TAG);

	ExInitializeLookasideListEx(list, NULL, NULL, PagedPool, 0, 8, TAG, 0);
	ExFreePool(list);
}

static void *in_test(void)
{
	Dl_info info;

	assert_true(dladdr((void *)free_the_list, &info));
	return info.dli_fbase;
}

static void unload_with_one(void *context)
{
	init_paged();
	nt_left_by_module(nt_machine(), "probe", in_test());
}

static void a_list_is_used_while_it_is_one(void **state)
{
	child_violates(initialise_twice, NULL, VERIFIER "ExInitializeNPagedLookasideList",
		       "is initialised already", NULL);
	child_violates(use_too_early, NULL, VERIFIER "ExAllocateFromNPagedLookasideList",
		       "is not initialised", NULL);
	child_violates(use_too_late, NULL, VERIFIER "ExFreeToPagedLookasideList",
		       "is not initialised", NULL);
	child_violates(delete_twice, NULL, VERIFIER "ExDeleteLookasideListEx", "is not initialised",
		       NULL);
	child_violates(free_twice, NULL, "BAD_POOL_CALLER in ExFreeToNPagedLookasideList",
		       "freed already", NULL);
	child_violates(free_the_list, NULL, VERIFIER "ExFreePool", "lies the lookaside list at 0x",
		       "free_the_list test_lookaside.c", NULL);
	child_violates(unload_with_one, NULL,
		       "violation 0xCE DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS",
		       "the paged lookaside list at 0x", "init_paged", "was not deleted", NULL);
}

static void at_dispatch(void *context)
{
	KeRaiseIrqlToDpcLevel();
	((void (*)(void))context)();
}

static void at_dirql(void *context)
{
	nt_irql_raise(NT_DIRQL);
	((void (*)(void))context)();
}

static void take_paged(void)
{
	ExAllocateFromPagedLookasideList(&Paged);
}

static void give_paged(void)
{
	ExFreeToPagedLookasideList(&Paged, NULL);
}

static void delete_paged(void)
{
	ExDeletePagedLookasideList(&Paged);
}

static void take_nonpaged(void)
{
	ExAllocateFromNPagedLookasideList(&Nonpaged);
}

static void give_nonpaged(void)
{
	ExFreeToNPagedLookasideList(&Nonpaged, NULL);
}

static void delete_nonpaged(void)
{
	ExDeleteNPagedLookasideList(&Nonpaged);
}

static void take_either(void)
{
	Either.L.Type = PagedPool;
	ExAllocateFromLookasideListEx(&Either);
}

static void give_either(void)
{
	Either.L.Type = PagedPool;
	ExFreeToLookasideListEx(&Either, NULL);
}

static void delete_either(void)
{
	Either.L.Type = PagedPool;
	ExDeleteLookasideListEx(&Either);
}

static void flush_either(void)
{
	Either.L.Type = PagedPool;
	ExFlushLookasideListEx(&Either);
}

static void make_either(void)
{
	init_either(NonPagedPoolNx);
}

static void each_has_its_irql(void **state)
{
	static const struct {
		void (*begin)(void *);
		void (*call)(void);
		const char *name;
	} calls[] = {
		{ at_dispatch, init_paged, AT_IRQL "ExInitializePagedLookasideList" },
		{ at_dispatch, take_paged, AT_IRQL "ExAllocateFromPagedLookasideList" },
		{ at_dispatch, give_paged, AT_IRQL "ExFreeToPagedLookasideList" },
		{ at_dispatch, delete_paged, AT_IRQL "ExDeletePagedLookasideList" },
		{ at_dispatch, take_either, AT_IRQL "ExAllocateFromLookasideListEx" },
		{ at_dispatch, give_either, AT_IRQL "ExFreeToLookasideListEx" },
		{ at_dispatch, flush_either, AT_IRQL "ExFlushLookasideListEx" },
		{ at_dispatch, delete_either, AT_IRQL "ExDeleteLookasideListEx" },
		{ at_dirql, init_nonpaged, AT_IRQL "ExInitializeNPagedLookasideList" },
		{ at_dirql, take_nonpaged, AT_IRQL "ExAllocateFromNPagedLookasideList" },
		{ at_dirql, give_nonpaged, AT_IRQL "ExFreeToNPagedLookasideList" },
		{ at_dirql, delete_nonpaged, AT_IRQL "ExDeleteNPagedLookasideList" },
		{ at_dirql, make_either, AT_IRQL "ExInitializeLookasideListEx" },
	};

	for (size_t i = 0; i < RTL_NUMBER_OF(calls); i++)
		child_violates(calls[i].begin, (void *)calls[i].call, calls[i].name, NULL);
}

static void an_slist_is_a_stack(void **state)
{
	SLIST_ENTRY entries[3];
	SLIST_HEADER head;

	InitializeSListHead(&head);
	assert_null(InterlockedPopEntrySList(&head));
	assert_null(InterlockedPushEntrySList(&head, &entries[0]));
	assert_ptr_equal(ExInterlockedPushEntrySList(&head, &entries[1], NULL), &entries[0]);
	assert_ptr_equal(InterlockedPushEntrySList(&head, &entries[2]), &entries[1]);
	assert_int_equal(QueryDepthSList(&head), 3);
	assert_ptr_equal((PVOID)(ULONG_PTR)(head.HeaderX64.NextEntry << 4), &entries[2]);
	assert_ptr_equal(InterlockedPopEntrySList(&head), &entries[2]);
	assert_int_equal(ExQueryDepthSList(&head), 2);
	assert_ptr_equal(InterlockedFlushSList(&head), &entries[1]);
	assert_ptr_equal(entries[1].Next, &entries[0]);
	assert_null(entries[0].Next);
	assert_int_equal(QueryDepthSList(&head), 0);
	assert_null(ExInterlockedFlushSList(&head));
}

#define ENTRIES 64

struct shared {
	SLIST_HEADER head;
	SLIST_ENTRY entries[ENTRIES];
	atomic_int in_hand[ENTRIES];
};

static void *push_and_pop(void *context)
{
	struct shared *shared = context;

	for (int i = 0; i < 20000; i++) {
		PSLIST_ENTRY entry = InterlockedPopEntrySList(&shared->head);

		if (!entry)
			continue;
		if (shared->in_hand[entry - shared->entries]++)
			return shared;
		shared->in_hand[entry - shared->entries]--;
		InterlockedPushEntrySList(&shared->head, entry);
	}
	return NULL;
}

static void no_two_threads_have_an_entry(void **state)
{
	struct shared shared = { .in_hand = { 0 } };
	pthread_t threads[4];
	void *result;

	InitializeSListHead(&shared.head);
	for (int i = 0; i < ENTRIES; i++)
		InterlockedPushEntrySList(&shared.head, &shared.entries[i]);
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, push_and_pop, &shared), 0);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], &result);
		assert_null(result);
	}
	assert_int_equal(QueryDepthSList(&shared.head), ENTRIES);
}

static void push_unaligned(void *context)
{
	DECLSPEC_ALIGN(16) char room[64];
	SLIST_HEADER head;

	InitializeSListHead(&head);
	InterlockedPushEntrySList(&head, (PSLIST_ENTRY)(void *)(room + 8));
}

static void an_entry_is_aligned(void **state)
{
	child_violates(push_unaligned, NULL, VERIFIER "InterlockedPushEntrySList", "multiple of 16",
		       NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, machine_set_up, machine_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(entries_come_from_the_pool),
		TEST(the_drivers_own_routines_are_called),
		TEST(what_cannot_be_is_refused),
		TEST(a_list_is_used_while_it_is_one),
		TEST(each_has_its_irql),
		TEST(an_slist_is_a_stack),
		TEST(no_two_threads_have_an_entry),
		TEST(an_entry_is_aligned),
	};

	return cmocka_run_group_tests_name("nt: lookaside lists", tests, NULL, NULL);
}
