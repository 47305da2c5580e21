/* SPDX-License-Identifier: MIT */
/* Lists under a lock of theirs, lists of one link, random numbers. */
#include <pthread.h>
#include <stdatomic.h>

#include "nt/irql.h"
#include "stage/machine.h"

static LIST_ENTRY Head;
static KSPIN_LOCK Lock;

static void entries_go_in_at_both_ends(void **state)
{
	LIST_ENTRY a, b, c;

	InitializeListHead(&Head);
	KeInitializeSpinLock(&Lock);
	assert_null(ExInterlockedRemoveHeadList(&Head, &Lock));
	assert_null(ExInterlockedInsertHeadList(&Head, &b, &Lock));
	assert_ptr_equal(ExInterlockedInsertHeadList(&Head, &a, &Lock), &b);
	assert_ptr_equal(ExInterlockedInsertTailList(&Head, &c, &Lock), &b);
	assert_ptr_equal(ExInterlockedRemoveHeadList(&Head, &Lock), &a);
	assert_ptr_equal(ExInterlockedRemoveHeadList(&Head, &Lock), &b);
	assert_ptr_equal(ExInterlockedRemoveHeadList(&Head, &Lock), &c);
	assert_null(ExInterlockedInsertTailList(&Head, &c, &Lock));
	assert_true(Head.Flink == &c && Head.Blink == &c);
}

/* Also where a DPC or an ISR has interrupted one that holds the lock. */
static void any_level_will_do(void **state)
{
	LIST_ENTRY a;
	KIRQL irql;

	InitializeListHead(&Head);
	KeRaiseIrql(NT_DIRQL, &irql);
	assert_null(ExInterlockedInsertTailList(&Head, &a, &Lock));
	assert_int_equal(KeGetCurrentIrql(), NT_DIRQL);
	assert_ptr_equal(ExInterlockedRemoveHeadList(&Head, &Lock), &a);
	KeLowerIrql(irql);
}

struct giver {
	struct nt_machine *machine;
	LIST_ENTRY entries[1000];
};

static void *give(void *context)
{
	struct giver *giver = context;

	nt_thread_enter(giver->machine);
	for (unsigned i = 0; i < ARRAYSIZE(giver->entries); i++)
		if (i % 2)
			ExInterlockedInsertHeadList(&Head, &giver->entries[i], &Lock);
		else
			ExInterlockedInsertTailList(&Head, &giver->entries[i], &Lock);
	nt_thread_leave();
	return NULL;
}

static void nothing_is_lost_between_threads(void **state)
{
	static struct giver givers[3];
	pthread_t threads[ARRAYSIZE(givers)];
	unsigned taken = 0;

	InitializeListHead(&Head);
	for (unsigned i = 0; i < ARRAYSIZE(givers); i++) {
		givers[i].machine = nt_machine();
		assert_int_equal(pthread_create(&threads[i], NULL, give, &givers[i]), 0);
	}
	while (taken < ARRAYSIZE(givers) * ARRAYSIZE(givers[0].entries))
		if (ExInterlockedRemoveHeadList(&Head, &Lock))
			taken++;
	for (unsigned i = 0; i < ARRAYSIZE(givers); i++)
		pthread_join(threads[i], NULL);
	assert_true(IsListEmpty(&Head));
}

static void one_link_is_a_stack(void **state)
{
	SINGLE_LIST_ENTRY head = { NULL }, a, b;

	assert_null(PopEntryList(&head));
	PushEntryList(&head, &a);
	PushEntryList(&head, &b);
	assert_ptr_equal(PopEntryList(&head), &b);
	assert_ptr_equal(PopEntryList(&head), &a);
	assert_null(PopEntryList(&head));
}

/* A seed has its sequence; its numbers are spread over the whole range. */
static void random_numbers_follow_from_their_seed(void **state)
{
	static unsigned buckets[64];
	ULONG seed = 7, same = 7, other = 8, differ = 0;

	for (unsigned i = 0; i < 64000; i++) {
		ULONG number = RtlRandomEx(&seed);

		assert_true(number < MAXLONG);
		assert_int_equal(number, RtlRandomEx(&same));
		differ += number != RtlRandomEx(&other);
		buckets[number >> 25]++;
	}
	assert_true(differ > 63000);
	assert_int_not_equal(seed, 7);
	for (unsigned i = 0; i < 64; i++)
		assert_in_range(buckets[i], 800, 1200);
	other = seed;
	assert_int_equal(RtlRandom(&seed), RtlRandomEx(&other));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, machine_set_up, machine_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(entries_go_in_at_both_ends),
		TEST(any_level_will_do),
		TEST(nothing_is_lost_between_threads),
		TEST(one_link_is_a_stack),
		TEST(random_numbers_follow_from_their_seed),
	};

	return cmocka_run_group_tests_name("nt: lists", tests, NULL, NULL);
}
