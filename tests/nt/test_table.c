/* SPDX-License-Identifier: MIT */
/* Bit maps and generic tables of the run-time library, and NDIS' spin locks. */
#include <ndis.h>
#include <stdlib.h>

#include "stage/machine.h"

#define VERIFIER "violation 0xC4 DRIVER_VERIFIER_DETECTED_VIOLATION in "
#define BITS     70

static ULONG Words[4];
static RTL_BITMAP Map;

static int set_up(void **state)
{
	memset(Words, 0, sizeof(Words));
	Words[3] = 0xFEEDFACE;
	RtlInitializeBitMap(&Map, Words, BITS);
	return machine_set_up(state);
}

static void bits_are_set_and_cleared(void **state)
{
	RtlSetBit(&Map, 0);
	RtlSetBit(&Map, 33);
	RtlSetBits(&Map, 60, 10);
	assert_int_equal(Words[0], 1);
	assert_int_equal(Words[1], 0xF0000002);
	assert_int_equal(Words[2], 0x3F);
	assert_true(RtlTestBit(&Map, 33) && !RtlTestBit(&Map, 34));
	assert_true(RtlCheckBit(&Map, 69) && !RtlCheckBit(&Map, 1));
	assert_int_equal(RtlNumberOfSetBits(&Map), 12);
	assert_int_equal(RtlNumberOfClearBits(&Map), BITS - 12);
	assert_true(RtlAreBitsSet(&Map, 60, 10) && !RtlAreBitsSet(&Map, 59, 2));
	assert_true(RtlAreBitsClear(&Map, 1, 32) && !RtlAreBitsClear(&Map, 1, 33));
	/* None, and what is not there. */
	assert_false(RtlAreBitsSet(&Map, 60, 0) || RtlAreBitsClear(&Map, 1, 0));
	assert_false(RtlAreBitsSet(&Map, 60, 11) || RtlAreBitsSet(&Map, 71, 1));
	RtlClearBit(&Map, 33);
	RtlClearBits(&Map, 61, 9);
	assert_int_equal(RtlNumberOfSetBits(&Map), 2);
	RtlSetAllBits(&Map);
	assert_int_equal(RtlNumberOfSetBits(&Map), BITS);
	RtlClearAllBits(&Map);
	assert_int_equal(RtlNumberOfSetBits(&Map), 0);
	assert_int_equal(Words[3], 0xFEEDFACE);
}

static void runs_are_found_from_a_hint_on(void **state)
{
	RtlSetBits(&Map, 10, 30);
	assert_int_equal(RtlFindClearBits(&Map, 10, 0), 0);
	assert_int_equal(RtlFindClearBits(&Map, 11, 0), 40);
	assert_int_equal(RtlFindClearBits(&Map, 5, 20), 40);
	assert_int_equal(RtlFindClearBits(&Map, 5, 66), 0);
	assert_int_equal(RtlFindClearBits(&Map, 30, 0), 40);
	assert_int_equal(RtlFindClearBits(&Map, 31, 0), ~0u);
	assert_int_equal(RtlFindClearBits(&Map, 1, BITS), 0);
	/* A run may begin before the hint, and reach over it. */
	assert_int_equal(RtlFindClearBits(&Map, 30, 41), 40);
	assert_int_equal(RtlFindSetBits(&Map, 30, 0), 10);
	assert_int_equal(RtlFindSetBits(&Map, 31, 0), ~0u);
	assert_int_equal(RtlFindClearBits(&Map, 0, 21), 16);
	assert_int_equal(RtlFindClearBitsAndSet(&Map, 4, 50), 50);
	assert_true(RtlAreBitsSet(&Map, 50, 4) && !RtlTestBit(&Map, 54));
	assert_int_equal(RtlFindClearBitsAndSet(&Map, 60, 0), ~0u);
	assert_int_equal(RtlFindSetBitsAndClear(&Map, 4, 45), 50);
	assert_int_equal(RtlNumberOfSetBits(&Map), 30);
}

static void set_outside(void *context)
{
	RtlSetBit(&Map, BITS);
}

static void clear_outside(void *context)
{
	RtlClearBit(&Map, BITS);
}

static void test_outside(void *context)
{
	RtlTestBit(&Map, ~0u);
}

static void set_over_the_end(void *context)
{
	RtlSetBits(&Map, 60, 11);
}

static void clear_over_the_end(void *context)
{
	RtlClearBits(&Map, 2, ~0u);
}

static void bits_lie_in_their_map(void **state)
{
	child_violates(set_outside, NULL, VERIFIER "RtlSetBit",
		       "1 bit from 70 on, of a map of 70 bits", NULL);
	child_violates(clear_outside, NULL, VERIFIER "RtlClearBit", NULL);
	child_violates(test_outside, NULL, VERIFIER "RtlTestBit", NULL);
	child_violates(set_over_the_end, NULL, VERIFIER "RtlSetBits", "11 bits from 60 on", NULL);
	child_violates(clear_over_the_end, NULL, VERIFIER "RtlClearBits", NULL);
}

/* What a table of a test holds. */
struct pair {
	int key, value;
};

static unsigned Live;
static bool NoMemory;

static RTL_GENERIC_COMPARE_RESULTS by_key(const void *a, const void *b)
{
	const struct pair *one = a, *other = b;

	return one->key < other->key   ? GenericLessThan
	       : one->key > other->key ? GenericGreaterThan
				       : GenericEqual;
}

static void *allocate_node(CLONG size)
{
	if (NoMemory)
		return NULL;
	Live++;
	return malloc(size);
}

static void free_node(void *node)
{
	Live--;
	free(node);
}

static RTL_GENERIC_COMPARE_RESULTS compare(PRTL_GENERIC_TABLE table, PVOID a, PVOID b)
{
	return by_key(a, b);
}

static PVOID allocate(PRTL_GENERIC_TABLE table, CLONG size)
{
	assert_int_equal(size, sizeof(struct pair) + 40);
	assert_ptr_equal(table->TableContext, &Live);
	return allocate_node(size);
}

static VOID release(PRTL_GENERIC_TABLE table, PVOID buffer)
{
	free_node(buffer);
}

static RTL_GENERIC_COMPARE_RESULTS compare_avl(PRTL_AVL_TABLE table, PVOID a, PVOID b)
{
	return by_key(a, b);
}

static PVOID allocate_avl(PRTL_AVL_TABLE table, CLONG size)
{
	assert_int_equal(size, sizeof(struct pair) + 32);
	return allocate_node(size);
}

static VOID release_avl(PRTL_AVL_TABLE table, PVOID buffer)
{
	free_node(buffer);
}

static void a_table_keeps_copies_in_order(void **state)
{
	struct pair pair = { 5, 50 }, *first, *again;
	RTL_GENERIC_TABLE table;
	BOOLEAN is_new;

	RtlInitializeGenericTable(&table, compare, allocate, release, &Live);
	assert_true(RtlIsGenericTableEmpty(&table));
	assert_null(RtlEnumerateGenericTable(&table, TRUE));
	first = RtlInsertElementGenericTable(&table, &pair, sizeof(pair), &is_new);
	assert_true(is_new && first != &pair && first->value == 50);
	pair.value = 51;
	again = RtlInsertElementGenericTable(&table, &pair, sizeof(pair), &is_new);
	assert_true(!is_new && again == first && again->value == 50);
	for (int key = 9; key >= 0; key--)
		RtlInsertElementGenericTable(&table, &(struct pair){ key, key * 10 }, sizeof(pair),
					     NULL);
	assert_int_equal(RtlNumberGenericTableElements(&table), 10);
	/* By insertion: 5, then from 9 down. */
	assert_int_equal(((struct pair *)RtlGetElementGenericTable(&table, 0))->key, 5);
	assert_int_equal(((struct pair *)RtlGetElementGenericTable(&table, 1))->key, 9);
	assert_int_equal(((struct pair *)RtlGetElementGenericTable(&table, 9))->key, 0);
	assert_null(RtlGetElementGenericTable(&table, 10));
	assert_ptr_equal(RtlLookupElementGenericTable(&table, &pair), first);
	pair.key = 10;
	assert_null(RtlLookupElementGenericTable(&table, &pair));
	assert_false(RtlDeleteElementGenericTable(&table, &pair));
	for (int key = 0; key < 10; key++) {
		struct pair *found = RtlEnumerateGenericTable(&table, key == 0);

		assert_int_equal(found->key, key);
	}
	assert_null(RtlEnumerateGenericTable(&table, FALSE));
	NoMemory = true;
	assert_null(RtlInsertElementGenericTable(&table, &pair, sizeof(pair), &is_new));
	assert_false(is_new);
	NoMemory = false;
	while (!RtlIsGenericTableEmpty(&table))
		assert_true(
			RtlDeleteElementGenericTable(&table, RtlGetElementGenericTable(&table, 0)));
	assert_int_equal(Live, 0);
}

#define KEYS 500

/* Held against an array: whatever is inserted and deleted in whatever order. */
static void an_avl_table_agrees_with_an_array(void **state)
{
	bool there[KEYS] = { false };
	RTL_AVL_TABLE table;
	unsigned count = 0;

	RtlInitializeGenericTableAvl(&table, compare_avl, allocate_avl, release_avl, NULL);
	srand(1);
	for (int round = 0; round < 20000; round++) {
		struct pair pair = { rand() % KEYS, round };
		bool *is = &there[pair.key];
		struct pair *found = RtlLookupElementGenericTableAvl(&table, &pair);
		BOOLEAN is_new;

		assert_int_equal(found != NULL, *is);
		if (rand() % 2) {
			RtlInsertElementGenericTableAvl(&table, &pair, sizeof(pair), &is_new);
			assert_int_equal(is_new, !*is);
			count += !*is;
			*is = true;
		} else {
			assert_int_equal(RtlDeleteElementGenericTableAvl(&table, &pair), *is);
			count -= *is;
			*is = false;
		}
		assert_int_equal(RtlNumberGenericTableElementsAvl(&table), count);
	}
	for (int key = 0, index = 0; key < KEYS; key++) {
		struct pair *found;

		if (!there[key])
			continue;
		found = RtlEnumerateGenericTableAvl(&table, index == 0);
		assert_int_equal(found->key, key);
		assert_ptr_equal(RtlGetElementGenericTableAvl(&table, (ULONG)index++), found);
	}
	assert_null(RtlEnumerateGenericTableAvl(&table, FALSE));
	assert_false(RtlIsGenericTableEmptyAvl(&table));
	for (PVOID key = NULL, found;
	     (found = RtlEnumerateGenericTableWithoutSplayingAvl(&table, &key)); key = NULL)
		RtlDeleteElementGenericTableAvl(&table, found);
	assert_true(RtlIsGenericTableEmptyAvl(&table));
	assert_int_equal(Live, 0);
}

static void a_table_that_grows_in_order_stays_balanced(void **state)
{
	const RTL_SPLAY_LINKS *deep;
	RTL_GENERIC_TABLE table;
	unsigned depth = 0;
	PVOID key = NULL;

	RtlInitializeGenericTable(&table, compare, allocate, release, &Live);
	for (int i = 0; i < 4096; i++)
		RtlInsertElementGenericTable(&table, &(struct pair){ i, 0 }, sizeof(struct pair),
					     NULL);
	for (deep = table.TableRoot; deep; deep = deep->RightChild)
		depth++;
	assert_true(depth < 200);
	for (int i = 0; i < 4096; i++)
		assert_int_equal(
			((struct pair *)RtlEnumerateGenericTableWithoutSplaying(&table, &key))->key,
			i);
	assert_null(RtlEnumerateGenericTableWithoutSplaying(&table, &key));
	while (!RtlIsGenericTableEmpty(&table))
		RtlDeleteElementGenericTable(&table, RtlGetElementGenericTable(&table, 0));
}

static void an_ndis_spin_lock_keeps_the_irql(void **state)
{
	NDIS_SPIN_LOCK lock;
	KIRQL irql;

	NdisAllocateSpinLock(&lock);
	NdisAcquireSpinLock(&lock);
	assert_int_equal(KeGetCurrentIrql(), DISPATCH_LEVEL);
	assert_int_equal(lock.OldIrql, PASSIVE_LEVEL);
	NdisReleaseSpinLock(&lock);
	assert_int_equal(KeGetCurrentIrql(), PASSIVE_LEVEL);
	irql = KeRaiseIrqlToDpcLevel();
	NdisDprAcquireSpinLock(&lock);
	NdisDprReleaseSpinLock(&lock);
	KeLowerIrql(irql);
	NdisFreeSpinLock(&lock);
}

static void take_twice(void *context)
{
	NDIS_SPIN_LOCK lock;

	NdisAllocateSpinLock(&lock);
	NdisAcquireSpinLock(&lock);
	NdisAcquireSpinLock(&lock);
}

static void and_is_not_recursive(void **state)
{
	child_violates(take_twice, NULL, "SPIN_LOCK_ALREADY_OWNED", NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, machine_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(bits_are_set_and_cleared),
		TEST(runs_are_found_from_a_hint_on),
		TEST(bits_lie_in_their_map),
		TEST(a_table_keeps_copies_in_order),
		TEST(an_avl_table_agrees_with_an_array),
		TEST(a_table_that_grows_in_order_stays_balanced),
		TEST(an_ndis_spin_lock_keeps_the_irql),
		TEST(and_is_not_recursive),
	};

	return cmocka_run_group_tests_name("nt: tables", tests, NULL, NULL);
}
